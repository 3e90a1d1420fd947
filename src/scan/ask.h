/*
 * What a scan may ask of the world: DNS, block lists and history, in batches, remembered for the length of one scan.
 *
 * The worker has no network and no store: its asker is the broker on the other end of a socket. Tests ask a
 * table. Same bytes + same answers = same verdict.
 */
#ifndef SCAN_ASK_H
#define SCAN_ASK_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum { RR_A = 1, RR_NS = 2, RR_PTR = 12, RR_MX = 15, RR_TXT = 16, RR_AAAA = 28 };

enum ask_kind {
	ASK_DNS = 1,
	ASK_HISTORY,
	ASK_LISTED, /* DNS again, of a list that the operator named: answered soon or not at all */
	ASK_AGE,    /* when a domain was registered, in history.first_us; the name is the domain, folded */
	ASK_VIRUS, /* what a virus scanner finds in the mail that the broker holds; the name is ASK_VIRUS_NAME */
	ASK_KINDS,
};

#define ASK_VIRUS_NAME "message"

/* What a kind allows. */
struct ask_limits {
	size_t most;    /* of one mail */
	size_t longest; /* bytes of the name */
};
extern const struct ask_limits ask_limits[ASK_KINDS];

static inline bool ask_is_dns(enum ask_kind kind)
{
	return kind == ASK_DNS || kind == ASK_LISTED;
}

struct ask {
	enum ask_kind kind;
	uint16_t rrtype; /* DNS: one of RR_*; a list: RR_A */
	/* DNS: A-labels, lower case, no trailing dot, 1..253 bytes; history: "kind:value", 1..300 bytes. */
	struct str name;
};

enum answer_status {
	ANSWER_OK,        /* records, or a history that exists */
	ANSWER_NODATA,    /* the name exists, not this type */
	ANSWER_NXDOMAIN,  /* no such name; history: never seen */
	ANSWER_TEMPERROR, /* no answer in time, SERVFAIL, bogus, or over the limit of questions */
};

struct dns_record {
	/* TXT: all character-strings of the record put together. A, AAAA: 4 or 16 bytes. MX, NS, PTR: the host
	 * name, lower case, no trailing dot ("" is the root). Of a virus: the name of its signature. */
	struct str data;
	uint16_t preference; /* MX */
};

struct dns_record_list {
	struct dns_record *v;
	size_t n;
};

/* What the account's past says of one key; counts fade with time. */
struct history {
	int64_t first_us, last_us; /* 0 = never */
	double seen, bad;          /* mails, and those of them with a detection */
};

struct answer {
	enum answer_status status;
	struct dns_record_list records; /* at most LIMIT_ASK_RECORDS */
	struct history history;
};

/*
 * Answers n asks, answers_out[i] for asks[i]; memory from the arena. Never fails: what cannot be answered is
 * ANSWER_TEMPERROR.
 */
typedef void ask_fn(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *answers_out);

/* The questions of one scan and their answers so far. */
struct asker;

/* fn NULL: everything is ANSWER_TEMPERROR (no network). Lives in the arena. */
struct asker *asker_new(struct arena *a, ask_fn *fn, void *ctx);

/* Asks all that are not known yet in one batch. What is beyond ask_limits is TEMPERROR. */
void asker_prefetch(struct asker *q, const struct ask *asks, size_t n);

/* The answer, asked now if not known yet. Never NULL; lives as long as the asker. Names are folded to lower case. */
const struct answer *asker_dns(struct asker *q, struct str name, uint16_t rrtype);
const struct answer *asker_history(struct asker *q, struct str key);
const struct answer *asker_listed(struct asker *q, struct str name);
const struct answer *asker_age(struct asker *q, struct str domain);
const struct answer *asker_virus(struct asker *q);

/* True when the asker has nobody to ask. */
bool asker_is_offline(const struct asker *q);

#endif

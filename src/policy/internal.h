/* What the files of policy/ share: one rule, its pattern made comparable. */
#ifndef POLICY_INTERNAL_H
#define POLICY_INTERNAL_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "policy/policy.h"

/* What a rule is used for; an allow policy may be several. */
enum { USE_BLOCK = 1 << 0, USE_TRUST = 1 << 1, USE_ACCEPT = 1 << 2, USE_EXEMPT = 1 << 3 };

struct rule {
	struct str pattern; /* as written, into the source */
	int type;           /* enum pattern_type */
	unsigned uses;
	bool verify;
	pcre2_code *code;  /* of a regular expression, else NULL */
	struct str key;    /* of a literal: what the table is asked for */
	struct rule *next; /* in the same slot of the table */
};

struct policy {
	int64_t rev;
	size_t skipped, code; /* code: bytes of all expressions */
	struct rule **slots;  /* literals by key */
	size_t n_slots;       /* a power of two */
	struct {
		struct rule **v;
		size_t n;
	} regexes; /* in the order given */
	/* Prefix lengths in use, so that an address is looked up once per length. */
	bool bits4[33], bits6[129];
};

/* One literal pattern made comparable. ERR_SYNTAX with a sentence when it is none. Memory: arena. */
MUST_CHECK enum err literal_key(struct arena *a, struct str pattern, int type, struct str *key_out,
				struct ip_block *block_out, struct errbuf *eb);
struct str email_key(struct arena *a, struct str address);
struct str domain_key(struct arena *a, struct str folded);
struct str ip_key(struct arena *a, const struct ip *ip, unsigned bits);

/* Compiles as all patterns are; ERR_SYNTAX with the offset. The code is freed by pcre2_code_free. */
MUST_CHECK enum err regex_compile(struct str pattern, pcre2_code **out, struct errbuf *eb);

/* Bytes of memory it takes. */
size_t regex_size(const pcre2_code *code);

/* First literal rule of the key, NULL = none; go on with rule_next. */
const struct rule *rule_find(const struct policy *p, struct str key);
const struct rule *rule_next(const struct rule *r, struct str key);

/*
 * Comparing regular expressions within bounds, of each comparison and of all of a decision. Made once per decision,
 * since it owns scratch memory.
 */
struct regex_matcher {
	pcre2_match_context *context;
	pcre2_match_data *data;
	uint32_t comparisons_left; /* of any kind */
	uint32_t steps_left;       /* of those that take long */
};
enum regex_answer { REGEX_DIFFERS, REGEX_MATCHES, REGEX_GAVE_UP };

void regex_matcher_open(struct regex_matcher *m);
/* From senders to recipients: whom a mail is for must not depend on how many it names as its senders. */
void regex_matcher_next(struct regex_matcher *m);
void regex_matcher_close(struct regex_matcher *m);
/* Whether the whole value matches; value is valid UTF-8. */
enum regex_answer regex_ask(struct regex_matcher *m, const pcre2_code *code, struct str value);

#endif

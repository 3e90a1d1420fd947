/*
 * The store: one interface over messages, raw mail, history and settings. SQLite behind it;
 * nobody above store/ sees SQL.
 *
 * Each process opens its own. Functions are safe to call from any thread of it unless they say otherwise, take
 * their memory from the caller's arena, and hold no lock or snapshot when they return. ERR_LATER means disk
 * full, locked too long or unreadable: answer 4xx or 503.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/log.h"
#include "model/search_params.h"
#include "scan/ask.h"
#include "store/record.h"

struct store;

enum store_flags {
	STORE_CREATE = 1 << 0, /* make and migrate what is missing */
	STORE_WRITER = 1 << 1, /* commits messages: starts the thread that flushes history */
};

struct store_options {
	const char *dir; /* DIR: messages.db, search.db, history.db, raw/, secret, gate */
	unsigned flags;
	size_t readers; /* threads that read at once; more wait for each other. 0 = 16 */
	const struct log *log;
};

MUST_CHECK enum err store_open(const struct store_options *o, struct store **out, struct errbuf *eb);
void store_close(struct store **st);
/* Whether a store makes a file or folder of this name in its directory. */
bool store_makes(const char *name);
/* 32 random bytes made with the store (DIR/secret): the key of every digest and MAC of this server. */
struct str store_secret(const struct store *st);

/*
 * A consistent copy of the whole store in the new or empty directory `to`, taken while it runs. Without its secret, what is
 * locked in it (safe.h) cannot be opened, nor is it opened as a store, until the secret is put there.
 */
MUST_CHECK enum err store_backup(struct store *st, const char *to, bool with_secret, struct errbuf *eb);

/* ---- messages ---- */

/*
 * An account has two shelves: one for its mail, and one for what was submitted to be looked at (reported mail, reports
 * for its domains: every delivery mode behind MODE_RETRO_SCAN), so that neither is found among the other. A function here
 * that is given an account for messages takes its other shelf as well; record.account is the account on both.
 */
#define STORE_SUBMITTED (INT64_C(1) << 17)
static inline int64_t store_submitted(int64_t account)
{
	return account | STORE_SUBMITTED;
}

/*
 * Adds one mail and returns when it is durable; commits of several threads share one transaction.
 * In: everything but key and rev; message.postfix_id set and unique. Out: key, rev, message.scanned_at, id, alert_id
 * (the time in them is the key's). ERR_CONFLICT: postfix_id exists.
 */
MUST_CHECK enum err store_record_add(struct store *st, struct arena *a, struct record *r);

/*
 * The same, unless there is a record of equal content that is newer than newest_equal, which the caller has seen (0 = none):
 * ERR_CONFLICT.
 */
MUST_CHECK enum err store_record_add_first(struct store *st, struct arena *a, int64_t newest_equal,
					   struct record *r);

/* What is read of a record; the less the sooner. */
enum record_part {
	RECORD_MESSAGE, /* key, account, rev and message */
	RECORD_WHOLE,
};

/* Any of investigate id, alert id or postfix id; of several the newest. */
MUST_CHECK enum err store_record_get(struct store *st, struct arena *a, int64_t account, struct str id,
				     enum record_part part, struct record *out);

/* Whole, by its key. ERR_ABSENT. */
MUST_CHECK enum err store_record_by_key(struct store *st, struct arena *a, int64_t key, struct record *out);

#define STORE_RESEND_US (INT64_C(24) * 3600 * 1000000) /* how long a resend is known */

/* The newest record with this digest that is younger than that. */
MUST_CHECK enum err store_record_by_digest(struct store *st, struct arena *a, int64_t account,
					   struct str digest, struct record *out);

struct store_page {
	struct record *v; /* newest first */
	size_t n;
};

/* Those of the account with this record.content, whole, however old; the newest few of very many. */
MUST_CHECK enum err store_records_by_content(struct store *st, struct arena *a, int64_t account,
					     struct str content, struct store_page *out);

/* Changes *r and gives true, or false to leave the row as it is. May be called again after a conflict. */
typedef bool record_change_fn(struct arena *a, struct record *r, void *ctx);

/*
 * Reads, changes, writes in one transaction, durable on return. *out (may be NULL) is the row afterwards. Who was held
 * before and is delivered afterwards counts as released: see store_released.
 */
MUST_CHECK enum err store_record_change(struct store *st, struct arena *a, int64_t key, record_change_fn *fn,
					void *ctx, struct record *out);

/*
 * The same said before the mail goes out: where the next hop asks us about it on its way (milter), it is to pass before
 * that host has answered.
 */
MUST_CHECK enum err store_release_begins(struct store *st, struct arena *a, const struct record *r,
					 const struct strs *to);

struct commit_job;
/* One of several changes. */
struct record_change {
	int64_t key;
	record_change_fn *fn;
	void *ctx;
	struct arena *arena; /* what does not come to be written leaves nothing in it */
	enum err err;        /* out */

	/* store/ only: */
	struct commit_job
	    *also; /* written with it, and alone where fn is NULL or leaves the row as it is; NULL: nothing */
	struct arena *scratch;
	struct arena_mark start;
	struct commit_job *job;
	struct record record;
};
/*
 * store_record_change of each, in one transaction; but one whose record somebody changes meanwhile in one of its own,
 * afterwards.
 */
void store_records_change(struct store *st, struct record_change *v, size_t n);

/* Whether within the last day a person released these very bytes to this recipient, as it is written, in this account. */
MUST_CHECK enum err store_released(struct store *st, struct arena *a, int64_t account, struct str raw_sha256,
				   struct str address, bool *out);

/* ---- search ---- */

#define STORE_NEWEST INT64_MAX

struct store_search {
	int64_t account;
	/*
	 * Both included; frozen in the cursor, ignored beside one. end_us STORE_NEWEST: up to the newest that is there,
	 * which the current time may miss (store/key.h).
	 */
	int64_t start_us, end_us;
	struct strs terms; /* query: all must match, each anywhere */
	bool detections_only;
	int disposition;     /* enum disposition, -1 = any; MALICIOUS also finds MALICIOUS-BEC */
	int operation;       /* enum post_delivery_op, -1 = any */
	int delivery_status; /* enum delivery_status, -1 = any */
	struct str sender, recipient, domain, alert_id, message_id, subject, exact_subject,
	    smtp_helo_ip; /* "" = any */
	bool with_action_log;
	struct str cursor;     /* "" = from the beginning */
	size_t page, per_page; /* page >= 1, counted from the cursor */
};

/* What parameters ask for, from now on backwards where they say nothing else; the first page of any size. Memory: theirs, a. */
struct store_search store_search_of(struct arena *a, const struct search_params *p, int64_t account,
				    int64_t now_us);

/* A message as it lies in the store, to be shown by json_stored_write without being read, or read. */
struct stored_message {
	struct str text;    /* JSON by message_fields, for ourselves */
	struct message set; /* what its place tells instead of the text: ids and time */
	uint64_t bits;      /* of the fields in `set`, those without a value too */
	int64_t key, rev;
	struct arena *arena; /* for reading it; emptied when the next one is given */
};
/* RECORD_MESSAGE. ERR_SYNTAX: unreadable. */
MUST_CHECK enum err stored_message_read(const struct stored_message *m, struct record *out);

/*
 * One message of the page, newest first; it is gone when this returns, so that a page takes the memory of one. False:
 * the page ends behind it, and the next one begins there. ERR_SYNTAX: it cannot be read, and is left out.
 */
typedef enum err store_found_fn(const struct stored_message *m, void *ctx, bool *more_out);

struct store_found {
	size_t n;                  /* records given */
	struct str next, previous; /* cursors; "" = none */
};

/*
 * ERR_SYNTAX: unreadable cursor, or of another search. ERR_LIMIT: too many terms. ERR_LATER: over the deadline
 * (monotonic; 0 = none). Records may have been given before an error.
 */
MUST_CHECK enum err store_search(struct store *st, struct arena *a, const struct store_search *q,
				 int64_t until_ms, store_found_fn *fn, void *ctx, struct store_found *out);
/* Whether it can be looked for: it has not too many terms. */
bool store_search_fits(struct arena *a, const struct store_search *q);
/* Whether it has no filter but detections_only and passes over nothing, so that it reads no more than it gives. */
bool store_search_is_plain(struct arena *a, const struct store_search *q);

/*
 * The newest n messages of an account (0 = the mail of all), or only those with something in quarantine; RECORD_MESSAGE,
 * for the command line.
 */
MUST_CHECK enum err store_recent(struct store *st, struct arena *a, int64_t account, size_t n, bool held_only,
				 struct store_page *out);

/* At most n copies whose scan failed and that are to be scanned again (record.rescan), newest first. */
MUST_CHECK enum err store_awaiting_rescan(struct store *st, struct arena *a, size_t n,
					  struct store_page *out);

/* ---- similar messages ---- */

struct store_similar {
	int64_t account, start_us, end_us; /* both included; STORE_NEWEST */
	struct str edf_hash, simhash;      /* of message and record; "" = none, which is like nothing */
	int64_t except;                    /* key of the mail they are of; 0 = none */
	size_t limit;                      /* records given; all are counted */
};

struct store_likeness {
	bool equal; /* edf_hash */
	int bits;   /* in which the texts differ; -1 = one has too little text */
};

/* One of them, RECORD_MESSAGE, newest first; it is gone when this returns. */
typedef void store_similar_fn(const struct record *r, const struct store_likeness *likeness, void *ctx);

/* Those with an equal edf_hash or a near SimHash. ERR_LATER: over the deadline (monotonic; 0 = none). */
MUST_CHECK enum err store_similar(struct store *st, struct arena *a, const struct store_similar *q,
				  int64_t until_ms, store_similar_fn *fn, void *ctx, size_t *count_out);

/* ---- raw mail ---- */

/* Keeps the bytes under their SHA-256, compressed, durable on return; fine when they are there already. */
MUST_CHECK enum err store_raw_put(struct store *st, struct str bytes, struct str sha256_hex);
/*
 * The same for a record whose raw mail is gone, or may be: it is there until then at least, which should be two hours from
 * now or more, and goes by its age afterwards.
 */
MUST_CHECK enum err store_raw_lend(struct store *st, int64_t key, struct str bytes, struct str sha256_hex,
				   int64_t until_us);
/* ERR_ABSENT when gone or damaged (the digest is checked). ERR_LIMIT: more than the arena holds, packed and unpacked. */
MUST_CHECK enum err store_raw_get(struct store *st, struct arena *a, struct str sha256_hex, struct str *out);
/*
 * The same piece by piece, in a megabyte of memory. Opening reads all of it once, for the digest; what opened is good.
 * The reader needs the store no more.
 */
struct raw_reader;
MUST_CHECK enum err store_raw_open(struct store *st, struct str sha256_hex, struct raw_reader **out);
/* Up to n bytes; *got 0: the end. */
MUST_CHECK enum err raw_reader_read(struct raw_reader *r, char *to, size_t n, size_t *got);
void raw_reader_close(struct raw_reader **r);

/* How the raw mail stands to retention.raw_budget_mb, as upkeep found it within the last minute. */
enum raw_room {
	RAW_ROOM,
	RAW_OVER, /* there is too much, and some of it will go */
	RAW_FULL, /* too much, and all of it is in quarantine */
};
MUST_CHECK enum err store_raw_room(struct store *st, enum raw_room *out);

/* ---- when domains were registered, for all accounts ---- */

/* ERR_ABSENT: nobody was asked. *created_out 0: nobody could say, at *asked_out. */
MUST_CHECK enum err store_age_get(struct store *st, struct str domain, int64_t *created_out,
				  int64_t *asked_out);
MUST_CHECK enum err store_age_put(struct store *st, struct str domain, int64_t created_us, int64_t asked_us);

/* ---- history (scan/ask.h) ---- */

/* out[i] for keys[i], faded as of when_us; keys not seen by then are all zero. */
MUST_CHECK enum err store_history_get(struct store *st, int64_t account, const struct str *keys, size_t n,
				      int64_t when_us, struct history *out);
/* Counts one mail for each key; written within a second, not durable at once. */
void store_history_add(struct store *st, int64_t account, const struct str *keys, size_t n, bool bad,
		       int64_t now_us);

/* ---- upkeep, called by courier in a loop ---- */

/*
 * Whether nobody wrote messages, settings or jobs since *seen, which becomes the present state; -1 = none. Without a
 * statement. What is read after it is as new as that. One write in the very moment of its process's death may go
 * unseen until the next.
 */
bool store_is_unchanged(const struct store *st, int64_t *seen);

struct store_upkeep {
	int64_t now_us; /* by which ages are told; 0 = the wall clock */
	int64_t retention_detections_us, retention_clean_us, retention_metadata_us, retention_audit_us;
	int64_t raw_budget_bytes; /* 0 = none */
	/*
	 * Makes of a held record whose time is over one that is not held, before its raw mail goes. NULL: what is held
	 * stays for ever.
	 */
	record_change_fn *expire;
	void *expire_ctx;
};

/* Indexes what is new, checkpoints, deletes a slice of what is over its time. *more_out: call again at once. */
MUST_CHECK enum err store_upkeep(struct store *st, const struct store_upkeep *u, bool *more_out);

#endif

/*
 * Mailboxes that are looked into, with how far each was read: watched for what is new, or once for a retro scan
 * (store/retro.h). Whoever has a turn has it alone; what came of it is written in one transaction, after the
 * records of what was found. So a process that dies loses nothing: what it had filed is found again and known
 * (store_records_by_content). Threads: any; memory: the caller's arena.
 */
#ifndef STORE_MAILBOX_WATCH_H
#define STORE_MAILBOX_WATCH_H

#include "model/mailbox_watch.h"
#include "store/store.h"

#define WATCH_NEVER INT64_MAX /* due */

/* Whose mailboxes these are, and what of them is looked into. */
struct watch_of {
	int64_t account;
	struct str integration; /* id */
	enum scan_folder folder;
};

/*
 * These mailboxes of a domain are to be watched, as of now_us: those that were not are looked into at once, for what comes
 * from then on. Where the folder is another than before, a mailbox is read anew from when it was last looked into. all: no
 * others of the domain are watched any more. addresses: lower case, each once. Only what changes is written, a few rows at a
 * time; after an error it is to be said again.
 */
MUST_CHECK enum err store_watch_want(struct store *st, const struct watch_of *of, struct str domain,
				     const struct strs *addresses, bool all, int64_t now_us);

struct watch_domain {
	struct watch_of of; /* without its folder */
	struct str name;
};
struct watch_domain_list {
	struct watch_domain *v;
	size_t n;
};
/* All of which a mailbox is watched, each once, in no order. */
MUST_CHECK enum err store_watch_domains(struct store *st, struct arena *a, struct watch_domain_list *out);

/* A mailbox whose turn it is. */
struct watch_turn {
	int64_t num, account;
	struct str integration, address;
	int64_t scan; /* number of the retro scan; 0 = it is watched */
	enum scan_folder folder;
	enum watch_state state;
	struct str cursor;
	int64_t since_us, looked_at_us;
	int64_t failures; /* looks in a row that went wrong */
	int lock;
};

/*
 * The one that has been due longest, among those of retro scans or the watched ones, and that nobody has a turn at. It is ours
 * until store_watch_let_go, or the end of this process: what costs it is due again at retry_us. ERR_ABSENT: none is due.
 */
MUST_CHECK enum err store_watch_take(struct store *st, struct arena *a, bool scans, int64_t now_us,
				     int64_t retry_us, struct watch_turn *out);
void store_watch_let_go(struct watch_turn *t);

/* What was found in it, for the report of a retro scan. */
struct watch_sighting {
	int64_t key;              /* of the record */
	int disposition;          /* enum disposition */
	struct strs categories;   /* of threats */
	struct str sender_domain; /* of From; "" = none */
	struct str origin;        /* a country, else a host; "" = not known */
};

struct watch_result {
	enum watch_state state;
	struct str cursor;
	int64_t since_us;
	bool anew;             /* it is read again from its beginning: what was found so far does not count */
	int64_t found, failed; /* since it was settled last */
	struct str fault;      /* "" = it went well */
	int64_t failures;      /* in a row, this one included where it counts */
	int64_t now_us, due_us;
	struct {
		struct watch_sighting *v;
		size_t n;
	} sightings; /* of a retro scan */
};

/*
 * Writes it; the turn may go on. ERR_ABSENT: nobody wants it any more, or of another folder: nothing is written. Ends the
 * retro scan whose last mailbox it is.
 */
MUST_CHECK enum err store_watch_settle(struct store *st, const struct watch_turn *t,
				       const struct watch_result *r);

/* No mailbox of the integration is looked into before then: its provider asks for it. */
MUST_CHECK enum err store_watch_pause(struct store *st, int64_t account, struct str integration,
				      int64_t now_us, int64_t until_us);

/* Part of the mailboxes of a scan, or of those of an integration that are watched. */
struct watch_page {
	int64_t account;
	struct str integration; /* of watched ones */
	int64_t scan;           /* 0 = watched ones */
	size_t skip, n;
};
struct sql;
/* In order of address; *total_out: all. */
MUST_CHECK enum err watch_page(struct sql *c, struct arena *a, const struct watch_page *q,
			       struct watched_mailbox_list *out, size_t *total_out);
/* Those that are watched. */
MUST_CHECK enum err store_watched(struct store *st, struct arena *a, int64_t account, struct str integration,
				  size_t skip, size_t n, struct watched_mailbox_list *out, size_t *total_out);

#endif

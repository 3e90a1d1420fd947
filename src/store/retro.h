/*
 * Retro scans: asking for one, how far it has come, what it found. Its mailboxes are rows of mailbox_watch, which courier
 * reads (store/mailbox_watch.h); what belongs to a scan is counted in the transaction in which a mailbox was read on.
 * Threads: any; memory: the caller's arena.
 */
#ifndef STORE_RETRO_H
#define STORE_RETRO_H

#include "model/retro_scan.h"
#include "store/mailbox_watch.h"
#include "store/settings.h"
#include "store/store.h"

/*
 * Adds it, and the job (JOB_RETRO, whose ref is -num) that finds its mailboxes. Out: id, state, created_at. ERR_LIMIT: as
 * many of the account are open as may be.
 */
MUST_CHECK enum err store_retro_add(struct store *st, struct arena *a, int64_t account,
				    const struct settings_who *who, int64_t now_us, struct retro_scan *s);

/* With its counts. ERR_ABSENT. */
MUST_CHECK enum err store_retro_get(struct store *st, struct arena *a, int64_t account, struct str id,
				    struct retro_scan *out);
/* Newest first. */
MUST_CHECK enum err store_retros(struct store *st, struct arena *a, int64_t account, size_t skip, size_t n,
				 struct retro_scan_list *out, size_t *total_out);

/* As it was asked for, without its counts, by its number. ERR_ABSENT. */
MUST_CHECK enum err store_retro_by_num(struct store *st, struct arena *a, int64_t num, int64_t *account_out,
				       struct retro_scan *out);
/* These are its mailboxes: it is processed from then on, or has failed where there are none. Nothing where it has ended. */
MUST_CHECK enum err store_retro_begin(struct store *st, int64_t num, const struct watch_of *of,
				      const struct strs *addresses, int64_t now_us);
/* How it stands while its mailboxes are looked for, and where that was given up. Nothing where it has ended. */
MUST_CHECK enum err store_retro_tell(struct store *st, int64_t num, enum retro_state state, struct str status,
				     int64_t now_us);

/* What was found stays. ERR_CONFLICT: it has ended otherwise. *out as store_retro_get. */
MUST_CHECK enum err store_retro_cancel(struct store *st, struct arena *a, int64_t account, struct str id,
				       const struct settings_who *who, int64_t now_us,
				       struct retro_scan *out);
/* ERR_CONFLICT: it has not ended. ERR_ABSENT. Messages stay. */
MUST_CHECK enum err store_retro_delete(struct store *st, struct arena *a, int64_t account, struct str id,
				       const struct settings_who *who, int64_t now_us);

MUST_CHECK enum err store_retro_report(struct store *st, struct arena *a, int64_t account, struct str id,
				       struct retro_report *out);
/* Messages with a detection, RECORD_MESSAGE, newest first, as they are judged today; those that are gone are left out. */
MUST_CHECK enum err store_retro_messages(struct store *st, struct arena *a, int64_t account, struct str id,
					 size_t skip, size_t n, struct store_page *out, size_t *total_out);
/* Its mailboxes, by address. */
MUST_CHECK enum err store_retro_mailboxes(struct store *st, struct arena *a, int64_t account, struct str id,
					  size_t skip, size_t n, struct watched_mailbox_list *out,
					  size_t *total_out);

/* Deletes a slice of what belonged to those that are gone, and scans that ended before then (0 = none); *more_out: call again. */
MUST_CHECK enum err store_retros_forget(struct store *st, int64_t before_us, bool *more_out);

struct sql;
/* In the transaction of store_watch_settle: what was found, and whether that was all. */
MUST_CHECK enum err retro_note(struct sql *c, const struct watch_turn *t, const struct watch_result *r);

#endif

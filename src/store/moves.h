/*
 * Asking for moves in mailboxes: jobs (JOB_MOVE) about one record, for all its copies, which courier works off. One is asked
 * for by people; or by what a mail is, where its account's auto_moves say so (model/auto_moves.h).
 *
 * The second happens by itself, in the transaction that makes it due: when copies arrive, and when a mail that arrived is
 * judged otherwise (move_note.h). A verdict that nothing is to be moved for brings back what was moved for another one.
 */
#ifndef STORE_MOVES_H
#define STORE_MOVES_H

#include "model/auto_moves.h"
#include "store/store.h"

/* clang-format off */
/* job.data */
#define MOVE_ORDER(X, T) \
	X(T, ENUM, destination, F_NULL, 0, 0, destination, "where to; null: what was moved by itself goes back to where it was") \
	X(T, BOOL, automatic,   F_OPTIONAL, 0, 0, none, "by what the mail is, not by somebody's word")
FIELDS_DECLARE(move_order, MOVE_ORDER);
/* clang-format on */

/*
 * Whether a mailbox can be opened by an integration: JOB_MAILBOX_TEST; why says how it went. Each has a ref of its own, so nobody
 * hears what somebody else asked for, or asked before the integration was changed.
 */
/* clang-format off */
#define MAILBOX_TEST(X, T) \
	X(T, STR, integration, F_REQUIRED, 36, 36, none, "its id") \
	X(T, STR, mailbox,     F_NULL, 3, 320, none, "address; null: the first that the provider tells")
FIELDS_DECLARE(mailbox_test, MAILBOX_TEST);
/* clang-format on */
MUST_CHECK enum err store_mailbox_test_ask(struct store *st, struct arena *a, int64_t account,
					   const struct mailbox_test *test, struct str who, int64_t *job_out);

/* Copies of a record's mail lie in mailboxes, or did. */
bool record_has_copies(const struct record *r);
/* Whether the move that is asked for by itself is about this copy: nobody let it pass, and nobody put it elsewhere. */
bool outcome_moves_by_itself(const struct outcome *o);
/* Whether it was moved by itself, or was to be, which nobody may know the end of: it goes back when nothing is to be moved. */
bool outcome_goes_back(const struct outcome *o);

/*
 * n records, all their copies: all are asked for, or none. An open one about a record has another destination from then on.
 * who: "token:NAME".
 */
MUST_CHECK enum err store_moves_ask(struct store *st, struct arena *a, int64_t account, const int64_t *keys,
				    size_t n, enum destination to, struct str who, int64_t due_us,
				    int64_t *jobs_out);

/* Of an account that set nothing as by default. */
MUST_CHECK enum err store_auto_moves(struct store *st, struct arena *a, int64_t account,
				     struct auto_moves *out);

#endif

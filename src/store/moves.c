/* Jobs that move. */
#include "store/moves.h"

#include "base/random.h"
#include "store/internal.h"
#include "store/jobs.h"
#include "store/move_note.h"
#include "store/settings_internal.h"

FIELDS_DEFINE(move_order, MOVE_ORDER);
FIELDS_DEFINE(mailbox_test, MAILBOX_TEST);

bool record_has_copies(const struct record *r)
{
	return move_view_of(r).copies > 0;
}

enum err store_moves_ask(struct store *st, struct arena *a, int64_t account, const int64_t *keys, size_t n,
			 enum destination to, struct str who, int64_t due_us, int64_t *jobs_out)
{
	struct job *jobs = ARENA_ARRAY(a, n, struct job);
	struct move_order order = { 0 };

	SET(&order, move_order, destination, (int)to);
	struct str data = settings_body(a, &move_order_fields, &order);
	for (size_t i = 0; i < n; i++)
		jobs[i] = (struct job){ .account = account,
					.kind = JOB_MOVE,
					.ref = keys[i],
					.due_us = due_us,
					.created_us = clock_now_us(),
					.who = who,
					.data = data };
	enum err err = store_jobs_add(st, jobs, n);
	for (size_t i = 0; i < n; i++)
		jobs_out[i] = jobs[i].id;
	return err;
}

enum err store_mailbox_test_ask(struct store *st, struct arena *a, int64_t account,
				const struct mailbox_test *test, struct str who, int64_t *job_out)
{
	int64_t now = clock_now_us();
	struct job job = { .account = account,
			   .kind = JOB_MAILBOX_TEST,
			   .ref = -1 - (int64_t)random_below(INT64_MAX),
			   .due_us = now,
			   .created_us = now,
			   .who = who,
			   .data = settings_body(a, &mailbox_test_fields, test) };
	enum err err = store_jobs_add(st, &job, 1);

	*job_out = job.id;
	return err;
}

enum err store_auto_moves(struct store *st, struct arena *a, int64_t account, struct auto_moves *out)
{
	struct resource_env env = { .arena = a };
	const struct resource *r = &resource_auto_moves;
	struct settings_object found;
	enum err err = settings_find(st, a, r, account, r->key(&env, NULL), &found);

	*out = err ? (struct auto_moves){ 0 } : *(const struct auto_moves *)found.obj;
	auto_moves_complete(out);
	return err == ERR_ABSENT ? OK : err;
}

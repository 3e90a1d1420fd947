/* The content of a mail as it comes, its end, and what is told of it then. */
#include "base/clock.h"
#include "intake/internal.h"

void transaction_begin(struct transaction *t)
{
	t->received_us = clock_now_us();
}

enum err transaction_add(struct transaction *t, struct str bytes)
{
	enum err e = spool_append(&t->spool, bytes);

	if (e) { /* the rest is dropped, and the answer is of this kind */
		struct smtp_reply reply = smtp_reply_of(e, "no room to keep the mail");
		t->why = WHY_STORE;
		t->refused_account = t->account;
		tell_refused(t, t->recipients.v[0].address, &reply);
	}
	return e;
}

struct smtp_reply transaction_end(struct transaction *t, struct str mta_id, int64_t until_ms)
{
	struct smtp_reply reply;

	t->until_ms = until_ms;
	t->mta_id = arena_str(t->arena, mta_id);
	t->why = WHY_NONE;
	t->refused_account = t->account;
	if (spool_seal(&t->spool, &t->sha256))
		reply = refuse(t, WHY_STORE, 452, "4.3.1 not enough room, try again later");
	else if (!t->service)
		reply = direct(t);
	else
		reply = transaction_is_copy(t) ? copy_file(t) : submitted_file(t);
	if (!smtp_reply_is_ok(&reply))
		tell_refused(t, t->recipients.v[0].address, &reply);
	return reply;
}

const struct record *transaction_filed(const struct transaction *t)
{
	return t->filed;
}

bool transaction_leaves(int status)
{
	return filing_is_open(status) || status == DELIVERY_DELIVERED;
}

struct str transaction_bytes(struct transaction *t)
{
	struct str bytes;

	return spool_bytes(&t->spool, &bytes) ? STR_NONE : bytes;
}

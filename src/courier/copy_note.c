/* Keeping what is known of copies. */
#include "courier/copy_note.h"

#include <stdlib.h>

#define RECORD_BYTES (256u << 20) /* of one change */

void copy_set_place(struct copy_move *m, const struct mail_place *place)
{
	CLEAR(&m->copy, mailbox_copy, folder);
	CLEAR(&m->copy, mailbox_copy, place);
	if (place->folder.n)
		SET(&m->copy, mailbox_copy, folder, arena_str(m->arena, place->folder));
	if (place->id.n)
		SET(&m->copy, mailbox_copy, place, arena_str(m->arena, place->id));
}

/* Whose word it is under way by; what was moved before is by whoever had it moved. */
static void set_automatic(struct copy_move *m)
{
	if (!HAS(&m->copy, mailbox_copy, destination))
		SET(&m->copy, mailbox_copy, automatic, m->order->automatic);
}

void copy_set_origin(struct copy_move *m, const struct mail_place *place, const struct mail_marks *marks)
{
	copy_set_place(m, place);
	if (!HAS(&m->copy, mailbox_copy, origin))
		SET(&m->copy, mailbox_copy, origin, arena_str(m->arena, place->folder));
	SET(&m->copy, mailbox_copy, flags, arena_str(m->arena, marks->flags));
	if (marks->received_us)
		SET(&m->copy, mailbox_copy, received_at, marks->received_us);
	SET(&m->copy, mailbox_copy, begun, true);
	SET(&m->copy, mailbox_copy, moved, false);
	set_automatic(m);
}

void copy_settle(struct copy_move *m, enum copy_end end, struct str words)
{
	bool back = !HAS(m->order, move_order, destination);
	bool home = back || m->order->destination == DESTINATION_INBOX;

	m->end = end;
	m->words = words;
	CLEAR(&m->copy, mailbox_copy, destination);
	CLEAR(&m->copy, mailbox_copy, automatic);
	CLEAR(&m->copy, mailbox_copy, begun);
	if (home)
		CLEAR(&m->copy, mailbox_copy, origin);
	if (back || m->order->destination != DESTINATION_PURGES)
		CLEAR(&m->copy, mailbox_copy, raw);
	if (!back) {
		SET(&m->copy, mailbox_copy, destination, m->order->destination);
		SET(&m->copy, mailbox_copy, automatic, m->order->automatic);
	}
	SET(&m->copy, mailbox_copy, moved, true);
	SET(&m->copy, mailbox_copy, status, words);
}

void copy_fail(struct copy_move *m, enum copy_end end, struct str words)
{
	m->end = end;
	m->words = words;
	SET(&m->copy, mailbox_copy, moved, false);
	SET(&m->copy, mailbox_copy, status, words);
	set_automatic(m);
}

void copy_settle_moved(struct copy_move *m, struct str from, const struct mail_place *to)
{
	copy_set_place(m, to);
	copy_settle(m, COPY_MOVED, ARENA_JOIN(m->arena, STR("moved from "), from, STR(" to "), to->folder));
}

void copy_settle_there(struct copy_move *m, const struct mail_place *place)
{
	copy_set_place(m, place);
	copy_settle(
	    m, COPY_MOVED,
	    ARENA_JOIN(m->arena, STR("is in "), enum_text(&destination_names, m->order->destination)));
}

/* Of record_change_fn. */
static bool note(struct arena *a, struct record *r, void *ctx)
{
	const struct copy_move *m = ctx;

	for (size_t i = 0; i < r->outcomes.n; i++) {
		struct outcome *o = &r->outcomes.v[i];
		if (!str_eq(o->address, m->address))
			continue;
		struct mailbox_copy *copy = ARENA_NEW(a, struct mailbox_copy);
		*copy = m->copy;
		SET(o, outcome, mailbox, copy);
		return true;
	}
	return false;
}

void copies_note(struct copy_move *const *v, size_t n, bool *noted)
{
	struct record_change *changes = calloc(n + 1, sizeof(*changes));

	ASSERT(changes);
	for (size_t i = 0; i < n; i++)
		changes[i] = (struct record_change){ .key = v[i]->record->key,
						     .fn = note,
						     .ctx = v[i],
						     .arena = arena_new(RECORD_BYTES, NULL, NULL) };
	if (n)
		store_records_change(v[0]->tools->store, changes, n);
	for (size_t i = 0; i < n; i++) {
		noted[i] = !changes[i].err;
		arena_free(&changes[i].arena);
	}
	free(changes);
}

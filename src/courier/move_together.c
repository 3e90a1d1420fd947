/* What is plain goes from step to step; each step leaves out what is not. */
#include "courier/move_together.h"

#include "courier/copy_note.h"
#include "courier/same_mail.h"

#define COPY_BYTES (INT64_C(256) << 10) /* larger ones are read one by one */
#define READ_BYTES (2 * MAILBOX_MANY * (size_t)COPY_BYTES + (64u << 20))
#define PARSE_BYTES (64u << 20)

/* A copy that is plain so far. */
struct plain {
	struct copy_move *m;
	struct mail_place place; /* id "": not known yet */
	bool is_known;           /* as the place where it was last seen */
	struct mail_marks marks;
	bool is_mail; /* what lies there was read, and is the mail */
};

struct together {
	struct plain v[MAILBOX_MANY];
	size_t n;
	struct mailboxes *all;
	struct mailbox *mailbox;
	struct mail_folders folders;
	struct arena *scratch;
	deadline_ms until;
	struct mailbox_fault fault;
};

static bool has_place(const struct plain *p)
{
	return p->place.id.n > 0;
}

/* ---- which ---- */

static bool is_plain(const struct copy_move *m)
{
	return HAS(m->order, move_order, destination) && m->order->destination != DESTINATION_PURGES &&
	       m->record->message->message_id.n && !m->copy.begun && !HAS(&m->copy, mailbox_copy, raw);
}

static void choose(struct together *t, struct copy_move *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct plain p = { .m = v[i], .place = { STR(""), STR("") } };
		if (is_plain(v[i]))
			t->v[t->n++] = p;
	}
}

/* What was seen through another integration is not known by its names. */
static enum err open_mailbox(struct together *t)
{
	struct copy_move *first = t->v[0].m;
	int64_t account = first->record->account;
	const struct integration *integration;
	enum err e =
	    mailboxes_integration(t->all, t->scratch, account, first->address, &integration, &t->fault);
	size_t n = 0;

	if (e)
		return e;
	struct str id = str_of(integration->id.uuid);
	for (size_t i = 0; i < t->n; i++) {
		struct plain p = t->v[i];
		struct mailbox_copy *copy = &p.m->copy;
		if (copy->integration.n && !str_eq(copy->integration, id))
			continue;
		SET(copy, mailbox_copy, integration, arena_str(p.m->arena, id));
		p.is_known = HAS(copy, mailbox_copy, place) && HAS(copy, mailbox_copy, folder);
		if (p.is_known)
			p.place = (struct mail_place){ copy->folder, copy->place };
		t->v[n++] = p;
	}
	t->n = n;
	e = mailboxes_open_by(t->all, account, id, first->address, t->until, &t->mailbox, &t->fault);
	return e ? e : mailbox_folders(t->mailbox, t->scratch, t->until, &t->folders, &t->fault);
}

/* ---- where they lie ---- */

/* What has the Message-ID alone: of several it is not plain which is the mail, nor what of several mails one is. */
static const struct mail_item *only_item(const struct together *t, struct str id,
					 const struct mail_items *items)
{
	const struct mail_item *found = NULL;
	size_t mails = 0;

	for (size_t i = 0; i < t->n; i++)
		mails += str_eq(t->v[i].m->record->message->message_id, id);
	for (size_t i = 0; i < items->n; i++) {
		if (!str_eq(items->v[i].message_id, id))
			continue;
		if (found)
			return NULL;
		found = &items->v[i];
	}
	return mails == 1 ? found : NULL;
}

static enum err find(struct together *t)
{
	struct strs ids = { 0 };
	struct mail_items items = { 0 };
	enum err e = OK;

	for (size_t i = 0; i < t->n; i++)
		if (!has_place(&t->v[i]))
			ARENA_PUSH(t->scratch, &ids, t->v[i].m->record->message->message_id);
	if (ids.n)
		e = mailbox_find_many(t->mailbox, t->scratch, &ids, t->until, &items, &t->fault);
	for (size_t i = 0; i < t->n && !e; i++) {
		struct plain *p = &t->v[i];
		const struct mail_item *item =
		    has_place(p) ? NULL : only_item(t, p->m->record->message->message_id, &items);
		if (item)
			p->place = item->place;
	}
	return e;
}

/* ---- those of one folder ---- */

struct group {
	struct together *t;
	struct plain *v[MAILBOX_MANY];
	struct mail_place places[MAILBOX_MANY];
	size_t n;
};

static void group_add(struct group *g, struct plain *p)
{
	g->v[g->n] = p;
	g->places[g->n++] = p->place;
}

/* As mailbox_each_fn: of what was found by its Message-ID the content counts, as for copy_move in the inbox. */
static void compare(void *ctx, size_t i, struct str bytes, const struct mail_marks *marks)
{
	struct group *g = ctx;
	struct plain *p = g->v[i];
	struct arena *a = arena_new(PARSE_BYTES, NULL, NULL);
	enum same_mail same = same_mail(a, p->m->tools->config, p->m->record, bytes);

	p->is_mail = same >= (p->is_known ? SAME_FIELDS : SAME_CONTENT);
	p->marks = *marks;
	arena_free(&a);
}

static struct str destination_folder(const struct together *t, const struct plain *p)
{
	return t->folders.v[p->m->order->destination];
}

/* Noted, then moved: what was not noted is as it was. */
static void move_group(struct group *g)
{
	struct together *t = g->t;
	struct copy_move *moves[MAILBOX_MANY];
	struct mailbox_copy before[MAILBOX_MANY];
	struct mail_place to[MAILBOX_MANY];
	struct group noted = { .t = t };
	bool is_noted[MAILBOX_MANY];

	for (size_t i = 0; i < g->n; i++) {
		moves[i] = g->v[i]->m;
		before[i] = moves[i]->copy;
		copy_set_origin(moves[i], &g->v[i]->place, &g->v[i]->marks);
	}
	copies_note(moves, g->n, is_noted);
	for (size_t i = 0; i < g->n; i++) {
		if (is_noted[i])
			group_add(&noted, g->v[i]);
		else
			moves[i]->copy = before[i];
	}
	if (noted.n == 0 ||
	    mailbox_move_many(t->mailbox, t->scratch, noted.places, noted.n,
			      (enum destination)noted.v[0]->m->order->destination, t->until, to, &t->fault))
		return;
	for (size_t i = 0; i < noted.n; i++)
		if (to[i].folder.n)
			copy_settle_moved(noted.v[i]->m, noted.places[i].folder, &to[i]);
}

static enum err do_group(struct group *g)
{
	struct together *t = g->t;
	struct group mails = { .t = t };
	enum err e = mailbox_fetch_many(t->mailbox, t->scratch, g->places, g->n, COPY_BYTES, t->until,
					compare, g, &t->fault);

	for (size_t i = 0; i < g->n && !e; i++) {
		struct plain *p = g->v[i];
		if (p->is_mail && str_eq(p->place.folder, destination_folder(t, p)))
			copy_settle_there(p->m, &p->place);
		else if (p->is_mail)
			group_add(&mails, p);
	}
	if (mails.n)
		move_group(&mails);
	return e;
}

/* The first folder that has some, and these are taken out of the list. */
static void take_group(struct together *t, struct group *g)
{
	struct str folder = t->v[0].place.folder;
	size_t left = 0;

	*g = (struct group){ .t = t };
	for (size_t i = 0; i < t->n; i++) {
		struct plain *p = ARENA_NEW(t->scratch, struct plain);
		*p = t->v[i];
		if (str_eq(p->place.folder, folder) && has_place(p))
			group_add(g, p);
		else if (has_place(p))
			t->v[left++] = *p;
	}
	t->n = left;
}

static void drop_unplaced(struct together *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		if (has_place(&t->v[i]))
			t->v[n++] = t->v[i];
	t->n = n;
}

void move_together(struct copy_move *const *v, size_t n)
{
	struct together t = { .all = v[0]->tools->mailboxes, .until = v[0]->until };
	struct group g;

	ASSERT(n <= MAILBOX_MANY);
	choose(&t, v, n);
	if (t.n < 2)
		return;
	t.scratch = arena_new(READ_BYTES, NULL, NULL);
	enum err e = open_mailbox(&t);
	if (!e && mailbox_does_many(t.mailbox))
		e = find(&t);
	else
		t.n = 0;
	drop_unplaced(&t);
	while (!e && t.n) {
		take_group(&t, &g);
		e = do_group(&g);
	}
	mailboxes_give(t.all, &t.mailbox);
	arena_free(&t.scratch);
}

/* Asking for folders, telling what they are for, making those that are missing. */
#include "mailbox/imap_folders.h"

#include "base/limits.h"

#define NAMESPACES_MOST 16
#define LISTED_MS 5000 /* owners seldom make folders or rename them */

ENUM_DEFINE(imap_role, IMAP_ROLES);

const enum imap_role imap_role_of[DESTINATION_PURGES] = {
	[DESTINATION_INBOX] = ROLE_INBOX,
	[DESTINATION_JUNK] = ROLE_JUNK,
	[DESTINATION_TRASH] = ROLE_TRASH,
	[DESTINATION_DELETIONS] = ROLE_HIDDEN,
};

static const struct {
	struct str attribute;
	enum imap_role role;
} uses[] = {
	{ STR_INIT("\\Junk"), ROLE_JUNK },       { STR_INIT("\\Trash"), ROLE_TRASH },
	{ STR_INIT("\\Archive"), ROLE_ARCHIVE }, { STR_INIT("\\Sent"), ROLE_SENT },
	{ STR_INIT("\\Drafts"), ROLE_DRAFTS },   { STR_INIT("\\All"), ROLE_VIRTUAL },
	{ STR_INIT("\\Flagged"), ROLE_VIRTUAL },
};

/* As mail programs and servers name them. The first of a role is made where there is none. */
static const struct {
	struct str name;
	enum imap_role role;
} names[] = {
	{ STR_INIT(IMAP_HIDDEN_FOLDER), ROLE_HIDDEN },
	{ STR_INIT("Junk"), ROLE_JUNK },
	{ STR_INIT("Junk E-mail"), ROLE_JUNK },
	{ STR_INIT("Junk Email"), ROLE_JUNK },
	{ STR_INIT("Junk Mail"), ROLE_JUNK },
	{ STR_INIT("Spam"), ROLE_JUNK },
	{ STR_INIT("Bulk Mail"), ROLE_JUNK },
	{ STR_INIT("Trash"), ROLE_TRASH },
	{ STR_INIT("Deleted Items"), ROLE_TRASH },
	{ STR_INIT("Deleted Messages"), ROLE_TRASH },
	{ STR_INIT("Bin"), ROLE_TRASH },
	{ STR_INIT("Archive"), ROLE_ARCHIVE },
	{ STR_INIT("Archives"), ROLE_ARCHIVE },
	{ STR_INIT("Sent"), ROLE_SENT },
	{ STR_INIT("Sent Items"), ROLE_SENT },
	{ STR_INIT("Sent Messages"), ROLE_SENT },
	{ STR_INIT("Drafts"), ROLE_DRAFTS },
};

/* ---- the list ---- */

struct listing {
	struct imap *m;
	struct imap_folders all; /* as told */
};

static bool has_attribute(const struct imap_value *list, struct str attribute)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq_nocase(list->v[i].s, attribute))
			return true;
	return false;
}

/* What a server says a folder is for counts more than its name, and of names the one that stands first. */
static void find_role(const struct imap *m, struct imap_folder *f, const struct imap_value *attributes)
{
	struct str name =
	    str_starts_nocase(f->name, m->prefix) ? str_sub(f->name, m->prefix.n, f->name.n) : f->name;

	f->role = ROLE_OTHER;
	if (str_eq_nocase(f->name, STR("INBOX"))) { /* in any case (RFC 9051 §5.1) */
		f->role = ROLE_INBOX;
		f->name = STR("INBOX");
	}
	for (size_t i = 0; i < ARRAY_LEN(uses) && f->role == ROLE_OTHER; i++)
		if (has_attribute(attributes, uses[i].attribute))
			f->role = uses[i].role;
	for (size_t i = 0; i < ARRAY_LEN(names) && f->role == ROLE_OTHER; i++)
		if (str_eq_nocase(name, names[i].name)) {
			f->role = names[i].role;
			f->rank = i + 1;
		}
}

/* A name goes into places and cursors, which are texts of lines. */
static bool is_usable(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < ' ' || (unsigned char)name.p[i] > 126)
			return false;
	return name.n > 0 && name.n <= LIMIT_IMAP_NAME;
}

static bool is_others(const struct imap *m, struct str name)
{
	for (size_t i = 0; i < m->others.n; i++)
		if (str_starts(name, m->others.v[i]))
			return true;
	return false;
}

static void add_folder(struct listing *l, const struct imap_reply *r)
{
	if (r->n < 3 || r->v[0].kind != IMAP_LIST || !is_usable(r->v[2].s) || is_others(l->m, r->v[2].s) ||
	    has_attribute(&r->v[0], STR("\\Noselect")) || has_attribute(&r->v[0], STR("\\NonExistent")) ||
	    l->all.n >= LIMIT_IMAP_FOLDERS)
		return;
	struct imap_folder f = { .name = arena_str(l->m->list, r->v[2].s) };
	find_role(l->m, &f, &r->v[0]);
	ARENA_PUSH(l->m->list, &l->all, f);
}

static void add_counts(struct listing *l, const struct imap_reply *r)
{
	struct imap_folder *f = NULL;

	/* It comes right after its folder. */
	for (size_t i = l->all.n; i-- > 0 && !f;)
		if (r->n == 2 && str_eq(l->all.v[i].name, r->v[0].s))
			f = &l->all.v[i];
	if (!f || r->v[1].kind != IMAP_LIST)
		return;
	f->counted = true;
	for (size_t i = 0; i + 1 < r->v[1].n; i += 2) {
		const struct imap_value *value = &r->v[1].v[i + 1];
		struct str name = r->v[1].v[i].s;
		uint32_t number;
		if (!imap_number(value, &number))
			continue;
		if (str_eq_nocase(name, STR("UIDVALIDITY")))
			f->uidvalidity = number;
		else if (str_eq_nocase(name, STR("UIDNEXT")))
			f->uidnext = number;
		else if (str_eq_nocase(name, STR("MESSAGES")))
			f->messages = number;
	}
}

static void take_listed(void *ctx, const struct imap_reply *r)
{
	if (str_eq_nocase(r->name, STR("LIST")))
		add_folder(ctx, r);
	else if (str_eq_nocase(r->name, STR("STATUS")))
		add_counts(ctx, r);
}

/*
 * '* NAMESPACE (("INBOX." ".")) (("Others." ".")) NIL' (RFC 2342 §5): the owner's, other people's, shared; of the owner's the
 * first.
 */
static void take_namespaces(void *ctx, const struct imap_reply *r)
{
	struct imap *m = ctx;

	if (!str_eq_nocase(r->name, STR("NAMESPACE")) || m->named)
		return;
	m->named = true;
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < r->v[i].n && m->others.n < NAMESPACES_MOST; k++) {
			const struct imap_value *one = &r->v[i].v[k];
			struct str prefix = one->n > 0 ? one->v[0].s : STR_NONE;
			if (prefix.n == 0 || prefix.n > LIMIT_IMAP_NAME)
				continue;
			if (i == 0 && k == 0)
				m->prefix = arena_str(m->own, prefix);
			else if (i > 0)
				ARENA_PUSH(m->own, &m->others, arena_str(m->own, prefix));
		}
}

static enum err learn_namespaces(struct imap_call *c)
{
	if (c->m->named || !imap_offers(c->m, IMAP_NAMESPACE))
		return OK;
	imap_say(c, "NAMESPACE");
	return imap_run(c, take_namespaces, c->m);
}

/* Of several for the same, as "Junk" and "Spam", one has the role. */
static void settle(struct imap_folders *all, enum imap_role role)
{
	const struct imap_folder *best = NULL;

	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].role == role && (!best || all->v[i].rank < best->rank))
			best = &all->v[i];
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].role == role && &all->v[i] != best)
			all->v[i].role = ROLE_OTHER;
}

static struct imap_folders *sorted(struct arena *a, struct imap_folders *all)
{
	struct imap_folders *out = ARENA_NEW(a, struct imap_folders);

	for (int role = ROLE_INBOX; role < ROLE_VIRTUAL; role++)
		if (role != ROLE_OTHER)
			settle(all, (enum imap_role)role);
	for (int role = ROLE_INBOX; role <= ROLE_VIRTUAL; role++)
		for (size_t i = 0; i < all->n; i++)
			if ((int)all->v[i].role == role)
				ARENA_PUSH(a, out, all->v[i]);
	return out;
}

enum err imap_list(struct imap_call *c)
{
	struct imap *m = c->m;
	struct listing l = { .m = m };
	bool counts = imap_offers(m, IMAP_LIST_STATUS), special = imap_offers(m, IMAP_SPECIAL_USE);
	enum err e = learn_namespaces(c);

	if (e)
		return e;
	arena_reset(m->list);
	m->folders = NULL;
	imap_say(c, "LIST \"\" \"*\"");
	if (imap_offers(m, IMAP_LIST_EXTENDED) && (counts || special))
		imap_say(c, " RETURN (%s%s%s)", special ? "SPECIAL-USE" : "", special && counts ? " " : "",
			 counts ? "STATUS (MESSAGES UIDVALIDITY UIDNEXT)" : "");
	e = imap_run(c, take_listed, &l);
	if (e)
		return e;
	m->folders = sorted(m->list, &l.all);
	m->listed_ms = clock_mono_ms();
	return OK;
}

enum err imap_list_known(struct imap_call *c)
{
	const struct imap *m = c->m;

	return m->folders && clock_mono_ms() < m->listed_ms + LISTED_MS ? OK : imap_list(c);
}

/* ---- the folders of the API ---- */

enum err imap_create(struct imap_call *c, struct str name, enum imap_role role)
{
	struct imap *m = c->m;

	m->listed_ms = 0;
	imap_say(c, "CREATE ");
	imap_say_string(c, name);
	for (size_t i = 0; i < ARRAY_LEN(uses) && imap_offers(m, IMAP_CREATE_SPECIAL_USE); i++)
		if (uses[i].role == role && role != ROLE_VIRTUAL)
			imap_say(c, " (USE (%s))", uses[i].attribute.p);
	enum err e = imap_run(c, NULL, NULL);
	bool there = !m->broken && str_eq_nocase(m->last.code, STR("ALREADYEXISTS"));
	if ((e && !there) || role == ROLE_HIDDEN)
		return there ? OK : e;
	imap_say(c, "SUBSCRIBE ");
	imap_say_string(c, name);
	return imap_run(c, NULL, NULL);
}

struct str imap_listed(const struct imap *m, enum imap_role role)
{
	for (size_t i = 0; m->folders && i < m->folders->n; i++)
		if (m->folders->v[i].role == role)
			return m->folders->v[i].name;
	return STR("");
}

static struct str usual_name(const struct imap *m, struct arena *a, enum imap_role role)
{
	size_t i = 0;

	while (names[i].role != role)
		i++;
	return ARENA_JOIN(a, m->prefix, names[i].name);
}

enum err imap_folder_of(struct imap_call *c, enum imap_role role, struct str *name_out)
{
	struct imap *m = c->m;

	*name_out = role == ROLE_INBOX ? STR("INBOX") : imap_listed(m, role);
	if (name_out->n)
		return OK;
	enum err e = imap_list(c);
	*name_out = imap_listed(m, role);
	if (e || name_out->n)
		return e;
	*name_out = usual_name(m, m->list, role);
	return imap_create(c, *name_out, role);
}

/* The table of providers, and the way from the interface to them. */
#include "mailbox/mailbox.h"

#include <stdio.h>
#include <stdlib.h>

ENUM_DEFINE(mailbox_trouble, MAILBOX_TROUBLES);

static const struct mailbox_connector *const connectors[] = {
	[MAILBOX_IMAP] = &mailbox_imap,
	[MAILBOX_GRAPH] = &mailbox_graph,
	[MAILBOX_GMAIL] = &mailbox_gmail,
};

struct mailbox {
	const struct mailbox_connector *connector;
	void *own;
};

enum err mailbox_fail(struct mailbox_fault *fault, enum err e, enum mailbox_trouble what, const char *fmt,
		      ...)
{
	va_list ap;

	*fault = (struct mailbox_fault){ .what = what };
	va_start(ap, fmt);
	(void)vsnprintf(fault->text.text, sizeof(fault->text.text), fmt, ap);
	va_end(ap);
	return e;
}

/* What went wrong on the way to what is well in the end is nobody's business. */
static enum err settled(enum err e, struct mailbox_fault *fault)
{
	if (!e)
		*fault = (struct mailbox_fault){ 0 };
	return e;
}

/* NULL: this program does not speak with that provider. */
static const struct mailbox_connector *find_connector(const struct integration *i)
{
	return i->provider >= 0 && (size_t)i->provider < ARRAY_LEN(connectors) ? connectors[i->provider]
									       : NULL;
}

/* NULL, and the fault says so. */
static const struct mailbox_connector *connector_of(const struct mailbox_site *site,
						    struct mailbox_fault *fault)
{
	const struct mailbox_connector *connector = find_connector(site->integration);

	if (!connector)
		(void)mailbox_fail(fault, ERR_DENIED, TROUBLE_REFUSED,
				   "Mailboxes of %.*s cannot be reached yet.",
				   STR_ARG(enum_text(&mailbox_provider_names, site->integration->provider)));
	return connector;
}

enum err mailbox_open(const struct mailbox_site *site, struct str address, const struct mailbox_login *login,
		      deadline_ms until, struct mailbox **out, struct mailbox_fault *fault)
{
	const struct mailbox_connector *connector = connector_of(site, fault);
	void *own;

	*out = NULL;
	if (!connector)
		return ERR_DENIED;
	enum err e = settled(connector->open(site, address, login, until, &own, fault), fault);
	if (e)
		return e;
	struct mailbox *m = malloc(sizeof(*m));
	ASSERT(m);
	*m = (struct mailbox){ connector, own };
	*out = m;
	return OK;
}

void mailbox_close(struct mailbox **mp)
{
	struct mailbox *m = *mp;

	*mp = NULL;
	if (!m)
		return;
	m->connector->close(m->own);
	free(m);
}

bool mailbox_is_broken(const struct mailbox *m)
{
	return m->connector->is_broken && m->connector->is_broken(m->own);
}

enum err mailbox_find(struct mailbox *m, struct arena *a, struct str message_id, deadline_ms until,
		      struct mail_items *out, struct mailbox_fault *fault)
{
	*out = (struct mail_items){ 0 };
	return settled(m->connector->find(m->own, a, message_id, until, out, fault), fault);
}

enum err mailbox_find_in_inbox(struct mailbox *m, struct arena *a, struct str message_id, deadline_ms until,
			       struct mail_items *out, struct mailbox_fault *fault)
{
	*out = (struct mail_items){ 0 };
	if (!m->connector->find_in_inbox)
		return OK;
	return settled(m->connector->find_in_inbox(m->own, a, message_id, until, out, fault), fault);
}

enum err mailbox_changes(struct mailbox *m, struct arena *a, enum scan_folder folder, struct str cursor,
			 int64_t since_us, size_t most, deadline_ms until, struct mailbox_changes *out,
			 struct mailbox_fault *fault)
{
	*out = (struct mailbox_changes){ 0 };
	return settled(m->connector->changes(m->own, a, folder, cursor, since_us, most, until, out, fault),
		       fault);
}

enum err mailbox_wait(struct mailbox *m, deadline_ms until, struct mailbox_fault *fault)
{
	return settled(m->connector->wait(m->own, until, fault), fault);
}

enum err mailbox_fetch(struct mailbox *m, struct arena *a, const struct mail_place *place, deadline_ms until,
		       struct str *bytes_out, struct mail_marks *marks_out, struct mailbox_fault *fault)
{
	return settled(m->connector->fetch(m->own, a, place, until, bytes_out, marks_out, fault), fault);
}

enum err mailbox_folders(struct mailbox *m, struct arena *a, deadline_ms until, struct mail_folders *out,
			 struct mailbox_fault *fault)
{
	for (size_t i = 0; i < MAILBOX_DESTINATIONS; i++)
		out->v[i] = STR("");
	return settled(m->connector->folders(m->own, a, until, out, fault), fault);
}

enum err mailbox_move(struct mailbox *m, struct arena *a, const struct mail_place *from, enum destination to,
		      deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault)
{
	ASSERT(to != DESTINATION_PURGES);
	*to_out = (struct mail_place){ 0 };
	return settled(m->connector->move(m->own, a, from, to, until, to_out, fault), fault);
}

enum err mailbox_move_back(struct mailbox *m, struct arena *a, const struct mail_place *from,
			   struct str folder, deadline_ms until, struct mail_place *to_out,
			   struct mailbox_fault *fault)
{
	*to_out = (struct mail_place){ 0 };
	return settled(m->connector->move_back(m->own, a, from, folder, until, to_out, fault), fault);
}

bool mailbox_may_do_many(const struct integration *i)
{
	const struct mailbox_connector *connector = find_connector(i);

	return connector && connector->many;
}

bool mailbox_does_many(const struct mailbox *m)
{
	return m->connector->many && m->connector->many->offered(m->own);
}

enum err mailbox_find_many(struct mailbox *m, struct arena *a, const struct strs *message_ids,
			   deadline_ms until, struct mail_items *out, struct mailbox_fault *fault)
{
	ASSERT(message_ids->n <= MAILBOX_MANY);
	*out = (struct mail_items){ 0 };
	return settled(m->connector->many->find(m->own, a, message_ids, until, out, fault), fault);
}

enum err mailbox_fetch_many(struct mailbox *m, struct arena *a, const struct mail_place *v, size_t n,
			    int64_t most_bytes, deadline_ms until, mailbox_each_fn *each, void *ctx,
			    struct mailbox_fault *fault)
{
	ASSERT(n <= MAILBOX_MANY);
	return settled(m->connector->many->fetch(m->own, a, v, n, most_bytes, until, each, ctx, fault),
		       fault);
}

enum err mailbox_move_many(struct mailbox *m, struct arena *a, const struct mail_place *v, size_t n,
			   enum destination to, deadline_ms until, struct mail_place *to_out,
			   struct mailbox_fault *fault)
{
	ASSERT(n <= MAILBOX_MANY && to != DESTINATION_PURGES);
	for (size_t i = 0; i < n; i++)
		to_out[i] = (struct mail_place){ STR(""), STR("") };
	return settled(m->connector->many->move(m->own, a, v, n, to, until, to_out, fault), fault);
}

enum err mailbox_delete(struct mailbox *m, struct arena *a, const struct mail_place *place, deadline_ms until,
			struct mail_place *to_out, struct mailbox_fault *fault)
{
	*to_out = (struct mail_place){ 0 };
	return settled(m->connector->remove(m->own, a, place, until, to_out, fault), fault);
}

enum err mailbox_restore(struct mailbox *m, struct arena *a, struct str bytes, const struct mail_marks *marks,
			 struct str folder, deadline_ms until, struct mail_place *to_out,
			 struct mailbox_fault *fault)
{
	*to_out = (struct mail_place){ 0 };
	return settled(m->connector->restore(m->own, a, bytes, marks, folder, until, to_out, fault), fault);
}

enum err mailbox_people(const struct mailbox_site *site, struct arena *a, size_t most, deadline_ms until,
			struct strs *out, struct mailbox_fault *fault)
{
	const struct mailbox_connector *connector = connector_of(site, fault);

	*out = (struct strs){ 0 };
	return connector ? settled(connector->people(site, a, most, until, out, fault), fault) : ERR_DENIED;
}

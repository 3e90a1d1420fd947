/* Asking for retro scans, looking how far they are and what they found. */
#include "api/retro.h"

#include "api/internal.h"
#include "api/problem.h"
#include "api/queries.h"
#include "api/settings.h"
#include "base/domain.h"
#include "model/domain.h"
#include "model/integration.h"
#include "store/retro.h"

/* ---- asking for one ---- */

/* ERR_ABSENT is told as a fault. */
static enum err check_integration(struct request *rq, const struct retro_scan *s, struct faults *f)
{
	struct settings_object found;
	struct ident id;
	enum err err = ident_parse(s->integration_id, &id)
			   ? ERR_ABSENT
			   : settings_get(rq->api->o.store, rq->arena, &resource_integrations,
					  rq->account.num, &id, &found);

	if (err == ERR_ABSENT)
		fault_add(f, STR("/integration_id"), "integration_id must be that of an integration");
	return err == ERR_ABSENT ? OK : err;
}

static enum err check_domain(struct request *rq, const struct retro_scan *s, struct faults *f)
{
	struct settings_object found;
	enum err err = settings_find(rq->api->o.store, rq->arena, &resource_domains, rq->account.num,
				     domain_fold(rq->arena, s->domain), &found);

	if (err == ERR_ABSENT)
		fault_add(f, STR("/domain"), "domain must be a protected domain of this account");
	else if (!err && !HAS((const struct domain *)found.obj, domain, integration_id))
		fault_add(f, STR("/domain"), "domain must have an integration_id");
	return err == ERR_ABSENT ? OK : err;
}

static void check_mailboxes(struct request *rq, const struct retro_scan *s, struct faults *f)
{
	for (size_t i = 0; i < s->mailboxes.n; i++) {
		struct str address = str_trim(s->mailboxes.v[i]);
		size_t at = str_rfind_char(address, '@');
		if (at == SIZE_MAX || at == 0 || at + 1 == address.n || address.n > LIMIT_ADDRESS)
			fault_add(f, fault_at_index(rq->arena, STR("/mailboxes"), i),
				  "must be a mail address");
	}
}

static enum err check(struct request *rq, const struct retro_scan *s, struct faults *f)
{
	enum err err = OK;

	if (HAS(s, retro_scan, integration_id) == HAS(s, retro_scan, domain))
		fault_add_further(f, STR("/integration_id"), "either integration_id or domain must be given");
	else if (HAS(s, retro_scan, integration_id))
		err = check_integration(rq, s, f);
	else
		err = check_domain(rq, s, f);
	check_mailboxes(rq, s, f);
	return err;
}

void retro_create_reply(struct request *rq)
{
	const struct json_read how = { .mode = JSON_CREATE, .closed = true };
	struct faults f = { .arena = rq->arena }, none = { 0 };
	struct settings_who who = request_who(rq);
	struct retro_scan s = { 0 };
	struct json *body;
	enum err err = OK;

	if (!request_json(rq, &body))
		return;
	SET(&s, retro_scan, folder, FOLDER_ALL_ITEMS);
	if (!json_object_read(rq->arena, &retro_scan_fields, body, &how, &s, NULL, &f))
		err = check(rq, &s, &f);
	if (f.n) {
		problem_faults(rq, &f, &none);
		return;
	}
	if (!err)
		err = store_retro_add(rq->api->o.store, rq->arena, rq->account.num, &who, rq->now_us, &s);
	if (err == ERR_LIMIT)
		problem_reply(
		    rq, PROBLEM_STATE, STR_NONE,
		    STR("This account has too many retro scans: wait until some have ended, or delete "
			"those that have"));
	else if (err)
		problem_err(rq, err);
	else
		reply_object(rq, 201, &retro_scan_fields, &s);
}

/* ---- one ---- */

static struct str id_of(struct request *rq)
{
	return arena_lower(rq->arena, rq->params[0]);
}

static void reply_scan(struct request *rq, enum err err, const struct retro_scan *s)
{
	if (err)
		problem_err(rq, err);
	else
		reply_object(rq, 200, &retro_scan_fields, s);
}

void retro_get_reply(struct request *rq)
{
	struct retro_scan s;

	reply_scan(rq, store_retro_get(rq->api->o.store, rq->arena, rq->account.num, id_of(rq), &s), &s);
}

void retro_cancel_reply(struct request *rq)
{
	struct settings_who who = request_who(rq);
	struct retro_scan s;
	enum err err =
	    store_retro_cancel(rq->api->o.store, rq->arena, rq->account.num, id_of(rq), &who, rq->now_us, &s);

	if (err == ERR_CONFLICT)
		problem_reply(rq, PROBLEM_STATE, STR_NONE, STR("The retro scan has ended"));
	else
		reply_scan(rq, err, &s);
}

void retro_delete_reply(struct request *rq)
{
	struct settings_who who = request_who(rq);
	struct str id = id_of(rq);
	enum err err = store_retro_delete(rq->api->o.store, rq->arena, rq->account.num, id, &who, rq->now_us);

	if (err == ERR_CONFLICT) {
		problem_reply(rq, PROBLEM_STATE, STR_NONE,
			      STR("The retro scan has not ended: it is to be cancelled first"));
	} else if (err) {
		problem_err(rq, err);
	} else {
		reply_begin(rq, 200);
		buf_add_c(&rq->out, "{\"id\":");
		json_str(&rq->out, id);
		buf_add_char(&rq->out, '}');
		reply_end(rq);
	}
}

void retro_report_reply(struct request *rq)
{
	struct retro_report report;
	enum err err = store_retro_report(rq->api->o.store, rq->arena, rq->account.num, id_of(rq), &report);

	if (err)
		problem_err(rq, err);
	else
		reply_object(rq, 200, &retro_report_fields, &report);
}

/* ---- pages ---- */

struct page {
	struct page_query in;
	size_t skip, n, total;
};

/* False: answered. */
static bool page_begin(struct request *rq, struct page *p)
{
	struct faults f = { .arena = rq->arena }, none = { 0 };

	*p = (struct page){ .total = 0 };
	query_read(rq, &page_queries, &p->in, &f);
	if (f.n)
		problem_faults(rq, &f, &none);
	p->skip = (size_t)((p->in.page - 1) * p->in.per_page);
	p->n = (size_t)p->in.per_page;
	return f.n == 0;
}

static void page_end(struct request *rq, enum err err, const struct page *p, const struct fieldtab *t,
		     const void *v, size_t n)
{
	if (err)
		problem_err(rq, err);
	else
		reply_page(rq, t, v, n, p->in.page, p->in.per_page, p->total);
}

void retro_list_reply(struct request *rq)
{
	struct retro_scan_list found;
	struct page p;

	if (!page_begin(rq, &p))
		return;
	enum err err =
	    store_retros(rq->api->o.store, rq->arena, rq->account.num, p.skip, p.n, &found, &p.total);
	page_end(rq, err, &p, &retro_scan_fields, found.v, found.n);
}

void retro_messages_reply(struct request *rq)
{
	struct message_list shown = { NULL, 0 };
	struct store_page found;
	struct page p;

	if (!page_begin(rq, &p))
		return;
	enum err err = store_retro_messages(rq->api->o.store, rq->arena, rq->account.num, id_of(rq), p.skip,
					    p.n, &found, &p.total);
	for (size_t i = 0; i < found.n && !err; i++)
		ARENA_PUSH(rq->arena, &shown, *found.v[i].message);
	page_end(rq, err, &p, &message_fields, shown.v, shown.n);
}

void retro_mailboxes_reply(struct request *rq)
{
	struct watched_mailbox_list found;
	struct page p;

	if (!page_begin(rq, &p))
		return;
	enum err err = store_retro_mailboxes(rq->api->o.store, rq->arena, rq->account.num, id_of(rq), p.skip,
					     p.n, &found, &p.total);
	page_end(rq, err, &p, &watched_mailbox_fields, found.v, found.n);
}

void watched_mailboxes_reply(struct request *rq)
{
	struct watched_mailbox_list found = { NULL, 0 };
	struct settings_object o;
	struct ident id;
	struct page p;

	if (!settings_path_id(rq, &id) || !page_begin(rq, &p))
		return;
	enum err err =
	    settings_get(rq->api->o.store, rq->arena, &resource_integrations, rq->account.num, &id, &o);
	if (!err)
		err = store_watched(rq->api->o.store, rq->arena, rq->account.num,
				    str_of(((const struct integration *)o.obj)->id.uuid), p.skip, p.n, &found,
				    &p.total);
	page_end(rq, err, &p, &watched_mailbox_fields, found.v, found.n);
}

/* What the page of a link needs to know, and the report that can be sent from it. */
#include "api/click.h"

#include "api/internal.h"
#include "api/problem.h"
#include "api/submissions.h"
#include "base/domain.h"
#include "base/log.h"
#include "model/block_sender.h"
#include "store/submissions.h"
#include "url/url.h"

#define CLICKS_TOLD \
	100 /* in the trace of a mail; a program that asks for a link again and again must not fill it */
#define REPORTED_BY "link:"

/* Where reports are sent, and links led to: the part of the public URL behind the host stays what a proxy makes of it. */
static struct str report_path(struct request *rq)
{
	struct str token = rq->params[0];

	return ARENA_JOIN(rq->arena, token, STR("/report"));
}

/* Whether a domain, by exactly this name, is on the account's block list. */
static enum err look_for_block(struct request *rq, int64_t account, struct str domain, bool *found)
{
	struct resource_env env = request_env(rq);
	struct block_sender b = { .pattern = domain, .pattern_type = PATTERN_DOMAIN };
	struct settings_object object;
	enum err err = settings_find(rq->api->o.store, rq->arena, &resource_block_senders, account,
				     resource_block_senders.key(&env, &b), &object);

	*found |= err == OK;
	return err == ERR_ABSENT ? OK : err;
}

static enum err look_at_target(struct request *rq, const struct click *c, bool *blocked)
{
	struct url u = url_split(rq->arena, c->url);
	struct str host = domain_fold(rq->arena, u.host), owner = domain_registrable(rq->arena, host);
	enum err err = OK;

	if (host.n)
		err = look_for_block(rq, c->account, host, blocked);
	if (!err && owner.n && !str_eq(owner, host))
		err = look_for_block(rq, c->account, owner, blocked);
	return err;
}

/* False: it is answered. */
static bool read_click(struct request *rq, struct click *c, struct record *r, struct click_view *v)
{
	struct store *st = rq->api->o.store;
	const struct click_view none = { 0 };

	*v = none;
	if (click_read(rq->arena, store_secret(st), rq->params[0], c)) {
		click_page(rq, 404, v);
		return false;
	}
	v->click = c;
	v->action = report_path(rq);
	enum err err = store_record_get(st, rq->arena, c->account, c->id, RECORD_WHOLE, r);
	v->mail = err == OK ? r : NULL;
	if (err == OK || err == ERR_ABSENT)
		err = look_at_target(rq, c, &v->blocked);
	if (err)
		problem_err(rq, err);
	return err == OK;
}

/* ---- the click ---- */

struct clicked {
	const struct request *rq;
	const struct click *click;
	bool open;
};

static bool note_click(struct arena *a, struct record *r, void *ctx)
{
	const struct clicked *c = ctx;
	char ip[IP_TEXT_MAX];

	SET(r, record, clicks, r->clicks + 1);
	record_trace(a, r, false, "link %llu was asked for from %.*s, time %lld of this mail: %s",
		     (unsigned long long)c->click->index, STR_ARG(ip_text(&c->rq->address, ip)),
		     (long long)r->clicks, c->open ? "the reader could go on" : "the reader could not go on");
	return true;
}

void click_reply(struct request *rq)
{
	struct click c;
	struct record r;
	struct click_view v;

	if (!read_click(rq, &c, &r, &v))
		return;
	struct clicked clicked = { rq, &c, click_is_open(rq->arena, &v) };
	bool asked = !str_eq(rq->method_text, STR("HEAD"));
	if (v.mail && asked && r.clicks < CLICKS_TOLD &&
	    store_record_change(rq->api->o.store, rq->arena, r.key, note_click, &clicked, NULL))
		log_warn(rq->api->o.log, "click_not_stored", KV_STR("id", c.id));
	if (asked)
		log_info(rq->api->o.log, "click", KV_STR("id", c.id), KV_INT("link", c.index),
			 KV_C("shown", clicked.open ? "warning" : "refusal"));
	click_page(rq, 200, &v);
}

/* ---- the report ---- */

/* A reader holds what stood in the mail, so it is a user's word: it counts where the analysis says the same. */
static enum err report(struct request *rq, const struct record *about)
{
	struct str by = ARENA_JOIN(rq->arena, STR(REPORTED_BY), about->message->postfix_id);
	struct settings_who who = { .name = by, .request_id = rq->id };
	struct record *mail = submission_mail(rq, about, by);
	struct submission s;
	enum err err = submission_choose_bytes(rq, STR_NONE, mail);

	if (err)
		return err;
	submission_begin(rq, about, SUBMISSION_MALICIOUS, &s);
	SET(&s, submission, requested_by, by);
	SET(&s, submission, type, SUBMISSION_USER);
	SET(&s, submission, authority, AUTHORITY_USER);
	SET(&s, submission, original_key, about->key);
	SET(&s, submission, original_postfix_id, about->message->postfix_id);
	return store_submission_add(rq->api->o.store, rq->arena, &who, &s, mail);
}

static bool note_report(struct arena *a, struct record *r, void *ctx)
{
	(void)ctx;
	SET(r, record, link_reported, true);
	record_trace(a, r, false, "reported as malicious by a reader, on the page of its links");
	return true;
}

void click_report_reply(struct request *rq)
{
	struct store *st = rq->api->o.store;
	struct click c;
	struct record r;
	struct click_view v;
	enum err err = OK;

	if (!read_click(rq, &c, &r, &v))
		return;
	/* A kill between these two lets it be reported once more, which is better than never. */
	if (v.mail && !r.link_reported) {
		err = report(rq, &r);
		if (!err)
			err = store_record_change(st, rq->arena, r.key, note_report, NULL, NULL);
	}
	if (err) {
		problem_err(rq, err);
		return;
	}
	v.reported = v.mail != NULL;
	click_page(rq, 200, &v);
}

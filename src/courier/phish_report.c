/* One try to write a report. All is read from the store, so that a try that was killed leaves nothing to mend. */
#include "courier/phish_report.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/domain.h"
#include "courier/phish_text.h"
#include "courier/shared.h"
#include "json/read.h"
#include "store/key.h"
#include "store/reports.h"
#include "store/settings.h"

#define REPORT_BYTES \
	(512u << 20) /* two records, what is kept of a thousand more, and what their search takes */
#define RECORD_BYTES (64u << 20) /* one as it is read */
#define HOUR_US INT64_C(3600000000)
/* What comes a day after the last of a campaign is another one. */
#define CAMPAIGN_US (24 * HOUR_US)
#define SEARCH_MS 20000
#define MAILS_MAX 1000     /* of one kind of likeness; beyond it is said that there are more */
#define RECIPIENTS_MAX 200 /* kept by name */
#define SENDERS_MAX 100
#define RELEASES_MAX 20
#define NAMES_MAX 100  /* by which one report is found */
#define LINKS_LOOKED 3 /* domains of links, the first */
#define TRIES 10       /* when others write the same report */
#define BIT(cause) (1u << (cause))

/* What is kept of a mail that belongs to the report's. */
struct mail {
	int64_t key, at_us;
	int disposition;
	bool delivered, held, mixed; /* mixed: what became of it differs by recipient */
	struct str from, name;
	struct strs recipients, to[PHISH_FATES];
	struct phish_release_list releases;
};

struct mails {
	struct mail *v;
	size_t n;
};

struct writing {
	const struct job_tools *tools;
	const struct job *job;
	struct arena *arena;
	struct report_lead lead;
	struct record center; /* the report's first mail */
	struct record mail;   /* the lead's */
	struct phish_report before;
	bool has_before;
	struct strs own;      /* protected domains of the account: links to them say nothing */
	struct strs found_by; /* names: of the lead, and of all that was found to belong to it */
	struct strs names;    /* by which the report is found later */
	struct mails mails;
	size_t harmless;
	bool more, campaign;
	int64_t until_us; /* later mails are none of the report's */
	int64_t looked_us;
};

/* ---- names ---- */

/* By what its like is found: the fingerprint, or where a mail is too short for one, who wrote it. */
static struct str own_name(struct arena *a, const struct message *m)
{
	if (m->edf_hash.n)
		return ARENA_JOIN(a, STR("mail:"), m->edf_hash);
	return ARENA_JOIN(a, STR("from:"), m->from.n ? arena_lower(a, m->from) : m->postfix_id);
}

/* "" where many write from there: what comes from one of them says nothing of the others. */
static struct str sender_domain(struct arena *a, const struct record *r)
{
	struct str domain = domain_fold(a, domain_of_address(r->message->from));

	return shared_sender(a, domain) ? STR_NONE : domain;
}

/* Registrable domains of links that are neither the account's nor shared by many. */
static struct strs link_domains(const struct writing *w, const struct record *r)
{
	struct strs out = { NULL, 0 };

	for (size_t i = 0; i < r->link_hosts.n && out.n < LINKS_LOOKED; i++) {
		struct str host = domain_fold(w->arena, r->link_hosts.v[i]),
			   domain = domain_registrable(w->arena, host);
		bool own = false;
		for (size_t j = 0; j < w->own.n; j++)
			own = own || domain_same_owner(w->arena, domain, w->own.v[j]);
		if (domain.n && !own && !shared_host(w->arena, host) && !strs_has(&out, domain))
			ARENA_PUSH(w->arena, &out, domain);
	}
	return out;
}

static void push_name(struct writing *w, struct strs *names, struct str name)
{
	if (names->n < NAMES_MAX && !strs_has(names, name))
		ARENA_PUSH(w->arena, names, name);
}

static struct str name_of(struct writing *w, const char *kind, struct str domain)
{
	return ARENA_JOIN(w->arena, str_of(kind), domain);
}

/* All that a report about this mail may be found by. */
static struct strs names_of(struct writing *w, const struct record *r)
{
	struct strs names = { NULL, 0 }, links = link_domains(w, r);
	struct str domain = sender_domain(w->arena, r);

	push_name(w, &names, own_name(w->arena, r->message));
	if (domain.n)
		push_name(w, &names, name_of(w, "domain:", domain));
	for (size_t i = 0; i < links.n; i++)
		push_name(w, &names, name_of(w, "link:", links.v[i]));
	return names;
}

/* ---- the mails that belong together ---- */

static struct strs recipients_of(struct arena *a, const struct message *m)
{
	const struct strs *from = m->client_recipients.n ? &m->client_recipients : &m->envelope_to;
	struct strs out = { NULL, 0 };

	for (size_t i = 0; i < from->n && out.n < RECIPIENTS_MAX; i++)
		ARENA_PUSH(a, &out, arena_lower(a, from->v[i]));
	return out;
}

static enum phish_fate fate_of(int status)
{
	return status == DELIVERY_DELIVERED     ? PHISH_DELIVERED
	       : status == DELIVERY_QUARANTINED ? PHISH_HELD
						: PHISH_NEITHER;
}

static void take_releases(struct arena *a, const struct message *m, struct mail *out)
{
	for (size_t i = 0; i < m->action_log.n; i++) {
		const struct action_log *e = &m->action_log.v[i];
		if (!action_is_release(e))
			continue;
		struct phish_release one = { .at_us = e->completed_at };
		if (HAS(e, action_log, properties))
			one.who = arena_str(a, e->properties->requested_by);
		ARENA_PUSH(a, &out->releases, one);
	}
}

static struct mail mail_of(struct arena *a, const struct record *r)
{
	const struct message *m = r->message;
	const struct ints *statuses = &m->delivery_status;
	struct mail out = { .key = r->key,
			    .at_us = key_us(r->key),
			    .disposition = m->final_disposition,
			    .held = m->is_quarantined,
			    .mixed = statuses->n > 1,
			    .from = arena_str(a, m->from),
			    .name = own_name(a, m),
			    .recipients = recipients_of(a, m) };

	for (size_t i = 0; i < statuses->n; i++)
		out.delivered = out.delivered || statuses->v[i] == DELIVERY_DELIVERED;
	if (!out.mixed)
		out.to[statuses->n ? fate_of(statuses->v[0]) : PHISH_NEITHER] = out.recipients;
	take_releases(a, m, &out);
	return out;
}

/* What a search gives of a mail does not tell them apart. Where its record cannot be had, nobody is said to have it. */
static void take_outcomes(struct writing *w, struct mail *m)
{
	struct arena *scratch = arena_new(RECORD_BYTES, NULL, NULL);
	struct record r;

	if (store_record_by_key(w->tools->store, scratch, m->key, &r))
		m->to[PHISH_NEITHER] = m->recipients;
	else
		for (size_t i = 0; i < r.outcomes.n && i < RECIPIENTS_MAX; i++)
			ARENA_PUSH(w->arena, &m->to[fate_of(r.outcomes.v[i].status)],
				   arena_lower(w->arena, r.outcomes.v[i].address));
	arena_free(&scratch);
}

static bool has_key(const struct mails *mails, int64_t key)
{
	for (size_t i = 0; i < mails->n; i++)
		if (mails->v[i].key == key)
			return true;
	return false;
}

static void take_all(struct writing *w, const struct mails *found)
{
	for (size_t i = 0; i < found->n; i++)
		if (!has_key(&w->mails, found->v[i].key))
			ARENA_PUSH(w->arena, &w->mails, found->v[i]);
}

static bool is_bad(const struct record *r)
{
	return r->message->final_disposition >= REPORT_FROM;
}

static void take_record(struct writing *w, const struct record *r)
{
	if (is_bad(r) && !has_key(&w->mails, r->key))
		ARENA_PUSH(w->arena, &w->mails, mail_of(w->arena, r));
}

struct take {
	struct writing *w;
	struct mails found;
};

static void take_similar(const struct record *r, const struct store_likeness *likeness, void *ctx)
{
	struct take *t = ctx;

	(void)likeness;
	if (is_bad(r))
		ARENA_PUSH(t->w->arena, &t->found, mail_of(t->w->arena, r));
	else
		t->w->harmless += r->key != t->w->center.key;
}

static enum err take_found(const struct stored_message *m, void *ctx, bool *more_out)
{
	struct take *t = ctx;
	struct record r;
	enum err e = stored_message_read(m, &r);

	if (!e)
		ARENA_PUSH(t->w->arena, &t->found, mail_of(t->w->arena, &r));
	*more_out = t->found.n < MAILS_MAX;
	return e;
}

static int by_time(const void *x, const void *y)
{
	const struct mail *a = x, *b = y;

	return (a->key > b->key) - (a->key < b->key);
}

/* The most malicious ones within an hour, and when the first of these came. */
static size_t wave_of(const struct mails *mails, int64_t *from_us)
{
	size_t most = 0, n = 0;

	for (size_t first = 0, i = 0; i < mails->n; i++) {
		n += mails->v[i].disposition >= DISP_MALICIOUS;
		for (; mails->v[i].at_us - mails->v[first].at_us > HOUR_US ||
		       (first < i && mails->v[first].disposition < DISP_MALICIOUS);
		     first++)
			n -= mails->v[first].disposition >= DISP_MALICIOUS;
		if (n > most) {
			most = n;
			*from_us = mails->v[first].at_us;
		}
	}
	return most;
}

/* CAMPAIGN_MAILS malicious ones within an hour. */
static bool is_campaign(const struct mails *mails)
{
	int64_t from_us;

	if (mails->n < CAMPAIGN_MAILS)
		return false;
	qsort(mails->v, mails->n, sizeof(*mails->v), by_time);
	return wave_of(mails, &from_us) >= CAMPAIGN_MAILS;
}

static int64_t since_us(const struct writing *w)
{
	return key_us(w->center.key) - CAMPAIGN_US;
}

static enum err gather_similar(struct writing *w)
{
	struct take t = { .w = w };
	size_t count = 0;
	struct store_similar q = { .account = w->job->account,
				   .start_us = since_us(w),
				   .end_us = w->until_us,
				   .edf_hash = w->center.message->edf_hash,
				   .simhash = w->center.simhash,
				   .limit = MAILS_MAX };

	enum err e = store_similar(w->tools->store, w->arena, &q, clock_mono_ms() + SEARCH_MS, take_similar,
				   &t, &count);
	if (e)
		return e;
	w->more = w->more || count > MAILS_MAX;
	take_all(w, &t.found);
	return OK;
}

/* Malicious mails of one domain: they belong together when they are a campaign. */
static enum err gather_domain(struct writing *w, const char *kind, struct str domain, bool sender)
{
	struct take t = { .w = w };
	struct store_found page;
	struct str name = name_of(w, kind, domain);
	struct store_search q = { .account = w->job->account,
				  .start_us = since_us(w),
				  .end_us = w->until_us,
				  .detections_only = true,
				  .disposition = DISP_MALICIOUS,
				  .operation = -1,
				  .delivery_status = -1,
				  .page = 1,
				  .per_page = MAILS_MAX };

	if (sender)
		q.sender = domain;
	else
		q.domain = domain;
	enum err e =
	    store_search(w->tools->store, w->arena, &q, clock_mono_ms() + SEARCH_MS, take_found, &t, &page);
	if (e)
		return e;
	if (is_campaign(&t.found)) {
		w->campaign = true;
		w->more = w->more || t.found.n == MAILS_MAX;
		push_name(w, &w->names, name);
		take_all(w, &t.found);
	}
	return OK;
}

static enum err gather(struct writing *w)
{
	struct str domain = sender_domain(w->arena, &w->center);
	struct strs links = link_domains(w, &w->center);
	enum err e = gather_similar(w);

	w->campaign = is_campaign(&w->mails);
	if (!e && domain.n)
		e = gather_domain(w, "domain:", domain, true);
	for (size_t i = 0; i < links.n && !e; i++)
		e = gather_domain(w, "link:", links.v[i], false);
	take_record(w, &w->center);
	take_record(w, &w->mail);
	if (w->mails.n > 0)
		qsort(w->mails.v, w->mails.n, sizeof(*w->mails.v), by_time);
	for (size_t i = 0; i < w->mails.n; i++)
		push_name(w, &w->names, w->mails.v[i].name);
	return e;
}

/* ---- what is said of them ---- */

static unsigned causes_of(const struct writing *w)
{
	/* One malicious mail is no campaign. */
	unsigned causes = w->campaign ? BIT(REPORT_CAMPAIGN) : 0;

	if (w->lead.cause != REPORT_CAMPAIGN && w->lead.cause != REPORT_ANEW)
		causes |= BIT(w->lead.cause);
	for (size_t i = 0; i < w->before.causes.n; i++)
		causes |= BIT(w->before.causes.v[i]);
	return causes;
}

static void add_once(struct arena *a, const struct strs *from, struct phish_people *out)
{
	for (size_t i = 0; i < from->n && !out->more; i++) {
		if (strs_has(&out->v, from->v[i]))
			continue;
		out->more = out->v.n == RECIPIENTS_MAX;
		if (!out->more)
			ARENA_PUSH(a, &out->v, from->v[i]);
	}
}

/* Of the bad mails; where none is left, of the first one. */
static struct phish_facts facts_of(struct writing *w)
{
	struct mail center = mail_of(w->arena, &w->center);
	struct mails of = w->mails.n ? w->mails : (struct mails){ &center, 1 };
	struct phish_facts f = { .mail = &w->center,
				 .causes = causes_of(w),
				 .disposition = DISP_NONE,
				 .submitted_only = (key_shelf(w->center.key) & STORE_SUBMITTED) != 0,
				 .more = w->more,
				 .mails = w->mails.n,
				 .harmless = w->harmless,
				 .own = w->own };

	f.wave = wave_of(&of, &f.wave_us);
	f.first_us = of.v[0].at_us;
	f.last_us = of.v[of.n - 1].at_us;
	for (size_t i = 0; i < of.n; i++) {
		struct mail *m = &of.v[i];
		f.disposition = m->disposition > f.disposition ? m->disposition : f.disposition;
		f.delivered += m->delivered;
		f.held += m->held;
		if (m->mixed)
			take_outcomes(w, m);
		for (int fate = 0; fate < PHISH_FATES; fate++)
			add_once(w->arena, &m->to[fate], &f.to[fate]);
		add_once(w->arena, &m->recipients, &f.recipients);
		for (size_t j = 0; j < m->releases.n && f.releases.n < RELEASES_MAX; j++)
			ARENA_PUSH(w->arena, &f.releases, m->releases.v[j]);
		if (m->from.n && f.senders.n < SENDERS_MAX && !strs_has(&f.senders, m->from))
			ARENA_PUSH(w->arena, &f.senders, m->from);
	}
	return f;
}

/* ---- the try ---- */

/* The report tells of this lead already: another job of the same wave has looked since. */
static bool is_told(const struct writing *w)
{
	bool has_cause = false;

	for (size_t i = 0; i < w->before.causes.n; i++)
		has_cause = has_cause || w->before.causes.v[i] == w->lead.cause;
	return w->has_before && has_cause && w->before.looked_at >= store_report_due(w->job->created_us) &&
	       w->before.last_key >= w->lead.key;
}

static enum err take_center(struct writing *w, int64_t key)
{
	struct record r;

	if (key == w->center.key)
		return OK;
	enum err e = store_record_by_key(w->tools->store, w->arena, key, &r);
	if (!e)
		w->center = r;
	return e == ERR_ABSENT ? OK : e; /* it is over its time */
}

static void start(struct writing *w)
{
	w->before = (struct phish_report){ 0 };
	w->names = (struct strs){ NULL, 0 };
	w->mails = (struct mails){ NULL, 0 };
	w->center = w->mail;
	w->harmless = 0;
	w->more = false;
	w->until_us = STORE_NEWEST;
}

/* All mails of the report, whose first one is known. */
static enum err look(struct writing *w)
{
	w->looked_us = clock_now_us();
	enum err e = gather(w);
	/* What is said of the first mail, above all what to block, must be true of a bad one. */
	bool good = !is_bad(&w->center);
	if (!e && w->mails.n && (good || (w->campaign && !w->has_before)))
		e = take_center(w, w->mails.v[0].key);
	w->harmless += good && is_bad(&w->center);
	return e;
}

static void describe(struct writing *w, const struct phish_facts *facts, struct phish_report *r)
{
	*r = w->before;
	phish_text(w->arena, facts, r);
	SET(r, phish_report, key, w->center.key);
	SET(r, phish_report, looked_at, w->looked_us);
}

/* ERR_CONFLICT: somebody else wrote meanwhile. */
static enum err write_once(struct writing *w, bool *written_out)
{
	struct store *st = w->tools->store;
	int64_t since = clock_now_us() - CAMPAIGN_US;

	start(w);
	enum err e = store_report_find(st, w->arena, w->job->account, &w->found_by, since, &w->before);
	w->has_before = !e;
	*written_out = false;
	if (e && e != ERR_ABSENT)
		return e;
	if (is_told(w))
		return OK;
	e = w->has_before ? take_center(w, w->before.key) : OK;
	if (!e)
		e = look(w);
	if (e)
		return e;
	/* Where those that belong to it are reported already, the write finds that, and the next try writes to it. */
	for (size_t i = 0; i < w->names.n; i++)
		push_name(w, &w->found_by, w->names.v[i]);
	struct phish_facts facts = facts_of(w);
	if (!facts.causes)
		return OK;
	struct phish_report r;
	describe(w, &facts, &r);
	SET(&r, phish_report, last_key, w->mails.v[w->mails.n - 1].key);
	e = store_report_write(st, w->arena, w->job->account, &w->found_by, &w->names, since, &r);
	*written_out = !e;
	if (!e)
		log_info(w->tools->log, "report_written", KV_INT("report", r.id), KV_STR("title", r.title));
	return e;
}

/* ---- what is judged otherwise since ---- */

/* The mail came while the report's did. */
static bool is_of(const struct writing *w, const struct phish_report *r)
{
	int64_t at = key_us(w->lead.key);

	return at >= key_us(r->key) - CAMPAIGN_US && at <= key_us(r->last_key);
}

static enum err rewrite_once(struct writing *w, int64_t id, bool *written_out)
{
	struct store *st = w->tools->store;

	start(w);
	enum err e = store_report_get(st, w->arena, id, &w->before);
	if (e == ERR_ABSENT || (!e && w->before.looked_at >= store_report_due(w->job->created_us)))
		return OK;
	w->has_before = true;
	w->until_us = key_us(w->before.last_key);
	if (!e)
		e = take_center(w, w->before.key);
	if (!e)
		e = look(w);
	if (e)
		return e;
	struct phish_facts facts = facts_of(w);
	struct phish_report r;
	describe(w, &facts, &r);
	e = store_report_rewrite(st, w->arena, w->job->account, &r);
	*written_out = *written_out || !e;
	if (!e)
		log_info(w->tools->log, "report_written", KV_INT("report", r.id), KV_STR("title", r.title));
	return e;
}

static enum err rewrite(struct writing *w, bool *written_out)
{
	struct phish_report_list found;
	enum err e = store_reports_about(w->tools->store, w->arena, w->job->account, w->lead.key,
					 &w->found_by, &found);

	for (size_t i = 0; i < found.n && !e; i++) {
		if (!is_of(w, &found.v[i]))
			continue;
		e = ERR_CONFLICT;
		for (int j = 0; j < TRIES && e == ERR_CONFLICT; j++)
			e = rewrite_once(w, found.v[i].id, written_out);
	}
	return e;
}

/* ---- the job ---- */

static enum err write_report(struct writing *w, bool *written_out)
{
	enum err e = ERR_CONFLICT;

	/* What was found to be good since is nothing to report. */
	if (!is_bad(&w->mail))
		return OK;
	for (int i = 0; i < TRIES && e == ERR_CONFLICT; i++)
		e = write_once(w, written_out);
	return e;
}

static enum err load(struct writing *w)
{
	struct store *st = w->tools->store;

	if (json_text_read(w->arena, &report_lead_fields, w->job->data, JSON_STORED, &w->lead, NULL))
		return ERR_BUG;
	enum err e = store_record_by_key(st, w->arena, w->lead.key, &w->mail);
	return e ? e : settings_domain_names(st, w->arena, w->job->account, &w->own);
}

enum err phish_report_run(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	struct arena *a = arena_new(REPORT_BYTES, NULL, NULL);
	struct writing w = { .tools = tools, .job = job, .arena = a };
	bool written = false;
	enum err e = load(&w);

	if (!e) {
		w.found_by = names_of(&w, &w.mail);
		e = w.lead.cause == REPORT_ANEW ? rewrite(&w, &written) : write_report(&w, &written);
	}
	if (!e)
		err_set(&out->why, OK, "%s", written ? "written" : "nothing new to report");
	else if (e == ERR_ABSENT)
		e = err_set(&out->why, OK, "the mail is gone");
	else if (e != ERR_BUG)
		e = err_set(&out->why, ERR_LATER, "the store cannot be read or written now");
	arena_free(&a);
	return e;
}

/*
 * Mail to a service address that is not for copies: reports by users and by the team, mails of exercises, samples, DMARC
 * reports. It is judged like any other, so that it is known who sends it, and is always taken: an answer would tell
 * strangers what the address is. What is attached becomes submissions, for the courier to look at; what makes none is kept
 * with its reason. Only of reports by strangers each address takes so many in an hour (LIMIT_STRANGERS): whoever knows the
 * address could fill the store with them. Who comes too late is told what he is told when there is no room, and comes again.
 *
 * The bytes of an attached mail are cut out where the verdict points, and a transfer encoding is undone. Nothing else of
 * the mail is read here.
 */
#include <string.h>

#include "base/clock.h"
#include "base/domain.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "intake/attached.h"
#include "intake/internal.h"
#include "intake/queue_id.h"
#include "report/report.h"
#include "store/settings.h"
#include "store/submissions.h"

#define NAME_CHARS 320
#define NOTE_CHARS 400
#define WHO_CHARS (NAME_CHARS - sizeof("mail:"))
#define PIECE_BYTES (48u << 20) /* a record that is there already, with what its mail was judged as; a row */
#define DOMAIN_BYTES (1u << 20)

/* A mail that submits something, and what is known of it before anything is taken out. */
struct submitting {
	struct transaction *t;
	const struct verdict *v;
	struct str by; /* who sends it, as it says; "" = nobody */
	enum submission_authority authority;
	bool ours;        /* its domain is protected in this account */
	struct str doubt; /* why its word does not count */
};

/* ---- who ---- */

/* ERR_ABSENT: no, or it is not authorized. */
static enum err check_domain(const struct submitting *x, struct str name)
{
	struct arena *a = arena_new(DOMAIN_BYTES, NULL, NULL);
	struct directory_domain d;
	enum err e = directory_domain(x->t->in->store, a, name, &d);

	if (!e && (!d.authorized || d.account != x->t->account))
		e = ERR_ABSENT;
	arena_free(&a);
	return e;
}

/* For a person who wonders why a report changes nothing. */
static struct str doubt(const struct submitting *x)
{
	const struct strs *domains = &x->v->from_domains;

	if (domains->n != 1)
		return STR("its From names no domain, or several");
	if (!x->ours)
		return ARENA_JOIN(x->t->arena, domains->v[0],
				  STR(", which its From names, is no authorized domain of this account"));
	return ARENA_JOIN(x->t->arena, STR("neither DMARC nor DKIM nor SPF proves that it is from "),
			  domains->v[0], STR(", which its From names"));
}

/*
 * What a mail says is at most the word of a user, and only where From is proved and of a protected domain: whoever speaks
 * for the team writes with a token. Exercises and samples ask for nothing, so nobody's word counts for them.
 */
static enum err find_sender(struct submitting *x)
{
	const struct verdict *v = x->v;
	int purpose = x->t->service->purpose;
	struct str by = HAS(v->message, message, from) ? v->message->from : x->t->mail.from;
	enum err e = v->from_domains.n == 1 ? check_domain(x, v->from_domains.v[0]) : ERR_ABSENT;

	x->by = utf8_cut(by, WHO_CHARS);
	x->ours = e == OK;
	if (x->ours && v->submitted && v->submitted->from_proved &&
	    (purpose == PURPOSE_USER || purpose == PURPOSE_TEAM))
		x->authority = AUTHORITY_USER;
	if (!e || e == ERR_ABSENT)
		x->doubt = x->authority == AUTHORITY_USER ? STR_NONE : doubt(x);
	return e == ERR_ABSENT ? OK : e;
}

/* ---- one submission ---- */

/*
 * The same bytes by the same sender to the same address are one report for a day. Whether the sender is proved is part of
 * it, or a stranger could report first in somebody's name.
 */
static struct str digest_of(const struct submitting *x, struct arena *a, struct str sha256)
{
	const struct transaction *t = x->t;
	struct str all = arena_printf(a, "submitted %lld %d ", (long long)t->account, (int)x->authority);

	return hash_sha256_hex(a, ARENA_JOIN(a, all, t->service->address, STR(" "), sha256, STR(" "), x->by));
}

static void describe(const struct submitting *x, struct submission *s)
{
	const struct service_address *address = x->t->service;
	bool of_team = address->purpose == PURPOSE_TEAM || address->purpose == PURPOSE_THREAT_INTEL;

	*s = (struct submission){ 0 };
	if (x->by.n)
		SET(s, submission, requested_by, x->by);
	if (address->purpose != PURPOSE_DMARC)
		SET(s, submission, type, of_team ? SUBMISSION_TEAM : SUBMISSION_USER);
	if (address->purpose == PURPOSE_USER || address->purpose == PURPOSE_TEAM)
		SET(s, submission, requested_disposition, address->requested_disposition);
	SET(s, submission, customer_status, CUSTOMER_UNREVIEWED);
	SET(s, submission, status, SUBMISSION_OPEN);
	SET(s, submission, authority, (int)x->authority);
	if (x->doubt.n && HAS(s, submission, requested_disposition))
		SET(s, submission, note, utf8_cut(x->doubt, NOTE_CHARS));
}

static void tell_submitted(const struct submitting *x, const char *action, const struct record *r)
{
	const struct transaction *t = x->t;
	struct arena *a = t->arena;

	log_info(t->in->log, "submitted", KV_STR("id", r->message->postfix_id),
		 KV_STR("account", settings_account_id(t->in->store, a, t->account)),
		 KV_STR("purpose", enum_text(&address_purpose_names, t->service->purpose)),
		 KV_STR("mode", enum_text(&delivery_mode_names, r->message->delivery_mode)),
		 KV_STR("authority", enum_text(&submission_authority_names, (int)x->authority)),
		 KV_C("action", action), KV_INT("bytes", r->raw_size));
}

static enum err store_it(struct submitting *x, struct arena *a, struct str bytes, struct submission *s,
			 struct record *r)
{
	struct store *st = x->t->in->store;
	struct settings_who who = { .name = ARENA_JOIN(a, STR("mail:"), x->by) };
	enum err e = store_raw_put(st, bytes, r->raw_sha256);

	if (e)
		return e;
	return s ? store_submission_add(st, a, &who, s, r) : store_record_add(st, a, r);
}

/* Adds record and submission, if there is one, unless they are there. */
static enum err add(struct submitting *x, struct arena *a, struct str bytes, const char *action,
		    struct submission *s, struct record *r)
{
	struct transaction *t = x->t;
	struct record found;

	SET(r, record, digest, digest_of(x, a, r->raw_sha256));
	if (in_flight_enter(t->in->in_flight, r->digest, t->until_ms - ANSWER_MS))
		return ERR_LATER;
	enum err e = store_record_by_digest(t->in->store, a, store_submitted(t->account), r->digest, &found);
	if (e == ERR_ABSENT)
		e = store_it(x, a, bytes, s, r);
	else
		action = "known";
	in_flight_leave(t->in->in_flight, r->digest);
	if (!e)
		tell_submitted(x, action, r);
	return e;
}

/* ---- what is taken out ---- */

/* The mail that is attached, of which nothing is known yet: not how it came, nor for whom. */
static void fill_original(const struct submitting *x, struct arena *a, const struct attached_mail *m,
			  struct str bytes, struct record *r)
{
	const struct transaction *t = x->t;
	struct message *message = ARENA_NEW(a, struct message);
	struct detections *d = ARENA_NEW(a, struct detections);
	char ip[IP_TEXT_MAX];

	*r = (struct record){ 0 };
	SET(message, message, postfix_id, queue_id_new(a, t->received_us));
	SET(message, message, delivery_mode, transaction_mode(t));
	SET(message, message, is_phish_submission, true);
	SET(message, message, is_quarantined, false);
	if (HAS(m, attached_mail, subject))
		SET(message, message, subject, m->subject);
	d->sender_info = ARENA_NEW(a, struct sender_info);
	d->validation = ARENA_NEW(a, struct validation);
	d->has = FIELD_BIT(detections, sender_info) | FIELD_BIT(detections, validation);
	SET(r, record, account, t->account);
	SET(r, record, message, message);
	SET(r, record, detections, d);
	SET(r, record, raw_sha256, hash_sha256_hex(a, bytes));
	SET(r, record, raw_size, (int64_t)bytes.n);
	record_trace(a, r, false, "attached to a mail of purpose %.*s by %.*s, %s, from %.*s",
		     STR_ARG(enum_text(&address_purpose_names, t->service->purpose)), STR_ARG(x->by),
		     x->authority == AUTHORITY_USER ? "who is proved" : "whoever that is",
		     STR_ARG(ip_text(&t->peer->ip, ip)));
}

static enum err submit_original(struct submitting *x, const struct attached_mail *m, struct str mail)
{
	struct arena *a = arena_new(PIECE_BYTES + 2 * (size_t)m->length, NULL, NULL);
	struct str bytes = attached_bytes(a, m, mail);
	struct submission s;
	struct record r;

	fill_original(x, a, m, bytes, &r);
	describe(x, &s);
	if (HAS(m, attached_mail, subject))
		SET(&s, submission, subject, m->subject);
	enum err e = add(x, a, bytes, "submitted", &s, &r);
	arena_free(&a);
	return e;
}

/* The mail itself, for what is attached to it is none. */
static enum err keep_invalid(struct submitting *x, struct str mail, enum submission_outcome why)
{
	struct transaction *t = x->t;
	struct message *m = x->v->message;
	struct submission s;
	struct record r;

	filing_record(t, x->v, NULL, &r);
	if (m->delivery_mode == MODE_DMARC_UNVERIFIED)
		SET(m, message, delivery_mode, MODE_REVIEW_SUBMISSION); /* it is no report */
	SET(m, message, is_phish_submission, true);
	describe(x, &s);
	SET(&s, submission, status, SUBMISSION_INVALID);
	SET(&s, submission, outcome, (int)why);
	if (HAS(m, message, subject))
		SET(&s, submission, subject, m->subject);
	return add(x, t->arena, mail, "invalid", &s, &r);
}

/* ---- by purpose ---- */

static bool is_report(const struct verdict *v, enum report_kind kind)
{
	return str_eq(v->report, enum_text(&report_kind_names, (int)kind));
}

static enum submission_outcome why_nothing(const struct verdict *v)
{
	if (!v->submitted)
		return OUTCOME_UNREADABLE; /* it could not be scanned */
	if (is_report(v, REPORT_DMARC) || is_report(v, REPORT_DMARC_FAILURE) || is_report(v, REPORT_TLS))
		return OUTCOME_WRONG_ALIAS;
	return v->submitted->other_form ? OUTCOME_WRONG_EXTENSION : OUTCOME_NO_EML;
}

/* One submission for each attached mail; for those that cannot be read, and those beyond the last, one together. */
static enum err submit_originals(struct submitting *x, struct str mail)
{
	const struct submitted *s = x->v->submitted;
	bool unreadable = false;
	enum err e = OK;

	if (x->t->service->purpose == PURPOSE_TEAM && !x->ours)
		return keep_invalid(x, mail, OUTCOME_DOMAIN_NOT_CONFIGURED);
	if (!s || s->mails.n == 0)
		return keep_invalid(x, mail, why_nothing(x->v));
	for (size_t i = 0; i < s->mails.n && !e; i++) {
		const struct attached_mail *m = &s->mails.v[i];
		if (m->encoding == ATTACHED_UNREADABLE || m->length == 0)
			unreadable = true;
		else
			e = submit_original(x, m, mail);
	}
	if (!e && (unreadable || s->more_mails))
		e = keep_invalid(x, mail, unreadable ? OUTCOME_UNREADABLE : OUTCOME_TOO_LARGE);
	return e;
}

/* ERR_ABSENT: neither the domain nor one above it is verified in this account. */
static enum err check_verified(const struct submitting *x, struct str domain)
{
	enum err e = ERR_ABSENT;

	while (e == ERR_ABSENT && domain.n) {
		e = check_domain(x, domain);
		size_t dot = str_find_char(domain, '.', 0);
		domain = dot == SIZE_MAX ? STR_NONE : str_sub(domain, dot + 1, domain.n);
	}
	return e;
}

static enum err keep_dmarc(struct submitting *x, struct str mail)
{
	const struct submitted *s = x->v->submitted;
	int mode = is_report(x->v, REPORT_DMARC)           ? MODE_DMARC_AGGREGATE
		   : is_report(x->v, REPORT_DMARC_FAILURE) ? MODE_DMARC_FAILURE
							   : MODE_DIRECT;
	struct record r;
	enum err e = s && s->domains.n ? OK : ERR_ABSENT;

	if (mode == MODE_DIRECT)
		return keep_invalid(x, mail, s ? OUTCOME_WRONG_ALIAS : OUTCOME_UNREADABLE);
	for (size_t i = 0; !e && i < s->domains.n; i++)
		e = check_verified(x, s->domains.v[i]);
	if (e && e != ERR_ABSENT)
		return e;
	filing_record(x->t, x->v, NULL, &r);
	if (!e)
		SET(r.message, message, delivery_mode, mode);
	return add(x, x->t->arena, mail, "kept", NULL, &r);
}

/* Whether this address has had enough reports of those who are not proved to be its users. */
static bool is_over(const struct submitting *x)
{
	const struct transaction *t = x->t;
	int purpose = t->service->purpose;
	struct sha256 digest = hash_sha256(t->service->address);
	struct limiter_state state;
	uint64_t key;

	memcpy(&key, digest.b, sizeof(key));
	return (purpose == PURPOSE_USER || purpose == PURPOSE_TEAM) && x->authority == AUTHORITY_STRANGER &&
	       !limiter_take(t->in->strangers, key, clock_now_us(), &state);
}

#define NO_ROOM 452, "4.3.1 it could not be stored, try again later"

struct smtp_reply submitted_file(struct transaction *t)
{
	struct verdict v;
	struct submitting x = { .t = t, .v = &v, .authority = AUTHORITY_STRANGER };
	struct str mail;

	if (judge(t, &v))
		return refuse(t, WHY_SCAN, 451, "4.3.2 it cannot be scanned now, try again later");
	enum err e = find_sender(&x);
	if (e)
		return refuse(t, WHY_SETTINGS, 451, "4.3.0 settings are not readable, try again later");
	if (is_over(&x))
		return refuse(t, WHY_STRANGERS, NO_ROOM);
	e = spool_bytes(&t->spool, &mail);
	if (!e)
		e = t->service->purpose == PURPOSE_DMARC ? keep_dmarc(&x, mail) : submit_originals(&x, mail);
	if (e)
		return refuse(t, WHY_STORE, NO_ROOM);
	return smtp_reply_make(250, "2.0.0 taken");
}

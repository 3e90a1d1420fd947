/* Jobs, verdicts, questions and answers to and from bytes. Numbers are in host order: both ends are one machine. */
#include "broker/wire.h"

#include "base/cursor.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "json/read.h"
#include "json/write.h"

/* clang-format off */
#define JOB_WIRE(X, T) \
	X(T, STR,  mail_from,            F_REQUIRED, 0, 1024, none, "MAIL FROM") \
	X(T, BOOL, has_envelope,         F_REQUIRED, 0, 0, none, "there was an SMTP envelope") \
	X(T, STRS, recipients,           F_REQUIRED, 0, LIMIT_SMTP_RECIPIENTS, none, "RCPT TO") \
	X(T, STR,  client_ip,            F_REQUIRED, 0, IP_TEXT_MAX, none, "SMTP peer, empty = none") \
	X(T, STR,  helo,                 F_REQUIRED, 0, LIMIT_SMTP_LINE, none, "as the peer named itself") \
	X(T, BOOL, tls,                  F_REQUIRED, 0, 0, none, "the peer used TLS") \
	X(T, ENUM, delivery_mode,        F_REQUIRED, 0, 0, delivery_mode, "how it reached us") \
	X(T, INT,  account,              F_REQUIRED, 0, 131071, none, "account.num") \
	X(T, INT,  lookback_hops,        F_REQUIRED, 0, 20, none, "Received headers to trace back") \
	X(T, INT,  received_us,          F_REQUIRED, INT64_MIN, INT64_MAX, none, "the scan's only clock") \
	X(T, BOOL, wrapped,              F_REQUIRED, 0, 0, none, "it may be a journal report") \
	X(T, BOOL, released,             F_REQUIRED, 0, 0, none, "a person let these very bytes through to all recipients") \
	X(T, STR,  edits_for,            F_OPTIONAL, 0, 255, none, "domain of the recipients that it may be changed for; empty = it is not") \
	X(T, STR,  id,                   F_OPTIONAL, 0, 64, none, "queue id") \
	X(T, STR,  click_url,            F_OPTIONAL, 0, 200, none, "where rewritten links lead; empty = none are") \
	X(T, STR,  click_key,            F_OPTIONAL, 0, 64, none, "hex; what they are signed with") \
	X(T, STR,  authserv_id,          F_REQUIRED, 0, 1024, none, "ours") \
	X(T, STRS, trusted_authserv_ids, F_REQUIRED, 0, 1000, none, "believed where there is no peer") \
	X(T, STRS, protected_domains,    F_REQUIRED, 0, 100000, none, "of the account") \
	X(T, STR,  header_prefix,        F_REQUIRED, 0, 200, none, "of the headers we add")
/* clang-format on */
FIELDS_DECLARE(job_wire, JOB_WIRE);
FIELDS_DEFINE(job_wire, JOB_WIRE);

static const struct json_write ourselves = { .audience = JSON_FOR_OURSELVES };

void wire_job_write(struct buf *b, const struct scan_job *job)
{
	char ip[IP_TEXT_MAX];
	struct job_wire w = {
		.has = UINT64_MAX >> (64 - job_wire_F_COUNT),
		.mail_from = job->mail_from,
		.has_envelope = job->has_envelope,
		.recipients = job->recipients,
		.client_ip = job->client_ip.family ? ip_text(&job->client_ip, ip) : STR(""),
		.helo = job->helo,
		.tls = job->tls,
		.delivery_mode = job->delivery_mode,
		.account = job->account,
		.lookback_hops = job->lookback_hops,
		.received_us = job->received_us,
		.wrapped = job->wrapped,
		.released = job->released,
		.edits_for = job->edits_for,
		.id = job->id,
		.click_url = job->click_url,
		.click_key = job->click_key,
		.authserv_id = job->authserv_id,
		.trusted_authserv_ids = job->trusted_authserv_ids,
		.protected_domains = job->protected_domains,
		.header_prefix = job->header_prefix,
	};

	json_object_write(b, &job_wire_fields, &w, &ourselves);
}

void wire_job_add_policy(struct buf *b)
{
	buf_add_char(b, '\n'); /* which JSON as we write it never holds */
}

enum err wire_job_read(struct arena *a, struct str text, struct scan_job *job_out,
		       struct policy_source **policy_out, struct errbuf *eb)
{
	size_t nl = str_find_char(text, '\n', 0);
	struct job_wire w = { 0 };
	enum err e = json_text_read(a, &job_wire_fields, str_sub(text, 0, nl), JSON_PEER, &w, eb);

	if (e != OK)
		return e;
	*policy_out = NULL;
	if (nl < text.n) {
		*policy_out = ARENA_NEW(a, struct policy_source);
		e = wire_policy_read(a, str_sub(text, nl + 1, text.n), *policy_out, eb);
		if (e != OK)
			return e;
	}
	*job_out = (struct scan_job){
		.mail_from = w.mail_from,
		.has_envelope = w.has_envelope,
		.recipients = w.recipients,
		.helo = w.helo,
		.tls = w.tls,
		.delivery_mode = w.delivery_mode,
		.account = w.account,
		.lookback_hops = (int)w.lookback_hops,
		.received_us = w.received_us,
		.wrapped = w.wrapped,
		.released = w.released,
		.edits_for = w.edits_for,
		.id = w.id,
		.click_url = w.click_url,
		.click_key = w.click_key,
		.authserv_id = w.authserv_id,
		.trusted_authserv_ids = w.trusted_authserv_ids,
		.protected_domains = w.protected_domains,
		.header_prefix = w.header_prefix,
	};
	return w.client_ip.n ? ip_parse(w.client_ip, &job_out->client_ip) : OK;
}

void wire_policy_write(struct buf *b, const struct policy_source *source)
{
	json_object_write(b, &policy_source_fields, source, &ourselves);
}

enum err wire_policy_read(struct arena *a, struct str text, struct policy_source *out, struct errbuf *eb)
{
	*out = (struct policy_source){ 0 };
	return json_text_read(a, &policy_source_fields, text, JSON_PEER, out, eb);
}

void wire_verdict_write(struct buf *b, const struct verdict *v)
{
	json_object_write(b, &verdict_fields, v, &ourselves);
}

enum err wire_verdict_read(struct arena *a, struct str text, struct verdict *out, struct errbuf *eb)
{
	*out = (struct verdict){ 0 };
	return json_peer_read(a, &verdict_fields, text, LIMIT_VERDICT_NODES, out, eb);
}

/* ---- binary ---- */

static void put(struct buf *b, const void *p, size_t n)
{
	buf_add(b, str_from(p, n));
}

static void put_u16(struct buf *b, size_t v)
{
	uint16_t x = (uint16_t)v;

	ASSERT(v <= UINT16_MAX);
	put(b, &x, sizeof(x));
}

static bool get(struct cursor *c, void *out, size_t n)
{
	if (cursor_left(c) < n)
		return false;
	memcpy(out, c->at, n);
	c->at += n;
	return true;
}

static bool get_str(struct arena *a, struct cursor *c, size_t max, struct str *out)
{
	uint16_t n;

	if (!get(c, &n, sizeof(n)) || n > max || cursor_left(c) < n)
		return false;
	*out = arena_str(a, str_from(c->at, n));
	c->at += n;
	return true;
}

void wire_asks_write(struct buf *b, const struct ask *asks, size_t n)
{
	put_u16(b, n);
	for (size_t i = 0; i < n; i++) {
		buf_add_char(b, (char)asks[i].kind);
		put_u16(b, asks[i].rrtype);
		put_u16(b, asks[i].name.n);
		buf_add(b, asks[i].name);
	}
}

static bool is_askable(const struct ask *ask)
{
	if (ask->name.n == 0)
		return false;
	if (ask->kind == ASK_HISTORY)
		return ask->rrtype == 0 && str_find_char(ask->name, ':', 0) != SIZE_MAX &&
		       utf8_is_valid(ask->name);
	if (ask->kind == ASK_VIRUS)
		return ask->rrtype == 0 && str_eq(ask->name, STR(ASK_VIRUS_NAME));
	if (ask->kind == ASK_AGE)
		return ask->rrtype == 0;
	if (ask->kind == ASK_LISTED)
		return ask->rrtype == RR_A;
	switch (ask->rrtype) {
	case RR_A:
	case RR_NS:
	case RR_PTR:
	case RR_MX:
	case RR_TXT:
	case RR_AAAA:
		return true;
	default:
		return false;
	}
}

static size_t asks_most(void)
{
	size_t n = 0;

	for (int kind = ASK_DNS; kind < ASK_KINDS; kind++)
		n += ask_limits[kind].most;
	return n;
}

enum err wire_asks_read(struct arena *a, struct str bytes, struct ask **out, size_t *n_out)
{
	struct cursor c = cursor_of(bytes);
	uint16_t n;

	if (!get(&c, &n, sizeof(n)) || n == 0)
		return ERR_SYNTAX;
	if (n > asks_most())
		return ERR_LIMIT;
	struct ask *asks = ARENA_ARRAY(a, n, struct ask);
	for (size_t i = 0; i < n; i++) {
		uint8_t kind;
		if (!get(&c, &kind, 1) || kind < ASK_DNS || kind >= ASK_KINDS ||
		    !get(&c, &asks[i].rrtype, sizeof(asks[i].rrtype)))
			return ERR_SYNTAX;
		asks[i].kind = (enum ask_kind)kind;
		if (!get_str(a, &c, ask_limits[kind].longest, &asks[i].name) || !is_askable(&asks[i]))
			return ERR_SYNTAX;
	}
	*out = asks;
	*n_out = n;
	return cursor_done(&c) ? OK : ERR_SYNTAX;
}

/* What is answered by a history, and not by records. */
static bool is_of_time(enum ask_kind kind)
{
	return kind == ASK_HISTORY || kind == ASK_AGE;
}

static void put_answer(struct buf *b, enum ask_kind kind, const struct answer *answer)
{
	buf_add_char(b, (char)answer->status);
	if (is_of_time(kind)) {
		put(b, &answer->history, sizeof(answer->history));
		return;
	}
	put_u16(b, answer->records.n);
	for (size_t i = 0; i < answer->records.n; i++) {
		put_u16(b, answer->records.v[i].preference);
		put_u16(b, answer->records.v[i].data.n);
		buf_add(b, answer->records.v[i].data);
	}
}

static size_t answer_bytes(enum ask_kind kind, const struct answer *answer)
{
	size_t n = 1 + (is_of_time(kind) ? sizeof(answer->history) : 2);

	for (size_t i = 0; !is_of_time(kind) && i < answer->records.n; i++)
		n += 4 + answer->records.v[i].data.n;
	return n;
}

void wire_answers_write(struct buf *b, const struct ask *asks, const struct answer *answers, size_t n)
{
	static const struct answer none = { .status = ANSWER_TEMPERROR };
	size_t least = 1 + sizeof(struct history); /* what each answer after this one may still need */

	for (size_t i = 0; i < n; i++) {
		size_t reserve = least * (n - i);
		bool fits = b->n + answer_bytes(asks[i].kind, &answers[i]) + reserve <= b->max;
		put_answer(b, asks[i].kind, fits ? &answers[i] : &none);
	}
}

static bool get_answer(struct arena *a, struct cursor *c, enum ask_kind kind, struct answer *out)
{
	uint8_t status;
	uint16_t n;

	if (!get(c, &status, 1) || status > ANSWER_TEMPERROR)
		return false;
	out->status = (enum answer_status)status;
	if (is_of_time(kind))
		return get(c, &out->history, sizeof(out->history));
	if (!get(c, &n, sizeof(n)) || n > LIMIT_ASK_RECORDS)
		return false;
	out->records.v = ARENA_ARRAY(a, n, struct dns_record);
	out->records.n = n;
	for (size_t i = 0; i < n; i++) {
		struct dns_record *r = &out->records.v[i];
		if (!get(c, &r->preference, sizeof(r->preference)) ||
		    !get_str(a, c, LIMIT_ASK_RECORD, &r->data))
			return false;
	}
	return true;
}

enum err wire_answers_read(struct arena *a, struct str bytes, const struct ask *asks, size_t n,
			   struct answer *answers_out)
{
	struct cursor c = cursor_of(bytes);

	for (size_t i = 0; i < n; i++) {
		answers_out[i] = (struct answer){ 0 };
		if (!get_answer(a, &c, asks[i].kind, &answers_out[i]))
			return ERR_SYNTAX;
	}
	return cursor_done(&c) ? OK : ERR_SYNTAX;
}

enum err wire_worker_read(struct str bytes, struct wire_worker *out)
{
	if (bytes.n != sizeof(*out))
		return ERR_SYNTAX;
	memcpy(out, bytes.p, sizeof(*out));
	return OK;
}

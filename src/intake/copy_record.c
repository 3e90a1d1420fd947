/* Recipients and digest of a copy. */
#include "intake/copy_record.h"

#include "base/domain.h"
#include "base/hash.h"
#include "base/limits.h"
#include "intake/settle.h"

#define DOMAIN_BYTES 16384 /* of one that was found: 3 kB */

/* Headers in which a provider says for whom this copy was made. */
static const struct str recipient_headers[] = {
	STR_INIT("X-Gm-Original-To"),
	STR_INIT("Delivered-To"),
	STR_INIT("X-Original-To"),
	STR_INIT("Envelope-To"),
};

static struct str bare_address(struct str s)
{
	size_t open = str_rfind_char(s, '<');

	if (open != SIZE_MAX) {
		s = str_sub(s, open + 1, s.n);
		size_t close = str_find_char(s, '>', 0);
		s = str_sub(s, 0, close);
	}
	return str_trim(s);
}

/* Who asks, and what is found. */
struct search {
	struct arena *arena;
	struct store *store;
	int64_t account;
	int mode;
	struct strs found;
	struct str domain; /* the last one that was looked up: most addresses of a mail are of one */
	bool takes;
	enum err failed;
};

/* Whether the domain is protected, of this account, and takes copies. */
static bool takes_copies(struct search *s, struct str domain)
{
	struct directory_domain d;

	if (str_eq(s->domain, domain))
		return s->takes;
	struct arena *scratch = arena_new(DOMAIN_BYTES, NULL, NULL);
	enum err e = directory_domain(s->store, scratch, domain, &d);
	s->domain = domain;
	s->takes = !e && d.account == s->account && directory_domain_allows(&d, s->mode);
	if (e && e != ERR_ABSENT)
		s->failed = e;
	arena_free(&scratch);
	return s->takes;
}

static bool has_address(const struct strs *list, struct str address)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq_nocase(list->v[i], address))
			return true;
	return false;
}

/* Adds an address once. */
static void consider(struct search *s, struct str address)
{
	if (takes_copies(s, domain_of_address(address)) && !has_address(&s->found, address))
		ARENA_PUSH(s->arena, &s->found, address);
}

static void consider_all(struct search *s, const struct strs *list)
{
	for (size_t i = 0; i < list->n; i++)
		consider(s, list->v[i]);
}

static void consider_fields(struct search *s, const struct verdict *v)
{
	consider_all(s, &v->message->to);
	consider_all(s, &v->message->cc);
	for (size_t i = 0; i < v->detections->headers.n; i++)
		for (size_t j = 0; j < ARRAY_LEN(recipient_headers); j++)
			if (str_eq_nocase(v->detections->headers.v[i].name, recipient_headers[j]))
				consider(s, bare_address(v->detections->headers.v[i].value));
}

enum err copy_recipients(struct arena *a, struct store *st, int64_t account, int mode,
			 const struct verdict *v, struct strs *out)
{
	struct search s = { .arena = a, .store = st, .account = account, .mode = mode, .failed = OK };

	consider_fields(&s, v);
	*out = s.found;
	return s.failed;
}

enum err copy_recipients_of_report(struct arena *a, struct store *st, int64_t account, int mode,
				   const struct verdict *v, struct strs *out)
{
	struct search s = { .arena = a, .store = st, .account = account, .mode = mode, .failed = OK };

	consider_all(&s, &v->journaled->recipients);
	if (!v->journaled->mail)
		consider_fields(&s, v);
	*out = s.found;
	return s.failed;
}

/* False: there is no room for it. */
static bool add(struct arena *a, struct record *r, struct str address)
{
	struct outcome o = { 0 };

	for (size_t i = 0; i < r->outcomes.n; i++)
		if (str_eq_nocase(r->outcomes.v[i].address, address))
			return true;
	if (r->outcomes.n >= LIMIT_SMTP_RECIPIENTS)
		return false;
	SET(&o, outcome, address, arena_str(a, address));
	SET(&o, outcome, status, DELIVERY_DELIVERED);
	ARENA_PUSH(a, &r->outcomes, o);
	ARENA_PUSH(a, &r->message->client_recipients, o.address);
	r->has |= FIELD_BIT(record, outcomes);
	r->message->has |= FIELD_BIT(message, client_recipients);
	return true;
}

size_t copy_add_recipients(struct arena *a, struct record *r, const struct strs *recipients)
{
	size_t before = r->outcomes.n, left = 0;

	for (size_t i = 0; i < recipients->n; i++)
		left += !add(a, r, recipients->v[i]);
	if (left)
		record_trace(a, r, false, "%zu recipient%s more %s not listed: a message has at most %d",
			     left, left == 1 ? "" : "s", left == 1 ? "is" : "are", LIMIT_SMTP_RECIPIENTS);
	return r->outcomes.n - before;
}

void copy_add_envelope(struct arena *a, struct record *r, const struct strs *recipients)
{
	struct strs *to = &r->message->envelope_to;

	for (size_t i = 0; i < recipients->n && to->n < LIMIT_SMTP_RECIPIENTS; i++)
		if (!has_address(to, recipients->v[i]))
			ARENA_PUSH(a, to, arena_str(a, recipients->v[i]));
}

struct str copy_digest(struct arena *a, int64_t account, const struct verdict *v, struct str sha256)
{
	struct str content = v->content_sha256.n ? v->content_sha256 : sha256;

	return hash_sha256_hex(a, arena_printf(a, "copy %lld %.*s", (long long)account, STR_ARG(content)));
}

/* ---- another copy ---- */

/*
 * The host that sent a copy is known from its trace fields alone, and who sends the first copy may have written those.
 * So a copy by another host counts for itself, and the worse verdict stands; one that came about stands before none.
 */
static bool stands(const struct message *now, const struct message *other)
{
	int a = now->final_disposition, b = other->final_disposition;

	if (str_eq(now->smtp_helo_server_ip, other->smtp_helo_server_ip) || b == DISP_UNKNOWN)
		return true;
	return a != DISP_UNKNOWN && a >= b;
}

bool copy_join(struct arena *a, struct record *r, void *ctx)
{
	struct copy_joining *copy = ctx;
	size_t lines = r->trace.n;
	bool same = stands(r->message, copy->v->message);

	if (!same) {
		record_judge(r, copy->v);
		SET(r, record, rescan, false);
		record_trace(a, r, false, "another copy came by %.*s: verdict %.*s, %zu finding%s",
			     STR_ARG(r->message->smtp_helo_server_ip),
			     STR_ARG(enum_text(&disposition_names, r->message->final_disposition)),
			     r->message->findings.n, r->message->findings.n == 1 ? "" : "s");
	}
	size_t added = copy_add_recipients(a, r, &copy->recipients);
	if (copy->reported)
		copy_add_envelope(a, r, &copy->recipients);
	copy->news = !same || added > 0;
	if (!copy->news && r->trace.n == lines)
		return false;
	if (added)
		record_trace(a, r, false, "another copy came, for %zu recipient%s more", added,
			     added == 1 ? "" : "s");
	settle_record(a, r);
	return true;
}

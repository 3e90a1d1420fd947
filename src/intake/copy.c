/*
 * Copies: mail to a service address was delivered elsewhere. It is judged and filed, never
 * passed on, never refused for what it says, and copies of one message become one record with several
 * recipients.
 */
#include "base/limits.h"
#include "intake/internal.h"

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

/* Adds an address once, when its domain is protected, of this account, and takes copies. */
static void add_recipient(struct transaction *t, struct strs *list, struct str address)
{
	size_t at = str_rfind_char(address, '@');
	const struct directory_domain *d =
	    at == SIZE_MAX ? NULL : directory_domain(t->directory, str_sub(address, at + 1, address.n));

	if (!d || d->account != t->account || !directory_domain_allows(d, t->service->mode))
		return;
	for (size_t i = 0; i < list->n; i++)
		if (str_eq_nocase(list->v[i], address))
			return;
	ARENA_PUSH(t->arena, list, address);
}

static struct strs recipients_of(struct transaction *t, const struct verdict *v)
{
	struct strs list = { 0 };

	for (size_t i = 0; i < v->message->to.n; i++)
		add_recipient(t, &list, v->message->to.v[i]);
	for (size_t i = 0; i < v->message->cc.n; i++)
		add_recipient(t, &list, v->message->cc.v[i]);
	for (size_t i = 0; i < v->detections->headers.n; i++)
		for (size_t j = 0; j < ARRAY_LEN(recipient_headers); j++)
			if (str_eq_nocase(v->detections->headers.v[i].name, recipient_headers[j]))
				add_recipient(t, &list, bare_address(v->detections->headers.v[i].value));
	return list;
}

/* False: there is no room for it. */
static bool add_outcome(struct arena *a, struct record *r, struct str address)
{
	struct outcome o = { 0 };

	for (size_t i = 0; i < r->outcomes.n; i++)
		if (str_eq_nocase(r->outcomes.v[i].address, address))
			return true;
	if (r->outcomes.n >= LIMIT_SMTP_RECIPIENTS)
		return false;
	SET(&o, outcome, address, arena_str(a, address));
	SET(&o, outcome, status, DELIVERY_DELIVERED); /* the provider did, before it sent us the copy */
	ARENA_PUSH(a, &r->outcomes, o);
	ARENA_PUSH(a, &r->message->client_recipients, o.address);
	r->message->has |= FIELD_BIT(message, client_recipients);
	return true;
}

static void add_outcomes(struct arena *a, struct record *r, const struct strs *recipients)
{
	size_t left = 0;

	for (size_t i = 0; i < recipients->n; i++)
		left += !add_outcome(a, r, recipients->v[i]);
	if (left)
		record_trace(a, r, false, "%zu recipients more are not listed: a message has at most %d",
			     left, LIMIT_SMTP_RECIPIENTS);
}

/* What comes with another copy. */
struct joining {
	struct strs recipients;
	const struct verdict *v;
};

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

static bool join(struct arena *a, struct record *r, void *ctx)
{
	const struct joining *copy = ctx;
	size_t before = r->outcomes.n, lines = r->trace.n;
	bool same = stands(r->message, copy->v->message);

	if (!same) {
		record_judge(r, copy->v);
		SET(r, record, rescan, false);
		record_trace(a, r, false, "another copy came by %.*s: verdict %.*s, %zu findings",
			     STR_ARG(r->message->smtp_helo_server_ip),
			     STR_ARG(enum_text(&disposition_names, r->message->final_disposition)),
			     r->message->findings.n);
	}
	add_outcomes(a, r, &copy->recipients);
	if (same && r->outcomes.n == before && r->trace.n == lines)
		return false;
	if (r->outcomes.n > before)
		record_trace(a, r, false, "another copy came, for %zu recipients more",
			     r->outcomes.n - before);
	filing_settle(a, r);
	return true;
}

/*
 * Equal content of one account is one message, whichever recipient's copy it is; the Message-ID
 * proves nothing.
 */
static struct str copy_digest(struct transaction *t, const struct verdict *v, const struct str sha256)
{
	struct str content = v->content_sha256.n ? v->content_sha256 : sha256;
	struct str text = arena_printf(t->arena, "copy %lld %.*s", (long long)t->account, STR_ARG(content));

	return hash_sha256_hex(t->arena, text);
}

/* Adds the recipients to the record that is there, which *r then is, or files the first copy. */
static enum err file(struct transaction *t, const struct verdict *v, struct record *r)
{
	struct joining copy = { recipients_of(t, v), v };
	struct record known;
	enum err e = store_record_by_digest(t->in->store, t->arena, t->account, r->digest, &known);

	if (e == OK)
		return store_record_change(t->in->store, t->arena, known.key, join, &copy, r);
	if (e != ERR_ABSENT)
		return e;
	add_outcomes(t->arena, r, &copy.recipients);
	SET(r, record, rescan, v->message->final_disposition == DISP_UNKNOWN);
	filing_settle(t->arena, r);
	return filing_commit(t, v, r);
}

struct smtp_reply copy_file(struct transaction *t)
{
	struct verdict v;
	struct record r;

	if (judge(t, &v))
		return smtp_reply_make(451, "4.3.2 too busy to scan, try again later");
	filing_record(t, &v, &r);
	struct str digest = copy_digest(t, &v, r.raw_sha256);
	SET(&r, record, digest, digest);
	if (in_flight_enter(t->in->in_flight, digest, t->until_ms))
		return smtp_reply_make(451, "4.3.0 another copy of this message is being filed");
	enum err e = file(t, &v, &r);
	in_flight_leave(t->in->in_flight, digest);
	if (e)
		return smtp_reply_make(452, "4.3.1 the copy could not be stored, try again later");
	tell(t, "copy", &r, 250);
	return smtp_reply_make(250, "2.0.0 filed as %.*s", STR_ARG(r.message->postfix_id));
}

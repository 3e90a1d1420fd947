/*
 * A store of many mails to search in: bench_fill DIR MAILS. One that is there already is only indexed, which a newer
 * program may have to do anew.
 *
 * The rows and tokens are those of the server, made by its code; only their times are given instead of drawn, so that
 * they lie evenly over the SPREAD_DAYS before now. Four fifths belong to the first account, the rest to the second. One
 * mail in twenty is a detection; senders, recipients, hosts of links and words of subjects have the frequencies of a Zipf
 * distribution, so that there are common and rare ones. The first account also gets POLICIES allow policies.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "model/allow_policy.h"
#include "store/internal.h"
#include "store/key.h"
#include "store/row.h"
#include "store/settings.h"

#define SPREAD_DAYS 29
#define BATCH 5000 /* mails of one transaction */
#define WORDS 20000
#define SENDERS 40000
#define RECIPIENTS 3000
#define HOSTS 20000
#define POLICIES 1000
#define ARENA_BYTES ((size_t)64 << 20)

#define MUST(call)                                                          \
	do {                                                                \
		enum err err_ = (call);                                     \
		if (err_) {                                                 \
			fprintf(stderr, "%s: %s\n", #call, err_name(err_)); \
			exit(1);                                            \
		}                                                           \
	} while (0)

static uint64_t state = 20261128;

static double random_unit(void)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (double)(state >> 11) / 9007199254740992.0;
}

static size_t random_below(size_t n)
{
	return (size_t)(random_unit() * (double)n);
}

/* 0 most often; the n-th about 1/n as often. */
static size_t zipf(size_t n)
{
	return (size_t)pow((double)n + 1, random_unit()) - 1;
}

static bool happens(double share)
{
	return random_unit() < share;
}

/* A pronounceable name of its own for each number. */
static struct str name(struct arena *a, size_t number)
{
	static const char first[] = "bdfghklmnprstvwz", second[] = "aeiou";
	char text[32];
	size_t n = 0;

	for (number += 97; number && n < sizeof(text) - 2; number /= 80) {
		text[n++] = first[number % 80 / 5];
		text[n++] = second[number % 5];
	}
	return arena_str(a, str_from(text, n));
}

static struct str host(struct arena *a, size_t number)
{
	static const struct {
		const char *before, *after;
	} forms[] = { { "", "com" }, { "mail.", "org" }, { "", "co.uk" }, { "news.eu.", "net" } };
	size_t form = number % ARRAY_LEN(forms);

	return arena_printf(a, "%s%.*s.%s", forms[form].before, STR_ARG(name(a, number)), forms[form].after);
}

static struct str sender(struct arena *a, size_t number)
{
	return arena_printf(a, "%.*s.%.*s@%.*s", STR_ARG(name(a, number % 500)), STR_ARG(name(a, number)),
			    STR_ARG(host(a, number / 3)));
}

static struct str recipient(struct arena *a, size_t number)
{
	return arena_printf(a, "%.*s@%s", STR_ARG(name(a, number)),
			    number % 3 ? "protected.example" : "sales.protected.example");
}

static struct str address_of_host(struct arena *a)
{
	return arena_printf(a, "192.%zu.%zu.%zu", zipf(200), zipf(200), zipf(250));
}

static struct str sentence(struct arena *a, size_t words)
{
	struct buf b;

	buf_init(&b, 4096);
	for (size_t i = 0; i < words; i++)
		buf_printf(&b, "%s%.*s", i ? " " : "", STR_ARG(name(a, zipf(WORDS))));
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static int disposition(void)
{
	static const struct {
		double share;
		int disposition;
	} shares[] = {
		{ 0.020, DISP_SPAM },      { 0.010, DISP_BULK },  { 0.008, DISP_SUSPICIOUS },
		{ 0.006, DISP_MALICIOUS }, { 0.005, DISP_SPOOF }, { 0.001, DISP_BEC },
	};
	double at = random_unit();

	for (size_t i = 0; i < ARRAY_LEN(shares); i++) {
		if (at < shares[i].share)
			return shares[i].disposition;
		at -= shares[i].share;
	}
	return DISP_NONE;
}

static void add_people(struct arena *a, struct record *r)
{
	struct message *m = r->message;
	struct str from = sender(a, zipf(SENDERS));
	size_t n = 1 + zipf(3);

	SET(m, message, from, from);
	SET(m, message, from_name, sentence(a, 2));
	SET(m, message, envelope_from, happens(0.7) ? from : sender(a, zipf(SENDERS)));
	if (happens(0.1))
		SET(m, message, replyto, sender(a, zipf(SENDERS)));
	for (size_t i = 0; i < n; i++) {
		struct outcome o = { 0 };
		struct str to = recipient(a, zipf(RECIPIENTS));
		ARENA_PUSH(a, &m->envelope_to, to);
		ARENA_PUSH(a, &m->client_recipients, to);
		ARENA_PUSH(a, &m->to, to);
		ARENA_PUSH(a, &m->to_name, name(a, i));
		SET(&o, outcome, address, to);
		SET(&o, outcome, status, DELIVERY_DELIVERED);
		ARENA_PUSH(a, &r->outcomes, o);
	}
	if (happens(0.1))
		ARENA_PUSH(a, &m->cc, recipient(a, zipf(RECIPIENTS)));
	m->has |= FIELD_BIT(message, envelope_to) | FIELD_BIT(message, client_recipients) |
		  FIELD_BIT(message, to) | FIELD_BIT(message, to_name) | FIELD_BIT(message, cc);
	r->has |= FIELD_BIT(record, outcomes);
}

static void add_verdict(struct arena *a, struct record *r, struct detections *d)
{
	struct message *m = r->message;
	int disp = disposition();
	bool bad = disp != DISP_NONE;

	SET(m, message, final_disposition, disp);
	SET(d, detections, final_disposition, disp);
	SET(d, detections, action, bad ? STR("QUARANTINED") : STR("DELIVERED"));
	SET(m, message, is_quarantined, bad);
	for (size_t i = 0; bad && i < 2; i++) {
		struct finding f = { 0 };
		SET(&f, finding, name, name(a, zipf(40)));
		SET(&f, finding, detection, disp);
		SET(&f, finding, score, 0.55);
		SET(&f, finding, reason, sentence(a, 8));
		SET(&f, finding, field, STR("body"));
		ARENA_PUSH(a, &m->findings, f);
		ARENA_PUSH(a, &m->detection_reasons, f.reason);
		m->has |= FIELD_BIT(message, findings) | FIELD_BIT(message, detection_reasons);
	}
	ARENA_PUSH(a, &m->delivery_status,
		   bad             ? DELIVERY_QUARANTINED
		   : happens(0.02) ? DELIVERY_DEFERRED
				   : DELIVERY_DELIVERED);
	m->has |= FIELD_BIT(message, delivery_status);
	if (happens(0.005)) {
		ARENA_PUSH(a, &m->post_delivery_operations,
			   (int)random_below((size_t)post_delivery_op_names.n));
		m->has |= FIELD_BIT(message, post_delivery_operations);
	}
}

static void add_parts(struct arena *a, struct record *r, struct detections *d)
{
	for (size_t n = random_below(6); n > 0; n--) {
		struct link link = { 0 };
		struct str at = host(a, zipf(HOSTS));
		SET(&link, link, href, arena_printf(a, "https://%.*s/%zu", STR_ARG(at), zipf(100000)));
		SET(&link, link, text, sentence(a, 3));
		ARENA_PUSH(a, &d->links, link);
		ARENA_PUSH(a, &r->link_hosts, at);
		r->has |= FIELD_BIT(record, link_hosts);
		d->has |= FIELD_BIT(detections, links);
	}
	if (happens(0.15)) {
		struct attachment f = { 0 };
		SET(&f, attachment, name, arena_printf(a, "%.*s.pdf", STR_ARG(sentence(a, 2))));
		SET(&f, attachment, size, (int64_t)random_below(1000000));
		SET(&f, attachment, content_type, STR("application/pdf"));
		SET(&f, attachment, md5, hash_md5_hex(a, r->message->message_id));
		SET(&f, attachment, sha256, hash_sha256_hex(a, r->message->message_id));
		ARENA_PUSH(a, &d->attachments, f);
		d->has |= FIELD_BIT(detections, attachments);
	}
}

static struct record *make(struct arena *a, size_t number, int64_t account, int64_t at_us)
{
	struct record *r = ARENA_NEW(a, struct record);
	struct message *m = ARENA_NEW(a, struct message);
	struct detections *d = ARENA_NEW(a, struct detections);
	struct validation *v = ARENA_NEW(a, struct validation);

	*r = (struct record){ 0 };
	*m = (struct message){ 0 };
	*d = (struct detections){ 0 };
	*v = (struct validation){ 0 };
	SET(r, record, account, account);
	SET(r, record, message, m);
	SET(r, record, detections, d);
	SET(m, message, postfix_id, arena_printf(a, "4Bench%08zx", number));
	SET(m, message, message_id,
	    arena_printf(a, "<%zx.%zu@%.*s>", number, random_below(1000000), STR_ARG(host(a, zipf(HOSTS)))));
	SET(m, message, subject, sentence(a, 2 + random_below(8)));
	SET(m, message, sent_at, at_us - (int64_t)random_below(60) * 1000000);
	SET(m, message, delivery_mode, MODE_DIRECT);
	SET(m, message, edf_hash, str_sub(hash_sha256_hex(a, m->subject), 0, 32));
	SET(m, message, smtp_helo_server_ip, address_of_host(a));
	SET(m, message, smtp_previous_hop_ip, m->smtp_helo_server_ip);
	SET(v, validation, spf, AUTH_PASS);
	SET(v, validation, dkim, AUTH_PASS);
	SET(v, validation, dmarc, AUTH_PASS);
	SET(m, message, validation, v);
	add_people(a, r);
	add_verdict(a, r, d);
	add_parts(a, r, d);
	record_trace(a, r, false, "received from %.*s", STR_ARG(m->smtp_helo_server_ip));
	record_trace(a, r, true, "given to the next hop: 250 2.0.0 Ok: queued as %zx", number);
	return r;
}

/* As messages.c adds one. */
static enum err insert(struct sql *c, struct arena *a, const struct record *r, int64_t key)
{
	struct row row;
	enum err err = row_of_record(a, r, &row);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "INSERT INTO msg(id, postfix_id, suffix, disp, held, rescan, "
					    "rev, digest, raw, dict, message, rest) "
					    "VALUES($1, $2, $3, $4, $5, 0, 0, NULL, NULL, 0, $6, $7)");
	sql_bind_int(s, 1, key);
	sql_bind_str(s, 2, row.postfix_id);
	sql_bind_int(s, 3, (int64_t)(random_unit() * 4294967295.0));
	sql_bind_int(s, 4, row.detection);
	sql_bind_int(s, 5, row.held);
	sql_bind_blob(s, 6, row.message);
	sql_bind_blob(s, 7, row.rest);
	return sql_run(s, NULL);
}

static void add_mails(struct store *st, const int64_t accounts[2], size_t n)
{
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	int64_t spread_us = INT64_C(1000000) * 86400 * SPREAD_DAYS, first_us = clock_now_us() - spread_us;

	for (size_t i = 0; i < n;) {
		struct sql *c;
		MUST(sql_write_begin(st->messages, &c));
		for (size_t k = 0; k < BATCH && i < n; k++, i++) {
			int64_t account = accounts[i % 5 == 4];
			int64_t at_us = first_us + (int64_t)((double)spread_us * (double)i / (double)n);
			arena_reset(a);
			MUST(insert(c, a, make(a, i, account, at_us), key_at(account, at_us)));
		}
		MUST(sql_commit(&c));
		MUST(sql_checkpoint(st->messages, 16384));
	}
	arena_free(&a);
}

static void add_index(struct store *st)
{
	static const struct store_upkeep keep_all;
	bool more = true;

	while (more)
		MUST(store_upkeep(st, &keep_all, &more));
}

static void add_policies(struct store *st, struct arena *a, int64_t account)
{
	struct resource_env env = { .arena = a, .now_us = clock_now_us() };
	struct settings_write *w =
	    settings_write_new(st, &env, &resource_allow_policies, account, &settings_operator);
	struct settings_refusal refusal;

	for (size_t i = 0; i < POLICIES; i++) {
		struct allow_policy *p = ARENA_NEW(a, struct allow_policy);
		*p = (struct allow_policy){ 0 };
		SET(p, allow_policy, pattern, sender(a, i));
		SET(p, allow_policy, pattern_type, PATTERN_EMAIL);
		SET(p, allow_policy, comments, sentence(a, 6));
		SET(p, allow_policy, is_regex, false);
		SET(p, allow_policy, is_trusted_sender, true);
		SET(p, allow_policy, is_acceptable_sender, false);
		SET(p, allow_policy, is_exempt_recipient, false);
		SET(p, allow_policy, verify_sender, true);
		settings_write_add(w, p, i);
	}
	MUST(settings_write_run(w, &refusal));
}

static int64_t add_account(struct store *st, struct arena *a, const char *title)
{
	struct resource_env env = { .arena = a, .now_us = clock_now_us() };
	struct account account = { 0 };
	struct token token = { 0 };
	struct settings_refusal refusal;

	SET(&account, account, name, str_of(title));
	MUST(settings_account_add(st, a, &account));
	SET(&token, token, name, STR("bench"));
	SET(&token, token, scope, SCOPE_READ);
	SET(&token, token, token, arena_printf(a, "bench-search-%s-token", title));
	struct settings_write *w =
	    settings_write_new(st, &env, &resource_tokens, account.num, &settings_operator);
	settings_write_add(w, &token, 0);
	MUST(settings_write_run(w, &refusal));
	return account.num;
}

int main(int argc, char **argv)
{
	static const struct log log = { .fd = 2, .level = LOG_WARN, .role = "bench" };
	size_t mails = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	struct errbuf eb;
	struct store *st;

	if (!mails) {
		fputs("usage: bench_fill DIR MAILS\n", stderr);
		return 2;
	}
	struct store_options o = { .dir = argv[1], .flags = STORE_CREATE, .log = &log };
	if (store_open(&o, &st, &eb)) {
		fprintf(stderr, "%s\n", eb.text);
		return 1;
	}
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	struct account_list there;
	MUST(settings_accounts(st, a, &there));
	if (!there.n) {
		int64_t accounts[2] = { add_account(st, a, "large"), add_account(st, a, "small") };
		add_policies(st, a, accounts[0]);
		add_mails(st, accounts, mails);
	}
	add_index(st);
	MUST(sql_checkpoint(st->messages, 0));
	arena_free(&a);
	store_close(&st);
	return 0;
}

/*
 * A server over a temporary store: two accounts, tokens, a user with a key, messages, one of them judged by a correction, a
 * submission, a report.
 */
#include "run.h"

#include <arpa/inet.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "model/correction.h"
#include "resource/domain_proof.h"
#include "store/reports.h"
#include "store/submissions.h"

#define MUST(call) ((call) == OK ? (void)0 : (fprintf(stderr, "%s failed\n", #call), exit(1)))

void variable_set(struct place *p, struct str name, struct str value)
{
	for (size_t i = 0; i < p->vars.n; i++) {
		if (str_eq(p->vars.v[i].name, name)) {
			p->vars.v[i].value = value;
			return;
		}
	}
	ARENA_PUSH(p->arena, &p->vars, ((struct variable){ name, value }));
}

struct str variables_fill(struct place *p, struct str text)
{
	struct buf b;

	buf_init(&b, 64u << 20);
	for (size_t i = 0; i < text.n; i++) {
		size_t close = text.p[i] == '{' ? str_find_char(text, '}', i) : SIZE_MAX, k = p->vars.n;
		struct str name = close == SIZE_MAX ? STR_NONE : str_sub(text, i + 1, close);
		for (k = 0; k < p->vars.n && !(name.n && str_eq(p->vars.v[k].name, name)); k++)
			;
		if (k == p->vars.n) {
			buf_add_char(&b, text.p[i]);
			continue;
		}
		buf_add(&b, p->vars.v[k].value);
		i = close;
	}
	struct str filled = arena_str(p->arena, buf_str(&b));
	buf_free(&b);
	return filled;
}

static void add(struct place *p, int64_t account, const struct resource *r, void *obj)
{
	struct resource_env env = { .arena = p->arena, .now_us = clock_now_us() };
	struct settings_write *w = settings_write_new(p->store, &env, r, account, &settings_operator);
	struct settings_refusal why;

	settings_write_add(w, obj, 0);
	MUST(settings_write_run(w, &why));
}

static void add_token(struct place *p, int64_t account, const char *name, enum scope scope, int form,
		      int64_t expires_us)
{
	struct token t = { 0 };

	SET(&t, token, name, str_of(name));
	SET(&t, token, scope, (int)scope);
	SET(&t, token, token, arena_printf(p->arena, "%s-secret-0123456789", name));
	if (form >= 0)
		SET(&t, token, id_form, form);
	if (expires_us)
		SET(&t, token, expires_at, expires_us);
	add(p, account, &resource_tokens, &t);
	variable_set(p, str_of(name), t.token);
}

/* correction: the number of that which judged it; 0: none did. */
static void add_message(struct place *p, int64_t account, const char *postfix_id, int disposition,
			const char *subject, int64_t correction)
{
	struct record r = { 0 };
	struct message *m = ARENA_NEW(p->arena, struct message);
	struct detections *d = ARENA_NEW(p->arena, struct detections);
	struct outcome o = { 0 };
	struct trace_line in = { 0 }, out = { 0 };
	struct action_log log = { 0 };
	struct str raw =
	    arena_printf(p->arena, "Subject: %s\r\n\r\nbody \xff of %s\r\n", subject, postfix_id);
	struct str *to = ARENA_NEW(p->arena, struct str);
	bool bad = disposition != DISP_NONE;

	*to = STR("victim@protected.example");
	SET(m, message, postfix_id, str_of(postfix_id));
	SET(m, message, subject, str_of(subject));
	SET(m, message, from, STR("sender@evil.example"));
	SET(m, message, envelope_from, STR("sender@evil.example"));
	SET(m, message, envelope_to, ((struct strs){ to, 1 }));
	SET(m, message, client_recipients, ((struct strs){ to, 1 }));
	SET(m, message, message_id, arena_printf(p->arena, "<%s@evil.example>", postfix_id));
	SET(m, message, final_disposition, disposition);
	SET(m, message, is_quarantined, bad);
	ARENA_PUSH(p->arena, &m->delivery_status, bad ? DELIVERY_QUARANTINED : DELIVERY_DELIVERED);
	m->has |= FIELD_BIT(message, delivery_status);
	if (bad) {
		ARENA_PUSH(p->arena, &m->post_delivery_operations, OP_MOVE);
		m->has |= FIELD_BIT(message, post_delivery_operations);
		SET(m, message, smtp_helo_server_ip, STR("192.0.2.33"));
	}
	SET(&log, action_log, operation, LOGOP_RECLASSIFY);
	SET(&log, action_log, completed_at, INT64_C(1704448800000000));
	SET(&log, action_log, success, true);
	ARENA_PUSH(p->arena, &m->action_log, log);
	m->has |= FIELD_BIT(message, action_log);
	SET(d, detections, action, bad ? STR("QUARANTINED") : STR("DELIVERED"));
	SET(d, detections, final_disposition, disposition);
	SET(&o, outcome, address, *to);
	SET(&o, outcome, status, bad ? DELIVERY_QUARANTINED : DELIVERY_DELIVERED);
	ARENA_PUSH(p->arena, &r.outcomes, o);
	SET(&in, trace_line, message, STR("received"));
	SET(&in, trace_line, logged_at, INT64_C(1704448800000000));
	SET(&out, trace_line, outbound, true);
	SET(&out, trace_line, message, STR("held"));
	SET(&out, trace_line, logged_at, INT64_C(1704448801000000));
	ARENA_PUSH(p->arena, &r.trace, in);
	ARENA_PUSH(p->arena, &r.trace, out);
	r.has |= FIELD_BIT(record, outcomes) | FIELD_BIT(record, trace);
	SET(&r, record, account, account);
	SET(&r, record, message, m);
	SET(&r, record, detections, d);
	SET(&r, record, raw_sha256, hash_sha256_hex(p->arena, raw));
	SET(&r, record, raw_size, (int64_t)raw.n);
	if (correction) {
		SET(&r, record, correction, correction);
		SET(&r, record, uncorrected, DISP_SPAM);
	}
	MUST(store_raw_put(p->store, raw, r.raw_sha256));
	MUST(store_record_add(p->store, p->arena, &r));
}

/* What was learnt of another mail; gives its number. */
static int64_t add_correction(struct place *p, int64_t account)
{
	struct correction c = { 0 };

	SET(&c, correction, submission_id, STR("4Njp3P0STMz2c08W"));
	SET(&c, correction, created_by, STR("token:writer"));
	SET(&c, correction, postfix_id, STR("4Njp3P0STMz2c01P"));
	SET(&c, correction, subject, STR("Overdue invoice"));
	SET(&c, correction, from, STR("sender@evil.example"));
	SET(&c, correction, original_disposition, SUBMISSION_SPAM);
	SET(&c, correction, disposition, SUBMISSION_MALICIOUS);
	SET(&c, correction, edf_hash, STR("edf1:0123456789abcdef"));
	add(p, account, &resource_corrections, &c);
	return c.id.num;
}

/* A user says of a mail that nobody here has seen that it is a lure; the analysis did not say so. */
static void add_submission(struct place *p, int64_t account, const char *id)
{
	struct record r = { 0 };
	struct message *m = ARENA_NEW(p->arena, struct message);
	struct settings_who who = { .name = STR("user:ann@protected.example") };
	struct submission s = { 0 };

	SET(m, message, postfix_id, str_of(id));
	SET(m, message, subject, STR("Strange prize"));
	SET(m, message, delivery_mode, MODE_REVIEW_SUBMISSION);
	SET(m, message, is_phish_submission, true);
	SET(m, message, final_disposition, DISP_SPAM);
	SET(&r, record, account, account);
	SET(&r, record, message, m);
	SET(&r, record, detections, ARENA_NEW(p->arena, struct detections));
	SET(&s, submission, type, SUBMISSION_USER);
	SET(&s, submission, requested_by, STR("ann@protected.example"));
	SET(&s, submission, requested_disposition, SUBMISSION_MALICIOUS);
	SET(&s, submission, outcome_disposition, SUBMISSION_SPAM);
	SET(&s, submission, outcome, OUTCOME_UNCONFIRMED);
	SET(&s, submission, customer_status, CUSTOMER_UNREVIEWED);
	SET(&s, submission, status, SUBMISSION_OPEN);
	SET(&s, submission, subject, m->subject);
	MUST(store_submission_add(p->store, p->arena, &who, &s, &r));
}

/* A report about the first message. */
static void add_report(struct place *p, int64_t account)
{
	struct phish_report r = { 0 };
	struct phish_mail *mail = ARENA_NEW(p->arena, struct phish_mail);
	struct phish_tag tag = { 0 };
	struct str name = STR("mail:one");

	ARENA_PUSH(p->arena, &mail->to, STR("victim@protected.example"));
	SET(mail, phish_mail, to, mail->to);
	SET(mail, phish_mail, from, STR("sender@evil.example"));
	SET(mail, phish_mail, postfix_id, STR("4Njp3P0STMz2c02Q"));
	SET(mail, phish_mail, occurred_at, INT64_C(1704448800000000));
	SET(&tag, phish_tag, category, STR("cause"));
	SET(&tag, phish_tag, value, STR("campaign"));
	ARENA_PUSH(p->arena, &r.tags, tag);
	SET(&r, phish_report, tags, r.tags);
	SET(&r, phish_report, title, STR("Campaign of malicious mail"));
	SET(&r, phish_report, content, STR("## What happened\n"));
	SET(&r, phish_report, priority, PRIORITY_HIGH);
	SET(&r, phish_report, disposition, DISP_MALICIOUS);
	SET(&r, phish_report, fields, mail);
	SET(&r, phish_report, key, 1);
	MUST(store_report_write(p->store, p->arena, account, &(struct strs){ &name, 1 },
				&(struct strs){ &name, 1 }, 0, &r));
}

/* A domain that the operator has authorized. */
static void add_domain(struct place *p, int64_t account, const char *name)
{
	struct resource_env env = { .arena = p->arena, .now_us = clock_now_us() };
	struct settings_who who = { .name = STR("operator") };
	struct domain *d = ARENA_NEW(p->arena, struct domain);
	struct settings_refusal why;

	resource_domains.defaults(&env, d);
	ARENA_PUSH(p->arena, &d->allowed_delivery_modes, MODE_DIRECT);
	ARENA_PUSH(p->arena, &d->regions, REGION_GLOBAL);
	SET(d, domain, domain, str_of(name));
	SET(d, domain, allowed_delivery_modes, d->allowed_delivery_modes);
	SET(d, domain, regions, d->regions);
	domain_proof_vouch(&env, d);
	struct settings_write *w = settings_write_new(p->store, &env, &resource_domains, account, &who);
	settings_write_add(w, d, 0);
	MUST(settings_write_run(w, &why));
	variable_set(p, STR("vouched"), str_of(d->id.uuid));
}

static void seed(struct place *p)
{
	struct account one = { 0 }, two = { 0 };
	struct user u = { 0 };

	SET(&one, account, id, STR("023e105f4ecef8ad9ca31a8372d0c353"));
	SET(&one, account, name, STR("one"));
	SET(&two, account, name, STR("two"));
	MUST(settings_account_add(p->store, p->arena, &one));
	MUST(settings_account_add(p->store, p->arena, &two));
	variable_set(p, STR("account"), one.id);
	variable_set(p, STR("other"), two.id);
	variable_set(p, STR("ours"), arena_printf(p->arena, "/accounts/%.*s/postern", STR_ARG(one.id)));
	variable_set(p, STR("base"),
		     arena_printf(p->arena, "/accounts/%.*s/email-security", STR_ARG(one.id)));
	add_token(p, one.num, "writer", SCOPE_WRITE, -1, 0);
	add_token(p, one.num, "admin", SCOPE_ADMIN, -1, 0);
	add_token(p, one.num, "reader", SCOPE_READ, -1, 0);
	add_token(p, one.num, "integer", SCOPE_WRITE, ID_INTEGER, 0);
	add_token(p, one.num, "expired", SCOPE_WRITE, -1, 1);
	add_token(p, two.num, "stranger", SCOPE_WRITE, -1, 0);
	SET(&u, user, email, STR("user@example.com"));
	SET(&u, user, key, STR("144c9defac04969c7bfad8efaa8ea194"));
	add(p, one.num, &resource_users, &u);
	variable_set(p, STR("email"), u.email);
	variable_set(p, STR("key"), u.key);
	char *many = memset(arena_zalloc(p->arena, 40001), 'a', 40000);
	variable_set(p, STR("long"), str_of(many));
	add_message(p, one.num, "4Njp3P0STMz2c02Q", DISP_MALICIOUS, "Urgent invoice",
		    add_correction(p, one.num));
	add_message(p, one.num, "4Njp3P0STMz2c03R", DISP_NONE, "Lunch on friday", 0);
	add_message(p, one.num, "4Njp3P0STMz2c04S", DISP_BEC, "Urgent wire transfer", 0);
	add_message(p, two.num, "4Njp3P0STMz2c05T", DISP_SPAM, "Not yours", 0);
	add_message(p, two.num, "4Njp3P0STMz2c06U", DISP_SPAM, many, 0);
	add_submission(p, one.num, "4Njp3P0STMz2c07V");
	add_report(p, one.num);
	add_domain(p, two.num, "vouched.example");
}

static void run_sql(struct place *p)
{
	const char *sql = getenv("POSTERN_TEST_SQL");
	struct str path = arena_printf(p->arena, "%s/messages.db", p->dir);

	if (sql && (sqlite3_open(path.p, &p->other) || sqlite3_exec(p->other, sql, NULL, NULL, NULL))) {
		fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(p->other));
		exit(1);
	}
}

void place_open(struct place *p)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);
	struct errbuf eb;

	*p = (struct place){ .arena = arena_new((size_t)512 << 20, NULL, NULL),
			     .log = { 2, LOG_WARN, "test" } };
	const char *tmp = getenv("TMPDIR");
	snprintf(p->dir, sizeof(p->dir), "%s/postern-api-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(p->dir))
		exit(1);
	struct store_options so = { .dir = p->dir, .flags = STORE_CREATE | STORE_WRITER, .log = &p->log };
	if (store_open(&so, &p->store, &eb)) {
		fprintf(stderr, "%s\n", eb.text);
		exit(1);
	}
	seed(p);
	run_sql(p);
	p->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (p->listen_fd < 0 || bind(p->listen_fd, (struct sockaddr *)&at, sizeof(at)) ||
	    listen(p->listen_fd, 64) || getsockname(p->listen_fd, (struct sockaddr *)&at, &n))
		exit(1);
	p->port = ntohs(at.sin_port);
	const char *rate = getenv("POSTERN_TEST_RATE"), *address_rate = getenv("POSTERN_TEST_ADDRESS_RATE"),
		   *search_ms = getenv("POSTERN_TEST_SEARCH_MS");
	struct api_options ao = { .listen_fds = &p->listen_fd,
				  .n_listen_fds = 1,
				  .store = p->store,
				  .log = &p->log,
				  .rate_requests = rate ? atol(rate) : 1200,
				  .rate_window_s = 300,
				  .rate_address_requests = address_rate ? atol(address_rate) : 0,
				  .search_ms = search_ms ? atol(search_ms) : 0,
				  .release_ms = 1 };
	if (api_server_start(&ao, &p->api, &eb)) {
		fprintf(stderr, "%s\n", eb.text);
		exit(1);
	}
}

void place_close(struct place *p)
{
	char command[128];

	api_server_stop(&p->api);
	close(p->listen_fd);
	sqlite3_close(p->other);
	store_close(&p->store);
	arena_free(&p->arena);
	snprintf(command, sizeof(command), "rm -r %s", p->dir);
	if (system(command))
		perror(command);
}

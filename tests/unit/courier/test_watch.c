/*
 * The threads that watch mailboxes and scan them back, against a small IMAP server: what lies in many mailboxes is filed once,
 * a scan comes to its end, who is named no more is watched no more, and the end breaks off who waits.
 */
#include "../store/fixture.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../daemon/house.h"

#include "base/hash.h"
#include "courier/watch.h"
#include "model/domain.h"
#include "model/integration.h"
#include "store/retro.h"
#include "store/settings.h"

#define PEOPLE 20 /* more than there are threads to watch or places to wait */
#define PATIENCE_MS 60000
#define MAIL "trace\r\na bad text\r\n"
_Static_assert(PEOPLE > WATCH_THREADS, "some have to wait for their turn");

/* The content of a mail is its text behind the first line; all of it is a detection. */
static void look(struct arena *a, const struct scan_job *job, const struct policy *policy, struct asker *q,
		 struct verdict *out)
{
	size_t line = str_find_char(job->raw, '\n', 0);

	(void)policy, (void)q;
	house_verdict(a, STR("subject"), out);
	SET(out, verdict, content_sha256, hash_sha256_hex(a, str_sub(job->raw, line, job->raw.n)));
	SET(out->message, message, final_disposition, DISP_MALICIOUS);
	SET(out->detections, detections, final_disposition, DISP_MALICIOUS);
}

/* ---- the server: in each mailbox lies the same mail ---- */

#define OPENED "* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 6] x\r\n"
#define FETCHED "* 1 FETCH (UID 5 FLAGS () INTERNALDATE \"03-Feb-2038 03:05:06 +0000\" "

/* What is said to a command that holds the words, before its OK; the first that fits. */
static const struct {
	const char *words, *said;
} answers[] = {
	{ "CAPABILITY", "* CAPABILITY IMAP4rev1 LITERAL+ UIDPLUS MOVE IDLE\r\n" },
	{ "EXAMINE", OPENED },
	{ "SEARCH UID 1:5", "* SEARCH 5\r\n" },
	{ "BODY.PEEK[])", FETCHED "BODY[] {19}\r\n" MAIL ")\r\n" },
	{ "UID FETCH", FETCHED "RFC822.SIZE 19 BODY[HEADER.FIELDS (MESSAGE-ID)] \"Message-ID: <a@b>\")\r\n" },
};
_Static_assert(sizeof(MAIL) - 1 == 19, "the literals say so");

struct talk {
	struct talk *next;
	atomic_size_t *waiting;
	int fd;
	pthread_t thread;
};

struct server {
	int fd;
	uint16_t port;
	pthread_t thread;
	struct talk *talks;    /* the thread's own */
	atomic_size_t waiting; /* in IDLE */
};

static void answer(FILE *out, const char *line)
{
	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		if (strstr(line, answers[i].words)) {
			fputs(answers[i].said, out);
			break;
		}
	fprintf(out, "%.*s OK x\r\n", (int)strcspn(line, " "), line);
}

static void *talk(void *arg)
{
	struct talk *t = arg;
	FILE *in = fdopen(t->fd, "r"), *out = fdopen(dup(t->fd), "w");
	char line[1024], idle[16] = "";

	fputs("* OK hi\r\n", out);
	while (fflush(out) == 0 && fgets(line, sizeof(line), in)) {
		if (strstr(line, " IDLE")) {
			snprintf(idle, sizeof(idle), "%.*s", (int)strcspn(line, " "), line);
			fputs("+ idling\r\n", out);
			atomic_fetch_add(t->waiting, 1);
		} else if (strncmp(line, "DONE", 4) == 0) {
			fprintf(out, "%s OK x\r\n", idle);
		} else {
			answer(out, line);
		}
	}
	fclose(in);
	fclose(out);
	return NULL;
}

static void *serve(void *arg)
{
	struct server *s = arg;
	int fd;

	while ((fd = accept(s->fd, NULL, NULL)) >= 0) {
		struct talk *t = malloc(sizeof(*t));
		*t = (struct talk){ .next = s->talks, .waiting = &s->waiting, .fd = fd };
		if (pthread_create(&t->thread, NULL, talk, t))
			abort();
		s->talks = t;
	}
	while (s->talks) { /* whoever talked has gone */
		struct talk *t = s->talks;
		s->talks = t->next;
		pthread_join(t->thread, NULL);
		free(t);
	}
	return NULL;
}

static void serve_start(struct server *s)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);

	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(s->fd, (const struct sockaddr *)&a, n), 0);
	assert_int_equal(listen(s->fd, 64), 0);
	assert_int_equal(getsockname(s->fd, (struct sockaddr *)&a, &n), 0);
	s->port = ntohs(a.sin_port);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void serve_stop(struct server *s)
{
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->fd);
}

/* ---- the site ---- */

struct site {
	struct fixture *f;
	struct house house;
	struct config config;
	struct server server;
	atomic_bool ending;
	struct mailbox_tools tools;
	struct mailboxes *mailboxes;
	struct watch *watch;
	int64_t account;
	struct integration *integration;
};

static void write_object(struct site *s, const struct resource *r, void *obj)
{
	struct resource_env env = { .arena = s->f->a, .now_us = clock_now_us() };
	struct settings_refusal refusal;
	struct settings_write *w = settings_write_new(s->f->st, &env, r, s->account, &settings_operator);

	settings_write_add(w, obj, 0);
	assert_int_equal(settings_write_run(w, &refusal), OK);
}

static void name_people(struct site *s, struct integration *i, size_t n)
{
	struct mailbox_login *v = ARENA_ARRAY(s->f->a, n, struct mailbox_login);

	for (size_t k = 0; k < n; k++) {
		SET(&v[k], mailbox_login, address, arena_printf(s->f->a, "%zu@open.test", k));
		SET(&v[k], mailbox_login, password, STR("theirs"));
	}
	SET(i, integration, mailboxes, ((struct mailbox_login_list){ v, n }));
}

static void add_integration(struct site *s)
{
	struct integration *i = ARENA_NEW(s->f->a, struct integration);
	struct domain *d = ARENA_NEW(s->f->a, struct domain);
	int mode = MODE_API;

	SET(i, integration, name, STR("x"));
	SET(i, integration, provider, MAILBOX_IMAP);
	SET(i, integration, server, arena_printf(s->f->a, "127.0.0.1:%u", (unsigned)s->server.port));
	SET(i, integration, security, MAILBOX_PLAINTEXT);
	SET(i, integration, login, MAILBOX_OWN);
	SET(i, integration, enabled, true);
	name_people(s, i, PEOPLE);
	write_object(s, &resource_integrations, i);
	s->integration = i;
	SET(d, domain, domain, STR("open.test"));
	SET(d, domain, integration_id, str_of(i->id.uuid));
	SET(d, domain, authorization, ARENA_NEW(s->f->a, struct authorization));
	SET(d->authorization, authorization, authorized, true);
	ARENA_PUSH(s->f->a, &d->allowed_delivery_modes, mode);
	d->has |= FIELD_BIT(domain, allowed_delivery_modes);
	write_object(s, &resource_domains, d);
}

static void open_site(struct site *s, void **state)
{
	struct account account = { 0 };
	struct errbuf eb = { "" };

	*s = (struct site){ .f = *state };
	s->config.hostname = "mx.example.net";
	s->config.header_prefix = "X-Postern-";
	s->config.scan_trusted_authserv_ids = "";
	SET(&account, account, name, STR("test"));
	assert_int_equal(settings_account_add(s->f->st, s->f->a, &account), OK);
	s->account = account.num;
	house_start(&s->house, look, &(struct broker_options){ .log = &quiet });
	serve_start(&s->server);
	add_integration(s);
	s->tools = (struct mailbox_tools){ .allow_private = true, .ending = &s->ending };
	s->mailboxes = mailboxes_new(s->f->st, &s->tools);
	const struct watch_options o = { { s->f->st, s->house.broker, &s->config, &quiet }, s->mailboxes };
	assert_int_equal(watch_start(&o, &s->watch, &eb), OK);
}

static void close_site(struct site *s)
{
	atomic_store(&s->ending, true);
	watch_stop(&s->watch);
	assert_null(s->watch);
	mailboxes_free(&s->mailboxes);
	serve_stop(&s->server);
	house_end(&s->house);
}

static size_t count(struct site *s, const char *what)
{
	return (size_t)fixture_count(s->f->st->messages,
				     arena_printf(s->f->a, "SELECT count(*) FROM %s", what).p);
}

static void wait_until(struct site *s, const char *what, size_t n)
{
	deadline_ms until = clock_mono_ms() + PATIENCE_MS;

	while (count(s, what) != n && clock_left_ms(until) > 0)
		poll(NULL, 0, 5);
	assert_int_equal(count(s, what), n);
}

#define WATCHED "mailbox_watch WHERE scan = 0 AND state = 'watched'"

/* One mail in all of them is one record; as many wait at their inbox as may, and all are let go at the end. */
static void what_lies_there_is_filed_once(void **state)
{
	deadline_ms until = clock_mono_ms() + PATIENCE_MS;
	struct site s;

	open_site(&s, state);
	wait_until(&s, WATCHED " AND found = 1", PEOPLE);
	assert_int_equal(count(&s, "msg"), 1);
	while (atomic_load(&s.server.waiting) < WATCH_WAITERS && clock_left_ms(until) > 0)
		poll(NULL, 0, 5);
	assert_int_equal(atomic_load(&s.server.waiting), WATCH_WAITERS);
	close_site(&s);
	assert_int_equal(count(&s, WATCHED), PEOPLE);
}

static void who_is_named_no_more_is_watched_no_more(void **state)
{
	struct resource_env env = { .arena = ((struct fixture *)*state)->a, .now_us = clock_now_us() };
	struct settings_object found;
	struct settings_refusal refusal;
	struct integration one;
	struct site s;

	open_site(&s, state);
	wait_until(&s, WATCHED, PEOPLE);
	assert_int_equal(
	    settings_get(s.f->st, s.f->a, &resource_integrations, s.account, &s.integration->id, &found), OK);
	one = *(const struct integration *)found.obj;
	name_people(&s, &one, 1);
	struct settings_write *w =
	    settings_write_new(s.f->st, &env, &resource_integrations, s.account, &settings_operator);
	settings_write_replace(w, &found, &one, 0);
	assert_int_equal(settings_write_run(w, &refusal), OK);
	wait_until(&s, "mailbox_watch", 1);
	close_site(&s);
}

static void a_scan_comes_to_its_end(void **state)
{
	const struct settings_who who = { .name = STR("token:t") };
	struct retro_scan scan = { 0 };
	struct retro_report report;
	struct strs people = { 0 };
	struct site s;

	open_site(&s, state);
	SET(&scan, retro_scan, days, 7);
	SET(&scan, retro_scan, domain, STR("open.test"));
	assert_int_equal(store_retro_add(s.f->st, s.f->a, s.account, &who, clock_now_us(), &scan), OK);
	for (int k = 0; k < PEOPLE; k++)
		ARENA_PUSH(s.f->a, &people, arena_printf(s.f->a, "%d@open.test", k));
	const struct watch_of of = { s.account, str_of(s.integration->id.uuid), FOLDER_INBOX };
	assert_int_equal(store_retro_begin(s.f->st, 1, &of, &people, clock_now_us()), OK);
	wait_until(&s, "retro_scan WHERE open = 0", 1);
	close_site(&s);
	assert_int_equal(store_retro_report(s.f->st, s.f->a, s.account, scan.id, &report), OK);
	assert_int_equal(report.scan->state, RETRO_COMPLETED);
	assert_int_equal(report.scan->mailboxes_done, PEOPLE);
	assert_int_equal(report.scan->messages_seen, PEOPLE);
	assert_int_equal(report.detections, 1);
	assert_int_equal(report.targets.n, RETRO_TOP < PEOPLE ? RETRO_TOP : PEOPLE);
	assert_int_equal(report.targets.v[0].count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_lies_there_is_filed_once, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(who_is_named_no_more_is_watched_no_more, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(a_scan_comes_to_its_end, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests_name("courier/watch", tests, NULL, NULL);
}

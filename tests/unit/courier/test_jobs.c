/* The threads that work off jobs: each job by one of them, also while others are added, and none is left half-done at a stop. */
#include "../store/fixture.h"

#include <poll.h>
#include <pthread.h>

#include "courier/jobs.h"
#include "store/moves.h"

#define ACCOUNTS 10
#define JOBS 300
#define ADDERS 4
#define PATIENCE_MS 60000

struct site {
	struct fixture *f;
	struct config config;
	struct mailboxes *mailboxes;
	struct job_tools tools;
};

static void open_site(struct site *s, void **state)
{
	static const struct mailbox_tools tools;

	*s = (struct site){ .f = *state };
	s->mailboxes = mailboxes_new(s->f->st, &tools);
	s->tools = (struct job_tools){
		.store = s->f->st, .config = &s->config, .mailboxes = s->mailboxes, .log = &quiet
	};
}

/* One that is quickly over: there is no such integration. */
static enum err ask(struct store *st, struct arena *a, int64_t account)
{
	const struct mailbox_test test = { .integration = STR("f174e90a-fafe-4643-bbbc-4a0ed4fc8415") };
	int64_t job;

	return store_mailbox_test_ask(st, a, account, &test, STR("token:t"), &job);
}

static size_t count_jobs(struct site *s, const char *where)
{
	return (size_t)fixture_count(s->f->st->messages,
				     arena_printf(s->f->a, "SELECT count(*) FROM job WHERE %s", where).p);
}

static void wait_for(struct site *s, const char *where, size_t least)
{
	deadline_ms until = clock_mono_ms() + PATIENCE_MS;

	while (count_jobs(s, where) < least && clock_left_ms(until) > 0)
		poll(NULL, 0, 5);
	assert_true(count_jobs(s, where) >= least);
}

static struct job_threads *start(struct site *s)
{
	struct job_threads *t;
	struct errbuf eb = { "" };

	assert_int_equal(job_threads_start(&s->tools, &t, &eb), OK);
	return t;
}

static void a_stop_leaves_nothing_half_done(void **state)
{
	struct site s;

	open_site(&s, state);
	for (int i = 0; i < JOBS; i++)
		assert_int_equal(ask(s.f->st, s.f->a, 1 + i % ACCOUNTS), OK);
	struct job_threads *t = start(&s);
	wait_for(&s, "state <> 'open'", 1);
	job_threads_stop(&t);
	assert_null(t);
	assert_int_equal(count_jobs(&s, "state = 'open' AND tries > 0"), 0);

	t = start(&s);
	wait_for(&s, "state <> 'open'", JOBS);
	job_threads_stop(&t);
	assert_int_equal(count_jobs(&s, "state = 'failed' AND tries = 1 AND why LIKE 'There is no such%'"),
			 JOBS);
	mailboxes_free(&s.mailboxes);
}

struct adder {
	struct site *site;
	int64_t account;
	pthread_t thread;
	enum err err;
};

static void *add(void *arg)
{
	struct adder *me = arg;
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	for (int i = 0; i < JOBS / ADDERS && !me->err; i++) {
		me->err = ask(me->site->f->st, a, me->account);
		arena_reset(a);
	}
	arena_free(&a);
	return NULL;
}

static void what_comes_meanwhile_is_seen(void **state)
{
	struct adder v[ADDERS];
	struct site s;

	open_site(&s, state);
	struct job_threads *t = start(&s);
	for (int i = 0; i < ADDERS; i++) {
		v[i] = (struct adder){ .site = &s, .account = i + 1 };
		assert_int_equal(pthread_create(&v[i].thread, NULL, add, &v[i]), 0);
	}
	for (int i = 0; i < ADDERS; i++) {
		pthread_join(v[i].thread, NULL);
		assert_int_equal(v[i].err, OK);
	}
	wait_for(&s, "state = 'failed' AND tries = 1", JOBS);
	job_threads_stop(&t);
	mailboxes_free(&s.mailboxes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_stop_leaves_nothing_half_done, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(what_comes_meanwhile_is_seen, fixture_setup,
						fixture_teardown),
	};

	return cmocka_run_group_tests_name("courier/jobs", tests, NULL, NULL);
}

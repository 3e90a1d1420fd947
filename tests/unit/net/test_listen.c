/*
 * The acceptor with a protocol of one byte: 'p' is held on, 'w' too, 'g' works, which means waiting at a gate inside a
 * thread, 'k' stays when the server stops, 'q' closes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/listen.h"

#define LONG_MS 20000

struct site {
	pthread_mutex_t lock; /* guards the counts */
	pthread_cond_t changed;
	int at_gate, closed, opened;
	bool gate_open;
	struct log log;
	struct listener *listener;
	struct listen_options o;
	int fd;
	struct sockaddr_in address;
};

struct conn {
	struct site *t;
	int fd;
	bool stays;
};

static void change(struct site *t, int *count, int by)
{
	pthread_mutex_lock(&t->lock);
	*count += by;
	pthread_cond_broadcast(&t->changed);
	pthread_mutex_unlock(&t->lock);
}

static void wait_count(struct site *t, const int *count, int want)
{
	pthread_mutex_lock(&t->lock);
	while (*count < want)
		pthread_cond_wait(&t->changed, &t->lock);
	pthread_mutex_unlock(&t->lock);
}

static int count_of(struct site *t, const int *count)
{
	pthread_mutex_lock(&t->lock);
	int now = *count;
	pthread_mutex_unlock(&t->lock);
	return now;
}

static void open_gate(struct site *t)
{
	pthread_mutex_lock(&t->lock);
	t->gate_open = true;
	pthread_cond_broadcast(&t->changed);
	pthread_mutex_unlock(&t->lock);
}

static void *open_conn(void *ctx, int fd, const struct ip *peer)
{
	struct conn *c = calloc(1, sizeof(*c));

	assert_int_equal(peer->family, 4);
	*c = (struct conn){ ctx, fd, false };
	change(ctx, &c->t->opened, 1);
	return c;
}

static void say(int fd, char c)
{
	if (send(fd, &c, 1, MSG_NOSIGNAL) < 0)
		return; /* the test closed it */
}

static enum listen_next work(struct conn *c)
{
	change(c->t, &c->t->at_gate, 1);
	pthread_mutex_lock(&c->t->lock);
	while (!c->t->gate_open)
		pthread_cond_wait(&c->t->changed, &c->t->lock);
	pthread_mutex_unlock(&c->t->lock);
	say(c->fd, 'g');
	return LISTEN_READ;
}

static enum listen_next run_conn(void *conn, enum listen_why why)
{
	struct conn *c = conn;
	char got;

	if (why == LISTEN_TURN)
		return work(c);
	if (why != LISTEN_READY) {
		say(c->fd, why == LISTEN_EXPIRED ? 'E' : why == LISTEN_CROWDED ? 'C' : 'S');
		return c->stays && why == LISTEN_STOPPED ? LISTEN_READ : LISTEN_CLOSE;
	}
	ssize_t n = recv(c->fd, &got, 1, MSG_DONTWAIT);
	if (n < 0)
		return LISTEN_READ;
	if (n == 0 || got == 'q')
		return LISTEN_CLOSE;
	if (got == 'g')
		return LISTEN_WORK;
	c->stays = c->stays || got == 'k';
	say(c->fd, got);
	return got == 'w' ? LISTEN_WRITE : LISTEN_READ;
}

static void close_conn(void *conn)
{
	struct conn *c = conn;

	close(c->fd);
	change(c->t, &c->t->closed, 1);
	free(c);
}

static struct str refusal(void *ctx)
{
	(void)ctx;
	return STR("R");
}

static const struct listen_ops ops = { open_conn, run_conn, close_conn, refusal };

static int set_up(void **state)
{
	struct site *t = calloc(1, sizeof(*t));
	socklen_t n = sizeof(t->address);

	*state = t;
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->changed, NULL);
	t->log = (struct log){ .fd = open("/dev/null", O_WRONLY | O_CLOEXEC), .level = LOG_INFO };
	t->address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	t->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	t->o = (struct listen_options){ .ops = &ops,
					.ctx = t,
					.threads = 2,
					.connections = 100,
					.connections_per_address = 100,
					.idle_ms = LONG_MS,
					.stay_ms = LONG_MS,
					.log = &t->log };
	return bind(t->fd, (struct sockaddr *)&t->address, n) || listen(t->fd, 64) ||
	       getsockname(t->fd, (struct sockaddr *)&t->address, &n);
}

static int tear_down(void **state)
{
	struct site *t = *state;

	listen_stop(&t->listener, clock_mono_ms() + LONG_MS);
	assert_int_equal(t->opened, t->closed);
	close(t->fd);
	close(t->log.fd);
	free(t);
	return 0;
}

static void start(struct site *t)
{
	assert_int_equal(listen_start(&t->o, &t->fd, 1, &t->listener, NULL), OK);
}

static int connect_to(const struct site *t)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (const struct sockaddr *)&t->address, sizeof(t->address)), 0);
	return fd;
}

/* The next byte, 0 when closed. */
static char hear(int fd)
{
	char c = 0;
	struct pollfd p = { .fd = fd, .events = POLLIN };

	assert_int_equal(poll(&p, 1, LONG_MS), 1);
	return recv(fd, &c, 1, 0) == 1 ? c : 0;
}

/* Closes so that the server's socket gets an error at once. */
static void reset(int fd)
{
	struct linger now = { .l_onoff = 1 };

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now)), 0);
	close(fd);
}

static void holds_and_runs(void **state)
{
	struct site *t = *state;
	int fds[50];

	start(t);
	for (int i = 0; i < 50; i++)
		fds[i] = connect_to(t);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 50; i++)
			say(fds[i], round == 1 ? 'w' : 'p');
		for (int i = 0; i < 50; i++)
			assert_int_equal(hear(fds[i]), round == 1 ? 'w' : 'p');
	}
	for (int i = 0; i < 50; i++) {
		say(fds[i], 'q');
		assert_int_equal(hear(fds[i]), 0);
		close(fds[i]);
	}
	wait_count(t, &t->closed, 50);
}

/* epoll tells of hang-ups unasked: they must not hand over a connection that a thread has. */
static void reset_while_it_runs(void **state)
{
	struct site *t = *state;
	int first, again;

	t->o.threads = 8;
	start(t);
	first = connect_to(t);
	say(first, 'g'); /* before it was ever held, most likely */
	wait_count(t, &t->at_gate, 1);
	again = connect_to(t);
	say(again, 'p');
	assert_int_equal(hear(again), 'p'); /* it was held, then runs */
	say(again, 'g');
	wait_count(t, &t->at_gate, 2);
	reset(first);
	reset(again);
	open_gate(t);
	wait_count(t, &t->closed, 2);
}

static void many_resets(void **state)
{
	struct site *t = *state;

	t->o.connections = t->o.connections_per_address = 1000;
	start(t);
	for (int i = 0; i < 500; i++) {
		int fd = connect_to(t);
		if (i % 3)
			say(fd, 'p');
		reset(fd);
	}
	int fd = connect_to(t);
	say(fd, 'p');
	assert_int_equal(hear(fd), 'p');
	close(fd);
}

static void expires_in_order(void **state)
{
	struct site *t = *state;

	t->o.idle_ms = 30;
	start(t);
	int a = connect_to(t), b = connect_to(t);
	assert_int_equal(hear(a), 'E');
	assert_int_equal(hear(b), 'E');
	assert_int_equal(hear(b), 0);
	close(a);
	close(b);
}

/* Who only talks is served though every thread that may work does; who wants to work waits for its turn. */
static void work_is_bounded(void **state)
{
	struct site *t = *state;
	int busy[2];

	t->o.threads = 1;
	start(t);
	for (int i = 0; i < 2; i++) {
		busy[i] = connect_to(t);
		say(busy[i], 'g');
	}
	wait_count(t, &t->at_gate, 1);
	for (int i = 0; i < 20; i++) {
		int talks = connect_to(t);
		say(talks, 'p');
		assert_int_equal(hear(talks), 'p');
		close(talks);
	}
	assert_int_equal(t->at_gate, 1);
	open_gate(t);
	assert_int_equal(hear(busy[0]), 'g');
	assert_int_equal(hear(busy[1]), 'g');
	close(busy[0]);
	close(busy[1]);
}

static int connect_from(const struct site *t, unsigned number)
{
	struct sockaddr_in from = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK + number) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&t->address, sizeof(t->address)), 0);
	return fd;
}

/* Each address has its share of what is free, and leaves some for those that come. */
static void shares_of_work(void **state)
{
	/* At work, when so many addresses in turn want all of eight. */
	static const int want[] = { 2, 4, 5, 6, 7, 8 };
	struct site *t = *state;
	int busy[ARRAY_LEN(want)][10];

	t->o.threads = 8;
	start(t);
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		for (size_t k = 0; k < ARRAY_LEN(busy[i]); k++) {
			busy[i][k] = connect_from(t, (unsigned)i);
			say(busy[i][k], 'g');
		}
		wait_count(t, &t->at_gate, want[i]);
		int talks = connect_from(
		    t, (unsigned)i); /* by the time it is answered, all of them stand in the queue */
		say(talks, 'p');
		assert_int_equal(hear(talks), 'p');
		close(talks);
		pthread_mutex_lock(&t->lock);
		int at_gate = t->at_gate;
		pthread_mutex_unlock(&t->lock);
		assert_int_equal(at_gate, want[i]);
	}
	open_gate(t);
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		for (size_t k = 0; k < ARRAY_LEN(busy[i]); k++) {
			assert_int_equal(hear(busy[i][k]), 'g');
			close(busy[i][k]);
		}
	}
}

static void stop_speaks_and_cuts(void **state)
{
	struct site *t = *state;

	start(t);
	int held = connect_to(t), queued = connect_to(t);
	say(held, 'p');
	assert_int_equal(hear(held), 'p');
	say(queued, 'g');
	wait_count(t, &t->at_gate, 1);
	open_gate(t);
	listen_stop(&t->listener, clock_mono_ms() + LONG_MS);
	assert_int_equal(hear(held), 'S');
	assert_int_equal(hear(queued), 'g');
	assert_int_equal(hear(queued), 'S');
	close(held);
	close(queued);
}

static void *stop_main(void *arg)
{
	struct site *t = arg;

	listen_stop(&t->listener, clock_mono_ms() + LONG_MS);
	return NULL;
}

/* Who stays at the stop is served on, until it closes, and nobody new comes. */
static void stop_waits_for_who_stays(void **state)
{
	struct site *t = *state;
	pthread_t stopper;

	start(t);
	int stays = connect_to(t);
	say(stays, 'k');
	assert_int_equal(hear(stays), 'k');
	assert_int_equal(pthread_create(&stopper, NULL, stop_main, t), 0);
	assert_int_equal(hear(stays), 'S');
	for (int i = 0; i < 3; i++) {
		say(stays, 'p');
		assert_int_equal(hear(stays), 'p');
	}
	assert_int_equal(t->opened, 1);
	say(stays, 'q');
	pthread_join(stopper, NULL);
	close(stays);
}

/* Whoever was accepted is served on and told nothing; who comes then waits in the socket for somebody else. */
static void close_serves_on(void **state)
{
	struct site *t = *state;
	struct pollfd next = { .fd = t->fd, .events = POLLIN };

	start(t);
	int here = connect_to(t);
	say(here, 'p');
	assert_int_equal(hear(here), 'p');
	listen_close(t->listener, clock_mono_ms() + 30);
	int late = connect_to(t);
	say(here, 'p');
	assert_int_equal(hear(here), 'p');
	assert_int_equal(poll(&next, 1, LONG_MS), 1);
	say(here, 'q');
	listen_close(t->listener, clock_mono_ms() + LONG_MS);
	wait_count(t, &t->closed, 1);
	assert_int_equal(count_of(t, &t->opened), 1);
	close(here);
	close(late);
}

static void stop_cuts_who_stays_for_ever(void **state)
{
	struct site *t = *state;

	start(t);
	int stays = connect_to(t);
	say(stays, 'k');
	assert_int_equal(hear(stays), 'k');
	listen_stop(&t->listener, clock_mono_ms() + 30);
	assert_int_equal(hear(stays), 'S');
	assert_int_equal(hear(stays), 0);
	close(stays);
}

/* Out of descriptors: accepting pauses, does not spin, and goes on when there are some again. */
static void out_of_descriptors(void **state)
{
	struct site *t = *state;
	struct rlimit was, low;
	struct rusage before, after;

	start(t);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), top = dup(0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	low = (struct rlimit){ .rlim_cur = (rlim_t)top, .rlim_max = was.rlim_max };
	close(top);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&t->address, sizeof(t->address)), 0);
	say(fd, 'p');
	struct pollfd p = { .fd = fd, .events = POLLIN };
	getrusage(RUSAGE_SELF, &before);
	assert_int_equal(poll(&p, 1, 250), 0);
	getrusage(RUSAGE_SELF, &after);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	assert_int_equal(hear(fd), 'p');
	int64_t us = (after.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_utime.tv_sec -
		      before.ru_stime.tv_sec) *
			 1000000 +
		     after.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_utime.tv_usec -
		     before.ru_stime.tv_usec;
	assert_in_range(us, 0, 100000);
	close(fd);
}

/* Connects until there is room, and says `word` then. */
static int insist(const struct site *t, char word)
{
	for (;;) {
		int fd = connect_to(t);
		say(fd, word);
		if (hear(fd) == word)
			return fd;
		close(fd);
	}
}

/* However often who was there first says something. */
static void the_oldest_makes_room(void **state)
{
	struct site *t = *state;

	t->o.connections = 2;
	t->o.stay_ms = 30;
	start(t);
	int first = insist(t, 'p'), second = insist(t, 'p');
	say(first, 'p');
	assert_int_equal(hear(first), 'p');
	int third = insist(t, 'p');
	assert_int_equal(hear(first), 'C');
	assert_int_equal(hear(first), 0);
	int fourth = insist(t, 'p');
	assert_int_equal(hear(second), 'C');
	say(third, 'q');
	assert_int_equal(hear(third), 0);
	close(first);
	close(second);
	close(third);
	close(fourth);
}

static void who_works_stays(void **state)
{
	struct site *t = *state;

	t->o.connections = 1;
	t->o.stay_ms = 1;
	start(t);
	int busy = connect_to(t);
	say(busy, 'g');
	wait_count(t, &t->at_gate, 1);
	for (int i = 0; i < 20; i++) {
		int refused = connect_to(t);
		assert_int_equal(hear(refused), 'R');
		close(refused);
	}
	open_gate(t);
	assert_int_equal(hear(busy), 'g');
	close(busy);
}

static void refusals(void **state)
{
	struct site *t = *state;

	t->o.connections_per_address = 1;
	start(t);
	int a = connect_to(t), b = connect_to(t);
	say(a, 'p');
	assert_int_equal(hear(a), 'p');
	assert_int_equal(hear(b), 'R');
	assert_int_equal(hear(b), 0);
	close(b);
	close(a);
	wait_count(t, &t->closed, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(holds_and_runs),        TEST(reset_while_it_runs),
		TEST(many_resets),           TEST(expires_in_order),
		TEST(work_is_bounded),       TEST(shares_of_work),
		TEST(stop_speaks_and_cuts),  TEST(stop_waits_for_who_stays),
		TEST(close_serves_on),       TEST(stop_cuts_who_stays_for_ever),
		TEST(out_of_descriptors),    TEST(refusals),
		TEST(the_oldest_makes_room), TEST(who_works_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

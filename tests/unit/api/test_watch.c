/* Connections under watch: who is late is shut down, and nobody else; how many of one address come in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/watch.h"
#include "base/attr.h"
#include "base/err.h"

struct pair {
	int here, there;
	struct watched *c;
};

static struct ip address(const char *text)
{
	struct ip ip;

	assert_int_equal(ip_parse(str_of(text), &ip), OK);
	return ip;
}

static struct pair pair_open(struct watch *w)
{
	struct ip ip = address("192.0.2.1");
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	return (struct pair){ fds[0], fds[1], watch_add(w, fds[0], &ip) };
}

static void pair_close(struct watch *w, struct pair *p)
{
	watch_remove(w, p->c);
	close(p->here);
	close(p->there);
}

/* Whether the other side sees an end within ms. */
static bool ends(const struct pair *p, int ms)
{
	struct pollfd fd = { .fd = p->there, .events = POLLIN };

	return poll(&fd, 1, ms) == 1 && (fd.revents & (POLLIN | POLLHUP));
}

static void who_is_late_is_shut_down(void **state)
{
	struct watch *w = watch_new(0);
	struct pair soon = pair_open(w), late = pair_open(w), sooner = pair_open(w), rests = pair_open(w),
		    anew = pair_open(w);

	(void)state;
	watch_await(w, late.c, 600000);
	watch_await(w, rests.c, 1);
	watch_rest(w, rests.c);
	watch_await(w, anew.c, 200);
	watch_await_anew(w, anew.c, 600000);
	watch_await(w, soon.c, 30);
	watch_await(w, soon.c, 600000); /* the earlier time stays */
	watch_await(w, sooner.c, 600000);
	watch_await(w, sooner.c, 20);
	assert_true(ends(&soon, 20000));
	assert_true(ends(&sooner, 20000));
	assert_false(ends(&rests, 0));
	assert_false(ends(&late, 0));
	assert_false(ends(&anew, 300));
	struct pair *all[] = { &soon, &late, &sooner, &rests, &anew };
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		pair_close(w, all[i]);
	watch_free(&w);
	assert_null(w);
}

static void so_many_of_one_address(void **state)
{
	static const struct {
		const char *first, *second;
		bool one;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1", true },
		{ "192.0.2.1", "192.0.2.2", false },
		{ "::ffff:192.0.2.1", "192.0.2.1", true },
		{ "2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true },
		{ "2001:db8:0:1::1", "2001:db8:0:2::1", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct watch *w = watch_new(2);
		struct ip first = address(cases[i].first), second = address(cases[i].second);
		struct watched *a = watch_add(w, -1, &first), *b = watch_add(w, -1, &first);
		assert_false(watch_admits(w, &first));
		assert_int_equal(watch_admits(w, &second), !cases[i].one);
		watch_remove(w, a);
		assert_true(watch_admits(w, &first) && watch_admits(w, &second));
		watch_remove(w, b);
		watch_free(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_late_is_shut_down),
		cmocka_unit_test(so_many_of_one_address),
	};

	return cmocka_run_group_tests_name("api/watch", tests, NULL, NULL);
}

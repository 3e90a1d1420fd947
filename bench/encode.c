/*
 * Encoding a list of settings, without HTTP: bench_encode DIR
 *
 * DIR is a store made by fill.c. MB of JSON for a client per second of CPU, the best of ROUNDS rounds: from objects in
 * memory, and with these read from the store first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "json/write.h"
#include "store/settings.h"

#define ROUNDS 200
#define PER_PAGE 1000
#define ANSWER_MAX (64u << 20)

struct page {
	struct store *st;
	int64_t account;
	struct settings_list list; /* of resource_allow_policies */
	struct arena *arena;
	struct buf out;
};

static const struct json_write how = { .audience = JSON_FOR_API };

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void write(struct page *p)
{
	const struct fieldtab *fields = resource_allow_policies.fields;

	for (size_t i = 0; i < p->list.n; i++)
		json_object_write(&p->out, fields, (char *)p->list.v + i * fields->size, &how);
}

static void read_and_write(struct page *p)
{
	const struct settings_window window = { .newest_first = true, .n = PER_PAGE };
	size_t total;

	arena_reset(p->arena);
	if (settings_page(p->st, p->arena, &resource_allow_policies, p->account, &window, &p->list, &total))
		exit(1);
	write(p);
}

static void measure(const char *what, struct page *p, void (*encode)(struct page *p))
{
	double best = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		buf_clear(&p->out);
		double begin = cpu_seconds();
		encode(p);
		double took = cpu_seconds() - begin;
		best = took < best ? took : best;
	}
	printf("lists %-34s %4.0f MB/s, %.2f ms for %zu policies, %.0f kB\n", what,
	       (double)p->out.n / 1e6 / best, best * 1e3, p->list.n, (double)p->out.n / 1e3);
}

int main(int argc, char **argv)
{
	static const struct log log = { .fd = 2, .level = LOG_WARN, .role = "bench" };
	struct account_list accounts;
	struct errbuf eb = { "no account" };

	if (argc != 2) {
		fputs("usage: bench_encode DIR\n", stderr);
		return 2;
	}
	struct store_options o = { .dir = argv[1], .log = &log };
	struct page p = { .arena = arena_new(64u << 20, NULL, NULL) };
	if (store_open(&o, &p.st, &eb) || settings_accounts(p.st, p.arena, &accounts) || !accounts.n) {
		fprintf(stderr, "bench_encode: %s\n", eb.text);
		return 1;
	}
	p.account = accounts.v[0].num;
	buf_init(&p.out, ANSWER_MAX);
	measure("read from the store, and encoded", &p, read_and_write);
	measure("encoded", &p, write);
	buf_free(&p.out);
	arena_free(&p.arena);
	store_close(&p.st);
	return 0;
}

/*
 * The mails of tests/mail/families: for each finding named by a file, at least ten in which it must be found, and ten that
 * look alike, from senders who prove their names, in which it must not, and which must not be held.
 */
#include "bench.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

#define LEAST 10 /* mails of each kind */

struct counts {
	size_t found, near;
};

static struct str read_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b;
	size_t n;

	if (!f)
		fail_msg("%s cannot be opened", path);
	buf_init(&b, 1u << 20);
	do {
		n = fread(buf_reserve(&b, 4096), 1, 4096, f);
		buf_grew(&b, n);
	} while (n > 0);
	fclose(f);
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* The lines up to an empty one, or to the end, with the line ends of mail. */
static struct str lines_of(struct arena *a, struct str text, size_t *at, bool head)
{
	struct buf b;

	buf_init(&b, 1u << 20);
	while (*at < text.n) {
		size_t lf = str_find_char(text, '\n', *at);
		struct str line = str_sub(text, *at, lf);
		*at = lf == SIZE_MAX ? text.n : lf + 1;
		if (head && line.n == 0)
			break;
		buf_printf(&b, "%.*s\r\n", STR_ARG(line));
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static struct str heaviest(const struct bench *b)
{
	const struct finding_list *list = &b->verdict.message->findings;
	size_t best = 0;

	for (size_t i = 1; i < list->n; i++)
		best = list->v[i].score > list->v[best].score ? i : best;
	return list->n > 0 ? list->v[best].name : STR_NONE;
}

static void look(const char *name, struct str title, bool wanted, struct str text)
{
	struct arena *a = arena_new(8u << 20, NULL, NULL);
	size_t at = 0;
	struct str head = lines_of(a, text, &at, true), body = lines_of(a, text, &at, false), from = STR_NONE;
	struct mail m = { .spf = wanted ? NULL : "v=spf1 ip4:" PEER " -all" };
	struct bench b;

	if (str_starts(head, STR("From: "))) {
		size_t end = str_find(head, STR("\r\n"), 0);
		from = str_sub(head, strlen("From: "), end);
		m.from = arena_str(a, from).p;
		head = str_sub(head, end + 2, head.n);
		size_t open = str_find_char(from, '<', 0), close = str_find_char(from, '>', 0);
		m.mail_from = arena_str(a, str_sub(from, open + 1, close)).p;
	}
	if (str_starts(head, STR("Content-Type: "))) {
		size_t end = str_find(head, STR("\r\n"), 0);
		m.type = arena_str(a, str_sub(head, strlen("Content-Type: "), end)).p;
		head = str_sub(head, end + 2, head.n);
	}
	m.headers = arena_str(a, head).p;
	m.body = arena_str(a, body).p;
	bench_scan(&b, &m, NULL);
	bench_row(&b, &(struct row){ arena_str(a, title).p, m, wanted ? name : NULL, 0 }, name);
	int d = b.verdict.message->final_disposition;
	if (!wanted && d != DISP_NONE && d != DISP_BULK)
		fail_msg("%s: %.*s is held for %.*s", name, STR_ARG(title), STR_ARG(heaviest(&b)));
	bench_close(&b);
	arena_free(&a);
}

static void run_file(const char *name, struct str text)
{
	struct counts n = { 0, 0 };

	for (size_t at = 0; at < text.n;) {
		size_t plus = str_find(text, STR("\n+ "), at), minus = str_find(text, STR("\n- "), at);
		size_t end = plus < minus ? plus : minus, lf = str_find_char(text, '\n', at);
		bool wanted = text.p[at] == '+';
		end = end == SIZE_MAX ? text.n : end + 1;
		assert_true(wanted || text.p[at] == '-');
		*(wanted ? &n.found : &n.near) += 1;
		look(name, str_sub(text, at + 2, lf), wanted, str_sub(text, lf + 1, end));
		at = end;
	}
	if (n.found < LEAST || n.near < LEAST)
		fail_msg("%s: %zu and %zu mails", name, n.found, n.near);
}

static void test_families(void **state)
{
	const char *root = getenv("SOURCE_ROOT");
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct str dir = arena_printf(a, "%s/tests/mail/families", root ? root : ".");
	DIR *d = opendir(dir.p);
	size_t n = 0;

	(void)state;
	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d));) {
		struct str file = str_of(e->d_name), end = STR(".txt");
		if (!str_ends(file, end))
			continue;
		struct str path = arena_printf(a, "%.*s/%.*s", STR_ARG(dir), STR_ARG(file));
		struct str name = arena_str(a, str_sub(file, 0, file.n - end.n));
		run_file(name.p, read_file(a, path.p));
		n++;
	}
	closedir(d);
	assert_true(n > 0);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_families) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

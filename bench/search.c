/*
 * Every filter of the message search through the API, beside the same question put to SQLite in this process.
 *
 *	bench_search DIR PORT PID
 *
 * DIR is a store made by fill.c, which `postern serve` has open; PORT and PID are those of its api process. The values
 * asked for are those of RUNS random mails, so most questions have answers. They are asked over one connection that is
 * kept alive, then in this process: prepared statements, caches as large as the server's, the same keys found and the same
 * rows read and unpacked, but nothing made of them. CPU is that of the whole api process, what the kernel does to send
 * the answers included. Neighbours lengthen what a clock says; p99 of CPU tells what a request took by itself.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "store/internal.h"
#include "store/key.h"
#include "store/pack.h"
#include "store/row.h"
#include "store/settings.h"
#include "store/tokens.h"

#define RUNS 300
#define BLOCK 20 /* questions asked in a row, first of the one, then of the other */
#define PER_PAGE 50
#define SEARCHERS 8    /* connections of the client that is in others' way */
#define NEIGHBOUR 2000 /* requests of the other one */
#define STEP 1000      /* messages of a page on the way to the deep ones */
#define ANSWER_MAX (64u << 20)

#define MUST(x)                                                           \
	do {                                                              \
		if (!(x)) {                                               \
			fprintf(stderr, "bench_search: %s failed\n", #x); \
			exit(1);                                          \
		}                                                         \
	} while (0)

static double now_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct times {
	double v[NEIGHBOUR]; /* microseconds */
	size_t n;
};

/* Milliseconds. */
static double at(struct times *t, double share)
{
	qsort(t->v, t->n, sizeof(t->v[0]), compare);
	return t->n ? t->v[(size_t)(share * (double)(t->n - 1))] / 1000 : 0;
}

static void add_time(struct times *t, double us)
{
	t->v[t->n++] = us;
}

static double sum(const struct times *t)
{
	double all = 0;

	for (size_t i = 0; i < t->n; i++)
		all += t->v[i];
	return all;
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

/* ---- a client ---- */

struct client {
	int fd;
	struct str account, token;
	struct buf in;
};

static uint16_t port;

static void client_open(struct client *c)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	buf_init(&c->in, ANSWER_MAX);
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	MUST(c->fd >= 0 && connect(c->fd, (struct sockaddr *)&to, sizeof(to)) == 0);
}

static void client_close(struct client *c)
{
	close(c->fd);
	buf_free(&c->in);
}

/* The body of a 200; valid until the next one. */
static struct str get(struct client *c, struct str path)
{
	char head[8192];
	int n = snprintf(head, sizeof(head),
			 "GET /client/v4/accounts/%.*s/email-security/%.*s HTTP/1.1\r\nHost: bench\r\n"
			 "Authorization: Bearer %.*s\r\n\r\n",
			 STR_ARG(c->account), STR_ARG(path), STR_ARG(c->token));
	size_t end = SIZE_MAX, length = 0;

	MUST(n > 0 && (size_t)n < sizeof(head) && send(c->fd, head, (size_t)n, 0) == n);
	buf_clear(&c->in);
	while (end == SIZE_MAX || c->in.n < end + length) {
		char *to = buf_reserve(&c->in, 1 << 18);
		MUST(to);
		ssize_t got = recv(c->fd, to, 1 << 18, 0);
		MUST(got > 0);
		buf_grew(&c->in, (size_t)got);
		struct str all = buf_str(&c->in);
		if (end != SIZE_MAX || (end = str_find(all, STR("\r\n\r\n"), 0)) == SIZE_MAX)
			continue;
		size_t field = str_find_nocase(str_sub(all, 0, end), STR("Content-Length:"), 0);
		MUST(field != SIZE_MAX);
		length = strtoul(all.p + field + strlen("Content-Length:"), NULL, 10);
		end += 4;
	}
	struct str all = buf_str(&c->in);
	if (!str_starts(all, STR("HTTP/1.1 200 "))) {
		fprintf(stderr, "%.*s:\n%.*s\n", STR_ARG(path), STR_ARG(all));
		exit(1);
	}
	return str_sub(all, end, all.n);
}

/* The text of a member that is a string, "" when it is null. */
static struct str member(struct arena *a, struct str body, const char *name)
{
	struct str before = arena_printf(a, "\"%s\":\"", name);
	size_t from = str_find(body, before, 0);

	if (from == SIZE_MAX)
		return STR("");
	from += before.n;
	return arena_str(a, str_sub(body, from, str_find_char(body, '"', from)));
}

/* ---- a question ---- */

struct question {
	struct arena *arena;
	struct buf path;
	struct store_search q;
};

static void add(struct question *ask, const char *name, struct str value)
{
	buf_printf(&ask->path, "&%s=", name);
	for (size_t i = 0; i < value.n; i++)
		buf_printf(&ask->path, "%%%02x", (unsigned char)value.p[i]);
}

/* A parameter that is a text of the search, too. */
#define ADD(ask, name, value) ((ask)->q.name = (value), add((ask), #name, (ask)->q.name))

static void add_query(struct question *ask, struct str text)
{
	struct str rest = text;

	add(ask, "query", text);
	while (rest.n) {
		size_t end = str_find_char(rest, ' ', 0);
		ARENA_PUSH(ask->arena, &ask->q.terms, str_sub(rest, 0, end));
		rest = end == SIZE_MAX ? STR_NONE : str_sub(rest, end + 1, rest.n);
	}
}

static void all_mail(struct question *ask)
{
	ask->q.detections_only = false;
	add(ask, "detections_only", STR("false"));
}

static void add_disposition(struct question *ask, enum disposition disposition)
{
	ask->q.disposition = (int)disposition;
	ask->q.detections_only = disposition != DISP_NONE;
	add(ask, "final_disposition", enum_text(&disposition_names, (int)disposition));
}

static struct str host_of(struct str address)
{
	return str_sub(address, str_rfind_char(address, '@') + 1, address.n);
}

/* The n-th word of a subject and those up to it. */
static struct str words(struct str text, size_t n)
{
	size_t end = 0;

	for (size_t i = 0; i < n && end < text.n; i++)
		end = str_find_char(text, ' ', i ? end + 1 : 0) == SIZE_MAX
			  ? text.n
			  : str_find_char(text, ' ', i ? end + 1 : 0);
	return str_sub(text, 0, end);
}

static void newest(struct question *ask, const struct message *m)
{
	(void)m;
	all_mail(ask);
}

static void detections(struct question *ask, const struct message *m)
{
	(void)ask;
	(void)m;
}

static void hour(struct question *ask, const struct message *m)
{
	char start[CLOCK_TEXT_MAX], end[CLOCK_TEXT_MAX];

	all_mail(ask);
	ask->q.start_us = m->scanned_at;
	ask->q.end_us = m->scanned_at + INT64_C(3600000000);
	buf_clear(&ask->path);
	buf_add(&ask->path, STR("investigate?detections_only=false"));
	add(ask, "start", clock_rfc3339(ask->q.start_us, start));
	add(ask, "end", clock_rfc3339(ask->q.end_us, end));
}

static void malicious(struct question *ask, const struct message *m)
{
	(void)m;
	add_disposition(ask, DISP_MALICIOUS);
}

static void bec(struct question *ask, const struct message *m)
{
	(void)m;
	add_disposition(ask, DISP_BEC);
}

static void clean(struct question *ask, const struct message *m)
{
	(void)m;
	add_disposition(ask, DISP_NONE);
}

static void moved(struct question *ask, const struct message *m)
{
	(void)m;
	all_mail(ask);
	ask->q.operation = OP_MOVE;
	add(ask, "message_action", STR("MOVED"));
}

static void deferred(struct question *ask, const struct message *m)
{
	(void)m;
	all_mail(ask);
	ask->q.delivery_status = DELIVERY_DEFERRED;
	add(ask, "delivery_status", STR("deferred"));
}

static void sender_address(struct question *ask, const struct message *m)
{
	all_mail(ask);
	ADD(ask, sender, m->from);
}

static void sender_host(struct question *ask, const struct message *m)
{
	all_mail(ask);
	ADD(ask, sender, host_of(m->from));
}

static void sender_suffix(struct question *ask, const struct message *m)
{
	ADD(ask, sender, ARENA_JOIN(ask->arena, STR("@"), host_of(m->from)));
}

static void recipient_address(struct question *ask, const struct message *m)
{
	all_mail(ask);
	ADD(ask, recipient, m->envelope_to.v[0]);
}

static void recipient_domain(struct question *ask, const struct message *m)
{
	(void)m;
	ADD(ask, recipient, STR("protected.example"));
}

static void any_domain(struct question *ask, const struct message *m)
{
	all_mail(ask);
	ADD(ask, domain, host_of(m->from));
}

static void by_alert(struct question *ask, const struct message *m)
{
	ADD(ask, alert_id, m->alert_id);
}

static void by_message_id(struct question *ask, const struct message *m)
{
	all_mail(ask);
	ADD(ask, message_id, m->message_id);
}

static void by_bare_message_id(struct question *ask, const struct message *m)
{
	all_mail(ask);
	ADD(ask, message_id, str_sub(m->message_id, 1, m->message_id.n - 1));
}

static void by_helo(struct question *ask, const struct message *m)
{
	all_mail(ask);
	ADD(ask, smtp_helo_ip, m->smtp_helo_server_ip);
}

static void subject_word(struct question *ask, const struct message *m)
{
	all_mail(ask);
	ADD(ask, subject, words(m->subject, 1));
}

static void subject_words(struct question *ask, const struct message *m)
{
	all_mail(ask);
	ADD(ask, subject, words(m->subject, 3));
}

static void subject_detections(struct question *ask, const struct message *m)
{
	ADD(ask, subject, words(m->subject, 2));
}

static void whole_subject(struct question *ask, const struct message *m)
{
	all_mail(ask);
	ADD(ask, exact_subject, m->subject);
}

static void query_word(struct question *ask, const struct message *m)
{
	all_mail(ask);
	add_query(ask, words(m->subject, 1));
}

static void query_words(struct question *ask, const struct message *m)
{
	all_mail(ask);
	add_query(ask, words(m->subject, 3));
}

static void query_detections(struct question *ask, const struct message *m)
{
	add_query(ask, words(m->subject, 2));
}

static void query_address(struct question *ask, const struct message *m)
{
	all_mail(ask);
	add_query(ask, m->from);
}

static void query_host(struct question *ask, const struct message *m)
{
	all_mail(ask);
	add_query(ask, host_of(m->from));
}

static void query_prefix(struct question *ask, const struct message *m, size_t n)
{
	all_mail(ask);
	add_query(ask, ARENA_JOIN(ask->arena, str_sub(words(m->subject, 1), 0, n), STR("*")));
}

static void query_prefix_3(struct question *ask, const struct message *m)
{
	query_prefix(ask, m, 3);
}

static void query_prefix_4(struct question *ask, const struct message *m)
{
	query_prefix(ask, m, 4);
}

static void query_prefix_5(struct question *ask, const struct message *m)
{
	query_prefix(ask, m, 5);
}

static void prefix_detections(struct question *ask, const struct message *m)
{
	add_query(ask, ARENA_JOIN(ask->arena, str_sub(words(m->subject, 1), 0, 3), STR("*")));
}

static void together(struct question *ask, const struct message *m)
{
	ADD(ask, recipient, m->envelope_to.v[0]);
	ADD(ask, subject, words(m->subject, 1));
	add_disposition(ask, DISP_SPAM);
}

static void nothing(struct question *ask, const struct message *m)
{
	all_mail(ask);
	ADD(ask, subject, ARENA_JOIN(ask->arena, words(m->subject, 1), STR(" nosuchword")));
}

static const struct form {
	const char *name;
	void (*make)(struct question *ask, const struct message *m);
} forms[] = {
	{ "newest, all mail", newest },
	{ "newest detections", detections },
	{ "start and end, one hour", hour },
	{ "final_disposition MALICIOUS", malicious },
	{ "final_disposition MALICIOUS-BEC", bec },
	{ "final_disposition NONE", clean },
	{ "message_action", moved },
	{ "delivery_status", deferred },
	{ "sender, address", sender_address },
	{ "sender, host", sender_host },
	{ "sender, @host, detections", sender_suffix },
	{ "recipient, address", recipient_address },
	{ "recipient, domain, detections", recipient_domain },
	{ "domain", any_domain },
	{ "alert_id", by_alert },
	{ "message_id", by_message_id },
	{ "message_id without <>", by_bare_message_id },
	{ "smtp_helo_ip", by_helo },
	{ "subject, 1 word", subject_word },
	{ "subject, 3 words", subject_words },
	{ "subject, 2 words, detections", subject_detections },
	{ "exact_subject", whole_subject },
	{ "query, 1 word", query_word },
	{ "query, 3 words", query_words },
	{ "query, 2 words, detections", query_detections },
	{ "query, address", query_address },
	{ "query, host", query_host },
	{ "query, prefix of 3", query_prefix_3 },
	{ "query, prefix of 4", query_prefix_4 },
	{ "query, prefix of 5", query_prefix_5 },
	{ "query, prefix of 3, detections", prefix_detections },
	{ "recipient, subject, disposition", together },
	{ "subject, no hit", nothing },
};

/* ---- SQLite alone ---- */

struct bare {
	sqlite3 *db;
	sqlite3_stmt *all, *detections, *tokens;
	struct arena *arena;
};

static void bare_open(struct bare *b, const char *dir)
{
	char text[1000];

	snprintf(text, sizeof(text), "%s/messages.db", dir);
	MUST(sqlite3_open_v2(text, &b->db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
	snprintf(text, sizeof(text),
		 "ATTACH '%s/search.db' AS s; PRAGMA query_only=ON; PRAGMA main.cache_size=-2000; "
		 "PRAGMA s.cache_size=-2000",
		 dir);
	MUST(sqlite3_exec(b->db, text, NULL, NULL, NULL) == SQLITE_OK);
	/* clang-format off */
	MUST(sqlite3_prepare_v2(b->db, "SELECT " ROW_COLUMNS " FROM msg WHERE id BETWEEN ?1 AND ?2 "
		"ORDER BY id DESC LIMIT ?3", -1, &b->all, NULL) == SQLITE_OK);
	MUST(sqlite3_prepare_v2(b->db, "SELECT " ROW_COLUMNS " FROM msg WHERE id BETWEEN ?1 AND ?2 AND disp <> 0 "
		"ORDER BY id DESC LIMIT ?3", -1, &b->detections, NULL) == SQLITE_OK);
	MUST(sqlite3_prepare_v2(b->db, "SELECT " ROW_COLUMNS " FROM (SELECT rowid AS r FROM s.fts WHERE fts MATCH ?4 "
		"AND rowid BETWEEN ?1 AND ?2 ORDER BY rowid DESC LIMIT ?3) CROSS JOIN msg ON id = r ORDER BY r DESC",
		-1, &b->tokens, NULL) == SQLITE_OK);
	/* clang-format on */
	b->arena = arena_new(64u << 20, NULL, NULL);
}

/* How many rows; the last one only tells that there are more. */
static size_t bare_run(struct bare *b, const struct store_search *q)
{
	struct token_query tokens = tokens_of_search(b->arena, q);
	sqlite3_stmt *s = tokens.n == 0 ? b->all : tokens.only_detections ? b->detections : b->tokens;
	size_t n = 0;

	sqlite3_bind_int64(s, 1, key_from(q->account, q->start_us));
	sqlite3_bind_int64(s, 2, key_upto(q->account, q->end_us));
	sqlite3_bind_int64(s, 3, PER_PAGE + 1);
	if (s == b->tokens) {
		struct str text = tokens_expression(b->arena, &tokens);
		sqlite3_bind_text(s, 4, text.p, (int)text.n, SQLITE_STATIC);
	}
	while (sqlite3_step(s) == SQLITE_ROW) {
		struct str packed = str_from(sqlite3_column_blob(s, 5), (size_t)sqlite3_column_bytes(s, 5)),
			   text;
		if (++n <= PER_PAGE)
			MUST(pack_open(b->arena, packed, 16u << 20, &text) == OK);
	}
	MUST(sqlite3_reset(s) == SQLITE_OK);
	arena_reset(b->arena);
	return n;
}

/* ---- measuring ---- */

/* CPU of all threads of a process. */
static double process_us(long pid)
{
	char path[300];
	double sum = 0;

	snprintf(path, sizeof(path), "/proc/%ld/task", pid);
	DIR *d = opendir(path);
	MUST(d);
	for (const struct dirent *e; (e = readdir(d));) {
		double ns = 0;
		snprintf(path, sizeof(path), "/proc/%ld/task/%s/schedstat", pid, e->d_name);
		FILE *f = fopen(path, "r");
		if (f && fscanf(f, "%lf", &ns) == 1)
			sum += ns / 1000;
		if (f)
			fclose(f);
	}
	closedir(d);
	return sum;
}

struct sample {
	struct message *v[RUNS];
};

static void take_sample(struct store *st, struct arena *a, int64_t account, bool detections,
			struct sample *out)
{
	struct sql *c;
	int64_t first, last;

	MUST(sql_read_begin(st->messages, &c) == OK);
	struct sql_stmt *s = sql_prepare(c, "SELECT min(id), max(id) FROM msg WHERE id BETWEEN $1 AND $2");
	sql_bind_int(s, 1, key_first(account));
	sql_bind_int(s, 2, key_last(account));
	MUST(sql_step(s) == OK);
	first = sql_int(s, 0);
	last = sql_int(s, 1);
	sql_done(s);
	for (size_t i = 0; i < RUNS;) {
		struct record r;
		s = sql_prepare(c, detections ? "SELECT " ROW_COLUMNS
						" FROM msg WHERE id >= $1 AND disp <> 0 LIMIT 1"
					      : "SELECT " ROW_COLUMNS " FROM msg WHERE id >= $1 LIMIT 1");
		sql_bind_int(s, 1, first + (int64_t)(drand48() * (double)(last - first)));
		if (sql_step(s))
			continue;
		MUST(row_read(s, a, RECORD_MESSAGE, &r) == OK);
		if (key_account(sql_int(s, 0)) == account)
			out->v[i++] = r.message;
		sql_done(s);
	}
	sql_read_end(&c);
}

struct bench {
	struct client client;
	struct bare bare;
	int64_t account;
	long pid;
	double worst_p99, worst_cpu, worst_ratio;
};

static struct question new_ask(struct arena *a, int64_t account)
{
	struct question ask = { .arena = a };

	ask.q = (struct store_search){ .account = account,
				       .detections_only = true,
				       .end_us = INT64_MAX / 2,
				       .disposition = -1,
				       .operation = -1,
				       .delivery_status = -1,
				       .page = 1,
				       .per_page = PER_PAGE };
	buf_init(&ask.path, 1u << 16);
	buf_add(&ask.path, STR("investigate?start=2020-01-01T00:00:00Z"));
	return ask;
}

struct measured {
	struct times api, bare, api_cpu, bare_cpu; /* each request by itself */
	double cpu;                                /* of the api process while it had no pause */
	double hits;
};

static void ask_in_a_row(struct bench *b, const struct question *asks, struct measured *m)
{
	double cpu = process_us(b->pid);

	for (size_t i = 0; i < BLOCK; i++) {
		double begin = now_us(CLOCK_MONOTONIC);
		(void)get(&b->client, buf_str(&asks[i].path));
		add_time(&m->api, now_us(CLOCK_MONOTONIC) - begin);
	}
	m->cpu += process_us(b->pid) - cpu;
}

static void ask_alone(struct bench *b, const struct question *asks, struct measured *m)
{
	for (size_t i = 0; i < BLOCK; i++) {
		double cpu = now_us(CLOCK_THREAD_CPUTIME_ID), begin = now_us(CLOCK_MONOTONIC);
		size_t n = bare_run(&b->bare, &asks[i].q);
		add_time(&m->bare, now_us(CLOCK_MONOTONIC) - begin);
		add_time(&m->bare_cpu, now_us(CLOCK_THREAD_CPUTIME_ID) - cpu);
		n = n > PER_PAGE ? PER_PAGE : n;
		m->hits += (double)n;
		cpu = process_us(b->pid);
		struct str body = get(&b->client, buf_str(&asks[i].path));
		add_time(&m->api_cpu, process_us(b->pid) - cpu);
		struct str count = arena_printf(asks[i].arena, "\"result_info\":{\"count\":%zu,", n);
		MUST(str_find(body, count, 0) != SIZE_MAX);
	}
}

static void measure(struct bench *b, const struct form *form, const struct sample *sample)
{
	static struct measured m;
	struct arena *a = arena_new(64u << 20, NULL, NULL);

	m = (struct measured){ 0 };
	for (size_t from = 0; from < RUNS; from += BLOCK) {
		struct question asks[BLOCK];
		for (size_t i = 0; i < BLOCK; i++) {
			asks[i] = new_ask(a, b->account);
			form->make(&asks[i], sample->v[from + i]);
			buf_printf(&asks[i].path, "&per_page=%d", PER_PAGE);
		}
		/* Whoever comes first brings the pages into memory, and would pay for both. */
		for (size_t i = 0; i < BLOCK; i++)
			(void)bare_run(&b->bare, &asks[i].q);
		ask_in_a_row(b, asks, &m);
		ask_alone(b, asks, &m);
		for (size_t i = 0; i < BLOCK; i++)
			buf_free(&asks[i].path);
		arena_reset(a);
	}
	double p99 = at(&m.api, 0.99), cpu_p99 = at(&m.api_cpu, 0.99), ratio = m.cpu / sum(&m.bare_cpu);
	printf("search %-32s %4.1f mails  p50 %5.2f  p99 %5.2f  p99 of CPU %5.2f ms   bare p50 %5.2f  p99 "
	       "%5.2f  p99 of CPU "
	       "%5.2f ms   CPU %4.0f / %4.0f us, ratio %.2f\n",
	       form->name, m.hits / RUNS, at(&m.api, 0.5), p99, cpu_p99, at(&m.bare, 0.5), at(&m.bare, 0.99),
	       at(&m.bare_cpu, 0.99), m.cpu / RUNS, sum(&m.bare_cpu) / RUNS, ratio);
	fflush(stdout);
	b->worst_p99 = larger(b->worst_p99, p99);
	b->worst_cpu = larger(b->worst_cpu, cpu_p99);
	b->worst_ratio = larger(b->worst_ratio, ratio);
	arena_free(&a);
}

/* p50 of RUNS pages, or as many as there are, each beginning where the one before ends. */
static double pages(struct bench *b, struct arena *a, struct str path, struct str *cursor)
{
	static struct times t;

	t.n = 0;
	for (size_t i = 0; i < RUNS; i++) {
		struct str at = cursor->n ? ARENA_JOIN(a, path, STR("&cursor="), *cursor) : path;
		double begin = now_us(CLOCK_MONOTONIC);
		struct str body = get(&b->client, at);
		add_time(&t, now_us(CLOCK_MONOTONIC) - begin);
		*cursor = member(a, body, "next");
		if (!cursor->n)
			break;
	}
	return at(&t, 0.5);
}

/* The cursor beside a page of STEP messages, "" at the end. */
static struct str step(struct bench *b, struct arena *a, struct str path, struct str cursor,
		       const char *where)
{
	struct str page = arena_printf(a, "%.*s%d&cursor=%.*s", STR_ARG(path), STEP, STR_ARG(cursor));

	return member(a, get(&b->client, page), where);
}

static void measure_depth(struct bench *b, const char *name, const char *filter)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str path = arena_printf(a, "investigate?start=2020-01-01T00:00:00Z&%s&per_page=", filter);
	struct str small = arena_printf(a, "%.*s%d", STR_ARG(path), PER_PAGE), cursor = STR(""), next;
	double first = pages(b, a, small, &cursor);
	int depth = RUNS * PER_PAGE;

	/* Down to the end, and back by as much as the small pages take. */
	for (; cursor.n && (next = step(b, a, path, cursor, "next")).n; depth += STEP)
		cursor = next;
	for (int back = 0; cursor.n && back <= RUNS * PER_PAGE; back += STEP, depth -= STEP)
		cursor = step(b, a, path, cursor, "previous");
	double deep = pages(b, a, small, &cursor);
	printf("search %-32s a page by cursor: first %.2f ms, after %d mails %.2f ms, ratio %.2f\n", name,
	       first, depth, deep, deep / first);
	arena_free(&a);
}

/* ---- in the way of others ---- */

static atomic_bool over;
static atomic_size_t searches;

struct searcher {
	pthread_t thread;
	struct client client;
};

static void *search_on(void *arg)
{
	struct searcher *s = arg;

	client_open(&s->client);
	while (!atomic_load(&over)) {
		(void)get(
		    &s->client,
		    STR("investigate?start=2020-01-01T00:00:00Z&detections_only=false&per_page=50&recipient="
			"protected.example&final_disposition=SPAM"));
		atomic_fetch_add(&searches, 1);
	}
	client_close(&s->client);
	return NULL;
}

static void neighbour(struct client *c, struct str path, struct times *t)
{
	t->n = 0;
	for (size_t i = 0; i < NEIGHBOUR; i++) {
		double begin = now_us(CLOCK_MONOTONIC);
		(void)get(c, path);
		add_time(t, now_us(CLOCK_MONOTONIC) - begin);
		usleep(500);
	}
}

static void measure_neighbours(const struct client *busy, struct client *policies, struct client *searching)
{
	static struct times t;
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct str id = member(a, get(policies, STR("settings/allow_policies?per_page=1")), "id");
	const struct {
		const char *name;
		struct client *client;
		struct str path;
	} others[] = {
		{ "GET of one policy", policies, ARENA_JOIN(a, STR("settings/allow_policies/"), id) },
		{ "search of another account", searching,
		  STR("investigate?start=2020-01-01T00:00:00Z&per_page=50") },
	};

	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct searcher searcher[SEARCHERS];
		neighbour(others[i].client, others[i].path, &t);
		double p50 = at(&t, 0.5), p99 = at(&t, 0.99);
		atomic_store(&over, false);
		atomic_store(&searches, 0);
		for (size_t k = 0; k < SEARCHERS; k++) {
			searcher[k].client = *busy;
			MUST(pthread_create(&searcher[k].thread, NULL, search_on, &searcher[k]) == 0);
		}
		double begin = now_us(CLOCK_MONOTONIC);
		neighbour(others[i].client, others[i].path, &t);
		double rate = (double)atomic_load(&searches) / (now_us(CLOCK_MONOTONIC) - begin) * 1e6;
		atomic_store(&over, true);
		for (size_t k = 0; k < SEARCHERS; k++)
			pthread_join(searcher[k].thread, NULL);
		printf("search %-32s alone p50 %.2f p99 %.2f ms; beside %d connections searching (%.0f/s) "
		       "p50 %.2f p99 "
		       "%.2f ms\n",
		       others[i].name, p50, p99, SEARCHERS, rate, at(&t, 0.5), at(&t, 0.99));
		fflush(stdout);
	}
	arena_free(&a);
}

int main(int argc, char **argv)
{
	static const struct log log = { .fd = 2, .level = LOG_WARN, .role = "bench" };
	static struct sample all, detected;
	struct errbuf eb;
	struct store *st;
	struct account_list accounts;

	if (argc != 4) {
		fputs("usage: bench_search DIR PORT PID\n", stderr);
		return 2;
	}
	port = (uint16_t)strtoul(argv[2], NULL, 10);
	struct store_options o = { .dir = argv[1], .log = &log };
	MUST(store_open(&o, &st, &eb) == OK);
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	MUST(settings_accounts(st, a, &accounts) == OK && accounts.n == 2);
	struct bench b = { .account = accounts.v[0].num,
			   .pid = strtol(argv[3], NULL, 10),
			   .client = { .account = accounts.v[0].id,
				       .token = STR("bench-search-large-token") } };
	struct client policies = b.client,
		      searching = { .account = accounts.v[1].id, .token = STR("bench-search-small-token") };
	struct client busy = b.client;
	srand48(1);
	take_sample(st, a, b.account, false, &all);
	take_sample(st, a, b.account, true, &detected);
	client_open(&b.client);
	bare_open(&b.bare, argv[1]);
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		measure(&b, &forms[i], forms[i].make == by_alert ? &detected : &all);
	printf(
	    "search worst of all forms: p99 %.2f ms, p99 of CPU %.2f ms, %.2f x the CPU of the bare query\n",
	    b.worst_p99, b.worst_cpu, b.worst_ratio);
	measure_depth(&b, "all mail", "detections_only=false");
	measure_depth(&b, "detections", "detections_only=true");
	measure_depth(&b, "recipient", "detections_only=false&recipient=protected.example");
	client_open(&policies);
	client_open(&searching);
	measure_neighbours(&busy, &policies, &searching);
	client_close(&policies);
	client_close(&searching);
	client_close(&b.client);
	sqlite3_finalize(b.bare.all);
	sqlite3_finalize(b.bare.detections);
	sqlite3_finalize(b.bare.tokens);
	sqlite3_close(b.bare.db);
	arena_free(&b.bare.arena);
	arena_free(&a);
	store_close(&st);
	return 0;
}

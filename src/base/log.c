/* Writing log lines. */
#include "base/log.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

ENUM_DEFINE(log_level, LOG_LEVELS);

#define LINE_MAX_BYTES 2048 /* longer lines are cut, so that a write stays atomic on a pipe (PIPE_BUF 4096) */

static _Thread_local struct log_field work; /* of this thread; LOG_END: none */

void log_thread_begin(const char *key, struct str value)
{
	work = KV_STR(key, value);
}

void log_thread_end(void)
{
	work = (struct log_field){ .kind = LOG_END };
}

struct line {
	char p[LINE_MAX_BYTES];
	size_t n;
};

static void put(struct line *l, const char *p, size_t n)
{
	if (n > sizeof(l->p) - 1 - l->n)
		n = sizeof(l->p) - 1 - l->n;
	memcpy(l->p + l->n, p, n);
	l->n += n;
}

static void put_quoted(struct line *l, struct str s)
{
	char hex[5];

	put(l, "\"", 1);
	for (size_t i = 0; i < s.n && l->n < sizeof(l->p) - 8; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c < 32 || c == 127)
			put(l, hex, (size_t)snprintf(hex, sizeof(hex), "\\x%02x", c));
		else if (c == '"' || c == '\\')
			put(l, (char[]){ '\\', (char)c }, 2);
		else
			put(l, s.p + i, 1);
	}
	put(l, "\"", 1);
}

static void put_field(struct line *l, const struct log_field *f)
{
	char number[32];

	put(l, " ", 1);
	put(l, f->key, strlen(f->key));
	put(l, "=", 1);
	if (f->kind == LOG_INT)
		put(l, number, (size_t)snprintf(number, sizeof(number), "%lld", (long long)f->i));
	else
		put_quoted(l, f->s);
}

void log_write(const struct log *l, enum log_level level, const char *event, const struct log_field *fields)
{
	struct line line = { .n = 0 };
	char head[128], when[CLOCK_TEXT_MAX];

	if (level > l->level)
		return;
	struct str now = clock_rfc3339(clock_now_us() / 1000 * 1000, when);
	put(&line, head,
	    (size_t)snprintf(head, sizeof(head), "time=%.*s level=%.*s role=%.20s event=%.40s", STR_ARG(now),
			     STR_ARG(enum_text(&log_level_names, (int)level)), l->role ? l->role : "-",
			     event));
	if (work.kind != LOG_END)
		put_field(&line, &work);
	for (const struct log_field *f = fields; f->kind != LOG_END; f++)
		put_field(&line, f);
	line.p[line.n++] = '\n';
	if (write(l->fd, line.p, line.n) < 0)
		return; /* nowhere left to complain */
}

/* The minute in the upper half, the lines asked for in it in the lower. */
bool log_quota_take(struct log_quota *q, int64_t now_ms, unsigned *left_out_out)
{
	uint64_t minute = (uint64_t)now_ms / 60000 + 1, old = atomic_load(&q->state), next;

	do {
		*left_out_out = 0;
		next = old + 1;
		if (old >> 32 != minute) {
			uint32_t lines = (uint32_t)old;
			*left_out_out = lines > LOG_QUOTA ? lines - LOG_QUOTA : 0;
			next = minute << 32 | 1;
		}
	} while ((uint32_t)next != 0 && !atomic_compare_exchange_weak(&q->state, &old, next));
	return (uint32_t)next != 0 && (uint32_t)next <= LOG_QUOTA;
}

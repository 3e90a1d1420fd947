/*
 * Log lines: the time, a level, a fixed event name, typed fields; one line each on stderr as
 *
 *	time=2026-11-20T13:14:37.705000Z level=info role=intake event=message id="4Njp…" bytes=3412
 *
 * Values from outside are escaped here and nowhere else. error = someone must act; warn = we coped;
 * info = one line per mail and per API write; debug = off. Never secrets, never bodies.
 * Thread-safe: each line is one write().
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdint.h>

#include "base/enumtab.h"
#include "base/str.h"

#define LOG_LEVELS(X) X(LOG_ERROR, "error") X(LOG_WARN, "warn") X(LOG_INFO, "info") X(LOG_DEBUG, "debug")
ENUM_DECLARE(log_level, LOG_LEVELS);

struct log {
	int fd;
	enum log_level level; /* lines above it are dropped */
	const char *role;
};

struct log_field {
	const char *key;
	enum { LOG_END, LOG_STR, LOG_INT } kind;
	struct str s;
	int64_t i;
};

#define KV_STR(k, v) ((struct log_field){ .key = (k), .kind = LOG_STR, .s = (v) })
#define KV_C(k, v) ((struct log_field){ .key = (k), .kind = LOG_STR, .s = str_of(v) })
#define KV_INT(k, v) ((struct log_field){ .key = (k), .kind = LOG_INT, .i = (int64_t)(v) })

/* fields ends with a LOG_END row; use the macros. */
void log_write(const struct log *l, enum log_level level, const char *event, const struct log_field *fields);

/* Every line carries at least one field. */
#define LOG_AT(l, level, event, ...) \
	log_write((l), (level), (event), (const struct log_field[]){ __VA_ARGS__, { .kind = LOG_END } })
#define log_error(l, event, ...) LOG_AT(l, LOG_ERROR, event, __VA_ARGS__)
#define log_warn(l, event, ...) LOG_AT(l, LOG_WARN, event, __VA_ARGS__)
#define log_info(l, event, ...) LOG_AT(l, LOG_INFO, event, __VA_ARGS__)
#define log_debug(l, event, ...) LOG_AT(l, LOG_DEBUG, event, __VA_ARGS__)

/*
 * What the calling thread works on from now until the end: every line it writes carries the pair, so that one grep tells
 * the whole story, also what rooms say that know nothing of it. The value lives as long.
 */
void log_thread_begin(const char *key, struct str value);
void log_thread_end(void);

/* Lines of one kind that strangers cause, LOG_QUOTA of them in a minute. Zeroed = none yet. Thread-safe. */
#define LOG_QUOTA 20
struct log_quota {
	_Atomic uint64_t state;
};
/* Whether one more may be written now (monotonic); *left_out_out: how many were not, when a minute had more. */
bool log_quota_take(struct log_quota *q, int64_t now_ms, unsigned *left_out_out);

#endif

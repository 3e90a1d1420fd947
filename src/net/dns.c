/*
 * DNS through libunbound: one context with its own resolver thread, and one thread of ours that takes the answers
 * from it (the pump). Who asks waits on a condition until all answers are there or the time is over.
 *
 * What is open at the deadline is cancelled. libunbound calls back for a query unless ub_cancel said it would not,
 * so each query is a small object of its own that outlives who asked: the side that comes last frees it.
 */
#include "net/dns.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unbound.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"

/* A quarter of 64 workers with 64 names each is what one client can have open; twice that is room for the others. */
#define OUTSTANDING_MAX 2048
#define OUTSTANDING_TEXT "2048" /* the same for libunbound */
#define ROOT_ANCHOR "/usr/share/dns/root.key"
#define DATA_BYTES (64u << 20) /* local data: some hundred thousand lines */
#define RR_CLASS_IN 1
#define NAME_MAX_BYTES 253
/*
 * Questions in a row without an answer from which it is the resolvers that are silent, for the names of one mail may all
 * be of somebody who does not answer.
 */
#define SILENCE_QUESTIONS 50
#define SILENCE_TOLD_MS 60000 /* at most one line in that time */

struct dns {
	struct ub_ctx *ub;
	const struct log *log;
	pthread_mutex_t lock; /* guards what counts questions, and the batches and queries in hand */
	pthread_cond_t answered;
	bool stopped; /* the pump has failed: nothing is answered any more */
	size_t outstanding;
	size_t unanswered; /* in a row */
	int64_t told_ms;   /* when that was last logged; 0 = not since an answer came */
	int stop_fd;
	pthread_t pump;
	bool pumping;
};

/* One dns_ask: lives on its caller's stack, and queries point to it only while `left` counts them. */
struct batch {
	size_t left, n;
	const int64_t *until_ms;    /* by index of the ask */
	struct query **queries;     /* by index of the ask; NULL = not asked, or answered */
	struct ub_result **results; /* by index of the ask; NULL = none */
};

struct query {
	struct dns *dns;
	struct batch *batch; /* NULL: nobody waits any more */
	size_t index;
	int id; /* libunbound's number for it */
};

/* ---- what an answer says ---- */

/* An uncompressed name as text; false when it is broken or holds what no host name may. */
static bool name_text(struct arena *a, const unsigned char *p, size_t n, struct str *out)
{
	char text[NAME_MAX_BYTES + 1];
	size_t used = 0, at = 0;

	while (at < n && p[at] != 0) {
		size_t label = p[at++];
		if (label > 63 || label > n - at || used + label + 1 > sizeof(text))
			return false;
		if (used)
			text[used++] = '.';
		for (size_t i = 0; i < label; i++) {
			char c = ascii_lower((char)p[at + i]);
			if (c <= ' ' || c == '.' || c == 127)
				return false;
			text[used++] = c;
		}
		at += label;
	}
	if (at >= n)
		return false;
	*out = arena_str(a, str_from(text, used));
	return true;
}

/* The character-strings of a TXT record put together (RFC 7208 §3.3). */
static bool txt_text(struct arena *a, const unsigned char *p, size_t n, struct str *out)
{
	char *text = arena_alloc(a, n + 1);
	size_t used = 0;

	for (size_t at = 0; at < n;) {
		size_t part = p[at++];
		if (part > n - at)
			return false;
		memcpy(text + used, p + at, part);
		used += part;
		at += part;
	}
	*out = str_from(text, used);
	return used <= LIMIT_ASK_RECORD;
}

static bool record_read(struct arena *a, uint16_t rrtype, const unsigned char *p, size_t n,
			struct dns_record *out)
{
	*out = (struct dns_record){ 0 };
	switch (rrtype) {
	case RR_A:
	case RR_AAAA:
		out->data = arena_str(a, str_from(p, n));
		return n == (rrtype == RR_A ? 4 : 16);
	case RR_TXT:
		return txt_text(a, p, n, &out->data);
	case RR_MX:
		if (n < 3)
			return false;
		out->preference = (uint16_t)(p[0] << 8 | p[1]);
		return name_text(a, p + 2, n - 2, &out->data);
	case RR_NS:
	case RR_PTR:
		return name_text(a, p, n, &out->data);
	default:
		return false;
	}
}

static void answer_read(struct arena *a, uint16_t rrtype, const struct ub_result *r, struct answer *out)
{
	out->status = ANSWER_TEMPERROR;
	if (r->bogus || (r->rcode != 0 && r->rcode != 3))
		return;
	if (r->nxdomain || r->rcode == 3) {
		out->status = ANSWER_NXDOMAIN;
		return;
	}
	out->status = ANSWER_NODATA;
	for (size_t i = 0; r->havedata && r->data[i] && out->records.n < LIMIT_ASK_RECORDS; i++) {
		struct dns_record record;
		if (r->len[i] < 0 ||
		    !record_read(a, rrtype, (const unsigned char *)r->data[i], (size_t)r->len[i], &record))
			continue; /* a record that is not what it says is no record */
		ARENA_PUSH(a, &out->records, record);
		out->status = ANSWER_OK;
	}
}

/* Whether the name could exist: labels of 1..63 bytes, none of them special to the resolver's text form. */
static bool is_name(struct str name)
{
	size_t label = 0;

	if (name.n == 0 || name.n > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];
		if (c == '.') {
			if (label == 0)
				return false;
			label = 0;
		} else if (c <= ' ' || c >= 127 || c == '\\' || c == '"' || ++label > 63) {
			return false;
		}
	}
	return label > 0;
}

/* ---- asking ---- */

/* In the pump. */
static void query_answered(void *ctx, int failed, struct ub_result *result)
{
	struct query *q = ctx;
	struct dns *d = q->dns;

	pthread_mutex_lock(&d->lock);
	d->outstanding--;
	if (q->batch) {
		q->batch->queries[q->index] = NULL;
		q->batch->results[q->index] = failed ? NULL : result;
		q->batch->left--;
		if (!failed)
			result = NULL; /* the batch's now */
		if (q->batch->left == 0)
			pthread_cond_broadcast(&d->answered);
	}
	pthread_mutex_unlock(&d->lock);
	if (result)
		ub_resolve_free(result);
	free(q);
}

/* Sends one question, or leaves it unanswered. Called with the lock held, so the answer waits for us. */
static void query_send(struct dns *d, struct batch *b, size_t index, const char *name, uint16_t rrtype)
{
	struct query *q = d->outstanding < OUTSTANDING_MAX ? calloc(1, sizeof(*q)) : NULL;

	if (!q)
		return;
	*q = (struct query){ .dns = d, .batch = b, .index = index };
	if (ub_resolve_async(d->ub, name, rrtype, RR_CLASS_IN, q, query_answered, &q->id) != 0) {
		free(q);
		return;
	}
	d->outstanding++;
	b->queries[index] = q;
	b->left++;
}

/* Lets go of a question whose time is over. Called with the lock held. */
static void query_drop(struct dns *d, struct query *q)
{
	if (ub_cancel(d->ub, q->id) != 0) {
		q->batch = NULL; /* answered at this very moment: the pump frees it */
		return;
	}
	d->outstanding--;
	free(q);
}

/* The first deadline of those that are open, after letting go of those whose time is over; 0: none is open. */
static int64_t next_deadline(struct dns *d, struct batch *b, int64_t now_ms)
{
	int64_t next = 0;

	for (size_t i = 0; i < b->n; i++) {
		if (!b->queries[i])
			continue;
		if (b->until_ms[i] <= now_ms) {
			query_drop(d, b->queries[i]);
			b->queries[i] = NULL;
			b->left--;
		} else if (next == 0 || b->until_ms[i] < next) {
			next = b->until_ms[i];
		}
	}
	return next;
}

/* Until each is answered or given up. */
static void wait_all(struct dns *d, struct batch *b)
{
	int64_t until_ms;

	while ((until_ms = next_deadline(d, b, clock_mono_ms())) > 0) {
		struct timespec t = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };
		while (b->left > 0 && pthread_cond_timedwait(&d->answered, &d->lock, &t) == 0)
			;
	}
}

/* Mail goes on without its checks when no resolver answers, each a little later: nobody may notice. */
static void count_answers(struct dns *d, size_t answered, size_t unanswered)
{
	int64_t now = clock_mono_ms();
	size_t tell = 0;

	pthread_mutex_lock(&d->lock);
	d->unanswered = answered > 0 ? 0 : d->unanswered + unanswered;
	if (d->unanswered == 0)
		d->told_ms = 0;
	if (d->unanswered >= SILENCE_QUESTIONS && (d->told_ms == 0 || now - d->told_ms >= SILENCE_TOLD_MS)) {
		d->told_ms = now;
		tell = d->unanswered;
	}
	pthread_mutex_unlock(&d->lock);
	if (tell > 0)
		log_warn(d->log, "dns_silent", KV_INT("unanswered", tell),
			 KV_C("left", "every name is a temporary error"));
}

void dns_ask(struct dns *d, struct arena *a, const struct ask *asks, size_t n, int64_t until_ms,
	     struct answer *answers_out)
{
	int64_t *each = ARENA_ARRAY(a, n, int64_t);

	for (size_t i = 0; i < n; i++)
		each[i] = until_ms;
	dns_ask_each(d, a, asks, n, each, answers_out);
}

void dns_ask_each(struct dns *d, struct arena *a, const struct ask *asks, size_t n, const int64_t *until_ms,
		  struct answer *answers_out)
{
	int64_t now_ms = clock_mono_ms();
	struct batch b = {
		.n = n,
		.until_ms = until_ms,
		.queries = ARENA_ARRAY(a, n, struct query *),
		.results = ARENA_ARRAY(a, n, struct ub_result *),
	};

	for (size_t i = 0; i < n; i++)
		answers_out[i] = (struct answer){ .status = ANSWER_TEMPERROR };
	pthread_mutex_lock(&d->lock);
	for (size_t i = 0; i < n && !d->stopped; i++) {
		if (until_ms[i] <= now_ms)
			continue;
		if (is_name(asks[i].name))
			query_send(d, &b, i, arena_str(a, asks[i].name).p, asks[i].rrtype);
		else
			answers_out[i].status = ANSWER_NXDOMAIN;
	}
	wait_all(d, &b);
	pthread_mutex_unlock(&d->lock);
	size_t answered = 0, unanswered = 0;
	for (size_t i = 0; i < n; i++) {
		if (b.results[i]) {
			answer_read(a, asks[i].rrtype, b.results[i], &answers_out[i]);
			ub_resolve_free(b.results[i]);
			answered += answers_out[i].status != ANSWER_TEMPERROR;
		}
		unanswered += answers_out[i].status == ANSWER_TEMPERROR;
	}
	count_answers(d, answered, unanswered);
}

/* ---- the pump ---- */

static void *pump_run(void *ctx)
{
	struct dns *d = ctx;
	struct pollfd p[2] = { { .fd = ub_fd(d->ub), .events = POLLIN },
			       { .fd = d->stop_fd, .events = POLLIN } };

	for (;;) {
		if (poll(p, 2, -1) < 0)
			continue;
		if (p[1].revents)
			return NULL;
		if (p[0].revents && ub_process(d->ub) != 0) {
			log_error(d->log, "dns_stopped", KV_C("left", "every name is a temporary error"));
			pthread_mutex_lock(&d->lock);
			d->stopped = true;
			pthread_mutex_unlock(&d->lock);
			return NULL;
		}
	}
}

static bool add_line(struct ub_ctx *ub, struct arena *a, struct str line)
{
	bool is_zone = str_starts(line, STR("zone "));
	const char *text;

	if (str_is_empty(line) || line.p[0] == '#' || line.p[0] == ';')
		return true;
	if (str_to_c(a, line, &text) != OK)
		return false;
	return (is_zone ? ub_ctx_zone_add(ub, text + 5, "static") : ub_ctx_data_add(ub, text)) == 0;
}

static enum err add_lines(struct ub_ctx *ub, struct arena *a, struct str text, struct errbuf *eb)
{
	struct str rest = text;

	for (int number = 1; !str_is_empty(rest); number++) {
		size_t end = str_find_char(rest, '\n', 0);
		struct str line = str_trim(str_sub(rest, 0, end));

		if (!add_line(ub, a, line))
			return err_set(eb, ERR_SYNTAX, "line %d: not a resource record: %.*s", number,
				       STR_ARG(str_sub(line, 0, 100)));
		rest = str_sub(rest, end == SIZE_MAX ? rest.n : end + 1, rest.n);
	}
	return OK;
}

enum err dns_check(struct str local_data, bool dnssec, struct errbuf *eb)
{
	struct ub_ctx *ub = ub_ctx_create();
	struct arena *a = arena_new(DATA_BYTES, NULL, NULL);
	enum err e = ub ? OK : err_set(eb, ERR_LATER, "libunbound has no memory");

	if (e == OK && ub_ctx_debugout(ub, NULL) == 0) /* what it has to say, we say */
		e = add_lines(ub, a, local_data, eb);
	if (e == OK && dnssec && access(ROOT_ANCHOR, R_OK) != 0)
		e = err_set(eb, ERR_ABSENT, "the root anchor " ROOT_ANCHOR " cannot be read");
	arena_free(&a);
	if (ub)
		ub_ctx_delete(ub);
	return e;
}

static enum err configure(struct dns *d, const struct dns_options *o, struct arena *a, struct errbuf *eb)
{
	/* Answers from a resolver on this host are fine: forwarders often are there. Failures end soon. */
	static const char *const options[][2] = {
		{ "do-not-query-localhost:", "no" },
		{ "use-syslog:", "no" },
		{ "qname-minimisation:", "yes" },
		/* As a library it has 16 sockets: a few names that nobody answers keep all others waiting. */
		{ "outgoing-range:", OUTSTANDING_TEXT },
		{ "num-queries-per-thread:", OUTSTANDING_TEXT },
		{ "outgoing-num-tcp:", "64" },
	};
	int failed = 0;

	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		failed |= ub_ctx_set_option(d->ub, options[i][0], options[i][1]);
	const char *cache_s = arena_printf(a, "%d", o->cache_s).p;
	if (o->cache_s)
		failed |= ub_ctx_set_option(d->ub, "cache-max-ttl:", cache_s) |
			  ub_ctx_set_option(d->ub, "cache-max-negative-ttl:", cache_s);
	failed |= ub_ctx_debugout(d->ub, NULL) | ub_ctx_async(d->ub, 1);
	if (failed)
		return err_set(eb, ERR_BUG, "libunbound refuses its options");
	for (size_t i = 0; i < o->servers.n; i++)
		if (ub_ctx_set_fwd(d->ub, arena_str(a, o->servers.v[i]).p) != 0)
			return err_set(eb, ERR_SYNTAX, "not a DNS server: %.*s", STR_ARG(o->servers.v[i]));
	if (o->servers.n == 0 && ub_ctx_resolvconf(d->ub, NULL) != 0)
		log_warn(o->log, "dns_no_resolv_conf", KV_C("left", "asking the root servers"));
	if (o->dnssec && ub_ctx_add_ta_file(d->ub, ROOT_ANCHOR) != 0)
		return err_set(eb, ERR_ABSENT, "the DNSSEC root anchor " ROOT_ANCHOR " cannot be read");
	return add_lines(d->ub, a, o->local_data, eb);
}

static enum err pump_start(struct dns *d)
{
	sigset_t all, before;

	d->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (d->stop_fd < 0)
		return ERR_LATER;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	d->pumping = pthread_create(&d->pump, NULL, pump_run, d) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return d->pumping ? OK : ERR_LATER;
}

enum err dns_new(const struct dns_options *o, struct dns **out, struct errbuf *eb)
{
	struct dns *d = calloc(1, sizeof(*d));
	struct arena *a = arena_new(DATA_BYTES, NULL, NULL);
	pthread_condattr_t attr;

	ASSERT(d);
	d->log = o->log;
	d->stop_fd = -1;
	pthread_mutex_init(&d->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&d->answered, &attr);
	pthread_condattr_destroy(&attr);
	d->ub = ub_ctx_create();
	enum err e = d->ub ? configure(d, o, a, eb) : err_set(eb, ERR_LATER, "libunbound has no memory");
	arena_free(&a);
	if (e == OK && (e = pump_start(d)) != OK)
		err_set(eb, e, "the DNS thread cannot be started");
	if (e != OK)
		dns_free(&d);
	*out = d;
	return e;
}

void dns_free(struct dns **d)
{
	struct dns *x = *d;
	uint64_t one = 1;

	if (!x)
		return;
	if (x->pumping && write(x->stop_fd, &one, sizeof(one)) == sizeof(one))
		pthread_join(x->pump, NULL);
	if (x->stop_fd >= 0)
		close(x->stop_fd);
	if (x->ub)
		ub_ctx_delete(x->ub);
	pthread_cond_destroy(&x->answered);
	pthread_mutex_destroy(&x->lock);
	free(x);
	*d = NULL;
}

/*
 * A bench for detectors: a mail put together from a few lines, scanned with answers from a table, and questions
 * about what was found. Everything is as at an SMTP server on port 25 unless `file` is set.
 */
#ifndef TESTS_DETECT_BENCH_H
#define TESTS_DETECT_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/base64.h"
#include "base/domain.h"
#include "policy/policy.h"
#include "scan/scan.h"

/* One mail. NULL members have the defaults said here. */
struct mail {
	const char *from;           /* "Ann <ann@sender.test>" */
	const char *headers;        /* more fields, each with CRLF */
	const char *to, *date, *id; /* fields of every mail; "" = it has none */
	const char *mime;           /* MIME-Version; likewise */
	const char *helo;           /* "mx.sender.test" */
	const char *body;           /* "Hello Bob, see you on Monday.\r\n" */
	const char *type;           /* Content-Type; text/plain */
	const char *file;           /* name of an attachment; NULL = none */
	const char *file_type;      /* application/octet-stream */
	struct str file_bytes;
	const char *mail_from; /* "ann@sender.test" */
	const char *spf;       /* record of the MAIL FROM domain; NULL = no such name */
	const char *dmarc;     /* record of _dmarc.<From domain> */
	const char *silent;    /* a domain of which DNS tells nothing, nor of names under it */
	double seen, bad;      /* history of every key */
	const char *never;     /* but of those that begin so: never seen */
	const char *only;      /* but those that begin so alone were seen */
	bool wrote;            /* also those of what the account itself sent, and of sign-ups */
	double house_bad;      /* and of the sender's domain so many bad ones */
	int64_t first_us;      /* when it began; long ago */
	struct strs protect;   /* "home.test" */
	bool offline;          /* nobody to ask */
	bool no_peer;          /* as `postern scan` of a file */
	bool released;         /* a person let these bytes through */
	const struct classifier *classifier;
	const struct outside *outside;
	const char *peer;   /* 192.0.2.10, which is nobody's: block lists are not asked for it */
	const char *ages;   /* "DOMAIN DAYS DOMAIN DAYS ...": before the mail they were registered */
	const char *virus;  /* what the virus scanner says; NULL = it is silent, "" = nothing */
	const char *listed; /* "NAME CODE NAME CODE ...": names that block lists have, with their answers */
};

struct bench {
	struct arena *arena;
	const struct mail *mail;
	struct scan_job job;
	struct verdict verdict;
};

#define PEER "192.0.2.10"

static inline const char *or_else(const char *given, const char *otherwise)
{
	return given ? given : otherwise;
}

static inline void bench_answer_listed(const struct mail *m, struct arena *a, struct str name,
				       struct answer *out)
{
	struct strs words = arena_split(a, str_of(or_else(m->listed, "")), ' ');
	struct ip ip;

	for (size_t i = 0; i + 1 < words.n; i += 2) {
		if (!str_eq(words.v[i], name))
			continue;
		assert_int_equal(ip_parse(words.v[i + 1], &ip), OK);
		struct dns_record record = { .data = arena_str(a, str_from(ip.b, 4)) };
		out->status = ANSWER_OK;
		ARENA_PUSH(a, &out->records, record);
	}
}

static inline void bench_answer_age(const struct mail *m, struct arena *a, struct str domain,
				    struct answer *out)
{
	struct strs words = arena_split(a, str_of(or_else(m->ages, "")), ' ');
	int64_t days;

	out->status = ANSWER_TEMPERROR;
	for (size_t i = 0; i + 1 < words.n; i += 2) {
		if (!str_eq(words.v[i], domain))
			continue;
		assert_int_equal(str_to_i64(words.v[i + 1], &days), OK);
		out->status = ANSWER_OK;
		out->history.first_us = INT64_C(1793000000000000) - days * INT64_C(86400) * 1000000;
	}
}

static inline void bench_answer(void *ctx, struct arena *a, const struct ask *asks, size_t n,
				struct answer *out)
{
	const struct mail *m = ((struct bench *)ctx)->mail;

	for (size_t i = 0; i < n; i++) {
		const char *txt = NULL;
		out[i] = (struct answer){ .status = ANSWER_NXDOMAIN };
		if (asks[i].kind == ASK_HISTORY) {
			bool house = str_starts(asks[i].name, STR("domain:")),
			     ours = str_starts(asks[i].name, STR("wrote")) ||
				    str_starts(asks[i].name, STR("sen")) ||
				    str_starts(asks[i].name, STR("signup:"));
			if (m->seen <= 0 || (m->never && str_starts(asks[i].name, str_of(m->never))) ||
			    (m->only ? !str_starts(asks[i].name, str_of(m->only)) : ours && !m->wrote))
				continue;
			out[i].status = ANSWER_OK;
			out[i].history = (struct history){ .first_us = m->first_us ? m->first_us : 1,
							   .last_us = 2,
							   .seen = m->seen,
							   .bad = house ? m->bad + m->house_bad : m->bad };
			continue;
		}
		if (asks[i].kind == ASK_AGE) {
			bench_answer_age(m, a, asks[i].name, &out[i]);
			continue;
		}
		if (asks[i].kind == ASK_VIRUS) {
			struct dns_record found = { .data = str_of(m->virus) };
			out[i].status = !m->virus ? ANSWER_TEMPERROR : *m->virus ? ANSWER_OK : ANSWER_NODATA;
			if (out[i].status == ANSWER_OK)
				ARENA_PUSH(a, &out[i].records, found);
			continue;
		}
		if (asks[i].kind == ASK_LISTED) {
			bench_answer_listed(m, a, asks[i].name, &out[i]);
			continue;
		}
		if (m->silent && domain_is_within(asks[i].name, str_of(m->silent))) {
			out[i].status = ANSWER_TEMPERROR;
			continue;
		}
		bool dmarc = str_starts(asks[i].name, STR("_dmarc."));
		bool top = str_find_char(asks[i].name, '.', strlen("_dmarc.")) == SIZE_MAX;
		if (asks[i].rrtype == RR_TXT)
			txt = !dmarc ? m->spf : top ? NULL : m->dmarc; /* a top-level domain publishes none */
		if (!txt)
			continue;
		struct dns_record record = { .data = str_of(txt) };
		out[i].status = ANSWER_OK;
		ARENA_PUSH(a, &out[i].records, record);
	}
}

static inline struct str bench_field(struct arena *a, const char *name, const char *given,
				     const char *otherwise)
{
	const char *value = or_else(given, otherwise);

	return *value ? arena_printf(a, "%s: %s\r\n", name, value) : STR_NONE;
}

static inline struct str bench_compose(struct arena *a, const struct mail *m)
{
	const char *body = or_else(m->body, "Hello Bob, see you on Monday.\r\n");
	struct str head =
	    arena_printf(a, "From: %s\r\n%.*s%.*s%.*s%.*s%s", or_else(m->from, "Ann <ann@sender.test>"),
			 STR_ARG(bench_field(a, "To", m->to, "Bob <bob@home.test>")),
			 STR_ARG(bench_field(a, "Date", m->date, "Mon, 26 Oct 2026 07:30:00 +0000")),
			 STR_ARG(bench_field(a, "Message-ID", m->id, "<1@sender.test>")),
			 STR_ARG(bench_field(a, "MIME-Version", m->mime, "1.0")), or_else(m->headers, ""));

	if (!m->file)
		return arena_printf(a, "%.*sContent-Type: %s; charset=utf-8\r\n\r\n%s", STR_ARG(head),
				    or_else(m->type, "text/plain"), body);
	return arena_printf(
	    a,
	    "%.*sContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
	    "%s\r\n--b\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n"
	    "Content-Disposition: attachment; filename*=utf-8''%s\r\n\r\n%.*s\r\n--b--\r\n",
	    STR_ARG(head), body, or_else(m->file_type, "application/octet-stream"), m->file,
	    STR_ARG(base64_encode(a, m->file_bytes)));
}

/* Scans the mail; the verdict lives until bench_close. */
static inline void bench_scan(struct bench *b, const struct mail *m, const struct policy *policy)
{
	static struct str own = STR_INIT("home.test"), to = STR_INIT("bob@home.test");

	*b = (struct bench){ .arena = arena_new(64u << 20, NULL, NULL), .mail = m };
	b->job = (struct scan_job){ .raw = bench_compose(b->arena, m),
				    .mail_from = str_of(or_else(m->mail_from, "ann@sender.test")),
				    .has_envelope = !m->no_peer,
				    .recipients = { &to, 1 },
				    .helo = str_of(or_else(m->helo, "mx.sender.test")),
				    .delivery_mode = MODE_DIRECT,
				    .account = !m->no_peer, /* a file is nobody's */
				    .lookback_hops = 1,
				    .received_us = INT64_C(1793000000000000),
				    .released = m->released,
				    .authserv_id = STR("mx.home.test"),
				    .protected_domains = m->protect.n ? m->protect : (struct strs){ &own, 1 },
				    .header_prefix = STR("X-Postern-"),
				    .classifier = m->classifier,
				    .outside = m->outside };
	if (!m->no_peer)
		assert_int_equal(ip_parse(str_of(or_else(m->peer, PEER)), &b->job.client_ip), OK);
	scan_run(b->arena, &b->job, policy, asker_new(b->arena, m->offline ? NULL : bench_answer, b),
		 &b->verdict);
}

static inline void bench_close(struct bench *b)
{
	arena_free(&b->arena);
}

static inline enum disposition bench_verdict(const struct mail *m)
{
	struct bench b;

	bench_scan(&b, m, NULL);
	enum disposition d = (enum disposition)b.verdict.message->final_disposition;
	bench_close(&b);
	return d;
}

/* The finding of exactly that name, or one whose name begins with it and a dot; NULL = none. */
static inline const struct finding *bench_finding(const struct bench *b, const char *name)
{
	const struct finding_list *list = &b->verdict.message->findings;

	for (size_t i = 0; i < list->n; i++) {
		struct str rest = str_sub(list->v[i].name, strlen(name), SIZE_MAX);
		if (str_starts(list->v[i].name, str_of(name)) && (rest.n == 0 || rest.p[0] == '.'))
			return &list->v[i];
	}
	return NULL;
}

/* One row of a detector's table: what it must find, or, where want is NULL, that it must find nothing. */
struct row {
	const char *name;
	struct mail mail;
	const char *want;
	double least; /* score, at least; 0 = any */
};

static inline void bench_row(const struct bench *b, const struct row *row, const char *detector)
{
	const struct finding *f = bench_finding(b, row->want ? row->want : detector);

	if (!row->want && f)
		fail_msg("%s: found %.*s (%.*s)", row->name, STR_ARG(f->name), STR_ARG(f->detail));
	if (row->want && !f)
		fail_msg("%s: %s was not found", row->name, row->want);
	if (!f)
		return;
	if (f->score < row->least)
		fail_msg("%s: score %.2f, at least %.2f expected", row->name, f->score, row->least);
	/* what every finding owes its reader */
	assert_true(f->reason.n > 10 && HAS(f, finding, field) && HAS(f, finding, detail));
	assert_true(f->family > 0);
	assert_true(f->offset >= 0 && (size_t)(f->offset + f->length) <= b->job.raw.n);
}

static inline void bench_table(const struct row *rows, size_t n, const char *detector)
{
	for (size_t i = 0; i < n; i++) {
		struct bench b;
		bench_scan(&b, &rows[i].mail, NULL);
		bench_row(&b, &rows[i], detector);
		bench_close(&b);
	}
}

#endif

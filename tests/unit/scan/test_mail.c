/* Whole mails of tests/mail and what must be found in them; the README there says how to add one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <dirent.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/domain.h"
#include "policy/policy.h"
#include "scan/scan.h"

struct line {
	struct str word, value;
};

struct expectation {
	struct line *v;
	size_t n;
};

static struct str read_file(struct arena *a, const char *dir, const char *name)
{
	struct str path = arena_printf(a, "%s/%s", dir, name);
	FILE *f = fopen(path.p, "rb");
	struct buf b;
	size_t n;

	if (!f)
		fail_msg("%s cannot be opened", path.p);
	buf_init(&b, 1u << 20);
	do {
		char *room = buf_reserve(&b, 4096);
		n = fread(room, 1, 4096, f);
		buf_grew(&b, n);
	} while (n > 0);
	fclose(f);
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static struct expectation parse(struct arena *a, struct str text)
{
	struct expectation e = { 0 };

	for (size_t at = 0; at < text.n;) {
		size_t lf = str_find_char(text, '\n', at);
		struct str row = str_trim(str_sub(text, at, lf == SIZE_MAX ? text.n : lf));
		at = lf == SIZE_MAX ? text.n : lf + 1;
		if (row.n == 0 || row.p[0] == '#')
			continue;
		size_t space = str_find_char(row, ' ', 0);
		struct line l = { str_sub(row, 0, space), STR_NONE };
		if (space != SIZE_MAX)
			l.value = str_trim(str_sub(row, space, row.n));
		ARENA_PUSH(a, &e, l);
	}
	return e;
}

/* "NAME REST" cut in two. */
static struct str rest_of(struct str value, struct str name)
{
	size_t space = str_find_char(value, ' ', 0);

	return space != SIZE_MAX && str_eq_nocase(str_sub(value, 0, space), name)
		   ? str_sub(value, space + 1, value.n)
		   : STR_NONE;
}

static void answer(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *out)
{
	const struct expectation *e = ctx;

	for (size_t i = 0; i < n; i++) {
		out[i] = (struct answer){ .status = ANSWER_NXDOMAIN };
		for (size_t j = 0; j < e->n; j++) {
			if (asks[i].kind == ASK_DNS && str_eq(e->v[j].word, STR("silent")) &&
			    domain_is_within(asks[i].name, e->v[j].value))
				out[i].status = ANSWER_TEMPERROR;
			struct str found = rest_of(e->v[j].value, asks[i].name);
			bool dns = asks[i].kind == ASK_DNS && asks[i].rrtype == RR_TXT;
			if (found.n == 0)
				continue;
			if (dns && str_eq(e->v[j].word, STR("txt"))) {
				struct dns_record record = { .data = found };
				out[i].status = ANSWER_OK;
				ARENA_PUSH(a, &out[i].records, record);
			} else if (asks[i].kind == ASK_HISTORY && str_eq(e->v[j].word, STR("seen"))) {
				out[i].status = ANSWER_OK;
				out[i].history.first_us = 1;
				assert_int_equal(
				    sscanf(found.p, "%lf %lf", &out[i].history.seen, &out[i].history.bad), 2);
			}
		}
	}
}

struct setting {
	struct scan_job job;
	struct policy_source rules;
};

static void set(struct arena *a, struct setting *s, const struct line *l)
{
	struct scan_job *job = &s->job;
	size_t space = str_find_char(l->value, ' ', 0);
	int type = enum_value(&pattern_type_names, str_sub(l->value, 0, space));

	if (str_eq(l->word, STR("peer"))) {
		assert_int_equal(ip_parse(l->value, &job->client_ip), OK);
		job->has_envelope = true;
	} else if (str_eq(l->word, STR("wrapped"))) {
		job->wrapped = true;
	} else if (str_eq(l->word, STR("helo"))) {
		job->helo = l->value;
	} else if (str_eq(l->word, STR("mail_from"))) {
		job->mail_from = l->value;
	} else if (str_eq(l->word, STR("rcpt"))) {
		ARENA_PUSH(a, &job->recipients, l->value);
	} else if (str_eq(l->word, STR("protect"))) {
		ARENA_PUSH(a, &job->protected_domains, l->value);
	} else if (str_eq(l->word, STR("block"))) {
		struct block_sender b = { .pattern = str_sub(l->value, space + 1, SIZE_MAX),
					  .pattern_type = type };
		ARENA_PUSH(a, &s->rules.block, b);
	} else if (str_eq(l->word, STR("trust"))) {
		struct allow_policy p = { .pattern = str_sub(l->value, space + 1, SIZE_MAX),
					  .pattern_type = type,
					  .is_trusted_sender = true,
					  .verify_sender = true };
		ARENA_PUSH(a, &s->rules.allow, p);
	}
}

/* The words of the other lists of policies. */
static void set_list(struct arena *a, struct setting *s, const struct line *l)
{
	size_t space = str_find_char(l->value, ' ', 0);
	struct str first = str_sub(l->value, 0, space), rest = str_sub(l->value, space + 1, SIZE_MAX);

	if (str_eq(l->word, STR("content"))) {
		struct content_policy c = { .name = STR("the test's"), .pattern = l->value, .enabled = true };
		ARENA_PUSH(a, &c.targets, TARGET_SUBJECT);
		ARENA_PUSH(a, &c.targets, TARGET_BODY);
		ARENA_PUSH(a, &s->rules.content, c);
	} else if (str_eq(l->word, STR("person"))) {
		struct impersonation p = { .email = first, .name = rest };
		ARENA_PUSH(a, &s->rules.impersonation, p);
	} else if (str_eq(l->word, STR("excuse"))) {
		struct trusted_domain t = { .pattern = rest,
					    .is_recent = str_eq(first, STR("recent")),
					    .is_similarity = str_eq(first, STR("similar")) };
		assert_true(t.is_recent || t.is_similarity);
		ARENA_PUSH(a, &s->rules.trusted, t);
	}
}

/* The finding of that name, or any of that detector. */
static bool found(const struct verdict *v, struct str name, bool excused)
{
	for (size_t i = 0; i < v->message->findings.n; i++) {
		const struct finding *one = &v->message->findings.v[i];
		struct str f = one->name;
		if (str_starts(f, name) && (f.n == name.n || f.p[name.n] == '.') &&
		    HAS(one, finding, suppressed_by) == excused)
			return true;
	}
	return false;
}

static bool is_setting(struct str word)
{
	static const char *const words[] = { "peer",    "helo",   "mail_from", "rcpt",   "protect",
					     "txt",     "silent", "seen",      "block",  "trust",
					     "content", "person", "excuse",    "wrapped" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eq(word, str_of(words[i])))
			return true;
	return false;
}

static bool holds(const struct verdict *v, const struct line *l)
{
	bool has = false;
	uint64_t n;

	if (str_eq(l->word, STR("verdict")))
		return v->message->final_disposition == enum_value(&disposition_names, l->value);
	if (str_eq(l->word, STR("finding")))
		return found(v, l->value, false);
	if (str_eq(l->word, STR("excused")))
		return found(v, l->value, true);
	if (str_eq(l->word, STR("absent")))
		return !found(v, l->value, false) && !found(v, l->value, true);
	if (str_eq(l->word, STR("strip")))
		return str_to_u64(l->value, 1000, &n) == OK && v->strip.n == n;
	if (str_eq(l->word, STR("journaled")))
		return v->journaled && v->journaled->mail && str_eq(v->journaled->mail->subject, l->value);
	if (!str_eq(l->word, STR("attribute")))
		return is_setting(l->word);
	for (size_t i = 0; i < v->attributes.n; i++)
		has |= str_eq(v->attributes.v[i], l->value);
	return has;
}

static void judge(const char *dir, const char *name, struct str stem)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct expectation e = parse(a, read_file(a, dir, arena_printf(a, "%.*s.expect", STR_ARG(stem)).p));
	struct setting s = { .job = { .raw = read_file(a, dir, name),
				      .account = 1,
				      .lookback_hops = 1,
				      .delivery_mode = MODE_DIRECT,
				      .received_us = INT64_C(1793961000000000),
				      .authserv_id = STR("mx.home.test"),
				      .header_prefix = STR("X-Postern-") } };
	struct verdict v;

	for (size_t i = 0; i < e.n; i++) {
		set(a, &s, &e.v[i]);
		set_list(a, &s, &e.v[i]);
	}
	struct policy *p = policy_compile(a, &s.rules);
	assert_int_equal(policy_skipped(p), 0);
	struct asker *asker = asker_new(a, s.job.has_envelope ? answer : NULL, &e);
	scan_run(a, &s.job, p, asker, &v);
	for (size_t i = 0; i < e.n; i++)
		if (!holds(&v, &e.v[i]))
			fail_msg("%s: not so: %.*s %.*s (it is %.*s)", name, STR_ARG(e.v[i].word),
				 STR_ARG(e.v[i].value),
				 STR_ARG(enum_text(&disposition_names, v.message->final_disposition)));
	policy_free(&p);
	arena_free(&a);
}

static void test_mails(void **state)
{
	const char *root = getenv("SOURCE_ROOT");
	char dir[4096];
	struct dirent *d;
	size_t n = 0;

	(void)state;
	assert_non_null(root);
	snprintf(dir, sizeof(dir), "%s/tests/mail", root);
	DIR *all = opendir(dir);
	assert_non_null(all);
	while ((d = readdir(all))) {
		struct str name = str_of(d->d_name);
		if (!str_ends(name, STR(".eml")))
			continue;
		judge(dir, d->d_name, str_sub(name, 0, name.n - 4));
		n++;
	}
	closedir(all);
	assert_true(n >= 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_mails) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

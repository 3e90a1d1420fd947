/*
 * First line: From domains, divided by spaces; second: a domain that SPF passed for; third: one that signed. Then lines
 * "name record", a zone: "name" alone is a name that does not answer.
 */
#include "auth/dmarc.h"
#include "auth/dmarc_walk.h"
#include "base/limits.h"

struct table {
	struct strs lines;
	size_t asked;
};

static void look_up(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *answers_out)
{
	struct table *t = ctx;

	t->asked += n;
	for (size_t i = 0; i < n; i++) {
		ASSERT(asks[i].name.n > 0 && asks[i].name.n <= 253);
		answers_out[i] = (struct answer){ .status = ANSWER_NXDOMAIN };
		for (size_t j = 0; j < t->lines.n; j++) {
			struct str line = t->lines.v[j];
			size_t space = str_find_char(line, ' ', 0);
			struct dns_record record = { .data = str_sub(line, space, line.n) };
			if (!str_eq_nocase(str_sub(line, 0, space), asks[i].name))
				continue;
			answers_out[i].status = space == SIZE_MAX ? ANSWER_TEMPERROR : ANSWER_OK;
			record.data = str_sub(record.data, 1, record.data.n);
			if (space != SIZE_MAX)
				ARENA_PUSH(a, &answers_out[i].records, record);
		}
	}
}

static void check_walk(struct arena *a, struct asker *q, struct str domain)
{
	struct dmarc_walk w;

	dmarc_walk(a, q, domain, &w);
	ASSERT(w.n <= DMARC_WALK_MAX && (w.org.n == 0 || str_ends(domain, w.org)));
	for (size_t i = 0; i < w.n; i++)
		ASSERT(str_ends(domain, w.steps[i].domain));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str text = str_from(data, size < 8192 ? size : 8192), heads[3] = { { 0 } };
	struct table t = { 0 };
	size_t at = 0;

	for (size_t i = 0; i < 3; i++) {
		size_t end = str_find_char(text, '\n', at);
		heads[i] = str_sub(text, at, end);
		at += heads[i].n + 1;
	}
	t.lines = arena_split(a, str_sub(text, at, text.n), '\n');
	if (t.lines.n > 40)
		t.lines.n = 40;
	struct strs from = arena_split(a, heads[0], ' '), identifiers = { heads + 1, 2 };
	struct spf spf = { .result = SPF_PASS, .domain = heads[1] };
	struct dkim one = { .result = DKIM_PASS, .domain = heads[2] };
	struct dkim_list dkim = { &one, 1 };
	struct asker *q = asker_new(a, look_up, &t);
	struct ask_list asks = { 0 };
	struct dmarc got;

	dmarc_asks(a, &from, &identifiers, &asks);
	asker_prefetch(q, asks.v, asks.n);
	dmarc_check(a, q, &from, &spf, &dkim, &got);
	ASSERT(got.reason.n > 0 && t.asked <= LIMIT_ASK_NAMES);
	/* Who fails names a record; who passes, an aligned domain. */
	ASSERT(got.result != DMARC_FAIL || got.record_domain.n > 0);
	ASSERT(got.result != DMARC_PASS || got.spf_domain.n + got.dkim_domain.n > 0);
	for (size_t i = 0; i < from.n && i < 2; i++)
		check_walk(a, q, arena_lower(a, from.v[i]));
	arena_free(&a);
	return 0;
}

/* First line: a key record that answers every question; then a message. */
#include "auth/dkim.h"
#include "auth/dkim_canon.h"

static void canned(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *answers_out)
{
	struct dns_record *record = ctx;

	(void)a;
	for (size_t i = 0; i < n; i++) {
		ASSERT(asks[i].name.n > 0 && asks[i].name.n <= 253);
		answers_out[i] = (struct answer){ .status = ANSWER_OK, .records = { record, 1 } };
	}
}

static void count(void *ctx, struct str bytes)
{
	*(size_t *)ctx += bytes.n;
}

/* Canonical bodies are lines; the relaxed one is never the longer. */
static void check_body(struct str body)
{
	size_t simple = 0, relaxed = 0;
	struct dkim_sink sink = { .write = count, .ctx = &simple };

	dkim_canon_body(&sink, DKIM_SIMPLE, body);
	dkim_sink_flush(&sink);
	sink.ctx = &relaxed;
	dkim_canon_body(&sink, DKIM_RELAXED, body);
	dkim_sink_flush(&sink);
	ASSERT(simple >= 2 && relaxed <= simple);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str text = str_from(data, size);
	size_t end = str_find_char(text, '\n', 0);
	struct dns_record record = { .data = str_sub(text, 0, end) };
	struct str mail = end == SIZE_MAX ? STR("") : str_sub(text, end + 1, text.n);
	struct headers h = headers_parse(a, mail, 0, mail.n, NULL);
	struct dkim_list list;

	struct dkim_mail *m = dkim_mail_new(a, asker_new(a, canned, &record), mail, &h);
	dkim_verify(m, 1700000000, &list);
	dkim_mail_free(&m);
	for (size_t i = 0; i < list.n; i++)
		ASSERT(list.v[i].reason.n > 0 && list.v[i].body_covered <= list.v[i].body_length);
	check_body(str_sub(mail, h.body, mail.n));
	arena_free(&a);
	return 0;
}

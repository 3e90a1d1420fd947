/* First line: MAIL FROM; second: HELO; then a TXT record that answers every question. */
#include "auth/spf.h"

static void canned(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *answers_out)
{
	struct dns_record *record = ctx;

	(void)a;
	for (size_t i = 0; i < n; i++) {
		ASSERT(asks[i].name.n > 0 && asks[i].name.n <= 253);
		answers_out[i] = (struct answer){ .status = ANSWER_OK, .records = { record, 1 } };
	}
}

static struct str line(struct str s, size_t *at)
{
	size_t end = str_find_char(s, '\n', *at);
	struct str out = str_sub(s, *at, end == SIZE_MAX ? s.n : end);

	*at += out.n + 1;
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str text = str_from(data, size < 4096 ? size : 4096);
	size_t at = 0;
	struct spf_query query = { .ip = { 4, { 192, 0, 2, 1 } }, .explain = true };
	struct dns_record record = { 0 };
	struct spf out;

	query.mail_from = line(text, &at);
	query.helo = line(text, &at);
	record.data = str_sub(text, at, text.n);
	spf_check(a, asker_new(a, canned, &record), &query, &out);
	ASSERT(out.reason.n > 0 && out.lookups <= SPF_LOOKUPS_MAX + 1);
	query.ip.family = 6;
	spf_check(a, asker_new(a, canned, &record), &query, &out);
	arena_free(&a);
	return 0;
}

/* First line: a key record that answers every question; then a message with ARC fields. */
#include "auth/arc.h"
#include "auth/authres.h"

static void canned(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *answers_out)
{
	struct dns_record *record = ctx;

	(void)a;
	for (size_t i = 0; i < n; i++) {
		ASSERT(asks[i].name.n > 0 && asks[i].name.n <= 253);
		answers_out[i] = (struct answer){ .status = ANSWER_OK, .records = { record, 1 } };
	}
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
	struct dkim_mail *m = dkim_mail_new(a, asker_new(a, canned, &record), mail, &h);
	struct ask_list asks = { 0 };
	struct authres r;
	struct arc arc;

	arc_asks(m, &asks);
	arc_verify(m, 1700000000, &arc);
	dkim_mail_free(&m);
	ASSERT(arc.reason.n > 0 && arc.sets.n <= ARC_INSTANCE_MAX && arc.oldest_pass <= arc.sets.n);
	ASSERT(arc.result != ARC_PASS || arc.sets.n > 0);
	for (size_t i = 0; i < arc.sets.n; i++) {
		enum err e = authres_parse(a, arc.sets.v[i].results, &r);
		ASSERT(e == OK || e == ERR_SYNTAX);
	}
	arena_free(&a);
	return 0;
}

/* Texts of journal reports: addresses that could stand in RCPT, each once, and no more than there may be. */
#include "base/arena.h"
#include "base/limits.h"
#include "report/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct str text, struct str address)
{
	ASSERT(address.p >= text.p && address.p + address.n <= text.p + text.n);
	ASSERT(address.n <= LIMIT_ADDRESS && str_find_char(address, '@', 0) != SIZE_MAX);
	for (size_t i = 0; i < address.n; i++)
		ASSERT((unsigned char)address.p[i] > ' ');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct str text = str_from(data, size);
	struct journal_text t;

	journal_read(a, text, &t);
	ASSERT(t.recipients.n <= LIMIT_SMTP_RECIPIENTS && (t.has_sender || t.sender.n == 0));
	if (t.sender.n)
		check(text, t.sender);
	for (size_t i = 0; i < t.recipients.n; i++)
		check(text, t.recipients.v[i]);
	arena_free(&a);
	return 0;
}

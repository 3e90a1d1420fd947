/* A text in which headers may be copied. Each that is found names somebody, and begins a text that lies within this one. */
#include "base/arena.h"
#include "detect/forward.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_from(data, size);
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct forwards f;
	size_t last = 0;

	forwards_read(a, text, size % 2 ? 0 : 240, &f);
	ASSERT(f.n <= FORWARDS_MOST);
	for (size_t i = 0; i < f.n; i++) {
		const struct forward *one = &f.v[i];
		ASSERT(one->body > last && one->body <= text.n);
		ASSERT(one->sender.name.n > 0 || one->sender.address.n > 0);
		ASSERT(one->recipients.n <= FORWARD_RECIPIENTS);
		last = one->body;
	}
	arena_free(&a);
	return 0;
}

/* Passwords in words: as many as there may be, each a piece of the text. */
#include "base/arena.h"
#include "base/attr.h"
#include "base/utf8.h"
#include "mime/password.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str text = utf8_clean(a, str_from(data, size));
	struct passwords p = passwords_in(a, &text, 1);

	ASSERT(p.said.n <= PASSWORDS_MAX && utf8_is_valid(p.sentence));
	for (size_t i = 0; i < p.said.n; i++) {
		ASSERT(p.said.v[i].n > 0 && p.said.v[i].n <= PASSWORD_BYTES);
		ASSERT(str_find(text, p.said.v[i], 0) != SIZE_MAX);
	}
	arena_free(&a);
	return 0;
}

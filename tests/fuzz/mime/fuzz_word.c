/* A field's value with encoded words: one line of UTF-8 comes of it. */
#include "base/arena.h"
#include "base/utf8.h"
#include "mime/encoded_word.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str s = encoded_word_decode(a, str_from(data, size));

	ASSERT(utf8_is_valid(s) && str_find_char(s, '\n', 0) == SIZE_MAX &&
	       str_find_char(s, 0, 0) == SIZE_MAX);
	arena_free(&a);
	return 0;
}

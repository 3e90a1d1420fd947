/* RTF: as a document, as a body, and packed as a body. */
#include "file/rtf_text.h"
#include "look.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str s = str_from(data, size);
	bool html;

	look(a, s);
	struct str unpacked = rtf_unpack(a, s, 1 << 16);
	ASSERT(unpacked.n <= 1 << 16);
	struct str text = rtf_text(a, unpacked.n ? unpacked : s, 1 << 16, &html);
	ASSERT(text.n <= 1 << 16 && utf8_is_valid(text));
	arena_free(&a);
	return 0;
}

/* PDF: tokens move on and stay in the file; objects, streams, locks. */
#include "file/pdf_token.h"
#include "look.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str s = str_from(data, size);
	struct pdf_tokens tokens = { a, s, 0 };
	struct pdf_token t;

	for (size_t at = 0; pdf_next(&tokens, &t); at = tokens.at) {
		ASSERT(tokens.at > at && tokens.at <= s.n);
		if (t.kind == PDF_STRING || t.kind == PDF_HEX)
			ASSERT(utf8_is_valid(pdf_text(a, pdf_string(a, &t))));
	}
	look(a, s);
	arena_free(&a);
	return 0;
}

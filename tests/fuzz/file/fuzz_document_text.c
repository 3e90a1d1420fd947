/* The text of documents: any bytes read as each kind; UTF-8 without zero bytes comes out, and no more than was asked for. */
#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "file/document_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_MAX 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum magic_type types[] = { MAGIC_PDF, MAGIC_DOCX, MAGIC_ODT, MAGIC_RTF };

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct arena *a = arena_new(256u << 20, NULL, NULL);
		struct file_budget budget = { .bytes = LIMIT_DOCUMENT_UNPACKED, .rounds = 1000 };
		struct str text = document_text(a, str_from(data, size), types[i], &budget, TEXT_MAX);
		ASSERT(text.n <= TEXT_MAX && utf8_is_valid(text));
		ASSERT(str_find_char(text, '\0', 0) == SIZE_MAX);
		arena_free(&a);
	}
	return 0;
}

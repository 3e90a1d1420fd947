/* A header section. Fields stand one behind the other, inside it. */
#include "base/arena.h"
#include "mime/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct mime_defects d = { 0 };
	struct headers h = headers_parse(a, str_from(data, size), 0, size, &d);
	size_t at = h.start;

	ASSERT(h.start <= h.end && h.end <= h.body && h.body <= size);
	ASSERT(h.strict_end == SIZE_MAX || (h.strict_end <= h.strict_body && h.strict_body <= size));
	for (size_t i = 0; i < h.n; i++) {
		ASSERT(h.v[i].start >= at && h.v[i].name.n + h.v[i].value.n < h.v[i].length);
		at = h.v[i].start + h.v[i].length;
		struct str value = header_unfold(a, h.v[i].value);
		ASSERT(str_find_char(value, '\n', 0) == SIZE_MAX && str_find_char(value, 0, 0) == SIZE_MAX);
	}
	ASSERT(at <= h.end);
	for (size_t i = 0; i < MIME_DEFECT_COUNT; i++)
		ASSERT(d.first[i] <= size);
	arena_free(&a);
	return 0;
}

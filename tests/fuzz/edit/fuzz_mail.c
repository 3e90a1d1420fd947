/*
 * A mail that is changed, in the way that its first byte says: the pieces are in order, inside and within their ceiling, the texts
 * are UTF-8 without zero bytes, and what goes on has the parts that came.
 */
#include "base/attr.h"
#include "base/utf8.h"
#include "edit/bench.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The parts as most programs see them; what is in them may look like parts to others, as it did before. */
static size_t parts_of(const struct mime_tree *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += !t->v[i]->reading && !t->v[i]->derived;
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(512u << 20, NULL, NULL);
	unsigned how = size ? data[0] : 0;
	struct str raw = size ? str_from(data + 1, size - 1) : STR("");
	struct what w = { .subject = how & 1   ? "[%LABELS] "
				     : how & 2 ? "\xe2\x9a\xa0 "
					       : NULL,
			  .text = how & 4   ? "Careful: %REASONS\nx"
				  : how & 8 ? "\xe2\x9a\xa0"
					    : NULL,
			  .html = how & 4   ? "<p>%THREATS</p>"
				  : how & 8 ? "\xe2\x9a\xa0"
					    : NULL,
			  .links = (int)(how >> 4) % 3,
			  .ignore = how & 128 ? "https?://[a-z.]*\\.example/.*" : NULL };
	struct edits e = bench_edit(a, raw, &w);

	ASSERT(bench_is_sound(raw, &e));
	for (size_t i = 0; i < e.list.n; i++)
		ASSERT(utf8_is_valid(e.list.v[i].text) &&
		       str_find_char(e.list.v[i].text, '\0', 0) == SIZE_MAX);
	struct str out = edit_apply(a, raw, &e.list);
	ASSERT(out.n <= raw.n + LIMIT_EDIT_BYTES);
	ASSERT(parts_of(mime_parse(a, out)) == parts_of(mime_parse(a, raw)));
	arena_free(&a);
	return 0;
}

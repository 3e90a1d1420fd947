/* Compound files and the code in them: streams are no longer than asked for. */
#include "file/ole.h"
#include "file/vba.h"
#include "look.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str s = str_from(data, size);
	struct vba_words words = { 0 };
	struct ole o;

	if (ole_open(a, s, 100, 1 << 20, &o))
		for (size_t i = 0; i < o.entries.n; i++) {
			ASSERT(o.entries.v[i].parent < o.entries.n);
			ASSERT(ole_stream(&o, &o.entries.v[i], 4000).n <= 4000);
		}
	vba_read_words(vba_source(a, s, 1 << 16), &words);
	look(a, s);
	arena_free(&a);
	return 0;
}

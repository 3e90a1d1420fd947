/* Both records of a zip: every entry lies in the file, and what the directory names is among them. */
#include "file/zip.h"
#include "look.h"

#define ENTRIES_MAX 200

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str s = str_from(data, size);
	struct zip z = zip_survey(a, s, ENTRIES_MAX);
	struct str name;

	ASSERT(z.entries.n <= 2 * ENTRIES_MAX);
	for (size_t i = 0; i < z.entries.n; i++) {
		const struct zip_entry *e = &z.entries.v[i];
		enum inflate_end end;
		ASSERT(e->name.p >= s.p && e->name.p + e->name.n <= s.p + s.n);
		ASSERT(e->packed.p >= s.p && e->packed.p + e->packed.n <= s.p + s.n);
		ASSERT(zip_entry_data(a, e, 65536, &end).n <= 65536);
		ASSERT(!e->hidden || z.disagreement.n || z.no_directory);
	}
	while (zip_next_name(&z.rest, &name))
		ASSERT(name.p >= s.p && name.p + name.n <= s.p + s.n);
	look(a, s);
	arena_free(&a);
	return 0;
}

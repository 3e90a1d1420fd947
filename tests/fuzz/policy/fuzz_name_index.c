/* Names, one a line: each finds itself, and what reads alike is so both ways. */
#include "base/alike.h"
#include "base/arena.h"
#include "base/utf8.h"
#include "policy/name_index.h"

#define NAMES_MAX 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_pair(struct arena *a, struct str x, struct str y)
{
	x = alike_skeleton(a, x);
	y = alike_skeleton(a, y);
	ASSERT(utf8_is_valid(x));
	for (size_t most = 0; most < 4; most++) {
		size_t d = alike_distance(x, y, most);
		ASSERT(d == alike_distance(y, x, most) && d <= most + 1);
		ASSERT((d == 0) == str_eq(x, y) || utf8_length(x) > ALIKE_MAX);
		ASSERT(d > most || alike_may_be_near(alike_set(x), alike_set(y), most));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str all = str_from(data, size), names[NAMES_MAX];
	size_t n = 0;

	for (size_t at = 0; at < all.n && n < NAMES_MAX;) {
		size_t end = str_find_char(all, '\n', at);
		names[n++] = str_sub(all, at, end);
		at = end == SIZE_MAX ? all.n : end + 1;
	}
	struct name_index *x = name_index_new(a, names, n);
	for (size_t i = 0; i < n; i++) {
		struct name_matches m = name_index_find(a, x, names[i]);
		bool itself = m.n == 0;
		for (size_t k = 0; k < m.n; k++) {
			ASSERT(m.v[k].name < n);
			itself |= m.v[k].name == i && m.v[k].how == NAME_SAME;
		}
		ASSERT(itself);
		check_pair(a, names[i], names[n - 1 - i]);
	}
	arena_free(&a);
	return 0;
}

/* A value with parameters. Readings of one name stand together, none is there twice. */
#include "base/arena.h"
#include "base/utf8.h"
#include "mime/param.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct params p = params_parse(a, str_from(data, size));

	for (size_t i = 0; i < p.n; i++) {
		const struct param *first = params_first(&p, p.v[i].name);
		ASSERT(utf8_is_valid(p.v[i].value) && str_find_char(p.v[i].value, 0, 0) == SIZE_MAX);
		for (; first != &p.v[i]; first = params_next(&p, first)) {
			ASSERT(first && params_next(&p, first));
			ASSERT(!str_eq(first->value, p.v[i].value) || !str_eq(first->raw, p.v[i].raw));
		}
	}
	arena_free(&a);
	return 0;
}

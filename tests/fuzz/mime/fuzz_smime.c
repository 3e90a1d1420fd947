/* What calls itself CMS. */
#include "base/arena.h"
#include "mime/smime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str inside = STR_NONE;

	if (smime_open(a, str_from(data, size), &inside) == SMIME_SIGNED)
		ASSERT(inside.n < size);
	else
		ASSERT(inside.n == 0);
	arena_free(&a);
	return 0;
}

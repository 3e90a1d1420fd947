/* TNEF and the properties in it. */
#include "look.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);

	look(a, str_from(data, size));
	arena_free(&a);
	return 0;
}

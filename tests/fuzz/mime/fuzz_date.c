/* A date. What is one lies within the years that have four digits. */
#include "mime/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t us;

	if (!date_parse(str_from(data, size), &us))
		ASSERT(us > -2208988800000000 - 86400000000 && us < 253402300800000000 + 86400000000);
	return 0;
}

/* What registries answer, and the file that says who they are. */
#include "net/rdap.h"

#define YEAR_US (INT64_C(366) * 86400 * 1000000) /* dates are of the years 1 to 9999 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str text = str_from(data, size);
	struct rdap_bootstrap b;
	struct errbuf eb;
	int64_t us;

	if (rdap_read_registration(a, text, &us) == OK)
		ASSERT(us > -YEAR_US * 2000 && us < YEAR_US * 9000);
	if (rdap_bootstrap_read(a, text, &b, &eb) == OK) {
		ASSERT(b.n > 0);
		for (size_t i = 0; i < b.n; i++) {
			ASSERT(str_ends(b.v[i].url, STR("/")));
			for (size_t k = 0; k < b.v[i].names.n; k++)
				(void)rdap_service_of(&b, b.v[i].names.v[k]);
		}
	}
	arena_free(&a);
	return 0;
}

/* What a worker that was taken over may send: bytes of an ASK, or of a VERDICT on the mail behind the first NUL. */
#include "broker/check.h"
#include "broker/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = str_from(data, size), to[] = { STR("a@example.net"), STR("b@example.net") };
	struct scan_job job = { .recipients = { to, 2 }, .header_prefix = STR("X-Postern-") };
	size_t nul = str_find_char(all, 0, 0);
	struct str raw = nul == SIZE_MAX ? STR("") : str_sub(all, nul + 1, all.n);
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct verdict v;
	struct ask *asks;
	struct errbuf eb;
	size_t n;

	if (wire_asks_read(a, all, &asks, &n) == OK)
		for (size_t i = 0; i < n; i++)
			ASSERT(asks[i].name.n > 0 && asks[i].name.n <= 300);
	if (wire_verdict_read(a, str_sub(all, 0, nul), &v, &eb) == OK &&
	    check_verdict(&v, &job, raw, &eb) == OK) {
		for (size_t i = 0; i < v.strip.n; i++)
			ASSERT((size_t)(v.strip.v[i].start + v.strip.v[i].length) <= raw.n);
		for (size_t i = 0; i < v.exempt.n; i++)
			ASSERT(v.exempt.v[i].recipient < 2);
		check_disown(&v);
	}
	arena_free(&a);
	return 0;
}

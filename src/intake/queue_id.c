/* Queue ids. */
#include "intake/queue_id.h"

#include "base/arena.h"
#include "base/random.h"

static const char alphabet[] = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxy";

#define BASE 51
#define SECONDS_DIGITS 6 /* 51^6 seconds last 557 years */
#define MICROS_DIGITS 4  /* 51^4 > 10^6 */
#define SUFFIX_DIGITS 5

static void put(char *out, int digits, uint64_t v)
{
	while (digits-- > 0) {
		out[digits] = alphabet[v % BASE];
		v /= BASE;
	}
}

struct str queue_id_new(struct arena *a, int64_t now_us)
{
	char id[SECONDS_DIGITS + MICROS_DIGITS + 1 + SUFFIX_DIGITS];

	_Static_assert(sizeof(alphabet) - 1 == BASE, "one digit per value");
	put(id, SECONDS_DIGITS, (uint64_t)(now_us / 1000000));
	put(id + SECONDS_DIGITS, MICROS_DIGITS, (uint64_t)(now_us % 1000000));
	id[SECONDS_DIGITS + MICROS_DIGITS] = 'z';
	put(id + SECONDS_DIGITS + MICROS_DIGITS + 1, SUFFIX_DIGITS, random_below(345025251)); /* 51^5 */
	return arena_str(a, str_from(id, sizeof(id)));
}

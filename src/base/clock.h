/*
 * Times: microseconds since 1970 UTC on the wall (`_us`), monotonic milliseconds for deadlines, and their
 * texts. Nothing here opens a file or knows a time zone, so a sealed worker may call all of it but the
 * clocks.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/str.h"

typedef int64_t deadline_ms; /* monotonic */

int64_t clock_now_us(void);
int64_t clock_mono_ns(void);
int64_t clock_mono_us(void);
int64_t clock_mono_ms(void);
/* Milliseconds left, 0 when over; for poll(). */
int clock_left_ms(deadline_ms until);
static inline deadline_ms clock_earlier(deadline_ms a, deadline_ms b)
{
	return a < b ? a : b;
}

/*
 * The wall clock for what is deleted by age: going forward by more than an hour counts once it has lasted for a day,
 * for until then somebody may set the clock right. Zeroed before the first call.
 */
struct clock_steady {
	int64_t wall_us, mono_ms; /* when they agreed last */
	int64_t jumped_ms;        /* since when they do not; 0 = they do */
};
int64_t clock_steady_us(struct clock_steady *s, int64_t wall_us, int64_t mono_ms);

#define CLOCK_TEXT_MAX 40

/* "2024-01-05T10:00:00.123456Z" (RFC 3339). */
struct str clock_rfc3339(int64_t us, char out[CLOCK_TEXT_MAX]);
/* "2024-01-05T10:00:00": no zone, no fraction. */
struct str clock_zoneless(int64_t us, char out[CLOCK_TEXT_MAX]);
/* "Fri, 05 Jan 2024 10:00:00 +0000" (RFC 5322 §3.3). */
struct str clock_rfc5322(int64_t us, char out[CLOCK_TEXT_MAX]);

/* RFC 3339 with any offset; years 1..9999; a date alone is ERR_SYNTAX. */
MUST_CHECK enum err clock_parse_rfc3339(struct str s, int64_t *us_out);

/* Days since 1970-01-01 of a proleptic Gregorian date; month 1..12, day 1..31. */
int64_t clock_days(int year, int month, int day);

#endif

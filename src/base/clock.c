/* Clocks and calendar text. The calendar arithmetic counts days from 0000-03-01, so leap days come last. */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#include "base/cursor.h"

#define JUMP_US INT64_C(3600000000) /* more than any clock is set by under way, summer time included */
#define JUMP_LASTS_MS INT64_C(86400000)

int64_t clock_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_mono_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t clock_mono_us(void)
{
	return clock_mono_ns() / 1000;
}

int64_t clock_mono_ms(void)
{
	return clock_mono_us() / 1000;
}

int64_t clock_steady_us(struct clock_steady *s, int64_t wall_us, int64_t mono_ms)
{
	int64_t expected = s->wall_us + (mono_ms - s->mono_ms) * 1000;

	if (s->mono_ms == 0 || wall_us <= expected + JUMP_US ||
	    (s->jumped_ms && mono_ms - s->jumped_ms >= JUMP_LASTS_MS)) {
		*s = (struct clock_steady){ wall_us, mono_ms, 0 };
		return wall_us;
	}
	if (!s->jumped_ms)
		s->jumped_ms = mono_ms;
	return expected;
}

int clock_left_ms(deadline_ms until)
{
	int64_t left = until - clock_mono_ms();

	return left <= 0 ? 0 : left > 0x7fffffff ? 0x7fffffff : (int)left;
}

int64_t clock_days(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct civil {
	int year, month, day, hour, minute, second, us, weekday;
};

static struct civil civil_of(int64_t us)
{
	int64_t sec = us / 1000000, days;
	struct civil c = { .us = (int)(us % 1000000) };

	if (c.us < 0) {
		c.us += 1000000;
		sec--;
	}
	days = sec / 86400;
	int64_t rest = sec % 86400;
	if (rest < 0) {
		rest += 86400;
		days--;
	}
	c.hour = (int)(rest / 3600);
	c.minute = (int)(rest / 60 % 60);
	c.second = (int)(rest % 60);
	c.weekday = (int)(((days + 4) % 7 + 7) % 7);
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	c.day = (int)(doy - (153 * mp + 2) / 5 + 1);
	c.month = (int)(mp < 10 ? mp + 3 : mp - 9);
	c.year = (int)(yoe + era * 400 + (c.month <= 2));
	return c;
}

/* Exactly n decimal digits; by hand because every API object shows several times. */
static char *put_digits(char *to, int value, int n)
{
	for (int i = n - 1; i >= 0; i--, value /= 10)
		to[i] = (char)('0' + value % 10);
	return to + n;
}

struct str clock_rfc3339(int64_t us, char out[CLOCK_TEXT_MAX])
{
	struct civil c = civil_of(us);

	if (c.year >= 0 && c.year <= 9999) {
		char *to = put_digits(out, c.year, 4);
		*to++ = '-';
		to = put_digits(to, c.month, 2);
		*to++ = '-';
		to = put_digits(to, c.day, 2);
		*to++ = 'T';
		to = put_digits(to, c.hour, 2);
		*to++ = ':';
		to = put_digits(to, c.minute, 2);
		*to++ = ':';
		to = put_digits(to, c.second, 2);
		*to++ = '.';
		to = put_digits(to, c.us, 6);
		*to++ = 'Z';
		*to = 0;
		return (struct str){ out, (size_t)(to - out) };
	}
	int n = snprintf(out, CLOCK_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", c.year, c.month, c.day,
			 c.hour, c.minute, c.second, c.us);

	return (struct str){ out, n < CLOCK_TEXT_MAX ? (size_t)n : CLOCK_TEXT_MAX - 1 };
}

struct str clock_zoneless(int64_t us, char out[CLOCK_TEXT_MAX])
{
	struct str s = clock_rfc3339(us, out);

	s.n = s.n > 8 ? s.n - 8 : 0; /* ".123456Z" */
	out[s.n] = 0;
	return s;
}

struct str clock_rfc5322(int64_t us, char out[CLOCK_TEXT_MAX])
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct civil c = civil_of(us);
	int n = snprintf(out, CLOCK_TEXT_MAX, "%s, %02d %s %04d %02d:%02d:%02d +0000", days[c.weekday], c.day,
			 months[c.month - 1], c.year, c.hour, c.minute, c.second);

	return (struct str){ out, n < CLOCK_TEXT_MAX ? (size_t)n : CLOCK_TEXT_MAX - 1 };
}

/* Exactly n digits with a value in [min, max]. */
static bool digits(struct cursor *c, size_t n, int min, int max, int *out)
{
	uint64_t v;

	if (cursor_left(c) < n || str_to_u64((struct str){ c->at, n }, (uint64_t)max, &v) || (int)v < min)
		return false;
	c->at += n;
	*out = (int)v;
	return true;
}

static int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

enum err clock_parse_rfc3339(struct str s, int64_t *us_out)
{
	struct cursor c = cursor_of(s);
	int year, month, day, hour, minute, second, oh = 0, om = 0, sign = 1, us = 0;

	if (!digits(&c, 4, 1, 9999, &year) || !cursor_char(&c, '-') || !digits(&c, 2, 1, 12, &month) ||
	    !cursor_char(&c, '-') || !digits(&c, 2, 1, 31, &day) || day > month_days(year, month))
		return ERR_SYNTAX;
	if (!cursor_char(&c, 'T') && !cursor_char(&c, 't') && !cursor_char(&c, ' '))
		return ERR_SYNTAX;
	if (!digits(&c, 2, 0, 23, &hour) || !cursor_char(&c, ':') || !digits(&c, 2, 0, 59, &minute) ||
	    !cursor_char(&c, ':') || !digits(&c, 2, 0, 60, &second))
		return ERR_SYNTAX;
	if (cursor_char(&c, '.')) {
		int scale = 100000, seen = 0;
		for (; cursor_peek(&c) >= '0' && cursor_peek(&c) <= '9'; c.at++, seen++, scale /= 10)
			us += (*c.at - '0') * scale;
		if (seen == 0)
			return ERR_SYNTAX;
	}
	if (!cursor_char(&c, 'Z') && !cursor_char(&c, 'z')) {
		if (cursor_char(&c, '-'))
			sign = -1;
		else if (!cursor_char(&c, '+'))
			return ERR_SYNTAX;
		if (!digits(&c, 2, 0, 23, &oh) || !cursor_char(&c, ':') || !digits(&c, 2, 0, 59, &om))
			return ERR_SYNTAX;
	}
	if (!cursor_done(&c))
		return ERR_SYNTAX;
	int64_t sec = clock_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second -
		      sign * (oh * 3600 + om * 60);
	*us_out = sec * 1000000 + us;
	return OK;
}

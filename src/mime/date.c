/* Dates word by word: each word says by its shape what it is. */
#include "mime/date.h"

#include "base/abnf.h"
#include "base/clock.h"
#include "base/cursor.h"

#define ZONE_NONE 100000
#define VALUE_MAX 200 /* bytes of the field looked at */

struct parts {
	int year, month, day, hour, minute, second; /* day, month: 0 = not seen; year -1 */
	bool have_time;
	int zone; /* minutes east of UTC, ZONE_NONE = not seen */
	int half; /* 1 AM, 2 PM */
};

static const struct str months[] = {
	STR_INIT("jan"), STR_INIT("feb"), STR_INIT("mar"), STR_INIT("apr"), STR_INIT("may"), STR_INIT("jun"),
	STR_INIT("jul"), STR_INIT("aug"), STR_INIT("sep"), STR_INIT("oct"), STR_INIT("nov"), STR_INIT("dec"),
};

/* RFC 5322 §4.3 defines the American ones; the others are common and mean one thing in mail. */
static const struct {
	struct str name;
	int hours;
} zones[] = {
	{ STR_INIT("ut"), 0 },   { STR_INIT("utc"), 0 },  { STR_INIT("gmt"), 0 },   { STR_INIT("z"), 0 },
	{ STR_INIT("est"), -5 }, { STR_INIT("edt"), -4 }, { STR_INIT("cst"), -6 },  { STR_INIT("cdt"), -5 },
	{ STR_INIT("mst"), -7 }, { STR_INIT("mdt"), -6 }, { STR_INIT("pst"), -8 },  { STR_INIT("pdt"), -7 },
	{ STR_INIT("wet"), 0 },  { STR_INIT("cet"), 1 },  { STR_INIT("cest"), 2 },  { STR_INIT("met"), 1 },
	{ STR_INIT("bst"), 1 },  { STR_INIT("eet"), 2 },  { STR_INIT("eest"), 3 },  { STR_INIT("msk"), 3 },
	{ STR_INIT("jst"), 9 },  { STR_INIT("kst"), 9 },  { STR_INIT("aest"), 10 }, { STR_INIT("aedt"), 11 },
};

/* Up to `most` digits; gives how many there were. */
static int digits(struct cursor *c, int most, int *out)
{
	int n = 0;

	*out = 0;
	for (; n < most && abnf_is_digit((unsigned char)cursor_peek(c)) && cursor_peek(c) >= 0; n++)
		*out = *out * 10 + (*c->at++ - '0');
	return n;
}

static void read_word(struct cursor *c, struct parts *p)
{
	const char *from = c->at;

	while (c->at < c->end && (abnf_is_alpha((unsigned char)*c->at)))
		c->at++;
	struct str word = str_from(from, (size_t)(c->at - from)), three = str_sub(word, 0, 3);
	for (int i = 0; i < 12 && word.n >= 3; i++)
		if (p->month == 0 && str_eq_nocase(three, months[i])) {
			p->month = i + 1;
			return;
		}
	if (p->have_time && str_eq_nocase(word, STR("am")))
		p->half = 1;
	else if (p->have_time && str_eq_nocase(word, STR("pm")))
		p->half = 2;
	for (size_t i = 0; i < ARRAY_LEN(zones) && p->zone == ZONE_NONE; i++)
		if (p->have_time && str_eq_nocase(word, zones[i].name))
			p->zone = zones[i].hours * 60;
	/* Weekdays say nothing new; other names, military letters included, are -0000 (RFC 5322 §4.3). */
}

/* +hhmm, +hh:mm or +hh behind the time. */
static void read_zone(struct cursor *c, struct parts *p)
{
	int sign = *c->at++ == '-' ? -1 : 1, hours, minutes = 0, n = digits(c, 4, &hours);

	if (n == 0 || n == 3)
		return;
	if (n == 4) {
		minutes = hours % 100;
		hours /= 100;
	} else if (cursor_char(c, ':')) {
		(void)digits(c, 2, &minutes);
	}
	/* "GMT+0100" and "+0000 GMT+1": the number counts; an impossible one does not. */
	if (hours < 24 && minutes < 60 && (p->zone == ZONE_NONE || p->zone == 0))
		p->zone = sign * (hours * 60 + minutes);
}

static void read_time(struct cursor *c, struct parts *p, int hour)
{
	int fraction;

	p->hour = hour;
	p->have_time = true;
	(void)digits(c, 2, &p->minute);
	if (cursor_char(c, ':'))
		(void)digits(c, 2, &p->second);
	if (cursor_char(c, '.'))
		while (digits(c, 9, &fraction) > 0)
			;
}

/*
 * RFC 5322 §4.3: two digits below 50 are of this century, from 50 of the last; three count from 1900. So do those of
 * programs that write three digits as four: "0102".
 */
static int whole_year(int year, int n)
{
	if (n >= 4 && (year < 100 || year > 199))
		return year;
	return n == 2 && year < 50 ? year + 2000 : year + 1900;
}

static bool date_separator(struct cursor *c)
{
	return cursor_char(c, '-') || cursor_char(c, '/');
}

static void read_number(struct cursor *c, struct parts *p)
{
	int value, n = digits(c, 8, &value);

	if (n <= 2 && !p->have_time && cursor_char(c, ':')) {
		read_time(c, p, value);
	} else if (n == 4 && p->year < 0 && p->month == 0 && p->day == 0 && date_separator(c)) {
		p->year = value; /* ISO 8601: year-month-day */
		(void)digits(c, 2, &p->month);
		if (date_separator(c))
			(void)digits(c, 2, &p->day);
		(void)cursor_char(c, 'T');
	} else if (n <= 2 && p->day == 0) {
		p->day = value;
	} else if (n >= 2 && n <= 4 && p->year < 0) {
		p->year = whole_year(value, n);
	} else if (n == 4 && p->have_time && p->zone == ZONE_NONE && value / 100 < 15 && value % 100 < 60) {
		p->zone = value / 100 * 60 + value % 100; /* the "+" was lost */
	}
}

static void skip_comment(struct cursor *c)
{
	int depth = 0;

	for (; c->at < c->end; c->at++) {
		depth += *c->at == '(';
		depth -= *c->at == ')';
		if (depth == 0)
			break;
	}
	if (c->at < c->end)
		c->at++;
}

static enum err combine(const struct parts *p, int64_t *us_out)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (p->year % 4 == 0 && p->year % 100 != 0) || p->year % 400 == 0;
	int hour = p->hour,
	    second = p->second == 60 ? 59 : p->second; /* a leap second is not ours to count */

	if (p->half && hour <= 12)
		hour = hour % 12 + (p->half == 2 ? 12 : 0);
	if (p->year < 1900 || p->year > 9999 || p->month < 1 || p->month > 12 || p->day < 1 ||
	    p->day > lengths[p->month - 1] + (p->month == 2 && leap))
		return ERR_SYNTAX;
	if (hour > 23 || p->minute > 59 || second > 59)
		return ERR_SYNTAX;
	int64_t minutes = (clock_days(p->year, p->month, p->day) * 24 + hour) * 60 + p->minute;
	minutes -= p->zone == ZONE_NONE ? 0 : p->zone;
	*us_out = (minutes * 60 + second) * 1000000;
	return OK;
}

enum err date_parse(struct str value, int64_t *us_out)
{
	struct parts p = { .year = -1, .zone = ZONE_NONE };
	struct cursor c = cursor_of(str_sub(value, 0, VALUE_MAX));

	while (!cursor_done(&c)) {
		unsigned char ch = (unsigned char)*c.at;
		if (ch == '(')
			skip_comment(&c);
		else if (abnf_is_alpha(ch))
			read_word(&c, &p);
		else if ((ch == '+' || ch == '-') && p.have_time)
			read_zone(&c, &p);
		else if (abnf_is_digit(ch))
			read_number(&c, &p);
		else
			c.at++;
	}
	return combine(&p, us_out);
}

/* A number of five digits or more, or of millions, with a currency beside it. In one pass; each number is looked at once. */
#include "detect/money.h"

#include "base/abnf.h"
#include "base/attr.h"

#define LARGE_DIGITS 5
#define BEFORE 6 /* bytes in which a currency stands before a number: "US$ " */
#define BEHIND 30

/* Beginnings of words, behind the number. */
static const char *const millions[] = {
	"mio",   "mln",          "millio",   "millon",       "mill\xc3\xb3n",
	"milio", "mili\xc3\xb3", "milho",    "milh\xc3\xb5", "milh\xc3\xa3o",
	"miljo", "milyon",       "milyar",   "billio",       "juta",
	"triệu", "миллион",      "миллиард", "милион",       "мільйон",
	"млн",   "εκατομμ",      "مليون",    "ملايين",       "만",
	"억",    "万",           "萬",       "亿",           "億",
};

static const char *const currencies[] = {
	"$",     "€",     "£",      "¥",     "₽",      "usd",    "eur",   "gbp",  "dollar", "dolar",
	"dólar", "dolár", "dollár", "pound", "sterling", "доллар", "долар", "евро", "євро",   "δολ",
	"ευρώ",  "دولار", "يورو",   "달러",  "유로",     "美元",   "欧元",  "ドル", "ユーロ", "đô la",
};

static bool has_currency(struct str s)
{
	for (size_t i = 0; i < ARRAY_LEN(currencies); i++)
		if (str_find_nocase(s, str_of(currencies[i]), 0) != SIZE_MAX)
			return true;
	return false;
}

static bool is_digit(struct str s, size_t at)
{
	return at < s.n && abnf_is_digit((unsigned char)s.p[at]);
}

/* Where a group of three digits begins behind a sign that parts groups; 0: none does. */
static size_t group_at(struct str s, size_t at)
{
	static const char *const signs[] = { ",", ".", "'", " ", "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x99" };

	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		struct str sign = str_of(signs[i]);
		size_t next = at + sign.n;
		if (str_starts(str_sub(s, at, s.n), sign) && is_digit(s, next) && is_digit(s, next + 1) &&
		    is_digit(s, next + 2) && !is_digit(s, next + 3))
			return next;
	}
	return 0;
}

/* Behind the number; digits: of its whole part. */
static size_t number_end(struct str s, size_t at, size_t *digits)
{
	*digits = 0;
	for (size_t group; *digits == 0 || (group = group_at(s, at)) != 0;) {
		at = *digits == 0 ? at : group;
		for (; is_digit(s, at); at++)
			++*digits;
	}
	if (at + 1 < s.n && (s.p[at] == '.' || s.p[at] == ',') && is_digit(s, at + 1))
		for (at++; is_digit(s, at);)
			at++;
	return at;
}

/* "m" and "M" too, which mean it where the currency stands there. */
static bool is_millions(struct str behind)
{
	struct str word = str_trim(behind);

	for (size_t i = 0; i < ARRAY_LEN(millions); i++)
		if (str_starts_nocase(word, str_of(millions[i])))
			return true;
	return word.n > 0 && ascii_lower(word.p[0]) == 'm' &&
	       (word.n == 1 || !abnf_is_alpha((unsigned char)word.p[1]));
}

struct str money_large(struct str text)
{
	for (size_t at = 0; at < text.n;) {
		size_t from = at, digits;
		if (!is_digit(text, at)) {
			at++;
			continue;
		}
		at = number_end(text, at, &digits);
		struct str before = str_sub(text, from > BEFORE ? from - BEFORE : 0, from),
			   behind = str_sub(text, at, at + BEHIND);
		if ((digits >= LARGE_DIGITS || is_millions(behind)) &&
		    (has_currency(before) || has_currency(behind)))
			return str_sub(text, from, at);
	}
	return STR_NONE;
}

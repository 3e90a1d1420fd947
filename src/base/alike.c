/* Skeletons by ICU, which holds Unicode's table of confusables; ASCII, nearly all there is, without it. */
#include "base/alike.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "base/arena.h"
#include "base/utf8.h"

#define UNITS_MAX (ALIKE_MAX * 20) /* of UTF-16: what one character becomes has 18 at most */

/* At most ALIKE_MAX characters. */
static struct str leading(struct str s)
{
	size_t at = 0;

	for (size_t n = 0; at < s.n && n < ALIKE_MAX; n++)
		utf8_next(s, &at);
	return str_sub(s, 0, at);
}

/* Half a surrogate pair is of no such type, so it stays. */
static int32_t without_marks(UChar *text, int32_t n)
{
	int32_t kept = 0;

	for (int32_t i = 0; i < n; i++)
		if (u_charType(text[i]) != U_NON_SPACING_MARK)
			text[kept++] = text[i];
	return kept;
}

/* Of what is read no more than can be kept: one character may have become eighteen, and the skeleton is the dear part. */
static int32_t leading_units(const UChar *text, int32_t n)
{
	int32_t at = 0;

	U16_FWD_N(text, at, n, ALIKE_MAX);
	return at;
}

/* NFKC in lower case, without accents, then Unicode's skeleton; as it is where ICU has no room or fails. */
static struct str by_unicode(struct arena *a, struct str s)
{
	UChar one[UNITS_MAX], other[UNITS_MAX];
	char out[UNITS_MAX * 3];
	UErrorCode e = U_ZERO_ERROR;
	int32_t n;

	s = utf8_clean(a, s);
	u_strFromUTF8(one, UNITS_MAX, &n, s.p, (int32_t)s.n, &e);
	n = unorm2_normalize(unorm2_getNFKCCasefoldInstance(&e), one, n, other, UNITS_MAX, &e);
	n = unorm2_normalize(unorm2_getNFDInstance(&e), other, n, one, UNITS_MAX, &e);
	if (U_FAILURE(e))
		return s;
	n = leading_units(one, without_marks(one, n));
	USpoofChecker *spoof = uspoof_open(&e);
	n = uspoof_getSkeleton(spoof, 0, one, n, other, UNITS_MAX, &e);
	uspoof_close(spoof);
	u_strToUTF8(out, sizeof(out), &n, other, n, &e);
	return U_FAILURE(e) ? s : arena_str(a, leading(str_from(out, (size_t)n)));
}

static char plain(char c)
{
	switch (c) {
	case '0':
		return 'o';
	case '1':
	case '|':
		return 'l';
	default:
		return ascii_lower(c);
	}
}

struct str alike_skeleton(struct arena *a, struct str s)
{
	size_t n = 0;

	s = leading(s);
	if (!str_is_ascii(s))
		s = by_unicode(a, s);
	char *out = arena_strndup(a, s.p, s.n);
	for (size_t i = 0; i < s.n; i++) {
		char c = plain(s.p[i]), before = n > 0 ? out[n - 1] : 0;
		if (before == 'r' && c == 'n')
			out[n - 1] = 'm';
		else if (before == 'v' && c == 'v')
			out[n - 1] = 'w';
		else
			out[n++] = c;
	}
	return str_from(out, n);
}

/* Characters of s; *n_out at most ALIKE_MAX + 1, which says that there are more. */
static void characters(struct str s, uint32_t out[ALIKE_MAX], size_t *n_out)
{
	size_t n = 0;

	for (size_t at = 0; at < s.n; n++) {
		if (n == ALIKE_MAX) {
			n++;
			break;
		}
		out[n] = utf8_next(s, &at);
	}
	*n_out = n;
}

static size_t least(size_t x, size_t y)
{
	return x < y ? x : y;
}

/* Takes away what both begin with and end with, which costs nothing; whole characters. */
static void leave_difference(struct str *x, struct str *y)
{
	size_t n = least(x->n, y->n), same = 0;

	while (same < n && x->p[same] == y->p[same])
		same++;
	while (same > 0 && ((same < x->n && ((unsigned char)x->p[same] & 0xc0) == 0x80) ||
			    (same < y->n && ((unsigned char)y->p[same] & 0xc0) == 0x80)))
		same--;
	*x = str_sub(*x, same, x->n);
	*y = str_sub(*y, same, y->n);
	n = least(x->n, y->n);
	for (same = 0; same < n && x->p[x->n - same - 1] == y->p[y->n - same - 1];)
		same++;
	while (same > 0 && ((unsigned char)x->p[x->n - same] & 0xc0) == 0x80)
		same--;
	x->n -= same;
	y->n -= same;
}

/*
 * Optimal string alignment, three rows of the table at a time. Only what lies within `most` of the diagonal can come out
 * as that little, so no more is filled in; it ends where a whole row is over it.
 */
size_t alike_distance(struct str x, struct str y, size_t most)
{
	uint32_t a[ALIKE_MAX], b[ALIKE_MAX];
	size_t rows[3][ALIKE_MAX + 2], na, nb, far = most + 1;

	leave_difference(&x, &y);
	characters(x, a, &na);
	characters(y, b, &nb);
	if (na > ALIKE_MAX || nb > ALIKE_MAX || (na > nb ? na - nb : nb - na) > most)
		return far;
	for (size_t j = 0; j <= nb + 1; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *two = rows[(i + 1) % 3];
		size_t from = i > most ? i - most : 1, to = least(nb, i + most), best = far;
		now[from - 1] = from == 1 ? i : far;
		for (size_t j = from; j <= to; j++) {
			size_t d = least(before[j], now[j - 1]) + 1;
			d = least(d, before[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d = least(d, two[j - 2] + 1);
			now[j] = d;
			best = least(best, d);
		}
		now[to + 1] = far;
		if (best > most && now[from - 1] > most)
			return far;
	}
	return least(rows[na % 3][nb], far);
}

uint64_t alike_set(struct str s)
{
	uint64_t set = 0;

	for (size_t at = 0; at < s.n;)
		set |= UINT64_C(1) << (utf8_next(s, &at) & 63);
	return set;
}

/* Of the characters that one text has and the other has not, each costs a change of its own. */
bool alike_may_be_near(uint64_t x, uint64_t y, size_t most)
{
	size_t more = 0, less = 0;

	for (uint64_t left = x & ~y; left && more <= most; left &= left - 1)
		more++;
	for (uint64_t left = y & ~x; left && less <= most; left &= left - 1)
		less++;
	return more <= most && less <= most;
}

/* ICU looks at the whole text; only what touches a character of these scripts is marked. */
#include "draw/breaks.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include "base/buf.h"

static const char mark[] = "\xe2\x80\x8b";

static bool is_unspaced(UChar32 c)
{
	static const struct {
		UChar32 from, to;
	} scripts[] = {
		{ 0xe00, 0xeff },   { 0x1000, 0x109f }, { 0x1780, 0x17ff }, { 0x2e80, 0x9fff },
		{ 0xac00, 0xd7a3 }, { 0xf900, 0xfaff }, { 0xff00, 0xff60 }, { 0x20000, 0x3ffff },
	};

	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		if (c >= scripts[i].from && c <= scripts[i].to)
			return true;
	return false;
}

static bool has_unspaced(const char *text, size_t n)
{
	UChar32 c;

	for (size_t i = 0; i < n;) {
		U8_NEXT((const uint8_t *)text, i, n, c);
		if (is_unspaced(c))
			return true;
	}
	return false;
}

/* Whether a line may end there without a space, and not only behind a hyphen or the like. */
static bool is_between(const char *text, int32_t at, int32_t n)
{
	UChar32 before, behind;
	int32_t back = at;

	U8_PREV((const uint8_t *)text, 0, back, before);
	U8_NEXT((const uint8_t *)text, at, n, behind);
	return before > ' ' && (is_unspaced(before) || is_unspaced(behind));
}

static char *mark_at(UBreakIterator *breaks, const char *text, int32_t n)
{
	struct buf b;
	int32_t from = 0;

	buf_init(&b, 4 * (size_t)n + 1);
	ubrk_first(breaks);
	for (int32_t at; (at = ubrk_next(breaks)) != UBRK_DONE && at < n;) {
		if (!is_between(text, at, n))
			continue;
		buf_add(&b, str_from(text + from, (size_t)(at - from)));
		buf_add_c(&b, mark);
		from = at;
	}
	buf_add(&b, str_from(text + from, (size_t)(n - from)));
	buf_add_char(&b, '\0');
	if (buf_ok(&b))
		return b.p;
	buf_free(&b);
	return NULL;
}

char *breaks_mark(const char *text, size_t n)
{
	UErrorCode e = U_ZERO_ERROR;
	char *out = NULL;

	if (n > INT32_MAX / 4 || !has_unspaced(text, n))
		return NULL;
	UText *t = utext_openUTF8(NULL, text, (int64_t)n, &e);
	UBreakIterator *breaks = ubrk_open(UBRK_LINE, "en", NULL, 0, &e);
	ubrk_setUText(breaks, t, &e);
	if (U_SUCCESS(e))
		out = mark_at(breaks, text, (int32_t)n);
	if (breaks)
		ubrk_close(breaks);
	utext_close(t);
	return out;
}

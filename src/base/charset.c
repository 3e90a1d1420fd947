/* Charset names, and the way through ICU. */
#include "base/charset.h"

#include <unicode/ucnv.h>
#include <unicode/utf16.h>

#include "base/abnf.h"
#include "base/arena.h"
#include "base/utf8.h"

#define NAME_MAX_BYTES 60 /* ICU keeps names under UCNV_MAX_CONVERTER_NAME_LENGTH, which is 60 */
#define CHUNK 1024        /* UTF-16 units converted at a time, on the stack */

enum how { HOW_UTF8, HOW_WINDOWS_1252, HOW_ICU };

/* Names that ICU does not know or reads more narrowly than mail programs do. */
static const struct alias {
	struct str name;
	enum how how;
	const char *icu;
} aliases[] = {
	{ STR_INIT("utf-8"), HOW_UTF8, NULL },
	{ STR_INIT("utf8"), HOW_UTF8, NULL },
	{ STR_INIT("us-ascii"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("ascii"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("ansi_x3.4-1968"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("iso-8859-1"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("iso8859-1"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("latin1"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("windows-1252"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("cp1252"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("utf-8-sig"), HOW_UTF8, NULL },
	{ STR_INIT("unicode-1-1-utf-8"), HOW_UTF8, NULL },
	{ STR_INIT("unicode-1-1-utf-7"), HOW_ICU, "utf-7" },
	{ STR_INIT("gb2312"), HOW_ICU, "gb18030" }, /* superset; mail labelled gb2312 is GBK in practice */
	{ STR_INIT("gb_2312-80"), HOW_ICU, "gb18030" },
	{ STR_INIT("gbk"), HOW_ICU, "gb18030" },
	{ STR_INIT("x-gbk"), HOW_ICU, "gb18030" },
	{ STR_INIT("ks_c_5601-1987"), HOW_ICU, "windows-949" }, /* superset of EUC-KR */
	{ STR_INIT("euc-kr"), HOW_ICU, "windows-949" },
	{ STR_INIT("iso-8859-8-i"), HOW_ICU, "iso-8859-8" },
	{ STR_INIT("iso-8859-8-e"), HOW_ICU, "iso-8859-8" },
	{ STR_INIT("iso-8859-9"), HOW_ICU, "windows-1254" },
	{ STR_INIT("iso-8859-11"), HOW_ICU, "windows-874" },
	{ STR_INIT("tis-620"), HOW_ICU, "windows-874" },
	{ STR_INIT("shift_jis"), HOW_ICU, "windows-31j" },
	{ STR_INIT("shift-jis"), HOW_ICU, "windows-31j" },
	{ STR_INIT("x-sjis"), HOW_ICU, "windows-31j" },
	{ STR_INIT("win-1251"), HOW_ICU, "windows-1251" },
	{ STR_INIT("win1251"), HOW_ICU, "windows-1251" },
	{ STR_INIT("koi8"), HOW_ICU, "koi8-r" },
	{ STR_INIT("x-mac-roman"), HOW_ICU, "macintosh" },
};

/* What windows-1252 has at 0x80..0x9f; the five holes are the C1 controls, as the WHATWG has them. */
static const uint16_t windows_1252_high[32] = {
	0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178,
};

/* ICU takes options behind a comma and other tricks; only plain names get there. */
static bool is_plain(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!abnf_is_alnum((unsigned char)name.p[i]) && (!name.p[i] || !strchr("-_.:+()", name.p[i])))
			return false;
	return name.n > 0 && name.n < NAME_MAX_BYTES;
}

static UConverter *open_converter(struct str name, enum how *how_out)
{
	char z[NAME_MAX_BYTES];
	const char *icu = z;
	UErrorCode status = U_ZERO_ERROR;

	*how_out = HOW_ICU;
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (str_eq_nocase(aliases[i].name, name)) {
			*how_out = aliases[i].how;
			icu = aliases[i].icu;
			break;
		}
	if (*how_out != HOW_ICU || !is_plain(name))
		return NULL;
	memcpy(z, name.p, name.n);
	z[name.n] = 0;
	UConverter *c = ucnv_open(icu, &status);
	if (U_SUCCESS(status))
		return c;
	if (c)
		ucnv_close(c);
	return NULL;
}

static bool is_ascii(struct str s)
{
	size_t i = 0;
	uint64_t eight;

	for (; i + 8 <= s.n; i += 8) {
		memcpy(&eight, s.p + i, 8);
		if (eight & 0x8080808080808080u)
			return false;
	}
	for (; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

uint32_t charset_windows_1252(unsigned char c)
{
	return c >= 0x80 && c < 0xa0 ? windows_1252_high[c - 0x80] : c;
}

static struct str from_windows_1252(struct arena *a, struct str bytes)
{
	char *z = arena_array(a, bytes.n, 3);
	size_t n = 0;

	for (size_t i = 0; i < bytes.n; i++)
		n += utf8_encode(charset_windows_1252((unsigned char)bytes.p[i]), z + n);
	return (struct str){ z, n };
}

static struct str utf8_or_windows_1252(struct arena *a, struct str bytes)
{
	return utf8_is_valid(bytes) ? bytes : from_windows_1252(a, bytes);
}

/* Three bytes of room for each byte: no converter gives more, and one that did is cut (outcome bad bytes). */
static struct str through_icu(struct arena *a, UConverter *c, struct str bytes, bool *bad)
{
	size_t room = bytes.n * 3 + 8, n = 0;
	char *z = arena_array(a, bytes.n + 4, 3);
	const char *at = bytes.p, *end = bytes.p + bytes.n;
	UChar chunk[CHUNK];
	UErrorCode status;

	do {
		UChar *to = chunk;
		status = U_ZERO_ERROR;
		ucnv_toUnicode(c, &to, chunk + CHUNK - 1, &at, end, NULL, true, &status);
		int32_t units = (int32_t)(to - chunk);
		/* A pair may be torn at the chunk's end: fetch its second half alone. */
		if (units && U16_IS_LEAD(chunk[units - 1]) && status == U_BUFFER_OVERFLOW_ERROR) {
			status = U_ZERO_ERROR;
			ucnv_toUnicode(c, &to, chunk + units + 1, &at, end, NULL, true, &status);
			units = (int32_t)(to - chunk);
		}
		for (int32_t i = 0; i < units;) {
			uint32_t cp = chunk[i++];
			if (U16_IS_LEAD(cp) && i < units && U16_IS_TRAIL(chunk[i]))
				cp = (uint32_t)U16_GET_SUPPLEMENTARY((UChar32)cp, (UChar32)chunk[i]);
			i += cp > 0xffff; /* the second half went with it */
			if (cp == 0x1a)   /* how ICU marks a bad single byte in double-byte charsets */
				cp = UTF8_REPLACEMENT;
			if (room - n < 4) {
				*bad = true;
				return (struct str){ z, n };
			}
			*bad |= cp == UTF8_REPLACEMENT || U16_IS_SURROGATE(cp);
			n += utf8_encode(cp, z + n);
		}
	} while (status == U_BUFFER_OVERFLOW_ERROR);
	*bad |= U_FAILURE(status);
	return (struct str){ z, n };
}

struct str charset_to_utf8(struct arena *a, struct str name, struct str bytes,
			   enum charset_outcome *outcome_out)
{
	enum charset_outcome outcome = CHARSET_FINE;
	struct str out = bytes;
	bool bad = false;
	enum how how;
	UConverter *c;

	name = str_trim(name);
	c = open_converter(name, &how);
	if (how == HOW_UTF8) {
		out = is_ascii(bytes) ? bytes : utf8_clean(a, bytes);
		bad = out.p != bytes.p;
	} else if (how == HOW_WINDOWS_1252) {
		/* Much mail labelled US-ASCII or Latin-1 is UTF-8; long valid UTF-8 is never an accident. */
		out = is_ascii(bytes) ? bytes : utf8_or_windows_1252(a, bytes);
		bad = out.p == bytes.p && !is_ascii(bytes);
	} else if (c) {
		out = through_icu(a, c, bytes, &bad);
		ucnv_close(c);
	} else {
		out = utf8_or_windows_1252(a, bytes);
		outcome = name.n ? CHARSET_UNKNOWN : CHARSET_FINE;
	}
	if (bad)
		outcome = CHARSET_BAD_BYTES;
	if (outcome_out)
		*outcome_out = outcome;
	return out;
}

bool charset_is_known(struct str name)
{
	enum how how;
	UConverter *c = open_converter(str_trim(name), &how);

	if (c)
		ucnv_close(c);
	return c || how != HOW_ICU;
}

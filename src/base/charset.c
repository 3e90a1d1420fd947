/* Charset names, and the way through ICU. */
#include "base/charset.h"

#include <unicode/ucnv.h>
#include <unicode/utf16.h>

#include "base/abnf.h"
#include "base/arena.h"
#include "base/utf8.h"

#define NAME_MAX_BYTES 60 /* ICU keeps names under UCNV_MAX_CONVERTER_NAME_LENGTH, which is 60 */
#define CHUNK 1024        /* UTF-16 units converted at a time, on the stack */

enum how {
	HOW_UTF8,
	HOW_WINDOWS_1252,
	HOW_GUESS, /* the name says nothing */
	HOW_UTF16, /* it does not say which byte comes first */
	HOW_ICU,
};

/* Names that ICU does not know or reads more narrowly than mail programs do. */
static const struct alias {
	struct str name;
	enum how how;
	const char *icu;
} aliases[] = {
	{ STR_INIT("utf-8"), HOW_UTF8, NULL },
	{ STR_INIT("us-ascii"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("iso-8859-1"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("windows-1252"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("utf-8-sig"), HOW_UTF8, NULL },
	{ STR_INIT("utf8mb4"), HOW_UTF8, NULL },
	{ STR_INIT("ansi"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("win-1252"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("iso-8859-1-windows-3.1-latin-1"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("unknown-8bit"), HOW_GUESS, NULL },
	{ STR_INIT("x-unknown"), HOW_GUESS, NULL },
	{ STR_INIT("unknown"), HOW_GUESS, NULL },
	{ STR_INIT("x-user-defined"), HOW_GUESS, NULL },
	{ STR_INIT("default"), HOW_GUESS, NULL },
	{ STR_INIT("8bit"), HOW_GUESS, NULL },
	{ STR_INIT("7bit"), HOW_GUESS, NULL },
	{ STR_INIT("binary"), HOW_GUESS, NULL },
	{ STR_INIT("utf-16"), HOW_UTF16, NULL },
	{ STR_INIT("utf16"), HOW_UTF16, NULL },
	{ STR_INIT("unicode"), HOW_UTF16, NULL },
	{ STR_INIT("csunicode"), HOW_UTF16, NULL },
	{ STR_INIT("ucs-2"), HOW_UTF16, NULL },
	{ STR_INIT("iso-10646-ucs-2"), HOW_UTF16, NULL },
	{ STR_INIT("csutf7"), HOW_ICU, "utf-7" },
	{ STR_INIT("csunicode11utf7"), HOW_ICU, "utf-7" },
	{ STR_INIT("unicodefffe"), HOW_ICU, "utf-16be" },
	{ STR_INIT("unicodefeff"), HOW_ICU, "utf-16le" },
	{ STR_INIT("csiso88596e"), HOW_ICU, "iso-8859-6" },
	{ STR_INIT("csiso88596i"), HOW_ICU, "iso-8859-6" },
	{ STR_INIT("iso-8859-8-i"), HOW_ICU, "iso-8859-8" },
	{ STR_INIT("iso-8859-8-e"), HOW_ICU, "iso-8859-8" },
	{ STR_INIT("csiso88598i"), HOW_ICU, "iso-8859-8" },
	{ STR_INIT("visual"), HOW_ICU, "iso-8859-8" },
	{ STR_INIT("logical"), HOW_ICU, "iso-8859-8" },
	{ STR_INIT("iso-8859-9"), HOW_ICU, "windows-1254" },
	{ STR_INIT("iso-8859-11"), HOW_ICU, "windows-874" },
	{ STR_INIT("dos-874"), HOW_ICU, "windows-874" },
	{ STR_INIT("iso-8859-16"), HOW_ICU, "iso-8859-2" }, /* Romanian, by a cedilla the same */
	{ STR_INIT("win-1251"), HOW_ICU, "windows-1251" },
	{ STR_INIT("win1251"), HOW_ICU, "windows-1251" },
	{ STR_INIT("koi"), HOW_ICU, "koi8-r" },
	{ STR_INIT("koi8-ru"), HOW_ICU, "koi8-u" },
	{ STR_INIT("x-mac-ukrainian"), HOW_ICU, "x-mac-cyrillic" },
	{ STR_INIT("big5"), HOW_ICU, "big5-hkscs" },
	{ STR_INIT("cn-big5"), HOW_ICU, "big5-hkscs" },
	{ STR_INIT("cp50220"), HOW_ICU, "iso-2022-jp" },
	{ STR_INIT("cp50221"), HOW_ICU, "iso-2022-jp" },
};

/* What mail so labelled is in practice, by ICU's own names: a superset in every case. */
static const struct alias supersets[] = {
	{ STR_INIT("UTF-8"), HOW_UTF8, NULL },
	{ STR_INIT("US-ASCII"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("ISO-8859-1"), HOW_WINDOWS_1252, NULL },
	{ STR_INIT("ibm-5348_P100-1997"), HOW_WINDOWS_1252, NULL }, /* windows-1252 itself */
	{ STR_INIT("ibm-1383_P110-1999"), HOW_ICU, "gb18030" },     /* gb2312 is GBK in practice */
	{ STR_INIT("ibm-5478_P100-1995"), HOW_ICU, "gb18030" },
	{ STR_INIT("windows-936-2000"), HOW_ICU, "gb18030" },
	{ STR_INIT("ibm-970_P110_P110-2006_U2"), HOW_ICU, "windows-949-2000" }, /* EUC-KR */
};

/* What windows-1252 has at 0x80..0x9f; the five holes are the C1 controls, as the WHATWG has them. */
static const uint16_t windows_1252_high[32] = {
	0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178,
};

/* ICU takes options behind a comma and other tricks; only plain names get there. */
static bool is_name_char(char c)
{
	return abnf_is_alnum((unsigned char)c) || (c && strchr("-_.:+() ", c));
}

/* The name without quotes and whatever else does not belong to it: "charset=utf-8;" */
static struct str plain_name(struct str name)
{
	size_t n = 0;

	while (name.n && !abnf_is_alnum((unsigned char)name.p[0]))
		name = str_sub(name, 1, name.n);
	if (str_starts_nocase(name, STR("charset=")))
		return plain_name(str_sub(name, 8, name.n));
	while (n < name.n && is_name_char(name.p[n]))
		n++;
	return str_trim(str_sub(name, 0, n));
}

static const struct alias *find_alias(const struct alias *v, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(v[i].name, name))
			return &v[i];
	return NULL;
}

static UConverter *open_icu(const char *name)
{
	UErrorCode status = U_ZERO_ERROR;
	UConverter *c = ucnv_open(name, &status);

	if (U_SUCCESS(status))
		return c;
	if (c)
		ucnv_close(c);
	return NULL;
}

/*
 * RFC 2781 §4.3 has the high byte first where no mark says otherwise, Windows and browsers the low one. Letters of most
 * scripts have a high byte that is the same all over, and that of spaces and digits is zero.
 */
static const char *utf16_order(struct str bytes)
{
	size_t zeros[2] = { 0, 0 };

	if (str_starts(bytes, STR("\xfe\xff")) || str_starts(bytes, STR("\xff\xfe")))
		return "utf-16";
	for (size_t i = 0; i < bytes.n; i++)
		zeros[i & 1] += bytes.p[i] == 0;
	return zeros[0] > zeros[1] ? "utf-16be" : "utf-16le";
}

/* NULL where the way does not lead through ICU, or, with HOW_ICU, where the name is not known. */
static UConverter *open_converter(struct str name, struct str bytes, enum how *how_out)
{
	const struct alias *alias = find_alias(aliases, ARRAY_LEN(aliases), name);
	char z[NAME_MAX_BYTES];
	UErrorCode status = U_ZERO_ERROR;

	*how_out = alias ? alias->how : HOW_ICU;
	if (*how_out == HOW_UTF16)
		return open_icu(utf16_order(bytes));
	if (*how_out != HOW_ICU || str_is_empty(name) || name.n >= NAME_MAX_BYTES)
		return NULL;
	memcpy(z, name.p, name.n);
	z[name.n] = 0;
	UConverter *c = open_icu(alias ? alias->icu : z);
	alias = c ? find_alias(supersets, ARRAY_LEN(supersets), str_of(ucnv_getName(c, &status))) : NULL;
	if (!alias)
		return c;
	ucnv_close(c);
	*how_out = alias->how;
	return alias->icu ? open_icu(alias->icu) : NULL;
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

/* Whether a character beyond ASCII stands there in UTF-8. */
static bool has_utf8(struct str bytes)
{
	for (size_t at = 0; at < bytes.n;) {
		uint32_t cp = utf8_next(bytes, &at);
		if (cp >= 0x80 && cp != UTF8_REPLACEMENT)
			return true;
	}
	return false;
}

/* UTF-16 and UTF-32 have zero bytes wherever they have ASCII. */
static bool is_wide_in_name_only(const UConverter *c, struct str bytes)
{
	UConverterType type = ucnv_getType(c);

	bool wide = (type >= UCNV_UTF16_BigEndian && type <= UCNV_UTF32_LittleEndian) || type == UCNV_UTF16 ||
		    type == UCNV_UTF32;

	return wide && str_is_ascii(bytes) && str_find_char(bytes, 0, 0) == SIZE_MAX;
}

/* Length of the ISO 2022 escape sequence at the beginning, or 0. */
static size_t escape_length(struct str s)
{
	size_t n = 1;

	if (s.n == 0 || s.p[0] != 0x1b)
		return 0;
	while (n < s.n && s.p[n] >= 0x20 && s.p[n] <= 0x2f)
		n++;
	return n < s.n ? n + 1 : 0;
}

/*
 * Without escape sequences that another one follows at once. ICU takes an empty segment for an attack; here it comes of
 * encoded words joined, each of which ends in ASCII.
 */
static struct str without_empty_segments(struct arena *a, struct str s)
{
	char *z = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0, escape; i < s.n;) {
		escape = escape_length(str_sub(s, i, s.n));
		if (escape && i + escape < s.n && s.p[i + escape] == 0x1b) {
			i += escape;
			continue;
		}
		z[n++] = s.p[i++];
	}
	return (struct str){ z, n };
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

	name = plain_name(name);
	c = open_converter(name, bytes, &how);
	if (how == HOW_UTF8) {
		if (!str_is_ascii(bytes) && !utf8_is_valid(bytes))
			out = has_utf8(bytes) ? utf8_clean(a, bytes) : from_windows_1252(a, bytes);
		bad = out.p != bytes.p;
	} else if (how == HOW_WINDOWS_1252) {
		/* Much mail labelled US-ASCII or Latin-1 is UTF-8; long valid UTF-8 is never an accident. */
		out = str_is_ascii(bytes) ? bytes : utf8_or_windows_1252(a, bytes);
		bad = out.p == bytes.p && !str_is_ascii(bytes);
	} else if (c && !is_wide_in_name_only(c, bytes)) {
		if (ucnv_getType(c) == UCNV_ISO_2022)
			bytes = without_empty_segments(a, bytes);
		out = through_icu(a, c, bytes, &bad);
	} else {
		out = utf8_or_windows_1252(a, bytes);
		bad = c != NULL;
		outcome = how == HOW_ICU && name.n && !c ? CHARSET_UNKNOWN : CHARSET_FINE;
	}
	if (c)
		ucnv_close(c);
	if (bad)
		outcome = CHARSET_BAD_BYTES;
	if (outcome_out)
		*outcome_out = outcome;
	return out;
}

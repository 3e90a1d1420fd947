/* Telling types by their first bytes. */
#include "file/magic.h"

#include "base/utf8.h"

ENUM_DEFINE(magic_type, MAGIC_TYPES);

#define TEXT_LOOKED_AT 4096

static const struct {
	size_t offset;
	struct str bytes;
	enum magic_type type;
} signatures[] = {
	{ 0, STR_INIT("PK\3\4"), MAGIC_ZIP },
	{ 0, STR_INIT("PK\5\6"), MAGIC_ZIP },
	{ 0, STR_INIT("Rar!\x1a\7"), MAGIC_RAR },
	{ 0, STR_INIT("7z\xbc\xaf\x27\x1c"), MAGIC_7Z },
	{ 0, STR_INIT("\x1f\x8b"), MAGIC_GZIP },
	{ 0, STR_INIT("BZh"), MAGIC_BZIP2 },
	{ 0,
	  STR_INIT("\xfd"
		   "7zXZ\0"),
	  MAGIC_XZ },
	{ 0, STR_INIT("\x28\xb5\x2f\xfd"), MAGIC_ZSTD },
	{ 0, STR_INIT("MSCF\0\0\0\0"), MAGIC_CAB },
	{ 7, STR_INIT("**ACE**"), MAGIC_ACE },
	{ 0, STR_INIT("\x60\xea"), MAGIC_ARJ },
	{ 257, STR_INIT("ustar"), MAGIC_TAR },
	{ 32769, STR_INIT("CD001"), MAGIC_ISO },
	{ 0, STR_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), MAGIC_OLE },
	{ 0, STR_INIT("\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d"), MAGIC_ONENOTE },
	{ 0, STR_INIT("\x78\x9f\x3e\x22"), MAGIC_TNEF },
	{ 0, STR_INIT("L\0\0\0\1\x14\2\0"), MAGIC_LNK },
	{ 0, STR_INIT("ITSF"), MAGIC_CHM },
	{ 0, STR_INIT("MZ"), MAGIC_EXE },
	{ 0,
	  STR_INIT("\x7f"
		   "ELF"),
	  MAGIC_ELF },
	{ 0, STR_INIT("\xfe\xed\xfa\xce"), MAGIC_MACHO },
	{ 0, STR_INIT("\xfe\xed\xfa\xcf"), MAGIC_MACHO },
	{ 0, STR_INIT("\xce\xfa\xed\xfe"), MAGIC_MACHO },
	{ 0, STR_INIT("\xcf\xfa\xed\xfe"), MAGIC_MACHO },
	{ 0, STR_INIT("\xca\xfe\xba\xbe"), MAGIC_JAVA },
	{ 0, STR_INIT("\x89PNG\r\n\x1a\n"), MAGIC_PNG },
	{ 0, STR_INIT("\xff\xd8\xff"), MAGIC_JPEG },
	{ 0, STR_INIT("GIF87a"), MAGIC_GIF },
	{ 0, STR_INIT("GIF89a"), MAGIC_GIF },
	{ 8, STR_INIT("WEBP"), MAGIC_WEBP },
	{ 0, STR_INIT("II*\0"), MAGIC_TIFF },
	{ 0, STR_INIT("MM\0*"), MAGIC_TIFF },
	{ 0, STR_INIT("\0\0\1\0"), MAGIC_ICO },
	{ 0, STR_INIT("{\\rt"), MAGIC_RTF },
	{ 0, STR_INIT("%!PS"), MAGIC_POSTSCRIPT },
	{ 0, STR_INIT("#!"), MAGIC_SCRIPT },
};

/* Of text, behind white space and a byte order mark; letters of any case. */
static const struct {
	struct str bytes;
	enum magic_type type;
} openings[] = {
	{ STR_INIT("<!doctype html"), MAGIC_HTML }, { STR_INIT("<html"), MAGIC_HTML },
	{ STR_INIT("<head"), MAGIC_HTML },          { STR_INIT("<body"), MAGIC_HTML },
	{ STR_INIT("<script"), MAGIC_HTML },        { STR_INIT("<title"), MAGIC_HTML },
	{ STR_INIT("<meta"), MAGIC_HTML },          { STR_INIT("<table"), MAGIC_HTML },
	{ STR_INIT("<div"), MAGIC_HTML },           { STR_INIT("<iframe"), MAGIC_HTML },
	{ STR_INIT("<form"), MAGIC_HTML },          { STR_INIT("<style"), MAGIC_HTML },
	{ STR_INIT("<!--"), MAGIC_HTML },           { STR_INIT("<svg"), MAGIC_SVG },
	{ STR_INIT("<?xml"), MAGIC_XML },           { STR_INIT("begin:vcalendar"), MAGIC_CALENDAR },
	{ STR_INIT("@echo off"), MAGIC_SCRIPT },    { STR_INIT("<job"), MAGIC_SCRIPT },
};

static enum magic_type text_type(struct str bytes)
{
	struct str head = str_sub(bytes, 0, TEXT_LOOKED_AT);

	if (str_starts(head, STR("\xef\xbb\xbf")))
		head = str_sub(head, 3, head.n);
	struct str opening = str_trim(head);
	for (size_t i = 0; i < ARRAY_LEN(openings); i++)
		if (str_starts_nocase(opening, openings[i].bytes)) {
			bool svg = openings[i].type == MAGIC_XML &&
				   str_find_nocase(opening, STR("<svg"), 0) != SIZE_MAX;
			return svg ? MAGIC_SVG : openings[i].type;
		}
	for (size_t i = 0; i < head.n; i++) {
		unsigned char c = (unsigned char)head.p[i];
		if (c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 27)
			return MAGIC_UNKNOWN;
	}
	/* Bytes above 127 may be of any charset; mostly letters is what makes it text. */
	size_t high = 0;
	for (size_t i = 0; i < head.n; i++)
		high += (unsigned char)head.p[i] >= 0x80;
	return high * 3 <= head.n || utf8_is_valid(utf8_cut(bytes, TEXT_LOOKED_AT)) ? MAGIC_TEXT
										    : MAGIC_UNKNOWN;
}

enum magic_type magic_of(struct str bytes)
{
	if (bytes.n == 0)
		return MAGIC_EMPTY;
	for (size_t i = 0; i < ARRAY_LEN(signatures); i++)
		if (str_starts(str_sub(bytes, signatures[i].offset, bytes.n), signatures[i].bytes))
			return signatures[i].type;
	/* Readers accept a PDF whose header lies within the first kilobyte (ISO 32000-1, H.3 note 13). */
	if (str_find(str_sub(bytes, 0, 1024), STR("%PDF-"), 0) != SIZE_MAX)
		return MAGIC_PDF;
	if (bytes.n > 26 && str_starts(bytes, STR("BM")) &&
	    str_eq(str_sub(bytes, 6, 10), str_from("\0\0\0\0", 4)))
		return MAGIC_BMP;
	return text_type(bytes);
}

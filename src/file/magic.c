/* Telling types by their first bytes. */
#include "file/magic.h"

#include "base/abnf.h"
#include "base/utf8.h"
#include "file/bytes.h"

ENUM_DEFINE(magic_type, MAGIC_TYPES);

#define TEXT_LOOKED_AT 4096
#define FOOTER 512 /* a fixed VHD says what it is in its last sector */

static const struct {
	size_t offset;
	struct str bytes;
	enum magic_type type;
} signatures[] = {
	{ 0, STR_INIT("PK\3\4"), MAGIC_ZIP },
	{ 0, STR_INIT("PK\5\6"), MAGIC_ZIP },
	{ 0, STR_INIT("PK\7\10PK\3\4"), MAGIC_ZIP }, /* was meant for several disks (APPNOTE 8.5.3) */
	{ 0, STR_INIT("PK00PK\3\4"), MAGIC_ZIP },
	{ 0, STR_INIT("Rar!\x1a\7"), MAGIC_RAR },
	{ 0, STR_INIT("7z\xbc\xaf\x27\x1c"), MAGIC_7Z },
	{ 0, STR_INIT("\x1f\x8b"), MAGIC_GZIP },
	{ 0, STR_INIT("BZh"), MAGIC_BZIP2 },
	{ 0,
	  STR_INIT("\xfd"
		   "7zXZ\0"),
	  MAGIC_XZ },
	{ 0, STR_INIT("LZIP\1"), MAGIC_LZIP },
	{ 0, STR_INIT("\x04\x22\x4d\x18"), MAGIC_LZ4 },
	{ 0, STR_INIT("\x28\xb5\x2f\xfd"), MAGIC_ZSTD },
	{ 0, STR_INIT("\x1f\x9d\x90"), MAGIC_COMPRESS },
	{ 0, STR_INIT("MSCF\0\0\0\0"), MAGIC_CAB },
	{ 0, STR_INIT("!<arch>\n"), MAGIC_AR },
	{ 0, STR_INIT("xar!\0\x1c"), MAGIC_XAR },
	{ 2, STR_INIT("-lh"), MAGIC_LHA },
	{ 2, STR_INIT("-lz"), MAGIC_LHA },
	{ 0, STR_INIT("070701"), MAGIC_CPIO },
	{ 0, STR_INIT("070702"), MAGIC_CPIO },
	{ 0, STR_INIT("070707"), MAGIC_CPIO },
	{ 0, STR_INIT("SZDD\x88\xf0\x27\x33"), MAGIC_SZDD },
	{ 8, STR_INIT("\x19\4\0\x10"), MAGIC_SIS },
	{ 0, STR_INIT("\x7a\x1a\x20\x10"), MAGIC_SIS },
	{ 7, STR_INIT("**ACE**"), MAGIC_ACE },
	{ 257, STR_INIT("ustar"), MAGIC_TAR },
	{ 32769, STR_INIT("CD001"), MAGIC_ISO },
	{ 32769, STR_INIT("BEA01"), MAGIC_UDF },
	{ 0, STR_INIT("conectix"), MAGIC_VHD },
	{ 0, STR_INIT("vhdxfile"), MAGIC_VHDX },
	{ 0, STR_INIT("KDMV"), MAGIC_VMDK },
	{ 0, STR_INIT("MSWIM\0\0\0"), MAGIC_WIM },
	{ 0, STR_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), MAGIC_OLE },
	{ 0, STR_INIT("\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d"), MAGIC_ONENOTE },
	{ 0, STR_INIT("\x78\x9f\x3e\x22"), MAGIC_TNEF },
	{ 0, STR_INIT("ActiveMime"), MAGIC_ACTIVEMIME },
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
	{ 0, STR_INIT("#@~^"), MAGIC_SCRIPT }, /* encoded JScript or VBScript */
};

/* Of text, behind white space and a byte order mark; letters of any case. */
static const struct {
	struct str bytes;
	enum magic_type type;
} openings[] = {
	{ STR_INIT("<!doctype html"), MAGIC_HTML },
	{ STR_INIT("<html"), MAGIC_HTML },
	{ STR_INIT("<head"), MAGIC_HTML },
	{ STR_INIT("<body"), MAGIC_HTML },
	{ STR_INIT("<script"), MAGIC_HTML },
	{ STR_INIT("<title"), MAGIC_HTML },
	{ STR_INIT("<meta"), MAGIC_HTML },
	{ STR_INIT("<table"), MAGIC_HTML },
	{ STR_INIT("<div"), MAGIC_HTML },
	{ STR_INIT("<iframe"), MAGIC_HTML },
	{ STR_INIT("<form"), MAGIC_HTML },
	{ STR_INIT("<style"), MAGIC_HTML },
	{ STR_INIT("<!--"), MAGIC_HTML },
	{ STR_INIT("<svg"), MAGIC_SVG },
	{ STR_INIT("<scriptlet"), MAGIC_SCRIPT },
	{ STR_INIT("<?php"), MAGIC_SCRIPT },
	{ STR_INIT("<?xml"), MAGIC_XML },
	{ STR_INIT("begin:vcalendar"), MAGIC_CALENDAR },
	{ STR_INIT("@echo off"), MAGIC_SCRIPT },
	{ STR_INIT("<job"), MAGIC_SCRIPT },
	{ STR_INIT("<package"), MAGIC_SCRIPT },
	{ STR_INIT("windows registry editor version"), MAGIC_SCRIPT },
	{ STR_INIT("regedit4"), MAGIC_SCRIPT },
	{ STR_INIT("[internetshortcut]"), MAGIC_SCRIPT },
	{ STR_INIT("(this file must be converted with binhex"), MAGIC_BINHEX },
};

/* Two of these among the first lines make a text a message. */
static const struct str mail_fields[] = {
	STR_INIT("received:"), STR_INIT("return-path:"), STR_INIT("from:"),         STR_INIT("to:"),
	STR_INIT("subject:"),  STR_INIT("date:"),        STR_INIT("message-id:"),   STR_INIT("mime-version:"),
	STR_INIT("cc:"),       STR_INIT("reply-to:"),    STR_INIT("delivered-to:"), STR_INIT("content-type:"),
};

/* The header of a message: every line a field or the rest of one, up to an empty line or the end of what is seen. */
static bool is_mail(struct str head)
{
	size_t known = 0, at = str_starts(head, STR("From ")) ? str_find_char(head, '\n', 0) : 0;

	for (at += at > 0; at < head.n;) {
		size_t end = str_find_char(head, '\n', at);
		struct str line = str_sub(head, at, end);
		if (str_trim(line).n == 0 || end == SIZE_MAX)
			break;
		size_t colon = str_find_char(line, ':', 0);
		if (!abnf_is_wsp((unsigned char)line.p[0]) &&
		    (colon == SIZE_MAX || str_find_char(str_sub(line, 0, colon), ' ', 0) != SIZE_MAX))
			return false;
		for (size_t i = 0; i < ARRAY_LEN(mail_fields); i++)
			known += str_starts_nocase(line, mail_fields[i]);
		at = end + 1;
	}
	return known >= 2;
}

/* UTF-16 with its byte order mark: the low bytes of its first letters, enough to know an opening by. */
static struct str narrowed(struct str bytes, char out[TEXT_LOOKED_AT / 2])
{
	size_t low = str_starts(bytes, STR("\xff\xfe")) ? 0 : 1, n = 0;

	for (size_t i = 2; i + 1 < bytes.n && n < TEXT_LOOKED_AT / 2; i += 2)
		out[n++] = bytes.p[i + 1 - low] ? '?' : bytes.p[i + low];
	return str_from(out, n);
}

static enum magic_type text_type(struct str bytes)
{
	char narrow[TEXT_LOOKED_AT / 2];
	struct str head = str_sub(bytes, 0, TEXT_LOOKED_AT);
	bool wide = str_starts(head, STR("\xff\xfe")) || str_starts(head, STR("\xfe\xff"));

	if (wide)
		bytes = head = narrowed(bytes, narrow);
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
	if (is_mail(head))
		return MAGIC_MAIL;
	/* Bytes above 127 may be of any charset; mostly letters is what makes it text. */
	size_t high = 0;
	for (size_t i = 0; i < head.n; i++)
		high += (unsigned char)head.p[i] >= 0x80;
	return high * 3 <= head.n || utf8_is_valid(utf8_cut(bytes, TEXT_LOOKED_AT)) ? MAGIC_TEXT
										    : MAGIC_UNKNOWN;
}

/* Archives of the first Unix versions have no signature; the sum over the header (POSIX ustar) stands for one. */
static bool is_old_tar(struct str bytes)
{
	uint64_t sum = 0, said = 0;

	if (bytes.n < 512 || !bytes.p[0])
		return false;
	for (size_t i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? ' ' : (unsigned char)bytes.p[i];
	for (size_t i = 148; i < 156; i++)
		if (bytes.p[i] >= '0' && bytes.p[i] <= '7')
			said = said * 8 + (uint64_t)(bytes.p[i] - '0');
	return sum == said;
}

/* Two bytes of signature are few: the length of the name behind the header (26 bytes) must fit as well. */
static bool is_old_cpio(struct str bytes)
{
	bool little = str_starts(bytes, STR("\xc7\x71")), big = str_starts(bytes, STR("\x71\xc7"));
	unsigned name = bytes_le16(bytes, 20);

	if (big)
		name = (name & 0xff) << 8 | name >> 8;
	return (little || big) && name > 1 && name <= 1024 && bytes.n > 26 + name &&
	       !bytes.p[26 + name - 1] && bytes.p[26];
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
	if (str_starts(bytes, STR("\x60\xea")) && bytes_le16(bytes, 2) <= 2600)
		return MAGIC_ARJ;
	if (bytes.n > FOOTER && str_starts(str_sub(bytes, bytes.n - FOOTER, bytes.n), STR("conectix")))
		return MAGIC_VHD;
	if (is_old_cpio(bytes))
		return MAGIC_CPIO;
	if (is_old_tar(bytes))
		return MAGIC_TAR;
	return text_type(bytes);
}

/* What an honest file of a type is named. */
static const unsigned char kinds[] = {
	[MAGIC_UNKNOWN] = NAME_OTHER,    [MAGIC_EMPTY] = NAME_OTHER,       [MAGIC_TEXT] = NAME_TEXT,
	[MAGIC_HTML] = NAME_PAGE,        [MAGIC_XML] = NAME_TEXT,          [MAGIC_SVG] = NAME_PAGE,
	[MAGIC_SCRIPT] = NAME_SCRIPT,    [MAGIC_CALENDAR] = NAME_TEXT,     [MAGIC_MAIL] = NAME_MAIL,
	[MAGIC_RTF] = NAME_OFFICE,       [MAGIC_PDF] = NAME_PDF,           [MAGIC_POSTSCRIPT] = NAME_PDF,
	[MAGIC_ZIP] = NAME_ARCHIVE,      [MAGIC_RAR] = NAME_ARCHIVE,       [MAGIC_7Z] = NAME_ARCHIVE,
	[MAGIC_GZIP] = NAME_ARCHIVE,     [MAGIC_BZIP2] = NAME_ARCHIVE,     [MAGIC_XZ] = NAME_ARCHIVE,
	[MAGIC_LZIP] = NAME_ARCHIVE,     [MAGIC_LZ4] = NAME_ARCHIVE,       [MAGIC_ZSTD] = NAME_ARCHIVE,
	[MAGIC_COMPRESS] = NAME_ARCHIVE, [MAGIC_CAB] = NAME_ARCHIVE,       [MAGIC_TAR] = NAME_ARCHIVE,
	[MAGIC_CPIO] = NAME_ARCHIVE,     [MAGIC_AR] = NAME_ARCHIVE,        [MAGIC_LHA] = NAME_ARCHIVE,
	[MAGIC_XAR] = NAME_ARCHIVE,      [MAGIC_SZDD] = NAME_ARCHIVE,      [MAGIC_BINHEX] = NAME_ARCHIVE,
	[MAGIC_SIS] = NAME_ARCHIVE,      [MAGIC_ACE] = NAME_ARCHIVE,       [MAGIC_ARJ] = NAME_ARCHIVE,
	[MAGIC_ISO] = NAME_DISK,         [MAGIC_UDF] = NAME_DISK,          [MAGIC_VHD] = NAME_DISK,
	[MAGIC_VHDX] = NAME_DISK,        [MAGIC_VMDK] = NAME_DISK,         [MAGIC_WIM] = NAME_DISK,
	[MAGIC_OLE] = NAME_OFFICE,       [MAGIC_DOC] = NAME_OFFICE,        [MAGIC_XLS] = NAME_OFFICE,
	[MAGIC_PPT] = NAME_OFFICE,       [MAGIC_MSG] = NAME_MAIL,          [MAGIC_MSI] = NAME_PROGRAM,
	[MAGIC_DOCX] = NAME_OFFICE,      [MAGIC_XLSX] = NAME_OFFICE,       [MAGIC_PPTX] = NAME_OFFICE,
	[MAGIC_ODT] = NAME_OFFICE,       [MAGIC_ODS] = NAME_OFFICE,        [MAGIC_ODP] = NAME_OFFICE,
	[MAGIC_JAR] = NAME_SCRIPT,       [MAGIC_APK] = NAME_PROGRAM,       [MAGIC_ONENOTE] = NAME_OFFICE,
	[MAGIC_TNEF] = NAME_MAIL,        [MAGIC_ACTIVEMIME] = NAME_OFFICE, [MAGIC_LNK] = NAME_PROGRAM,
	[MAGIC_CHM] = NAME_PROGRAM,      [MAGIC_EXE] = NAME_PROGRAM,       [MAGIC_ELF] = NAME_PROGRAM,
	[MAGIC_MACHO] = NAME_PROGRAM,    [MAGIC_JAVA] = NAME_PROGRAM,      [MAGIC_PNG] = NAME_PICTURE,
	[MAGIC_JPEG] = NAME_PICTURE,     [MAGIC_GIF] = NAME_PICTURE,       [MAGIC_BMP] = NAME_PICTURE,
	[MAGIC_TIFF] = NAME_PICTURE,     [MAGIC_WEBP] = NAME_PICTURE,      [MAGIC_ICO] = NAME_PICTURE,
};

enum name_kind magic_kind(enum magic_type type)
{
	return (enum name_kind)kinds[type];
}

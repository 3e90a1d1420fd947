/* Endings of names. Windows drops dots and spaces at the end, so they end no name here; invisible letters neither. */
#include "file/name.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/utf8.h"

#define SUFFIX_MAX 20 /* bytes of an ending; the longest known has 18 */

struct ending {
	const char *suffix;
	enum name_kind kind;
};

/* clang-format off */
static const struct ending endings[] = { /* sorted */
	{ "7z", NAME_ARCHIVE }, { "a3x", NAME_SCRIPT }, { "accda", NAME_PROGRAM }, { "accdb", NAME_MACRO },
	{ "accde", NAME_PROGRAM }, { "accdr", NAME_PROGRAM }, { "ace", NAME_ARCHIVE }, { "ade", NAME_PROGRAM },
	{ "adp", NAME_PROGRAM }, { "ahk", NAME_SCRIPT }, { "ani", NAME_PICTURE }, { "apk", NAME_PROGRAM },
	{ "app", NAME_PROGRAM }, { "appinstaller", NAME_PROGRAM }, { "application", NAME_PROGRAM },
	{ "appref-ms", NAME_PROGRAM }, { "appx", NAME_PROGRAM }, { "appxbundle", NAME_PROGRAM },
	{ "arj", NAME_ARCHIVE }, { "au3", NAME_SCRIPT }, { "avi", NAME_PICTURE }, { "bat", NAME_SCRIPT },
	{ "bmp", NAME_PICTURE }, { "bz2", NAME_ARCHIVE }, { "cab", NAME_ARCHIVE }, { "cdxml", NAME_SCRIPT },
	{ "chm", NAME_PROGRAM }, { "cmd", NAME_SCRIPT }, { "cnt", NAME_PROGRAM }, { "com", NAME_PROGRAM },
	{ "command", NAME_SCRIPT }, { "cpio", NAME_ARCHIVE }, { "cpl", NAME_PROGRAM }, { "csh", NAME_SCRIPT },
	{ "csv", NAME_TEXT }, { "daa", NAME_DISK }, { "deb", NAME_SCRIPT }, { "desktop", NAME_SCRIPT },
	{ "diagcab", NAME_PROGRAM }, { "diagpkg", NAME_PROGRAM }, { "diff", NAME_TEXT },
	{ "dll", NAME_SCRIPT }, { "dmg", NAME_DISK }, { "doc", NAME_OFFICE }, { "docm", NAME_MACRO },
	{ "docx", NAME_OFFICE }, { "dot", NAME_OFFICE }, { "dotm", NAME_MACRO }, { "dotx", NAME_OFFICE },
	{ "dqy", NAME_SCRIPT }, { "drv", NAME_SCRIPT }, { "eml", NAME_MAIL }, { "exe", NAME_PROGRAM },
	{ "fileloc", NAME_SCRIPT }, { "fxp", NAME_PROGRAM }, { "gadget", NAME_PROGRAM },
	{ "gif", NAME_PICTURE }, { "grp", NAME_PROGRAM }, { "gz", NAME_ARCHIVE }, { "hlp", NAME_PROGRAM },
	{ "hqx", NAME_ARCHIVE }, { "hta", NAME_PROGRAM }, { "htm", NAME_PAGE }, { "html", NAME_PAGE },
	{ "ico", NAME_PICTURE }, { "ics", NAME_TEXT }, { "img", NAME_DISK }, { "inetloc", NAME_SCRIPT },
	{ "inf", NAME_SCRIPT }, { "iqy", NAME_SCRIPT }, { "iso", NAME_DISK }, { "isz", NAME_DISK },
	{ "its", NAME_PROGRAM }, { "jar", NAME_SCRIPT }, { "jnlp", NAME_SCRIPT }, { "jpe", NAME_PICTURE },
	{ "jpeg", NAME_PICTURE }, { "jpg", NAME_PICTURE }, { "js", NAME_SCRIPT }, { "jse", NAME_PROGRAM },
	{ "ksh", NAME_SCRIPT }, { "lha", NAME_ARCHIVE }, { "library-ms", NAME_PROGRAM },
	{ "lnk", NAME_PROGRAM }, { "log", NAME_TEXT }, { "lz", NAME_ARCHIVE }, { "lz4", NAME_ARCHIVE },
	{ "lzh", NAME_ARCHIVE }, { "lzma", NAME_ARCHIVE }, { "m4a", NAME_PICTURE }, { "m4v", NAME_PICTURE },
	{ "mad", NAME_PROGRAM }, { "maf", NAME_PROGRAM }, { "mag", NAME_PROGRAM }, { "mam", NAME_PROGRAM },
	{ "maq", NAME_PROGRAM }, { "mar", NAME_PROGRAM }, { "mas", NAME_PROGRAM }, { "mat", NAME_PROGRAM },
	{ "mau", NAME_PROGRAM }, { "mav", NAME_PROGRAM }, { "maw", NAME_PROGRAM }, { "mcf", NAME_PROGRAM },
	{ "mda", NAME_PROGRAM }, { "mdb", NAME_MACRO }, { "mde", NAME_PROGRAM }, { "mdt", NAME_MACRO },
	{ "mdw", NAME_MACRO }, { "mht", NAME_PAGE }, { "mhtml", NAME_PAGE }, { "mkv", NAME_PICTURE },
	{ "mobileconfig", NAME_SCRIPT }, { "mov", NAME_PICTURE }, { "mp3", NAME_PICTURE },
	{ "mp4", NAME_PICTURE }, { "mpeg", NAME_PICTURE }, { "mpg", NAME_PICTURE }, { "msc", NAME_PROGRAM },
	{ "msg", NAME_MAIL }, { "msh", NAME_PROGRAM }, { "msh1", NAME_PROGRAM }, { "msh2", NAME_PROGRAM },
	{ "mshxml", NAME_PROGRAM }, { "msi", NAME_PROGRAM }, { "msix", NAME_PROGRAM },
	{ "msixbundle", NAME_PROGRAM }, { "msp", NAME_PROGRAM }, { "mst", NAME_PROGRAM },
	{ "msu", NAME_PROGRAM }, { "ocx", NAME_SCRIPT }, { "odc", NAME_SCRIPT }, { "odp", NAME_OFFICE },
	{ "ods", NAME_OFFICE }, { "odt", NAME_OFFICE }, { "oft", NAME_MAIL }, { "one", NAME_OFFICE },
	{ "onepkg", NAME_OFFICE }, { "ops", NAME_PROGRAM }, { "oqy", NAME_SCRIPT }, { "osd", NAME_PROGRAM },
	{ "patch", NAME_TEXT }, { "pdf", NAME_PDF }, { "pif", NAME_PROGRAM }, { "pkg", NAME_SCRIPT },
	{ "plg", NAME_PROGRAM }, { "png", NAME_PICTURE }, { "potm", NAME_MACRO }, { "ppa", NAME_MACRO },
	{ "ppam", NAME_MACRO }, { "pps", NAME_OFFICE }, { "ppsm", NAME_MACRO }, { "ppsx", NAME_OFFICE },
	{ "ppt", NAME_OFFICE }, { "pptm", NAME_MACRO }, { "pptx", NAME_OFFICE }, { "prf", NAME_PROGRAM },
	{ "prg", NAME_PROGRAM }, { "printerexport", NAME_SCRIPT }, { "ps1", NAME_SCRIPT },
	{ "ps1xml", NAME_SCRIPT }, { "ps2", NAME_SCRIPT }, { "ps2xml", NAME_SCRIPT }, { "psc1", NAME_SCRIPT },
	{ "psc2", NAME_SCRIPT }, { "psd1", NAME_SCRIPT }, { "psm1", NAME_SCRIPT }, { "pub", NAME_OFFICE },
	{ "py", NAME_SCRIPT }, { "pyc", NAME_SCRIPT }, { "pyw", NAME_SCRIPT }, { "pyz", NAME_SCRIPT },
	{ "pyzw", NAME_SCRIPT }, { "rar", NAME_ARCHIVE }, { "rdp", NAME_SCRIPT }, { "reg", NAME_SCRIPT },
	{ "rgs", NAME_SCRIPT }, { "rpm", NAME_SCRIPT }, { "rqy", NAME_SCRIPT }, { "rtf", NAME_OFFICE },
	{ "scf", NAME_PROGRAM }, { "scpt", NAME_SCRIPT }, { "scptd", NAME_SCRIPT }, { "scr", NAME_PROGRAM },
	{ "sct", NAME_PROGRAM }, { "search-ms", NAME_PROGRAM }, { "searchconnector-ms", NAME_PROGRAM },
	{ "settingcontent-ms", NAME_PROGRAM }, { "sh", NAME_SCRIPT }, { "shb", NAME_PROGRAM },
	{ "shs", NAME_PROGRAM }, { "shtml", NAME_PAGE }, { "slk", NAME_SCRIPT }, { "svg", NAME_PAGE },
	{ "svgz", NAME_PAGE }, { "sys", NAME_SCRIPT }, { "tar", NAME_ARCHIVE }, { "tbz2", NAME_ARCHIVE },
	{ "terminal", NAME_SCRIPT }, { "tgz", NAME_ARCHIVE }, { "theme", NAME_SCRIPT },
	{ "themepack", NAME_SCRIPT }, { "tif", NAME_PICTURE }, { "tiff", NAME_PICTURE }, { "txt", NAME_TEXT },
	{ "txz", NAME_ARCHIVE }, { "udl", NAME_SCRIPT }, { "url", NAME_SCRIPT }, { "uue", NAME_ARCHIVE },
	{ "vb", NAME_PROGRAM }, { "vbe", NAME_PROGRAM }, { "vbp", NAME_PROGRAM }, { "vbs", NAME_PROGRAM },
	{ "vdi", NAME_DISK }, { "vhd", NAME_DISK }, { "vhdx", NAME_DISK }, { "vmdk", NAME_DISK },
	{ "vsmacros", NAME_PROGRAM }, { "vsw", NAME_PROGRAM }, { "wav", NAME_PICTURE }, { "wbk", NAME_OFFICE },
	{ "webloc", NAME_SCRIPT }, { "webp", NAME_PICTURE }, { "webpnp", NAME_SCRIPT },
	{ "website", NAME_SCRIPT }, { "wim", NAME_DISK }, { "wll", NAME_PROGRAM }, { "wmf", NAME_PICTURE },
	{ "wmv", NAME_PICTURE }, { "workflow", NAME_SCRIPT }, { "ws", NAME_PROGRAM }, { "wsc", NAME_PROGRAM },
	{ "wsf", NAME_PROGRAM }, { "wsh", NAME_PROGRAM }, { "xbap", NAME_PROGRAM }, { "xht", NAME_PAGE },
	{ "xhtml", NAME_PAGE }, { "xla", NAME_MACRO }, { "xlam", NAME_MACRO }, { "xll", NAME_PROGRAM },
	{ "xls", NAME_OFFICE }, { "xlsb", NAME_MACRO }, { "xlsm", NAME_MACRO }, { "xlsx", NAME_OFFICE },
	{ "xlt", NAME_OFFICE }, { "xltm", NAME_MACRO }, { "xltx", NAME_OFFICE }, { "xnk", NAME_PROGRAM },
	{ "xsl", NAME_SCRIPT }, { "xxe", NAME_ARCHIVE }, { "xz", NAME_ARCHIVE }, { "z", NAME_ARCHIVE },
	{ "zip", NAME_ARCHIVE }, { "zipx", NAME_ARCHIVE }, { "zst", NAME_ARCHIVE },
};
/* clang-format on */

/* Shown as nothing, or as a gap. */
static bool is_blank(uint32_t cp)
{
	return cp <= ' ' || cp == 0x7f || cp == 0xa0 || cp == 0xad || cp == 0x1680 || cp == 0x180e ||
	       (cp >= 0x2000 && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202f) ||
	       (cp >= 0x205f && cp <= 0x206f) || cp == 0x2800 || cp == 0x3000 || cp == 0x3164 || cp == 0xfeff;
}

/* Without the dots and blanks at its end. */
static struct str strip_end(struct str s)
{
	while (s.n) {
		size_t start = s.n - 1, at;
		while (start > 0 && s.n - start < 4 && ((unsigned char)s.p[start] & 0xc0) == 0x80)
			start--;
		at = start;
		uint32_t cp = utf8_next(s, &at);
		if (at != s.n || !(cp == '.' || is_blank(cp)))
			return s;
		s.n = start;
	}
	return s;
}

struct str name_leaf(struct str name)
{
	for (size_t i = name.n; i-- > 0;)
		if (name.p[i] == '/' || name.p[i] == '\\')
			return str_sub(name, i + 1, name.n);
	return name;
}

/* The letters behind the last dot in lower case, blanks and backslashes left out; gives what stands before the dot. */
static struct str split_suffix(struct str name, char suffix_out[SUFFIX_MAX + 1])
{
	size_t n = 0, dot;

	name = strip_end(name);
	dot = str_rfind_char(name, '.');
	suffix_out[0] = 0;
	if (dot == SIZE_MAX)
		return name;
	for (size_t at = dot + 1; at < name.n;) {
		size_t from = at;
		uint32_t cp = utf8_next(name, &at);
		if (is_blank(cp) || cp == '\\')
			continue;
		if (n + at - from > SUFFIX_MAX) {
			n = 0; /* none that is known */
			break;
		}
		for (; from < at; from++)
			suffix_out[n++] = ascii_lower(name.p[from]);
	}
	suffix_out[n] = 0;
	return str_sub(name, 0, dot);
}

static int compare_ending(const void *suffix, const void *ending)
{
	return strcmp(suffix, ((const struct ending *)ending)->suffix);
}

/* The kind of the last ending; *rest_out, where asked for, is what stands before it. */
static enum name_kind last_kind(struct str name, struct str *rest_out)
{
	char suffix[SUFFIX_MAX + 1];
	struct str rest = split_suffix(name, suffix);
	const struct ending *e =
	    bsearch(suffix, endings, ARRAY_LEN(endings), sizeof(endings[0]), compare_ending);

	if (rest_out)
		*rest_out = rest;
	return e ? e->kind : NAME_OTHER;
}

/* A backslash parts folders, or says nothing but that the next letter is one (RFC 5322 §3.2.4): "a.h\ta" is a.hta. */
static enum name_kind leaf_kind(struct str name, struct str *rest_out)
{
	enum name_kind kind = last_kind(name_leaf(name), rest_out);
	size_t slash = str_rfind_char(name, '/');

	if (kind == NAME_OTHER && str_find_char(name, '\\', 0) != SIZE_MAX)
		kind = last_kind(str_sub(name, slash == SIZE_MAX ? 0 : slash + 1, name.n), rest_out);
	return kind;
}

enum name_kind name_kind(struct str name)
{
	return leaf_kind(name, NULL);
}

bool name_kind_is_document(enum name_kind kind)
{
	return kind == NAME_OFFICE || kind == NAME_PDF || kind == NAME_PICTURE || kind == NAME_TEXT;
}

bool name_is_double(struct str name)
{
	struct str rest;
	enum name_kind outer = leaf_kind(name, &rest);

	if (outer != NAME_PROGRAM && outer != NAME_SCRIPT && outer != NAME_PAGE)
		return false;
	enum name_kind shown = last_kind(rest, NULL);
	return name_kind_is_document(shown) || (shown == NAME_ARCHIVE && outer != NAME_PAGE);
}

bool name_is_turned(struct str name)
{
	return str_find(name, STR("\xe2\x80\xae"), 0) != SIZE_MAX;
}

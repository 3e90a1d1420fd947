/* Records of Excel workbooks (MS-XLS §2.3): macro sheets and what starts them, encryption, hyperlinks. */
#include "file/bytes.h"
#include "file/ole_contents.h"
#include "file/ole_object.h"

enum record { NAME = 0x18, FILE_PASS = 0x2f, BOUND_SHEET = 0x85, HYPERLINK = 0x1b8 };

/* Lbl (§2.4.150): names Auto_Open and Auto_Close are one code, or spelled out and more behind. */
static bool is_automatic(struct str name)
{
	bool builtin = bytes_le16(name, 0) & 0x20;
	unsigned flags = bytes_le16(name, 14) & 0xff, code = flags ? flags : bytes_le16(name, 14) >> 8;

	if (builtin)
		return code == 1 || code == 2;
	return str_starts_nocase(str_sub(name, 15, name.n), STR("auto_open")) ||
	       str_starts_nocase(str_sub(name, 15, name.n), STR("auto_close"));
}

void xls_read(struct look *l, struct str stream)
{
	bool automatic = false;

	for (size_t at = 0; stream.n - at >= 4;) {
		unsigned type = bytes_le16(stream, at);
		struct str data = bytes_at(stream, at + 4, bytes_le16(stream, at + 2));
		at += 4 + data.n;
		if (type == FILE_PASS) {
			look_found(l, TRAIT_ENCRYPTED, STR("FilePass"));
			return; /* what follows is not readable */
		}
		if (type == BOUND_SHEET && data.n > 5 && data.p[5] == 1)
			look_found(l, TRAIT_MACRO_SHEET, look_name(l, str_sub(data, 8, data.n)));
		automatic |= type == NAME && is_automatic(data);
		if (type == HYPERLINK)
			ole_object_monikers(l, data, NULL);
	}
	if (automatic && file_has(l->out, TRAIT_MACRO_SHEET))
		look_found(l, TRAIT_MACRO_AUTO, STR("Auto_Open"));
}

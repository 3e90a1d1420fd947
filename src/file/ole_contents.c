/*
 * What a compound file is, by the names of its streams, and what those hold: macros, embedded files, locks, links. Streams
 * of one application each have a file of their own (xls.c, ppt.c, msg.c).
 */
#include "file/ole_contents.h"

#include "base/limits.h"
#include "file/bytes.h"
#include "file/ole_object.h"
#include "file/ooxml_lock.h"
#include "file/vba.h"

#define LINK_STREAM_MAX 4096 /* of "\1Ole": the moniker is at its beginning */

struct str ole_take(struct ole_look *o, const struct ole_entry *e)
{
	enum file_trait why;
	size_t max = look_ceiling(o->l, o->l->bytes.n, 0, &why);
	struct str s = ole_stream(&o->ole, e, max);

	if (s.n == max && e->size > max)
		look_found(o->l, TRAIT_CUT, e->name);
	look_took(o->l, s.n);
	return s;
}

static void give_stream(struct ole_look *o, const struct ole_entry *e)
{
	struct file_member m = { .name = e->name, .data = ole_take(o, e) };

	m.size = m.data.n;
	look_add_member(o->l, m);
}

/* ---- streams by their names ---- */

static void read_native(struct ole_look *o, const struct ole_entry *e)
{
	struct str s = ole_take(o, e);

	ole_object_package(o->l, bytes_at(s, 4, bytes_le32(s, 0)));
}

static void read_link(struct ole_look *o, const struct ole_entry *e)
{
	static const enum file_trait remote = TRAIT_REMOTE;

	struct str s = ole_stream(&o->ole, e, LINK_STREAM_MAX);

	look_took(o->l, s.n);
	ole_object_monikers(o->l, s, &remote);
}

/* A document of the newer kind in a lock: behind it, it is what it is. */
static void read_package(struct ole_look *o, const struct ole_entry *e)
{
	struct look *l = o->l;
	struct str info = STR_NONE, document = l->bytes;

	for (size_t i = 1; i < o->ole.entries.n; i++)
		if (o->ole.entries.v[i].parent == 0 &&
		    str_eq_nocase(o->ole.entries.v[i].name, STR("EncryptionInfo")))
			info = ole_take(o, &o->ole.entries.v[i]);
	struct str zip = ooxml_unlock(l, info, ole_take(o, e));
	if (zip.n == 0) {
		look_found(l, TRAIT_ENCRYPTED, e->name);
		return;
	}
	l->bytes = zip;
	look_into_zip(l);
	l->bytes = document;
}

static void read_lock(struct ole_look *o, const struct ole_entry *e)
{
	look_found(o->l, TRAIT_ENCRYPTED, e->name);
}

static void read_equation(struct ole_look *o, const struct ole_entry *e)
{
	look_found(o->l, TRAIT_EQUATION, e->name);
}

static void read_word(struct ole_look *o, const struct ole_entry *e)
{
	struct str s = ole_take(o, e);

	o->l->out->type = MAGIC_DOC;
	if (bytes_le16(s, 10) & 0x0100) /* fEncrypted (MS-DOC §2.5.2) */
		look_found(o->l, TRAIT_ENCRYPTED, e->name);
	else
		word_read_fields(o->l, s);
}

static void read_excel(struct ole_look *o, const struct ole_entry *e)
{
	o->l->out->type = MAGIC_XLS;
	xls_read(o->l, ole_take(o, e));
}

static void read_slides(struct ole_look *o, const struct ole_entry *e)
{
	o->l->out->type = MAGIC_PPT;
	ppt_read(o->l, ole_take(o, e));
}

static void read_message(struct ole_look *o, const struct ole_entry *e)
{
	(void)e;
	o->l->out->type = MAGIC_MSG;
	msg_read(o);
}

static const struct {
	struct str name;
	void (*read)(struct ole_look *o, const struct ole_entry *e);
	bool at_top; /* only in the root storage */
} streams[] = {
	{ STR_INIT("\1Ole10Native"), read_native, false },
	{ STR_INIT("\1Ole"), read_link, false },
	{ STR_INIT("Package"), give_stream, false }, /* a document of the newer kind inside the older */
	{ STR_INIT("CONTENTS"), give_stream, false },
	{ STR_INIT("Equation Native"), read_equation, false },
	{ STR_INIT("EncryptedPackage"), read_package, true },
	{ STR_INIT("EncryptedSummary"), read_lock, true },
	{ STR_INIT("WordDocument"), read_word, true },
	{ STR_INIT("Workbook"), read_excel, true },
	{ STR_INIT("Book"), read_excel, true },
	{ STR_INIT("PowerPoint Document"), read_slides, true },
	{ STR_INIT("__properties_version1.0"), read_message, true },
};

/* ---- macros ---- */

/* Streams of a VBA storage that hold no source (MS-OVBA §2.3.4). */
static bool is_module(struct str name)
{
	return !str_eq_nocase(name, STR("dir")) && !str_eq_nocase(name, STR("_VBA_PROJECT")) &&
	       !str_starts_nocase(name, STR("__SRP_"));
}

static void read_macros(struct ole_look *o, size_t storage)
{
	struct vba_words words = { 0 };
	size_t modules = 0, sources = 0;

	for (size_t i = o->ole.entries.v[storage].first; i; i = o->ole.entries.v[i].beside) {
		const struct ole_entry *e = &o->ole.entries.v[i];
		if (e->kind != OLE_STREAM || !is_module(e->name) || e->size == 0)
			continue;
		enum file_trait why;
		struct str stream = ole_take(o, e);
		struct str source = vba_source(o->l->a, stream, look_ceiling(o->l, stream.n, 0, &why));
		look_took(o->l, source.n);
		vba_read_words(source, &words);
		modules++;
		sources += source.n > 0;
	}
	look_found(o->l, TRAIT_MACROS, o->ole.entries.v[storage].name);
	if (modules > 0 && sources == 0)
		look_found(o->l, TRAIT_MACRO_HIDDEN, o->ole.entries.v[storage].name);
	if (words.automatic.n)
		look_found(o->l, TRAIT_MACRO_AUTO, words.automatic);
	if (words.system.n)
		look_found(o->l, TRAIT_MACRO_SYSTEM, words.system);
}

/* ---- the whole ---- */

/* Installers and their patches, by the class of the root (000C1082, 84 and 86 -0000-0000-C000-000000000046). */
static bool is_installer(struct str clsid)
{
	unsigned first = bytes_le32(clsid, 0);

	return (first == 0xc1082 || first == 0xc1084 || first == 0xc1086) &&
	       str_eq(str_sub(clsid, 4, 16), STR("\0\0\0\0\xc0\0\0\0\0\0\0\x46"));
}

void look_into_ole(struct look *l)
{
	struct ole_look o = { .l = l };
	enum file_trait why;

	if (!ole_open(l->a, l->bytes, LIMIT_MEMBERS, look_ceiling(l, l->bytes.n, 0, &why), &o.ole)) {
		look_found(l, TRAIT_UNREADABLE, STR("no directory"));
		return;
	}
	look_took(l, o.ole.mini.n);
	if (is_installer(o.ole.entries.v[0].clsid))
		l->out->type = MAGIC_MSI;
	for (size_t i = 1; i < o.ole.entries.n; i++) {
		const struct ole_entry *e = &o.ole.entries.v[i];
		if (e->kind == OLE_STORAGE && str_eq_nocase(e->name, STR("VBA")))
			read_macros(&o, i);
		for (size_t k = 0; e->kind == OLE_STREAM && k < ARRAY_LEN(streams); k++)
			if (str_eq_nocase(e->name, streams[k].name) && (!streams[k].at_top || e->parent == 0))
				streams[k].read(&o, e);
	}
}

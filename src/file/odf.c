/* OpenDocument files (ODF 1.2): macros, locks, links and what is loaded from elsewhere. */
#include "file/field.h"
#include "file/ooxml.h"
#include "file/xml.h"
#include "file/zip_contents.h"

/* By the declared type in the file "mimetype". */
static const struct {
	struct str name;
	enum magic_type type;
} kinds[] = {
	{ STR_INIT("application/vnd.oasis.opendocument.text"), MAGIC_ODT },
	{ STR_INIT("application/vnd.oasis.opendocument.spreadsheet"), MAGIC_ODS },
	{ STR_INIT("application/vnd.oasis.opendocument.presentation"), MAGIC_ODP },
};

/* Any element may have an xlink:href; links are <a>, macros run by events name a script there. */
static void read_content(struct look *l, struct str xml)
{
	struct html h = html_of(xml);
	struct html_token t;

	while (xml_next(&h, &t)) {
		struct str href = t.kind == HTML_START ? str_trim(xml_attr(l->a, &t, STR("href"))) : STR_NONE;
		if (str_starts_nocase(href, STR("vnd.sun.star.script:")))
			look_found(l, TRAIT_MACRO_AUTO, xml_attr(l->a, &t, STR("event-name")));
		if (!field_target_is_remote(href) && !str_starts_nocase(href, STR("mailto:")))
			continue;
		look_add_link(l, href);
		if (xml_is(&t, STR("object")) || xml_is(&t, STR("object-ole")) ||
		    xml_is(&t, STR("section-source")))
			look_found(l, TRAIT_REMOTE, href);
	}
}

/* Each locked file is one with encryption data in the manifest. */
static void read_manifest(struct look *l, struct str xml)
{
	if (str_find(xml, STR("encryption-data"), 0) != SIZE_MAX)
		look_found(l, TRAIT_ENCRYPTED, STR("manifest.xml"));
}

static const struct {
	struct str name;
	void (*read)(struct look *l, struct str xml);
} parts[] = {
	{ STR_INIT("META-INF/manifest.xml"), read_manifest }, /* first: what is locked is not read */
	{ STR_INIT("content.xml"), read_content },
	{ STR_INIT("styles.xml"), read_content },
};

static bool is_macro(struct str name)
{
	return str_ends_nocase(name, STR(".py")) || str_ends_nocase(name, STR(".bsh")) ||
	       (str_starts_nocase(name, STR("Basic/")) && str_ends_nocase(name, STR(".xml")) &&
		str_find_nocase(name, STR("script-l"), 0) == SIZE_MAX);
}

static bool is_plain_part(struct str name)
{
	return str_ends_nocase(name, STR(".xml")) || str_ends_nocase(name, STR(".rdf")) ||
	       str_eq(name, STR("mimetype")) || name_kind(name) == NAME_PICTURE ||
	       str_starts(name, STR("ObjectReplacements/")) || str_starts(name, STR("Configurations2/"));
}

void odf_read(struct look *l, const struct zip *z)
{
	const struct zip_entry *type = zip_find(z, STR("mimetype"));

	for (size_t i = 0; type && i < ARRAY_LEN(kinds); i++)
		if (str_starts(type->packed, kinds[i].name))
			l->out->type = kinds[i].type;
	for (size_t k = 0; k < ARRAY_LEN(parts); k++) {
		const struct zip_entry *e = zip_find(z, parts[k].name);
		enum inflate_end end;
		enum file_trait why;
		if (e && !file_has(l->out, TRAIT_ENCRYPTED))
			parts[k].read(l, xml_text(l->a, zip_take_data(l, e, &end, &why)));
	}
	for (size_t i = 0; i < z->entries.n; i++) {
		const struct zip_entry *e = &z->entries.v[i];
		if (is_macro(e->name))
			look_found(l, TRAIT_MACROS, look_name(l, e->name));
		else if (!is_plain_part(e->name))
			zip_give_member(l, e);
	}
}

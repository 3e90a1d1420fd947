/*
 * Office documents of the newer kind (ECMA-376): what they load from elsewhere by their relationships, fields, macros,
 * and the files in them that are no parts of a document.
 */
#include "base/buf.h"
#include "file/field.h"
#include "file/ooxml.h"
#include "file/xml.h"
#include "file/zip_contents.h"
#include "html/entity.h"

#define XML_MAX (16u << 20) /* of one part; a book of a thousand pages has a quarter */
#define PICTURE_MAX (4u << 20)
#define SHEET_MAX (8u << 20) /* of a sheet, of which hardly anything matters here */
#define FIELD_MAX 4096       /* bytes of one field's instruction, which may be torn over many elements */

/* What a relationship (ECMA-376 part 2, §9.3) does, by the last word of its type. */
enum loads {
	LOADS_ON_CLICK,
	LOADS_TEMPLATE,
	LOADS_OBJECT,
	LOADS_MACROS, /* of the document itself, from here on */
	LOADS_MACRO_SHEET
};

static const struct {
	struct str type;
	enum loads loads;
} relations[] = {
	{ STR_INIT("/attachedTemplate"), LOADS_TEMPLATE },
	{ STR_INIT("/oleObject"), LOADS_OBJECT },
	{ STR_INIT("/frame"), LOADS_OBJECT },
	{ STR_INIT("/subDocument"), LOADS_OBJECT },
	{ STR_INIT("/aFChunk"), LOADS_OBJECT },
	{ STR_INIT("/control"), LOADS_OBJECT },
	{ STR_INIT("/vbaProject"), LOADS_MACROS },
	{ STR_INIT("/xlMacrosheet"), LOADS_MACRO_SHEET },
	{ STR_INIT("/xlIntlMacrosheet"), LOADS_MACRO_SHEET },
};

static enum loads loads_what(struct str type)
{
	for (size_t i = 0; i < ARRAY_LEN(relations); i++)
		if (str_ends_nocase(type, relations[i].type))
			return relations[i].loads;
	return LOADS_ON_CLICK;
}

static void read_relation(struct look *l, struct str type, struct str target, bool outer)
{
	enum loads loads = loads_what(type);

	/* Parts may have any name: by it alone macros would be passed over. */
	if (loads >= LOADS_MACROS)
		look_found(l, loads == LOADS_MACROS ? TRAIT_MACROS : TRAIT_MACRO_SHEET, target);
	if (!outer || (!field_target_is_remote(target) && !str_starts_nocase(target, STR("mailto:"))))
		return; /* a part, or the path of a file on the writer's own disk */
	look_add_link(l, target);
	if (loads == LOADS_TEMPLATE)
		look_found(l, TRAIT_TEMPLATE, target);
	if (loads == LOADS_OBJECT)
		look_found(l, TRAIT_REMOTE, target);
}

void ooxml_read_relations(struct look *l, struct str xml)
{
	struct html h = html_of(xml);
	struct html_token t;

	while (xml_next(&h, &t))
		if (t.kind == HTML_START && xml_is(&t, STR("Relationship")))
			read_relation(l, xml_attr(l->a, &t, STR("Type")),
				      str_trim(xml_attr(l->a, &t, STR("Target"))),
				      str_eq_nocase(xml_attr(l->a, &t, STR("TargetMode")), STR("External")));
}

/* Fields (§17.16): an instruction in one attribute, or in pieces between two marks. */
void ooxml_read_fields(struct look *l, struct str xml)
{
	struct html h = html_of(xml);
	struct html_token t;
	bool in_text = false;
	struct buf b;

	/* Most documents have none, and to take them apart is what costs. */
	if (str_find(xml, STR("instrText"), 0) == SIZE_MAX && str_find(xml, STR("fldSimple"), 0) == SIZE_MAX)
		return;
	buf_init(&b, FIELD_MAX);
	while (xml_next(&h, &t)) {
		if (t.kind == HTML_TEXT && in_text)
			buf_add(&b, t.text);
		if (t.kind != HTML_START && t.kind != HTML_END)
			continue;
		in_text = t.kind == HTML_START && xml_is(&t, STR("instrText"));
		if (t.kind == HTML_START && xml_is(&t, STR("fldSimple")))
			field_read(l, xml_attr(l->a, &t, STR("instr")));
		if (xml_is(&t, STR("fldChar")) || xml_is(&t, STR("body"))) {
			field_read(l, html_decode(l->a, arena_str(l->a, buf_str(&b))));
			buf_clear(&b);
		}
	}
	buf_free(&b);
}

/* <ddeLink ddeService="cmd" ddeTopic="…"> of a workbook (§18.14.4). */
static void read_dde(struct look *l, struct str xml)
{
	struct html h = html_of(xml);
	struct html_token t;

	while (xml_next(&h, &t))
		if (t.kind == HTML_START && xml_is(&t, STR("ddeLink")))
			look_found(l, TRAIT_DDE,
				   ARENA_JOIN(l->a, xml_attr(l->a, &t, STR("ddeService")), STR(" "),
					      xml_attr(l->a, &t, STR("ddeTopic"))));
}

/* Names of a workbook (§18.2.5): one of them makes macro sheets run. */
static void read_workbook(struct look *l, struct str xml)
{
	struct html h = html_of(xml);
	struct html_token t;

	while (xml_next(&h, &t)) {
		struct str name = t.kind == HTML_START && xml_is(&t, STR("definedName"))
				      ? xml_attr(l->a, &t, STR("name"))
				      : STR_NONE;
		if (str_starts_nocase(name, STR("_xlnm.Auto_Open")) ||
		    str_starts_nocase(name, STR("Auto_Open")))
			look_found(l, TRAIT_MACRO_AUTO, name);
	}
}

/* The first text of a call, such as HYPERLINK("https://…","Click"), at or behind *at; "" = no more. */
static struct str first_text(struct str formula, struct str call, size_t *at)
{
	size_t from = str_find_nocase(formula, call, *at), end;

	if (from == SIZE_MAX)
		return STR_NONE;
	*at = from + call.n;
	while (*at < formula.n && ascii_is_space(formula.p[*at]))
		++*at;
	if (*at == formula.n || formula.p[*at] != '"')
		return STR_NONE; /* a cell, or another call */
	end = str_find_char(formula, '"', ++*at);
	return end == SIZE_MAX ? STR_NONE : str_sub(formula, *at, end);
}

/* Functions of cells (§18.17.7) that lead somewhere, on a click or by themselves. */
static const struct {
	struct str call;
	bool by_itself;
} calls[] = {
	{ STR_INIT("HYPERLINK("), false },
	{ STR_INIT("WEBSERVICE("), true },
	{ STR_INIT("IMAGE("), true },
};

static void read_formula(struct look *l, struct str formula)
{
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		size_t at = 0;
		while (at < formula.n) {
			size_t before = at;
			struct str target = first_text(formula, calls[i].call, &at);
			if (at == before)
				break;
			if (!field_target_is_remote(target) && !str_starts_nocase(target, STR("mailto:")))
				continue;
			look_add_link(l, target);
			if (calls[i].by_itself)
				look_found(l, TRAIT_REMOTE, target);
		}
	}
}

/* Formulas of a sheet (§18.3.1.40). */
static void read_sheet(struct look *l, struct str xml)
{
	struct html h = html_of(xml);
	struct html_token t;
	bool in_formula = false, any = false;

	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		any |= str_find_nocase(xml, calls[i].call, 0) != SIZE_MAX;
	while (any && xml_next(&h, &t)) {
		if (t.kind == HTML_TEXT && in_formula)
			read_formula(l, html_decode(l->a, t.text));
		if (t.kind == HTML_START || t.kind == HTML_END)
			in_formula = t.kind == HTML_START && xml_is(&t, STR("f"));
	}
}

/* Tables that are fetched from a page (§18.13.10). */
static void read_connections(struct look *l, struct str xml)
{
	struct html h = html_of(xml);
	struct html_token t;
	bool at_once = false;

	while (xml_next(&h, &t)) {
		if (t.kind != HTML_START)
			continue;
		if (xml_is(&t, STR("connection")))
			at_once = str_eq(xml_attr(l->a, &t, STR("refreshOnLoad")), STR("1")) ||
				  str_eq_nocase(xml_attr(l->a, &t, STR("refreshOnLoad")), STR("true"));
		struct str url = xml_is(&t, STR("webPr")) ? xml_attr(l->a, &t, STR("url")) : STR_NONE;
		if (!field_target_is_remote(url))
			continue;
		look_add_link(l, url);
		if (at_once)
			look_found(l, TRAIT_REMOTE, url);
	}
}

static void read_macro_sheet(struct look *l, struct str xml)
{
	(void)xml;
	look_found(l, TRAIT_MACRO_SHEET, STR("macro sheet"));
}

/* A compound file among the parts that is no embedded object: macros, whatever the part is called. */
static void read_binary(struct look *l, struct str bytes)
{
	enum magic_type type = l->out->type;
	struct str document = l->bytes;

	if (magic_of(bytes) != MAGIC_OLE)
		return;
	l->bytes = bytes;
	look_into_ole(l);
	l->bytes = document;
	l->out->type = type;
}

static void read_vba(struct look *l, struct str bytes)
{
	look_found(l, TRAIT_MACROS, STR("vbaProject.bin"));
	read_binary(l, bytes);
}

/* ---- parts ---- */

static const struct {
	struct str begin, end; /* of its name; "" = any */
	void (*read)(struct look *l, struct str bytes);
	bool is_xml;
} parts[] = {
	{ STR_INIT(""), STR_INIT(".rels"), ooxml_read_relations, true },
	{ STR_INIT(""), STR_INIT("vbaProject.bin"), read_vba, false },
	{ STR_INIT("xl/macrosheets/"), STR_INIT(".xml"), read_macro_sheet, true },
	{ STR_INIT("xl/macrosheets/"), STR_INIT(".bin"), read_macro_sheet, false },
	{ STR_INIT("xl/externalLinks/"), STR_INIT(".xml"), read_dde, true },
	{ STR_INIT("xl/worksheets/"), STR_INIT(".xml"), read_sheet, true },
	{ STR_INIT("xl/connections"), STR_INIT(".xml"), read_connections, true },
	{ STR_INIT("xl/workbook"), STR_INIT(".xml"), read_workbook, true },
	{ STR_INIT("word/"), STR_INIT(".xml"), ooxml_read_fields, true },
	{ STR_INIT(""), STR_INIT(".bin"), read_binary, false },
};

static void read_part(struct look *l, const struct zip_entry *e, size_t kind)
{
	struct file_member m = { .name = look_name(l, e->name), .size = e->size, .encrypted = e->encrypted };
	enum inflate_end end = INFLATE_WHOLE;
	enum file_trait why;

	if (parts[kind].read == read_sheet && e->size > SHEET_MAX)
		return; /* cells upon cells */
	m.data = zip_take_data(l, e, &end, &why);
	look_ended(l, &m, end, why);
	if (parts[kind].is_xml && m.data.n > XML_MAX) {
		m.data.n = XML_MAX;
		look_found(l, TRAIT_CUT, m.name);
	}
	parts[kind].read(l, parts[kind].is_xml ? xml_text(l->a, m.data) : m.data);
}

/* A file that a click opens. */
static bool is_embedded(struct str name)
{
	return str_find_nocase(name, STR("embeddings/"), 0) != SIZE_MAX;
}

/* Endings of parts that hold nothing but the document itself. */
static bool is_plain_part(struct str name)
{
	static const struct str endings[] = {
		STR_INIT(".xml"),     STR_INIT(".rels"), STR_INIT(".bin"),
		STR_INIT(".vml"),     STR_INIT(".emf"),  STR_INIT(".odttf"),
		STR_INIT(".fntdata"), STR_INIT(".wdp"),  STR_INIT(".psmdcp"),
	};

	if (is_embedded(name))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(endings); i++)
		if (str_ends_nocase(name, endings[i]))
			return true;
	return name_kind(name) == NAME_PICTURE;
}

/* A picture of the document. */
static void read_picture(struct look *l, const struct zip_entry *e)
{
	enum inflate_end end;
	enum file_trait why;

	if (l->budget->codes.left > 0 && e->size < PICTURE_MAX)
		look_for_codes(l, zip_take_data(l, e, &end, &why));
}

static const struct {
	struct str main_part;
	enum magic_type type;
} kinds[] = {
	{ STR_INIT("word/"), MAGIC_DOCX },
	{ STR_INIT("xl/"), MAGIC_XLSX },
	{ STR_INIT("ppt/"), MAGIC_PPTX },
};

void ooxml_read(struct look *l, const struct zip *z)
{
	for (size_t i = 0; i < z->entries.n; i++) {
		const struct zip_entry *e = &z->entries.v[i];
		bool read = false;
		for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
			if (str_starts_nocase(e->name, kinds[k].main_part))
				l->out->type = kinds[k].type;
		bool plain = is_plain_part(e->name);
		for (size_t k = 0; k < ARRAY_LEN(parts) && !read; k++) {
			read = str_starts_nocase(e->name, parts[k].begin) &&
			       str_ends_nocase(e->name, parts[k].end) &&
			       !(parts[k].read == read_binary && is_embedded(e->name));
			if (read)
				read_part(l, e, k);
		}
		if (!read && !plain)
			zip_give_member(l, e);
		if (!read && plain && name_kind(e->name) == NAME_PICTURE)
			read_picture(l, e);
	}
}

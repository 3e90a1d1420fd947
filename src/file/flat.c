/*
 * An office document in one XML file: the parts of a package one after another (ECMA-376 part 2, "flat OPC"), or the form of
 * Word 2003. Word and PowerPoint open both, whatever their name says.
 */
#include "file/internal.h"
#include "file/ooxml.h"
#include "file/xml.h"

void look_into_flat(struct look *l)
{
	struct str xml = xml_text(l->a, l->bytes), name = STR_NONE;
	struct html h = html_of(xml);
	struct html_token t;
	bool in_binary = false;

	if (str_find(xml, STR("mso-application"), 0) == SIZE_MAX &&
	    str_find(xml, STR("/2006/xmlPackage"), 0) == SIZE_MAX &&
	    str_find(xml, STR("/word/2003/wordml"), 0) == SIZE_MAX)
		return;
	ooxml_read_relations(l, xml);
	ooxml_read_fields(l, xml);
	while (xml_next(&h, &t)) {
		/* What is no XML: macros are a compound file, or one packed as ActiveMime. */
		if (t.kind == HTML_TEXT && in_binary && str_trim(t.text).n)
			look_add_base64(l, look_name(l, name), t.text);
		if (t.kind != HTML_START && t.kind != HTML_END)
			continue;
		in_binary =
		    t.kind == HTML_START && (xml_is(&t, STR("binaryData")) || xml_is(&t, STR("binData")));
		if (t.kind == HTML_START && (in_binary || xml_is(&t, STR("part")))) {
			struct str given = xml_attr(l->a, &t, STR("name"));
			name = given.n ? given : name;
		}
	}
}

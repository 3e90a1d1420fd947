/* Which format keeps its text where. */
#include "file/document_text.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "file/internal.h"
#include "file/pdf_text.h"
#include "file/rtf_text.h"
#include "file/xml.h"
#include "file/zip_contents.h"
#include "html/entity.h"

#define PARTS_MAX 1000 /* of a package: those of honest documents are a few dozen */
#define RTF_RATIO 64   /* bytes of RTF for one that is read: text formatted letter by letter */
#define XML_RATIO 64   /* and of XML */

/* Elements of the text of packages: those that hold letters, and what others stand for. */
struct text_form {
	enum magic_type type;
	struct str part;
	struct str letters; /* "" = whatever is not in an element of its own kind below */
	struct str skipped; /* nothing in it is text */
};

static const struct text_form forms[] = {
	{ MAGIC_DOCX, STR_INIT("word/document.xml"), STR_INIT("t"), STR_INIT("") },
	{ MAGIC_ODT, STR_INIT("content.xml"), STR_INIT(""), STR_INIT("annotation") },
};

static const struct {
	struct str element;
	char stands_for;
	bool at_end;
} breaks[] = {
	{ STR_INIT("p"), '\n', true },           { STR_INIT("h"), '\n', true },
	{ STR_INIT("br"), '\n', false },         { STR_INIT("cr"), '\n', false },
	{ STR_INIT("line-break"), '\n', false }, { STR_INIT("tab"), '\t', false },
	{ STR_INIT("s"), ' ', false },           { STR_INIT("tc"), '\t', true },
};

static void add_break(struct buf *b, const struct html_token *t)
{
	for (size_t i = 0; i < ARRAY_LEN(breaks); i++)
		if (xml_is(t, breaks[i].element) && breaks[i].at_end == (t->kind == HTML_END)) {
			buf_add_char(b, breaks[i].stands_for);
			return;
		}
}

/* Letters of one part, from its body on: what stands before is about the document. */
static struct str part_text(struct look *l, struct str xml, const struct text_form *form, size_t max)
{
	struct html h = html_of(utf8_cut(xml, max * XML_RATIO));
	bool in_body = false, in_letters = false;
	size_t skipping = 0;
	struct html_token t;
	struct buf b;

	buf_init(&b, max);
	while (buf_ok(&b) && xml_next(&h, &t)) {
		bool starts = t.kind == HTML_START, ends = t.kind == HTML_END;
		if (t.kind == HTML_TEXT && in_body && !skipping && (in_letters || form->letters.n == 0))
			buf_add(&b, html_decode(l->a, t.text));
		if (!starts && !ends)
			continue;
		in_body |= starts && xml_is(&t, STR("body"));
		if (form->letters.n)
			in_letters = starts && xml_is(&t, form->letters);
		if (form->skipped.n && xml_is(&t, form->skipped))
			skipping = starts ? skipping + 1 : skipping - (skipping > 0);
		if (in_body && !skipping)
			add_break(&b, &t);
	}
	struct str out = arena_str(l->a, buf_str(&b));
	buf_free(&b);
	return out;
}

static struct str package_text(struct look *l, size_t max)
{
	struct zip z = zip_survey(l->a, l->bytes, PARTS_MAX);

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		const struct zip_entry *e = zip_find(&z, forms[i].part);
		enum inflate_end end;
		enum file_trait why;
		if (e && forms[i].type == l->out->type)
			return part_text(l, xml_text(l->a, zip_take_data(l, e, &end, &why)), &forms[i], max);
	}
	return STR_NONE;
}

static struct str rich_text(struct look *l, size_t max)
{
	bool html;

	return rtf_text(l->a, str_sub(l->bytes, 0, max * RTF_RATIO), max, &html);
}

static const struct {
	enum magic_type type;
	struct str (*read)(struct look *l, size_t max);
} readers[] = {
	{ MAGIC_PDF, pdf_shown_text },
	{ MAGIC_DOCX, package_text },
	{ MAGIC_ODT, package_text },
	{ MAGIC_RTF, rich_text },
};

bool document_is_read(enum magic_type type)
{
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		if (readers[i].type == type)
			return true;
	return false;
}

struct str document_text(struct arena *a, struct str bytes, enum magic_type type, struct file_budget *budget,
			 size_t max)
{
	struct file_contents nobody_asks = { .type = type };
	struct look l = { a, bytes, budget, budget->bytes, 0, &nobody_asks };
	struct str text = STR_NONE;

	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		if (readers[i].type == type)
			text = utf8_cut(readers[i].read(&l, max), max);
	return arena_without(a, text, '\0');
}

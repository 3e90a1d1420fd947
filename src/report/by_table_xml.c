/*
 * Expat walks the document; a frame stands for each open element. Reports have no document type: one that comes with it
 * wants entities, and is refused before any is expanded.
 */
#include "report/by_table.h"

#include <expat.h>

#include "base/buf.h"
#include "base/charset.h"
#include "base/limits.h"

#define DEPTH_MAX 32 /* RFC 7489's schema has seven levels */
#define TEXT_MAX_BYTES 65536
#define AROUND_MAX 1 /* some reporters put it inside the schema's root element */

struct frame {
	const struct fieldtab *t; /* of obj; NULL: nobody asks what is inside */
	void *obj;
	const struct fieldtab *owner; /* of field */
	const struct field *field;    /* whose value the text is; NULL = none */
	void *owner_obj;
};

struct walk {
	struct arena *a;
	XML_Parser parser;
	struct str root;
	const struct fieldtab *t;
	void *obj;
	bool found;    /* the element `root` has begun */
	size_t around; /* elements before it */
	struct frame stack[DEPTH_MAX];
	size_t depth, deeper; /* frames open, and elements below them */
	struct buf text;
};

/* Behind the prefix of a namespace. */
static struct str local_name(const char *name)
{
	struct str s = str_of(name);
	size_t colon = str_rfind_char(s, ':');

	return colon == SIZE_MAX ? s : str_sub(s, colon + 1, s.n);
}

static struct frame open_frame(struct walk *w, const struct frame *outer, struct str name)
{
	struct frame f = { 0 };
	const struct field *field = outer->t ? by_table_find(outer->t, name) : NULL;

	if (!field)
		return f;
	if (field->kind == FIELD_OBJ || field->kind == FIELD_OBJS) {
		f.obj = by_table_open(w->a, outer->t, field, outer->obj);
		f.t = f.obj ? field->ref : NULL;
	} else {
		f.owner = outer->t;
		f.owner_obj = outer->obj;
		f.field = field;
		buf_clear(&w->text);
	}
	return f;
}

static void XMLCALL on_start(void *ctx, const char *name, const char **attributes)
{
	struct walk *w = ctx;

	(void)attributes;
	if (!w->found) {
		w->found = str_eq_nocase(local_name(name), w->root);
		if (w->found)
			w->stack[w->depth++] = (struct frame){ .t = w->t, .obj = w->obj };
		else if (++w->around > AROUND_MAX)
			XML_StopParser(w->parser, XML_FALSE);
	} else if (w->depth == 0) {
		w->deeper++; /* something behind it */
	} else if (w->depth == DEPTH_MAX || w->deeper) {
		w->deeper++;
	} else {
		struct frame f = open_frame(w, &w->stack[w->depth - 1], local_name(name));
		w->stack[w->depth++] = f;
	}
}

static void XMLCALL on_end(void *ctx, const char *name)
{
	struct walk *w = ctx;

	(void)name;
	if (w->deeper || w->depth == 0) {
		w->deeper -= w->deeper > 0;
		return;
	}
	const struct frame *f = &w->stack[--w->depth];
	if (f->field)
		by_table_set(w->a, f->owner, f->field, f->owner_obj, arena_str(w->a, buf_str(&w->text)));
}

static void XMLCALL on_text(void *ctx, const char *text, int n)
{
	struct walk *w = ctx;

	if (!w->deeper && w->depth && w->stack[w->depth - 1].field)
		buf_add(&w->text, str_from(text, (size_t)n));
}

static void XMLCALL on_doctype(void *ctx, const char *name, const char *system, const char *public,
			       int internal)
{
	struct walk *w = ctx;

	(void)name, (void)system, (void)public, (void)internal;
	XML_StopParser(w->parser, XML_FALSE);
}

/* In UTF-8, whatever the declaration says; its "encoding" is the only thing looked at before expat. */
static struct str to_utf8(struct arena *a, struct str text)
{
	struct str head = str_sub(text, 0, 200), encoding = STR("utf-8");
	size_t at = str_find_nocase(head, STR("encoding="), 0), close;

	head = str_sub(head, 0, str_find(head, STR("?>"), 0));
	if (str_starts(text, STR("\xff\xfe")) || str_starts(text, STR("\xfe\xff")))
		encoding = STR("utf-16");
	else if (at < head.n && at + 10 < head.n) {
		close = str_find_char(head, head.p[at + 9], at + 10);
		encoding = str_sub(head, at + 10, close);
	}
	struct str out = charset_to_utf8(a, encoding, text, NULL);
	return str_starts(out, STR("\xef\xbb\xbf")) ? str_sub(out, 3, out.n) : out;
}

enum err by_table_xml(struct arena *a, const struct fieldtab *t, struct str root, struct str text, void *obj)
{
	struct walk *w = ARENA_NEW(a, struct walk);
	enum XML_Status status;

	w->a = a;
	w->root = root;
	w->t = t;
	w->obj = obj;
	buf_init(&w->text, TEXT_MAX_BYTES);
	w->parser = XML_ParserCreate("UTF-8");
	ASSERT(w->parser);
	XML_SetHashSalt(w->parser, 1); /* else it asks the system for randomness, which a worker may not */
	XML_SetUserData(w->parser, w);
	XML_SetElementHandler(w->parser, on_start, on_end);
	XML_SetCharacterDataHandler(w->parser, on_text);
	XML_SetStartDoctypeDeclHandler(w->parser, on_doctype);
	text = str_trim(to_utf8(a, text));
	status = text.n > INT32_MAX ? XML_STATUS_ERROR : XML_Parse(w->parser, text.p, (int)text.n, XML_TRUE);
	XML_ParserFree(w->parser);
	buf_free(&w->text);
	if (!w->found)
		return ERR_ABSENT;
	return status == XML_STATUS_OK ? OK : ERR_SYNTAX;
}

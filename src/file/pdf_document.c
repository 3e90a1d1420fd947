/* Looking things up. Whatever is read again and again is taken from the work that is left, so that it ends. */
#include "file/pdf_document.h"

#include "file/pdf_lock.h"
#include "file/pdf_stream.h"

#define WORK (1u << 20) /* bytes, beyond those of the file; pages and fonts of honest ones need a tenth */
#define HOPS_MAX 8      /* references to references */

/* From what the mail may cost, too: it may have many documents. */
void pdf_document_worked(struct pdf_document *d, size_t bytes)
{
	size_t n = bytes < d->work_left ? bytes : d->work_left;

	d->work_left -= n;
	look_took(d->l, n);
}

/* ---- dictionaries ---- */

struct pdf_entries pdf_entries_of(struct pdf_document *d, struct str dict)
{
	return (struct pdf_entries){ .tokens = { d->l->a, dict, 0 } };
}

/* The end of the value that begins at the place of the tokens: before the next key, or what closes the dictionary. */
static size_t value_end(struct pdf_tokens *tokens)
{
	size_t depth = 0, first = tokens->at, at = first;
	struct pdf_token t;

	for (; pdf_next(tokens, &t); at = tokens->at) {
		bool opens = t.kind == PDF_DICT || t.kind == PDF_ARRAY;
		bool closes = t.kind == PDF_DICT_END || t.kind == PDF_ARRAY_END;
		if (depth == 0 && (closes || (at > first && t.kind == PDF_NAME)))
			break;
		depth += opens;
		depth -= closes;
	}
	return at;
}

bool pdf_entry_next(struct pdf_document *d, struct pdf_entries *e, struct pdf_entry *out)
{
	size_t before = e->tokens.at, from;
	struct pdf_token t;

	if (d->work_left == 0 || e->over)
		return false;
	e->over = !pdf_next(&e->tokens, &t) || (!e->begun && t.kind != PDF_DICT);
	if (!e->begun && !e->over)
		e->over = !pdf_next(&e->tokens, &t);
	e->begun = true;
	e->over |= t.kind != PDF_NAME;
	if (!e->over) {
		from = e->tokens.at;
		e->tokens.at = value_end(&e->tokens);
		out->key = t.text;
		out->value = str_sub(e->tokens.s, from, e->tokens.at);
	}
	pdf_document_worked(d, e->tokens.at - before + 1);
	return !e->over;
}

struct str pdf_dict_get(struct pdf_document *d, struct str dict, struct str key)
{
	struct pdf_entries e = pdf_entries_of(d, dict);
	struct pdf_entry entry;

	while (pdf_entry_next(d, &e, &entry))
		if (str_eq(entry.key, key))
			return entry.value;
	return STR_NONE;
}

const struct pdf_object *pdf_object_of(struct pdf_document *d, struct str value)
{
	struct pdf_tokens tokens = { d->l->a, value, 0 };
	struct pdf_token number, generation, r;

	if (!pdf_next(&tokens, &number) || number.kind != PDF_NUMBER || !pdf_next(&tokens, &generation) ||
	    generation.kind != PDF_NUMBER || !pdf_next(&tokens, &r) || !str_eq(r.text, STR("R")))
		return NULL;
	pdf_document_worked(d, tokens.at);
	return pdf_objects_get(&d->objects, number.number);
}

struct str pdf_follow(struct pdf_document *d, struct str value)
{
	const struct pdf_object *o;

	for (int i = 0; i < HOPS_MAX && (o = pdf_object_of(d, value)) != NULL; i++)
		value = o->body;
	return value;
}

struct str pdf_value(struct pdf_document *d, struct str dict, struct str key)
{
	return pdf_follow(d, pdf_dict_get(d, dict, key));
}

static bool first_of(struct pdf_document *d, struct str value, enum pdf_kind kind, struct pdf_token *t)
{
	struct pdf_tokens tokens = { d->l->a, value, 0 };

	return pdf_next(&tokens, t) && t->kind == kind;
}

struct str pdf_name_of(struct pdf_document *d, struct str value)
{
	struct pdf_token t;

	return first_of(d, value, PDF_NAME, &t) ? t.text : STR_NONE;
}

double pdf_number_of(struct pdf_document *d, struct str value, double otherwise)
{
	struct pdf_token t;

	return first_of(d, value, PDF_NUMBER, &t) ? pdf_number(&t) : otherwise;
}

uint64_t pdf_count_of(struct pdf_document *d, struct str value)
{
	struct pdf_token t;

	return first_of(d, value, PDF_NUMBER, &t) ? t.number : 0;
}

/* ---- streams ---- */

/* /Filter: a name, or several in an array. */
static void read_filters(struct pdf_document *d, struct str value, struct pdf_stream *s)
{
	struct pdf_tokens tokens = { d->l->a, value, 0 };
	struct pdf_token t;

	while (s->filters_n < PDF_FILTERS_MAX && pdf_next(&tokens, &t) &&
	       (t.kind == PDF_NAME || t.kind == PDF_ARRAY))
		if (t.kind == PDF_NAME)
			s->filters[s->filters_n++] = t.text;
}

/* /DecodeParms: a dictionary, or an array of one for each filter; those of only one matter. */
static void read_parameters(struct pdf_document *d, struct str value, struct pdf_stream *s)
{
	struct pdf_tokens tokens = { d->l->a, value, 0 };
	struct pdf_token t, key = { .kind = PDF_WORD };

	while (pdf_next(&tokens, &t) && !str_eq(t.text, STR("endobj"))) {
		if (t.kind == PDF_NUMBER)
			pdf_stream_parameter(s, key.text, t.number);
		key = t;
	}
	pdf_document_worked(d, tokens.at);
}

struct str pdf_document_stream(struct pdf_document *d, const struct pdf_object *o)
{
	struct pdf_entries e = pdf_entries_of(d, o->body);
	struct pdf_stream s = { .filters_n = 0 };
	struct pdf_entry entry;
	struct pdf_token word;
	uint64_t length = 0;

	if (o->packed)
		return STR_NONE;
	while (pdf_entry_next(d, &e, &entry)) {
		struct str value = pdf_follow(d, entry.value);
		if (str_eq(entry.key, STR("Filter")) || str_eq(entry.key, STR("F")))
			read_filters(d, value, &s);
		else if (str_eq(entry.key, STR("DecodeParms")) || str_eq(entry.key, STR("DP")))
			read_parameters(d, value, &s);
		else if (str_eq(entry.key, STR("Length")))
			length = pdf_count_of(d, value);
	}
	if (!pdf_next(&e.tokens, &word) || !str_eq(word.text, STR("stream")))
		return STR_NONE;
	s.packed = str_sub(pdf_stream_bytes(d->l->bytes, o->body, e.tokens.at, length), 0, PDF_SHOWN_MAX);
	pdf_document_worked(d, s.packed.n);
	if (d->work_left == 0)
		return STR_NONE;
	s.packed = pdf_crypt_undo(d->l->a, &d->crypt, d->crypt.streams, o->number, o->generation, s.packed);
	return pdf_stream_data(d->l, &s);
}

/* ---- opening ---- */

/* §7.5.7: numbers and offsets of its objects, then these. */
static void unpack_objects(struct pdf_document *d, const struct pdf_object *o)
{
	struct str data = pdf_document_stream(d, o);
	size_t first = (size_t)pdf_count_of(d, pdf_value(d, o->body, STR("First")));
	struct pdf_tokens tokens = { d->l->a, str_sub(data, 0, first), 0 };
	struct pdf_token number, offset;

	while (pdf_next(&tokens, &number) && pdf_next(&tokens, &offset)) {
		struct pdf_object inner = { .number = number.number, .packed = true };
		inner.body = str_sub(data, first + (size_t)offset.number, data.n);
		if (inner.body.n)
			pdf_objects_add(d->l, &d->objects, inner);
	}
	pdf_document_worked(d, tokens.at);
}

static void remember(struct pdf_document *d, struct pdf_numbers *list, uint64_t number)
{
	if (list->n < PDF_PAGES_MAX)
		ARENA_PUSH(d->l->a, list, number);
}

bool pdf_document_open(struct pdf_document *d, struct look *l)
{
	size_t most = l->bytes.n + WORK;

	*d = (struct pdf_document){ .l = l, .work_left = most < l->budget->bytes ? most : l->budget->bytes };
	pdf_objects_find(l, &d->objects);
	d->crypt = pdf_lock_read(l, &d->objects);
	if (d->crypt.locked)
		return false;
	for (size_t i = 0; i < d->objects.n; i++) { /* object streams add more */
		const struct pdf_object o = d->objects.v[i];
		struct str type = pdf_name_of(d, pdf_dict_get(d, o.body, STR("Type")));
		if (str_eq(type, STR("ObjStm")))
			unpack_objects(d, &o);
		else if (str_eq(type, STR("Catalog")))
			remember(d, &d->catalogs, o.number);
		else if (str_eq(type, STR("Page")))
			remember(d, &d->pages, o.number);
	}
	pdf_objects_sort(&d->objects);
	return true;
}

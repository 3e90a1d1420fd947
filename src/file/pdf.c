/*
 * What a PDF does and carries (ISO 32000-1), by the tokens of all its objects, also those packed into object streams
 * (§7.5.7).
 */
#include <stdlib.h>

#include "base/limits.h"
#include "file/field.h"
#include "file/pdf_lock.h"
#include "file/pdf_stream.h"
#include "file/pdf_token.h"
#include "image/image.h"

/* Streams may say lengths that lead over each other. Those of honest files lie apart, but for a PDF inside a PDF. */
#define STREAMS_MOST 4 /* times the bytes of the file */

/* A file inside: the number of its stream, and the name that a file specification (§7.11.3) gives it. */
struct embedded {
	uint64_t number;
	struct str name;
};

struct pdf {
	struct look *l;
	struct pdf_objects objects;
	struct pdf_crypt crypt;
	struct {
		struct embedded *v;
		size_t n;
	} files;
	struct {
		uint64_t *v;
		size_t n;
	} uris;              /* numbers of strings that are targets */
	size_t streams_left; /* bytes of streams that may still be read */
};

/* What an object says, as far as it matters. */
struct facts {
	const struct pdf_object *object;
	struct pdf_stream stream;
	struct str type, subtype;
	struct pdf_token name, file; /* strings of the file specification or action being read */
	uint64_t length, first, count;
	uint64_t width, height, depth; /* of a picture; depth: bits of a component */
	bool launches;
	bool filter_elsewhere; /* which filter it is stands in another object */
};

/* Where the reading of an object is. */
struct place {
	struct str key;  /* the last one */
	bool value_next; /* it was the last token */
	uint64_t arrays; /* a bit for each open container, the innermost lowest: names in arrays are values */
	size_t depth;    /* open dictionaries */
	size_t files_depth; /* of the one behind /EF; 0 = none */
	size_t first_file;  /* of those that the file specification being read refers to */
	struct pdf_token last[2];
};

/* Names that say what a document does, as a key or a value anywhere (§12.6.4). */
static const struct {
	struct str name;
	enum file_trait trait;
} telling[] = {
	{ STR_INIT("JavaScript"), TRAIT_SCRIPT },      { STR_INIT("JS"), TRAIT_SCRIPT },
	{ STR_INIT("OpenAction"), TRAIT_OPEN_ACTION }, { STR_INIT("AA"), TRAIT_OPEN_ACTION },
	{ STR_INIT("SubmitForm"), TRAIT_FORM },        { STR_INIT("XFA"), TRAIT_XFA },
	{ STR_INIT("EmbeddedFile"), TRAIT_ATTACHED },  { STR_INIT("EmbeddedFiles"), TRAIT_ATTACHED },
};

static bool is_string(const struct pdf_token *t)
{
	return t->kind == PDF_STRING || t->kind == PDF_HEX;
}

/* ---- one object ---- */

/* A string in an object as text; those in object streams were decrypted with these. Made of any bytes it may be thrice as
 * long, which the budget bears. */
static struct str text_of(struct pdf *p, const struct pdf_object *o, const struct pdf_token *t)
{
	if (t->text.n > p->l->room / 3)
		return STR_NONE;
	look_took(p->l, t->text.n * 3);
	struct str bytes = pdf_string(p->l->a, t);
	if (!o->packed)
		bytes = pdf_crypt_undo(p->l->a, &p->crypt, p->crypt.strings, o->number, o->generation, bytes);
	return pdf_text(p->l->a, bytes);
}

static void add_link(struct pdf *p, const struct pdf_object *o, const struct pdf_token *t)
{
	if (p->l->out->links.n < LIMIT_LINKS)
		look_add_link(p->l, text_of(p, o, t));
}

static struct str data_of(struct pdf *p, const struct facts *f)
{
	const struct pdf_object *o = f->object;
	struct pdf_stream s = f->stream;

	if (s.packed.n > p->streams_left) {
		look_found(p->l, TRAIT_CUT, STR("streams"));
		return STR_NONE;
	}
	p->streams_left -= s.packed.n;
	s.packed = pdf_crypt_undo(p->l->a, &p->crypt, p->crypt.streams, o->number, o->generation, s.packed);
	return pdf_stream_data(p->l, &s);
}

/* Strings lead somewhere or name a file, wherever they stand. */
static void take_string(struct pdf *p, struct facts *f, struct str key, const struct pdf_token *v)
{
	if (str_eq(key, STR("URI")))
		add_link(p, f->object, v);
	else if (str_eq(key, STR("UF")))
		f->name = *v;
	else if (str_eq(key, STR("F"))) {
		f->file = *v;
		struct str target = text_of(p, f->object, v);
		if (field_target_is_remote(target))
			look_add_link(p->l, target);
	}
}

/* Those of the stream stand in its own dictionary, at depth 1; those of its filters anywhere. */
static void take_number(struct facts *f, const struct place *at, uint64_t number)
{
	const struct {
		struct str key;
		uint64_t *to;
	} numbers[] = {
		{ STR_INIT("Length"), &f->length }, { STR_INIT("First"), &f->first },
		{ STR_INIT("N"), &f->count },       { STR_INIT("Width"), &f->width },
		{ STR_INIT("Height"), &f->height }, { STR_INIT("BitsPerComponent"), &f->depth },
	};

	/* The predictor's depth is written by the same name as the picture's. */
	pdf_stream_parameter(&f->stream, at->key, number);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (at->depth == 1 && str_eq(at->key, numbers[i].key))
			*numbers[i].to = number;
}

/* The value behind a key. Of arrays and dictionaries the tokens come one by one, with the key that was last. */
static void take_value(struct pdf *p, struct facts *f, const struct place *at, const struct pdf_token *v)
{
	bool own = v->kind == PDF_NAME && at->depth == 1;

	if (own && str_eq(at->key, STR("Type")))
		f->type = v->text;
	else if (own && str_eq(at->key, STR("Subtype")))
		f->subtype = v->text;
	else if (own && str_eq(at->key, STR("Filter")) && f->stream.filters_n < PDF_FILTERS_MAX)
		f->stream.filters[f->stream.filters_n++] = v->text;
	else if (v->kind == PDF_NUMBER)
		take_number(f, at, v->number);
	else if (is_string(v))
		take_string(p, f, at->key, v);
}

static void take_name(struct pdf *p, struct facts *f, struct str name)
{
	f->launches |= str_eq(name, STR("Launch"));
	for (size_t i = 0; i < ARRAY_LEN(telling); i++)
		if (str_eq(name, telling[i].name))
			look_found(p->l, telling[i].trait, name);
}

/* "12 0 R": what it refers to under this key. */
static void take_reference(struct pdf *p, struct str key, bool in_files, uint64_t number)
{
	struct embedded e = { .number = number };

	if (str_eq(key, STR("URI")) && p->uris.n < LIMIT_LINKS)
		ARENA_PUSH(p->l->a, &p->uris, number);
	if (in_files && p->files.n < LIMIT_MEMBERS)
		ARENA_PUSH(p->l->a, &p->files, e);
}

/* A file specification is over: its name is that of the files it refers to. */
static void end_specification(struct pdf *p, struct facts *f, size_t first_file)
{
	struct str name = STR_NONE;

	if (first_file < p->files.n)
		name = text_of(p, f->object, f->name.text.n ? &f->name : &f->file);
	for (size_t i = first_file; i < p->files.n; i++)
		p->files.v[i].name = name;
	f->name = f->file = (struct pdf_token){ .kind = PDF_STRING };
}

static void take_bracket(struct pdf *p, struct facts *f, struct place *at, enum pdf_kind kind)
{
	if (kind == PDF_DICT || kind == PDF_ARRAY)
		at->arrays = at->arrays << 1 | (kind == PDF_ARRAY);
	if (kind == PDF_DICT_END || kind == PDF_ARRAY_END)
		at->arrays >>= 1;
	if (kind == PDF_DICT) {
		at->depth++;
		if (at->value_next && str_eq(at->key, STR("EF")))
			at->files_depth = at->depth;
	}
	if (kind == PDF_DICT_END && at->depth > 0) {
		at->depth--;
		if (at->depth + 1 < at->files_depth) { /* behind the one that /EF stands in */
			end_specification(p, f, at->first_file);
			at->first_file = p->files.n;
			at->files_depth = 0;
		}
	}
}

static void take_word(struct pdf *p, struct facts *f, struct place *at, struct str word,
		      struct pdf_tokens *tokens)
{
	if (str_eq(word, STR("R")) && at->depth == 1)
		f->filter_elsewhere |= str_eq(at->key, STR("Filter")) || str_eq(at->key, STR("DecodeParms"));
	if (str_eq(word, STR("R")) && at->last[1].kind == PDF_NUMBER)
		take_reference(p, at->key, at->files_depth > 0 && at->depth == at->files_depth,
			       at->last[0].number);
	if (str_eq(word, STR("stream")) && !f->object->packed) {
		f->stream.packed = pdf_stream_bytes(p->l->bytes, tokens->s, tokens->at, f->length);
		size_t end = (size_t)(f->stream.packed.p - tokens->s.p) + f->stream.packed.n;
		tokens->at = end < tokens->s.n ? end : tokens->s.n;
	}
}

static void read_object(struct pdf *p, const struct pdf_object *o, struct facts *f)
{
	struct pdf_tokens tokens = { p->l->a, o->body, 0 };
	struct place at = { .first_file = p->files.n };
	struct pdf_token t;

	f->object = o;
	while (pdf_next(&tokens, &t)) {
		bool is_key = t.kind == PDF_NAME && !at.value_next && !(at.arrays & 1);
		if (t.kind == PDF_NAME)
			take_name(p, f, t.text);
		if (!is_key)
			take_value(p, f, &at, &t);
		if (t.kind == PDF_WORD)
			take_word(p, f, &at, t.text, &tokens);
		take_bracket(p, f, &at, t.kind);
		at.key = is_key ? t.text : at.key;
		at.value_next = is_key;
		at.last[0] = at.last[1];
		at.last[1] = t;
	}
	if (f->launches)
		look_found(p->l, TRAIT_LAUNCH, text_of(p, o, &f->file));
	end_specification(p, f, at.first_file);
}

/*
 * An object stream: numbers and offsets of its objects, then these (§7.5.7). They are read as one, so that nothing hides
 * between them; each by its number is only for references to it.
 */
static void unpack_objects(struct pdf *p, const struct facts *f)
{
	struct str data = data_of(p, f);
	struct pdf_tokens tokens = { p->l->a, str_sub(data, 0, (size_t)f->first), 0 };
	struct pdf_object all = { .body = str_sub(data, (size_t)f->first, data.n), .packed = true };
	struct pdf_token number, offset;
	struct facts inner = { 0 };

	if (f->filter_elsewhere) /* no program writes it so */
		look_found(p->l, TRAIT_UNREADABLE, STR("Filter"));
	for (uint64_t i = 0; i < f->count && pdf_next(&tokens, &number) && pdf_next(&tokens, &offset); i++)
		pdf_objects_add(
		    p->l, &p->objects,
		    (struct pdf_object){ .number = number.number,
					 .body = str_sub(all.body, (size_t)offset.number, all.body.n),
					 .packed = true });
	read_object(p, &all, &inner);
}

/* ---- pictures ---- */

/* A picture (§8.9): a JPEG, or samples. What holds no code is left alone, and nothing about it is a trait. */
static void read_picture(struct pdf *p, const struct facts *f)
{
	const struct pdf_object *o = f->object;
	struct pdf_stream s = f->stream;
	uint64_t bits = f->depth ? f->depth : 1; /* stencils do not say it */
	bool jpeg = s.filters_n > 0 && (str_eq(s.filters[s.filters_n - 1], STR("DCTDecode")) ||
					str_eq(s.filters[s.filters_n - 1], STR("DCT")));

	if (s.packed.n > p->streams_left || bits > 8 || f->width > IMAGE_SIDE || f->height > IMAGE_SIDE)
		return;
	s.filters_n -= jpeg;
	if (!jpeg && !look_may_see(p->l, (size_t)f->width, (size_t)f->height))
		return;
	p->streams_left -= s.packed.n;
	s.packed = pdf_crypt_undo(p->l->a, &p->crypt, p->crypt.streams, o->number, o->generation, s.packed);
	/* A JPEG may be packed once more. Of samples four components are the most. */
	enum file_trait why;
	size_t max = jpeg ? look_ceiling(p->l, s.packed.n, 0, &why)
			  : (size_t)(f->width * bits / 2 + 5) * (size_t)f->height;
	struct str data = pdf_stream_samples(p->l, &s, max);
	if (jpeg)
		look_for_codes(p->l, data);
	else
		look_for_codes_in_samples(p->l, data, (size_t)f->width, (size_t)f->height, (unsigned)bits);
}

/* ---- the whole ---- */

static int by_file(const void *a, const void *b)
{
	const struct embedded *x = a, *y = b;

	if (x->number != y->number)
		return (x->number > y->number) - (x->number < y->number);
	return (x->name.n < y->name.n) - (x->name.n > y->name.n);
}

static void give_files(struct pdf *p)
{
	if (p->files.n > 1)
		qsort(p->files.v, p->files.n, sizeof(p->files.v[0]), by_file);
	for (size_t i = 0; i < p->files.n; i++) {
		const struct pdf_object *o = pdf_objects_get(&p->objects, p->files.v[i].number);
		struct pdf again = { .l = p->l, .crypt = p->crypt }; /* all but the stream is known already */
		struct facts f = { 0 };
		if (!o || o->packed || (i > 0 && p->files.v[i].number == p->files.v[i - 1].number))
			continue;
		read_object(&again, o, &f);
		if (!f.stream.packed.p)
			continue;
		struct file_member m = { .name = p->files.v[i].name, .data = data_of(p, &f) };
		m.size = m.data.n;
		look_found(p->l, TRAIT_ATTACHED, m.name);
		if (!look_add_member(p->l, m))
			return;
	}
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Each string once, for many may refer to one; and objects of object streams may lie over each other. */
static void give_links(struct pdf *p)
{
	if (p->uris.n > 1)
		qsort(p->uris.v, p->uris.n, sizeof(p->uris.v[0]), by_value);
	for (size_t i = 0; i < p->uris.n; i++) {
		const struct pdf_object *o = pdf_objects_get(&p->objects, p->uris.v[i]);
		struct pdf_tokens tokens = { p->l->a, o ? o->body : STR_NONE, 0 };
		struct pdf_token t;
		if (i > 0 && p->uris.v[i] == p->uris.v[i - 1])
			continue;
		if (p->l->room == 0) {
			look_found(p->l, TRAIT_CUT, STR("links"));
			return;
		}
		if (pdf_next(&tokens, &t) && is_string(&t))
			add_link(p, o, &t);
		look_took(p->l, tokens.at);
	}
}

void look_into_pdf(struct look *l)
{
	struct pdf p = { .l = l, .streams_left = l->bytes.n * STREAMS_MOST };

	pdf_objects_find(l, &p.objects);
	p.crypt = pdf_lock_read(l, &p.objects);
	if (p.crypt.locked)
		look_found(l, TRAIT_ENCRYPTED, STR("Encrypt"));
	for (size_t i = 0, n = p.objects.n; i < n; i++) { /* object streams add more, which they have read */
		struct pdf_object o = p.objects.v[i];
		struct embedded file = { .number = o.number };
		struct facts f = { 0 };
		read_object(&p, &o, &f);
		bool picture = str_eq(f.subtype, STR("Image"));
		l->out->pictures += picture;
		if (picture && f.stream.packed.n && l->budget->codes.left > 0 && !p.crypt.locked)
			read_picture(&p, &f);
		/* Readers find it by the table of references, whatever its type says. */
		if ((str_eq(f.type, STR("ObjStm")) || (f.first && f.count)) && !p.crypt.locked)
			unpack_objects(&p, &f);
		if (str_eq(f.type, STR("EmbeddedFile")) && p.files.n < LIMIT_MEMBERS)
			ARENA_PUSH(l->a, &p.files, file);
	}
	if (p.crypt.locked) {
		l->out->links.n = 0; /* strings are not what they say */
		return;
	}
	pdf_objects_sort(&p.objects);
	give_links(&p);
	give_files(&p);
}

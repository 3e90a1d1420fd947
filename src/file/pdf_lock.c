/* Looking for "/Encrypt" and "/ID", which stand in a trailer or in the dictionary of a cross-reference stream. */
#include "file/pdf_lock.h"

#include "file/pdf_token.h"

#define TRIES 16 /* places of the word that are looked at */

/* The member that a string or name under this key belongs to, or NULL. */
static struct str *text_of(struct pdf_crypt_facts *f, struct str key)
{
	const struct {
		struct str key, *to;
	} texts[] = {
		{ STR_INIT("Filter"), &f->filter }, { STR_INIT("CFM"), &f->method },
		{ STR_INIT("StmF"), &f->streams },  { STR_INIT("StrF"), &f->strings },
		{ STR_INIT("O"), &f->owner },       { STR_INIT("U"), &f->user },
		{ STR_INIT("UE"), &f->user_key },
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (str_eq(key, texts[i].key))
			return texts[i].to;
	return NULL;
}

static uint64_t *number_of(struct pdf_crypt_facts *f, struct str key)
{
	return str_eq(key, STR("V"))        ? &f->version
	       : str_eq(key, STR("R"))      ? &f->revision
	       : str_eq(key, STR("Length")) ? &f->bits
					    : NULL;
}

/* "-1084" of 32 bits. */
static uint32_t signed_bits(struct str s)
{
	int64_t v;

	return str_to_i64(s, &v) == OK ? (uint32_t)(uint64_t)v : 0;
}

static void read_dictionary(struct look *l, struct str body, struct pdf_crypt_facts *f)
{
	struct pdf_tokens tokens = { l->a, body, 0 };
	struct pdf_token t;
	struct str key = STR_NONE;
	size_t depth = 0;
	bool value_next = false;

	while (pdf_next(&tokens, &t)) {
		bool is_key = t.kind == PDF_NAME && !value_next;
		struct str *text = is_key ? NULL : text_of(f, key);
		uint64_t *number = t.kind == PDF_NUMBER && depth == 1 ? number_of(f, key) : NULL;
		if (text && (t.kind == PDF_STRING || t.kind == PDF_HEX))
			*text = pdf_string(l->a, &t);
		else if (text && t.kind == PDF_NAME)
			*text = t.text;
		if (number)
			*number = t.number;
		if (t.kind == PDF_NUMBER && str_eq(key, STR("P")))
			f->permissions = signed_bits(t.text);
		if (str_eq(key, STR("EncryptMetadata")) && str_eq(t.text, STR("false")))
			f->plain_metadata = true;
		depth += t.kind == PDF_DICT;
		if (t.kind == PDF_DICT_END && depth-- <= 1)
			return;
		key = is_key ? t.text : key;
		value_next = is_key;
	}
}

/* The first string of "/ID [<…> <…>]". */
static struct str read_id(struct look *l)
{
	for (size_t at = 0, i = 0; (at = str_find(l->bytes, STR("/ID"), at)) != SIZE_MAX && i < TRIES; i++) {
		struct pdf_tokens tokens = { l->a, l->bytes, at += 3 };
		struct pdf_token t;
		if (pdf_next(&tokens, &t) && t.kind == PDF_ARRAY && pdf_next(&tokens, &t) &&
		    (t.kind == PDF_STRING || t.kind == PDF_HEX))
			return pdf_string(l->a, &t);
	}
	return STR_NONE;
}

/* What stands behind "/Encrypt": a dictionary, or the number of an object that is one. */
static struct str find_dictionary(struct look *l, const struct pdf_objects *objects, size_t at)
{
	struct pdf_tokens tokens = { l->a, l->bytes, at };
	struct pdf_token number, generation, r;

	if (!pdf_next(&tokens, &number))
		return STR_NONE;
	if (number.kind == PDF_DICT)
		return str_sub(l->bytes, at, l->bytes.n);
	if (number.kind != PDF_NUMBER || !pdf_next(&tokens, &generation) || !pdf_next(&tokens, &r) ||
	    !str_eq(r.text, STR("R")))
		return STR_NONE;
	for (size_t i = objects->n; i-- > 0;)
		if (objects->v[i].number == number.number)
			return objects->v[i].body;
	return STR_NONE;
}

#define ROUNDS_OLD 200  /* what a try costs, in rounds of a digest */
#define ROUNDS_NEW 8000 /* of revision 6, whose rounds are long */

/* Without a password, as most are; else with those that may be tried. */
static struct pdf_crypt open(struct look *l, const struct pdf_crypt_facts *f)
{
	struct pdf_crypt c = pdf_crypt_open(f, STR_NONE);
	struct str password;

	for (size_t i = 0;
	     c.locked && look_next_password(l, &i, f->revision >= 5 ? ROUNDS_NEW : ROUNDS_OLD, &password);) {
		c = pdf_crypt_open(f, password);
		if (!c.locked)
			look_opened(l, password);
	}
	return c;
}

struct pdf_crypt pdf_lock_read(struct look *l, const struct pdf_objects *objects)
{
	for (size_t at = 0, i = 0; (at = str_find(l->bytes, STR("/Encrypt"), at)) != SIZE_MAX && i < TRIES;
	     i++) {
		struct pdf_crypt_facts f = { 0 };
		struct str body = find_dictionary(l, objects, at += 8);
		if (!body.n)
			continue;
		read_dictionary(l, body, &f);
		f.id = read_id(l);
		return open(l, &f);
	}
	return (struct pdf_crypt){ 0 };
}

/*
 * A stored object shown without being read. Rows are written by json_object_write in the order of the table, so one
 * pass over text and table tells what is there and what is not. Most values have one form for ourselves and for the API:
 * as far as the answer says what the row says, it is copied in one piece.
 */
#include "json/copy.h"

#include "base/abnf.h"
#include "json/internal.h"

#define TIME_BYTES 29 /* "2019-11-20T23:22:01.000000Z" with its quotes */
#define ZONELESS 20   /* of these with one quote */

struct copy {
	struct buf *out;
	const struct json_write *how;
	const char *at, *end;
	const char *from; /* from here up to `at` is still to be copied; NULL: nothing is */
};

/* ---- moving over the row ---- */

static bool take(struct copy *c, char want)
{
	if (c->at == c->end || *c->at != want)
		return false;
	c->at++;
	return true;
}

/* The next quote or backslash, or the end. */
static const char *string_stop(const char *at, const char *end)
{
	for (; end - at >= 8; at += 8) {
		uint64_t w = json_eight(at);
		/* What is not ASCII stays out of it. */
		uint64_t found = (json_bytes_of(w, '"') | json_bytes_of(w, '\\')) & ~w & JSON_HIGHS;
		if (found)
			return at + __builtin_ctzll(found) / 8;
	}
	while (at < end && *at != '"' && *at != '\\')
		at++;
	return at;
}

/* False: it does not end. */
static bool skip_string(struct copy *c)
{
	if (!take(c, '"'))
		return false;
	for (;;) {
		c->at = string_stop(c->at, c->end);
		if (c->at == c->end)
			return false;
		if (*c->at++ == '"')
			return true;
		if (c->at++ == c->end)
			return false;
	}
}

/* A number, true, false or null. */
static bool skip_word(struct copy *c)
{
	const char *start = c->at;

	while (c->at < c->end &&
	       (abnf_is_alnum((unsigned char)*c->at) || *c->at == '.' || *c->at == '-' || *c->at == '+'))
		c->at++;
	return c->at > start;
}

/* Any value. Brackets are counted and not told apart: what lies inside is looked at when it is shown. */
static bool skip_value(struct copy *c)
{
	size_t depth = 0;

	do {
		if (c->at == c->end)
			return false;
		switch (*c->at) {
		case '"':
			if (!skip_string(c))
				return false;
			continue;
		case '{':
		case '[':
			depth++;
			break;
		case '}':
		case ']':
		case ',':
		case ':':
			if (!depth)
				return false;
			depth -= *c->at == '}' || *c->at == ']';
			break;
		default:
			if (!skip_word(c))
				return false;
			continue;
		}
		c->at++;
	} while (depth);
	return true;
}

/* Whether the member of that row comes next, behind the brace or comma at `at`. */
static bool is_next(const struct copy *c, const struct field *row, char before)
{
	size_t n = row->name_n + 4;

	return (size_t)(c->end - c->at) > n && *c->at == before && c->at[2] == row->name[0] &&
	       memcmp(c->at + 1, row->key + 1, n - 1) == 0;
}

/* ---- showing ---- */

/* What is copied so far ends at `at`. */
static void flush(struct copy *c)
{
	if (c->from)
		buf_add(c->out, str_from(c->from, (size_t)(c->at - c->from)));
	c->from = NULL;
}

static bool put_object(struct copy *c, const struct fieldtab *t, const void *over, uint64_t overs);

static bool put_objects(struct copy *c, const struct fieldtab *t)
{
	c->at++;
	if (take(c, ']'))
		return true;
	do
		if (!put_object(c, t, NULL, 0))
			return false;
	while (take(c, ','));
	return take(c, ']');
}

/* ["uuid",number] in the form asked for. */
static bool put_ident(struct copy *c)
{
	flush(c);
	const char *uuid = ++c->at, *number;
	if (!skip_string(c))
		return false;
	struct str text = str_from(uuid, (size_t)(c->at - uuid));
	number = c->at + 1;
	if (!take(c, ',') || !skip_word(c))
		return false;
	if (c->how->integer_ids)
		text = str_from(number, (size_t)(c->at - number));
	buf_add(c->out, text);
	return take(c, ']');
}

static bool put_zoneless(struct copy *c)
{
	flush(c);
	const char *start = c->at;
	if (!skip_string(c) || c->at - start != TIME_BYTES)
		return false;
	buf_add(c->out, str_from(start, ZONELESS));
	buf_add_char(c->out, '"');
	return true;
}

/* The value at `at`; f: the row that has it. Where it has one form for both, it is left to be copied. */
static bool put_value(struct copy *c, const struct field *f, bool zoneless)
{
	const char *start = c->at;

	if (start < c->end) {
		if (*start == '"' && !zoneless)
			return skip_string(c) && f->kind != FIELD_OBJ && f->kind != FIELD_OBJS &&
			       f->kind != FIELD_ID;
		if (f->kind == FIELD_OBJ && *start == '{')
			return put_object(c, f->ref, NULL, 0);
		if (f->kind == FIELD_OBJS && *start == '[')
			return put_objects(c, f->ref);
		if (f->kind == FIELD_ID && *start == '[')
			return put_ident(c);
		if (zoneless && *start == '"')
			return put_zoneless(c);
	}
	if (!skip_value(c))
		return false;
	bool special = f->kind == FIELD_OBJ || f->kind == FIELD_OBJS || f->kind == FIELD_ID || zoneless;
	return !special || str_eq(str_from(start, (size_t)(c->at - start)), STR("null"));
}

static void put_name(struct copy *c, const struct field *row, char before)
{
	flush(c);
	(void)json_name_write(c->out, row, before); /* over its ceiling, which buf_ok tells */
}

/* Where the value of a row lies in the object that begins there; NULL: it has none. */
static const char *find_value(const struct copy *c, const char *object, const struct field *row)
{
	struct copy seek = *c;
	char before = '{';

	for (seek.at = object; !is_next(&seek, row, before); before = ',')
		if (!take(&seek, before) || !skip_string(&seek) || !take(&seek, ':') || !skip_value(&seek))
			return NULL;
	return seek.at + row->name_n + 4;
}

/* A row that the text does not have, or not under its name. */
static bool put_other(struct copy *c, const struct fieldtab *t, const struct field *row, const char *object,
		      char before)
{
	const struct field *f = field_source(t, row);
	const char *value = f == row ? NULL : find_value(c, object, f);

	put_name(c, row, before);
	if (value) {
		struct copy again = { c->out, c->how, value, c->end, value };
		bool fine = put_value(&again, f, row->flags & F_ZONELESS);
		flush(&again);
		return fine;
	}
	if ((f->flags | row->flags) & F_NULL)
		buf_add(c->out, STR("null"));
	else
		json_absent_write(c->out, t, (size_t)(row - t->v), c->how);
	return !(f->flags & F_REQUIRED);
}

/* Behind it the closing brace is still to be copied. */
static bool put_object(struct copy *c, const struct fieldtab *t, const void *over, uint64_t overs)
{
	const char *object = c->at;
	char stored = '{', before = '{'; /* what stands before the next member, there and here */

	for (size_t i = 0; i < t->n; i++) {
		const struct field *row = &t->v[i];
		bool hidden = row->flags & F_INTERNAL;
		bool elsewhere = overs && overs >> (field_source(t, row) - t->v) & 1;
		bool there = row->kind != FIELD_ALIAS && is_next(c, row, stored);
		bool fine = true;
		if (there && !hidden && !elsewhere) {
			if (!c->from) {
				buf_add_char(c->out, before);
				c->from = c->at + 1;
			}
			c->at += row->name_n + 4;
			fine = put_value(c, row, row->flags & F_ZONELESS);
		} else if (there || !hidden) {
			flush(c);
			if (elsewhere && !hidden) {
				put_name(c, row, before);
				json_field_write(c->out, t, i, over, c->how);
			} else if (!hidden) {
				fine = put_other(c, t, row, object, before);
			}
			if (there) {
				c->at += row->name_n + 4;
				fine = skip_value(c);
			}
		}
		if (!fine)
			return false;
		if (!hidden)
			before = ',';
		if (there)
			stored = ',';
	}
	if (stored == '{' && !take(c, '{'))
		return false;
	if (!c->from && before == '{')
		buf_add_char(c->out, '{');
	if (!c->from)
		c->from = c->at;
	return take(c, '}');
}

enum err json_stored_write(struct buf *b, const struct fieldtab *t, struct str text, const void *over,
			   uint64_t overs, const struct json_write *how)
{
	struct copy c = { b, how, text.p, text.p, NULL };
	size_t before = b->n;

	ASSERT(how->audience == JSON_FOR_API);
	if (text.n)
		c.end = text.p + text.n;
	if (put_object(&c, t, over, overs) && c.at == c.end) {
		flush(&c);
		return OK;
	}
	b->n = before;
	return ERR_SYNTAX;
}

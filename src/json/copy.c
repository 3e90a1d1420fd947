/*
 * A stored object shown without being read. Rows are written by json_object_write in the order of the table, so one
 * pass finds where each value lies; what has one form for ourselves and for the API is copied as it is.
 */
#include "json/copy.h"

#include "base/abnf.h"
#include "json/internal.h"

#define FIELDS_MAX 64 /* base/field.h: one bit of `has` each */
#define TIME_BYTES 29 /* "2019-11-20T23:22:01.000000Z" with its quotes */
#define ZONELESS 20   /* of these with one quote */

struct copy {
	struct buf *out;
	const struct json_write *how;
};

struct reader {
	const char *at, *end;
};

static bool take(struct reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

/* Moves over a string; false: it does not end. */
static bool skip_string(struct reader *r)
{
	if (!take(r, '"'))
		return false;
	for (;;) {
		r->at += json_plain_end(str_from(r->at, (size_t)(r->end - r->at)), 0);
		if (r->at == r->end)
			return false;
		char c = *r->at++;
		if (c == '"')
			return true;
		if (c == '\\' && r->at++ == r->end)
			return false;
	}
}

/* Moves over a number, true, false or null. */
static bool skip_word(struct reader *r)
{
	const char *from = r->at;

	while (r->at < r->end && (abnf_is_alnum((unsigned char)*r->at) || memchr("+-.", *r->at, 3)))
		r->at++;
	return r->at > from;
}

/* Moves over any value. Brackets are counted and not told apart: what lies inside is looked at when it is shown. */
static bool skip_value(struct reader *r)
{
	size_t depth = 0;

	do {
		if (r->at == r->end)
			return false;
		switch (*r->at) {
		case '"':
			if (!skip_string(r))
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
			depth -= *r->at == '}' || *r->at == ']';
			break;
		default:
			if (!skip_word(r))
				return false;
			continue;
		}
		r->at++;
	} while (depth);
	return true;
}

/* The next row of that name at or after *next. */
static bool find_row(const struct fieldtab *t, struct str key, size_t *next)
{
	for (; *next < t->n; ++*next)
		if (t->v[*next].name_n == key.n && memcmp(t->v[*next].name, key.p, key.n) == 0)
			return true;
	return false;
}

/* Where the value of each row lies; false: not as we write objects. */
static bool find_values(const struct fieldtab *t, struct str text, struct str values[FIELDS_MAX])
{
	size_t row = 0;

	memset(values, 0, t->n * sizeof(*values));
	if (text.n == 0)
		return false;
	struct reader r = { text.p, text.p + text.n };
	if (!take(&r, '{'))
		return false;
	if (take(&r, '}'))
		return r.at == r.end;
	do {
		const char *key = r.at + 1, *value;
		if (!skip_string(&r) || !find_row(t, str_from(key, (size_t)(r.at - 1 - key)), &row) ||
		    !take(&r, ':'))
			return false;
		value = r.at;
		if (!skip_value(&r) || r.at == value)
			return false;
		values[row++] = str_from(value, (size_t)(r.at - value));
	} while (take(&r, ','));
	return take(&r, '}') && r.at == r.end;
}

static bool put_object(const struct copy *c, const struct fieldtab *t, struct str text, const void *over,
		       uint64_t overs);

static bool put_objects(const struct copy *c, const struct fieldtab *t, struct str text)
{
	struct reader r = { text.p, text.p + text.n };
	bool first = true;

	if (!take(&r, '['))
		return false;
	buf_add_char(c->out, '[');
	if (take(&r, ']')) {
		buf_add_char(c->out, ']');
		return true;
	}
	do {
		const char *object = r.at;
		if (!skip_value(&r))
			return false;
		if (!first)
			buf_add_char(c->out, ',');
		first = false;
		if (!put_object(c, t, str_from(object, (size_t)(r.at - object)), NULL, 0))
			return false;
	} while (take(&r, ','));
	buf_add_char(c->out, ']');
	return take(&r, ']') && r.at == r.end;
}

/* ["uuid",number] in the form asked for. */
static bool put_ident(const struct copy *c, struct str text)
{
	struct reader r = { text.p + 1, text.p + text.n };
	const char *uuid = r.at, *number;

	if (text.p[0] != '[' || !skip_string(&r))
		return false;
	number = r.at + 1;
	if (!take(&r, ',') || text.p[text.n - 1] != ']')
		return false;
	buf_add(c->out, c->how->integer_ids ? str_from(number, (size_t)(text.p + text.n - 1 - number))
					    : str_from(uuid, (size_t)(r.at - 1 - uuid)));
	return true;
}

/* f: the row that has the value. */
static bool put_value(const struct copy *c, const struct field *f, struct str text, bool zoneless)
{
	if (str_eq(text, STR("null"))) {
		buf_add(c->out, text);
		return true;
	}
	switch (f->kind) {
	case FIELD_OBJ:
		return put_object(c, f->ref, text, NULL, 0);
	case FIELD_OBJS:
		return put_objects(c, f->ref, text);
	case FIELD_ID:
		return put_ident(c, text);
	case FIELD_TIME:
		if (zoneless) {
			buf_add(c->out, str_sub(text, 0, ZONELESS));
			buf_add_char(c->out, '"');
			return text.n == TIME_BYTES;
		}
		break;
	case FIELD_INT:
	case FIELD_BOOL:
	case FIELD_DOUBLE:
	case FIELD_STR:
	case FIELD_ENUM:
	case FIELD_STRS:
	case FIELD_ENUMS:
	case FIELD_ALIAS:
		break;
	}
	buf_add(c->out, text);
	return true;
}

static bool put_object(const struct copy *c, const struct fieldtab *t, struct str text, const void *over,
		       uint64_t overs)
{
	struct str values[FIELDS_MAX];
	char before = '{';

	if (!find_values(t, text, values))
		return false;
	for (size_t i = 0; i < t->n; i++) {
		const struct field *row = &t->v[i], *f = row;
		if (row->flags & F_INTERNAL)
			continue;
		if (!json_name_write(c->out, row, before))
			return true; /* over its ceiling, which buf_ok tells */
		before = ',';
		if (row->kind == FIELD_ALIAS)
			f = field_find(t, str_of(row->ref));
		size_t at = (size_t)(f - t->v);
		if (overs >> at & 1)
			json_field_write(c->out, t, i, over, c->how);
		else if (!values[at].p && f->flags & F_REQUIRED)
			return false;
		else if (!values[at].p)
			json_absent_write(c->out, t, i, c->how);
		else if (!put_value(c, f, values[at], row->flags & F_ZONELESS))
			return false;
	}
	if (before == '{')
		buf_add_char(c->out, before);
	buf_add_char(c->out, '}');
	return true;
}

enum err json_stored_write(struct buf *b, const struct fieldtab *t, struct str text, const void *over,
			   uint64_t overs, const struct json_write *how)
{
	const struct copy c = { b, how };
	size_t before = b->n;

	ASSERT(how->audience == JSON_FOR_API);
	if (put_object(&c, t, text, over, overs))
		return OK;
	b->n = before;
	return ERR_SYNTAX;
}

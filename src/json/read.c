/*
 * Reading JSON text into nodes: recursive descent with a depth, one pass, strings sliced where they can be.
 */
#include "json/read.h"

#include <math.h>
#include <stdlib.h>

#include "base/abnf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "json/internal.h"

#define PAIRWISE_KEYS 32 /* up to here keys are compared with each other, beyond by a hash table */

struct reader {
	struct arena *arena;
	struct str text;
	const char *at, *end;
	size_t nodes, nodes_max;
	bool stored; /* written by us */
	struct json *root;
	struct errbuf *eb;
};

static enum err fail(struct reader *r, enum err e, const char *what)
{
	return err_set(r->eb, e, "%s at byte %zu", what, (size_t)(r->at - r->text.p));
}

static void skip_space(struct reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
		r->at++;
}

/* Four hexadecimal digits at p, or -1. */
static long hex4(const char *p, const char *end)
{
	long v = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = abnf_hex_value((unsigned char)p[i]);
		if (digit < 0)
			return -1;
		v = v << 4 | digit;
	}
	return v;
}

/* What follows a backslash, appended at *to. */
static enum err read_escape(struct reader *r, char **to)
{
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	const char *known = r->at < r->end && *r->at ? strchr(from, *r->at) : NULL;

	if (known) {
		*(*to)++ = into[known - from];
		r->at++;
		return OK;
	}
	if (r->at >= r->end || *r->at != 'u')
		return fail(r, ERR_SYNTAX, "unknown escape");
	long cp = hex4(r->at + 1, r->end);
	if (cp < 0)
		return fail(r, ERR_SYNTAX, "bad \\u escape");
	r->at += 5;
	if (cp >= 0xd800 && cp <= 0xdfff) {
		long low = cp <= 0xdbff && r->end - r->at >= 6 && r->at[0] == '\\' && r->at[1] == 'u'
			       ? hex4(r->at + 2, r->end)
			       : -1;
		if (low < 0xdc00 || low > 0xdfff)
			return fail(r, ERR_SYNTAX, "lone surrogate");
		cp = 0x10000 + (cp - 0xd800) * 0x400 + (low - 0xdc00);
		r->at += 6;
	}
	*to += utf8_encode((uint32_t)cp, *to);
	return OK;
}

/* One character that is neither escape nor quote; moves over it. */
static enum err check_char(struct reader *r)
{
	struct str rest = { r->at, (size_t)(r->end - r->at) };
	size_t n = 0;

	if ((unsigned char)*r->at < 0x20)
		return fail(r, ERR_SYNTAX, "control character in string");
	if (utf8_next(rest, &n) == UTF8_REPLACEMENT && n == 1)
		return fail(r, ERR_SYNTAX, "not UTF-8");
	r->at += n;
	return OK;
}

/* The closing quote of a string with an escape, whose length bounds the decoded one. */
static const char *string_end(const struct reader *r)
{
	for (const char *p = r->at; p < r->end; p++) {
		if (*p == '"')
			return p;
		if (*p == '\\')
			p++;
	}
	return NULL;
}

static enum err read_escaped(struct reader *r, const char *from, struct str *out)
{
	const char *close = string_end(r);
	char *start, *to;
	enum err e = OK;

	if (!close) {
		r->at = r->end;
		return fail(r, ERR_SYNTAX, "unterminated string");
	}
	start = to = arena_alloc(r->arena, (size_t)(close - from) + 1);
	memcpy(to, from, (size_t)(r->at - from));
	to += r->at - from;
	while (!e && r->at < close) {
		const char *before = r->at;
		if (*r->at == '\\') {
			r->at++;
			e = read_escape(r, &to);
			continue;
		}
		e = check_char(r);
		if (!e) {
			memcpy(to, before, (size_t)(r->at - before));
			to += r->at - before;
		}
	}
	if (e)
		return e;
	r->at = close + 1;
	*out = (struct str){ start, (size_t)(to - start) };
	return OK;
}

/* at is behind the opening quote. */
static enum err read_string(struct reader *r, struct str *out)
{
	const char *from = r->at;

	for (;;) {
		r->at += json_plain_end((struct str){ r->at, (size_t)(r->end - r->at) }, 0);
		if (r->at >= r->end)
			return fail(r, ERR_SYNTAX, "unterminated string");
		if (*r->at == '"') {
			*out = (struct str){ from, (size_t)(r->at - from) };
			r->at++;
			return OK;
		}
		if (*r->at == '\\')
			return read_escaped(r, from, out);
		enum err e = check_char(r);
		if (e)
			return e;
	}
}

static bool skip_digits(struct reader *r)
{
	const char *from = r->at;

	while (r->at < r->end && abnf_is_digit((unsigned char)*r->at))
		r->at++;
	return r->at > from;
}

static enum err read_number(struct reader *r, struct json *node)
{
	const char *from = r->at;
	char text[LIMIT_JSON_NUMBER + 1];
	bool whole = true;

	if (*r->at == '-')
		r->at++;
	const char *first = r->at;
	if (!skip_digits(r) || (*first == '0' && r->at - first > 1))
		return fail(r, ERR_SYNTAX, "bad number");
	if (r->at < r->end && *r->at == '.') {
		whole = false;
		r->at++;
		if (!skip_digits(r))
			return fail(r, ERR_SYNTAX, "bad number");
	}
	if (r->at < r->end && (*r->at == 'e' || *r->at == 'E')) {
		whole = false;
		r->at++;
		if (r->at < r->end && (*r->at == '+' || *r->at == '-'))
			r->at++;
		if (!skip_digits(r))
			return fail(r, ERR_SYNTAX, "bad number");
	}
	struct str token = { from, (size_t)(r->at - from) };
	if (token.n > LIMIT_JSON_NUMBER)
		return fail(r, ERR_LIMIT, "number too long");
	if (whole && !str_to_i64(token, &node->i)) {
		node->kind = JSON_INT;
		return OK;
	}
	memcpy(text, token.p, token.n);
	text[token.n] = 0;
	node->kind = JSON_DOUBLE;
	node->d = strtod(text, NULL);
	return isfinite(node->d) ? OK : fail(r, ERR_LIMIT, "number too large");
}

static enum err read_word(struct reader *r, struct json *node)
{
	static const struct {
		struct str text;
		enum json_kind kind;
		bool b;
	} words[] = {
		{ STR_INIT("true"), JSON_BOOL, true },
		{ STR_INIT("false"), JSON_BOOL, false },
		{ STR_INIT("null"), JSON_NULL, false },
	};
	struct str rest = { r->at, (size_t)(r->end - r->at) };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_starts(rest, words[i].text)) {
			r->at += words[i].text.n;
			node->kind = words[i].kind;
			node->b = words[i].b;
			return OK;
		}
	}
	return fail(r, ERR_SYNTAX, "expected a value");
}

/*
 * A table of keys by hash, at most half full, seeded by the text's address so that collisions are not chosen.
 */
static bool has_repeat_hashed(struct arena *a, const struct json *object)
{
	size_t room = 64;
	unsigned char seed[16] = { 0 };

	while (room < 2 * (size_t)object->n)
		room *= 2;
	uintptr_t where = (uintptr_t)object ^ (uintptr_t)a;
	memcpy(seed, &where, sizeof(where));
	const struct json **slots = ARENA_ARRAY(a, room, const struct json *);
	for (const struct json *c = object->first; c; c = c->next) {
		size_t i = hash_sip(seed, c->key) & (room - 1);
		for (; slots[i]; i = (i + 1) & (room - 1))
			if (str_eq(slots[i]->key, c->key))
				return true;
		slots[i] = c;
	}
	return false;
}

static bool has_repeat(struct arena *a, const struct json *object)
{
	if (object->n > PAIRWISE_KEYS)
		return has_repeat_hashed(a, object);
	for (const struct json *c = object->first; c; c = c->next)
		for (const struct json *d = object->first; d != c; d = d->next)
			if (c->key.n == d->key.n && memcmp(c->key.p, d->key.p, c->key.n) == 0)
				return true;
	return false;
}

static enum err read_value(struct reader *r, int depth, struct json *node);

/* at is behind the opening bracket or brace. */
static enum err read_inside(struct reader *r, int depth, struct json *node)
{
	bool object = node->kind == JSON_OBJECT;
	char close = object ? '}' : ']';
	struct json **tail = &node->first;

	*tail = NULL;
	skip_space(r);
	if (r->at < r->end && *r->at == close) {
		r->at++;
		return OK;
	}
	for (;;) {
		enum err e = OK;
		if (++r->nodes > r->nodes_max)
			return fail(r, ERR_LIMIT, "too many values");
		struct json *c = ARENA_NEW(r->arena, struct json);
		skip_space(r);
		if (object) {
			if (r->at >= r->end || *r->at != '"')
				return fail(r, ERR_SYNTAX, "expected a key");
			r->at++;
			e = read_string(r, &c->key);
			skip_space(r);
			if (!e && (r->at >= r->end || *r->at++ != ':'))
				e = fail(r, ERR_SYNTAX, "expected a colon");
		}
		if (!e)
			e = read_value(r, depth, c);
		if (e)
			return e;
		*tail = c;
		tail = &c->next;
		node->n++;
		skip_space(r);
		if (r->at < r->end && *r->at == ',') {
			r->at++;
			continue;
		}
		if (r->at >= r->end || *r->at != close)
			return fail(r, ERR_SYNTAX, "expected a comma or the end");
		r->at++;
		return object && !r->stored && has_repeat(r->arena, node)
			   ? fail(r, ERR_SYNTAX, "repeated key")
			   : OK;
	}
}

static enum err read_value(struct reader *r, int depth, struct json *node)
{
	skip_space(r);
	if (r->at >= r->end)
		return fail(r, ERR_SYNTAX, "expected a value");
	switch (*r->at) {
	case '{':
	case '[':
		if (depth >= LIMIT_JSON_DEPTH)
			return fail(r, ERR_LIMIT, "nested too deep");
		node->kind = *r->at == '{' ? JSON_OBJECT : JSON_ARRAY;
		r->at++;
		return read_inside(r, depth + 1, node);
	case '"':
		node->kind = JSON_STR;
		r->at++;
		return read_string(r, &node->s);
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		return read_number(r, node);
	default:
		return read_word(r, node);
	}
}

/* For arena_try. */
static enum err read_text(struct arena *a, void *ctx)
{
	struct reader *r = ctx;

	if (r->text.n == 0)
		return err_set(r->eb, ERR_SYNTAX, "empty");
	r->root = ARENA_NEW(a, struct json);
	r->at = r->text.p;
	r->end = r->text.p + r->text.n;
	enum err e = read_value(r, 0, r->root);
	if (e)
		return e;
	skip_space(r);
	return r->at == r->end ? OK : fail(r, ERR_SYNTAX, "something follows the value");
}

enum err json_parse_upto(struct arena *a, struct str text, bool stored, size_t nodes_max, struct json **out,
			 struct errbuf *eb)
{
	struct reader r = { .arena = a, .text = text, .nodes_max = nodes_max, .stored = stored, .eb = eb };

	err_set(eb, ERR_LIMIT, "%s", JSON_NO_MEMORY);
	enum err e = arena_try(a, read_text, &r);
	if (!e)
		*out = r.root;
	return e;
}

enum err json_parse(struct arena *a, struct str text, struct json **out, struct errbuf *eb)
{
	return json_parse_upto(a, text, false, LIMIT_JSON_NODES, out, eb);
}

enum err json_parse_stored(struct arena *a, struct str text, struct json **out, struct errbuf *eb)
{
	return json_parse_upto(a, text, true, LIMIT_JSON_NODES, out, eb);
}

const struct json *json_get(const struct json *node, struct str key)
{
	if (!node || node->kind != JSON_OBJECT)
		return NULL;
	for (const struct json *c = node->first; c; c = c->next)
		if (str_eq(c->key, key))
			return c;
	return NULL;
}

struct str json_get_str(const struct json *node, struct str key)
{
	const struct json *v = json_get(node, key);

	return v && v->kind == JSON_STR ? v->s : STR_NONE;
}

const struct json *json_get_list(const struct json *node, struct str key)
{
	const struct json *v = json_get(node, key);

	return v && v->kind == JSON_ARRAY ? v->first : NULL;
}

/* RFC 2045 parameters and RFC 2231 pieces. */
#include "mime/param.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/cursor.h"
#include "base/limits.h"
#include "base/charset.h"
#include "mime/encoded_word.h"
#include "mime/header.h"

#define SECTIONS_MAX 1000 /* RFC 2231 §3 sets none; sections are decimal and few */

/* One parameter as written: base name, RFC 2231 section, value with quotes taken off. */
struct piece {
	struct str name, value;
	int section;   /* -1 = none */
	bool extended; /* name ended with "*": percent-encoded, the first section with charset'language' */
};

struct pieces {
	struct piece *v;
	size_t n;
};

/* Moves over white space and comments, which nest (RFC 5322 §3.2.2). */
static void skip_cfws(struct cursor *c)
{
	unsigned depth = 0;

	for (; c->at < c->end; c->at++) {
		char ch = *c->at;
		if (depth && ch == '\\' && c->at + 1 < c->end)
			c->at++;
		else if (ch == '(')
			depth++;
		else if (depth && ch == ')')
			depth--;
		else if (!depth && !abnf_is_wsp((unsigned char)ch))
			return;
	}
}

static struct str read_quoted(struct arena *a, struct cursor *c)
{
	char *z = arena_alloc(a, cursor_left(c) + 1);
	size_t n = 0;

	for (c->at++; c->at < c->end && *c->at != '"'; c->at++) {
		if (*c->at == '\\' && c->at + 1 < c->end && (c->at[1] == '"' || c->at[1] == '\\'))
			c->at++;
		z[n++] = *c->at;
	}
	if (c->at < c->end)
		c->at++;
	return (struct str){ z, n };
}

/*
 * Up to the next ";". White space inside is kept, for "filename=two words.pdf" is common, and so are brackets
 * in the middle; only a comment at the end is taken off: "charset=us-ascii (Plain text)".
 */
static struct str read_bare(struct cursor *c)
{
	const char *from = c->at;

	while (c->at < c->end && *c->at != ';')
		c->at++;
	struct str s = str_trim(str_from(from, (size_t)(c->at - from)));
	size_t open = str_ends(s, STR(")")) ? str_rfind_char(s, '(') : SIZE_MAX;
	if (open != SIZE_MAX && (open == 0 || abnf_is_wsp((unsigned char)s.p[open - 1])))
		s = str_trim(str_sub(s, 0, open));
	return s;
}

/* "name*2*" into name, section 2, extended. */
static void split_name(struct arena *a, struct str name, struct piece *out)
{
	uint64_t number;

	out->section = -1;
	out->extended = str_ends(name, STR("*"));
	if (out->extended)
		name.n--;
	size_t star = str_find_char(name, '*', 0);
	if (star != SIZE_MAX && !str_to_u64(str_sub(name, star + 1, name.n), SECTIONS_MAX, &number)) {
		out->section = (int)number;
		name = str_sub(name, 0, star);
	}
	out->name = arena_lower(a, name);
}

static bool read_piece(struct arena *a, struct cursor *c, struct piece *out)
{
	skip_cfws(c);
	while (cursor_char(c, ';'))
		skip_cfws(c);
	const char *from = c->at;
	while (c->at < c->end && *c->at != '=' && *c->at != ';')
		c->at++;
	struct str name = str_trim(str_from(from, (size_t)(c->at - from)));
	if (!cursor_char(c, '='))
		return false;
	split_name(a, name, out);
	skip_cfws(c);
	out->value = cursor_peek(c) == '"' ? read_quoted(a, c) : read_bare(c);
	/* What stands between a closing quote and the next ";" belongs to nothing. */
	while (c->at < c->end && *c->at != ';')
		c->at++;
	return out->name.n > 0;
}

static struct str percent_decode(struct arena *a, struct str s)
{
	char *z = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int hi = s.p[i] == '%' && i + 2 < s.n ? abnf_hex_value((unsigned char)s.p[i + 1]) : -1;
		int lo = hi >= 0 ? abnf_hex_value((unsigned char)s.p[i + 2]) : -1;
		z[n++] = lo >= 0 ? (char)(hi << 4 | lo) : s.p[i];
		i += lo >= 0 ? 2 : 0;
	}
	return (struct str){ z, n };
}

/* charset'language'text of a first section; gives the text, percent-encoded still. */
static struct str take_charset(struct str value, struct str *charset)
{
	size_t first = str_find_char(value, '\'', 0);
	size_t second = first == SIZE_MAX ? first : str_find_char(value, '\'', first + 1);

	if (second == SIZE_MAX)
		return value;
	*charset = str_sub(value, 0, first);
	return str_sub(value, second + 1, value.n);
}

static const struct piece *find_section(const struct pieces *p, struct str name, int section)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].section == section && str_eq(p->v[i].name, name))
			return &p->v[i];
	return NULL;
}

/* RFC 2231 §3, §4.1: sections in the order of their numbers, however they were sent; a gap ends them. */
static struct str join_sections(struct arena *a, const struct pieces *p, const struct piece *first)
{
	struct str charset = STR_NONE, parts[LIMIT_PARAMS];
	size_t n = 0, total = 0;
	const struct piece *at = first;

	for (int section = first->section; at && n < LIMIT_PARAMS;
	     at = find_section(p, first->name, ++section)) {
		struct str v = at->value;
		if (at->extended)
			v = percent_decode(a, n == 0 ? take_charset(v, &charset) : v);
		total += v.n;
		parts[n++] = v;
		if (section < 0)
			break;
	}
	char *z = arena_alloc(a, total + 1);
	for (size_t i = 0, to = 0; i < n; to += parts[i++].n)
		if (parts[i].n)
			memcpy(z + to, parts[i].p, parts[i].n);
	return charset_to_utf8(a, charset, (struct str){ z, total }, NULL);
}

static struct str value_of(struct arena *a, const struct pieces *p, const struct piece *at)
{
	if (at->section >= 0 || at->extended)
		return join_sections(a, p, at);
	return encoded_word_decode(a, at->value); /* against RFC 2047 §5, and everywhere */
}

static void merge(struct arena *a, const struct pieces *pieces, struct params *out)
{
	for (size_t i = 0; i < pieces->n; i++) {
		const struct piece *at = &pieces->v[i];
		if (at->section > 0)
			continue; /* joined with its section 0 */
		struct str value = value_of(a, pieces, at);
		struct param *known = NULL;
		for (size_t k = 0; k < out->n && !known; k++)
			if (str_eq(out->v[k].name, at->name))
				known = &out->v[k];
		if (!known) {
			struct param p = { at->name, value, at->section < 0 ? at->value : value };
			ARENA_PUSH(a, out, p);
		} else if (!str_eq(known->value, value)) {
			/* The RFC 2231 form wins over a plain fall-back beside it (RFC 6266 §4.3 says the
			 * same). */
			bool fallback = at->section >= 0 || at->extended;
			out->duplicate |= !fallback;
			known->value = fallback ? value : known->value;
		}
	}
}

/* Lower case, comments and white space left out. */
static struct str read_main(struct arena *a, struct cursor *c)
{
	char *z = arena_alloc(a, cursor_left(c) + 1);
	size_t n = 0;

	for (skip_cfws(c); c->at < c->end && *c->at != ';'; skip_cfws(c)) {
		z[n++] = ascii_lower(*c->at);
		c->at++;
	}
	return (struct str){ z, n };
}

struct params params_parse(struct arena *a, struct str value)
{
	struct str s = header_unfold(a, value);
	struct cursor c = cursor_of(s);
	struct params out = { .main = read_main(a, &c) };
	struct pieces pieces = { 0 };
	struct piece piece;

	while (!cursor_done(&c) && pieces.n < LIMIT_PARAMS)
		if (read_piece(a, &c, &piece))
			ARENA_PUSH(a, &pieces, piece);
	merge(a, &pieces, &out);
	return out;
}

static const struct param *find(const struct params *p, struct str name)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->v[i].name, name))
			return &p->v[i];
	return NULL;
}

struct str params_get(const struct params *p, struct str name)
{
	const struct param *at = find(p, name);

	return at ? at->value : STR_NONE;
}

struct str params_get_raw(const struct params *p, struct str name)
{
	const struct param *at = find(p, name);

	return at ? at->raw : STR_NONE;
}

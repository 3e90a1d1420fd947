/* One pass over a value with parameters (RFC 2045 §5.1, RFC 2231 §3). */
#include "mime/param_piece.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/cursor.h"
#include "base/limits.h"

/* Parameters that something here goes by: these are read whatever the count. */
static const struct str known[] = {
	STR_INIT("access-type"), STR_INIT("boundary"), STR_INIT("charset"),    STR_INIT("delsp"),
	STR_INIT("directory"),   STR_INIT("filename"), STR_INIT("format"),     STR_INIT("id"),
	STR_INIT("method"),      STR_INIT("name"),     STR_INIT("number"),     STR_INIT("protocol"),
	STR_INIT("server"),      STR_INIT("site"),     STR_INIT("smime-type"), STR_INIT("total"),
	STR_INIT("url"),
};

static bool is_known(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (str_eq(known[i], name))
			return true;
	return false;
}

/* White space and other controls: folding leaves more than RFC 5322 has. */
static bool is_blank(char c)
{
	return (unsigned char)c <= ' ';
}

static struct str trim(struct str s)
{
	while (s.n && is_blank(s.p[0]))
		s = str_sub(s, 1, s.n);
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

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
		else if (!depth && !is_blank(ch))
			return;
	}
}

/* Whether a parameter begins here: a token and "=". */
static bool is_parameter(struct cursor c)
{
	const char *from = c.at;

	while (c.at < c.end && abnf_is_token((unsigned char)*c.at))
		c.at++;
	return c.at > from && c.at < c.end && *c.at == '=';
}

/* The same for one of known meaning, for want of a ";" before it. */
static bool is_known_parameter(struct cursor c)
{
	char lower[16];
	size_t n = 0;

	while (n < sizeof(lower) && n < cursor_left(&c) &&
	       (abnf_is_alpha((unsigned char)c.at[n]) || c.at[n] == '-')) {
		lower[n] = ascii_lower(c.at[n]);
		n++;
	}
	return n < cursor_left(&c) && (c.at[n] == '=' || c.at[n] == '*') && is_known(str_from(lower, n));
}

static struct str unescape(struct arena *a, struct str s)
{
	if (str_find_char(s, '\\', 0) == SIZE_MAX)
		return s;
	char *z = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		/* Others are left alone: many write paths of Windows. */
		if (s.p[i] == '\\' && i + 1 < s.n && (s.p[i + 1] == '"' || s.p[i + 1] == '\\'))
			i++;
		z[n++] = s.p[i];
	}
	return (struct str){ z, n };
}

/* The string behind an opening quote, and what else some take for it. */
static void read_quoted(struct arena *a, struct cursor *c, struct piece *out)
{
	const char *from = ++c->at;

	while (c->at < c->end && *c->at != '"')
		c->at +=
		    *c->at == '\\' && c->at + 1 < c->end && (c->at[1] == '"' || c->at[1] == '\\') ? 2 : 1;
	struct str inside = str_from(from, (size_t)(c->at - from));
	out->value = unescape(a, inside);
	if (!cursor_char(c, '"')) {
		out->other = trim(str_sub(inside, 0, str_find_char(inside, ';', 0)));
		return;
	}
	from = c->at;
	while (c->at < c->end && *c->at != ';' && !is_blank(*c->at) && *c->at != '(')
		c->at++;
	struct str glued = str_from(from, (size_t)(c->at - from));
	if (glued.n)
		out->other = ARENA_JOIN(a, out->value, glued);
	/*
	 * What is left belongs to nothing, unless the ";" before another parameter was forgotten. Behind a tag it was not:
	 * there, a page has run into the header, and its attributes name no file.
	 */
	bool in_markup = str_find_char(glued, '<', 0) != SIZE_MAX;
	for (; c->at < c->end && *c->at != ';'; c->at++) {
		in_markup |= *c->at == '<';
		if (!in_markup && is_blank(c->at[-1]) && !is_blank(*c->at) && is_parameter(*c))
			return;
	}
}

/*
 * Up to the next ";". White space inside is kept, for "filename=two words.pdf" is common, and so are brackets
 * in the middle; only a comment at the end is taken off: "charset=us-ascii (Plain text)".
 */
static struct str read_bare(struct cursor *c)
{
	const char *from = c->at;
	bool in_markup = false;

	for (; c->at < c->end && *c->at != ';'; c->at++) {
		in_markup |= *c->at == '<';
		if (!in_markup && c->at > from && is_blank(c->at[-1]) && is_known_parameter(*c))
			break;
	}
	struct str s = trim(str_from(from, (size_t)(c->at - from)));
	size_t open = str_ends(s, STR(")")) ? str_rfind_char(s, '(') : SIZE_MAX;
	if (open != SIZE_MAX && (open == 0 || is_blank(s.p[open - 1])))
		s = trim(str_sub(s, 0, open));
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
	if (star != SIZE_MAX && !str_to_u64(str_sub(name, star + 1, name.n), PARAM_SECTIONS - 1, &number)) {
		out->section = (int)number;
		name = str_sub(name, 0, star);
	}
	out->name = arena_lower(a, name);
}

static bool read_piece(struct arena *a, struct cursor *c, struct piece *out)
{
	*out = (struct piece){ .section = -1 };
	skip_cfws(c);
	while (cursor_char(c, ';'))
		skip_cfws(c);
	const char *from = c->at;
	while (c->at < c->end && *c->at != '=' && *c->at != ';')
		c->at++;
	struct str name = trim(str_from(from, (size_t)(c->at - from)));
	if (!cursor_char(c, '='))
		return false;
	split_name(a, name, out);
	skip_cfws(c);
	if (cursor_peek(c) == '"')
		read_quoted(a, c, out);
	else
		out->value = read_bare(c);
	return out->name.n > 0;
}

/* Up to the first ";", or to white space before a parameter whose ";" was forgotten. */
static struct str read_main(struct arena *a, struct cursor *c)
{
	const char *end = memchr(c->at, ';', cursor_left(c));
	char *z = arena_alloc(a, (end ? (size_t)(end - c->at) : cursor_left(c)) + 1);
	size_t n = 0;
	bool after_blank = false;

	for (skip_cfws(c); c->at < c->end && *c->at != ';';) {
		const char *before = c->at + 1;
		if (after_blank && is_parameter(*c))
			break;
		z[n++] = ascii_lower(*c->at++);
		skip_cfws(c);
		after_blank = c->at > before;
	}
	return (struct str){ z, n };
}

struct pieces pieces_read(struct arena *a, struct str value, struct str *main_out)
{
	struct cursor c = cursor_of(value);
	struct pieces out = { 0 };
	size_t plain = 0, meaningful = 0;
	struct piece piece;

	*main_out = cursor_done(&c) ? STR_NONE : read_main(a, &c);
	while (!cursor_done(&c)) {
		if (!read_piece(a, &c, &piece))
			continue;
		bool fits = is_known(piece.name) ? meaningful++ < LIMIT_PARAMS_KNOWN : plain++ < LIMIT_PARAMS;
		out.dropped |= !fits;
		if (fits)
			ARENA_PUSH(a, &out, piece);
	}
	return out;
}

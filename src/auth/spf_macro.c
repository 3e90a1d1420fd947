/*
 * SPF macros (RFC 7208 §7): a text is a run of literals, %%, %_, %- and %{letter, transformers, delimiters}.
 * One reader, `next`, serves both the syntax check and the expansion, so they cannot disagree.
 */
#include "auth/spf_macro.h"

#include <inttypes.h>

#include "base/abnf.h"
#include "base/buf.h"
#include "base/cursor.h"

enum piece_kind { PIECE_LITERAL, PIECE_MACRO };

struct piece {
	enum piece_kind kind;
	struct str literal; /* what stands for itself, also of %%, %_ and %- */
	bool escaped;       /* the literal came from %%, %_ or %-: a macro-expand in the grammar */
	char letter;        /* lower case */
	bool url;           /* the letter was upper case: escape the value */
	bool reverse;
	size_t keep;           /* right-hand parts to keep; 0 = all */
	struct str delimiters; /* "" = "." */
};

static bool is_macro_literal(unsigned char c)
{
	return c >= 0x21 && c <= 0x7e && c != '%';
}

/* Explanations are also allowed spaces (RFC 7208 §6.2). */
static bool is_explanation_literal(unsigned char c)
{
	return c == ' ' || is_macro_literal(c);
}

static bool is_delimiter(unsigned char c)
{
	return c && strchr(".-+,/_=", c);
}

static bool next_braces(struct cursor *c, enum spf_macro_place place, struct piece *out)
{
	int letter = cursor_peek(c);
	uint64_t keep = 0;
	struct str digits;

	if (letter < 0 || !abnf_is_alpha((unsigned char)letter))
		return false;
	c->at++;
	out->letter = ascii_lower((char)letter);
	out->url = out->letter != (char)letter;
	if (!strchr(place == SPF_IN_EXPLANATION ? "slodiphvcrt" : "slodiphv", out->letter))
		return false;
	if (cursor_while(c, abnf_is_digit, 20, &digits))
		return false;
	/* Any number larger than the parts there are keeps them all; zero is forbidden (RFC 7208 §7.1). */
	if (digits.n > 0 && (str_to_u64(digits, UINT64_MAX, &keep) || keep == 0))
		return false;
	out->keep = keep > 253 ? 253 : (size_t)keep;
	out->reverse = cursor_char(c, 'r') || cursor_char(c, 'R');
	if (cursor_while(c, is_delimiter, SPF_EXPANDED_MAX, &out->delimiters))
		return false;
	return cursor_char(c, '}');
}

/* The next piece of a text that is not at its end; false when it breaks the grammar. */
static bool next(struct cursor *c, enum spf_macro_place place, struct piece *out)
{
	char_class_fn *literal = place == SPF_IN_EXPLANATION ? is_explanation_literal : is_macro_literal;

	*out = (struct piece){ .kind = PIECE_LITERAL };
	if (!cursor_char(c, '%'))
		return cursor_while(c, literal, SIZE_MAX, &out->literal) == OK && out->literal.n > 0;
	out->escaped = true;
	if (cursor_char(c, '%'))
		out->literal = STR("%");
	else if (cursor_char(c, '_'))
		out->literal = STR(" ");
	else if (cursor_char(c, '-'))
		out->literal = STR("%20");
	else if (cursor_char(c, '{')) {
		out->kind = PIECE_MACRO;
		return next_braces(c, place, out);
	} else
		return false;
	return true;
}

bool spf_macro_string_ok(struct str text)
{
	struct cursor c = cursor_of(text);
	struct piece piece;

	while (!cursor_done(&c)) {
		/* c, r and t are in the grammar of every macro-string; domain-specs alone forbid them. */
		if (!next(&c, SPF_IN_EXPLANATION, &piece))
			return false;
	}
	return true;
}

/* "." toplabel ["."] at the end of a run of literals (RFC 7208 §7.1). */
static bool ends_in_toplabel(struct str run)
{
	bool alpha_or_dash = false;

	if (str_ends(run, STR(".")))
		run.n--;
	size_t dot = str_rfind_char(run, '.');
	if (dot == SIZE_MAX)
		return false;
	struct str label = str_sub(run, dot + 1, run.n);
	if (label.n == 0 || label.p[0] == '-' || label.p[label.n - 1] == '-')
		return false;
	for (size_t i = 0; i < label.n; i++) {
		if (!abnf_is_ldh((unsigned char)label.p[i]))
			return false;
		alpha_or_dash |= !abnf_is_digit((unsigned char)label.p[i]);
	}
	return alpha_or_dash;
}

bool spf_domain_spec_ok(struct str text)
{
	struct cursor c = cursor_of(text);
	struct piece piece = { 0 };

	if (cursor_done(&c))
		return false;
	while (!cursor_done(&c))
		if (!next(&c, SPF_IN_DOMAIN, &piece))
			return false;
	return piece.kind == PIECE_MACRO || piece.escaped || ends_in_toplabel(piece.literal);
}

/* i: the address in dotted form, nibbles for IPv6 (RFC 7208 §7.3). */
static struct str dotted(struct arena *a, const struct ip *ip)
{
	static const char hex[] = "0123456789ABCDEF";
	char ip4[IP_TEXT_MAX];

	if (ip->family != 6)
		return arena_str(a, ip_text(ip, ip4));
	char *p = arena_alloc(a, 64);
	for (size_t i = 0; i < 16; i++) {
		p[i * 4] = hex[ip->b[i] >> 4];
		p[i * 4 + 1] = '.';
		p[i * 4 + 2] = hex[ip->b[i] & 15];
		p[i * 4 + 3] = '.';
	}
	return (struct str){ p, 63 };
}

static struct str letter_value(struct arena *a, char letter, const struct spf_macro_values *v)
{
	char text[IP_TEXT_MAX];

	switch (letter) {
	case 's':
		return v->sender;
	case 'l':
		return v->local;
	case 'o':
		return v->sender_domain;
	case 'd':
		return v->domain;
	case 'i':
		return dotted(a, &v->ip);
	case 'p':
		return v->validated(v->ctx, v->domain);
	case 'h':
		return v->helo;
	case 'v':
		return v->ip.family == 6 ? STR("ip6") : STR("in-addr");
	case 'c':
		return arena_str(a, ip_text(&v->ip, text));
	case 'r':
		return str_is_empty(v->receiver) ? STR("unknown") : v->receiver;
	default: /* t, the only letter left */
		return arena_printf(a, "%" PRId64, v->now_s);
	}
}

static bool splits(struct str delimiters, char c)
{
	return str_find_char(delimiters.n ? delimiters : STR("."), c, 0) != SIZE_MAX;
}

static void add_part(struct buf *out, struct str part, bool url)
{
	static const char hex[] = "0123456789ABCDEF";

	if (!url) {
		buf_add(out, part);
		return;
	}
	for (size_t i = 0; i < part.n; i++) {
		unsigned char c = (unsigned char)part.p[i];
		if (abnf_is_alnum(c) || (c && strchr("-._~", c))) { /* unreserved, RFC 3986 §2.3 */
			buf_add_char(out, (char)c);
			continue;
		}
		buf_add_char(out, '%');
		buf_add_char(out, hex[c >> 4]);
		buf_add_char(out, hex[c & 15]);
	}
}

/* Splits, reverses, keeps the right-hand parts and joins with dots (RFC 7208 §7.3). */
static void add_value(struct arena *a, struct buf *out, const struct piece *piece, struct str value)
{
	struct strs parts = { 0 };
	size_t from = 0;

	if (!piece->keep && !piece->reverse && piece->delimiters.n == 0) {
		add_part(out, value, piece->url);
		return;
	}
	for (size_t i = 0; i <= value.n; i++) {
		if (i < value.n && !splits(piece->delimiters, value.p[i]))
			continue;
		struct str part = str_sub(value, from, i);
		ARENA_PUSH(a, &parts, part);
		from = i + 1;
	}
	for (size_t i = 0; piece->reverse && i < parts.n / 2; i++) {
		struct str other = parts.v[parts.n - 1 - i];
		parts.v[parts.n - 1 - i] = parts.v[i];
		parts.v[i] = other;
	}
	size_t first = piece->keep && piece->keep < parts.n ? parts.n - piece->keep : 0;
	for (size_t i = first; i < parts.n; i++) {
		if (i > first)
			buf_add_char(out, '.');
		add_part(out, parts.v[i], piece->url);
	}
}

enum err spf_macro_expand(struct arena *a, struct str text, enum spf_macro_place place,
			  const struct spf_macro_values *values, struct str *out)
{
	struct cursor c = cursor_of(text);
	struct piece piece;
	struct buf b;
	enum err e = OK;

	buf_init(&b, SPF_EXPANDED_MAX);
	while (!e && !cursor_done(&c)) {
		if (!next(&c, place, &piece))
			e = ERR_SYNTAX;
		else if (piece.kind == PIECE_LITERAL)
			buf_add(&b, piece.literal);
		else
			add_value(a, &b, &piece, letter_value(a, piece.letter, values));
		if (!e && !buf_ok(&b))
			e = ERR_LIMIT;
	}
	if (!e)
		*out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return e;
}

enum err spf_domain_expand(struct arena *a, struct str spec, const struct spf_macro_values *values,
			   struct str *out)
{
	struct str name;
	enum err e = spf_macro_expand(a, spec, SPF_IN_DOMAIN, values, &name);

	if (e)
		return e;
	if (str_ends(name, STR(".")))
		name.n--;
	while (name.n > 253) {
		size_t dot = str_find_char(name, '.', 0);
		if (dot == SIZE_MAX)
			break;
		name = str_sub(name, dot + 1, name.n);
	}
	*out = name;
	return OK;
}

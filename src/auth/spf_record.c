/*
 * SPF records into terms (RFC 7208 §4.6.1, RFC 7208 §5, RFC 7208 §6). What each mechanism may carry is a
 * table.
 */
#include "auth/spf_record.h"

#include "auth/spf_macro.h"
#include "base/abnf.h"
#include "base/cursor.h"

#define SPF_TERMS_MAX 500 /* a record of LIMIT_ASK_RECORD bytes holds fewer useful ones */

enum domain_rule { DOMAIN_NONE, DOMAIN_OPTIONAL, DOMAIN_REQUIRED, DOMAIN_IS_NETWORK };

static const struct mechanism_row {
	struct str name;
	enum spf_mechanism mechanism;
	enum domain_rule domain;
	bool cidr; /* a dual-cidr-length may follow */
} mechanisms[] = {
	{ STR_INIT("all"), SPF_ALL, DOMAIN_NONE, false },
	{ STR_INIT("include"), SPF_INCLUDE, DOMAIN_REQUIRED, false },
	{ STR_INIT("a"), SPF_A, DOMAIN_OPTIONAL, true },
	{ STR_INIT("mx"), SPF_MX, DOMAIN_OPTIONAL, true },
	{ STR_INIT("ptr"), SPF_PTR, DOMAIN_OPTIONAL, false },
	{ STR_INIT("ip4"), SPF_IP4, DOMAIN_IS_NETWORK, false },
	{ STR_INIT("ip6"), SPF_IP6, DOMAIN_IS_NETWORK, false },
	{ STR_INIT("exists"), SPF_EXISTS, DOMAIN_REQUIRED, false },
};

static const struct str version = STR_INIT("v=spf1");

bool spf_record_is(struct str txt)
{
	return str_starts_nocase(txt, version) && (txt.n == version.n || txt.p[version.n] == ' ');
}

/* name of a mechanism or modifier (RFC 7208 §4.6.1) */
static bool is_name(unsigned char c)
{
	return abnf_is_alnum(c) || c == '-' || c == '_' || c == '.';
}

static enum err wrong(struct errbuf *eb, const char *what, struct str term)
{
	return err_set(eb, ERR_SYNTAX, "%s in \"%.*s\"", what, STR_ARG(str_sub(term, 0, 100)));
}

/* Decimal without leading zeros, at most max. */
static bool prefix_length(struct str digits, unsigned max, uint8_t *out)
{
	uint64_t bits;

	if (digits.n == 0 || digits.n > 3 || (digits.n > 1 && digits.p[0] == '0'))
		return false;
	if (str_to_u64(digits, max, &bits))
		return false;
	*out = (uint8_t)bits;
	return true;
}

/* Takes "/digits" off the end of *s. False when there is none; *digits may still be out of range. */
static bool take_slash_digits(struct str *s, struct str *digits)
{
	size_t slash = str_rfind_char(*s, '/');

	if (slash == SIZE_MAX || slash + 1 == s->n)
		return false;
	for (size_t i = slash + 1; i < s->n; i++)
		if (!abnf_is_digit((unsigned char)s->p[i]))
			return false;
	*digits = str_sub(*s, slash + 1, s->n);
	s->n = slash;
	return true;
}

/* [ "/" ip4-cidr ] [ "//" ip6-cidr ], read from the end because a domain-spec may hold slashes. */
static bool take_dual_cidr(struct str *s, struct spf_term *term)
{
	struct str digits, rest = *s;

	if (!take_slash_digits(&rest, &digits))
		return true;
	if (str_ends(rest, STR("/"))) {
		rest.n--;
		if (!prefix_length(digits, 128, &term->bits6))
			return false;
		*s = rest;
		if (!take_slash_digits(&rest, &digits))
			return true;
	}
	if (!prefix_length(digits, 32, &term->bits4))
		return false;
	*s = rest;
	return true;
}

static enum err parse_network(struct str arg, struct spf_term *term, struct errbuf *eb)
{
	unsigned max = term->mechanism == SPF_IP4 ? 32 : 128;
	struct str network, digits;

	if (!str_starts(arg, STR(":")))
		return wrong(eb, "no address", term->text);
	network = str_sub(arg, 1, arg.n);
	term->block.bits = (uint8_t)max;
	if (take_slash_digits(&network, &digits) && !prefix_length(digits, max, &term->block.bits))
		return wrong(eb, "bad prefix length", term->text);
	if (ip_parse(network, &term->block.ip) ||
	    term->block.ip.family != (term->mechanism == SPF_IP4 ? 4 : 6))
		return wrong(eb, "bad address", term->text);
	return OK;
}

static enum err parse_argument(const struct mechanism_row *row, struct str arg, struct spf_term *term,
			       struct errbuf *eb)
{
	if (row->domain == DOMAIN_IS_NETWORK)
		return parse_network(arg, term, eb);
	if (row->cidr && !take_dual_cidr(&arg, term))
		return wrong(eb, "bad prefix length", term->text);
	if (row->domain == DOMAIN_NONE || arg.n == 0) {
		if (arg.n > 0)
			return wrong(eb, "unexpected argument", term->text);
		return row->domain == DOMAIN_REQUIRED ? wrong(eb, "no domain", term->text) : OK;
	}
	if (arg.p[0] != ':')
		return wrong(eb, "unexpected argument", term->text);
	term->domain = str_sub(arg, 1, arg.n);
	return spf_domain_spec_ok(term->domain) ? OK : wrong(eb, "bad domain", term->text);
}

static enum err parse_directive(struct arena *a, struct str text, struct spf_record *out, struct errbuf *eb)
{
	static const struct {
		char c;
		enum spf_result result;
	} qualifiers[] = {
		{ '+', SPF_PASS }, { '-', SPF_FAIL }, { '~', SPF_SOFTFAIL }, { '?', SPF_NEUTRAL }
	};
	struct spf_term term = { .qualifier = SPF_PASS, .bits4 = 32, .bits6 = 128, .text = text };
	struct cursor c = cursor_of(text);
	struct str name;
	enum err e;

	for (size_t i = 0; i < ARRAY_LEN(qualifiers); i++)
		if (cursor_char(&c, qualifiers[i].c)) {
			term.qualifier = qualifiers[i].result;
			break;
		}
	if (cursor_while(&c, is_name, SIZE_MAX, &name))
		return ERR_BUG;
	for (size_t i = 0; i < ARRAY_LEN(mechanisms); i++) {
		if (!str_eq_nocase(name, mechanisms[i].name))
			continue;
		term.mechanism = mechanisms[i].mechanism;
		e = parse_argument(&mechanisms[i], cursor_rest(&c), &term, eb);
		if (!e)
			ARENA_PUSH(a, &out->terms, term);
		return e;
	}
	return wrong(eb, "unknown mechanism", text);
}

/* name "=" value; ERR_ABSENT when the term is no modifier. */
static enum err parse_modifier(struct str text, struct spf_record *out, struct errbuf *eb)
{
	struct cursor c = cursor_of(text);
	struct str name, value, *known = NULL;

	if (!abnf_is_alpha((unsigned char)text.p[0]) || cursor_while(&c, is_name, SIZE_MAX, &name) ||
	    !cursor_char(&c, '='))
		return ERR_ABSENT;
	value = cursor_rest(&c);
	if (str_eq_nocase(name, STR("redirect")))
		known = &out->redirect;
	else if (str_eq_nocase(name, STR("exp")))
		known = &out->exp;
	if (!known) /* unknown modifiers are ignored, but must be well-formed (RFC 7208 §6) */
		return spf_macro_string_ok(value) ? OK : wrong(eb, "bad macro", text);
	if (known->n > 0)
		return wrong(eb, "a second modifier of the same name", text);
	if (!spf_domain_spec_ok(value))
		return wrong(eb, "bad domain", text);
	*known = value;
	return OK;
}

enum err spf_record_parse(struct arena *a, struct str text, struct spf_record *out, struct errbuf *eb)
{
	*out = (struct spf_record){ 0 };
	if (!spf_record_is(text))
		return err_set(eb, ERR_SYNTAX, "not an SPF record");
	for (size_t at = version.n, terms = 0; at < text.n;) {
		size_t end = str_find_char(text, ' ', at);
		struct str term = str_sub(text, at, end == SIZE_MAX ? text.n : end);
		at += term.n + 1;
		if (term.n == 0)
			continue;
		if (++terms > SPF_TERMS_MAX)
			return err_set(eb, ERR_SYNTAX, "more than %d terms", SPF_TERMS_MAX);
		enum err e = parse_modifier(term, out, eb);
		if (e == ERR_ABSENT)
			e = parse_directive(a, term, out, eb);
		if (e)
			return e;
	}
	return OK;
}

/* Paths and parameters of SMTP commands. */
#include "smtp/path.h"

#include "base/abnf.h"
#include "base/ip.h"
#include "base/utf8.h"

#define LABEL_MAX 63 /* RFC 1035 §2.3.4 */

static bool is_beyond_ascii(unsigned char c)
{
	return c >= 0x80;
}

static bool is_atext(unsigned char c)
{
	return abnf_is_atext(c) || is_beyond_ascii(c);
}

static bool is_label(unsigned char c)
{
	return abnf_is_ldh(c) || is_beyond_ascii(c);
}

/* qtextSMTP: no quote, no backslash, no control characters. */
static bool is_qtext(unsigned char c)
{
	return (c >= 32 && c < 127 && c != '"' && c != '\\') || is_beyond_ascii(c);
}

/* Dot-string = Atom *("." Atom), or sub-domains in the same shape. */
static bool skip_dotted(struct cursor *c, char_class_fn *class, size_t part_max)
{
	struct str part;

	do {
		if (cursor_while(c, class, part_max, &part) || part.n == 0)
			return false;
	} while (cursor_char(c, '.'));
	return true;
}

static bool skip_quoted(struct cursor *c)
{
	while (!cursor_done(c)) {
		unsigned char at = (unsigned char)*c->at++;
		if (at == '"')
			return true;
		if (at == '\\') {
			if (cursor_done(c) || *c->at < ' ' || *c->at == 127)
				return false;
			c->at++;
		} else if (!is_qtext(at)) {
			return false;
		}
	}
	return false;
}

/* sub-domain = Let-dig [Ldh-str]: no hyphen at either end of a label. */
static bool has_bad_hyphen(struct str domain)
{
	for (size_t i = 0; i < domain.n; i++) {
		bool edge = i == 0 || i + 1 == domain.n || domain.p[i - 1] == '.' || domain.p[i + 1] == '.';
		if (domain.p[i] == '-' && edge)
			return true;
	}
	return false;
}

static enum err skip_domain(struct cursor *c)
{
	const char *start = c->at;

	if (!skip_dotted(c, is_label, LABEL_MAX))
		return ERR_SYNTAX;
	struct str domain = str_from(start, (size_t)(c->at - start));
	if (has_bad_hyphen(domain))
		return ERR_SYNTAX;
	return domain.n > SMTP_DOMAIN_MAX ? ERR_LIMIT : OK;
}

/* address-literal: IPv4 or "IPv6:" and one; no other tag was ever registered (RFC 5321 §4.1.3). */
static enum err skip_literal(struct cursor *c)
{
	struct str text;
	struct ip ip;

	if (cursor_until(c, ']', IP_TEXT_MAX + 5, &text))
		return ERR_SYNTAX;
	c->at++;
	bool v6 = str_starts_nocase(text, STR("IPv6:"));
	if (ip_parse(v6 ? str_sub(text, 5, text.n) : text, &ip) || ip.family != (v6 ? 6 : 4))
		return ERR_SYNTAX;
	return OK;
}

static enum err skip_local(struct cursor *c)
{
	return (cursor_char(c, '"') ? skip_quoted(c) : skip_dotted(c, is_atext, SIZE_MAX)) ? OK : ERR_SYNTAX;
}

/* A-d-l ":", where A-d-l = At-domain *( "," At-domain ) */
static enum err skip_route(struct cursor *c)
{
	if (cursor_peek(c) != '@')
		return OK;
	do {
		enum err e = cursor_char(c, '@') ? skip_domain(c) : ERR_SYNTAX;
		if (e)
			return e;
	} while (cursor_char(c, ','));
	return cursor_char(c, ':') ? OK : ERR_SYNTAX;
}

static enum err parse_mailbox(struct cursor *c, enum smtp_path_kind kind, struct smtp_path *out)
{
	const char *start = c->at;
	enum err e = skip_local(c);

	if (e)
		return e;
	struct str local = str_from(start, (size_t)(c->at - start));
	if (cursor_char(c, '@'))
		e = cursor_char(c, '[') ? skip_literal(c) : skip_domain(c);
	else if (kind != SMTP_PATH_RECIPIENT || !str_eq_nocase(local, STR("postmaster")))
		e = ERR_SYNTAX;
	out->address = str_from(start, (size_t)(c->at - start));
	return e;
}

enum err smtp_path_parse(struct cursor *cursor, enum smtp_path_kind kind, struct smtp_path *out)
{
	struct cursor c = *cursor;
	enum err e;

	*out = (struct smtp_path){ .address = STR("") };
	if (!cursor_char(&c, '<'))
		return ERR_SYNTAX;
	if (kind == SMTP_PATH_RECIPIENT || cursor_peek(&c) != '>') {
		e = skip_route(&c);
		if (!e)
			e = parse_mailbox(&c, kind, out);
		if (e)
			return e;
	}
	if (!cursor_char(&c, '>'))
		return ERR_SYNTAX;
	if (out->address.n + 2 > SMTP_PATH_MAX)
		return ERR_LIMIT;
	for (size_t i = 0; i < out->address.n; i++)
		out->utf8 |= is_beyond_ascii((unsigned char)out->address.p[i]);
	if (out->utf8 && !utf8_is_valid(out->address))
		return ERR_SYNTAX;
	*cursor = c;
	return OK;
}

/* esmtp-value = 1*(%d33-60 / %d62-126), and UTF-8 (RFC 6531 §3.3) */
static bool is_value(unsigned char c)
{
	return (abnf_is_vchar(c) && c != '=') || is_beyond_ascii(c);
}

enum err smtp_param_next(struct cursor *c, struct smtp_param *out)
{
	*out = (struct smtp_param){ .has_value = false };
	if (cursor_done(c))
		return ERR_ABSENT;
	if (!cursor_char(c, ' '))
		return ERR_SYNTAX;
	while (cursor_char(c, ' '))
		; /* more than one is no harm */
	/* esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-") */
	if (cursor_while(c, abnf_is_ldh, SIZE_MAX, &out->key) || out->key.n == 0 || out->key.p[0] == '-')
		return ERR_SYNTAX;
	out->has_value = cursor_char(c, '=');
	if (out->has_value && (cursor_while(c, is_value, SIZE_MAX, &out->value) || out->value.n == 0))
		return ERR_SYNTAX;
	return OK;
}

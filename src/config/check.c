/* Checks a value against its row of the table and puts it into its place. */
#include "config/internal.h"

#include "base/abnf.h"
#include "config/endpoint.h"

static void *member(struct config *c, const struct setting *s)
{
	return (char *)c + s->offset;
}

static bool is_printable(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char b = (unsigned char)s.p[i];

		if (b < 0x20 || b == 0x7f)
			return false;
	}
	return true;
}

static bool is_path(struct str s)
{
	return str_is_empty(s) || s.p[0] == '/';
}

/* Letters, digits, hyphens and dots; no empty label (RFC 5321 §4.1.2, without address literals). */
static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		bool dot = s.p[i] == '.';

		if (!dot && !abnf_is_ldh((unsigned char)s.p[i]))
			return false;
		if (dot && (i == 0 || i + 1 == s.n || s.p[i + 1] == '.'))
			return false;
	}
	return true;
}

static bool is_mailbox(struct str s)
{
	size_t at = str_rfind_char(s, '@');

	for (size_t i = 0; i < s.n; i++)
		if (strchr(" <>", s.p[i]))
			return false;
	return str_is_empty(s) ||
	       (at != SIZE_MAX && at > 0 && at + 1 < s.n && is_name(str_sub(s, at + 1, s.n)));
}

/* "X-" and a hyphen at the end keep our fields apart from everybody's. */
static bool is_prefix(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!abnf_is_ldh((unsigned char)s.p[i]))
			return false;
	}
	return str_starts_nocase(s, STR("X-")) && s.p[s.n - 1] == '-';
}

static const char *objection_to_listen(struct str s)
{
	struct str rest = s, word;
	struct endpoint e;
	size_t n = 0;

	while (endpoint_next(&rest, &word)) {
		if (endpoint_parse(word, &e) != OK)
			return "is not ADDR:PORT";
		n++;
	}
	return n == 0 ? "names no ADDR:PORT" : n > ENDPOINTS_MAX ? "has too many addresses" : NULL;
}

static bool is_servers(struct str s)
{
	struct str rest = s, word;
	struct ip ip;
	uint64_t port;

	while (endpoint_next(&rest, &word)) {
		size_t at = str_find_char(word, '@', 0);

		if (at != SIZE_MAX && str_to_u64(str_sub(word, at + 1, word.n), 65535, &port) != OK)
			return false;
		if (ip_parse(str_sub(word, 0, at == SIZE_MAX ? word.n : at), &ip) != OK)
			return false;
	}
	return true;
}

static bool is_blocks(struct str s)
{
	struct str rest = s, word;
	struct ip_block block;

	while (endpoint_next(&rest, &word)) {
		if (ip_block_parse(word, &block) != OK)
			return false;
	}
	return true;
}

/* Of characters that stand for themselves wherever a URL may stand: in attributes without quotes and in plain text. */
static bool is_base(struct str s)
{
	size_t scheme = str_starts(s, STR("https://")) ? 8 : str_starts(s, STR("http://")) ? 7 : SIZE_MAX;

	if (str_is_empty(s))
		return true;
	for (size_t i = scheme; i < s.n; i++)
		if (!abnf_is_ldh((unsigned char)s.p[i]) && !strchr(".:/_~[]", s.p[i]))
			return false;
	return s.n > scheme && s.p[scheme] != '/' && s.p[s.n - 1] != '/';
}

/* What the value should have been, or NULL when it is fine. */
static const char *objection(const struct setting *s, struct str value)
{
	struct milter_endpoint milter;

	if (!is_printable(value))
		return "holds a control character";
	switch (s->kind) {
	case SETTING_TEXT:
		return NULL;
	case SETTING_PATH:
		return is_path(value) ? NULL : "is not an absolute path";
	case SETTING_NAME:
		return is_name(value) ? NULL : "is not a host name";
	case SETTING_MAILBOX:
		return is_mailbox(value) ? NULL : "is not an e-mail address";
	case SETTING_PREFIX:
		return is_prefix(value) ? NULL : "does not begin with X- and end with a hyphen";
	case SETTING_WORD:
		return enum_value(s->words, value) >= 0 ? NULL : "is none of:";
	case SETTING_LISTEN:
		return objection_to_listen(value);
	case SETTING_MILTER:
		return value.n == 0 || milter_endpoint_parse(value, &milter) == OK
			   ? NULL
			   : "is neither unix:/path nor inet:PORT@ADDR nor inet6:PORT@ADDR";
	case SETTING_SERVERS:
		return is_servers(value) ? NULL : "is not an address, or ADDR@PORT";
	case SETTING_BASE:
		return is_base(value) ? NULL : "is not https://HOST, with a port or path or without";
	case SETTING_BLOCKS:
		return is_blocks(value) ? NULL
					: "is not an address, or ADDR/BITS without bits behind its prefix";
	case SETTING_BOOL:
	case SETTING_INT:
		break;
	}
	return "is not a text";
}

struct str setting_words(struct arena *a, const struct setting *s)
{
	struct str all = STR("");

	for (int i = 0; i < s->words->n; i++)
		all = arena_printf(a, "%.*s %.*s", STR_ARG(all), STR_ARG(s->words->texts[i]));
	return all;
}

enum err setting_set_text(struct config *c, struct arena *a, const struct setting *s, struct str value,
			  struct errbuf *eb)
{
	if ((int64_t)value.n < s->min || (int64_t)value.n > s->max)
		return err_set(eb, ERR_LIMIT, "%lld to %lld bytes, not %zu", (long long)s->min,
			       (long long)s->max, value.n);
	const char *why = objection(s, value);
	struct str words = why && s->kind == SETTING_WORD ? setting_words(a, s) : STR("");

	if (why)
		return err_set(eb, ERR_SYNTAX, "\"%.*s\" %s%.*s", STR_ARG(value), why, STR_ARG(words));
	if (s->kind == SETTING_WORD)
		*(int *)member(c, s) = enum_value(s->words, value);
	else
		*(const char **)member(c, s) = arena_strndup(a, value.p, value.n);
	return OK;
}

enum err setting_set_int(struct config *c, const struct setting *s, int64_t value, struct errbuf *eb)
{
	if (value < s->min || value > s->max)
		return err_set(eb, ERR_LIMIT, "%lld to %lld, not %lld", (long long)s->min, (long long)s->max,
			       (long long)value);
	*(int64_t *)member(c, s) = value;
	return OK;
}

void setting_set_bool(struct config *c, const struct setting *s, bool value)
{
	*(bool *)member(c, s) = value;
}

/* Reading Authentication-Results (RFC 8601 §2.2), leniently. */
#include "auth/authres.h"

#include "base/abnf.h"
#include "base/cursor.h"

/* Skips white space and comments; the first comment's text is kept where wanted and none was before. */
static void skip_cfws(struct cursor *c, struct str *comment)
{
	while (!cursor_done(c)) {
		if (abnf_is_fws((unsigned char)*c->at)) {
			c->at++;
			continue;
		}
		if (*c->at != '(')
			return;
		const char *from = c->at + 1;
		int depth = 0;
		for (; c->at < c->end; c->at++) {
			if (*c->at == '\\' && c->at + 1 < c->end)
				c->at++;
			else if (*c->at == '(')
				depth++;
			else if (*c->at == ')' && --depth == 0)
				break;
		}
		if (comment && comment->n == 0)
			*comment = str_trim(str_from(from, (size_t)(c->at - from)));
		(void)cursor_char(c, ')');
	}
}

static bool is_word(unsigned char c)
{
	return !abnf_is_fws(c) && !strchr(";=()\"", c);
}

/* Values also hold "=": base64 in header.b */
static bool is_value(unsigned char c)
{
	return !abnf_is_fws(c) && !strchr(";()\"", c);
}

/* A quoted-string without its quotes and backslashes; c stands at the quote. One that is never closed ends with c. */
static struct str quoted(struct arena *a, struct cursor *c)
{
	const char *from = ++c->at;
	bool escapes = false;

	for (; c->at < c->end && *c->at != '"'; c->at++)
		if (*c->at == '\\' && c->at + 1 < c->end) {
			escapes = true;
			c->at++;
		}
	struct str text = str_from(from, (size_t)(c->at - from));
	(void)cursor_char(c, '"');
	if (!escapes)
		return text;
	char *p = arena_alloc(a, text.n);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\\' && i + 1 < text.n)
			i++;
		p[n++] = text.p[i];
	}
	return (struct str){ p, n };
}

/* A quoted-string, a run of value characters, or both together as in "a b"@x.test. */
static struct str read_value(struct arena *a, struct cursor *c, char_class_fn *class)
{
	struct str run, head;

	skip_cfws(c, NULL);
	if (cursor_peek(c) != '"')
		return cursor_while(c, class, SIZE_MAX, &run) ? STR_NONE : run;
	head = quoted(a, c);
	if (cursor_while(c, class, SIZE_MAX, &run) || run.n == 0)
		return head;
	return ARENA_JOIN(a, head, run);
}

/*
 * A name before "=": of a method with its version behind a slash, or of a property behind its type and a dot,
 * with comments anywhere between. second: what stood behind a separator that stood alone. False without "=".
 */
static bool read_key(struct cursor *c, struct str *name, struct str *second)
{
	*second = STR("");
	if (cursor_while(c, is_word, SIZE_MAX, name) || name->n == 0)
		return false;
	skip_cfws(c, NULL);
	if (cursor_char(c, '/') || cursor_char(c, '.')) {
		skip_cfws(c, NULL);
		if (cursor_while(c, is_word, SIZE_MAX, second))
			return false;
		skip_cfws(c, NULL);
	}
	return cursor_char(c, '=');
}

static void read_property(struct arena *a, struct cursor *c, struct authres_method *m)
{
	struct authres_property p = { 0 };
	struct str second;

	if (!read_key(c, &p.name, &second)) {
		if (p.name.n == 0 && !cursor_done(c) && cursor_peek(c) != ';')
			c->at++; /* a character that begins nothing */
		return;
	}
	p.value = read_value(a, c, is_value);
	if (str_eq_nocase(p.name, STR("reason")) && m->reason.n == 0) {
		m->reason = p.value;
		return;
	}
	size_t dot = str_find_char(p.name, '.', 0);
	if (second.n == 0 && dot != SIZE_MAX)
		second = str_sub(p.name, dot + 1, p.name.n);
	if (second.n > 0) {
		p.type = arena_lower(a, str_sub(p.name, 0, dot));
		p.name = second;
	}
	p.name = arena_lower(a, p.name);
	if (m->properties.n < AUTHRES_PROPERTIES_MAX)
		ARENA_PUSH(a, &m->properties, p);
}

/* The name before a slash, and whether what follows it, there or apart, is the version we know. */
static bool is_known_version(struct str *name, struct str apart)
{
	size_t slash = str_find_char(*name, '/', 0);
	struct str version = slash == SIZE_MAX ? apart : str_sub(*name, slash + 1, name->n);

	*name = str_sub(*name, 0, slash);
	if (slash != SIZE_MAX && version.n == 0)
		version = apart;
	return version.n == 0 || str_eq(version, STR("1"));
}

/* One resinfo, up to the next ";". Left out when it has no "=". */
static void read_method(struct arena *a, struct cursor *c, struct authres *out)
{
	struct authres_method m = { 0 };
	struct str name, version;

	skip_cfws(c, NULL);
	if (read_key(c, &name, &version)) {
		bool known = is_known_version(&name, version);
		m.method = arena_lower(a, name);
		m.result = arena_lower(a, read_value(a, c, is_value));
		skip_cfws(c, &m.comment);
		while (!cursor_done(c) && cursor_peek(c) != ';') {
			read_property(a, c, &m);
			skip_cfws(c, &m.comment);
		}
		if (known && m.method.n > 0 && m.result.n > 0 && out->methods.n < AUTHRES_METHODS_MAX)
			ARENA_PUSH(a, &out->methods, m);
	}
	while (!cursor_done(c) && cursor_peek(c) != ';') {
		if (cursor_peek(c) == '"')
			(void)quoted(a, c);
		else if (cursor_peek(c) == '(')
			skip_cfws(c, NULL);
		else
			c->at++;
	}
}

enum err authres_parse(struct arena *a, struct str value, struct authres *out)
{
	struct cursor c = cursor_of(value), id;
	struct str version;

	*out = (struct authres){ 0 };
	skip_cfws(&c, NULL);
	id = c;
	out->authserv_id = arena_lower(a, read_value(a, &c, is_word));
	skip_cfws(&c, NULL);
	if (cursor_peek(&c) == '=') { /* no authserv-id: the first word was a method */
		out->authserv_id = STR("");
		c = id;
		read_method(a, &c, out);
	} else if (!cursor_while(&c, abnf_is_digit, 20, &version) && version.n > 0 &&
		   !str_eq(version, STR("1"))) {
		return ERR_SYNTAX;
	}
	while (!cursor_done(&c)) {
		if (!cursor_char(&c, ';'))
			c.at++;
		else
			read_method(a, &c, out);
	}
	return out->authserv_id.n > 0 || out->methods.n > 0 ? OK : ERR_SYNTAX;
}

struct str authres_property(const struct authres_method *m, struct str type, struct str name)
{
	for (size_t i = 0; i < m->properties.n; i++)
		if (str_eq(m->properties.v[i].type, type) && str_eq(m->properties.v[i].name, name))
			return m->properties.v[i].value;
	return STR("");
}

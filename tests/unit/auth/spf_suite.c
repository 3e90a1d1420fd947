/* Reads the RFC 7208 test suite. */
#include "spf_suite.h"

#include "base/abnf.h"

struct line {
	size_t indent;
	struct str text; /* without indent */
};

struct reader {
	struct arena *a;
	struct str text;
	size_t at;
};

static bool next_line(struct reader *r, struct line *out)
{
	if (r->at >= r->text.n)
		return false;
	size_t end = str_find_char(r->text, '\n', r->at);
	struct str s = str_sub(r->text, r->at, end == SIZE_MAX ? r->text.n : end);
	r->at += s.n + 1;
	out->indent = 0;
	while (out->indent < s.n && s.p[out->indent] == ' ')
		out->indent++;
	out->text = str_trim(str_sub(s, out->indent, s.n));
	return true;
}

/* The character an escape stands for; moves *i to its last byte. */
static char unescape(struct str s, size_t *i)
{
	char c = s.p[++*i];

	if (c == 'x') {
		c = (char)(abnf_hex_value((unsigned char)s.p[*i + 1]) * 16 +
			   abnf_hex_value((unsigned char)s.p[*i + 2]));
		*i += 2;
	} else if (c == '0')
		c = 0;
	return c;
}

/* One scalar at *at, up to a stop character outside quotes or the end; *at moves behind it. */
static struct str scalar(struct arena *a, struct str s, size_t *at, const char *stops)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0, i = *at;

	while (i < s.n && s.p[i] == ' ')
		i++;
	char quote = i < s.n && (s.p[i] == '"' || s.p[i] == '\'') ? s.p[i] : 0;
	if (quote) {
		for (i++; i < s.n && s.p[i] != quote; i++)
			out[n++] = quote == '"' && s.p[i] == '\\' ? unescape(s, &i) : s.p[i];
		*at = i + 1;
		return (struct str){ out, n };
	}
	for (; i < s.n && !strchr(stops, s.p[i]); i++)
		out[n++] = s.p[i];
	*at = i;
	return str_trim((struct str){ out, n });
}

/* A scalar, or a flow sequence of them. */
static struct strs values(struct arena *a, struct str s)
{
	struct strs list = { 0 };
	size_t at = 0;

	if (!str_starts(s, STR("["))) {
		struct str one = scalar(a, s, &at, "");
		ARENA_PUSH(a, &list, one);
		return list;
	}
	at = 1;
	while (at < s.n && s.p[at] != ']') {
		struct str one = scalar(a, s, &at, ",]");
		while (at < s.n && (s.p[at] == ' ' || s.p[at] == ','))
			at++;
		if (one.n > 0 || at < s.n - 1 || list.n > 0)
			ARENA_PUSH(a, &list, one);
	}
	return list;
}

/* "key: value"; the colon that ends a key is followed by a space or the end. */
static struct str key_of(struct arena *a, struct str s, struct str *value)
{
	size_t at = 0;

	if (s.n > 0 && (s.p[0] == '"' || s.p[0] == '\'')) {
		struct str key = scalar(a, s, &at, "");
		*value = str_trim(str_sub(s, at + 1, s.n));
		return key;
	}
	for (at = 0; at < s.n; at++)
		if (s.p[at] == ':' && (at + 1 == s.n || s.p[at + 1] == ' '))
			break;
	*value = str_trim(str_sub(s, at + 1, s.n));
	return str_sub(s, 0, at);
}

static struct str join(struct arena *a, struct strs list)
{
	struct str all = STR("");

	for (size_t i = 0; i < list.n; i++) {
		char *p = arena_alloc(a, all.n + list.v[i].n + 1);
		memcpy(p, all.p, all.n);
		memcpy(p + all.n, list.v[i].p, list.v[i].n);
		all = (struct str){ p, all.n + list.v[i].n };
	}
	return all;
}

/* Records of one name as the file lists them; SPF stands for TXT too unless TXT is listed (the suite's
 * README). */
struct owner {
	struct str name;
	struct strs spf, txt;
	bool has_txt;
};

static void end_owner(struct arena *a, struct zone *z, struct owner *o)
{
	const struct strs *txt = o->has_txt ? &o->txt : &o->spf;

	for (size_t i = 0; i < txt->n; i++)
		zone_add(a, z, o->name, RR_TXT, txt->v[i]);
	if (txt->n == 0 && o->name.n > 0 && (o->has_txt || o->spf.n > 0))
		zone_add(a, z, o->name, 99, STR(""));
	*o = (struct owner){ 0 };
}

static void add_record(struct arena *a, struct zone *z, struct owner *o, struct str item)
{
	struct str value, type = key_of(a, item, &value), all;

	if (str_eq(item, STR("TIMEOUT"))) {
		zone_silence(a, z, o->name);
		return;
	}
	struct strs list = values(a, value);
	all = join(a, list);
	if (str_eq(type, STR("SPF")))
		ARENA_PUSH(a, &o->spf, all);
	else if (str_eq(type, STR("TXT"))) {
		o->has_txt = true;
		if (!str_eq(value, STR("NONE")))
			ARENA_PUSH(a, &o->txt, all);
	} else if (str_eq(type, STR("MX"))) {
		uint64_t preference = 0;
		ASSERT(list.n == 2 && str_to_u64(list.v[0], 65535, &preference) == OK);
		zone_add_mx(a, z, o->name, (uint16_t)preference, list.v[1]);
	} else if (str_eq(type, STR("A")) || str_eq(type, STR("AAAA")))
		zone_add_address(a, z, o->name, all);
	else {
		if (str_ends(all, STR(".")))
			all.n--;
		ASSERT(str_eq(type, STR("PTR")) || str_eq(type, STR("CNAME")));
		zone_add(a, z, o->name, str_eq(type, STR("PTR")) ? RR_PTR : ZONE_CNAME, arena_lower(a, all));
	}
}

static void set_case(struct arena *a, struct spf_case *c, struct str key, struct str value)
{
	if (str_eq(key, STR("helo")))
		c->helo = values(a, value).v[0];
	else if (str_eq(key, STR("host")))
		c->host = values(a, value).v[0];
	else if (str_eq(key, STR("mailfrom")))
		c->mail_from = values(a, value).v[0];
	else if (str_eq(key, STR("explanation")))
		c->explanation = values(a, value).v[0];
	else if (str_eq(key, STR("result")))
		c->results = values(a, value);
}

void spf_suite_parse(struct arena *a, struct str text, struct spf_scenarios *out)
{
	struct reader r = { a, text, 0 };
	struct spf_scenario *s = NULL;
	struct owner owner = { 0 };
	struct str section = STR_NONE, value;
	struct line line;

	while (next_line(&r, &line)) {
		if (line.text.n == 0 || line.text.p[0] == '#')
			continue;
		if (line.indent == 0 && str_eq(line.text, STR("---"))) {
			struct spf_scenario fresh = { 0 };
			if (s)
				end_owner(a, &s->zone, &owner);
			ARENA_PUSH(a, out, fresh);
			s = &out->v[out->n - 1];
			section = STR_NONE;
		} else if (!s)
			continue;
		else if (line.indent == 0)
			section = key_of(a, line.text, &value);
		else if (line.indent == 2 && str_eq(section, STR("tests"))) {
			struct spf_case fresh = { .name = key_of(a, line.text, &value) };
			ARENA_PUSH(a, &s->cases, fresh);
		} else if (line.indent == 4 && str_eq(section, STR("tests")) && s->cases.n > 0) {
			struct str key = key_of(a, line.text, &value);
			set_case(a, &s->cases.v[s->cases.n - 1], key, value);
		} else if (str_eq(section, STR("zonedata")) && str_starts(line.text, STR("- ")))
			add_record(a, &s->zone, &owner, str_trim(str_sub(line.text, 2, line.text.n)));
		else if (line.indent == 2 && str_eq(section, STR("zonedata"))) {
			end_owner(a, &s->zone, &owner);
			owner.name = key_of(a, line.text, &value);
			if (str_ends(owner.name, STR(".")))
				owner.name.n--;
		}
	}
	if (s)
		end_owner(a, &s->zone, &owner);
}

/* A YAML subset. */
#include "yaml.h"

#include "base/abnf.h"
#include "base/buf.h"

struct line {
	size_t indent;
	struct str text; /* without indent and white space at the end; "" = blank */
	struct str raw;
};

struct reader {
	struct arena *a;
	struct {
		struct line *v;
		size_t n;
	} lines;
	size_t at;
};

static void split(struct reader *r, struct str text)
{
	for (size_t at = 0; at < text.n;) {
		size_t end = str_find_char(text, '\n', at);
		struct str raw = str_sub(text, at, end == SIZE_MAX ? text.n : end);
		struct line line = { .raw = raw };
		at += raw.n + 1;
		if (str_ends(raw, STR("\r")))
			line.raw.n--;
		while (line.indent < line.raw.n && line.raw.p[line.indent] == ' ')
			line.indent++;
		line.text = str_trim(str_sub(line.raw, line.indent, line.raw.n));
		ARENA_PUSH(r->a, &r->lines, line);
	}
}

static struct line *peek(struct reader *r)
{
	return r->at < r->lines.n ? &r->lines.v[r->at] : NULL;
}

static bool is_border(const struct line *l)
{
	return l->indent == 0 && (str_starts(l->text, STR("---")) || str_eq(l->text, STR("...")));
}

/* Moves over blank lines and comments; the next line that holds something, or NULL at the end of the document. */
static struct line *next_content(struct reader *r)
{
	struct line *l;

	while ((l = peek(r)) && (l->text.n == 0 || l->text.p[0] == '#'))
		r->at++;
	return l && !is_border(l) ? l : NULL;
}

static struct yaml *add(struct reader *r, struct yaml *parent, struct str key)
{
	struct yaml *node = ARENA_NEW(r->a, struct yaml);

	node->key = key;
	if (parent && parent->last)
		parent->last->next = node;
	else if (parent)
		parent->first = node;
	if (parent)
		parent->last = node;
	return node;
}

/* Where the colon of "key: value" stands, or SIZE_MAX. */
static size_t find_colon(struct str s)
{
	char quote = s.n > 0 && (s.p[0] == '"' || s.p[0] == '\'') ? s.p[0] : 0;
	size_t i = 0;

	if (quote) {
		i = str_find_char(s, quote, 1);
		i = i == SIZE_MAX ? s.n : i + 1;
	}
	for (; i < s.n; i++) {
		if (s.p[i] == ':' && (i + 1 == s.n || s.p[i + 1] == ' '))
			return i;
		if (quote || (s.p[i] == '#' && i > 0 && s.p[i - 1] == ' '))
			break;
	}
	return SIZE_MAX;
}

/* Without a comment at the end. */
static struct str drop_comment(struct str s)
{
	for (size_t i = 1; i < s.n; i++)
		if (s.p[i] == '#' && abnf_is_wsp((unsigned char)s.p[i - 1]))
			return str_trim(str_sub(s, 0, i));
	return s;
}

/* The character an escape stands for; moves *i to its last byte. */
static char unescape(struct str s, size_t *i)
{
	static const char from[] = "0abtnvfre", to[] = "\0\a\b\t\n\v\f\r\33";
	char c = s.p[++*i];
	const char *known = strchr(from, c);

	if (c == 'x' && *i + 2 < s.n) {
		c = (char)(abnf_hex_value((unsigned char)s.p[*i + 1]) * 16 +
			   abnf_hex_value((unsigned char)s.p[*i + 2]));
		*i += 2;
		return c;
	}
	return known && c ? to[known - from] : c;
}

/* A quoted scalar at *at, which moves behind it; false when its end is not in s. */
static bool quoted(struct arena *a, struct str s, size_t *at, struct str *out)
{
	char quote = s.p[*at], *p = arena_alloc(a, s.n);
	size_t n = 0;

	for (size_t i = *at + 1; i < s.n; i++) {
		if (quote == '"' && s.p[i] == '\\' && i + 1 < s.n)
			p[n++] = unescape(s, &i);
		else if (s.p[i] != quote)
			p[n++] = s.p[i];
		else if (quote == '\'' && i + 1 < s.n && s.p[i + 1] == quote)
			p[n++] = s.p[i++];
		else {
			*at = i + 1;
			*out = (struct str){ p, n };
			return true;
		}
	}
	return false;
}

/* "[a, 'b', c]" in one piece; false when it is not closed. */
static bool flow_list(struct reader *r, struct str s, struct yaml *out)
{
	size_t at = 1;

	out->kind = YAML_LIST;
	out->first = out->last = NULL;
	for (;;) {
		while (at < s.n && (abnf_is_wsp((unsigned char)s.p[at]) || s.p[at] == ','))
			at++;
		if (at == s.n)
			return false;
		if (s.p[at] == ']')
			return true;
		struct yaml *item = add(r, out, STR(""));
		if (s.p[at] == '"' || s.p[at] == '\'') {
			if (!quoted(r->a, s, &at, &item->s))
				return false;
			continue;
		}
		size_t from = at;
		while (at < s.n && s.p[at] != ',' && s.p[at] != ']')
			at++;
		item->s = str_trim(str_sub(s, from, at));
	}
}

/* Text that goes on in the following lines when these stand deeper than indent: joined by one space each. */
static struct str joined(struct reader *r, struct str text, size_t indent)
{
	struct line *l = next_content(r);

	if (!l || l->indent <= indent)
		return STR_NONE;
	r->at++;
	return ARENA_JOIN(r->a, text, STR(" "), l->text);
}

/* "|" keeps line ends, ">" makes them spaces; "-" drops the last one. */
static struct str block_scalar(struct reader *r, struct str head, size_t indent)
{
	bool fold = head.p[0] == '>', strip = str_find_char(head, '-', 0) != SIZE_MAX, fresh = true;
	size_t deep = SIZE_MAX;
	struct buf b;

	buf_init(&b, 16u << 20);
	for (struct line *l; (l = peek(r)) != NULL; r->at++) {
		if (l->text.n > 0 && l->indent <= indent)
			break;
		if (l->text.n > 0 && deep == SIZE_MAX)
			deep = l->indent;
		struct str line = deep == SIZE_MAX ? STR("") : str_sub(l->raw, deep, l->raw.n);
		if (fold && !fresh && line.n > 0)
			buf_add_char(&b, ' ');
		buf_add(&b, line);
		if (!fold || line.n == 0)
			buf_add_char(&b, '\n');
		fresh = !fold || line.n == 0;
	}
	struct str s = arena_str(r->a, buf_str(&b));
	buf_free(&b);
	size_t kept = s.n;
	while (kept > 0 && s.p[kept - 1] == '\n')
		kept--;
	return kept < s.n && !strip ? str_sub(s, 0, kept + 1) : str_sub(s, 0, kept);
}

static void parse_block(struct reader *r, struct yaml *out, size_t indent);

/* What stands behind "key:" or "-" of a line at that indent. */
static void parse_value(struct reader *r, struct yaml *out, struct str text, size_t indent, bool in_map)
{
	struct line *l;
	size_t at = 0;

	if (text.n > 0 && text.p[0] == '#')
		text = STR("");
	if (text.n == 0) {
		l = next_content(r);
		bool list = l && in_map && l->indent == indent && str_starts(l->text, STR("-"));
		if (l && (l->indent > indent || list))
			parse_block(r, out, l->indent);
	} else if (text.p[0] == '|' || text.p[0] == '>') {
		out->s = block_scalar(r, text, indent);
	} else if (text.p[0] == '[') {
		while (!flow_list(r, text, out) && (text = joined(r, text, indent)).n > 0)
			;
	} else if (text.p[0] == '"' || text.p[0] == '\'') {
		while (!quoted(r->a, text, &at, &out->s) && (text = joined(r, text, indent)).n > 0)
			at = 0;
	} else {
		out->s = drop_comment(text);
		for (struct str more; (more = joined(r, out->s, indent)).n > 0;)
			out->s = drop_comment(more);
	}
}

/* A key as written, without quotes. */
static struct str key_of(struct reader *r, struct str text, size_t colon)
{
	struct str key = str_trim(str_sub(text, 0, colon)), plain;
	size_t at = 0;

	if (key.n > 0 && (key.p[0] == '"' || key.p[0] == '\'') && quoted(r->a, key, &at, &plain))
		return plain;
	return key;
}

/* A mapping or a sequence, all of whose entries stand at that indent; or one scalar. */
static void parse_block(struct reader *r, struct yaml *out, size_t indent)
{
	struct line *l = next_content(r);

	if (str_starts(l->text, STR("- ")) || str_eq(l->text, STR("-"))) {
		out->kind = YAML_LIST;
		while ((l = next_content(r)) && l->indent == indent && str_starts(l->text, STR("-"))) {
			struct str text = str_trim(str_sub(l->text, 1, l->text.n));
			struct yaml *item = add(r, out, STR(""));
			if (text.n > 0 && text.p[0] != '[' && find_colon(text) != SIZE_MAX) {
				/* "- key: value": a mapping that begins behind the dash */
				l->indent += l->text.n - text.n;
				l->text = text;
				parse_block(r, item, l->indent);
				continue;
			}
			r->at++;
			parse_value(r, item, text, indent, false);
		}
		return;
	}
	if (find_colon(l->text) == SIZE_MAX) {
		r->at++;
		parse_value(r, out, l->text, indent > 0 ? indent - 1 : 0, false);
		return;
	}
	out->kind = YAML_MAP;
	while ((l = next_content(r)) && l->indent == indent) {
		size_t colon = find_colon(l->text);
		r->at++;
		if (colon == SIZE_MAX)
			continue;
		struct yaml *value = add(r, out, key_of(r, l->text, colon));
		parse_value(r, value, str_trim(str_sub(l->text, colon + 1, l->text.n)), indent, true);
	}
}

struct yaml *yaml_parse(struct arena *a, struct str text)
{
	struct reader r = { .a = a };
	struct yaml root = { 0 };

	split(&r, text);
	while (r.at < r.lines.n) {
		struct line *l = next_content(&r);
		if (!l) {
			r.at++;
			continue;
		}
		size_t at = r.at;
		parse_block(&r, add(&r, &root, STR("")), l->indent);
		if (r.at == at)
			r.at++;
	}
	return root.first;
}

const struct yaml *yaml_get(const struct yaml *map, const char *key)
{
	for (const struct yaml *n = map && map->kind == YAML_MAP ? map->first : NULL; n; n = n->next)
		if (str_eq(n->key, str_of(key)))
			return n;
	return NULL;
}

struct str yaml_text(const struct yaml *map, const char *key)
{
	const struct yaml *n = yaml_get(map, key);

	return n && n->kind == YAML_SCALAR ? n->s : STR("");
}

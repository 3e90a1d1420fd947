/* Tag lists (RFC 6376 §3.2). */
#include "auth/dkim_tag.h"

#include "base/abnf.h"
#include "base/cursor.h"

static bool is_tag_name(unsigned char c)
{
	return abnf_is_alnum(c) || c == '_';
}

static void skip_fws(struct cursor *c)
{
	while (cursor_char(c, ' ') || cursor_char(c, '\t') || cursor_char(c, '\r') || cursor_char(c, '\n'))
		;
}

/* VALCHAR and folding; also UTF-8, which RFC 8616 §5 brings in. */
static bool is_tag_value(struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];
		if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
			return false;
	}
	return true;
}

enum err dkim_tags_parse(struct arena *a, struct str text, struct dkim_tags *out)
{
	struct cursor c = cursor_of(text);

	*out = (struct dkim_tags){ 0 };
	for (skip_fws(&c); !cursor_done(&c); skip_fws(&c)) {
		struct dkim_tag tag;
		if (cursor_while(&c, is_tag_name, 63, &tag.name) || tag.name.n == 0 ||
		    !abnf_is_alpha((unsigned char)tag.name.p[0]))
			return ERR_SYNTAX;
		skip_fws(&c);
		if (!cursor_char(&c, '='))
			return ERR_SYNTAX;
		if (cursor_until(&c, ';', SIZE_MAX, &tag.whole)) {
			tag.whole = cursor_rest(&c);
			c.at = c.end;
		}
		(void)cursor_char(&c, ';');
		tag.value = str_trim(tag.whole);
		if (!is_tag_value(tag.value))
			return ERR_SYNTAX;
		for (size_t i = 0; i < out->n; i++)
			if (str_eq(out->v[i].name, tag.name))
				return ERR_SYNTAX;
		if (out->n == DKIM_TAGS_MAX)
			return ERR_LIMIT;
		ARENA_PUSH(a, out, tag);
	}
	return OK;
}

const struct dkim_tag *dkim_tag_find(const struct dkim_tags *tags, const char *name)
{
	for (size_t i = 0; i < tags->n; i++)
		if (str_eq(tags->v[i].name, str_of(name)))
			return &tags->v[i];
	return NULL;
}

struct str dkim_tag_value(const struct dkim_tags *tags, const char *name, struct str fallback)
{
	const struct dkim_tag *tag = dkim_tag_find(tags, name);

	return tag ? tag->value : fallback;
}

bool dkim_list_next(struct str list, size_t *at, struct str *out)
{
	if (*at > list.n || list.n == 0)
		return false;
	size_t colon = str_find_char(list, ':', *at);
	if (colon == SIZE_MAX)
		colon = list.n;
	*out = str_trim(str_sub(list, *at, colon));
	*at = colon + 1;
	return true;
}

bool dkim_list_has(struct str list, struct str word)
{
	struct str element;

	for (size_t at = 0; dkim_list_next(list, &at, &element);)
		if (str_eq_nocase(element, word))
			return true;
	return false;
}

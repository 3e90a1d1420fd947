/*
 * The changes of an HTML document, in one pass over its tokens. A text for its beginning stands before all that is shown, and
 * behind what is not: the doctype, the head, the body's own tag. Addresses are changed in every element that has one, also inside
 * comments, for some programs read what is in them; and where a program would make a link of a text.
 */
#include "base/utf8.h"
#include "edit/internal.h"
#include "html/entity.h"
#include "html/token.h"
#include "url/defang.h"
#include "url/find.h"
#include "url/url.h"

#define DEPTH_MAX 2   /* comments in texts that only some read, in comments */
#define TITLE_MAX 300 /* bytes of a defanged address that is told */

struct pass {
	struct link_editor *e;
	struct str document;
	struct changes *out;
	struct str base;
	size_t place; /* where what is shown begins; SIZE_MAX = not seen yet */
};

static void push(struct pass *p, size_t start, size_t end, struct str text)
{
	const struct change c = { start, end, text };

	ARENA_PUSH(p->e->arena, p->out, c);
}

static size_t offset_of(const struct pass *p, struct str slice)
{
	return (size_t)(slice.p - p->document.p);
}

static bool is_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_space(s.p[i]))
			return false;
	return true;
}

/* The first base counts for the whole document, also for what stands in front of it. */
static struct str base_of(struct arena *a, struct str document)
{
	struct html h = html_of(document);
	struct str base = STR_NONE;
	struct html_token t;

	if (str_find_nocase(document, STR("<base"), 0) == SIZE_MAX)
		return base;
	while (base.n == 0 && html_next(&h, &t))
		if (t.kind == HTML_START && t.tag == HTML_BASE)
			base = html_decode(a, html_attr(&t, STR("href")));
	return base;
}

/* ---- where what is shown begins ---- */

static bool is_of_head(enum html_tag tag)
{
	switch ((int)tag) {
	case HTML_HTML:
	case HTML_HEAD:
	case HTML_META:
	case HTML_LINK:
	case HTML_BASE:
	case HTML_TITLE:
	case HTML_STYLE:
	case HTML_SCRIPT:
		return true;
	default:
		return false;
	}
}

static void look_for_place(struct pass *p, const struct html_token *t)
{
	if (p->place != SIZE_MAX)
		return;
	if (t->kind == HTML_TEXT && t->tag == HTML_OTHER && !is_blank(t->text) &&
	    !str_eq(t->text, STR("\xef\xbb\xbf")))
		p->place = t->start;
	else if (t->kind == HTML_START && !is_of_head(t->tag))
		p->place = t->tag == HTML_BODY ? t->end : t->start;
}

/* ---- addresses ---- */

static bool is_address(struct str name)
{
	static const struct str names[] = { STR_INIT("href"), STR_INIT("xlink:href"), STR_INIT("action"),
					    STR_INIT("formaction") };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq_nocase(name, names[i]))
			return true;
	return false;
}

/* The attribute becomes one that tells where it led, for whoever points at the link. */
static void defang_attr(struct pass *p, const struct html_attr *at, struct str url)
{
	struct arena *a = p->e->arena;
	size_t start = offset_of(p, at->name), end = offset_of(p, at->value) + at->value.n;
	char quote = at->value.p[-1];
	bool quoted = quote == '"' || quote == '\'';
	struct str told = html_show(a, url_defang(a, str_sub(url, 0, TITLE_MAX)));

	if (quoted && end < p->document.n && p->document.p[end] == quote)
		end++;
	push(p, start, end, ARENA_JOIN(a, STR("title=\""), told, STR("\"")));
}

static void edit_attr(struct pass *p, const struct html_attr *at)
{
	struct arena *a = p->e->arena;
	struct str url;

	if (at->value.n == 0 || !is_address(at->name) ||
	    !link_leads_out(p->e, html_decode(a, at->value), p->base, &url))
		return;
	struct str instead = p->e->job->links == LINKS_REWRITTEN ? link_rewrite(p->e, url) : STR_NONE;
	if (instead.n)
		push(p, offset_of(p, at->value), offset_of(p, at->value) + at->value.n, instead);
	else
		defang_attr(p, at, url);
}

static void edit_tag(struct pass *p, const struct html_token *t)
{
	struct str rest = t->attrs;
	struct html_attr at;

	if (t->tag == HTML_BASE && p->base.n == 0)
		p->base = html_decode(p->e->arena, html_attr(t, STR("href")));
	if (t->tag == HTML_BASE || t->tag == HTML_LINK)
		return;
	while (html_attr_next(&rest, &at))
		edit_attr(p, &at);
}

/* ---- texts ---- */

/* A text with its references decoded, and where each of its bytes stands. */
struct view {
	struct str text;
	const uint32_t *at; /* one more than bytes; NULL: where it stands itself */
};

static size_t view_at(const struct view *v, size_t i)
{
	return v->at ? v->at[i] : i;
}

static struct view view_of(struct arena *a, const struct html_token *t)
{
	struct str s = t->text;

	if (!t->references || str_find_char(s, '&', 0) == SIZE_MAX || s.n > UINT32_MAX)
		return (struct view){ s, NULL };
	char *z = arena_alloc(a, s.n + 4);
	uint32_t *places = ARENA_ARRAY(a, s.n + 5, uint32_t);
	size_t n = 0;
	for (size_t i = 0; i < s.n;) {
		size_t from = i, put = 1;
		uint32_t c = s.p[i] == '&' ? html_entity(s, &i, false) : 0;
		if (c)
			put = utf8_encode(c, z + n);
		else
			z[n] = s.p[i++];
		/* No reference is shorter than what it stands for. */
		for (size_t k = 0; k < put; k++)
			places[n++] = (uint32_t)from;
		places[n] = (uint32_t)i;
	}
	return (struct view){ { z, n }, places };
}

/* in_link: what is shown is the text of a link. */
static void edit_text(struct pass *p, const struct html_token *t, bool in_link)
{
	struct arena *a = p->e->arena;
	bool rewrite = p->e->job->links == LINKS_REWRITTEN;
	size_t at = 0, from = offset_of(p, t->text);
	struct url_found found;
	struct str url;

	if (t->tag != HTML_OTHER || (rewrite && in_link))
		return;
	struct view v = view_of(a, t);
	while (url_find(a, v.text, &at, &found)) {
		size_t i = (size_t)(found.text.p - v.text.p), start = from + view_at(&v, i),
		       end = from + view_at(&v, i + found.text.n);
		if (found.defanged || (rewrite && found.name_only) ||
		    !link_leads_out(p->e, found.url, STR_NONE, &url))
			continue;
		struct str instead = rewrite ? link_rewrite(p->e, url) : STR_NONE;
		if (instead.n) {
			push(p, start, start, ARENA_JOIN(a, STR("<a href=\""), instead, STR("\">")));
			push(p, end, end, STR("</a>"));
		} else {
			push(p, start, end, html_show(a, url_defang(a, link_text(p->e, found.text))));
		}
	}
}

/* ---- the document ---- */

static void walk(struct pass *p, struct str piece, int depth);

/* What some programs take for markup: inside comments, and inside elements that others know no markup in. */
static void look_inside(struct pass *p, const struct html_token *t, int depth)
{
	bool comment = t->kind == HTML_COMMENT, raw = t->kind == HTML_TEXT && t->tag != HTML_OTHER &&
						      t->tag != HTML_SCRIPT && t->tag != HTML_STYLE;

	if ((comment || raw) && depth < DEPTH_MAX && str_find_char(t->text, '<', 0) != SIZE_MAX)
		walk(p, t->text, depth + 1);
}

static void walk(struct pass *p, struct str piece, int depth)
{
	struct html h = html_of(piece);
	struct html_token t;
	bool in_link = false;

	while (html_next(&h, &t)) {
		if (depth == 0)
			look_for_place(p, &t);
		if (p->e->job->links == LINKS_LEFT) {
			if (p->place != SIZE_MAX)
				return;
			continue;
		}
		if (t.kind == HTML_START)
			edit_tag(p, &t);
		if ((t.kind == HTML_START || t.kind == HTML_END) && t.tag == HTML_A)
			in_link = t.kind == HTML_START && html_attr(&t, STR("href")).p;
		if (t.kind == HTML_TEXT)
			edit_text(p, &t, in_link);
		look_inside(p, &t, depth);
	}
}

void edit_html(struct link_editor *e, struct str document, struct str lead, struct changes *out)
{
	struct pass p = { .e = e, .document = document, .out = out, .place = SIZE_MAX };

	if (e->job->links != LINKS_LEFT)
		p.base = base_of(e->arena, document);
	walk(&p, document, 0);
	/* Nothing is shown, or all of it lies in a title that never ends. */
	if (p.place == SIZE_MAX)
		p.place = str_starts(document, STR("\xef\xbb\xbf")) ? 3 : 0;
	if (lead.n && !str_starts(str_sub(document, p.place, document.n), lead)) {
		size_t i = 0;
		push(&p, p.place, p.place, lead);
		while (i < out->n - 1 && out->v[i].start < p.place)
			i++;
		const struct change c = out->v[out->n - 1];
		memmove(&out->v[i + 1], &out->v[i], (out->n - 1 - i) * sizeof(*out->v));
		out->v[i] = c;
	}
}

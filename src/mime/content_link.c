/* Where a mail leads: links of its HTML, and the URLs in its texts. */
#include "mime/content_internal.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "mime/encoded_word.h"
#include "mime/internal.h"
#include "url/data.h"
#include "url/find.h"

#define NAMES_MAX (LIMIT_LINKS / 2) /* logs and lists of domains are no links */

/* Whether the link is new; if so its place in the table is taken. */
static bool is_new_link(struct extraction *x, struct str href, struct str text)
{
	/* Anybody may make slots collide: that costs a thousand comparisons at most. */
	static const unsigned char key[16] = "links";
	size_t slot = (hash_sip(key, href) ^ hash_sip(key, text) * 31) & (LINK_SLOTS - 1);

	for (; x->slots[slot]; slot = (slot + 1) & (LINK_SLOTS - 1)) {
		const struct mime_link *l = &x->out->links.v[x->slots[slot] - 1];
		if (str_eq(l->href, href) && str_eq(l->text, text))
			return false;
	}
	if (x->out->links.n < LIMIT_LINKS)
		x->slots[slot] = (uint16_t)(x->out->links.n + 1);
	return true;
}

static void add_link(struct extraction *x, const struct mime_text *t, struct mime_link link, struct str whole)
{
	if (!is_new_link(x, link.href, link.text))
		return;
	if (x->out->links.n == LIMIT_LINKS) {
		defect_add(&x->tree->defects, DEFECT_LINKS_CUT, part_body_at(t->part));
		return;
	}
	link.part = t->part;
	link.nested = t->nested;
	link.file = x->container;
	struct url written = url_split(x->a, whole);
	link.wrap = url_unwrap_all(x->a, &written, &link.url);
	ARENA_PUSH(x->a, &x->out->links, link);
}

/* A link in plain text. */
static void add_plain_link(struct extraction *x, const struct mime_text *t, const struct url_found *found,
			   size_t offset)
{
	struct mime_link link = { .href = found->text, .offset = offset };

	if (found->name_only && x->out->links.n >= NAMES_MAX)
		return;
	add_link(x, t, link, found->url);
}

/* The first base of a document: it holds for links before it as well. */
static struct url base_of(struct extraction *x, const struct html_text *html)
{
	for (size_t i = 0; i < html->links.n; i++)
		if (html->links.v[i].kind == HTML_LINK_BASE)
			return url_split(x->a, html->links.v[i].href);
	return (struct url){ 0 };
}

/*
 * A link that names no host of its own, behind its document's base: on the host of the base, which is what matters here.
 * Both are taken apart as browsers do it, for "https:\\a.test" is a base, and "?next=b:c" has no scheme.
 */
static struct str with_base(struct extraction *x, struct str href, const struct url *base)
{
	struct url own = url_split(x->a, href);

	if (own.scheme.n || own.host.n || !url_is_web(base) || str_starts(own.text, STR("#")))
		return href;
	struct str port = base->port ? arena_printf(x->a, ":%d", base->port) : STR_NONE;
	return ARENA_JOIN(x->a, base->scheme, base->scheme.n ? STR(":") : STR_NONE, STR("//"), base->host,
			  port, STR("/"),
			  str_starts(own.text, STR("/")) ? str_sub(own.text, 1, own.text.n) : own.text);
}

/* Whether the link's text lies in the visible text (alt texts do not) and ends behind `at`. */
static bool ends_behind(const struct html_link *l, struct str visible, const char *at)
{
	return l->text.n && l->text.p >= visible.p && l->text.p < visible.p + visible.n &&
	       l->text.p + l->text.n > at;
}

static void add_html_links(struct extraction *x, const struct mime_text *t)
{
	const struct html_text *html = t->html;
	struct url base = base_of(x, html);
	struct url_found found;
	size_t at = 0, k = 0;

	for (size_t i = 0; i < html->links.n; i++) {
		const struct html_link *l = &html->links.v[i];
		struct mime_link link = { .href = l->href, .text = l->text, .html = l, .offset = l->offset };
		if (url_is_data(l->href))
			content_add_data_url(x, t->part, l->href);
		add_link(x, t, link, with_base(x, l->href, &base));
	}
	/* Mail programs also make URLs in the text clickable, but not those inside a link's text. */
	while (url_find(x->a, html->text, &at, &found)) {
		while (k < html->links.n && !ends_behind(&html->links.v[k], html->text, found.text.p))
			k++;
		if (k == html->links.n || found.text.p + found.text.n <= html->links.v[k].text.p)
			add_plain_link(x, t, &found, SIZE_MAX);
	}
}

static void add_links(struct extraction *x, const struct mime_text *t)
{
	struct url_found found;
	size_t at = 0;

	if (t->html)
		add_html_links(x, t);
	else
		while (url_find(x->a, t->source, &at, &found))
			add_plain_link(x, t, &found, (size_t)(found.text.p - t->source.p));
}

void content_collect_links(struct extraction *x)
{
	while (x->linked < x->out->texts.n) {
		struct mime_text t =
		    x->out->texts.v[x->linked++]; /* the list grows with pages inside links */
		add_links(x, &t);
		content_collect_drawn_codes(x, &t);
	}
}

/* Fields that people read, or that mail programs make a button of (RFC 2369, RFC 5064). */
static const struct str linking_fields[] = {
	STR_INIT("Subject"),      STR_INIT("Comments"),         STR_INIT("List-Unsubscribe"),
	STR_INIT("List-Help"),    STR_INIT("List-Subscribe"),   STR_INIT("List-Post"),
	STR_INIT("List-Owner"),   STR_INIT("List-Archive"),     STR_INIT("Archived-At"),
	STR_INIT("Content-Base"), STR_INIT("Content-Location"),
};

void content_collect_header_links(struct extraction *x, const struct mime_part *p)
{
	const struct mime_text t = { .part = p, .nested = content_is_nested(p) };
	const struct headers *h = &p->headers;

	if (p->parent && !str_eq(p->parent->type, STR("message")))
		return; /* a part of one */
	for (size_t i = 0; i < ARRAY_LEN(linking_fields); i++)
		for (const struct header *f = headers_first(h, linking_fields[i]); f;
		     f = headers_next(h, f)) {
			struct str text = encoded_word_decode(x->a, f->value);
			struct url_found found;
			for (size_t at = 0; url_find(x->a, text, &at, &found);) {
				struct mime_link link = { .href = found.text,
							  .field = f,
							  .offset = SIZE_MAX };
				add_link(x, &t, link, found.url);
			}
		}
}

/* "https:\/\/example.com" is how JavaScript may write it. */
static struct str without_escaped_slashes(struct arena *a, struct str s)
{
	char *z = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\\' || i + 1 == s.n || s.p[i + 1] != '/')
			z[n++] = s.p[i];
	return str_from(z, n);
}

/* Where the scripts of an attached page may lead; in mail no script runs. */
static void add_script_links(struct extraction *x, const struct mime_text *t)
{
	struct html h = html_of(t->source);
	struct html_token token;
	struct url_found found;
	bool inside = false; /* a script of SVG, whose text is like any other */

	while (t->html->scripts && html_next(&h, &token)) {
		if (token.tag == HTML_SCRIPT && token.kind != HTML_TEXT)
			inside = token.kind == HTML_START;
		if (token.kind != HTML_TEXT || (token.tag != HTML_SCRIPT && !inside))
			continue;
		struct str script = without_escaped_slashes(x->a, token.text);
		for (size_t at = 0; url_find(x->a, script, &at, &found);)
			if (!found.name_only)
				add_plain_link(x, t, &found, SIZE_MAX);
	}
}

void content_add_codes(struct extraction *x, const struct mime_text *t, const struct strs *codes, bool drawn)
{
	for (size_t i = 0; i < codes->n && x->out->links.n < LIMIT_LINKS; i++) {
		struct mime_link link = {
			.href = str_trim(codes->v[i]), .offset = SIZE_MAX, .code = true, .drawn = drawn
		};
		struct url_found found;
		size_t at = 0;
		/* What a telephone opens: a whole URL, or one without a scheme. */
		if (url_find(x->a, link.href, &at, &found) && found.text.p == link.href.p)
			add_link(x, t, link, found.url);
	}
}

/* Tables have thousands of links, so there may be more than are kept: those of the mail came first. */
void content_collect_file_links(struct extraction *x, const struct mime_attachment *file)
{
	const struct mime_text t = {
		.part = file->part, .source = file->text, .html = file->page, .nested = file->nested
	};

	content_add_codes(x, &t, &file->inside->codes, false);
	for (size_t i = 0; i < file->inside->links.n && x->out->links.n < LIMIT_LINKS; i++) {
		struct str href = file->inside->links.v[i];
		struct mime_link link = { .href = href, .offset = SIZE_MAX };
		bool bare = str_starts_nocase(href, STR("www."));
		add_link(x, &t, link, bare ? ARENA_JOIN(x->a, STR("http://"), href) : href);
	}
	if (x->out->links.n < LIMIT_LINKS)
		add_links(x, &t);
	if (t.html && x->out->links.n < LIMIT_LINKS)
		add_script_links(x, &t);
	if (t.html)
		content_collect_drawn_codes(x, &t);
}

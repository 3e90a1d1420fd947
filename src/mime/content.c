/* One walk over the parts: texts first, then links out of the texts, then the joined views. */
#include "mime/content.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/charset.h"
#include "mime/encoded_word.h"
#include "html/entity.h"
#include "mime/internal.h"
#include "url/find.h"
#include "file/zip.h"

#define META_LOOKED_AT 4096 /* where a <meta> may name the charset; browsers look at 1024 */
#define LINK_SLOTS 4096     /* a power of two, four times LIMIT_LINKS */
_Static_assert(LINK_SLOTS >= 4 * LIMIT_LINKS, "the table of links must stay sparse");

struct extraction {
	struct arena *a;
	struct mime_tree *tree;
	struct mime_content *out;
	size_t text_left, decoded_left; /* of LIMIT_TEXT and LIMIT_DECODED */
	uint16_t slots[LINK_SLOTS];     /* index + 1 of a link, by hash of href and text */
};

static bool is_nested(const struct mime_part *p)
{
	for (p = p->parent; p; p = p->parent)
		if (str_eq(p->type, STR("message")))
			return true;
	return false;
}

/* ---- texts ---- */

/* The charset a <meta> near the beginning names, or nothing. */
static struct str meta_charset(struct arena *a, struct str bytes)
{
	struct html h = html_of(str_sub(bytes, 0, META_LOOKED_AT));
	struct html_token t;

	while (html_next(&h, &t)) {
		if (t.kind != HTML_START || t.tag != HTML_META)
			continue;
		struct str charset = html_attr(&t, STR("charset"));
		if (charset.n)
			return charset;
		struct str content = html_decode(a, html_attr(&t, STR("content")));
		size_t at = str_find_nocase(content, STR("charset="), 0);
		if (at == SIZE_MAX)
			continue;
		content = str_sub(content, at + 8, content.n);
		return str_sub(content, 0, str_find_char(content, ';', 0));
	}
	return STR_NONE;
}

static struct str to_utf8(struct extraction *x, const struct mime_part *p, struct str bytes, bool is_html)
{
	enum charset_outcome outcome;
	struct str charset = p->charset;

	/* A byte order mark beats every label, as in browsers. */
	if (str_starts(bytes, STR("\xef\xbb\xbf"))) {
		charset = STR("utf-8");
		bytes = str_sub(bytes, 3, bytes.n);
	} else if (str_starts(bytes, STR("\xff\xfe")) || str_starts(bytes, STR("\xfe\xff"))) {
		charset = STR("utf-16");
	}
	if (str_is_empty(charset) && is_html)
		charset = meta_charset(x->a, bytes);
	struct str text = charset_to_utf8(x->a, charset, bytes, &outcome);
	if (outcome == CHARSET_UNKNOWN)
		defect_add(&x->tree->defects, DEFECT_CHARSET_UNKNOWN, p->raw_start);
	if (outcome == CHARSET_BAD_BYTES)
		defect_add(&x->tree->defects, DEFECT_CHARSET_BYTES, p->raw_start);
	return text;
}

static void add_text(struct extraction *x, const struct mime_part *p)
{
	bool is_html = mime_part_is(p, STR("text"), STR("html")) ||
		       mime_part_is(p, STR("application"), STR("xhtml+xml"));
	struct mime_text t = { .part = p, .nested = is_nested(p) };
	struct str bytes = mime_part_decode(x->a, p, x->text_left + 1, &x->tree->defects);

	if (bytes.n > x->text_left) {
		defect_add(&x->tree->defects, DEFECT_TEXT_CUT, p->raw_start);
		bytes.n = x->text_left;
	}
	x->text_left -= bytes.n;
	t.source = to_utf8(x, p, bytes, is_html);
	if (is_html) {
		t.html = html_text_read(x->a, t.source, LIMIT_TEXT);
		if (t.html->cut)
			defect_add(&x->tree->defects, DEFECT_HTML_CUT, p->raw_start);
	}
	if (str_find(t.source, STR("-----BEGIN PGP MESSAGE-----"), 0) != SIZE_MAX)
		x->out->encrypted = true;
	ARENA_PUSH(x->a, &x->out->texts, t);
}

/* ---- attachments ---- */

static struct str attachment_name(struct extraction *x, const struct mime_part *p)
{
	if (p->filename.n || !p->first_child)
		return p->filename;
	struct str subject = headers_value(x->a, &p->first_child->headers, STR("Subject"));
	return arena_printf(x->a, "%.*s.eml", STR_ARG(utf8_cut(encoded_word_decode(x->a, subject), 200)));
}

static bool is_encrypted_part(const struct mime_part *p)
{
	if (str_eq(p->type, STR("multipart")))
		return str_eq(p->subtype, STR("encrypted"));
	if (!str_eq(p->type, STR("application")))
		return false;
	if (str_eq(p->subtype, STR("pkcs7-mime")) || str_eq(p->subtype, STR("x-pkcs7-mime"))) {
		struct str kind = params_get(&p->params, STR("smime-type")); /* RFC 8551 §3.2.2 */
		return str_is_empty(kind) || str_eq_nocase(kind, STR("enveloped-data")) ||
		       str_eq_nocase(kind, STR("authEnveloped-data"));
	}
	return str_eq(p->subtype, STR("pgp-encrypted"));
}

static void add_attachment(struct extraction *x, const struct mime_part *p)
{
	struct mime_attachment at = { .part = p, .nested = is_nested(p) };

	if (x->out->attachments.n == LIMIT_ATTACHMENTS_KEPT) {
		defect_add(&x->tree->defects, DEFECT_ATTACHMENTS_CUT, p->raw_start);
		return;
	}
	at.data = mime_part_decode(x->a, p, x->decoded_left + 1, &x->tree->defects);
	at.size = at.data.n;
	if (at.data.n > x->decoded_left) {
		defect_add(&x->tree->defects, DEFECT_DECODED_CUT, p->raw_start);
		at.data.n = x->decoded_left;
		at.size = p->encoding == ENCODING_BASE64 ? p->body_length / 4 * 3 : p->body_length;
	}
	x->decoded_left -= at.data.n;
	at.name = attachment_name(x, p);
	if (p->type_given)
		at.declared = arena_printf(x->a, "%.*s/%.*s", STR_ARG(p->type), STR_ARG(p->subtype));
	at.magic = magic_of(at.data);
	at.md5 = hash_md5_hex(x->a, at.data);
	at.sha1 = hash_sha1_hex(x->a, at.data);
	at.sha256 = hash_sha256_hex(x->a, at.data);
	at.is_inline = p->disposition != DISPOSITION_ATTACHMENT &&
		       (p->disposition == DISPOSITION_INLINE || p->content_id.n > 0);
	at.encrypted = is_encrypted_part(p) || (at.magic == MAGIC_ZIP && zip_is_encrypted(at.data));
	ARENA_PUSH(x->a, &x->out->attachments, at);
}

/* Text that mail programs show in place; a file name makes it a file as well. */
static bool is_shown(const struct mime_part *p)
{
	bool text = str_eq(p->type, STR("text")) || mime_part_is_multipart(p) ||
		    (str_eq(p->type, STR("message")) && p->parent) ||
		    mime_part_is(p, STR("application"), STR("xhtml+xml"));

	return text && p->disposition != DISPOSITION_ATTACHMENT;
}

static void look_at(struct extraction *x, const struct mime_part *p)
{
	x->out->encrypted |= is_encrypted_part(p);
	if (p->first_child) {
		/* A message inside that is part of its outer one, already hashed with it. */
		if (str_eq(p->type, STR("message")) && p->parent && !is_nested(p))
			add_attachment(x, p);
		return;
	}
	bool shown = is_shown(p);
	if (shown)
		add_text(x, p);
	if (!shown || p->filename.n)
		add_attachment(x, p);
}

/* ---- links ---- */

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
		defect_add(&x->tree->defects, DEFECT_LINKS_CUT, t->part->raw_start);
		return;
	}
	link.part = t->part;
	link.nested = t->nested;
	link.url = url_split(x->a, whole);
	ARENA_PUSH(x->a, &x->out->links, link);
}

/* A link in plain text; "www." means http, "mailto:" and the others are whole. */
static void add_plain_link(struct extraction *x, const struct mime_text *t, struct str href, size_t offset)
{
	struct mime_link link = { .href = href, .offset = offset };
	bool bare = str_starts_nocase(href, STR("www."));

	add_link(x, t, link, bare ? arena_printf(x->a, "http://%.*s", STR_ARG(href)) : href);
}

static bool has_scheme(struct str href)
{
	size_t colon = str_find_char(href, ':', 0);

	return colon != SIZE_MAX && str_find_char(str_sub(href, 0, colon), '/', 0) == SIZE_MAX;
}

/* A relative link behind its document's base: to the host of the base, which is what matters here. */
static struct str with_base(struct extraction *x, struct str href, struct str base)
{
	size_t slashes = str_find(base, STR("//"), 0);

	if (slashes == SIZE_MAX || has_scheme(href) || str_starts(href, STR("//")) ||
	    str_starts(href, STR("#")))
		return href;
	size_t slash = str_find_char(base, '/', slashes + 2);
	return arena_printf(x->a, "%.*s/%.*s", STR_ARG(str_sub(base, 0, slash)),
			    STR_ARG(str_starts(href, STR("/")) ? str_sub(href, 1, href.n) : href));
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
	struct str base = STR_NONE, url;
	size_t at = 0, k = 0;

	for (size_t i = 0; i < html->links.n; i++) {
		const struct html_link *l = &html->links.v[i];
		if (l->kind == HTML_LINK_BASE && str_is_empty(base))
			base = l->href;
		struct mime_link link = { .href = l->href, .text = l->text, .html = l, .offset = l->offset };
		add_link(x, t, link, with_base(x, l->href, base));
	}
	/* Mail programs also make URLs in the text clickable, but not those inside a link's text. */
	while (url_find(html->text, &at, &url)) {
		while (k < html->links.n && !ends_behind(&html->links.v[k], html->text, url.p))
			k++;
		if (k == html->links.n || url.p + url.n <= html->links.v[k].text.p)
			add_plain_link(x, t, url, SIZE_MAX);
	}
}

static void collect_links(struct extraction *x)
{
	for (size_t i = 0; i < x->out->texts.n; i++) {
		const struct mime_text *t = &x->out->texts.v[i];
		struct str url;
		size_t at = 0;
		if (t->html)
			add_html_links(x, t);
		else
			while (url_find(t->source, &at, &url))
				add_plain_link(x, t, url, (size_t)(url.p - t->source.p));
	}
}

/* ---- joined views ---- */

static struct str source_of(const struct mime_text *t)
{
	return t->source;
}

static struct str visible_of(const struct mime_text *t)
{
	return t->html->text;
}

static struct str hidden_of(const struct mime_text *t)
{
	return t->html->hidden;
}

static struct str skeleton_of(const struct mime_text *t)
{
	return t->html->skeleton;
}

/* What `of` gives for each HTML (or plain) text, a line end between; the slice itself where there is one. */
static struct str join(struct extraction *x, bool html, struct str (*of)(const struct mime_text *))
{
	struct str one = STR_NONE;
	struct buf b;

	buf_init(&b, SIZE_MAX);
	for (size_t i = 0; i < x->out->texts.n; i++) {
		const struct mime_text *t = &x->out->texts.v[i];
		struct str s = (t->html != NULL) == html ? of(t) : STR_NONE;
		if (str_is_empty(s))
			continue;
		if (one.n) {
			if (b.n == 0)
				buf_add(&b, one);
			buf_add_char(&b, '\n');
			buf_add(&b, s);
		}
		one = one.n ? one : s;
	}
	if (b.n)
		one = arena_str(x->a, buf_str(&b));
	buf_free(&b);
	return one;
}

struct mime_content *content_extract(struct arena *a, struct mime_tree *tree)
{
	if (tree->content)
		return tree->content;
	struct extraction *x = ARENA_NEW(a, struct extraction);
	x->a = a;
	x->tree = tree;
	x->out = tree->content = ARENA_NEW(a, struct mime_content);
	x->text_left = LIMIT_TEXT;
	x->decoded_left = LIMIT_DECODED;
	for (size_t i = 0; i < tree->n; i++)
		look_at(x, tree->v[i]);
	collect_links(x);
	x->out->plain = join(x, false, source_of);
	x->out->html = join(x, true, source_of);
	x->out->html_text = join(x, true, visible_of);
	x->out->hidden = join(x, true, hidden_of);
	x->out->skeleton = join(x, true, skeleton_of);
	return x->out;
}

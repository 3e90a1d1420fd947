/* Reading the tree of a mail for its picture. */
#include "preview/mail.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/domain.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "detect/link.h"
#include "html/text.h"
#include "mime/address.h"
#include "mime/calendar.h"
#include "mime/content.h"
#include "mime/encoded_word.h"
#include "mime/enriched.h"
#include "mime/flowed.h"
#include "url/find.h"
#include "url/wrap.h"

#define NAME_BYTES 120        /* of a display name: the address behind it must fit in, too */
#define LOCAL_BYTES 80        /* of an address before its "@" */
#define DOMAIN_BYTES 120      /* of its domain, from the end */
#define MAILBOXES_SHOWN 3     /* of one field */
#define FIELD_BYTES 600       /* of the subject */
#define BODY_BYTES (2u << 20) /* of all bodies, decoded */
#define HOSTS_KEPT 100

/* ---- the band ---- */

static bool is_unseen(uint32_t cp)
{
	return cp == 0xad || cp == 0x34f || cp == 0x115f || cp == 0x1160 || cp == 0x180e || cp == 0x200b ||
	       cp == 0x200e || cp == 0x200f || (cp >= 0x2028 && cp <= 0x2029) ||
	       (cp >= 0x2060 && cp <= 0x206f) || cp == 0x3164 || cp == 0x61c || cp == 0xfeff ||
	       (cp >= 0xfff9 && cp <= 0xfffb) || (cp >= 0xe0000 && cp <= 0xe007f);
}

struct str preview_visible(struct arena *a, struct str s, size_t max)
{
	struct buf b;

	buf_init(&b, max + 64);
	for (size_t at = 0; at < s.n && b.n < max;) {
		uint32_t cp = utf8_next(s, &at);
		if (cp == '\n' || cp == '\r' || cp == '\t')
			cp = ' ';
		if (utf8_is_control(cp) || is_unseen(cp))
			buf_printf(&b, "[U+%04X]", (unsigned)cp);
		else
			utf8_add(&b, cp);
		if (b.n >= max && at < s.n)
			buf_add_c(&b, "\xe2\x80\xa6");
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static struct str last_bytes(struct str s, size_t n)
{
	size_t from = s.n > n ? s.n - n : 0;

	while (from < s.n && ((unsigned char)s.p[from] & 0xc0) == 0x80)
		from++;
	return str_sub(s, from, s.n);
}

/* "Name <local@domain>"; marks keep what is written from right to left where it stands. */
static struct str mailbox(struct arena *a, const struct address *m)
{
	struct str name = preview_visible(a, m->name, NAME_BYTES), ascii = STR_NONE, domain = m->domain;
	struct str local = preview_visible(a, m->local, LOCAL_BYTES);

	if (domain.n > DOMAIN_BYTES)
		domain = ARENA_JOIN(a, STR("\xe2\x80\xa6"), last_bytes(domain, DOMAIN_BYTES));
	domain = preview_visible(a, domain, 2 * DOMAIN_BYTES);
	if (domain_to_ascii(a, m->domain, &ascii) == OK && !str_eq(ascii, m->domain))
		domain = ARENA_JOIN(a, domain, STR(" = "), last_bytes(ascii, DOMAIN_BYTES));
	struct str addr = m->domain.n ? ARENA_JOIN(a, local, STR("@"), domain) : local;
	/* U+2068 to U+2069: an isolate with a direction of its own. */
	if (name.n == 0)
		return ARENA_JOIN(a, STR("\xe2\x81\xa8"), addr, STR("\xe2\x81\xa9"));
	return ARENA_JOIN(a, STR("\xe2\x81\xa8"), name, STR("\xe2\x81\xa9 <\xe2\x81\xa8"), addr,
			  STR("\xe2\x81\xa9>"));
}

static struct str mailboxes(struct arena *a, const struct headers *h, struct str name,
			    struct addresses *list_out)
{
	struct addresses list = address_parse_in(a, headers_value(a, h, name), h->charset);
	struct str text = STR_NONE;

	for (size_t i = 0; i < list.n && i < MAILBOXES_SHOWN; i++)
		text = i ? ARENA_JOIN(a, text, STR(", "), mailbox(a, &list.v[i])) : mailbox(a, &list.v[i]);
	if (list.n > MAILBOXES_SHOWN)
		text = arena_printf(a, "%.*s, and %zu more", STR_ARG(text), list.n - MAILBOXES_SHOWN);
	*list_out = list;
	return text;
}

static void add_field(struct preview_mail *m, const char *label, struct str text)
{
	ASSERT(m->fields_n < PREVIEW_FIELDS);
	m->fields[m->fields_n++] = (struct preview_field){ label, text.n ? text : STR("(none)") };
}

static bool same_mailboxes(const struct addresses *x, const struct addresses *y)
{
	if (x->n != y->n)
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (!str_eq_nocase(x->v[i].addr, y->v[i].addr))
			return false;
	return true;
}

static void read_fields(struct arena *a, struct preview_mail *m)
{
	const struct headers *h = mime_headers(m->tree);
	struct addresses from, reply, to;
	struct str text = mailboxes(a, h, STR("From"), &from);

	if (headers_count(h, STR("From")) > 1)
		text = arena_printf(a, "%.*s (and %zu other From fields)", STR_ARG(text),
				    headers_count(h, STR("From")) - 1);
	add_field(m, "From", text);
	text = mailboxes(a, h, STR("Reply-To"), &reply);
	if (reply.n > 0 && !same_mailboxes(&from, &reply))
		add_field(m, "Reply-To", text);
	add_field(m, "To", mailboxes(a, h, STR("To"), &to));
	text = encoded_word_decode_in(a, headers_value(a, h, STR("Subject")), h->charset);
	text = preview_visible(a, text, FIELD_BYTES);
	add_field(m, "Subject",
		  text.n ? ARENA_JOIN(a, STR("\xe2\x81\xa8"), text, STR("\xe2\x81\xa9")) : text);
	text = encoded_word_decode_in(a, headers_value(a, h, STR("Date")), h->charset);
	add_field(m, "Date", preview_visible(a, text, 100));
}

/* ---- bodies ---- */

struct reader {
	struct arena *a;
	struct preview_mail *m;
	size_t left; /* bytes of bodies */
};

static bool is_html(const struct mime_part *p)
{
	return mime_part_is(p, STR("text"), STR("html")) ||
	       mime_part_is(p, STR("application"), STR("xhtml+xml"));
}

static bool is_message(const struct mime_part *p)
{
	return str_eq(p->type, STR("message")) &&
	       (str_eq(p->subtype, STR("rfc822")) || str_eq(p->subtype, STR("global")));
}

static const struct mime_part *next_shown(const struct mime_part *p)
{
	while (p && p->reading)
		p = p->next;
	return p;
}

/* Whether something of it, or in it, is HTML or, else, text; first: only its first part counts. */
static bool holds(const struct mime_part *p, bool html)
{
	if (p->disposition == DISPOSITION_ATTACHMENT || is_message(p))
		return false;
	for (const struct mime_part *c = next_shown(p->first_child); c; c = next_shown(c->next))
		if (holds(c, html))
			return true;
	return html ? is_html(p) : str_eq(p->type, STR("text"));
}

static struct str attachment_name(struct arena *a, const struct mime_part *p)
{
	struct str name = p->filename;

	if (name.n == 0 && is_message(p) && p->first_child)
		name = encoded_word_decode(a, headers_value(a, &p->first_child->headers, STR("Subject")));
	if (name.n == 0)
		name = ARENA_JOIN(a, STR("unnamed "), p->type, STR("/"), p->subtype);
	return preview_visible(a, name, 100);
}

static size_t decoded_size(const struct mime_part *p)
{
	struct str body = mime_part_body(p);
	size_t letters = 0;

	if (p->encoding != ENCODING_BASE64)
		return body.n;
	for (size_t i = 0; i < body.n; i++)
		letters += body.p[i] > ' ' && body.p[i] != '=';
	return letters * 3 / 4;
}

static void add_attachment(struct reader *r, const struct mime_part *p)
{
	struct preview_attachment at = { .part = p,
					 .name = attachment_name(r->a, p),
					 .size = decoded_size(p) };

	if (r->m->attachments.n < LIMIT_ATTACHMENTS_KEPT)
		ARENA_PUSH(r->a, &r->m->attachments, at);
}

static struct str text_of(struct arena *a, const struct mime_part *p, struct str text)
{
	if (mime_part_is(p, STR("text"), STR("enriched")))
		return enriched_to_text(a, text);
	if (mime_part_is(p, STR("text"), STR("richtext")))
		return richtext_to_text(a, text);
	if (mime_part_is(p, STR("text"), STR("calendar")))
		return calendar_read(a, text).text;
	if (str_eq_nocase(params_get(&p->params, STR("format")), STR("flowed")))
		return flowed_join(a, text, str_eq_nocase(params_get(&p->params, STR("delsp")), STR("yes")));
	return text;
}

static void add_body(struct reader *r, const struct mime_part *p)
{
	struct preview_mail *m = r->m;

	if (m->bodies_n == PREVIEW_BODIES || r->left == 0) {
		add_attachment(r, p);
		return;
	}
	struct str bytes = mime_part_decode(r->a, p, r->left, &m->tree->defects);
	bytes = str_sub(bytes, 0, r->left);
	r->left -= bytes.n;
	struct preview_body b = { .part = p,
				  .html = is_html(p),
				  .source = mime_part_text(r->a, p, bytes, NULL) };
	if (!b.html)
		b.source = text_of(r->a, p, b.source);
	if (str_is_empty(str_trim(b.source)))
		return;
	m->html |= b.html;
	m->bodies[m->bodies_n++] = b;
}

static void walk(struct reader *r, const struct mime_part *p);

static void walk_children(struct reader *r, const struct mime_part *p)
{
	for (const struct mime_part *c = next_shown(p->first_child); c; c = next_shown(c->next))
		walk(r, c);
}

static void walk_alternatives(struct reader *r, const struct mime_part *p)
{
	const struct mime_part *chosen = NULL;

	for (int html = 1; html >= 0 && !chosen; html--)
		for (const struct mime_part *c = next_shown(p->first_child); c; c = next_shown(c->next))
			if (holds(c, html))
				chosen = c;
	for (const struct mime_part *c = next_shown(p->first_child); c; c = next_shown(c->next))
		if (c == chosen || !holds(c, false))
			walk(r, c);
}

static void walk(struct reader *r, const struct mime_part *p)
{
	r->m->encrypted |= p->encrypted;
	if (is_message(p) && p->parent) {
		add_attachment(r, p);
	} else if (mime_part_is_multipart(p)) {
		if (str_eq(p->subtype, STR("alternative")))
			walk_alternatives(r, p);
		else
			walk_children(r, p);
	} else if (next_shown(p->first_child)) { /* a message that is base64, or what S/MIME signed */
		walk_children(r, p);
	} else if (p->disposition != DISPOSITION_ATTACHMENT &&
		   ((str_eq(p->type, STR("text")) && (p->filename.n == 0 || r->m->bodies_n == 0)) ||
		    is_html(p) || str_eq(p->type, STR("message")))) {
		add_body(r, p);
	} else {
		add_attachment(r, p);
	}
}

const struct mime_part *preview_mail_related(const struct preview_mail *m, struct str content_id)
{
	const struct mime_tree *t = m->tree;

	for (size_t i = 0; i < t->n; i++)
		if (t->v[i]->content_id.n && str_eq(t->v[i]->content_id, content_id) && !t->v[i]->first_child)
			return t->v[i];
	/* Some name the file instead. */
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i]->filename.n && str_eq_nocase(t->v[i]->filename, content_id) &&
		    !t->v[i]->first_child)
			return t->v[i];
	return NULL;
}

/* ---- links ---- */

static void note_link(struct reader *r, struct str href, struct str text)
{
	struct preview_mail *m = r->m;
	struct url split = url_split(r->a, href), url = split;

	url_unwrap_all(r->a, &split, &url);
	bool letter = str_eq(url.scheme, STR("mailto")) && url.host.n > 0;
	if (!url_is_web(&url) && !letter)
		return;
	struct str host = domain_fold(r->a, url.host),
		   shown = text.n && !letter ? link_host_shown(r->a, text) : STR_NONE;
	if (letter)
		host = ARENA_JOIN(r->a, STR("mail to "), host);
	if (shown.n && domain_same_owner(r->a, shown, host))
		shown = STR_NONE;
	m->links++;
	m->mismatched += shown.n > 0;
	for (size_t i = 0; i < m->hosts.n; i++) {
		struct preview_host *k = &m->hosts.v[i];
		if (!str_eq(k->host, host))
			continue;
		k->links++;
		if (k->shown.n == 0)
			k->shown = shown;
		return;
	}
	if (m->hosts.n < HOSTS_KEPT)
		ARENA_PUSH(r->a, &m->hosts, ((struct preview_host){ host, shown, 1 }));
}

static void read_links(struct reader *r)
{
	struct preview_mail *m = r->m;

	for (size_t b = 0; b < m->bodies_n; b++) {
		if (m->bodies[b].html) {
			const struct html_text *t = html_text_read(r->a, m->bodies[b].source, LIMIT_TEXT);
			for (size_t i = 0; i < t->links.n; i++)
				if (t->links.v[i].kind == HTML_LINK_A ||
				    t->links.v[i].kind == HTML_LINK_AREA ||
				    t->links.v[i].kind == HTML_LINK_FORM)
					note_link(r, t->links.v[i].href, t->links.v[i].text);
			continue;
		}
		struct url_found f;
		size_t n = 0;
		for (size_t at = 0; n < LIMIT_LINKS && url_find(r->a, m->bodies[b].source, &at, &f); n++)
			note_link(r, f.url, STR_NONE);
	}
	/* Those that deceive go first. */
	for (size_t i = 0, to = 0; i < m->hosts.n; i++) {
		struct preview_host h = m->hosts.v[i];
		if (h.shown.n == 0)
			continue;
		memmove(&m->hosts.v[to + 1], &m->hosts.v[to], (i - to) * sizeof(h));
		m->hosts.v[to++] = h;
	}
}

struct preview_mail *preview_mail_read(struct arena *a, struct str raw)
{
	struct preview_mail *m = ARENA_NEW(a, struct preview_mail);
	struct reader r = { .a = a, .m = m, .left = BODY_BYTES };

	m->tree = mime_parse(a, raw);
	walk(&r, m->tree->v[0]);
	/* Names that are no UTF-8 are in what the text is in. */
	if (m->bodies_n > 0)
		m->tree->v[0]->headers.charset = m->bodies[0].part->charset;
	read_fields(a, m);
	read_links(&r);
	return m;
}

struct str preview_mail_text(struct arena *a, const struct preview_mail *m, size_t max)
{
	struct buf b;

	buf_init(&b, max + 64);
	for (size_t i = 0; i < m->bodies_n && b.n < max; i++) {
		struct str text = m->bodies[i].source;
		if (m->bodies[i].html)
			text = html_text_read(a, text, max)->text;
		if (b.n > 0)
			buf_add_c(&b, "\n\n--------\n\n");
		buf_add(&b, utf8_cut(text, max > b.n ? max - b.n : 0));
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

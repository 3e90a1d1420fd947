/*
 * From tokens to text. Open elements are a stack of frames, each with what decides whether its text is seen; elements
 * beyond its depth are passed over and their text is that of the deepest frame.
 */
#include "html/text.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "html/element.h"
#include "html/entity.h"
#include "html/frame.h"
#include "html/sink.h"
#include "url/data.h"
#include "url/url.h"

ENUM_DEFINE(html_link_kind, HTML_LINK_KINDS);

#define INSIDE_MAX 4       /* pages in pages; what comments and raw text hold is looked into once */
#define SKELETON_MAX 65536 /* tells mails apart long before */
#define TITLE_MAX 4096
#define FORMS_MAX 100
#define BREAKS_FAR 50       /* lines without a word: more than a screen */
#define OTHERS_LOOKED_AT 16 /* frames in which the end of an unknown element looks for its start */

/* Where a link's text lies: in the visible text, and in that which it is not. */
struct span {
	size_t from, to, unseen_from, unseen_to;
	bool elsewhere; /* unseen counts in elsewhere, else in hidden */
};

struct reader {
	struct arena *a;
	struct html_text *out;
	struct html_sink text, hidden, elsewhere_text, title;
	struct buf skeleton;
	struct {
		struct span *v;
		size_t n;
	} spans;                       /* one for each link */
	size_t link;                   /* open link's index + 1; 0 = none */
	size_t breaks;                 /* since the last text that is seen */
	size_t link_at;                /* its place on the stack, while its element is open */
	size_t form;                   /* open form's index + 1 */
	bool elsewhere;                /* reading what only some programs show */
	unsigned inside;               /* reading what a token holds, which a token held … */
	bool doubt;                    /* an element was seen around which programs read tokens differently */
	size_t place;                  /* of all that is read now; SIZE_MAX: each tag has its own */
	struct html_sheet *sheet;      /* NULL = none */
	size_t depth;                  /* frames open; the first is the document */
	unsigned open[HTML_TAG_COUNT]; /* of each tag */
	unsigned skipped[HTML_TAG_COUNT]; /* started beyond the depth, end tags to come */
	struct html_frame stack[LIMIT_HTML_DEPTH];
};

static struct html_sink *sink_now(struct reader *r)
{
	if (r->elsewhere)
		return &r->elsewhere_text;
	return r->stack[r->depth - 1].hidden ? &r->hidden : &r->text;
}

static struct html_sink *unseen_sink(struct reader *r)
{
	return r->elsewhere ? &r->elsewhere_text : &r->hidden;
}

/* A line ends, and with it the indent. */
static void end_line(struct reader *r)
{
	for (size_t d = r->depth; d > 1 && r->stack[d - 1].indented; d--)
		html_frame_end_indent(&r->stack[d - 1]);
}

/* A URL that holds what it leads to is as long as that; of another that is too long, only what leads somewhere counts. */
static struct str clean_url(struct arena *a, struct str undecoded)
{
	struct str url = str_trim(html_decode(a, undecoded));

	return url.n <= URL_MAX || url_is_data(url) ? url : url_clean(a, url);
}

static bool add_link(struct reader *r, enum html_link_kind kind, struct str href, size_t offset)
{
	struct html_link link = { .kind = kind, .hidden = sink_now(r) != &r->text, .offset = offset };
	size_t unseen = unseen_sink(r)->b.n;
	struct span span = { r->text.b.n, r->text.b.n, unseen, unseen, r->elsewhere };

	link.href = clean_url(r->a, href);
	if (str_is_empty(link.href))
		return false;
	if (r->out->links.n == LIMIT_LINKS) {
		r->out->cut = true;
		return false;
	}
	ARENA_PUSH(r->a, &r->out->links, link);
	ARENA_PUSH(r->a, &r->spans, span);
	return true;
}

static void close_link(struct reader *r)
{
	if (r->link) {
		r->spans.v[r->link - 1].to = r->text.b.n;
		r->spans.v[r->link - 1].unseen_to = unseen_sink(r)->b.n;
	}
	r->link = 0;
}

static int pixels(struct str s)
{
	uint64_t v = 0;
	size_t n = 0;

	s = str_trim(s);
	while (n < s.n && n < 9 && abnf_is_digit((unsigned char)s.p[n]))
		v = v * 10 + (uint64_t)(s.p[n++] - '0');
	return n ? (int)v : -1;
}

static void add_image(struct reader *r, const struct html_attrs *at, size_t offset)
{
	struct html_image image = { clean_url(r->a, at->src), html_decode(r->a, str_sub(at->alt, 0, 1024)),
				    pixels(at->width), pixels(at->height), offset };

	if (r->link) {
		struct html_link *link = &r->out->links.v[r->link - 1];
		link->has_image = true;
		if (str_is_empty(link->text))
			link->text = str_trim(image.alt);
	}
	if (image.src.n == 0) /* what stands for it is all there is to see */
		html_sink_put(sink_now(r), at->alt, true, false);
	if (r->out->images.n == LIMIT_LINKS)
		r->out->cut = true;
	else
		ARENA_PUSH(r->a, &r->out->images, image);
}

/* Forms beyond the ceiling count as part of the last one. */
static void add_form(struct reader *r, struct str action, size_t offset)
{
	struct html_form form = { .action = clean_url(r->a, action), .offset = offset };

	if (r->out->forms.n < FORMS_MAX)
		ARENA_PUSH(r->a, &r->out->forms, form);
	else
		r->out->cut = true;
	r->form = r->out->forms.n;
}

/* Whether the value of an input is for the server alone (WHATWG HTML §4.10.5.1); a password is shown as dots. */
static bool shows_no_value(struct str type)
{
	static const struct str types[] = { STR_INIT("radio"),   STR_INIT("checkbox"), STR_INIT("image"),
					    STR_INIT("file"),    STR_INIT("color"),    STR_INIT("range"),
					    STR_INIT("password") };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (str_eq_nocase(type, types[i]))
			return true;
	return false;
}

static void add_input(struct reader *r, const struct html_attrs *at, size_t offset)
{
	struct str type = str_trim(html_decode(r->a, str_sub(at->type, 0, 64)));

	if (str_eq_nocase(type, STR("hidden")))
		return;
	if (!r->form)
		add_form(r, STR_NONE, offset);
	struct html_form *form = &r->out->forms.v[r->form - 1];
	form->inputs++;
	form->has_password |= str_eq_nocase(type, STR("password"));
	/* What stands on a button and in a field. */
	struct str value = shows_no_value(type) ? STR_NONE : at->value;
	const struct str seen[] = { value.n ? value : at->placeholder,
				    str_eq_nocase(type, STR("image")) ? at->alt : STR_NONE };
	for (size_t i = 0; i < ARRAY_LEN(seen); i++) {
		sink_now(r)->space = true;
		html_sink_put(sink_now(r), seen[i], true, false);
		sink_now(r)->space = true;
	}
}

/* "5; url=http://…", with or without quotes, and with or without "url=" (WHATWG HTML §4.2.5.3). */
static void add_refresh(struct reader *r, const struct html_attrs *at, size_t offset)
{
	struct str url = str_trim(html_decode(r->a, at->content));
	size_t n = 0;

	if (!str_eq_nocase(str_trim(html_decode(r->a, at->http_equiv)), STR("refresh")))
		return;
	while (n < url.n && (abnf_is_digit((unsigned char)url.p[n]) || url.p[n] == '.'))
		n++;
	while (n < url.n && (ascii_is_space(url.p[n]) || url.p[n] == ';' || url.p[n] == ','))
		n++;
	url = str_sub(url, n, url.n);
	struct str behind = str_trim(str_sub(url, 3, url.n));
	if (str_starts_nocase(url, STR("url")) && str_starts(behind, STR("=")))
		url = str_trim(str_sub(behind, 1, behind.n));
	if (url.n && (url.p[0] == '"' || url.p[0] == '\''))
		url = str_sub(url, 1, str_find_char(url, url.p[0], 1));
	add_link(r, HTML_LINK_REFRESH, url, offset);
}

/*
 * Elements that are links wherever a link may be: those of SVG, MathML and Outlook's drawings. What begins with "#" paints
 * with another part of the drawing.
 */
static bool is_foreign_link(const struct html_token *t, struct str href)
{
	static const struct str loads[] = { STR_INIT("image"), STR_INIT("use"), STR_INIT("feimage"),
					    STR_INIT("script") };

	if (href.n == 0 || href.p[0] == '#' || t->tag == HTML_A || t->tag == HTML_AREA ||
	    t->tag == HTML_BASE || t->tag == HTML_LINK)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(loads); i++)
		if (str_eq_nocase(t->name, loads[i]))
			return false;
	return true;
}

static void read_page(struct reader *r, struct str page, size_t offset);

static bool is_closed_raw(const struct html_token *t)
{
	return str_ends(t->attrs, STR("/")) &&
	       (t->tag == HTML_TITLE || t->tag == HTML_STYLE || t->tag == HTML_SCRIPT ||
		t->tag == HTML_TEXTAREA || t->tag == HTML_XMP || t->tag == HTML_IFRAME);
}

static void act_on(struct reader *r, const struct html_token *t, const struct html_attrs *at, size_t offset)
{
	struct str href = at->href.p ? at->href : at->xlink;
	struct str action = t->tag == HTML_FORM ? at->action : at->formaction;

	/* Only the tags that carry something; all others fall through to nothing. */
	if (t->tag == HTML_A || is_foreign_link(t, href)) {
		close_link(r);
		if (add_link(r, HTML_LINK_A, href, offset)) {
			r->link = r->out->links.n;
			r->link_at = r->depth - 1;
		}
	} else if (t->tag == HTML_AREA && add_link(r, HTML_LINK_AREA, at->href, offset)) {
		r->out->links.v[r->out->links.n - 1].text = html_decode(r->a, str_sub(at->alt, 0, 1024));
	} else if (t->tag == HTML_IMG) {
		add_image(r, at, offset);
	} else if (t->tag == HTML_FORM) {
		add_form(r, at->action, offset);
	} else if (t->tag == HTML_INPUT) {
		add_input(r, at, offset);
	} else if (t->tag == HTML_BASE) {
		add_link(r, HTML_LINK_BASE, at->href, offset);
	} else if (t->tag == HTML_LINK) {
		add_link(r, HTML_LINK_RESOURCE, at->href, offset);
	} else if (t->tag == HTML_META) {
		add_refresh(r, at, offset);
	} else if (t->tag == HTML_IFRAME || t->tag == HTML_FRAME || t->tag == HTML_EMBED) {
		add_link(r, HTML_LINK_FRAME, at->src, offset);
	} else if (t->tag == HTML_OBJECT) {
		add_link(r, HTML_LINK_FRAME, at->data, offset);
	}
	/* Where a link of SVG leads a moment later. */
	if (at->to.n && (str_eq_nocase(t->name, STR("set")) || str_eq_nocase(t->name, STR("animate"))))
		add_link(r, HTML_LINK_A, at->to, offset);
	if (action.n)
		add_link(r, HTML_LINK_FORM, action, offset);
	if (at->srcdoc.n)
		read_page(r, html_decode(r->a, at->srcdoc), offset);
	/* "<title/>" is whole where a page is read as XML. */
	r->doubt |= t->tag == HTML_SVG || t->tag == HTML_MATH || t->tag == HTML_SELECT ||
		    t->tag == HTML_NOSCRIPT || is_closed_raw(t);
	r->out->scripts += at->handler || t->tag == HTML_SCRIPT;
}

/* Links whose text was turned along with what is around them stand the other way round in it. */
static void turn_links(struct reader *r, size_t from)
{
	size_t end = r->text.b.n;

	for (size_t i = r->out->links.n; i > 0 && r->spans.v[i - 1].from >= from; i--) {
		struct span *s = &r->spans.v[i - 1];
		struct span old = *s;
		if (old.to < old.from || old.to > end)
			continue;
		s->from = from + end - old.to;
		s->to = from + end - old.from;
	}
}

/*
 * Ends frames down to the depth given; the document itself stays. A link ends with its own element or with the cell or
 * table around it, not with one inside it; browsers carry it over the end of a paragraph.
 */
static void pop_to(struct reader *r, size_t depth)
{
	bool ends_link = false;

	while (r->depth > depth) {
		enum html_tag tag = r->stack[--r->depth].tag;
		r->open[tag]--;
		if (r->stack[r->depth].turns)
			turn_links(r, html_sink_turn_back(&r->text));
		bool inside = r->link_at < r->depth && r->stack[r->link_at].links;
		ends_link |=
		    (html_is_scope(tag) && !inside) || (r->depth == depth && r->stack[r->depth].links);
	}
	if (ends_link)
		close_link(r);
}

static void push(struct reader *r, const struct html_frame *f)
{
	if (r->depth == LIMIT_HTML_DEPTH) {
		r->out->cut = true;
		r->skipped[f->tag]++;
		return;
	}
	r->stack[r->depth++] = *f;
	r->open[f->tag]++;
}

/* What ends by itself when this element starts. */
static void end_implied(struct reader *r, enum html_tag opens)
{
	enum html_tag closes, within;

	for (size_t i = 0; html_implied_end(opens, i, &closes, &within); i++) {
		for (size_t d = r->open[closes] ? r->depth : 1; d > 1; d--) {
			enum html_tag tag = r->stack[d - 1].tag;
			if (tag == closes) {
				pop_to(r, d - 1);
				break;
			}
			if (tag == within || tag == HTML_TABLE ||
			    (within == HTML_OTHER && html_is_scope(tag)))
				break;
		}
	}
}

static void add_skeleton(struct reader *r, struct str name)
{
	char *to = buf_ok(&r->skeleton) ? buf_reserve(&r->skeleton, name.n + 1) : NULL;

	if (!to)
		return;
	for (size_t i = 0; i <= name.n; i++)
		to[i] = i < name.n ? ascii_lower(name.p[i]) : ' ';
	buf_grew(&r->skeleton, name.n + 1);
}

/* An element that takes no place parts nothing that is seen; one whose letters alone are not seen does. */
static void part(struct reader *r, enum html_role role)
{
	bool line = role == HTML_ROLE_BLOCK || role == HTML_ROLE_BREAK, space = role == HTML_ROLE_CELL;
	bool placed = !r->elsewhere && !r->stack[r->depth - 1].gone;
	struct html_sink *const sinks[] = { unseen_sink(r), placed ? &r->text : NULL };

	for (size_t i = 0; i < ARRAY_LEN(sinks) && sinks[i]; i++) {
		sinks[i]->line |= line;
		sinks[i]->space |= space;
	}
}

static void start_tag(struct reader *r, const struct html_token *t, size_t offset)
{
	struct html_attrs at = t->attrs.n ? html_attrs_of(t) : (struct html_attrs){ 0 };
	enum html_role role = html_role(t->tag);

	add_skeleton(r, str_sub(t->name, 0, 32));
	end_implied(r, t->tag);
	if (role != HTML_ROLE_VOID && role != HTML_ROLE_BREAK) {
		struct html_frame f = html_frame_of(r->a, r->sheet, &r->stack[r->depth - 1], t, &at);
		f.links = t->tag == HTML_A || is_foreign_link(t, at.href.p ? at.href : at.xlink);
		f.turns = f.turned != r->stack[r->depth - 1].turned && r->depth < LIMIT_HTML_DEPTH &&
			  html_sink_turn(&r->text);
		push(r, &f);
		role = f.flows ? HTML_ROLE_INLINE : role;
	}
	if (role == HTML_ROLE_BREAK) {
		end_line(r);
		r->breaks++;
	}
	part(r, role);
	act_on(r, t, &at, offset);
}

/* The frame that an end tag ends: its depth, 0 = none. */
static size_t frame_to_end(const struct reader *r, const struct html_token *t)
{
	size_t looked = 0;

	for (size_t d = r->open[t->tag] ? r->depth : 1; d > 1; d--) {
		const struct html_frame *f = &r->stack[d - 1];
		if (f->tag == t->tag && (t->tag != HTML_OTHER || str_eq_nocase(f->name, t->name)))
			return d - 1;
		if (!html_closes_through(t->tag, f->tag) ||
		    (t->tag == HTML_OTHER && ++looked == OTHERS_LOOKED_AT))
			return 0;
	}
	return 0;
}

static void end_tag(struct reader *r, const struct html_token *t)
{
	enum html_role role = html_role(t->tag);

	if (t->tag == HTML_FORM)
		r->form = 0;
	size_t to = r->skipped[t->tag] ? 0 : frame_to_end(r, t);
	part(r, to && r->stack[to].flows ? HTML_ROLE_INLINE : role);
	if (r->skipped[t->tag]) {
		r->skipped[t->tag]--;
	} else if (t->tag != HTML_BODY && t->tag != HTML_HTML) { /* whose ends end nothing that is seen */
		if (to)
			pop_to(r, to);
		else if (t->tag == HTML_A)
			close_link(r);
	}
}

static void put_text(struct reader *r, const struct html_token *t, bool keep_lines)
{
	struct html_sink *sink = sink_now(r);
	size_t before = sink->b.n;

	html_sink_put(sink, t->text, t->references, keep_lines);
	if (sink != &r->text || sink->b.n == before)
		return;
	if (r->breaks >= BREAKS_FAR && before < r->out->far_below)
		r->out->far_below = before;
	r->breaks = 0;
}

static void text(struct reader *r, const struct html_token *t)
{
	bool keep_lines =
	    r->open[HTML_PRE] || t->tag == HTML_TEXTAREA || t->tag == HTML_XMP || t->tag == HTML_PLAINTEXT;

	if (r->elsewhere && r->open[HTML_XML])
		return; /* settings of Outlook */
	if (t->tag == HTML_TITLE)
		html_sink_put(&r->title, t->text, true, false);
	else if (t->tag == HTML_OTHER || keep_lines)
		put_text(r, t, keep_lines);
}

static void read_tokens(struct reader *r, struct html h, size_t base);

/* Reads what a token holds as part of the document. */
static void read_inside(struct reader *r, struct html h, size_t base)
{
	size_t depth = r->depth, link = r->link, outer = depth - 1;

	if (r->inside == INSIDE_MAX || depth == LIMIT_HTML_DEPTH)
		return;
	while (r->stack[outer].tag == HTML_STYLE) /* what is read as if no style were open is no part of it */
		outer--;
	struct html_frame f = r->stack[outer];
	f.tag = HTML_TEMPLATE; /* a scope: nothing inside ends what is outside */
	f.links = f.turns = false;
	push(r, &f);
	r->inside++;
	r->link = 0;
	read_tokens(r, h, base);
	pop_to(r, depth);
	r->inside--;
	r->link = link;
}

/*
 * "<!--[if mso]>…<![endif]-->": a comment to all but Outlook, which shows what is inside. Its text is kept apart, its links
 * are links. false: another comment.
 */
static bool conditional(struct reader *r, struct str comment, size_t base)
{
	size_t open = str_find(comment, STR("]>"), 0);

	if (!str_starts(str_trim(str_sub(comment, 0, 16)), STR("[if")) || open == SIZE_MAX)
		return false;
	bool outer = r->elsewhere;
	r->elsewhere = true;
	read_inside(r, html_of(str_sub(comment, open + 2, comment.n)), base + open + 2);
	r->elsewhere = outer;
	return true;
}

/*
 * Comments and raw text end elsewhere where a program takes another element for open than we do: SVG and MathML are left
 * and entered by rules that need a tree, CDATA is a comment outside of them, select drops most tags, noscript is raw text
 * only to who runs scripts, and XML has no raw text but sections of its own. Some show what never ends as well. So markup
 * there is read once more, as if it stood open.
 */
static void doubtful(struct reader *r, const struct html_token *t, struct str document, size_t base)
{
	bool endless = t->text.p + t->text.n == document.p + document.n && t->tag != HTML_PLAINTEXT;
	bool outer = r->elsewhere;
	size_t at = 0;

	bool old = t->tag == HTML_NOEMBED || t->tag == HTML_NOFRAMES; /* shown by what knows no frames */
	while ((r->doubt || endless || old) && (at = str_find_char(t->text, '<', at)) != SIZE_MAX) {
		struct str behind = str_sub(t->text, ++at, t->text.n);
		if (behind.n == 0 || !abnf_is_alpha((unsigned char)behind.p[0]))
			continue;
		r->elsewhere |= endless && !r->doubt; /* to browsers it is all over */
		read_inside(r, (struct html){ .s = t->text, .bare = true }, base);
		r->elsewhere = outer;
		return;
	}
}

/* A document inside an attribute, all of it at the place of that. */
static void read_page(struct reader *r, struct str page, size_t offset)
{
	size_t outer = r->place;

	r->place = offset;
	read_inside(r, html_of(page), 0);
	r->place = outer;
}

/* A tag that may not stand in SVG or MathML ended so many of them, with all that was open inside. */
static void leave_foreign(struct reader *r, size_t n)
{
	for (size_t d = r->depth; n > 0 && d > 1 && r->stack[d - 1].tag != HTML_TEMPLATE; d--) {
		if (r->stack[d - 1].tag != HTML_SVG && r->stack[d - 1].tag != HTML_MATH)
			continue;
		pop_to(r, d - 1);
		n--;
	}
}

/* base: offset of what h reads in the document. */
static void read_tokens(struct reader *r, struct html h, size_t base)
{
	struct html_token t;

	for (size_t foreign = 0; html_next(&h, &t); foreign = h.depth) {
		size_t at = base + (t.text.p ? (size_t)(t.text.p - h.s.p) : 0);
		if (h.depth < foreign && t.tag != HTML_SVG && t.tag != HTML_MATH)
			leave_foreign(r, foreign - h.depth);
		if (t.kind == HTML_TEXT && (t.tag != HTML_OTHER || !t.references))
			doubtful(r, &t, h.s, at);
		if (t.kind == HTML_TEXT)
			text(r, &t);
		else if (t.kind == HTML_START)
			start_tag(r, &t, r->place == SIZE_MAX ? base + t.start : r->place);
		else if (t.kind == HTML_END)
			end_tag(r, &t);
		else if (t.kind == HTML_DECLARATION)
			r->doubt |= str_starts(t.text, STR("[CDATA["));
		else if (t.kind == HTML_COMMENT && t.text.n && !conditional(r, t.text, at))
			doubtful(r, &t, h.s, at);
	}
}

static struct str take(struct reader *r, struct buf *b)
{
	struct str s = arena_str(r->a, buf_str(b));

	buf_free(b);
	return s;
}

static void finish(struct reader *r)
{
	struct html_text *out = r->out;

	close_link(r);
	pop_to(r, 1);
	while (r->text.turns_n > 0)
		html_sink_turn_back(&r->text);
	out->turned = r->text.turned > 0 ? (size_t)r->text.turned : 0;
	struct strs beside = html_sheet_texts(r->sheet);
	for (size_t i = 0; i < beside.n; i++) {
		r->text.line = true;
		html_sink_put(&r->text, beside.v[i], false, false);
	}
	out->cut |= !buf_ok(&r->text.b) || !buf_ok(&r->hidden.b) || !buf_ok(&r->elsewhere_text.b);
	out->text = take(r, &r->text.b);
	out->turned_text = str_sub(out->text, r->text.longest.from, r->text.longest.from + r->text.longest.n);
	out->hidden = take(r, &r->hidden.b);
	out->elsewhere = take(r, &r->elsewhere_text.b);
	out->title = take(r, &r->title.b);
	out->skeleton = take(r, &r->skeleton);
	for (size_t i = 0; i < out->links.n; i++) {
		const struct span *s = &r->spans.v[i];
		struct html_link *l = &out->links.v[i];
		struct str inside = str_trim(str_sub(out->text, s->from, s->to));
		if (inside.n == 0 && l->text.n == 0)
			inside = str_trim(str_sub(s->elsewhere ? out->elsewhere : out->hidden, s->unseen_from,
						  s->unseen_to));
		if (inside.n)
			l->text = inside;
	}
}

struct html_text *html_text_read(struct arena *a, struct str document, size_t max_text)
{
	struct reader *r = ARENA_NEW(a, struct reader);
	r->a = a;
	r->out = ARENA_NEW(a, struct html_text);
	r->out->far_below = SIZE_MAX;
	buf_init(&r->text.b, max_text);
	buf_init(&r->hidden.b, max_text);
	buf_init(&r->elsewhere_text.b, max_text);
	buf_init(&r->title.b, TITLE_MAX);
	buf_init(&r->skeleton, SKELETON_MAX);
	r->sheet = html_sheet_read(a, document);
	r->stack[0] = html_frame_root();
	r->depth = 1;
	r->place = SIZE_MAX;
	read_tokens(r, html_of(document), 0);
	finish(r);
	return r->out;
}

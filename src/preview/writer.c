/* The elements open are a stack as in html/text.c; each knows what was written for it, if anything. */
#include "preview/writer.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "html/entity.h"
#include "preview/clean_internal.h"

#define WORD_BYTES 1000 /* longer words are parted: an engine measures each as one */

static bool is_formatting(const struct writer_frame *f)
{
	static const unsigned char tags[HTML_TAG_COUNT] = {
		[HTML_B] = 1,  [HTML_BIG] = 1, [HTML_CODE] = 1,  [HTML_EM] = 1,     [HTML_FONT] = 1,
		[HTML_I] = 1,  [HTML_S] = 1,   [HTML_SMALL] = 1, [HTML_STRIKE] = 1, [HTML_STRONG] = 1,
		[HTML_TT] = 1, [HTML_U] = 1,   [HTML_A] = 1,
	};

	return tags[f->tag];
}

const char *writer_name(const struct html_token *t)
{
	return t->tag == HTML_OTHER ? NULL : enum_text(&html_tag_names, (int)t->tag).p;
}

bool writer_may_add(struct writer *w)
{
	struct clean *c = w->c;

	if (w->mute)
		return false;
	if (c->elements >= CLEAN_ELEMENTS || c->body.n > CLEAN_OUT / 2) {
		c->cut |= CLEAN_CUT_ELEMENTS;
		return false;
	}
	if (w->written >= CLEAN_DEPTH) {
		c->cut |= CLEAN_CUT_DEPTH;
		return false;
	}
	return true;
}

static bool is_block(enum html_tag tag)
{
	return html_role(tag) != HTML_ROLE_INLINE && tag != HTML_OTHER;
}

/* Whether an element turns all that is inside: <bdo dir=rtl>, or by its style. */
static bool is_reversing(const struct html_token *t)
{
	struct str style = str_sub(html_attr(t, STR("style")), 0, ATTR_BYTES);

	if (t->tag == HTML_OTHER && str_eq_nocase(t->name, STR("bdo")))
		return str_eq_nocase(html_attr(t, STR("dir")), STR("rtl"));
	return str_find_nocase(style, STR("bidi-override"), 0) != SIZE_MAX &&
	       str_find_nocase(style, STR("rtl"), 0) != SIZE_MAX;
}

/*
 * The engine takes a break for the start of another line, browsers for the end of one: it is written when something comes
 * behind it in the same block.
 */
static void write_break(struct writer *w)
{
	if (w->broken && !w->mute)
		buf_add_c(&w->c->body, "<br>");
	w->broken = false;
}

void writer_inline(struct writer *w)
{
	write_break(w);
	w->c->elements++;
	w->word = 0;
	w->line = true;
}

void writer_end_line(struct writer *w)
{
	w->line = w->broken = false;
}

/* Each line that has nothing in it gets something that is not seen. */
void writer_break(struct writer *w)
{
	if (w->broken || !w->line) {
		write_break(w);
		buf_add_c(&w->c->body, "&#8203;");
	}
	w->line = w->broken = true;
}

/* Writes the start of an element and remembers it. as: NULL = nothing is written. */
void writer_push(struct writer *w, const struct html_token *t, const char *as, bool as_block,
		 const char *class)
{
	struct clean *c = w->c;

	if (w->depth == LIMIT_HTML_DEPTH) {
		c->cut |= CLEAN_CUT_DEPTH;
		w->skipped[t->tag]++;
		return;
	}
	struct writer_frame *f = &w->stack[w->depth];
	*f = (struct writer_frame){
		.tag = t->tag, .name = t->name, .from = *t, .scope = html_is_scope(t->tag)
	};
	f->reversed = is_reversing(t);
	f->outer_middle = c->middle;
	w->reversed = (w->reversed && !is_block(t->tag)) || f->reversed;
	if (as && writer_may_add(w)) {
		f->as = as;
		if (as_block || is_block(t->tag))
			writer_end_line(w);
		write_break(w);
		buf_add_char(&c->body, '<');
		buf_add_c(&c->body, as);
		clean_attributes(w->c, t, &c->body, as_block, class);
		buf_add_char(&c->body, '>');
		c->elements++;
		w->written++;
		w->word = 0;
	} else if (as && !w->mute) {
		buf_add_char(&c->body, ' '); /* what stood apart still does */
	}
	w->depth++;
	w->scopes += f->scope;
	w->open[t->tag]++;
}

struct writer_frame *writer_top(struct writer *w)
{
	return &w->stack[w->depth - 1];
}

/* Closes frames down to the depth. Formatting that was closed on the way, not the last one, comes again. */
void writer_pop(struct writer *w, size_t depth)
{
	struct html_token closed[WRITER_AGAIN];
	size_t n = 0, keep = 0;

	while (w->depth > depth) {
		struct writer_frame *f = &w->stack[--w->depth];
		if (f->as) {
			buf_add_c(&w->c->body, "</");
			buf_add_c(&w->c->body, f->as);
			buf_add_char(&w->c->body, '>');
			w->written--;
			w->word = 0;
			if (is_block(f->tag))
				writer_end_line(w);
		}
		w->open[f->tag]--;
		w->reversed &= !is_block(f->tag) && !f->reversed;
		w->mute -= f->mute;
		w->c->middle = f->outer_middle;
		w->tables -= f->table && !f->flat;
		if (f->table)
			w->flat = f->outer_flat;
		if (f->table)
			w->c->cell_padding = f->outer_padding;
		w->scopes -= f->scope;
		if (f->scope)
			n = 0; /* what was open in a cell ends with it */
		else if (w->depth > depth && is_formatting(f) && n < WRITER_AGAIN)
			closed[n++] = f->from;
	}
	for (size_t i = 0; i < w->again_n; i++)
		if (w->again[i].scopes <= w->scopes)
			w->again[keep++] = w->again[i];
	w->again_n = keep;
	for (; n > 0 && w->again_n < WRITER_AGAIN; n--) {
		w->again[w->again_n].from = closed[n - 1];
		w->again[w->again_n++].scopes = w->scopes;
	}
}

/* Opens again what browsers would. */
void writer_reopen(struct writer *w)
{
	size_t keep = 0, n = w->again_n;

	if (n == 0 || w->mute)
		return;
	struct html_token tokens[WRITER_AGAIN];
	size_t now = 0;
	for (size_t i = 0; i < n; i++) {
		if (w->again[i].scopes == w->scopes)
			tokens[now++] = w->again[i].from;
		else
			w->again[keep++] = w->again[i];
	}
	w->again_n = keep;
	for (size_t i = 0; i < now; i++)
		writer_push(w, &tokens[i], writer_name(&tokens[i]), false, NULL);
}

void writer_end_implied(struct writer *w, enum html_tag opens)
{
	enum html_tag closes, within;

	for (size_t i = 0; html_implied_end(opens, i, &closes, &within); i++) {
		for (size_t d = w->open[closes] ? w->depth : 0; d > 0; d--) {
			enum html_tag tag = w->stack[d - 1].tag;
			if (tag == closes) {
				writer_pop(w, d - 1);
				break;
			}
			bool list = closes == HTML_LI && (tag == HTML_UL || tag == HTML_OL);
			if (tag == within || tag == HTML_TABLE || list ||
			    (within == HTML_OTHER && html_is_scope(tag)))
				break;
		}
	}
}

/* ---- text ---- */

static bool is_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_space(s.p[i]))
			return false;
	return true;
}

/*
 * What stands between a mark for the other direction and the end of its paragraph is turned; the engine looks at one text at
 * a time, so each of them gets the mark.
 */
static void put_mark(struct writer *w, struct str s, bool references)
{
	static const struct str turn = STR_INIT("\xe2\x80\xae");
	static const struct str ends[] = { STR_INIT("\xe2\x80\xac"), STR_INIT("\xe2\x80\xad") };
	struct str plain = references && str_find(s, STR("&#"), 0) != SIZE_MAX ? html_decode(w->c->a, s) : s;

	if (w->reversed && !is_blank(s))
		buf_add(&w->c->body, turn);
	for (size_t i = str_find_char(plain, '\xe2', 0); i < plain.n;
	     i = str_find_char(plain, '\xe2', i + 1)) {
		struct str rest = str_sub(plain, i, i + turn.n);
		w->reversed =
		    str_eq(rest, turn) || (w->reversed && !str_eq(rest, ends[0]) && !str_eq(rest, ends[1]));
	}
}

/* Escaped, without control characters, in words of a length that can be measured. */
void writer_text(struct writer *w, struct str s, bool references)
{
	struct clean *c = w->c;
	struct buf *b = &c->body;

	if (w->mute)
		return;
	if (c->text_n + s.n > CLEAN_TEXT) {
		c->cut |= CLEAN_CUT_TEXT;
		s = utf8_cut(s, CLEAN_TEXT - c->text_n);
	}
	c->text_n += s.n;
	if (!is_blank(s)) {
		writer_reopen(w);
		write_break(w);
		w->line = true;
	}
	put_mark(w, s, references);
	size_t from = 0;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		const char *as = NULL;

		w->word = ascii_is_space((char)ch) ? 0 : w->word + 1;
		if (w->word > WORD_BYTES && (ch & 0xc0) != 0x80 && ch != '&') {
			buf_add(b, str_sub(s, from, i));
			buf_add_char(b, ' ');
			from = i;
			w->word = 1;
		}
		if (ch == '<')
			as = "&lt;";
		else if (ch == '>')
			as = "&gt;";
		else if (ch == '&' && !references)
			as = "&amp;";
		else if ((ch < ' ' && !ascii_is_space((char)ch)) || ch == 0x7f || ch == '\f' || ch == '\v')
			as = "";
		if (!as)
			continue;
		buf_add(b, str_sub(s, from, i));
		buf_add_c(b, as);
		from = i + 1;
	}
	buf_add(b, str_sub(s, from, s.n));
}

/* The frame that an end tag ends: its depth + 1, 0 = none. */
static size_t frame_to_end(const struct writer *w, const struct html_token *t)
{
	size_t looked = 0;

	for (size_t d = w->open[t->tag] ? w->depth : 0; d > 0; d--) {
		const struct writer_frame *f = &w->stack[d - 1];
		if (f->tag == t->tag && (t->tag != HTML_OTHER || str_eq_nocase(f->name, t->name)))
			return d;
		if (!html_closes_through(t->tag, f->tag) || (t->tag == HTML_OTHER && ++looked == 16))
			return 0;
	}
	return 0;
}

void writer_end(struct writer *w, const struct html_token *t)
{
	if (w->skipped[t->tag]) {
		w->skipped[t->tag]--;
		return;
	}
	for (size_t i = w->again_n; i > 0; i--) {
		if (w->again[i - 1].from.tag != t->tag || w->again[i - 1].scopes != w->scopes)
			continue;
		memmove(&w->again[i - 1], &w->again[i], (w->again_n - i) * sizeof(w->again[0]));
		w->again_n--;
		return;
	}
	size_t d = frame_to_end(w, t);
	if (d)
		writer_pop(w, d - 1);
}

/* A tag that may not stand in a drawing ended it. */
void writer_leave_foreign(struct writer *w, size_t n)
{
	for (size_t d = w->depth; n > 0 && d > 0 && w->stack[d - 1].tag != HTML_TEMPLATE; d--) {
		if (w->stack[d - 1].tag != HTML_SVG && w->stack[d - 1].tag != HTML_MATH)
			continue;
		writer_pop(w, d - 1);
		n--;
	}
}

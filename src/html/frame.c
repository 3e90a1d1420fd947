/* Looks, from the outside in. */
#include "html/frame.h"

#include "base/arena.h"
#include "html/element.h"
#include "html/entity.h"

/* The whole value with its references decoded. */
static struct html_color color_of(struct arena *a, struct str undecoded)
{
	struct str text = str_trim(html_decode(a, str_sub(undecoded, 0, 64)));
	struct html_color c = html_color_read(text);

	/* Attributes may leave the "#" away. */
	return c.known ? c : html_color_read(ARENA_JOIN(a, STR("#"), text));
}

/* What attributes of old say; other elements than these do not listen to them. */
static void old_style(struct arena *a, const struct html_frame *outer, const struct html_token *t,
		      const struct html_attrs *at, struct html_style *style)
{
	struct str color = t->tag == HTML_FONT ? at->color : t->tag == HTML_BODY ? at->text : STR_NONE;
	bool has_ground = t->tag == HTML_BODY || t->tag == HTML_TD || t->tag == HTML_TH ||
			  t->tag == HTML_TABLE || t->tag == HTML_TR || t->tag == HTML_TBODY ||
			  t->tag == HTML_THEAD || t->tag == HTML_TFOOT;

	if (color.n) {
		style->set |= STYLE_COLOR;
		style->color = color_of(a, color);
	}
	if (t->tag == HTML_FONT && at->size.n) { /* ten pixels or more */
		style->set |= STYLE_FONT;
		style->font = 13;
	}
	if (has_ground && (at->bgcolor.n || at->background.n)) {
		style->set |= STYLE_GROUND;
		style->picture = at->background.n > 0;
		style->ground = at->bgcolor.n ? color_of(a, at->bgcolor) : (struct html_color){ 0 };
	}
	/* Readers of old pages give tables, and all give what is filled in, letters of their own size. */
	if (outer->font < STYLE_SEEN_PX && (t->tag == HTML_TABLE || t->tag == HTML_TEXTAREA ||
					    t->tag == HTML_BUTTON || t->tag == HTML_SELECT)) {
		style->set |= STYLE_FONT;
		style->font = 13;
	}
	if (at->dir.n) {
		style->set |= STYLE_DIRECTION;
		style->rtl = str_eq_nocase(str_trim(html_decode(a, str_sub(at->dir, 0, 16))), STR("rtl"));
	}
	if (str_eq_nocase(t->name, STR("bdo"))) { /* (WHATWG HTML §15.3.5) */
		style->set |= STYLE_BIDI;
		style->turns = at->dir.n > 0;
	}
	/* Links have a colour of their own that each program chooses. */
	if (t->tag == HTML_A && at->href.n) {
		style->set |= STYLE_COLOR;
		style->color = (struct html_color){ 0 };
	}
}

/* What attributes, sheets and the style attribute say together, in the order in which they win. */
static struct html_style style_of(struct arena *a, const struct html_sheet *sheet,
				  const struct html_frame *outer, const struct html_token *t,
				  const struct html_attrs *at, unsigned *maybe_out)
{
	struct html_style style = { .set = at->hidden ? STYLE_GONE : 0, .gone = at->hidden };
	struct html_maybe maybe = { 0 };

	old_style(a, outer, t, at, &style);
	if (sheet) {
		html_sheet_apply(sheet, t->name, html_decode(a, at->classes), html_decode(a, at->id), &style,
				 &maybe);
		html_style_show(&style, maybe.any, false);
	}
	if (at->style.n)
		html_style_read(html_decode(a, at->style), &style);
	html_style_show(&style, maybe.firm, true);
	*maybe_out = maybe.any;
	return style;
}

/*
 * Never shown, but for the shadow root of an element. That a style or script holds text of its own is so in SVG only,
 * elsewhere it is raw.
 */
static bool takes_no_place(const struct html_token *t)
{
	return (t->tag == HTML_TEMPLATE && !html_attr(t, STR("shadowrootmode")).p) || t->tag == HTML_STYLE ||
	       t->tag == HTML_SCRIPT;
}

/* What all that a frame says comes to. */
static void settle(struct html_frame *f)
{
	bool lost =
	    !f->tinted && f->color.known && f->ground.known && !html_color_differs(f->color, f->ground);

	f->hidden = f->gone || f->invisible || f->indented || f->font < STYLE_SEEN_PX || lost;
}

/* The frame of an element inside `outer`. What only may apply (maybe) shows text and never hides it. */
static struct html_frame framed(const struct html_frame *outer, const struct html_token *t,
				const struct html_style *style, unsigned maybe)
{
	struct html_frame f = *outer;
	bool moved = style->away || (style->outside && style->placed) || (style->cut && style->lifted);
	bool box = style->set & STYLE_GONE && !style->gone
		       ? style->box
		       : html_role(t->tag) == HTML_ROLE_BLOCK && !html_is_table_part(t->tag);
	bool flat = style->flat && !(style->flat & FLAT_NOT) && style->clips && (box || style->lifted);

	f.tag = t->tag;
	f.name = t->name;
	f.turns = false;
	f.flows = style->set & STYLE_GONE && style->flows;
	f.tinted |= style->tinted;
	f.gone |= style->gone || (style->faint && !f.tinted) || flat || moved || takes_no_place(t);
	if (style->set & STYLE_DIRECTION)
		f.rtl = style->rtl;
	/* An override ends with its block: blocks in it are written as they are. */
	if (style->set & STYLE_BIDI)
		f.turned = style->turns && f.rtl;
	else if (html_role(outer->tag) == HTML_ROLE_BLOCK && html_role(t->tag) == HTML_ROLE_BLOCK)
		f.turned = false;
	if (style->set & STYLE_INDENT)
		f.indented = style->indent;
	if (style->set & STYLE_INVISIBLE)
		f.invisible = style->invisible;
	if (style->set & STYLE_FONT)
		f.font = style->relative ? style->font * outer->font : style->font;
	if (maybe & STYLE_FONT)
		f.font = f.font < STYLE_SEEN_PX ? STYLE_SEEN_PX : f.font;
	if (style->set & STYLE_COLOR)
		f.color = style->color;
	if (style->picture || maybe & STYLE_GROUND)
		f.ground.known = false;
	else if (style->set & STYLE_GROUND && (!style->ground.known || style->ground.alpha > 0))
		f.ground = style->ground;
	if (maybe & STYLE_COLOR)
		f.color.known = false;
	settle(&f);
	return f;
}

struct html_frame html_frame_root(void)
{
	return (struct html_frame){ .font = 16,
				    .color = { true, 0, 0, 0, 255 },
				    .ground = { true, 255, 255, 255, 255 } };
}

struct html_frame html_frame_of(struct arena *a, const struct html_sheet *sheet,
				const struct html_frame *outer, const struct html_token *t,
				const struct html_attrs *at)
{
	struct html_frame f = *outer;
	unsigned maybe = 0;

	f.tag = t->tag;
	f.name = t->name;
	f.flows = f.turns = false;
	if (t->attrs.n || sheet || f.turned || takes_no_place(t) || f.font < STYLE_SEEN_PX) {
		struct html_style style = style_of(a, sheet, outer, t, at, &maybe);
		f = framed(outer, t, &style, maybe);
	}
	return f;
}

void html_frame_end_indent(struct html_frame *f)
{
	f->indented = false;
	settle(f);
}

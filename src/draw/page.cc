/*
 * litehtml's container: fonts by Pango, everything else by Cairo. What litehtml asks for by name (images, style sheets) is a
 * number of the cleaner, or nothing.
 */
#include "draw/page.h"

#include <litehtml/litehtml.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "draw/breaks.h"
#include "draw/elements.h"

namespace
{

const int FONT_MOST = 400;          /* pixels */
const int FONT_NONE = 1;            /* what the cleaner makes of no size at all */
const int EDGE = 8;                 /* below the last thing that is seen */
const size_t FAMILY_BYTES = 200;    /* of a list of families */
const size_t FONTS_MOST = 500;      /* of one page */
const size_t TEXT_BYTES = 8192;     /* measured or drawn at once */
const size_t WIDTHS_KEPT = 20000;   /* of one page */
const int FAR = 20000;              /* no coordinate is farther out */
const int BESIDE = 100;             /* of a strip: words there may belong to a line that reaches into it */
const int TILES_MOST = 4000;        /* of one repeated picture */
const char TURN[] = "\xe2\x80\xae"; /* U+202E: from here on from right to left, whatever it is */
const gunichar LINE_MAY_END = 0x200b;
const gunichar TURN_CHAR = 0x202e, TURN_END = 0x202c, TURN_BACK = 0x202d;
const int TABLES_MOST = 12; /* in each other: each level takes three times as long */
const int RTL_RUN = 60;     /* characters written from right to left that stay in one piece */

double near_by(int v)
{
	return v > FAR ? FAR : v < -FAR ? -FAR : v;
}

struct box {
	double x, y, w, h;

	explicit box(const litehtml::position &p)
	    : x(near_by(p.x)), y(near_by(p.y)), w(near_by(p.width)), h(near_by(p.height))
	{
	}
};

struct font {
	PangoFontDescription *description; /* NULL: so small that nobody sees it */
	unsigned decoration;
	int ascent, descent, height;
	std::unordered_map<std::string, int> widths;

	font() : description(nullptr), decoration(0), ascent(0), descent(0), height(0)
	{
	}
	font(const font &) = delete;
	font &operator=(const font &) = delete;
	~font()
	{
		if (description)
			pango_font_description_free(description);
	}
};

/* Metric twins of what browsers take; else Pango finds a wider face. */
std::string families(const char *names)
{
	static const struct {
		const char *generic, *face;
	} known[] = {
		{ "serif", "Liberation Serif" },
		{ "sans-serif", "Liberation Sans" },
		{ "monospace", "Liberation Mono" },
		{ "cursive", "Liberation Serif" },
		{ "fantasy", "Liberation Sans" },
		{ "system-ui", "Liberation Sans" },
		{ "-apple-system", "Liberation Sans" },
		{ "blinkmacsystemfont", "Liberation Sans" },
		{ "helvetica neue", "Liberation Sans" },
		{ "segoe ui", "Liberation Sans" },
		{ "roboto", "Liberation Sans" },
		{ "verdana", "DejaVu Sans" },
		{ "tahoma", "Liberation Sans" },
		{ "calibri", "Liberation Sans" },
		{ "arial", "Liberation Sans" },
		{ "helvetica", "Liberation Sans" },
		{ "times new roman", "Liberation Serif" },
		{ "times", "Liberation Serif" },
		{ "georgia", "Liberation Serif" },
		{ "courier new", "Liberation Mono" },
		{ "courier", "Liberation Mono" },
	};
	std::string list(names ? names : ""), out;

	if (list.size() > FAMILY_BYTES)
		list.resize(FAMILY_BYTES);
	for (size_t at = 0; at < list.size();) {
		size_t comma = list.find(',', at);
		std::string one = list.substr(at, comma == std::string::npos ? comma : comma - at);
		at = comma == std::string::npos ? list.size() : comma + 1;
		std::string plain;
		for (char c : one)
			if (c != '"' && c != '\'')
				plain += c;
		size_t from = plain.find_first_not_of(" "), to = plain.find_last_not_of(" ");
		if (from == std::string::npos)
			continue;
		plain = plain.substr(from, to - from + 1);
		for (const auto &k : known)
			if (g_ascii_strcasecmp(plain.c_str(), k.generic) == 0)
				plain = k.face;
		/* Pictures of letters are found without their name; with it digits and spaces come out of there, too. */
		gchar *lower = g_ascii_strdown(plain.c_str(), -1);
		const bool emoji = strstr(lower, "emoji");
		g_free(lower);
		if (emoji || !g_utf8_validate(plain.c_str(), -1, nullptr))
			continue;
		if (!out.empty())
			out += ",";
		out += plain;
	}
	return out.empty() ? "Liberation Serif" : out;
}

bool is_rtl(gunichar c)
{
	return (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) || (c >= 0xfe70 && c <= 0xfefc) ||
	       (c >= 0x10800 && c <= 0x10fff) || (c >= 0x1e800 && c <= 0x1efff);
}

/* Not seen, and in front of a word Pango draws a circle that it would sit on. */
bool is_nothing(gunichar c)
{
	return c == 0xad || c == 0x34f || (c >= 0x2060 && c <= 0x2064) || c == 0xfeff;
}

bool is_break(gunichar c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

class container : public litehtml::document_container
{
      public:
	container(const struct page *page) : page_(page), layout_(pango_layout_new(page->fonts)), widths_(0)
	{
		pango_layout_set_single_paragraph_mode(layout_, TRUE);
	}
	virtual ~container()
	{
		g_object_unref(layout_);
	}
	container(const container &) = delete;
	container &operator=(const container &) = delete;

	/* ---- text ---- */

	litehtml::uint_ptr create_font(const char *face, int size, int weight, litehtml::font_style italic,
				       unsigned decoration, litehtml::font_metrics *fm) override
	{
		/* Of a page with too many fonts the last one serves for all. */
		if (fonts_.size() < FONTS_MOST) {
			std::unique_ptr<font> f(new font);
			f->decoration = decoration;
			if (size > FONT_NONE)
				describe(f.get(), families(face).c_str(), size, weight, italic);
			fonts_.push_back(std::move(f));
		}
		font *f = fonts_.back().get();
		if (fm) {
			fm->ascent = f->ascent;
			fm->descent = f->descent;
			fm->height = f->height;
			fm->x_height = f->ascent / 2;
			fm->draw_spaces = f->decoration != 0;
		}
		return reinterpret_cast<litehtml::uint_ptr>(f);
	}

	void delete_font(litehtml::uint_ptr) override
	{
		/* all go together, with the page */
	}

	int text_width(const char *text, litehtml::uint_ptr handle) override
	{
		font *f = reinterpret_cast<font *>(handle);

		if (!f->description)
			return 0;
		std::string key(text, strnlen(text, TEXT_BYTES));
		auto known = f->widths.find(key);

		if (known != f->widths.end())
			return known->second;
		int width = 0;
		set_text(key, f);
		pango_layout_get_pixel_size(layout_, &width, nullptr);
		if (widths_++ < WIDTHS_KEPT)
			f->widths.emplace(std::move(key), width);
		return width;
	}

	void draw_text(litehtml::uint_ptr hdc, const char *text, litehtml::uint_ptr handle,
		       litehtml::web_color color, const litehtml::position &pos) override
	{
		cairo_t *cr = reinterpret_cast<cairo_t *>(hdc);
		font *f = reinterpret_cast<font *>(handle);
		box b(pos);

		if (!f->description || color.alpha == 0 || is_shut())
			return;
		if (!cr) {
			reach(b);
			return;
		}
		if (!on_page(cr, b, BESIDE))
			return;
		piece p = { std::string(text, strnlen(text, TEXT_BYTES)), f, color, b };
		if (!line_.empty()) {
			const box &last = line_.back().at;
			/* Farther than a space away it is in another cell. */
			const double gap = b.x - last.x - last.w;
			const bool beside = b.y < last.y + last.h && b.y + b.h > last.y && gap >= -1 &&
					    gap <= 1 + text_width(" ", handle);
			if (!beside)
				end_line();
		}
		line_cr_ = cr;
		line_.push_back(std::move(p));
	}

	int pt_to_px(int pt) const override
	{
		return int(std::lround(pt * 96.0 / 72.0));
	}
	int get_default_font_size() const override
	{
		return 16;
	}
	const char *get_default_font_name() const override
	{
		return "serif";
	}

	void transform_text(litehtml::tstring &text, litehtml::text_transform tt) override
	{
		if (text.size() > TEXT_BYTES || tt == litehtml::text_transform_none ||
		    !g_utf8_validate(text.c_str(), ssize_t(text.size()), nullptr))
			return;
		if (tt == litehtml::text_transform_capitalize) {
			const char *rest = g_utf8_next_char(text.c_str());
			char *first = g_utf8_strup(text.c_str(), rest - text.c_str());
			text = std::string(first) + rest;
			g_free(first);
			return;
		}
		char *other = tt == litehtml::text_transform_uppercase
				  ? g_utf8_strup(text.c_str(), ssize_t(text.size()))
				  : g_utf8_strdown(text.c_str(), ssize_t(text.size()));
		text = other;
		g_free(other);
	}

	/* Words; what is written from right to left stays together, so that Pango puts it in order. */
	void split_text(const char *text, const std::function<void(const char *)> &on_word,
			const std::function<void(const char *)> &on_space) override
	{
		std::string word;
		int rtl = 0;
		bool turned = false;
		const std::unique_ptr<char, decltype(&free)> marked(breaks_mark(text, strlen(text)), free);

		for (const char *p = marked ? marked.get() : text; *p;) {
			gunichar c = g_utf8_get_char_validated(p, -1);
			size_t n = size_t(g_utf8_skip[static_cast<unsigned char>(*p)]);
			if (c == gunichar(-1) || c == gunichar(-2)) {
				p++;
				continue;
			}
			std::string one(p, n);
			p += n;
			if (is_nothing(c))
				continue;
			if (c == TURN_CHAR || c == TURN_END || c == TURN_BACK) {
				turned = c == TURN_CHAR;
				if (!word.empty())
					on_word(word.c_str());
				word.clear();
				continue;
			}
			if (c == LINE_MAY_END && !word.empty()) {
				on_word(word.c_str());
				word.clear();
				rtl = 0;
				continue;
			}
			if (turned && word.empty() && !is_break(c))
				word = TURN;
			if (is_break(c)) {
				gunichar next = *p ? g_utf8_get_char_validated(p, -1) : 0;
				if (rtl > 0 && rtl < RTL_RUN && c == ' ' && is_rtl(next)) {
					word += one;
					continue;
				}
				if (!word.empty())
					on_word(word.c_str());
				word.clear();
				rtl = 0;
				on_space(one.c_str());
			} else {
				word += one;
				rtl += is_rtl(c);
			}
		}
		if (!word.empty())
			on_word(word.c_str());
	}

	/* ---- boxes ---- */

	void draw_list_marker(litehtml::uint_ptr hdc, const litehtml::list_marker &m) override
	{
		if (is_shut())
			return;
		end_line();
		cairo_t *cr = reinterpret_cast<cairo_t *>(hdc);
		box b(m.pos);

		if (!cr) {
			reach(b);
			return;
		}
		if (!on_page(cr, b))
			return;
		enter_clips(cr);
		set_color(cr, m.color);
		if (m.marker_type == litehtml::list_style_type_square)
			cairo_rectangle(cr, b.x, b.y, b.w, b.h);
		else
			cairo_arc(cr, b.x + b.w / 2, b.y + b.h / 2, b.w / 2, 0, 2 * M_PI);
		if (m.marker_type == litehtml::list_style_type_circle) {
			cairo_set_line_width(cr, 1);
			cairo_stroke(cr);
		} else {
			cairo_fill(cr);
		}
		cairo_restore(cr);
	}

	void load_image(const char *, const char *, bool) override
	{
	}

	void get_image_size(const char *src, const char *, litehtml::size &size) override
	{
		size_t image;

		size.width = size.height = 0;
		if (number(src, &image))
			page_->hooks.image_size(page_->hooks.ctx, image, &size.width, &size.height);
	}

	void draw_background(litehtml::uint_ptr hdc, const litehtml::background_paint &bg) override
	{
		cairo_t *cr = reinterpret_cast<cairo_t *>(hdc);
		box clip(bg.clip_box), border(bg.border_box);
		size_t image;

		if (is_shut())
			return;
		end_line();
		if (!cr) { /* white on a white page is nothing to be seen */
			bool white = bg.color.red == 255 && bg.color.green == 255 && bg.color.blue == 255;
			if (!bg.is_root && ((bg.color.alpha && !white) || number(bg.image.c_str(), &image)))
				reach(clip);
			return;
		}
		enter_clips(cr);
		if (bg.is_root) { /* the page is as wide as the picture, whatever its element is */
			double x1, y1, x2, y2;
			cairo_clip_extents(cr, &x1, &y1, &x2, &y2);
			cairo_rectangle(cr, x1, y1, x2 - x1, y2 - y1);
		} else {
			if (!on_page(cr, border)) {
				cairo_restore(cr);
				return;
			}
			rounded(cr, border, bg.border_radius);
			cairo_clip(cr);
			cairo_rectangle(cr, clip.x, clip.y, clip.w, clip.h);
		}
		cairo_clip(cr);
		if (bg.color.alpha) {
			set_color(cr, bg.color);
			cairo_paint(cr);
		}
		if (number(bg.image.c_str(), &image))
			draw_image(cr, bg, image);
		cairo_restore(cr);
	}

	void draw_borders(litehtml::uint_ptr hdc, const litehtml::borders &b, const litehtml::position &at,
			  bool) override
	{
		cairo_t *cr = reinterpret_cast<cairo_t *>(hdc);
		box o(at);
		const litehtml::border *const sides[] = { &b.top, &b.right, &b.bottom, &b.left };
		double w[4];
		bool any = false;

		for (int i = 0; i < 4; i++) {
			bool drawn = sides[i]->style != litehtml::border_style_none &&
				     sides[i]->style != litehtml::border_style_hidden;
			w[i] = drawn ? near_by(sides[i]->width) : 0;
			any |= w[i] > 0;
		}
		any = any && !is_shut();
		if (any && !cr)
			reach(o);
		if (!any || !cr || !on_page(cr, o))
			return;
		end_line();
		box in(at);
		in.x += w[3];
		in.y += w[0];
		in.w -= w[3] + w[1];
		in.h -= w[0] + w[2];
		litehtml::border_radiuses inner(b.radius);
		inner -= margins_of(w);
		enter_clips(cr);
		cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
		rounded(cr, o, b.radius);
		if (in.w > 0 && in.h > 0)
			rounded(cr, in, inner);
		cairo_clip(cr);
		cairo_set_fill_rule(cr, CAIRO_FILL_RULE_WINDING);
		/* corners: outer and inner, from the top left on, by the clock */
		double ox[] = { o.x, o.x + o.w, o.x + o.w, o.x }, oy[] = { o.y, o.y, o.y + o.h, o.y + o.h };
		double ix[] = { in.x, in.x + in.w, in.x + in.w, in.x },
		       iy[] = { in.y, in.y, in.y + in.h, in.y + in.h };
		for (int i = 0; i < 4; i++) {
			int next = (i + 1) % 4;
			if (w[i] <= 0)
				continue;
			cairo_new_path(cr);
			cairo_move_to(cr, ox[i], oy[i]);
			cairo_line_to(cr, ox[next], oy[next]);
			if (has_radius(b.radius)) { /* the ring is thicker than the side at its corners */
				cairo_line_to(cr, o.x + o.w / 2, o.y + o.h / 2);
			} else {
				cairo_line_to(cr, ix[next], iy[next]);
				cairo_line_to(cr, ix[i], iy[i]);
			}
			cairo_close_path(cr);
			set_color(cr, sides[i]->color);
			if (sides[i]->style == litehtml::border_style_dashed ||
			    sides[i]->style == litehtml::border_style_dotted)
				dashes(cr, w[i], ox, oy, i,
				       sides[i]->style == litehtml::border_style_dotted ? 1 : 3);
			else
				cairo_fill(cr);
		}
		cairo_restore(cr);
	}

	void set_clip(const litehtml::position &pos, const litehtml::border_radiuses &radius, bool x,
		      bool y) override
	{
		bool empty = (x && pos.width <= 0) || (y && pos.height <= 0) || is_shut();

		if (!empty)
			end_line();
		clips_.push_back(limit{ pos, radius, x, y, empty });
	}
	void del_clip() override
	{
		if (!is_shut())
			end_line();
		if (!clips_.empty())
			clips_.pop_back();
	}

	/*
	 * Draws the words of a line, which the engine puts from left to right: in one that is mostly written from right to
	 * left they change sides, but for those in a row that are not.
	 */
	void end_line()
	{
		size_t rtl = 0, ltr = 0;

		for (const piece &p : line_)
			count_letters(p.text, &rtl, &ltr);
		if (rtl > ltr && line_.size() > 1)
			mirror();
		else
			turn_marked();
		for (const piece &p : line_)
			show(line_cr_, p);
		line_.clear();
	}

	/* ---- how far what is seen reaches, in a drawing without a canvas ---- */

	double right() const
	{
		return right_;
	}
	double bottom() const
	{
		return bottom_;
	}

	/* ---- what is not there ---- */

	void set_caption(const char *) override
	{
	}
	void set_base_url(const char *) override
	{
	}
	void link(const std::shared_ptr<litehtml::document> &, const litehtml::element::ptr &) override
	{
	}
	void on_anchor_click(const char *, const litehtml::element::ptr &) override
	{
	}
	void set_cursor(const char *) override
	{
	}
	void import_css(litehtml::tstring &text, const litehtml::tstring &, litehtml::tstring &) override
	{
		text.clear();
	}
	void get_client_rect(litehtml::position &client) const override
	{
		client = litehtml::position(0, 0, page_->width, 600);
	}
	std::shared_ptr<litehtml::element>
	create_element(const char *tag, const litehtml::string_map &,
		       const std::shared_ptr<litehtml::document> &document) override
	{
		return element_new(tag, document);
	}
	void get_media_features(litehtml::media_features &media) const override
	{
		media.type = litehtml::media_type_screen;
		media.width = media.device_width = page_->width;
		media.height = media.device_height = 600;
		media.color = 8;
		media.resolution = 96;
	}
	void get_language(litehtml::tstring &language, litehtml::tstring &culture) const override
	{
		language = "en";
		culture = "";
	}

      private:
	/* A word of the line that is being drawn. */
	struct piece {
		std::string text;
		const font *f;
		litehtml::web_color color;
		box at;
	};

	static void count_letters(const std::string &text, size_t *rtl, size_t *ltr)
	{
		for (const char *p = text.c_str(); *p;) {
			gunichar c = g_utf8_get_char_validated(p, -1);
			if (c == gunichar(-1) || c == gunichar(-2)) {
				p++;
				continue;
			}
			*rtl += is_rtl(c);
			*ltr += !is_rtl(c) && g_unichar_isalnum(c);
			p = g_utf8_next_char(p);
		}
	}

	enum turn { TURN_NONE, TURN_LTR, TURN_RTL };

	static turn turn_of(const piece &p)
	{
		size_t rtl = 0, ltr = 0;

		count_letters(p.text, &rtl, &ltr);
		return rtl > 0 ? TURN_RTL : ltr > 0 ? TURN_LTR : TURN_NONE;
	}

	/* Behind the words that go on from left to right, and what stands between them. */
	size_t end_of_run(size_t i) const
	{
		size_t end = i + 1;

		if (turn_of(line_[i]) != TURN_LTR)
			return end;
		for (size_t k = end; k < line_.size() && turn_of(line_[k]) != TURN_RTL; k++)
			if (turn_of(line_[k]) == TURN_LTR)
				end = k + 1;
		return end;
	}

	void mirror()
	{
		const double edges = line_.front().at.x + line_.back().at.x + line_.back().at.w;

		for (size_t i = 0, next; i < line_.size(); i = next) {
			next = end_of_run(i);
			const double by = edges - line_[next - 1].at.x - line_[next - 1].at.w - line_[i].at.x;
			for (size_t k = i; k < next; k++)
				line_[k].at.x += by;
		}
	}

	/* Of pieces with the mark, side by side, the last comes first. */
	void turn_marked()
	{
		for (size_t i = 0, next; i < line_.size(); i = next) {
			for (next = i; next < line_.size() && line_[next].text.compare(0, 3, TURN) == 0;
			     next++)
				;
			if (next == i) {
				next++;
				continue;
			}
			const double edges = line_[i].at.x + line_[next - 1].at.x + line_[next - 1].at.w;
			for (size_t k = i; k < next; k++)
				line_[k].at.x = edges - line_[k].at.x - line_[k].at.w;
		}
	}

	void show(cairo_t *cr, const piece &p)
	{
		const font *f = p.f;
		const box &b = p.at;

		enter_clips(cr);
		set_text(p.text, f);
		set_color(cr, p.color);
		PangoLayoutLine *line = pango_layout_get_line_readonly(layout_, 0);
		double y = b.y + b.h - f->descent;
		cairo_move_to(cr, b.x, y);
		if (line)
			pango_cairo_show_layout_line(cr, line);
		double thick = f->height > 30 ? f->height / 15.0 : 1;
		if (f->decoration & litehtml::font_decoration_underline)
			rule(cr, b.x, y + 1 + thick / 2, b.w, thick);
		if (f->decoration & litehtml::font_decoration_linethrough)
			rule(cr, b.x, y - f->ascent / 3.0, b.w, thick);
		if (f->decoration & litehtml::font_decoration_overline)
			rule(cr, b.x, y - f->ascent, b.w, thick);
		cairo_restore(cr);
	}

	struct limit {
		litehtml::position pos;
		litehtml::border_radiuses radius;
		bool x, y;
		bool empty; /* nothing inside is seen, and a line goes on over it */
	};

	bool is_shut() const
	{
		return !clips_.empty() && clips_.back().empty;
	}

	void reach(const box &b)
	{
		double right = b.x + b.w, bottom = b.y + b.h;

		for (const limit &k : clips_) {
			box c(k.pos);
			if (k.x)
				right = std::fmin(right, c.x + c.w);
			if (k.y)
				bottom = std::fmin(bottom, c.y + c.h);
		}
		if (right <= b.x || bottom <= b.y)
			return;
		right_ = std::fmax(right_, right);
		bottom_ = std::fmax(bottom_, bottom);
	}

	void describe(font *f, const char *names, int size, int weight, litehtml::font_style style)
	{
		PangoFontDescription *d = f->description = pango_font_description_new();

		pango_font_description_set_family(d, names);
		pango_font_description_set_absolute_size(d, (size > FONT_MOST ? FONT_MOST : size) *
								double(PANGO_SCALE));
		pango_font_description_set_weight(d, PangoWeight(weight < 100   ? 100
								 : weight > 900 ? 900
										: weight));
		pango_font_description_set_style(d, style == litehtml::fontStyleItalic ? PANGO_STYLE_ITALIC
										       : PANGO_STYLE_NORMAL);
		PangoFontMetrics *m = pango_context_get_metrics(page_->fonts, d, nullptr);
		f->ascent = PANGO_PIXELS_CEIL(pango_font_metrics_get_ascent(m));
		f->descent = PANGO_PIXELS_CEIL(pango_font_metrics_get_descent(m));
		f->height = f->ascent + f->descent;
		pango_font_metrics_unref(m);
	}

	void set_text(const std::string &text, const font *f)
	{
		pango_layout_set_font_description(layout_, f->description);
		pango_layout_set_text(layout_, text.c_str(), int(text.size()));
	}

	/* Saves, and leaves only what the boxes around it let through. */
	void enter_clips(cairo_t *cr)
	{
		cairo_save(cr);
		for (const limit &k : clips_) {
			box b(k.pos);
			if (!k.x) {
				b.x = -FAR;
				b.w = 2 * FAR;
			}
			if (!k.y) {
				b.y = -FAR;
				b.h = 2 * FAR;
			}
			rounded(cr, b, k.x && k.y ? k.radius : litehtml::border_radiuses());
			cairo_clip(cr);
		}
	}

	static void set_color(cairo_t *cr, const litehtml::web_color &c)
	{
		cairo_set_source_rgba(cr, c.red / 255.0, c.green / 255.0, c.blue / 255.0, c.alpha / 255.0);
	}

	static void rule(cairo_t *cr, double x, double y, double width, double thick)
	{
		cairo_rectangle(cr, x, std::floor(y), width, thick);
		cairo_fill(cr);
	}

	/* Whether any of it is inside the clip, or as near. */
	static bool on_page(cairo_t *cr, const box &b, int near = 0)
	{
		double x1, y1, x2, y2;

		cairo_clip_extents(cr, &x1, &y1, &x2, &y2);
		return b.x <= x2 && b.x + b.w >= x1 && b.y <= y2 + near && b.y + b.h >= y1 - near &&
		       b.w > 0 && b.h > 0;
	}

	static bool number(const char *src, size_t *out)
	{
		char *end = nullptr;

		if (!src || *src < '0' || *src > '9')
			return false;
		*out = strtoul(src, &end, 10);
		return *end == 0;
	}

	static bool has_radius(const litehtml::border_radiuses &r)
	{
		return r.top_left_x > 0 || r.top_right_x > 0 || r.bottom_left_x > 0 || r.bottom_right_x > 0;
	}

	static litehtml::margins margins_of(const double w[4])
	{
		litehtml::margins m;

		m.top = int(w[0]);
		m.right = int(w[1]);
		m.bottom = int(w[2]);
		m.left = int(w[3]);
		return m;
	}

	static void corner(cairo_t *cr, double cx, double cy, double rx, double ry, double from)
	{
		if (rx <= 0 || ry <= 0) {
			cairo_line_to(cr, cx, cy);
			return;
		}
		cairo_save(cr);
		cairo_translate(cr, cx, cy);
		cairo_scale(cr, rx, ry);
		cairo_arc(cr, 0, 0, 1, from, from + M_PI / 2);
		cairo_restore(cr);
	}

	/* Adds the outline to the path. */
	static void rounded(cairo_t *cr, const box &b, const litehtml::border_radiuses &r)
	{
		if (!has_radius(r)) {
			cairo_rectangle(cr, b.x, b.y, b.w, b.h);
			return;
		}
		const double most = std::fmax(0, std::fmin(b.w, b.h) / 2);
		auto cut = [most](int v) { return std::fmax(0, std::fmin(v, most)); };
		double tl = cut(r.top_left_x), tr = cut(r.top_right_x), br = cut(r.bottom_right_x),
		       bl = cut(r.bottom_left_x);
		cairo_new_sub_path(cr);
		corner(cr, b.x + b.w - tr, b.y + tr, tr, tr, -M_PI / 2);
		corner(cr, b.x + b.w - br, b.y + b.h - br, br, br, 0);
		corner(cr, b.x + bl, b.y + b.h - bl, bl, bl, M_PI / 2);
		corner(cr, b.x + tl, b.y + tl, tl, tl, M_PI);
		cairo_close_path(cr);
	}

	static void dashes(cairo_t *cr, double w, const double *x, const double *y, int side, double length)
	{
		const double inset = w / 2, dash = w * length;
		const int next = (side + 1) % 4;
		const double dx = side == 1   ? -inset
				  : side == 3 ? inset
					      : 0,
			     dy = side == 0   ? inset
				  : side == 2 ? -inset
					      : 0;

		if (dash < 0.5 ||
		    std::fabs(x[side] - x[next]) + std::fabs(y[side] - y[next]) > 3 * double(FAR)) {
			cairo_fill(cr);
			return;
		}
		cairo_new_path(cr);
		cairo_set_line_width(cr, w);
		cairo_set_dash(cr, &dash, 1, 0);
		cairo_move_to(cr, x[side] + dx, y[side] + dy);
		cairo_line_to(cr, x[next] + dx, y[next] + dy);
		cairo_stroke(cr);
		cairo_set_dash(cr, nullptr, 0, 0);
	}

	/* A picture at its place, as often as it is to be there. */
	void draw_image(cairo_t *cr, const litehtml::background_paint &bg, size_t image)
	{
		double w = near_by(bg.image_size.width), h = near_by(bg.image_size.height);
		double x = near_by(bg.position_x), y = near_by(bg.position_y);
		double x1, y1, x2, y2;

		cairo_clip_extents(cr, &x1, &y1, &x2, &y2);
		if (w < 1 || h < 1 || x2 <= x1 || y2 <= y1)
			return;
		cairo_surface_t *pixels = page_->hooks.image_pixels(page_->hooks.ctx, image, int(w), int(h));
		if (!pixels) {
			page_->hooks.image_absent(page_->hooks.ctx, cr, image, x, y, w, h);
			return;
		}
		double sw = cairo_image_surface_get_width(pixels),
		       sh = cairo_image_surface_get_height(pixels);
		bool across = bg.repeat == litehtml::background_repeat_repeat ||
			      bg.repeat == litehtml::background_repeat_repeat_x;
		bool down = bg.repeat == litehtml::background_repeat_repeat ||
			    bg.repeat == litehtml::background_repeat_repeat_y;
		double fx = across ? x - std::ceil((x - x1) / w) * w : x,
		       fy = down ? y - std::ceil((y - y1) / h) * h : y;
		double lx = across ? x2 : fx + w, ly = down ? y2 : fy + h;
		int n = 0;

		for (double ty = fy; ty < ly; ty += h)
			for (double tx = fx; tx < lx && n < TILES_MOST; tx += w, n++) {
				cairo_save(cr);
				cairo_rectangle(cr, tx, ty, w, h);
				cairo_clip(cr);
				cairo_translate(cr, tx, ty);
				cairo_scale(cr, w / sw, h / sh);
				cairo_set_source_surface(cr, pixels, 0, 0);
				cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
				cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_GOOD);
				cairo_paint(cr);
				cairo_restore(cr);
			}
	}

	const struct page *page_;
	PangoLayout *layout_;
	size_t widths_;
	double right_ = 0, bottom_ = 0;
	std::vector<std::unique_ptr<font>> fonts_;
	std::vector<piece> line_;
	cairo_t *line_cr_ = nullptr;
	std::vector<limit> clips_;
};

int between(int v, int least, int most)
{
	return v < least ? least : v > most ? most : v;
}

/* The tables in each other below the element, those that a style makes and those the engine adds among them. */
int tables_below(const litehtml::element::ptr &e)
{
	const litehtml::style_display display = e->get_display();
	const bool table = display == litehtml::display_table || display == litehtml::display_inline_table;
	int most = 0;

	for (int i = 0; i < int(e->get_children_count()); i++)
		most = std::max(most, tables_below(e->get_child(i)));
	return most + table;
}

bool draw(const struct page *page, void *canvas)
{
	litehtml::context context;
	container c(page);

	context.load_master_stylesheet(page->sheet);
	auto document = litehtml::document::createFromUTF8(page->html, &c, &context);
	if (!document || tables_below(document->root()) > TABLES_MOST)
		return false;
	document->render(page->width);
	/* Its own size counts much that is not seen: what is cut away, empty rows, text of no size. */
	document->draw(0, 0, 0, nullptr);
	int width = between(int(c.right()), page->width, page->width_most);
	int height = between(int(c.bottom()) + EDGE, 1, page->height_most);
	if (!page->hooks.canvas(canvas, width, height, c.bottom() > page->height_most))
		return false;
	int top, rows;
	while (cairo_t *cr = page->hooks.strip(canvas, &top, &rows)) {
		/* A line is put in order when all of it is there. */
		litehtml::position clip(0, top - BESIDE, width, rows + 2 * BESIDE);
		document->draw(reinterpret_cast<litehtml::uint_ptr>(cr), 0, 0, &clip);
		c.end_line();
	}
	return true;
}

} // namespace

extern "C" bool page_draw(const struct page *page, void *canvas)
{
	try {
		return draw(page, canvas);
	} catch (...) { /* no memory, or a mistake of the engine */
		return false;
	}
}

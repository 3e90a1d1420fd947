/*
 * What the engine has in another way than browsers:
 *
 * - What it needs. A cell asks what is in it, and is told of the margins that put it into the middle of all there is,
 *   too, and of a share of all there is; so the cell became as wide as the page. Of words with a box around them it is not
 *   told of the edge behind them; so they broke.
 * - Margins that meet. It knows them of blocks that follow each other, not of the first and the last inside of these, as in
 *   a row of <div><p>; those stood twice as far apart.
 * - The width of a column, which is what it has at most, and the height of a cell, which is what it has at least.
 * - Words with a wide edge around them, and with elements in them. It gives the edge to each word; as a box of their own, which
 *   is what a button looks like, they have it once.
 */
#include "draw/elements.h"

#include <litehtml/el_anchor.h>
#include <litehtml/el_body.h>
#include <litehtml/el_div.h>
#include <litehtml/el_image.h>
#include <litehtml/el_para.h>
#include <litehtml/el_table.h>
#include <litehtml/el_td.h>
#include <litehtml/table.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace
{

const int SPARE = 24;      /* pixels that columns may want more than there is: the table takes them */
const int BUTTON_EDGE = 8; /* pixels beside its words */

template <class engines> class block : public engines
{
      public:
	explicit block(const std::shared_ptr<litehtml::document> &document) : engines(document)
	{
	}

	/* Gives the width it needs. */
	int render(int x, int y, int max_width, bool second_pass) override
	{
		int needs = engines::render(x, y, max_width, second_pass);
		if (this->m_display == litehtml::display_table) {
			const bool share = !this->m_css_width.is_predefined() &&
					   this->m_css_width.units() == litehtml::css_units_percentage;
			/* It tells how wide it would be in one line. */
			return (share ? std::min(needs, this->m_pos.width) : this->m_pos.width) + outside();
		}
		if (this->m_display != litehtml::display_block || this->m_float != litehtml::float_none ||
		    this->get_element_position() == litehtml::element_position_absolute)
			return needs;
		if (this->m_css_margins.left.is_predefined())
			needs -= this->m_margins.left;
		if (this->m_css_margins.right.is_predefined())
			needs -= this->m_margins.right;
		if (!this->m_css_max_width.is_predefined())
			needs = std::min(needs, this->m_pos.width + outside());
		return std::max(needs, 0);
	}

	int place_element(const litehtml::element::ptr &e, int max_width) override
	{
		int width = engines::place_element(e, max_width);

		if (e->get_display() == litehtml::display_inline && width > 0)
			width += e->padding_right() + e->border_right() + e->margin_right();
		if (!this->m_boxes.empty() && this->m_boxes.back()->get_type() == litehtml::box_block) {
			litehtml::elements_vector in;
			this->m_boxes.back()->get_elements(in);
			if (in.size() == 1 && in[0] == e)
				join_margins(e);
		}
		return width;
	}

      private:
	/* What stands beside the content and is no margin that takes what is left. */
	int outside() const
	{
		return this->m_padding.width() + this->m_borders.width() +
		       (this->m_css_margins.left.is_predefined() ? 0 : this->m_margins.left) +
		       (this->m_css_margins.right.is_predefined() ? 0 : this->m_margins.right);
	}

	/* Now that the block is laid out, what its first one has for a margin is known. */
	void join_margins(const litehtml::element::ptr &e)
	{
		litehtml::box *const last = this->m_boxes.back().get();
		const int margin = e->margin_top();
		int to, before = 0;

		if (this->m_boxes.size() == 1) {
			if (!this->collapse_top_margin())
				return;
			to = -margin;
		} else {
			const litehtml::box *const previous = this->m_boxes[this->m_boxes.size() - 2].get();
			before = previous->bottom_margin();
			if (before < 0 || last->top() > previous->bottom())
				return; /* it keeps clear of something */
			/* One with nothing in it is a margin, and no more. */
			to = e->height() == margin + e->margin_bottom()
				 ? previous->bottom() - before - e->height() +
				       std::max({ before, margin, e->margin_bottom() })
				 : previous->bottom() - std::min(before, margin);
		}
		if (margin < 0 || to >= last->top())
			return;
		const int by = to - last->top();
		last->y_shift(by);
		this->update_floats(by, e);
	}
};

/*
 * What its columns have for a width is what they want, not what they need: where there is less, the columns share it by that.
 */
class table : public block<litehtml::el_table>
{
      public:
	explicit table(const std::shared_ptr<litehtml::document> &document) : block(document)
	{
	}

	int render(int x, int y, int max_width, bool second_pass) override
	{
		if (m_grid)
			fit_columns(max_width);
		return block::render(x, y, max_width, second_pass);
	}

      private:
	void fit_columns(int max_width)
	{
		const int n = m_grid->cols_count();
		const int all = m_css_width.is_predefined() ? max_width : calc_width(max_width);
		float room =
		    float(all - m_padding.width() - m_borders.width() - m_border_spacing_x * (n + 1));
		float wanted = 0;

		for (int i = int(wants_.size()); i < n; i++)
			wants_.push_back(m_grid->column(i).css_width);
		for (int i = 0; i < n; i++)
			wanted += is_pixels(wants_[size_t(i)]) ? wants_[size_t(i)].val() : 0;
		room = std::max(room, 1.f);
		for (int i = 0; i < n; i++) {
			litehtml::css_length width = wants_[size_t(i)];
			if (is_pixels(width) && wanted > room + SPARE)
				width.set_value(width.val() * room / wanted, width.units());
			m_grid->column(i).css_width = width;
		}
	}

	static bool is_pixels(const litehtml::css_length &width)
	{
		return !width.is_predefined() && width.units() != litehtml::css_units_percentage;
	}

	std::vector<litehtml::css_length> wants_;
};

/* What it has for a height is the least. */
class cell : public block<litehtml::el_td>
{
      public:
	explicit cell(const std::shared_ptr<litehtml::document> &document) : block(document)
	{
	}

	void parse_styles(bool again) override
	{
		block::parse_styles(again);
		if (m_css_height.is_predefined() || m_css_height.units() == litehtml::css_units_percentage)
			return;
		if (m_css_min_height.is_predefined() || m_css_min_height.val() < m_css_height.val())
			m_css_min_height = m_css_height;
		m_css_height.predef(0);
	}
};

template <class engines> class words : public block<engines>
{
      public:
	explicit words(const std::shared_ptr<litehtml::document> &document) : block<engines>(document)
	{
	}

	void parse_styles(bool again) override
	{
		block<engines>::parse_styles(again);
		if (this->m_display == litehtml::display_inline && this->m_padding.left >= BUTTON_EDGE &&
		    this->m_padding.right >= BUTTON_EDGE)
			this->m_display = litehtml::display_inline_block;
	}
};

template <class made> litehtml::element::ptr make(const std::shared_ptr<litehtml::document> &document)
{
	return std::make_shared<made>(document);
}

} // namespace

litehtml::element::ptr element_new(const char *tag, const std::shared_ptr<litehtml::document> &document)
{
	static const struct {
		const char *tag;
		litehtml::element::ptr (*make)(const std::shared_ptr<litehtml::document> &);
	} known[] = {
		{ "body", make<block<litehtml::el_body>> },
		{ "div", make<block<litehtml::el_div>> },
		{ "p", make<block<litehtml::el_para>> },
		{ "img", make<block<litehtml::el_image>> },
		{ "table", make<table> },
		{ "a", make<words<litehtml::el_anchor>> },
		{ "span", make<words<litehtml::html_tag>> },
		{ "td", make<cell> },
		{ "th", make<cell> },
		{ "center", make<block<litehtml::html_tag>> },
		{ "blockquote", make<block<litehtml::html_tag>> },
	};

	for (const auto &k : known)
		if (strcmp(tag, k.tag) == 0)
			return k.make(document);
	return nullptr;
}

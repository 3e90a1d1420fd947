/* Tables over the tags. */
#include "html/element.h"

enum html_role html_role(enum html_tag tag)
{
	static const unsigned char roles[HTML_TAG_COUNT] = {
		[HTML_ADDRESS] = HTML_ROLE_BLOCK, [HTML_ARTICLE] = HTML_ROLE_BLOCK,
		[HTML_ASIDE] = HTML_ROLE_BLOCK,   [HTML_BLOCKQUOTE] = HTML_ROLE_BLOCK,
		[HTML_BODY] = HTML_ROLE_BLOCK,    [HTML_CAPTION] = HTML_ROLE_BLOCK,
		[HTML_CENTER] = HTML_ROLE_BLOCK,  [HTML_DD] = HTML_ROLE_BLOCK,
		[HTML_DIV] = HTML_ROLE_BLOCK,     [HTML_DL] = HTML_ROLE_BLOCK,
		[HTML_DT] = HTML_ROLE_BLOCK,      [HTML_FIELDSET] = HTML_ROLE_BLOCK,
		[HTML_FOOTER] = HTML_ROLE_BLOCK,  [HTML_FORM] = HTML_ROLE_BLOCK,
		[HTML_H1] = HTML_ROLE_BLOCK,      [HTML_H2] = HTML_ROLE_BLOCK,
		[HTML_H3] = HTML_ROLE_BLOCK,      [HTML_H4] = HTML_ROLE_BLOCK,
		[HTML_H5] = HTML_ROLE_BLOCK,      [HTML_H6] = HTML_ROLE_BLOCK,
		[HTML_HEADER] = HTML_ROLE_BLOCK,  [HTML_HTML] = HTML_ROLE_BLOCK,
		[HTML_LI] = HTML_ROLE_BLOCK,      [HTML_MAIN] = HTML_ROLE_BLOCK,
		[HTML_NAV] = HTML_ROLE_BLOCK,     [HTML_OL] = HTML_ROLE_BLOCK,
		[HTML_OPTION] = HTML_ROLE_BLOCK,  [HTML_P] = HTML_ROLE_BLOCK,
		[HTML_PRE] = HTML_ROLE_BLOCK,     [HTML_SECTION] = HTML_ROLE_BLOCK,
		[HTML_TABLE] = HTML_ROLE_BLOCK,   [HTML_TBODY] = HTML_ROLE_BLOCK,
		[HTML_TFOOT] = HTML_ROLE_BLOCK,   [HTML_THEAD] = HTML_ROLE_BLOCK,
		[HTML_TR] = HTML_ROLE_BLOCK,      [HTML_UL] = HTML_ROLE_BLOCK,
		[HTML_XMP] = HTML_ROLE_BLOCK,     [HTML_PLAINTEXT] = HTML_ROLE_BLOCK,
		[HTML_TD] = HTML_ROLE_CELL,       [HTML_TH] = HTML_ROLE_CELL,
		[HTML_TEXTAREA] = HTML_ROLE_CELL, [HTML_BUTTON] = HTML_ROLE_CELL,
		[HTML_BR] = HTML_ROLE_BREAK,      [HTML_HR] = HTML_ROLE_BREAK,
		[HTML_AREA] = HTML_ROLE_VOID,     [HTML_BASE] = HTML_ROLE_VOID,
		[HTML_COL] = HTML_ROLE_VOID,      [HTML_EMBED] = HTML_ROLE_VOID,
		[HTML_FRAME] = HTML_ROLE_VOID,    [HTML_IMG] = HTML_ROLE_VOID,
		[HTML_INPUT] = HTML_ROLE_VOID,    [HTML_LINK] = HTML_ROLE_VOID,
		[HTML_META] = HTML_ROLE_VOID,     [HTML_PARAM] = HTML_ROLE_VOID,
		[HTML_SOURCE] = HTML_ROLE_VOID,   [HTML_TRACK] = HTML_ROLE_VOID,
		[HTML_WBR] = HTML_ROLE_VOID,
	};
	return (enum html_role)roles[tag];
}

bool html_is_scope(enum html_tag tag)
{
	return tag == HTML_TD || tag == HTML_TH || tag == HTML_CAPTION || tag == HTML_TABLE ||
	       tag == HTML_TEMPLATE || tag == HTML_OBJECT || tag == HTML_BUTTON;
}

static bool is_formatting(enum html_tag tag)
{
	return tag == HTML_A || tag == HTML_B || tag == HTML_BIG || tag == HTML_CODE || tag == HTML_EM ||
	       tag == HTML_FONT || tag == HTML_I || tag == HTML_S || tag == HTML_SMALL ||
	       tag == HTML_STRIKE || tag == HTML_STRONG || tag == HTML_TT || tag == HTML_U;
}

static bool is_row(enum html_tag tag)
{
	return tag == HTML_TR || tag == HTML_TBODY || tag == HTML_THEAD || tag == HTML_TFOOT;
}

bool html_is_table_part(enum html_tag tag)
{
	return tag == HTML_TABLE || is_row(tag) || html_role(tag) == HTML_ROLE_CELL;
}

bool html_closes_through(enum html_tag end, enum html_tag between)
{
	bool block = html_role(end) == HTML_ROLE_BLOCK;

	if (between == HTML_TABLE)
		return end == HTML_BODY || end == HTML_HTML;
	if (end == HTML_TABLE || is_row(end) || html_role(end) == HTML_ROLE_CELL)
		return true;
	if (html_is_scope(between))
		return false;
	return block || is_formatting(end) || html_role(between) == HTML_ROLE_INLINE;
}

static const struct {
	enum html_tag opens, closes, within;
} implied[] = {
	{ HTML_LI, HTML_LI, HTML_UL },
	{ HTML_LI, HTML_LI, HTML_OL },
	{ HTML_DD, HTML_DD, HTML_DL },
	{ HTML_DD, HTML_DT, HTML_DL },
	{ HTML_DT, HTML_DD, HTML_DL },
	{ HTML_DT, HTML_DT, HTML_DL },
	{ HTML_OPTION, HTML_OPTION, HTML_SELECT },
	{ HTML_TD, HTML_TD, HTML_TR },
	{ HTML_TD, HTML_TH, HTML_TR },
	{ HTML_TH, HTML_TD, HTML_TR },
	{ HTML_TH, HTML_TH, HTML_TR },
	{ HTML_TR, HTML_TR, HTML_TABLE },
	{ HTML_TBODY, HTML_TBODY, HTML_TABLE },
	{ HTML_TBODY, HTML_THEAD, HTML_TABLE },
	{ HTML_TFOOT, HTML_TBODY, HTML_TABLE },
	{ HTML_A, HTML_A, HTML_OTHER },
};

bool html_implied_end(enum html_tag opens, size_t i, enum html_tag *closes, enum html_tag *within)
{
	/* A block ends an open paragraph. */
	if (html_role(opens) == HTML_ROLE_BLOCK && opens != HTML_TR && opens != HTML_TBODY &&
	    opens != HTML_OPTION) {
		*closes = HTML_P;
		*within = HTML_OTHER;
		if (i-- == 0)
			return true;
	}
	for (size_t k = 0; k < ARRAY_LEN(implied); k++) {
		if (implied[k].opens != opens || i-- > 0)
			continue;
		*closes = implied[k].closes;
		*within = implied[k].within;
		return true;
	}
	return false;
}

/*
 * HTML into tokens, in one pass and linear time (WHATWG HTML §13.2.5, without scripting): text, tags with
 * attributes, comments. Malformed HTML is read as browsers read it: an open quote or comment runs to the end.
 *
 * No tree is built, so nothing is nested here; html/text.h reads meaning out of the tokens. Of SVG and MathML only that is
 * followed which decides how bytes become tokens. Scripts are one text each.
 */
#ifndef HTML_TOKEN_H
#define HTML_TOKEN_H

#include "base/enumtab.h"
#include "base/str.h"

/* The tags that someone here asks about; all others are HTML_OTHER. Sorted by name. */
/* clang-format off */
#define HTML_TAGS(X) \
	X(HTML_OTHER, "")                 X(HTML_A, "a")                    X(HTML_ADDRESS, "address") \
	X(HTML_AREA, "area")              X(HTML_ARTICLE, "article")        X(HTML_ASIDE, "aside") \
	X(HTML_AUDIO, "audio")            X(HTML_B, "b")                    X(HTML_BASE, "base") \
	X(HTML_BIG, "big")                X(HTML_BLOCKQUOTE, "blockquote")  X(HTML_BODY, "body") \
	X(HTML_BR, "br")                  X(HTML_BUTTON, "button")          X(HTML_CAPTION, "caption") \
	X(HTML_CENTER, "center")          X(HTML_CODE, "code")              X(HTML_COL, "col") \
	X(HTML_DD, "dd")                  X(HTML_DIV, "div")                X(HTML_DL, "dl") \
	X(HTML_DT, "dt")                  X(HTML_EM, "em")                  X(HTML_EMBED, "embed") \
	X(HTML_FIELDSET, "fieldset")      X(HTML_FONT, "font")              X(HTML_FOOTER, "footer") \
	X(HTML_FORM, "form")              X(HTML_FRAME, "frame")            X(HTML_H1, "h1") \
	X(HTML_H2, "h2")                  X(HTML_H3, "h3")                  X(HTML_H4, "h4") \
	X(HTML_H5, "h5")                  X(HTML_H6, "h6")                  X(HTML_HEAD, "head") \
	X(HTML_HEADER, "header")          X(HTML_HR, "hr")                  X(HTML_HTML, "html") \
	X(HTML_I, "i")                    X(HTML_IFRAME, "iframe")          X(HTML_IMG, "img") \
	X(HTML_INPUT, "input")            X(HTML_LI, "li")                  X(HTML_LINK, "link") \
	X(HTML_MAIN, "main")              X(HTML_MAP, "map")                X(HTML_MATH, "math") \
	X(HTML_META, "meta")              X(HTML_NAV, "nav")                X(HTML_NOEMBED, "noembed") \
	X(HTML_NOFRAMES, "noframes")      X(HTML_NOSCRIPT, "noscript")      X(HTML_OBJECT, "object") \
	X(HTML_OL, "ol")                  X(HTML_OPTION, "option")          X(HTML_P, "p") \
	X(HTML_PARAM, "param")            X(HTML_PLAINTEXT, "plaintext")    X(HTML_PRE, "pre") \
	X(HTML_S, "s")                    X(HTML_SCRIPT, "script")          X(HTML_SECTION, "section") \
	X(HTML_SELECT, "select")          X(HTML_SMALL, "small")            X(HTML_SOURCE, "source") \
	X(HTML_SPAN, "span")              X(HTML_STRIKE, "strike")          X(HTML_STRONG, "strong") \
	X(HTML_STYLE, "style")            X(HTML_SVG, "svg")                X(HTML_TABLE, "table") \
	X(HTML_TBODY, "tbody")            X(HTML_TD, "td")                  X(HTML_TEMPLATE, "template") \
	X(HTML_TEXTAREA, "textarea")      X(HTML_TFOOT, "tfoot")            X(HTML_TH, "th") \
	X(HTML_THEAD, "thead")            X(HTML_TITLE, "title")            X(HTML_TR, "tr") \
	X(HTML_TRACK, "track")            X(HTML_TT, "tt")                  X(HTML_U, "u") \
	X(HTML_UL, "ul")                  X(HTML_VIDEO, "video")            X(HTML_WBR, "wbr") \
	X(HTML_XML, "xml")                X(HTML_XMP, "xmp")
/* clang-format on */
ENUM_DECLARE(html_tag, HTML_TAGS);
#define HTML_TAG_ONE_(id, text) +1
enum { HTML_TAG_COUNT = 0 HTML_TAGS(HTML_TAG_ONE_) };

enum html_kind { HTML_TEXT, HTML_START, HTML_END, HTML_COMMENT, HTML_DECLARATION };

/* Slices point into the document. */
struct html_token {
	enum html_kind kind;
	enum html_tag
	    tag;          /* of a start or end tag; of a text: the element whose raw text it is, else OTHER */
	struct str name;  /* as written */
	struct str text;  /* text with references undecoded; comment without its marks */
	bool references;  /* the text's references are to be decoded (not so in script, style, xmp…) */
	struct str attrs; /* what stands between the name and ">" */
	size_t start, end; /* offsets in the document */
};

/* An SVG or MathML element that is open. */
struct html_foreign {
	enum html_tag tag;  /* HTML_SVG or HTML_MATH: what its end tag is */
	enum html_tag root; /* likewise: what it is a part of, and so are its elements */
	struct str island;  /* the element in it that holds HTML again; "" = none is open */
};
#define HTML_FOREIGN_MAX 16 /* open in each other; deeper ones count as their outer one */

struct html {
	struct str s;
	size_t at;
	enum html_tag raw; /* element whose raw text comes next, else HTML_OTHER */
	struct str raw_name;
	bool xml;  /* no element has raw text anywhere (file/xml.h) */
	bool bare; /* set by the caller: no element has raw text, and "<!--" begins nothing */
	struct html_foreign foreign[HTML_FOREIGN_MAX];
	size_t depth; /* of them */
};

static inline struct html html_of(struct str document)
{
	return (struct html){ .s = document };
}

/* false: the end. */
bool html_next(struct html *h, struct html_token *out);

struct html_attr {
	struct str name;  /* as written */
	struct str value; /* undecoded: html_decode (html_entity.h) */
};

/* The next attribute; *attrs moves on. false: no more. */
bool html_attr_next(struct str *attrs, struct html_attr *out);
/* The first attribute of the name, as browsers take it; undecoded. A NULL pointer when there is none. */
struct str html_attr(const struct html_token *t, struct str name);

#endif

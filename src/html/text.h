/*
 * What a person sees of an HTML mail, and what it does: visible text, hidden text apart, links with their
 * visible text, images, forms, and the tag skeleton. One pass over the tokens, bounded, linear.
 *
 * Where programs end a comment or raw text in different places, the markup in it is read as well (text.c), and so is a
 * page inside an attribute (srcdoc). Any element with an address is a link: Outlook's drawings, SVG and MathML have some.
 *
 * Hidden is what style attributes, simple rules of style sheets and old attributes hide: display none, visibility, no size
 * or opacity, the colour of the ground, clipped away or off the page (html/style.h, html/sheet.h). Where nobody can tell, a
 * text counts as visible.
 */
#ifndef HTML_TEXT_H
#define HTML_TEXT_H

#include "html/token.h"

struct arena;

#define HTML_LINK_KINDS(X)                                                 \
	X(HTML_LINK_A, "a")                                                \
	X(HTML_LINK_AREA, "area")                                          \
	X(HTML_LINK_FORM, "form")       /* the form's action */            \
	X(HTML_LINK_FRAME, "frame")     /* frame, iframe, embed, object */ \
	X(HTML_LINK_REFRESH, "refresh") /* meta http-equiv=refresh */      \
	X(HTML_LINK_BASE, "base")                                          \
	X(HTML_LINK_RESOURCE, "link") /* style sheets and such */
ENUM_DECLARE(html_link_kind, HTML_LINK_KINDS);

struct html_link {
	enum html_link_kind kind;
	struct str href; /* references decoded, outer white space gone; as written otherwise */
	struct str text; /* what the reader sees: the text inside, else the alt texts of images inside */
	bool has_image;  /* an image is inside */
	bool hidden;     /* its element is not seen by all */
	size_t offset;   /* of the tag in the document */
};

struct html_image {
	struct str src, alt;
	int width, height; /* attributes in pixels; -1 = none */
	size_t offset;
};

struct html_form {
	struct str action;
	bool has_password; /* an input of type password; inputs outside forms make a form of their own */
	size_t inputs;
	size_t offset;
};

struct html_text {
	struct str text;  /* visible; blocks are lines, cells are parted by spaces; white space collapsed */
	size_t far_below; /* where in it so many empty lines stand that few read on; SIZE_MAX = nowhere */
	size_t turned;    /* bytes of it that were written backwards; here they stand as they are seen */
	struct str turned_text; /* the longest run of these, in text */
	struct str hidden;      /* text not shown */
	struct str
	    elsewhere; /* shown by some programs only: conditional comments by Outlook, what never ends by others */
	struct str title;
	struct str skeleton; /* names of start tags, lower case, a space after each; up to a ceiling */
	struct {
		struct html_link *v;
		size_t n;
	} links;
	struct {
		struct html_image *v;
		size_t n;
	} images;
	struct {
		struct html_form *v;
		size_t n;
	} forms;
	size_t scripts; /* script elements and on… handlers */
	bool cut;       /* a ceiling was reached */
};

/* max_text: ceiling for text, hidden and elsewhere, each. document: UTF-8. */
struct html_text *html_text_read(struct arena *a, struct str document, size_t max_text);

#endif

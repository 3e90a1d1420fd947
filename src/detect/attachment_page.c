/*
 * A web page sent as a file runs outside the mail program's protection, and so does a picture in SVG, which is a page to browsers.
 * Scripts are searched for what they call, with strings put together that were taken apart to hide it.
 */
#include "base/abnf.h"
#include "base/base64.h"
#include "detect/attachment.h"

#define PEOPLE_MAX 8 /* a mail to more is meant for nobody's password */
#define ADDRESS_LEAST 6

/* What a page does, by the words of its scripts; each row is one way to do it, of two words that are both there. */
enum deed { BUILDS, UNPACKS, MOVES, DEEDS };

static const struct {
	enum deed deed;
	const char *word, *also; /* NULL = nothing more */
} ways[] = {
	{ BUILDS, "createObjectURL", NULL },
	{ BUILDS, "msSaveOrOpenBlob", NULL },
	{ BUILDS, "msSaveBlob", NULL },
	{ BUILDS, "Blob(", "atob(" },
	{ BUILDS, "Blob(", "Uint8Array" },
	{ BUILDS, "new File(", "atob(" },
	{ BUILDS, ".download", "data:application/" },
	{ BUILDS, ".download", "data:text/html" },
	{ UNPACKS, "unescape(", NULL },
	{ UNPACKS, "atob(", NULL },
	{ UNPACKS, "fromCharCode", NULL },
	{ UNPACKS, "document.write(", NULL },
	{ UNPACKS, "document[write](", NULL },
	{ UNPACKS, "eval(", NULL },
	{ UNPACKS, "new Function(", NULL },
	{ UNPACKS, "CryptoJS", NULL },
	{ MOVES, "location.href", "=" },
	{ MOVES, "location.replace(", NULL },
	{ MOVES, "location.assign(", NULL },
	{ MOVES, "window.location", "=" },
	{ MOVES, "document.location", "=" },
	{ MOVES, "top.location", "=" },
	{ MOVES, "location=", NULL },
	{ MOVES, "location =", NULL },
};

static bool contains(struct str s, const char *what)
{
	return str_find_nocase(s, str_of(what), 0) != SIZE_MAX;
}

static bool does(struct str scripts, enum deed deed)
{
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		if (ways[i].deed == deed && contains(scripts, ways[i].word) &&
		    (!ways[i].also || contains(scripts, ways[i].also)))
			return true;
	return false;
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

/* Behind a quote: a plus and another quote, which join two strings; how many bytes, 0 = none. */
static size_t joint(struct str s, size_t at)
{
	size_t i = at + 1;

	while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t'))
		i++;
	if (i >= s.n || s.p[i] != '+')
		return 0;
	for (i++; i < s.n && (s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t');)
		i++;
	return i < s.n && is_quote(s.p[i]) ? i + 1 - at : 0;
}

/* "\x41" and "\u0041" of ASCII: the letter, and *n_out bytes; 0 = none. */
static char escaped(struct str s, size_t at, size_t *n_out)
{
	size_t digits = at + 1 < s.n && s.p[at + 1] == 'x' ? 2 : at + 1 < s.n && s.p[at + 1] == 'u' ? 4 : 0;
	int v = 0;

	if (digits == 0 || at + 2 + digits > s.n)
		return 0;
	for (size_t i = 0; i < digits; i++) {
		int d = abnf_hex_value((unsigned char)s.p[at + 2 + i]);
		if (d < 0)
			return 0;
		v = v * 16 + d;
	}
	*n_out = digits + 2;
	return v >= ' ' && v < 0x7f ? (char)v : 0;
}

/* The page with strings joined and their escapes undone; ["write"] has become [write]. */
static struct str put_together(struct arena *a, struct str page)
{
	char *z = arena_alloc(a, page.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < page.n;) {
		size_t skip = is_quote(page.p[i]) ? joint(page, i) : 0, bytes = 0;
		char c = page.p[i] == '\\' ? escaped(page, i, &bytes) : 0;
		bool index = is_quote(page.p[i]) &&
			     ((n > 0 && z[n - 1] == '[') || (i + 1 < page.n && page.p[i + 1] == ']'));
		if (skip) {
			i += skip;
		} else if (c) {
			z[n++] = c;
			i += bytes;
		} else {
			if (!index)
				z[n++] = page.p[i];
			i++;
		}
	}
	return str_from(z, n);
}

static bool asks_password(const struct html_text *h)
{
	for (size_t i = 0; i < h->forms.n; i++)
		if (h->forms.v[i].has_password)
			return true;
	return false;
}

/* The reader's own address, plain or in base64: such a page was made for one. */
static struct str reader_in(const struct risk *r, struct str page)
{
	const struct strs *people = &r->scan->job->recipients;

	for (size_t i = 0; i < people->n && people->n <= PEOPLE_MAX; i++) {
		struct str who = people->v[i];
		if (who.n < ADDRESS_LEAST)
			continue;
		struct str code = base64_encode(r->scan->arena, str_sub(who, 0, who.n / 3 * 3));
		if (str_find_nocase(page, who, 0) != SIZE_MAX || str_find(page, code, 0) != SIZE_MAX)
			return who;
	}
	return STR_NONE;
}

static bool refreshes(const struct html_text *h)
{
	for (size_t i = 0; i < h->links.n; i++)
		if (h->links.v[i].kind == HTML_LINK_REFRESH &&
		    str_find_nocase(h->links.v[i].href, STR("http"), 0) == 0)
			return true;
	return false;
}

static void tell(const struct risk *r, const char *signal, enum disposition d, double score,
		 enum category category, const char *reason)
{
	risk_tell(r, signal, d, score, category, "name", r->file->name, reason);
}

/* A picture that a browser runs; one without scripts is a picture. */
static void tell_svg(const struct risk *r, bool builds, bool moves)
{
	const struct html_text *h = r->file->page;

	if (builds)
		tell(r, "svg_builds_file", DISP_MALICIOUS, 0.8, CAT_HTML_SMUGGLING,
		     "An attached picture (SVG) builds a file inside the browser.");
	else if (moves)
		tell(r, "svg_moves_on", DISP_MALICIOUS, 0.8, CAT_HTML_ATTACHMENT,
		     "An attached picture (SVG) has a script that leads its reader elsewhere.");
	else if (h->scripts > 0)
		tell(r, "svg_script", DISP_SUSPICIOUS, 0.8, CAT_HTML_ATTACHMENT,
		     "An attached picture (SVG) runs a script.");
	else if (h->forms.n > 0 || contains(r->file->text, "<foreignObject"))
		tell(r, "svg_page", DISP_SUSPICIOUS, 0.5, CAT_HTML_ATTACHMENT,
		     "An attached picture (SVG) holds a web page.");
}

static void tell_page(const struct risk *r, bool builds, bool unpacks, bool moves)
{
	const struct html_text *h = r->file->page;

	if (builds)
		tell(r, "page_builds_file", DISP_MALICIOUS, 0.8, CAT_HTML_SMUGGLING,
		     "An attached web page builds a file inside the browser.");
	if (asks_password(h))
		tell(r, "page_asks_password", DISP_MALICIOUS, 0.9, CAT_CREDENTIAL_HARVESTER,
		     "An attached web page asks for a password.");
	if (unpacks && !builds)
		tell(r, "page_hides_script", DISP_SUSPICIOUS, 0.7, CAT_HTML_ATTACHMENT,
		     "An attached web page unpacks a hidden script.");
	else if (moves && !builds)
		tell(r, "page_moves_on", DISP_SUSPICIOUS, 0.6, CAT_HTML_ATTACHMENT,
		     "An attached web page leads its reader elsewhere by itself.");
	else if (!builds && !asks_password(h))
		tell(r, "page", DISP_SUSPICIOUS, h->scripts > 0 || h->forms.n > 0 ? 0.4 : 0.15,
		     CAT_HTML_ATTACHMENT, "A web page is attached.");
}

void risk_of_page(const struct risk *r)
{
	const struct html_text *h = r->file->page;
	struct str page = h->scripts > 0 ? put_together(r->scan->arena, r->file->text) : STR_NONE;
	bool builds = does(page, BUILDS), unpacks = does(page, UNPACKS);
	bool moves = does(page, MOVES) || refreshes(h);
	struct str reader = h->scripts > 0 || h->forms.n > 0 ? reader_in(r, r->file->text) : STR_NONE;

	if (r->file->magic == MAGIC_SVG && !asks_password(h))
		tell_svg(r, builds, moves);
	else
		tell_page(r, builds, unpacks, moves);
	if (reader.n)
		risk_tell(r, "page_knows_reader", DISP_SUSPICIOUS, 0.6, CAT_CREDENTIAL_HARVESTER, "contents",
			  reader, "An attached web page was made for one reader: it carries his address.");
}

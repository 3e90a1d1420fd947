/* Finding URLs in text. */
#include "url/find.h"

#include "base/abnf.h"
#include "url/url.h"

static const struct str starts[] = {
	STR_INIT("http://"), STR_INIT("https://"), STR_INIT("ftp://"), STR_INIT("mailto:"), STR_INIT("www."),
};

/* Length of the beginning of a URL at `at`, or 0. */
static size_t start_length(struct str s, size_t at)
{
	struct str rest = str_sub(s, at, at + 8);

	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (str_starts_nocase(rest, starts[i]))
			return starts[i].n;
	return 0;
}

static bool may_start(char c)
{
	c = ascii_lower(c);
	return c == 'h' || c == 'f' || c == 'm' || c == 'w';
}

/* White space of any script, controls, and what RFC 3986 keeps out of URLs so that they can be quoted. */
static bool ends_url(struct str s, size_t i)
{
	unsigned char c = (unsigned char)s.p[i];
	struct str rest = str_sub(s, i, i + 3);

	if (c <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"' || c == '`')
		return true;
	return str_starts(rest, STR("\xc2\xa0")) ||     /* no-break space */
	       str_starts(rest, STR("\xe2\x80\x8b")) || /* zero width space */
	       str_starts(rest, STR("\xe3\x80\x80")) || /* ideographic space */
	       str_starts(rest, STR("\xe2\x80\x9d")) || /* closing quotation marks */
	       str_starts(rest, STR("\xc2\xbb"));
}

static size_t count(struct str s, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == c;
	return n;
}

/* Takes off what ends a sentence, and closing brackets that were not opened inside. */
static struct str trim_end(struct str s)
{
	size_t open = count(s, '('), closed = count(s, ')');
	size_t square = count(s, '['), square_closed = count(s, ']');

	for (; s.n > 0; s.n--) {
		char c = s.p[s.n - 1];
		if (c == ')' && closed > open)
			closed--;
		else if (c == ']' && square_closed > square)
			square_closed--;
		else if (!c || !strchr(".,;:!?'*_~|}", c))
			break;
	}
	return s;
}

bool url_find(struct str text, size_t *at, struct str *out)
{
	size_t i = *at;

	for (; i < text.n; i++) {
		if (!may_start(text.p[i]) || (i > 0 && abnf_is_alnum((unsigned char)text.p[i - 1])))
			continue;
		size_t start = start_length(text, i), end = i + start;
		if (start == 0)
			continue;
		while (end < text.n && !ends_url(text, end))
			end++;
		struct str url = trim_end(str_sub(text, i, end - i > URL_MAX ? i + URL_MAX : end));
		*at = i = end;
		if (url.n > start) {
			*out = url;
			return true;
		}
		i--;
	}
	*at = text.n;
	return false;
}

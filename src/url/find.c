/* Finding URLs in text. */
#include "url/find.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/domain.h"
#include "base/utf8.h"
#include "url/url.h"

/* What begins a URL, and the scheme that is meant. */
static const struct {
	struct str text, means;
	bool defanged;
} starts[] = {
	{ STR_INIT("http://"), STR_INIT("http://"), false },
	{ STR_INIT("https://"), STR_INIT("https://"), false },
	{ STR_INIT("ftp://"), STR_INIT("ftp://"), false },
	{ STR_INIT("file://"), STR_INIT("file://"), false },
	{ STR_INIT("mailto:"), STR_INIT("mailto:"), false },
	{ STR_INIT("www."), STR_INIT("http://www."), false },
	{ STR_INIT("hxxp://"), STR_INIT("http://"), true },
	{ STR_INIT("hxxps://"), STR_INIT("https://"), true },
	{ STR_INIT("http[:]//"), STR_INIT("http://"), true },
	{ STR_INIT("https[:]//"), STR_INIT("https://"), true },
	{ STR_INIT("hxxp[:]//"), STR_INIT("http://"), true },
	{ STR_INIT("hxxps[:]//"), STR_INIT("https://"), true },
	{ STR_INIT("http[://]"), STR_INIT("http://"), true },
	{ STR_INIT("https[://]"), STR_INIT("https://"), true },
	{ STR_INIT("hxxp[://]"), STR_INIT("http://"), true },
	{ STR_INIT("hxxps[://]"), STR_INIT("https://"), true },
	{ STR_INIT("www[.]"), STR_INIT("http://www."), true },
};

/* How people write a dot that must not be clicked. */
static const struct str dots[] = {
	STR_INIT("[.]"),   STR_INIT("(.)"),   STR_INIT("{.}"),
	STR_INIT("[dot]"), STR_INIT("(dot)"), STR_INIT("{dot}"),
};

/* Length of such a dot at the beginning, or 0. */
static size_t dot_length(struct str s)
{
	if (s.n == 0 || (s.p[0] != '[' && s.p[0] != '(' && s.p[0] != '{'))
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(dots); i++)
		if (str_starts_nocase(s, dots[i]))
			return dots[i].n;
	return 0;
}

/* The row of `starts` at `at`, or SIZE_MAX. */
static size_t start_at(struct str s, size_t at)
{
	struct str rest = str_sub(s, at, at + 10);

	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (str_starts_nocase(rest, starts[i].text))
			return i;
	return SIZE_MAX;
}

static bool may_start(char c)
{
	c = ascii_lower(c);
	return c == 'h' || c == 'f' || c == 'm' || c == 'w';
}

/* White space of any script, closing quotation marks, and what Chinese and Japanese put between clauses, without a space. */
static bool is_end(uint32_t cp)
{
	static const struct {
		uint32_t from, to;
	} ends[] = {
		{ 0xa0, 0xa0 },     { 0xbb, 0xbb },     { 0x1680, 0x1680 }, { 0x2000, 0x200b },
		{ 0x201c, 0x201f }, { 0x2028, 0x2029 }, { 0x202f, 0x202f }, { 0x205f, 0x205f },
		{ 0x3000, 0x3001 }, { 0x3008, 0x3011 }, { 0x3014, 0x301f }, { 0xff01, 0xff01 },
		{ 0xff08, 0xff09 }, { 0xff0c, 0xff0c }, { 0xff1b, 0xff1b }, { 0xff1f, 0xff1f },
	};

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (cp >= ends[i].from && cp <= ends[i].to)
			return true;
	return false;
}

/* Those, controls, and what RFC 3986 keeps out of URLs so that they can be quoted. */
static bool ends_url(struct str s, size_t i)
{
	unsigned char c = (unsigned char)s.p[i];

	if (c >= 0x80)
		return is_end(utf8_next(s, &i));
	return c <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"' || c == '`';
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

/* "[mailto:joe@example.com]On Behalf Of": an address does not go on behind a bracket that was not opened in it. */
static struct str within_brackets(struct str s)
{
	size_t open = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '[')
			open++;
		else if (s.p[i] == ']' && open-- == 0)
			return str_sub(s, 0, i);
	}
	return s;
}

/* "http://a[.]b/c[.]d" has one dot to be mended: what stands behind the host is as it is. */
static struct str mend_dots(struct arena *a, struct str s, size_t from, bool *mended)
{
	char *out;
	size_t n = from, i = from;

	while (i < s.n && !dot_length(str_sub(s, i, i + 5)))
		i++;
	if (i == s.n)
		return s;
	out = arena_alloc(a, s.n + 1);
	memcpy(out, s.p, from);
	for (i = from; i < s.n && s.p[i] != '/' && s.p[i] != '?' && s.p[i] != '#';) {
		size_t dot = dot_length(str_sub(s, i, i + 5));
		*mended |= dot > 0;
		out[n++] = dot ? '.' : s.p[i];
		i += dot ? dot : 1;
	}
	memcpy(out + n, s.p + i, s.n - i);
	return str_from(out, n + s.n - i);
}

static size_t end_of(struct str text, size_t at)
{
	size_t end = at;

	while (end < text.n && end - at < URL_MAX && !ends_url(text, end))
		end++;
	return end;
}

/* "<http://example.com/a" with the rest on the next lines, up to ">": the end of it, or `end` when it is not so. */
static size_t end_of_wrapped(struct str text, size_t start, size_t end)
{
	size_t at = end;

	if (start == 0 || text.p[start - 1] != '<')
		return end;
	while (at < text.n && at - start < URL_MAX && text.p[at] != '>') {
		bool space =
		    text.p[at] == '\r' || text.p[at] == '\n' || text.p[at] == ' ' || text.p[at] == '\t';
		if (!space && ends_url(text, at))
			return end;
		at++;
	}
	return at < text.n && text.p[at] == '>' ? at : end;
}

static struct str without_space(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > ' ')
			out[n++] = s.p[i];
	return str_from(out, n);
}

/* A URL that begins with a row of `starts`; false when there is nothing behind it. */
static bool take_started(struct arena *a, struct str text, size_t at, size_t row, size_t *end_out,
			 struct url_found *out)
{
	size_t start = at + starts[row].text.n, end = end_of(text, start);
	bool wrapped = end < text.n && (text.p[end] == '\r' || text.p[end] == '\n');
	size_t whole = wrapped ? end_of_wrapped(text, at, end) : end;
	struct str slice = whole > end ? str_sub(text, at, whole) : trim_end(str_sub(text, at, end));

	*end_out = whole;
	if (str_eq(starts[row].means, STR("mailto:")) && whole == end)
		slice = trim_end(within_brackets(slice));
	if (slice.n <= starts[row].text.n)
		return false;
	*out = (struct url_found){ .text = slice, .url = slice, .defanged = starts[row].defanged };
	if (!str_eq_nocase(starts[row].text, starts[row].means))
		out->url = ARENA_JOIN(a, starts[row].means, str_sub(slice, starts[row].text.n, slice.n));
	if (whole > end)
		out->url = without_space(a, out->url);
	out->url = mend_dots(a, out->url, starts[row].means.n, &out->defanged);
	return true;
}

static bool is_host_char(char c)
{
	return abnf_is_alnum((unsigned char)c) || c == '-' || c == '.';
}

/* Where the host name ends whose last byte stands before `at`; at when there is none, or it is part of something longer. */
static size_t host_before(struct str text, size_t at)
{
	size_t from = at;

	while (from > 0 && at - from < DOMAIN_MAX && is_host_char(text.p[from - 1]))
		from--;
	bool inside = from > 0 && strchr("@/\\:_=&%+~", text.p[from - 1]);
	return inside || from == at || !abnf_is_alnum((unsigned char)text.p[from]) ? at : from;
}

/* Copies the host at `from` with its dots mended; *end_out is where it ends in the text. Too long a name is none. */
static struct str host_at(struct str text, size_t from, char out[DOMAIN_MAX], size_t *end_out)
{
	size_t n = 0, i = from;

	for (size_t step; i < text.n; i += step) {
		size_t dot = dot_length(str_sub(text, i, i + 5));
		if (!dot && !is_host_char(text.p[i]))
			break;
		step = dot ? dot : 1;
		if (n < DOMAIN_MAX)
			out[n] = dot ? '.' : text.p[i];
		n++;
	}
	*end_out = i;
	return n <= DOMAIN_MAX ? str_from(out, n) : STR_NONE;
}

/*
 * Mail programs make a name alone a link where its end is one of the usual ones; others are too often two sentences
 * without a space between.
 */
static bool stands_alone(struct str text, size_t from, size_t end, struct str host)
{
	static const struct str usual[] = {
		STR_INIT("com"),   STR_INIT("net"),   STR_INIT("org"),     STR_INIT("info"),
		STR_INIT("biz"),   STR_INIT("xyz"),   STR_INIT("top"),     STR_INIT("online"),
		STR_INIT("site"),  STR_INIT("shop"),  STR_INIT("club"),    STR_INIT("live"),
		STR_INIT("icu"),   STR_INIT("click"), STR_INIT("website"), STR_INIT("vip"),
		STR_INIT("store"), STR_INIT("space"), STR_INIT("cfd"),     STR_INIT("sbs"),
		STR_INIT("ru"),    STR_INIT("cn"),    STR_INIT("uk"),      STR_INIT("de"),
		STR_INIT("br"),
	};
	struct str last = str_sub(host, str_rfind_char(host, '.') + 1, host.n);
	bool is_usual = false;

	for (size_t i = 0; i < ARRAY_LEN(usual); i++)
		is_usual |= str_eq_nocase(last, usual[i]);
	return is_usual && (from == 0 || strchr(" \t\r\n(<[\"'>:", text.p[from - 1])) &&
	       (end == text.n || strchr(" \t\r\n)>]\"',;!?", text.p[end]));
}

/*
 * "example.com/path", "example[.]com" or "example.com": the byte at `at` is the slash, the bracket or the dot. *end_out
 * is set in any case: what stands before it need not be looked at again.
 */
static bool take_bare(struct arena *a, struct str text, size_t at, size_t *end_out, struct url_found *out)
{
	bool defanged = dot_length(str_sub(text, at, at + 5)) > 0, dot = text.p[at] == '.';
	size_t from = defanged || dot || text.p[at] == '/' ? host_before(text, at) : at, host_end;
	char name[DOMAIN_MAX];

	*end_out = at + 1;
	if (from == at)
		return false;
	struct str host = host_at(text, from, name, &host_end), folded;
	*end_out = host_end > at ? host_end : at + 1;
	bool alone = dot && host.n == host_end - from && !(host_end < text.n && text.p[host_end] == '/');
	while (host.n && host.p[host.n - 1] == '.')
		host.n--;
	if (str_find_char(host, '.', 0) == SIZE_MAX || domain_to_ascii(a, host, &folded) ||
	    !domain_is_ldh(folded) || !domain_suffix_is_known(a, folded) ||
	    domain_registrable(a, folded).n == 0)
		return false;
	if (alone && !stands_alone(text, from, host_end, host))
		return false;
	size_t end = alone ? host_end : end_of(text, host_end);
	struct str slice = trim_end(str_sub(text, from, end));
	*end_out = end;
	*out = (struct url_found){ slice, ARENA_JOIN(a, STR("http://"), mend_dots(a, slice, 0, &defanged)),
				   defanged, alone };
	return true;
}

static bool is_inner_dot(struct str text, size_t i)
{
	return text.p[i] == '.' && i + 1 < text.n && abnf_is_alnum((unsigned char)text.p[i + 1]);
}

bool url_find(struct arena *a, struct str text, size_t *at, struct url_found *out)
{
	for (size_t i = *at; i < text.n; i++) {
		char c = text.p[i];
		size_t end;
		if (may_start(c) && (i == 0 || !abnf_is_alnum((unsigned char)text.p[i - 1]))) {
			size_t row = start_at(text, i);
			if (row == SIZE_MAX)
				continue;
			if (take_started(a, text, i, row, &end, out)) {
				*at = end;
				return true;
			}
			i = end - 1;
		} else if ((c == '/' || c == '[' || c == '(' || c == '{' || is_inner_dot(text, i)) &&
			   i > *at) {
			if (take_bare(a, text, i, &end, out)) {
				*at = end;
				return true;
			}
			i = end - 1;
		}
	}
	*at = text.n;
	return false;
}

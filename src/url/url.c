/* Taking URLs apart. */
#include "url/url.h"

#include <stdio.h>

#include "base/abnf.h"
#include "base/arena.h"
#include "base/cursor.h"
#include "base/domain.h"
#include "base/utf8.h"

static const struct {
	struct str name;
	int port;
} special[] = { { STR_INIT("http"), 80 }, { STR_INIT("https"), 443 }, { STR_INIT("ftp"), 21 } };

struct str url_clean(struct arena *a, struct str s)
{
	while (s.n && (unsigned char)s.p[0] <= ' ')
		s = str_sub(s, 1, s.n);
	while (s.n && (unsigned char)s.p[s.n - 1] <= ' ')
		s.n--;
	if (str_find_char(s, '\t', 0) == SIZE_MAX && str_find_char(s, '\n', 0) == SIZE_MAX &&
	    str_find_char(s, '\r', 0) == SIZE_MAX)
		return str_sub(s, 0, URL_MAX);
	char *z = arena_alloc(a, s.n < URL_MAX ? s.n : URL_MAX);
	size_t n = 0;
	for (size_t i = 0; i < s.n && n < URL_MAX; i++)
		if (s.p[i] != '\t' && s.p[i] != '\n' && s.p[i] != '\r')
			z[n++] = s.p[i];
	return (struct str){ z, n };
}

static bool is_scheme_char(unsigned char c)
{
	return abnf_is_alnum(c) || c == '+' || c == '-' || c == '.';
}

/* RFC 3986 §3.1; gives what stands behind ":". */
static struct str take_scheme(struct arena *a, struct str s, struct str *scheme)
{
	size_t i = 0;

	while (i < s.n && is_scheme_char((unsigned char)s.p[i]))
		i++;
	if (i == 0 || i == s.n || s.p[i] != ':' || !abnf_is_alpha((unsigned char)s.p[0]))
		return s;
	*scheme = arena_lower(a, str_sub(s, 0, i));
	return str_sub(s, i + 1, s.n);
}

/* One number of an IPv4 host: decimal, 0 octal or 0x hexadecimal. */
static bool read_number(struct str s, uint64_t *out)
{
	unsigned base = 10;
	size_t i = 0;

	if (s.n == 0)
		return false;
	if (s.n > 1 && s.p[0] == '0') {
		base = s.p[1] == 'x' ? 16 : 8;
		i = base == 16 ? 2 : 1;
	}
	for (*out = 0; i < s.n; i++) {
		int v = abnf_hex_value((unsigned char)s.p[i]);
		if (v < 0 || (unsigned)v >= base || *out > UINT32_MAX)
			return false;
		*out = *out * base + (unsigned)v;
	}
	return true;
}

/* WHATWG URL §3.5: "0x7f.1" and "2130706433" are 127.0.0.1. */
static struct str as_ipv4(struct arena *a, struct str host, bool *odd)
{
	struct str rest = host;
	uint64_t numbers[4], ip = 0;
	size_t n = 0;

	for (bool more = true; more; n++) {
		size_t dot = str_find_char(rest, '.', 0);
		if (n == 4 || !read_number(str_sub(rest, 0, dot), &numbers[n]))
			return host;
		more = dot != SIZE_MAX;
		rest = more ? str_sub(rest, dot + 1, rest.n) : rest;
	}
	for (size_t i = 0; i + 1 < n; i++) {
		if (numbers[i] > 255)
			return host;
		ip |= numbers[i] << (8 * (3 - i));
	}
	if (numbers[n - 1] >= (uint64_t)1 << (8 * (5 - n)))
		return host;
	ip |= numbers[n - 1];
	struct str dotted =
	    arena_printf(a, "%u.%u.%u.%u", (unsigned)(ip >> 24 & 255), (unsigned)(ip >> 16 & 255),
			 (unsigned)(ip >> 8 & 255), (unsigned)(ip & 255));
	*odd |= !str_eq(dotted, host);
	return dotted;
}

struct str url_percent_decode(struct arena *a, struct str s)
{
	size_t n = str_find_char(s, '%', 0);

	if (n == SIZE_MAX)
		return s;
	char *z = arena_alloc(a, s.n + 1);
	memcpy(z, s.p, n);
	for (size_t i = n; i < s.n; i++) {
		int hi = s.p[i] == '%' && i + 2 < s.n ? abnf_hex_value((unsigned char)s.p[i + 1]) : -1;
		int lo = hi >= 0 ? abnf_hex_value((unsigned char)s.p[i + 2]) : -1;
		z[n++] = lo >= 0 ? (char)(hi << 4 | lo) : s.p[i];
		i += lo >= 0 ? 2 : 0;
	}
	return str_from(z, n);
}

/* As UTS 46 maps: dots of other scripts become ".", invisible characters go, full-width ASCII becomes ASCII. */
static struct str fold_host(struct arena *a, struct str s, bool *odd)
{
	struct str valid = utf8_clean(a, s);
	char *z = arena_alloc(a, valid.n + 4);
	size_t n = 0;

	for (size_t i = 0; i < valid.n;) {
		uint32_t was = utf8_next(valid, &i), cp = was;
		if (cp == 0x3002 || cp == 0xff0e || cp == 0xff61)
			cp = '.';
		else if (cp >= 0xff01 && cp <= 0xff5e)
			cp -= 0xfee0;
		else if (cp == 0xad || (cp >= 0x200b && cp <= 0x200d) || cp == 0x2060 || cp == 0xfeff)
			cp = 0;
		*odd |= cp != was;
		if (cp && cp < 0x80)
			z[n++] = ascii_lower((char)cp);
		else if (cp)
			n += utf8_encode(cp, z + n);
	}
	while (n && z[n - 1] == '.')
		n--;
	return (struct str){ z, n };
}

/* What maps to plain ASCII (UTS 46, as of circled and mathematical letters and digits) is that; other scripts stay. */
static struct str plain_host(struct arena *a, struct str host, bool *odd)
{
	struct str ascii;
	bool other = false;

	for (size_t i = 0; i < host.n; i++)
		other |= (unsigned char)host.p[i] >= 0x80;
	if (!other || domain_to_ascii(a, host, &ascii) || str_find(ascii, STR("xn--"), 0) != SIZE_MAX)
		return host;
	*odd = true;
	return ascii;
}

static void take_authority(struct arena *a, struct str s, struct url *u)
{
	size_t at = str_rfind_char(s, '@'), colon;
	struct str host = at == SIZE_MAX ? s : str_sub(s, at + 1, s.n);
	uint64_t port;

	if (at != SIZE_MAX) {
		u->userinfo = str_sub(s, 0, at);
		u->odd = true;
	}
	size_t bracket = str_starts(host, STR("[")) ? str_rfind_char(host, ']') : SIZE_MAX;
	colon = bracket == SIZE_MAX ? str_rfind_char(host, ':') : str_find_char(host, ':', bracket);
	if (colon != SIZE_MAX) {
		if (!str_to_u64(str_sub(host, colon + 1, host.n), 65535, &port))
			u->port = (int)port;
		host = str_sub(host, 0, colon);
	}
	for (size_t i = 0; i < ARRAY_LEN(special); i++)
		if (str_eq(u->scheme, special[i].name) && u->port == special[i].port)
			u->port = 0;
	u->odd |= str_find_char(host, '%', 0) != SIZE_MAX;
	host = fold_host(a, url_percent_decode(a, host), &u->odd);
	u->host = bracket == SIZE_MAX ? as_ipv4(a, plain_host(a, host, &u->odd), &u->odd) : host;
}

static bool is_special(struct str scheme)
{
	for (size_t i = 0; i < ARRAY_LEN(special); i++)
		if (str_eq(scheme, special[i].name))
			return true;
	return false;
}

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* Behind ":" of http, https or ftp: any number of slashes of either kind, then the authority. */
static struct str take_special(struct arena *a, struct str rest, struct url *u)
{
	size_t from = 0, to;

	while (from < rest.n && is_slash(rest.p[from])) {
		u->odd |= rest.p[from] == '\\';
		from++;
	}
	u->odd |= from != 2;
	for (to = from; to < rest.n && !is_slash(rest.p[to]) && rest.p[to] != '?' && rest.p[to] != '#';)
		to++;
	u->odd |= to < rest.n && rest.p[to] == '\\';
	take_authority(a, str_sub(rest, from, to), u);
	return str_sub(rest, to, rest.n);
}

struct url url_split(struct arena *a, struct str s)
{
	struct url u = { .text = url_clean(a, s) };
	struct str rest = take_scheme(a, u.text, &u.scheme);
	size_t cut;

	if (is_special(u.scheme))
		rest = take_special(a, rest, &u);
	else if (u.scheme.n == 0 && rest.n >= 2 && is_slash(rest.p[0]) && is_slash(rest.p[1]))
		rest = take_special(a, rest, &u); /* scheme-relative */
	if ((cut = str_find_char(rest, '#', 0)) != SIZE_MAX) {
		u.fragment = str_sub(rest, cut + 1, rest.n);
		rest = str_sub(rest, 0, cut);
	}
	if ((cut = str_find_char(rest, '?', 0)) != SIZE_MAX) {
		u.query = str_sub(rest, cut + 1, rest.n);
		rest = str_sub(rest, 0, cut);
	}
	u.path = rest;
	if (str_eq(u.scheme, STR("mailto"))) {
		struct str first = str_sub(rest, 0, str_find_char(rest, ',', 0));
		size_t at = str_rfind_char(first, '@');
		bool odd = false; /* an encoded domain is nothing odd here */
		if (at != SIZE_MAX)
			u.host = fold_host(
			    a,
			    domain_leading(str_trim(url_percent_decode(a, str_sub(first, at + 1, first.n)))),
			    &odd);
	}
	return u;
}

bool url_is_web(const struct url *u)
{
	return u->host.n > 0 && (is_special(u->scheme) || u->scheme.n == 0);
}

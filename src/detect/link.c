/* How links read. */
#include "detect/link.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "base/abnf.h"
#include "base/arena.h"
#include "base/domain.h"
#include "base/ip.h"
#include "base/utf8.h"
#include "detect/text.h"
#include "url/find.h"
#include "url/url.h"

/* Suffixes of files that are top-level domains as well: "notes.md" alone is rather the name of a file. */
static bool is_file_name(struct str host)
{
	static const char *const suffixes[] = { ".ai", ".app", ".cab", ".cc", ".md", ".mov", ".pl",
						".ps", ".py",  ".rs",  ".sh", ".so", ".zip" };

	if (str_starts(host, STR("www.")))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
		if (str_ends(host, str_of(suffixes[i])))
			return true;
	return false;
}

static bool is_host_byte(unsigned char c)
{
	return abnf_is_ldh(c) || c == '.' || c >= 0x80;
}

/* "Log in: https://www.bank.example/": who writes the scheme, or "www.", means an address. */
static struct str host_inside(struct arena *a, struct str text)
{
	struct url_found found;
	struct str folded;
	size_t at = 0;

	while (url_find(a, text, &at, &found)) {
		if (!str_starts_nocase(found.text, STR("http://")) &&
		    !str_starts_nocase(found.text, STR("https://")) &&
		    !str_starts_nocase(found.text, STR("www.")))
			continue;
		struct url u = url_split(a, found.url);
		bool known = domain_to_ascii(a, u.host, &folded) == OK && domain_is_ldh(folded) &&
			     domain_suffix_is_known(a, folded) && domain_registrable(a, folded).n > 0;
		return known ? folded : STR_NONE;
	}
	return STR_NONE;
}

static struct str host_alone(struct arena *a, struct str text)
{
	struct str folded;
	size_t from = 0, end;

	text = str_trim(text);
	if (str_starts_nocase(text, STR("http://")))
		from = 7;
	else if (str_starts_nocase(text, STR("https://")))
		from = 8;
	for (end = from; end < text.n && is_host_byte((unsigned char)text.p[end]);)
		end++;
	/* A sentence, an address with '@', or a path without its host is no host. */
	if (end == from || end - from > DOMAIN_MAX || str_find_char(text, ' ', 0) != SIZE_MAX ||
	    str_find_char(text, '\n', 0) != SIZE_MAX || str_find_char(text, '@', 0) != SIZE_MAX)
		return STR_NONE;
	if (end < text.n && text.p[end] != '/' && text.p[end] != ':' && text.p[end] != '?')
		return STR_NONE;
	if (domain_to_ascii(a, str_sub(text, from, end), &folded) != OK || !domain_is_ldh(folded) ||
	    !domain_suffix_is_known(a, folded) || domain_registrable(a, folded).n == 0)
		return STR_NONE;
	return from == 0 && end == text.n && is_file_name(folded) ? STR_NONE : folded;
}

#define SPELLED_MOST 200 /* bytes; longer texts are no address */

/* "w w w . b a n k" without the spaces; most of what stands between them is one letter. "" = it is not written so. */
static struct str unspelled(struct arena *a, struct str text)
{
	char *p = arena_alloc(a, SPELLED_MOST);
	size_t n = 0, words = 0, letters = 0;

	text = str_trim(text);
	if (text.n > SPELLED_MOST)
		return STR_NONE;
	for (size_t at = 0, end; at < text.n; at = end + 1) {
		end = str_find_char(text, ' ', at);
		end = end == SIZE_MAX ? text.n : end;
		words += end > at;
		letters += end == at + 1;
		memcpy(p + n, text.p + at, end - at);
		n += end - at;
	}
	return letters >= 4 && letters * 2 > words ? str_from(p, n) : STR_NONE;
}

struct str link_host_shown(struct arena *a, struct str text)
{
	struct str host = host_alone(a, text);

	if (host.n == 0)
		host = host_inside(a, text);
	if (host.n > 0)
		return host;
	struct str latin = str_is_ascii(text) ? text : text_as_latin(a, text), spelled;
	if (latin.p != text.p && (host = host_alone(a, latin)).n == 0)
		host = host_inside(a, latin);
	if (host.n == 0 && (spelled = unspelled(a, latin)).n > 0)
		host = host_alone(a, spelled);
	return host;
}

/* Cyrillic and Greek letters that look like a Latin one in common fonts. */
static bool looks_latin(uint32_t cp)
{
	static const uint32_t same[] = {
		0x3b1, 0x3b9, 0x3ba, 0x3bd, 0x3bf, 0x3c1, 0x3c5, 0x3c7, /* Greek */
		0x430, 0x433, 0x435, 0x43a, 0x43e, 0x440, 0x441, 0x443, 0x445, 0x44c,
		0x455, 0x456, 0x458, 0x45b, 0x4bb, 0x4cf, 0x501, 0x51b, 0x51d, /* Cyrillic */
	};

	if (abnf_is_digit((unsigned char)(cp & 0x7f)) && cp < 0x80)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		if (cp == same[i])
			return true;
	return cp == '-';
}

static bool label_is_homograph(struct str label)
{
	bool latin = false, other = false, all_alike = true;

	for (size_t at = 0; at < label.n;) {
		uint32_t cp = utf8_next(label, &at);
		UErrorCode e = U_ZERO_ERROR;
		UScriptCode script = uscript_getScript((UChar32)cp, &e);
		latin |= script == USCRIPT_LATIN;
		other |= script == USCRIPT_CYRILLIC || script == USCRIPT_GREEK;
		all_alike &= looks_latin(cp);
	}
	return other && (latin || all_alike);
}

bool link_host_is_homograph(struct arena *a, struct str host, struct str *shown_out)
{
	for (size_t from = 0; from < host.n;) {
		size_t dot = str_find_char(host, '.', from);
		size_t end = dot == SIZE_MAX ? host.n : dot;
		struct str label = str_sub(host, from, end);
		if (str_starts(label, STR("xn--"))) {
			*shown_out = domain_label_shown(a, label);
			if (label_is_homograph(*shown_out))
				return true;
		}
		from = end + 1;
	}
	return false;
}

bool link_host_is_address(struct str host)
{
	struct ip ip;

	if (str_starts(host, STR("[")) && str_ends(host, STR("]"))) /* "[Unsubscribe]" is none */
		host = str_sub(host, 1, host.n - 1);
	return ip_parse(host, &ip) == OK;
}

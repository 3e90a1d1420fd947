/* Looking hosts up, and reading their names. */
#include "detect/host_kind.h"

#include "base/abnf.h"
#include "base/attr.h"
#include "base/domain.h"

/*
 * Top-level domains of which, by the abuse statistics of registries and blocklists, a large part is abused; from
 * "suspicious_tlds" of "static-files" by Sublime Security (MIT licence), without those that many honest houses have.
 */
static const char *const cheap[] = {
	"autos",  "bar",    "beauty", "best",    "biz.id",  "boats",       "bond",   "buzz",     "cam",
	"cf",     "cfd",    "click",  "country", "cricket", "cyou",        "date",   "download", "fit",
	"fun",    "ga",     "gdn",    "gq",      "hair",    "icu",         "kim",    "lat",      "loan",
	"lol",    "makeup", "ml",     "mom",     "monster", "motorcycles", "my.id",  "ooo",      "party",
	"pics",   "pw",     "quest",  "qpon",    "racing",  "rest",        "review", "sbs",      "science",
	"shop",   "skin",   "space",  "stream",  "surf",    "site",        "online", "store",    "website",
	"xyz",    "top",    "tk",     "trade",   "uno",     "vip",         "wang",   "web.id",   "win",
	"work",   "world",  "zip",    "mov",     "yachts",  "za.com",      "sa.com", "ru.com",   "us.com",
	"in.net", "ink",    "live",   "press",   "support", "today",       "rocks",  "link",
};

static enum host_kind exact(struct str name)
{
	size_t from = 0, to = host_table_size;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = str_cmp(str_of(host_table[middle].name), name);
		if (order == 0)
			return host_table[middle].kind;
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return HOST_OTHER;
}

enum host_kind host_kind(struct str host)
{
	enum host_kind kind = HOST_OTHER;

	for (size_t from = 0; from < host.n && kind == HOST_OTHER;) {
		struct str rest = str_sub(host, from, host.n);
		kind = exact(rest);
		size_t dot = str_find_char(host, '.', from);
		from = dot == SIZE_MAX ? host.n : dot + 1;
	}
	/* under the names of many countries, too */
	if (kind == HOST_OTHER && str_find(host, STR(".blogspot."), 0) != SIZE_MAX)
		return HOST_SITE;
	return kind;
}

bool host_is_cheap(struct str host)
{
	for (size_t i = 0; i < ARRAY_LEN(cheap); i++) {
		struct str end = str_of(cheap[i]);
		if (host.n > end.n && host.p[host.n - end.n - 1] == '.' && str_ends(host, end))
			return true;
	}
	return false;
}

static struct str first_label(struct str owner)
{
	return str_sub(owner, 0, str_find_char(owner, '.', 0));
}

#define RANDOM_LEAST 10 /* letters and digits */
#define CONSONANTS 6    /* in a row, without those that German piles up: "rechtsschutz" */

bool host_is_random(struct str owner)
{
	struct str label = first_label(owner);
	size_t run = 0, longest = 0, changes = 0;

	if (label.n < RANDOM_LEAST || str_starts(label, STR("xn--")))
		return false;
	for (size_t i = 0; i < label.n; i++) {
		char c = label.p[i];
		bool digit = abnf_is_digit((unsigned char)c);
		if (digit || c == '-' || strchr("aeiouy", c))
			run = 0;
		else if (c != 's' && c != 'h')
			run++;
		longest = run > longest ? run : longest;
		changes += i > 0 && digit != abnf_is_digit((unsigned char)label.p[i - 1]);
	}
	return longest >= CONSONANTS || changes >= 4;
}

#define RELATED_LEAST 4 /* letters in common at the beginning, or one inside the other */

bool host_is_related(struct str x, struct str y)
{
	struct str a = first_label(x), b = first_label(y);
	size_t same = 0;

	while (same < a.n && same < b.n && a.p[same] == b.p[same])
		same++;
	if (same >= RELATED_LEAST + 1 || (same >= RELATED_LEAST - 1 && (same == a.n || same == b.n)))
		return true;
	return (a.n >= RELATED_LEAST && str_find(b, a, 0) != SIZE_MAX) ||
	       (b.n >= RELATED_LEAST && str_find(a, b, 0) != SIZE_MAX);
}

/* The lists that are known by name, and reading the settings. */
#include "detect/block_list.h"

#include "base/domain.h"
#include "config/endpoint.h"

#define A(c, d) (127u << 24 | (uint32_t)(c) << 8 | (uint32_t)(d))
#define OTHER_WEIGHT 0.4 /* of a list that is not known here */

/* clang-format off */
static const struct block_code zen[] = {
	{ A(0, 2),  A(0, 2),  0, DISP_SPAM, CAT_IP_REPUTATION, 0.8, "a host of known spammers" },
	{ A(0, 3),  A(0, 3),  0, DISP_SPAM, CAT_IP_REPUTATION, 0.7, "a host that sends spam" },
	{ A(0, 4),  A(0, 7),  0, DISP_SPAM, CAT_IP_REPUTATION, 0.8, "a host that is infected or abused" },
	{ A(0, 9),  A(0, 9),  0, DISP_SPAM, CAT_IP_REPUTATION, 0.9, "a network run by criminals" },
	{ A(0, 10), A(0, 11), 0, DISP_SPAM, CAT_IP_REPUTATION, 0.4, "a connection of subscribers, which sends no mail itself" },
};
static const struct block_code spam_host[] = {
	{ A(0, 2), A(0, 2), 0, DISP_SPAM, CAT_IP_REPUTATION, 0.5, "a host that sends spam" },
};
static const struct block_code dbl[] = {
	{ A(1, 2),   A(1, 2),   0, DISP_SPAM,       CAT_DOMAIN_REPUTATION, 0.8, "a domain of spam" },
	{ A(1, 4),   A(1, 4),   0, DISP_MALICIOUS,  CAT_DOMAIN_REPUTATION, 0.9, "a domain of phishing" },
	{ A(1, 5),   A(1, 5),   0, DISP_MALICIOUS,  CAT_DOMAIN_REPUTATION, 0.9, "a domain of malware" },
	{ A(1, 6),   A(1, 6),   0, DISP_MALICIOUS,  CAT_DOMAIN_REPUTATION, 0.9, "a domain that directs a botnet" },
	{ A(1, 102), A(1, 103), 0, DISP_SPAM,       CAT_DOMAIN_REPUTATION, 0.4, "an honest domain that is abused for spam" },
	{ A(1, 104), A(1, 106), 0, DISP_SUSPICIOUS, CAT_DOMAIN_REPUTATION, 0.6, "an honest domain that is abused for phishing or malware" },
};
static const struct block_code surbl[] = {
	{ A(0, 0), 0, 8,   DISP_MALICIOUS,  CAT_DOMAIN_REPUTATION, 0.9, "a domain of phishing" },
	{ A(0, 0), 0, 16,  DISP_MALICIOUS,  CAT_DOMAIN_REPUTATION, 0.9, "a domain of malware" },
	{ A(0, 0), 0, 128, DISP_SUSPICIOUS, CAT_DOMAIN_REPUTATION, 0.6, "a site that was broken into" },
	{ A(0, 0), 0, 64,  DISP_SPAM,       CAT_DOMAIN_REPUTATION, 0.7, "a domain of spam" },
};
static const struct block_code uribl[] = {
	{ A(0, 0), 0, 2, DISP_SPAM, CAT_DOMAIN_REPUTATION, 0.7, "a domain of spam" },
	{ A(0, 0), 0, 8, DISP_SPAM, CAT_DOMAIN_REPUTATION, 0.4, "a domain that is new in spam" },
	{ A(0, 0), 0, 4, DISP_BULK, CAT_DOMAIN_REPUTATION, 0.4, "a domain of mail that nobody asked for" },
};
/* clang-format on */

/* Customers of the first have a zone of their own: their key, and this below it. */
static const struct known {
	const char *zone, *shown;
	bool domains, keyed;
	const struct block_code *codes;
	size_t n;
} known[] = {
	{ "zen.spamhaus.org", "zen.spamhaus.org", false, false, zen, ARRAY_LEN(zen) },
	{ "zen.dq.spamhaus.net", "zen.dq.spamhaus.net", false, true, zen, ARRAY_LEN(zen) },
	{ "bl.spamcop.net", "bl.spamcop.net", false, false, spam_host, ARRAY_LEN(spam_host) },
	{ "b.barracudacentral.org", "b.barracudacentral.org", false, false, spam_host, ARRAY_LEN(spam_host) },
	{ "psbl.surriel.com", "psbl.surriel.com", false, false, spam_host, ARRAY_LEN(spam_host) },
	{ "dbl.spamhaus.org", "dbl.spamhaus.org", true, false, dbl, ARRAY_LEN(dbl) },
	{ "dbl.dq.spamhaus.net", "dbl.dq.spamhaus.net", true, true, dbl, ARRAY_LEN(dbl) },
	{ "multi.surbl.org", "multi.surbl.org", true, false, surbl, ARRAY_LEN(surbl) },
	{ "multi.uribl.com", "multi.uribl.com", true, false, uribl, ARRAY_LEN(uribl) },
};

static const struct known *find_known(struct str zone, bool domains)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		const struct known *k = &known[i];
		bool same = k->keyed ? domain_is_within(zone, str_of(k->zone)) && zone.n > strlen(k->zone)
				     : str_eq(zone, str_of(k->zone));
		if (same && k->domains == domains)
			return k;
	}
	return NULL;
}

/* ---- reading ---- */

static bool read_address(struct str s, uint32_t *out)
{
	struct ip ip;

	if (ip_parse(s, &ip) != OK || ip.family != 4 || ip.b[0] != 127 || block_answer_refuses(ip.b))
		return false;
	*out = (uint32_t)ip.b[0] << 24 | (uint32_t)ip.b[1] << 16 | (uint32_t)ip.b[2] << 8 | ip.b[3];
	return true;
}

/* "127.0.0.2" or "127.0.0.4-7". */
static bool read_code(struct str s, struct block_code *out)
{
	size_t dash = str_find_char(s, '-', 0);
	uint64_t last;

	if (!read_address(str_sub(s, 0, dash), &out->low))
		return false;
	out->high = out->low;
	if (dash == SIZE_MAX)
		return true;
	if (str_to_u64(str_sub(s, dash + 1, s.n), 255, &last) != OK)
		return false;
	out->high = (out->low & ~UINT32_C(255)) | (uint32_t)last;
	return out->high >= out->low;
}

/* "0.35" or "1", which is as much as not to be below what one finding may weigh. */
static bool read_weight(struct str s, double *out)
{
	uint64_t hundredths;

	if (!str_starts(s, STR("0.")) || s.n < 3 || s.n > 4 ||
	    str_to_u64(str_sub(s, 2, s.n), 99, &hundredths) != OK)
		return false;
	*out = (double)hundredths / (s.n == 3 ? 10 : 100);
	return *out > 0;
}

static struct block_code code_of_other(bool domains, double weight)
{
	return (struct block_code){ A(0, 0),
				    A(255, 255) | UINT32_C(0x00ff0000),
				    0,
				    DISP_SPAM,
				    domains ? CAT_DOMAIN_REPUTATION : CAT_IP_REPUTATION,
				    weight,
				    "one to be refused" };
}

static bool read_codes(struct arena *a, struct str text, struct block_code like, struct block_list *l)
{
	struct {
		struct block_code *v;
		size_t n;
	} codes = { 0 };

	for (size_t at = 0; at <= text.n;) {
		size_t comma = str_find_char(text, ',', at), end = comma == SIZE_MAX ? text.n : comma;
		if (!read_code(str_sub(text, at, end), &like))
			return false;
		ARENA_PUSH(a, &codes, like);
		at = end + 1;
	}
	l->codes = codes.v;
	l->codes_n = codes.n;
	return true;
}

/* A weight in the configuration is that of all answers of a list. */
static void use_known(struct arena *a, const struct known *k, double weight, struct block_list *l)
{
	struct block_code *codes = ARENA_ARRAY(a, k->n, struct block_code);

	memcpy(codes, k->codes, k->n * sizeof(*codes));
	for (size_t i = 0; i < k->n && weight > 0; i++)
		codes[i].weight = weight;
	l->codes = codes;
	l->codes_n = k->n;
}

static bool read_word(struct arena *a, struct str word, bool domains, struct block_list *l)
{
	size_t slash = str_find_char(word, '/', 0);
	struct str head = str_sub(word, 0, slash);
	size_t equals = str_find_char(head, '=', 0);
	double weight = 0;

	if (slash != SIZE_MAX && !read_weight(str_sub(word, slash + 1, word.n), &weight))
		return false;
	*l = (struct block_list){ .zone = arena_lower(a, str_sub(head, 0, equals)), .domains = domains };
	l->shown = l->zone;
	if (!domain_is_ldh(l->zone) || str_find_char(l->zone, '.', 0) == SIZE_MAX)
		return false;
	const struct known *k = find_known(l->zone, domains);
	if (k)
		l->shown = str_of(k->shown);
	if (equals == SIZE_MAX && k) {
		use_known(a, k, weight, l);
		return true;
	}
	struct block_code like = code_of_other(domains, weight > 0 ? weight : OTHER_WEIGHT);
	if (equals != SIZE_MAX)
		return read_codes(a, str_sub(head, equals + 1, head.n), like, l);
	struct block_code *code = ARENA_NEW(a, struct block_code);
	*code = like;
	l->codes = code;
	l->codes_n = 1;
	return true;
}

static enum err read_setting(struct arena *a, const struct config *c, bool domains, struct block_lists *out,
			     struct errbuf *eb)
{
	const char *key = domains ? "lists.domains" : "lists.addresses";
	struct str rest = str_of(domains ? c->lists_domains : c->lists_addresses), word;
	size_t n = 0;

	while (endpoint_next(&rest, &word)) {
		struct block_list l;
		if (!read_word(a, word, domains, &l))
			return config_fault(c, key, ERR_SYNTAX, eb, "\"%.*s\" is not ZONE[=CODES][/WEIGHT]",
					    STR_ARG(word));
		if (++n > BLOCK_LISTS_MOST)
			return config_fault(c, key, ERR_LIMIT, eb, "more than %d lists", BLOCK_LISTS_MOST);
		ARENA_PUSH(a, out, l);
	}
	return OK;
}

enum err block_lists_of(struct arena *a, const struct config *c, struct block_lists *out, struct errbuf *eb)
{
	*out = (struct block_lists){ 0 };
	enum err e = read_setting(a, c, false, out, eb);
	return e == OK ? read_setting(a, c, true, out, eb) : e;
}

/* ---- answers ---- */

bool block_answer_refuses(const uint8_t b[4])
{
	bool first = b[1] == 0 && b[2] == 0 && b[3] <= 1, last = b[1] == 255 && b[2] == 255;

	return b[0] != 127 || first || last;
}

const struct block_code *block_list_code(const struct block_list *l, const uint8_t b[4])
{
	uint32_t x = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];

	if (block_answer_refuses(b))
		return NULL;
	for (size_t i = 0; i < l->codes_n; i++) {
		const struct block_code *c = &l->codes[i];
		if (c->mask ? x >> 8 == c->low >> 8 && (x & c->mask) : x >= c->low && x <= c->high)
			return c;
	}
	return NULL;
}

/* ---- names ---- */

struct str block_list_host_name(struct arena *a, const struct block_list *l, const struct ip *host)
{
	struct ip ip = ip_unmap(*host);
	char text[64 + 1];
	size_t n = 0;

	if (ip.family == 4)
		return arena_printf(a, "%d.%d.%d.%d.%.*s", ip.b[3], ip.b[2], ip.b[1], ip.b[0],
				    STR_ARG(l->zone));
	for (size_t i = sizeof(ip.b); i-- > 0;) { /* RFC 5782 §2.4: each nibble */
		text[n++] = "0123456789abcdef"[ip.b[i] & 15];
		text[n++] = '.';
		text[n++] = "0123456789abcdef"[ip.b[i] >> 4];
		text[n++] = '.';
	}
	return ARENA_JOIN(a, str_from(text, n), l->zone);
}

struct str block_list_domain_name(struct arena *a, const struct block_list *l, struct str domain)
{
	return ARENA_JOIN(a, domain, STR("."), l->zone);
}

static struct str probe_of(const struct block_list *l)
{
	return l->domains ? STR("invalid.") : STR("1.0.0.127.");
}

struct str block_list_probe(struct arena *a, const struct block_list *l)
{
	return ARENA_JOIN(a, probe_of(l), l->zone);
}

bool block_list_is_probe(const struct block_list *l, struct str name)
{
	return name.n == probe_of(l).n + l->zone.n && str_starts(name, probe_of(l));
}

/* The longest zone that fits: one list may lie below another. */
const struct block_list *block_lists_find(const struct block_lists *lists, struct str name)
{
	const struct block_list *best = NULL;

	for (size_t i = 0; i < lists->n; i++) {
		const struct block_list *l = &lists->v[i];
		if (name.n > l->zone.n && domain_is_within(name, l->zone) &&
		    (!best || l->zone.n > best->zone.n))
			best = l;
	}
	return best;
}

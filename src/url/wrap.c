/* The known wrappers as rows: whose host, which path, where the address stands and how it is written there. */
#include "url/wrap.h"

#include "base/arena.h"
#include "base/domain.h"
#include "base/utf8.h"
#include "url/data.h"

ENUM_DEFINE(url_wrap, URL_WRAPS);

/* How the address is written. */
enum form {
	FORM_PARAM,      /* a parameter, percent-encoded */
	FORM_QUERY,      /* all behind "?", percent-encoded or not */
	FORM_HOST,       /* a parameter that tells the host alone */
	FORM_BASE64,     /* a parameter, base64, of an address that may be percent-encoded */
	FORM_BING,       /* the same behind "a1" */
	FORM_PROOFPOINT, /* a parameter with "-" for "%" and "_" for "/" */
	FORM_UNDERLINES, /* the path behind "/v3/__", up to "__;", "*" for characters that stand behind */
	FORM_PATH,       /* the rest of the path, percent-encoded or not */
	FORM_SEGMENT,    /* the path segment "RU=…" */
	FORM_AMP,        /* the rest of the path: host and path without a scheme, "s/" in front of https */
	FORM_LABEL,      /* the first label of the host, "-" for "." and "--" for "-" */
};

static const struct {
	struct str host; /* the host or its end behind a dot; "x.*" any registrable domain of that name */
	struct str path; /* how the path begins */
	struct str param;
	enum form form;
	enum url_wrap kind;
} wrappers[] = {
	/* mail security */
	{ STR_INIT("safelinks.protection.outlook.com"), STR_INIT("/"), STR_INIT("url"), FORM_PARAM,
	  URL_REWRITTEN },
	{ STR_INIT("statics.teams.cdn.office.net"), STR_INIT("/evergreen-assets/safelinks/"), STR_INIT("url"),
	  FORM_PARAM, URL_REWRITTEN },
	{ STR_INIT("urldefense.proofpoint.com"), STR_INIT("/v1/url"), STR_INIT("u"), FORM_PARAM,
	  URL_REWRITTEN },
	{ STR_INIT("urldefense.proofpoint.com"), STR_INIT("/v2/url"), STR_INIT("u"), FORM_PROOFPOINT,
	  URL_REWRITTEN },
	{ STR_INIT("urldefense.com"), STR_INIT("/v1/url"), STR_INIT("u"), FORM_PARAM, URL_REWRITTEN },
	{ STR_INIT("urldefense.com"), STR_INIT("/v2/url"), STR_INIT("u"), FORM_PROOFPOINT, URL_REWRITTEN },
	{ STR_INIT("urldefense.com"), STR_INIT("/v3/__"), STR_INIT(""), FORM_UNDERLINES, URL_REWRITTEN },
	{ STR_INIT("urldefense.us"), STR_INIT("/v3/__"), STR_INIT(""), FORM_UNDERLINES, URL_REWRITTEN },
	{ STR_INIT("urldefense.proofpoint.com"), STR_INIT("/v3/__"), STR_INIT(""), FORM_UNDERLINES,
	  URL_REWRITTEN },
	{ STR_INIT("mimecast.com"), STR_INIT("/"), STR_INIT("domain"), FORM_HOST, URL_REWRITTEN },
	{ STR_INIT("mimecastprotect.com"), STR_INIT("/"), STR_INIT("domain"), FORM_HOST, URL_REWRITTEN },
	{ STR_INIT("linkprotect.cudasvc.com"), STR_INIT("/"), STR_INIT("a"), FORM_PARAM, URL_REWRITTEN },
	{ STR_INIT("fireeye.com"), STR_INIT("/"), STR_INIT("u"), FORM_PARAM, URL_REWRITTEN },
	{ STR_INIT("trellix.com"), STR_INIT("/"), STR_INIT("u"), FORM_PARAM, URL_REWRITTEN },
	{ STR_INIT("trendmicro.com"), STR_INIT("/wis/clicktime/"), STR_INIT("url"), FORM_PARAM,
	  URL_REWRITTEN },
	{ STR_INIT("clicktime.symantec.com"), STR_INIT("/"), STR_INIT("u"), FORM_PARAM, URL_REWRITTEN },
	{ STR_INIT("protection.sophos.com"), STR_INIT("/"), STR_INIT("u"), FORM_BASE64, URL_REWRITTEN },
	{ STR_INIT("secure-web.cisco.com"), STR_INIT("/"), STR_INIT(""), FORM_PATH, URL_REWRITTEN },
	{ STR_INIT("avanan.click"), STR_INIT("/v1/url"), STR_INIT("u"), FORM_PARAM, URL_REWRITTEN },
	{ STR_INIT("url.avanan.click"), STR_INIT("/v2/___"), STR_INIT(""), FORM_UNDERLINES, URL_REWRITTEN },
	{ STR_INIT("checkpoint.com"), STR_INIT("/v2/___"), STR_INIT(""), FORM_UNDERLINES, URL_REWRITTEN },
	{ STR_INIT("esvalabs.com"), STR_INIT("/"), STR_INIT("u"), FORM_PARAM, URL_REWRITTEN },
	{ STR_INIT("edgepilot.com"), STR_INIT("/"), STR_INIT("u"), FORM_PARAM, URL_REWRITTEN },
	{ STR_INIT("scanmail.trustwave.com"), STR_INIT("/"), STR_INIT("u"), FORM_PARAM, URL_REWRITTEN },
	{ STR_INIT("sonicwall.com"), STR_INIT("/click"), STR_INIT("url"), FORM_PARAM, URL_REWRITTEN },
	{ STR_INIT("hornetsecurity.com"), STR_INIT("/"), STR_INIT("url"), FORM_PARAM, URL_REWRITTEN },
	{ STR_INIT("postoffice.net"), STR_INIT("/clicktime.php"), STR_INIT("u"), FORM_PARAM, URL_REWRITTEN },
	{ STR_INIT("safe.menlosecurity.com"), STR_INIT("/"), STR_INIT(""), FORM_PATH, URL_REWRITTEN },
	{ STR_INIT("safelink.emails.azure.net"), STR_INIT("/redirect/"), STR_INIT("destination"), FORM_PARAM,
	  URL_REWRITTEN },
	/* mailing services */
	{ STR_INIT("awstrack.me"), STR_INIT("/L0/"), STR_INIT(""), FORM_PATH, URL_COUNTED },
	/* sites that forward */
	{ STR_INIT("google.*"), STR_INIT("/url"), STR_INIT("q"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("google.*"), STR_INIT("/url"), STR_INIT("url"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("google.*"), STR_INIT("/amp/"), STR_INIT(""), FORM_AMP, URL_FORWARDED },
	{ STR_INIT("google.*"), STR_INIT("/aclk"), STR_INIT("adurl"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("google.*"), STR_INIT("/ddm/clk/"), STR_INIT(""), FORM_PATH, URL_FORWARDED },
	{ STR_INIT("google.*"), STR_INIT("/travel/clk"), STR_INIT("pcurl"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("google.*"), STR_INIT("/local_url"), STR_INIT("q"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("google.*"), STR_INIT("/interstitial"), STR_INIT("url"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("google.*"), STR_INIT("/imgres"), STR_INIT("imgrefurl"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("google.*"), STR_INIT("/translate"), STR_INIT("u"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("googleweblight.com"), STR_INIT("/"), STR_INIT("lite_url"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("googleweblight.com"), STR_INIT("/i"), STR_INIT("u"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("cdn.ampproject.org"), STR_INIT("/c/"), STR_INIT(""), FORM_AMP, URL_FORWARDED },
	{ STR_INIT("googleadservices.com"), STR_INIT("/pagead/aclk"), STR_INIT("adurl"), FORM_PARAM,
	  URL_FORWARDED },
	{ STR_INIT("doubleclick.net"), STR_INIT("/"), STR_INIT(""), FORM_QUERY, URL_FORWARDED },
	{ STR_INIT("doubleclick.net"), STR_INIT("/"), STR_INIT("adurl"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("doubleclick.net"), STR_INIT("/ddm/"), STR_INIT(""), FORM_PATH, URL_FORWARDED },
	{ STR_INIT("translate.goog"), STR_INIT(""), STR_INIT(""), FORM_LABEL, URL_FORWARDED },
	{ STR_INIT("youtube.com"), STR_INIT("/redirect"), STR_INIT("q"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("bing.com"), STR_INIT("/ck/"), STR_INIT("u"), FORM_BING, URL_FORWARDED },
	{ STR_INIT("bing.com"), STR_INIT("/aclick"), STR_INIT("u"), FORM_BASE64, URL_FORWARDED },
	{ STR_INIT("duckduckgo.com"), STR_INIT("/l/"), STR_INIT("uddg"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("yandex.*"), STR_INIT("/clck/"), STR_INIT("url"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("r.search.yahoo.com"), STR_INIT("/"), STR_INIT("RU="), FORM_SEGMENT, URL_FORWARDED },
	{ STR_INIT("facebook.com"), STR_INIT("/l.php"), STR_INIT("u"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("facebook.com"), STR_INIT("/flx/warn"), STR_INIT("u"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("l.instagram.com"), STR_INIT("/"), STR_INIT("u"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("l.threads.com"), STR_INIT("/"), STR_INIT("u"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("l.threads.net"), STR_INIT("/"), STR_INIT("u"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("linkedin.com"), STR_INIT("/redir/"), STR_INIT("url"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("linkedin.com"), STR_INIT("/safety/go"), STR_INIT("url"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("out.reddit.com"), STR_INIT("/"), STR_INIT("url"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("pinterest.*"), STR_INIT("/offsite/"), STR_INIT("url"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("t.me"), STR_INIT("/iv"), STR_INIT("url"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("disq.us"), STR_INIT("/"), STR_INIT("url"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("medium.com"), STR_INIT("/r/"), STR_INIT("url"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("getpocket.com"), STR_INIT("/redirect"), STR_INIT("url"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("exit.sc"), STR_INIT("/"), STR_INIT("url"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("link.zhihu.com"), STR_INIT("/"), STR_INIT("target"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("href.li"), STR_INIT("/"), STR_INIT(""), FORM_QUERY, URL_FORWARDED },
	{ STR_INIT("anonym.to"), STR_INIT("/"), STR_INIT(""), FORM_QUERY, URL_FORWARDED },
	{ STR_INIT("nullrefer.com"), STR_INIT("/"), STR_INIT(""), FORM_QUERY, URL_FORWARDED },
	{ STR_INIT("vk.com"), STR_INIT("/away.php"), STR_INIT("to"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("slack-redir.net"), STR_INIT("/link"), STR_INIT("url"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("t.umblr.com"), STR_INIT("/redirect"), STR_INIT("z"), FORM_PARAM, URL_FORWARDED },
	{ STR_INIT("steamcommunity.com"), STR_INIT("/linkfilter/"), STR_INIT("url"), FORM_PARAM,
	  URL_FORWARDED },
};

/* A parameter's value, undecoded; "&amp;" that nobody decoded counts as "&". */
static struct str parameter(struct str query, struct str name)
{
	for (size_t at = 0; at < query.n;) {
		size_t end = str_find_char(query, '&', at);
		struct str one = str_sub(query, at, end);
		at = end == SIZE_MAX ? query.n : end + 1;
		if (str_starts_nocase(one, STR("amp;")))
			one = str_sub(one, 4, one.n);
		if (one.n > name.n && one.p[name.n] == '=' && str_eq_nocase(str_sub(one, 0, name.n), name))
			return str_sub(one, name.n + 1, one.n);
	}
	return STR_NONE;
}

static bool is_address(struct str s)
{
	return str_starts_nocase(s, STR("http://")) || str_starts_nocase(s, STR("https://")) ||
	       str_starts_nocase(s, STR("ftp://"));
}

/* "http-3A__www.example.com_a" (Proofpoint's second form). */
static struct str proofpoint(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		out[i] = s.p[i] == '-' ? '%' : s.p[i] == '_' ? '/' : s.p[i];
	return url_percent_decode(a, str_from(out, s.n));
}

static int run_length(char c)
{
	return c >= 'A' && c <= 'Z'   ? c - 'A' + 2
	       : c >= 'a' && c <= 'z' ? c - 'a' + 28
	       : c >= '0' && c <= '9' ? c - '0' + 54
	       : c == '-'             ? 64
	       : c == '_'             ? 65
				      : 0;
}

/*
 * "https://example.com/a*__;YQ!!…": each "*" is the next character of the UTF-8 in the base64 behind "__;", "**" and a
 * letter several of them (Proofpoint's third form). Without such characters there is "__;!!" only. Programs that tidy up
 * paths leave "https:/".
 */
static struct str underlines(struct arena *a, struct str text)
{
	size_t end = str_find(text, STR("__;"), 0), dot = str_find(text, STR("___."), 0), at = 0, n = 0;

	end = dot < end ? dot : end;
	if (end == SIZE_MAX)
		return STR_NONE;
	struct str address = str_sub(text, 0, end), tail = str_sub(text, end + 3, text.n);
	struct str left = utf8_clean(a, url_base64(a, str_sub(tail, 0, str_find_char(tail, '!', 0))));
	char *out = arena_alloc(a, address.n + left.n + 1);
	for (size_t i = 0; i < address.n; i++) {
		size_t take = 1, from = at;
		if (address.p[i] != '*') {
			out[n++] = address.p[i];
			continue;
		}
		if (i + 2 < address.n && address.p[i + 1] == '*' && run_length(address.p[i + 2])) {
			take = (size_t)run_length(address.p[i + 2]);
			i += 2;
		}
		while (take-- > 0 && at < left.n)
			(void)utf8_next(left, &at);
		for (; from < at; from++)
			out[n++] = left.p[from];
	}
	struct str found = str_from(out, n);
	size_t scheme = str_find(found, STR(":/"), 0);
	if (scheme == SIZE_MAX || str_starts(str_sub(found, scheme, n), STR("://")))
		return found;
	return ARENA_JOIN(a, str_sub(found, 0, scheme), STR("://"), str_sub(found, scheme + 2, n));
}

/* The first address in a path, whole or percent-encoded. */
static struct str address_in(struct arena *a, struct str path)
{
	for (size_t at = 0; (at = str_find_nocase(path, STR("http"), at)) != SIZE_MAX; at++) {
		struct str rest = str_sub(path, at, path.n);
		if (is_address(rest))
			return rest;
		if (str_starts_nocase(rest, STR("http%3a")) || str_starts_nocase(rest, STR("https%3a")) ||
		    str_starts_nocase(rest, STR("http:%2f")) || str_starts_nocase(rest, STR("https:%2f")))
			return url_percent_decode(a, rest);
	}
	return STR_NONE;
}

/*
 * Schemes that give an address to a certain program: "microsoft-edge:https://example.com/", "ms-word:ofe|u|https://…",
 * "googlechromes://example.com/".
 */
static const struct {
	struct str scheme, instead; /* of the scheme; "" = the address is whole */
} handed[] = {
	{ STR_INIT("microsoft-edge"), STR_INIT("") },    { STR_INIT("view-source"), STR_INIT("") },
	{ STR_INIT("feed"), STR_INIT("http:") },         { STR_INIT("webcal"), STR_INIT("http:") },
	{ STR_INIT("googlechrome"), STR_INIT("http:") }, { STR_INIT("googlechromes"), STR_INIT("https:") },
	{ STR_INIT("ms-word"), STR_INIT("") },           { STR_INIT("ms-excel"), STR_INIT("") },
	{ STR_INIT("ms-powerpoint"), STR_INIT("") },     { STR_INIT("ms-visio"), STR_INIT("") },
	{ STR_INIT("ms-access"), STR_INIT("") },         { STR_INIT("ms-project"), STR_INIT("") },
	{ STR_INIT("ms-publisher"), STR_INIT("") },
};

static struct url handed_over(struct arena *a, const struct url *u)
{
	for (size_t i = 0; i < ARRAY_LEN(handed); i++) {
		if (!str_eq(u->scheme, handed[i].scheme))
			continue;
		struct str rest = str_sub(u->text, u->scheme.n + 1, u->text.n), whole = address_in(a, rest);
		if (whole.n == 0 && handed[i].instead.n)
			whole = ARENA_JOIN(a, handed[i].instead, rest);
		return url_split(a, whole);
	}
	return (struct url){ 0 };
}

static struct str amp(struct arena *a, struct str rest)
{
	bool secure = str_starts(rest, STR("s/"));

	rest = str_sub(rest, secure ? 2 : 0, rest.n);
	return str_find_char(rest, '.', 0) < str_find_char(rest, '/', 0)
		   ? ARENA_JOIN(a, secure ? STR("https://") : STR("http://"), rest)
		   : STR_NONE;
}

/* "www-example--site-com.translate.goog" is www.example-site.com. */
static struct str label(struct arena *a, const struct url *u)
{
	struct str name = str_sub(u->host, 0, str_find_char(u->host, '.', 0));
	char *out = arena_alloc(a, name.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		bool twice = name.p[i] == '-' && i + 1 < name.n && name.p[i + 1] == '-';
		out[n++] = name.p[i] == '-' && !twice ? '.' : name.p[i];
		i += twice;
	}
	return ARENA_JOIN(a, STR("https://"), str_from(out, n), u->path);
}

static struct str target_of(struct arena *a, const struct url *u, size_t row)
{
	struct str param = wrappers[row].param, value = parameter(u->query, param);
	struct str rest = str_sub(u->path, wrappers[row].path.n, u->path.n);

	switch (wrappers[row].form) {
	case FORM_PARAM:
		return url_percent_decode(a, value);
	case FORM_QUERY: {
		struct str address = url_percent_decode(a, u->query);
		return is_address(address) ? address : STR_NONE;
	}
	case FORM_HOST:
		return value.n ? ARENA_JOIN(a, STR("http://"), url_percent_decode(a, value), STR("/"))
			       : STR_NONE;
	case FORM_BASE64: {
		struct str address = url_base64(a, url_percent_decode(a, value));
		return is_address(address) ? address : url_percent_decode(a, address);
	}
	case FORM_BING:
		return str_starts(value, STR("a1")) ? url_base64(a, str_sub(value, 2, value.n)) : STR_NONE;
	case FORM_PROOFPOINT:
		return proofpoint(a, value);
	case FORM_UNDERLINES:
		return underlines(a, u->query.n ? ARENA_JOIN(a, rest, STR("?"), u->query) : rest);
	case FORM_PATH:
		return address_in(a, u->query.n ? ARENA_JOIN(a, u->path, STR("?"), u->query) : u->path);
	case FORM_SEGMENT: {
		size_t at = str_find(u->path, param, 0);
		struct str segment = at == SIZE_MAX ? STR_NONE : str_sub(u->path, at + param.n, u->path.n);
		return url_percent_decode(a, str_sub(segment, 0, str_find_char(segment, '/', 0)));
	}
	case FORM_AMP:
		return amp(a, rest);
	case FORM_LABEL:
		return label(a, u);
	}
	return STR_NONE;
}

/* "google.*" is whoever registered that name under a public suffix, not "google" before somebody else's domain. */
static bool host_matches(struct arena *a, struct str host, struct str want)
{
	if (str_ends(want, STR(".*")))
		return str_starts(domain_registrable(a, host), str_sub(want, 0, want.n - 1));
	return domain_is_within(host, want);
}

/* An address whole in some parameter, of a site that is not known to forward. */
static struct str redirect(struct arena *a, struct str query)
{
	for (size_t at = 0; at < query.n;) {
		size_t end = str_find_char(query, '&', at);
		struct str one = str_sub(query, at, end);
		size_t equals = str_find_char(one, '=', 0);
		at = end == SIZE_MAX ? query.n : end + 1;
		if (equals == SIZE_MAX)
			continue;
		struct str value = str_sub(one, equals + 1, one.n);
		if (!str_starts_nocase(value, STR("http")))
			continue;
		value = url_percent_decode(a, value);
		if (is_address(value))
			return value;
	}
	return STR_NONE;
}

enum url_wrap url_unwrap(struct arena *a, const struct url *u, struct url *out)
{
	struct str path = u->path.n ? u->path : STR("/");

	if (!url_is_web(u)) {
		struct url over = handed_over(a, u);
		if (!url_is_web(&over) || over.scheme.n == 0)
			return URL_PLAIN;
		*out = over;
		return URL_FORWARDED;
	}
	for (size_t i = 0; i < ARRAY_LEN(wrappers); i++) {
		if (!str_starts_nocase(path, wrappers[i].path) || !host_matches(a, u->host, wrappers[i].host))
			continue;
		struct url target = url_split(a, target_of(a, u, i));
		if (!url_is_web(&target) || target.scheme.n == 0)
			continue;
		*out = target;
		return wrappers[i].kind;
	}
	struct url target = url_split(a, redirect(a, u->query));
	if (!url_is_web(&target) || target.scheme.n == 0 || str_eq(target.host, u->host))
		return URL_PLAIN;
	*out = target;
	return URL_REDIRECTED;
}

enum url_wrap url_unwrap_all(struct arena *a, const struct url *u, struct url *out)
{
	enum url_wrap outermost = URL_PLAIN;
	struct url next = *u;

	*out = *u;
	for (size_t layer = 0; layer < URL_LAYERS_MAX; layer++) {
		enum url_wrap kind = url_unwrap(a, out, &next);
		if (outermost == URL_PLAIN)
			outermost = kind;
		if (kind == URL_PLAIN || kind == URL_REDIRECTED)
			break;
		*out = next;
	}
	return outermost;
}

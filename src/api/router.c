/* From a request target to a route: percent-decoding, both prefixes, both bases, literals before parameters. */
#include "api/internal.h"
#include "api/problem.h"

#include "base/abnf.h"
#include "base/utf8.h"

#define QUERY_PAIRS_MAX 1000 /* a list of domains to delete may be long; the header limit ends it first */
#define ACCOUNT_ID_CHARS 32

static const char *const method_names[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };

/* false: a percent sign without two hexadecimal digits, or bytes that are not UTF-8. */
static bool decode(struct arena *a, struct str s, bool plus, struct str *out)
{
	if (str_find_char(s, '%', 0) == SIZE_MAX && (!plus || str_find_char(s, '+', 0) == SIZE_MAX)) {
		*out = s;
		return utf8_is_valid(s);
	}
	char *to = arena_alloc(a, s.n);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%') {
			int high = i + 2 < s.n ? abnf_hex_value((unsigned char)s.p[i + 1]) : -1;
			int low = i + 2 < s.n ? abnf_hex_value((unsigned char)s.p[i + 2]) : -1;
			if (high < 0 || low < 0)
				return false;
			to[n++] = (char)(high << 4 | low);
			i += 2;
		} else {
			to[n++] = plus && s.p[i] == '+' ? ' ' : s.p[i];
		}
	}
	*out = (struct str){ to, n };
	return utf8_is_valid(*out);
}

/* An empty value is the same as none; "name[]" is "name". */
static void add_pair(struct request *rq, struct str text)
{
	size_t equals = str_find_char(text, '=', 0);
	struct query_pair pair;

	if (equals == SIZE_MAX || rq->query.n >= QUERY_PAIRS_MAX)
		return;
	if (!decode(rq->arena, str_sub(text, 0, equals), true, &pair.name))
		return;
	struct str raw = str_sub(text, equals + 1, text.n);
	if (!decode(rq->arena, raw, true, &pair.value))
		pair.value = utf8_clean(rq->arena, raw);
	if (str_ends(pair.name, STR("[]")))
		pair.name.n -= 2;
	if (pair.name.n && pair.value.n)
		ARENA_PUSH(rq->arena, &rq->query, pair);
}

/* The text up to the next stop, and *s moves behind it. */
static struct str cut(struct str *s, char stop)
{
	size_t at = str_find_char(*s, stop, 0);
	struct str head = str_sub(*s, 0, at == SIZE_MAX ? s->n : at);

	*s = at == SIZE_MAX ? STR_NONE : str_sub(*s, at + 1, s->n);
	return head;
}

/* The absolute form, which every server must take (RFC 9112 §3.2.2), without scheme and authority. */
static struct str origin_form(struct str target)
{
	size_t colon = str_find(target, STR("://"), 0), slash = str_find_char(target, '/', 0);

	/* Behind a slash it belongs to the path or the query. */
	if (colon == SIZE_MAX || slash < colon)
		return target;
	slash = str_find_char(target, '/', colon + 3);
	return slash == SIZE_MAX ? STR("/") : str_sub(target, slash, target.n);
}

void router_split(struct request *rq, struct str target)
{
	struct str rest = origin_form(target), path = cut(&rest, '?');

	rq->path = path;
	while (rest.n)
		add_pair(rq, cut(&rest, '&'));
	if (str_starts(path, STR("/")))
		path = str_sub(path, 1, path.n);
	while (path.n) {
		struct str raw = cut(&path, '/');
		if (rq->n_segments >= REQUEST_SEGMENTS ||
		    !decode(rq->arena, raw, false, &rq->segments[rq->n_segments])) {
			rq->n_segments = REQUEST_SEGMENTS + 1;
			return;
		}
		rq->n_segments++;
	}
}

/* Whether the segments from `from` are the path; *n_params_out counts what braces took. */
static bool matches(const struct request *rq, size_t from, const char *path,
		    struct str params[REQUEST_PARAMS], size_t *n_params_out)
{
	struct str rest = str_of(path);
	size_t i = from, n = 0;

	for (; rest.n; i++) {
		struct str want = cut(&rest, '/');
		if (i >= rq->n_segments)
			return false;
		if (want.p[0] == '{') {
			if (!rq->segments[i].n)
				return false;
			ASSERT(n < REQUEST_PARAMS);
			params[n++] = rq->segments[i];
		} else if (!str_eq(rq->segments[i], want)) {
			return false;
		}
	}
	*n_params_out = n;
	return i == rq->n_segments;
}

static bool is_account_id(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!abnf_is_digit((unsigned char)s.p[i]) && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
			return false;
	return s.n == ACCOUNT_ID_CHARS;
}

/* Where the path begins, and under the account, and which routes it is of: those of the contract, or our own. */
struct base {
	size_t root;
	size_t at;     /* SIZE_MAX: under no account */
	unsigned ours; /* ROUTE_OURS or 0 */
};

static struct base base_of(const struct request *rq, struct str *account_id)
{
	bool prefixed = rq->n_segments >= 2 && str_eq(rq->segments[0], STR("client")) &&
			str_eq(rq->segments[1], STR("v4"));
	size_t at = prefixed ? 2 : 0;
	const struct base none = { at, SIZE_MAX, 0 };

	if (rq->n_segments > REQUEST_SEGMENTS)
		return none;
	if (rq->n_segments < at + 4 || !str_eq(rq->segments[at], STR("accounts")) ||
	    !is_account_id(rq->segments[at + 1]))
		return none;
	bool ours = str_eq(rq->segments[at + 2], STR("postern"));
	if (!ours && !str_eq(rq->segments[at + 2], STR("email-security")))
		return none;
	*account_id = rq->segments[at + 1];
	return (struct base){ at, at + 3, ours ? ROUTE_OURS : 0 };
}

/* As matches, with the route's own base. */
static bool fits(const struct request *rq, const struct route *r, struct base base,
		 struct str params[REQUEST_PARAMS], size_t *n_params_out)
{
	if (r->flags & ROUTE_OPEN)
		return matches(rq, base.root, r->path, params, n_params_out);
	return base.at != SIZE_MAX && (r->flags & ROUTE_OURS) == base.ours &&
	       matches(rq, base.at, r->path, params, n_params_out);
}

/* The methods of all routes whose path fits as literally as the best one does. */
static struct str allowed_methods(const struct request *rq, struct base base, size_t fewest)
{
	struct str params[REQUEST_PARAMS], allow = STR("");
	size_t n;

	for (size_t i = 0; i < route_count; i++) {
		const struct route *r = &route_table[i];
		if (fits(rq, r, base, params, &n) && n == fewest)
			allow = arena_printf(rq->arena, "%.*s%s%s", STR_ARG(allow), allow.n ? ", " : "",
					     method_names[r->method]);
	}
	return allow;
}

bool router_match(struct request *rq, struct str *account_id)
{
	struct base base = base_of(rq, account_id);
	size_t fewest = SIZE_MAX, n;
	struct str params[REQUEST_PARAMS] = { { 0 } };

	for (size_t i = 0; i < route_count && rq->n_segments <= REQUEST_SEGMENTS; i++) {
		const struct route *r = &route_table[i];
		if (!fits(rq, r, base, params, &n) || n > fewest)
			continue;
		/* A more literal path hides the others, whatever their methods. */
		if (n < fewest)
			rq->route = NULL;
		fewest = n;
		if (r->method != rq->method)
			continue;
		rq->route = r;
		memcpy(rq->params, params, sizeof(params));
	}
	if (rq->route)
		return true;
	if (fewest != SIZE_MAX)
		rq->allow = allowed_methods(rq, base, fewest);
	problem_reply(rq, rq->allow.n ? PROBLEM_METHOD : PROBLEM_NO_ROUTE, STR_NONE, STR_NONE);
	return false;
}

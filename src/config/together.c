/* What one row of the table cannot see: settings that need each other, bound each other, or share an address. */
#include "config/internal.h"

#include "config/endpoint.h"

/* Of two settings the one that was read later: there somebody was at work. */
static const char *later(const struct config *c, const char *a, const char *b)
{
	const int *lines = ((const struct config_owner *)(const void *)c)->lines;
	int at_a = lines[setting_find(str_of(a)) - settings],
	    at_b = lines[setting_find(str_of(b)) - settings];

	if (at_a == ORIGIN_OPTION || at_b == ORIGIN_OPTION)
		return at_b == ORIGIN_OPTION ? b : a;
	return at_b > at_a ? b : a;
}

static int64_t number(const struct config *c, const char *key)
{
	return *(const int64_t *)(const void *)((const char *)c + setting_find(str_of(key))->offset);
}

static const char *text(const struct config *c, const char *key)
{
	return *(const char *const *)(const void *)((const char *)c + setting_find(str_of(key))->offset);
}

static enum err check_pair(const struct config *c, const char *one, const char *other, struct errbuf *eb)
{
	if (*text(c, one) && !*text(c, other))
		return config_fault(c, one, ERR_SYNTAX, eb, "needs %s beside it", other);
	if (!*text(c, one) && *text(c, other))
		return config_fault(c, other, ERR_SYNTAX, eb, "needs %s beside it", one);
	return OK;
}

static enum err check_order(const struct config *c, const char *lesser, const char *greater, bool may_equal,
			    struct errbuf *eb)
{
	int64_t low = number(c, lesser), high = number(c, greater);

	if (low < high || (may_equal && low == high))
		return OK;
	return config_fault(c, later(c, lesser, greater), ERR_SYNTAX, eb, "%s, %lld, must %s %s, %lld",
			    lesser, (long long)low, may_equal ? "not be more than" : "be less than", greater,
			    (long long)high);
}

struct listener {
	const char *key;
	struct str word;
	struct endpoint endpoint;
};

static enum err check_listeners(const struct config *c, struct errbuf *eb)
{
	const struct {
		const char *key, *list;
	} services[] = { { "smtp.listen", c->smtp_listen }, { "http.listen", c->http_listen } };
	struct listener all[ARRAY_LEN(services) * ENDPOINTS_MAX + 1];
	size_t n = 0;
	struct milter_endpoint milter;

	if (*c->milter_listen && !milter_endpoint_parse(str_of(c->milter_listen), &milter) &&
	    milter.path.n == 0)
		all[n++] = (struct listener){ "milter.listen", str_of(c->milter_listen), milter.tcp };

	for (size_t i = 0; i < ARRAY_LEN(services); i++) {
		struct str rest = str_of(services[i].list), word;

		while (n < ARRAY_LEN(all) && endpoint_next(&rest, &word)) {
			struct listener *l = &all[n];

			*l = (struct listener){ .key = services[i].key, .word = word };
			if (endpoint_parse(word, &l->endpoint) != OK)
				continue; /* its row has refused it */
			for (size_t j = 0; j < n; j++)
				if (endpoint_clashes(&all[j].endpoint, &l->endpoint))
					return config_fault(c, later(c, all[j].key, l->key), ERR_SYNTAX, eb,
							    "%.*s of %s cannot be bound beside %.*s of %s",
							    STR_ARG(l->word), l->key, STR_ARG(all[j].word),
							    all[j].key);
			n++;
		}
	}
	return OK;
}

enum err config_check_together(const struct config *c, struct errbuf *eb)
{
	enum err e;

	if ((e = check_pair(c, "smtp.certificate", "smtp.key", eb)) != OK ||
	    (e = check_pair(c, "http.certificate", "http.key", eb)) != OK ||
	    (e = check_order(c, "scan.dns_timeout_s", "scan.timeout_s", false, eb)) != OK ||
	    (e = check_order(c, "scan.workers_idle", "scan.workers", true, eb)) != OK)
		return e;
	return check_listeners(c, eb);
}

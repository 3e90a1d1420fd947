/* Where a name leads, and whether that is allowed. */
#include "courier/way.h"

#include "base/clock.h"

bool way_allows(const struct way_tools *tools, const struct ip *ip)
{
	return tools->allow_private || ip_is_global(ip);
}

/* Adds those that are allowed; *refused is one that is not. */
static void add(const struct way_tools *tools, const struct answer *answer, uint8_t family,
		struct way_addresses *out, struct ip *refused)
{
	for (size_t i = 0; i < answer->records.n && out->n < WAY_ADDRESSES; i++) {
		struct ip ip = { .family = family };
		memcpy(ip.b, answer->records.v[i].data.p, family == 4 ? 4 : 16);
		if (way_allows(tools, &ip))
			out->v[out->n++] = ip;
		else
			*refused = ip;
	}
}

static enum err refuse(struct str host, const struct ip *ip, struct errbuf *why)
{
	char text[IP_TEXT_MAX];

	return err_set(why, ERR_LATER, "%.*s leads to %.*s, which is a private or special address",
		       STR_ARG(host), STR_ARG(ip_text(ip, text)));
}

enum err way_find(const struct way_tools *tools, struct arena *a, struct str host, struct way_addresses *out,
		  struct errbuf *why)
{
	struct ask asks[] = { { ASK_DNS, RR_A, arena_lower(a, host) },
			      { ASK_DNS, RR_AAAA, arena_lower(a, host) } };
	struct answer answers[ARRAY_LEN(asks)] = { 0 };
	struct ip ip = { 0 };

	*out = (struct way_addresses){ 0 };
	if (ip_parse(host, &ip) == OK) {
		if (!way_allows(tools, &ip))
			return refuse(host, &ip, why);
		out->v[out->n++] = ip;
		return OK;
	}
	dns_ask(tools->dns, a, asks, ARRAY_LEN(asks), clock_mono_ms() + WAY_CONNECT_MS, answers);
	add(tools, &answers[0], 4, out, &ip);
	add(tools, &answers[1], 6, out, &ip);
	if (out->n)
		return OK;
	if (ip.family)
		return refuse(host, &ip, why);
	if (answers[0].status == ANSWER_TEMPERROR || answers[1].status == ANSWER_TEMPERROR)
		return err_set(why, ERR_LATER, "DNS does not tell where %.*s is", STR_ARG(host));
	return err_set(why, ERR_LATER, "%.*s has no address", STR_ARG(host));
}

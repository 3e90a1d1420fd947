/* Asking for the addresses of a host, and leaving out those that are not allowed. */
#include "net/target.h"

#include "base/arena.h"

bool target_allows(bool allow_private, const struct ip *ip)
{
	return allow_private || ip_is_global(ip);
}

/* Adds those that are allowed; *refused is one that is not. */
static void add(bool allow_private, const struct answer *answer, uint8_t family, struct target_addresses *out,
		struct ip *refused)
{
	for (size_t i = 0; i < answer->records.n && out->n < TARGET_ADDRESSES; i++) {
		struct ip ip = { .family = family };
		memcpy(ip.b, answer->records.v[i].data.p, family == 4 ? 4 : 16);
		if (target_allows(allow_private, &ip))
			out->v[out->n++] = ip;
		else
			*refused = ip;
	}
}

static enum err refuse(struct str host, const struct ip *ip, struct errbuf *why)
{
	char text[IP_TEXT_MAX];

	return err_set(why, ERR_DENIED, "%.*s leads to %.*s, which is a private or special address",
		       STR_ARG(host), STR_ARG(ip_text(ip, text)));
}

enum err target_find(struct dns *dns, bool allow_private, struct arena *a, struct str host, deadline_ms until,
		     struct target_addresses *out, struct errbuf *why)
{
	struct ask asks[] = { { ASK_DNS, RR_A, arena_lower(a, host) },
			      { ASK_DNS, RR_AAAA, arena_lower(a, host) } };
	struct answer answers[ARRAY_LEN(asks)] = { 0 };
	struct ip ip = { 0 };

	*out = (struct target_addresses){ 0 };
	if (ip_parse(host, &ip) == OK) {
		if (!target_allows(allow_private, &ip))
			return refuse(host, &ip, why);
		out->v[out->n++] = ip;
		return OK;
	}
	if (!dns)
		return err_set(why, ERR_LATER, "there is no DNS to ask where %.*s is", STR_ARG(host));
	dns_ask(dns, a, asks, ARRAY_LEN(asks), until, answers);
	add(allow_private, &answers[0], 4, out, &ip);
	add(allow_private, &answers[1], 6, out, &ip);
	if (out->n)
		return OK;
	if (ip.family)
		return refuse(host, &ip, why);
	if (answers[0].status == ANSWER_TEMPERROR || answers[1].status == ANSWER_TEMPERROR)
		return err_set(why, ERR_LATER, "DNS does not tell where %.*s is", STR_ARG(host));
	return err_set(why, ERR_LATER, "%.*s has no address", STR_ARG(host));
}

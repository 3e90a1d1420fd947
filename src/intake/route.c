/* MX records and addresses. */
#include "intake/route.h"

#include <stdlib.h>

#include "base/ip.h"
#include "net/transport.h"

#define HOPS_MAX 10      /* more MX hosts than that are not tried */
#define ADDRESSES_MAX 16 /* nor addresses of one */

static int by_preference(const void *a, const void *b)
{
	const struct dns_record *x = a, *y = b;

	return x->preference != y->preference
		   ? (x->preference > y->preference) - (x->preference < y->preference)
		   : str_cmp(x->data, y->data);
}

/* The hosts of the name's MX records, or the name itself. */
static enum err find_hosts(struct arena *a, struct dns *dns, const struct route_hop *hop, int64_t until_ms,
			   struct route *out)
{
	struct ask ask = { ASK_DNS, RR_MX, hop->host };
	struct answer answer = { 0 };

	dns_ask(dns, a, &ask, 1, until_ms, &answer);
	if (answer.status == ANSWER_TEMPERROR)
		return ERR_LATER;
	if (answer.status != ANSWER_OK || answer.records.n == 0) {
		ARENA_PUSH(a, out, *hop); /* implicit MX */
		return OK;
	}
	if (answer.records.n == 1 && answer.records.v[0].data.n == 0)
		return ERR_DENIED; /* null MX */
	qsort(answer.records.v, answer.records.n, sizeof(*answer.records.v), by_preference);
	for (size_t i = 0; i < answer.records.n && i < HOPS_MAX; i++) {
		struct route_hop mx = { .host = answer.records.v[i].data, .port = hop->port };
		ARENA_PUSH(a, out, mx);
	}
	return OK;
}

static void add_addresses(struct arena *a, struct ip_list *list, const struct answer *answer, uint8_t family)
{
	for (size_t i = 0; i < answer->records.n && list->n < ADDRESSES_MAX; i++) {
		struct ip ip = { .family = family };
		memcpy(ip.b, answer->records.v[i].data.p, family == 4 ? 4 : 16);
		ARENA_PUSH(a, list, ip);
	}
}

/* Asks for all of them at once; a host without an address is no host. */
static enum err find_addresses(struct arena *a, struct dns *dns, int64_t until_ms, struct route *r)
{
	struct ask *asks = ARENA_ARRAY(a, 2 * r->n, struct ask);
	struct answer *answers = ARENA_ARRAY(a, 2 * r->n, struct answer);
	bool unanswered = false;
	size_t kept = 0;

	for (size_t i = 0; i < r->n; i++) {
		asks[2 * i] = (struct ask){ ASK_DNS, RR_A, r->v[i].host };
		asks[2 * i + 1] = (struct ask){ ASK_DNS, RR_AAAA, r->v[i].host };
	}
	dns_ask(dns, a, asks, 2 * r->n, until_ms, answers);
	for (size_t i = 0; i < r->n; i++) {
		struct route_hop hop = r->v[i];
		for (size_t k = 2 * i; k < 2 * i + 2; k++)
			unanswered = unanswered || answers[k].status == ANSWER_TEMPERROR;
		add_addresses(a, &hop.addresses, &answers[2 * i], 4);
		add_addresses(a, &hop.addresses, &answers[2 * i + 1], 6);
		if (hop.addresses.n)
			r->v[kept++] = hop;
	}
	r->n = kept;
	return kept ? OK : unanswered ? ERR_LATER : ERR_ABSENT;
}

enum err route_find(struct arena *a, struct dns *dns, struct str transport, int64_t until_ms,
		    struct route *out)
{
	struct transport to;
	struct ip ip;
	enum err e = transport_parse(transport, &to);

	*out = (struct route){ 0 };
	if (e)
		return e;
	struct route_hop hop = { .host = arena_lower(a, to.host), .port = to.port };
	if (!dns || str_find_char(hop.host, '.', 0) == SIZE_MAX || ip_parse(hop.host, &ip) == OK) {
		ARENA_PUSH(a, out, hop);
		return OK;
	}
	if (to.exact)
		ARENA_PUSH(a, out, hop);
	else
		e = find_hosts(a, dns, &hop, until_ms, out);
	return e ? e : find_addresses(a, dns, until_ms, out);
}

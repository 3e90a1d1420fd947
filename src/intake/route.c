/* Transports and MX records. */
#include "intake/route.h"

#include <stdlib.h>

#include "base/ip.h"

#define SMTP_PORT 25
#define HOPS_MAX 10      /* more MX hosts than that are not tried */
#define ADDRESSES_MAX 16 /* nor addresses of one */

/* Splits "host", "host:port", "[host]", "[host]:port" and bare IPv6 addresses. */
static enum err split(struct str transport, struct str *host_out, uint16_t *port_out, bool *exact_out)
{
	struct str host = str_trim(transport), port = STR_NONE;
	struct ip ip;
	uint64_t number = SMTP_PORT;

	*exact_out = false;
	if (host.n && host.p[0] == '[') {
		size_t close = str_find_char(host, ']', 0);
		if (close == SIZE_MAX)
			return ERR_SYNTAX;
		struct str rest = str_sub(host, close + 1, host.n);
		if (rest.n && rest.p[0] != ':')
			return ERR_SYNTAX;
		port = str_sub(rest, 1, rest.n);
		if (rest.n && port.n == 0)
			return ERR_SYNTAX;
		host = str_sub(host, 1, close);
		*exact_out = true;
	} else if (ip_parse(host, &ip)) {
		size_t colon = str_rfind_char(host, ':');
		if (colon != SIZE_MAX) {
			port = str_sub(host, colon + 1, host.n);
			host = str_sub(host, 0, colon);
			if (port.n == 0)
				return ERR_SYNTAX;
		}
	}
	if (host.n == 0 || (port.n && (str_to_u64(port, 65535, &number) || number == 0)))
		return ERR_SYNTAX;
	*exact_out = *exact_out || ip_parse(host, &ip) == OK;
	*host_out = host;
	*port_out = (uint16_t)number;
	return OK;
}

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
	struct route_hop hop = { .port = 0 };
	struct ip ip;
	bool exact;
	enum err e = split(transport, &hop.host, &hop.port, &exact);

	*out = (struct route){ 0 };
	if (e)
		return e;
	hop.host = arena_lower(a, hop.host);
	if (!dns || str_find_char(hop.host, '.', 0) == SIZE_MAX || ip_parse(hop.host, &ip) == OK) {
		ARENA_PUSH(a, out, hop);
		return OK;
	}
	if (exact)
		ARENA_PUSH(a, out, hop);
	else
		e = find_hosts(a, dns, &hop, until_ms, out);
	return e ? e : find_addresses(a, dns, until_ms, out);
}

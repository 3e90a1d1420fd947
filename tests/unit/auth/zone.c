/* A DNS zone in memory for tests. */
#include "zone.h"

#include "base/ip.h"

static void add(struct arena *a, struct zone *z, struct str name, uint16_t rrtype, struct dns_record record)
{
	struct zone_row row = { arena_lower(a, name), rrtype, record };

	ARENA_PUSH(a, &z->rows, row);
}

void zone_add(struct arena *a, struct zone *z, struct str name, uint16_t rrtype, struct str data)
{
	add(a, z, name, rrtype, (struct dns_record){ .data = data });
}

void zone_add_mx(struct arena *a, struct zone *z, struct str name, uint16_t preference, struct str host)
{
	add(a, z, name, RR_MX, (struct dns_record){ .data = arena_lower(a, host), .preference = preference });
}

void zone_add_address(struct arena *a, struct zone *z, struct str name, struct str address)
{
	struct ip ip;

	ASSERT(ip_parse(address, &ip) == OK);
	bool v4 = ip.family == 4;
	zone_add(a, z, name, v4 ? RR_A : RR_AAAA, arena_str(a, str_from(ip.b, v4 ? 4 : 16)));
}

void zone_silence(struct arena *a, struct zone *z, struct str name)
{
	struct str lower = arena_lower(a, name);

	ARENA_PUSH(a, &z->silent, lower);
}

static const struct zone_row *find(const struct zone *z, struct str name, uint16_t rrtype)
{
	for (size_t i = 0; i < z->rows.n; i++)
		if (str_eq(z->rows.v[i].name, name) && (!rrtype || z->rows.v[i].rrtype == rrtype))
			return &z->rows.v[i];
	return NULL;
}

static struct answer look_up(const struct zone *z, struct arena *a, struct str name, uint16_t rrtype)
{
	struct answer answer = { .status = ANSWER_OK };
	const struct zone_row *alias;

	for (int hops = 0; (alias = find(z, name, ZONE_CNAME)) != NULL; hops++) {
		if (hops == 10)
			return (struct answer){ .status = ANSWER_TEMPERROR };
		name = arena_lower(a, alias->record.data);
	}
	for (size_t i = 0; i < z->rows.n; i++)
		if (z->rows.v[i].rrtype == rrtype && str_eq(z->rows.v[i].name, name))
			ARENA_PUSH(a, &answer.records, z->rows.v[i].record);
	if (answer.records.n > 0)
		return answer;
	answer.status = find(z, name, 0) ? ANSWER_NODATA : ANSWER_NXDOMAIN;
	for (size_t i = 0; i < z->silent.n; i++)
		if (str_eq(z->silent.v[i], name))
			answer.status = ANSWER_TEMPERROR;
	return answer;
}

void zone_ask(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *answers_out)
{
	struct zone *z = ctx;

	z->calls++;
	z->asked += n;
	for (size_t i = 0; i < n; i++) {
		answers_out[i] = (struct answer){ .status = ANSWER_NXDOMAIN };
		if (asks[i].kind == ASK_DNS)
			answers_out[i] = look_up(z, a, asks[i].name, asks[i].rrtype);
	}
}

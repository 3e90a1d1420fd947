/* Which names can be asked. */
#include "auth/asks.h"

#include "base/domain.h"

static const struct answer absent = { .status = ANSWER_NXDOMAIN };

bool ask_name_ok(struct str name)
{
	size_t label = 0;

	if (name.n == 0 || name.n > DOMAIN_MAX)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];
		if (c < 0x20 || c > 0x7e || c == '\\')
			return false;
		if (c != '.')
			label++;
		else if (label == 0)
			return false;
		else
			label = 0;
		if (label > 63)
			return false;
	}
	return label > 0;
}

void ask_list_dns(struct arena *a, struct ask_list *list, struct str name, uint16_t rrtype)
{
	struct ask ask = { ASK_DNS, rrtype, name };

	if (ask_name_ok(name))
		ARENA_PUSH(a, list, ask);
}

const struct answer *ask_dns(struct asker *q, struct str name, uint16_t rrtype)
{
	return ask_name_ok(name) ? asker_dns(q, name, rrtype) : &absent;
}

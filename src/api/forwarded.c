/* Reading X-Forwarded-For from its end. */
#include "api/forwarded.h"

void proxies_read(struct arena *a, struct str text, struct proxies *out)
{
	struct strs words = arena_split(a, text, ' ');
	struct ip_block block;

	*out = (struct proxies){ 0 };
	for (size_t i = 0; i < words.n; i++)
		if (ip_block_parse(words.v[i], &block) == OK)
			ARENA_PUSH(a, out, block);
}

static bool is_ours(const struct proxies *p, const struct ip *ip)
{
	for (size_t i = 0; i < p->n; i++)
		if (ip_block_has(&p->v[i], ip))
			return true;
	return false;
}

/* An address, or one with a port as some proxies write it: 192.0.2.1:80, [2001:db8::1], [2001:db8::1]:80. */
static enum err read_address(struct str s, struct ip *out)
{
	size_t colon = str_find_char(s, ':', 0);

	if (str_starts(s, STR("[")))
		s = str_sub(s, 1, str_find_char(s, ']', 0));
	else if (colon != SIZE_MAX && colon == str_rfind_char(s, ':'))
		s = str_sub(s, 0, colon);
	enum err e = ip_parse(s, out);
	if (!e)
		*out = ip_unmap(*out);
	return e;
}

struct ip proxies_client(const struct proxies *p, struct ip peer, struct strs fields)
{
	for (size_t i = fields.n; i > 0; i--) {
		struct str left = fields.v[i - 1];
		while (left.n && is_ours(p, &peer)) {
			size_t comma = str_rfind_char(left, ',');
			struct str last = str_trim(str_sub(left, comma == SIZE_MAX ? 0 : comma + 1, left.n));
			struct ip before;
			left = str_sub(left, 0, comma == SIZE_MAX ? 0 : comma);
			if (!last.n)
				continue;
			if (read_address(last, &before) != OK)
				return peer;
			peer = before;
		}
	}
	return peer;
}

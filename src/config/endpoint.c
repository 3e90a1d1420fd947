/* ADDR:PORT; see the header. */
#include "config/endpoint.h"

enum err endpoint_parse(struct str s, struct endpoint *out)
{
	size_t colon = str_rfind_char(s, ':');
	uint64_t port;

	if (colon == SIZE_MAX || str_to_u64(str_sub(s, colon + 1, s.n), 65535, &port) != OK)
		return ERR_SYNTAX;
	struct str address = str_sub(s, 0, colon);

	*out = (struct endpoint){ .port = (uint16_t)port };
	if (str_eq(address, STR("*")))
		return OK;
	if (address.n >= 2 && address.p[0] == '[' && address.p[address.n - 1] == ']')
		return ip_parse(str_sub(address, 1, address.n - 1), &out->ip) == OK && out->ip.family == 6
			   ? OK
			   : ERR_SYNTAX;
	/* An IPv6 address without brackets would leave it to guessing where the port begins. */
	if (ip_parse(address, &out->ip) != OK || out->ip.family != 4)
		return ERR_SYNTAX;
	return OK;
}

enum err milter_endpoint_parse(struct str s, struct milter_endpoint *out)
{
	const struct str local = STR("unix:"), v4 = STR("inet:"), v6 = STR("inet6:");
	uint64_t port;

	*out = (struct milter_endpoint){ 0 };
	if (str_starts(s, local)) {
		out->path = str_sub(s, local.n, s.n);
		return str_starts(out->path, STR("/")) && out->path.n <= MILTER_PATH_MAX ? OK : ERR_SYNTAX;
	}
	bool is_v6 = str_starts(s, v6);
	if (!is_v6 && !str_starts(s, v4))
		return ERR_SYNTAX;
	s = str_sub(s, is_v6 ? v6.n : v4.n, s.n);
	size_t at = str_find_char(s, '@', 0);
	if (at == SIZE_MAX || str_to_u64(str_sub(s, 0, at), 65535, &port) != OK)
		return ERR_SYNTAX;
	struct str address = str_sub(s, at + 1, s.n);
	out->tcp.port = (uint16_t)port;
	if (str_eq(address, STR("*")))
		address = is_v6 ? STR("::") : STR("0.0.0.0");
	return ip_parse(address, &out->tcp.ip) == OK && (out->tcp.ip.family == 6) == is_v6 ? OK : ERR_SYNTAX;
}

/* All addresses of a family, or of both. */
static bool is_any(const struct endpoint *e)
{
	static const struct ip any = { 0 };

	return e->ip.family == 0 || memcmp(e->ip.b, any.b, e->ip.family == 4 ? 4 : 16) == 0;
}

bool endpoint_clashes(const struct endpoint *a, const struct endpoint *b)
{
	bool same_family = a->ip.family == b->ip.family || a->ip.family == 0 || b->ip.family == 0;

	if (a->port == 0 || a->port != b->port || !same_family)
		return false;
	return is_any(a) || is_any(b) || memcmp(a->ip.b, b->ip.b, a->ip.family == 4 ? 4 : 16) == 0;
}

bool endpoint_next(struct str *rest, struct str *word_out)
{
	*rest = str_trim(*rest);
	if (str_is_empty(*rest))
		return false;
	size_t end = 0;

	while (end < rest->n && rest->p[end] != ' ' && rest->p[end] != '\t' && rest->p[end] != '\n')
		end++;
	*word_out = str_sub(*rest, 0, end);
	*rest = str_sub(*rest, end, rest->n);
	return true;
}

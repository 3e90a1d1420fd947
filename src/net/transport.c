/* Splitting a transport. */
#include "net/transport.h"

#include "base/ip.h"

#define SMTP_PORT 25

/* Behind the host: nothing, or a colon and a number. */
static enum err parse_port(struct str rest, uint16_t *out)
{
	uint64_t number = SMTP_PORT;

	if (rest.n > 0 && (rest.p[0] != ':' || str_to_u64(str_sub(rest, 1, rest.n), UINT16_MAX, &number)))
		return ERR_SYNTAX;
	*out = (uint16_t)number;
	return number > 0 ? OK : ERR_SYNTAX;
}

enum err transport_parse(struct str text, struct transport *out)
{
	struct str s = str_trim(text), rest = STR_NONE;
	struct ip ip;

	*out = (struct transport){ .host = s };
	if (str_starts(s, STR("["))) {
		size_t close = str_find_char(s, ']', 0);
		if (close == SIZE_MAX)
			return ERR_SYNTAX;
		out->host = str_sub(s, 1, close);
		out->exact = true;
		rest = str_sub(s, close + 1, s.n);
	} else {
		size_t colon = str_find_char(s, ':', 0);
		out->host = str_sub(s, 0, colon);
		rest = str_sub(s, colon, s.n);
	}
	out->ported = rest.n > 0;
	out->exact = out->exact || ip_parse(out->host, &ip) == OK;
	return out->host.n > 0 ? parse_port(rest, &out->port) : ERR_SYNTAX;
}

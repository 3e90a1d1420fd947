/* Counting Received fields: lines that begin so, up to the first empty line. What else is in them is the scan's. */
#include "intake/trace.h"

#include "base/abnf.h"

static bool is_received(struct str line)
{
	const struct str name = STR("Received");

	if (!str_starts_nocase(line, name))
		return false;
	for (size_t at = name.n; at < line.n; at++)
		if (!abnf_is_wsp((unsigned char)line.p[at]))
			return line.p[at] == ':';
	return false;
}

size_t trace_hops(struct str mail)
{
	size_t hops = 0;

	for (size_t at = 0, end; at < mail.n; at = end + 1) {
		end = str_find_char(mail, '\n', at);
		if (end == SIZE_MAX)
			end = mail.n;
		struct str line = str_sub(mail, at, end);
		if (line.n == 0 || str_eq(line, STR("\r")))
			break;
		hops += is_received(line);
	}
	return hops;
}

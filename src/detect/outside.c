/* Reading the settings that are about the world outside. */
#include "detect/outside.h"

#include "net/clamd.h"

enum err outside_of(struct arena *a, const struct config *c, struct outside *out, struct errbuf *eb)
{
	*out = (struct outside){ 0 };
	struct clamd_address clamd;

	out->virus = c->clamd_socket[0] != '\0';
	if (out->virus && clamd_address_parse(c->clamd_socket, &clamd) != OK)
		return config_fault(c, "clamd.socket", ERR_SYNTAX, eb,
				    "\"%s\" is neither a path nor ADDR:PORT", c->clamd_socket);
	return block_lists_of(a, c, &out->lists, eb);
}

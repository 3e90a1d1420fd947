/* Reading the settings that are about the world outside. */
#include "detect/outside.h"

enum err outside_of(struct arena *a, const struct config *c, struct outside *out, struct errbuf *eb)
{
	*out = (struct outside){ 0 };
	return block_lists_of(a, c, &out->lists, eb);
}

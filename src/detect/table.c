/* The detectors, in alphabetical order, and when each is called. */
#include "detect/detect.h"

#define ADDRESS(name) &detect_##name,
static const struct detector *const all[] = { DETECTORS(ADDRESS) };

const struct detector *const *detectors(size_t *n_out)
{
	*n_out = ARRAY_LEN(all);
	return all;
}

static unsigned what_is_there(const struct scan *s)
{
	return (s->from.address.n > 0 ? NEED_FROM : 0u) |
	       (s->words.n > 1 || s->hidden_words.n > 1 ? NEED_WORDS : 0u) |
	       (s->content->links.n > 0 ? NEED_LINKS : 0u) |
	       (s->content->attachments.n > 0 ? NEED_ATTACHMENTS : 0u);
}

void detect_run(const struct scan *s, struct findings *out)
{
	unsigned there = what_is_there(s);

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		out->by = all[i];
		if ((all[i]->needs & ~there) == 0)
			all[i]->run(s, out);
	}
}

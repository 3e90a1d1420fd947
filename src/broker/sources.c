/* Who answers what. */
#include "broker/sources.h"

#include <stdlib.h>

#include "base/clock.h"
#include "broker/list_watch.h"

#define SETTINGS_BYTES (1u << 20) /* what a few settings come to */

struct sources {
	struct arena *arena;
	const struct config *config;
	struct block_lists lists;
	struct list_watch *watch;
	struct virus_asker *virus; /* NULL = none */
	struct ages *ages;         /* NULL = none */
};

enum err sources_new(const struct ages_options *o, struct sources **out, struct errbuf *eb)
{
	static const struct config nothing;
	const struct config *c = o->config ? o->config : &nothing;
	struct sources *s = calloc(1, sizeof(*s));

	ASSERT(s);
	*s = (struct sources){ .arena = arena_new(SETTINGS_BYTES, NULL, NULL), .config = c };
	enum err e = block_lists_of(s->arena, c, &s->lists, eb);
	s->watch = list_watch_new(&s->lists, o->log);
	s->virus = virus_asker_new(c, o->log);
	if (e == OK && o->store && c->ages_bootstrap && *c->ages_bootstrap)
		e = ages_new(o, &s->ages, eb);
	if (e != OK)
		sources_free(&s);
	*out = s;
	return e;
}

void sources_free(struct sources **s)
{
	if (!*s)
		return;
	ages_free(&(*s)->ages);
	virus_asker_free(&(*s)->virus);
	list_watch_free(&(*s)->watch);
	arena_free(&(*s)->arena);
	free(*s);
	*s = NULL;
}

void sources_ask_ages(struct sources *s, const struct ask *asks, size_t n, int64_t until_ms,
		      struct answer *answers_out)
{
	if (s->ages && n > 0)
		ages_ask(s->ages, asks, n, until_ms, answers_out);
}

struct virus_asker *sources_virus(struct sources *s)
{
	return s->virus;
}

void sources_ask_dns(struct sources *s, struct dns *dns, struct arena *a, const struct ask *asks, size_t n,
		     int64_t until_ms, struct answer *answers_out)
{
	int64_t *each = ARENA_ARRAY(a, n, int64_t), now_ms = clock_mono_ms();
	int64_t patience_ms = s->config->lists_timeout_s * 1000;

	for (size_t i = 0; i < n; i++) {
		each[i] = until_ms;
		if (asks[i].kind == ASK_LISTED)
			each[i] = list_watch_may_ask(s->watch, asks[i].name, now_ms)
				      ? clock_earlier(now_ms + patience_ms, until_ms)
				      : 0;
	}
	dns_ask_each(dns, a, asks, n, each, answers_out);
	now_ms = clock_mono_ms();
	for (size_t i = 0; i < n; i++)
		if (asks[i].kind == ASK_LISTED && each[i] > 0)
			list_watch_heard(s->watch, asks[i].name, &answers_out[i], now_ms);
}

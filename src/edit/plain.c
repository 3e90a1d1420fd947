/* The changes of a plain text, and changes as such. */
#include "edit/internal.h"
#include "url/defang.h"
#include "url/find.h"

static void push(struct link_editor *e, struct changes *out, size_t start, size_t end, struct str text)
{
	const struct change c = { start, end, text };

	ARENA_PUSH(e->arena, out, c);
}

void edit_plain(struct link_editor *e, struct str text, struct str lead, struct changes *out)
{
	size_t begin = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0, at = 0;
	struct span armour = { 0, 0 };
	bool more = e->job->links != LINKS_LEFT;
	struct url_found found;
	struct str url;

	if (lead.n && !str_starts(str_sub(text, begin, text.n), lead))
		push(e, out, begin, begin, lead);
	while (e->job->links != LINKS_LEFT && url_find(e->arena, text, &at, &found)) {
		size_t start = (size_t)(found.text.p - text.p);
		while (more && armour.end <= start)
			more = signed_armour(text, armour.end, &armour);
		if (more && start >= armour.start) {
			e->armoured++;
			continue;
		}
		/* A name alone is a link in few programs, and what is defanged in none. */
		bool rewrite = e->job->links == LINKS_REWRITTEN && !found.name_only;
		if (found.defanged || (!rewrite && e->job->links == LINKS_REWRITTEN) ||
		    !link_leads_out(e, found.url, STR_NONE, &url))
			continue;
		struct str instead = rewrite ? link_rewrite(e, url) : STR_NONE;
		push(e, out, start, start + found.text.n,
		     instead.n ? instead : url_defang(e->arena, link_text(e, found.text)));
	}
}

struct str changes_apply(struct arena *a, struct str text, const struct changes *c)
{
	size_t n = text.n, at = 0, to = 0;

	for (size_t i = 0; i < c->n; i++)
		n += c->v[i].text.n;
	char *z = arena_alloc(a, n + 1);
	for (size_t i = 0; i <= c->n; i++) {
		struct str kept = str_sub(text, at, i < c->n ? c->v[i].start : text.n),
			   put = i < c->n ? c->v[i].text : STR_NONE;
		if (kept.n)
			memcpy(z + to, kept.p, kept.n);
		to += kept.n;
		if (put.n)
			memcpy(z + to, put.p, put.n);
		to += put.n;
		at = i < c->n ? c->v[i].end : at;
	}
	return str_from(z, to);
}

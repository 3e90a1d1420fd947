/*
 * A whole mail: tree, texts, links, attachments. Every range must lie where it says, every part inside the one around
 * it, every reading behind the first.
 */
#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "mime/content.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_part(const struct mime_tree *t, size_t i, size_t raw_size)
{
	const struct mime_part *p = t->v[i], *up = p->parent;

	ASSERT(p->index == i && p->depth < LIMIT_DEPTH && p->depth == (up ? up->depth + 1 : 0));
	ASSERT(p->body_start <= p->source.n && p->body_length <= p->source.n - p->body_start);
	ASSERT(p->raw_start <= raw_size && p->start <= p->body_start);
	ASSERT(p->preamble_length <= p->body_length && p->epilogue_start <= p->source.n);
	for (size_t k = 0; k < p->headers.n; k++)
		ASSERT(p->headers.v[k].start + p->headers.v[k].length <= p->headers.end);
	ASSERT(p->headers.end <= p->headers.body && p->headers.body == p->body_start);
	if (!up) {
		ASSERT(i == 0 || p->reading);
		return;
	}
	ASSERT(p->reading || !up->reading);
	ASSERT(up->index < i && t->v[up->index] == up);
	if (p->source.p == up->source.p && p->reading == up->reading)
		ASSERT(p->start >= up->body_start &&
		       p->body_start + p->body_length <= up->body_start + up->body_length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(512u << 20, NULL, NULL);
	struct mime_tree *t = mime_parse(a, str_from(data, size));
	struct mime_content *c = content_extract(a, t);

	ASSERT(t->n >= 1 && t->n <= LIMIT_PARTS && t->v[0]->reading == 0);
	for (size_t i = 0; i < t->n; i++)
		check_part(t, i, size);
	for (size_t i = 0; i < c->texts.n; i++)
		ASSERT(utf8_is_valid(c->texts.v[i].source) &&
		       str_find_char(c->texts.v[i].source, 0, 0) == SIZE_MAX);
	for (size_t i = 0; i < MIME_DEFECT_COUNT; i++)
		ASSERT(t->defects.first[i] <= size);
	arena_free(&a);
	return 0;
}

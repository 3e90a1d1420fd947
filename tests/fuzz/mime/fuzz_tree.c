/* A whole mail: tree, texts, links, attachments. Every range must lie where it says. */
#include "base/arena.h"
#include "base/utf8.h"
#include "mime/content.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_part(const struct mime_part *p, size_t raw_size)
{
	ASSERT(p->body_start <= p->source.n && p->body_length <= p->source.n - p->body_start);
	ASSERT(p->raw_start <= raw_size);
	ASSERT(p->preamble_length <= p->body_length && p->epilogue_start <= p->source.n);
	for (size_t i = 0; i < p->headers.n; i++)
		ASSERT(p->headers.v[i].start + p->headers.v[i].length <= p->headers.end);
	ASSERT(p->headers.end <= p->headers.body && p->headers.body == p->body_start);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(512u << 20, NULL, NULL);
	struct mime_tree *t = mime_parse(a, str_from(data, size));
	struct mime_content *c = content_extract(a, t);

	for (size_t i = 0; i < t->n; i++)
		check_part(t->v[i], size);
	for (size_t i = 0; i < c->texts.n; i++)
		ASSERT(utf8_is_valid(c->texts.v[i].source));
	for (size_t i = 0; i < MIME_DEFECT_COUNT; i++)
		ASSERT(t->defects.first[i] <= size);
	arena_free(&a);
	return 0;
}

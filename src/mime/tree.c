/*
 * A message as a tree: the first pass over it (walk.c), then, part for part, the other ways to read it (reading.c,
 * reading_bytes.c), as far as their ceilings go.
 */
#include "mime/tree.h"

#include "base/arena.h"
#include "base/limits.h"
#include "mime/walk.h"

void parser_walk_again(struct parser *ps, struct mime_part *p, enum delimiter_how how)
{
	struct again again = { p, how };

	if (ps->again.n == LIMIT_READINGS || ps->reread_left < p->body_length) {
		defect_add(&ps->tree->defects, DEFECT_READINGS_CUT, p->raw_start);
		return;
	}
	ps->reread_left -= p->body_length;
	ARENA_PUSH(ps->a, &ps->again, again);
}

struct str parser_decode(struct parser *ps, const struct mime_part *p, struct mime_defects *defects)
{
	struct mime_tree *t = ps->tree;
	size_t before = arena_used(ps->a);
	struct str decoded = mime_part_decode(ps->a, p, t->decoded_left + 1, defects);
	size_t cost = arena_used(ps->a) - before; /* white space takes room, too */

	if (decoded.n > t->decoded_left) {
		defect_add(&t->defects, DEFECT_DECODED_CUT, p->raw_start);
		decoded.n = t->decoded_left;
	}
	t->decoded_left -= cost < t->decoded_left ? cost : t->decoded_left;
	return decoded;
}

/* Some undo the encoding that a multipart must not have (RFC 2045 §6.4), and look for its parts then. */
static void decode_multipart(struct parser *ps, struct mime_part *p)
{
	p->source = parser_decode(ps, p, NULL);
	p->derived = true;
	p->encoding = ENCODING_IDENTITY;
	p->headers = (struct headers){ .strict_end = SIZE_MAX };
	p->start = p->body_start = 0;
	p->body_length = p->source.n;
}

/* A part in another reading, and what is inside it anew. */
static void read_part_again(struct parser *ps, struct again again)
{
	struct mime_tree *t = ps->tree;

	if (t->n == LIMIT_PARTS) {
		defect_add(&t->defects, DEFECT_PARTS, again.part->raw_start);
		return;
	}
	struct mime_part *p = ARENA_NEW(ps->a, struct mime_part);
	*p = *again.part;
	p->first_child = p->last_child = p->next = NULL;
	p->index = t->n;
	p->reading = ++ps->readings;
	p->preamble_length = p->epilogue_start = 0;
	if (mime_part_is_multipart(p) && part_is_encoded(p))
		decode_multipart(ps, p);
	ARENA_PUSH(ps->a, t, p);
	walk_reading(ps, p, again.how);
}

/* Everything that is remembered, and what comes up on the way. */
static void read_again(struct parser *ps)
{
	for (; ps->again_done < ps->again.n; ps->again_done++)
		read_part_again(ps, ps->again.v[ps->again_done]);
}

/* Whether the parts from index `from` on are those of the first reading over again. */
static bool is_first_reading(const struct mime_tree *t, size_t from)
{
	size_t first = 0;

	for (size_t i = from; i < t->n; i++, first++) {
		const struct mime_part *p = t->v[i], *q = t->v[first];
		if (first == from || q->reading || !mime_part_is(p, q->type, q->subtype) ||
		    p->depth != q->depth || p->encoding != q->encoding || !str_eq(p->filename, q->filename) ||
		    p->headers.n != q->headers.n)
			return false;
	}
	return first == from || t->v[first]->reading;
}

/* The whole message in another reading of its bytes. */
static void read_bytes(struct parser *ps, const struct byte_reading *r)
{
	const struct walk_source source = { r->bytes, r->from, r->moved, 0 };
	struct mime_tree *t = ps->tree;
	struct mime_defects before = t->defects;
	size_t from = t->n, again = ps->again.n;
	const struct mime_part *root = walk_source(ps, &source, NULL, ++ps->readings);

	if (!root)
		return;
	if (is_first_reading(t, from)) {
		t->n = from;
		t->defects = before;
		ps->again.n = again;
		return;
	}
	defect_compare_fields(mime_headers(t), &root->headers, &t->defects);
	read_again(ps);
}

struct mime_tree *mime_parse(struct arena *a, struct str raw)
{
	struct mime_tree *tree = ARENA_NEW(a, struct mime_tree);
	struct parser ps = { .a = a, .tree = tree, .reread_left = LIMIT_REREAD };
	struct byte_reading bytes[BYTE_READINGS_MAX];

	tree->raw = raw;
	tree->decoded_left = LIMIT_DECODED;
	defect_scan_bytes(raw, &tree->defects);
	struct mime_part *root = walk_source(&ps, &(struct walk_source){ raw, 0, false, 0 }, NULL, 0);
	defect_scan_fields(&root->headers, &tree->defects);
	read_again(&ps);
	size_t n = bytes_readings(a, tree, bytes);
	for (size_t i = 0; i < n; i++)
		read_bytes(&ps, &bytes[i]);
	return tree;
}

/*
 * Walking a message into its parts. A frame stands for each open multipart and holds how far its body was
 * read; an outer boundary ends everything inside it, since inner regions are cut out of outer ones first.
 */
#include "mime/tree.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/limits.h"
#include "mime/internal.h"

struct frame {
	struct mime_part *part;
	size_t at;  /* offset behind the last boundary line read */
	bool ended; /* the final boundary, or the end of the body, was reached */
};

struct walk {
	struct arena *a;
	struct mime_tree *tree;
	struct frame stack[LIMIT_DEPTH];
	size_t depth; /* frames open */
};

struct boundary_line {
	size_t start; /* of the line end before it, which belongs to it (RFC 2046 §5.1.1) */
	size_t line;  /* of "--" */
	size_t after; /* of the next line */
	bool final;
};

static size_t next_line(struct str s, size_t at)
{
	size_t lf = str_find_char(s, '\n', at);

	return lf == SIZE_MAX ? s.n : lf + 1;
}

/*
 * The next line at or after `at` that is "--" boundary ["--"] and white space, before `to`. Line by line: a search for
 * the delimiter itself would stop at every byte of a mail made of its characters, for each of LIMIT_DEPTH delimiters.
 */
static bool find_boundary(struct str s, struct str delimiter, size_t at, size_t to, struct boundary_line *out)
{
	struct str region = str_sub(s, 0, to);

	if (at > 0 && at < to && region.p[at - 1] != '\n')
		at = next_line(region, at);
	for (; at < to; at = next_line(region, at)) {
		if (!str_starts(str_sub(region, at, to), delimiter))
			continue;
		size_t i = at + delimiter.n;
		out->final = to - i >= 2 && region.p[i] == '-' && region.p[i + 1] == '-';
		i += out->final ? 2 : 0;
		while (i < to && (abnf_is_wsp((unsigned char)region.p[i]) || region.p[i] == '\r'))
			i++;
		if (i < to && region.p[i] != '\n')
			continue; /* a longer boundary, or text */
		out->line = at;
		out->after = i < to ? i + 1 : to;
		out->start = at > 0 ? at - 1 : at;
		if (out->start > 0 && region.p[out->start - 1] == '\r')
			out->start--;
		return true;
	}
	return false;
}

/* A new part over source[from..to), or NULL when there are too many. */
static struct mime_part *add_part(struct walk *w, struct mime_part *parent, struct str source, bool derived,
				  size_t from, size_t to)
{
	struct mime_tree *t = w->tree;
	size_t raw_start = derived ? parent->raw_start : from;

	if (t->n == LIMIT_PARTS) {
		defect_add(&t->defects, DEFECT_PARTS, raw_start);
		return NULL;
	}
	struct mime_part *p = ARENA_NEW(w->a, struct mime_part);
	p->parent = parent;
	p->index = t->n;
	p->source = source;
	p->derived = derived;
	p->raw_start = raw_start;
	if (parent) {
		p->depth = parent->depth + 1;
		*(parent->last_child ? &parent->last_child->next : &parent->first_child) = p;
		parent->last_child = p;
	}
	/* Offsets of a derived part count elsewhere, so its header defects are noted by kind at its place. */
	struct mime_defects inner = { 0 };
	p->headers = headers_parse(w->a, source, from, to, derived ? &inner : &t->defects);
	for (int i = 0; i < MIME_DEFECT_COUNT; i++)
		if (defect_has(&inner, (enum mime_defect)i))
			defect_add(&t->defects, (enum mime_defect)i, raw_start);
	p->body_start = p->headers.body;
	p->body_length = to - p->headers.body;
	bool in_digest = parent && mime_part_is(parent, STR("multipart"), STR("digest"));
	part_describe(w->a, p, in_digest, &t->defects);
	ARENA_PUSH(w->a, t, p);
	return p;
}

static bool may_go_deeper(struct walk *w, const struct mime_part *p)
{
	if (p->depth + 1 < LIMIT_DEPTH)
		return true;
	defect_add(&w->tree->defects, DEFECT_DEPTH, p->raw_start);
	return false;
}

static bool is_message(const struct mime_part *p)
{
	return str_eq(p->type, STR("message")) &&
	       (str_eq(p->subtype, STR("rfc822")) || str_eq(p->subtype, STR("global")) ||
		str_eq(p->subtype, STR("news")));
}

/* Opens a multipart: its frame is where the walk goes on. */
static void open_multipart(struct walk *w, struct mime_part *p)
{
	struct mime_defects *d = &w->tree->defects;
	size_t to = p->body_start + p->body_length;
	struct boundary_line first;

	if (str_is_empty(p->boundary)) {
		defect_add(d, DEFECT_NO_BOUNDARY, p->raw_start);
		return;
	}
	p->boundary = arena_printf(w->a, "--%.*s", STR_ARG(p->boundary));
	if (!find_boundary(p->source, p->boundary, p->body_start, to, &first)) {
		p->preamble_length = p->body_length;
		defect_add(d, DEFECT_BOUNDARY_UNUSED, p->raw_start);
		return;
	}
	p->preamble_length = first.start > p->body_start ? first.start - p->body_start : 0;
	ASSERT(w->depth < LIMIT_DEPTH);
	w->stack[w->depth++] = (struct frame){ p, first.after, first.final };
}

/* Opens whatever is inside p: nested messages at once, one after another; a multipart ends the chain. */
static void open_part(struct walk *w, struct mime_part *p)
{
	while (p && is_message(p) && may_go_deeper(w, p)) {
		struct str source = p->source;
		size_t from = p->body_start, to = from + p->body_length;
		bool decoded = p->encoding == ENCODING_BASE64 || p->encoding == ENCODING_QP;
		if (decoded) {
			source = mime_part_decode(w->a, p, LIMIT_DECODED / LIMIT_DEPTH, &w->tree->defects);
			from = 0;
			to = source.n;
		}
		p = add_part(w, p, source, p->derived || decoded, from, to);
	}
	if (p && mime_part_is_multipart(p) && may_go_deeper(w, p))
		open_multipart(w, p);
}

/* The next part of the innermost open multipart, or its end. */
static void step(struct walk *w)
{
	struct frame *f = &w->stack[w->depth - 1];
	struct mime_part *p = f->part;
	size_t from = f->at, to = p->body_start + p->body_length;
	struct boundary_line next;

	if (f->ended) {
		p->epilogue_start = from < to ? from : 0;
		w->depth--;
		return;
	}
	if (find_boundary(p->source, p->boundary, from, to, &next)) {
		f->at = next.after;
		f->ended = next.final;
		to = next.start > from ? next.start : from;
	} else {
		defect_add(&w->tree->defects, DEFECT_NO_FINAL_BOUNDARY, p->derived ? p->raw_start : to);
		f->at = to;
		f->ended = true;
	}
	struct mime_part *child = add_part(w, p, p->source, p->derived, from, to);
	if (child)
		open_part(w, child);
	else
		w->depth = 0; /* too many parts: the rest is not looked at */
}

struct mime_tree *mime_parse(struct arena *a, struct str raw)
{
	struct mime_tree *tree = ARENA_NEW(a, struct mime_tree);
	struct walk *w = ARENA_NEW(a, struct walk);

	tree->raw = raw;
	w->a = a;
	w->tree = tree;
	defect_scan_bytes(raw, &tree->defects);
	struct mime_part *root = add_part(w, NULL, raw, false, 0, raw.n);
	defect_scan_fields(&root->headers, &tree->defects);
	open_part(w, root);
	while (w->depth > 0)
		step(w);
	return tree;
}

/*
 * One pass over the lines of a message, in which each "--" line is compared with the delimiters of all multiparts that
 * are open. What is encoded is decoded when its part has ended, and walked in a pass of its own.
 */
#include "mime/walk.h"

#include "base/arena.h"
#include "base/limits.h"
#include "mime/smime.h"

/* One pass over the bytes of one part. */
struct pass {
	struct parser *parser;
	struct mime_defects *defects; /* those of another reading count for nothing */
	struct str source;
	bool derived;
	size_t raw_start; /* where derived */
	size_t to;
	const struct mime_part *again; /* the part read in another way; NULL in a first reading */
	int reading;
	struct open_multiparts open;
	struct mime_part *part; /* the innermost one open */
	bool full;              /* too many parts: the rest is not looked at */
};

static bool may_go_deeper(struct parser *ps, const struct mime_part *p)
{
	if (p->depth + 1 < LIMIT_DEPTH)
		return true;
	defect_add(&ps->tree->defects, DEFECT_DEPTH, p->raw_start);
	return false;
}

/* Whether a line that lies ahead is a delimiter. */
static bool is_delimiter(struct pass *w, const struct dash_line *line)
{
	struct str next = str_sub(w->source, line->after, w->to), known = w->open.v[0].delimiter;
	bool final, found = delimiter_match(&w->open, line->text, next, &final) != NULL;

	w->open.v[0].delimiter = known; /* where any will do it is that of the last one passed */
	return found;
}

/* Where the header that begins at `from` ends at the latest: behind an empty line, or before a delimiter. */
static size_t header_limit(struct pass *w, size_t from)
{
	struct str region = str_sub(w->source, 0, w->to);
	struct dash_line line;

	for (size_t at = from; at < w->to && w->open.n > 0;) {
		if (str_starts(str_sub(region, at, w->to), STR("--")) &&
		    dash_line_find(region, at, w->to, &line) && is_delimiter(w, &line))
			return line.start > from ? line.start : from;
		size_t lf = str_find_char(region, '\n', at);
		if (lf == SIZE_MAX)
			break;
		if (lf == at || (lf == at + 1 && region.p[at] == '\r'))
			return lf + 1;
		at = lf + 1;
	}
	return w->to;
}

static bool in_digest(const struct mime_part *parent)
{
	return parent && mime_part_is(parent, STR("multipart"), STR("digest"));
}

/* A new part that begins at source[from], or NULL when there are too many. Its end is not known yet. */
static struct mime_part *begin_part(struct pass *w, struct mime_part *parent, size_t from)
{
	struct mime_tree *t = w->parser->tree;
	struct arena *a = w->parser->a;
	/* Offsets of a derived part count elsewhere, so its defects are noted by kind at its place. */
	struct mime_defects inner = { 0 }, *defects = w->derived ? &inner : w->defects;

	if (t->n == LIMIT_PARTS) {
		defect_add(&t->defects, DEFECT_PARTS, w->derived ? w->raw_start : from);
		w->full = true;
		return NULL;
	}
	struct mime_part *p = ARENA_NEW(a, struct mime_part);
	p->parent = parent;
	p->index = t->n;
	p->depth = parent ? parent->depth + 1 : 0;
	p->reading = parent ? parent->reading : w->reading;
	p->source = w->source;
	p->derived = w->derived;
	p->start = from;
	p->raw_start = w->derived ? w->raw_start : from;
	p->headers = headers_parse(a, w->source, from, header_limit(w, from), defects);
	p->body_start = p->headers.body;
	p->body_length = w->to - p->body_start;
	struct part_fields fields = part_fields_first(p, defects);
	part_describe(a, p, &fields, in_digest(parent), defects);
	if (mime_part_is(p, STR("message"), STR("partial")))
		defect_add(defects, DEFECT_PARTIAL, part_type_at(p));
	if (mime_part_is(p, STR("message"), STR("external-body")))
		defect_add(defects, DEFECT_EXTERNAL_BODY, part_type_at(p));
	for (int i = 0; i < MIME_DEFECT_COUNT; i++)
		if (defect_has(&inner, (enum mime_defect)i))
			defect_add(w->defects, (enum mime_defect)i, w->raw_start);
	ARENA_PUSH(a, t, p);
	return p;
}

/* Opens what is inside the part just begun: nested messages at once, one in another; a multipart ends the chain. */
static void open_part(struct pass *w, struct mime_part *p, enum delimiter_how how)
{
	for (w->part = p; part_is_message(p) && !part_is_encoded(p) && may_go_deeper(w->parser, p);
	     w->part = p) {
		struct mime_part *inner = begin_part(w, p, p->body_start);
		if (!inner)
			return;
		p = inner;
	}
	if (!mime_part_is_multipart(p) || (str_is_empty(p->boundary) && how != DELIMITER_ANY) ||
	    !may_go_deeper(w->parser, p))
		return;
	struct str delimiter =
	    how == DELIMITER_ANY ? STR_NONE : ARENA_JOIN(w->parser->a, STR("--"), p->boundary);
	ASSERT(w->open.n < LIMIT_DEPTH);
	w->open.v[w->open.n++] = (struct open_multipart){ .part = p, .delimiter = delimiter, .how = how };
}

static bool is_final_delimiter(struct pass *w, struct str line)
{
	struct str known = w->open.v[0].delimiter; /* as in is_delimiter */
	bool final = false, found = delimiter_match(&w->open, line, STR_NONE, &final) != NULL;

	w->open.v[0].delimiter = known;
	return found && final;
}

/* Whether anything but empty lines and final delimiters stands behind `from`. */
static bool goes_on(struct pass *w, size_t from)
{
	struct str source = str_sub(w->source, 0, w->to);

	for (size_t at = from, lf; at < w->to; at = lf + 1) {
		lf = str_find_char(source, '\n', at);
		lf = lf == SIZE_MAX ? w->to : lf;
		struct str line = str_trim(str_sub(source, at, lf));
		if (line.n > 0 && !(str_starts(line, STR("--")) && is_final_delimiter(w, line)))
			return true;
	}
	return false;
}

/*
 * Some look for the delimiter of the innermost multipart only (against RFC 2046 §5.1.2), so one that was not closed goes
 * on behind the delimiter of an outer one.
 */
static void walk_on(struct pass *w, const struct mime_part *p)
{
	if (!goes_on(w, p->body_start + p->body_length))
		return;
	struct mime_part *longer = ARENA_NEW(w->parser->a, struct mime_part);

	*longer = *p;
	longer->body_length = w->to - p->body_start;
	parser_walk_again(w->parser, longer, DELIMITER_EXACT);
}

/* Takes the multipart off the stack and says what was odd with it. Gives how else it may be read; EXACT: not at all. */
static enum delimiter_how close_multipart(struct pass *w, struct mime_part *p)
{
	size_t end = p->derived ? p->raw_start : p->body_start + p->body_length;
	const struct open_multipart *m = w->open.n ? &w->open.v[w->open.n - 1] : NULL;

	if (!m || m->part != p) { /* it was not opened */
		if (p->boundary.n)
			return DELIMITER_EXACT;
		defect_add(w->defects, DEFECT_NO_BOUNDARY, part_type_at(p));
		return DELIMITER_ANY;
	}
	w->open.n--;
	if (!m->begun) {
		p->preamble_length = p->body_length;
		defect_add(w->defects, DEFECT_BOUNDARY_UNUSED, part_type_at(p));
	} else if (!m->ended) {
		defect_add(w->defects, DEFECT_NO_FINAL_BOUNDARY, end);
	}
	if (!m->ended && p->body_start + p->body_length < w->to)
		walk_on(w, p);
	if (m->how != DELIMITER_EXACT || (m->begun && !m->resembled))
		return DELIMITER_EXACT;
	return m->resembled ? DELIMITER_LOOSE : DELIMITER_ANY;
}

/* The body of an encoded message or of what S/MIME signed, walked in a pass of its own. */
static void open_encoded(struct pass *w, struct mime_part *p)
{
	struct parser *ps = w->parser;
	bool message = part_is_message(p) && part_is_encoded(p);
	struct str inside;

	if ((!message && !smime_is(p)) || w->full || !may_go_deeper(ps, p))
		return;
	struct str decoded = parser_decode(ps, p, w->defects);
	if (message) {
		walk_source(ps, &(struct walk_source){ decoded, 0, true, p->raw_start }, p, p->reading);
		return;
	}
	switch (smime_open(ps->a, decoded, &inside)) {
	case SMIME_SIGNED:
		ps->tree->decoded_left -=
		    inside.n < ps->tree->decoded_left ? inside.n : ps->tree->decoded_left;
		walk_source(ps, &(struct walk_source){ inside, 0, true, p->raw_start }, p, p->reading);
		break;
	case SMIME_ENCRYPTED:
		p->encrypted = true;
		break;
	case SMIME_OTHER:
		break;
	case SMIME_BROKEN:
		defect_add(w->defects, DEFECT_SMIME, p->raw_start);
		p->encrypted = smime_says_encrypted(p);
		break;
	}
}

static bool is_known(const struct mime_tree *t, const struct mime_part *p)
{
	for (size_t i = 0; i < p->index; i++)
		if (part_same(t->v[i], p))
			return true;
	return false;
}

/* The part ends before source[to]: what depends on that, and its place among its siblings. */
static void end_part(struct pass *w, struct mime_part *p, size_t to)
{
	struct parser *ps = w->parser;
	struct mime_tree *t = ps->tree;
	enum delimiter_how how = DELIMITER_EXACT;

	if (to < p->body_start) { /* the empty line behind the header is the line end before a delimiter */
		p->start = p->start < to ? p->start : to;
		p->body_start = p->headers.body = to;
		p->headers.end = p->headers.end < to ? p->headers.end : to;
		p->headers.start = p->headers.start < to ? p->headers.start : to;
	}
	p->body_length = to - p->body_start;
	if (mime_part_is_multipart(p))
		how = close_multipart(w, p);
	/* A boundary that is not there shows nothing. */
	bool empty = p == w->again && mime_part_is_multipart(p);
	if (w->reading && p->index + 1 == t->n && (empty || is_known(t, p))) {
		t->n--; /* nothing new in this reading */
		return;
	}
	open_encoded(w, p);
	if (p->parent) {
		struct mime_part *parent = p->parent;
		*(parent->last_child ? &parent->last_child->next : &parent->first_child) = p;
		parent->last_child = p;
	}
	if (p->reading)
		defect_add(&t->defects, DEFECT_AMBIGUOUS, p->raw_start);
	if (how != DELIMITER_EXACT)
		parser_walk_again(ps, p, how);
	if (p == w->again)
		return; /* the first reading has named them all */
	struct part_list others = part_readings(ps->a, p, in_digest(p->parent));
	for (size_t i = 0; i < others.n; i++)
		parser_walk_again(ps, &others.v[i], DELIMITER_EXACT);
}

/* Ends the open parts inside `outer`, which stays open. */
static void end_parts(struct pass *w, const struct mime_part *outer, size_t to)
{
	while (w->part != outer) {
		struct mime_part *p = w->part;
		w->part = p->parent;
		end_part(w, p, to);
	}
}

/* The delimiter of m at a line: ends what is open inside m, and begins the next part. */
static void pass_delimiter(struct pass *w, struct open_multipart *m, const struct dash_line *line, bool final)
{
	struct mime_part *p = m->part;
	bool over = m->ended; /* some stop at the final delimiter, some go on */

	end_parts(w, p, line->start);
	if (!m->begun)
		p->preamble_length = line->start > p->body_start ? line->start - p->body_start : 0;
	m->begun = true;
	if (final) {
		p->epilogue_start = over ? p->epilogue_start : line->after < w->to ? line->after : 0;
		m->ended = true;
		return;
	}
	struct mime_part *child = line->after < w->to ? begin_part(w, p, line->after) : NULL;
	if (!child)
		return;
	if (over && !child->reading)
		child->reading = ++w->parser->readings;
	open_part(w, child, DELIMITER_EXACT);
}

/* Walks the part, which has begun, to its end. */
static void walk(struct pass *w, struct mime_part *p, enum delimiter_how how)
{
	struct mime_part *parent = p->parent;
	struct dash_line line;
	bool final;

	open_part(w, p, how);
	for (size_t at = w->part->body_start;
	     w->open.n > 0 && !w->full && dash_line_find(w->source, at, w->to, &line);) {
		struct str next = str_sub(w->source, line.after, w->to);
		struct open_multipart *m = delimiter_match(&w->open, line.text, next, &final);
		at = line.after;
		if (!m)
			continue;
		pass_delimiter(w, m, &line, final);
		at = w->part->body_start > at ? w->part->body_start : at;
	}
	end_parts(w, parent, w->to);
}

static struct pass pass_of(struct parser *ps, const struct walk_source *source, size_t to, int reading,
			   struct mime_defects *ignored)
{
	return (struct pass){
		.parser = ps,
		.defects = reading ? ignored : &ps->tree->defects,
		.source = source->bytes,
		.derived = source->derived,
		.raw_start = source->raw_start,
		.to = to,
		.reading = reading,
	};
}

struct mime_part *walk_source(struct parser *ps, const struct walk_source *source, struct mime_part *parent,
			      int reading)
{
	struct mime_defects ignored = { 0 };
	struct pass w = pass_of(ps, source, source->bytes.n, reading, &ignored);
	struct mime_part *p = begin_part(&w, parent, source->from);

	if (p)
		walk(&w, p, DELIMITER_EXACT);
	return p;
}

void walk_reading(struct parser *ps, struct mime_part *p, enum delimiter_how how)
{
	const struct walk_source source = { p->source, 0, p->derived, p->raw_start };
	struct mime_defects ignored = { 0 };
	struct pass w = pass_of(ps, &source, p->body_start + p->body_length, p->reading, &ignored);

	w.again = p;
	walk(&w, p, how);
}

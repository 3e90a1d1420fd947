/*
 * One pass over the value. A mailbox being read has a phrase (quotes and escapes taken off, what its name
 * comes from) and a spec (as written, what a bare address comes from); commas and brackets end it.
 */
#include "mime/address.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/cursor.h"
#include "base/limits.h"
#include "mime/addr_spec.h"
#include "mime/encoded_word.h"
#include "mime/header.h"

#define PENDING_MAX 8 /* commas in a name: "Doe, John, Jr. <john@example.com>" */
#define UNCLOSED_MAX \
	3 /* brackets that open a comment and never close it, tried before all are taken for text */
#define WORD_MAX_BYTES 1000 /* an encoded word taken as one piece; longer ones may be split at a comma */

struct text {
	char *p;
	size_t n;
};

struct mailbox {
	struct text phrase, spec, comment, angle; /* each has room for the whole value and is used again */
	bool seen;                                /* an <address> ended it already */
};

struct reader {
	struct arena *a;
	struct cursor c;
	const char *last_semicolon; /* NULL = none: then ":" begins no group */
	unsigned unclosed;          /* comments met that never end */
	bool quotes_over;           /* no quoted string that begins from here on is closed */
	bool inside_word;           /* the value is itself what an encoded word held */
	struct str charset;         /* of names that are no UTF-8 */
	struct str group;
	bool in_group;
	struct mailbox m;
	struct str pending; /* words before a comma that were no address: perhaps the name of the next one */
	unsigned pending_n;
	struct addresses out;
};

static struct str text_str(const struct text *t)
{
	return str_trim((struct str){ t->p, t->n });
}

static void put(struct text *t, char c)
{
	t->p[t->n++] = c;
}

static struct str decoded(const struct reader *r, struct str s)
{
	struct str out = encoded_word_decode_in(r->a, s, r->charset);
	struct str trimmed = str_trim(out);

	/* Quotes inside the encoding are for the sender's program, not for the reader. */
	if (trimmed.n >= 2 && trimmed.p[0] == '"' && trimmed.p[trimmed.n - 1] == '"')
		trimmed = str_trim(str_sub(trimmed, 1, trimmed.n - 1));
	return str_eq(trimmed, STR("\"")) ? STR_NONE : trimmed;
}

static void append(struct reader *r, struct str spec, struct str name)
{
	if (r->out.n == LIMIT_ADDRESSES)
		return;
	struct address out = address_split(r->a, addr_spec_decoded(r->a, arena_str(r->a, spec)));
	out.name = decoded(r, arena_str(r->a, name));
	out.group = r->group;
	if (out.name.n == 0 && str_find_char(r->group, '@', 0) != SIZE_MAX)
		out.name = r->group; /* shown as the sender */
	if (out.addr.n || out.name.n)
		ARENA_PUSH(r->a, &r->out, out);
}

/* The words kept back were no name after all. */
static void flush_pending(struct reader *r)
{
	if (r->pending.n)
		append(r, r->pending, STR_NONE);
	r->pending = STR_NONE;
	r->pending_n = 0;
}

/* Words without "@" before a comma: many senders forget the quotes around "Doe, John". */
static void keep_pending(struct reader *r, struct str words)
{
	if (r->pending_n == PENDING_MAX)
		flush_pending(r);
	r->pending = r->pending_n++ ? ARENA_JOIN(r->a, r->pending, STR(", "), words) : arena_str(r->a, words);
}

static void add(struct reader *r, struct str spec, struct str name)
{
	flush_pending(r);
	append(r, spec, name);
}

static struct addresses parse(struct arena *a, struct str value, struct str charset, bool inside_word);

/* Words without "@" that hold addresses once decoded: senders who encode the whole of "Joe <joe@example.com>". */
static bool add_encoded(struct reader *r)
{
	struct str phrase = text_str(&r->m.phrase);

	if (r->inside_word || str_find(phrase, STR("=?"), 0) == SIZE_MAX)
		return false;
	struct str whole = encoded_word_decode(r->a, arena_str(r->a, phrase));
	if (str_find_char(whole, '@', 0) == SIZE_MAX)
		return false;
	struct addresses inside = parse(r->a, whole, STR_NONE, true);
	flush_pending(r);
	for (size_t i = 0; i < inside.n && r->out.n < LIMIT_ADDRESSES; i++) {
		inside.v[i].group = r->group;
		ARENA_PUSH(r->a, &r->out, inside.v[i]);
	}
	return true;
}

static bool is_blank(struct str s, size_t at)
{
	return at < s.n && abnf_is_wsp((unsigned char)s.p[at]);
}

static size_t skip_blanks(struct str s, size_t at)
{
	while (is_blank(s, at))
		at++;
	return at;
}

static size_t word_end(struct str s, size_t at)
{
	while (at < s.n && !is_blank(s, at))
		at++;
	return at;
}

/*
 * Where the domain behind the sign ends. Blanks may stand around its dots (RFC 5322 §4.4): before one always, behind one
 * where more than a word follows only if that is a dot again, for else it is a full stop and a name.
 */
static size_t domain_end(struct str spec, size_t sign)
{
	size_t to = word_end(spec, skip_blanks(spec, sign + 1));

	for (;;) {
		size_t next = skip_blanks(spec, to), behind = skip_blanks(spec, word_end(spec, next));
		bool joins =
		    next < spec.n && (spec.p[next] == '.' ||
				      (spec.p[to - 1] == '.' && (behind == spec.n || spec.p[behind] == '.')));
		if (!joins)
			return to;
		to = word_end(spec, next);
	}
}

/* "Joe Doe joe@example.com": the last word with "@" is the address, the rest the name. */
static void add_bare(struct reader *r)
{
	struct str spec = text_str(&r->m.spec), name = text_str(&r->m.comment);
	size_t at = str_rfind_char(spec, '@');

	if (at == SIZE_MAX) {
		if (add_encoded(r))
			return;
		if (name.n)
			add(r, text_str(&r->m.phrase), name);
		else if (r->m.phrase.n)
			keep_pending(r, text_str(&r->m.phrase));
		return;
	}
	size_t end = at, to = domain_end(spec, at);
	while (end > 0 && is_blank(spec, end - 1))
		end--;
	size_t from = end;
	while (from > 0 && !is_blank(spec, from - 1) && spec.p[from - 1] != '"')
		from--;
	if (from > 0 && spec.p[from - 1] == '"' && from == end) { /* a quoted local part may hold spaces */
		struct str before = str_sub(spec, 0, from - 1);
		size_t open = str_rfind_char(before, '"');
		from = open == SIZE_MAX ? from : open;
	}
	if (str_is_empty(name))
		name = from > 0 ? str_sub(spec, 0, from) : str_sub(spec, to, spec.n);
	struct str domain = arena_without(r->a, arena_without(r->a, str_sub(spec, at, to), ' '), '\t');
	add(r, ARENA_JOIN(r->a, str_sub(spec, from, end), domain), str_trim(name));
}

static void end_mailbox(struct reader *r)
{
	struct address *last = r->out.n ? &r->out.v[r->out.n - 1] : NULL;

	if (!r->m.seen)
		add_bare(r);
	else if (last && last->name.n == 0 && str_find_char(text_str(&r->m.phrase), '@', 0) != SIZE_MAX)
		last->name = decoded(r, arena_str(r->a, text_str(&r->m.phrase))); /* behind the brackets */
	r->m.phrase.n = r->m.spec.n = r->m.comment.n = 0;
	r->m.seen = false;
}

/* The quote that closes the string beginning here, or NULL: then it was the sender's mistake, not a string. */
static const char *closing_quote(struct reader *r)
{
	const char *at = r->c.at + 1;

	for (; !r->quotes_over && at < r->c.end && *at != '"'; at++)
		if (*at == '\\' && at + 1 < r->c.end)
			at++;
	r->quotes_over |= at >= r->c.end;
	return r->quotes_over ? NULL : at;
}

/* A quoted string into the phrase without, into the spec with its quotes. */
static void read_quoted(struct reader *r)
{
	const char *close = closing_quote(r);

	if (!close) {
		r->c.at++;
		return;
	}
	put(&r->m.spec, *r->c.at++);
	while (r->c.at < close) {
		if (*r->c.at == '\\')
			put(&r->m.spec, *r->c.at++);
		put(&r->m.spec, *r->c.at);
		put(&r->m.phrase, *r->c.at++);
	}
	put(&r->m.spec, *r->c.at++);
}

/* A comment, which nests; its text without the outer brackets. False: it never closes, and is none. */
static bool read_comment(struct reader *r)
{
	struct text *to = &r->m.comment;
	const char *at = r->c.at;
	unsigned depth = 0;

	if (r->unclosed == UNCLOSED_MAX)
		return false;
	for (to->n = 0; at < r->c.end; at++) {
		if (*at == ')' && --depth == 0)
			break;
		if (*at == '\\' && at + 1 < r->c.end)
			at++;
		else if (*at == '(' && depth++ == 0)
			continue;
		put(to, *at);
	}
	if (at >= r->c.end) {
		to->n = 0;
		r->unclosed++;
		return false;
	}
	r->c.at = at + 1;
	return true;
}

/* "<" route addr-spec ">"; ends at a comma where the bracket never closes. */
static void read_angle(struct reader *r)
{
	struct cursor *c = &r->c;
	struct text *spec = &r->m.angle;
	size_t route = 0;

	spec->n = 0;
	for (c->at++; c->at < c->end && *c->at != '>' && *c->at != '<'; c->at++) {
		const char *close = *c->at == '"' ? closing_quote(r) : NULL;
		while (c->at < close)
			put(spec, *c->at++);
		if (!close && *c->at == '"')
			continue;
		if (!close && *c->at == '(' && read_comment(r)) {
			c->at--;
			continue;
		}
		if (!close && *c->at == ',' && (spec->n == 0 || spec->p[0] != '@'))
			break; /* no route: the closing bracket is missing */
		if (abnf_is_wsp((unsigned char)*c->at))
			continue;
		put(spec, *c->at);
		if (*c->at == ':' && spec->p[0] == '@')
			route = spec->n; /* RFC 5322 §4.4: "@a,@b:" before the address */
	}
	(void)cursor_char(c, '>');
	struct str name = text_str(&r->m.phrase);
	if (r->pending.n) {
		keep_pending(r, name);
		name =
		    str_ends(r->pending, STR(", ")) ? str_sub(r->pending, 0, r->pending.n - 2) : r->pending;
		r->pending = STR_NONE;
		r->pending_n = 0;
	}
	append(r, str_from(spec->p + route, spec->n - route), name.n ? name : text_str(&r->m.comment));
	r->m.phrase.n = r->m.spec.n = 0;
	r->m.seen = true;
}

/* Length of an encoded word here, so that a comma or bracket inside it is not taken for syntax; else 0. */
static size_t encoded_word_length(const struct cursor *c)
{
	struct str s = str_sub(cursor_rest(c), 0, WORD_MAX_BYTES);
	size_t q;

	if (!str_starts(s, STR("=?")) || (q = str_find_char(s, '?', 2)) == SIZE_MAX || q + 2 >= s.n ||
	    s.p[q + 2] != '?')
		return 0;
	size_t end = str_find(s, STR("?="), q + 3);
	return end == SIZE_MAX ? 0 : end + 2;
}

static void begin_group(struct reader *r)
{
	r->c.at++;
	flush_pending(r);
	r->group = decoded(r, arena_str(r->a, text_str(&r->m.phrase)));
	r->in_group = true;
	r->m.phrase.n = r->m.spec.n = r->m.comment.n = 0;
}

static void step(struct reader *r)
{
	char c = *r->c.at;
	size_t word;

	if (c == '"') {
		read_quoted(r);
	} else if (c == '(' && read_comment(r)) {
		return;
	} else if (c == '<') {
		read_angle(r);
	} else if (c == ',' || c == ';') {
		r->c.at++;
		end_mailbox(r);
		if (c == ';') {
			flush_pending(r);
			r->in_group = false;
			r->group = STR_NONE;
		}
	} else if (c == ':' && !r->in_group && !r->m.seen && r->last_semicolon &&
		   r->last_semicolon > r->c.at) {
		begin_group(r);
	} else {
		for (word = encoded_word_length(&r->c), word = word ? word : 1; word > 0; word--) {
			put(&r->m.phrase, *r->c.at);
			put(&r->m.spec, *r->c.at++);
		}
	}
}

static struct addresses parse(struct arena *a, struct str value, struct str charset, bool inside_word)
{
	struct str s = header_unfold(a, value);
	struct reader r = { .a = a, .c = cursor_of(s), .charset = charset, .inside_word = inside_word };
	size_t semicolon = str_rfind_char(s, ';');

	r.last_semicolon = semicolon == SIZE_MAX ? NULL : s.p + semicolon;
	r.m.phrase.p = arena_alloc(a, s.n + 1);
	r.m.spec.p = arena_alloc(a, s.n + 1);
	r.m.comment.p = arena_alloc(a, s.n + 1);
	r.m.angle.p = arena_alloc(a, s.n + 1);
	while (!cursor_done(&r.c))
		step(&r);
	end_mailbox(&r);
	flush_pending(&r);
	return r.out;
}

struct addresses address_parse(struct arena *a, struct str value)
{
	return parse(a, value, STR_NONE, false);
}

struct addresses address_parse_in(struct arena *a, struct str value, struct str charset)
{
	return parse(a, value, charset, false);
}

const struct address *address_main(const struct addresses *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].domain.n)
			return &list->v[i];
	return list->n ? &list->v[0] : NULL;
}

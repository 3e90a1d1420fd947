/* RFC 2045 parameters out of RFC 2231 pieces (param_piece.h). */
#include "mime/param.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/charset.h"
#include "base/limits.h"
#include "mime/encoded_word.h"
#include "mime/header.h"
#include "mime/param_piece.h"
#include "url/url.h"

/* charset'language'text of a first section; gives the text, percent-encoded still. */
static struct str take_charset(struct str value, struct str *charset)
{
	size_t first = str_find_char(value, '\'', 0);
	size_t second = first == SIZE_MAX ? first : str_find_char(value, '\'', first + 1);

	if (second == SIZE_MAX)
		return value;
	*charset = str_sub(value, 0, first);
	return str_sub(value, second + 1, value.n);
}

/* The pieces of one name, first to last, as one value (RFC 2231 §3, §4.1). */
static struct str join(struct arena *a, const struct piece *const *pieces, size_t n)
{
	struct str charset = STR_NONE, *parts = ARENA_ARRAY(a, n, struct str);

	for (size_t i = 0; i < n; i++) {
		parts[i] = pieces[i]->value;
		if (pieces[i]->extended)
			parts[i] =
			    url_percent_decode(a, i == 0 ? take_charset(parts[i], &charset) : parts[i]);
	}
	return charset_to_utf8(a, charset, arena_join(a, parts, n), NULL);
}

/* Putting together the readings of one name after another. */
struct merge {
	struct arena *a;
	const struct pieces *pieces;
	struct params *out;
	size_t own; /* where the readings of the name begin in out */
};

static bool is_known(const struct merge *m, struct str value, struct str raw)
{
	for (size_t i = m->own; i < m->out->n; i++)
		if (str_eq(m->out->v[i].value, value) && str_eq(m->out->v[i].raw, raw))
			return true;
	return false;
}

/* One reading; where a zero byte cuts it off for some, the beginning is another. */
static void add(struct merge *m, struct str name, struct str value, struct str raw)
{
	size_t nul = str_find_char(value, 0, 0);
	struct param whole = { name, arena_without(m->a, value, '\0'), raw };

	if (m->out->n - m->own < PARAM_READINGS && !is_known(m, whole.value, raw))
		ARENA_PUSH(m->a, m->out, whole);
	if (nul != SIZE_MAX)
		add(m, name, str_sub(value, 0, nul), raw);
}

/*
 * The sections of a name in the order of their numbers, however they were sent. Some programs take the first of two
 * with one number, some the last; some stop at a gap, some go on.
 */
static void add_sections(struct merge *m, struct str name)
{
	const struct piece *first[PARAM_SECTIONS] = { 0 }, *last[PARAM_SECTIONS];
	size_t to_gap = 0, n = 0;

	for (size_t i = 0; i < m->pieces->n; i++) {
		const struct piece *at = &m->pieces->v[i];
		if (at->section < 0 || !str_eq(at->name, name))
			continue;
		if (first[at->section] && !str_eq(first[at->section]->value, at->value))
			m->out->duplicate = true;
		first[at->section] = first[at->section] ? first[at->section] : at;
		last[at->section] = at;
	}
	while (to_gap < PARAM_SECTIONS && first[to_gap])
		to_gap++;
	for (size_t i = 0; i < PARAM_SECTIONS; i++)
		if (first[i]) {
			first[n] = first[i];
			last[n++] = last[i];
		}
	to_gap = to_gap ? to_gap : n; /* sections that begin with 1 */
	const struct {
		const struct piece *const *v;
		size_t n;
	} ways[] = { { first, to_gap }, { last, to_gap }, { first, n }, { last, n } };
	for (size_t i = 0; n && i < ARRAY_LEN(ways); i++) {
		struct str value = join(m->a, ways[i].v, ways[i].n);
		add(m, name, value, value);
	}
}

static void add_plain(struct merge *m, const struct piece *at)
{
	struct str decoded = encoded_word_decode(m->a, at->value); /* against RFC 2047 §5, and everywhere */

	add(m, at->name, decoded, at->value);
	if (at->other.n)
		add(m, at->name, encoded_word_decode(m->a, at->other), at->other);
}

/* All readings of one name. The RFC 2231 form goes before a plain one beside it, which is a fall-back for old readers. */
static void merge_name(struct merge *m, struct str name)
{
	size_t plain = 0, sections = 0;
	struct str before = STR_NONE;

	m->own = m->out->n;
	for (size_t i = 0; i < m->pieces->n; i++) {
		const struct piece *at = &m->pieces->v[i];
		if (!str_eq(at->name, name))
			continue;
		sections += at->section >= 0;
		if (at->section < 0 && at->extended) {
			struct str value = join(m->a, &at, 1);
			add(m, name, value, value);
		}
	}
	if (sections)
		add_sections(m, name);
	for (size_t i = 0; i < m->pieces->n; i++) {
		const struct piece *at = &m->pieces->v[i];
		if (at->section >= 0 || at->extended || !str_eq(at->name, name))
			continue;
		m->out->duplicate |= plain++ && !str_eq(before, at->value);
		before = at->value;
		add_plain(m, at);
	}
}

struct params params_parse(struct arena *a, struct str value)
{
	struct params out = { 0 };
	struct pieces pieces = pieces_read(a, header_unfold(a, value), &out.main);
	struct merge m = { a, &pieces, &out, 0 };

	out.dropped = pieces.dropped;
	for (size_t i = 0; i < pieces.n; i++)
		if (!params_first(&out, pieces.v[i].name))
			merge_name(&m, pieces.v[i].name);
	return out;
}

const struct param *params_first(const struct params *p, struct str name)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->v[i].name, name))
			return &p->v[i];
	return NULL;
}

const struct param *params_next(const struct params *p, const struct param *at)
{
	return at + 1 < p->v + p->n && str_eq(at[1].name, at->name) ? at + 1 : NULL;
}

struct str params_get(const struct params *p, struct str name)
{
	const struct param *at = params_first(p, name);

	return at ? at->value : STR_NONE;
}

struct str params_get_raw(const struct params *p, struct str name)
{
	const struct param *at = params_first(p, name);

	return at ? at->raw : STR_NONE;
}

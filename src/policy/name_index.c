/*
 * Every name is kept as its words in order of the alphabet, as they are spoken, and run together. Equal ones and initials are
 * found in sorted lists; slips are looked for among all names, of which the set of letters and the length leave nearly none.
 *
 * A slip is within one word. Short words are told apart by a single letter (John and Joan, Li and Liu), and longer ones by their
 * last one (Mario and Maria): another letter in its place is another name there.
 */
#include "policy/name_index.h"

#include <limits.h>
#include <stdlib.h>
#include <unicode/uchar.h>

#include "base/abnf.h"
#include "base/alike.h"
#include "base/attr.h"
#include "base/utf8.h"

#define SCRATCH_BYTES (64u << 10) /* of one name while it is folded */
#define WORDS_MAX 12
#define SLIP_LEAST 5  /* letters of a name, from which on one slip counts */
#define SLIPS_LEAST 9 /* two slips */
#define SURNAME_LEAST 3
#define WORD_SHORT 2   /* letters: must be the same */
#define WORD_LONG 5    /* from which on another letter is a slip */
#define JOINED_LEAST 6 /* letters of a name that is known without its spaces */
#define SEGMENTS_MAX 4

/* A name made comparable. */
struct folded {
	struct str spoken, sorted; /* its words, a space between them */
	struct str initial;        /* "j smith"; empty = it has none */
	struct str joined;         /* as spoken, run together; empty = it is short, or one word */
	size_t words;
};

struct key {
	struct str text;
	size_t name;
};

struct keys {
	struct key *v;
	size_t n;
};

struct shape {
	uint64_t set;           /* of letters; the same spoken and sorted */
	size_t length, letters; /* with and without spaces */
};

struct name_index {
	struct folded *names;
	struct shape *shapes;
	size_t n;
	struct keys same, joined, initials; /* by text */
};

/* ---- folding ---- */

static bool is_title(struct str word)
{
	static const char *const titles[] = {
		"ceo",  "cfo",       "cio",    "ciso", "coo",      "cto", "dipl", "director", "dr",
		"frau", "herr",      "ii",     "iii",  "ing",      "jr",  "llm",  "mag",      "mba",
		"md",   "miss",      "mister", "mr",   "mrs",      "ms",  "msc",  "phd",      "president",
		"prof", "professor", "sir",    "sr",   "chairman", "bsc",
	};

	for (size_t i = 0; i < ARRAY_LEN(titles); i++)
		if (str_eq(word, str_of(titles[i])))
			return true;
	return false;
}

struct words {
	struct str v[WORDS_MAX];
	size_t n;
};

static bool is_letter(uint32_t cp)
{
	return cp < 0x80 ? abnf_is_alnum((unsigned char)cp) : u_isalnum((UChar32)cp);
}

/* Between words stands what is no letter or digit; an apostrophe is within a word. "Doe, Jane" begins with Jane. */
static void split(struct arena *a, struct str name, struct words *out)
{
	struct str s = alike_skeleton(a, name);
	char *kept = arena_alloc(a, s.n + 1);
	size_t n = 0, from = 0, comma = 0;

	for (size_t at = 0, before = 0; before <= s.n && out->n < WORDS_MAX; before = at) {
		uint32_t cp = before < s.n ? utf8_next(s, &at) : ' ';
		if (cp == '\'' || cp == '`')
			continue;
		if (is_letter(cp)) {
			memcpy(kept + n, s.p + before, at - before);
			n += at - before;
			continue;
		}
		if (n > from)
			out->v[out->n++] = str_from(kept + from, n - from);
		from = n;
		if (cp == ',' && comma == 0)
			comma = out->n;
		at = before == s.n ? s.n + 1 : at;
	}
	struct words spoken = { .n = out->n };
	for (size_t i = 0; i < out->n; i++)
		spoken.v[i] = out->v[(i + comma) % out->n];
	*out = spoken;
}

/* Without titles, and without initials beside two longer words; but never without all. */
static void keep_name(struct words *w)
{
	struct words kept = { 0 }, whole = { 0 };

	for (size_t i = 0; i < w->n; i++)
		if (!is_title(w->v[i]))
			kept.v[kept.n++] = w->v[i];
	for (size_t i = 0; i < kept.n; i++)
		if (utf8_length(kept.v[i]) > 1)
			whole.v[whole.n++] = kept.v[i];
	if (whole.n >= 2)
		*w = whole;
	else if (kept.n > 0)
		*w = kept;
}

static struct str joined(struct arena *a, const struct words *w)
{
	struct str parts[2 * WORDS_MAX];

	for (size_t i = 0; i < w->n; i++) {
		parts[2 * i] = w->v[i];
		parts[2 * i + 1] = STR(" ");
	}
	return arena_join(a, parts, w->n > 0 ? 2 * w->n - 1 : 0);
}

static void sort_words(struct words *w)
{
	for (size_t i = 1; i < w->n; i++) {
		struct str word = w->v[i];
		size_t j = i;
		for (; j > 0 && str_cmp(word, w->v[j - 1]) < 0; j--)
			w->v[j] = w->v[j - 1];
		w->v[j] = word;
	}
}

static struct str first_letter(struct str word)
{
	size_t at = 0;

	utf8_next(word, &at);
	return str_sub(word, 0, at);
}

/* Of "Jane Doe", and of "J. Doe" or "Doe J." as well: "j doe". */
static struct str initial_of(struct arena *a, const struct words *w)
{
	struct str given = w->n > 1 ? w->v[0] : STR_NONE, family = w->n > 1 ? w->v[w->n - 1] : STR_NONE;

	if (w->n > 1 && utf8_length(family) == 1) {
		family = given;
		given = w->v[w->n - 1];
	}
	if (utf8_length(family) < SURNAME_LEAST)
		return STR_NONE;
	return ARENA_JOIN(a, first_letter(given), STR(" "), family);
}

static struct str last_letter(struct str word)
{
	size_t at = word.n;

	while (at > 0 && ((unsigned char)word.p[--at] & 0xc0) == 0x80)
		;
	return str_sub(word, at, word.n);
}

/*
 * Letters and digits with nothing between them: "M a r i a  Lopez" and "marialopez" are the same. Its skeleton, since what meets at
 * the end of a word may look like another letter. Empty where it is short: many words are short names.
 */
static struct str run_together(struct arena *a, struct str skeleton)
{
	char *kept = arena_alloc(a, skeleton.n + 1);
	size_t n = 0;

	for (size_t at = 0, before = 0; at < skeleton.n; before = at) {
		uint32_t cp = utf8_next(skeleton, &at);
		if (!is_letter(cp))
			continue;
		memcpy(kept + n, skeleton.p + before, at - before);
		n += at - before;
	}
	struct str joined = alike_skeleton(a, str_from(kept, n));
	return utf8_length(joined) < JOINED_LEAST ? STR_NONE : joined;
}

static struct folded fold(struct arena *a, struct str name)
{
	struct words w = { 0 };
	struct folded f = { 0 };

	split(a, name, &w);
	keep_name(&w);
	f.words = w.n;
	f.spoken = joined(a, &w);
	f.initial = initial_of(a, &w);
	f.joined = w.n > 1 ? run_together(a, f.spoken) : STR_NONE;
	sort_words(&w);
	f.sorted = joined(a, &w);
	return f;
}

static struct shape shape_of(const struct folded *f)
{
	size_t length = utf8_length(f->spoken);

	return (struct shape){ alike_set(f->spoken), length, f->words > 0 ? length - f->words + 1 : 0 };
}

/* ---- the index ---- */

static int by_text(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int c = str_cmp(x->text, y->text);

	return c ? c : (x->name > y->name) - (x->name < y->name);
}

static void sort_keys(struct keys *k)
{
	if (k->n > 0)
		qsort(k->v, k->n, sizeof(*k->v), by_text);
}

/* Of what folding takes only this is kept. */
static struct folded keep(struct arena *a, const struct folded *f)
{
	struct str spoken = arena_str(a, f->spoken);

	return (struct folded){ .spoken = spoken,
				.sorted = str_eq(f->sorted, spoken) ? spoken : arena_str(a, f->sorted),
				.initial = arena_str(a, f->initial),
				.joined = arena_str(a, f->joined),
				.words = f->words };
}

struct name_index *name_index_new(struct arena *a, const struct str *names, size_t n)
{
	struct arena *scratch = arena_new(SCRATCH_BYTES, NULL, NULL);
	struct name_index *x = ARENA_NEW(a, struct name_index);

	x->names = ARENA_ARRAY(a, n, struct folded);
	x->shapes = ARENA_ARRAY(a, n, struct shape);
	x->n = n;
	x->same.v = ARENA_ARRAY(a, n, struct key);
	x->joined.v = ARENA_ARRAY(a, n, struct key);
	x->initials.v = ARENA_ARRAY(a, n, struct key);
	for (size_t i = 0; i < n; i++) {
		struct folded folded = fold(scratch, names[i]), *f = &x->names[i];
		*f = keep(a, &folded);
		arena_reset(scratch);
		x->shapes[i] = shape_of(f);
		if (f->words > 0)
			x->same.v[x->same.n++] = (struct key){ f->sorted, i };
		if (f->joined.n > 0)
			x->joined.v[x->joined.n++] = (struct key){ f->joined, i };
		if (f->initial.n > 0)
			x->initials.v[x->initials.n++] = (struct key){ f->initial, i };
	}
	arena_free(&scratch);
	sort_keys(&x->same);
	sort_keys(&x->joined);
	sort_keys(&x->initials);
	return x;
}

/* ---- asking it ---- */

/* One question. A registry may hold ten thousand namesakes, so what was found is marked and not looked for. */
struct asking {
	struct arena *arena;
	struct name_matches out;
	bool *found; /* by name */
};

static void add(struct asking *q, size_t name, enum name_likeness how)
{
	struct name_match m = { name, how };

	if (q->found[name])
		return;
	q->found[name] = true;
	ARENA_PUSH(q->arena, &q->out, m);
}

static void find_key(struct asking *q, const struct keys *k, struct str text, enum name_likeness how)
{
	size_t low = 0, high = k->n;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (str_cmp(k->v[middle].text, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < k->n && str_eq(k->v[low].text, text); low++)
		add(q, k->v[low].name, how);
}

/* Slips of the hand between two words; UINT_MAX: they are two words. */
static unsigned slips_of_word(struct str x, struct str y)
{
	size_t nx = utf8_length(x), ny = utf8_length(y), letters = nx < ny ? nx : ny;

	if (str_eq(x, y))
		return 0;
	if (letters <= WORD_SHORT)
		return UINT_MAX;
	if (alike_distance(x, y, 1) > 1)
		return letters >= SLIPS_LEAST && alike_distance(x, y, 2) <= 2 ? 2 : UINT_MAX;
	bool replaced = nx == ny && alike_set(x) != alike_set(y);
	bool at_end = !str_eq(last_letter(x), last_letter(y));
	return replaced && (letters < WORD_LONG || at_end) ? UINT_MAX : 1;
}

/* Whether the words of two names, one beside the other, differ by no more slips. */
static bool are_near(struct str x, struct str y, size_t most)
{
	size_t slips = 0;

	while (x.n > 0 && y.n > 0 && slips <= most) {
		size_t nx = str_find_char(x, ' ', 0), ny = str_find_char(y, ' ', 0);
		unsigned n = slips_of_word(str_sub(x, 0, nx), str_sub(y, 0, ny));
		if (n == UINT_MAX)
			return false;
		slips += n;
		x = nx == SIZE_MAX ? STR_NONE : str_sub(x, nx + 1, x.n);
		y = ny == SIZE_MAX ? STR_NONE : str_sub(y, ny + 1, y.n);
	}
	return x.n == 0 && y.n == 0 && slips <= most;
}

/* Sorted, a slip in a first letter may change places; spoken, another order of the words has. */
static bool is_slip(const struct folded *x, const struct folded *y, size_t most)
{
	if (x->words != y->words || str_eq(x->sorted, y->sorted))
		return false; /* it is the same */
	return are_near(x->sorted, y->sorted, most) || are_near(x->spoken, y->spoken, most);
}

static void find_slips(struct asking *q, const struct name_index *x, const struct folded *shown)
{
	struct shape s = shape_of(shown);

	for (size_t i = 0; i < x->n; i++) {
		const struct shape *other = &x->shapes[i];
		size_t letters = s.letters < other->letters ? s.letters : other->letters;
		size_t most = letters >= SLIPS_LEAST ? 2 : letters >= SLIP_LEAST ? 1 : 0;
		if (most == 0 || other->length > s.length + most || s.length > other->length + most ||
		    !alike_may_be_near(s.set, other->set, most))
			continue;
		if (x->names[i].words > 1 && is_slip(shown, &x->names[i], most))
			add(q, i, NAME_SLIP);
	}
}

/* "J. Doe" is anybody of that family with that letter; "Jane Doe" is no "John Doe". */
static bool is_abbreviated(const struct folded *f)
{
	return f->initial.n > 0 && utf8_length(f->spoken) == utf8_length(f->initial);
}

/* segment: it is part of what is shown, of which a single word says nothing. */
static void find(struct asking *q, const struct name_index *x, struct str shown, bool segment)
{
	struct folded f = fold(q->arena, shown);

	if (f.words == 0)
		return;
	if (f.words > 1 || !segment)
		find_key(q, &x->same, f.sorted, NAME_SAME);
	struct str joined = run_together(q->arena, alike_skeleton(q->arena, shown));
	if (joined.n > 0)
		find_key(q, &x->joined, joined, NAME_SAME);
	if (f.words == 1)
		return;
	find_slips(q, x, &f);
	if (is_abbreviated(&f))
		find_key(q, &x->initials, f.initial, NAME_INITIAL);
}

/* What people put between their name and their company. */
static bool is_separator(uint32_t before, uint32_t cp, uint32_t next)
{
	static const uint32_t always[] = { '|', '/', ';',    ':',    '(',    ')',
					   '[', ']', 0x2022, 0x2013, 0x2014, 0xff5c };

	for (size_t i = 0; i < ARRAY_LEN(always); i++)
		if (cp == always[i])
			return true;
	return (cp == '-' || cp == '@') && before == ' ' && next == ' ';
}

/* The text before the next separator; *rest moves behind it. */
static struct str next_segment(struct str *rest)
{
	uint32_t before = ' ';

	for (size_t at = 0, from = 0; at < rest->n; from = at) {
		uint32_t cp = utf8_next(*rest, &at);
		if (is_separator(before, cp, at < rest->n ? (unsigned char)rest->p[at] : ' ')) {
			struct str segment = str_sub(*rest, 0, from);
			*rest = str_sub(*rest, at, rest->n);
			return segment;
		}
		before = cp;
	}
	struct str segment = *rest;
	*rest = STR_NONE;
	return segment;
}

struct name_matches name_index_find(struct arena *a, const struct name_index *x, struct str shown)
{
	struct asking q = { .arena = a, .found = ARENA_ARRAY(a, x->n, bool) };
	struct str rest = shown;

	find(&q, x, shown, false);
	for (size_t i = 0; i < SEGMENTS_MAX && q.out.n == 0 && rest.n > 0; i++) {
		struct str segment = next_segment(&rest);
		if (segment.n < shown.n)
			find(&q, x, segment, true);
		/* "Jane Doe, Company"; "Doe, Jane" was the whole. */
		size_t comma = str_find_char(segment, ',', 0);
		if (q.out.n == 0 && comma != SIZE_MAX)
			find(&q, x, str_sub(segment, 0, comma), true);
	}
	return q.out;
}

/*
 * Every name is kept as its words in order of the alphabet, and as they are spoken. Equal ones and initials are found in
 * sorted lists; slips are looked for among all names, of which the set of letters and the length leave nearly none.
 */
#include "policy/name_index.h"

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

/* A name made comparable. */
struct folded {
	struct str spoken, sorted; /* its words, a space between them */
	struct str initial;        /* "j smith"; empty = it has none */
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
	struct keys same, initials; /* by text */
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
		if (cp < 0x80 ? abnf_is_alnum((unsigned char)cp) : u_isalnum((UChar32)cp)) {
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

static struct folded fold(struct arena *a, struct str name)
{
	struct words w = { 0 };
	struct folded f = { 0 };

	split(a, name, &w);
	keep_name(&w);
	f.words = w.n;
	f.spoken = joined(a, &w);
	f.initial = initial_of(a, &w);
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
	x->initials.v = ARENA_ARRAY(a, n, struct key);
	for (size_t i = 0; i < n; i++) {
		struct folded folded = fold(scratch, names[i]), *f = &x->names[i];
		*f = keep(a, &folded);
		arena_reset(scratch);
		x->shapes[i] = shape_of(f);
		if (f->words > 0)
			x->same.v[x->same.n++] = (struct key){ f->sorted, i };
		if (f->initial.n > 0)
			x->initials.v[x->initials.n++] = (struct key){ f->initial, i };
	}
	arena_free(&scratch);
	sort_keys(&x->same);
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

/* Sorted, a slip in a first letter may change places; spoken, another order of the words has. */
static bool is_slip(const struct folded *x, const struct folded *y, size_t most)
{
	if (str_eq(x->sorted, y->sorted))
		return false; /* it is the same */
	return alike_distance(x->sorted, y->sorted, most) <= most ||
	       alike_distance(x->spoken, y->spoken, most) <= most;
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

struct name_matches name_index_find(struct arena *a, const struct name_index *x, struct str shown)
{
	struct folded f = fold(a, shown);
	struct asking q = { .arena = a };

	if (f.words == 0)
		return q.out;
	q.found = ARENA_ARRAY(a, x->n, bool);
	find_key(&q, &x->same, f.sorted, NAME_SAME);
	if (f.words == 1)
		return q.out;
	find_slips(&q, x, &f);
	if (is_abbreviated(&f))
		find_key(&q, &x->initials, f.initial, NAME_INITIAL);
	return q.out;
}

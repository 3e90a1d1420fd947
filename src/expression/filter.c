/*
 * Which literals of thousands are in a text: at some places the next bytes are hashed, and a bit says whether any literal is found
 * by such bytes; few places are looked at closer. An automaton of all literals (Aho and Corasick) takes one look at each place,
 * and tens of megabytes.
 *
 * A literal is found by a window of its bytes, wherever it stands. Of a long one as many windows are known, each a byte on, as
 * places may be left out: one of them begins where is looked. Which windows is up to us: those that fewest literals have.
 */
#include "expression/internal.h"

#define USED_MAX 4 /* options of an expression that are looked for; all must be there */
#define COMMON \
	8 /* what more expressions know is in every text, and is looked for where there is nothing else only */
#define COUNTERS_LOG 16
/* Bits that a window has at least; and at most, as long as they are few enough to be near: 32 kB. */
#define BITS_LEAST 32
#define BITS_MOST 512
#define BITS_MOST_LOG 18
#define LONG 6 /* bytes: what most texts hold anyway is shorter */

/* Literals of at least so many bytes, their windows, and how far places stand apart at which is looked. */
static const struct {
	uint32_t least, window, stride;
} kinds[LITERAL_KINDS] = { { LITERAL_MIN, 3, 1 }, { 4, 4, 1 }, { 6, 5, 2 }, { 10, 7, 4 } };

static size_t kind_of(uint32_t length)
{
	size_t kind = LITERAL_KINDS - 1;

	while (kinds[kind].least > length)
		kind--;
	return kind;
}

/* Which of eight bytes read are in a window, wherever the machine keeps them. */
static uint64_t mask_of(size_t kind)
{
	unsigned char bytes[8] = { 0 };
	uint64_t mask;

	memset(bytes, 0xff, kinds[kind].window);
	memcpy(&mask, bytes, sizeof(mask));
	return mask;
}

static uint64_t hash_window(const char *p, uint64_t mask)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return (w & mask) * 0x9e3779b97f4a7c15u;
}

/* FNV-1a. */
static uint32_t hash_of(struct str s)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 16777619u;
	return h ^ h >> 15;
}

static struct str literal_text(const struct expressions *x, const struct literal *l)
{
	return str_from(x->bytes.v + l->at, l->n);
}

/* The slot of this literal, or the free one where it belongs. */
static uint32_t *slot_of(struct expressions *x, struct str text)
{
	size_t at = hash_of(text);

	for (;; at++) {
		uint32_t *slot = &x->literal_slots[at & (x->n_literal_slots - 1)];
		if (!*slot || str_eq(literal_text(x, &x->literals.v[*slot - 1]), text))
			return slot;
	}
}

static void grow_slots(struct expressions *x)
{
	if (x->literals.n * 2 < x->n_literal_slots)
		return;
	free(x->literal_slots);
	x->n_literal_slots = x->n_literal_slots ? x->n_literal_slots * 4 : 64;
	x->literal_slots = table_new(x->n_literal_slots, sizeof(*x->literal_slots));
	for (size_t i = 0; i < x->literals.n; i++)
		*slot_of(x, literal_text(x, &x->literals.v[i])) = (uint32_t)i + 1;
}

/* Its index, each text once. */
static uint32_t literal_of(struct expressions *x, struct str text)
{
	grow_slots(x);
	uint32_t *slot = slot_of(x, text);
	if (*slot)
		return *slot - 1;
	struct literal l = { .at = (uint32_t)x->bytes.n, .n = (uint32_t)text.n };
	LIST_GROW(&x->bytes, text.n + 8);
	memcpy(x->bytes.v + x->bytes.n, text.p, text.n);
	memset(x->bytes.v + x->bytes.n + text.n, 0, 8);
	x->bytes.n += text.n;
	LIST_PUSH(&x->literals, l);
	*slot = (uint32_t)x->literals.n;
	return *slot - 1;
}

void filter_offer(struct expressions *x, uint32_t expression, const struct literal_option *option)
{
	const struct strs *literals = &option->literals;
	struct option o = { expression, (uint32_t)x->offered.n, (uint32_t)literals->n, option->before,
			    false };

	for (size_t i = 0; i < literals->n; i++) {
		uint32_t l = literal_of(x, literals->v[i]);
		x->literals.v[l].offers++;
		LIST_PUSH(&x->offered, l);
	}
	LIST_PUSH(&x->options, o);
}

/* How good an option is to look for: few expressions know its commonest literal, and its shortest literal is long. */
struct rating {
	struct option *option;
	uint32_t offers, length;
};

static struct rating rate(const struct expressions *x, struct option *o)
{
	struct rating r = { o, 0, UINT32_MAX };

	for (uint32_t i = 0; i < o->n; i++) {
		const struct literal *l = &x->literals.v[x->offered.v[o->at + i]];
		r.offers = l->offers > r.offers ? l->offers : r.offers;
		r.length = l->n < r.length ? l->n : r.length;
	}
	return r;
}

static bool is_better(const struct rating *a, const struct rating *b)
{
	return a->offers < b->offers || (a->offers == b->offers && a->length > b->length);
}

static void use(struct expressions *x, struct option *o, uint32_t bit)
{
	o->used = true;
	x->all.v[o->expression].need |= bit;
	for (uint32_t i = 0; i < o->n; i++) {
		struct literal *l = &x->literals.v[x->offered.v[o->at + i]];
		struct literal_user u = { o->expression, bit, l->user };
		LIST_PUSH(&x->users, u);
		l->user = (uint32_t)x->users.n;
	}
}

/* The best options of each expression. */
static void choose_options(struct expressions *x)
{
	for (size_t i = 0, end; i < x->options.n; i = end) {
		struct rating best[USED_MAX + 1];
		size_t n = 0;
		for (end = i; end < x->options.n; end++) {
			if (x->options.v[end].expression != x->options.v[i].expression)
				break;
			struct rating r = rate(x, &x->options.v[end]);
			size_t k = n < USED_MAX ? n++ : USED_MAX;
			for (; k > 0 && is_better(&r, &best[k - 1]); k--)
				best[k] = best[k - 1];
			best[k] = r;
		}
		for (size_t k = 0; k < n; k++)
			if (k == 0 || (best[k].offers <= COMMON && best[k].length >= LONG))
				use(x, best[k].option, 1u << k);
	}
}

static uint64_t window_hash(const struct expressions *x, const struct literal *l, size_t offset)
{
	return hash_window(x->bytes.v + l->at + offset, mask_of(kind_of(l->n)));
}

/* The first of its windows may be any of so many. */
static uint32_t choices_of(const struct literal *l)
{
	return l->user ? l->n - kinds[kind_of(l->n)].least + 1 : 0;
}

static uint16_t *counter(uint16_t *uses, uint64_t hash)
{
	return &uses[hash >> (64 - COUNTERS_LOG)];
}

static void count_windows(const struct expressions *x, uint16_t *uses)
{
	for (size_t i = 0; i < x->literals.n; i++) {
		const struct literal *l = &x->literals.v[i];
		uint32_t n = l->user ? l->n - kinds[kind_of(l->n)].window + 1 : 0;
		for (uint32_t k = 0; k < n; k++) {
			uint16_t *c = counter(uses, window_hash(x, l, k));
			*c = (uint16_t)(*c + (*c < UINT16_MAX));
		}
	}
}

/* Where those windows begin the commonest of which is the rarest. */
static uint32_t rarest_windows(const struct expressions *x, const struct literal *l, uint16_t *uses)
{
	uint32_t best = 0, least = UINT32_MAX;

	for (uint32_t first = 0; first < choices_of(l); first++) {
		uint32_t most = 0;
		for (uint32_t k = 0; k < kinds[kind_of(l->n)].stride; k++) {
			uint16_t n = *counter(uses, window_hash(x, l, first + k));
			most = n > most ? n : most;
		}
		if (most < least) {
			least = most;
			best = first;
		}
	}
	return best;
}

static void table_size(struct window_table *t, size_t windows)
{
	if (windows == 0)
		return;
	for (t->buckets_log = 6; (size_t)1 << t->buckets_log < windows;)
		t->buckets_log++;
	for (t->bits_log = 10; t->bits_log < BITS_MOST_LOG && (size_t)1 << t->bits_log < windows * BITS_MOST;)
		t->bits_log++;
	while ((size_t)1 << t->bits_log < windows * BITS_LEAST)
		t->bits_log++;
	t->buckets = table_new(((size_t)1 << t->buckets_log) + 1, sizeof(*t->buckets));
	t->bits = table_new((size_t)1 << (t->bits_log - 6), sizeof(*t->bits));
	t->windows = table_new(windows, sizeof(*t->windows));
}

static void table_add(struct expressions *x, uint32_t literal, uint32_t offset)
{
	const struct literal *l = &x->literals.v[literal];
	struct window_table *t = &x->windows[kind_of(l->n)];
	uint64_t hash = window_hash(x, l, offset);

	t->windows[t->n++] = (struct window){ (uint32_t)(hash >> 32), literal, offset };
	bits_set(t->bits, hash >> (64 - t->bits_log));
}

/* So that a look into a bucket is a look at one place of memory. */
static void sort_by_bucket(struct window_table *t)
{
	const unsigned shift = 32 - t->buckets_log;
	const size_t buckets = (size_t)1 << t->buckets_log;
	struct window *sorted = table_new(t->n, sizeof(*sorted));

	for (size_t i = 0; i < t->n; i++)
		t->buckets[(t->windows[i].hash >> shift) + 1]++;
	for (size_t i = 0; i < buckets; i++)
		t->buckets[i + 1] += t->buckets[i];
	/* From behind: what was the end of each becomes its beginning. */
	for (size_t i = t->n; i-- > 0;)
		sorted[--t->buckets[(t->windows[i].hash >> shift) + 1]] = t->windows[i];
	memmove(t->buckets, t->buckets + 1, buckets * sizeof(*t->buckets));
	t->buckets[buckets] = (uint32_t)t->n;
	free(t->windows);
	t->windows = sorted;
}

void filter_ready(struct expressions *x)
{
	size_t n[LITERAL_KINDS] = { 0 };

	free(x->literal_slots);
	x->literal_slots = NULL;
	x->n_literal_slots = 0;
	if (x->literals.n == 0)
		return;
	choose_options(x);
	uint16_t *uses = table_new((size_t)1 << COUNTERS_LOG, sizeof(*uses));
	count_windows(x, uses);
	for (size_t i = 0; i < x->literals.n; i++)
		if (x->literals.v[i].user)
			n[kind_of(x->literals.v[i].n)] += kinds[kind_of(x->literals.v[i].n)].stride;
	for (size_t kind = 0; kind < LITERAL_KINDS; kind++)
		table_size(&x->windows[kind], n[kind]);
	for (size_t i = 0; i < x->literals.n; i++) {
		const struct literal *l = &x->literals.v[i];
		uint32_t first = rarest_windows(x, l, uses);
		for (uint32_t k = 0; l->user && k < kinds[kind_of(l->n)].stride; k++)
			table_add(x, (uint32_t)i, first + k);
	}
	free(uses);
	for (size_t kind = 0; kind < LITERAL_KINDS; kind++)
		if (x->windows[kind].n > 0)
			sort_by_bucket(&x->windows[kind]);
}

#define LOOK_STEPS 4                 /* what it costs to compare one literal */
#define LONG_TEXT ((size_t)16 << 10) /* bytes, from which on it is worth while to know where literals stand */
#define PLACES_MAX 16384

/* One run of the filter. */
struct filtering {
	const struct expressions *x;
	struct str text;
	struct filter_answer *out;
	uint32_t steps;
	uint8_t most;                  /* times that a literal is looked for */
	uint64_t *bits[LITERAL_KINDS]; /* of a long text: of windows of which any is still looked for */
};

static bool spend(struct filtering *f, uint32_t n)
{
	bool enough = f->steps >= n;

	f->steps = enough ? f->steps - n : 0;
	return enough;
}

static bool tell_users(struct filtering *f, const struct literal *l)
{
	for (uint32_t i = l->user; i; i = f->x->users.v[i - 1].next) {
		const struct literal_user *u = &f->x->users.v[i - 1];
		uint8_t *got = &f->out->got[u->expression];
		if (!spend(f, 1))
			return false;
		if (*got & u->bit)
			continue;
		*got = (uint8_t)(*got | u->bit);
		if (*got == f->x->all.v[u->expression].need)
			f->out->expressions[f->out->n++] = u->expression;
	}
	return true;
}

static bool stands_here(const struct filtering *f, const struct window *w, size_t at)
{
	const struct literal *l = &f->x->literals.v[w->literal];

	return w->offset <= at && l->n <= f->text.n - (at - w->offset) &&
	       memcmp(f->text.p + at - w->offset, f->x->bytes.v + l->at, l->n) == 0;
}

static bool note(struct filtering *f, uint32_t literal, size_t at)
{
	struct filter_answer *out = f->out;
	bool first = out->times[literal]++ == 0;

	if (out->told && out->places.n < PLACES_MAX)
		out->places.v[out->places.n++] = (struct place){ literal, (uint32_t)at };
	else if (out->told)
		out->times[literal] = f->most; /* not all are told of */
	return !first || tell_users(f, &f->x->literals.v[literal]);
}

/* Literals whose window begins here. The first costs no steps: it is part of reading the text, whatever stands there. */
static bool look_closer(struct filtering *f, size_t kind, uint64_t hash, size_t at)
{
	const struct window_table *t = &f->x->windows[kind];
	const uint32_t bit = (uint32_t)(hash >> (64 - t->bits_log));
	bool first = true, open = false;

	const uint32_t *bucket = &t->buckets[hash >> (64 - t->buckets_log)];
	for (uint32_t i = bucket[0]; i < bucket[1]; i++) {
		const struct window *w = &t->windows[i];
		if (w->hash >> (32 - t->bits_log) != bit)
			continue;
		bool known = f->out->times[w->literal] >= f->most;
		open |= !known;
		if (w->hash != (uint32_t)(hash >> 32))
			continue;
		if (!first && !spend(f, known ? 1 : LOOK_STEPS))
			return false;
		first = false;
		if (!known && stands_here(f, w, at) && !note(f, w->literal, at - w->offset))
			return false;
	}
	if (!open && f->bits[kind])
		f->bits[kind][bit / 64] &= ~((uint64_t)1 << (bit % 64));
	return true;
}

#define TOGETHER 4 /* places asked for with one branch: nearly all say no */

/* Looks at all places. The text has eight bytes behind its end. */
static bool look_at_all(struct filtering *f, size_t kind)
{
	const struct window_table *t = &f->x->windows[kind];
	const uint64_t mask = mask_of(kind), *bits = f->bits[kind] ? f->bits[kind] : t->bits;
	const unsigned shift = 64 - t->bits_log;
	const size_t stride = kinds[kind].stride, window = kinds[kind].window;
	const size_t places = f->text.n < window ? 0 : (f->text.n - window) / stride + 1;

	for (size_t from = 0; from < places; from += TOGETHER) {
		const char *p = f->text.p + from * stride;
		size_t n = places - from < TOGETHER ? places - from : TOGETHER;
		uint64_t any = n < TOGETHER;
		for (size_t i = 0; i < TOGETHER && n == TOGETHER; i++) {
			uint64_t bit = hash_window(p + i * stride, mask) >> shift;
			any |= bits[bit / 64] >> (bit % 64);
		}
		for (size_t i = 0; (any & 1) && i < n; i++) {
			uint64_t hash = hash_window(p + i * stride, mask);
			if (bits_has(bits, hash >> shift) && !look_closer(f, kind, hash, (from + i) * stride))
				return false;
		}
	}
	return true;
}

/* What was found TIMES_MAX times is not asked for again: common words would be all that there is to look at. */
static void begin_long(struct filtering *f, struct arena *a)
{
	struct filter_answer *out = f->out;

	for (size_t kind = 0; kind < LITERAL_KINDS; kind++) {
		const struct window_table *t = &f->x->windows[kind];
		size_t bytes = ((size_t)1 << t->bits_log) / 8;
		if (t->n == 0)
			continue;
		if (!out->bits[kind])
			out->bits[kind] = arena_alloc(a, bytes);
		f->bits[kind] = memcpy(out->bits[kind], t->bits, bytes);
	}
	if (!out->places.v)
		out->places.v = arena_alloc(a, PLACES_MAX * sizeof(*out->places.v));
	f->most = TIMES_MAX;
	out->told = true;
}

bool filter_run(struct arena *a, const struct expressions *x, struct str folded, struct filter_answer *out,
		uint32_t *steps)
{
	struct filtering f = { .x = x, .text = folded, .out = out, .steps = *steps, .most = 1 };
	bool done = true;

	out->n = out->places.n = 0;
	out->told = false;
	if (folded.n >= LONG_TEXT)
		begin_long(&f, a);
	for (size_t kind = 0; kind < LITERAL_KINDS && done; kind++)
		if (x->windows[kind].n > 0)
			done = look_at_all(&f, kind);
	*steps = f.steps;
	return done;
}

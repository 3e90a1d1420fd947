/*
 * Which literals of thousands are in a text: at each place the next bytes are hashed, and a bit says whether any literal is found
 * by such bytes; few places are looked at closer. An automaton of all literals (Aho and Corasick) takes one look at each place,
 * too, but tens of megabytes.
 *
 * A literal is found by a window of its bytes, seven of them where it has as many: what most texts hold anyway is shorter. Which
 * window is up to us: the one that fewest literals have.
 */
#include "expression/internal.h"

#define USED_MAX 4 /* options of an expression that are looked for; all must be there */
#define COMMON \
	8 /* what more expressions know is in every text, and is looked for where there is nothing else only */
#define COUNTERS_LOG 16
#define BITS_PER_LITERAL 32

/* Literals by length: those from so many bytes on have windows of as many. */
static const uint32_t kinds[LITERAL_KINDS] = { LITERAL_MIN, 4, 7 };
#define LONG 2 /* kind */

static size_t kind_of(uint32_t length)
{
	size_t kind = LITERAL_KINDS - 1;

	while (kinds[kind] > length)
		kind--;
	return kind;
}

/* Which of eight bytes read are in a window, wherever the machine keeps them. */
static uint64_t mask_of(size_t kind)
{
	unsigned char bytes[8] = { 0 };
	uint64_t mask;

	memset(bytes, 0xff, kinds[kind]);
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

void filter_offer(struct expressions *x, uint32_t expression, const struct strs *literals)
{
	struct option o = { expression, (uint32_t)x->offered.n, (uint32_t)literals->n };

	for (size_t i = 0; i < literals->n; i++) {
		uint32_t l = literal_of(x, literals->v[i]);
		x->literals.v[l].offers++;
		LIST_PUSH(&x->offered, l);
	}
	LIST_PUSH(&x->options, o);
}

/* How good an option is to look for: few expressions know its commonest literal, and its shortest literal is long. */
struct rating {
	const struct option *option;
	uint32_t offers, length;
};

static struct rating rate(const struct expressions *x, const struct option *o)
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

static void use(struct expressions *x, const struct option *o, uint32_t bit)
{
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
			if (k == 0 || (best[k].offers <= COMMON && best[k].length >= kinds[LONG]))
				use(x, best[k].option, 1u << k);
	}
}

static uint64_t window_hash(const struct expressions *x, const struct literal *l, size_t offset)
{
	return hash_window(x->bytes.v + l->at + offset, mask_of(kind_of(l->n)));
}

static uint32_t windows_of(const struct literal *l)
{
	return l->user ? l->n - kinds[kind_of(l->n)] + 1 : 0;
}

static uint16_t *counter(uint16_t *uses, uint64_t hash)
{
	return &uses[hash >> (64 - COUNTERS_LOG)];
}

static void count_windows(const struct expressions *x, uint16_t *uses)
{
	for (size_t i = 0; i < x->literals.n; i++) {
		const struct literal *l = &x->literals.v[i];
		for (uint32_t k = 0; k < windows_of(l); k++) {
			uint16_t *c = counter(uses, window_hash(x, l, k));
			*c = (uint16_t)(*c + (*c < UINT16_MAX));
		}
	}
}

static uint32_t rarest_window(const struct expressions *x, const struct literal *l, uint16_t *uses)
{
	uint32_t best = 0, least = UINT32_MAX;

	for (uint32_t k = 0; k < windows_of(l); k++) {
		uint16_t n = *counter(uses, window_hash(x, l, k));
		if (n < least) {
			least = n;
			best = k;
		}
	}
	return best;
}

static void table_size(struct window_table *t, size_t windows)
{
	if (windows == 0)
		return;
	for (t->buckets_log = 6; (size_t)1 << t->buckets_log < windows * 2;)
		t->buckets_log++;
	for (t->bits_log = 10; (size_t)1 << t->bits_log < windows * BITS_PER_LITERAL;)
		t->bits_log++;
	t->buckets = table_new((size_t)1 << t->buckets_log, sizeof(*t->buckets));
	t->bits = table_new((size_t)1 << (t->bits_log - 6), sizeof(*t->bits));
	t->windows = table_new(windows, sizeof(*t->windows));
}

static void table_add(struct expressions *x, uint32_t literal, uint32_t offset)
{
	const struct literal *l = &x->literals.v[literal];
	struct window_table *t = &x->windows[kind_of(l->n)];
	uint64_t hash = window_hash(x, l, offset);
	uint32_t *bucket = &t->buckets[hash >> (64 - t->buckets_log)];

	t->windows[t->n] = (struct window){ (uint32_t)hash, literal, offset, *bucket };
	*bucket = (uint32_t)++t->n;
	bits_set(t->bits, hash >> (64 - t->bits_log));
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
		n[kind_of(x->literals.v[i].n)] += x->literals.v[i].user != 0;
	for (size_t kind = 0; kind < LITERAL_KINDS; kind++)
		table_size(&x->windows[kind], n[kind]);
	for (size_t i = 0; i < x->literals.n; i++) {
		const struct literal *l = &x->literals.v[i];
		if (l->user)
			table_add(x, (uint32_t)i, rarest_window(x, l, uses));
	}
	free(uses);
}

#define LOOK_STEPS 4 /* what it costs to compare one literal */

/* One run of the filter. */
struct filtering {
	const struct expressions *x;
	struct str text;
	struct filter_answer *out;
	uint32_t steps;
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

/* Literals whose window begins here. The first costs no steps: it is part of reading the text, whatever stands there. */
static bool look_closer(struct filtering *f, const struct window_table *t, uint64_t hash, size_t at)
{
	const struct expressions *x = f->x;
	bool first = true;

	for (uint32_t i = t->buckets[hash >> (64 - t->buckets_log)]; i; i = t->windows[i - 1].next) {
		const struct window *w = &t->windows[i - 1];
		if (w->hash != (uint32_t)hash)
			continue;
		const struct literal *l = &x->literals.v[w->literal];
		bool known = bits_has(f->out->seen, w->literal);
		if (!first && !spend(f, known ? 1 : LOOK_STEPS))
			return false;
		first = false;
		if (known || w->offset > at || l->n > f->text.n - (at - w->offset) ||
		    memcmp(f->text.p + at - w->offset, x->bytes.v + l->at, l->n) != 0)
			continue;
		bits_set(f->out->seen, w->literal);
		if (!tell_users(f, l))
			return false;
	}
	return true;
}

/* Looks at all places. The text has eight bytes behind its end. */
static bool look_at_all(struct filtering *f, size_t kind)
{
	const struct window_table *t = &f->x->windows[kind];
	const uint64_t mask = mask_of(kind), *bits = t->bits;
	const unsigned shift = 64 - t->bits_log;

	for (size_t at = 0; at + kinds[kind] <= f->text.n; at++) {
		uint64_t hash = hash_window(f->text.p + at, mask);
		if (bits_has(bits, hash >> shift) && !look_closer(f, t, hash, at))
			return false;
	}
	return true;
}

bool filter_run(const struct expressions *x, struct str folded, struct filter_answer *out, uint32_t *steps)
{
	struct filtering f = { x, folded, out, *steps };
	bool done = true;

	for (size_t kind = 0; kind < LITERAL_KINDS && done; kind++)
		if (x->windows[kind].n > 0)
			done = look_at_all(&f, kind);
	*steps = f.steps;
	return done;
}

/* A set of expressions: adding, and asking in the order filter, automata, PCRE2. */
#include "expression/expressions.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "expression/internal.h"

#define SCRATCH_BYTES (16u << 20) /* of the tree of one expression; sets of 4,096 characters take most */
#define VISITS_MAX (8 * EXPRESSION_CODE_MAX)
#define ALONE_MAX 16 /* expressions that are asked one by one */
#define OVERHEAD 64  /* bytes that one expression takes beside its code and its literals */

void *list_grow(void *v, size_t used, size_t n, size_t *room, size_t size)
{
	if (used + n <= *room)
		return v;
	for (*room = *room ? *room : 16; *room < used + n;)
		*room *= 2;
	v = realloc(v, *room * size);
	ASSERT(v);
	return v;
}

void *table_new(size_t n, size_t size)
{
	void *v = calloc(n, size);

	ASSERT(v);
	return v;
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

size_t sort_once(uint32_t *v, size_t n)
{
	size_t kept = 0;

	if (n > 0)
		qsort(v, n, sizeof(*v), compare_numbers);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || v[i] != v[i - 1])
			v[kept++] = v[i];
	return kept;
}

/* ---- sets of characters, each once ---- */

static uint32_t hash_set(const struct charset *c)
{
	uint64_t h = c->bits[0] * 0x9e3779b97f4a7c15u;

	h = (h ^ c->bits[1]) * 0x9e3779b97f4a7c15u;
	h = (h ^ c->bits[2] ^ h >> 32) * 0x9e3779b97f4a7c15u;
	for (uint32_t i = 0; i < c->n; i++)
		h = (h ^ c->points[i] ^ h >> 29) * 0x9e3779b97f4a7c15u;
	return (uint32_t)(h >> 32);
}

static bool same_set(const struct charset *a, const struct charset *b)
{
	return memcmp(a->bits, b->bits, sizeof(a->bits)) == 0 && a->n == b->n &&
	       (a->n == 0 || memcmp(a->points, b->points, a->n * sizeof(*a->points)) == 0);
}

static uint32_t *set_slot(struct expressions *x, const struct charset *c)
{
	for (size_t at = hash_set(c);; at++) {
		uint32_t *slot = &x->set_slots[at & (x->n_set_slots - 1)];
		if (!*slot || same_set(&x->sets.v[*slot - 1], c))
			return slot;
	}
}

static void grow_set_slots(struct expressions *x)
{
	if (x->sets.n * 2 < x->n_set_slots)
		return;
	free(x->set_slots);
	x->n_set_slots = x->n_set_slots ? x->n_set_slots * 4 : 256;
	x->set_slots = table_new(x->n_set_slots, sizeof(*x->set_slots));
	for (size_t i = 0; i < x->sets.n; i++)
		*set_slot(x, &x->sets.v[i]) = (uint32_t)i + 1;
}

static uint32_t add_set(struct expressions *x, const struct charset *c)
{
	grow_set_slots(x);
	uint32_t *slot = set_slot(x, c);
	if (*slot)
		return *slot - 1;
	struct charset own = *c;
	own.points = NULL;
	if (c->n > 0) {
		uint32_t *points = table_new(c->n, sizeof(*points));
		memcpy(points, c->points, c->n * sizeof(*points));
		own.points = points;
	}
	LIST_PUSH(&x->sets, own);
	*slot = (uint32_t)x->sets.n;
	return *slot - 1;
}

static uint32_t set_of_char(struct expressions *x, uint32_t cp)
{
	struct charset c = { .points = &cp, .n = cp >= 128 };

	if (cp >= 128)
		return add_set(x, &c);
	if (x->set_of[cp])
		return x->set_of[cp] - 1;
	bits_set(c.bits, cp);
	if (cp == 's')
		bits_set(c.bits, SYMBOL_LONG_S);
	if (cp == 'k')
		bits_set(c.bits, SYMBOL_KELVIN);
	x->set_of[cp] = add_set(x, &c) + 1;
	return x->set_of[cp] - 1;
}

/* ---- instructions ---- */

struct emitter {
	struct expressions *x;
	size_t from, visits;
	bool full; /* the expression is too large */
};

static size_t emit_one(struct emitter *e, enum op op, uint32_t arg)
{
	struct instr i = { .op = op, .arg = arg & 0x1fffffff };

	if (e->x->code.n - e->from >= EXPRESSION_CODE_MAX)
		e->full = true;
	else
		LIST_PUSH(&e->x->code, i);
	return e->x->code.n - 1;
}

/* The instruction goes on at `to` (an index). */
static void point(struct emitter *e, size_t instr, size_t to)
{
	e->x->code.v[instr].to = (int32_t)((int64_t)to - (int64_t)instr);
}

static void emit(struct emitter *e, const struct node *n);

static void emit_alternatives(struct emitter *e, const struct node *n)
{
	size_t last = SIZE_MAX; /* jumps to the end, chained by `to` until it is known */

	for (const struct node *c = n->first; c && !e->full; c = c->next) {
		size_t split = c->next ? emit_one(e, OP_SPLIT, 0) : 0;
		emit(e, c);
		if (!c->next || e->full)
			break;
		size_t jump = emit_one(e, OP_JUMP, 0);
		e->x->code.v[jump].to = last == SIZE_MAX ? 0 : (int32_t)(jump - last);
		last = jump;
		point(e, split, e->x->code.n);
	}
	while (last != SIZE_MAX) {
		int32_t back = e->x->code.v[last].to;
		point(e, last, e->x->code.n);
		last = back ? last - (size_t)back : SIZE_MAX;
	}
}

/* `count` copies, each of which may be left out with all that follow. */
static void emit_optional(struct emitter *e, const struct node *n, uint32_t count)
{
	size_t last = SIZE_MAX;

	for (uint32_t i = 0; i < count && !e->full; i++) {
		size_t split = emit_one(e, OP_SPLIT, 0);
		e->x->code.v[split].to = last == SIZE_MAX ? 0 : (int32_t)(split - last);
		last = split;
		emit(e, n);
	}
	while (last != SIZE_MAX) {
		int32_t back = e->x->code.v[last].to;
		point(e, last, e->x->code.n);
		last = back ? last - (size_t)back : SIZE_MAX;
	}
}

static void emit_repeat(struct emitter *e, const struct node *n)
{
	size_t begin = e->x->code.n;

	for (uint32_t i = 0; i < n->min && !e->full; i++) {
		begin = e->x->code.n;
		emit(e, n->first);
	}
	if (n->max != REPEAT_ENDLESS) {
		emit_optional(e, n->first, n->max - n->min);
	} else if (n->min > 0) {
		size_t split = emit_one(e, OP_SPLIT, 0);
		point(e, split, begin);
	} else {
		size_t split = emit_one(e, OP_SPLIT, 0);
		emit(e, n->first);
		point(e, emit_one(e, OP_JUMP, 0), split);
		point(e, split, e->x->code.n);
	}
}

static void emit(struct emitter *e, const struct node *n)
{
	if (++e->visits > VISITS_MAX)
		e->full = true;
	if (e->full)
		return;
	switch (n->kind) {
	case NODE_CHAR:
		emit_one(e, OP_CHAR, set_of_char(e->x, n->cp));
		break;
	case NODE_SET:
		emit_one(e, OP_CHAR, add_set(e->x, n->set));
		break;
	case NODE_CAT:
		for (const struct node *c = n->first; c; c = c->next)
			emit(e, c);
		break;
	case NODE_ALT:
		emit_alternatives(e, n);
		break;
	case NODE_REPEAT:
		emit_repeat(e, n);
		break;
	case NODE_ASSERT:
		emit_one(e, OP_ASSERT, n->assertion);
		break;
	case NODE_UNKNOWN:
		ASSERT(false); /* it is never run by us */
		break;
	}
}

/* ERR_LIMIT, and nothing is added: it is too large. */
static enum err emit_expression(struct expressions *x, const struct node *tree, uint32_t index)
{
	struct emitter e = { .x = x, .from = x->code.n };

	emit(&e, tree);
	emit_one(&e, OP_MATCH, index);
	if (!e.full)
		return OK;
	x->code.n = e.from;
	return ERR_LIMIT;
}

/* ---- the set ---- */

struct expressions *expressions_new(enum expressions_kind kind)
{
	struct expressions *x = table_new(1, sizeof(*x));

	x->kind = kind;
	x->scratch = arena_new(SCRATCH_BYTES, NULL, NULL);
	return x;
}

void expressions_free(struct expressions **x)
{
	if (!*x)
		return;
	for (size_t i = 0; i < (*x)->all.n; i++)
		pcre2_code_free((*x)->all.v[i].code);
	for (size_t i = 0; i < (*x)->sets.n; i++)
		free((void *)(uintptr_t)(*x)->sets.v[i].points);
	free((*x)->all.v);
	free((*x)->code.v);
	free((*x)->sets.v);
	free((*x)->set_slots);
	free((*x)->points.v);
	free((*x)->always.v);
	free((*x)->bytes.v);
	free((*x)->literals.v);
	free((*x)->users.v);
	free((*x)->options.v);
	free((*x)->offered.v);
	free((*x)->literal_slots);
	for (size_t i = 0; i < LITERAL_KINDS; i++) {
		free((*x)->windows[i].bits);
		free((*x)->windows[i].buckets);
		free((*x)->windows[i].windows);
	}
	arena_free(&(*x)->scratch);
	free(*x);
	*x = NULL;
}

size_t expressions_count(const struct expressions *x)
{
	return x ? x->all.n : 0;
}

/* Ours when we can, else PCRE2's; *tree_out NULL: nothing is known of it. */
static enum err read_expression(struct expressions *x, struct str pattern, struct expression *e,
				struct node **tree_out, struct errbuf *eb)
{
	bool exact = false;
	enum err err = expression_parse(x->scratch, x->kind, pattern, tree_out, &exact, eb);

	if (!err && exact) {
		err = emit_expression(x, *tree_out, (uint32_t)x->all.n);
		e->n = (uint32_t)(x->code.n - e->at);
	}
	if (x->kind == EXPRESSIONS_SEARCHED)
		return err == ERR_LIMIT ? err_set(eb, ERR_SYNTAX,
						  "the expression is too large: "
						  "repetitions of repetitions multiply (offset 0)")
					: err;
	if (err == ERR_ABSENT)
		*tree_out = NULL;
	return !err && exact ? OK : regex_compile(pattern, &e->code, eb);
}

static size_t options_size(const struct options *o)
{
	size_t bytes = 0;

	for (size_t i = 0; i < o->n; i++)
		for (size_t k = 0; k < o->v[i].literals.n; k++)
			bytes += o->v[i].literals.v[k].n + sizeof(struct literal) + sizeof(struct option);
	return bytes;
}

/* Whether it is searched for, and is that literal and nothing else. */
static bool is_plain(const struct expressions *x, const struct node *tree, const struct options *o)
{
	char bytes[4];
	size_t n = 0;

	if (x->kind != EXPRESSIONS_SEARCHED || o->n != 1 || o->v[0].literals.n != 1 || tree->kind != NODE_CAT)
		return false;
	for (const struct node *c = tree->first; c; c = c->next) {
		if (c->kind != NODE_CHAR)
			return false;
		n += utf8_encode(c->cp, bytes);
	}
	return n == o->v[0].literals.v[0].n;
}

enum err expressions_add(struct expressions *x, struct str pattern, uint32_t tag, size_t *room,
			 struct errbuf *eb)
{
	struct expression e = { .tag = tag, .at = (uint32_t)x->code.n };
	struct node *tree = NULL;

	size_t sets = x->sets.n;
	arena_reset(x->scratch);
	enum err err = read_expression(x, pattern, &e, &tree, eb);
	if (err)
		return err;
	struct options options = { .n = 0 };
	if (tree)
		expression_literals(x->scratch, tree, &options);
	size_t bytes = OVERHEAD + e.n * sizeof(struct instr) + (e.code ? regex_size(e.code) : 0) +
		       options_size(&options);
	for (; sets < x->sets.n; sets++)
		bytes += sizeof(struct charset) + 2 * x->sets.v[sets].n * sizeof(uint32_t);
	if (bytes > *room) {
		pcre2_code_free(e.code);
		x->code.n = e.at;
		return err_set(eb, ERR_LIMIT, "no room for one more expression");
	}
	*room -= bytes;
	e.options = (uint32_t)x->options.n;
	for (size_t i = 0; i < options.n; i++)
		filter_offer(x, (uint32_t)x->all.n, &options.v[i]);
	if (tree && is_plain(x, tree, &options))
		e.plain = x->offered.v[x->offered.n - 1] + 1;
	if (options.n == 0)
		LIST_PUSH(&x->always, (uint32_t)x->all.n);
	LIST_PUSH(&x->all, e);
	return OK;
}

enum err expressions_check(enum expressions_kind kind, struct str pattern, size_t *bytes_out,
			   struct errbuf *eb)
{
	struct expressions *x = expressions_new(kind);
	size_t room = LIMIT_POLICY_CODE;
	enum err err = OK;

	/* Whatever our automaton takes, it must be an expression to others, too. */
	if (kind == EXPRESSIONS_WHOLE) {
		pcre2_code *code = NULL;
		err = regex_compile(pattern, &code, eb);
		pcre2_code_free(code);
	}
	if (!err)
		err = expressions_add(x, pattern, 0, &room, eb);
	if (bytes_out)
		*bytes_out = err ? 0 : LIMIT_POLICY_CODE - room;
	expressions_free(&x);
	return err;
}

/* All characters beyond ASCII that any expression names. */
static void collect_points(struct expressions *x)
{
	for (size_t i = 0; i < x->sets.n; i++)
		for (uint32_t k = 0; k < x->sets.v[i].n; k++)
			LIST_PUSH(&x->points, x->sets.v[i].points[k]);
	x->points.n = sort_once(x->points.v, x->points.n);
}

void expressions_ready(struct expressions *x)
{
	arena_free(&x->scratch);
	free(x->set_slots);
	x->set_slots = NULL;
	collect_points(x);
	filter_ready(x);
	fold_table(x->table);
}

/* ---- asking ---- */

struct expressions_asker {
	struct arena *arena;
	const struct expressions *x;
	struct expressions_steps *steps;
	struct regex_matcher regex;
	/* Of the question in hand. */
	struct filter_answer found;
	uint64_t *hits;           /* a bit for each expression */
	struct automaton *always; /* of those of `always` that are ours */
	uint32_t *ours, *theirs;  /* of `always`, then of those found */
	size_t n_always, n_always_theirs;
};

struct expressions_asker *expressions_asker_new(struct arena *a, const struct expressions *x,
						struct expressions_steps *steps)
{
	struct expressions_asker *k = ARENA_NEW(a, struct expressions_asker);

	k->arena = a;
	k->x = x;
	k->steps = steps;
	return k;
}

static size_t words(size_t bits)
{
	return bits / 64 + 1;
}

static void prepare(struct expressions_asker *k)
{
	const struct expressions *x = k->x;

	if (k->hits) {
		memset(k->hits, 0, words(x->all.n) * sizeof(*k->hits));
		memset(k->found.times, 0, x->literals.n);
		memset(k->found.got, 0, x->all.n);
		return;
	}
	k->hits = ARENA_ARRAY(k->arena, words(x->all.n), uint64_t);
	k->found.times = ARENA_ARRAY(k->arena, x->literals.n, uint8_t);
	k->found.got = ARENA_ARRAY(k->arena, x->all.n, uint8_t);
	k->found.expressions = arena_alloc(k->arena, x->all.n * sizeof(*k->found.expressions));
	k->ours = arena_alloc(k->arena, 2 * (x->all.n + 1) * sizeof(*k->ours));
	k->theirs = k->ours + x->all.n + 1;
	for (size_t i = 0; i < x->always.n; i++) {
		if (x->all.v[x->always.v[i]].code)
			k->theirs[k->n_always_theirs++] = x->always.v[i];
		else
			k->ours[k->n_always++] = x->always.v[i];
	}
}

/* Expressions asked in one go, all ours or all PCRE2's. */
struct group {
	const uint32_t *v;
	size_t n;
};

/* One question on its way. */
struct asking {
	struct expressions_asker *k;
	struct str value;  /* for PCRE2: as it came, valid UTF-8 */
	struct str folded; /* for our automata */
	struct expressions_answer *out;
	bool searched;
	bool places_hold; /* `folded` is what the filter read */
};

static bool is_sure(const struct asking *q)
{
	return q->searched && q->out->hits.n > 0;
}

/* m NULL: there were too few steps to make it. zones NULL: matches may begin anywhere. */
static void ask_automaton(struct asking *q, struct automaton *m, struct group group,
			  const struct zones *zones, uint32_t *steps)
{
	const struct expressions *x = q->k->x;
	size_t end = 0;

	if (!m || !automaton_run(m, q->folded, zones, steps, q->k->hits, &end))
		q->out->unfinished += group.n;
	for (size_t i = 0; i < group.n && q->searched; i++) {
		if (!bits_has(q->k->hits, group.v[i]))
			continue;
		ARENA_PUSH(q->k->arena, &q->out->hits, x->all.v[group.v[i]].tag);
		q->out->seen = str_sub(q->folded, 0, end);
	}
}

static void ask_theirs(struct asking *q, struct group group, uint32_t *steps)
{
	struct expressions_asker *k = q->k;

	for (size_t i = 0; i < group.n; i++) {
		switch (regex_ask(&k->regex, k->arena, k->x->all.v[group.v[i]].code, q->value, steps)) {
		case REGEX_MATCHES:
			bits_set(q->k->hits, group.v[i]);
			break;
		case REGEX_GAVE_UP:
			q->out->unfinished++;
			break;
		case REGEX_DIFFERS:
			break;
		}
	}
}

/* What is nothing but its literal needs no automaton, and so nothing that others cost takes it away. */
static void tell_plain(struct asking *q, struct str folded)
{
	const struct expressions *x = q->k->x;

	for (size_t i = 0; i < q->k->found.n; i++) {
		const struct expression *e = &x->all.v[q->k->found.expressions[i]];
		if (!e->plain)
			continue;
		const struct literal *l = &x->literals.v[e->plain - 1];
		size_t at = str_find(folded, str_from(x->bytes.v + l->at, l->n), 0);
		ARENA_PUSH(q->k->arena, &q->out->hits, e->tag);
		q->out->seen = str_sub(folded, 0, at + l->n);
		return;
	}
}

static bool find_zones(struct asking *q, struct group group, struct zones *out)
{
	return q->places_hold && zones_find(q->k->arena, q->k->x, &q->k->found, group.v, group.n, out);
}

/* The shortest first: one of them may be all of what they cost, and a sender can see to that. */
static void ask_alone(struct asking *q, uint32_t *v, size_t n)
{
	const struct expressions *x = q->k->x;
	struct expressions_steps *steps = q->k->steps;
	struct zones zones;

	for (; n > 0 && !is_sure(q); n--) {
		size_t best = 0;
		for (size_t i = 1; i < n; i++)
			best = x->all.v[v[i]].n < x->all.v[v[best]].n ? i : best;
		uint32_t e = v[best], share = steps->alone / (uint32_t)n;
		v[best] = v[n - 1];
		steps->alone -= share;
		struct automaton *m = automaton_new(q->k->arena, x, &e, 1, true, &share);
		bool in_zones = m && find_zones(q, (struct group){ &e, 1 }, &zones);
		ask_automaton(q, m, (struct group){ &e, 1 }, in_zones ? &zones : NULL, &share);
		steps->alone += share;
	}
}

static void ask_together(struct asking *q, uint32_t *v, size_t n)
{
	struct expressions_asker *k = q->k;
	size_t before = q->out->unfinished;
	struct zones zones;

	struct automaton *m = automaton_new(k->arena, k->x, v, n, q->searched, &k->steps->likely);
	bool in_zones = m && find_zones(q, (struct group){ v, n }, &zones);
	ask_automaton(q, m, (struct group){ v, n }, in_zones ? &zones : NULL, &k->steps->likely);
	if (q->out->unfinished == before || !q->searched || n > ALONE_MAX)
		return;
	q->out->unfinished = before;
	ask_alone(q, v, n);
}

/* Those whose literals are there. */
static void ask_found(struct asking *q)
{
	struct expressions_asker *k = q->k;
	const struct expressions *x = k->x;
	uint32_t *ours = k->ours + k->n_always, *theirs = k->theirs + k->n_always_theirs;
	size_t n = 0, n_theirs = 0;

	for (size_t i = 0; i < k->found.n; i++) {
		uint32_t e = k->found.expressions[i];
		if (x->all.v[e].code)
			theirs[n_theirs++] = e;
		else
			ours[n++] = e;
	}
	if (n > 0)
		ask_together(q, ours, n);
	ask_theirs(q, (struct group){ theirs, n_theirs }, &k->steps->likely);
}

static void ask_always(struct asking *q)
{
	struct expressions_asker *k = q->k;

	if (k->n_always > 0) {
		if (!k->always)
			k->always =
			    automaton_new(k->arena, k->x, k->ours, k->n_always, true, &k->steps->others);
		ask_automaton(q, k->always, (struct group){ k->ours, k->n_always }, NULL, &k->steps->others);
	}
	ask_theirs(q, (struct group){ k->theirs, k->n_always_theirs }, &k->steps->others);
}

static void list_hits(struct asking *q)
{
	const struct expressions *x = q->k->x;

	for (size_t w = 0; w < words(x->all.n); w++)
		for (uint64_t left = q->k->hits[w]; left; left &= left - 1)
			ARENA_PUSH(q->k->arena, &q->out->hits,
				   x->all.v[w * 64 + (size_t)__builtin_ctzll(left)].tag);
}

void expressions_ask(struct expressions_asker *k, struct str text, struct expressions_answer *out)
{
	const struct expressions *x = k->x;

	*out = (struct expressions_answer){ 0 };
	if (!x || x->all.n == 0)
		return;
	prepare(k);
	struct asking q = { .k = k, .out = out, .searched = x->kind == EXPRESSIONS_SEARCHED };
	struct fold fold = { .table = x->table, .spaces = q.searched };
	bool kept, ignored;
	q.value = q.searched ? text : utf8_clean(k->arena, text);
	struct str folded = q.folded = fold_text(k->arena, &fold, text, &kept);
	if (kept) {
		fold.keep = true;
		q.folded = fold_text(k->arena, &fold, text, &ignored);
	}
	q.places_hold = q.searched && !kept;
	bool all = filter_run(k->arena, x, folded, &k->found, &k->steps->likely);
	tell_plain(&q, folded);
	if (!is_sure(&q) && all)
		ask_found(&q);
	else
		out->unfinished += x->all.n - x->always.n;
	if (!is_sure(&q))
		ask_always(&q);
	if (!q.searched)
		list_hits(&q);
	if (is_sure(&q))
		out->unfinished = 0;
}

/* Stochastic gradient descent over hashed features, five folds by thread, and the bands. */
#include "classifier/train.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"

ENUM_DEFINE(lesson_label, LESSON_LABELS);

/* Measured in November 2026 on mail that was not learnt: half or twice of each changes nothing that counts. */
#define EPOCHS 20
#define RATE 0.1
#define PULL 3e-4 /* towards the weights that were there before */
#define FOLDS 5
#define TIE_BYTES 300                  /* of a text, by which near copies are known */
#define LESSON_ARENA ((size_t)1 << 20) /* for the features of one text */
#define ABOUT_EQUAL 1e-6

struct lesson {
	enum lesson_label label;
	size_t source;
	uint32_t *ids;
	size_t n;
	uint64_t ties[2]; /* of subject and beginning; 0 = none */
	size_t thread;    /* index of the first of its thread */
	double score;     /* by a model that had not seen it */
};

struct lessons {
	struct lesson *v;
	size_t n, room;
	size_t count[LESSON_LABELS_COUNT];
	struct arena *arena; /* for one text */
};

struct lessons *lessons_new(void)
{
	struct lessons *l = calloc(1, sizeof(*l));

	ASSERT(l);
	l->arena = arena_new(LESSON_ARENA, NULL, NULL);
	return l;
}

void lessons_free(struct lessons **l)
{
	for (size_t i = 0; *l && i < (*l)->n; i++)
		free((*l)->v[i].ids);
	if (*l) {
		arena_free(&(*l)->arena);
		free((*l)->v);
	}
	free(*l);
	*l = NULL;
}

size_t lessons_count(const struct lessons *l, enum lesson_label label)
{
	return l->count[label];
}

/* Without what programs put in front. */
static struct str subject_root(struct str s)
{
	static const struct str fronts[] = { STR_INIT("re:"), STR_INIT("fw:"), STR_INIT("fwd:"),
					     STR_INIT("aw:"), STR_INIT("wg:"), STR_INIT("sv:") };
	bool more = true;

	while (more) {
		more = false;
		s = str_trim(s);
		for (size_t i = 0; i < ARRAY_LEN(fronts) && !more; i++) {
			more = str_starts_nocase(s, fronts[i]);
			s = str_sub(s, more ? fronts[i].n : 0, s.n);
		}
		size_t end = s.n > 0 && s.p[0] == '[' ? str_find_char(s, ']', 0) : SIZE_MAX;
		if (!more && end != SIZE_MAX) {
			s = str_sub(s, end + 1, s.n);
			more = true;
		}
	}
	return s;
}

static uint64_t tie(struct str s)
{
	static const unsigned char key[16] = "ties of lessons";

	return s.n == 0 ? 0 : hash_sip(key, s) | 1;
}

static struct lesson *push(struct lessons *l)
{
	if (l->n == l->room) {
		l->room = l->room ? l->room * 2 : 1024;
		l->v = realloc(l->v, l->room * sizeof(*l->v));
		ASSERT(l->v);
	}
	l->v[l->n] = (struct lesson){ 0 };
	return &l->v[l->n++];
}

enum err lessons_add(struct lessons *l, enum lesson_label label, size_t source, const struct scan_text *text)
{
	ASSERT(source < LESSON_SOURCES);
	if (l->n == LESSONS_MAX)
		return ERR_LIMIT;
	struct features f = features_of(l->arena, text->words);
	struct lesson *x = push(l);

	*x = (struct lesson){ .label = label, .source = source, .n = f.n };
	x->ids = malloc((f.n + 1) * sizeof(*x->ids));
	ASSERT(x->ids);
	for (size_t i = 0; i < f.n; i++)
		x->ids[i] = f.v[i].id;
	x->ties[0] = tie(arena_lower(l->arena, subject_root(text->subject)));
	x->ties[1] = tie(str_sub(text->body, 0, TIE_BYTES));
	l->count[label]++;
	arena_reset(l->arena);
	return OK;
}

/* ---- threads ---- */

static size_t root(struct lesson *v, size_t i)
{
	while (v[i].thread != i) {
		v[i].thread = v[v[i].thread].thread;
		i = v[i].thread;
	}
	return i;
}

struct tied {
	uint64_t tie;
	size_t lesson;
};

static int by_tie(const void *a, const void *b)
{
	const struct tied *x = a, *y = b;

	if (x->tie != y->tie)
		return x->tie < y->tie ? -1 : 1;
	return (x->lesson > y->lesson) - (x->lesson < y->lesson);
}

/* The root of a thread is its first mail. */
static void find_threads(struct lessons *l)
{
	struct tied *t = calloc(l->n * 2 + 1, sizeof(*t));
	size_t n = 0;

	ASSERT(t);
	for (size_t i = 0; i < l->n; i++) {
		l->v[i].thread = i;
		for (size_t k = 0; k < ARRAY_LEN(l->v[i].ties); k++)
			if (l->v[i].ties[k])
				t[n++] = (struct tied){ l->v[i].ties[k], i };
	}
	qsort(t, n, sizeof(*t), by_tie);
	for (size_t i = 1; i < n; i++) {
		if (t[i].tie != t[i - 1].tie)
			continue;
		size_t a = root(l->v, t[i - 1].lesson), b = root(l->v, t[i].lesson);
		l->v[a > b ? a : b].thread = a > b ? b : a;
	}
	free(t);
}

static size_t fold_of(struct lessons *l, size_t i)
{
	const struct lesson *first = &l->v[root(l->v, i)];

	return (first->ties[0] ^ first->ties[1] >> 7) % FOLDS;
}

/* ---- learning ---- */

/* e to the power of x by its series, without a library that may round otherwise on another machine. */
static double exp_of(double x)
{
	double halves = 1, sum = 1;
	int n = 0;

	if (x < -40)
		return 0;
	if (x > 40)
		x = 40;
	for (; x > 0.5 || x < -0.5; n++)
		x /= 2;
	for (int i = 12; i > 0; i--)
		sum = 1 + sum * x / i;
	for (halves = sum; n > 0; n--)
		halves *= halves;
	return halves;
}

/* The natural logarithm, likewise: of the mantissa as a series of the inverse hyperbolic tangent. */
static double log_of(double x)
{
	int power;
	double m = frexp(x, &power), t = (m - 1) / (m + 1), square = t * t, sum = 0;

	for (int i = 41; i > 0; i -= 2)
		sum = sum * square + 1.0 / i;
	return 2 * t * sum + power * 0.693147180559945309;
}

/*
 * What is being learnt of one output: what is added to the base, how far each weight went, and how much each feature is
 * trusted: by how much more often it is met on one side than on the other. (Wang and Manning 2012: naive Bayes as the scale
 * of a linear model. It halves what a threshold misses.)
 */
struct learner {
	enum classifier_output output;
	const struct classifier *base; /* NULL = none */
	double *weight, *way, *trust;
	double bias, bias_way;
	uint64_t random;
};

static struct learner learner_new(const struct classifier *base, enum classifier_output output)
{
	struct learner r = { .output = output, .base = base, .random = 88172645463325252u };

	r.weight = calloc(FEATURES_COUNT, sizeof(*r.weight));
	r.way = calloc(FEATURES_COUNT, sizeof(*r.way));
	r.trust = calloc(FEATURES_COUNT, sizeof(*r.trust));
	ASSERT(r.weight && r.way && r.trust);
	return r;
}

static void learner_free(struct learner *r)
{
	free(r->weight);
	free(r->way);
	free(r->trust);
}

/* xorshift64 (Marsaglia 2003). */
static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static double whole_weight(const struct learner *r, uint32_t id)
{
	double before =
	    r->base ? (double)r->base->weights[id].of[r->output] * (double)r->base->unit[r->output] : 0;

	return before + r->weight[id] * r->trust[id];
}

static double ask(const struct learner *r, const struct lesson *x)
{
	double sum = 0, bias = r->bias + (r->base ? (double)r->base->bias[r->output] : 0);

	for (size_t i = 0; i < x->n; i++)
		sum += whole_weight(r, x->ids[i]);
	return x->n == 0 ? bias : bias + sum / sqrt((double)x->n);
}

static void learn_one(struct learner *r, const struct lesson *x, bool yes, double importance)
{
	double p = 1 / (1 + exp_of(-ask(r, x))), error = (p - (yes ? 1 : 0)) * importance;
	double each = error / sqrt((double)x->n + (x->n == 0));

	for (size_t i = 0; i < x->n; i++) {
		uint32_t id = x->ids[i];
		double slope = each * r->trust[id] + PULL * r->weight[id];
		r->way[id] += slope * slope;
		r->weight[id] -= RATE * slope / sqrt(r->way[id] + ABOUT_EQUAL);
	}
	r->bias_way += error * error;
	r->bias -= RATE * error / sqrt(r->bias_way + ABOUT_EQUAL);
}

static bool concerns(const struct lesson *x, enum classifier_output output)
{
	return output == CLASSIFIER_UNWANTED || !lesson_is_good(x->label);
}

static bool is_yes(const struct lesson *x, enum classifier_output output)
{
	return output == CLASSIFIER_UNWANTED ? !lesson_is_good(x->label) : x->label == LESSON_PHISH;
}

/*
 * Frauds are fewer than advertising; both halves of that question weigh the same. Mail to many who asked for it is rare in
 * collections, and most easily mistaken.
 */
#define BULK_IMPORTANCE 2

static double importance_of(const struct lessons *l, const struct lesson *x, enum classifier_output output)
{
	double n = (double)l->count[x->label],
	       both = (double)(l->count[LESSON_SPAM] + l->count[LESSON_PHISH]);

	if (output == CLASSIFIER_UNWANTED)
		return x->label == LESSON_BULK ? BULK_IMPORTANCE : 1;
	return both / (2 * n);
}

/* From how many of each side have a feature. */
static void find_trust(struct learner *r, const struct lessons *l, const size_t *order, size_t n)
{
	uint32_t(*met)[2] = calloc(FEATURES_COUNT, sizeof(*met));
	double sides[2] = { 2, 2 };

	ASSERT(met);
	for (size_t i = 0; i < n; i++) {
		const struct lesson *x = &l->v[order[i]];
		bool yes = is_yes(x, r->output);
		sides[yes]++;
		for (size_t k = 0; k < x->n; k++)
			met[x->ids[k]][yes]++;
	}
	for (uint32_t id = 0; id < FEATURES_COUNT; id++)
		r->trust[id] =
		    fabs(log_of((met[id][1] + 1.0) / sides[1]) - log_of((met[id][0] + 1.0) / sides[0]));
	free(met);
}

/* Of all lessons but those of a fold; FOLDS = of all. */
static void learn(struct learner *r, struct lessons *l, size_t but)
{
	size_t *order = calloc(l->n + 1, sizeof(*order)), n = 0;

	ASSERT(order);
	for (size_t i = 0; i < l->n; i++)
		if (concerns(&l->v[i], r->output) && fold_of(l, i) != but)
			order[n++] = i;
	find_trust(r, l, order, n);
	for (int epoch = 0; epoch < EPOCHS; epoch++) {
		for (size_t i = n; i > 1; i--) {
			size_t j = (size_t)(random_next(&r->random) % i), other = order[j];
			order[j] = order[i - 1];
			order[i - 1] = other;
		}
		for (size_t i = 0; i < n; i++) {
			const struct lesson *x = &l->v[order[i]];
			learn_one(r, x, is_yes(x, r->output), importance_of(l, x, r->output));
		}
	}
	free(order);
}

/* ---- the bands ---- */

static int ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The score above which a share of the n ascending ones lies; of few, above all of them. */
static double above(const double *v, size_t n, double share)
{
	size_t more = (size_t)((double)n * share);

	return n == 0 ? -(double)INFINITY : v[n - 1 - (more < n ? more : n - 1)];
}

/*
 * Mail of one place is not like that of another, so each source must keep below the bands by itself, and all of them together:
 * of a small one the worst mail says little about a share of a thousand.
 *
 * Written mails are made in pairs, to be told apart with effort: there are far more hard ones among them than among mail
 * that comes. Of them WRITTEN_SHARE times as many may reach a band.
 */
#define SOURCE_LEAST 200
#define WRITTEN_SHARE 5
#define RECEIVED LESSON_SOURCES /* all sources but the written one */
/* How far BAND_ALONE lies above BAND_SURE, in times of what that lies above BAND_DOUBT: one to two give the same figures. */
#define ALONE_MARGIN 1.2

/* Scores of the wanted mails of a source, ascending; gives their number. */
static size_t wanted_scores(const struct lessons *l, size_t source, double *v)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct lesson *x = &l->v[i];
		bool of = source == RECEIVED ? x->source != LESSON_WRITTEN : x->source == source;
		if (of && lesson_is_good(x->label))
			v[n++] = x->score;
	}
	qsort(v, n, sizeof(*v), ascending);
	return n;
}

static void find_bands(const struct lessons *l, const struct classifier *base, float bands[CLASSIFIER_BANDS])
{
	static const double rates[BAND_SURE + 1] = {
		[BAND_HINT] = 0.05, [BAND_NOTICE] = 0.02, [BAND_DOUBT] = 0.005, [BAND_SURE] = 0.001
	};
	double *v = calloc(l->n + 1, sizeof(*v)), found[CLASSIFIER_BANDS];

	ASSERT(v);
	for (size_t b = 0; b < CLASSIFIER_BANDS; b++)
		found[b] = base ? (double)base->bands[b] : -(double)INFINITY;
	for (size_t source = 0; source <= RECEIVED; source++) {
		size_t n = wanted_scores(l, source, v);
		if (n < SOURCE_LEAST && source != RECEIVED)
			continue;
		for (size_t b = 0; b <= BAND_SURE; b++)
			found[b] = fmax(
			    found[b], above(v, n, rates[b] * (source == LESSON_WRITTEN ? WRITTEN_SHARE : 1)));
	}
	found[BAND_ALONE] =
	    fmax(found[BAND_ALONE], found[BAND_SURE] + ALONE_MARGIN * (found[BAND_SURE] - found[BAND_DOUBT]));
	/* Whose score is the band itself must not be above it for being rounded. */
	for (size_t b = 0; b < CLASSIFIER_BANDS; b++) {
		double least = b > 0 ? (double)bands[b - 1] : found[b];
		bands[b] = nextafterf((float)fmax(found[b], least), INFINITY);
	}
	free(v);
}

static void count(struct lesson_figures *f, const struct lesson *x, double score,
		  const float bands[CLASSIFIER_BANDS])
{
	f->of[x->label]++;
	for (size_t b = 0; b < CLASSIFIER_BANDS; b++)
		f->reached[x->label][b] += score > (double)bands[b];
}

struct lesson_figures lessons_ask(const struct lessons *l, const struct classifier *m, size_t source)
{
	struct learner r = learner_new(m, CLASSIFIER_UNWANTED);
	struct lesson_figures f = { 0 };

	for (size_t i = 0; i < l->n; i++)
		if (source == LESSON_SOURCES || l->v[i].source == source)
			count(&f, &l->v[i], ask(&r, &l->v[i]), m->bands);
	learner_free(&r);
	return f;
}

/* ---- the file ---- */

/* Weights become bytes; the unit is such that the largest fits. */
static void quantize(const struct learner *r, struct classifier_weights *weights, struct classifier *m)
{
	double most = ABOUT_EQUAL;

	for (uint32_t i = 0; i < FEATURES_COUNT; i++)
		most = fmax(most, fabs(whole_weight(r, i)));
	m->unit[r->output] = (float)(most / 127);
	m->bias[r->output] = (float)(r->bias + (r->base ? (double)r->base->bias[r->output] : 0));
	for (uint32_t i = 0; i < FEATURES_COUNT; i++) {
		double steps = nearbyint(whole_weight(r, i) / (double)m->unit[r->output]);
		weights[i].of[r->output] = (int8_t)fmax(-127, fmin(127, steps));
	}
}

/* Without any, nothing says where the bands begin. */
static size_t received_good(const struct lessons *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += lesson_is_good(l->v[i].label) && l->v[i].source != LESSON_WRITTEN;
	return n;
}

enum err train(struct lessons *l, const struct classifier *base, struct str about, struct trained *out,
	       struct errbuf *eb)
{
	size_t good = l->count[LESSON_HAM] + l->count[LESSON_BULK],
	       bad = l->count[LESSON_SPAM] + l->count[LESSON_PHISH];
	struct classifier m = { .about = about };

	*out = (struct trained){ 0 };
	if (good < LESSONS_LEAST || bad < LESSONS_LEAST)
		return err_set(eb, ERR_ABSENT,
			       "%zu wanted and %zu unwanted mails are too few: it takes %d of each", good,
			       bad, LESSONS_LEAST);
	if (!base && received_good(l) < LESSONS_LEAST)
		return err_set(eb, ERR_ABSENT, "from nothing it takes %d wanted mails that somebody received",
			       LESSONS_LEAST);
	struct classifier_weights *weights = calloc(FEATURES_COUNT, sizeof(*weights));
	ASSERT(weights);
	m.weights = weights;
	find_threads(l);
	for (size_t fold = 0; fold < FOLDS; fold++) {
		struct learner r = learner_new(base, CLASSIFIER_UNWANTED);
		learn(&r, l, fold);
		for (size_t i = 0; i < l->n; i++)
			if (fold_of(l, i) == fold)
				l->v[i].score = ask(&r, &l->v[i]);
		learner_free(&r);
	}
	find_bands(l, base, m.bands);
	if (base)
		out->before = lessons_ask(l, base, LESSON_SOURCES);
	for (size_t i = 0; i < l->n; i++)
		count(&out->after, &l->v[i], l->v[i].score, m.bands);
	for (int output = 0; output < CLASSIFIER_OUTPUTS; output++) {
		struct learner r = learner_new(base, (enum classifier_output)output);
		learn(&r, l, FOLDS);
		quantize(&r, weights, &m);
		learner_free(&r);
	}
	buf_init(&out->file, CLASSIFIER_FILE_MAX);
	classifier_write(&out->file, &m);
	ASSERT(buf_ok(&out->file));
	free(weights);
	return OK;
}

/* Reading, writing and asking a model (classifier.h). */
#include "classifier/classifier.h"

#include <math.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "classifier/telling.h"

#define MAGIC "PMODEL01"
#define HEAD_SIZE (8 + 4 * (2 + 2 * CLASSIFIER_OUTPUTS + CLASSIFIER_BANDS))
#define WEIGHTS_SIZE ((size_t)FEATURES_COUNT * CLASSIFIER_OUTPUTS)
#define VALUE_MOST 1e6 /* of a bias, unit or band: more is no model of ours, and sums of them stay finite */

static uint32_t get_u32(struct str s, size_t at)
{
	uint32_t n = 0;

	for (size_t i = 4; i > 0; i--)
		n = n << 8 | (unsigned char)s.p[at + i - 1];
	return n;
}

static void put_u32(struct buf *b, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		buf_add_char(b, (char)(n >> (8 * i) & 0xff));
}

/* False: no number that a model has. */
static bool get_floats(struct str s, size_t *at, float *out, size_t n)
{
	for (size_t i = 0; i < n; i++, *at += 4) {
		uint32_t bits = get_u32(s, *at);
		memcpy(&out[i], &bits, sizeof(bits));
		if (!(fabs((double)out[i]) <= VALUE_MOST))
			return false;
	}
	return true;
}

static void put_floats(struct buf *b, const float *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t bits;
		memcpy(&bits, &v[i], sizeof(bits));
		put_u32(b, bits);
	}
}

static bool is_ascending(const float *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (v[i] < v[i - 1])
			return false;
	return true;
}

enum err classifier_read(struct str bytes, struct classifier *out, struct errbuf *eb)
{
	size_t at = 16;

	*out = (struct classifier){ 0 };
	if (bytes.n < HEAD_SIZE || !str_starts(bytes, STR(MAGIC)))
		return err_set(eb, ERR_SYNTAX, "this is not a model");
	if (get_u32(bytes, 8) != FEATURES_VERSION)
		return err_set(eb, ERR_CONFLICT, "the model is of another version of the program");
	size_t about = get_u32(bytes, 12);
	if (about > CLASSIFIER_ABOUT_MAX || bytes.n != HEAD_SIZE + about + WEIGHTS_SIZE + SHA256_BYTES)
		return err_set(eb, ERR_SYNTAX, "the model is cut short or too long");
	struct sha256 sum = hash_sha256(str_sub(bytes, 0, bytes.n - SHA256_BYTES));
	if (memcmp(sum.b, bytes.p + bytes.n - SHA256_BYTES, SHA256_BYTES) != 0)
		return err_set(eb, ERR_SYNTAX, "the model is damaged");
	if (!get_floats(bytes, &at, out->bias, CLASSIFIER_OUTPUTS) ||
	    !get_floats(bytes, &at, out->unit, CLASSIFIER_OUTPUTS) ||
	    !get_floats(bytes, &at, out->bands, CLASSIFIER_BANDS) ||
	    !is_ascending(out->bands, CLASSIFIER_BANDS))
		return err_set(eb, ERR_SYNTAX, "the model has numbers that no model has");
	out->about = str_sub(bytes, at, at + about);
	if (!utf8_is_valid(out->about))
		return err_set(eb, ERR_SYNTAX, "the text about the model is not UTF-8");
	out->weights = (const struct classifier_weights *)(const void *)(bytes.p + at + about);
	return OK;
}

void classifier_write(struct buf *out, const struct classifier *m)
{
	size_t start = out->n;

	ASSERT(m->about.n <= CLASSIFIER_ABOUT_MAX);
	buf_add(out, STR(MAGIC));
	put_u32(out, FEATURES_VERSION);
	put_u32(out, (uint32_t)m->about.n);
	put_floats(out, m->bias, CLASSIFIER_OUTPUTS);
	put_floats(out, m->unit, CLASSIFIER_OUTPUTS);
	put_floats(out, m->bands, CLASSIFIER_BANDS);
	buf_add(out, m->about);
	buf_add(out, str_from(m->weights, WEIGHTS_SIZE));
	if (!buf_ok(out))
		return;
	struct sha256 sum = hash_sha256(str_sub(buf_str(out), start, out->n));
	buf_add(out, str_from(sum.b, SHA256_BYTES));
}

double classifier_score(const struct classifier *m, const struct features *f, enum classifier_output output)
{
	int64_t sum = 0;

	for (size_t i = 0; i < f->n; i++)
		sum += m->weights[f->v[i].id].of[output];
	if (f->n == 0)
		return (double)m->bias[output];
	return (double)m->bias[output] + (double)m->unit[output] * (double)sum / sqrt((double)f->n);
}

/* What one word of the text weighs. */
struct weighed {
	struct str word;
	int64_t weight;
};

/* Whoever has the piece or the pair shares its weight by the characters. */
static void give(int64_t *by_byte, const struct feature *f, int weight)
{
	for (uint32_t i = 0; i < f->length; i++)
		by_byte[f->from + i] += weight * 64 / (int)f->length;
}

static void keep_heaviest(struct weighed *best, size_t *n, struct weighed w)
{
	size_t at = *n;

	for (size_t i = 0; i < *n; i++)
		if (str_eq(best[i].word, w.word))
			return;
	while (at > 0 && best[at - 1].weight < w.weight)
		at--;
	if (at >= CLASSIFIER_WORDS)
		return;
	*n += *n < CLASSIFIER_WORDS;
	for (size_t i = *n - 1; i > at; i--)
		best[i] = best[i - 1];
	best[at] = w;
}

size_t classifier_words(struct arena *a, const struct classifier *m, const struct features *f,
			struct str words, enum classifier_output output, struct str out[CLASSIFIER_WORDS])
{
	struct weighed best[CLASSIFIER_WORDS];
	struct str text = str_sub(words, 0, FEATURES_TEXT_MAX);
	int64_t *by_byte = ARENA_ARRAY(a, text.n + 1, int64_t);
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		give(by_byte, &f->v[i], m->weights[f->v[i].id].of[output]);
	struct weighed w;
	for (size_t at = 0; telling_next(text, &at, &w.word) && at < text.n;) { /* the last may be cut */
		w.weight = 0;
		for (const char *p = w.word.p; p < w.word.p + w.word.n; p++)
			w.weight += by_byte[p - text.p];
		if (w.weight > 0 && telling_is(w.word))
			keep_heaviest(best, &n, w);
	}
	for (size_t i = 0; i < n; i++)
		out[i] = telling_written(a, best[i].word);
	return n;
}

/*
 * Any bytes as a model; and as one that is whole, of which they are the numbers and the weights: what is read scores any text
 * with a number, and is written as it was.
 */
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "classifier/classifier.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NUMBERS (4 * (2 * CLASSIFIER_OUTPUTS + CLASSIFIER_BANDS))

/* The form around the bytes is right. */
static void compose(struct buf *b, struct str bytes)
{
	static const unsigned char head[16] = { 'P', 'M', 'O', 'D', 'E', 'L', '0', '1', FEATURES_VERSION };

	buf_add(b, str_from(head, sizeof(head)));
	buf_add(b, str_sub(bytes, 0, NUMBERS));
	while (b->n < sizeof(head) + NUMBERS)
		buf_add_char(b, 0);
	char *weights = buf_reserve(b, (size_t)FEATURES_COUNT * CLASSIFIER_OUTPUTS);
	for (size_t i = 0; i < (size_t)FEATURES_COUNT * CLASSIFIER_OUTPUTS; i++)
		weights[i] = bytes.n ? bytes.p[i % bytes.n] : 0;
	buf_grew(b, (size_t)FEATURES_COUNT * CLASSIFIER_OUTPUTS);
	struct sha256 sum = hash_sha256(buf_str(b));
	buf_add(b, str_from(sum.b, sizeof(sum.b)));
}

static void ask(const struct classifier *c, struct str text)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct features f = features_of(a, text);
	struct str words[CLASSIFIER_WORDS];

	for (int output = 0; output < CLASSIFIER_OUTPUTS; output++) {
		if (!isfinite(classifier_score(c, &f, (enum classifier_output)output)))
			abort();
		size_t n = classifier_words(a, c, &f, text, (enum classifier_output)output, words);
		for (size_t i = 0; i < n; i++)
			if (words[i].n == 0 || str_find(text, words[i], 0) == SIZE_MAX)
				abort();
	}
	arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_from(data, size);
	struct classifier c;
	struct errbuf eb;
	struct buf b, again;

	if (classifier_read(bytes, &c, &eb) == OK)
		abort(); /* too short for one */
	buf_init(&b, CLASSIFIER_FILE_MAX);
	buf_init(&again, CLASSIFIER_FILE_MAX);
	compose(&b, bytes);
	if (classifier_read(buf_str(&b), &c, &eb) == OK) {
		ask(&c, bytes);
		classifier_write(&again, &c);
		if (!str_eq(buf_str(&b), buf_str(&again)))
			abort();
	}
	buf_free(&again);
	buf_free(&b);
	return 0;
}

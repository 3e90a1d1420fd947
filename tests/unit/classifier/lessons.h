/* Lessons for tests: letters of words drawn from two lists, which a model learns to tell apart. */
#ifndef TESTS_CLASSIFIER_LESSONS_H
#define TESTS_CLASSIFIER_LESSONS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/arena.h"
#include "classifier/train.h"

static const char *const good_words[] = { "meeting", "minutes", "parser", "patch",  "tomorrow",
					  "kernel",  "review",  "stairs", "school", "train",
					  "thanks",  "notes",   "branch", "holiday" };
/* Harmless ones: what other detectors know of words must not be part of the tests. */
static const char *const bad_words[] = { "pergola", "veranda", "awning",  "gazebo", "trellis",
					 "hammock", "parasol", "decking", "arbour", "sunroom",
					 "canopy",  "lounger", "patio",   "rattan" };
static const char *const any_words[] = { "the", "a", "to", "of", "in", "and", "we", "you", "is", "for" };

/* Always the same for the same seed. */
static inline uint32_t lesson_draw(uint32_t *seed, size_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (uint32_t)((*seed >> 8) % n);
}

static inline struct str lesson_words(struct arena *a, bool bad, uint32_t seed)
{
	const char *const *words = bad ? bad_words : good_words;
	struct str text = STR(" ");

	for (int i = 0; i < 12; i++)
		text = ARENA_JOIN(a, text, str_of(words[lesson_draw(&seed, ARRAY_LEN(good_words))]), STR(" "),
				  str_of(any_words[lesson_draw(&seed, ARRAY_LEN(any_words))]), STR(" "));
	return text;
}

static inline void lesson_add(struct lessons *l, enum lesson_label label, struct str words,
			      const char *subject)
{
	struct scan_text text = { .subject = str_of(subject), .words = words, .body = words };

	assert_int_equal(lessons_add(l, label, 1, &text), OK);
}

/* n of each kind. */
static inline struct lessons *some_lessons(struct arena *a, size_t n, uint32_t seed)
{
	struct lessons *l = lessons_new();

	for (size_t i = 0; i < n; i++) {
		lesson_add(l, LESSON_HAM, lesson_words(a, false, seed + (uint32_t)i), "");
		lesson_add(l, i % 3 == 0 ? LESSON_PHISH : LESSON_SPAM,
			   lesson_words(a, true, seed + 1000 + (uint32_t)i), "");
	}
	return l;
}

#endif

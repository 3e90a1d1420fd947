/* train: what is learnt, that it is the same each time, that figures are of mail not learnt, and learning on top. */
#include "lessons.h"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(256u << 20, NULL, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct trained taught(struct lessons *l, const struct classifier *base)
{
	struct trained t;
	struct errbuf eb = { "" };

	if (train(l, base, STR("test"), &t, &eb) != OK)
		fail_msg("%s", eb.text);
	return t;
}

static struct classifier classifier_of(const struct trained *t)
{
	struct classifier c;
	struct errbuf eb;

	assert_int_equal(classifier_read(buf_str(&t->file), &c, &eb), OK);
	return c;
}

static double score(const struct classifier *c, struct str words, enum classifier_output output)
{
	struct features f = features_of(arena, words);

	return classifier_score(c, &f, output);
}

static void test_learns(void **state)
{
	struct lessons *l = some_lessons(arena, 100, 1);
	(void)state;

	struct trained t = taught(l, NULL);
	struct classifier c = classifier_of(&t);
	assert_int_equal(t.after.of[LESSON_HAM], 100);
	assert_int_equal(t.after.reached[LESSON_HAM][BAND_SURE], 0);
	assert_int_equal(t.after.reached[LESSON_SPAM][BAND_NOTICE], t.after.of[LESSON_SPAM]);
	assert_true(score(&c, lesson_words(arena, true, 77777), CLASSIFIER_UNWANTED) >
		    (double)c.bands[BAND_SURE]);
	assert_true(score(&c, lesson_words(arena, false, 88888), CLASSIFIER_UNWANTED) <
		    (double)c.bands[BAND_NOTICE]);
	assert_true(str_eq(c.about, STR("test")));
	buf_free(&t.file);
	lessons_free(&l);
}

static void test_same_each_time(void **state)
{
	(void)state;
	struct lessons *one = some_lessons(arena, 40, 3), *other = some_lessons(arena, 40, 3);
	struct trained a = taught(one, NULL), b = taught(other, NULL), again = taught(one, NULL);

	assert_true(str_eq(buf_str(&a.file), buf_str(&b.file)));
	assert_true(str_eq(buf_str(&a.file), buf_str(&again.file)));
	buf_free(&a.file);
	buf_free(&b.file);
	buf_free(&again.file);
	lessons_free(&one);
	lessons_free(&other);
}

static void test_too_few(void **state)
{
	struct lessons *l = some_lessons(arena, LESSONS_LEAST - 1, 5);
	struct trained t;
	struct errbuf eb;
	(void)state;

	assert_int_equal(train(l, NULL, STR(""), &t, &eb), ERR_ABSENT);
	lessons_free(&l);
}

/* Of written mail alone nothing says how much of the wanted mail that comes would be met. */
static void test_written_alone(void **state)
{
	struct lessons *l = lessons_new(), *other = some_lessons(arena, 40, 1);
	struct trained first = taught(other, NULL), t;
	struct classifier base = classifier_of(&first);
	struct errbuf eb;
	(void)state;

	for (uint32_t i = 0; i < 2 * LESSONS_LEAST; i++)
		for (int bad = 0; bad <= 1; bad++) {
			struct str words = lesson_words(arena, bad, 500 + i);
			struct scan_text text = { .words = words, .body = words };
			assert_int_equal(
			    lessons_add(l, bad ? LESSON_SPAM : LESSON_HAM, LESSON_WRITTEN, &text), OK);
		}
	assert_int_equal(train(l, NULL, STR(""), &t, &eb), ERR_ABSENT);
	assert_int_equal(train(l, &base, STR(""), &t, &eb), OK);
	struct classifier c = classifier_of(&t); /* one that can be read */
	assert_true(c.bands[BAND_SURE] >= base.bands[BAND_SURE]);
	buf_free(&t.file);
	buf_free(&first.file);
	lessons_free(&other);
	lessons_free(&l);
}

/*
 * Unwanted mail whose words nobody else has, each sent four times under one subject or with one text: only who has seen a
 * copy could know it. So none may be known in the figures.
 */
static void copies(bool by_subject)
{
	struct lessons *l = lessons_new();
	uint32_t seed = 11;

	for (uint32_t i = 0; i < 60; i++) {
		struct str text = STR(" ");
		for (int k = 0; k < 20; k++)
			text = ARENA_JOIN(
			    arena, text,
			    arena_printf(arena, "%c%c%c%c%c ", 'a' + (int)lesson_draw(&seed, 26),
					 'a' + (int)lesson_draw(&seed, 26), 'a' + (int)lesson_draw(&seed, 26),
					 'a' + (int)lesson_draw(&seed, 26),
					 'a' + (int)lesson_draw(&seed, 26)));
		for (int copy = 0; copy < 4; copy++) {
			struct str before = by_subject ? arena_printf(arena, " x%d", copy) : STR("");
			struct str subject =
			    by_subject ? arena_printf(arena, "%sletter %u", copy % 2 ? "Re: " : "", i)
				       : arena_printf(arena, "letter %u of %d", i, copy);
			lesson_add(l, i % 2 ? LESSON_HAM : LESSON_SPAM, ARENA_JOIN(arena, before, text),
				   subject.p);
		}
	}
	struct trained t = taught(l, NULL);
	assert_true(t.after.reached[LESSON_SPAM][BAND_SURE] < 20);
	/* And the model that had seen all of them knows all. */
	struct classifier c = classifier_of(&t);
	struct lesson_figures f = lessons_ask(l, &c, LESSON_SOURCES);
	assert_true(f.reached[LESSON_SPAM][BAND_NOTICE] > 100);
	buf_free(&t.file);
	lessons_free(&l);
}

static void test_copies(void **state)
{
	(void)state;
	copies(true);
	copies(false);
}

static void test_phish(void **state)
{
	struct lessons *l = some_lessons(arena, 60, 21);
	(void)state;

	for (uint32_t i = 0; i < 60; i++)
		lesson_add(
		    l, LESSON_PHISH,
		    ARENA_JOIN(arena, STR(" password mailbox verify"), lesson_words(arena, true, 5000 + i)),
		    "");
	struct trained t = taught(l, NULL);
	struct classifier c = classifier_of(&t);
	struct str plain = lesson_words(arena, true, 991);
	assert_true(score(&c, ARENA_JOIN(arena, STR(" password mailbox verify"), plain), CLASSIFIER_PHISH) >
		    score(&c, plain, CLASSIFIER_PHISH) + 1);
	buf_free(&t.file);
	lessons_free(&l);
}

/* A site learns a word of its own; what was known stays known, and the bands are not lowered. */
static void test_on_top(void **state)
{
	struct lessons *l = some_lessons(arena, 100, 1), *own = lessons_new();
	(void)state;

	struct trained first = taught(l, NULL);
	struct classifier base = classifier_of(&first);
	for (uint32_t i = 0; i < 30; i++) {
		lesson_add(own, LESSON_HAM, lesson_words(arena, false, 700 + i), "");
		lesson_add(own, LESSON_SPAM,
			   ARENA_JOIN(arena, STR(" gutschein rabatt"), lesson_words(arena, false, 900 + i)),
			   "");
	}
	struct trained second = taught(own, &base);
	struct classifier c = classifier_of(&second);
	struct str spam = ARENA_JOIN(arena, STR(" gutschein rabatt"), lesson_words(arena, false, 12345));

	assert_true(second.before.reached[LESSON_SPAM][BAND_NOTICE] <
		    second.after.reached[LESSON_SPAM][BAND_NOTICE]);
	assert_true(score(&c, spam, CLASSIFIER_UNWANTED) > score(&base, spam, CLASSIFIER_UNWANTED) + 1);
	assert_true(score(&c, lesson_words(arena, true, 4711), CLASSIFIER_UNWANTED) >
		    (double)c.bands[BAND_NOTICE]);
	for (int b = 0; b < CLASSIFIER_BANDS; b++)
		assert_true(c.bands[b] >= base.bands[b]);
	buf_free(&first.file);
	buf_free(&second.file);
	lessons_free(&l);
	lessons_free(&own);
}

/* A source of its own size keeps below the bands by itself, though it is a small part of all. */
static void test_sources(void **state)
{
	struct lessons *l = some_lessons(arena, 2000, 1);
	(void)state;

	for (uint32_t i = 0; i < 300; i++) {
		/* From here wanted mail looks half as the unwanted does. */
		struct str words = ARENA_JOIN(arena, lesson_words(arena, false, 30000 + i),
					      str_sub(lesson_words(arena, true, 40000 + i), 1, 80), STR(" "));
		struct scan_text text = { .words = words, .body = words };
		assert_int_equal(lessons_add(l, LESSON_BULK, 2, &text), OK);
	}
	struct trained t = taught(l, NULL);
	assert_true(t.after.reached[LESSON_BULK][BAND_NOTICE] <= 6);
	buf_free(&t.file);
	lessons_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_learns),  cmocka_unit_test(test_same_each_time),
		cmocka_unit_test(test_too_few), cmocka_unit_test(test_copies),
		cmocka_unit_test(test_phish),   cmocka_unit_test(test_on_top),
		cmocka_unit_test(test_sources), cmocka_unit_test(test_written_alone),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

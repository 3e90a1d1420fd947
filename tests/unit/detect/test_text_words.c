/* text_words: what the words weigh, whose mail is spared, and that tricks hide nothing. The model is made here. */
#include "../classifier/lessons.h"
#include "bench.h"
#include "detect/detect.h"

static struct arena *arena;
static struct trained trained;
static struct classifier classifier;

static int set_up(void **state)
{
	struct lessons *l;
	struct errbuf eb;
	(void)state;

	arena = arena_new(64u << 20, NULL, NULL);
	l = some_lessons(arena, 150, 1);
	assert_int_equal(train(l, NULL, STR("test"), &trained, &eb), OK);
	assert_int_equal(classifier_read(buf_str(&trained.file), &classifier, &eb), OK);
	lessons_free(&l);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	buf_free(&trained.file);
	arena_free(&arena);
	return 0;
}

#define BAD_ONCE                                                                                            \
	"Pergola and veranda with an awning, gazebo by the trellis, hammock under the parasol. Decking of " \
	"the arbour, "                                                                                      \
	"sunroom and canopy, lounger for the patio, rattan for the veranda. "
#define BAD BAD_ONCE BAD_ONCE
#define GOOD                                                                                           \
	"Thanks for the notes of the meeting. The review of the parser patch is tomorrow, the kernel " \
	"branch waits "                                                                                \
	"for the holiday, and the train to the school. "
#define HTML .type = "text/html"
#define MODEL .classifier = &classifier
#define ALTERNATIVE .type = "multipart/alternative; boundary=b"
#define TEXT_PART(text) "--b\r\nContent-Type: text/plain\r\n\r\n" text "\r\n"
#define HTML_PART(text) "--b\r\nContent-Type: text/html\r\n\r\n<p>" text "</p>\r\n"

static const struct row rows[] = {
	{ "plain", { MODEL, .body = BAD }, "text_words.unwanted", 0.9 },
	{ "HTML", { MODEL, HTML, .body = "<p>" BAD "</p>" }, "text_words.unwanted", 0.9 },
	{ "in the subject",
	  { MODEL,
	    .headers = "Subject: Pergola veranda awning gazebo trellis hammock parasol decking pergola "
		       "veranda awning gazebo trellis hammock parasol decking pergola veranda awning gazebo "
		       "trellis\r\n",
	    .body = "Hi" },
	  "text_words.unwanted",
	  0.5 },
	{ "letters that look alike, styled and split",
	  { MODEL, HTML,
	    .body = "<p>P\xc2\xad"
		    "ergola and v\xe2\x80\x8b"
		    "eranda with an awn<b></b>ing, ga<!-- x -->zebo by the "
		    "\xf0\x9d\x90\xad"
		    "rellis, ham<!-- y -->mock under the p\xe2\x80\x8b"
		    "arasol. Deck<span>ing</span> of the "
		    "arb\xc2\xad"
		    "our, sun&shy;room and canopy, lounger for the patio, rattan for the veranda.</p>" },
	  "text_words.unwanted",
	  0.6 },
	{ "innocent words that are hidden",
	  { MODEL, HTML, .body = "<p>" BAD "</p><div style=\"display:none\">" GOOD GOOD GOOD "</div>" },
	  "text_words.unwanted",
	  0.9 },
	{ "innocent words in the text that nobody sees",
	  { MODEL, ALTERNATIVE, .body = TEXT_PART(GOOD GOOD GOOD) HTML_PART(BAD) "--b--\r\n" },
	  "text_words.unwanted",
	  0.9 },
	{ "in base64",
	  { MODEL, .headers = "Content-Transfer-Encoding: base64\r\n", .body = NULL },
	  "text_words.unwanted",
	  0.9 },
	{ "in the HTML alone, beside an empty text",
	  { MODEL, ALTERNATIVE, .body = TEXT_PART("\r\n") HTML_PART(BAD) "--b--\r\n" },
	  "text_words.unwanted",
	  0.9 },
	{ "from somebody known who did harm",
	  { MODEL, .spf = "v=spf1 ip4:192.0.2.10 -all", .seen = 30, .bad = 20, .body = BAD },
	  "text_words.unwanted",
	  0.9 },
	{ "behind a letter that is quoted",
	  { MODEL, .body = BAD "\r\n> " GOOD "\r\n" },
	  "text_words.unwanted",
	  0.5 },
	{ "in a forwarded mail",
	  { MODEL, .type = "multipart/mixed; boundary=b",
	    .body = TEXT_PART("See below.") "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: "
					    "x@far.test\r\n\r\n" BAD "\r\n--b--\r\n" },
	  "text_words.unwanted",
	  0.3 },
	/* near misses */
	{ "a letter", { MODEL, .body = GOOD }, NULL, 0 },
	{ "an answer below what it answers", { MODEL, .body = "> " GOOD "\r\n\r\n" GOOD }, NULL, 0 },
	{ "a letter in HTML", { MODEL, HTML, .body = "<p>" GOOD "</p>" }, NULL, 0 },
	{ "a letter with a link", { MODEL, .body = GOOD GOOD "https://www.home.test/notes\r\n" }, NULL, 0 },
	{ "nothing learnt", { .body = BAD }, NULL, 0 },
	{ "a handful of words",
	  { MODEL, .body = "The pergola and veranda are below.\r\n\r\nAnn\r\n" },
	  NULL,
	  0 },
	{ "few words", { MODEL, .body = "Pergola veranda" }, NULL, 0 },
	{ "nothing", { MODEL, .body = "\r\n" }, NULL, 0 },
	{ "bad words that are hidden",
	  { MODEL, HTML, .body = "<p>" GOOD "</p><div style=\"display:none\">" BAD "</div>" },
	  NULL,
	  0 },
	{ "bad words in an attachment",
	  { MODEL, .body = GOOD, .file = "a.txt", .file_type = "text/plain", .file_bytes = STR_INIT(BAD) },
	  NULL,
	  0 },
	{ "bad words in the text that nobody sees",
	  { MODEL, ALTERNATIVE, .body = TEXT_PART(BAD) HTML_PART(GOOD) "--b--\r\n" },
	  NULL,
	  0 },
};

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct row row = rows[i];
		if (!row.mail.body)
			row.mail.body = base64_encode(arena, STR(BAD)).p;
		bench_table(&row, 1, "text_words");
	}
}

static double score_of(const struct mail *m, const char *name)
{
	struct bench b;

	bench_scan(&b, m, NULL);
	const struct finding *f = bench_finding(&b, name);
	double score = f ? f->score : 0;
	bench_close(&b);
	return score;
}

/* A sender who names his list, or who was known before, weighs less. */
static void test_spared(void **state)
{
	(void)state;
	assert_true(
	    score_of(&(struct mail){ MODEL, .body = "The pergola and veranda are below.\r\n\r\nAnn\r\n" },
		     "text_words.unwanted") < 0.3);
	double full = score_of(&(struct mail){ MODEL, .body = BAD }, "text_words.unwanted");
	double list = score_of(
	    &(struct mail){ MODEL, .headers = "List-Unsubscribe: <https://sender.test/u>\r\n", .body = BAD },
	    "text_words.unwanted");
	double proved = score_of(
	    &(struct mail){ MODEL, .headers = "List-Unsubscribe: <https://sender.test/u>\r\n",
			    .spf = "v=spf1 ip4:192.0.2.10 -all", .dmarc = "v=DMARC1; p=reject", .body = BAD },
	    "text_words.unwanted");
	double borrowed = score_of(&(struct mail){ MODEL, .from = "Ann <ann@gmail.com>",
						   .headers = "List-Unsubscribe: <https://sender.test/u>\r\n",
						   .body = BAD },
				   "text_words.unwanted");
	double known = score_of(&(struct mail){ MODEL, .spf = "v=spf1 ip4:192.0.2.10 -all",
						.dmarc = "v=DMARC1; p=reject", .seen = 30, .body = BAD },
				"text_words.unwanted");
	assert_true(full == 1);
	assert_true(list > full / 2 && list < full * 0.6); /* anybody can claim it */
	assert_true(proved > 0 && proved < full / 2);
	assert_true(borrowed == full);
	assert_true(known > 0 && known <= full / 2);
}

/* What is left of it alone is spam at most; words of fraud are said beside it, and say which they are. */
static void test_verdict(void **state)
{
	struct bench b;
	(void)state;

	bench_scan(&b, &(struct mail){ MODEL, .offline = true, .no_peer = true, .body = BAD }, NULL);
	assert_int_equal(b.verdict.message->final_disposition, DISP_SPAM);
	const struct finding *f = bench_finding(&b, "text_words.unwanted");
	assert_non_null(f);
	assert_true(str_find(f->detail, STR("\"pergola\""), 0) != SIZE_MAX ||
		    str_find(f->detail, STR("\"veranda\""), 0) != SIZE_MAX ||
		    str_find(f->detail, STR("\"parasol\""), 0) != SIZE_MAX);
	assert_true(str_find(f->detail, STR("\"the\""), 0) == SIZE_MAX);
	assert_int_equal(f->family, FAMILY_CONTENT);
	bench_close(&b);
}

/* What text_scam said of the words is not said twice. */
static void test_said_once(void **state)
{
	static const char offer[] =
	    BAD "Viagra and Cialis from our online pharmacy! No prescription. Order now.\r\n";
	struct mail m = { MODEL, .body = offer };
	(void)state;

	double scam = score_of(&m, "text_scam.offer"), words = score_of(&m, "text_words.unwanted");
	assert_true(scam > 0.3);
	assert_true(words <= 1 - scam + 0.001);
}

/* What it said and does not count leaves nothing less. */
static void test_said_by_none(void **state)
{
	int off[] = { DETECTOR_text_scam };
	struct detection_settings settings = { .disabled_detectors = { off, 1 } };
	struct policy_source source = { .detection = &settings };
	const struct mail m = { MODEL, .body =
					   BAD "Viagra and Cialis from our online pharmacy! No prescription. "
					       "Order now.\r\n" };
	struct bench both, alone;
	(void)state;

	settings.has = FIELD_BIT(detection_settings, disabled_detectors);
	struct policy *p = policy_compile(arena, &source);
	bench_scan(&both, &m, NULL);
	bench_scan(&alone, &m, p);
	assert_true(HAS(bench_finding(&alone, "text_scam.offer"), finding, suppressed_by));
	assert_true(bench_finding(&alone, "text_words.unwanted")->score > 0.9);
	const struct finding *less = bench_finding(&both, "text_words.unwanted");
	assert_true(!less || less->score < 0.9);
	bench_close(&both);
	bench_close(&alone);
	policy_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),        cmocka_unit_test(test_spared),
		cmocka_unit_test(test_verdict),      cmocka_unit_test(test_said_once),
		cmocka_unit_test(test_said_by_none),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

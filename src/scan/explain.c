/*
 * To take a finding away makes no verdict worse (assemble.c adds up, and families agree or do not), so taking all away makes
 * it NONE, and there is always an answer. Up to three names all sets are tried; beyond that the heaviest go first, and what
 * was not needed comes back.
 */
#include "scan/explain.h"

#include "base/arena.h"
#include "base/attr.h"
#include "detect/detect.h"
#include "scan/assemble.h"

#define NAMES_MAX 64   /* one bit each */
#define NAMES_TRIED 16 /* in sets: 16, 120 and 560 of them */

struct trial {
	const struct finding_list *findings;
	const struct detection_settings *settings;
	struct finding *copy;
	struct {
		struct str name;
		double weight;
	} names[NAMES_MAX]; /* of what counts, by their first finding */
	size_t n;
	int verdict; /* with all of them, MALICIOUS-BEC as MALICIOUS */
};

static bool counts(const struct finding *f)
{
	return !HAS(f, finding, suppressed_by);
}

static int coarse(int disposition)
{
	return disposition == DISP_BEC ? DISP_MALICIOUS : disposition;
}

static size_t index_of(const struct trial *t, struct str name)
{
	size_t i = 0;

	while (i < t->n && !str_eq(t->names[i].name, name))
		i++;
	return i;
}

static bool takes_part(const struct finding *f)
{
	return counts(f) && f->score > 0 && f->detection > DISP_NONE;
}

static void collect_names(struct trial *t)
{
	for (size_t i = 0; i < t->findings->n; i++) {
		const struct finding *f = &t->findings->v[i];
		size_t at = index_of(t, f->name);
		if (!takes_part(f) || at == NAMES_MAX)
			continue;
		if (at == t->n)
			t->names[t->n++].name = f->name;
		t->names[at].weight += f->score;
	}
}

static int decide_without(struct trial *t, uint64_t gone)
{
	for (size_t i = 0; i < t->findings->n; i++) {
		t->copy[i] = t->findings->v[i];
		size_t at = index_of(t, t->copy[i].name);
		if (at < t->n && gone >> at & 1)
			SET(&t->copy[i], finding, suppressed_by, STR("?"));
	}
	return (int)assemble_decide(t->copy, t->findings->n, t->settings);
}

static bool flips(struct trial *t, uint64_t gone)
{
	return coarse(decide_without(t, gone)) != t->verdict;
}

static double weight_of(const struct trial *t, uint64_t set)
{
	double sum = 0;

	for (size_t i = 0; i < t->n; i++)
		sum += set >> i & 1 ? t->names[i].weight : 0;
	return sum;
}

/* The next larger number with as many bits (Gosper). */
static uint64_t next_set(uint64_t set)
{
	uint64_t low = set & (~set + 1), up = set + low;

	return up | ((set ^ up) / low >> 2);
}

/* The lightest set of that size that flips; 0 = none. */
static uint64_t lightest_of(struct trial *t, size_t size)
{
	size_t n = t->n < NAMES_TRIED ? t->n : NAMES_TRIED;
	uint64_t best = 0;

	if (size > n)
		return 0;
	for (uint64_t set = (UINT64_C(1) << size) - 1; set < UINT64_C(1) << n; set = next_set(set))
		if ((!best || weight_of(t, set) < weight_of(t, best) - 1e-9) && flips(t, set))
			best = set;
	return best;
}

/* A set that flips, from which nothing may be put back. */
static uint64_t reduced(struct trial *t)
{
	uint64_t gone = 0;

	for (size_t i = 0; i < t->n && !flips(t, gone); i++)
		gone |= UINT64_C(1) << i;
	for (size_t i = 0; i < t->n; i++) {
		uint64_t less = gone & ~(UINT64_C(1) << i);
		if (less != gone && flips(t, less))
			gone = less;
	}
	return flips(t, gone) ? gone : 0;
}

static uint64_t smallest(struct trial *t)
{
	uint64_t set = 0;

	for (size_t size = 1; size <= 3 && !set; size++)
		set = lightest_of(t, size);
	return set ? set : reduced(t);
}

/* "a", "a and b", "a, b and c" */
static struct str enumerate(struct arena *a, const struct strs *list)
{
	struct str out = STR("");

	for (size_t i = 0; i < list->n; i++)
		out = ARENA_JOIN(a, out,
				 i == 0             ? STR("")
				 : i + 1 == list->n ? STR(" and ")
						    : STR(", "),
				 list->v[i]);
	return out;
}

static struct other_verdict *new_verdict(struct arena *a, struct strs without, int disposition,
					 struct str reason)
{
	struct other_verdict *o = ARENA_NEW(a, struct other_verdict);

	SET(o, other_verdict, without, without);
	SET(o, other_verdict, final_disposition, disposition);
	SET(o, other_verdict, reason, reason);
	return o;
}

struct other_verdict *explain_smallest_change(struct arena *a, const struct finding_list *findings,
					      int disposition, const struct detection_settings *settings)
{
	struct trial *t = ARENA_NEW(a, struct trial);
	struct strs without = { 0 };

	*t = (struct trial){ .findings = findings,
			     .settings = settings,
			     .copy = ARENA_ARRAY(a, findings->n, struct finding),
			     .verdict = coarse(disposition) };
	if (disposition == DISP_NONE || flips(t, 0))
		return NULL;
	collect_names(t);
	uint64_t gone = smallest(t);
	if (!gone)
		return NULL;
	for (size_t i = 0; i < t->n; i++)
		if (gone >> i & 1)
			ARENA_PUSH(a, &without, t->names[i].name);
	int becomes = decide_without(t, gone);
	return new_verdict(a, without, becomes,
			   ARENA_JOIN(a, STR("Without "), enumerate(a, &without), STR(" this mail would be "),
				      enum_text(&disposition_names, becomes), STR(".")));
}

static bool has(const struct strs *list, struct str s)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->v[i], s))
			return true;
	return false;
}

/* For a sentence. */
static struct strs in_words(struct arena *a, const struct strs *by)
{
	struct strs out = { 0 };

	for (size_t i = 0; i < by->n; i++)
		ARENA_PUSH(a, &out,
			   str_eq(by->v[i], STR(DISABLED_DETECTOR)) ? STR("the switches of detectors")
								    : defang(a, by->v[i]));
	return out;
}

/* What a correction said does not come back with it. */
static bool may_come_back(const struct finding *f)
{
	return !counts(f) && !str_eq(f->name, STR(CAMPAIGN_CONFIRMED));
}

struct other_verdict *explain_unsuppressed(struct arena *a, const struct finding_list *findings,
					   int disposition, const struct detection_settings *settings)
{
	struct finding *copy = ARENA_ARRAY(a, findings->n, struct finding);
	struct strs by = { 0 };

	for (size_t i = 0; i < findings->n; i++) {
		copy[i] = findings->v[i];
		if (!may_come_back(&copy[i]))
			continue;
		if (!has(&by, copy[i].suppressed_by))
			ARENA_PUSH(a, &by, copy[i].suppressed_by);
		CLEAR(&copy[i], finding, suppressed_by);
	}
	int becomes = by.n ? (int)assemble_decide(copy, findings->n, settings) : disposition;
	if (coarse(becomes) <= coarse(disposition))
		return NULL;
	struct strs words = in_words(a, &by);
	return new_verdict(a, by, becomes,
			   ARENA_JOIN(a, STR("If what "), enumerate(a, &words),
				      STR(" set aside counted, this mail would be "),
				      enum_text(&disposition_names, becomes), STR(".")));
}

/* ---- what is kept, and what is shown ---- */

static bool is_default(const struct detection_settings *s)
{
	const struct detection_settings *d = &detection_settings_default;

	return s->malicious_threshold == d->malicious_threshold &&
	       s->suspicious_threshold == d->suspicious_threshold &&
	       s->spoof_threshold == d->spoof_threshold && s->spam_threshold == d->spam_threshold &&
	       s->bulk_threshold == d->bulk_threshold;
}

static struct verdict_thresholds *thresholds_of(struct arena *a, const struct detection_settings *s)
{
	struct verdict_thresholds *t = ARENA_NEW(a, struct verdict_thresholds);

	SET(t, verdict_thresholds, malicious, s->malicious_threshold);
	SET(t, verdict_thresholds, suspicious, s->suspicious_threshold);
	SET(t, verdict_thresholds, spoof, s->spoof_threshold);
	SET(t, verdict_thresholds, spam, s->spam_threshold);
	SET(t, verdict_thresholds, bulk, s->bulk_threshold);
	return t;
}

struct explanation *explain_settings(struct arena *a, const struct detection_settings *settings)
{
	struct explanation *e = ARENA_NEW(a, struct explanation);

	if (settings->disabled_detectors.n)
		SET(e, explanation, disabled_detectors, settings->disabled_detectors);
	if (!is_default(settings))
		SET(e, explanation, thresholds, thresholds_of(a, settings));
	return e;
}

/* The thresholds it was judged by. */
static struct detection_settings settings_of(const struct explanation *e)
{
	struct detection_settings s = detection_settings_default;

	if (!HAS(e, explanation, thresholds))
		return s;
	s.malicious_threshold = e->thresholds->malicious;
	s.suspicious_threshold = e->thresholds->suspicious;
	s.spoof_threshold = e->thresholds->spoof;
	s.spam_threshold = e->thresholds->spam;
	s.bulk_threshold = e->thresholds->bulk;
	return s;
}

static struct explanation *explanation_of(struct arena *a, struct detections *d)
{
	if (!HAS(d, detections, explanation))
		SET(d, detections, explanation, ARENA_NEW(a, struct explanation));
	return d->explanation;
}

void explain_times(struct arena *a, struct detections *d, const struct scan_times *times)
{
	struct stage_times *t = ARENA_NEW(a, struct stage_times);
	int64_t model = times->detector_ns[DETECTOR_text_words];

	SET(t, stage_times, parse, times->stage_ns[STAGE_PARSE] / 1000);
	SET(t, stage_times, text, times->stage_ns[STAGE_TEXT] / 1000);
	SET(t, stage_times, sender, times->stage_ns[STAGE_SENDER] / 1000);
	SET(t, stage_times, policies, times->stage_ns[STAGE_POLICIES] / 1000);
	SET(t, stage_times, detectors, (times->stage_ns[STAGE_DETECTORS] - model) / 1000);
	SET(t, stage_times, model, model / 1000);
	SET(t, stage_times, assemble, times->stage_ns[STAGE_ASSEMBLE] / 1000);
	SET(explanation_of(a, d), explanation, elapsed_us, t);
}

void explain_detections(struct arena *a, struct detections *d)
{
	struct explanation *e = explanation_of(a, d);

	CLEAR(e, explanation, smallest_change);
	CLEAR(e, explanation, if_nothing_set_aside);
	const struct detection_settings settings = settings_of(e);
	struct other_verdict *change =
	    explain_smallest_change(a, &d->findings, d->final_disposition, &settings);
	struct other_verdict *without =
	    explain_unsuppressed(a, &d->findings, d->final_disposition, &settings);
	if (change)
		SET(e, explanation, smallest_change, change);
	if (without)
		SET(e, explanation, if_nothing_set_aside, without);
	if (!HAS(e, explanation, thresholds))
		SET(e, explanation, thresholds, thresholds_of(a, &settings));
}

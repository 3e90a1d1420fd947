/* The detectors, in alphabetical order, and when each is called. */
#include "detect/detect.h"

#include "base/clock.h"
#include "detect/documents.h"
#include "policy/policy.h"

#define DETECTOR_ENTRY_(name) [DETECTOR_##name] = &detect_##name,
const struct detector *const detectors[DETECTOR_COUNT] = { DETECTORS(DETECTOR_ENTRY_) };

static unsigned what_is_there(const struct scan *s)
{
	return (s->from.address.n > 0 ? NEED_FROM : 0u) |
	       (s->words.n > 1 || s->hidden_words.n > 1 || s->documents->n > 0 ? NEED_WORDS : 0u) |
	       (s->content->links.n > 0 ? NEED_LINKS : 0u) |
	       (s->content->attachments.n > 0 ? NEED_ATTACHMENTS : 0u);
}

/* What one of them found, from `first` on, does not count. */
static void disown(struct findings *out, size_t first)
{
	for (size_t i = first; i < out->n; i++)
		SET(&out->v[i], finding, suppressed_by, STR(DISABLED_DETECTOR));
}

/* By its own name, or by that which its findings have, where it speaks for another. */
static bool is_off(const struct detection_settings *settings, int id)
{
	int named =
	    settings->disabled_detectors.n ? enum_value(&detector_names, str_of(detectors[id]->name)) : -1;

	return detection_settings_disables(settings, id) || detection_settings_disables(settings, named);
}

static void run_one(const struct scan *s, struct findings *out, int id)
{
	struct scan_times *times = s->job->times;
	int64_t began = times ? clock_mono_ns() : 0;

	out->by->run(s, out);
	if (times)
		times->detector_ns[id] = clock_mono_ns() - began;
}

void detect_run(const struct scan *s, struct findings *out)
{
	const struct detection_settings *settings = policy_detection(s->policy);
	unsigned there = what_is_there(s);

	for (unsigned others = 0; others <= NEED_OTHERS; others += NEED_OTHERS)
		for (int i = 0; i < DETECTOR_COUNT; i++) {
			size_t before = out->n;
			if ((detectors[i]->needs & NEED_OTHERS) != others)
				continue;
			out->by = detectors[i];
			if ((out->by->needs & ~(there | others)) == 0)
				run_one(s, out, i);
			if (is_off(settings, i))
				disown(out, before);
		}
}

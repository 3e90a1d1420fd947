/* The detection settings' table, and what they are where nobody set them. */
#include "model/detection_settings.h"

#include "base/attr.h"

#define DETECTOR_TEXT_(name) [DETECTOR_##name] = STR_INIT(#name),
static const struct str detector_texts[] = { DETECTORS(DETECTOR_TEXT_) };
const struct enumtab detector_names = { "detector", detector_texts, DETECTOR_COUNT };
_Static_assert(DETECTOR_COUNT <= 64, "a list of values has one bit for each (json/value.c)");

ENUM_DEFINE(added_detection, ADDED_DETECTIONS);
FIELDS_DEFINE(detection_settings, DETECTION_SETTINGS);

#define LEVEL 1.0 /* of the sum of what findings contribute to a level (scan/assemble.c) */

const struct detection_settings detection_settings_default = {
	.malicious_threshold = LEVEL,
	.suspicious_threshold = LEVEL,
	.spoof_threshold = LEVEL,
	.spam_threshold = LEVEL,
	.bulk_threshold = LEVEL,
};

#define COMPLETE_(T, kind, name, flags, min, max, ref, meaning) \
	if ((flags) == F_OPTIONAL && !HAS(s, T, name))          \
		SET(s, T, name, detection_settings_default.name);

void detection_settings_complete(struct detection_settings *s)
{
	DETECTION_SETTINGS(COMPLETE_, detection_settings)
}

bool detection_settings_disables(const struct detection_settings *s, int id)
{
	for (size_t i = 0; i < s->disabled_detectors.n; i++)
		if (s->disabled_detectors.v[i] == id)
			return true;
	return false;
}

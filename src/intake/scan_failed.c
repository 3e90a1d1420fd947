/* The verdict without a scan. */
#include "intake/scan_failed.h"

#include "base/arena.h"

void scan_failed(struct arena *a, const char *why, struct verdict *out)
{
	struct message *m = ARENA_NEW(a, struct message);
	struct detections *d = ARENA_NEW(a, struct detections);
	struct finding *f = ARENA_NEW(a, struct finding);
	struct str reason = STR("The message could not be scanned, so it is held for a person to look at.");

	SET(f, finding, name, STR("scan_failed"));
	SET(f, finding, detection, DISP_UNKNOWN);
	SET(f, finding, score, 1);
	SET(f, finding, reason, reason);
	SET(f, finding, detail, arena_str(a, str_of(why)));
	SET(m, message, final_disposition, DISP_UNKNOWN);
	m->findings.v = f;
	m->findings.n = 1;
	m->has |= FIELD_BIT(message, findings);
	ARENA_PUSH(a, &m->detection_reasons, reason);
	m->properties = ARENA_NEW(a, struct properties);
	m->has |= FIELD_BIT(message, detection_reasons) | FIELD_BIT(message, properties);
	d->findings = m->findings;
	SET(d, detections, final_disposition, DISP_UNKNOWN);
	d->has |= FIELD_BIT(detections, findings);
	d->sender_info = ARENA_NEW(a, struct sender_info);
	d->validation = ARENA_NEW(a, struct validation);
	d->has |= FIELD_BIT(detections, sender_info) | FIELD_BIT(detections, validation);
	*out = (struct verdict){ .message = m, .detections = d };
	out->has = FIELD_BIT(verdict, message) | FIELD_BIT(verdict, detections);
}

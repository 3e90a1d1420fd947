/* Attachments under judgement, and the files that take part in it (attachment_risk.c is the detector). */
#ifndef DETECT_ATTACHMENT_H
#define DETECT_ATTACHMENT_H

#include "detect/detect.h"
#include "file/name.h"

/* What was said of members, once for all of one container. */
struct risk_told {
	struct {
		struct risk_said {
			const char *signal;
			size_t container, finding;
		} * v;
		size_t n;
	} said;
};

/* One attachment, or one member of one. */
struct risk {
	const struct scan *scan;
	struct findings *out;
	const struct mime_attachment *file;
	struct risk_told *told;
};

/*
 * Says something about the file; portion: where the evidence is, its name or its contents. Of several members of one
 * container that give the same signal the worst speaks for all.
 */
void risk_tell(const struct risk *r, const char *signal, enum disposition d, double score,
	       enum category category, const char *portion, struct str value, const char *reason);

/* attachment_name.c: what it is by its name and type. True when that makes further words idle. */
bool risk_of_name(const struct risk *r);
/* attachment_page.c: what a web page does. */
void risk_of_page(const struct risk *r);
/* attachment_inside.c: what was seen inside: macros, links that load by themselves, locks, bombs. */
void risk_of_inside(const struct risk *r);

#endif

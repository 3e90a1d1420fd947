/*
 * Messages built so that two readers see different things, or so large or deep that not all of it was looked
 * at. Ordinary clumsiness (bare line ends, odd encodings) is recorded in the defect bits and not held against it.
 */
#include "detect/detect.h"

static const struct {
	enum mime_defect defect;
	double score;
	const char *reason;
} rules[] = {
	{ DEFECT_SMUGGLING, 1,
	  "The message holds a line end that some servers take for the end of the message." },
	{ DEFECT_DUP_FROM, 0.7,
	  "The message has more than one From field, so readers may see different senders." },
	{ DEFECT_HEADER_MANY, 0.5, "The message has more header fields than are looked at." },
	{ DEFECT_PARTS, 0.5, "The message has more parts than are looked at." },
	{ DEFECT_DEPTH, 0.5, "The message is nested deeper than is looked at." },
	{ DEFECT_DECODED_CUT, 0.5, "The message holds more data than is looked at." },
	{ DEFECT_LINKS_CUT, 0.4, "The message has more links than are looked at." },
	{ DEFECT_HTML_CUT, 0.4, "The message has more HTML than is looked at." },
	{ DEFECT_ATTACHMENTS_CUT, 0.4, "The message has more attachments than are looked at." },
};

static void run(const struct scan *s, struct findings *out)
{
	const struct mime_defects *d = &s->mail->defects;

	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (!defect_has(d, rules[i].defect))
			continue;
		struct str name = enum_text(&mime_defect_names, (int)rules[i].defect);
		struct finding *f =
		    finding_add(out, name.p, DISP_SUSPICIOUS, rules[i].score, CAT_NONE, rules[i].reason);
		finding_where(f, "message", "structure", name);
		if (d->first[rules[i].defect] < s->job->raw.n)
			finding_bytes(f, d->first[rules[i].defect], 1);
		finding_detail(out, f, "at byte %zu", d->first[rules[i].defect]);
	}
}

const struct detector detect_mail_defect = {
	.name = "mail_defect",
	.summary = "Ambiguous structure, SMTP smuggling, and mail too large to look at whole",
	.family = FAMILY_HEADER,
	.needs = 0,
	.run = run,
};

/*
 * What is changed in the mail when it is passed on: which of the account's text add-ons and link actions apply to it, by what it was
 * found to be. What comes of them is edit's.
 */
#ifndef SCAN_EDITING_H
#define SCAN_EDITING_H

#include "detect/detect.h"

/* What was found. */
struct editing {
	enum disposition final;
	const struct findings *findings;
	struct strs reasons, threats;
	bool encrypted; /* a file that cannot be opened */
	bool trusted;   /* no policy and no detector has a say in it: its links stay */
};

/* Sets edits and edit_notes; nothing where the mail is not for anybody's mailbox (edits_for), or goes on as it is. */
void editing_tell(const struct scan *s, const struct editing *e, struct verdict *v);

#endif

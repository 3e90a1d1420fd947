/*
 * The words of a PhishGuard report: title, content, priority and tags, from tables of sentences. What comes from a mail is
 * made harmless: no address of it can be followed, and it cannot become Markdown or HTML.
 */
#ifndef COURIER_PHISH_TEXT_H
#define COURIER_PHISH_TEXT_H

#include "model/phish_report.h"
#include "store/record.h"

/* What became of a recipient's copy. */
enum phish_fate { PHISH_DELIVERED, PHISH_HELD, PHISH_NEITHER, PHISH_FATES };

/* A mail was held when it came, and somebody released it. */
struct phish_release {
	struct str who;
	int64_t at_us;
};

struct phish_release_list {
	struct phish_release *v;
	size_t n;
};

/* Each once. */
struct phish_people {
	struct strs v;
	bool more; /* than are in the list */
};

/* What is known of the mails that a report is about. */
struct phish_facts {
	const struct record *mail; /* the first, whole */
	unsigned causes;           /* bits of enum report_cause */
	int disposition;           /* the worst */
	bool submitted_only;       /* it was submitted, and no mail of ours is known to be it */
	bool more;                 /* there are more mails than were counted */
	size_t mails; /* this one and those like it that are bad; 0: it was found to be good since */
	size_t delivered, held;    /* of them, or of the good one: to, or for, at least one recipient */
	size_t wave;               /* malicious ones within an hour, the most */
	int64_t wave_us;           /* when the first of these came */
	size_t harmless;           /* near-identical ones that were not found bad */
	int64_t first_us, last_us; /* when they came */
	struct strs senders;       /* their addresses in From, each once */
	struct strs own;           /* the account's protected domains, folded */
	struct phish_release_list releases;
	struct phish_people recipients, to[PHISH_FATES]; /* all, and by what became of their copies */
};

/* Fills title, content, priority, disposition, fields, tags and causes. */
void phish_text(struct arena *a, const struct phish_facts *f, struct phish_report *out);

/* A piece of a stranger's text as one line of Markdown that shows it and does nothing else; max: bytes of the text. */
struct str phish_text_plain(struct arena *a, struct str text, size_t max);

#endif

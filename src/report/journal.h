/*
 * The text of an Exchange journal report: for whom a mail was, as the server that delivered it tells (MS-OXJRNL; the lines
 * stand in Exchange's documentation of "envelope journaling").
 *
 *	Sender: anna@example.org
 *	Subject: Offer
 *	Message-Id: <1@example.org>
 *	To: ben@example.com
 *	To: cem@example.com, Expanded: sales@example.com
 *	Bcc: dora@example.com, Forwarded: eva@example.com
 *
 * Nothing here is proof of anything: anybody can write such a text.
 */
#ifndef REPORT_JOURNAL_H
#define REPORT_JOURNAL_H

#include "base/str.h"

struct arena;

struct journal_text {
	bool has_sender;
	struct str sender; /* without <>; "" = the null sender */
	struct strs
	    recipients; /* once each, at most LIMIT_SMTP_RECIPIENTS; not the groups and the old addresses by
				   which they got it */
	bool more;      /* there are more of them */
	bool other;     /* there is a line that no report has, or one that leads to the web */
};

/* text: in UTF-8. Never fails: what is no line of a report, or names no address, is passed over. Slices point into text. */
void journal_read(struct arena *a, struct str text, struct journal_text *out);

#endif

/*
 * Machine-readable reports in a mail: what kind it is, and what it says (model/report.h).
 *
 * A mail is a report by what is in it, wherever it stands: a part of the report's media type, or an attachment or body
 * with the report's document. Nothing here is proof of anything: anybody can send a report.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "mime/content.h"
#include "model/report.h"

#define REPORT_KINDS(X)                                                                        \
	X(REPORT_NONE, "none")                                                                 \
	X(REPORT_DELIVERY, "delivery-status")    /* RFC 3464 */                                \
	X(REPORT_FEEDBACK, "feedback")           /* RFC 5965 */                                \
	X(REPORT_DMARC_FAILURE, "dmarc-failure") /* RFC 6591: feedback about authentication */ \
	X(REPORT_DMARC, "dmarc-aggregate")       /* RFC 7489, RFC 9990 */                      \
	X(REPORT_TLS, "tls")                     /* RFC 8460 */
ENUM_DECLARE(report_kind, REPORT_KINDS);

struct report {
	enum report_kind kind;
	bool broken; /* its document ends early or is damaged; what could be read is there */
	struct delivery_report *delivery; /* of its kind; the others are NULL */
	struct feedback_report *feedback; /* of both kinds of feedback */
	struct dmarc_report *dmarc;
	struct tls_report *tls;
	size_t offset, length; /* of the part in the message that holds it */
};

/* The first report of a mail whose content was extracted. In the arena. */
struct report report_find(struct arena *a, const struct mime_tree *mail);

/* One document alone. ERR_ABSENT: it is none. ERR_SYNTAX: damaged; what could be read is there. */
MUST_CHECK enum err report_read_dmarc(struct arena *a, struct str xml, struct dmarc_report *out);
MUST_CHECK enum err report_read_tls(struct arena *a, struct str json, struct tls_report *out);
MUST_CHECK enum err report_read_feedback(struct arena *a, struct str fields, struct feedback_report *out);
MUST_CHECK enum err report_read_delivery(struct arena *a, struct str fields, struct delivery_report *out);

#endif

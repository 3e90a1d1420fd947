/*
 * What a scan gives back: the message and detections as the API shows them, and what intake needs to act.
 * Crosses the process border as JSON by this very table (json/); the broker checks every field.
 */
#ifndef MODEL_VERDICT_H
#define MODEL_VERDICT_H

#include "base/limits.h"
#include "model/detections.h"

/* How the bytes of an attached mail are written. */
#define ATTACHED_ENCODINGS(X)                 \
	X(ATTACHED_AS_IT_IS, "identity")      \
	X(ATTACHED_IN_BASE64, "base64")       \
	X(ATTACHED_IN_QP, "quoted-printable") \
	X(ATTACHED_UNREADABLE, "unreadable") /* or what is there is no mail */
ENUM_DECLARE(attached_encoding, ATTACHED_ENCODINGS);

/* clang-format off */
#define BYTE_RANGE(X, T) \
	X(T, INT, start,  F_REQUIRED, 0, INT64_MAX, none, "first byte in the message") \
	X(T, INT, length, F_REQUIRED, 1, INT64_MAX, none, "bytes")
FIELDS_DECLARE(byte_range, BYTE_RANGE);

#define EDIT(X, T) \
	X(T, INT, start,  F_REQUIRED, 0, INT64_MAX, none, "first byte in the message") \
	X(T, INT, length, F_REQUIRED, 0, INT64_MAX, none, "bytes that are left out") \
	X(T, STR, text,   F_REQUIRED, 0, LIMIT_EDIT_BYTES, none, "what stands in their place")
FIELDS_DECLARE(edit, EDIT);

/* The ARC sets of a mail that we are the receiver of (auth/arc.h), for whoever adds one. */
#define SEALS(X, T) \
	X(T, INT,  sets,   F_REQUIRED, 1, 50, none, "highest instance there is") \
	X(T, BOOL, hold,   F_OPTIONAL, 0, 0, none, "they are a chain, and it passes") \
	X(T, BOOL, closed, F_OPTIONAL, 0, 0, none, "no further one is to be added") \
	X(T, OBJS, fields, F_OPTIONAL, 0, 150, byte_range, "where they hold: results, message signature and seal of each, the first hop first")
FIELDS_DECLARE(seals, SEALS);

#define EXEMPTION(X, T) \
	X(T, INT, recipient, F_REQUIRED, 0, 100000, none, "index into the job's recipients") \
	X(T, STR, pattern,   F_REQUIRED, 0, 1024, none, "the allow policy's pattern")
FIELDS_DECLARE(exemption, EXEMPTION);

#define ATTACHED_MAIL(X, T) \
	X(T, INT,  start,    F_REQUIRED, 0, INT64_MAX, none, "first byte in the message") \
	X(T, INT,  length,   F_REQUIRED, 0, INT64_MAX, none, "bytes, as they are written there") \
	X(T, ENUM, encoding, F_REQUIRED, 0, 0, attached_encoding, "how they are written") \
	X(T, STR,  subject,  F_NULL, 0, 4096, none, "decoded")
FIELDS_DECLARE(attached_mail, ATTACHED_MAIL);

/* What the scan of a mail that submits something (delivery_mode) tells besides. */
#define SUBMITTED(X, T) \
	X(T, OBJS, mails,       F_OPTIONAL, 0, LIMIT_ATTACHED_MAILS, attached_mail, "that are attached to it, in order") \
	X(T, BOOL, more_mails,  F_OPTIONAL, 0, 0, none, "there are more of them") \
	X(T, BOOL, other_form,  F_OPTIONAL, 0, 0, none, "a mail is attached in a form that is not read, such as .msg") \
	X(T, BOOL, from_proved, F_OPTIONAL, 0, 0, none, "From is one address, and its domain stands behind it") \
	X(T, STRS, domains,     F_OPTIONAL, 0, 10, none, "that a DMARC report is about")
FIELDS_DECLARE(submitted, SUBMITTED);

/* What a journal report tells, in the words of whoever sent it: only where the job says that the mail may be one. */
#define JOURNALED(X, T) \
	X(T, STR,  sender,     F_NULL, 0, LIMIT_ADDRESS, none, "envelope sender, empty = the null sender; null: not told") \
	X(T, STRS, recipients, F_OPTIONAL, 0, LIMIT_SMTP_RECIPIENTS, none, "who got the mail, once each") \
	X(T, OBJ,  mail,       F_NULL, 0, 0, attached_mail, "that it is about; null: there is none, or several, or it cannot be read")
FIELDS_DECLARE(journaled, JOURNALED);

/* What the account's past said of one key when a mail was judged (scan/ask.h). */
#define PAST_FACT(X, T) \
	X(T, STR,    key,      F_REQUIRED, 1, 300, none, "kind:value") \
	X(T, INT,    first_us, F_REQUIRED, INT64_MIN, INT64_MAX, none, "first mail, microseconds since 1970") \
	X(T, INT,    last_us,  F_REQUIRED, INT64_MIN, INT64_MAX, none, "newest mail, likewise") \
	X(T, DOUBLE, seen,     F_REQUIRED, 0, 0, none, "mails, faded by time") \
	X(T, DOUBLE, bad,      F_REQUIRED, 0, 0, none, "those of them with a detection")
FIELDS_DECLARE(past_fact, PAST_FACT);

#define VERDICT(X, T) \
	X(T, OBJ,  message,        F_REQUIRED, 0, 0, message, "what the bytes tell of it") \
	X(T, OBJ,  detections,     F_REQUIRED, 0, 0, detections, "action empty: intake decides it") \
	X(T, OBJS, exempt,         F_OPTIONAL, 0, 1000, exemption, "recipients that get it whatever the verdict is") \
	X(T, STRS, attributes,     F_OPTIONAL, 0, 40, none, "values of Attribute headers") \
	X(T, STR,  authentication, F_OPTIONAL, 0, 4000, none, "what follows our id in Authentication-Results, folded, from the first semicolon on") \
	X(T, OBJS, strip,          F_OPTIONAL, 0, LIMIT_HEADER_FIELDS, byte_range, "forged header fields to leave out when relaying") \
	X(T, OBJ,  seals,          F_NULL, 0, 0, seals, "that it came with; null: none, or another's results were believed") \
	X(T, STR,  content_sha256, F_OPTIONAL, 0, 64, none, "hex; of the message without trace headers: copies are equal by it") \
	X(T, STRS, link_hosts,     F_OPTIONAL, 0, 1000, none, "hosts of all links, for the search") \
	X(T, STRS, from_domains,   F_OPTIONAL, 0, 40, none, "of all that From names, in A-labels") \
	X(T, STR,  simhash,        F_OPTIONAL, 0, 40, none, "of the text; near-identical mails differ in few bits (scan/fingerprint.h)") \
	X(T, STRS, history,        F_OPTIONAL, 0, 64, none, "history keys this mail adds to (scan/ask.h)") \
	X(T, OBJS, past,           F_NULL, 0, LIMIT_ASK_KEYS, past_fact, "what the past said of the keys asked for that were ever seen; null: nothing was asked") \
	X(T, INT,  defects,        F_OPTIONAL, 0, INT64_MAX, none, "mime defect bits") \
	X(T, STR,  report,         F_OPTIONAL, 0, 40, none, "what kind of machine-readable report it is (report/report.h); none = not one") \
	X(T, OBJ,  submitted,      F_NULL, 0, 0, submitted, "of a mail that submits something") \
	X(T, OBJ,  journaled,      F_NULL, 0, 0, journaled, "of a journal report; where it has its mail, nothing else was looked at") \
	X(T, INT,  policy_rev,     F_OPTIONAL, 0, INT64_MAX, none, "policy revision it was judged by") \
	X(T, BOOL, authenticated,  F_OPTIONAL, 0, 0, none, "MAIL FROM or From was proved: another host may be the same sender") \
	X(T, INT,  correction,     F_OPTIONAL, 0, INT64_MAX, none, "number of the correction it was judged by; none = by none") \
	X(T, ENUM, uncorrected,    F_OPTIONAL, 0, 0, disposition, "what it is without that") \
	X(T, STR,  proved_domain,  F_OPTIONAL, 0, 255, none, "of From, in A-labels, where it was proved") \
	X(T, OBJS, edits,          F_OPTIONAL, 0, LIMIT_EDITS, edit, "what is changed in it when it is passed on, in order") \
	X(T, STRS, edit_notes,     F_OPTIONAL, 0, 20, none, "that in words, and why something is left as it is") \
	X(T, BOOL, hold,           F_OPTIONAL, 0, 0, none, "to be held for every recipient, whatever the policies say")
FIELDS_DECLARE(verdict, VERDICT);
/* clang-format on */

#endif

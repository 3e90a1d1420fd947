/*
 * What the store keeps of one mail copy: the message and detections as the API shows them, what became of each
 * recipient, the trace, and the keys by which it is found again.
 */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include "base/arena.h"
#include "model/verdict.h"

/* clang-format off */
#define MAILBOX_COPY(X, T) \
	X(T, STR,  integration, F_REQUIRED, 36, 36, none, "id of the integration it was reached by") \
	X(T, STR,  folder,      F_NULL, 0, 1024, none, "where it lies, by the provider's name; null: in no folder") \
	X(T, STR,  place,       F_NULL, 0, 1024, none, "the provider's id of it there") \
	X(T, STR,  origin,      F_NULL, 0, 1024, none, "folder that it lay in before it was first moved by us") \
	X(T, ENUM, destination, F_NULL, 0, 0, destination, "what it was last moved to by us; null: to nothing, or it was put back") \
	X(T, BOOL, automatic,   F_OPTIONAL, 0, 0, none, "that was by what the mail is, not by somebody's word; without destination: the last move was to be, and is not done") \
	X(T, STR,  raw,         F_NULL, 64, 64, none, "hex; its bytes in the vault, while it is taken out of the mailbox for good") \
	X(T, STR,  flags,       F_NULL, 0, 1024, none, "its marks when it was taken out, by the provider's names") \
	X(T, TIME, received_at, F_NULL, 0, 0, none, "when it came into the mailbox") \
	X(T, BOOL, begun,       F_OPTIONAL, 0, 0, none, "a move was begun, and nobody knows whether it was done") \
	X(T, BOOL, moved,       F_OPTIONAL, 0, 0, none, "the last move went well") \
	X(T, STR,  status,      F_NULL, 0, 400, none, "how it went, for people")
FIELDS_DECLARE(mailbox_copy, MAILBOX_COPY);

#define OUTCOME(X, T) \
	X(T, STR,  address, F_REQUIRED, 1, 1024, none, "recipient as given in RCPT TO") \
	X(T, ENUM, status,  F_REQUIRED, 0, 0, delivery_status, "what became of this recipient's copy") \
	X(T, BOOL, exempt,  F_OPTIONAL, 0, 0, none, "an exempt-recipient policy let it pass") \
	X(T, STR,  reply,   F_NULL, 0, 1024, none, "last reply of the next hop") \
	X(T, BOOL, released, F_OPTIONAL, 0, 0, none, "it was delivered because a person let it out of the quarantine") \
	X(T, OBJ,  mailbox, F_NULL, 0, 0, mailbox_copy, "its copy in the recipient's mailbox, as far as that was ever looked for")
FIELDS_DECLARE(outcome, OUTCOME);

#define TRACE_LINE(X, T) \
	X(T, BOOL, outbound,  F_REQUIRED, 0, 0, none, "towards the next hop; else about how it came") \
	X(T, TIME, logged_at, F_REQUIRED, 0, 0, none, "when") \
	X(T, STR,  message,   F_REQUIRED, 0, 2000, none, "one sentence, no secrets")
FIELDS_DECLARE(trace_line, TRACE_LINE);

#define RECORD(X, T) \
	X(T, INT,  key,            F_REQUIRED, 0, INT64_MAX, none, "row key: shelf << 45 | milliseconds since 2020 << 4 | n") \
	X(T, INT,  account,        F_REQUIRED, 1, 131071, none, "account.num") \
	X(T, INT,  rev,            F_REQUIRED, 0, INT64_MAX, none, "counts changes of this row") \
	X(T, OBJ,  message,        F_REQUIRED | F_NULL, 0, 0, message, "as the API shows it; null in the store, which keeps it apart") \
	X(T, OBJ,  detections,     F_REQUIRED, 0, 0, detections, "as the API shows them") \
	X(T, OBJS, outcomes,       F_REQUIRED, 0, 1000, outcome, "one per recipient") \
	X(T, OBJS, trace,          F_OPTIONAL, 0, 1000, trace_line, "in order") \
	X(T, STR,  raw_sha256,     F_NULL, 64, 64, none, "hex; name of the raw file") \
	X(T, INT,  raw_size,       F_OPTIONAL, 0, INT64_MAX, none, "bytes as received") \
	X(T, STR,  digest,         F_NULL, 64, 64, none, "hex; equal for a resend (bytes and envelope) or another copy (content)") \
	X(T, STR,  content,        F_NULL, 64, 64, none, "hex; equal for all copies of one message of the account, however they came (store_records_by_content)") \
	X(T, STRS, link_hosts,     F_OPTIONAL, 0, 1000, none, "hosts of all links, for the search") \
	X(T, STR,  simhash,        F_OPTIONAL, 0, 40, none, "of the text, to find near-identical mails") \
	X(T, STRS, attributes,     F_OPTIONAL, 0, 40, none, "values of Attribute headers added") \
	X(T, STR,  next_hop,       F_NULL, 0, 300, none, "transport it was or will be given to") \
	X(T, STR,  authentication, F_NULL, 0, 4000, none, "Authentication-Results body, for a resend") \
	X(T, OBJS, strip,          F_OPTIONAL, 0, LIMIT_HEADER_FIELDS, byte_range, "forged header fields left out, for a resend") \
	X(T, OBJS, edits,          F_OPTIONAL, 0, LIMIT_EDITS, edit, "what is changed in it when it is passed on, as long as it may be") \
	X(T, STRS, edit_notes,     F_OPTIONAL, 0, 20, none, "that in words, likewise") \
	X(T, INT,  clicks,         F_OPTIONAL, 0, INT64_MAX, none, "times that the page of its links was asked for") \
	X(T, BOOL, link_reported,  F_OPTIONAL, 0, 0, none, "somebody reported it on that page") \
	X(T, OBJ,  seals,          F_NULL, 0, 0, seals, "that it came with, for a resend") \
	X(T, STR,  proved_domain,  F_NULL, 0, 255, none, "of From, where it was proved, for a resend") \
	X(T, STR,  peer,           F_NULL, 0, 64, none, "address of the host that handed it over when it was judged; null for a copy") \
	X(T, INT,  policy_rev,     F_OPTIONAL, 0, INT64_MAX, none, "policy revision it was judged by") \
	X(T, OBJS, past,           F_NULL, 0, LIMIT_ASK_KEYS, past_fact, "what the past said when it was judged, so that it is judged so again") \
	X(T, INT,  correction,     F_NULL, 0, INT64_MAX, none, "number of the correction it was judged by") \
	X(T, ENUM, uncorrected,    F_NULL, 0, 0, disposition, "what it is without that") \
	X(T, BOOL, rescan,         F_OPTIONAL, 0, 0, none, "a copy that could not be scanned yet") \
	X(T, BOOL, wrapped,        F_OPTIONAL, 0, 0, none, "and may be a journal report, of which only its mail is to be judged")
FIELDS_DECLARE(record, RECORD);
/* clang-format on */

/*
 * Puts another verdict in the place of the one before: what a scan says is replaced, what only intake knows (ids,
 * envelope, what became of it since) stays. v becomes part of the record.
 */
void record_judge(struct record *r, const struct verdict *v);

/* Which correction it was judged by, if any, and what the past said of its sender. */
void record_note_grounds(struct record *r, const struct verdict *v);

/* What is changed in it, by another verdict; by an empty one: nothing any more. */
void record_note_edits(struct record *r, const struct verdict *v);

/* What a signature of ours goes by: the seals that it came with, and whose it is proved to be. */
void record_note_seals(struct record *r, const struct verdict *v);

/* action_properties.service of what the server says of a mail by itself: by a correction; at a later look. */
#define SERVICE_CORRECTION "correction"
#define SERVICE_REEVALUATION "re-evaluation"

/* The newest entry about what the mail is; NULL = nobody spoke about it since it was judged. */
const struct action_log *record_last_word(const struct message *m);
/* Which of these said it; "" = a person. e NULL: nobody, "". */
struct str action_service(const struct action_log *e);

/* Somebody released it, and it was delivered to at least one recipient. */
bool action_is_release(const struct action_log *entry);

/* It is in the recipient's mailbox, or was. */
bool outcome_has_copy(const struct outcome *o);

/* The next hop said for good that it does not take this recipient's copy. */
bool outcome_is_refused(const struct outcome *o);

/*
 * Makes it another disposition by somebody's word, with a reason that says so; by: what follows in that sentence, "" =
 * nothing. Gives the sentence without its verb.
 */
struct str record_reclassify(struct arena *a, struct record *r, int to, struct str by);

/*
 * Adds an entry to the action log; beyond its end the newest takes the place of the last one. What was done is among
 * post_delivery_operations from then on, too.
 */
void record_act(struct arena *a, struct record *r, const struct action_log *entry);

/* Adds a line to the trace. The list has an end: beyond it the newest line takes the place of the last one. */
void record_trace(struct arena *a, struct record *r, bool outbound, const char *fmt, ...) PRINTF_LIKE(4, 5);

#endif

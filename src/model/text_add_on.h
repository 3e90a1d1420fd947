/*
 * Text add-ons: words that mail which goes on gets in front of its subject and of its text, by what it is found to be. Of an
 * account one for each domain that has its own, and one for all others. Ours, not part of the vendor's API; under
 * /accounts/{account_id}/postern/text_add_ons.
 *
 * In templates %LABELS are the labels, each once; in those of the body %REASONS are the sentences that say why, and %THREATS
 * the kinds of threats found. Whatever else stands there is kept.
 */
#ifndef MODEL_TEXT_ADD_ON_H
#define MODEL_TEXT_ADD_ON_H

#include "base/field.h"

/* What a mail can be labelled as, in the order in which labels are told. */
#define ADD_ON_LABELS(X)                  \
	X(LABEL_EXTERNAL, "EXTERNAL")     \
	X(LABEL_MALICIOUS, "MALICIOUS")   \
	X(LABEL_SUSPICIOUS, "SUSPICIOUS") \
	X(LABEL_SPOOF, "SPOOF")           \
	X(LABEL_SPAM, "SPAM")             \
	X(LABEL_BULK, "BULK")             \
	X(LABEL_ENCRYPTED, "ENCRYPTED")
ENUM_DECLARE(add_on_label, ADD_ON_LABELS);

/* clang-format off */
#define TEXT_ADD_ON(X, T) \
	X(T, ID,    id,                 F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,   domain,             F_NULL | F_SEARCH, 1, 253, none, "whose mail gets them; null: that of all domains that have none of their own") \
	X(T, ENUMS, subject_labels,     F_OPTIONAL, 0, 7, add_on_label, "which mails get a prefix in their subject; none = nothing is done") \
	X(T, STR,   subject_template,   F_OPTIONAL, 1, 200, none, "that prefix; %LABELS is what the mail is, and that it comes from outside") \
	X(T, ENUMS, body_labels,        F_OPTIONAL, 0, 7, add_on_label, "which mails get a text at their beginning; none = nothing is done") \
	X(T, STR,   body_template_text, F_OPTIONAL, 1, 4000, none, "that text where the mail is plain; %LABELS, %REASONS, %THREATS") \
	X(T, STR,   body_template_html, F_OPTIONAL, 1, 8000, none, "and where it is HTML, as it is to stand there; what is put in for a variable is escaped") \
	X(T, STR,   label_external,     F_OPTIONAL, 1, 40, none, "what %LABELS says of mail from outside: that is all whose From is not proved to be of a domain of the account") \
	X(T, STR,   label_malicious,    F_OPTIONAL, 1, 40, none, "likewise of MALICIOUS, and MALICIOUS-BEC") \
	X(T, STR,   label_suspicious,   F_OPTIONAL, 1, 40, none, "likewise of SUSPICIOUS") \
	X(T, STR,   label_spoof,        F_OPTIONAL, 1, 40, none, "likewise of SPOOF") \
	X(T, STR,   label_spam,         F_OPTIONAL, 1, 40, none, "likewise of SPAM") \
	X(T, STR,   label_bulk,         F_OPTIONAL, 1, 40, none, "likewise of BULK") \
	X(T, STR,   label_encrypted,    F_OPTIONAL, 1, 40, none, "likewise of mail with a file that nobody but its reader can open") \
	X(T, TIME,  created_at,         F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME,  modified_at,        F_READONLY, 0, 0, none, "when it last changed")
FIELDS_DECLARE(text_add_on, TEXT_ADD_ON);
/* clang-format on */

#define TEXT_ADD_ONS_MAX 1000 /* of one account */

/* What a label says. */
struct str text_add_on_label(const struct text_add_on *t, enum add_on_label label);
/* Which label speaks of a disposition; -1 = none does. */
int add_on_label_of(int disposition);

#endif

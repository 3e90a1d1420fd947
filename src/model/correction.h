/*
 * A correction: what a confirmed submission taught. Mail of the same campaign as the one that it was about is judged as
 * people said of that one (policy/correction.h). Made by the server alone (courier/learn.c), one for each submission;
 * deleting it undoes what it changed.
 */
#ifndef MODEL_CORRECTION_H
#define MODEL_CORRECTION_H

#include "base/field.h"
#include "model/enums.h"
#include "model/submission.h"

/* clang-format off */
#define CORRECTION(X, T) \
	X(T, ID,   id,                   F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,  submission_id,        F_READONLY, 0, 64, none, "of the submission that was confirmed") \
	X(T, STR,  created_by,           F_READONLY | F_NULL, 0, 320, none, "who submitted it, as in the audit") \
	X(T, STR,  postfix_id,           F_READONLY | F_NULL, 0, 64, none, "queue id of the mail it was learnt from") \
	X(T, STR,  subject,              F_READONLY | F_NULL | F_SEARCH, 0, 4096, none, "of that mail") \
	X(T, STR,  from,                 F_READONLY | F_NULL | F_SEARCH, 0, 1024, none, "address in its From") \
	X(T, STR,  authenticated_domain, F_READONLY | F_NULL, 0, 255, none, "domain of that address, where it was proved; a correction to something better counts for mail proved alike, and for no other") \
	X(T, ENUM, original_disposition, F_READONLY | F_NULL, 0, 0, submission_disposition, "what that mail was judged as") \
	X(T, ENUM, disposition,          F_READONLY, 0, 0, submission_disposition, "what mail of its campaign is") \
	X(T, STR,  edf_hash,             F_READONLY, 0, 128, none, "fingerprint of the campaign") \
	X(T, STR,  simhash,              F_READONLY | F_NULL, 0, 40, none, "of the text; null: too little text to be told by, so only mail from the same address is meant") \
	X(T, STR,  superseded_by,        F_READONLY | F_NULL, 0, 64, none, "id of a later correction of the same campaign, which says otherwise and so counts instead") \
	X(T, TIME, created_at,           F_READONLY, 0, 0, none, "when it was learnt") \
	X(T, TIME, modified_at,          F_READONLY, 0, 0, none, "the same")
FIELDS_DECLARE(correction, CORRECTION);

#define CORRECTED_MESSAGE(X, T) \
	X(T, STR,  id,         F_READONLY, 0, 64, none, "investigate id") \
	X(T, STR,  postfix_id, F_READONLY, 0, 64, none, "queue id") \
	X(T, TIME, scanned_at, F_READONLY, 0, 0, none, "when the message came") \
	X(T, ENUM, before,     F_READONLY, 0, 0, disposition, "what it is without the correction") \
	X(T, ENUM, after,      F_READONLY, 0, 0, disposition, "what it was judged as by it")
FIELDS_DECLARE(corrected_message, CORRECTED_MESSAGE);

/* What undoing one comes to. */
#define CORRECTION_UNDONE(X, T) \
	X(T, ID,   id,       F_READONLY, 0, 0, none, "of the correction") \
	X(T, INT,  messages, F_READONLY, 0, INT64_MAX, none, "how many it judges otherwise and no newer one does: they become what they are without it, unless somebody spoke about them since") \
	X(T, INT,  released, F_READONLY, 0, INT64_MAX, none, "how many of them leave quarantine by that: none, what is held waits for a release")
FIELDS_DECLARE(correction_undone, CORRECTION_UNDONE);
/* clang-format on */

#endif

/* Submissions: saying that a message should be judged otherwise, what was said, and who has looked at it. */
#ifndef API_SUBMISSIONS_H
#define API_SUBMISSIONS_H

#include "api/request.h"
#include "base/limits.h"
#include "model/submission.h"

/* clang-format off */
#define RECLASSIFICATION(X, T) \
	X(T, ENUM, expected_disposition,    F_REQUIRED, 0, 0, submission_disposition, "what the message is") \
	X(T, STR,  eml_content,             F_NULL, 0, LIMIT_BODY_MAIL, none, "the message in base64, looked at where the server does not keep it") \
	X(T, STR,  escalated_submission_id, F_NULL, 0, 64, none, "the user's submission that is escalated by this")
FIELDS_DECLARE(reclassification, RECLASSIFICATION);
/* clang-format on */

/* 409 */
#define SUBMISSION_IS_ESCALATED "It is escalated: what comes of it is decided there"

/* POST investigate/{id}/reclassify */
void reclassify_reply(struct request *rq);
/* GET submissions */
void submissions_list_reply(struct request *rq);
/* GET and PATCH postern/submissions/{id} */
void submission_get_reply(struct request *rq);
void submission_triage_reply(struct request *rq);

/*
 * A record for a submission of this one's mail: what is known of it before it is analysed, without what was done to it.
 * It has a queue id of its own. by: who submits it.
 */
struct record *submission_mail(struct request *rq, const struct record *of, struct str by);
/* The bytes that are to be looked at: those that are kept, else those that came with the request, else none. */
MUST_CHECK enum err submission_choose_bytes(struct request *rq, struct str eml, struct record *mail);
/* What is the same in all that are made here: by the principal, of the team, open. */
void submission_begin(struct request *rq, const struct record *mail, int requested, struct submission *out);

#endif

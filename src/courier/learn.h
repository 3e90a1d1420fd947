/*
 * Learning from what people confirmed: a correction (model/correction.h), which mail to come is judged by (scan/scan.c), and
 * what it means for mail of the same campaign that is here already. Undone, everything is as it was that nobody has
 * spoken about since.
 *
 * What is held stays held. What was delivered stays where it is, unless the account says where such mail is moved to: that
 * is asked for with the change of the record (store/move_note.h), and for the other way round when it is undone.
 */
#ifndef COURIER_LEARN_H
#define COURIER_LEARN_H

#include "courier/tools.h"
#include "store/submissions.h"

/*
 * Makes the correction of a confirmed submission, once, unless it says what the server said itself. mail: what it is about,
 * as analysed; v: the verdict of the analysis, NULL = there is none. Of a full collection only the log tells.
 */
MUST_CHECK enum err learn(const struct job_tools *tools, struct arena *a, const struct submission *s,
			  const struct record *mail, const struct verdict *v);

/* Has one record follow a correction that has not reached it, as a try has all of its campaign. ERR_ABSENT: it is undone. */
MUST_CHECK enum err learn_reach(const struct job_tools *tools, struct arena *a, int64_t account, int64_t key,
				int64_t correction, bool *changed_out);

/* One try to make mail follow a correction, or its end; as release_run. */
MUST_CHECK enum err learn_run(const struct job_tools *tools, const struct job *job, struct job_try *out);

#endif

/* One delivered mail, looked at once more: whom that leaves alone, and what its record says afterwards. */
#ifndef COURIER_REEVALUATION_MAIL_H
#define COURIER_REEVALUATION_MAIL_H

#include "courier/grounds.h"

struct reevaluation_tools {
	struct job_tools job;
	struct grounds_tools grounds;
};

/*
 * Has it follow a correction that did not reach it; else judges it by what it was judged by and the grounds found since, where
 * that is worse. Left alone is what somebody spoke of, and what is held, released or moved. What is to be moved or reported is
 * noted with the change (store/move_note.h). Done again, it changes nothing. ERR_LATER: the store is busy or full.
 */
MUST_CHECK enum err reevaluate(const struct reevaluation_tools *tools, const struct grounds_account *account,
			       struct arena *a, int64_t key, enum reevaluation_step step, bool *changed_out);

#endif

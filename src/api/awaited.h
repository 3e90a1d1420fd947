/*
 * A job that a request asked for and waits for, so that its answer can say how the job went. Whether it is over is of the moment
 * it was first found tried.
 */
#ifndef API_AWAITED_H
#define API_AWAITED_H

#include "api/request.h"
#include "base/arena.h"

struct awaited {
	int64_t job; /* 0: there is none */
	bool tried;  /* since it was asked for */
	bool over;   /* nothing will be tried any more */
};

/* Whether the request is to be answered now, however far its jobs are. until_ms: monotonic. */
bool awaited_is_due(const struct request *rq, int64_t until_ms);

/* Reads how it stands, unless it is known to have been tried. ERR_LATER, ERR_ABSENT. */
MUST_CHECK enum err awaited_look(const struct request *rq, struct arena *a, struct awaited *w);

/* The same for who waits: what cannot be read keeps nobody waiting, for the answer tells of it. The request's arena stays as it is. */
bool awaited_was_tried(struct request *rq, struct awaited *w);

#endif

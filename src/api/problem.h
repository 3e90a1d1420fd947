/* Every way a request fails: status, code, message and the headers that go with it. */
#ifndef API_PROBLEM_H
#define API_PROBLEM_H

#include "api/problem_kind.h"
#include "api/request.h"

/* SDKs repeat 409, 429 and 5xx by themselves. */
enum retry { RETRY_AS_USUAL, RETRY_SOON, RETRY_NEVER };

struct problem_row {
	unsigned status, code;
	enum retry retry;
	struct str message;
	unsigned chain_code; /* 0 = none */
	struct str chain_message;
};

extern const struct problem_row problem_rows[]; /* by enum problem */
extern const size_t problem_count;

/* Answers with the problem's own message, or with `detail` where it is not empty; pointer "" = none. */
void problem_reply(struct request *rq, enum problem p, struct str pointer, struct str detail);
/* 400 with an error for each fault, and one of code 14004 for each pointer in absent; 404 when only those are. */
void problem_faults(struct request *rq, const struct faults *faults, const struct faults *absent);
/* What a function of ours gave back. e is not OK. */
void problem_err(struct request *rq, enum err e);

#endif

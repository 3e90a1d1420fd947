/*
 * A request's steps, called by the server in this order: init, headers, data…, body, run, finish, done. After any
 * of them rq->status tells whether it is answered; then the next is finish. Knows nothing of libmicrohttpd.
 */
#ifndef API_HANDLE_H
#define API_HANDLE_H

#include "api/request.h"

/* rq is zeroed but for its arena, which stays the caller's. */
void handle_init(struct request *rq, struct api *api, struct str target);
/* Route, limits of the address, credentials, account, permission, media type, announced size. */
void handle_headers(struct request *rq, struct str method);
void handle_data(struct request *rq, struct str data);
/* The body is complete. */
void handle_body(struct request *rq);
/* Runs what takes no time worth speaking of; false: it is not answered, and handle_run may take long. */
bool handle_at_once(struct request *rq);
/* In the pool. Not answered yet: again once rq->ready says so, or at once with rq->hurried set. */
void handle_run(struct request *rq);
/* Instead of run when the pool is full. */
void handle_busy(struct request *rq);
/* The answer is complete: checks its size and logs writes. */
void handle_finish(struct request *rq);
/* Frees what the request holds outside its arena. */
void handle_done(struct request *rq);

#endif

/* Answers that are made while they are sent, as the HTTP library takes them: chunked, for nobody knows their length. */
#ifndef API_STREAM_H
#define API_STREAM_H

#include "api/request.h"

struct MHD_Response;

/*
 * `ready`, then what the source gives; both are the response's from then on. NULL: no memory, and they are not. id: of
 * the request, for what the log says meanwhile.
 */
struct MHD_Response *stream_response(struct buf *ready, const struct reply_source *source, struct str id);

#endif

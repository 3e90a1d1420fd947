/* One request as libmicrohttpd brings it: its target, its headers, its body in pieces, and the answer going out. */
#ifndef API_EXCHANGE_H
#define API_EXCHANGE_H

#include <microhttpd.h>
#include <stdbool.h>

struct api;

/* Callbacks; cls is the struct api. The request line has come. */
void *exchange_begin(void *cls, const char *target, struct MHD_Connection *connection);
/* The headers, then each piece of the body, then its end; and once more when slow work is done. */
enum MHD_Result exchange_step(void *cls, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *data, size_t *size,
			      void **ctx);
/* The answer is out, or the connection lost. */
void exchange_end(void *cls, struct MHD_Connection *connection, void **ctx,
		  enum MHD_RequestTerminationCode why);

/* Slow work, in a thread of the pool. */
void exchange_work(void *exchange);
/* Whether what it waits for has come. */
bool exchange_is_ready(void *exchange);
/* When no connection is left. */
void exchange_free_spare(struct api *api);

#endif

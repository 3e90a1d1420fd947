/* An HTTP server that answers every request with the same 1.8 kB of JSON: what libmicrohttpd itself costs. */
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BODY_SIZE 1800 /* about what one message of the API takes */

static char body[BODY_SIZE];

static enum MHD_Result answer(void *ctx, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *data, size_t *size,
			      void **request)
{
	static int seen;

	(void)ctx;
	(void)url;
	(void)method;
	(void)version;
	(void)data;
	(void)size;
	if (!*request) {
		*request = &seen; /* the first call has the header only */
		return MHD_YES;
	}
	struct MHD_Response *r = MHD_create_response_from_buffer(sizeof(body), body, MHD_RESPMEM_PERSISTENT);

	MHD_add_response_header(r, "Content-Type", "application/json");
	enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, r);

	MHD_destroy_response(r);
	return result;
}

int main(int argc, char **argv)
{
	long port = argc == 2 ? strtol(argv[1], NULL, 10) : 0;

	if (port < 1 || port > 65535) {
		fputs("usage: constant PORT\n", stderr);
		return 2;
	}
	memset(body, 'x', sizeof(body));
	memcpy(body, "{\"result\":\"", 11);
	memcpy(body + sizeof(body) - 2, "\"}", 2);
	struct MHD_Daemon *d =
	    MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, (uint16_t)port, NULL, NULL, answer, NULL,
			     MHD_OPTION_THREAD_POOL_SIZE, 2U, MHD_OPTION_END);

	if (!d)
		return 1;
	for (;;)
		pause();
}

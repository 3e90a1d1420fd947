/* A server for tests: takes connections one after the other, reads a request on each, and says what it was given. */
#ifndef TESTS_MAILBOX_HTTP_SERVER_H
#define TESTS_MAILBOX_HTTP_SERVER_H

#include <pthread.h>

#define ANSWER(status, body) "HTTP/1.1 " status "\r\nConnection: close\r\n\r\n" body

struct http_server {
	int fd, port;
	const char *const *says;
	size_t n;
	char got[16384]; /* the last request */
	pthread_t thread;
};

void http_server_start(struct http_server *s, const char *const *says, size_t n);
/* Waits until all was said. */
void http_server_end(struct http_server *s);

#endif

/* One thread, one connection at a time. */
#include "http_server.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"

/* Head and as much of a body as it announces. */
static void read_request(int fd, char *to, size_t room)
{
	size_t n = 0, whole = room;
	ssize_t got;

	while (n < whole && (got = read(fd, to + n, room - n - 1)) > 0) {
		n += (size_t)got;
		to[n] = '\0';
		const char *end = strstr(to, "\r\n\r\n"), *length = strstr(to, "Content-Length: ");
		if (end)
			whole = (size_t)(end + 4 - to) + (length ? (size_t)atol(length + 16) : 0);
	}
}

static void *serve(void *ctx)
{
	struct http_server *s = ctx;

	for (size_t i = 0; i < s->n; i++) {
		int fd = accept(s->fd, NULL, NULL);
		read_request(fd, s->got, sizeof(s->got));
		ASSERT(write(fd, s->says[i], strlen(s->says[i])) >= 0);
		close(fd);
	}
	return NULL;
}

void http_server_start(struct http_server *s, const char *const *says, size_t n)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(at);

	*s = (struct http_server){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
				   .says = says,
				   .n = n };
	ASSERT(bind(s->fd, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(s->fd, 8) == 0 &&
	       getsockname(s->fd, (struct sockaddr *)&at, &size) == 0);
	s->port = ntohs(at.sin_port);
	ASSERT(pthread_create(&s->thread, NULL, serve, s) == 0);
}

void http_server_end(struct http_server *s)
{
	pthread_join(s->thread, NULL);
	close(s->fd);
}

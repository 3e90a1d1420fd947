/* A plain HTTP client: one connection, bytes out, bytes in until the server closes. */
#include "run.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MAX (64u << 20)
#define WAIT_MS 20000

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* RFC 9112 §7.1, without trailers; what is not chunked rightly comes out short. */
static struct str unchunk(struct place *p, struct str body)
{
	char *out = arena_alloc(p->arena, body.n + 1);
	size_t n = 0;

	while (body.n) {
		char *end;
		size_t size = strtoul(body.p, &end, 16), at = (size_t)(end - body.p) + 2;
		if (size == 0 || at > body.n || size > body.n - at)
			break;
		memcpy(out + n, body.p + at, size);
		n += size;
		body = str_sub(body, at + size + 2, body.n);
	}
	return str_from(out, n);
}

struct reply client_send(struct place *p, struct str request)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(p->port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct reply a = { 0 };
	struct buf in;

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)))
		fail("connect");
	/* A server that refuses early may close before all is written; its answer is still there to read. */
	for (size_t at = 0; at < request.n;) {
		ssize_t n = send(fd, request.p + at, request.n - at, MSG_NOSIGNAL);
		if (n <= 0)
			break;
		at += (size_t)n;
	}
	buf_init(&in, ANSWER_MAX);
	for (;;) {
		struct pollfd wait = { .fd = fd, .events = POLLIN };
		char *to_fill = buf_reserve(&in, 65536);
		if (!to_fill || poll(&wait, 1, WAIT_MS) != 1)
			fail("no answer");
		ssize_t n = recv(fd, to_fill, 65536, 0);
		if (n <= 0)
			break;
		buf_grew(&in, (size_t)n);
	}
	close(fd);
	struct str all = arena_str(p->arena, buf_str(&in));
	buf_free(&in);
	size_t end = str_find(all, STR("\r\n\r\n"), 0);
	uint64_t status;
	if (end == SIZE_MAX || all.n < 12 || str_to_u64(str_sub(all, 9, 12), 999, &status))
		return a;
	a.status = (unsigned)status;
	a.headers = str_sub(all, 0, end + 2);
	a.body = str_sub(all, end + 4, all.n);
	if (str_eq_nocase(reply_header(&a, STR("Transfer-Encoding")), STR("chunked")))
		a.body = unchunk(p, a.body);
	return a;
}

struct str reply_header(const struct reply *a, struct str name)
{
	struct str rest = a->headers;

	while (rest.n) {
		size_t end = str_find(rest, STR("\r\n"), 0);
		struct str line = str_sub(rest, 0, end);
		rest = end == SIZE_MAX ? STR_NONE : str_sub(rest, end + 2, rest.n);
		if (str_starts_nocase(line, name) && line.n > name.n && line.p[name.n] == ':')
			return str_trim(str_sub(line, name.n + 1, line.n));
	}
	return STR_NONE;
}

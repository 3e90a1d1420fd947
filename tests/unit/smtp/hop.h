/* A scripted next hop on loopback, in a thread of its own, for one connection after the other. */
#ifndef TEST_HOP_H
#define TEST_HOP_H

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "net/stream.h"

/*
 * Steps, ended by NULL: "S:text" sends text and CRLF; "R:text" sends it as it is; "C:prefix" takes a line
 * that must start so; "D" takes content up to CRLF.CRLF, "L" the same at 32 MB a second; "T" is the server's side of
 * a TLS handshake; "F" sends something that is no handshake; "W" waits until the client closes; "N" closes and takes
 * the next connection.
 */
struct hop {
	const char *const *script;
	struct tls_context *tls;
	int listen_fd;
	uint16_t port;
	pthread_t thread;
	struct buf content; /* of every D, as it came */
	char failed[512];   /* the first step that did not go as written */
};

static inline int listen_any(uint16_t *port_out)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&a, n) || listen(fd, 256) ||
	    getsockname(fd, (struct sockaddr *)&a, &n))
		abort();
	*port_out = ntohs(a.sin_port);
	return fd;
}

/* Content, as it came, up to its end; `pause` after every 160 kB or so. */
static inline bool hop_content(struct hop *h, struct stream *s, deadline_ms until, int pause_ms)
{
	for (size_t from = h->content.n, n = 1;; n++) {
		struct str got = str_sub(buf_str(&h->content), from, h->content.n);
		if (str_ends(got, STR("\r\n.\r\n")) || str_eq(got, STR(".\r\n")))
			return true;
		if (!stream_has_input(s) && stream_fill(s, until))
			return false;
		buf_add(&h->content, stream_buffered(s));
		stream_take(s, stream_buffered(s).n);
		if (pause_ms && n % 10 == 0)
			poll(NULL, 0, pause_ms);
	}
}

static inline bool hop_step(struct hop *h, struct stream *s, const char *step, deadline_ms until)
{
	struct str arg = str_of(step[0] && step[1] ? step + 2 : ""), line;

	switch (step[0]) {
	case 'S':
		return !stream_write(s, arg, until) && !stream_write(s, STR("\r\n"), until);
	case 'R':
		return !stream_write(s, arg, until);
	case 'C':
		return !stream_line_wait(s, 4096, until, &line) && str_starts(line, arg);
	case 'D':
		return hop_content(h, s, until, 0);
	case 'L':
		return hop_content(h, s, until, 5);
	case 'T':
		stream_tls_accept(s, h->tls);
		return !stream_tls_finish(s, until);
	case 'F':
		return !stream_fill(s, until) && !stream_write(s, STR("no TLS here\r\n"), until);
	default: /* 'W' */
		while (!stream_fill(s, until))
			stream_take(s, stream_buffered(s).n);
		return clock_left_ms(until) > 0;
	}
}

static inline struct stream *hop_accept(struct hop *h)
{
	int fd = accept4(h->listen_fd, NULL, NULL, SOCK_CLOEXEC);

	return fd < 0 ? NULL : stream_new(fd);
}

static inline void *hop_main(void *arg)
{
	struct hop *h = arg;
	struct stream *s = hop_accept(h);
	deadline_ms until = clock_mono_ms() + 10000;

	for (const char *const *step = h->script; s && *step && !h->failed[0]; step++) {
		if (**step == 'N') {
			stream_close(&s);
			s = hop_accept(h);
		} else if (!hop_step(h, s, *step, until)) {
			snprintf(h->failed, sizeof(h->failed), "step %zd: %s", step - h->script, *step);
		}
	}
	stream_close(&s);
	return NULL;
}

static inline void hop_start(struct hop *h, const char *const *script, struct tls_context *tls)
{
	*h = (struct hop){ .script = script, .tls = tls };
	buf_init(&h->content, 1 << 24);
	h->listen_fd = listen_any(&h->port);
	if (pthread_create(&h->thread, NULL, hop_main, h))
		abort();
}

/* Waits for the script's end; "" or the step that failed. Content stays until buf_free. */
static inline const char *hop_join(struct hop *h)
{
	shutdown(h->listen_fd, SHUT_RDWR); /* in case it still waits for a connection */
	pthread_join(h->thread, NULL);
	close(h->listen_fd);
	return h->failed;
}

#endif

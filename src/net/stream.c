/* Reading, writing and TLS on one connection. Making connections is stream_connect.c. */
#include "net/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/tls_internal.h"

#define UNREAD_MAX (1 << 20)

struct stream {
	int fd;
	SSL *ssl;                /* NULL in clear */
	struct tls_context *tls; /* keeps what ssl stands on */
	bool tls_failed;
	bool skipping; /* inside a line that was too long */
	char *in;      /* STREAM_BUFFER bytes, or NULL while nothing is buffered */
	size_t at, end;
	size_t seen; /* no LF in [at, seen) */
};

struct stream *stream_new(int fd)
{
	struct stream *s = calloc(1, sizeof(*s));
	int one = 1;

	ASSERT(s && fd >= 0);
	s->fd = fd;
	int flags = fcntl(fd, F_GETFL);
	ASSERT(flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0);
	/* Fails on a Unix socket, which has nothing to delay. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return s;
}

void stream_close(struct stream **sp)
{
	struct stream *s = *sp;

	*sp = NULL;
	if (!s)
		return;
	if (s->ssl && !s->tls_failed && SSL_is_init_finished(s->ssl))
		(void)SSL_shutdown(s->ssl);
	SSL_free(s->ssl);
	ERR_clear_error();
	tls_unref(&s->tls);
	/*
	 * Closing on unread input sends a reset, which may overtake our last words: forget some of
	 * it first.
	 */
	(void)recv(s->fd, NULL, UNREAD_MAX, MSG_TRUNC | MSG_DONTWAIT);
	close(s->fd);
	free(s->in);
	free(s);
}

int stream_fd(const struct stream *s)
{
	return s->fd;
}

/* OK when the socket is ready (or broken: the next call will say so). */
static enum err wait_for(const struct stream *s, short events, deadline_ms until)
{
	struct pollfd p = { .fd = s->fd, .events = events };

	for (;;) {
		int left = until == STREAM_NOW ? 0 : clock_left_ms(until);
		if (left == 0)
			return ERR_LATER;
		int n = poll(&p, 1, left);
		if (n > 0)
			return OK;
		if (n < 0 && errno != EINTR)
			return ERR_ABSENT;
	}
}

/* What a result <= 0 of an SSL call asks for. */
static enum stream_want tls_want(struct stream *s, int result)
{
	int e = SSL_get_error(s->ssl, result);

	if (e == SSL_ERROR_WANT_READ)
		return STREAM_WANT_READ;
	if (e == SSL_ERROR_WANT_WRITE)
		return STREAM_WANT_WRITE;
	s->tls_failed = true;
	ERR_clear_error();
	return STREAM_FAILED;
}

/* One read into the room at the end of the buffer, without waiting. */
static enum stream_want read_some(struct stream *s)
{
	char *to = s->in + s->end;
	size_t room = STREAM_BUFFER - s->end, got;

	if (s->ssl) {
		ERR_clear_error(); /* SSL_get_error looks at this thread's queue too */
		int r = SSL_read_ex(s->ssl, to, room, &got);
		if (r <= 0)
			return tls_want(s, r);
		s->end += got;
		return STREAM_DONE;
	}
	ssize_t n = recv(s->fd, to, room, 0);
	if (n > 0) {
		s->end += (size_t)n;
		return STREAM_DONE;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return STREAM_WANT_READ;
	return STREAM_FAILED;
}

enum err stream_fill(struct stream *s, deadline_ms until)
{
	if (s->tls_failed)
		return ERR_ABSENT;
	if (!s->in) {
		s->in = malloc(STREAM_BUFFER);
		ASSERT(s->in);
	}
	if (s->at == s->end) {
		s->at = s->end = s->seen = 0;
	} else if (s->end == STREAM_BUFFER) {
		if (s->at == 0)
			return ERR_LIMIT;
		memmove(s->in, s->in + s->at, s->end - s->at);
		s->seen -= s->at;
		s->end -= s->at;
		s->at = 0;
	}
	for (;;) {
		enum stream_want want = read_some(s);
		if (want == STREAM_DONE)
			return OK;
		if (want == STREAM_FAILED)
			return ERR_ABSENT;
		enum err e = wait_for(s, want == STREAM_WANT_READ ? POLLIN : POLLOUT, until);
		if (e)
			return e;
	}
}

bool stream_is_gone(const struct stream *s)
{
	char c;
	ssize_t n = recv(s->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT);

	return s->at == s->end && (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR));
}

struct str stream_buffered(const struct stream *s)
{
	return (struct str){ s->in ? s->in + s->at : NULL, s->end - s->at };
}

void stream_take(struct stream *s, size_t n)
{
	ASSERT(n <= s->end - s->at);
	s->at += n;
	if (s->seen < s->at)
		s->seen = s->at;
}

bool stream_has_input(const struct stream *s)
{
	return s->at < s->end || (s->ssl && !s->tls_failed && SSL_pending(s->ssl) > 0);
}

void stream_trim(struct stream *s)
{
	if (s->at < s->end)
		return;
	free(s->in);
	s->in = NULL;
	s->at = s->end = s->seen = 0;
}

/* Takes the bytes up to and with the next LF; false when there is none, which is then remembered. */
static bool take_to_lf(struct stream *s, struct str *out)
{
	const char *lf = s->seen < s->end ? memchr(s->in + s->seen, '\n', s->end - s->seen) : NULL;

	s->seen = s->end;
	if (!lf)
		return false;
	*out = (struct str){ s->in + s->at, (size_t)(lf + 1 - (s->in + s->at)) };
	s->at += out->n;
	s->seen = s->at;
	return true;
}

enum err stream_line(struct stream *s, size_t max, struct str *out)
{
	ASSERT(max <= STREAM_BUFFER - 2);
	struct str line;

	while (take_to_lf(s, &line)) {
		bool skipped = s->skipping, whole = str_ends(line, STR("\r\n"));
		if (skipped && !whole)
			continue; /* a bare LF does not end the line being skipped */
		s->skipping = false;
		*out = str_sub(line, 0, line.n - (whole ? 2 : 1));
		if (skipped || out->n > max)
			return ERR_LIMIT;
		return whole ? OK : ERR_SYNTAX;
	}
	if (s->end - s->at > max + 1) { /* + 1: the last byte may be the CR */
		s->skipping = true;
		s->at = s->end - 1; /* which is kept, so that its LF finds it */
	}
	return ERR_LATER;
}

enum err stream_line_wait(struct stream *s, size_t max, deadline_ms until, struct str *out)
{
	for (;;) {
		enum err e = stream_line(s, max, out);
		if (e != ERR_LATER)
			return e;
		e = stream_fill(s, until);
		if (e)
			return e;
	}
}

static enum stream_want write_once(struct stream *s, struct str bytes, size_t *n_out)
{
	*n_out = 0;
	if (s->ssl) {
		ERR_clear_error();
		int r = SSL_write_ex(s->ssl, bytes.p, bytes.n, n_out);
		return r > 0 ? STREAM_DONE : tls_want(s, r);
	}
	ssize_t n = send(s->fd, bytes.p, bytes.n, MSG_NOSIGNAL);
	if (n >= 0) {
		*n_out = (size_t)n;
		return STREAM_DONE;
	}
	return errno == EAGAIN || errno == EINTR ? STREAM_WANT_WRITE : STREAM_FAILED;
}

static enum err write_until(struct stream *s, struct str bytes, deadline_ms until, size_t *written_out)
{
	*written_out = 0;
	while (bytes.n > 0) {
		size_t n;
		if (s->tls_failed)
			return ERR_ABSENT;
		enum stream_want want = write_once(s, bytes, &n);
		if (want == STREAM_FAILED)
			return ERR_ABSENT;
		if (want != STREAM_DONE) {
			enum err e = wait_for(s, want == STREAM_WANT_READ ? POLLIN : POLLOUT, until);
			if (e)
				return e;
		}
		*written_out += n;
		bytes = str_sub(bytes, n, bytes.n);
	}
	return OK;
}

enum err stream_write(struct stream *s, struct str bytes, deadline_ms until)
{
	size_t n;

	return write_until(s, bytes, until, &n);
}

enum err stream_write_some(struct stream *s, struct str bytes, size_t *written_out)
{
	return write_until(s, bytes, STREAM_NOW, written_out);
}

static void tls_start(struct stream *s, struct tls_context *t)
{
	ASSERT(!s->ssl);
	stream_take(s, s->end - s->at);
	s->skipping = false;
	s->tls = tls_ref(t);
	s->ssl = tls_connection_new(t, s->fd);
	s->tls_failed = s->ssl == NULL;
}

void stream_tls_accept(struct stream *s, struct tls_context *t)
{
	tls_start(s, t);
	if (s->ssl)
		SSL_set_accept_state(s->ssl);
}

void stream_tls_connect(struct stream *s, struct tls_context *t, const char *name)
{
	tls_start(s, t);
	if (!s->ssl)
		return;
	SSL_set_connect_state(s->ssl);
	/* What SSL_set_tlsext_host_name does, whose own cast clang does not like. */
	if (name && !SSL_ctrl(s->ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
			      (void *)(uintptr_t)name))
		ERR_clear_error(); /* a name too long for SNI: go without */
}

void stream_tls_verify(struct stream *s, struct tls_context *t, const char *host)
{
	struct ip ip;
	bool is_address = ip_parse(str_of(host), &ip) == OK;

	stream_tls_connect(s, t, is_address ? NULL : host);
	if (s->ssl && !(is_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(s->ssl), host)
				   : SSL_set1_host(s->ssl, host)))
		s->tls_failed = true;
}

const char *stream_tls_doubt(const struct stream *s)
{
	long result = s->ssl ? SSL_get_verify_result(s->ssl) : X509_V_OK;

	return result == X509_V_OK ? NULL : X509_verify_cert_error_string(result);
}

enum stream_want stream_tls_step(struct stream *s)
{
	if (s->tls_failed)
		return STREAM_FAILED;
	ERR_clear_error();
	int r = SSL_do_handshake(s->ssl);
	return r == 1 ? STREAM_DONE : tls_want(s, r);
}

enum err stream_tls_finish(struct stream *s, deadline_ms until)
{
	for (;;) {
		enum stream_want want = stream_tls_step(s);
		if (want == STREAM_DONE)
			return OK;
		if (want == STREAM_FAILED)
			return ERR_ABSENT;
		enum err e = wait_for(s, want == STREAM_WANT_READ ? POLLIN : POLLOUT, until);
		if (e)
			return e;
	}
}

const char *stream_tls_version(const struct stream *s)
{
	return s->ssl && SSL_is_init_finished(s->ssl) ? SSL_get_version(s->ssl) : NULL;
}

/*
 * One connection: a socket, its TLS when there is some, and a buffer of what was read.
 *
 * The socket is non-blocking; every call that may wait takes a deadline (monotonic milliseconds, STREAM_NOW =
 * do not wait at all) and waits in poll(). No signal is raised for a closed peer. One thread at a time.
 *
 * What goes wrong: ERR_LATER = the deadline is over (the stream may be used on); ERR_ABSENT = the peer is
 * gone or the connection broken (only close it).
 */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include "base/clock.h"
#include "base/ip.h"
#include "net/tls.h"

#define STREAM_NOW ((deadline_ms)0)
#define STREAM_BUFFER 16384 /* one TLS record; also the longest line plus its CRLF */

struct stream;

/* Takes over a connected socket: makes it non-blocking, sets TCP_NODELAY where it is TCP. */
struct stream *stream_new(int fd);

struct stream_target {
	struct str host; /* name or address, no brackets; for texts alone when there are addresses */
	uint16_t port;
	const struct ip *addresses; /* tried in this order */
	size_t addresses_n;         /* 0: the host is an address, or the system's resolver is asked */
};

/*
 * Connects to the first address that answers; the time left is shared among those still to be tried.
 * ERR_ABSENT: no such name or nothing to connect to; ERR_LATER: refused, unreachable or no answer in time.
 * The system's resolver keeps its own time (resolv.conf), not the deadline: it is for names of this host's own.
 */
MUST_CHECK enum err stream_connect(const struct stream_target *t, deadline_ms until, struct stream **out,
				   struct errbuf *eb);

/* Says goodbye to TLS without waiting, closes the socket, clears the pointer. NULL is fine. */
void stream_close(struct stream **s);
int stream_fd(const struct stream *s);

/* ---- reading ---- */

/* Waits for more bytes and appends them to the buffer. ERR_LIMIT: the buffer is full. */
MUST_CHECK enum err stream_fill(struct stream *s, deadline_ms until);
/* Whether the peer is gone, and nothing it said is left to be read. A goodbye within TLS is not looked for. */
bool stream_is_gone(const struct stream *s);
/* What was read and not yet taken; points into the buffer, until the next fill. */
struct str stream_buffered(const struct stream *s);
/* Marks the first n buffered bytes as taken. */
void stream_take(struct stream *s, size_t n);
/* True when reading goes on without a wait of the socket: bytes in the buffer or decrypted inside TLS. */
bool stream_has_input(const struct stream *s);
/* Gives the buffer's memory back when it is empty; for streams that will wait long. */
void stream_trim(struct stream *s);

/*
 * The next buffered line without its CRLF; only CRLF ends a line. The slice holds until the next fill.
 *
 * ERR_LATER: no whole line is buffered yet. ERR_LIMIT: a line longer than max (at most STREAM_BUFFER - 2) was
 * skipped, up to and with its CRLF. ERR_SYNTAX: the line was ended by a bare LF; it is taken and given in
 * *out. A bare CR is left in the line for the caller to see.
 */
MUST_CHECK enum err stream_line(struct stream *s, size_t max, struct str *out);
/* The same, waiting for the line; ERR_LATER is then the deadline. */
MUST_CHECK enum err stream_line_wait(struct stream *s, size_t max, deadline_ms until, struct str *out);

/* ---- writing ---- */

/* Writes all of it. */
MUST_CHECK enum err stream_write(struct stream *s, struct str bytes, deadline_ms until);
/* Writes what goes without waiting; *written_out says how much, also on ERR_LATER. */
MUST_CHECK enum err stream_write_some(struct stream *s, struct str bytes, size_t *written_out);

/* ---- TLS ---- */

enum stream_want {
	STREAM_DONE,
	STREAM_WANT_READ,  /* call again when the socket can be read */
	STREAM_WANT_WRITE, /* … written */
	STREAM_FAILED,     /* only close it */
};

/*
 * Starts TLS on the connection; STREAM_FAILED from the first step when it cannot. Bytes already buffered came
 * in clear from anyone on the way and are forgotten (CVE-2011-0411). name: for the server to choose its
 * certificate (SNI), NULL on the server's side or for addresses.
 */
void stream_tls_accept(struct stream *s, struct tls_context *t);
void stream_tls_connect(struct stream *s, struct tls_context *t, const char *name);
/* The same for a context that verifies: the peer must be this host, a name or an address. */
void stream_tls_verify(struct stream *s, struct tls_context *t, const char *host);
/* One step of the handshake, without waiting. */
enum stream_want stream_tls_step(struct stream *s);
/* All of it, waiting. */
MUST_CHECK enum err stream_tls_finish(struct stream *s, deadline_ms until);
/* Why the peer is not who it must be, as far as that is why TLS failed; NULL: it is not. */
const char *stream_tls_doubt(const struct stream *s);
/* "TLSv1.3" or so after the handshake, NULL without TLS. */
const char *stream_tls_version(const struct stream *s);

#endif

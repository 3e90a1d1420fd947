/* INSTREAM: the command, then chunks of bytes with their length before them, and one of length 0. */
#include "net/clamd.h"

#include <errno.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "config/endpoint.h"

#define CHUNK 65536
#define COMMAND "zINSTREAM" /* z: a NUL ends commands and replies */

enum err clamd_address_parse(const char *text, struct clamd_address *out)
{
	struct endpoint e;

	*out = (struct clamd_address){ 0 };
	if (text[0] == '/') {
		out->path = text;
		return strlen(text) < sizeof(((struct sockaddr_un *)NULL)->sun_path) ? OK : ERR_SYNTAX;
	}
	if (endpoint_parse(str_of(text), &e) != OK || e.ip.family == 0 || e.port == 0)
		return ERR_SYNTAX;
	out->ip = e.ip;
	out->port = e.port;
	return OK;
}

/* Without waiting: a server whose queue is full is as good as gone. */
static enum err connect_path(const char *path, struct stream **out, struct errbuf *eb)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	memcpy(to.sun_path, path, strlen(path) + 1);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0) {
		*out = stream_new(fd);
		return OK;
	}
	enum err e = err_set(eb, errno == EAGAIN ? ERR_LATER : ERR_ABSENT, "%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return e;
}

static enum err connect_to(const struct clamd_address *to, deadline_ms until, struct stream **out,
			   struct errbuf *eb)
{
	char text[IP_TEXT_MAX];
	const struct stream_target t = {
		.host = to->path ? STR_NONE : ip_text(&to->ip, text),
		.port = to->port,
		.addresses = &to->ip,
		.addresses_n = 1,
	};

	return to->path ? connect_path(to->path, out, eb) : stream_connect(&t, until, out, eb);
}

static enum err send_chunk(struct stream *s, char *chunk, size_t n, deadline_ms until)
{
	const char length[4] = { (char)(n >> 24), (char)(n >> 16), (char)(n >> 8), (char)n };

	memcpy(chunk, length, sizeof(length));
	return stream_write(s, str_from(chunk, sizeof(length) + n), until);
}

enum err clamd_send(const struct clamd_address *to, int fd, size_t size, deadline_ms until,
		    struct stream **out, struct errbuf *eb)
{
	char chunk[4 + CHUNK];
	size_t at = 0;

	*out = NULL;
	enum err e = connect_to(to, until, out, eb);
	if (e != OK)
		return e;
	e = stream_write(*out, str_from(COMMAND, sizeof(COMMAND)), until);
	while (e == OK && at < size) {
		ssize_t n = pread(fd, chunk + 4, size - at < CHUNK ? size - at : CHUNK, (off_t)at);
		if (n <= 0) {
			stream_close(out);
			return err_set(eb, ERR_LATER, "the mail cannot be read: %s",
				       n ? strerror(errno) : "it is short");
		}
		at += (size_t)n;
		e = send_chunk(*out, chunk, (size_t)n, until);
	}
	if (e == OK)
		e = send_chunk(*out, chunk, 0, until);
	if (e == ERR_LATER) {
		stream_close(out);
		return err_set(eb, e, "it does not take what is sent");
	}
	return OK; /* one that hung up has said why */
}

static bool is_printable(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return s.n > 0 && s.n <= CLAMD_NAME_MAX;
}

/* "stream: OK", "stream: NAME FOUND", "TEXT ERROR". */
static enum err read_reply(struct arena *a, struct str reply, struct str *found_out, struct errbuf *eb)
{
	const struct str before = STR("stream: "), found = STR(" FOUND");

	*found_out = STR("");
	if (str_eq(reply, STR("stream: OK")))
		return OK;
	if (str_ends(reply, STR(" ERROR")))
		return err_set(eb, ERR_DENIED, "it says: %.*s", STR_ARG(str_sub(reply, 0, CLAMD_NAME_MAX)));
	struct str name = str_sub(reply, before.n, reply.n - found.n);
	if (reply.n <= before.n + found.n || !str_starts(reply, before) || !str_ends(reply, found) ||
	    !is_printable(name))
		return err_set(eb, ERR_SYNTAX, "what it says is not understood");
	*found_out = arena_str(a, name);
	return OK;
}

enum err clamd_hear(struct stream **s, struct arena *a, deadline_ms until, struct str *found_out,
		    struct errbuf *eb)
{
	enum err e = OK;
	size_t end;

	while ((end = str_find_char(stream_buffered(*s), '\0', 0)) == SIZE_MAX && e == OK)
		e = stream_fill(*s, until);
	if (end != SIZE_MAX)
		e = read_reply(a, str_sub(stream_buffered(*s), 0, end), found_out, eb);
	else if (e == ERR_LATER)
		err_set(eb, e, "it does not answer in time");
	else
		e = err_set(eb, e == ERR_LIMIT ? ERR_SYNTAX : e, "it hung up without an answer");
	stream_close(s);
	return e;
}

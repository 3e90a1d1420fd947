/* Records over SOCK_SEQPACKET sockets. */
#include "broker/ipc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

#define IPC_MAGIC 0x50537452u
#define IPC_VERSION 1

struct ipc_header {
	uint32_t magic;
	uint8_t version;
	uint8_t type;
	uint16_t more; /* 1: further parts of this payload follow */
	uint32_t length;
	uint32_t sequence;
};
_Static_assert(sizeof(struct ipc_header) == 16, "no holes: the header is compared as bytes");

#define IPC_PART_MAX (LIMIT_IPC_RECORD - sizeof(struct ipc_header))

/* Control space for one descriptor and not a byte more: a second one must show as MSG_CTRUNC. */
union control {
	struct cmsghdr align;
	char bytes[CMSG_LEN(sizeof(int))];
};

enum err ipc_pair(int fds_out[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds_out) == 0 ? OK : ERR_LATER;
}

void ipc_close(struct ipc *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

static enum err wait_for(int fd, short events, int64_t until_ms)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		int n = poll(&p, 1, clock_left_ms(until_ms));
		if (n > 0)
			return OK;
		if (n == 0)
			return ERR_LATER;
		if (errno != EINTR)
			return ERR_ABSENT;
	}
}

static enum err send_part(int fd, struct msghdr *m, int64_t until_ms)
{
	int flags = MSG_NOSIGNAL | (until_ms == IPC_FOREVER ? 0 : MSG_DONTWAIT);

	while (sendmsg(fd, m, flags) < 0) {
		if (errno == EINTR)
			continue;
		if (errno == EAGAIN && until_ms != IPC_FOREVER) {
			enum err e = wait_for(fd, POLLOUT, until_ms);
			if (e != OK)
				return e;
			continue;
		}
		return errno == ENOMEM || errno == ENOBUFS || errno == ETOOMANYREFS ? ERR_LATER : ERR_ABSENT;
	}
	return OK; /* a record goes whole or not at all */
}

enum err ipc_send(struct ipc *c, enum ipc_type type, struct str payload, int pass_fd, int64_t until_ms)
{
	union control control = { 0 };
	size_t at = 0;

	do {
		size_t n = payload.n - at > IPC_PART_MAX ? IPC_PART_MAX : payload.n - at;
		struct ipc_header h = { IPC_MAGIC,          IPC_VERSION, (uint8_t)type,
					at + n < payload.n, (uint32_t)n, c->sent };
		struct iovec iov[2] = { { &h, sizeof(h) }, { NULL, n } };
		struct msghdr m = { .msg_iov = iov, .msg_iovlen = n ? 2 : 1 };
		if (n)
			memcpy(&iov[1].iov_base, &(const char *){ payload.p + at }, sizeof(char *));
		if (pass_fd >= 0 && at == 0) {
			m.msg_control = control.bytes;
			m.msg_controllen = sizeof(control.bytes);
			struct cmsghdr *cm = CMSG_FIRSTHDR(&m);
			cm->cmsg_level = SOL_SOCKET;
			cm->cmsg_type = SCM_RIGHTS;
			cm->cmsg_len = CMSG_LEN(sizeof(int));
			memcpy(CMSG_DATA(cm), &pass_fd, sizeof(int));
		}
		enum err e = send_part(c->fd, &m, until_ms);
		if (e != OK)
			return e;
		c->sent++;
		at += n;
	} while (at < payload.n);
	return OK;
}

static int take_fd(struct msghdr *m)
{
	int fd = -1;

	for (struct cmsghdr *cm = CMSG_FIRSTHDR(m); cm; cm = CMSG_NXTHDR(m, cm))
		if (cm->cmsg_level == SOL_SOCKET && cm->cmsg_type == SCM_RIGHTS &&
		    cm->cmsg_len == CMSG_LEN(sizeof(int)))
			memcpy(&fd, CMSG_DATA(cm), sizeof(int));
	return fd;
}

/* One record behind what `in` holds already; *fd_out is set whenever one came, also with an error. */
static enum err recv_part(struct ipc *c, struct buf *in, struct ipc_header *h, int *fd_out, bool fd_wanted,
			  int64_t until_ms)
{
	union control control = { 0 };
	char *room = buf_reserve(in, IPC_PART_MAX);
	ssize_t n;

	if (!room)
		return ERR_LIMIT;
	struct iovec iov[2] = { { h, sizeof(*h) }, { room, IPC_PART_MAX } };
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = 2 };
	if (fd_wanted) {
		m.msg_control = control.bytes;
		m.msg_controllen = sizeof(control.bytes);
	}
	int flags = MSG_CMSG_CLOEXEC | (until_ms == IPC_FOREVER ? 0 : MSG_DONTWAIT);
	while ((n = recvmsg(c->fd, &m, flags)) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN || until_ms == IPC_FOREVER)
			return ERR_ABSENT;
		enum err e = wait_for(c->fd, POLLIN, until_ms);
		if (e != OK)
			return e;
	}
	if (fd_wanted)
		*fd_out = take_fd(&m);
	if (n == 0)
		return ERR_ABSENT;
	if (m.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
		return ERR_SYNTAX;
	if ((size_t)n < sizeof(*h) || h->magic != IPC_MAGIC || h->version != IPC_VERSION || h->more > 1 ||
	    h->length != (size_t)n - sizeof(*h) || h->sequence != c->received)
		return ERR_SYNTAX;
	c->received++;
	buf_grew(in, h->length);
	return OK;
}

enum err ipc_recv(struct ipc *c, struct buf *in, size_t max_bytes, enum ipc_type *type_out, int *fd_out,
		  int64_t until_ms)
{
	struct ipc_header h = { 0 };
	uint8_t type = 0;
	int got = -1;
	enum err e;

	buf_clear(in);
	for (bool first = true;; first = false) {
		int fd = -1;
		e = recv_part(c, in, &h, &fd, fd_out != NULL, until_ms);
		if (first)
			got = fd;
		else if (fd >= 0)
			close(fd);
		if (e == OK && ((!first && (fd >= 0 || h.type != type)) || (h.more && h.length == 0)))
			e = ERR_SYNTAX;
		if (e == OK && in->n > max_bytes)
			e = ERR_LIMIT;
		if (e != OK)
			break;
		type = h.type;
		if (!h.more)
			break;
	}
	if (e != OK && got >= 0) {
		close(got);
		got = -1;
	}
	*type_out = (enum ipc_type)type;
	if (fd_out)
		*fd_out = got;
	return e;
}

enum err ipc_await(const struct ipc *c, int64_t until_ms)
{
	return wait_for(c->fd, POLLIN, until_ms);
}

void ipc_buf_init(struct buf *in)
{
	buf_init(in, IPC_LIMIT_JOB + LIMIT_IPC_RECORD);
}

enum err ipc_memfd(struct str s, int *fd_out)
{
	/* Never to be executed: from Linux 6.3 the kernel wants that said, older ones do not know the flag. */
	int fd = memfd_create("postern", MFD_CLOEXEC | MFD_ALLOW_SEALING | 0x0008U /* MFD_NOEXEC_SEAL */);
	size_t at = 0;

	if (fd < 0)
		fd = memfd_create("postern", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return ERR_LATER;
	while (at < s.n) {
		ssize_t n = write(fd, s.p + at, s.n - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			goto fail;
		at += (size_t)n;
	}
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
		goto fail;
	*fd_out = fd;
	return OK;
fail:
	close(fd);
	return ERR_LATER;
}

enum err ipc_slurp(int fd, struct buf *in)
{
	off_t at = 0;

	buf_clear(in);
	for (;;) {
		char *room = buf_reserve(in, 65536);
		if (!room)
			return ERR_LIMIT;
		ssize_t n = pread(fd, room, 65536, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ERR_LATER;
		if (n == 0)
			return OK;
		buf_grew(in, (size_t)n);
		at += n;
	}
}

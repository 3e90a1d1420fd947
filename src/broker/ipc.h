/*
 * Records between our processes: SOCK_SEQPACKET, a 16-byte header and a payload, at most one descriptor.
 *
 * A payload larger than one record comes in parts. Every record carries a sequence number, so a lost, doubled or
 * invented one is seen. Whatever breaks the form is ERR_SYNTAX, and the connection is of no further use.
 *
 * With IPC_FOREVER only sendmsg and recvmsg are called: a sealed worker has no poll and no clock.
 * One thread at a time.
 */
#ifndef BROKER_IPC_H
#define BROKER_IPC_H

#include <stdint.h>

#include "base/buf.h"
#include "base/limits.h"

#define IPC_FOREVER INT64_MAX
#define IPC_LIMIT_JOB (LIMIT_POLICY + (8u << 20)) /* envelope, protected domains, and the account's policy */

enum ipc_type {
	/* worker → broker */
	IPC_READY = 1, /* sealed; also zygote → broker with its policy revisions, and role → supervisor */
	IPC_ASK,
	IPC_VERDICT,
	IPC_LIMIT, /* out of memory: the worker is leaving */
	/* broker → worker */
	IPC_JOB, /* with the mail's descriptor */
	IPC_ANSWER,
	/* broker → zygote; the worker's number is chosen by the broker */
	IPC_FORK,
	IPC_KILL,
	/* zygote → broker */
	IPC_WORKER, /* number, with the worker's socket; without one when fork failed */
	IPC_DEATH,  /* number and wait status */
	/* supervisor ↔ roles */
	IPC_GIVE,   /* a named thing, often a descriptor; see daemon/handover.h */
	IPC_STOP,   /* finish what you hold and leave; payload: milliseconds for that, an int64_t */
	IPC_ZYGOTE, /* supervisor → broker: the control socket of a zygote that is ready */
	IPC_RENEW,  /* broker → supervisor: start a zygote with the policies in this memfd */
	/* preview helper → who asked */
	IPC_PICTURE, /* facts and a PNG (preview/answer.h) */
};

struct ipc {
	int fd;
	uint32_t sent, received; /* sequence numbers of the next records */
};

static inline struct ipc ipc_of(int fd)
{
	return (struct ipc){ .fd = fd };
}

/* A connected pair, close-on-exec; ERR_LATER when descriptors ran out. */
MUST_CHECK enum err ipc_pair(int fds_out[2]);

/* Closes and forgets the descriptor; fine when there is none. */
void ipc_close(struct ipc *c);

/*
 * Sends one payload, in parts where needed; pass_fd -1 = none, and it stays the caller's.
 * ERR_ABSENT: the peer is gone. ERR_LATER: over the time, or no room in the kernel.
 */
MUST_CHECK enum err ipc_send(struct ipc *c, enum ipc_type type, struct str payload, int pass_fd,
			     int64_t until_ms);

/*
 * Receives one payload into `in`, cleared first; its ceiling is max_bytes.
 *
 *   fd_out  NULL: a descriptor in the record is an error; else -1 or the descriptor, the caller's from then on
 *
 * ERR_ABSENT: the peer is gone. ERR_LATER: over the time. ERR_SYNTAX: not our protocol. ERR_LIMIT: larger than
 * max_bytes.
 */
MUST_CHECK enum err ipc_recv(struct ipc *c, struct buf *in, size_t max_bytes, enum ipc_type *type_out,
			     int *fd_out, int64_t until_ms);

/* ERR_LATER: nothing came until then. ERR_ABSENT is ipc_recv's to tell. */
MUST_CHECK enum err ipc_await(const struct ipc *c, int64_t until_ms);

/* A buffer fit for ipc_recv with any max_bytes up to IPC_LIMIT_JOB. */
void ipc_buf_init(struct buf *in);

/* A memfd holding s, sealed against every change, close-on-exec. ERR_LATER when the kernel has no room. */
MUST_CHECK enum err ipc_memfd(struct str s, int *fd_out);
/* The whole content of a file given to us, from its beginning; ERR_LIMIT when larger than in's ceiling. */
MUST_CHECK enum err ipc_slurp(int fd, struct buf *in);

#endif

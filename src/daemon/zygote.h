/*
 * The zygote: one thread that has loaded everything and forks sealed workers for brokers.
 *
 * It holds no descriptor of a worker's conversation: of each pair it passes one end on, gives the other to the
 * child, and closes both at once; else nobody would ever see a socket's end. It is the workers' parent, so it tells
 * brokers how they died, kills by number, and leaves no zombie. When it dies its workers die with it.
 */
#ifndef DAEMON_ZYGOTE_H
#define DAEMON_ZYGOTE_H

#include "broker/ipc.h"
#include "seal/sandbox.h"
#include "daemon/worker.h"

struct zygote_options {
	struct ipc
	    supervisor;     /* gives clients ("client" in IPC_GIVE); its end ends the zygote; fd -1 = none */
	const int *clients; /* control sockets of brokers, there from the beginning */
	size_t clients_n;
	struct worker_options worker;
	struct sandbox *worker_sandbox; /* prepared for SANDBOX_WORKER */
	int statm_fd;                   /* /proc/self/statm, opened while files could be */
	const struct log *log;
};

/*
 * Until the supervisor is gone; or, once it has said IPC_STOP (a newer generation has taken over) or without one,
 * until all clients are gone and the last worker is dead. 0, or an exit status.
 */
int zygote_run(const struct zygote_options *o);

#endif

/* The processes of the supervisor: starting one, handing it its things, letting it go. */
#ifndef DAEMON_CHILDREN_H
#define DAEMON_CHILDREN_H

#include "base/log.h"
#include "broker/ipc.h"
#include "daemon/belongings.h"

#define CHILDREN_MAX 32

enum child_role { CHILD_ZYGOTE, CHILD_INTAKE, CHILD_MILTER, CHILD_API, CHILD_COURIER, CHILD_ROLES };

enum child_state {
	CHILD_FREE,
	CHILD_STARTING, /* not ready yet */
	CHILD_CURRENT,  /* the one that works; at most one of a role */
	CHILD_LEAVING,  /* told to leave */
};

struct child {
	enum child_state state;
	enum child_role role;
	pid_t pid;
	struct ipc channel;
	struct ipc broker;  /* our end of its broker's control socket; fd -1 = it has none */
	int64_t kill_at_ms; /* LEAVING: patience ends */
};

const char *child_role_name(enum child_role role);

/* Starts the role in a free place and hands over. ERR_LATER: no process, descriptor or place. */
MUST_CHECK enum err child_start(struct child *c, enum child_role role, const struct belongings *b);
/* A zygote and a broker get to know each other. */
void child_connect(struct child *zygote, struct child *client, const struct log *log);
/* Finish and leave; killed when patience ends. */
void child_dismiss(struct child *c, int64_t patience_ms);
/* After it was reaped. */
void child_forget(struct child *c);

#endif

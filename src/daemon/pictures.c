/* One process, by the same plan as roles. */
#include "daemon/pictures.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "broker/ipc.h"
#include "daemon/role.h"
#include "preview/pool.h"

void pictures_open(struct pictures *p, const struct log *log)
{
	int pair[2];

	*p = (struct pictures){ .exe = preview_program_open(), .asks = -1, .serves = -1 };
	if (p->exe >= 0 && ipc_pair(pair) == OK) {
		p->asks = pair[0];
		p->serves = pair[1];
		plan_want(&p->plan, clock_mono_ms());
	} else {
		log_warn(log, "no_previews", KV_C("why", "postern-preview does not lie beside postern"));
	}
}

int pictures_due(struct pictures *p, int64_t now_ms, int most, const struct log *log)
{
	int left = p->pid ? most : plan_left_ms(&p->plan, now_ms, most);

	if (left > 0)
		return left;
	plan_started(&p->plan, now_ms);
	if (preview_keeper_start(p->exe, p->serves, &p->pid) != OK) {
		log_error(log, "role_not_started", KV_C("of", "preview"), KV_INT("errno", errno));
		plan_want(&p->plan, now_ms + PLAN_BACKOFF_MOST_MS);
	}
	return most;
}

bool pictures_died(struct pictures *p, pid_t pid, int status, const struct log *log)
{
	int64_t now_ms = clock_mono_ms();

	if (pid != p->pid || pid == 0)
		return false;
	p->pid = 0;
	log_error(log, "role_died", KV_C("of", "preview"),
		  KV_INT("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
		  KV_INT("status", WIFEXITED(status) ? WEXITSTATUS(status) : 0));
	if (now_ms - p->plan.started_ms > PLAN_BACKOFF_MOST_MS)
		plan_was_ready(&p->plan); /* it says nothing of it: it served so long */
	bool refused = WIFEXITED(status) && WEXITSTATUS(status) == ROLE_EXIT_REFUSED;
	if (refused || !plan_died(&p->plan, now_ms))
		log_error(log, "no_previews", KV_C("why", "postern-preview does not run here"));
	return true;
}

void pictures_close(struct pictures *p)
{
	int *const fds[] = { &p->exe, &p->asks, &p->serves };

	if (p->pid) {
		kill(p->pid, SIGKILL); /* its helpers go with it */
		while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	p->pid = 0;
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

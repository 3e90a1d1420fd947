/* One loop: signals, readiness, renewals, back-off. */
#include "daemon/supervisor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "daemon/children.h"
#include "daemon/notify.h"
#include "daemon/pictures.h"
#include "daemon/plan.h"
#include "daemon/role.h"

#define TICK_MS 1000
#define RENEW_EVERY_MS 1000 /* between two zygotes, whatever a broker asks for */
#define ZYGOTE_PATIENCE_MS \
	120000 /* an old zygote leaves with its last mail; two tries of 20 s and their wait */

struct supervisor {
	struct belongings things;
	struct child children[CHILDREN_MAX];
	struct plan plans[CHILD_ROLES];
	struct pictures pictures;
	struct notify notify;
	struct log log;
	struct buf in;
	int signals;
	bool told_ready; /* the manager knows that all roles are as they shall be */
	bool was_ready, stopping;
	int status; /* to exit with */
};

static struct child *find(struct supervisor *s, enum child_role role, enum child_state state)
{
	for (size_t i = 0; i < CHILDREN_MAX; i++)
		if (s->children[i].state == state && s->children[i].role == role)
			return &s->children[i];
	return NULL;
}

/* The milter is there only where the configuration has a place for it. */
static bool is_served(const struct supervisor *s, enum child_role role)
{
	return role != CHILD_MILTER || s->things.milter.n > 0;
}

static void want(struct supervisor *s, enum child_role role, int64_t after_ms)
{
	if (is_served(s, role))
		plan_want(&s->plans[role], clock_mono_ms() + after_ms);
}

/* How long one that leaves may take: a successor serves already, or the whole server stops. */
static int64_t patience_ms(const struct supervisor *s, enum child_role role)
{
	if (role == CHILD_ZYGOTE)
		return ZYGOTE_PATIENCE_MS;
	if (role == CHILD_API)
		return ROLE_DRAIN_MS + s->things.config->http_search_timeout_s * 1000;
	if (role != CHILD_INTAKE && role != CHILD_MILTER)
		return ROLE_DRAIN_MS;
	return s->stopping ? s->things.config->smtp_drain_s * 1000 + ROLE_CLOSE_MS : ROLE_DRAIN_MAIL_MS;
}

static void begin_stop(struct supervisor *s, int status)
{
	if (s->stopping)
		return;
	s->stopping = true;
	s->status = status;
	notify_say(&s->notify, "STOPPING=1");
	log_info(&s->log, "stopping", KV_INT("status", status));
	for (size_t i = 0; i < CHILDREN_MAX; i++) {
		struct child *c = &s->children[i];
		if (c->role != CHILD_ZYGOTE && (c->state == CHILD_STARTING || c->state == CHILD_CURRENT))
			child_dismiss(c, patience_ms(s, c->role));
	}
}

/* ---- what children say ---- */

/* A zygote is renewed at any time, for newer policies; of a service with a successor under way a reload waits for it. */
static bool is_as_it_shall(struct supervisor *s, enum child_role role)
{
	if (!find(s, role, CHILD_CURRENT))
		return false;
	return role == CHILD_ZYGOTE || (!s->plans[role].wanted && !find(s, role, CHILD_STARTING));
}

static void say_when_ready(struct supervisor *s)
{
	if (s->told_ready || s->stopping)
		return;
	for (int role = 0; role < CHILD_ROLES; role++)
		if (is_served(s, (enum child_role)role) && !is_as_it_shall(s, (enum child_role)role))
			return;
	s->told_ready = true;
	notify_say(&s->notify, "READY=1");
	if (!s->was_ready)
		log_info(&s->log, "ready", KV_INT("pid", getpid()));
	s->was_ready = true;
}

static void child_is_ready(struct supervisor *s, struct child *c)
{
	struct child *old = find(s, c->role, CHILD_CURRENT);

	if (c->state != CHILD_STARTING)
		return;
	c->state = CHILD_CURRENT;
	plan_was_ready(&s->plans[c->role]);
	if (c->role == CHILD_ZYGOTE)
		for (size_t i = 0; i < CHILDREN_MAX; i++)
			if (s->children[i].state != CHILD_FREE && s->children[i].broker.fd >= 0)
				child_connect(c, &s->children[i], &s->log);
	if (old)
		child_dismiss(old, patience_ms(s, c->role));
	say_when_ready(s);
}

static void from_channel(struct supervisor *s, struct child *c)
{
	enum ipc_type type;

	if (ipc_recv(&c->channel, &s->in, LIMIT_IPC_RECORD, &type, NULL, clock_mono_ms() + TICK_MS) != OK)
		ipc_close(&c->channel); /* it is dying: SIGCHLD says how */
	else if (type == IPC_READY)
		child_is_ready(s, c);
}

static void from_broker(struct supervisor *s, struct child *c)
{
	enum ipc_type type;
	int fd;

	if (ipc_recv(&c->broker, &s->in, LIMIT_IPC_RECORD, &type, &fd, clock_mono_ms() + TICK_MS) != OK) {
		ipc_close(&c->broker);
		return;
	}
	if (type == IPC_RENEW && fd >= 0 && !s->stopping) {
		if (s->things.policies >= 0)
			close(s->things.policies);
		s->things.policies = fd;
		int64_t since = clock_mono_ms() - s->plans[CHILD_ZYGOTE].started_ms;
		want(s, CHILD_ZYGOTE, since < RENEW_EVERY_MS ? RENEW_EVERY_MS - since : 0);
	} else if (fd >= 0) {
		close(fd);
	}
}

/* ---- deaths and starts ---- */

static void child_died(struct supervisor *s, struct child *c, int status)
{
	const struct log_field of = KV_C("of", child_role_name(c->role));
	enum child_role role = c->role;
	enum child_state state = c->state;

	child_forget(c);
	/* What leaves as it was told to may still crash on its way, or be killed because it did not. */
	bool leaving = state == CHILD_LEAVING || s->stopping;
	if (leaving && !WIFSIGNALED(status))
		return;
	bool was_successor = !leaving && find(s, role, CHILD_CURRENT) != NULL;
	log_error(&s->log, "role_died", of, KV_INT("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
		  KV_INT("status", WIFEXITED(status) ? WEXITSTATUS(status) : 0),
		  KV_C("left", leaving         ? "it was leaving"
			       : was_successor ? "the old one goes on"
					       : "none"));
	if (was_successor)
		say_when_ready(s);
	if (leaving || was_successor)
		return;
	if (WIFEXITED(status) && WEXITSTATUS(status) == ROLE_EXIT_REFUSED) {
		begin_stop(s, ROLE_EXIT_REFUSED); /* it said why; starting it again is of no use */
	} else if (!plan_died(&s->plans[role], clock_mono_ms())) {
		log_error(&s->log, "given_up", of, KV_INT("deaths", PLAN_DEATHS_MOST),
			  KV_C("why", "it was never ready; what it said itself stands above"));
		begin_stop(s, 1);
	}
}

static void reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pictures_died(&s->pictures, pid, status, &s->log))
			continue;
		for (size_t i = 0; i < CHILDREN_MAX; i++)
			if (s->children[i].state != CHILD_FREE && s->children[i].pid == pid)
				child_died(s, &s->children[i], status);
	}
}

static void start_role(struct supervisor *s, enum child_role role)
{
	struct child *c = NULL, *zygote;

	for (size_t i = 0; i < CHILDREN_MAX && !c; i++)
		if (s->children[i].state == CHILD_FREE)
			c = &s->children[i];
	plan_started(&s->plans[role], clock_mono_ms());
	if (!c || child_start(c, role, &s->things) != OK) {
		log_error(&s->log, "role_not_started", KV_C("of", child_role_name(role)),
			  KV_INT("errno", errno));
		want(s, role, PLAN_BACKOFF_MOST_MS);
		return;
	}
	zygote = find(s, CHILD_ZYGOTE, CHILD_CURRENT);
	if (zygote && c->broker.fd >= 0)
		child_connect(zygote, c, &s->log);
}

/* Starts what is due; milliseconds until more is. */
static int start_due(struct supervisor *s, int64_t now_ms)
{
	int next = s->stopping ? TICK_MS : pictures_due(&s->pictures, now_ms, TICK_MS, &s->log);

	for (int r = 0; r < CHILD_ROLES && !s->stopping; r++) {
		enum child_role role = (enum child_role)r;
		if (find(s, role, CHILD_STARTING))
			continue; /* one at a time: the wish is kept until that one is ready or dead */
		int left = plan_left_ms(&s->plans[role], now_ms, TICK_MS);
		if (left == 0)
			start_role(s, role);
		else if (left < next)
			next = left;
	}
	return next;
}

static void end_patience(struct supervisor *s, int64_t now_ms)
{
	for (size_t i = 0; i < CHILDREN_MAX; i++) {
		struct child *c = &s->children[i];
		if (c->state == CHILD_LEAVING && now_ms >= c->kill_at_ms)
			kill(c->pid, SIGKILL);
	}
}

/* Services first, for they need workers until their last mail; then the zygotes, by closing their channels. */
static bool is_over(struct supervisor *s)
{
	bool services = false, zygotes = false;

	for (size_t i = 0; i < CHILDREN_MAX; i++) {
		services =
		    services || (s->children[i].state != CHILD_FREE && s->children[i].role != CHILD_ZYGOTE);
		zygotes =
		    zygotes || (s->children[i].state != CHILD_FREE && s->children[i].role == CHILD_ZYGOTE);
	}
	for (size_t i = 0; i < CHILDREN_MAX && s->stopping && !services; i++)
		if (s->children[i].state != CHILD_FREE)
			ipc_close(&s->children[i].channel);
	return s->stopping && !services && !zygotes;
}

/* ---- signals ---- */

/* What was bound or chosen at the start, and stays until the end. */
static void tell_what_stays(const struct supervisor *s)
{
	const struct config *now = s->things.config, *then = s->things.started;
	const struct {
		const char *key, *now, *then;
	} fixed[] = { { "smtp.listen", now->smtp_listen, then->smtp_listen },
		      { "milter.listen", now->milter_listen, then->milter_listen },
		      { "http.listen", now->http_listen, then->http_listen },
		      { "user", now->user, then->user } };

	for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
		if (strcmp(fixed[i].now, fixed[i].then) != 0)
			log_warn(&s->log, "needs_restart", KV_C("setting", fixed[i].key),
				 KV_C("left", fixed[i].then));
}

static void reload(struct supervisor *s)
{
	struct errbuf eb;
	char text[64];

	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_mono_us());
	notify_say(&s->notify, text);
	s->told_ready = false;
	if (belongings_read(&s->things, &eb) != OK) {
		log_error(&s->log, "reload_failed", KV_C("why", eb.text), KV_C("left", "as it was"));
	} else {
		log_info(&s->log, "reload", KV_C("config", s->things.options->config_path));
		tell_what_stays(s);
		/* The zygote, too: it has the site's model. */
		for (int role = CHILD_ZYGOTE; role < CHILD_ROLES; role++)
			want(s, (enum child_role)role, 0);
	}
	say_when_ready(s);
}

static void from_signals(struct supervisor *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof(info)) == sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGCHLD:
			reap(s);
			break;
		case SIGHUP:
			if (!s->stopping)
				reload(s);
			break;
		default:
			begin_stop(s, 0);
			break;
		}
	}
}

static void loop(struct supervisor *s)
{
	while (!is_over(s)) {
		struct pollfd p[1 + 2 * CHILDREN_MAX] = { { .fd = s->signals, .events = POLLIN } };
		int64_t now_ms = clock_mono_ms();

		end_patience(s, now_ms);
		int wait = notify_watchdog(&s->notify, now_ms, start_due(s, now_ms));
		for (size_t i = 0; i < CHILDREN_MAX; i++) {
			const struct child *c = &s->children[i];
			bool used = c->state != CHILD_FREE;
			p[1 + 2 * i] = (struct pollfd){ .fd = used ? c->channel.fd : -1, .events = POLLIN };
			p[2 + 2 * i] = (struct pollfd){ .fd = used ? c->broker.fd : -1, .events = POLLIN };
		}
		if (poll(p, ARRAY_LEN(p), wait) < 0)
			continue;
		for (size_t i = 0; i < CHILDREN_MAX; i++) {
			struct child *c = &s->children[i];
			if (p[1 + 2 * i].revents && c->channel.fd == p[1 + 2 * i].fd)
				from_channel(s, c);
			if (p[2 + 2 * i].revents && c->broker.fd == p[2 + 2 * i].fd)
				from_broker(s, c);
		}
		if (p[0].revents)
			from_signals(s);
	}
}

/* ---- start ---- */

static enum err open_signals(struct supervisor *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	/* Workers whose zygote died come to us, not to an init that a container may not have. */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return ERR_LATER;
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signals >= 0 ? OK : ERR_LATER;
}

static enum err prepare(struct supervisor *s, struct errbuf *eb)
{
	struct sandbox sandbox;
	enum err e;

	if ((e = belongings_open(&s->things, eb)) != OK ||
	    (e = sandbox_prepare(SANDBOX_SUPERVISOR, (struct sandbox_user){ 0 }, s->things.config->data,
				 &s->log, &sandbox, eb)) != OK ||
	    (e = sandbox_enter(&sandbox, 0, eb)) != OK)
		return e;
	return open_signals(s) == OK ? OK : err_set(eb, ERR_LATER, "signals: %s", strerror(errno));
}

static void tell_ports(const struct supervisor *s, const char *service, const struct bound_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		log_info(&s->log, "listening", KV_C("service", service), KV_C("address", l->v[i].where));
}

int supervisor_run(const struct supervisor_options *o)
{
	struct supervisor s = {
		.things = belongings_of(o),
		.log = { .fd = STDERR_FILENO, .level = LOG_INFO, .role = "supervisor" },
		.signals = -1,
	};
	struct errbuf eb;

	ipc_buf_init(&s.in);
	for (size_t i = 0; i < CHILDREN_MAX; i++)
		s.children[i] = (struct child){ .channel = ipc_of(-1), .broker = ipc_of(-1) };
	s.notify = notify_open();
	if (prepare(&s, &eb) == OK) {
		pictures_open(&s.pictures, &s.log);
		s.things.pictures = s.pictures.asks;
		tell_ports(&s, "smtp", &s.things.smtp);
		tell_ports(&s, "milter", &s.things.milter);
		tell_ports(&s, "http", &s.things.http);
		for (int role = 0; role < CHILD_ROLES; role++)
			want(&s, (enum child_role)role, 0);
		loop(&s);
		pictures_close(&s.pictures);
		log_info(&s.log, "stopped", KV_INT("status", s.status));
	} else {
		fprintf(stderr, "postern serve: %s\n", eb.text);
		s.status = 1;
	}
	belongings_close(&s.things);
	if (s.signals >= 0)
		close(s.signals);
	buf_free(&s.in);
	return s.status;
}

/* Fork, exec by descriptor, hand over. */
#include "daemon/children.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "daemon/handover.h"
#include "daemon/role.h"

#define HANDOVER_MS 5000

static const struct role_row {
	const char *name;
	bool broker, smtp, milter, http, dns, pictures, authorities, scan_user;
} rows[CHILD_ROLES] = {
	[CHILD_ZYGOTE] = { .name = "zygote", .scan_user = true },
	[CHILD_INTAKE] = { .name = "intake", .broker = true, .smtp = true, .dns = true },
	[CHILD_MILTER] = { .name = "milter", .broker = true, .milter = true, .dns = true },
	[CHILD_API] = { .name = "api", .http = true, .pictures = true },
	[CHILD_COURIER] = { .name = "courier", .broker = true, .dns = true, .authorities = true },
};

const char *child_role_name(enum child_role role)
{
	return rows[role].name;
}

/* ---- what is handed over ---- */

static enum err give_overrides(struct child *c, const struct belongings *b, int64_t until_ms)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < b->options->overrides_n; i++) {
		const struct config_override *o = &b->options->overrides[i];
		char text[4096];
		int n = snprintf(text, sizeof(text), "%s=%s", o->key, o->value);
		e = n > 0 && (size_t)n < sizeof(text)
			? handover_give(&c->channel, "override", text, -1, until_ms)
			: ERR_LIMIT;
	}
	return e;
}

static enum err give_bound(struct child *c, const char *name, const struct bound_list *l, int64_t until_ms)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < l->n; i++)
		e = handover_give(&c->channel, name, l->v[i].where, l->v[i].fd, until_ms);
	return e;
}

/* What a role that listens needs to: its ports, its certificate and its key. */
static enum err give_listener(struct child *c, const char *name, const struct bound_list *ports,
			      const struct belongings_tls *tls, int64_t until_ms)
{
	enum err e = give_bound(c, name, ports, until_ms);

	if (e == OK)
		e = handover_give(&c->channel, "certificate", NULL, tls->certificate, until_ms);
	return e == OK ? handover_give(&c->channel, "key", NULL, tls->key, until_ms) : e;
}

/* Of the files for a zygote those that there are. */
static enum err give_outside(struct child *c, const struct belongings *b, int64_t until_ms)
{
	static const char *const names[PLACES_FILES] = { [PLACES_ASN] = "asn", [PLACES_COUNTRY] = "country" };
	enum err e = OK;

	for (int i = 0; i < PLACES_FILES && e == OK; i++)
		if (b->places[i] >= 0)
			e = handover_give(&c->channel, names[i], NULL, b->places[i], until_ms);
	if (e == OK && b->rules >= 0)
		e = handover_give(&c->channel, "yara", NULL, b->rules, until_ms);
	return e;
}

static enum err hand_over(struct child *c, const struct belongings *b, int broker_fd)
{
	const struct role_row *row = &rows[c->role];
	const struct sandbox_user *u = row->scan_user ? &b->identity.scan : &b->identity.service;
	int64_t until = clock_mono_ms() + HANDOVER_MS;
	char user[32];
	enum err e;

	snprintf(user, sizeof(user), "%u:%u", u->uid, u->gid);
	if ((e = handover_give(&c->channel, "config", b->options->config_path, b->config_text, until)) !=
		OK ||
	    (e = give_overrides(c, b, until)) != OK ||
	    (e = handover_give(&c->channel, "user", user, -1, until)) != OK)
		return e;
	if (row->smtp && (e = give_listener(c, "smtp", &b->smtp, &b->smtp_tls, until)) != OK)
		return e;
	if (row->milter && (e = give_bound(c, "milter", &b->milter, until)) != OK)
		return e;
	if (row->http && (e = give_listener(c, "http", &b->http, &b->http_tls, until)) != OK)
		return e;
	if (row->dns && (e = handover_give(&c->channel, "dns_data", NULL, b->dns_data, until)) != OK)
		return e;
	if ((row->smtp || row->milter) && b->rdap >= 0 &&
	    (e = handover_give(&c->channel, "rdap", NULL, b->rdap, until)) != OK)
		return e;
	if (row->pictures && b->pictures >= 0 &&
	    (e = handover_give(&c->channel, "pictures", NULL, b->pictures, until)) != OK)
		return e;
	if (row->authorities &&
	    (e = handover_give(&c->channel, "authorities", NULL, b->authorities, until)) != OK)
		return e;
	if (row->broker && (e = handover_give(&c->channel, "broker", NULL, broker_fd, until)) != OK)
		return e;
	if (c->role == CHILD_ZYGOTE &&
	    (e = handover_give(&c->channel, "policies", NULL, b->policies, until)) != OK)
		return e;
	if (c->role == CHILD_ZYGOTE && b->model >= 0 &&
	    (e = handover_give(&c->channel, "model", NULL, b->model, until)) != OK)
		return e;
	if (c->role == CHILD_ZYGOTE && (e = give_outside(c, b, until)) != OK)
		return e;
	return handover_give(&c->channel, "start", NULL, -1, until);
}

/* ---- starting ---- */

/* Nothing of our surroundings reaches a role: a verdict must not depend on them. */
static char *const environment[] = {
	(char[]){ "TZ=UTC0" },
	(char[]){ "LC_CTYPE=C.UTF-8" },
	(char[]){ "PATH=/usr/bin:/bin" },
#ifdef POSTERN_SANITIZED
	(char[]){ "ASAN_OPTIONS=detect_leaks=0" },
#endif
	NULL,
};

NORETURN static void become_role(const struct role_row *row, int exe, int channel)
{
	char name[16];
	sigset_t none;

	snprintf(name, sizeof(name), "%s", row->name);
	char *const argv[] = { (char[]){ "postern" }, (char[]){ "role" }, name, NULL };
	int null = open("/dev/null", O_RDONLY);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0)
		_exit(1);
	/* Out of the way of descriptor 3, which the binary or anything else may hold. */
	int high = fcntl(channel, F_DUPFD_CLOEXEC, 10);
	int high_exe = fcntl(exe, F_DUPFD_CLOEXEC, 10);
	if (high < 0 || high_exe < 0 || dup2(high, ROLE_CHANNEL) < 0 ||
	    close_range(ROLE_CHANNEL + 1, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
		_exit(1);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	fexecve(high_exe, argv, environment);
	_exit(1);
}

enum err child_start(struct child *c, enum child_role role, const struct belongings *b)
{
	int channel[2], broker[2] = { -1, -1 };

	if (ipc_pair(channel) != OK)
		return ERR_LATER;
	if (rows[role].broker && ipc_pair(broker) != OK) {
		close(channel[0]);
		close(channel[1]);
		return ERR_LATER;
	}
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0)
		become_role(&rows[role], b->exe, channel[1]);
	close(channel[1]);
	*c = (struct child){
		.role = role, .pid = pid, .channel = ipc_of(channel[0]), .broker = ipc_of(broker[0])
	};
	enum err e = pid > 0 ? hand_over(c, b, broker[1]) : ERR_LATER;
	if (broker[1] >= 0)
		close(broker[1]);
	if (pid < 0) {
		child_forget(c);
		return ERR_LATER;
	}
	c->state = CHILD_STARTING;
	if (e != OK)
		kill(pid, SIGKILL); /* it died while being handed its things; the usual way will find it */
	return OK;
}

void child_connect(struct child *zygote, struct child *client, const struct log *log)
{
	int64_t until = clock_mono_ms() + HANDOVER_MS;
	int pair[2];

	if (ipc_pair(pair) != OK) {
		log_error(log, "no_descriptors", KV_C("role", rows[client->role].name));
		return;
	}
	if (handover_give(&zygote->channel, "client", rows[client->role].name, pair[0], until) != OK ||
	    ipc_send(&client->broker, IPC_ZYGOTE, STR_NONE, pair[1], until) != OK)
		log_warn(log, "not_connected", KV_C("role", rows[client->role].name));
	close(pair[0]);
	close(pair[1]);
}

void child_dismiss(struct child *c, int64_t patience_ms)
{
	int64_t now = clock_mono_ms();

	c->state = CHILD_LEAVING;
	c->kill_at_ms = now + patience_ms;
	if (ipc_send(&c->channel, IPC_STOP, str_from(&patience_ms, sizeof(patience_ms)), -1, now + 1000) !=
	    OK)
		kill(c->pid, SIGKILL);
}

void child_forget(struct child *c)
{
	ipc_close(&c->channel);
	ipc_close(&c->broker);
	*c = (struct child){ .channel = ipc_of(-1), .broker = ipc_of(-1) };
}

/* The table of roles and rights, and giving rights up in the order that works. */
#include "seal/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/limits.h"
#include "seal/filter.h"
#include "seal/landlock.h"

#define CPU_BACKSTOP_S 120 /* over the life of a worker, 500 mails; the broker's clock is the real limit */
#define SERVICE_FILES 65536

enum files { FILES_ALL, FILES_SERVICE, FILES_FONTS, FILES_NONE };
enum calls { CALLS_ALL, CALLS_SERVICE, CALLS_WORKER, CALLS_PREVIEW };

struct limit {
	int resource;
	rlim_t most;
};

static const struct rights {
	const char *name;
	enum files files;
	enum calls calls;
	bool dumpable;
	struct limit limits[8];
	size_t limits_n;
} roles[SANDBOX_ROLES] = {
	/* Starts the others as other users and reads certificates: stays who it is, reads nothing from outside. */
	[SANDBOX_SUPERVISOR] = { .name = "supervisor", .limits = { { RLIMIT_CORE, 0 } }, .limits_n = 1 },
	[SANDBOX_SERVICE] = { .name = "service", .files = FILES_SERVICE, .calls = CALLS_SERVICE,
	                      .limits = { { RLIMIT_CORE, 0 }, { RLIMIT_NOFILE, SERVICE_FILES } }, .limits_n = 2 },
	/* Forks the workers, so it keeps what making a process and sealing it needs; no file, no TCP. */
	[SANDBOX_ZYGOTE] = { .name = "zygote", .files = FILES_NONE, .calls = CALLS_SERVICE,
	                     .limits = { { RLIMIT_CORE, 0 }, { RLIMIT_FSIZE, 0 }, { RLIMIT_NOFILE, 1024 } },
	                     .limits_n = 3 },
	[SANDBOX_WORKER] = { .name = "worker", .files = FILES_NONE, .calls = CALLS_WORKER,
	                     .limits = { { RLIMIT_CORE, 0 }, { RLIMIT_FSIZE, 0 }, { RLIMIT_NPROC, 0 },
	                                 { RLIMIT_NOFILE, 16 }, { RLIMIT_CPU, CPU_BACKSTOP_S },
	                                 { RLIMIT_STACK, LIMIT_SCAN_STACK },
#ifndef POSTERN_SANITIZED
	                                 { RLIMIT_AS, LIMIT_SCAN_AS },
#endif
	                     },
#ifndef POSTERN_SANITIZED
	                     .limits_n = 7,
#else
	                     .limits_n = 6,
#endif
	},
	/* Forks the preview helpers; fonts are what it reads, and all it may read. */
	[SANDBOX_KEEPER] = { .name = "preview keeper", .files = FILES_FONTS, .calls = CALLS_SERVICE,
	                     .limits = { { RLIMIT_CORE, 0 }, { RLIMIT_NOFILE, 1024 } }, .limits_n = 2 },
	/* Draws one mail: opens fonts as it meets their scripts, and has one thread more, which Pango starts. */
	[SANDBOX_PREVIEW] = { .name = "preview", .files = FILES_FONTS, .calls = CALLS_PREVIEW,
	                      .limits = { { RLIMIT_CORE, 0 }, { RLIMIT_FSIZE, 0 }, { RLIMIT_NOFILE, 64 },
	                                  { RLIMIT_CPU, LIMIT_PREVIEW_CPU_S }, { RLIMIT_STACK, LIMIT_PREVIEW_STACK },
#ifndef POSTERN_SANITIZED
	                                  { RLIMIT_AS, LIMIT_PREVIEW_AS }, { RLIMIT_DATA, LIMIT_PREVIEW_DATA },
#endif
	                      },
#ifndef POSTERN_SANITIZED
	                      .limits_n = 7,
#else
	                      .limits_n = 5,
#endif
	},
};

enum err sandbox_prepare(enum sandbox_role role, struct sandbox_user user, const char *dir,
			 const struct log *log, struct sandbox *out, struct errbuf *eb)
{
	const struct rights *r = &roles[role];
	enum err e = OK;

	*out = (struct sandbox){ .role = role, .user = user, .dir = dir, .landlock_abi = landlock_abi() };
	if (r->files != FILES_ALL && out->landlock_abi == 0)
		log_warn(log, "landlock_absent", KV_C("sandbox", r->name), KV_C("left", "seccomp alone"));
	if (r->calls == CALLS_ALL)
		return OK;
	if (filter_is_possible())
		e = r->calls == CALLS_WORKER    ? filter_worker(&out->filter, &out->pid_at)
		    : r->calls == CALLS_PREVIEW ? filter_preview(&out->filter)
						: filter_service(&out->filter);
	else
		e = ERR_DENIED;
	if (e != OK)
		return err_set(
		    eb, ERR_DENIED,
		    "this kernel or container offers no seccomp filter, without which a %s cannot be sealed",
		    r->name);
	return OK;
}

void sandbox_end(struct sandbox *s)
{
	filter_free(&s->filter);
}

/* Never raises a limit: an unprivileged process may not, and the operator may have set it lower. */
static enum err set_limit(const struct sandbox *s, const struct limit *l)
{
	rlim_t wanted = l->most + (l->resource == RLIMIT_AS ? s->inherited : 0);
	struct rlimit now;

	if (getrlimit((__rlimit_resource_t)l->resource, &now) != 0)
		return ERR_DENIED;
	rlim_t most = wanted < now.rlim_max ? wanted : now.rlim_max;
	return setrlimit((__rlimit_resource_t)l->resource, &(struct rlimit){ most, most }) == 0 ? OK
												: ERR_DENIED;
}

static enum err become(struct sandbox_user u)
{
	if (u.uid == 0 || geteuid() != 0)
		return OK;
	if (setgroups(0, NULL) != 0 || setresgid(u.gid, u.gid, u.gid) != 0 ||
	    setresuid(u.uid, u.uid, u.uid) != 0)
		return ERR_DENIED;
	return setuid(0) == 0 ? ERR_DENIED : OK; /* it must not be possible to go back */
}

static enum err confine_files(const struct sandbox *s, enum files files)
{
	const struct landlock_rule rules[] = {
		{ s->dir, true },
		{ "/etc", false }, /* resolv.conf, hosts, certificates of authorities */
		{ "/usr", false },
		{ "/lib", false },
		{ "/lib64", false },
		{ "/run/systemd/resolve", false }, /* where resolv.conf may lead */
		{ "/proc/self", false },
		{ "/sys/devices/system/cpu", false },
		{ "/dev/null", true },
		{ "/dev/urandom", false },
		{ "/dev/random", false },
	};

	static const struct landlock_rule fonts[] = {
		{ "/usr/share/fonts", false },
		{ "/usr/local/share/fonts", false },
		{ "/etc/fonts", false },
		{ "/usr/share/fontconfig", false },
		{ "/var/cache/fontconfig", false },
	};

	switch (files) {
	case FILES_FONTS:
		return landlock_enter(s->landlock_abi, fonts, ARRAY_LEN(fonts), true);
	case FILES_ALL:
		return OK;
	case FILES_NONE:
		return landlock_enter(s->landlock_abi, NULL, 0, true);
	case FILES_SERVICE:
		/* ABI 1 refuses every rename between folders: the store makes none. */
		return landlock_enter(s->landlock_abi, rules, ARRAY_LEN(rules), false);
	}
	return ERR_BUG;
}

enum err sandbox_enter_without(struct sandbox *s, pid_t parent, unsigned skip, struct errbuf *eb)
{
	const struct rights *r = &roles[s->role];

	for (size_t i = 0; i < r->limits_n; i++)
		if (set_limit(s, &r->limits[i]) != OK)
			return err_set(eb, ERR_DENIED, "resource limit %d cannot be set",
				       r->limits[i].resource);
	if (become(s->user) != OK)
		return err_set(eb, ERR_DENIED, "cannot become user %ld", (long)s->user.uid);
	/* After the change of user, which would silently take it back. */
	if (parent && (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent))
		return err_set(eb, ERR_DENIED, "the parent process is gone");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, r->dumpable, 0, 0, 0) != 0)
		return err_set(eb, ERR_DENIED, "privileges cannot be given up");
	if (s->landlock_abi && !(skip & SANDBOX_SKIP_LANDLOCK) && confine_files(s, r->files) != OK)
		return err_set(eb, ERR_DENIED, "Landlock refuses its rules");
	if (s->filter.len && !(skip & SANDBOX_SKIP_SECCOMP)) {
		if (s->pid_at)
			filter_set_pid(&s->filter, s->pid_at, getpid());
		if (filter_load(&s->filter) != OK)
			return err_set(eb, ERR_DENIED, "seccomp refuses its filter");
	}
	return OK;
}

enum err sandbox_enter(struct sandbox *s, pid_t parent, struct errbuf *eb)
{
	return sandbox_enter_without(s, parent, 0, eb);
}

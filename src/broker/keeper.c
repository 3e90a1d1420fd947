/* Waits on the control sockets, moves slots, and asks for a new zygote when policies changed. */
#include "broker/keeper.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#define TICK_MS 1000
#define SEND_MS 1000            /* a zygote that does not read for so long is of no use */
#define RENEW_EVERY_MS 1000     /* a policy being edited must not start a zygote per keystroke */
#define RENEW_PATIENCE_MS 30000 /* loading takes seconds; after that ask again */
#define FORK_RETRY_MS 100

static bool is_stopping(struct keeper *k)
{
	pthread_mutex_lock(&k->pool->lock);
	bool stopping = k->stopping;
	pthread_mutex_unlock(&k->pool->lock);
	return stopping;
}

static void zygote_lost(struct keeper *k, struct zygote *z)
{
	log_warn(k->log, "zygote_gone", KV_INT("current", z == k->pool->current));
	pool_zygote_gone(k->pool, z);
}

static void from_zygote(struct keeper *k, struct zygote *z)
{
	struct wire_worker w;
	enum ipc_type type;
	int fd;

	if (ipc_recv(&z->control, &k->in, LIMIT_VERDICT, &type, &fd, clock_mono_ms() + SEND_MS) != OK) {
		zygote_lost(k, z);
		return;
	}
	struct str payload = buf_str(&k->in);
	if (type == IPC_READY) {
		pool_zygote_revs(k->pool, z, payload);
	} else if (type == IPC_WORKER && wire_worker_read(payload, &w) == OK) {
		if (fd < 0) {
			k->fork_after_ms = clock_mono_ms() + FORK_RETRY_MS;
			log_error(k->log, "fork_failed", KV_INT("errno", w.status));
		}
		pool_worker_came(k->pool, z, &w, fd);
		return;
	} else if (type == IPC_DEATH && wire_worker_read(payload, &w) == OK) {
		if (pool_worker_died(k->pool, w.number, w.status))
			log_warn(k->log, "worker_died",
				 KV_INT("signal", WIFSIGNALED(w.status) ? WTERMSIG(w.status) : 0),
				 KV_INT("status", WIFEXITED(w.status) ? WEXITSTATUS(w.status) : 0));
	}
	if (fd >= 0)
		close(fd);
}

static void from_supervisor(struct keeper *k)
{
	enum ipc_type type;
	int fd;

	if (ipc_recv(&k->supervisor, &k->in, LIMIT_IPC_RECORD, &type, &fd, clock_mono_ms() + SEND_MS) != OK) {
		ipc_close(&k->supervisor); /* the role learns of it by its own channel */
		pool_supervisor_gone(k->pool);
		return;
	}
	if (type != IPC_ZYGOTE || fd < 0) {
		if (fd >= 0)
			close(fd);
		return;
	}
	if (!pool_zygote_came(k->pool, fd))
		log_error(k->log, "too_many_zygotes", KV_INT("max", ZYGOTES_MAX));
	k->renewing = false;
}

static bool is_renewal_wanted(struct keeper *k)
{
	pthread_mutex_lock(&k->pool->lock);
	bool wanted = k->pool->renew_wanted;
	pthread_mutex_unlock(&k->pool->lock);
	return wanted;
}

static void renew(struct keeper *k, int64_t now_ms)
{
	struct buf all;
	int fd;

	if (!is_renewal_wanted(k) || k->never_renews || k->supervisor.fd < 0 ||
	    now_ms - k->renewed_ms < RENEW_EVERY_MS ||
	    (k->renewing && now_ms - k->renewed_ms < RENEW_PATIENCE_MS))
		return;
	pthread_mutex_lock(&k->pool->lock);
	k->pool->renew_wanted = false; /* before the copy is taken: what changes later asks again */
	pthread_mutex_unlock(&k->pool->lock);
	k->renewed_ms = now_ms;
	buf_init(&all, SIZE_MAX / 2);
	policy_cache_all(k->policies, &all);
	if (buf_ok(&all) && ipc_memfd(buf_str(&all), &fd) == OK) {
		k->renewing = ipc_send(&k->supervisor, IPC_RENEW, STR_NONE, fd, now_ms + SEND_MS) == OK;
		close(fd);
	}
	buf_free(&all);
}

static void order(struct keeper *k, int64_t now_ms)
{
	uint32_t numbers[LIMIT_WORKERS];
	struct wire_worker w = { 0 };
	struct zygote *z;

	while (pool_next_doomed(k->pool, &z, &w.number))
		if (ipc_send(&z->control, IPC_KILL, str_from(&w, sizeof(w)), -1, now_ms + SEND_MS) != OK)
			zygote_lost(k, z);
	if (now_ms < k->fork_after_ms)
		return;
	z = k->pool->current; /* only this thread changes it */
	size_t n = pool_plan_forks(k->pool, numbers);
	for (size_t i = 0; i < n; i++) {
		w.number = numbers[i];
		if (ipc_send(&z->control, IPC_FORK, str_from(&w, sizeof(w)), -1, now_ms + SEND_MS) != OK) {
			zygote_lost(k, z);
			return;
		}
	}
}

static void let_old_zygotes_go(struct keeper *k)
{
	for (size_t i = 0; i < ZYGOTES_MAX; i++) {
		struct zygote *z = &k->pool->zygotes[i];
		if (z->used && pool_zygote_is_done(k->pool, z))
			pool_zygote_gone(k->pool, z);
	}
}

static int next_tick(struct keeper *k, int64_t now_ms)
{
	int64_t next = now_ms + TICK_MS;

	if (k->fork_after_ms > now_ms && k->fork_after_ms < next)
		next = k->fork_after_ms;
	if (is_renewal_wanted(k) && k->renewed_ms + RENEW_EVERY_MS > now_ms &&
	    k->renewed_ms + RENEW_EVERY_MS < next)
		next = k->renewed_ms + RENEW_EVERY_MS;
	return (int)(next - now_ms);
}

static void *keeper_run(void *ctx)
{
	struct keeper *k = ctx;

	while (!is_stopping(k)) {
		struct pollfd p[2 + ZYGOTES_MAX] = {
			{ .fd = k->pool->wake_fd, .events = POLLIN },
			{ .fd = k->supervisor.fd, .events = POLLIN },
		};
		int64_t now_ms = clock_mono_ms();
		for (size_t i = 0; i < ZYGOTES_MAX; i++) {
			struct zygote *z = &k->pool->zygotes[i];
			p[2 + i] = (struct pollfd){ .fd = z->used ? z->control.fd : -1, .events = POLLIN };
		}
		if (poll(p, ARRAY_LEN(p), next_tick(k, now_ms)) < 0)
			continue;
		uint64_t drained;
		if (p[0].revents && read(k->pool->wake_fd, &drained, sizeof(drained)) < 0)
			continue;
		for (size_t i = 0; i < ZYGOTES_MAX; i++)
			if (p[2 + i].revents)
				from_zygote(k, &k->pool->zygotes[i]);
		if (p[1].revents)
			from_supervisor(k);
		now_ms = clock_mono_ms();
		pool_shrink(k->pool, now_ms);
		order(k, now_ms);
		renew(k, now_ms);
		let_old_zygotes_go(k);
	}
	return NULL;
}

enum err keeper_start(struct keeper *k)
{
	sigset_t all, before;

	ipc_buf_init(&k->in);
	k->renewed_ms = clock_mono_ms() - RENEW_EVERY_MS;
	sigfillset(&all); /* signals are the role's own thread's business */
	pthread_sigmask(SIG_BLOCK, &all, &before);
	int failed = pthread_create(&k->thread, NULL, keeper_run, k);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed ? ERR_LATER : OK;
}

void keeper_stop(struct keeper *k)
{
	pthread_mutex_lock(&k->pool->lock);
	k->stopping = true;
	pthread_mutex_unlock(&k->pool->lock);
	pool_wake(k->pool);
	pthread_join(k->thread, NULL);
	ipc_close(&k->supervisor);
	buf_free(&k->in);
}

/* The loop of a sealed worker. */
#include "daemon/worker.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include "broker/ipc.h"
#include "broker/wire.h"
#include "scan/explain.h"

#define MEMORY_KEPT (4 << 20) /* bytes that were freed */

struct worker {
	struct ipc ipc;
	struct arena *arena; /* of the mail in hand */
	struct buf in, out;
	scan_fn *scan;
	const struct snapshot *policies;
	const struct classifier *classifier;
	const struct outside *outside;
};

/* Out of memory, ours or the kernel's: say so and go; the broker tries the mail once more elsewhere. */
static void leave_at_limit(void *ctx)
{
	struct worker *w = ctx;
	enum err e = ipc_send(&w->ipc, IPC_LIMIT, STR_NONE, -1, IPC_FOREVER);

	_exit(e == OK ? 0 : 1);
}

/* The asker's other end: one round to the broker. */
static void ask_broker(void *ctx, struct arena *a, const struct ask *asks, size_t n,
		       struct answer *answers_out)
{
	struct worker *w = ctx;
	enum ipc_type type;

	buf_clear(&w->out);
	wire_asks_write(&w->out, asks, n);
	if (!buf_ok(&w->out))
		leave_at_limit(w);
	if (ipc_send(&w->ipc, IPC_ASK, buf_str(&w->out), -1, IPC_FOREVER) != OK ||
	    ipc_recv(&w->ipc, &w->in, LIMIT_VERDICT, &type, NULL, IPC_FOREVER) != OK || type != IPC_ANSWER ||
	    wire_answers_read(a, buf_str(&w->in), asks, n, answers_out) != OK)
		_exit(1);
}

static void judge(struct worker *w, struct str raw)
{
	struct policy_source *source;
	struct policy *compiled = NULL;
	struct scan_job job;
	struct verdict verdict = { 0 };
	struct scan_times times = { 0 };
	/* The job's text moves to the arena: `in` is needed for answers. */
	struct str text = arena_str(w->arena, buf_str(&w->in));

	if (wire_job_read(w->arena, text, &job, &source, NULL) != OK)
		_exit(1);
	job.raw = raw;
	job.classifier = w->classifier;
	job.outside = w->outside;
	job.times = &times;
	if (source)
		compiled = policy_compile(w->arena, source);
	w->scan(w->arena, &job, compiled ? compiled : snapshot_find(w->policies, job.account),
		asker_new(w->arena, ask_broker, w), &verdict);
	/* Of clean mail nobody asks why. */
	if (verdict.detections && verdict.detections->final_disposition != DISP_NONE)
		explain_times(w->arena, verdict.detections, &times);
	buf_clear(&w->out);
	wire_verdict_write(&w->out, &verdict);
	policy_free(&compiled);
	if (!buf_ok(&w->out))
		leave_at_limit(w);
	if (ipc_send(&w->ipc, IPC_VERDICT, buf_str(&w->out), -1, IPC_FOREVER) != OK)
		_exit(0);
}

/* False when the broker is gone. */
static bool do_one(struct worker *w)
{
	struct str raw = STR("");
	enum ipc_type type;
	void *map = NULL;
	int fd;

	enum err e = ipc_recv(&w->ipc, &w->in, IPC_LIMIT_JOB, &type, &fd, IPC_FOREVER);
	if (e == ERR_ABSENT)
		return false;
	if (e != OK || type != IPC_JOB || fd < 0)
		_exit(1);
	off_t size = lseek(fd, 0, SEEK_END);
	if (size < 0)
		_exit(1);
	if (size > 0) {
		map = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (map == MAP_FAILED)
			leave_at_limit(w);
		raw = str_from(map, (size_t)size);
	}
	close(fd);
	judge(w, raw);
	if (map)
		munmap(map, (size_t)size);
	arena_reset(w->arena);
	return true;
}

/*
 * Mails take about as much memory each, and giving it back after every one costs as much as filling it. A worker ends before
 * it has many large ones.
 */
static void keep_memory(void)
{
	mallopt(M_TRIM_THRESHOLD, MEMORY_KEPT);
	mallopt(M_MMAP_THRESHOLD, MEMORY_KEPT);
}

void worker_run(int fd, const struct worker_options *o)
{
	struct worker w = { .ipc = ipc_of(fd),
			    .scan = o->scan,
			    .policies = o->policies,
			    .classifier = o->classifier,
			    .outside = o->outside };

	keep_memory();
	ipc_buf_init(&w.in);
	buf_init(&w.out, LIMIT_VERDICT);
	w.arena = arena_new(LIMIT_SCAN_ARENA, leave_at_limit, &w);
	if (ipc_send(&w.ipc, IPC_READY, STR_NONE, -1, IPC_FOREVER) == OK)
		while (do_one(&w))
			;
	_exit(0); /* not exit(): nothing is left to be tidied in a process that may open nothing */
}

/*
 * One mail's way through a worker: take one, hand over the job, have answered what it asks (answering.h), check what it says;
 * and what happens when it does not survive that.
 */
#include "broker/broker.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "broker/answering.h"
#include "broker/check.h"
#include "broker/keeper.h"
#include "broker/patience.h"
#include "broker/sources.h"

#define TRIES 2
#define STALE_MAX 8         /* workers found dead before they had the mail: not its fault, but not for ever */
#define SEALED_WAIT_MS 2000 /* a new worker is ready within a millisecond; a loaded machine is patient */
#define POLICY_WAIT_MS 10000 /* for others who read theirs */
/*
 * Of one try: the account's policy (LIMIT_POLICY, and 250 bytes for each of 60,000 rules), questions and answers (64
 * names of 64 records of 4 kB are 17 MB), and a verdict (its text, and 48 bytes for each of its values).
 */
#define SCRATCH_BYTES (LIMIT_POLICY + (96u << 20))

struct broker {
	struct broker_options o;
	struct pool pool;
	struct policy_cache *policies;
	struct sources *sources;
	struct keeper keeper;
};

enum err broker_new(const struct broker_options *o, struct broker **out, struct errbuf *eb)
{
	struct broker *b = calloc(1, sizeof(*b));

	ASSERT(b && o->scan_ms > 0 && o->mails_per_worker > 0);
	b->o = *o;
	pool_init(&b->pool, o->workers_idle, o->workers_max);
	b->policies = policy_cache_new();
	b->keeper = (struct keeper){
		.pool = &b->pool,
		.policies = b->policies,
		.supervisor = ipc_of(o->control_fd),
		.never_renews = o->never_renews,
		.log = o->log,
	};
	const struct ages_options sources = { o->config, o->rdap, o->ages, o->dns, o->log };
	enum err e = sources_new(&sources, &b->sources, eb);
	if (e == OK && b->pool.wake_fd >= 0 && keeper_start(&b->keeper) == OK) {
		*out = b;
		return OK;
	}
	ipc_close(&b->keeper.supervisor);
	pool_end(&b->pool);
	sources_free(&b->sources);
	policy_cache_free(&b->policies);
	free(b);
	return e ? e : err_set(eb, ERR_LATER, "the broker could not start its thread");
}

void broker_free(struct broker **b)
{
	if (!*b)
		return;
	keeper_stop(&(*b)->keeper);
	pool_end(&(*b)->pool);
	sources_free(&(*b)->sources);
	policy_cache_free(&(*b)->policies);
	free(*b);
	*b = NULL;
}

/* One mail in one worker. */
struct
try {
	struct broker *b;
	const struct broker_mail *mail;
	struct slot *slot;
	struct arena *arena;   /* the caller's: the verdict */
	struct arena *scratch; /* this try's */
	struct buf in, out;
	int64_t began_ms, until_ms;
	int64_t cpu_ms; /* that the worker had used before */
	bool busy;      /* the machine was, until it was too late */
	int64_t rev;    /* of the account's policy */
	struct answering answering;
	struct errbuf why;
};

enum outcome {
	TRY_DONE,
	TRY_FAILED, /* counts against the mail */
	TRY_STALE,  /* the worker was gone before it had the mail, or went with its zygote */
	TRY_LATER,  /* nothing is wrong with mail and worker: no policy, no memory, or too busy a machine */
};

/* What the worker's side of the conversation came to, when it broke. */
static enum outcome broken(struct try *t, enum err e)
{
	int status = 0;

	if (e == ERR_LATER && t->busy) {
		err_set(&t->why, e, "the machine is too busy for it");
		return TRY_LATER;
	}
	if (e == ERR_LATER) {
		err_set(&t->why, e, "the scan took longer than %d ms", t->b->o.scan_ms);
		return TRY_FAILED;
	}
	if (e != ERR_ABSENT) {
		err_set(&t->why, e, "the scan worker broke the protocol");
		return TRY_FAILED;
	}
	switch (pool_ask_death(&t->b->pool, t->slot, &status)) {
	case POOL_ZYGOTE_GONE:
		return TRY_STALE;
	case POOL_ALIVE:
		err_set(&t->why, e, "the scan worker hung up");
		break;
	case POOL_DIED:
		if (WIFSIGNALED(status))
			err_set(&t->why, e, "the scan worker died of signal %d", WTERMSIG(status));
		else
			err_set(&t->why, e, "the scan worker left with status %d", WEXITSTATUS(status));
		break;
	}
	return TRY_FAILED;
}

/* The account's policy out of the store, behind t->out's job and for those who come after us. */
static enum err read_policy(struct try *t, int64_t account)
{
	struct broker *b = t->b;
	struct policy_source source;
	struct buf json;

	buf_init(&json, IPC_LIMIT_JOB);
	enum err e = b->o.policy(b->o.ctx, t->scratch, account, &source);
	if (!e)
		wire_policy_write(&json, &source);
	if (!e && !buf_ok(&json))
		e = ERR_LIMIT;
	if (!e) {
		policy_cache_put(b->policies, account, source.rev, buf_str(&json));
		buf_add(&t->out, buf_str(&json));
	} else {
		policy_cache_give_up(b->policies, account, t->rev, e);
		log_error(b->o.log, "policy_not_read",
			  KV_STR("account", b->o.account_id(b->o.ctx, t->scratch, account)),
			  KV_C("why", err_name(e)));
	}
	buf_free(&json);
	return e;
}

/* The policy behind t->out's job, when the worker's snapshot is older. */
static enum err add_policy(struct try *t)
{
	struct broker *b = t->b;
	int64_t account = t->mail->job->account;

	if (account == 0 || !b->o.policy || pool_policy_rev(&b->pool, t->slot, account) >= t->rev)
		return OK;
	wire_job_add_policy(&t->out);
	enum err e =
	    policy_cache_get(b->policies, account, t->rev, clock_mono_ms() + POLICY_WAIT_MS, &t->out);
	if (e == ERR_ABSENT)
		e = read_policy(t, account);
	if (e)
		return err_set(&t->why, e, "the account's policy is not to be had: %s", err_name(e));
	pool_want_renewal(&b->pool);
	return OK;
}

/* The processor time of a worker so far; 0 when it cannot be told. */
static int64_t cpu_of(pid_t pid)
{
	struct timespec used;
	clockid_t clock;

	if (pid <= 0 || clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
		return 0;
	return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

static enum outcome send_job(struct try *t)
{
	enum ipc_type type;

	if (!t->slot->sealed) {
		int64_t patience = clock_mono_ms() + SEALED_WAIT_MS;
		if (ipc_recv(&t->slot->ipc, &t->in, 0, &type, NULL, patience) != OK || type != IPC_READY)
			return TRY_STALE;
		t->slot->sealed = true;
	}
	buf_clear(&t->out);
	wire_job_write(&t->out, t->mail->job);
	if (add_policy(t) != OK)
		return TRY_LATER;
	if (!buf_ok(&t->out)) {
		err_set(&t->why, ERR_LATER, "no memory for what a worker is to be told");
		return TRY_LATER;
	}
	t->cpu_ms = cpu_of(t->slot->pid);
	t->began_ms = clock_mono_ms();
	t->until_ms = t->began_ms + t->b->o.scan_ms;
	t->answering.patience_ms = t->began_ms + t->b->o.scan_ms / 2;
	return ipc_send(&t->slot->ipc, IPC_JOB, buf_str(&t->out), t->mail->fd, t->until_ms) == OK ? TRY_DONE
												  : TRY_STALE;
}

/* Whether the verdict may be believed, and of whom it speaks where it must not. */
static enum outcome look_at(struct try *t, struct verdict *v)
{
	struct str raw = { NULL, t->mail->size };
	void *map = NULL;

	if ((v->strip.n || v->edits.n || (v->seals && v->seals->fields.n)) && raw.n) {
		map = mmap(NULL, raw.n, PROT_READ, MAP_PRIVATE, t->mail->fd, 0);
		if (map == MAP_FAILED) {
			err_set(&t->why, ERR_LATER, "no memory to look at the mail");
			return TRY_LATER;
		}
		raw.p = map;
	}
	enum err e = check_verdict(v, t->mail->job, raw, &t->why);
	if (map)
		munmap(map, raw.n);
	return e ? TRY_FAILED : TRY_DONE;
}

/*
 * A liar's verdict costs the scratch of its try and nothing else: only one that passed is read into the caller's arena,
 * once more, for that is cheaper than to copy it.
 */
static enum outcome take_verdict(struct try *t, struct verdict *out)
{
	struct verdict draft;

	if (wire_verdict_read(t->scratch, buf_str(&t->in), &draft, &t->why))
		return TRY_FAILED;
	enum outcome r = look_at(t, &draft);
	if (r != TRY_DONE)
		return r;
	if (!arena_has_room(t->arena, t->in.n + ANSWERING_PAST_BYTES) ||
	    wire_verdict_read(t->arena, arena_str(t->arena, buf_str(&t->in)), out, &t->why)) {
		err_set(&t->why, ERR_LATER, "no memory to take the verdict");
		return TRY_LATER;
	}
	check_disown(out);
	SET(out, verdict, policy_rev, t->rev);
	answering_tell_past(&t->answering, t->arena, out);
	return TRY_DONE;
}

/*
 * The time of a try is over. That counts against a mail that used it, or hangs; one that was kept from it by others,
 * with so many at once that no processor is free, gets as much again, for it would be held in vain.
 */
static bool was_kept_from_it(const struct try *t)
{
	const struct patience p = {
		.scan_ms = t->b->o.scan_ms,
		.took_ms = clock_mono_ms() - t->began_ms,
		.used_ms = cpu_of(t->slot->pid) - t->cpu_ms,
		.dns_ms = t->b->o.dns_ms - t->answering.dns_left_ms,
		.answering_ms = t->answering.took_ms,
	};

	return t->mail->done_by_ms && patience_is_left(&p);
}

/* What the worker says next. */
static enum err hear(struct try *t, enum ipc_type *type_out)
{
	enum err e;

	while ((e = ipc_await(&t->slot->ipc, t->until_ms)) == ERR_LATER && was_kept_from_it(t)) {
		int64_t now = clock_mono_ms(), left = t->mail->done_by_ms - now;
		t->busy = left <= 0;
		if (t->busy)
			break;
		t->until_ms = now + (left < t->b->o.scan_ms ? left : t->b->o.scan_ms);
	}
	return e ? e : ipc_recv(&t->slot->ipc, &t->in, LIMIT_VERDICT, type_out, NULL, t->until_ms);
}

/* Answers one ASK. */
static enum err answer(struct try *t)
{
	buf_clear(&t->out);
	t->out.max = LIMIT_VERDICT;
	enum err e = answering_give(&t->answering, buf_str(&t->in), t->until_ms, &t->out);
	return e ? e : ipc_send(&t->slot->ipc, IPC_ANSWER, buf_str(&t->out), -1, t->until_ms);
}

static enum outcome converse(struct try *t, struct verdict *out)
{
	enum ipc_type type;

	for (;;) {
		enum err e = hear(t, &type);
		if (e != OK)
			return broken(t, e);
		switch ((int)type) {
		case IPC_ASK:
			e = answer(t);
			if (e != OK)
				return broken(t, e);
			break;
		case IPC_VERDICT:
			return take_verdict(t, out);
		case IPC_LIMIT:
			err_set(&t->why, ERR_LIMIT, "the scan worker ran out of memory");
			return TRY_FAILED;
		default:
			return broken(t, ERR_SYNTAX);
		}
	}
}

static enum outcome try_once(struct try *t, struct verdict *out)
{
	enum outcome r = send_job(t);

	if (r == TRY_DONE)
		r = converse(t, out);
	if (r == TRY_DONE)
		pool_give_back(&t->b->pool, t->slot, t->b->o.mails_per_worker);
	else
		pool_end_worker(&t->b->pool, t->slot);
	return r;
}

static enum err try_until_done(struct try *t, int64_t until_ms, struct verdict *out, struct errbuf *eb)
{
	struct broker *b = t->b;
	struct pool_claim claim = { t->mail->job->client_ip, t->mail->sender_domain };

	for (unsigned failed = 0, stale = 0; failed < TRIES && stale < STALE_MAX;) {
		if (pool_take(&b->pool, &claim, failed > 0, until_ms, &t->slot) != OK)
			return err_set(eb, ERR_LATER, "no scan worker came free");
		arena_reset(t->scratch);
		t->answering = (struct answering){ .o = &b->o,
						   .sources = b->sources,
						   .mail = t->mail,
						   .arena = t->scratch,
						   .dns_left_ms = b->o.dns_ms };
		t->out.max = IPC_LIMIT_JOB;
		switch (try_once(t, out)) {
		case TRY_DONE:
			return OK;
		case TRY_LATER:
			return err_set(eb, ERR_LATER, "%s", t->why.text);
		case TRY_STALE:
			stale++;
			break;
		case TRY_FAILED:
			failed++;
			log_warn(b->o.log, "scan_try_failed", KV_C("why", t->why.text),
				 KV_INT("try", failed));
			if (failed == TRIES)
				return err_set(eb, ERR_LIMIT, "%s", t->why.text);
			break;
		}
	}
	return err_set(eb, ERR_LATER, "scan workers went away before they had the mail");
}

enum err broker_scan(struct broker *b, struct arena *a, const struct broker_mail *mail, int64_t until_ms,
		     struct verdict *out, struct errbuf *eb)
{
	struct try t = { .b = b, .mail = mail, .arena = a };

	if (mail->job->account && b->o.policy_rev &&
	    b->o.policy_rev(b->o.ctx, mail->job->account, &t.rev) != OK)
		return err_set(eb, ERR_LATER, "the revision of the account's policy cannot be read");
	t.scratch = arena_new(SCRATCH_BYTES, NULL, NULL);
	ipc_buf_init(&t.in);
	buf_init(&t.out, IPC_LIMIT_JOB);
	enum err e = try_until_done(&t, until_ms, out, eb);
	buf_free(&t.in);
	buf_free(&t.out);
	arena_free(&t.scratch);
	return e;
}

void broker_ask_lists(struct broker *b, struct arena *a, const struct ask *asks, size_t n,
		      struct answer *answers_out)
{
	for (size_t i = 0; i < n; i++)
		answers_out[i] = (struct answer){ .status = ANSWER_TEMPERROR };
	if (b->o.dns && n > 0)
		sources_ask_dns(b->sources, b->o.dns, a, asks, n, clock_mono_ms() + b->o.dns_ms, answers_out);
}

/*
 * One mail's way through a worker: take one, hand over the job, answer what it asks, check what it says; and what
 * happens when it does not survive that.
 */
#include "broker/broker.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
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

/* What the past said, beside a verdict: its keys, and a list that grows. */
#define PAST_BYTES (LIMIT_ASK_KEYS * (300 + 4 * sizeof(struct past_fact)))

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
	int dns_left_ms;
	int64_t answering_ms;       /* that it waited for us, and we for others */
	size_t asked[ASK_KINDS];    /* so far */
	struct past_fact_list past; /* what was answered of keys, in scratch */
	struct virus_scan virus;
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
	return ipc_send(&t->slot->ipc, IPC_JOB, buf_str(&t->out), t->mail->fd, t->until_ms) == OK ? TRY_DONE
												  : TRY_STALE;
}

static void answer_dns(struct try *t, const struct ask *asks, size_t n, struct answer *answers)
{
	int64_t began = clock_mono_ms(), until = clock_earlier(began + t->dns_left_ms, t->until_ms);

	if (!t->b->o.dns || n == 0)
		return;
	sources_ask_dns(t->b->sources, t->b->o.dns, t->scratch, asks, n, until, answers);
	int64_t took = clock_mono_ms() - began;
	t->dns_left_ms = took < t->dns_left_ms ? t->dns_left_ms - (int)took : 0;
}

/* As it was when the mail was judged first: what came since, itself included, changes nothing. */
static void recall(const struct past_fact_list *past, const struct str *keys, size_t n, struct history *out)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < past->n; k++) {
			const struct past_fact *f = &past->v[k];
			if (str_eq(f->key, keys[i]))
				out[i] = (struct history){ f->first_us, f->last_us, f->seen, f->bad };
		}
}

static void note_fact(struct try *t, struct str key, const struct history *h)
{
	struct past_fact f = { 0 };

	SET(&f, past_fact, key, key);
	SET(&f, past_fact, first_us, h->first_us);
	SET(&f, past_fact, last_us, h->last_us);
	SET(&f, past_fact, seen, h->seen);
	SET(&f, past_fact, bad, h->bad);
	ARENA_PUSH(t->scratch, &t->past, f);
}

static void answer_history(struct try *t, const struct ask *asks, size_t n, struct answer *answers)
{
	struct str keys[LIMIT_ASK_KEYS];
	struct history found[LIMIT_ASK_KEYS] = { 0 };
	int64_t account = t->mail->job->account; /* ours: a worker cannot ask about another one */

	if ((!t->b->o.history && !t->mail->past) || account == 0 || n == 0)
		return;
	for (size_t i = 0; i < n; i++)
		keys[i] = asks[i].name;
	if (t->mail->past)
		recall(t->mail->past, keys, n, found);
	else
		t->b->o.history(t->b->o.ctx, account, keys, n, t->mail->job->received_us, found);
	for (size_t i = 0; i < n; i++) {
		answers[i].status = found[i].last_us ? ANSWER_OK : ANSWER_NXDOMAIN;
		answers[i].history = found[i];
		if (found[i].last_us)
			note_fact(t, keys[i], &found[i]);
	}
}

typedef void answer_fn(struct try *t, const struct ask *asks, size_t n, struct answer *answers);

/* Who answers what; the places that a kind's asks have between others are kept. */
static void answer_some(struct try *t, const struct ask *asks, size_t n, bool (*is_its)(enum ask_kind),
			answer_fn *fn, struct answer *answers_out)
{
	struct ask *some = ARENA_ARRAY(t->scratch, n, struct ask);
	struct answer *answers = ARENA_ARRAY(t->scratch, n, struct answer);
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		if (is_its(asks[i].kind))
			some[found++] = asks[i];
	for (size_t i = 0; i < found; i++)
		answers[i].status = ANSWER_TEMPERROR;
	fn(t, some, found, answers);
	for (size_t i = 0, k = 0; i < n; i++)
		if (is_its(asks[i].kind))
			answers_out[i] = answers[k++];
}

/* Until when others are waited for: so that the scan has time to go on without them. */
static int64_t patience_of(const struct try *t)
{
	return t->began_ms + t->b->o.scan_ms / 2;
}

static bool is_of_virus(enum ask_kind kind)
{
	return kind == ASK_VIRUS;
}

/* It looks while other answers are waited for. */
static void send_mail(struct try *t, const struct ask *asks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (asks[i].kind == ASK_VIRUS)
			virus_send(sources_virus(t->b->sources), t->mail->fd, t->mail->size, patience_of(t),
				   &t->virus);
}

static void answer_virus(struct try *t, const struct ask *asks, size_t n, struct answer *answers)
{
	(void)asks;
	if (n > 0)
		virus_hear(sources_virus(t->b->sources), &t->virus, t->scratch, answers);
}

static bool is_of_age(enum ask_kind kind)
{
	return kind == ASK_AGE;
}

static void answer_age(struct try *t, const struct ask *asks, size_t n, struct answer *answers)
{
	sources_ask_ages(t->b->sources, asks, n, patience_of(t), answers);
}

static bool is_of_history(enum ask_kind kind)
{
	return kind == ASK_HISTORY;
}

/* Answers one ASK: each kind together, in the order asked. */
static enum err answer(struct try *t)
{
	struct ask *asks;
	size_t n;
	enum err e = wire_asks_read(t->scratch, buf_str(&t->in), &asks, &n);

	if (e != OK)
		return e;
	for (size_t i = 0; i < n; i++)
		if (++t->asked[asks[i].kind] > ask_limits[asks[i].kind].most)
			return ERR_LIMIT; /* the worker's own asker stops before */
	struct answer *ordered = ARENA_ARRAY(t->scratch, n, struct answer);
	int64_t began = clock_mono_ms();
	send_mail(t, asks, n);
	answer_some(t, asks, n, ask_is_dns, answer_dns, ordered);
	answer_some(t, asks, n, is_of_history, answer_history, ordered);
	answer_some(t, asks, n, is_of_age, answer_age, ordered);
	answer_some(t, asks, n, is_of_virus, answer_virus, ordered);
	t->answering_ms += clock_mono_ms() - began;
	buf_clear(&t->out);
	t->out.max = LIMIT_VERDICT;
	wire_answers_write(&t->out, asks, ordered, n);
	return ipc_send(&t->slot->ipc, IPC_ANSWER, buf_str(&t->out), -1, t->until_ms);
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

/* What was answered, and not what a worker says was. The keys are no longer than the answers that passed the wire. */
static void tell_past(struct try *t, struct verdict *out)
{
	CLEAR(out, verdict, past);
	out->past = (struct past_fact_list){ 0 };
	if (t->asked[ASK_HISTORY] == 0)
		return;
	for (size_t i = 0; i < t->past.n; i++) {
		struct past_fact f = t->past.v[i];
		f.key = arena_str(t->arena, f.key);
		ARENA_PUSH(t->arena, &out->past, f);
	}
	SET(out, verdict, past, out->past);
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
	if (!arena_has_room(t->arena, t->in.n + PAST_BYTES) ||
	    wire_verdict_read(t->arena, arena_str(t->arena, buf_str(&t->in)), out, &t->why)) {
		err_set(&t->why, ERR_LATER, "no memory to take the verdict");
		return TRY_LATER;
	}
	check_disown(out);
	SET(out, verdict, policy_rev, t->rev);
	tell_past(t, out);
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
		.dns_ms = t->b->o.dns_ms - t->dns_left_ms,
		.answering_ms = t->answering_ms,
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
		t->dns_left_ms = b->o.dns_ms;
		memset(t->asked, 0, sizeof(t->asked));
		t->past = (struct past_fact_list){ 0 };
		arena_reset(t->scratch);
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

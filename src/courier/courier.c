/* The courier's loop: upkeep as long as there is work, then one rescan, then a pause. */
#include "courier/courier.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "broker/facts.h"
#include "courier/calm.h"
#include "courier/ending.h"
#include "courier/expiry.h"
#include "courier/finders.h"
#include "courier/jobs.h"
#include "courier/reevaluation.h"
#include "courier/rescan.h"
#include "courier/watch.h"

#define PAUSE_MS 500 /* a mail is in the index at most this long after it came, and a batch's time */
#define CALM_MS 5000 /* while nobody writes */
#define RESCAN_PAUSE_MS \
	30000          /* when there is nothing, or no worker: a zygote that just died is back by then */
#define RESCAN_LOOK 16 /* the newest; when one cannot be done, the next one has its turn */
#define DAY_US INT64_C(86400000000)
#define LISTS_BYTES (1u << 20)  /* what a few settings come to */
#define LIST_BYTES (256u << 20) /* RESCAN_LOOK records of a few MB each as they are read */

struct courier {
	struct courier_options o;
	struct broker *broker; /* NULL: no scans */
	struct next_hop_pool *next_hops;
	struct mailboxes *mailboxes;
	struct job_threads *jobs;
	struct watch *watch; /* NULL: no mailbox is looked into */
	struct arena *arena; /* of what the configuration says of block lists */
	struct block_lists lists;
	struct reevaluation *reevaluation;
	size_t failed;             /* rescans put off so far: says whose turn it is */
	struct clock_steady clock; /* of the thread */
	pthread_t thread;
	struct ending ending;
};

/* One only, for upkeep shall not wait for many; true when there may be another. */
static bool rescan_one(struct courier *c)
{
	struct arena *a = arena_new(LIST_BYTES, NULL, NULL);
	struct store_page page = { 0 };
	struct errbuf why = { "" };
	bool done = false;

	if (store_awaiting_rescan(c->o.store, a, RESCAN_LOOK, &page) == OK && page.n > 0) {
		const struct record *r = &page.v[c->failed % page.n];
		done = rescan(c->o.store, c->broker, c->o.config, r, &why) == OK;
		if (!done) {
			c->failed++;
			log_warn(c->o.log, "rescan_later", KV_STR("id", r->message->postfix_id),
				 KV_C("why", why.text));
		}
	}
	arena_free(&a);
	return done;
}

static int64_t now_us(struct courier *c)
{
	bool before = c->clock.jumped_ms != 0;
	int64_t us = clock_steady_us(&c->clock, clock_now_us(), clock_mono_ms());

	if (!before && c->clock.jumped_ms)
		log_error(c->o.log, "clock_jumped",
			  KV_C("left", "nothing is deleted by the new time before it has lasted for a day"));
	return us;
}

static void keep_up(struct courier *c, struct store_upkeep *upkeep, struct calm *calm)
{
	bool more = true;
	enum err e = OK;

	upkeep->now_us = now_us(c);
	while (more && !e && !atomic_load(&c->ending.has_come))
		e = store_upkeep(c->o.store, upkeep, &more);
	if (e)
		log_warn(c->o.log, "upkeep_later", KV_C("why", "the store is busy or full"));
	else
		calm_begin(calm, CALM_MS);
}

static void *run(void *arg)
{
	struct courier *c = arg;
	const struct config *cf = c->o.config;
	int64_t held_days = cf->retention_detections_days;
	struct store_upkeep upkeep = {
		.retention_detections_us = cf->retention_detections_days * DAY_US,
		.retention_clean_us = cf->retention_clean_days * DAY_US,
		.retention_metadata_us = cf->retention_metadata_days * DAY_US,
		.retention_audit_us = cf->retention_audit_days * DAY_US,
		.raw_budget_bytes = cf->raw_budget_mb << 20,
		.expire = expire_held,
		.expire_ctx = &held_days,
	};
	int64_t next_rescan = clock_mono_ms() + RESCAN_PAUSE_MS;
	struct calm calm = { 0 };

	do {
		if (!calm_lasts(&calm, c->o.store))
			keep_up(c, &upkeep, &calm);
		if (c->broker && clock_mono_ms() >= next_rescan && !rescan_one(c))
			next_rescan = clock_mono_ms() + RESCAN_PAUSE_MS;
	} while (!ending_rest(&c->ending, PAUSE_MS));
	return NULL;
}

static enum err start_broker(struct courier *c, struct errbuf *eb)
{
	const struct courier_options *o = &c->o;
	struct broker_options b = {
		.control_fd = o->broker_control_fd,
		.never_renews = true, /* intake sees every change of policy first */
		.workers_idle = 0,
		.workers_max = FINDERS + 2,
		.scan_ms = (int)o->config->scan_timeout_s * 1000,
		.dns_ms = (int)o->config->scan_dns_timeout_s * 1000,
		.mails_per_worker = LIMIT_SCAN_MAILS,
		.config = o->config,
		.dns = o->dns,
		.log = o->log,
	};

	broker_facts_from_store(&b, o->store);
	return broker_new(&b, &c->broker, eb);
}

static enum err start_jobs(struct courier *c, struct errbuf *eb)
{
	const struct config *config = c->o.config;
	struct next_hop_options hops = {
		.dns = c->o.dns,
		.tls = c->o.tls_client,
		.hostname = config->hostname,
		.idle_ms = NEXT_HOP_IDLE_MS,
		.threads = 4 * JOB_THREADS, /* which of them speak to one is decided before: lanes.h */
		.log = c->o.log,
	};

	struct mailbox_tools mailboxes = {
		.dns = c->o.dns,
		.verifier = c->o.verifier,
		.authorities = c->o.authorities,
		.allow_private = config->mailboxes_allow_private,
		.ending = &c->ending.has_come,
	};

	c->next_hops = next_hop_pool_new(&hops);
	c->mailboxes = mailboxes_new(c->o.store, &mailboxes);
	struct job_tools tools = {
		.store = c->o.store,
		.config = config,
		.next_hops = c->next_hops,
		.broker = c->broker,
		.mailboxes = c->mailboxes,
		.log = c->o.log,
	};
	return job_threads_start(&tools, &c->jobs, eb);
}

static enum err start_watch(struct courier *c, struct errbuf *eb)
{
	struct watch_options o = {
		.tools = { .store = c->o.store, .broker = c->broker, .config = c->o.config, .log = c->o.log },
		.mailboxes = c->mailboxes,
	};

	return watch_start(&o, &c->watch, eb);
}

static void ask_lists(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *out)
{
	broker_ask_lists(ctx, a, asks, n, out);
}

static enum err start_reevaluation(struct courier *c, struct errbuf *eb)
{
	enum err e = block_lists_of(c->arena, c->o.config, &c->lists, eb);

	if (e)
		return e;
	struct reevaluation_tools tools = {
		.job = { .store = c->o.store, .config = c->o.config, .log = c->o.log },
		.grounds = { .store = c->o.store,
			     .lists = &c->lists,
			     .ask = c->broker ? ask_lists : NULL,
			     .ask_ctx = c->broker },
	};
	c->reevaluation = reevaluation_new(&tools);
	return reevaluation_start(c->reevaluation, eb);
}

static void courier_free(struct courier *c)
{
	reevaluation_free(&c->reevaluation);
	watch_stop(&c->watch);
	job_threads_stop(&c->jobs);
	mailboxes_free(&c->mailboxes);
	next_hop_pool_free(&c->next_hops);
	if (c->broker)
		broker_free(&c->broker);
	arena_free(&c->arena);
	ending_free(&c->ending);
	free(c);
}

enum err courier_start(const struct courier_options *o, struct courier **out, struct errbuf *eb)
{
	struct courier *c = calloc(1, sizeof(*c));

	ASSERT(c);
	c->o = *o;
	c->arena = arena_new(LISTS_BYTES, NULL, NULL);
	ending_init(&c->ending);
	enum err e = o->broker_control_fd >= 0 ? start_broker(c, eb) : OK;
	if (!e)
		e = start_jobs(c, eb);
	if (!e)
		e = start_watch(c, eb);
	if (!e)
		e = start_reevaluation(c, eb);
	if (!e && pthread_create(&c->thread, NULL, run, c))
		e = err_set(eb, ERR_LATER, "courier: no thread");
	if (e)
		courier_free(c);
	else
		*out = c;
	return e;
}

void courier_stop(struct courier **cp)
{
	struct courier *c = *cp;

	*cp = NULL;
	ending_call(&c->ending);
	pthread_join(c->thread, NULL);
	courier_free(c);
}

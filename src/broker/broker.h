/*
 * The broker: hands mail to sealed scan workers and answers what they ask. Used by intake and courier.
 *
 * Workers come from a zygote process on the other end of a control socket (daemon/zygote). A worker that dies,
 * lies, breaks the protocol or outlasts its time is killed and replaced; its mail is tried once more in a fresh
 * one.
 */
#ifndef BROKER_BROKER_H
#define BROKER_BROKER_H

#include "base/log.h"
#include "config/config.h"
#include "net/dns.h"
#include "policy/policy.h"
#include "scan/scan.h"

struct broker;
struct store; /* store/store.h */

/* History of an account as it was then; called from scanning threads. */
typedef void broker_history_fn(void *ctx, int64_t account, const struct str *keys, size_t n, int64_t when_us,
			       struct history *out);
/*
 * The current policy of an account, compiled by nobody yet. ERR_LATER: the store is unreadable; ERR_LIMIT: it is too large.
 * One thread at a time.
 */
typedef enum err broker_policy_fn(void *ctx, struct arena *a, int64_t account, struct policy_source *out);
/* Its revision, cheap: called for every mail. */
typedef enum err broker_policy_rev_fn(void *ctx, int64_t account, int64_t *rev_out);

/* Its id as people know it, for the log. */
typedef struct str broker_account_fn(void *ctx, struct arena *a, int64_t account);

struct broker_options {
	int control_fd; /* to the supervisor, which hands over zygotes by it; owned by the broker from then on */
	bool
	    never_renews; /* leaves asking for a zygote with newer policies to another broker of this server */
	unsigned workers_idle, workers_max;
	int scan_ms, dns_ms; /* one try; DNS within it */
	unsigned mails_per_worker;
	struct dns *dns;             /* NULL: everything is TEMPERROR */
	const struct config *config; /* what else may be asked */
	struct str rdap;             /* text of ages.bootstrap; empty = nobody is asked for ages */
	struct store *ages;          /* where they are kept; NULL = none are known */
	broker_history_fn *history;
	broker_policy_fn *policy;
	broker_policy_rev_fn *policy_rev;
	broker_account_fn *account_id;
	void *ctx;
	const struct log *log;
};

MUST_CHECK enum err broker_new(const struct broker_options *o, struct broker **out, struct errbuf *eb);
void broker_free(struct broker **b);

/* One mail as the broker passes it on. */
struct broker_mail {
	const struct scan_job *job; /* job->raw is not used: the bytes are in fd */
	int fd;                     /* sealed memfd, or an unlinked spool file opened read-only */
	size_t size;
	const struct past_fact_list
	    *past;                /* what the past said when it was judged before; NULL = it is asked */
	struct str sender_domain; /* with the client address: who may hold at most a quarter of the workers */
	int64_t done_by_ms; /* how long a scan may take on a machine that is too busy for it; 0 = scan_ms */
};

/*
 * Scans and gives the checked verdict, in the arena.
 *   ERR_LATER  no worker came free before `until_ms`, the machine is too busy, or the policy is not to be had:
 *              answer 451; eb says which
 *   ERR_LIMIT  the mail cost two workers or their time: hold it with finding scan_failed; eb says what happened
 */
MUST_CHECK enum err broker_scan(struct broker *b, struct arena *a, const struct broker_mail *mail,
				int64_t until_ms, struct verdict *out, struct errbuf *eb);

/* Asks block lists for no scan (ASK_LISTED alone), as one would be answered; n within ask_limits. An ask_fn but for its type. */
void broker_ask_lists(struct broker *b, struct arena *a, const struct ask *asks, size_t n,
		      struct answer *answers_out);

#endif

/* What the files of intake share: the process-wide parts, and one transaction as it goes through them. */
#ifndef INTAKE_INTERNAL_H
#define INTAKE_INTERNAL_H

#include "base/limiter.h"
#include "intake/directory.h"
#include "intake/in_flight.h"
#include "intake/intake.h"
#include "intake/key_ring.h"
#include "intake/next_hop.h"
#include "intake/refusal.h"
#include "intake/settle.h"
#include "intake/spool.h"
#include "intake/transaction.h"
#include "intake/unheard.h"
#include "model/account.h"
#include "model/verdict.h"
#include "smtp/server.h"

#define ANSWER_MS 3000 /* kept for our own work and answer, when others take all the time there is */

struct intake {
	const struct config *config;
	struct store *store;
	const struct log *log;
	struct broker *broker;
	struct next_hop_pool *next_hops;
	struct in_flight *in_flight;
	struct unheard *unheard;
	struct key_ring *keys;
	struct limiter *strangers; /* their reports, by service address */
	struct smtp_server *server;
	struct spool_budget spool;
	struct refusal_quotas refusals;
	struct strs trusted_authserv_ids;
	struct arena *arena; /* of the things above */
};

/* A recipient that was accepted. */
struct recipient {
	struct str address;
	const struct directory_domain *domain; /* the transaction's; NULL for a service address */
	bool released; /* a person let these very bytes through to it: known when they are judged */
};

/* One mail from MAIL to the answer to its final dot. Everything lies in its arena. */
struct transaction {
	struct intake *in;
	const struct smtp_peer *peer;
	bool
	    beside; /* the mail server that it came through passes it on itself, so no next hop is spoken to */
	struct str mta_id; /* its id there; "" = unknown, or it came to ourselves */
	struct arena *arena;
	struct smtp_mail_params mail;
	struct {
		struct directory_domain **v;
		size_t n;
	} domains; /* of recipients, looked up once each */
	/* the class of its recipients: set by the first accepted one */
	int64_t account;                       /* 0 = none yet */
	const struct service_address *service; /* NULL = DIRECT */
	bool wrapped;                          /* what comes there may be a journal report */
	size_t report_bytes; /* of the journal report that the mail was taken out of; 0 = none */
	struct str transport;
	bool tls_must;
	bool edited;       /* mail to it may be changed, and grow by that */
	int lookback_hops; /* whose Received fields are believed must not depend on who else gets the mail */
	struct {
		struct recipient *v;
		size_t n;
	} recipients;
	struct relay *relay; /* with MAIL and every accepted RCPT said; NULL for copies */
	bool relay_busy;     /* it is inside a transaction: RSET before anything else is said */
	struct spool spool;
	struct sha256 sha256; /* of the content */
	int64_t until_ms;     /* when the answer to RCPT, or to the final dot, must be out */
	int64_t received_us;
	struct str id;              /* transaction_id; "" = none yet */
	const struct record *filed; /* what it became; NULL = nothing */
	struct edit_list edits;     /* of the verdict it was given last */
	struct str
	    unheard; /* digest put down as such until the answer is known to have gone out; "" = none */
	/* of what was refused last */
	enum refusal why;
	int64_t refused_account; /* whose recipient or mail it is; 0 = nobody's */
	struct {
		struct ident id;
		struct str sender; /* the domain that may not come without TLS */
	} restriction;             /* WHY_PARTNER_TLS */
};

/* transaction.c; the rest of it is in transaction.h */
/* A copy of what was delivered elsewhere: its peer is nobody's sender. */
static inline bool transaction_is_copy(const struct transaction *t)
{
	return t->service && t->service->purpose == PURPOSE_COPIES;
}

/* The queue id by which it is judged and filed: its own, made when it is first asked for, or that of the mail that it is again. */
struct str transaction_id(struct transaction *t);

/* How it reaches us: enum delivery_mode. */
int transaction_mode(const struct transaction *t);

/* The deadline of the next thing said to the next hop: its own time-out, or when our answer is due. */
int64_t transaction_step_ms(const struct transaction *t);
/*
 * What the next hop said, as our own answer: its 421 ends its session with us, not ours with the sender; and with an
 * enhanced code, which we have promised and it may not have.
 */
struct smtp_reply transaction_pass_on(struct smtp_reply said);
/* A refusal of our own, and what the log is to say of it. */
struct smtp_reply refuse(struct transaction *t, enum refusal why, int code, const char *text);
/* Whether mail of this sender's domain comes as the account wants it. Code 0 = it does; else `code` is said. */
struct smtp_reply transaction_check_tls(struct transaction *t, int64_t account, struct str sender_domain,
					int code, const char *text);
/*
 * Before the next hop is spoken to: code 0 = go on, and end with next_hop_leave. Else it is not to be spoken to now.
 */
struct smtp_reply transaction_enter(struct transaction *t);
/*
 * Says MAIL and exactly these RCPTs to the next hop anew. 2xx: it took all. A recipient that it refuses now makes
 * it 4xx, and nothing is sent: at the sender's next try the refusal is heard at RCPT, where it is about that one
 * recipient and not about the mail.
 */
struct smtp_reply transaction_reopen(struct transaction *t, const struct strs *recipients);

/* judge.c */
/* The last moment to begin with a mail, so that two tries to scan it and its relay end before the answer is due. */
int64_t judge_begin_by_ms(const struct transaction *t);
/* The verdict, always; a mail that cannot be scanned gets UNKNOWN with finding scan_failed. ERR_LATER: not now; it is logged. */
MUST_CHECK enum err judge(struct transaction *t, struct verdict *out);

/* direct.c: a mail to people, new or coming again. */
struct smtp_reply direct(struct transaction *t);

/* filing.c */
/* The digest by which a resend of this transaction is known, from any peer or from this one only. */
struct str filing_digest(struct transaction *t, bool of_peer);
/* A resend may bring what the next hop did not take, and nothing that was taken, held or moved since. */
bool filing_is_open(int status);
bool filing_has_open(const struct record *r);
/*
 * Whether a verdict of now decides what was done before: of what is open; and of what was left to a mail server, which may
 * not have taken it, since it asks again.
 */
bool filing_is_undecided(const struct transaction *t, int status);
/*
 * Another verdict for a mail that comes again: what is open is decided by it, and, when it comes from another peer than
 * before, what was held. What was passed on stays so.
 */
void filing_judge_again(struct transaction *t, struct arena *a, const struct verdict *v, struct record *r);
/* Everything but what the next hop will say; or, with the refusal that the sender gets, of a mail that is not taken. */
void filing_record(struct transaction *t, const struct verdict *v, const struct smtp_reply *refusal,
		   struct record *out);
/* Whether the verdict is for somebody's copy to be held. */
bool filing_holds(const struct transaction *t, const struct verdict *v);
/*
 * Keeps the raw mail as far as retention.raw_budget_mb lets us. `must`: it is nowhere else, so it is kept or this fails;
 * otherwise *kept_out tells.
 */
MUST_CHECK enum err filing_keep(struct transaction *t, bool must, bool *kept_out);
/* Adds the record (and the raw mail, first) so that both are durable; then the account's history has seen it. */
MUST_CHECK enum err filing_commit(struct transaction *t, const struct verdict *v, struct record *r);
/* The same for one that was refused: the account has no history with who is not let in. */
MUST_CHECK enum err filing_commit_refused(struct transaction *t, struct record *r);

/*
 * deliver.c: relays to the outcomes that are queued or deferred, notes the result; the next hop's
 * reply is the answer. What a mail server passes on itself is left to it.
 */
struct smtp_reply deliver(struct transaction *t, struct record *r);

/*
 * tell.c: the log line of a mail that got as far as a record. event: "message", "resend" or "copy"; action: what was
 * done with it.
 */
void tell(const struct transaction *t, const char *event, struct str action, const struct record *r,
	  int code);
/* The log line of a recipient or mail that was not taken. */
void tell_refused(const struct transaction *t, struct str to, const struct smtp_reply *reply);

/* copy.c: a mail to a service address for copies. */
struct smtp_reply copy_file(struct transaction *t);
/* The record of a copy that was judged; reported: who its recipients are was not taken from the copy itself. */
struct smtp_reply copy_keep(struct transaction *t, const struct verdict *v, const struct strs *recipients,
			    bool reported);

/* journal.c: what a journal report of Exchange is about; v: of the report, which has v->journaled. */
struct smtp_reply journal_file(struct transaction *t, const struct verdict *v);

/* submitted.c: a mail to a service address for anything else. */
struct smtp_reply submitted_file(struct transaction *t);

#endif

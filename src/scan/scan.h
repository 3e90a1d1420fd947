/*
 * The scan: bytes, envelope, policy and answers in; one verdict out. A pure function, called in a sealed worker,
 * by `postern scan` and by the tests alike.
 */
#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include "base/ip.h"
#include "model/enums.h"
#include "model/explanation.h"
#include "model/verdict.h"
#include "scan/ask.h"

struct policy;     /* policy/policy.h */
struct classifier; /* classifier/classifier.h */
struct outside;    /* detect/outside.h */

/* How long a scan took, stage by stage and detector by detector. */
struct scan_times {
	int64_t stage_ns[SCAN_STAGES];
	int64_t detector_ns[DETECTOR_COUNT];
};

/* One mail to judge. Everything points into memory that outlives the scan. */
struct scan_job {
	struct str raw;         /* the message as received, CRLF or LF line ends */
	struct str mail_from;   /* MAIL FROM without <>, "" = null sender */
	bool has_envelope;      /* false for `postern scan` of a file: SPF and envelope checks do not apply */
	struct strs recipients; /* RCPT TO, in order */
	struct ip client_ip;    /* our SMTP peer; family 0 = none */
	struct str helo;        /* as the peer named itself */
	bool tls;               /* the peer used TLS */
	int delivery_mode;      /* enum delivery_mode */
	int64_t account;        /* account.num; 0 = none */
	int lookback_hops;      /* 1..20 */
	int64_t received_us;    /* the scan's only clock */
	bool
	    wrapped; /* it may be a journal report, of which only the mail in it is told (verdict.journaled) */
	bool released; /* a person let these very bytes through to all of them: nothing is looked for */
	struct str
	    edits_for; /* domain of the recipients that it may be changed for, in A-labels; "" = it is not */
	/* Of its rewritten links (edit/click.h): "" = there are none. */
	struct str id;          /* of the mail */
	struct str click_url;   /* where they lead */
	struct str click_key;   /* hex; what they are signed with: of this mail alone */
	struct str authserv_id; /* ours: forged results bearing it are stripped */
	/* Whose Authentication-Results may be believed where there is no peer. */
	struct strs trusted_authserv_ids;
	struct strs protected_domains; /* of the account, A-labels, lower case */
	struct scan_times *times;      /* filled; NULL = nobody asks, and no clock is read */
	struct str header_prefix; /* of the headers we add, such as "X-Postern-"; forged ones are stripped */
	const struct classifier *classifier; /* what the text is weighed by; NULL = nothing */
	const struct outside *outside;       /* what else may be known or asked; NULL = nothing */
};

/* It is sent to us to be looked at; or was, and is looked at again. */
static inline bool scan_is_submitted(const struct scan_job *job)
{
	return job->delivery_mode > MODE_RETRO_SCAN;
}

/*
 * policy: of the account, NULL = none. All memory, and everything verdict_out points to, is in the arena or in
 * the job. Never fails: bad mail has defects, and limits hit are findings.
 */
void scan_run(struct arena *a, const struct scan_job *job, const struct policy *policy, struct asker *asker,
	      struct verdict *verdict_out);

/* What of a mail's text is weighed, for whoever makes a classifier. */
struct scan_text {
	struct str subject; /* decoded */
	struct str words;   /* subject and the text a reader sees, folded (detect/text.h) */
	struct str body;    /* its part behind the subject */
};
void scan_text(struct arena *a, const struct scan_job *job, struct scan_text *out);

#endif

/*
 * Policy of an account, compiled: which allow policies, blocked senders, content policies, trusted domains, entries of the
 * impersonation registry and corrections match the facts of one mail, and what follows; its detection settings; and what is
 * added to its mail. Pure: facts in, decision out; no I/O, no clock.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "base/ip.h"
#include "model/allow_policy.h"
#include "model/block_sender.h"
#include "model/content_policy.h"
#include "model/detection_settings.h"
#include "model/impersonation.h"
#include "model/link_action.h"
#include "model/text_add_on.h"
#include "model/trusted_domain.h"
#include "model/url_ignore.h"
#include "policy/correction.h"
#include "policy/name_index.h"

/* The rules of one account as they travel to the scan worker (JSON by this table). */
/* clang-format off */
#define POLICY_SOURCE(X, T) \
	X(T, INT,  account, F_REQUIRED, 1, 131071, none, "account.num") \
	X(T, STR,  account_id, F_OPTIONAL, 0, 32, none, "account.id, for the log") \
	X(T, INT,  rev,     F_REQUIRED, 0, INT64_MAX, none, "grows with every change of the account's settings") \
	X(T, OBJS, allow,   F_REQUIRED, 0, 10000, allow_policy, "allow policies") \
	X(T, OBJS, block,   F_REQUIRED, 0, 10000, block_sender, "blocked senders") \
	X(T, OBJS, content, F_OPTIONAL, 0, 10000, content_policy, "enabled content policies") \
	X(T, OBJS, trusted, F_OPTIONAL, 0, 10000, trusted_domain, "trusted domains") \
	X(T, OBJS, impersonation, F_OPTIONAL, 0, 10000, impersonation, "the impersonation registry") \
	X(T, OBJS, corrections, F_OPTIONAL, 0, 10000, correction, "corrections, the oldest first") \
	X(T, OBJ,  detection, F_NULL, 0, 0, detection_settings, "detection settings; none were set") \
	X(T, OBJS, text_add_ons, F_OPTIONAL, 0, TEXT_ADD_ONS_MAX, text_add_on, "texts that mail gets added") \
	X(T, OBJS, link_actions, F_OPTIONAL, 0, LINK_ACTIONS_MAX, link_action, "what becomes of its links") \
	X(T, OBJS, url_ignore, F_OPTIONAL, 0, 10000, url_ignore, "URLs that are left as they are") \
	X(T, STRS, domains, F_OPTIONAL, 0, 10000, none, "A-labels in lower case and order: names that lie ready (domain_name.h)")
FIELDS_DECLARE(policy_source, POLICY_SOURCE);
/* clang-format on */

struct policy;

/*
 * Compiles; a pattern that does not compile, or for whose code there is no room (LIMIT_POLICY_CODE for each list), is skipped and
 * counted, never fatal. Literal patterns go into a hash table, regular expressions into sets (expressions.h). The policy points
 * into its source. Memory: arena; the sets are on the heap, until policy_free.
 */
struct policy *policy_compile(struct arena *a, const struct policy_source *source);
void policy_free(struct policy **p);
int64_t policy_rev(const struct policy *p);
size_t policy_skipped(const struct policy *p);

/*
 * Whether a pattern may be stored. errbuf says why not. allow_private: policies.allow_private_ip. *code_out (may be
 * NULL): bytes it takes once compiled, which all patterns of a list share a ceiling of (LIMIT_POLICY_CODE).
 */
MUST_CHECK enum err policy_pattern_check(struct str pattern, int pattern_type, bool is_regex,
					 bool allow_private, size_t *code_out, struct errbuf *eb);
/* The same for the expression of a content policy. */
MUST_CHECK enum err policy_content_check(struct str pattern, size_t *code_out, struct errbuf *eb);

/* One more mailbox that a mail shows. */
struct policy_mailbox {
	const char *field; /* "from" or "reply_to" */
	struct str address;
};

/*
 * What a mail claims and what was proved. Addresses as written; "" = absent. Of one over LIMIT_ADDRESS expressions see
 * the end only, so that their work is bounded, and it is allowed nothing.
 */
struct policy_facts {
	struct str envelope_from, header_from, reply_to;
	/* What else From and Reply-To show: a block rule sees every mailbox, an allow rule the main ones alone. */
	struct {
		struct policy_mailbox *v;
		size_t n;
	} others;
	struct str server_name; /* HELO name of the sending host */
	struct ip client_ip;    /* sending host after lookback */
	bool host_is_guess;     /* these two are a guess: enough to block, never to allow */
	struct strs recipients;
	/* An address or domain rule with verify_sender counts only where the identity it matched is proved: */
	bool envelope_proved; /* SPF pass for the MAIL FROM domain */
	bool header_proved;   /* DMARC pass, or DKIM or SPF pass aligned with From */
	bool any_pass;        /* any SPF, DKIM or DMARC pass: enough for an IP pattern */
};

struct policy_match {
	struct str pattern; /* empty = no match; points into the policy */
	struct str field;   /* which fact matched: "envelope_from", "from", "reply_to", "ip", "helo" */
	struct str value;
};

struct policy_decision {
	struct policy_match blocked, trusted, acceptable;
	struct policy_match unproved; /* an allow rule that would count, were the sender proved */
	struct {
		struct {
			size_t recipient; /* index into facts.recipients */
			struct str pattern;
		} * v;
		size_t n;
	} exempt;
	size_t
	    gave_up; /* comparisons of expressions for which the steps did not suffice; they count as no match */
	bool unfinished; /* one of them was of a block rule: who knows whether the sender is blocked */
};

/* p NULL = nothing matches. Memory: arena. */
void policy_decide(struct arena *a, const struct policy *p, const struct policy_facts *facts,
		   struct policy_decision *out);

/* ---- content policies ---- */

struct policy_content {
	struct str name, pattern; /* of the content policy that matched; empty = none; into the policy */
	int target;               /* enum content_target */
	struct str
	    seen; /* what was read up to the end of the match: in lower case, white space as one space each */
	size_t unfinished; /* policies of which nobody knows: the steps did not suffice */
};

/* The first that is found: in the subjects, else in the texts of the body. p NULL = none. Memory: arena. */
void policy_content_find(struct arena *a, const struct policy *p, const struct strs *subjects,
			 const struct strs *bodies, struct policy_content *out);

/* ---- trusted domains ---- */

struct policy_trusted {
	struct str recent,
	    similarity; /* pattern that lets the domain off that check; empty = none; into the policy */
	size_t unfinished;
};

/* Asks on behalf of one mail, with steps for all that is asked. p NULL = nothing is trusted. Memory: arena. */
struct policy_trusting;
struct policy_trusting *policy_trusting_new(struct arena *a, const struct policy *p);

/* domain: of a sender, as written. A literal is that domain only; an expression sees it as written and in A-labels. */
void policy_trusted_find(struct policy_trusting *t, struct str domain, struct policy_trusted *out);

/* ---- detection settings ---- */

/* All of them; p NULL = as by default. */
const struct detection_settings *policy_detection(const struct policy *p);

/* ---- what becomes of mail that goes on ---- */

/* domain: of its recipients, in A-labels and lower case. NULL: nothing is added. Into the policy. */
const struct text_add_on *policy_text_add_on(const struct policy *p, struct str domain);
/* What is done with the links of mail of this disposition: enum link_action_kind. */
int policy_link_action(const struct policy *p, struct str domain, int disposition);

/* Asks on behalf of one mail, with steps for all that is asked. p NULL = no URL is left alone. Memory: arena. */
struct policy_ignoring;
struct policy_ignoring *policy_ignoring_new(struct arena *a, const struct policy *p);
/* Whether a URL, as it is written, is one of those that are left as they are. */
bool policy_ignores_url(struct policy_ignoring *g, struct str url);

/* ---- the impersonation registry ---- */

/* Its entries, in the order given. p NULL = none. */
const struct impersonation_list *policy_impersonation_list(const struct policy *p);

/* Their names, by the same index; NULL = there are none. */
const struct name_index *policy_impersonation_names(const struct policy *p);

/* The next of the addresses of an entry with commas between, trimmed; *rest moves behind it. */
struct str policy_impersonation_address(struct str *rest);

struct policy_impersonation_owners {
	uint32_t *v; /* indices of entries, ascending */
	size_t n;
	size_t unfinished;
};

/* Which entries the address is one of: among those listed, or matching the expression. Memory: arena. */
void policy_impersonation_owners(struct arena *a, const struct policy *p, struct str address,
				 struct policy_impersonation_owners *out);

#endif

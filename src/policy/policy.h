/*
 * Policy of an account, compiled: which allow policies and blocked senders match the facts of one mail, and
 * what follows. Pure: facts in, decision out; no I/O, no clock.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "base/ip.h"
#include "model/allow_policy.h"
#include "model/block_sender.h"

/* The rules of one account as they travel to the scan worker (JSON by this table). */
/* clang-format off */
#define POLICY_SOURCE(X, T) \
	X(T, INT,  account, F_REQUIRED, 1, 131071, none, "account.num") \
	X(T, STR,  account_id, F_OPTIONAL, 0, 32, none, "account.id, for the log") \
	X(T, INT,  rev,     F_REQUIRED, 0, INT64_MAX, none, "grows with every change of the account's settings") \
	X(T, OBJS, allow,   F_REQUIRED, 0, 10000, allow_policy, "allow policies") \
	X(T, OBJS, block,   F_REQUIRED, 0, 10000, block_sender, "blocked senders")
FIELDS_DECLARE(policy_source, POLICY_SOURCE);
/* clang-format on */

struct policy;

/*
 * Compiles; a pattern that does not compile, or for whose code there is no room, is skipped and counted, never fatal.
 * Literal patterns go into hash
 * tables, regular expressions into PCRE2 (whole value, case-insensitive, UTF-8, no JIT, bounded). Memory: arena;
 * the PCRE2 codes are freed by policy_free.
 */
struct policy *policy_compile(struct arena *a, const struct policy_source *source);
void policy_free(struct policy **p);
int64_t policy_rev(const struct policy *p);
size_t policy_skipped(const struct policy *p);

/*
 * Whether a pattern may be stored. errbuf says why not. allow_private: policies.allow_private_ip. *code_out (may be
 * NULL): bytes it takes once compiled, which all patterns of an account share a ceiling of (LIMIT_POLICY_CODE).
 */
MUST_CHECK enum err policy_pattern_check(struct str pattern, int pattern_type, bool is_regex,
					 bool allow_private, size_t *code_out, struct errbuf *eb);

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
	struct {
		struct {
			size_t recipient; /* index into facts.recipients */
			struct str pattern;
		} * v;
		size_t n;
	} exempt;
	size_t gave_up;  /* comparisons of expressions that went over their bounds and count as no match */
	bool unfinished; /* one of them was of a block rule: who knows whether the sender is blocked */
};

/* p NULL = nothing matches. Memory: arena. */
void policy_decide(struct arena *a, const struct policy *p, const struct policy_facts *facts,
		   struct policy_decision *out);

#endif

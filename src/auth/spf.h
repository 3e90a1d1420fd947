/*
 * SPF: may this address send for this domain? (RFC 7208)
 *
 * One check takes the envelope and gives one of the seven results of RFC 7208 §2.6, kept apart: what a policy
 * makes of "softfail" is not decided here. All DNS goes through the asker.
 */
#ifndef AUTH_SPF_H
#define AUTH_SPF_H

#include "auth/asks.h"
#include "base/enumtab.h"
#include "base/ip.h"

#define SPF_LOOKUPS_MAX 10 /* terms that ask DNS, in one check (RFC 7208 §4.6.4) */
#define SPF_VOIDS_MAX 2    /* of them, those that found nothing (RFC 7208 §4.6.4) */
#define SPF_NAMES_MAX 10   /* hosts of one "mx", names of one "ptr" (RFC 7208 §4.6.4) */

#define SPF_RESULTS(X)                \
	X(SPF_NONE, "none")           \
	X(SPF_NEUTRAL, "neutral")     \
	X(SPF_PASS, "pass")           \
	X(SPF_FAIL, "fail")           \
	X(SPF_SOFTFAIL, "softfail")   \
	X(SPF_TEMPERROR, "temperror") \
	X(SPF_PERMERROR, "permerror")
ENUM_DECLARE(spf_result, SPF_RESULTS);

struct spf_query {
	struct ip ip; /* the sending host, after lookback; family 0 gives "none" */
	/* Without <>; "" = null sender: postmaster at the HELO name is checked (RFC 7208 §2.4). */
	struct str mail_from;
	struct str helo;
	struct str receiver; /* our host name, for %{r}; "" = "unknown" */
	int64_t now_s;       /* seconds since 1970, for %{t} */
	/* Fetch the text of exp= with a fail: a question to a stranger's DNS, for who tells the sender why. */
	bool explain;
};

/* Points into the arena, the query and the asker's answers. */
struct spf {
	enum spf_result result;
	bool by_helo;         /* the HELO name was the identity, not MAIL FROM */
	struct str domain;    /* the identity's domain: lower case, A-labels, no trailing dot */
	struct str mechanism; /* the term that decided, as published; "" = none did */
	/* Of a fail, where wanted: what the domain has to tell the sender (exp=), untrusted; "" = nothing. */
	struct str explanation;
	struct str reason; /* one sentence for people; holds text of the domain's record */
	unsigned lookups, voids;
};

/* Never fails: trouble is a result (temperror, permerror). */
void spf_check(struct arena *a, struct asker *q, const struct spf_query *query, struct spf *out);

/* The domain whose record is asked: that of MAIL FROM, or of HELO for the null sender. */
struct str spf_domain(struct arena *a, const struct spf_query *query);

/* The questions any check of this query begins with. */
void spf_asks(struct arena *a, const struct spf_query *query, struct ask_list *list);

#endif

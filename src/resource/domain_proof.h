/*
 * Proving that a domain is its account's: a TXT record beside the domain carries what the account was told to publish.
 * What a look at DNS makes of the domain is decided here; who looks is the courier, what it looks for the store's.
 *
 * A domain waits, PENDING, and is looked at every five minutes; FAILED says that what is there cannot prove it, and it is
 * looked at all the same. After seven days without the record it is TIMEOUT, and only looked at when somebody asks.
 * Once the record was seen it is ACTIVE and looked at daily. It stays so when DNS is silent for however long; only
 * definite answers without the record, hourly over three days, take the authorization away, and then it waits anew.
 * The operator's word stands for the proof: such a domain is not looked at.
 */
#ifndef RESOURCE_DOMAIN_PROOF_H
#define RESOURCE_DOMAIN_PROOF_H

#include "model/domain.h"
#include "resource/resource.h"

#define DOMAIN_LOOK_NEVER INT64_MAX

enum proof_found {
	PROOF_SILENCE, /* no definite answer */
	PROOF_ABSENT,  /* no TXT record there */
	PROOF_OTHER,   /* TXT records, but not the one */
	PROOF_SEEN,
	PROOF_TAKEN, /* seen, and the domain is authorized in another account */
};

static inline bool domain_is_authorized(const struct domain *d)
{
	return HAS(d, domain, authorization) && d->authorization->authorized;
}

/* Whether a TXT record is what makes it authorized, or would. */
static inline bool domain_needs_proof(const struct domain *d)
{
	return !domain_is_authorized(d) || d->proved;
}

/* A new domain: nobody has proved yet that it is theirs; until then no mail is accepted for it. */
void domain_proof_begin(const struct resource_env *env, struct domain *d);
/* The operator's word. */
void domain_proof_vouch(const struct resource_env *env, struct domain *d);
/* What was found at env->now_us. The time of the next look. */
int64_t domain_proof_look(const struct resource_env *env, struct domain *d, enum proof_found found);

#endif

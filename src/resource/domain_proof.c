/* What becomes of a domain by what is found beside it. */
#include "resource/domain_proof.h"

#include "base/clock.h"

#define MINUTE_US INT64_C(60000000)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)
#define WAITING_US (5 * MINUTE_US) /* between looks at one that waits */
#define PATIENCE_US (7 * DAY_US)   /* until one that waits is given up */
#define GRACE_US (3 * DAY_US)      /* without the record, until the authorization goes */
#define GRACE_LOOKS 3              /* definite ones: a clock that jumps is no proof */

#define WAITS                                                                                              \
	"waits for its TXT record, which GET settings/domains/{domain_id}/verification names, or for the " \
	"operator of the server to run `postern domain authorize --account ID DOMAIN`"
#define OTHER "the TXT records at its verification name hold other values than the one to be published"
#define TAKEN "its TXT record was seen, but the domain is authorized in another account of this server"
#define TIMEOUT "not proved within seven days; asking for the verification looks once more"
#define SEEN "its TXT record was seen"
#define GONE "its TXT record has been gone for three days, so its mail is refused until it is there again"
#define VOUCHED "authorized by the operator"

/* A new object in the place of the old one, which may be part of another domain. */
static void decide(const struct resource_env *env, struct domain *d, bool authorized, int status,
		   struct str message)
{
	struct authorization *auth = ARENA_NEW(env->arena, struct authorization);
	bool same = HAS(d, domain, authorization) && d->authorization->authorized == authorized &&
		    d->status == status;

	SET(auth, authorization, authorized, authorized);
	SET(auth, authorization, timestamp, same ? d->authorization->timestamp : env->now_us);
	SET(auth, authorization, status_message, message);
	SET(d, domain, authorization, auth);
	SET(d, domain, status, status);
}

static void forget_misses(struct domain *d)
{
	CLEAR(d, domain, missing_since);
	CLEAR(d, domain, misses);
	d->misses = 0;
}

void domain_proof_begin(const struct resource_env *env, struct domain *d)
{
	decide(env, d, false, DOMAIN_PENDING, STR(WAITS));
}

void domain_proof_vouch(const struct resource_env *env, struct domain *d)
{
	decide(env, d, true, DOMAIN_ACTIVE, STR(VOUCHED));
	CLEAR(d, domain, proved);
	d->proved = false;
}

static int64_t look_at_proved(const struct resource_env *env, struct domain *d, enum proof_found found)
{
	char gone[CLOCK_TEXT_MAX], until[CLOCK_TEXT_MAX];

	if (found == PROOF_SILENCE)
		return env->now_us + HOUR_US;
	if (!HAS(d, domain, missing_since))
		SET(d, domain, missing_since, env->now_us);
	SET(d, domain, misses, d->misses + 1);
	if (d->misses >= GRACE_LOOKS && env->now_us - d->missing_since >= GRACE_US) {
		decide(env, d, false, DOMAIN_PENDING, STR(GONE));
		CLEAR(d, domain, proved);
		d->proved = false;
		forget_misses(d);
		SET(d, domain, missing_since, env->now_us);
		return env->now_us + WAITING_US;
	}
	clock_rfc3339(d->missing_since, gone);
	clock_rfc3339(d->missing_since + GRACE_US, until);
	decide(env, d, true, DOMAIN_ACTIVE,
	       arena_printf(env->arena,
			    "its TXT record is gone since %s; if it stays away, mail is refused from %s on",
			    gone, until));
	return env->now_us + HOUR_US;
}

static int64_t look_at_waiting(const struct resource_env *env, struct domain *d, enum proof_found found)
{
	if (!HAS(d, domain, missing_since))
		SET(d, domain, missing_since, env->now_us);
	if (env->now_us - d->missing_since >= PATIENCE_US) {
		decide(env, d, false, DOMAIN_TIMEOUT, STR(TIMEOUT));
		return DOMAIN_LOOK_NEVER;
	}
	if (found == PROOF_OTHER)
		decide(env, d, false, DOMAIN_FAILED, STR(OTHER));
	else if (found == PROOF_TAKEN)
		decide(env, d, false, DOMAIN_FAILED, STR(TAKEN));
	else if (found == PROOF_ABSENT && d->status != DOMAIN_PENDING)
		decide(env, d, false, DOMAIN_PENDING, STR(WAITS));
	return env->now_us + WAITING_US;
}

int64_t domain_proof_look(const struct resource_env *env, struct domain *d, enum proof_found found)
{
	if (!domain_needs_proof(d))
		return DOMAIN_LOOK_NEVER;
	SET(d, domain, checked_at, env->now_us);
	if (found == PROOF_SEEN) {
		decide(env, d, true, DOMAIN_ACTIVE, STR(SEEN));
		SET(d, domain, proved, true);
		forget_misses(d);
		return env->now_us + DAY_US;
	}
	return domain_is_authorized(d) ? look_at_proved(env, d, found) : look_at_waiting(env, d, found);
}

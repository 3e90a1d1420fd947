/*
 * What an account has to publish to prove that a domain is its own. Who asks for it while the domain waits may just have
 * published it, so the next look comes at once, unless one has just been.
 */
#include "api/internal.h"
#include "api/problem.h"
#include "api/settings.h"
#include "resource/domain_proof.h"

#define LOOK_US INT64_C(5000000) /* between looks that are asked for, and after the domain was made */

static enum err look(struct request *rq, const struct domain *d)
{
	int64_t last = HAS(d, domain, checked_at) ? d->checked_at : d->created_at;

	if (domain_is_authorized(d) || rq->now_us - last < LOOK_US)
		return OK;
	return settings_look_now(rq->api->o.store, d->id.num, rq->now_us);
}

static void reply_verification(struct request *rq, const struct domain *d)
{
	struct settings_challenge c = settings_challenge(rq->api->o.store, rq->arena, d);
	struct domain_verification v = { 0 };

	if (HAS(d, domain, status))
		SET(&v, domain_verification, status, d->status);
	SET(&v, domain_verification, txt_record_name, c.name);
	SET(&v, domain_verification, txt_record_value, c.value);
	if (HAS(d, domain, checked_at))
		SET(&v, domain_verification, last_checked_at, d->checked_at);
	reply_object(rq, 200, &domain_verification_fields, &v);
}

void domain_verification_reply(struct request *rq)
{
	struct settings_object o;
	struct ident id;

	if (!settings_path_id(rq, &id))
		return;
	enum err err =
	    settings_get(rq->api->o.store, rq->arena, rq->route->resource, rq->account.num, &id, &o);
	if (err) {
		problem_err(rq, err);
		return;
	}
	if (!domain_needs_proof(o.obj)) {
		rq->status = 204;
		return;
	}
	err = look(rq, o.obj);
	if (err)
		problem_err(rq, err);
	else
		reply_verification(rq, o.obj);
}

/* GET /healthz: whether this process can reach the store. For load balancers, without credentials. */
#include "api/answers.h"
#include "api/internal.h"
#include "api/problem.h"

void health_reply(struct request *rq)
{
	struct health h = { 0 };
	int64_t rev;
	/* The answer does not matter: the look does. */
	enum err err = settings_policy_rev(rq->api->o.store, 1, &rev);

	if (err) {
		problem_err(rq, err);
		return;
	}
	SET(&h, health, status, STR("ok"));
	reply_object(rq, 200, &health_fields, &h);
}

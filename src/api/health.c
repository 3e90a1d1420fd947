/* GET /healthz: whether this process can reach the store. For load balancers, without credentials. */
#include "api/internal.h"
#include "api/problem.h"

void health_reply(struct request *rq)
{
	int64_t rev;
	/* The answer does not matter: the look does. */
	enum err err = settings_policy_rev(rq->api->o.store, 1, &rev);

	if (err) {
		problem_err(rq, err);
		return;
	}
	reply_begin(rq, 200);
	buf_add(&rq->out, STR("{\"status\":\"ok\"}"));
	reply_end(rq);
}

/* Looking at SPF and DMARC records as a receiver would. */
#include "courier/domain_health.h"

#include "auth/dmarc_walk.h"
#include "auth/spf.h"
#include "base/domain.h"

/* Nobody's address (RFC 1112 §4): no record means it, unless it means everybody's. */
static const struct ip nobody = { .family = 4, .b = { 240, 0, 0, 1 } };

static const int spf_statuses[] = {
	[SPF_NONE] = SPF_STATUS_NONE,         [SPF_NEUTRAL] = SPF_STATUS_NEUTRAL,
	[SPF_PASS] = SPF_STATUS_OPEN,         [SPF_FAIL] = SPF_STATUS_GOOD,
	[SPF_SOFTFAIL] = SPF_STATUS_GOOD,     [SPF_TEMPERROR] = -1,
	[SPF_PERMERROR] = SPF_STATUS_INVALID,
};

static int spf_status(struct arena *a, struct asker *q, struct str domain)
{
	struct spf_query query = { .ip = nobody, .mail_from = ARENA_JOIN(a, STR("postmaster@"), domain) };
	struct spf spf;

	spf_check(a, q, &query, &spf);
	return spf_statuses[spf.result];
}

/* A walk takes several records for none, as a receiver must; their owner wants to know. */
static bool has_several(struct arena *a, struct asker *q, struct str domain)
{
	const struct answer *answer = ask_dns(q, ARENA_JOIN(a, STR("_dmarc."), domain), RR_TXT);
	size_t n = 0;

	for (size_t i = 0; answer->status == ANSWER_OK && i < answer->records.n; i++) {
		struct dmarc_record record;
		struct errbuf eb;
		n += dmarc_record_parse(a, answer->records.v[i].data, &record, &eb) != ERR_ABSENT;
	}
	return n > 1;
}

static int dmarc_status(struct arena *a, struct asker *q, struct str domain)
{
	static const int statuses[] = {
		[DMARC_NO_RECORD] = DMARC_STATUS_NONE,
		[DMARC_RECORD] = DMARC_STATUS_GOOD,
		[DMARC_BROKEN_RECORD] = DMARC_STATUS_INVALID,
		[DMARC_NO_ANSWER] = -1,
	};
	struct dmarc_walk walk;

	dmarc_walk(a, q, domain, &walk);
	if (walk.n == 0)
		return DMARC_STATUS_NONE;
	if (has_several(a, q, domain))
		return DMARC_STATUS_INVALID;
	if (walk.steps[0].found != DMARC_NO_RECORD)
		return statuses[walk.steps[0].found];
	const struct dmarc_step *org = walk.org.n ? dmarc_walk_step(&walk, walk.org) : NULL;
	return org ? statuses[org->found] : walk.org.n ? DMARC_STATUS_NONE : -1;
}

bool domain_health_look(struct arena *a, struct asker *q, struct domain *d)
{
	struct str name = domain_fold(a, d->domain);
	int spf = spf_status(a, q, name), dmarc = dmarc_status(a, q, name);

	if (spf >= 0)
		SET(d, domain, spf_status, spf);
	if (dmarc >= 0)
		SET(d, domain, dmarc_status, dmarc);
	return spf >= 0 && dmarc >= 0;
}

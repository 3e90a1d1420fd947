/* Each term is looked for; one that could only be looked for otherwise than it says is refused. */
#include "api/search_params.h"

#include "base/utf8.h"
#include "store/tokens.h"

#define TERM_SHOWN 60             /* bytes of a term that is refused */
#define SKEW_US INT64_C(60000000) /* a client's clock may be this far ahead */

static void check_range(const struct request *rq, const struct search_params *p, struct faults *f)
{
	if (HAS(p, search_params, start) && p->start > rq->now_us + SKEW_US)
		fault_add(f, STR("/start"), "start must not be in the future");
	else if (HAS(p, search_params, start) && HAS(p, search_params, end) && p->start > p->end)
		fault_add(f, STR("/start"), "start must not be after end");
}

static void check_term(struct request *rq, struct str term, struct faults *f)
{
	struct str shown = utf8_cut(term, TERM_SHOWN);

	if (tokens_has_short_prefix(rq->arena, term))
		fault_add(
		    f, STR("/query"),
		    "query takes an asterisk behind %d characters of a word or more, which \"%.*s\" has not",
		    TOKEN_PREFIX_MIN, STR_ARG(shown));
}

struct store_search search_params_read(struct request *rq, const struct search_params *p, struct str at,
				       struct faults *f)
{
	const struct str before = f->at;
	struct store_search q = store_search_of(rq->arena, p, rq->account.num, rq->now_us);

	f->at = at;
	check_range(rq, p, f);
	for (size_t i = 0; i < q.terms.n; i++)
		check_term(rq, q.terms.v[i], f);
	if (!store_search_fits(rq->arena, &q))
		fault_add(f, STR("/query"), "query has too many terms");
	f->at = before;
	return q;
}

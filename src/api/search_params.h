/* Checking what a search asks for, wherever that is said. */
#ifndef API_SEARCH_PARAMS_H
#define API_SEARCH_PARAMS_H

#include "api/request.h"
#include "store/store.h"

/*
 * The search of the request's account, its first page of any size. A fault for what is wrong, at `at` (struct faults) followed
 * by the parameter: "query" or "/search_params".
 */
struct store_search search_params_read(struct request *rq, const struct search_params *p, struct str at,
				       struct faults *f);

#endif

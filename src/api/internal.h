/* The running server, as the files of this room see it. */
#ifndef API_INTERNAL_H
#define API_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "api/forwarded.h"
#include "api/openapi.h"
#include "api/pool.h"
#include "api/request.h"
#include "api/server.h"
#include "api/slots.h"
#include "api/waiting.h"
#include "base/limiter.h"

struct MHD_Daemon;
struct exchange;

struct api {
	struct api_options o;
	struct principal_cache *principals;
	struct limiter *by_principal, *by_address; /* NULL = off */
	unsigned char address_key[16];
	struct proxies proxies;
	struct arena *arena; /* of what lives as long as the server */
	struct pool *pool;
	struct waiting *waiting; /* requests that will go on in the pool */
	struct watch *watch;
	struct openapi openapi;
	struct slots sources, large; /* sources, and large answers, on their way */
	struct slots bodies;         /* bodies with a mail in them */
	struct MHD_Daemon **daemons;
	size_t n_daemons;
	atomic_size_t active; /* requests begun and not ended */
	atomic_bool stopping;
	uint64_t first_id; /* request ids count on from this random number */
	atomic_uint_fast64_t n_ids;
	pthread_mutex_t spare_mutex; /* guards spare, n_spare */
	struct exchange *spare;
	size_t n_spare;
};

/* How long a request may take to come. */
static inline int64_t api_request_ms(const struct api *api)
{
	return (int64_t)api->o.request_timeout_s * 1000;
}

enum {
	ROUTE_SLOW = 1 << 0,  /* runs in the pool */
	ROUTE_BRIEF = 1 << 7, /* a slow one that is tried at once first: struct request, brief */
	ROUTE_OPEN = 1 << 1,  /* no credentials, no account */
	ROUTE_BODY = 1 << 2,  /* has a JSON body */
	ROUTE_MAYBE = 1 << 3, /* may have one */
	ROUTE_OURS = 1 << 5,  /* our own: under accounts/{account_id}/postern instead of …/email-security */
	ROUTE_PAGE = 1 << 8,  /* for people: HTML, and nothing of the API's document */
	ROUTE_ADMIN = 1 << 6, /* takes SCOPE_ADMIN, whatever the method */
};

struct route {
	enum method method;
	const char *path; /* "settings/domains/{id}": under the account, or from the root when ROUTE_OPEN */
	void (*handler)(struct request *rq);
	const struct resource *resource;
	unsigned flags;
	size_t body_max;
};

/* The least one that may ask. */
static inline enum scope route_scope(const struct route *r)
{
	if (r->flags & ROUTE_ADMIN)
		return SCOPE_ADMIN;
	return r->method == METHOD_GET ? SCOPE_READ : SCOPE_WRITE;
}

extern const struct route route_table[];
extern const size_t route_count;

/* The last word of its path before {…} that is not "batch": "allow_policies". */
struct str route_collection(const struct route *r);

void health_reply(struct request *rq);

/* Takes the request's raw target apart: segments, query. */
void router_split(struct request *rq, struct str target);
/* Sets route, params and account id; false: the problem is answered. */
bool router_match(struct request *rq, struct str *account_id_out);

#endif

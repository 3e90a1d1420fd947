/* One request on its way through the API, and the answer being made. Lives in its own arena. */
#ifndef API_REQUEST_H
#define API_REQUEST_H

#include "api/principal.h"
#include "api/request_headers.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/ip.h"
#include "json/read.h"
#include "json/write.h"
#include "resource/resource.h"
#include "store/settings.h"

#define REQUEST_ID_MAX 17 /* terminated */
#define REQUEST_SEGMENTS 12
#define REQUEST_PARAMS 2
#define REQUEST_ANSWER_MAX ((size_t)256 << 20) /* bytes of an answer */

struct api;
struct route;

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE, METHOD_OTHER };

struct query_pair {
	struct str name, value; /* percent-decoded, valid UTF-8; never empty values */
};

/* An answer that is made while it is sent, because it may be too large to be made before. Owned by the request. */
struct reply_source {
	/* Up to n bytes into `to`; *got 0: the end. Any error breaks the connection off. */
	enum err (*read)(void *ctx, char *to, size_t n, size_t *got);
	void (*close)(void *ctx);
	void *ctx;
};

/* The rate limit that the answer's headers tell of. */
struct request_rate {
	int64_t quota, window_s; /* quota 0: of none */
	int64_t left, reset_s;
};

struct request {
	struct api *api;
	struct arena *arena;
	struct str id; /* X-Request-Id of the answer, and in each line of the log */
	int64_t now_us;
	enum method method;
	struct str method_text, path; /* as received, for the log */
	struct str segments[REQUEST_SEGMENTS];
	size_t n_segments; /* REQUEST_SEGMENTS + 1: more than that, or not decodable */
	struct {
		struct query_pair *v;
		size_t n;
	} query;
	struct ip address; /* of the client: ip_subscriber */
	struct request_headers headers;
	struct buf body;
	bool body_is_large; /* it has a place among those, which are few */
	size_t body_slot;

	const struct route *route;
	struct str params[REQUEST_PARAMS]; /* what {…} in the route's path matched */
	struct principal principal;
	struct principal_account account; /* of the URL */
	struct json_write write;          /* how objects are written for this principal */

	bool
	    brief; /* others wait meanwhile: what takes long returns without an answer, and is called again in the pool */

	/*
	 * Set by a handler that returns without an answer: it is called again, in the pool, once this says true. It is asked
	 * again and again, for many requests by one thread, and must be quick. Where too many wait, `hurried` is set and the
	 * handler called again at once: it must answer then.
	 */
	bool (*ready)(struct request *rq);
	void *kept; /* the handler's, from call to call */
	bool hurried;

	/* the answer */
	unsigned status; /* 0 = none yet */
	struct buf out;
	struct reply_source source; /* read not NULL: goes on where `out` ends */
	struct str allow, location, etag;
	struct str
	    page_policy; /* the answer is a page of HTML, with this Content-Security-Policy; "" = it is JSON */
	unsigned retry_after_s; /* 0 = none */
	bool no_retry, close;
	struct request_rate rate;
};

/* ---- making the answer ---- */

/* {"success":true,…,"result": — the caller writes the result into rq->out, then calls reply_end. */
void reply_begin(struct request *rq, unsigned status);
void reply_end(struct request *rq);
/* The whole answer: one object of a table. */
void reply_object(struct request *rq, unsigned status, const struct fieldtab *t, const void *obj);
/* [objects of a table]. */
void reply_write_array(struct request *rq, const struct fieldtab *t, const void *const *v, size_t n);
/* ,"result_info": an object of a table. */
void reply_info(struct request *rq, const struct fieldtab *t, const void *info);
/* reply_end with result_info as page lists have it. */
void reply_end_page(struct request *rq, size_t count, size_t page, size_t per_page, size_t total);
/* The whole answer: a page of an array of structs. */
void reply_page(struct request *rq, const struct fieldtab *t, const void *v, size_t n, int64_t page,
		int64_t per_page, size_t total);
/* {"id":…} in the chosen form. */
void reply_write_id(struct request *rq, const struct ident *id);

/* ---- reading the request ---- */

/* The first value of a query parameter, or "". */
struct str query_get(const struct request *rq, const char *name);
/* Each sets *out only when the parameter is there and adds a fault at query/<name> when it is wrong. */
void query_int(struct request *rq, const char *name, int64_t min, int64_t max, int64_t *out,
	       struct faults *f);
void query_bool(struct request *rq, const char *name, bool *out, struct faults *f);
void query_enum(struct request *rq, const char *name, const struct enumtab *names, int *out,
		struct faults *f);
void query_time(struct request *rq, const char *name, int64_t *out, struct faults *f);
void query_fault(struct request *rq, struct faults *f, const char *name, const char *what);

/* The body as JSON; false: the problem is answered. */
bool request_json(struct request *rq, struct json **out);
/* What checks depend on, with this request's arena and time. */
struct resource_env request_env(const struct request *rq);
struct settings_who request_who(const struct request *rq);

#endif

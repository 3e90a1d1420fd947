/*
 * The settings collections over HTTP: the same handlers for all, driven by the route's
 * resource row.
 */
#ifndef API_SETTINGS_H
#define API_SETTINGS_H

#include "api/request.h"

extern const char *const settings_batch_names[]; /* the arrays of a batch: deletes, patches, puts, posts */
#define SETTINGS_AT_ONCE 1000                    /* objects in one array of a body */

/* ---- handlers ---- */
void settings_list_reply(struct request *rq);
void settings_create_reply(struct request *rq);
void settings_get_reply(struct request *rq);
void settings_patch_reply(struct request *rq);
void settings_put_reply(struct request *rq);
void settings_delete_reply(struct request *rq);
void settings_batch_reply(struct request *rq);
/*
 * The same, with what a collection has to add: may put other objects in the place of those that are shown. NULL: nothing.
 */
typedef enum err settings_shown_fn(struct request *rq, const void **shown, size_t n);
void settings_list_with(struct request *rq, settings_shown_fn *add);
void settings_get_with(struct request *rq, settings_shown_fn *add);
/* Deletes, and leaves the answer to the caller; false: answered. */
bool settings_delete(struct request *rq, struct ident *out);
void settings_bulk_delete_reply(struct request *rq);
/* POST …/{id}/rotate of a collection with secrets: the object with its new one. */
void settings_rotate_reply(struct request *rq);
/* Of settings of which there is one (settings_single.c). */
void settings_single_get_reply(struct request *rq);
void settings_single_patch_reply(struct request *rq);
void settings_single_put_reply(struct request *rq);
void domain_verification_reply(struct request *rq);

/* The id of the path; false: answered, for a text that is no id names nothing. */
bool settings_path_id(struct request *rq, struct ident *out);

/* ---- changes; shared by single calls and batches ---- */

/* One object that is changed, as it will be. */
struct change_row {
	struct ident id;
	struct settings_object now; /* obj NULL: deleted */
};

struct change {
	struct request *rq;
	const struct resource *r;
	struct resource_env env;
	struct settings_write *w;
	struct faults faults; /* of the input, all of it */
	struct faults absent; /* ids that do not exist */
	const char *frozen;   /* why an object may not be changed; NULL: all may */
	struct {
		struct change_row **v;
		size_t n;
	} rows;
};

/* Reads, checks and puts together what is to be done. Called again when an object was changed by others meanwhile. */
typedef enum err change_plan_fn(struct change *c, void *ctx);

/*
 * Plans, then does all of it in one transaction, or nothing when faults or absent ids were found; false: the problem is
 * answered. at(tag) tells the pointer of an object that turned out to exist; NULL: none.
 */
bool change_run(struct request *rq, change_plan_fn *plan, void *ctx,
		struct str (*at)(struct arena *a, size_t tag));

/*
 * Each takes an object from the body; its place is c->faults.at. Plans only what has no fault; *out is the object, or
 * NULL. An id that does not exist, or an object that may not be changed, is noted. err other than OK: the store.
 */
MUST_CHECK enum err change_create(struct change *c, const struct json *node, size_t tag, void **out);
MUST_CHECK enum err change_patch(struct change *c, const struct ident *id, const struct json *node,
				 size_t tag, struct change_row **out);
MUST_CHECK enum err change_put(struct change *c, const struct ident *id, const struct json *node, size_t tag,
			       struct change_row **out);
MUST_CHECK enum err change_rotate(struct change *c, const struct ident *id, struct change_row **out);
MUST_CHECK enum err change_delete(struct change *c, const struct ident *id, struct change_row **out);

/* The row of an object that was read, with what was planned so far; and its deletion, once. */
struct change_row *change_row(struct change *c, const struct settings_object *read);
/* The one object, whose row is made with its first change. mode: JSON_PATCH or JSON_REPLACE. */
MUST_CHECK enum err change_single(struct change *c, const struct json *node, enum json_mode mode, void **out);
void change_drop(struct change *c, struct change_row *row);

#endif

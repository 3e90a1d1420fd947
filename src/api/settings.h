/*
 * The settings collections over HTTP: the same handlers for all, driven by the route's
 * resource row.
 */
#ifndef API_SETTINGS_H
#define API_SETTINGS_H

#include "api/request.h"

/* ---- handlers ---- */
void settings_list_reply(struct request *rq);
void settings_create_reply(struct request *rq);
void settings_get_reply(struct request *rq);
void settings_patch_reply(struct request *rq);
void settings_put_reply(struct request *rq);
void settings_delete_reply(struct request *rq);
void settings_batch_reply(struct request *rq);
void settings_bulk_delete_reply(struct request *rq);

/* ---- one change inside a transaction; shared by single calls and batches ---- */

struct change {
	struct request *rq;
	const struct resource *r;
	struct resource_env env;
	struct settings_write *w;
	struct faults faults; /* of the input, all of it */
	struct faults absent; /* ids that do not exist */
};

/* Begins the transaction; false: the problem is answered. */
bool change_begin(struct request *rq, struct change *c);
/*
 * Commits, or undoes everything when faults or absent ids were found or err says so; false: the problem is
 * answered. at(tag) tells the pointer of an object that turned out to exist; NULL: none.
 */
bool change_end(struct change *c, enum err err, struct str (*at)(const struct change *c, size_t tag));

/*
 * Each takes an object from the body; its place is c->faults.at. Writes only what has no fault; *out is the object
 * (zeroed memory of the arena), or NULL when it was not written. err other than OK: the store.
 */
MUST_CHECK enum err change_create(struct change *c, const struct json *node, size_t tag, void **out);
MUST_CHECK enum err change_patch(struct change *c, const struct ident *id, const struct json *node,
				 size_t tag, void **out);
MUST_CHECK enum err change_put(struct change *c, const struct ident *id, const struct json *node, size_t tag,
			       void **out);
/* Completes the id. Notes an absent one. */
MUST_CHECK enum err change_delete(struct change *c, struct ident *id, bool *done_out);

#endif

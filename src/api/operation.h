/*
 * What each handler takes and gives, as one row: for the document of the API (openapi.h). Where a route is stands in
 * routes.c, what is special about a collection in its resource row.
 */
#ifndef API_OPERATION_H
#define API_OPERATION_H

#include "api/queries.h"

struct route;

enum body_shape {
	BODY_NONE,
	BODY_CREATE,    /* an object of the table, as it is made */
	BODY_CHANGE,    /* the fields to change */
	BODY_REPLACE,   /* all that can be set anew */
	BODY_BATCH,     /* deletes, patches, puts, posts */
	BODY_SELECTION, /* ids; may be left out */
	BODY_MESSAGE,   /* the id of one message */
	BODY_MESSAGES,  /* ids of messages */
	BODY_BULK,      /* a bulk job as it is asked for */
	BODY_MOVE,      /* where to move a message */
	BODY_MOVES,     /* and which */
};

enum result_shape {
	RESULT_OBJECT,
	RESULT_MADE,        /* an object with the secrets that are shown once */
	RESULT_LIST,        /* an array, all of it */
	RESULT_PAGE,        /* an array with page_info */
	RESULT_CURSOR,      /* an array with cursor_info */
	RESULT_PAGE_CURSOR, /* an array with page_cursor_info */
	RESULT_ID,          /* {id} */
	RESULT_IDS,         /* [{id}] */
	RESULT_BATCH,       /* as the batch, with the objects as they are after it */
	RESULT_NOTHING,     /* {} */
	RESULT_DOCUMENT,    /* any JSON, without the envelope */
};

struct operation {
	void (*handler)(struct request *rq);
	/* Whole, or the verb of a collection's: "list" gives list_allow_policies and "List allow policies", "get"
	 * gives "Get an allow policy". */
	const char *id, *summary;
	bool many; /* it is about the collection, not one object */
	const struct query_table *query;
	enum body_shape body;
	enum result_shape result;
	const struct fieldtab *fields; /* of body and result; NULL: the resource's */
	unsigned status;               /* of success */
	const char *nothing;           /* when there is nothing to say, and the answer 204; NULL: never */
};

/* NULL: nobody wrote one, and the document leaves the route out. */
const struct operation *operation_of(const struct route *r);

#endif

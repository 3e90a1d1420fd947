/*
 * Properties of messages and attachments (MS-OXPROPS) as Outlook's files and TNEF carry them: what is wanted of them is
 * gathered in an object, then given as texts or as a member.
 */
#ifndef FILE_MAPI_H
#define FILE_MAPI_H

#include "file/internal.h"

enum mapi_property {
	MAPI_PLAIN, /* texts and names: UTF-8 */
	MAPI_HTML,
	MAPI_RTF, /* compressed */
	MAPI_NAME,
	MAPI_SHORT_NAME,
	MAPI_DATA,
	MAPI_COUNT
};

struct mapi_object {
	struct str v[MAPI_COUNT];
};

bool mapi_is_wanted(unsigned number);
/* type: 0x1f is UTF-16, all else are bytes. */
void mapi_put(struct look *l, struct mapi_object *o, unsigned number, unsigned type, struct str value);

void mapi_give_texts(struct look *l, const struct mapi_object *o);
void mapi_give_attachment(struct look *l, const struct mapi_object *o);

#endif

/*
 * The names inside a zip archive, by its local file headers (APPNOTE 4.3.7), without unpacking anything. A
 * damaged or unusual archive gives the names up to where it stops making sense.
 */
#ifndef FILE_ZIP_H
#define FILE_ZIP_H

#include "base/str.h"

#define ZIP_MEMBERS_MAX 10000 /* names looked at: a program behind a thousand pictures counts */

struct zip_member {
	struct str name;
	bool encrypted; /* APPNOTE 4.4.4, bit 0 */
};

/* The next member at *at, which moves behind it; start with 0. At most ZIP_MEMBERS_MAX are worth asking for. */
bool zip_next(struct str bytes, size_t *at, struct zip_member *out);

/* Whether a member needs a password. */
bool zip_is_encrypted(struct str bytes);

#endif

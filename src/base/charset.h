/*
 * Text in any charset into UTF-8, through ICU's converters; no file is opened, so it works in a sealed
 * worker.
 *
 * Names are what mail programs write, aliases, misspellings and rubbish around them included. US-ASCII and ISO-8859-1
 * are read as windows-1252, as every browser and mail program does. An unknown name means: UTF-8 where the bytes are
 * valid UTF-8, else windows-1252; so do names that say nothing, such as unknown-8bit (RFC 1428). What is called UTF-8
 * and has not one character of it is windows-1252, too; what is called UTF-16 and is ASCII is ASCII.
 */
#ifndef BASE_CHARSET_H
#define BASE_CHARSET_H

#include "base/str.h"

struct arena;

enum charset_outcome {
	CHARSET_FINE,
	CHARSET_BAD_BYTES, /* bytes the charset does not have became U+FFFD, or another charset was taken */
	CHARSET_UNKNOWN,   /* the name is not known */
};

/* Always valid UTF-8; the bytes themselves where they were that already. outcome_out may be NULL. */
struct str charset_to_utf8(struct arena *a, struct str name, struct str bytes,
			   enum charset_outcome *outcome_out);

/* The code point of one byte of windows-1252. */
uint32_t charset_windows_1252(unsigned char c);

#endif

/*
 * What a file's name promises: the kind of its ending, read as a person's computer reads it, and the tricks that hide
 * an ending. Names are UTF-8; folders before the last "/" or "\" do not count.
 */
#ifndef FILE_NAME_H
#define FILE_NAME_H

#include "base/str.h"

/* What a double click does with a name that ends so. */
enum name_kind {
	NAME_OTHER,
	NAME_PROGRAM, /* runs code at once; hardly ever sent on purpose */
	NAME_SCRIPT,  /* runs code, and developers do send it */
	NAME_DISK,    /* a disk image: its contents escape the mark of the web */
	NAME_ARCHIVE,
	NAME_PAGE,   /* a web page */
	NAME_MACRO,  /* an office document that may carry macros */
	NAME_OFFICE, /* an office document; by habit also HTML, RTF or a table of text under that name */
	NAME_PDF,
	NAME_PICTURE, /* or sound, or film */
	NAME_TEXT,
	NAME_MAIL, /* a message in a file */
};

/* The name without folders. */
struct str name_leaf(struct str name);

enum name_kind name_kind(struct str name);
/* The kind of what a person reads as a document: office, PDF, picture, text. */
bool name_kind_is_document(enum name_kind kind);

/* "invoice.pdf.exe", "photo.jpg        .scr": a harmless ending shown before the one that counts. */
bool name_is_double(struct str name);

/*
 * U+202E turns the rest of a name round, letter by letter: "fdp.exe" behind it reads as "exe.pdf". The other marks of
 * direction leave Latin letters in their order, and honest Arabic and Hebrew names hold them.
 */
bool name_is_turned(struct str name);

#endif

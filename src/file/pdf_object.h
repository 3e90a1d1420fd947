/*
 * The objects of a PDF wherever they stand (ISO 32000-1 §7.3.10). The cross-reference is not used: attackers break it and
 * programs repair it. An object reaches up to the next one, whatever it says of its end.
 */
#ifndef FILE_PDF_OBJECT_H
#define FILE_PDF_OBJECT_H

#include "file/internal.h"

struct pdf_object {
	uint64_t number, generation;
	struct str body;
	bool packed; /* came out of an object stream, which is read as a whole: has no stream of its own */
};

struct pdf_objects {
	struct pdf_object *v;
	size_t n;
};

/* All of a file in order, the bytes before the first as one without a number. */
void pdf_objects_find(struct look *l, struct pdf_objects *out);
void pdf_objects_add(struct look *l, struct pdf_objects *list, struct pdf_object o);

/* Sorts them by number, the later of equal ones behind. */
void pdf_objects_sort(struct pdf_objects *list);
/* In a sorted list: the last of this number, or NULL. */
const struct pdf_object *pdf_objects_get(const struct pdf_objects *list, uint64_t number);

#endif

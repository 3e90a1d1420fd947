/*
 * Texts into structs by their field table (base/field.h): what stands in header-like fields or in XML is looked up by name
 * and kept as its row says. Names that no row has are passed over. A table's OBJS lists grow up to LIMIT_REPORT_ROWS.
 */
#ifndef REPORT_BY_TABLE_H
#define REPORT_BY_TABLE_H

#include "base/arena.h"
#include "base/field.h"

/* The row for a name as reports write it: any case, "-" for "_"; of an ALIAS the row it stands for. NULL: none. */
const struct field *by_table_find(const struct fieldtab *t, struct str name);

/*
 * Keeps one value: STR and TIME the first that comes, STRS all, INT a number. TIME is read as a mail's date. What cannot
 * be read is left out. text is kept as it is.
 */
void by_table_set(struct arena *a, const struct fieldtab *t, const struct field *f, void *obj,
		  struct str text);

/* The struct a nested value goes to: of OBJ the one there is or a new one, of OBJS one more. NULL: too many. */
void *by_table_open(struct arena *a, const struct fieldtab *t, const struct field *f, void *obj);

/*
 * Fields "Name: value", folded like a mail's (RFC 5322 §2.2.3), from *at up to an empty line or the end; *at moves behind
 * it. Gives how many rows were set.
 */
size_t by_table_fields(struct arena *a, const struct fieldtab *t, struct str text, size_t *at, void *obj);

/*
 * An XML document whose root element, or the first one in it, is `root`: elements are rows, nested ones OBJ and OBJS.
 * Namespaces are passed over. ERR_ABSENT: it has another root. ERR_SYNTAX: it is broken or declares entities; what stood before that is kept.
 */
MUST_CHECK enum err by_table_xml(struct arena *a, const struct fieldtab *t, struct str root, struct str text,
				 void *obj);

#endif

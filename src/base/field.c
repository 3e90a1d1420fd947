/* Looking up a row of a field table. */
#include "base/field.h"

const struct field *field_find(const struct fieldtab *t, struct str name)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].name_n == name.n && memcmp(t->v[i].name, name.p, name.n) == 0)
			return &t->v[i];
	return NULL;
}

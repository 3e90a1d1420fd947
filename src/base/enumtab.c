/* Looking up texts and values of enumerations. Tables are short, so a plain walk is enough. */
#include "base/enumtab.h"

struct str enum_text(const struct enumtab *t, int value)
{
	return value >= 0 && value < t->n ? t->texts[value] : STR("?");
}

int enum_value(const struct enumtab *t, struct str text)
{
	for (int i = 0; i < t->n; i++)
		if (str_eq(t->texts[i], text))
			return i;
	return -1;
}

int enum_value_nocase(const struct enumtab *t, struct str text)
{
	for (int i = 0; i < t->n; i++)
		if (str_eq_nocase(t->texts[i], text))
			return i;
	return -1;
}

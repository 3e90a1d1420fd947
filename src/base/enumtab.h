/*
 * Enumerations with a text each, from one list:
 *
 *	#define COLOURS(X) X(RED, "red") X(BLUE, "blue")
 *	ENUM_DECLARE(colour, COLOURS);        in the header: enum colour { RED, BLUE }; colour_names
 *	ENUM_DEFINE(colour, COLOURS);         in one .c file
 *
 * The text is what the API shows and the store keeps; numbers may be reordered freely.
 */
#ifndef BASE_ENUMTAB_H
#define BASE_ENUMTAB_H

#include "base/str.h"

struct enumtab {
	const char *name;
	const struct str *texts; /* indexed by value */
	int n;
};

/* The text of a value, or "?" for a value outside the table. */
struct str enum_text(const struct enumtab *t, int value);
/* The value of a text; -1 when unknown. ASCII case matters only where says so. */
int enum_value(const struct enumtab *t, struct str text);
int enum_value_nocase(const struct enumtab *t, struct str text);

#define ENUM_MEMBER_(id, text) id,
#define ENUM_TEXT_(id, text) [id] = STR_INIT(text),
#define ENUM_DECLARE(type, LIST)          \
	enum type { LIST(ENUM_MEMBER_) }; \
	extern const struct enumtab type##_names
#define ENUM_DEFINE(type, LIST)                                        \
	static const struct str type##_texts[] = { LIST(ENUM_TEXT_) }; \
	const struct enumtab type##_names = { #type, type##_texts, (int)ARRAY_LEN(type##_texts) }

#endif

/*
 * Field tables: one list makes a struct and the description by which JSON, SQL, checks and documentation
 * handle it.
 *
 *	#define LINK(X, T)                                                                    \
 *		X(T, STR, href, F_REQUIRED,          1, 8192, none, "where the link leads")   \
 *		X(T, STR, text, F_REQUIRED | F_NULL, 0, 1024, none, "what the reader sees")
 *	FIELDS_DECLARE(link, LINK);          in the header
 *	FIELDS_DEFINE(link, LINK);           in one .c file
 *
 * gives struct link { uint64_t has; struct str href; struct str text; }, struct link_list { v, n },
 * link_fields, and one bit per field in `has`: set = not null. A field without F_NULL is written as its
 * zero value when its bit is clear (empty string, 0, false, empty array).
 *
 * kind    member                 min, max               ref
 * INT     int64_t                value                  none
 * BOOL    bool                   0, 0                   none
 * DOUBLE  double                 value in hundredths (0, 0 = any) none
 * STR     struct str             characters (code points) none
 * TIME    int64_t, microseconds  0, 0                   none; F_ZONELESS: text without zone and fraction
 * ENUM    int                    0, how many of the values, from the first on, a request may set (0 = all)
 *                                                       enumeration, X_names
 * STRS    struct strs            elements               none
 * ENUMS   struct ints            elements, no repeats   enumeration
 * ID      struct ident           0, 0                   none; on the wire one of its two forms
 * OBJ     struct ref *           0, 0                   another table
 * OBJS    struct ref_list        elements               another table
 * ALIAS   none                   0, 0                   the field in this table it repeats
 *
 * A struct filled from a table points into the arena it was read into.
 */
#ifndef BASE_FIELD_H
#define BASE_FIELD_H

#include <stdint.h>

#include "base/enumtab.h"
#include "base/str.h"

enum field_kind {
	FIELD_INT,
	FIELD_BOOL,
	FIELD_DOUBLE,
	FIELD_STR,
	FIELD_TIME,
	FIELD_ENUM,
	FIELD_STRS,
	FIELD_ENUMS,
	FIELD_ID,
	FIELD_OBJ,
	FIELD_OBJS,
	FIELD_ALIAS,
};

enum {
	F_OPTIONAL = 0,
	F_REQUIRED = 1 << 0,  /* must be given on create and replace */
	F_READONLY = 1 << 1,  /* set by the server; ignored in requests */
	F_NULL = 1 << 2,      /* may be null */
	F_INTERNAL = 1 << 3,  /* kept in the store and between processes, never in an API reply or request */
	F_ZONELESS = 1 << 4,  /* a TIME written as 2019-11-20T23:22:01 */
	F_FIXED = 1 << 5,     /* set on create; a change is refused */
	F_SEARCH = 1 << 6,    /* looked at by `search` in a list */
	F_KEEP_NULL = 1 << 7, /* a null in PATCH leaves it unchanged (Terraform sends nulls) */
	F_ONCE = 1 << 8,      /* a secret: in the answer that made it and nowhere else, never kept */
	F_UUID = 1 << 9,      /* a STR that requests give as a uuid, in any case */
	F_FACT = 1 << 10,     /* found out by the server: kept beside the row, which it never changes */
	F_WRITEONLY =
	    1 << 11, /* a secret STR: read from requests, kept encrypted, never in an answer; one that is not
				  given stays as it is */
};

/* The two permanent names of a settings object. */
struct ident {
	char uuid[37];
	int64_t num;
};

struct ints {
	int *v;
	size_t n;
};

struct field {
	const char *name;
	const char *key; /* ,"name": */
	size_t name_n;
	enum field_kind kind;
	unsigned flags;
	int64_t min, max;
	const void *ref; /* struct enumtab, struct fieldtab, or the aliased name */
	size_t offset;   /* of the member; ALIAS: the index of the row it repeats */
	const char *meaning;
};

struct fieldtab {
	const char *name;
	size_t size; /* of the struct */
	const struct field *v;
	size_t n; /* at most 64: one bit of `has` each */
};

/* The row of that name, or NULL. */
const struct field *field_find(const struct fieldtab *t, struct str name);

/* The row that has the value: of an alias the one it repeats. */
static inline const struct field *field_source(const struct fieldtab *t, const struct field *row)
{
	return row->kind == FIELD_ALIAS ? &t->v[row->offset] : row;
}

static inline bool field_has(const void *obj, size_t index)
{
	return *(const uint64_t *)obj >> index & 1;
}

/* HAS(m, message, subject); SET(m, message, subject, s); CLEAR(m, message, subject) */
#define FIELD_BIT(type, name) (UINT64_C(1) << type##_F_##name)
#define HAS(obj, type, name) (((obj)->has & FIELD_BIT(type, name)) != 0)
#define SET(obj, type, name, value) \
	((void)((obj)->name = (value)), (void)((obj)->has |= FIELD_BIT(type, name)))
#define CLEAR(obj, type, name) ((void)((obj)->has &= ~FIELD_BIT(type, name)))

#define FIELDS_DECLARE(type, LIST)                        \
	struct type {                                     \
		uint64_t has;                             \
		LIST(FIELD_MEMBER_, type)                 \
	};                                                \
	struct type##_list {                              \
		struct type *v;                           \
		size_t n;                                 \
	};                                                \
	enum { LIST(FIELD_INDEX_, type) type##_F_COUNT }; \
	extern const struct fieldtab type##_fields

#define FIELDS_DEFINE(type, LIST)                                             \
	_Static_assert(type##_F_COUNT <= 64, "one bit of `has` per field");   \
	static const struct field type##_rows[] = { LIST(FIELD_ROW_, type) }; \
	const struct fieldtab type##_fields = { #type, sizeof(struct type), type##_rows, type##_F_COUNT }

#define FIELD_MEMBER_(T, kind, name, flags, min, max, ref, meaning) FIELD_MEMBER_##kind(name, ref)
#define FIELD_INDEX_(T, kind, name, flags, min, max, ref, meaning) T##_F_##name,
/* clang-format off */
#define FIELD_ROW_(T, kind, name, flags, min, max, ref, meaning)                                     \
	{ #name, ",\"" #name "\":", sizeof(#name) - 1, FIELD_##kind, (flags), (min), (max), FIELD_REF_##kind(ref),      \
	  FIELD_OFFSET_##kind(T, name, ref), meaning },
/* clang-format on */

#define FIELD_MEMBER_INT(name, ref) int64_t name;
#define FIELD_MEMBER_BOOL(name, ref) bool name;
#define FIELD_MEMBER_DOUBLE(name, ref) double name;
#define FIELD_MEMBER_STR(name, ref) struct str name;
#define FIELD_MEMBER_TIME(name, ref) int64_t name;
#define FIELD_MEMBER_ENUM(name, ref) int name;
#define FIELD_MEMBER_STRS(name, ref) struct strs name;
#define FIELD_MEMBER_ENUMS(name, ref) struct ints name;
#define FIELD_MEMBER_ID(name, ref) struct ident name;
#define FIELD_MEMBER_OBJ(name, ref) struct ref *name;
#define FIELD_MEMBER_OBJS(name, ref) struct ref##_list name;
#define FIELD_MEMBER_ALIAS(name, ref)

#define FIELD_REF_INT(ref) NULL
#define FIELD_REF_BOOL(ref) NULL
#define FIELD_REF_DOUBLE(ref) NULL
#define FIELD_REF_STR(ref) NULL
#define FIELD_REF_TIME(ref) NULL
#define FIELD_REF_ENUM(ref) &ref##_names
#define FIELD_REF_STRS(ref) NULL
#define FIELD_REF_ENUMS(ref) &ref##_names
#define FIELD_REF_ID(ref) NULL
#define FIELD_REF_OBJ(ref) &ref##_fields
#define FIELD_REF_OBJS(ref) &ref##_fields
#define FIELD_REF_ALIAS(ref) #ref

#define FIELD_OFFSET_INT(T, name, ref) offsetof(struct T, name)
#define FIELD_OFFSET_BOOL(T, name, ref) offsetof(struct T, name)
#define FIELD_OFFSET_DOUBLE(T, name, ref) offsetof(struct T, name)
#define FIELD_OFFSET_STR(T, name, ref) offsetof(struct T, name)
#define FIELD_OFFSET_TIME(T, name, ref) offsetof(struct T, name)
#define FIELD_OFFSET_ENUM(T, name, ref) offsetof(struct T, name)
#define FIELD_OFFSET_STRS(T, name, ref) offsetof(struct T, name)
#define FIELD_OFFSET_ENUMS(T, name, ref) offsetof(struct T, name)
#define FIELD_OFFSET_ID(T, name, ref) offsetof(struct T, name)
#define FIELD_OFFSET_OBJ(T, name, ref) offsetof(struct T, name)
#define FIELD_OFFSET_OBJS(T, name, ref) offsetof(struct T, name)
#define FIELD_OFFSET_ALIAS(T, name, ref) T##_F_##ref

#endif

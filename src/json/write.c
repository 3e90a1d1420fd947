/*
 * Writing JSON. A string is copied in clean runs; eight bytes at a time are looked at for what needs
 * escaping.
 */
#include "json/write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "json/internal.h"

static void put_special(struct buf *b, struct str s, size_t *at)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	unsigned char c = (unsigned char)s.p[*at];

	if (c >= 0x80) {
		utf8_add(b, utf8_next(s, at));
		return;
	}
	*at += 1;
	for (size_t i = 0; i < sizeof(letters) - 1; i += 2) {
		if (c == (unsigned char)letters[i]) {
			buf_add(b, (struct str){ (const char[]){ '\\', letters[i + 1] }, 2 });
			return;
		}
	}
	buf_add(b, (struct str){ (const char[]){ '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] }, 6 });
}

void json_str(struct buf *b, struct str s)
{
	size_t at = json_plain_end(s, 0);

	if (at == s.n) {
		char *to = buf_reserve(b, s.n + 2);
		if (!to)
			return;
		to[0] = '"';
		if (s.n)
			memcpy(to + 1, s.p, s.n);
		to[s.n + 1] = '"';
		buf_grew(b, s.n + 2);
		return;
	}
	buf_add_char(b, '"');
	json_str_inside(b, s);
	buf_add_char(b, '"');
}

void json_str_inside(struct buf *b, struct str s)
{
	for (size_t at = 0, end; at < s.n; at = end) {
		end = json_plain_end(s, at);
		if (end > at)
			buf_add(b, str_sub(s, at, end));
		else
			put_special(b, s, &end);
	}
}

void json_int(struct buf *b, int64_t v)
{
	char text[24], *p = text + sizeof(text);
	uint64_t left = v < 0 ? -(uint64_t)v : (uint64_t)v;

	do {
		*--p = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (v < 0)
		*--p = '-';
	buf_add(b, (struct str){ p, (size_t)(text + sizeof(text) - p) });
}

void json_double(struct buf *b, double v)
{
	char text[40];

	if (!isfinite(v)) {
		buf_add(b, STR("null"));
		return;
	}
	/*
	 * Scores have few decimals; the division is rounded correctly, so equality means it reads back the
	 * same.
	 */
	if (fabs(v) < 1e9) {
		int64_t n = llrint(v * 1e4), whole = n / 10000, part = llabs(n % 10000);
		if ((double)n / 1e4 == v) {
			if (n < 0 && whole == 0)
				buf_add_char(b, '-');
			json_int(b, whole);
			if (part) {
				int width = 4;
				for (; part % 10 == 0; part /= 10)
					width--;
				buf_printf(b, ".%0*d", width, (int)part);
			}
			return;
		}
	}
	snprintf(text, sizeof(text), "%.15g", v);
	if (strtod(text, NULL) != v)
		snprintf(text, sizeof(text), "%.17g", v);
	buf_add_c(b, text);
}

void json_bool(struct buf *b, bool v)
{
	buf_add(b, v ? STR("true") : STR("false"));
}

void json_time(struct buf *b, int64_t us)
{
	char text[CLOCK_TEXT_MAX];

	json_str(b, clock_rfc3339(us, text));
}

static void put_zoneless(struct buf *b, int64_t us)
{
	char text[CLOCK_TEXT_MAX];

	json_str(b, clock_zoneless(us, text));
}

void json_ident(struct buf *b, const struct ident *id, const struct json_write *how)
{
	if (how->audience == JSON_FOR_OURSELVES) {
		buf_add_char(b, '[');
		json_str(b, str_of(id->uuid));
		buf_add_char(b, ',');
		json_int(b, id->num);
		buf_add_char(b, ']');
	} else if (how->integer_ids) {
		json_int(b, id->num);
	} else {
		json_str(b, str_of(id->uuid));
	}
}

static void put_strs(struct buf *b, const struct strs *list)
{
	buf_add_char(b, '[');
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			buf_add_char(b, ',');
		json_str(b, list->v[i]);
	}
	buf_add_char(b, ']');
}

static void put_enums(struct buf *b, const struct ints *list, const struct enumtab *names)
{
	buf_add_char(b, '[');
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			buf_add_char(b, ',');
		json_str(b, enum_text(names, list->v[i]));
	}
	buf_add_char(b, ']');
}

/* Any list made by FIELDS_DECLARE starts with these two members. */
struct any_list {
	const char *v;
	size_t n;
};

static void put_objs(struct buf *b, const void *member, const struct fieldtab *t,
		     const struct json_write *how)
{
	const struct any_list *list = member;

	buf_add_char(b, '[');
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			buf_add_char(b, ',');
		json_object_write(b, t, list->v + i * t->size, how);
	}
	buf_add_char(b, ']');
}

/* A member, or a whole struct of a table, without content. */
static const union {
	uint64_t words[128];
	max_align_t align;
} nothing;

static void put_obj(struct buf *b, const void *obj, const struct fieldtab *t, const struct json_write *how)
{
	ASSERT(obj || t->size <= sizeof(nothing));
	json_object_write(b, t, obj ? obj : (const void *)&nothing, how);
}

/* One switch over the kinds; zoneless comes from the row asked for, which may be an older name. */
static void put_value(struct buf *b, const struct field *f, const void *member, bool zoneless,
		      const struct json_write *how)
{
	switch (f->kind) {
	case FIELD_INT:
		json_int(b, *(const int64_t *)member);
		break;
	case FIELD_BOOL:
		json_bool(b, *(const bool *)member);
		break;
	case FIELD_DOUBLE:
		json_double(b, *(const double *)member);
		break;
	case FIELD_STR:
		json_str(b, *(const struct str *)member);
		break;
	case FIELD_TIME:
		if (zoneless)
			put_zoneless(b, *(const int64_t *)member);
		else
			json_time(b, *(const int64_t *)member);
		break;
	case FIELD_ENUM:
		json_str(b, enum_text(f->ref, *(const int *)member));
		break;
	case FIELD_STRS:
		put_strs(b, member);
		break;
	case FIELD_ENUMS:
		put_enums(b, member, f->ref);
		break;
	case FIELD_ID:
		json_ident(b, member, how);
		break;
	case FIELD_OBJ:
		put_obj(b, *(void *const *)member, f->ref, how);
		break;
	case FIELD_OBJS:
		put_objs(b, member, f->ref, how);
		break;
	case FIELD_ALIAS:
		ASSERT(false); /* an alias names a field that is one itself */
	}
}

void json_field_write(struct buf *b, const struct fieldtab *t, size_t index, const void *obj,
		      const struct json_write *how)
{
	const struct field *row = &t->v[index], *f = field_source(t, row);

	if (field_has(obj, (size_t)(f - t->v)))
		put_value(b, f, (const char *)obj + f->offset, row->flags & F_ZONELESS, how);
	else if ((f->flags | row->flags) & F_NULL)
		buf_add(b, STR("null"));
	else
		put_value(b, f, &nothing, row->flags & F_ZONELESS, how);
}

/* Of ourselves: a reader finds the same when the field is not there. */
static bool is_left_out(const struct field *f, bool has, enum json_audience audience)
{
	if (audience == JSON_FOR_API)
		return f->flags & (F_INTERNAL | F_WRITEONLY) || (f->flags & F_ONCE && !has);
	return f->kind == FIELD_ALIAS || f->flags & F_ONCE || (!has && !(f->flags & F_REQUIRED));
}

void json_absent_write(struct buf *b, const struct fieldtab *t, size_t index, const struct json_write *how)
{
	json_field_write(b, t, index, &nothing, how);
}

void json_object_write(struct buf *b, const struct fieldtab *t, const void *obj, const struct json_write *how)
{
	char before = '{';

	for (size_t i = 0; i < t->n; i++) {
		const struct field *f = &t->v[i];
		if (is_left_out(f, field_has(obj, i), how->audience))
			continue;
		if (!json_name_write(b, f, before))
			return;
		json_field_write(b, t, i, obj, how);
		before = ',';
	}
	if (before == '{')
		buf_add_char(b, before);
	buf_add_char(b, '}');
}

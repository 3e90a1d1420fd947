/* Files in OneNote notebooks (MS-ONESTORE §2.6.13): each behind the GUID of its structure and its length. */
#include "file/bytes.h"
#include "file/internal.h"

#define DATA_AT 36 /* behind the GUID, the length and what is reserved */

/* Lengths may lead over each other, so that bytes given count as work. */
static bool give_file(struct look *l, struct str data)
{
	enum file_trait why;
	size_t max = look_ceiling(l, l->bytes.n, 0, &why);
	struct file_member m = { .data = str_sub(data, 0, max), .size = data.n };

	m.name = arena_printf(l->a, "file-%zu", l->out->members.n + 1);
	look_took(l, m.data.n);
	look_ended(l, &m, data.n > max ? INFLATE_FULL : INFLATE_WHOLE, why);
	return look_add_member(l, m);
}

void look_into_onenote(struct look *l)
{
	static const struct str header =
	    STR_INIT("\xe7\x16\xe3\xbd\x65\x26\x11\x45\xa4\xc4\x8d\x4d\x0b\x7a\x9e\xac");

	for (size_t at = 0; (at = str_find(l->bytes, header, at)) != SIZE_MAX; at += header.n) {
		struct str data = bytes_at(l->bytes, at + DATA_AT, bytes_le64(l->bytes, at + header.n));
		enum magic_type type = magic_of(data);
		if (magic_kind(type) != NAME_PICTURE)
			look_found(l, TRAIT_OBJECT, enum_text(&magic_type_names, (int)type));
		if (!give_file(l, data))
			return;
	}
}

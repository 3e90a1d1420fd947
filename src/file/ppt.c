/*
 * Records of PowerPoint presentations (MS-PPT §2.3): embedded objects and macros, which are compound files of their own,
 * and the targets of hyperlinks.
 */
#include "base/limits.h"
#include "file/bytes.h"
#include "file/ole.h"
#include "file/ole_contents.h"

enum record { STRING = 0x0fba, OBJECT = 0x1011 };

#define CONTAINER 15   /* version of records that hold records */
#define LINK_MAX 16384 /* bytes of a target */

/* ExOleObjStg (§2.10.34): the compound file as it is, or deflated behind its size. */
static void give_object(struct look *l, struct str data, bool deflated)
{
	struct file_member m = { .name = STR("object"), .data = data };
	enum inflate_end end = INFLATE_WHOLE;
	enum file_trait why = TRAIT_CUT;

	if (deflated)
		m.data = inflate_all(l->a, str_sub(data, 4, data.n), INFLATE_ZLIB,
				     look_ceiling(l, data.n, 0, &why), &end);
	look_took(l, m.data.n > data.n ? m.data.n : data.n);
	look_ended(l, &m, end, why);
	look_add_member(l, m);
}

void ppt_read(struct look *l, struct str stream)
{
	for (size_t at = 0; stream.n - at >= 8;) {
		unsigned version = bytes_le16(stream, at) & 15, instance = bytes_le16(stream, at) >> 4;
		unsigned type = bytes_le16(stream, at + 2);
		struct str data = bytes_at(stream, at + 8, bytes_le32(stream, at + 4));
		at += 8;
		if (version == CONTAINER)
			continue; /* its records come next */
		at += data.n;
		if (type == OBJECT)
			give_object(l, data, instance == 1);
		if (type == STRING && data.n < LINK_MAX && l->out->links.n < LIMIT_LINKS) {
			struct str text = ole_text(l->a, data);
			if (str_find(text, STR("://"), 0) != SIZE_MAX)
				look_add_link(l, text);
		}
	}
}

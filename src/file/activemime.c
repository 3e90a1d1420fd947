/* "ActiveMime": the compound file of macros in web archives that Word saves, deflated behind a header. */
#include "file/internal.h"

#define HEADER_BYTES 50

void look_into_activemime(struct look *l)
{
	struct file_member m = { .name = STR("editdata.mso") };
	struct str packed = str_sub(l->bytes, HEADER_BYTES, l->bytes.n);
	enum inflate_end end;
	enum file_trait why;

	m.data = inflate_all(l->a, packed, INFLATE_ZLIB, look_ceiling(l, packed.n, 0, &why), &end);
	look_took(l, m.data.n);
	look_ended(l, &m, end, why);
	look_add_member(l, m);
}

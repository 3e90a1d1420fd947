/* The one handle of libmagic. It is global because workers inherit it from the zygote, as they do the database. */
#include "file/libmagic.h"

#include <magic.h>

#include "base/arena.h"

#define LOOKED_AT (64u << 10) /* bytes; rules that search further are for texts, which are known already */

/* Looking into compressed files starts programs; encodings and tokens are for texts. */
#define FLAGS                                                                                       \
	(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_ENCODING | \
	 MAGIC_NO_CHECK_TOKENS | MAGIC_NO_CHECK_APPTYPE | MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_ELF | \
	 MAGIC_NO_CHECK_TEXT | MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_JSON)

static magic_t handle;

bool libmagic_load(void)
{
	if (handle)
		return true;
	handle = magic_open(FLAGS);
	if (handle && magic_load(handle, NULL) != 0) {
		magic_close(handle);
		handle = NULL;
	}
	return handle != NULL;
}

struct str libmagic_type(struct arena *a, struct str bytes)
{
	struct str head = str_sub(bytes, 0, LOOKED_AT);
	struct str type = handle && head.n ? str_of(magic_buffer(handle, head.p, head.n)) : STR_NONE;

	/* Its answer stays in the handle until the next question. */
	return str_eq(type, STR("application/octet-stream")) ? STR_NONE : arena_str(a, type);
}

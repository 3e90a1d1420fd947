/* Taking members out of a zip on behalf of the readers of formats that are zips (OOXML, ODF). */
#ifndef FILE_ZIP_CONTENTS_H
#define FILE_ZIP_CONTENTS_H

#include "file/internal.h"
#include "file/zip.h"

/* The entry's data within what the budget and the ratio allow; *why_out: the trait, should it end as INFLATE_FULL. */
struct str zip_take_data(struct look *l, const struct zip_entry *e, enum inflate_end *end_out,
			 enum file_trait *why_out);

/* Makes the entry a member, with what is wrong with it as traits. */
void zip_give_member(struct look *l, const struct zip_entry *e);

#endif

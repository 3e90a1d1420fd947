/*
 * Archives and compressed files through libarchive, by memory alone: no file, no other program (filters are named one
 * by one: some of libarchive's run a program). Member names need LC_CTYPE C.UTF-8 in the process, or those that are
 * not ASCII are missing.
 */
#ifndef FILE_ARCHIVE_H
#define FILE_ARCHIVE_H

#include "file/inflate.h"
#include "file/zip.h"

/* A zip entry of a method other than stored and deflated, as zip_entry_data gives those. */
struct str archive_zip_entry_data(struct arena *a, const struct zip_entry *e, size_t max,
				  enum inflate_end *end_out);

/*
 * A locked entry's data with this password: by the old cipher of PKWARE or by AES. false: it is not the password, or the lock is
 * of another kind.
 */
bool archive_zip_entry_unlock(struct arena *a, const struct zip_entry *e, struct str password, size_t max,
			      struct str *out, enum inflate_end *end_out);

#endif

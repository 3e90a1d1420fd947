/* Archives of all kinds that libarchive writes, put together for tests. */
#ifndef TESTS_FILE_MAKE_ARCHIVE_H
#define TESTS_FILE_MAKE_ARCHIVE_H

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"

struct make_entry {
	const char *name;
	struct str data;
};

/* A filter of ARCHIVE_FILTER_NONE, a format of ARCHIVE_FORMAT_…; raw takes one entry. max: ceiling of the result. */
static inline struct str make_archive(struct arena *a, int format, int filter, const struct make_entry *v,
				      size_t n, size_t max)
{
	struct archive *w = archive_write_new();
	char *to = malloc(max);
	size_t used = 0;

	ASSERT(to && archive_write_set_format(w, format) >= ARCHIVE_WARN);
	ASSERT(archive_write_add_filter(w, filter) >= ARCHIVE_WARN);
	archive_write_set_bytes_in_last_block(w, 1);
	ASSERT(archive_write_open_memory(w, to, max, &used) >= ARCHIVE_WARN);
	for (size_t i = 0; i < n; i++) {
		struct archive_entry *e = archive_entry_new();
		archive_entry_set_pathname_utf8(e, v[i].name);
		archive_entry_set_size(e, (la_int64_t)v[i].data.n);
		archive_entry_set_filetype(e, AE_IFREG);
		archive_entry_set_perm(e, 0644);
		ASSERT(archive_write_header(w, e) >= ARCHIVE_WARN);
		ASSERT(archive_write_data(w, v[i].data.p, v[i].data.n) == (la_ssize_t)v[i].data.n);
		archive_entry_free(e);
	}
	ASSERT(archive_write_close(w) >= ARCHIVE_WARN);
	archive_write_free(w);
	struct str out = arena_str(a, str_from(to, used));
	free(to);
	return out;
}

#endif

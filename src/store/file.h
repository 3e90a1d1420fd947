/* Small files written so that they are whole or not there, and locks between processes. */
#ifndef STORE_FILE_H
#define STORE_FILE_H

#include <stdbool.h>

#include "base/str.h"

/* A new file, mode 0600, on the disk when it returns. ERR_LATER: errno says why, and nothing is left. */
MUST_CHECK enum err file_write(int dir_fd, const char *name, struct str bytes);
/* Writes under a passing name beside it, then gives it its name. keep: an existing file stays as it is. */
MUST_CHECK enum err file_put(int dir_fd, const char *name, struct str bytes, bool keep);
/* Exactly n bytes from where the descriptor is; false when there are fewer. */
bool file_read(int fd, char *to, size_t n);
/* "tmp-" and 16 hexadecimal digits: what a crash in file_put leaves behind. */
bool file_is_passing(const char *name);

/*
 * A lock on one byte of dir_fd/gate, of a descriptor of its own, so that threads of a process exclude each
 * other, too. wait false: -1 at once when it is taken. Gives the descriptor to close, or -1.
 */
int file_lock(int dir_fd, int byte, bool exclusive, bool wait);

#endif

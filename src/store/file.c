/* Whole files and locks. No /proc is needed, so confined roles can do all of it. */
#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/random.h"

#define PASSING "tmp-"

static bool write_all(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = str_sub(bytes, (size_t)n, bytes.n);
	}
	return true;
}

enum err file_write(int dir_fd, const char *name, struct str bytes)
{
	int fd = openat(dir_fd, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	if (fd < 0)
		return ERR_LATER;
	bool whole = write_all(fd, bytes) && fdatasync(fd) == 0;
	int why = errno;
	whole = close(fd) == 0 && whole;
	if (!whole) {
		unlinkat(dir_fd, name, 0);
		errno = why;
	}
	return whole ? OK : ERR_LATER;
}

enum err file_put(int dir_fd, const char *name, struct str bytes, bool keep)
{
	char passing[32];
	uint64_t n;

	random_bytes(&n, sizeof(n));
	snprintf(passing, sizeof(passing), PASSING "%016llx", (unsigned long long)n);
	enum err err = file_write(dir_fd, passing, bytes);
	if (err)
		return err;
	bool placed = keep ? linkat(dir_fd, passing, dir_fd, name, 0) == 0 || errno == EEXIST
			   : renameat(dir_fd, passing, dir_fd, name) == 0;
	int why = errno;
	if (keep || !placed)
		unlinkat(dir_fd, passing, 0);
	errno = why;
	return placed && fsync(dir_fd) == 0 ? OK : ERR_LATER;
}

bool file_read(int fd, char *to, size_t n)
{
	while (n > 0) {
		ssize_t got = read(fd, to, n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to += got;
		n -= (size_t)got;
	}
	return true;
}

bool file_is_passing(const char *name)
{
	return strncmp(name, PASSING, sizeof(PASSING) - 1) == 0;
}

int file_lock(int dir_fd, int byte, bool exclusive, bool wait)
{
	struct flock lock = {
		.l_type = exclusive ? F_WRLCK : F_RDLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1
	};
	int fd = openat(dir_fd, "gate", O_RDWR | O_CLOEXEC), rc;

	if (fd < 0)
		return -1;
	do
		rc = fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &lock);
	while (rc < 0 && errno == EINTR);
	if (rc < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Mail bytes in a memory file or a spool file. */
#include "intake/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/limits.h"

#define COPY_BYTES 65536

void spool_init(struct spool *s, struct spool_budget *budget)
{
	*s = (struct spool){ .budget = budget, .fd = -1 };
}

static enum err write_all(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ERR_LATER;
		bytes = str_sub(bytes, (size_t)n, bytes.n);
	}
	return OK;
}

/*
 * Whether the disk has room for so much more. Mail that is not ended must not take what the store needs to file the
 * others; of large mail some tens fill a disk, of small mail it takes thousands.
 */
static bool has_disk(const struct spool *s, size_t n)
{
	uint64_t least = s->size + n > LIMIT_MEMFD ? s->budget->disk_least : s->budget->disk_least / 2;
	struct statvfs v;

	return least == 0 || (fstatvfs(s->fd, &v) == 0 && (uint64_t)v.f_bavail * v.f_frsize >= least);
}

/* Moves what was written so far from memory to a file without a name. */
static enum err go_to_disk(struct spool *s)
{
	char block[COPY_BYTES];
	int file = open(s->budget->dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (file < 0)
		return ERR_LATER;
	for (size_t at = 0; at < s->size;) {
		ssize_t n = pread(s->fd, block, sizeof(block), (off_t)at);
		if (n <= 0 || write_all(file, str_from(block, (size_t)n))) {
			close(file);
			return ERR_LATER;
		}
		at += (size_t)n;
	}
	close(s->fd);
	atomic_fetch_sub(&s->budget->memory, s->size);
	s->fd = file;
	s->on_disk = true;
	return OK;
}

/* Whether so many bytes more may stay in memory; they are counted then. */
static bool take_memory(struct spool *s, size_t n)
{
	if (s->size + n > LIMIT_MEMFD)
		return false;
	if (atomic_fetch_add(&s->budget->memory, n) + n <= s->budget->memory_max)
		return true;
	atomic_fetch_sub(&s->budget->memory, n);
	return false;
}

static enum err append(struct spool *s, struct str bytes)
{
	enum err e = OK;

	if (s->fd < 0) {
		s->fd = memfd_create("mail", MFD_CLOEXEC | MFD_ALLOW_SEALING);
		if (s->fd < 0)
			return ERR_LATER;
		s->sum = hash_sum_new();
	}
	bool in_memory = !s->on_disk && take_memory(s, bytes.n);
	if (!in_memory && !s->on_disk)
		e = go_to_disk(s);
	if (!e && s->on_disk && bytes.n > 0 && !has_disk(s, bytes.n))
		e = ERR_LATER;
	if (!e)
		e = write_all(s->fd, bytes);
	if (e && in_memory)
		atomic_fetch_sub(&s->budget->memory, bytes.n);
	if (e)
		return e;
	hash_sum_add(s->sum, bytes);
	s->size += bytes.n;
	return OK;
}

enum err spool_append(struct spool *s, struct str bytes)
{
	enum err e = append(s, bytes);

	if (e)
		spool_free(s);
	return e;
}

enum err spool_seal(struct spool *s, struct sha256 *sha256_out)
{
	enum err e = spool_append(s, STR("")); /* an empty mail has a file too */

	if (e)
		return e;
	*sha256_out = hash_sum_end(&s->sum);
	if (!s->on_disk) {
		int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
		return fcntl(s->fd, F_ADD_SEALS, seals) ? ERR_LATER : OK;
	}
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", s->fd);
	int reader = open(path, O_RDONLY | O_CLOEXEC);
	if (reader < 0)
		return ERR_LATER;
	close(s->fd);
	s->fd = reader;
	return OK;
}

enum err spool_bytes(struct spool *s, struct str *out)
{
	if (!s->map && s->size > 0) {
		void *map = mmap(NULL, s->size, PROT_READ, MAP_PRIVATE, s->fd, 0);
		if (map == MAP_FAILED)
			return ERR_LATER;
		s->map = map;
	}
	*out = str_from(s->map, s->size);
	return OK;
}

void spool_free(struct spool *s)
{
	if (s->map)
		munmap(s->map, s->size);
	if (s->fd >= 0)
		close(s->fd);
	if (s->sum)
		(void)hash_sum_end(&s->sum);
	if (!s->on_disk)
		atomic_fetch_sub(&s->budget->memory, s->size);
	spool_init(s, s->budget);
}

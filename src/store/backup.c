/*
 * Backup: the databases first, then every raw file by hard link (or copy, on another file system), with
 * removals of raw mail held off from before to after. So each row in the copy finds its raw mail. search.db
 * is made again by whoever opens the copy; the secret goes along unless it is kept elsewhere, for without it no token and
 * cursor holds.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/file.h"
#include "store/internal.h"
#include "store/raw.h"

#define FILE_MAX (1 << 30)

struct backup {
	struct store *st;
	int to_fd, shard_fd;
	enum err err;
};

static enum err copy_file(int from_dir, int to_dir, const char *name)
{
	struct arena *a = arena_new(FILE_MAX + (1 << 20), NULL, NULL);
	struct stat st;
	enum err err = ERR_LATER;
	int fd = openat(from_dir, name, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size >= 0 && st.st_size <= FILE_MAX) {
		char *p = arena_alloc(a, (size_t)st.st_size + 1);
		if (file_read(fd, p, (size_t)st.st_size))
			err = file_write(to_dir, name, str_from(p, (size_t)st.st_size));
	}
	if (fd >= 0)
		close(fd);
	arena_free(&a);
	return err;
}

static void take_file(void *ctx, struct str digest, const char *name, int dir_fd)
{
	struct backup *b = ctx;

	if (b->err || str_is_empty(digest))
		return;
	if (linkat(dir_fd, name, b->shard_fd, name, 0) == 0)
		return;
	if (errno == EXDEV || errno == EPERM || errno == EMLINK)
		b->err = copy_file(dir_fd, b->shard_fd, name);
	else
		b->err = ERR_LATER;
}

static int make_dir(int at, const char *name)
{
	if (mkdirat(at, name, 0700) != 0)
		return -1;
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Names and content of what was made at `name` are on the disk. */
static enum err sync_path(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_CLOEXEC);
	enum err err = fd >= 0 && fsync(fd) == 0 ? OK : ERR_LATER;

	if (fd >= 0)
		close(fd);
	return err;
}

static enum err take_raw(struct backup *b)
{
	char name[sizeof("raw/ab")];

	if (mkdirat(b->to_fd, "raw", 0700) != 0)
		return ERR_LATER;
	for (unsigned shard = 0; shard < RAW_SHARDS && !b->err; shard++) {
		snprintf(name, sizeof(name), "raw/%02x", shard);
		if (faccessat(b->st->dir_fd, name, F_OK, 0) != 0)
			continue;
		b->shard_fd = make_dir(b->to_fd, name);
		if (b->shard_fd < 0)
			return ERR_LATER;
		raw_each(b->st, shard, take_file, b);
		if (fsync(b->shard_fd) != 0)
			b->err = ERR_LATER;
		close(b->shard_fd);
	}
	return b->err ? b->err : sync_path(b->to_fd, "raw");
}

static enum err take_database(const struct backup *b, const char *to, struct sql_db *db, const char *name)
{
	char path[STORE_PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/%s", to, name);
	enum err err = n < 0 || (size_t)n >= sizeof(path) ? ERR_LIMIT : sql_copy(db, path);

	return err ? err : sync_path(b->to_fd, name);
}

/* A directory made for us, because we may not write where it lies, is as good as a new one. */
static bool is_empty_dir(const char *path)
{
	DIR *d = opendir(path);
	size_t n = 0;

	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	if (d)
		closedir(d);
	return d && n == 0;
}

enum err store_backup(struct store *st, const char *to, bool with_secret, struct errbuf *eb)
{
	struct backup b = { .st = st, .to_fd = -1, .shard_fd = -1 };
	enum err err = OK;
	int lock;

	if (mkdir(to, 0700) != 0 && !(errno == EEXIST && is_empty_dir(to)))
		return err_set(eb, errno == EEXIST ? ERR_CONFLICT : ERR_LATER, "%s: %s", to, strerror(errno));
	lock = file_lock(st->dir_fd, GATE_RAW, false, true);
	b.to_fd = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock < 0 || b.to_fd < 0)
		err = ERR_LATER;
	if (!err)
		err = take_database(&b, to, st->messages, "messages.db");
	if (!err)
		err = take_database(&b, to, st->history, "history.db");
	if (!err)
		err = take_raw(&b);
	/* The secret last: a copy without it was not finished. */
	if (!err && with_secret)
		err = file_put(b.to_fd, "secret", store_secret(st), true);
	if (err)
		err_set(eb, err, "%s: the copy could not be finished: %s", to, strerror(errno));
	if (b.to_fd >= 0)
		close(b.to_fd);
	if (lock >= 0)
		close(lock);
	return err;
}

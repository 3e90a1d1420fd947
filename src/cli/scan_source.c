/* Mail in files, directories, mbox files and on standard input. */
#include "cli/scan_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#define FILE_MAX_BYTES (1u << 30) /* an mbox file is read whole */
#define READ_AT_ONCE 65536
#define PATH_ROOM 4096
#define DIR_DEPTH 32
#define ZSTD_MAGIC "\x28\xb5\x2f\xfd" /* RFC 8878 §3.1.1 */

static bool complain(const char *path, const char *why)
{
	fprintf(stderr, "postern scan: %s: %s\n", path, why);
	return false;
}

static bool read_all(const char *path, int fd, struct buf *out)
{
	buf_init(out, FILE_MAX_BYTES);
	for (;;) {
		char *room = buf_reserve(out, READ_AT_ONCE);
		ssize_t n;
		if (!room)
			return complain(path, "larger than a gigabyte");
		n = read(fd, room, READ_AT_ONCE);
		if (n == 0)
			return true;
		if (n < 0 && errno != EINTR)
			return complain(path, strerror(errno));
		if (n > 0)
			buf_grew(out, (size_t)n);
	}
}

/*
 * Where the next message of an mbox begins: a "From " line behind an empty one (RFC 4155, Appendix A). Looks for
 * one text only, so that a file is read through once and not for each of its messages.
 */
static size_t next_from_line(struct str all, size_t from)
{
	for (size_t at = from; (at = str_find(all, STR("\nFrom "), at)) != SIZE_MAX; at++) {
		struct str before = str_sub(all, from, at);
		if (str_ends(before, STR("\n")) || str_ends(before, STR("\n\r")))
			return at + 1;
	}
	return SIZE_MAX;
}

static void each_in_mbox(const char *path, struct str all, mail_fn *fn, void *ctx)
{
	size_t at = 0;
	bool alone = next_from_line(all, 0) == SIZE_MAX;

	for (size_t n = 1; at != SIZE_MAX; n++) {
		size_t line = str_find_char(all, '\n', at), next = next_from_line(all, at);
		char label[PATH_ROOM + 32];
		if (line == SIZE_MAX)
			return;
		snprintf(label, sizeof(label), "%s#%zu", path, n);
		/* The empty line before the next "From " belongs to the form of the file, not to the mail. */
		size_t end = next == SIZE_MAX ? all.n : next - (all.p[next - 2] == '\r' ? 2 : 1);
		fn(ctx, alone ? str_of(path) : str_of(label), str_sub(all, line + 1, end));
		at = next;
	}
}

/* Replaces what is packed by what was packed: the store keeps raw mail so. */
static bool unpack(const char *path, struct buf *b)
{
	ZSTD_DStream *z = ZSTD_createDStream();
	ZSTD_inBuffer in = { b->p, b->n, 0 };
	struct buf out;
	size_t left = 1;
	char *room;

	ASSERT(z);
	buf_init(&out, FILE_MAX_BYTES);
	while ((in.pos < in.size || left > 0) && !ZSTD_isError(left) &&
	       (room = buf_reserve(&out, READ_AT_ONCE))) {
		ZSTD_outBuffer to = { room, READ_AT_ONCE, 0 };
		size_t before = in.pos;
		left = ZSTD_decompressStream(z, &to, &in);
		if (!ZSTD_isError(left))
			buf_grew(&out, to.pos);
		if (to.pos == 0 && in.pos == before)
			break;
	}
	ZSTD_freeDStream(z);
	buf_free(b);
	*b = out;
	if (!buf_ok(b))
		return complain(path, "larger than a gigabyte when unpacked");
	return left == 0 || complain(path, "zstd cannot unpack it");
}

static bool each_in_file(const char *path, int fd, mail_fn *fn, void *ctx)
{
	struct buf b;
	bool ok = read_all(path, fd, &b);

	if (ok && str_starts(buf_str(&b), STR(ZSTD_MAGIC)))
		ok = unpack(path, &b);

	if (ok && str_starts(buf_str(&b), STR("From ")))
		each_in_mbox(path, buf_str(&b), fn, ctx);
	else if (ok)
		fn(ctx, str_of(path), buf_str(&b));
	buf_free(&b);
	return ok;
}

static bool each_at(const char *path, int depth, mail_fn *fn, void *ctx);

static int not_dots(const struct dirent *d)
{
	return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool each_in_directory(const char *path, int depth, mail_fn *fn, void *ctx)
{
	struct dirent **names;
	int n = scandir(path, &names, not_dots, by_bytes);
	bool ok = true;

	if (n < 0)
		return complain(path, strerror(errno));
	for (int i = 0; i < n; i++) {
		char below[PATH_ROOM];
		int length = snprintf(below, sizeof(below), "%s%s%s", path,
				      path[strlen(path) - 1] == '/' ? "" : "/", names[i]->d_name);
		if (length < 0 || (size_t)length >= sizeof(below))
			ok = complain(path, "a name below it is too long");
		else
			ok &= each_at(below, depth + 1, fn, ctx);
		free(names[i]);
	}
	free(names);
	return ok;
}

static bool each_at(const char *path, int depth, mail_fn *fn, void *ctx)
{
	struct stat st;
	/* A link found on the way may lead back up, or to what nobody asked for. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (depth > 0 ? O_NOFOLLOW : 0));
	bool ok;

	if (fd < 0 && errno == ELOOP && depth > 0)
		return true;
	if (fd < 0)
		return complain(path, strerror(errno));
	if (fstat(fd, &st) != 0)
		ok = complain(path, strerror(errno));
	else if (S_ISDIR(st.st_mode))
		ok = depth < DIR_DEPTH ? each_in_directory(path, depth, fn, ctx)
				       : complain(path, "directories are nested too deep");
	else if (S_ISREG(st.st_mode))
		ok = each_in_file(path, fd, fn, ctx);
	else
		ok = depth > 0 || complain(path, "neither a file nor a directory");
	close(fd);
	return ok;
}

bool mail_each(const char *path, mail_fn *fn, void *ctx)
{
	if (strcmp(path, "-") == 0)
		return each_in_file(path, STDIN_FILENO, fn, ctx);
	return each_at(path, 0, fn, ctx);
}

/* Raw mail files. */
#include "store/raw.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/abnf.h"
#include "base/limits.h"
#include "store/file.h"
#include "store/internal.h"
#include "store/pack.h"

#define REMOVE_TRIES 20 /* at the lock: who puts a file holds it for microseconds, a backup for minutes */
#define REMOVE_PAUSE_NS 100000
#define RAW_MAX (2 * (uint64_t)LIMIT_MESSAGE_MOST) /* decompressed; above any message size allowed */
#define NAME_MAX_ sizeof("raw/ab/.zst") + SHA256_BYTES * 2

static enum err make_name(struct str hex, char out[NAME_MAX_])
{
	if (hex.n != SHA256_BYTES * 2)
		return ERR_SYNTAX;
	for (size_t i = 0; i < hex.n; i++)
		if (!abnf_is_hexdig((unsigned char)hex.p[i]) || ascii_lower(hex.p[i]) != hex.p[i])
			return ERR_SYNTAX;
	snprintf(out, NAME_MAX_, "raw/%.2s/%.*s.zst", hex.p, STR_ARG(hex));
	return OK;
}

static void hex_of(const unsigned char digest[SHA256_BYTES], char out[SHA256_BYTES * 2 + 1])
{
	for (size_t i = 0; i < SHA256_BYTES; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

static void name_of_digest(struct str digest, char out[NAME_MAX_])
{
	char hex[SHA256_BYTES * 2 + 1];

	ASSERT(digest.n == SHA256_BYTES);
	hex_of((const unsigned char *)digest.p, hex);
	ASSERT(make_name(str_of(hex), out) == OK);
}

static enum err failed(const struct store *st, const char *name)
{
	log_warn(st->log, "raw_failed", KV_C("file", name), KV_C("error", strerror(errno)));
	return ERR_LATER;
}

/*
 * True when the file was there; then it is young again. The lock keeps its removal from falling in between.
 */
static bool touch(const struct store *st, const char *name)
{
	int lock = file_lock(st->dir_fd, GATE_RAW, false, true);
	bool there = utimensat(st->dir_fd, name, NULL, 0) == 0;

	if (lock >= 0)
		close(lock);
	return there && lock >= 0;
}

static int open_shard(const struct store *st, const char *name)
{
	char shard[sizeof("raw/ab")];
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

	snprintf(shard, sizeof(shard), "%.6s", name);
	int fd = openat(st->dir_fd, shard, flags);
	if (fd >= 0 || errno != ENOENT)
		return fd;
	if (mkdirat(st->dir_fd, shard, 0700) != 0 && errno != EEXIST)
		return -1;
	int raw = openat(st->dir_fd, "raw", flags);
	if (raw < 0 || fsync(raw) != 0) {
		if (raw >= 0)
			close(raw);
		return -1;
	}
	close(raw);
	return openat(st->dir_fd, shard, flags);
}

static enum err put_packed(int dir, const char *name, struct str bytes)
{
	struct buf packed;
	enum err err = ERR_LATER;

	buf_init(&packed, 2 * RAW_MAX);
	pack_make(&packed, bytes, PACK_MAIL);
	if (buf_ok(&packed))
		err = file_put(dir, name + sizeof("raw/ab/") - 1, buf_str(&packed), false);
	buf_free(&packed);
	return err;
}

enum err store_raw_put(struct store *st, struct str bytes, struct str sha256_hex)
{
	char name[NAME_MAX_];
	enum err err = make_name(sha256_hex, name);

	if (err)
		return err;
	int dir = open_shard(st, name);
	if (dir < 0)
		return failed(st, name);
	if (!touch(st, name))
		err = put_packed(dir, name, bytes);
	else if (fsync(dir) != 0) /* who put it may not have come so far */
		err = ERR_LATER;
	if (err)
		err = failed(st, name);
	close(dir);
	return err;
}

static enum err read_file(int fd, struct arena *a, struct str *out)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || st.st_size < 0 || (uint64_t)st.st_size > RAW_MAX)
		return ERR_ABSENT;
	if (!arena_has_room(a, (size_t)st.st_size + 1))
		return ERR_LIMIT;
	char *p = arena_alloc(a, (size_t)st.st_size + 1);
	*out = str_from(p, (size_t)st.st_size);
	return file_read(fd, p, out->n) ? OK : ERR_ABSENT;
}

static enum err unpack(struct arena *a, struct str packed, struct str sha256_hex, struct str *out)
{
	enum err err = pack_open(a, packed, RAW_MAX, out);

	if (err)
		return err == ERR_LIMIT ? err : ERR_ABSENT;
	return str_eq(hash_sha256_hex(a, *out), sha256_hex) ? OK : ERR_ABSENT;
}

enum err store_raw_get(struct store *st, struct arena *a, struct str sha256_hex, struct str *out)
{
	char name[NAME_MAX_];
	struct str packed;

	if (make_name(sha256_hex, name) != OK)
		return ERR_ABSENT;
	int fd = openat(st->dir_fd, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? ERR_ABSENT : failed(st, name);
	enum err err = read_file(fd, a, &packed);
	if (!err)
		err = unpack(a, packed, sha256_hex, out);
	if (err == ERR_ABSENT)
		log_error(st->log, "raw_damaged", KV_C("file", name));
	close(fd);
	return err;
}

/* ---- piece by piece ---- */

#define PIECE_BYTES 65536

struct raw_reader {
	int fd;
	struct pack_reader *packed;
};

static void rewind_to_start(struct raw_reader *r)
{
	pack_reader_free(&r->packed);
	r->packed = pack_reader_new(r->fd);
	lseek(r->fd, 0, SEEK_SET);
}

static enum err check_digest(struct raw_reader *r, struct str sha256_hex)
{
	struct hash_sum *sum = hash_sum_new();
	char piece[PIECE_BYTES], hex[SHA256_BYTES * 2 + 1];
	enum err err = OK;

	for (size_t n = 1; n > 0 && !err;) {
		err = pack_read(r->packed, piece, sizeof(piece), &n);
		if (!err)
			hash_sum_add(sum, str_from(piece, n));
	}
	struct sha256 digest = hash_sum_end(&sum);
	if (err)
		return err == ERR_SYNTAX ? ERR_ABSENT : err;
	hex_of(digest.b, hex);
	return str_eq(str_of(hex), sha256_hex) ? OK : ERR_ABSENT;
}

enum err store_raw_open(struct store *st, struct str sha256_hex, struct raw_reader **out)
{
	char name[NAME_MAX_];

	*out = NULL;
	if (make_name(sha256_hex, name) != OK)
		return ERR_ABSENT;
	int fd = openat(st->dir_fd, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? ERR_ABSENT : failed(st, name);
	struct raw_reader *r = calloc(1, sizeof(*r));
	ASSERT(r);
	r->fd = fd;
	rewind_to_start(r);
	enum err err = check_digest(r, sha256_hex);
	if (!err) {
		rewind_to_start(r);
		*out = r;
		return OK;
	}
	if (err == ERR_ABSENT)
		log_error(st->log, "raw_damaged", KV_C("file", name));
	else
		err = failed(st, name);
	raw_reader_close(&r);
	return err;
}

enum err raw_reader_read(struct raw_reader *r, char *to, size_t n, size_t *got)
{
	return pack_read(r->packed, to, n, got);
}

void raw_reader_close(struct raw_reader **r)
{
	if (!*r)
		return;
	pack_reader_free(&(*r)->packed);
	close((*r)->fd);
	free(*r);
	*r = NULL;
}

/* ---- upkeep ---- */

int64_t raw_size(const struct store *st, struct str digest)
{
	char name[NAME_MAX_];
	struct stat s;

	name_of_digest(digest, name);
	return fstatat(st->dir_fd, name, &s, 0) == 0 ? (int64_t)s.st_size : 0;
}

static int lock_removal(const struct store *st)
{
	int lock = file_lock(st->dir_fd, GATE_RAW, true, false);

	for (int i = 1; lock < 0 && i < REMOVE_TRIES; i++) {
		nanosleep(&(struct timespec){ .tv_nsec = REMOVE_PAUSE_NS }, NULL);
		lock = file_lock(st->dir_fd, GATE_RAW, true, false);
	}
	return lock;
}

enum raw_removal raw_remove(const struct store *st, struct str digest)
{
	enum raw_removal done = RAW_REMOVED;
	char name[NAME_MAX_];
	struct stat s;

	name_of_digest(digest, name);
	int lock = lock_removal(st);
	if (lock < 0)
		return RAW_BUSY;
	if (fstatat(st->dir_fd, name, &s, 0) != 0)
		done = errno == ENOENT ? RAW_ABSENT : RAW_BUSY;
	else if (s.st_mtim.tv_sec >= clock_now_us() / 1000000 - RAW_SETTLE_S)
		done = RAW_YOUNG;
	else if (unlinkat(st->dir_fd, name, 0) != 0)
		done = RAW_BUSY;
	close(lock);
	return done;
}

void raw_each(const struct store *st, unsigned shard, raw_file_fn *fn, void *ctx)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	char name[sizeof("raw/ab")];
	struct dirent *entry;

	snprintf(name, sizeof(name), "raw/%02x", shard % RAW_SHARDS);
	int fd = openat(st->dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	while (dir && (entry = readdir(dir))) {
		struct str file = str_of(entry->d_name), digest;
		arena_reset(a);
		if (file_is_passing(entry->d_name))
			fn(ctx, STR_NONE, entry->d_name, fd);
		else if (str_ends(file, STR(".zst")) && file.n == SHA256_BYTES * 2 + 4 &&
			 hash_unhex(a, str_sub(file, 0, SHA256_BYTES * 2), &digest) == OK)
			fn(ctx, digest, entry->d_name, fd);
	}
	if (dir)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
	arena_free(&a);
}

static void add_size(void *ctx, struct str digest, const char *name, int dir_fd)
{
	int64_t *total = ctx;
	struct stat s;

	(void)digest;
	if (fstatat(dir_fd, name, &s, 0) == 0)
		*total += s.st_size;
}

int64_t raw_total(const struct store *st)
{
	int64_t total = 0;

	for (unsigned shard = 0; shard < RAW_SHARDS; shard++)
		raw_each(st, shard, add_size, &total);
	return total;
}

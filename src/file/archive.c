/*
 * Members in the order they lie there. What cannot be skipped without unpacking it (all behind a compression filter)
 * ends where the budget does; other formats still give their names.
 */
#include "file/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "file/internal.h"
#include "file/rar.h"
#include "file/zip_record.h"

#define CHUNK 65536
#define HEAD 2048           /* bytes that tell what is behind a filter */
#define HEADERS_MAX 1000000 /* of an archive that may be skipped through; a mail has room for no more */
#define LINKED_MAX \
	4000 /* members of a cpio with several names: libarchive looks for each among all before it */

typedef int support_fn(struct archive *);

struct format {
	enum magic_type type;
	support_fn *filter; /* NULL = none */
	support_fn *formats[2];
	bool skips; /* members may be passed over without unpacking them */
};

static const struct format formats[] = {
	{ MAGIC_TAR, NULL, { archive_read_support_format_tar }, true },
	{ MAGIC_CPIO, NULL, { archive_read_support_format_cpio }, true },
	{ MAGIC_AR, NULL, { archive_read_support_format_ar }, true },
	{ MAGIC_ISO, NULL, { archive_read_support_format_iso9660 }, true },
	{ MAGIC_LHA, NULL, { archive_read_support_format_lha }, true },
	{ MAGIC_7Z, NULL, { archive_read_support_format_7zip }, false },
	{ MAGIC_CAB, NULL, { archive_read_support_format_cab }, false },
	{ MAGIC_RAR, NULL, { archive_read_support_format_rar, archive_read_support_format_rar5 }, false },
	{ MAGIC_GZIP, archive_read_support_filter_gzip, { archive_read_support_format_raw }, false },
	{ MAGIC_BZIP2, archive_read_support_filter_bzip2, { archive_read_support_format_raw }, false },
	{ MAGIC_XZ, archive_read_support_filter_xz, { archive_read_support_format_raw }, false },
	{ MAGIC_LZIP, archive_read_support_filter_lzip, { archive_read_support_format_raw }, false },
	{ MAGIC_LZ4, archive_read_support_filter_lz4, { archive_read_support_format_raw }, false },
	{ MAGIC_ZSTD, archive_read_support_filter_zstd, { archive_read_support_format_raw }, false },
	{ MAGIC_COMPRESS, archive_read_support_filter_compress, { archive_read_support_format_raw }, false },
};

static const struct format *format_of(enum magic_type type)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i].type == type)
			return &formats[i];
	return NULL;
}

static struct archive *open_as(const struct format *f, struct str bytes)
{
	struct archive *ar = archive_read_new();
	int failed = !ar;

	if (ar && f->filter)
		failed |= f->filter(ar) < ARCHIVE_WARN;
	for (size_t i = 0; ar && i < ARRAY_LEN(f->formats) && f->formats[i]; i++)
		failed |= f->formats[i](ar) < ARCHIVE_WARN;
	if (!failed && archive_read_open_memory(ar, bytes.p, bytes.n) >= ARCHIVE_WARN)
		return ar;
	archive_read_free(ar);
	return NULL;
}

/* The member's data, at most max bytes. */
static struct str read_data(struct archive *ar, struct arena *a, size_t max, enum inflate_end *end_out)
{
	struct buf b;
	la_ssize_t got = 0;

	*end_out = INFLATE_FULL;
	if (max == 0)
		return STR_NONE;
	*end_out = INFLATE_WHOLE;
	buf_init(&b, max);
	for (;;) {
		/* What is left of the last chunk first: most members are smaller than one. */
		size_t left = b.room > b.n ? b.room - b.n : CHUNK, room = max - b.n < left ? max - b.n : left;
		char over[1], *to = room ? buf_reserve(&b, room) : over;
		if (!to) {
			*end_out = INFLATE_FULL;
			break;
		}
		got = archive_read_data(ar, to, room ? room : 1);
		if (got <= 0)
			break;
		if (!room) {
			*end_out = INFLATE_FULL;
			break;
		}
		buf_grew(&b, (size_t)got);
	}
	if (got < 0)
		*end_out = INFLATE_DAMAGED;
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static struct str member_name(struct look *l, struct archive *ar, struct archive_entry *entry)
{
	const char *z = archive_entry_pathname_utf8(entry);

	if (archive_format(ar) == ARCHIVE_FORMAT_RAW && z && strcmp(z, "data") == 0)
		return STR_NONE; /* the file behind a compression filter, which gave it no name */
	return arena_str(l->a, look_name(l, str_of(z ? z : archive_entry_pathname(entry))));
}

/* One member; false: this was the last that can be had. */
static bool take_member(struct look *l, struct archive *ar, struct archive_entry *entry, bool skips)
{
	struct file_member m = { .name = member_name(l, ar, entry) };
	enum inflate_end end = INFLATE_WHOLE;
	enum file_trait why;
	size_t max = look_ceiling(l, l->bytes.n, l->took, &why);

	m.size = archive_entry_size_is_set(entry) ? (uint64_t)archive_entry_size(entry) : 0;
	m.encrypted = archive_entry_is_encrypted(entry) > 0;
	if (m.encrypted)
		look_found(l, TRAIT_ENCRYPTED, m.name);
	else if (l->budget->members > 0)
		m.data = read_data(ar, l->a, max, &end);
	look_took(l, m.data.n);
	look_ended(l, &m, end, why);
	return look_add_member(l, m) ? skips || end != INFLATE_FULL : skips;
}

/* How far an archive was read. */
struct progress {
	size_t headers, linked;
	int status; /* of the last header */
};

static bool is_linked(struct archive *ar, struct archive_entry *entry)
{
	return (archive_format(ar) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_CPIO &&
	       archive_entry_nlink(entry) > 1;
}

/* The next regular file; false: the end, a ceiling, or damage that nothing can be read behind. */
static bool next_file(struct archive *ar, struct archive_entry **out, struct progress *p)
{
	while (p->headers++ < HEADERS_MAX && p->linked < LINKED_MAX) {
		p->status = archive_read_next_header(ar, out);
		if (p->status < ARCHIVE_WARN || p->status == ARCHIVE_EOF)
			return false;
		p->linked += is_linked(ar, *out);
		if (archive_entry_filetype(*out) == AE_IFREG)
			return true;
	}
	return false;
}

/* Names behind the place where reading ended: 7-Zip keeps them apart from the data. */
static void list_7z(struct look *l, const struct format *f, size_t seen)
{
	struct archive *ar = open_as(f, l->bytes);
	struct archive_entry *entry;
	struct progress p = { 0 };

	while (ar && next_file(ar, &entry, &p)) {
		struct file_member m = { .name = member_name(l, ar, entry) };
		m.size = (uint64_t)archive_entry_size(entry);
		if (p.headers > seen)
			look_add_member(l, m);
	}
	archive_read_free(ar);
}

/* The same for RAR: what libarchive does not unpack may still be named. */
static void list_rar(struct look *l, size_t given)
{
	struct rar rar = rar_of(l->bytes);
	struct rar_entry e;

	for (size_t i = 0; rar_next(&rar, &e); i++) {
		struct file_member m = { look_name(l, e.name), STR_NONE, e.size, e.encrypted };
		if (e.encrypted)
			look_found(l, TRAIT_ENCRYPTED, m.name);
		if (i >= given)
			look_add_member(l, m);
	}
	if (rar.locked)
		look_found(l, TRAIT_ENCRYPTED, STR("names"));
}

static void read_members(struct look *l, const struct format *f, struct archive *ar)
{
	struct archive_entry *entry;
	struct progress p = { 0 };
	size_t given = 0;
	bool more = true;

	for (; more && next_file(ar, &entry, &p); given++)
		more = take_member(l, ar, entry, f->skips);
	if (archive_read_has_encrypted_entries(ar) > 0)
		look_found(l, TRAIT_ENCRYPTED, STR_NONE);
	if (!more && f->type == MAGIC_7Z)
		list_7z(l, f, p.headers);
	if (f->type == MAGIC_RAR && p.status != ARCHIVE_EOF)
		list_rar(l, given);
	if (more && p.status >= ARCHIVE_WARN && p.status != ARCHIVE_EOF)
		look_found(l, TRAIT_CUT, STR("members"));
	else if (more && p.status != ARCHIVE_EOF && !file_has(l->out, TRAIT_ENCRYPTED))
		look_found(l, TRAIT_UNREADABLE, arena_str(l->a, str_of(archive_error_string(ar))));
}

/*
 * Behind a compression filter: one file, or an archive of the kinds that are made to be compressed as a whole. Which of
 * them is told by its beginning, as libarchive takes any file that begins with zeros for an empty tar.
 */
static struct format behind_filter(struct look *l, const struct format *f)
{
	struct archive *ar = open_as(f, l->bytes);
	struct archive_entry *entry;
	struct str head = STR_NONE;
	enum inflate_end end;
	struct format out = *f;

	if (ar && archive_read_next_header(ar, &entry) == ARCHIVE_OK)
		head = read_data(ar, l->a, HEAD, &end);
	archive_read_free(ar);
	const struct format *inner = format_of(magic_of(head));
	if (inner && (inner->type == MAGIC_TAR || inner->type == MAGIC_CPIO || inner->type == MAGIC_AR))
		out.formats[0] = inner->formats[0];
	return out;
}

void look_into_archive(struct look *l)
{
	const struct format *known = format_of(l->out->type);
	struct format f = known->filter ? behind_filter(l, known) : *known;
	struct archive *ar = open_as(&f, l->bytes);

	if (ar)
		read_members(l, &f, ar);
	else
		look_found(l, TRAIT_UNREADABLE, STR_NONE);
	archive_read_free(ar);
}

/* The first member of a zip that is read as it comes. */
static struct str first_member(struct arena *a, struct str zip, struct str password, size_t max,
			       enum inflate_end *end_out)
{
	struct archive *ar = archive_read_new();
	struct archive_entry *entry;
	struct str out = STR_NONE;
	int failed = !ar;

	*end_out = INFLATE_DAMAGED;
	if (ar)
		failed |= archive_read_support_format_zip_streamable(ar) < ARCHIVE_WARN;
	if (!failed && password.n) {
		failed |= archive_read_add_passphrase(ar, arena_str(a, password).p) < ARCHIVE_WARN;
		/* The sum's place is taken by what the lock is tried with. */
		failed |= archive_read_set_format_option(ar, "zip", "ignorecrc32", "1") < ARCHIVE_WARN;
	}
	if (!failed && archive_read_open_memory(ar, zip.p, zip.n) >= ARCHIVE_WARN &&
	    archive_read_next_header(ar, &entry) >= ARCHIVE_WARN)
		out = read_data(ar, a, max, end_out);
	archive_read_free(ar);
	return out;
}

/* A local header of our own, with all that the directory knows, and the data behind it. */
struct str archive_zip_entry_data(struct arena *a, const struct zip_entry *e, size_t max,
				  enum inflate_end *end_out)
{
	const struct zip_record rec = {
		.method = e->method, .crc = e->crc, .packed = e->packed.n, .size = e->size
	};
	struct str out = STR_NONE;
	struct buf b;

	*end_out = INFLATE_DAMAGED;
	buf_init(&b, e->packed.n + 64);
	zip_record_write_local(&b, &rec);
	buf_add(&b, e->packed);
	if (buf_ok(&b))
		out = first_member(a, buf_str(&b), STR_NONE, max, end_out);
	buf_free(&b);
	return out;
}

/* The byte by which a wrong password shows at once (APPNOTE 6.1.6): of the sum, or of the time where that comes later. */
static uint32_t check_byte(const struct zip_entry *e)
{
	return e->later ? (uint32_t)e->time << 16 & 0xff000000 : e->crc;
}

bool archive_zip_entry_unlock(struct arena *a, const struct zip_entry *e, struct str password, size_t max,
			      struct str *out, enum inflate_end *end_out)
{
	const struct zip_record rec = { .flags = ZIP_FLAG_ENCRYPTED,
					.method = e->method,
					.crc = check_byte(e),
					.packed = e->packed.n,
					.size = e->size,
					.extra = e->lock };
	struct buf b;

	*out = STR_NONE;
	*end_out = INFLATE_DAMAGED;
	buf_init(&b, e->packed.n + e->lock.n + 64);
	zip_record_write_local(&b, &rec);
	buf_add(&b, e->packed);
	if (buf_ok(&b))
		*out = first_member(a, buf_str(&b), password, max, end_out);
	buf_free(&b);
	if (*end_out == INFLATE_DAMAGED)
		return false;
	/* AES has a check of its own; the old cipher lets one wrong password in 256 through. */
	bool whole = *end_out == INFLATE_WHOLE;
	return e->lock.n || !whole || crc32(0, (const unsigned char *)out->p, (unsigned)out->n) == e->crc;
}

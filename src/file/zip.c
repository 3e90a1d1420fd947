/*
 * Comparing both records of a zip. Entries are sorted by offset and must lie one behind the other without a gap, as
 * every archiver writes them; what lies between is searched for local headers.
 */
#include "file/zip.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/attr.h"
#include "file/bytes.h"
#include "file/zip_record.h"

struct reader {
	struct arena *a;
	struct str s;
	struct zip *out;
	size_t max;
	struct zip_directory d;
};

static void disagree(struct reader *r, const char *what, struct str where)
{
	if (!r->out->disagreement.n)
		r->out->disagreement = arena_printf(r->a, "%s: %.*s", what, STR_ARG(str_sub(where, 0, 200)));
}

/* Line ends and zeros, as transport and disks add them. */
static bool is_padding(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] && s.p[i] != '\r' && s.p[i] != '\n')
			return false;
	return true;
}

static bool is_folder(const struct zip_record *rec)
{
	return rec->size == 0 && rec->name.n > 0 && rec->name.p[rec->name.n - 1] == '/';
}

static struct zip_entry entry_of(struct str s, const struct zip_record *rec, size_t header, size_t data)
{
	struct str lock = zip_record_extra(rec->extra, ZIP_EXTRA_AES);

	if (lock.n) /* its head stands before it */
		lock = (struct str){ lock.p - 4, lock.n + 4 };
	return (struct zip_entry){ .name = rec->name,
				   .method = rec->method,
				   .time = rec->time,
				   .lock = lock,
				   .later = rec->flags & ZIP_FLAG_DESCRIPTOR,
				   .crc = rec->crc,
				   .size = rec->size,
				   .header = header,
				   .packed = bytes_at(s, data, rec->packed),
				   .encrypted = rec->flags & (ZIP_FLAG_ENCRYPTED | ZIP_FLAG_STRONG) };
}

/*
 * A second name in UTF-8 (APPNOTE 4.6.9), for a first one in some other charset. Where the first is ASCII there is
 * nothing to say twice.
 */
static void compare_unicode_name(struct reader *r, const struct zip_record *rec)
{
	struct str field = zip_record_extra(rec->extra, 0x7075), second = str_sub(field, 5, field.n);
	bool ascii = true;

	for (size_t i = 0; i < rec->name.n; i++)
		ascii &= (unsigned char)rec->name.p[i] < 0x80;
	if (second.n && ascii && !str_eq(second, rec->name))
		disagree(r, "two names", second);
}

/* What the local header says against what the directory says; true when it is there. */
static bool compare_local(struct reader *r, const struct zip_record *central, size_t header, size_t *data_out)
{
	struct zip_record local;

	if (!zip_record_local(r->s, header, &local)) {
		disagree(r, "no local header", central->name);
		return false;
	}
	*data_out = local.end;
	bool later = local.flags & ZIP_FLAG_DESCRIPTOR; /* sizes and sum may stand behind the data */
	bool sizes = (local.packed == central->packed || (later && local.packed == 0)) &&
		     (local.size == central->size || (later && local.size == 0)) &&
		     (local.crc == central->crc || (later && local.crc == 0));
	if (!str_eq(local.name, central->name))
		disagree(r, "names differ", local.name);
	else if (!sizes)
		disagree(r, "sizes differ", local.name);
	else if (local.method != central->method || ((local.flags ^ central->flags) & ZIP_FLAG_ENCRYPTED))
		disagree(r, "methods differ", local.name);
	if (str_find_char(central->name, 0, 0) != SIZE_MAX)
		disagree(r, "zero byte in a name", central->name);
	compare_unicode_name(r, central);
	compare_unicode_name(r, &local);
	return true;
}

struct range {
	size_t from, to;
	struct str name;
};

static int by_place(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* Android's signatures lie between the members and the directory. */
static bool is_signing_block(struct str gap)
{
	return str_ends(gap, STR("APK Sig Block 42"));
}

static void compare_places(struct reader *r, struct range *ranges, size_t n)
{
	static const struct str spanned[] = { STR_INIT("PK\7\10"), STR_INIT("PK00") };
	size_t at = r->d.before;

	if (n > 1)
		qsort(ranges, n, sizeof(ranges[0]), by_place);
	for (size_t i = 0; i <= n; i++) {
		size_t from = i < n ? ranges[i].from : r->d.start;
		struct str gap = str_sub(r->s, at, from);
		struct str where = i < n ? ranges[i].name : STR("the directory");
		if (from < at)
			disagree(r, "members overlap", where);
		if (gap.n && !is_signing_block(gap) &&
		    !(i == 0 && (str_eq(gap, spanned[0]) || str_eq(gap, spanned[1])))) {
			struct zip_record rec;
			if (zip_record_search(r->s, at, from, &rec) != SIZE_MAX)
				disagree(r, "a member that the directory does not name", rec.name);
			disagree(r, "bytes between members", where);
		}
		if (i < n && ranges[i].to > at)
			at = ranges[i].to;
	}
}

static void compare_directory(struct reader *r, size_t records, size_t end)
{
	uint64_t said = r->d.count, counted = r->d.wide ? records : records & 0xffff;

	if (end != r->d.end || said != counted)
		disagree(r, "the directory is not what its end record says", STR_NONE);
	r->out->before = r->d.before;
	if (!is_padding(str_sub(r->s, r->d.behind, r->s.n)))
		disagree(r, "bytes behind the archive", STR_NONE);
}

static int by_name(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return str_cmp(x->name, y->name);
}

static void compare_names(struct reader *r, struct range *ranges, size_t n)
{
	if (n > 1)
		qsort(ranges, n, sizeof(ranges[0]), by_name);
	for (size_t i = 1; i < n; i++)
		if (str_eq(ranges[i].name, ranges[i - 1].name))
			disagree(r, "one name twice", ranges[i].name);
}

/*
 * All local headers there are, for each leads some program to a member. Those that the directory gives (places, sorted)
 * are known already.
 */
static void add_hidden(struct reader *r, const struct range *places, size_t n, size_t to)
{
	struct zip_record rec;
	size_t at = 0, k = 0, found = 0;

	for (; (at = zip_record_search(r->s, at, to, &rec)) != SIZE_MAX && found < r->max; at += 4) {
		while (k < n && places[k].from < at)
			k++;
		bool known = k < n && places[k].from == at && str_eq(places[k].name, rec.name);
		if (known || is_folder(&rec))
			continue;
		struct zip_entry e = entry_of(r->s, &rec, at, rec.end);
		if (rec.flags & ZIP_FLAG_DESCRIPTOR && rec.packed == 0)
			e.packed = str_sub(r->s, rec.end, to);
		e.hidden = true;
		ARENA_PUSH(r->a, &r->out->entries, e);
		found++;
	}
}

static void read_directory(struct reader *r)
{
	struct {
		struct range *v;
		size_t n;
	} ranges = { 0 };
	size_t at = r->d.start, records = 0;
	struct zip_record rec;

	for (; at < r->d.end && zip_record_central(r->s, at, &rec); at = rec.end, records++) {
		if (records >= r->max) {
			r->out->rest = str_sub(r->s, at, r->d.end);
			return; /* too much to compare; the names alone are judged */
		}
		uint64_t header = r->d.before + rec.offset;
		size_t data = r->s.n;
		if (rec.offset < r->s.n && compare_local(r, &rec, (size_t)header, &data)) {
			size_t end = data + bytes_at(r->s, data, rec.packed).n;
			end +=
			    rec.flags & ZIP_FLAG_DESCRIPTOR ? zip_record_descriptor(r->s, end, rec.crc) : 0;
			struct range place = { (size_t)header, end, rec.name };
			ARENA_PUSH(r->a, &ranges, place);
		} else if (rec.offset >= r->s.n) {
			disagree(r, "a member beyond the end", rec.name);
		}
		if (!is_folder(&rec)) {
			struct zip_entry e = entry_of(r->s, &rec, (size_t)header, data);
			ARENA_PUSH(r->a, &r->out->entries, e);
		}
	}
	compare_directory(r, records, at);
	compare_names(r, ranges.v, ranges.n);
	compare_places(r, ranges.v, ranges.n);
	if (r->out->disagreement.n)
		add_hidden(r, ranges.v, ranges.n, r->d.start);
}

struct zip zip_survey(struct arena *a, struct str bytes, size_t max_entries)
{
	struct zip out = { 0 };
	struct reader r = { a, bytes, &out, max_entries, { 0 } };

	out.no_directory = !zip_directory_find(bytes, &r.d);
	if (out.no_directory)
		add_hidden(&r, NULL, 0, bytes.n);
	else
		read_directory(&r);
	return out;
}

bool zip_next_name(struct str *rest, struct str *name_out)
{
	struct zip_record rec;

	if (!zip_record_central(*rest, 0, &rec))
		return false;
	*name_out = rec.name;
	*rest = str_sub(*rest, rec.end, rest->n);
	return true;
}

const struct zip_entry *zip_find(const struct zip *z, struct str name)
{
	for (size_t i = 0; i < z->entries.n; i++)
		if (str_eq_nocase(z->entries.v[i].name, name))
			return &z->entries.v[i];
	return NULL;
}

struct str zip_entry_data(struct arena *a, const struct zip_entry *e, size_t max, enum inflate_end *end_out)
{
	*end_out = INFLATE_DAMAGED;
	if (e->encrypted)
		return STR_NONE;
	if (e->method == ZIP_DEFLATED)
		return inflate_all(a, e->packed, INFLATE_RAW, max, end_out);
	if (e->method != ZIP_STORED)
		return STR_NONE;
	*end_out = e->packed.n > max        ? INFLATE_FULL
		   : e->packed.n == e->size ? INFLATE_WHOLE
					    : INFLATE_DAMAGED;
	return str_sub(e->packed, 0, max);
}

bool zip_ends(struct str bytes)
{
	struct zip_directory d;

	return zip_directory_find(bytes, &d) && d.count > 0;
}

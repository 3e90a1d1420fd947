/* Reading sectors, the directory and streams. */
#include "file/ole.h"

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "file/bytes.h"

#define HEADER_BYTES 512
#define ENTRY_BYTES 128
#define MINI_SHIFT 6
#define END_OF_CHAIN 0xfffffffeu
#define SPECIAL 0xfffffffcu /* from here on numbers are marks, not sectors (MS-CFB §2.1) */
#define HEADER_DIFAT 109    /* numbers of table sectors in the header itself */

static struct str sector(const struct ole *o, uint32_t n)
{
	return bytes_at(o->s, ((uint64_t)n + 1) << o->shift, (uint64_t)1 << o->shift);
}

static size_t sectors_total(const struct ole *o)
{
	return (o->s.n >> o->shift) + 1;
}

static uint32_t next_sector(const struct ole *o, uint32_t n)
{
	uint32_t per_sector = UINT32_C(1) << (o->shift - 2);

	if ((uint64_t)n / per_sector * 4 >= o->fat.n)
		return END_OF_CHAIN;
	struct str table = sector(o, bytes_le32(o->fat, (uint64_t)n / per_sector * 4));
	uint64_t at = (uint64_t)(n % per_sector) * 4;
	return at + 4 <= table.n ? bytes_le32(table, at) : END_OF_CHAIN;
}

static uint32_t next_mini(const struct ole *o, uint32_t n)
{
	return (uint64_t)n * 4 < o->mini_fat.n ? bytes_le32(o->mini_fat, (uint64_t)n * 4) : END_OF_CHAIN;
}

/* The bytes of a chain, at most max. A circle ends when as many sectors were read as there are. */
static struct str read_chain(const struct ole *o, uint32_t start, size_t max)
{
	size_t left = sectors_total(o), run = 0;
	uint32_t n = start, first = start;
	struct buf b;

	buf_init(&b, max);
	/* As long as the sectors lie one behind the other nothing is copied. */
	for (; left > 0 && run < max && n == first + (run >> o->shift); left--) {
		struct str s = sector(o, n);
		run += s.n;
		n = next_sector(o, n);
		if (s.n < (size_t)1 << o->shift)
			n = END_OF_CHAIN;
	}
	struct str together = bytes_at(o->s, ((uint64_t)first + 1) << o->shift, run);
	if (n >= SPECIAL || left == 0 || run >= max)
		return str_sub(together, 0, max);
	buf_add(&b, together);
	for (; left > 0 && b.n < max && n < SPECIAL; left--) {
		struct str s = sector(o, n);
		if (s.n == 0)
			break;
		buf_add(&b, str_sub(s, 0, max - b.n));
		n = next_sector(o, n);
	}
	struct str out = arena_str(o->a, buf_str(&b));
	buf_free(&b);
	return out;
}

static struct str read_mini_chain(const struct ole *o, uint32_t start, size_t max)
{
	size_t left = (o->mini.n >> MINI_SHIFT) + 1;
	struct buf b;

	buf_init(&b, max);
	for (uint32_t n = start; left > 0 && b.n < max && n < SPECIAL; left--) {
		struct str s = bytes_at(o->mini, (uint64_t)n << MINI_SHIFT, 1 << MINI_SHIFT);
		if (s.n == 0)
			break;
		buf_add(&b, str_sub(s, 0, max - b.n));
		n = next_mini(o, n);
	}
	struct str out = arena_str(o->a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* Sectors of the allocation table: the first are named in the header, more in a chain of sectors of their own. */
static void read_fat(struct ole *o)
{
	size_t per_sector = ((size_t)1 << (o->shift - 2)) - 1, left = sectors_total(o);
	struct buf b;

	buf_init(&b, HEADER_DIFAT * 4 + (o->s.n >> o->shift) * 4); /* no more than there are sectors */
	buf_add(&b, bytes_at(o->s, 76, HEADER_DIFAT * 4));
	for (uint32_t n = bytes_le32(o->s, 68); left > 0 && n < SPECIAL; left--) {
		struct str s = sector(o, n);
		if (s.n < (per_sector + 1) * 4)
			break;
		buf_add(&b, str_sub(s, 0, per_sector * 4));
		n = bytes_le32(s, per_sector * 4);
	}
	o->fat = arena_str(o->a, buf_str(&b));
	buf_free(&b);
}

struct str ole_text(struct arena *a, struct str utf16)
{
	size_t n = 0, end = 0;

	while (end + 1 < utf16.n && bytes_le16(utf16, end))
		end += 2;
	char *z = arena_alloc(a, end / 2 * 3 + 1);
	for (size_t at = 0; at < end; at += 2) {
		uint32_t cp = bytes_le16(utf16, at);
		uint32_t low = at + 2 < end ? bytes_le16(utf16, at + 2) : 0;
		if (cp >= 0xd800 && cp < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
			cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
			at += 2;
		}
		n += utf8_encode(cp, z + n);
	}
	return str_from(z, n);
}

static struct ole_entry read_entry(const struct ole *o, struct str e)
{
	struct ole_entry out = { .kind = (enum ole_kind)e.p[66],
				 .left = bytes_le32(e, 68),
				 .right = bytes_le32(e, 72),
				 .child = bytes_le32(e, 76),
				 .clsid = str_sub(e, 80, 96),
				 .start = bytes_le32(e, 116) };

	out.name = ole_text(o->a, str_sub(e, 0, 64));
	/* Files with small sectors have 32 bits, and rubbish behind them (MS-CFB §2.6.3). */
	out.size = o->shift == 9 ? bytes_le32(e, 120) : bytes_le64(e, 120);
	return out;
}

/* Storages are trees of siblings, and each leads to its children. Every entry is visited once. */
static void find_parents(struct ole *o)
{
	size_t n = o->entries.n, top = 0;
	struct {
		uint32_t entry;
		size_t parent;
	} *stack = arena_array(o->a, n * 3 + 1, sizeof(*stack));
	bool *seen = ARENA_ARRAY(o->a, n, bool);

	stack[top].entry = o->entries.v[0].child;
	stack[top++].parent = 0;
	seen[0] = true;
	while (top > 0) {
		uint32_t i = stack[--top].entry;
		size_t parent = stack[top].parent;
		if (i >= n || seen[i])
			continue;
		struct ole_entry *e = &o->entries.v[i];
		const uint32_t to[] = { e->left, e->right, e->child };
		seen[i] = true;
		e->parent = parent;
		for (size_t k = 0; k < ARRAY_LEN(to); k++) {
			stack[top].entry = to[k];
			stack[top++].parent = k == 2 ? i : parent;
		}
	}
	for (size_t i = n; i-- > 1;) {
		struct ole_entry *e = &o->entries.v[i], *storage = &o->entries.v[e->parent];
		e->beside = storage->first;
		storage->first = i;
	}
}

bool ole_open(struct arena *a, struct str bytes, size_t max_entries, size_t max, struct ole *out)
{
	*out = (struct ole){
		.a = a, .s = bytes, .shift = bytes_le16(bytes, 30), .cutoff = bytes_le32(bytes, 56)
	};
	if (bytes.n < HEADER_BYTES)
		return false;
	if (out->shift != 12)
		out->shift = 9;
	read_fat(out);
	struct str directory = read_chain(out, bytes_le32(bytes, 48), max_entries * ENTRY_BYTES);
	for (size_t at = 0; directory.n - at >= ENTRY_BYTES && out->entries.n < max_entries;
	     at += ENTRY_BYTES) {
		struct ole_entry e = read_entry(out, str_sub(directory, at, at + ENTRY_BYTES));
		ARENA_PUSH(a, &out->entries, e);
	}
	if (out->entries.n == 0)
		return false;
	find_parents(out);
	uint64_t mini_bytes = out->entries.v[0].size;
	max = mini_bytes < max ? (size_t)mini_bytes : max;
	out->mini = read_chain(out, out->entries.v[0].start, max);
	out->mini_fat = read_chain(out, bytes_le32(bytes, 60), (max >> MINI_SHIFT) * 4 + 4);
	return true;
}

struct str ole_stream(const struct ole *o, const struct ole_entry *e, size_t max)
{
	if (e->size < max)
		max = (size_t)e->size;
	if (max == 0)
		return STR_NONE;
	return e->size < o->cutoff ? read_mini_chain(o, e->start, max) : read_chain(o, e->start, max);
}

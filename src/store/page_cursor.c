/*
 * Writing and checking cursors. Layout: version and direction, key, low, high, digest, MAC; numbers
 * little-endian.
 */
#include "store/page_cursor.h"

#include "base/buf.h"
#include "base/hash.h"
#include "store/internal.h"

#define VERSION 2
#define NUMBERS (2 + 3 * sizeof(int64_t))
#define DIGEST sizeof(uint64_t) /* tells searches apart; nothing hangs on it but a clear error */
#define MAC 16
#define BYTES (NUMBERS + DIGEST + MAC)

static void add_text(struct buf *b, struct str s)
{
	uint64_t n = s.n;

	/* The length first, so that texts cannot run into each other. */
	buf_add(b, str_from(&n, sizeof(n)));
	buf_add(b, s);
}

/* Of what must be the same on every page. Times are frozen in the cursor; page and size may change. */
static uint64_t digest(const struct store_search *q)
{
	static const unsigned char key[16]; /* no secret: the MAC is what proves */
	const struct str texts[] = { q->sender,     q->recipient, q->domain,        q->alert_id,
				     q->message_id, q->subject,   q->exact_subject, q->smtp_helo_ip };
	const int64_t numbers[] = { q->account, q->detections_only, q->disposition, q->operation,
				    q->delivery_status };
	struct buf all;

	buf_init(&all, SIZE_MAX);
	buf_add(&all, str_from(numbers, sizeof(numbers)));
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		add_text(&all, texts[i]);
	for (size_t i = 0; i < q->terms.n; i++)
		add_text(&all, q->terms.v[i]);
	ASSERT(buf_ok(&all));
	uint64_t out = hash_sip(key, buf_str(&all));
	buf_free(&all);
	return out;
}

static struct sha256 mac(const struct store *st, struct str bytes)
{
	return hash_hmac(store_secret(st), bytes);
}

struct str page_cursor_write(struct arena *a, const struct store *st, const struct store_search *q,
			     const struct page_cursor *c)
{
	const int64_t numbers[] = { c->key, c->low, c->high };
	const uint64_t search = digest(q);
	char out[BYTES];

	out[0] = VERSION;
	out[1] = c->newer;
	memcpy(out + 2, numbers, sizeof(numbers));
	memcpy(out + NUMBERS, &search, DIGEST);
	struct sha256 sum = mac(st, str_from(out, NUMBERS + DIGEST));
	memcpy(out + NUMBERS + DIGEST, sum.b, MAC);
	return hash_hex(a, str_from(out, sizeof(out)));
}

enum err page_cursor_read(struct arena *a, const struct store *st, const struct store_search *q,
			  struct page_cursor *out)
{
	int64_t numbers[3];
	struct str bytes;

	if (q->cursor.n != 2 * BYTES || hash_unhex(a, q->cursor, &bytes) != OK)
		return ERR_SYNTAX;
	const uint64_t search = digest(q);
	struct sha256 want = mac(st, str_sub(bytes, 0, NUMBERS + DIGEST));
	if (!hash_same(str_from(want.b, MAC), str_sub(bytes, NUMBERS + DIGEST, BYTES)) ||
	    bytes.p[0] != VERSION || memcmp(bytes.p + NUMBERS, &search, DIGEST) != 0)
		return ERR_SYNTAX;
	memcpy(numbers, bytes.p + 2, sizeof(numbers));
	*out = (struct page_cursor){
		.newer = bytes.p[1] != 0, .key = numbers[0], .low = numbers[1], .high = numbers[2]
	};
	return OK;
}

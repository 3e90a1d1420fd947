/* Records to rows and back: JSON by the field table (json/), packed (pack.h). */
#include "store/row.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/random.h"
#include "json/read.h"
#include "json/write.h"
#include "store/key.h"
#include "store/pack.h"

#define JSON_MAX (16u << 20) /* a verdict is at most 6 MB; escaped, with trace and log, well below this */

static struct str digest_bytes(struct arena *a, struct str hex)
{
	struct str out;

	return hex.n == SHA256_BYTES * 2 && hash_unhex(a, hex, &out) == OK ? out : STR_NONE;
}

int64_t row_content(struct arena *a, struct str hex)
{
	struct str bytes = digest_bytes(a, hex);
	uint64_t n = 0;

	for (size_t i = 0; i < 8 && i < bytes.n; i++)
		n = n << 8 | (unsigned char)bytes.p[i];
	return (int64_t)(n >> 1);
}

/* The JSON of an object, packed. ERR_LIMIT: as row_of_record. */
static enum err pack(struct arena *a, const struct fieldtab *t, const void *obj, struct str *out)
{
	const struct json_write how = { .audience = JSON_FOR_OURSELVES };
	struct buf text, packed;

	buf_init(&text, JSON_MAX);
	buf_init(&packed, 2 * JSON_MAX);
	json_object_write(&text, t, obj, &how);
	bool fits = buf_ok(&text);
	if (fits) {
		pack_make(&packed, buf_str(&text), PACK_ROW);
		ASSERT(buf_ok(&packed));
		fits = arena_has_room(a, packed.n + 1);
	}
	if (fits)
		*out = arena_str(a, buf_str(&packed));
	buf_free(&packed);
	buf_free(&text);
	return fits ? OK : ERR_LIMIT;
}

enum err row_of_record(struct arena *a, const struct record *r, struct row *out)
{
	struct message m = *r->message;
	struct record rest = *r;
	bool disposed = HAS(&m, message, final_disposition);

	*out = (struct row){ .detection = disposed && m.final_disposition != DISP_NONE,
			     .held = m.is_quarantined,
			     .rescan = r->rescan,
			     .postfix_id = m.postfix_id,
			     .digest = digest_bytes(a, r->digest),
			     .raw = digest_bytes(a, r->raw_sha256),
			     .content = row_content(a, r->content) };
	CLEAR(&m, message, alert_id);
	CLEAR(&m, message, scanned_at);
	m.id = m.postfix_id = STR_NONE;
	CLEAR(&rest, record, message);
	rest.key = rest.account = rest.rev = 0;
	enum err err = pack(a, &message_fields, &m, &out->message);
	return err ? err : pack(a, &record_fields, &rest, &out->rest);
}

/* Eight hexadecimal digits. Each mail of a page needs them: printf is too slow. */
static struct str hex_of(struct arena *a, uint32_t n)
{
	const unsigned char bytes[] = { (unsigned char)(n >> 24), (unsigned char)(n >> 16),
					(unsigned char)(n >> 8), (unsigned char)n };

	return hash_hex(a, str_from(bytes, sizeof(bytes)));
}

/* postfix_id is set. */
static void set_ids(struct arena *a, struct message *m, int64_t key, int64_t suffix, bool detection)
{
	char time[CLOCK_TEXT_MAX];

	SET(m, message, scanned_at, key_us(key));
	struct str at = clock_zoneless(m->scanned_at, time);
	struct str alert = ARENA_JOIN(a, m->postfix_id, STR("-"), at), number = hex_of(a, (uint32_t)suffix);
	SET(m, message, id, ARENA_JOIN(a, alert, STR("-"), number));
	if (detection) {
		SET(m, message, alert_id, alert);
	} else {
		m->alert_id = STR_NONE;
		CLEAR(m, message, alert_id);
	}
}

void row_set_ids(struct arena *a, struct record *r, int64_t key, int64_t rev, int64_t suffix)
{
	const struct message *m = r->message;

	SET(r, record, key, key);
	SET(r, record, account, key_account(key));
	SET(r, record, rev, rev);
	set_ids(a, r->message, key, suffix,
		HAS(m, message, final_disposition) && m->final_disposition != DISP_NONE);
}

static bool unpack(struct arena *a, struct str packed, const struct fieldtab *t, void *obj)
{
	struct str text;

	return pack_open(a, packed, JSON_MAX, &text) == OK &&
	       json_text_read(a, t, text, JSON_STORED, obj, NULL) == OK;
}

enum err row_read(struct sql_stmt *s, struct arena *a, enum record_part part, struct record *out)
{
	struct message *m = ARENA_NEW(a, struct message);

	/* Dictionaries have numbers from 1; this program knows none yet. */
	if (sql_int(s, 4) != 0)
		return ERR_SYNTAX;
	*out = (struct record){ 0 };
	if (part == RECORD_WHOLE && !unpack(a, sql_blob(s, 6), &record_fields, out))
		return ERR_SYNTAX;
	if (!unpack(a, sql_blob(s, 5), &message_fields, m))
		return ERR_SYNTAX;
	SET(out, record, message, m);
	SET(m, message, postfix_id, sql_str_copy(s, 3, a));
	row_set_ids(a, out, sql_int(s, 0), sql_int(s, 1), sql_int(s, 2));
	return OK;
}

enum err row_read_text(struct sql_stmt *s, struct arena *a, struct stored_message *out)
{
	if (sql_int(s, 4) != 0)
		return ERR_SYNTAX;
	*out = (struct stored_message){ .bits = FIELD_BIT(message, id) | FIELD_BIT(message, postfix_id) |
						FIELD_BIT(message, scanned_at) | FIELD_BIT(message, alert_id),
					.key = sql_int(s, 0),
					.rev = sql_int(s, 1),
					.arena = a };
	SET(&out->set, message, postfix_id, sql_str_copy(s, 3, a));
	set_ids(a, &out->set, out->key, sql_int(s, 2), sql_int(s, 6) != 0);
	return pack_open(a, sql_blob(s, 5), JSON_MAX, &out->text);
}

enum err stored_message_read(const struct stored_message *m, struct record *out)
{
	struct message *to = ARENA_NEW(m->arena, struct message);
	const uint64_t bits = m->bits;

	*out = (struct record){ 0 };
	if (json_text_read(m->arena, &message_fields, m->text, JSON_STORED, to, NULL))
		return ERR_SYNTAX;
	to->id = m->set.id;
	to->postfix_id = m->set.postfix_id;
	to->scanned_at = m->set.scanned_at;
	to->alert_id = m->set.alert_id;
	if (bits & FIELD_BIT(message, action_log))
		to->action_log = m->set.action_log;
	to->has = (to->has & ~bits) | (m->set.has & bits);
	SET(out, record, message, to);
	SET(out, record, key, m->key);
	SET(out, record, account, key_account(m->key));
	SET(out, record, rev, m->rev);
	return OK;
}

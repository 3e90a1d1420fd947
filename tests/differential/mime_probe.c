/*
 * What Postern reads in a mail (probe.h):
 *
 *	{"mail": PATH}
 *	  {"parts": [{"reading", "depth", "type", "sha256"}], "subject", "from": [[NAME, ADDRESS], ...],
 *	   "to": ..., "date": SECONDS or null, "defects": [...]}
 *
 * parts: in document order; reading: 0 as most programs read the mail, others behind; sha256: of the decoded body, "" of
 * multiparts and messages.
 */
#include "probe.h"

#include "base/enumtab.h"
#include "base/hash.h"
#include "base/limits.h"
#include "mime/address.h"
#include "mime/date.h"
#include "mime/encoded_word.h"
#include "mime/tree.h"

static void tell_part(struct arena *a, const struct mime_part *p, struct mime_defects *defects, struct buf *b)
{
	struct str digest = STR_NONE;

	if (!p->first_child && !mime_part_is_multipart(p))
		digest = hash_sha256_hex(a, mime_part_decode(a, p, LIMIT_DECODED, defects));
	buf_printf(b, "{\"reading\":%d,\"depth\":%d", p->reading, p->depth);
	probe_member(b, "type", ARENA_JOIN(a, p->type, STR("/"), p->subtype));
	probe_member(b, "sha256", digest);
	buf_add_char(b, '}');
}

static void tell_parts(struct arena *a, struct mime_tree *t, struct buf *b)
{
	buf_add_c(b, "\"parts\":[");
	for (size_t i = 0; i < t->n; i++) {
		buf_add_c(b, i ? "," : "");
		tell_part(a, t->v[i], &t->defects, b);
	}
	buf_add_char(b, ']');
}

static void tell_addresses(struct arena *a, const struct headers *h, const char *name, struct buf *b)
{
	const struct header *field = headers_first(h, str_of(name));
	struct addresses list = field ? address_parse(a, field->value) : (struct addresses){ 0 };

	buf_printf(b, ",\"%s\":[", name);
	for (size_t i = 0; i < list.n; i++) {
		buf_add_c(b, i ? ",[" : "[");
		json_str(b, list.v[i].name);
		buf_add_char(b, ',');
		json_str(b, list.v[i].addr);
		buf_add_char(b, ']');
	}
	buf_add_char(b, ']');
}

static void tell_defects(const struct mime_defects *d, struct buf *b)
{
	bool first = true;

	buf_add_c(b, ",\"defects\":[");
	for (int i = 0; i < MIME_DEFECT_COUNT; i++) {
		if (!defect_has(d, (enum mime_defect)i))
			continue;
		buf_add_c(b, first ? "" : ",");
		json_str(b, enum_text(&mime_defect_names, i));
		first = false;
	}
	buf_add_char(b, ']');
}

void probe_answer(struct arena *a, const struct json *request, struct buf *b)
{
	struct mime_tree *t = mime_parse(a, probe_file(a, probe_text(request, "mail")));
	const struct headers *h = mime_headers(t);
	int64_t us;

	tell_parts(a, t, b);
	probe_member(b, "subject", encoded_word_decode(a, headers_value(a, h, STR("Subject"))));
	tell_addresses(a, h, "from", b);
	tell_addresses(a, h, "to", b);
	if (date_parse(headers_value(a, h, STR("Date")), &us))
		buf_add_c(b, ",\"date\":null");
	else
		buf_printf(b, ",\"date\":%lld", (long long)(us / 1000000));
	tell_defects(&t->defects, b);
}

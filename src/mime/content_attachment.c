/* A part that is a file: its name, what it says it is and what it is, its digests. */
#include "mime/content_internal.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "file/zip.h"
#include "mime/encoded_word.h"

static struct str attachment_name(struct extraction *x, const struct mime_part *p)
{
	if (p->filename.n || !p->first_child)
		return p->filename;
	struct str subject = headers_value(x->a, &p->first_child->headers, STR("Subject"));
	return arena_printf(x->a, "%.*s.eml", STR_ARG(utf8_cut(encoded_word_decode(x->a, subject), 200)));
}

void content_add_attachment(struct extraction *x, const struct mime_part *p)
{
	struct mime_attachment at = { .part = p, .nested = content_is_nested(p) };

	if (x->out->attachments.n == LIMIT_ATTACHMENTS_KEPT) {
		defect_add(&x->tree->defects, DEFECT_ATTACHMENTS_CUT, p->raw_start);
		return;
	}
	at.data = mime_part_decode(x->a, p, x->decoded_left + 1, &x->tree->defects);
	at.size = at.data.n;
	if (at.data.n > x->decoded_left) {
		defect_add(&x->tree->defects, DEFECT_DECODED_CUT, p->raw_start);
		at.data.n = x->decoded_left;
		at.size = p->encoding == ENCODING_BASE64 ? p->body_length / 4 * 3 : p->body_length;
	}
	x->decoded_left -= at.data.n;
	at.name = attachment_name(x, p);
	if (p->type_given)
		at.declared = arena_printf(x->a, "%.*s/%.*s", STR_ARG(p->type), STR_ARG(p->subtype));
	at.magic = magic_of(at.data);
	at.md5 = hash_md5_hex(x->a, at.data);
	at.sha1 = hash_sha1_hex(x->a, at.data);
	at.sha256 = hash_sha256_hex(x->a, at.data);
	at.is_inline = p->disposition != DISPOSITION_ATTACHMENT &&
		       (p->disposition == DISPOSITION_INLINE || p->content_id.n > 0);
	at.encrypted = p->encrypted || (at.magic == MAGIC_ZIP && zip_is_encrypted(at.data));
	ARENA_PUSH(x->a, &x->out->attachments, at);
}

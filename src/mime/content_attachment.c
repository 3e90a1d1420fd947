/* A part that is a file: its name, what it says it is and what it is, its digests. */
#include "mime/content_internal.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "file/name.h"
#include "mime/encoded_word.h"
#include "mime/internal.h"

static struct str attachment_name(struct extraction *x, const struct mime_part *p)
{
	if (p->filename.n || !p->first_child)
		return p->filename;
	struct str subject = headers_value(x->a, &p->first_child->headers, STR("Subject"));
	if (str_is_empty(str_trim(subject)))
		return STR_NONE;
	return arena_printf(x->a, "%.*s.eml", STR_ARG(utf8_cut(encoded_word_decode(x->a, subject), 200)));
}

/* The same file in the same container, which two ways lead to. */
static bool is_twice(const struct extraction *x, const struct mime_attachment *at)
{
	for (size_t i = at->container; at->container && i < x->out->attachments.n; i++) {
		const struct mime_attachment *other = &x->out->attachments.v[i];
		if (other->container == at->container && other->sha256.n &&
		    str_eq(other->sha256, at->sha256) &&
		    (str_is_empty(name_leaf(at->name)) || str_is_empty(name_leaf(other->name))))
			return true;
	}
	return false;
}

void content_push_attachment(struct extraction *x, struct mime_attachment at)
{
	if (x->out->attachments.n == LIMIT_ATTACHMENTS_KEPT) {
		defect_add(&x->tree->defects, DEFECT_ATTACHMENTS_CUT, at.part->raw_start);
		return;
	}
	at.container = x->container;
	if (at.container) {
		const struct mime_attachment *in = &x->out->attachments.v[at.container - 1];
		at.depth = in->depth + 1;
		at.name = ARENA_JOIN(x->a, in->name, STR("/"), at.name);
	}
	at.magic = magic_of(at.data);
	if (at.data.n == at.size) {
		at.md5 = hash_md5_hex(x->a, at.data);
		at.sha1 = hash_sha1_hex(x->a, at.data);
		at.sha256 = hash_sha256_hex(x->a, at.data);
	}
	if (!is_twice(x, &at))
		ARENA_PUSH(x->a, &x->out->attachments, at);
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
		defect_add(&x->tree->defects, DEFECT_DECODED_CUT, part_body_at(p));
		at.data.n = x->decoded_left;
		at.size = p->encoding == ENCODING_BASE64 ? p->body_length / 4 * 3 : p->body_length;
		at.size += at.size == at.data.n; /* a part, whatever it was going to be */
	}
	x->decoded_left -= at.data.n;
	at.name = attachment_name(x, p);
	if (p->type_given)
		at.declared = ARENA_JOIN(x->a, p->type, STR("/"), p->subtype);
	at.is_inline = p->disposition != DISPOSITION_ATTACHMENT &&
		       (p->disposition == DISPOSITION_INLINE || p->content_id.n > 0);
	at.encrypted = p->encrypted;
	content_push_attachment(x, at);
}

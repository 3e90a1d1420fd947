/*
 * One walk over the parts: texts (content_text.c) and attachments (content_attachment.c) first. Then links out of the
 * texts and headers (content_link.c), which may hold files, and what is inside the attachments (content_member.c), which may hold
 * texts, until nothing new comes. Then the joined views.
 */
#include "mime/content_internal.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "mime/internal.h"

bool content_is_nested(const struct mime_part *p)
{
	for (p = p->parent; p; p = p->parent)
		if (str_eq(p->type, STR("message")))
			return true;
	return false;
}

/* Text that mail programs show in place; a file name makes it a file as well. Invitations are shown in any case. */
static bool is_shown(const struct mime_part *p)
{
	enum text_form form = content_form(p);
	bool text = str_eq(p->type, STR("text")) || mime_part_is_multipart(p) ||
		    (str_eq(p->type, STR("message")) && p->parent) || form == TEXT_HTML;

	return form == TEXT_CALENDAR || (text && p->disposition != DISPOSITION_ATTACHMENT);
}

/* Whether another reading has the same file already, under a name that makes the same of it. */
static bool is_known_file(struct extraction *x, const struct mime_part *p)
{
	size_t before = arena_used(x->a);
	struct str digest = hash_sha256_hex(x->a, mime_part_decode(x->a, p, x->decoded_left, NULL));
	size_t cost = arena_used(x->a) - before;

	x->decoded_left -= cost < x->decoded_left ? cost : x->decoded_left;
	for (size_t i = 0; i < x->out->attachments.n; i++) {
		const struct mime_attachment *at = &x->out->attachments.v[i];
		if (str_eq(at->sha256, digest) && mime_part_is(at->part, p->type, p->subtype) &&
		    part_same_name(at->part, p))
			return true;
	}
	return false;
}

void content_look_at(struct extraction *x, const struct mime_part *p)
{
	x->out->encrypted |= p->encrypted;
	if (p->first_child) {
		/* A message inside that is part of its outer one, already hashed with it. */
		if (str_eq(p->type, STR("message")) && p->parent && !content_is_nested(p) && !p->reading)
			content_add_attachment(x, p);
		if (content_form(p) == TEXT_LOCATION)
			content_add_text(x, p);
		return;
	}
	bool shown = is_shown(p);
	if (shown)
		content_add_text(x, p);
	bool file = !shown || p->filename.n || p->disposition == DISPOSITION_ATTACHMENT;
	if (file && !(p->reading && is_known_file(x, p)))
		content_add_attachment(x, p);
}

static struct str source_of(const struct mime_text *t)
{
	return t->source;
}

static struct str visible_of(const struct mime_text *t)
{
	return t->html->text;
}

static struct str hidden_of(const struct mime_text *t)
{
	return t->html->hidden;
}

static struct str elsewhere_of(const struct mime_text *t)
{
	return t->html->elsewhere;
}

static struct str skeleton_of(const struct mime_text *t)
{
	return t->html->skeleton;
}

/* What `of` gives for each HTML (or plain) text, a line end between; the slice itself where there is one. */
static struct str join(struct extraction *x, bool html, struct str (*of)(const struct mime_text *))
{
	struct str one = STR_NONE;
	struct buf b;

	buf_init(&b, SIZE_MAX);
	for (size_t i = 0; i < x->out->texts.n; i++) {
		const struct mime_text *t = &x->out->texts.v[i];
		struct str s = (t->html != NULL) == html ? of(t) : STR_NONE;
		if (str_is_empty(s))
			continue;
		if (one.n) {
			if (b.n == 0)
				buf_add(&b, one);
			buf_add_char(&b, '\n');
			buf_add(&b, s);
		}
		one = one.n ? one : s;
	}
	if (b.n)
		one = arena_str(x->a, buf_str(&b));
	buf_free(&b);
	return one;
}

struct mime_content *content_extract(struct arena *a, struct mime_tree *tree)
{
	if (tree->content)
		return tree->content;
	struct extraction *x = ARENA_NEW(a, struct extraction);
	x->a = a;
	x->tree = tree;
	x->out = tree->content = ARENA_NEW(a, struct mime_content);
	x->text_left = LIMIT_TEXT;
	x->decoded_left = tree->decoded_left;
	x->file_text_left = LIMIT_FILE_TEXT;
	x->unpack = (struct file_budget){ .bytes = LIMIT_UNPACKED,
					  .members = LIMIT_MEMBERS,
					  .codes = { .left = LIMIT_CODE_STEPS },
					  .rounds = LIMIT_UNLOCK_ROUNDS };
	for (size_t i = 0; i < tree->n; i++)
		content_look_at(x, tree->v[i]);
	content_collect_links(x);
	for (size_t i = 0; i < tree->n; i++)
		content_collect_header_links(x, tree->v[i]);
	while (content_open_attachment(x))
		content_collect_links(x);
	content_collect_picture_codes(x);
	x->out->plain = join(x, false, source_of);
	x->out->html = join(x, true, source_of);
	x->out->html_text = join(x, true, visible_of);
	x->out->hidden = join(x, true, hidden_of);
	x->out->elsewhere = join(x, true, elsewhere_of);
	x->out->skeleton = join(x, true, skeleton_of);
	return x->out;
}

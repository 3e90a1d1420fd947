/* Which reader looks into which type, and what they all share: the budget, the first evidence of each trait. */
#include "file/contents.h"

#include "base/charset.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "file/internal.h"
#include "file/name.h"
#include "file/zip.h"
#include "url/data.h"

ENUM_DEFINE(file_trait, FILE_TRAITS);

#define EVIDENCE_MAX 1000   /* bytes; what a finding shows */
#define NAME_MAX_BYTES 8192 /* of a member or a target */

/* Archives and disks that nothing here unpacks: that they hold something is all that is known. */
static void look_into_unknown(struct look *l)
{
	look_found(l, TRAIT_UNREADABLE, enum_text(&magic_type_names, (int)l->out->type));
}

static const struct {
	enum magic_type type;
	look_fn *read;
} readers[] = {
	{ MAGIC_OLE, look_into_ole },         { MAGIC_RTF, look_into_rtf },
	{ MAGIC_PDF, look_into_pdf },         { MAGIC_TNEF, look_into_tnef },
	{ MAGIC_ONENOTE, look_into_onenote }, { MAGIC_ACTIVEMIME, look_into_activemime },
	{ MAGIC_ZIP, look_into_zip },         { MAGIC_RAR, look_into_archive },
	{ MAGIC_7Z, look_into_archive },      { MAGIC_GZIP, look_into_archive },
	{ MAGIC_BZIP2, look_into_archive },   { MAGIC_XZ, look_into_archive },
	{ MAGIC_LZIP, look_into_archive },    { MAGIC_LZ4, look_into_archive },
	{ MAGIC_ZSTD, look_into_archive },    { MAGIC_COMPRESS, look_into_archive },
	{ MAGIC_CAB, look_into_archive },     { MAGIC_TAR, look_into_archive },
	{ MAGIC_CPIO, look_into_archive },    { MAGIC_AR, look_into_archive },
	{ MAGIC_LHA, look_into_archive },     { MAGIC_ISO, look_into_archive },
	{ MAGIC_ACE, look_into_unknown },     { MAGIC_ARJ, look_into_unknown },
	{ MAGIC_XAR, look_into_unknown },     { MAGIC_SZDD, look_into_unknown },
	{ MAGIC_BINHEX, look_into_unknown },  { MAGIC_SIS, look_into_unknown },
	{ MAGIC_UDF, look_into_unknown },     { MAGIC_VHD, look_into_unknown },
	{ MAGIC_VHDX, look_into_unknown },    { MAGIC_VMDK, look_into_unknown },
	{ MAGIC_WIM, look_into_unknown },     { MAGIC_XML, look_into_flat },
};

/* Three quarters. */
static size_t share(size_t left)
{
	return left - left / 4;
}

void file_contents_found(struct arena *a, struct file_contents *c, enum file_trait t, struct str evidence)
{
	if (file_has(c, t))
		return;
	c->traits |= UINT32_C(1) << t;
	c->evidence[t] = utf8_clean(a, utf8_cut(evidence, EVIDENCE_MAX));
}

void look_found(struct look *l, enum file_trait t, struct str evidence)
{
	file_contents_found(l->a, l->out, t, evidence);
}

bool look_add_member(struct look *l, struct file_member m)
{
	if (l->budget->members == 0) {
		enum name_kind kind = name_kind(m.name);
		look_found(l, TRAIT_CUT, m.name);
		if (kind == NAME_PROGRAM || name_is_double(m.name) || name_is_turned(m.name))
			look_found(l, TRAIT_LISTS_PROGRAM, m.name);
		return false;
	}
	l->budget->members--;
	ARENA_PUSH(l->a, &l->out->members, m);
	return true;
}

void look_add_link(struct look *l, struct str target)
{
	target = utf8_clean(l->a, str_trim(target));
	if (target.n && l->out->links.n < LIMIT_LINKS)
		ARENA_PUSH(l->a, &l->out->links, target);
}

void look_add_text(struct look *l, struct str utf8, bool html)
{
	struct file_text t = { arena_without(l->a, utf8, '\0'), html };

	if (t.text.n)
		ARENA_PUSH(l->a, &l->out->texts, t);
}

void look_add_base64(struct look *l, struct str name, struct str base64)
{
	struct file_member m = { .name = name };
	enum file_trait why;
	size_t max = look_ceiling(l, base64.n, 0, &why);

	m.data = url_base64(l->a, str_sub(base64, 0, max));
	m.size = m.data.n + (base64.n > max);
	if (base64.n > max)
		look_found(l, TRAIT_CUT, m.name);
	look_took(l, base64.n);
	look_add_member(l, m);
}

size_t look_ceiling(const struct look *l, size_t packed, size_t before, enum file_trait *why_out)
{
	size_t room = share(l->room), ratio;

	if (__builtin_mul_overflow(packed, (size_t)LIMIT_UNPACK_RATIO, &ratio) || ratio < LIMIT_UNPACK_FREE)
		ratio = LIMIT_UNPACK_FREE;
	ratio -= before < ratio ? before : ratio;
	*why_out = ratio < room ? TRAIT_BOMB : TRAIT_CUT;
	return ratio < room ? ratio : room;
}

void look_ended(struct look *l, struct file_member *m, enum inflate_end end, enum file_trait why)
{
	if (m->encrypted)
		return;
	if (end == INFLATE_WHOLE)
		m->size = m->data.n;
	else
		look_found(l, end == INFLATE_FULL ? why : TRAIT_UNREADABLE, m->name);
	/* Larger than what is here, so that nobody takes a part for the whole. */
	if (end != INFLATE_WHOLE && m->size <= m->data.n)
		m->size = m->data.n + 1;
}

void look_took(struct look *l, size_t bytes)
{
	l->took += bytes;
	l->room -= bytes < l->room ? bytes : l->room;
	l->budget->bytes -= bytes < l->budget->bytes ? bytes : l->budget->bytes;
}

struct str look_name(struct look *l, struct str name)
{
	size_t from = name.n > NAME_MAX_BYTES ? name.n - NAME_MAX_BYTES : 0; /* its end is what counts */

	return charset_to_utf8(l->a, STR_NONE, str_sub(name, from, name.n), NULL);
}

static struct look look_of(struct arena *a, struct str bytes, struct file_budget *budget,
			   struct file_contents *out)
{
	return (struct look){ a, bytes, budget, share(budget->bytes), 0, out };
}

void file_contents_add_carried(struct arena *a, struct file_contents *c, struct str text,
			       struct file_budget *budget)
{
	struct look l = look_of(a, text, budget, c);

	look_into_text(&l);
}

struct strs file_picture_codes(struct arena *a, struct str picture, struct file_budget *budget)
{
	struct file_contents out = { 0 };
	struct look l = look_of(a, picture, budget, &out);

	look_for_codes(&l, picture);
	return out.codes;
}

struct strs file_halves_codes(struct arena *a, struct str first, struct str second,
			      struct file_budget *budget)
{
	struct file_contents out = { 0 };
	struct look l = look_of(a, first, budget, &out);

	look_for_halves(&l, first, second);
	return out.codes;
}

struct file_contents *file_contents_read(struct arena *a, struct str bytes, struct file_budget *budget)
{
	struct file_contents *out = ARENA_NEW(a, struct file_contents);
	struct look l = look_of(a, bytes, budget, out);

	enum magic_type type = out->type = magic_of(bytes);
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		if (readers[i].type == type)
			readers[i].read(&l);
	/* A zip is read from its end, whatever it begins with. */
	if (type != MAGIC_ZIP && zip_ends(bytes)) {
		type = out->type;
		look_into_zip(&l);
		out->type = type;
	}
	return out;
}

/* What a zip archive is (an office document, a program for Java, or just an archive) and the members it gives. */
#include "base/limits.h"
#include "file/archive.h"
#include "file/ooxml.h"
#include "file/zip_contents.h"

struct str zip_take_data(struct look *l, const struct zip_entry *e, enum inflate_end *end_out,
			 enum file_trait *why_out)
{
	/* Entries may share their packed bytes: reading those over and over is work that counts, too. */
	size_t max = look_ceiling(l, e->packed.n, 0, why_out),
	       work = e->packed.n <= l->room ? e->packed.n : 0;
	struct str data = zip_entry_data(l->a, e, work ? max : 0, end_out);

	if (work && !e->encrypted && e->method != ZIP_STORED && e->method != ZIP_DEFLATED)
		data = archive_zip_entry_data(l->a, e, max, end_out);
	look_took(l, data.n > work ? data.n : work);
	return data;
}

#define ROUNDS_OLD 200  /* what a try of the old cipher costs, in rounds of a digest */
#define ROUNDS_AES 4000 /* 1,000 of HMAC for each block of the keys */

/* The data of a locked entry, if a password opens it. */
static bool unlock(struct look *l, const struct zip_entry *e, struct str *out, enum inflate_end *end_out,
		   enum file_trait *why_out)
{
	size_t max = look_ceiling(l, e->packed.n, 0, why_out);
	struct str password;

	for (size_t i = 0; e->packed.n <= l->room &&
			   look_next_password(l, &i, e->lock.n ? ROUNDS_AES : ROUNDS_OLD, &password);)
		if (archive_zip_entry_unlock(l->a, e, password, max, out, end_out)) {
			look_took(l, out->n > e->packed.n ? out->n : e->packed.n);
			look_opened(l, password);
			return true;
		}
	return false;
}

void zip_give_member(struct look *l, const struct zip_entry *e)
{
	struct file_member m = { .name = look_name(l, e->name), .size = e->size, .encrypted = e->encrypted };
	enum inflate_end end = INFLATE_WHOLE;
	enum file_trait why;

	if (e->encrypted && !file_has(l->out, TRAIT_ENCRYPTED) && unlock(l, e, &m.data, &end, &why)) {
		m.encrypted = false;
		look_ended(l, &m, end, why);
	} else if (e->encrypted) { /* and so are the others, most likely */
		look_found(l, TRAIT_ENCRYPTED, m.name);
	} else if (l->budget->members > 0) {
		m.data = zip_take_data(l, e, &end, &why);
		if (end == INFLATE_WHOLE && !e->hidden && m.data.n != e->size)
			look_found(l, TRAIT_AMBIGUOUS, m.name);
		look_ended(l, &m, end, why);
	}
	look_add_member(l, m);
}

static const struct {
	struct str member;
	enum magic_type type;
	void (*read)(struct look *l, const struct zip *z); /* NULL = as any archive */
} kinds[] = {
	{ STR_INIT("[Content_Types].xml"), MAGIC_ZIP, ooxml_read },
	{ STR_INIT("META-INF/manifest.xml"), MAGIC_ZIP, odf_read },
	{ STR_INIT("AndroidManifest.xml"), MAGIC_APK, NULL },
	{ STR_INIT("META-INF/MANIFEST.MF"), MAGIC_JAR, NULL },
};

/* Programs and scripts unpack themselves; a picture or page with an archive behind it was made for two readers. */
static bool may_stand_before(enum magic_type type)
{
	enum name_kind kind = magic_kind(type);

	return kind == NAME_PROGRAM || kind == NAME_SCRIPT || kind == NAME_OTHER;
}

void look_into_zip(struct look *l)
{
	struct zip z = zip_survey(l->a, l->bytes, LIMIT_MEMBERS);
	void (*read)(struct look *, const struct zip *) = NULL;
	struct str name;

	if (z.disagreement.n)
		look_found(l, TRAIT_AMBIGUOUS, z.disagreement);
	else if (z.before && !may_stand_before(l->out->type))
		look_found(l, TRAIT_AMBIGUOUS, STR("bytes before the archive"));
	if (z.no_directory)
		look_found(l, TRAIT_UNREADABLE, STR("no directory"));
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!zip_find(&z, kinds[i].member))
			continue;
		l->out->type = kinds[i].type;
		read = kinds[i].read;
		break;
	}
	if (read)
		read(l, &z);
	else
		for (size_t i = 0; i < z.entries.n; i++)
			zip_give_member(l, &z.entries.v[i]);
	if (z.rest.n)
		l->budget->members = 0;
	while (zip_next_name(&z.rest, &name))
		look_add_member(l, (struct file_member){ .name = name });
}

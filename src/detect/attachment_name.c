/* What an attachment is by its name, its declared type and its true one, and where these disagree. */
#include "detect/attachment.h"

/* Two letters make an MZ program by its magic; a real one has zero bytes in its header, a text has none. */
static bool is_code(const struct mime_attachment *file)
{
	enum magic_type m = file->magic;

	if (m == MAGIC_EXE)
		return str_find_char(str_sub(file->data, 0, 64), '\0', 0) != SIZE_MAX;
	return magic_kind(m) == NAME_PROGRAM;
}

/* Programs of other systems, which developers send; a click does not run them. */
static bool needs_care(enum magic_type m)
{
	return m == MAGIC_ELF || m == MAGIC_MACHO || m == MAGIC_JAVA;
}

static void tell_name(const struct risk *r, const char *signal, enum disposition d, double score,
		      enum category category, const char *reason)
{
	risk_tell(r, signal, d, score, category, "name", r->file->name, reason);
}

#define FEW 2 /* members of an archive that was made for one of them */

/*
 * A program in an archive is one step further from a click, and developers send some among other files. Alone, behind a
 * lock, or in a document it is there to be opened by somebody who does not know.
 */
static void tell_program(const struct risk *r)
{
	const struct mime_attachment *f = r->file;

	if (!f->container) {
		tell_name(r, "program", DISP_MALICIOUS, 1, CAT_EXECUTABLE_ATTACHMENT,
			  "An attachment is a program that runs when it is opened.");
		return;
	}
	const struct mime_attachment *in = &r->scan->content->attachments.v[f->container - 1];
	bool among_others = magic_kind(in->magic) == NAME_ARCHIVE && in->inside->members.n > FEW;
	tell_name(r, "program_in_archive", DISP_MALICIOUS,
		  among_others && !f->encrypted && !in->encrypted && !name_is_double(f->name) ? 0.9 : 1,
		  CAT_EXECUTABLE_ATTACHMENT, "An archive or a document holds a program.");
}

#define SOURCE_TREE 20 /* members of an archive among which scripts are nothing unusual */

static void tell_script(const struct risk *r)
{
	const struct mime_attachment *f = r->file;

	if (!f->container) {
		tell_name(
		    r, "script", DISP_SUSPICIOUS, 0.6, CAT_DROPPER,
		    "An attachment is a script or a shortcut, which may run something when it is opened.");
		return;
	}
	const struct mime_attachment *in = &r->scan->content->attachments.v[f->container - 1];
	double score = in->inside->members.n > SOURCE_TREE ? 0.2 : in->encrypted ? 0.8 : 0.5;
	tell_name(r, "script_in_archive", DISP_SUSPICIOUS, score, CAT_DROPPER,
		  "An archive holds a script that may run when it is opened.");
}

static void tell_double(const struct risk *r, enum name_kind kind)
{
	bool page = kind == NAME_PAGE;

	tell_name(r, "double_ending", page ? DISP_SUSPICIOUS : DISP_MALICIOUS, page ? 0.6 : 1,
		  page ? CAT_HTML_ATTACHMENT : CAT_EXECUTABLE_ATTACHMENT,
		  "An attachment looks like a document by its name and is something else.");
}

/* A picture, PDF or page that is an archive, a disk, a script or a page instead: one that was meant to be overlooked. */
static bool is_other(enum name_kind named, enum name_kind true_kind)
{
	bool shown = named == NAME_PICTURE || named == NAME_PDF;

	if (true_kind == NAME_DISK)
		return shown || named == NAME_OFFICE || named == NAME_TEXT;
	return shown && (true_kind == NAME_ARCHIVE || true_kind == NAME_PAGE || true_kind == NAME_SCRIPT ||
			 true_kind == NAME_OFFICE || true_kind == NAME_MAIL);
}

bool risk_of_name(const struct risk *r)
{
	const struct mime_attachment *f = r->file;
	enum name_kind kind = name_kind(f->name), true_kind = magic_kind(f->magic);
	bool code = is_code(f);

	if (name_is_turned(name_leaf(f->name))) {
		tell_name(r, "turned_name", DISP_MALICIOUS, 1, CAT_EXECUTABLE_ATTACHMENT,
			  "The name of an attachment is written backwards to hide its real ending.");
		return true;
	}
	if (name_is_double(f->name)) {
		tell_double(r, kind);
		return kind != NAME_PAGE;
	}
	if (code && (name_kind_is_document(kind) || kind == NAME_PAGE || kind == NAME_ARCHIVE)) {
		tell_name(r, "disguised", DISP_MALICIOUS, 1, CAT_EXECUTABLE_ATTACHMENT,
			  "An attachment is a program under the name of something harmless.");
		return true;
	}
	if (kind == NAME_PROGRAM || (code && !needs_care(f->magic))) {
		tell_program(r);
		return true;
	}
	if (kind == NAME_SCRIPT) {
		tell_script(r);
		return true;
	}
	if (kind == NAME_DISK || (true_kind == NAME_DISK && kind == NAME_OTHER))
		tell_name(r, "disk_image", DISP_SUSPICIOUS, 1, CAT_DROPPER,
			  "An attachment is a disk image, a way to bring programs past warnings.");
	else if (is_other(kind, true_kind))
		tell_name(r, "wrong_type", DISP_SUSPICIOUS, 0.5, CAT_DROPPER,
			  "An attachment is not what its name says it is.");
	return false;
}

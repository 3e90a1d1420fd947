/*
 * Attachments that run, hide what they are, or ask for passwords: by name, by declared type and by content, and
 * by the names inside zip archives. Nothing is unpacked here and nothing executed.
 */
#include "detect/detect.h"

#include "base/abnf.h"
#include "file/zip.h"

/* What a double click does with a name that ends so. */
enum danger {
	SAFE,
	PROGRAM, /* runs code at once; hardly ever sent on purpose */
	SCRIPT,  /* runs code, and developers do send it */
	IMAGE,   /* a disk image: its contents escape the mark of the web */
	ARCHIVE,
	PAGE,     /* a web page */
	MACRO,    /* an office document that may carry macros */
	DOCUMENT, /* what people expect to open */
};

/* clang-format off */
static const struct {
	const char *suffix;
	enum danger danger;
} suffixes[] = {
	{ "7z", ARCHIVE }, { "ace", ARCHIVE }, { "app", PROGRAM }, { "arj", ARCHIVE }, { "avi", DOCUMENT },
	{ "bat", SCRIPT }, { "bmp", DOCUMENT }, { "cab", ARCHIVE }, { "chm", PROGRAM }, { "cmd", SCRIPT },
	{ "com", PROGRAM }, { "cpl", PROGRAM }, { "csv", DOCUMENT }, { "dll", SCRIPT }, { "doc", DOCUMENT },
	{ "docm", MACRO }, { "docx", DOCUMENT }, { "dotm", MACRO }, { "exe", PROGRAM }, { "gif", DOCUMENT },
	{ "gz", ARCHIVE }, { "hta", PROGRAM }, { "htm", PAGE }, { "html", PAGE }, { "img", IMAGE },
	{ "iso", IMAGE }, { "jar", SCRIPT }, { "jpeg", DOCUMENT }, { "jpg", DOCUMENT }, { "js", SCRIPT },
	{ "jse", PROGRAM }, { "lnk", PROGRAM }, { "mht", PAGE }, { "mhtml", PAGE }, { "mp3", DOCUMENT },
	{ "msc", PROGRAM }, { "msi", PROGRAM }, { "pdf", DOCUMENT }, { "pif", PROGRAM }, { "png", DOCUMENT },
	{ "ppt", DOCUMENT }, { "pptm", MACRO }, { "pptx", DOCUMENT }, { "ps1", SCRIPT }, { "rar", ARCHIVE },
	{ "reg", SCRIPT }, { "rtf", DOCUMENT }, { "scr", PROGRAM }, { "shtml", PAGE }, { "svg", PAGE },
	{ "tif", DOCUMENT }, { "txt", DOCUMENT }, { "url", SCRIPT }, { "vbe", PROGRAM }, { "vbs", PROGRAM },
	{ "vhd", IMAGE }, { "vhdx", IMAGE }, { "wsf", PROGRAM }, { "wsh", PROGRAM }, { "xht", PAGE },
	{ "xhtml", PAGE }, { "xll", PROGRAM }, { "xls", DOCUMENT }, { "xlsb", MACRO }, { "xlsm", MACRO },
	{ "xlsx", DOCUMENT }, { "zip", ARCHIVE },
};
/* clang-format on */

static enum danger suffix_danger(struct str suffix)
{
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
		if (str_eq_nocase(suffix, str_of(suffixes[i].suffix)))
			return suffixes[i].danger;
	return SAFE;
}

/* The part behind the last dot, and what stands before it. */
static struct str last_suffix(struct str name, struct str *rest)
{
	size_t dot = str_rfind_char(name, '.');

	*rest = str_sub(name, 0, dot == SIZE_MAX ? name.n : dot);
	return dot == SIZE_MAX ? STR_NONE : str_trim(str_sub(name, dot + 1, name.n));
}

static enum danger name_danger(struct str name)
{
	struct str rest;

	return suffix_danger(last_suffix(str_trim(name), &rest));
}

/* "invoice.pdf.exe", "photo.jpg        .scr": a harmless suffix shown before the one that counts. */
static bool is_double(struct str name)
{
	struct str rest, inner;
	enum danger outer = suffix_danger(last_suffix(str_trim(name), &rest));

	if (outer != PROGRAM && outer != SCRIPT && outer != PAGE)
		return false;
	enum danger shown = suffix_danger(last_suffix(str_trim(rest), &inner));
	return shown == DOCUMENT || (shown == ARCHIVE && outer != PAGE);
}

/*
 * U+202E turns the rest of a name round, letter by letter: "fdp.exe" behind it reads as "exe.pdf". The other marks of
 * direction leave Latin letters in their order, and honest Arabic and Hebrew names hold them.
 */
static bool is_turned(struct str name)
{
	return str_find(name, STR("\xe2\x80\xae"), 0) != SIZE_MAX;
}

/* Two letters make an MZ program by its magic; a real one has zero bytes in its header, a text has none. */
static bool is_code(const struct mime_attachment *file)
{
	enum magic_type m = file->magic;

	if (m == MAGIC_EXE)
		return str_find_char(str_sub(file->data, 0, 64), '\0', 0) != SIZE_MAX;
	return m == MAGIC_LNK || m == MAGIC_CHM || m == MAGIC_ELF || m == MAGIC_MACHO;
}

struct place {
	const struct scan *scan;
	struct findings *out;
	const struct mime_attachment *file;
};

static struct finding *tell(const struct place *p, const char *signal, enum disposition d, double score,
			    enum category category, struct str value, const char *reason)
{
	const struct mime_part *part = p->file->part;
	struct finding *f = finding_add(p->out, signal, d, score, category, reason);

	finding_where(f, "attachment", "name", value);
	finding_attachment(f, p->scan, p->file);
	if (!part->derived)
		finding_bytes(f, part->body_start, part->body_length);
	finding_detail(p->out, f, "%.*s: declared %.*s, content %.*s, %zu bytes", STR_ARG(p->file->name),
		       STR_ARG(p->file->declared), STR_ARG(enum_text(&magic_type_names, (int)p->file->magic)),
		       p->file->size);
	return f;
}

/* True when something was said that makes further words idle. */
static bool look_at_name(const struct place *p)
{
	struct str name = p->file->name;
	enum danger danger = name_danger(name);
	bool code = is_code(p->file);

	if (is_turned(name)) {
		tell(p, "turned_name", DISP_MALICIOUS, 1, CAT_EXECUTABLE_ATTACHMENT, name,
		     "The name of an attachment is written backwards to hide its real ending.");
		return true;
	}
	if (is_double(name)) {
		bool page = danger == PAGE;
		tell(p, "double_ending", page ? DISP_SUSPICIOUS : DISP_MALICIOUS, page ? 0.6 : 1,
		     page ? CAT_HTML_ATTACHMENT : CAT_EXECUTABLE_ATTACHMENT, name,
		     "An attachment looks like a document by its name and is something else.");
		return !page;
	}
	if (code && (danger == DOCUMENT || danger == PAGE || danger == ARCHIVE)) {
		tell(p, "disguised", DISP_MALICIOUS, 1, CAT_EXECUTABLE_ATTACHMENT, name,
		     "An attachment is a program under the name of something harmless.");
		return true;
	}
	if (danger == PROGRAM || (code && p->file->magic != MAGIC_ELF && p->file->magic != MAGIC_MACHO)) {
		tell(p, "program", DISP_MALICIOUS, 1, CAT_EXECUTABLE_ATTACHMENT, name,
		     "An attachment is a program that runs when it is opened.");
		return true;
	}
	if (danger == SCRIPT || danger == IMAGE) {
		tell(p, danger == IMAGE ? "disk_image" : "script", DISP_SUSPICIOUS, danger == IMAGE ? 1 : 0.6,
		     CAT_DROPPER, name,
		     danger == IMAGE ? "An attachment is a disk image, a way to bring programs past warnings."
				     : "An attachment is a script that may run when it is opened.");
		return true;
	}
	if (danger == MACRO)
		tell(p, "macro_document", DISP_SUSPICIOUS, 0.6, CAT_MACRO_DOCUMENT, name,
		     "An attached document is of a kind that carries macros.");
	return false;
}

static bool contains(struct str s, const char *what)
{
	return str_find_nocase(s, str_of(what), 0) != SIZE_MAX;
}

#define PAGE_LOOK (512u << 10) /* bytes of an attached page that are read */

/* A web page sent as a file runs outside the mail program's protection. */
static void look_at_page(const struct place *p)
{
	struct str page = str_sub(p->file->data, 0, PAGE_LOOK);
	const struct html_text *h = html_text_read(p->scan->arena, page, PAGE_LOOK);
	bool password = false;

	for (size_t i = 0; i < h->forms.n; i++)
		password |= h->forms.v[i].has_password;
	bool builds = contains(page, "createObjectURL") || contains(page, "msSaveOrOpenBlob") ||
		      (contains(page, "atob(") && contains(page, "Blob"));
	bool unpacks = contains(page, "unescape(") || contains(page, "atob(") ||
		       contains(page, "fromCharCode") || contains(page, "document.write(");
	if (builds)
		tell(p, "page_builds_file", DISP_MALICIOUS, 0.8, CAT_HTML_SMUGGLING, p->file->name,
		     "An attached web page builds a file inside the browser.");
	if (password)
		tell(p, "page_asks_password", DISP_MALICIOUS, 0.9, CAT_CREDENTIAL_HARVESTER, p->file->name,
		     "An attached web page asks for a password.");
	if (h->scripts > 0 && unpacks && !builds)
		tell(p, "page_hides_script", DISP_SUSPICIOUS, 0.7, CAT_HTML_ATTACHMENT, p->file->name,
		     "An attached web page unpacks a hidden script.");
	if (!builds && !password && !(h->scripts > 0 && unpacks))
		tell(p, "page", DISP_SUSPICIOUS, h->scripts > 0 || h->forms.n > 0 ? 0.4 : 0.15,
		     CAT_HTML_ATTACHMENT, p->file->name, "A web page is attached.");
}

static void look_inside_zip(const struct place *p)
{
	struct zip_member m;
	size_t at = 0;

	for (size_t n = 0; n < ZIP_MEMBERS_MAX && zip_next(p->file->data, &at, &m); n++) {
		enum danger danger = name_danger(m.name);
		if (is_double(m.name) || danger == PROGRAM) {
			tell(p, "program_in_archive", DISP_MALICIOUS,
			     is_double(m.name) || m.encrypted ? 1 : 0.9, CAT_EXECUTABLE_ATTACHMENT, m.name,
			     "An archive holds a program.");
			return;
		}
		if (str_ends_nocase(m.name, STR("vbaProject.bin"))) {
			tell(p, "macros", DISP_SUSPICIOUS, 0.7, CAT_MACRO_DOCUMENT, m.name,
			     "An attached document carries macros.");
			return;
		}
		if (danger == IMAGE || (danger == SCRIPT && n == 0)) {
			tell(p, "script_in_archive", DISP_SUSPICIOUS, 0.5, CAT_DROPPER, m.name,
			     "An archive holds a script or a disk image.");
			return;
		}
	}
}

static void run(const struct scan *s, struct findings *out)
{
	for (size_t i = 0; i < s->content->attachments.n; i++) {
		struct place p = { s, out, &s->content->attachments.v[i] };
		enum danger danger = name_danger(p.file->name);
		if (look_at_name(&p))
			continue;
		if (danger == PAGE || (p.file->magic == MAGIC_HTML && !p.file->is_inline))
			look_at_page(&p);
		if (p.file->magic == MAGIC_ZIP)
			look_inside_zip(&p);
		if (p.file->encrypted && p.file->magic == MAGIC_ZIP)
			tell(&p, "encrypted_archive", DISP_SUSPICIOUS, sender_is_known(s) ? 0.3 : 0.6,
			     CAT_ENCRYPTED_ATTACHMENT, p.file->name,
			     "An archive cannot be looked into without its password.");
	}
}

const struct detector detect_attachment_risk = {
	.name = "attachment_risk",
	.summary = "Programs, scripts, disguised files, password pages and locked archives",
	.family = FAMILY_ATTACHMENT,
	.needs = NEED_ATTACHMENTS,
	.run = run,
};

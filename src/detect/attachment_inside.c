/* Findings from what was seen inside attachments (file/contents.h), as one table. */
#include "detect/attachment.h"

#define BIT(t) (UINT32_C(1) << (t))

/* Of the rules of one subject the first that holds speaks. */
enum subject { ABOUT_MACROS, ABOUT_REMOTE, ABOUT_OBJECTS, ABOUT_PDF, ABOUT_FILES, ABOUT_ARCHIVE, ABOUT_SIZE };

static const struct rule {
	enum subject subject;
	uint32_t traits;      /* all of them */
	enum magic_type only; /* of this type; MAGIC_UNKNOWN = of any */
	const char *signal;
	enum disposition disposition;
	double score;
	enum category category;
	const char *reason;
} rules[] = {
	{ ABOUT_MACROS, BIT(TRAIT_MACRO_AUTO) | BIT(TRAIT_MACRO_SYSTEM), MAGIC_UNKNOWN, "macros_run_programs",
	  DISP_MALICIOUS, 0.9, CAT_MACRO_DOCUMENT,
	  "An attached document carries macros that start by themselves and reach outside of it." },
	{ ABOUT_MACROS, BIT(TRAIT_MACRO_AUTO) | BIT(TRAIT_MACRO_SHEET), MAGIC_UNKNOWN, "macro_sheet_starts",
	  DISP_MALICIOUS, 0.9, CAT_MACRO_DOCUMENT,
	  "An attached spreadsheet carries old Excel 4 macros that start by themselves." },
	{ ABOUT_MACROS, BIT(TRAIT_MACRO_HIDDEN), MAGIC_UNKNOWN, "macros_hidden", DISP_SUSPICIOUS, 1,
	  CAT_MACRO_DOCUMENT, "An attached document carries macros whose text was taken away." },
	{ ABOUT_MACROS, BIT(TRAIT_MACRO_AUTO), MAGIC_UNKNOWN, "macros_start", DISP_SUSPICIOUS, 0.8,
	  CAT_MACRO_DOCUMENT, "An attached document carries macros that start by themselves." },
	{ ABOUT_MACROS, BIT(TRAIT_MACRO_SHEET), MAGIC_UNKNOWN, "macro_sheet", DISP_SUSPICIOUS, 0.8,
	  CAT_MACRO_DOCUMENT, "An attached spreadsheet carries old Excel 4 macros." },
	{ ABOUT_MACROS, BIT(TRAIT_MACROS), MAGIC_UNKNOWN, "macros", DISP_SUSPICIOUS, 0.7, CAT_MACRO_DOCUMENT,
	  "An attached document carries macros." },

	{ ABOUT_REMOTE, BIT(TRAIT_DDE), MAGIC_UNKNOWN, "starts_program", DISP_MALICIOUS, 0.8, CAT_DROPPER,
	  "A field in an attached document starts a program." },
	{ ABOUT_REMOTE, BIT(TRAIT_TEMPLATE), MAGIC_UNKNOWN, "remote_template", DISP_MALICIOUS, 0.8,
	  CAT_DROPPER, "An attached document fetches its template from the Internet when it is opened." },
	{ ABOUT_REMOTE, BIT(TRAIT_REMOTE), MAGIC_UNKNOWN, "remote_object", DISP_MALICIOUS, 0.7, CAT_DROPPER,
	  "An attached document fetches an object from elsewhere when it is opened." },

	{ ABOUT_OBJECTS, BIT(TRAIT_EQUATION), MAGIC_RTF, "equation", DISP_MALICIOUS, 0.8, CAT_DROPPER,
	  "An attached document carries an object of the old equation editor, which attackers use." },
	{ ABOUT_OBJECTS, BIT(TRAIT_OBJECT), MAGIC_ONENOTE, "embedded_object", DISP_SUSPICIOUS, 0.5,
	  CAT_DROPPER, "An attached notebook carries files that a click opens." },
	{ ABOUT_OBJECTS, BIT(TRAIT_OBJECT), MAGIC_UNKNOWN, "embedded_object", DISP_SUSPICIOUS, 0.5,
	  CAT_DROPPER, "An attached document carries a file that a click opens." },

	{ ABOUT_PDF, BIT(TRAIT_LAUNCH), MAGIC_UNKNOWN, "pdf_starts_program", DISP_MALICIOUS, 0.8, CAT_DROPPER,
	  "An attached PDF starts a program or opens another file." },
	{ ABOUT_PDF, BIT(TRAIT_SCRIPT) | BIT(TRAIT_OPEN_ACTION), MAGIC_UNKNOWN, "pdf_script_starts",
	  DISP_SUSPICIOUS, 0.6, CAT_DROPPER, "An attached PDF runs a script when it is opened." },
	{ ABOUT_PDF, BIT(TRAIT_SCRIPT), MAGIC_UNKNOWN, "pdf_script", DISP_SUSPICIOUS, 0.4, CAT_DROPPER,
	  "An attached PDF holds a script." },
	{ ABOUT_PDF, BIT(TRAIT_FORM), MAGIC_UNKNOWN, "pdf_form", DISP_SUSPICIOUS, 0.4,
	  CAT_CREDENTIAL_HARVESTER, "An attached PDF is a form that sends what is filled in." },
	{ ABOUT_PDF, BIT(TRAIT_XFA), MAGIC_UNKNOWN, "pdf_form", DISP_SUSPICIOUS, 0.2, CAT_DROPPER,
	  "An attached PDF is a form with scripts of its own." },

	{ ABOUT_FILES, BIT(TRAIT_ATTACHED), MAGIC_UNKNOWN, "pdf_files", DISP_SUSPICIOUS, 0.3, CAT_DROPPER,
	  "An attached PDF carries other files." },

	{ ABOUT_ARCHIVE, BIT(TRAIT_LISTS_PROGRAM), MAGIC_UNKNOWN, "program_in_archive", DISP_MALICIOUS, 0.9,
	  CAT_EXECUTABLE_ATTACHMENT, "An archive holds a program." },
	{ ABOUT_ARCHIVE, BIT(TRAIT_AMBIGUOUS), MAGIC_UNKNOWN, "ambiguous_archive", DISP_SUSPICIOUS, 1,
	  CAT_DROPPER, "An archive was made so that programs see different files in it." },

	{ ABOUT_SIZE, BIT(TRAIT_BOMB), MAGIC_UNKNOWN, "archive_bomb", DISP_SUSPICIOUS, 0.8, CAT_DROPPER,
	  "An archive unpacks to a size that nobody sends on purpose." },
	{ ABOUT_SIZE, BIT(TRAIT_CUT), MAGIC_UNKNOWN, "too_much_inside", DISP_SUSPICIOUS, 0.5, CAT_NONE,
	  "An attachment holds more than is looked at." },
	{ ABOUT_SIZE, BIT(TRAIT_UNREADABLE), MAGIC_UNKNOWN, "unreadable", DISP_SUSPICIOUS, 0.4, CAT_NONE,
	  "An attachment is damaged or packed in a way that cannot be looked into." },
};

static void tell_locked(const struct risk *r)
{
	const struct mime_attachment *f = r->file;
	bool archive = magic_kind(f->magic) == NAME_ARCHIVE, known = sender_is_known(r->scan);

	if (f->magic == MAGIC_PDF) /* statements of accounts are sent so */
		risk_tell(r, "encrypted_pdf", DISP_SUSPICIOUS, 0.2, CAT_ENCRYPTED_ATTACHMENT, "contents",
			  f->name, "A PDF cannot be looked into without its password.");
	else if (archive)
		risk_tell(r, "encrypted_archive", DISP_SUSPICIOUS, known ? 0.3 : 0.6,
			  CAT_ENCRYPTED_ATTACHMENT, "contents", f->name,
			  "An archive cannot be looked into without its password.");
	else
		risk_tell(r, "encrypted_document", DISP_SUSPICIOUS, known ? 0.3 : 0.6,
			  CAT_ENCRYPTED_ATTACHMENT, "contents", f->name,
			  "A document cannot be looked into without its password.");
}

void risk_of_inside(const struct risk *r)
{
	const struct mime_attachment *f = r->file;
	uint32_t spoken = 0;

	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		const struct rule *rule = &rules[i];
		if ((f->inside->traits & rule->traits) != rule->traits || (spoken & BIT(rule->subject)) ||
		    (rule->only != MAGIC_UNKNOWN && rule->only != f->magic))
			continue;
		spoken |= BIT(rule->subject);
		struct str evidence = f->inside->evidence[__builtin_ctz(rule->traits)];
		risk_tell(r, rule->signal, rule->disposition, rule->score, rule->category, "contents",
			  evidence.n ? evidence : f->name, rule->reason);
	}
	/* Where the document was read and has none, its name says little. */
	bool read = f->magic == MAGIC_DOCX || f->magic == MAGIC_XLSX || f->magic == MAGIC_PPTX;
	if (name_kind(f->name) == NAME_MACRO && !(spoken & BIT(ABOUT_MACROS)))
		risk_tell(r, "macro_document", DISP_SUSPICIOUS, read ? 0.2 : 0.6, CAT_MACRO_DOCUMENT, "name",
			  f->name, "An attached document is of a kind that carries macros.");
	if (file_has(f->inside, TRAIT_ENCRYPTED))
		tell_locked(r);
}

/*
 * What detectors look at: the text of a mail, its links and its attachments, decoded once and hung on the
 * tree.
 *
 * Nested messages (message/rfc822) count: their texts and attachments are in the same lists, marked nested. So do the
 * members of archives and documents, and of archives in them, behind the attachments of the message itself; of members
 * that do no harm (pictures, texts) the first are kept.
 *
 * Everything is bounded (LIMIT_TEXT, LIMIT_LINKS, LIMIT_DECODED, LIMIT_ATTACHMENTS_KEPT, LIMIT_UNPACKED …); what was cut
 * is a defect of the tree or a trait of the file.
 */
#ifndef MIME_CONTENT_H
#define MIME_CONTENT_H

#include "file/contents.h"
#include "html/text.h"
#include "mime/calendar.h"
#include "mime/password.h"
#include "mime/tree.h"
#include "url/wrap.h"

/* One body text. */
struct mime_text {
	const struct mime_part *part;
	struct str source; /* decoded and in UTF-8, without zero bytes; HTML with its tags, other forms
					 (calendars, enriched text) as the plain text they show */
	const struct html_text *html;       /* NULL for plain text */
	const struct calendar_event *event; /* of an invitation; else NULL */
	bool nested;                        /* of a message inside the message */
};

/* As a reader sees it, in place; what HTML hides is not in it. */
static inline struct str mime_text_shown(const struct mime_text *t)
{
	return t->html ? t->html->text : t->source;
}

struct mime_link {
	struct str href; /* as it was written, references decoded */
	struct str text; /* what the reader sees; "" in plain text, where that is href itself */
	/* Where href leads, taken apart: relative ones with the host of the document's base, known wrappers undone. */
	struct url url;
	enum url_wrap wrap; /* what href is wrapped in */
	const struct mime_part *part;
	const struct html_link
	    *html; /* NULL: found in plain text, in a header, in a code, or inside a document */
	const struct header *field; /* the header field it stands in; NULL = in none */
	size_t
	    offset; /* in the text's source; SIZE_MAX = in the visible text of HTML, a header or a document */
	size_t file; /* index + 1 of the attachment it stands in; 0 = in none */
	bool code;   /* read out of a QR code: in a picture of `file`, or else of the text of the part */
	bool drawn;  /* and that of letters or cells */
	bool nested;
};

struct mime_attachment {
	/* part->raw_start, body_start, body_length: its place in the message, or that of the outermost file it was inside
	 * of; not in the tree where the file was found in a text (uuencode, yEnc, calendars) */
	const struct mime_part *part;
	size_t container; /* index + 1 of the attachment it was inside of; 0 = of the message */
	int depth;        /* how many of them it was inside of */
	struct str
	    name; /* "" = none given; a nested message has its Subject, if any, with ".eml"; "a.zip/b/c.doc" inside */
	struct str declared;          /* "application/pdf", lower case; "" = none given */
	struct str data;              /* decoded bytes; shorter than size where a ceiling was reached */
	uint64_t size;                /* decoded */
	enum magic_type magic;        /* by content */
	struct str type;              /* a media type: that of magic, or what libmagic knows beyond it */
	struct str md5, sha1, sha256; /* of data, hexadecimal; "" where data is not all of it */
	bool is_inline; /* an image or such of the HTML body: Content-ID or disposition inline */
	bool
	    encrypted; /* it or a member of it needs a password, found or not (TRAIT_OPENED); S/MIME or PGP */
	bool nested;
	struct file_contents *inside; /* its traits */
	struct str text;              /* of a page or a plain text: in UTF-8, up to LIMIT_FILE_TEXT of all */
	const struct html_text *page; /* of a web page; else NULL */
};

struct mime_content {
	struct {
		struct mime_text *v;
		size_t n;
	} texts; /* in document order */
	struct {
		struct mime_link *v;
		size_t n;
	} links; /* without repetitions of the same href and text: of texts, of headers, of files; each in order */
	struct {
		struct mime_attachment *v;
		size_t n;
	} attachments;

	struct str plain;           /* sources of all plain texts, a line end between them */
	struct str html;            /* sources of all HTML texts, likewise */
	struct str html_text;       /* their visible text */
	struct str hidden;          /* their hidden text */
	struct str elsewhere;       /* their text that only some programs show */
	struct str skeleton;        /* their tag skeletons (html_text.h) */
	bool encrypted;             /* S/MIME or PGP encrypted: the text cannot be read */
	struct passwords passwords; /* that the texts say; looked for where a file may have a lock */
};

/*
 * The decoded body of a text part in UTF-8: by its byte order mark, its charset, what HTML says of itself, or what
 * the bytes look like (charset.h). Otherwise as it was sent. defects may be NULL.
 */
struct str mime_part_text(struct arena *a, const struct mime_part *p, struct str bytes,
			  struct mime_defects *defects);

/* Fills tree->content and gives it; defects found on the way go to the tree. A second call does nothing. */
struct mime_content *content_extract(struct arena *a, struct mime_tree *tree);

#endif

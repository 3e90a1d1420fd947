/*
 * What is wrong or ambiguous in a mail, as bits with the place of the first occurrence.
 *
 * Mail parsers here do not fail: malformed mail is evidence for the detectors. Offsets count from the first
 * byte of the raw message; for a message that was itself base64-encoded, they name the part it was found in.
 */
#ifndef MIME_DEFECT_H
#define MIME_DEFECT_H

#include "base/attr.h"
#include "base/enumtab.h"

/* The text is stable: findings and replays name defects by it. At most 63, so that the bits fit an int64. */
#define MIME_DEFECTS(X)                                                                                  \
	X(DEFECT_BARE_LF, "bare_lf")                     /* LF without CR where CRLF occurs too */       \
	X(DEFECT_BARE_CR, "bare_cr")                     /* CR without LF */                             \
	X(DEFECT_NUL, "nul")                             /* a zero byte outside binary encoding */       \
	X(DEFECT_SMUGGLING, "smuggling")                 /* "." alone on a line, by bare CR or LF */     \
	X(DEFECT_MBOX_FROM, "mbox_from")                 /* "From " line before the header */            \
	X(DEFECT_NO_HEADER, "no_header")                 /* the message begins with its body */          \
	X(DEFECT_NO_SEPARATOR, "no_separator")           /* header ended without an empty line */        \
	X(DEFECT_HEADER_SYNTAX, "header_syntax")         /* empty name, stray line or fold */            \
	X(DEFECT_HEADER_BLANK_FOLD, "header_blank_fold") /* continuation line of white space only */     \
	X(DEFECT_HEADER_8BIT, "header_8bit")             /* bytes above 127 in a header */               \
	X(DEFECT_HEADER_NOT_UTF8, "header_not_utf8")     /* and not UTF-8, so not RFC 6532 */            \
	X(DEFECT_HEADER_LONG, "header_long")             /* a field over LIMIT_HEADER_LINE, cut */       \
	X(DEFECT_HEADER_NUL, "header_nul")               /* a zero byte in a header */                   \
	X(DEFECT_FIELD_CUT, "field_cut")                 /* From, Content-Type or the like, cut */       \
	X(DEFECT_HEADER_MANY, "header_many")             /* fields over a limit, not kept */             \
	X(DEFECT_DUP_FROM, "duplicate_from")                                                             \
	X(DEFECT_DUP_SENDER, "duplicate_sender")                                                         \
	X(DEFECT_DUP_REPLY_TO, "duplicate_reply_to")                                                     \
	X(DEFECT_DUP_TO, "duplicate_to")                                                                 \
	X(DEFECT_DUP_CC, "duplicate_cc")                                                                 \
	X(DEFECT_DUP_SUBJECT, "duplicate_subject")                                                       \
	X(DEFECT_DUP_DATE, "duplicate_date")                                                             \
	X(DEFECT_DUP_MESSAGE_ID, "duplicate_message_id")                                                 \
	X(DEFECT_DUP_CONTENT, "duplicate_content_field") /* Content-*, MIME-Version, in any part */      \
	X(DEFECT_DUP_PARAM, "duplicate_parameter")                                                       \
	X(DEFECT_PARAMS, "too_many_parameters") /* over LIMIT_PARAMS, not looked at */                   \
	X(DEFECT_MISSING_FROM, "missing_from")                                                           \
	X(DEFECT_MISSING_DATE, "missing_date")                                                           \
	X(DEFECT_CONTENT_TYPE, "bad_content_type")   /* not type/subtype */                              \
	X(DEFECT_ENCODING, "bad_transfer_encoding")  /* unknown name, or one a multipart may not have */ \
	X(DEFECT_NO_BOUNDARY, "no_boundary")         /* multipart without the parameter */               \
	X(DEFECT_BOUNDARY_UNUSED, "boundary_unused") /* no part begins with it */                        \
	X(DEFECT_NO_FINAL_BOUNDARY, "no_final_boundary")                                                 \
	X(DEFECT_AMBIGUOUS, "ambiguous")         /* programs see different parts: mime_part.reading */   \
	X(DEFECT_READINGS_CUT, "readings_cut")   /* more readings than are looked at */                  \
	X(DEFECT_PARTIAL, "message_partial")     /* a fragment: the rest comes in other mails */         \
	X(DEFECT_EXTERNAL_BODY, "external_body") /* the content is to be fetched elsewhere */            \
	X(DEFECT_SMIME, "bad_smime")             /* no CMS where one should be, or a broken one */       \
	X(DEFECT_UUENCODE, "bad_uuencode")       /* uuencode or yEnc that ends early or is damaged */    \
	X(DEFECT_PARTS, "too_many_parts")                                                                \
	X(DEFECT_DEPTH, "too_deep")                                                                      \
	X(DEFECT_BASE64, "bad_base64")                                                                   \
	X(DEFECT_QP, "bad_quoted_printable")                                                             \
	X(DEFECT_CHARSET_UNKNOWN, "unknown_charset")                                                     \
	X(DEFECT_CHARSET_BYTES, "bad_charset_bytes") /* bytes that the charset named does not have */    \
	X(DEFECT_TEXT_CUT, "text_cut")               /* over LIMIT_TEXT, not looked at */                \
	X(DEFECT_DECODED_CUT, "decoded_cut")         /* over LIMIT_DECODED, not looked at */             \
	X(DEFECT_LINKS_CUT, "links_cut")             /* over LIMIT_LINKS */                              \
	X(DEFECT_ATTACHMENTS_CUT, "attachments_cut") /* over LIMIT_ATTACHMENTS_KEPT */                   \
	X(DEFECT_HTML_CUT, "html_cut")               /* a ceiling of the HTML reader */                  \
	X(DEFECT_PICTURES_CUT, "pictures_cut")       /* for LIMIT_CODE_STEPS, not searched for codes */  \
	X(DEFECT_CODES_CUT, "codes_cut")             /* for it, places that look like codes not read */
ENUM_DECLARE(mime_defect, MIME_DEFECTS);

#define MIME_DEFECT_ONE_(id, text) +1
enum { MIME_DEFECT_COUNT = 0 MIME_DEFECTS(MIME_DEFECT_ONE_) };
_Static_assert(MIME_DEFECT_COUNT <= 63, "defect bits are stored as an int64");

struct mime_defects {
	uint64_t bits;
	size_t first[MIME_DEFECT_COUNT]; /* offset of the first occurrence, where its bit is set */
};

static inline bool defect_has(const struct mime_defects *d, enum mime_defect which)
{
	return d->bits >> which & 1;
}

/* Notes an occurrence; the lowest offset is kept. d may be NULL. */
static inline void defect_add(struct mime_defects *d, enum mime_defect which, size_t offset)
{
	if (d && (!defect_has(d, which) || offset < d->first[which])) {
		d->bits |= (uint64_t)1 << which;
		d->first[which] = offset;
	}
}

#endif

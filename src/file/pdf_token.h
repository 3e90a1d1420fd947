/* PDF syntax (ISO 32000-1 §7.2, §7.3) into tokens. Linear; what is no syntax is skipped. */
#ifndef FILE_PDF_TOKEN_H
#define FILE_PDF_TOKEN_H

#include "base/str.h"

struct arena;

enum pdf_kind {
	PDF_NAME,   /* /Name: text is what its # escapes stand for */
	PDF_STRING, /* (text): text is undecoded, see pdf_string */
	PDF_HEX,    /* <6869>: likewise */
	PDF_NUMBER, /* of integers only the value counts */
	PDF_WORD,   /* obj, R, stream, true … */
	PDF_DICT,   /* << */
	PDF_DICT_END,
	PDF_ARRAY,
	PDF_ARRAY_END,
};

struct pdf_token {
	enum pdf_kind kind;
	struct str text;
	uint64_t number; /* 0 where it is negative or too large */
};

struct pdf_tokens {
	struct arena *a;
	struct str s;
	size_t at;
};

/* false: the end. */
bool pdf_next(struct pdf_tokens *t, struct pdf_token *out);

/* What a number stands for, its sign and fraction, too; 0 where it is none. */
double pdf_number(const struct pdf_token *t);

/* The bytes of a string, its escapes undone. */
struct str pdf_string(struct arena *a, const struct pdf_token *t);
/* Such bytes as text: UTF-8, UTF-16 with its mark, or PDFDocEncoding, which is near windows-1252. */
struct str pdf_text(struct arena *a, struct str bytes);

#endif

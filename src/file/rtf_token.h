/* RTF (version 1.9.1) into tokens: groups, control words with their numbers, bytes, text. Linear; never fails. */
#ifndef FILE_RTF_TOKEN_H
#define FILE_RTF_TOKEN_H

#include "base/str.h"

enum rtf_kind {
	RTF_OPEN,   /* { */
	RTF_CLOSE,  /* } */
	RTF_WORD,   /* \word or \word-12 */
	RTF_SYMBOL, /* \ and one other character: text */
	RTF_BYTE,   /* \'e4: number */
	RTF_BINARY, /* \bin: text is the bytes behind it */
	RTF_TEXT,
};

struct rtf_token {
	enum rtf_kind kind;
	struct str text; /* word without "\", symbol, bytes or text */
	bool has_number;
	int number;
};

struct rtf {
	struct str s;
	size_t at;
};

/* false: the end. */
bool rtf_next(struct rtf *r, struct rtf_token *out);

#endif

/*
 * Fields of a Word document (MS-DOC §2.8.25): 0x13, the instruction, 0x14, what is shown, 0x15. Text lies in the stream in
 * one byte a letter or in two, piece by piece; fields are short and lie in one piece each.
 */
#include "file/field.h"
#include "file/ole_contents.h"

#define FIELD_MAX 2048 /* letters of an instruction */

/* The letters behind the mark at `at`, `width` bytes each, up to the next mark. */
static struct str take_instruction(struct str s, size_t at, size_t width, char out[FIELD_MAX])
{
	size_t n = 0;

	for (at += width; at + width <= s.n && n < FIELD_MAX; at += width) {
		unsigned char c = (unsigned char)s.p[at];
		if ((c >= 0x13 && c <= 0x15) || (width == 2 && s.p[at + 1]))
			break;
		out[n++] = (char)c;
	}
	return str_from(out, n);
}

void word_read_fields(struct look *l, struct str stream)
{
	char letters[FIELD_MAX];

	for (size_t at = 0; (at = str_find_char(stream, 0x13, at)) != SIZE_MAX; at++) {
		size_t width = at + 1 < stream.n && !stream.p[at + 1] ? 2 : 1;
		field_read(l, take_instruction(stream, at, width, letters));
	}
}

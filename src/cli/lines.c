/* Help in lines that fit a terminal of 80 columns. */
#include "cli/internal.h"

#include <string.h>

#define WIDTH 80

static void pad(struct cli_lines *l)
{
	if (l->column < l->indent)
		l->column += (size_t)fprintf(l->f, "%*s", (int)(l->indent - l->column), "");
	else if (l->column > 0)
		l->column += (size_t)fprintf(l->f, " ");
}

void cli_lines_piece(struct cli_lines *l, const char *piece)
{
	size_t n = strlen(piece);

	if (l->begun && l->column + 1 + n > WIDTH) {
		fputc('\n', l->f);
		l->column = 0;
	}
	pad(l);
	fputs(piece, l->f);
	l->column += n;
	l->begun = true;
}

void cli_lines_words(struct cli_lines *l, const char *text)
{
	char word[WIDTH];

	while (*text) {
		size_t n = strcspn(text, " ");

		snprintf(word, sizeof(word), "%.*s", (int)n, text);
		cli_lines_piece(l, word);
		text += n + strspn(text + n, " ");
	}
}

void cli_lines_end(struct cli_lines *l)
{
	fputc('\n', l->f);
	l->column = 0;
	l->begun = false;
}

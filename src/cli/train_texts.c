/* Taking a file of written mails apart (train_texts.h). */
#include "cli/train_texts.h"

#define BLOCK "@ "
#define HEAD "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"

/* Where the next line begins with BLOCK, at or behind at, which begins a line. */
static size_t block_at(struct str file, size_t at)
{
	while (at < file.n && !str_starts(str_sub(file, at, file.n), STR(BLOCK))) {
		size_t end = str_find_char(file, '\n', at);
		at = end == SIZE_MAX ? file.n : end + 1;
	}
	return at;
}

bool train_text_next(struct arena *a, struct str file, size_t *at, struct train_text *out, struct errbuf *eb)
{
	size_t begin = block_at(file, *at), line = str_find_char(file, '\n', begin);

	eb->text[0] = '\0';
	if (begin >= file.n || line == SIZE_MAX)
		return false;
	size_t end = block_at(file, line + 1), space = str_find_char(file, ' ', begin + strlen(BLOCK));
	struct str word = str_sub(file, begin + strlen(BLOCK), space < line ? space : line);

	*at = end;
	int label = enum_value(&lesson_label_names, str_trim(word));
	if (label < 0) {
		(void)!err_set(eb, ERR_SYNTAX, "\"%.*s\" is none of ham, bulk, spam, phish", STR_ARG(word));
		return false;
	}
	out->label = (enum lesson_label)label;
	out->raw = ARENA_JOIN(a, STR(HEAD), str_sub(file, line + 1, end));
	return true;
}

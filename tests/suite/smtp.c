/*
 * Byte sequences that must, or must not, end a mail: lines of "id TAB bytes TAB yes|no TAB note", bytes with \r, \n and
 * \xNN. Each is read by the server's decoder whole and byte by byte.
 */
#include "base/hash.h"
#include "smtp/data.h"
#include "suite.h"

static struct str unescape(struct arena *a, struct str in)
{
	char *out = arena_alloc(a, in.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < in.n; i++) {
		struct str escape = str_sub(in, i, i + 2), byte;
		if (str_eq(escape, STR("\\x")) && hash_unhex(a, str_sub(in, i + 2, i + 4), &byte) == OK &&
		    byte.n == 1) {
			out[n++] = byte.p[0];
			i += 3;
		} else if (str_eq(escape, STR("\\r")) || str_eq(escape, STR("\\n"))) {
			out[n++] = escape.p[1] == 'r' ? '\r' : '\n';
			i++;
		} else {
			out[n++] = in.p[i];
		}
	}
	return str_from(out, n);
}

/* Where the decoder finds the end; SIZE_MAX: nowhere. */
static size_t end_of(struct str in, size_t piece)
{
	struct smtp_decoder d = { DATA_LINE_START };
	size_t at = 0;

	while (at < in.n && d.at != DATA_END) {
		struct str content;
		at += smtp_decode(&d, str_sub(in, at, at + piece), &content);
	}
	return d.at == DATA_END ? at : SIZE_MAX;
}

static void check(struct suite *s, struct str id, struct str bytes, bool must_end)
{
	struct str in = ARENA_JOIN(s->arena, STR("text"), bytes, STR("more\r\n"));
	size_t want = must_end ? 4 + bytes.n : SIZE_MAX, whole = end_of(in, in.n), single = end_of(in, 1);

	suite_case(s, whole == want && single == want, id, "ends at %ld, byte by byte at %ld", (long)whole,
		   (long)single);
}

static void run(struct suite *s)
{
	struct strs files = suite_files(s, ".tsv");

	for (size_t i = 0; i < files.n; i++) {
		struct str text;
		if (!suite_read(s, s->arena, files.v[i], &text))
			continue;
		for (size_t at = 0; at < text.n;) {
			size_t end = str_find_char(text, '\n', at);
			struct str line = str_sub(text, at, end);
			size_t a = str_find_char(line, '\t', 0);
			size_t b = a == SIZE_MAX ? a : str_find_char(line, '\t', a + 1);
			at = end == SIZE_MAX ? text.n : end + 1;
			if (b == SIZE_MAX)
				continue;
			struct str rest = str_sub(line, b + 1, line.n);
			bool yes = str_starts(rest, STR("yes")), no = str_starts(rest, STR("no"));
			if (yes || (no && !str_starts(rest, STR("note"))))
				check(s, str_sub(line, 0, a), unescape(s->arena, str_sub(line, a + 1, b)),
				      yes);
		}
	}
}

int main(void)
{
	return suite_main("smtp", run);
}

/* yEnc. */
#include "mime/yenc.h"

#include "base/arena.h"

#define SHIFT 42         /* added to every byte */
#define ESCAPED_SHIFT 64 /* added to what would have been NUL, LF, CR or "=" */

static size_t line_end(struct str text, size_t at)
{
	size_t lf = str_find_char(text, '\n', at);

	return lf == SIZE_MAX ? text.n : lf + 1;
}

/* Where a line that begins so stands, at or after `at`, which begins a line. */
static size_t find_line(struct str text, struct str beginning, size_t at)
{
	while (at < text.n && !str_starts(str_sub(text, at, text.n), beginning)) {
		at = str_find(text, STR("\n=y"), at);
		at += at != SIZE_MAX;
	}
	return at < text.n ? at : SIZE_MAX;
}

bool yenc_find(struct str text, size_t at, struct yenc_block *out)
{
	if (at > 0 && at <= text.n && text.p[at - 1] != '\n')
		at = line_end(text, at);
	at = find_line(text, STR("=ybegin "), at);
	if (at == SIZE_MAX)
		return false;
	struct str line = str_sub(text, at, line_end(text, at));
	size_t name = str_find(line, STR(" name="), 0); /* last on its line, spaces and all */
	out->name = name == SIZE_MAX ? STR_NONE : str_trim(str_sub(line, name + 6, line.n));
	out->start = at;
	out->body = at + line.n;
	if (str_starts(str_sub(text, out->body, text.n), STR("=ypart ")))
		out->body = line_end(text, out->body);
	size_t end = find_line(text, STR("=yend"), out->body);
	out->ended = end != SIZE_MAX;
	out->body_end = out->ended ? end : text.n;
	out->end = out->ended ? line_end(text, end) : text.n;
	return true;
}

struct str yenc_decode(struct arena *a, struct str text, size_t max, size_t *bad_at_out)
{
	struct yenc_block b = { .body_end = text.n, .ended = true };
	size_t n = 0;

	(void)yenc_find(text, 0, &b);
	size_t room = b.body_end - b.body < max ? b.body_end - b.body : max;
	char *z = arena_alloc(a, room + 1);
	for (size_t i = b.body; i < b.body_end && n < room; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c == '\r' || c == '\n')
			continue;
		if (c == '=' && i + 1 < b.body_end)
			c = (unsigned char)((unsigned char)text.p[++i] - ESCAPED_SHIFT);
		z[n++] = (char)(unsigned char)(c - SHIFT);
	}
	if (bad_at_out)
		*bad_at_out = b.ended ? SIZE_MAX : text.n;
	return (struct str){ z, n };
}

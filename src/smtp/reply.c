/* SMTP replies as text. */
#include "smtp/reply.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/abnf.h"
#include "base/cursor.h"

#define LINE_MAX_BYTES 512 /* with code and CRLF; RFC 5321 §4.5.3.1.5 */

struct smtp_reply smtp_reply_make(int code, const char *fmt, ...)
{
	struct smtp_reply r = { .code = code };
	va_list ap;

	ASSERT(code >= 200 && code <= 599);
	va_start(ap, fmt);
	vsnprintf(r.text, sizeof(r.text), fmt, ap);
	va_end(ap);
	return r;
}

struct smtp_reply smtp_reply_of(enum err e, const char *what)
{
	switch (e) {
	case OK:
		return smtp_reply_make(250, "2.0.0 %s", what);
	case ERR_SYNTAX:
		return smtp_reply_make(554, "5.6.0 %s", what);
	case ERR_LIMIT:
		return smtp_reply_make(552, "5.3.4 %s", what);
	case ERR_DENIED:
		return smtp_reply_make(550, "5.7.1 %s", what);
	case ERR_ABSENT:
		return smtp_reply_make(550, "5.1.1 %s", what);
	case ERR_CONFLICT:
		return smtp_reply_make(503, "5.5.1 %s", what);
	case ERR_LATER:
		return smtp_reply_make(451, "4.3.0 %s", what);
	case ERR_BUG:
		return smtp_reply_make(451, "4.3.5 %s", what);
	}
	return smtp_reply_make(451, "4.3.5 %s", what);
}

/* The enhanced code in front (class "." subject "." detail, RFC 3463 §2) with its space, or nothing. */
static struct str enhanced_code(struct str text)
{
	struct cursor c = cursor_of(text);
	uint64_t n;

	if (cursor_u64(&c, 5, &n) || !cursor_char(&c, '.') || cursor_u64(&c, 999, &n) ||
	    !cursor_char(&c, '.') || cursor_u64(&c, 999, &n) || !cursor_char(&c, ' '))
		return STR_NONE;
	return str_sub(text, 0, (size_t)(c.at - text.p));
}

struct smtp_reply smtp_reply_complete(const struct smtp_reply *r)
{
	struct str enhanced = enhanced_code(str_of(r->text));
	int class = r->code / 100;

	if (enhanced.n > 0 && enhanced.p[0] == '0' + class)
		return *r;
	return smtp_reply_make(r->code, "%d.0.0 %s", class, r->text);
}

static char printable(char c)
{
	return (c >= ' ' && c < 127) || c == '\t' ? c : '?';
}

static void write_line(struct buf *out, int code, bool last, struct str enhanced, struct str text)
{
	size_t room = LINE_MAX_BYTES - 6 - enhanced.n; /* code, divider, CRLF */

	buf_printf(out, "%03d%c", code, last ? ' ' : '-');
	buf_add(out, enhanced);
	struct str cut = str_sub(text, 0, room);
	char *to = buf_reserve(out, cut.n);
	if (to) {
		for (size_t i = 0; i < cut.n; i++)
			to[i] = printable(cut.p[i]);
		buf_grew(out, cut.n);
	}
	buf_add(out, STR("\r\n"));
}

void smtp_reply_write(const struct smtp_reply *r, struct buf *out)
{
	struct str text = str_of(r->text), enhanced = enhanced_code(text);
	bool last = false;

	for (bool first = true; !last; first = false) {
		size_t end = str_find_char(text, '\n', 0);
		struct str line = str_sub(text, 0, end), repeat = enhanced;
		last = end == SIZE_MAX;
		if (first || enhanced_code(line).n > 0)
			repeat = STR_NONE; /* it is there already */
		write_line(out, r->code, last, repeat, line);
		text = last ? STR_NONE : str_sub(text, end + 1, text.n);
	}
}

/* Appends a line's text, cut at the room, which leaves one byte for the NUL. */
static void add_text(struct smtp_reply_reader *r, struct str text)
{
	size_t room = sizeof(r->reply.text) - 1;

	if (r->lines > 0 && r->n < room)
		r->reply.text[r->n++] = '\n';
	for (size_t i = 0; i < text.n && r->n < room; i++)
		r->reply.text[r->n++] = printable(text.p[i]);
	r->reply.text[r->n] = 0;
}

enum err smtp_reply_read(struct smtp_reply_reader *r, struct str line, bool *done_out)
{
	uint64_t code;

	/* The last line may be the code alone: Reply-code [ SP textstring ] (RFC 5321 §4.2). */
	if (line.n < 3 || str_to_u64(str_sub(line, 0, 3), 599, &code) || code < 200)
		return ERR_SYNTAX;
	if (line.n > 3 && line.p[3] != ' ' && line.p[3] != '-')
		return ERR_SYNTAX;
	if (r->lines > 0 && (int)code != r->reply.code)
		return ERR_SYNTAX;
	if (r->lines == SMTP_REPLY_LINES)
		return ERR_SYNTAX;
	r->reply.code = (int)code;
	add_text(r, str_sub(line, 4, line.n));
	r->lines++;
	*done_out = line.n == 3 || line.p[3] == ' ';
	return OK;
}

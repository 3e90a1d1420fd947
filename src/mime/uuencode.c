/* uuencode. */
#include "mime/uuencode.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "mime/base64_body.h"

#define LINE_BYTES 63 /* the most a line can say it holds; encoders write 45 */
#define MODE_MAX 5    /* octal digits of the permissions; "0644" is seen */

static struct str line_at(struct str text, size_t at, size_t *next)
{
	size_t lf = str_find_char(text, '\n', at), end = lf == SIZE_MAX ? text.n : lf;

	*next = lf == SIZE_MAX ? text.n : lf + 1;
	if (end > at && text.p[end - 1] == '\r')
		end--;
	return str_sub(text, at, end);
}

static unsigned value(char c)
{
	return ((unsigned char)c - 32u) & 63;
}

/* Characters a line of n bytes has behind its count. */
static size_t encoded_length(size_t n)
{
	return (n + 2) / 3 * 4;
}

/*
 * A line of data: a count of 1 to 45 bytes, more in the wild, and their characters. Spaces at the end may have been
 * lost, and one check character more may stand there.
 */
static bool is_data(struct str line)
{
	size_t want = line.n ? encoded_length(value(line.p[0])) : 0;

	if (want == 0 || line.n - 1 > want + 2)
		return false;
	for (size_t i = 0; i < line.n; i++)
		if ((unsigned char)line.p[i] < 32 || (unsigned char)line.p[i] > 96)
			return false;
	return true;
}

/* No text happens to be as long as its first character says. */
static bool is_full(struct str line)
{
	return is_data(line) && line.n - 1 >= encoded_length(value(line.p[0]));
}

/* "`" or " ": no bytes, the last line before "end". */
static bool is_zero(struct str line)
{
	line = str_trim(line);
	return line.n == 0 || str_eq(line, STR("`"));
}

static bool is_base64_line(struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		if (!abnf_is_alnum((unsigned char)line.p[i]) && line.p[i] != '+' && line.p[i] != '/' &&
		    line.p[i] != '=')
			return false;
	return line.n > 0;
}

/* "begin 644 name" */
static bool is_begin(struct str line, struct uuencode_block *out)
{
	size_t i, from;

	out->base64 = str_starts(line, STR("begin-base64 "));
	if (!out->base64 && !str_starts(line, STR("begin ")))
		return false;
	for (i = from = out->base64 ? 13 : 6; i < line.n && line.p[i] >= '0' && line.p[i] <= '7'; i++)
		;
	if (i - from < 3 || i - from > MODE_MAX || i == line.n || line.p[i] != ' ')
		return false;
	out->name = str_trim(str_sub(line, i, line.n));
	return out->name.n > 0;
}

/* The lines of data from out->body on, and what ends them. */
static void read_block(struct str text, struct uuencode_block *out)
{
	size_t next;

	out->body_end = out->end = out->body;
	out->ended = false;
	for (size_t at = out->body; at < text.n; at = next) {
		struct str line = line_at(text, at, &next);
		if (out->base64 ? str_eq(line, STR("====")) : str_eq(str_trim(line), STR("end"))) {
			out->end = next;
			out->ended = true;
			return;
		}
		if (out->base64 ? !is_base64_line(line) : !is_data(line) && !is_zero(line))
			return;
		out->end = next;
		if (!is_zero(line))
			out->body_end = next;
	}
}

bool uuencode_find(struct str text, size_t at, struct uuencode_block *out)
{
	size_t next;

	if (!str_starts(str_sub(text, at, text.n), STR("begin"))) {
		at = str_find(text, STR("\nbegin"), at);
		at += at != SIZE_MAX;
	}
	for (; at != SIZE_MAX; at = at == SIZE_MAX ? at : at + 1) {
		if (is_begin(line_at(text, at, &next), out)) {
			out->start = at;
			out->body = next;
			read_block(text, out);
			if (out->body_end > out->body &&
			    (out->ended || out->base64 || is_full(line_at(text, out->body, &next))))
				return true;
		}
		at = str_find(text, STR("\nbegin"), at);
	}
	return false;
}

/* One line's bytes; what the line lacks are zeros. */
static size_t decode_line(struct str line, char *to)
{
	size_t bytes = value(line.p[0]), n = 0;

	for (size_t i = 1; n < bytes; i += 4) {
		uint32_t bits = 0;
		for (size_t k = i; k < i + 4; k++)
			bits = bits << 6 | (k < line.n ? value(line.p[k]) : 0);
		for (int shift = 16; shift >= 0 && n < bytes; shift -= 8)
			to[n++] = (char)(bits >> shift);
	}
	return n;
}

struct str uuencode_decode(struct arena *a, struct str text, size_t max, size_t *bad_at_out)
{
	struct uuencode_block b = { .body_end = text.n, .ended = true };
	size_t n = 0, next, bad = SIZE_MAX;

	if (uuencode_find(text, 0, &b) && !b.ended)
		bad = b.end;
	if (b.base64)
		return base64_body_decode(a, str_sub(text, b.body, b.body_end), max, bad_at_out);
	/* Lines may have lost spaces, which are zeros; so many that more comes out than went in have no honest sender. */
	size_t room = b.body_end - b.body < max ? b.body_end - b.body : max;
	char *z = arena_alloc(a, room + LINE_BYTES);
	for (size_t at = b.body; at < b.body_end && n < room; at = next) {
		struct str line = line_at(text, at, &next);
		if (is_data(line))
			n += decode_line(line, z + n);
		else if (!is_zero(line) && bad == SIZE_MAX)
			bad = at;
	}
	if (n > room && room < max && bad == SIZE_MAX)
		bad = text.n;
	if (bad_at_out)
		*bad_at_out = bad;
	return (struct str){ z, n < room ? n : room };
}

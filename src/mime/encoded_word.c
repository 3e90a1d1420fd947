/* RFC 2047. */
#include "mime/encoded_word.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mime/base64_body.h"
#include "base/charset.h"
#include "mime/header.h"
#include "mime/qp.h"

#define CHARSET_MAX 80 /* longer names do not exist; keeps the search for the next "?" short */

struct word {
	struct str charset, text;
	char encoding; /* 'B' or 'Q' */
	size_t end;    /* behind "?=" */
};

/* The word that begins with the "=?" at `at`. *no_end_at: no "?=" comes from there on, so that is asked once.
 */
static bool parse_word(struct str s, size_t at, size_t *no_end_at, struct word *out)
{
	size_t from = at + 2, q = str_find_char(str_sub(s, 0, from + CHARSET_MAX), '?', from);

	if (q == SIZE_MAX || q + 2 >= s.n || s.p[q + 2] != '?' || from >= *no_end_at)
		return false;
	out->charset = str_sub(s, from, q);
	out->encoding = ascii_upper(s.p[q + 1]);
	if (out->encoding != 'B' && out->encoding != 'Q')
		return false;
	size_t end = str_find(s, STR("?="), q + 3);
	if (end == SIZE_MAX) {
		*no_end_at = q + 3;
		return false;
	}
	/* RFC 2231 §5: the charset may be followed by "*" and a language. */
	out->charset = str_sub(out->charset, 0, str_find_char(out->charset, '*', 0));
	out->text = str_sub(s, q + 3, end);
	out->end = end + 2;
	return true;
}

/* Bytes decoded but not yet converted, of one charset. */
struct run {
	struct str charset;
	struct buf bytes;
	struct str left; /* base64 behind the last whole group of four: senders cut it anywhere */
};

static void end_base64(struct arena *a, struct run *run)
{
	buf_add(&run->bytes, base64_body_decode(a, run->left, SIZE_MAX, NULL));
	run->left = STR_NONE;
}

static void add_word(struct arena *a, struct run *run, const struct word *w)
{
	if (w->encoding == 'Q') {
		end_base64(a, run);
		buf_add(&run->bytes, qp_decode_word(a, w->text));
		return;
	}
	struct str text = run->left.n ? ARENA_JOIN(a, run->left, w->text) : w->text;
	size_t whole = str_find_char(text, '=', 0) == SIZE_MAX ? text.n / 4 * 4 : text.n;
	buf_add(&run->bytes, base64_body_decode(a, str_sub(text, 0, whole), SIZE_MAX, NULL));
	run->left = str_sub(text, whole, text.n);
}

static void flush(struct arena *a, struct run *run, struct buf *out)
{
	end_base64(a, run);
	if (run->bytes.n)
		buf_add(out, charset_to_utf8(a, run->charset, buf_str(&run->bytes), NULL));
	buf_clear(&run->bytes);
}

static bool is_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!abnf_is_wsp((unsigned char)s.p[i]))
			return false;
	return true;
}

static bool needs_decoding(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80 || (unsigned char)s.p[i] < 9)
			return true;
	return str_find(s, STR("=?"), 0) != SIZE_MAX;
}

/* Whether ASCII is itself in it, so that it can be mixed with the syntax of a field. */
static bool keeps_ascii(struct arena *a, struct str charset)
{
	const struct str sample = STR("Re: \"a+b-c\" <d@e.f>");
	enum charset_outcome outcome;

	return str_eq(charset_to_utf8(a, charset, sample, &outcome), sample) && outcome == CHARSET_FINE;
}

/* What stands outside of words. */
static struct str bare_text(struct arena *a, struct str s, struct str charset)
{
	enum charset_outcome outcome;
	struct str text = charset_to_utf8(a, STR("utf-8"), s, &outcome);

	if (outcome == CHARSET_FINE)
		return text;
	if (charset.n && keeps_ascii(a, charset)) {
		text = charset_to_utf8(a, charset, s, &outcome);
		if (outcome == CHARSET_FINE)
			return text;
	}
	return charset_to_utf8(a, STR_NONE, s, NULL);
}

static void decode_into(struct arena *a, struct str s, struct str charset, struct run *run, struct buf *out)
{
	size_t plain = 0, at = 0, no_end_at = SIZE_MAX;
	bool after_word = false;
	struct word w;

	while ((at = str_find(s, STR("=?"), at)) != SIZE_MAX) {
		if (!parse_word(s, at, &no_end_at, &w)) {
			at += 2;
			continue;
		}
		struct str between = str_sub(s, plain, at);
		bool joined =
		    after_word && is_blank(between); /* RFC 2047 §6.2: that white space is not shown */
		if (!joined || !str_eq_nocase(run->charset, w.charset))
			flush(a, run, out);
		if (!joined)
			buf_add(out, bare_text(a, between, charset));
		run->charset = w.charset;
		add_word(a, run, &w);
		after_word = true;
		plain = at = w.end;
	}
	flush(a, run, out);
	buf_add(out, bare_text(a, str_sub(s, plain, s.n), charset));
}

struct str encoded_word_decode_in(struct arena *a, struct str value, struct str charset)
{
	struct str s = header_unfold(a, value);
	struct run run = { 0 };
	struct buf out;

	if (!needs_decoding(s))
		return s;
	buf_init(&out, 4 * (size_t)LIMIT_HEADER_BYTES);
	buf_init(&run.bytes, 4 * (size_t)LIMIT_HEADER_BYTES);
	decode_into(a, s, charset, &run, &out);
	for (size_t i = 0; i < out.n; i++)
		if (out.p[i] == 0 || out.p[i] == '\r' || out.p[i] == '\n')
			out.p[i] = ' ';
	s = arena_str(a, buf_str(&out));
	buf_free(&run.bytes);
	buf_free(&out);
	return s;
}

struct str encoded_word_decode(struct arena *a, struct str value)
{
	return encoded_word_decode_in(a, value, STR_NONE);
}

/*
 * A prefix in the subject. What stands there keeps its bytes wherever the prefix can stand in front of them; else it is decoded and
 * written anew (RFC 2047). In a chain of answers the prefix stands once: behind "Re:" and the like counts as in front.
 */
#include "base/base64.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "edit/internal.h"
#include "mime/encoded_word.h"

#define LINE_CHARS 78 /* RFC 5322 §2.1.1 */
#define WORD_BYTES \
	39 /* of text in an encoded word: its line has 76 characters (RFC 2047 §2), with "Subject: " before it */
#define MARK_BYTES 14     /* of "Re:", "Antw:", "Re[2]:" and their like in any language */
#define SUBJECT_MAX 16384 /* bytes of one that is written anew */

static bool is_ascii_line(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 32 || (unsigned char)s.p[i] > 126)
			return false;
	return true;
}

/* How long "Re:", with white space around it, is at the beginning; 0 = nothing of the kind is there. */
static size_t mark_of_answer(struct str s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] == ' ')
		n++;
	for (size_t i = n; i < s.n && i < n + MARK_BYTES; i++) {
		if (s.p[i] == ' ')
			return 0;
		if (s.p[i] == ':')
			return i > n ? i + 1 : 0;
		if (str_starts(str_sub(s, i, s.n), STR("\xef\xbc\x9a"))) /* full width */
			return i > n ? i + 3 : 0;
	}
	return 0;
}

static bool has_lead(struct str subject, struct str lead)
{
	size_t mark;

	lead = str_trim(lead);
	do {
		subject = str_trim(subject);
		if (str_starts(subject, lead))
			return true;
		mark = mark_of_answer(subject);
		subject = str_sub(subject, mark, subject.n);
	} while (mark);
	return false;
}

/* Whether lines can be broken at its spaces: none is blank then (RFC 5322 §3.2.2), and none too long. */
static bool may_fold(struct str s)
{
	size_t word = 0;

	for (size_t i = 0; i < s.n; i++) {
		word = s.p[i] == ' ' ? 0 : word + 1;
		if (word > LINE_CHARS || (i > 0 && s.p[i] == ' ' && s.p[i - 1] == ' '))
			return false;
	}
	return is_ascii_line(s) && str_find(s, STR("=?"), 0) == SIZE_MAX;
}

/* ASCII, with its lines broken at spaces. */
static void add_folded(struct buf *b, struct str text, size_t column, struct str eol)
{
	for (size_t at = 0; at < text.n;) {
		size_t space = str_find_char(text, ' ', at + 1), end = space == SIZE_MAX ? text.n : space;
		bool breaks = at > 0 && end - at > 1 && column + end - at > LINE_CHARS;
		if (breaks)
			buf_add(b, eol);
		buf_add(b, str_sub(text, at, end));
		column = (breaks ? 0 : column) + end - at;
		at = end;
	}
}

static void add_words(struct buf *b, struct arena *a, struct str text, struct str eol)
{
	for (size_t at = 0; at < text.n;) {
		struct str word = utf8_cut(str_sub(text, at, text.n), WORD_BYTES);
		if (at > 0) {
			buf_add(b, eol);
			buf_add_char(b, ' ');
		}
		buf_add_c(b, "=?UTF-8?B?");
		buf_add(b, base64_encode(a, word));
		buf_add_c(b, "?=");
		at += word.n;
	}
}

/* The whole field. */
static struct str written(struct editor *e, struct str name, struct str text)
{
	struct str out;
	struct buf b;

	buf_init(&b, 8 * SUBJECT_MAX);
	buf_add(&b, name);
	buf_add_c(&b, ": ");
	text = utf8_clean(e->arena, utf8_cut(text, SUBJECT_MAX));
	if (may_fold(text))
		add_folded(&b, text, b.n, e->eol);
	else
		add_words(&b, e->arena, text, e->eol);
	buf_add(&b, e->eol);
	out = arena_str(e->arena, buf_str(&b));
	buf_free(&b);
	return out;
}

static struct edit edit_of(size_t start, size_t length, struct str text)
{
	struct edit x = { 0 };

	SET(&x, edit, start, (int64_t)start);
	SET(&x, edit, length, (int64_t)length);
	SET(&x, edit, text, text);
	return x;
}

/* Where in the raw mail the text of a field begins, and what of it stands on that line. */
static size_t text_of(struct str raw, const struct header *h, size_t *rest)
{
	size_t at = (size_t)(h->value.p - raw.p), end = at + h->value.n;

	while (at < end && strchr(" \t\r\n", raw.p[at]))
		at++;
	size_t eol = at;
	while (eol < end && raw.p[eol] != '\r' && raw.p[eol] != '\n')
		eol++;
	*rest = eol - at;
	return at;
}

/* Whether the prefix may stand in front of what is there: both are ASCII, and it ends with the space that parts them. */
static bool may_precede(struct str lead, struct str value)
{
	return is_ascii_line(lead) && str_find(lead, STR("=?"), 0) == SIZE_MAX && str_ends(lead, STR(" ")) &&
	       str_trim(lead).n + 1 == lead.n && str_is_ascii(value) && str_trim(value).n > 0;
}

static struct edit tag(struct editor *e, const struct header *h, struct str subject)
{
	struct str raw = e->job->mail->raw;
	size_t rest, at = text_of(raw, h, &rest), line = at;

	if (!may_precede(e->lead, h->value))
		return edit_of(h->start, h->length,
			       written(e, h->name, ARENA_JOIN(e->arena, e->lead, subject)));
	while (line > 0 && raw.p[line - 1] != '\n')
		line--;
	if (at - line + e->lead.n + rest <= LINE_CHARS)
		return edit_of(at, 0, e->lead);
	return edit_of(at, 0, ARENA_JOIN(e->arena, str_trim(e->lead), e->eol, STR(" ")));
}

void edit_subject(struct editor *e)
{
	const struct headers *headers = mime_headers(e->job->mail);
	const struct header *h = headers_first(headers, STR("Subject"));
	struct str raw = e->job->mail->raw;
	struct edit x;

	if (e->lead.n == 0)
		return;
	if (headers->n == 0) {
		editor_note(e, "the subject is left as it is: the mail has no header");
		return;
	}
	if (h) {
		struct str subject =
		    encoded_word_decode_in(e->arena, header_unfold(e->arena, h->value), headers->charset);
		if (has_lead(subject, e->lead))
			return;
		x = tag(e, h, subject);
	} else {
		bool open = headers->end > 0 && raw.p[headers->end - 1] != '\n';
		struct str field = written(e, STR("Subject"), str_trim(e->lead));
		x = edit_of(headers->end, 0, open ? ARENA_JOIN(e->arena, e->eol, field) : field);
	}
	if (editor_add(e, &x, 1, ROOM_TO_ATTACH, "the subject is left as it is: too much is changed"))
		editor_note(e, "subject marked \"%.*s\"", STR_ARG(str_trim(e->lead)));
}

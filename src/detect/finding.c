/* Writing findings down. */
#include "detect/detect.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/abnf.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "mime/place.h"

#define VALUE_MAX 1000 /* bytes; the field holds 1024 characters */

/* A product such as 0.8 * 0.4, as a person would write it. */
static double rounded(double score)
{
	return nearbyint(score * 1e4) / 1e4;
}

struct finding *finding_add(struct findings *out, const char *signal, enum disposition d, double score,
			    enum category category, const char *reason)
{
	struct str name =
	    signal ? arena_printf(out->arena, "%s.%s", out->by->name, signal) : str_of(out->by->name);
	struct finding fresh = { 0 };
	struct finding *f;

	if (out->n < LIMIT_FINDINGS) {
		ARENA_PUSH(out->arena, out, fresh);
		f = &out->v[out->n - 1];
	} else {
		f = ARENA_NEW(out->arena, struct finding); /* written, and forgotten */
	}
	SET(f, finding, name, name);
	SET(f, finding, detection, (int)d);
	SET(f, finding, score, rounded(score > 1 ? 1 : score < 0 ? 0 : score));
	SET(f, finding, reason, str_of(reason));
	SET(f, finding, family, (int64_t)out->by->family);
	if (category != CAT_NONE)
		SET(f, finding, category, (int64_t)category);
	return f;
}

bool finding_is_by(const struct finding *f, const struct detector *d)
{
	size_t n = strlen(d->name);

	return str_starts(f->name, str_of(d->name)) && (f->name.n == n || f->name.p[n] == '.');
}

bool finding_is_said(const struct findings *all, const struct detector *d, const char *signal)
{
	struct str name = arena_printf(all->arena, "%s.%s", d->name, signal);

	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->v[i].name, name) && !HAS(&all->v[i], finding, suppressed_by))
			return true;
	return false;
}

void finding_where(struct finding *f, const char *field, const char *portion, struct str value)
{
	SET(f, finding, field, str_of(field));
	if (portion)
		SET(f, finding, portion, str_of(portion));
	if (value.n > 0)
		SET(f, finding, value, utf8_cut(value, VALUE_MAX));
}

void finding_bytes(struct finding *f, size_t offset, size_t length)
{
	if (length == 0)
		return;
	SET(f, finding, offset, (int64_t)offset);
	SET(f, finding, length, (int64_t)length);
}

void finding_part(struct finding *f, const struct mime_part *part)
{
	if (!part->derived)
		finding_bytes(f, part->body_start, part->body_length);
}

void finding_text(struct finding *f, const struct scan *s, const struct mime_text *t, size_t offset,
		  size_t length)
{
	struct place place;

	if (mime_place(s->arena, t, offset, length, &place))
		finding_bytes(f, place.start, place.length);
	else
		finding_part(f, t->part);
}

#define WORDS_LOOKED_AT (64u << 10) /* bytes of a source: what is folded of it is not more */

/* Whether a letter beside goes on with the word; scripts without spaces have others beside every word. */
static bool goes_on(struct str s, size_t edge, size_t beside)
{
	unsigned char c = beside < s.n ? (unsigned char)s.p[beside] : ' ';

	return (unsigned char)s.p[edge] < 0x80 && (c >= 0x80 || abnf_is_alnum(c));
}

/* Whether the words stand at `at` as such: no part of longer ones, and not inside a tag. */
static bool stands_alone(const struct mime_text *t, size_t at, size_t length)
{
	struct str s = t->source, before = str_sub(s, 0, at);
	size_t open = t->html ? str_rfind_char(before, '<') : SIZE_MAX, close = str_rfind_char(before, '>');

	if (open != SIZE_MAX && (close == SIZE_MAX || close < open))
		return false;
	return !goes_on(s, at, at - 1) && !goes_on(s, at + length - 1, at + length);
}

#define TRIES 64 /* places of a text that have the words in them */

#define GAP_MOST 8 /* bytes between two words: blanks, a line's end, a sign */

/* How many bytes of s from `at` on are these words, whatever stands between them; 0: they are not there. */
static size_t words_length(struct str s, size_t at, struct str words)
{
	size_t from = at, gap;

	for (size_t i = 0; i < words.n; i++) {
		if (words.p[i] != ' ') {
			if (at >= s.n || ascii_lower(s.p[at++]) != words.p[i])
				return 0;
			continue;
		}
		for (gap = 0;
		     at < s.n && (unsigned char)s.p[at] < 0x80 && !abnf_is_alnum((unsigned char)s.p[at]);
		     gap++)
			at++;
		if (gap == 0 || gap > GAP_MOST)
			return 0;
	}
	return at - from;
}

void finding_words(struct finding *f, const struct scan *s, struct str words)
{
	struct str first = str_sub(words, 0, str_find_char(words, ' ', 0));

	for (size_t i = 0; i < s->content->texts.n && words.n > 0; i++) {
		const struct mime_text *t = &s->content->texts.v[i];
		struct str source = str_sub(t->source, 0, WORDS_LOOKED_AT);
		size_t at = str_find_nocase(source, first, 0), length;
		/* Only what is the phrase counts as a try: its first word may be no more than "i". */
		for (int n = 0; at != SIZE_MAX && n<TRIES; n += length> 0) {
			length = words_length(source, at, words);
			if (length > 0 && stands_alone(t, at, length)) {
				finding_text(f, s, t, at, length);
				return;
			}
			at = str_find_nocase(source, first, at + 1);
		}
	}
}

/* A link of a text: its tag, or itself where it is written out. */
static void link_of_text(struct finding *f, const struct scan *s, const struct mime_text *t,
			 const struct mime_link *link)
{
	size_t at = link->offset == SIZE_MAX ? str_find(t->source, link->href, 0) : link->offset;

	if (at >= t->source.n || t->source.p[at] != '<') {
		finding_text(f, s, t, at, link->href.n);
		return;
	}
	size_t end = str_find_char(t->source, '>', at);
	finding_text(f, s, t, at, end == SIZE_MAX ? link->href.n : end + 1 - at);
}

void finding_link(struct finding *f, const struct scan *s, const struct mime_link *link)
{
	if (link->file) {
		finding_attachment(f, s, &s->content->attachments.v[link->file - 1]);
	} else {
		for (size_t i = 0; i < s->content->texts.n && !link->field && !link->code; i++) {
			const struct mime_text *t = &s->content->texts.v[i];
			if (t->part == link->part && (t->html || !link->html)) {
				link_of_text(f, s, t, link);
				return;
			}
		}
	}
	if (!link->field)
		finding_part(f, link->part);
	else if (!link->part->derived)
		finding_bytes(f, link->field->start, link->field->length);
}

void finding_attachment(struct finding *f, const struct scan *s, const struct mime_attachment *file)
{
	SET(f, finding, attachment, str_sub(file->name, 0, VALUE_MAX));
	SET(f, finding, attachment_index, file - s->content->attachments.v);
}

void finding_detail(struct findings *out, struct finding *f, const char *fmt, ...)
{
	char text[VALUE_MAX];
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n <= 0)
		return;
	size_t length = (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1;
	struct str clean = utf8_clean(out->arena, utf8_cut(str_from(text, length), VALUE_MAX));
	SET(f, finding, detail, utf8_cut(defang(out->arena, clean), VALUE_MAX));
}

static bool host_byte(unsigned char c)
{
	return abnf_is_ldh(c) || c == '.' || c == '_' || c >= 0x80;
}

/* Index of the dot to replace in one run of host bytes, or SIZE_MAX: none, a number, or the end of a sentence. */
static size_t dot_to_hide(struct str run)
{
	size_t dots = 0, last = SIZE_MAX;
	bool number = true;

	for (size_t i = 0; i < run.n; i++) {
		if (run.p[i] == '.') {
			dots++;
			if (i > 0 && i + 1 < run.n && run.p[i + 1] != '.')
				last = i;
		} else if (!abnf_is_digit((unsigned char)run.p[i])) {
			number = false;
		}
	}
	return number && dots < 3 ? SIZE_MAX : last;
}

struct str defang(struct arena *a, struct str text)
{
	struct buf b;

	buf_init(&b, text.n * 5 + 1);
	for (size_t i = 0; i < text.n;) {
		size_t end = i;
		while (end < text.n && host_byte((unsigned char)text.p[end]))
			end++;
		if (end == i) {
			buf_add_char(&b, text.p[i++]);
			continue;
		}
		size_t dot = dot_to_hide(str_sub(text, i, end));
		if (dot == SIZE_MAX) {
			buf_add(&b, str_sub(text, i, end));
		} else {
			buf_add(&b, str_sub(text, i, i + dot));
			buf_add_c(&b, "[dot]");
			buf_add(&b, str_sub(text, i + dot + 1, end));
		}
		i = end;
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

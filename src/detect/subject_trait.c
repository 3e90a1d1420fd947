/* Reading subjects and names for what people do not write. */
#include "detect/subject_trait.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/utf8.h"
#include "detect/detect.h"
#include "detect/lists.h"

#define LABEL_MOST 40 /* bytes of a label */

/* Behind the tags of lists: "[ilug] ". */
static struct str behind_tags(struct str subject)
{
	size_t end;

	while (subject.n > 0 && subject.p[0] == '[' && (end = str_find(subject, STR("] "), 0)) != SIZE_MAX &&
	       end + 2 < subject.n)
		subject = str_trim(str_sub(subject, end + 2, subject.n));
	return subject;
}

/* What stands in the brackets that the text begins with, whatever its blanks and signs; "" = it begins with none. */
static struct str in_brackets(struct arena *a, struct str text)
{
	static const char *const open[] = {
		"(",           "[", "{", "<", "\xef\xbc\x88", "\xef\xbc\xbb", "\xe3\x80\x90", "\xe3\x80\x94",
		"\xe3\x80\x8a"
	};
	static const char *const close[] = {
		")",           "]", "}", ">", "\xef\xbc\x89", "\xef\xbc\xbd", "\xe3\x80\x91", "\xe3\x80\x95",
		"\xe3\x80\x8b"
	};

	for (size_t i = 0; i < ARRAY_LEN(open); i++) {
		if (!str_starts(text, str_of(open[i])))
			continue;
		struct str label = str_sub(text, strlen(open[i]), str_find(text, str_of(close[i]), 0));
		char *kept = arena_alloc(a, LABEL_MOST);
		size_t n = 0;
		for (size_t j = 0; j < label.n && n < LABEL_MOST; j++)
			if ((unsigned char)label.p[j] >= 0x80 || abnf_is_alnum((unsigned char)label.p[j]))
				kept[n++] = ascii_lower(label.p[j]);
		return str_from(kept, n);
	}
	return STR_NONE;
}

static void name_is_seen(const struct scan *s, struct seen *out)
{
	out->field = headers_first(mime_headers(s->mail), s->from.header);
	out->value = s->from.name;
	out->named = true;
}

static bool subject_is_seen(const struct scan *s, struct seen *out)
{
	out->field = scan_field(s, "Subject");
	out->value = str_trim(s->subject);
	return out->field && out->value.n > 0;
}

/*
 * Labels that laws ask of advertising nobody asked for: some states of the USA, Singapore ("ADV"), the USA for what is
 * explicit (16 CFR 316.4), Japan until 2008.
 */
bool subject_ad_label(const struct scan *s, struct seen *out)
{
	static const char *const starts[] = {
		"ADV:", "ADV :", "ADV-", "ADV ADULT", "ADLT:", "SEXUALLY-EXPLICIT:", "SEXUALLY EXPLICIT:"
	};

	if (!subject_is_seen(s, out))
		return false;
	struct str subject = behind_tags(out->value), label = in_brackets(s->arena, out->value);
	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (str_starts(subject, str_of(starts[i])))
			return true;
	return str_eq(label, STR("adv")) || str_eq(label, STR("advadult")) || str_eq(label, STR("advadlt")) ||
	       str_find(out->value, STR("\xe6\x89\xbf\xe8\xab\xbe\xe5\xba\x83\xe5\x91\x8a"), 0) != SIZE_MAX;
}

/* And of all advertising: Korea, China. */
bool subject_ad_named(const struct scan *s, struct seen *out)
{
	static const char *const labels[] = { "\xea\xb4\x91\xea\xb3\xa0", "\xe5\xb9\xbf\xe5\x91\x8a",
					      "\xe5\xbb\xa3\xe5\x91\x8a", "\xe5\xba\x83\xe5\x91\x8a",
					      "\xb1\xa4\xb0\xed" /* in a field without a charset */ };

	if (!subject_is_seen(s, out))
		return false;
	struct str raw = str_trim(header_unfold(s->arena, out->field->value)),
		   shown[] = { in_brackets(s->arena, out->value), in_brackets(s->arena, raw) };
	for (size_t i = 0; i < ARRAY_LEN(labels); i++)
		if (str_starts(shown[0], str_of(labels[i])) || str_starts(shown[1], str_of(labels[i])))
			return true;
	bool ideographs = str_find(out->value, STR("\xe4"), 0) != SIZE_MAX ||
			  str_find(out->value, STR("\xe5"), 0) != SIZE_MAX ||
			  str_find(out->value, STR("\xe6"), 0) != SIZE_MAX;
	return ideographs && str_eq(shown[0], STR("ad"));
}

#define JOINS_LEAST 3

/* "_Your_Offer_is_waiting_", "#Deals#": words that signs hold together, as people write no name and no subject. */
static bool is_joined(struct str text)
{
	size_t joins = 0, large = 0, small = 0;

	if (text.n < 4 || !text.p)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c == '.' || c == '/' || c == '(' || c == '[' || c == '@')
			return false; /* a name of a file, a function, a list */
		joins += c == '_' && i > 0 && i + 1 < text.n && abnf_is_alpha((unsigned char)text.p[i - 1]) &&
			 abnf_is_alpha((unsigned char)text.p[i + 1]);
		large += c >= 'A' && c <= 'Z';
		small += c >= 'a' && c <= 'z';
	}
	bool signs = strchr("_#*", text.p[0]) && strchr("_#*", text.p[text.n - 1]);
	return small > 1 && large > 0 &&
	       (signs || (joins >= JOINS_LEAST && str_find_char(text, ' ', 0) == SIZE_MAX));
}

bool subject_joined_words(const struct scan *s, struct seen *out)
{
	if (is_joined(str_trim(s->from.name))) {
		name_is_seen(s, out);
		return true;
	}
	return subject_is_seen(s, out) && is_joined(out->value);
}

#define LETTERS_APART 5

/* "W e l c o m e" */
static bool are_letters_apart(struct str text)
{
	size_t run = 0;

	for (size_t i = 0; i < text.n; i++) {
		bool letter = abnf_is_alpha((unsigned char)text.p[i]);
		bool alone =
		    letter && (i == 0 || text.p[i - 1] == ' ') && (i + 1 == text.n || text.p[i + 1] == ' ');
		run = alone ? run + 1 : letter || (text.p[i] != ' ') ? 0 : run;
		if (run >= LETTERS_APART)
			return true;
	}
	return false;
}

bool subject_letters_apart(const struct scan *s, struct seen *out)
{
	if (are_letters_apart(s->from.name)) {
		name_is_seen(s, out);
		return true;
	}
	return subject_is_seen(s, out) && are_letters_apart(out->value);
}

#define SPLITS_LEAST 4

static bool is_letter(uint32_t c)
{
	return (c < 0x80 && abnf_is_alpha((unsigned char)c)) || (c >= 0xc0 && c < 0x590);
}

/*
 * Letters of words with what nobody sees between them: so that no program reads the word. Scripts that join their letters need
 * such characters, and emoji; Latin, Greek and Cyrillic have no use for them, and a soft hyphen stands in a long word once.
 */
static bool are_letters_split(struct str text)
{
	size_t splits = 0;
	bool letter = false, hidden = false;

	for (size_t i = 0; i < text.n && splits < SPLITS_LEAST;) {
		uint32_t c = utf8_next(text, &i);
		if (utf8_is_invisible(c)) {
			hidden = letter;
			continue;
		}
		bool now = is_letter(c);
		splits += now && letter && hidden;
		letter = now;
		hidden = false;
	}
	return splits >= SPLITS_LEAST;
}

bool subject_letters_split(const struct scan *s, struct seen *out)
{
	if (are_letters_split(s->from.name)) {
		name_is_seen(s, out);
		return true;
	}
	return subject_is_seen(s, out) && are_letters_split(out->value);
}

#define CODE_DIGITS 15

/* "Confirmation-56443t5*Rlk2": by which copies differ. */
bool subject_code(const struct scan *s, struct seen *out)
{
	if (!subject_is_seen(s, out))
		return false;
	size_t space = str_rfind_char(out->value, ' ');
	struct str word = str_sub(out->value, space == SIZE_MAX ? 0 : space + 1, out->value.n);
	size_t star = str_find_char(word, '*', 1), digits = 0, letters = 0;
	for (size_t i = 0; i < word.n; i++) {
		digits += abnf_is_digit((unsigned char)word.p[i]);
		letters += abnf_is_alpha((unsigned char)word.p[i]);
	}
	if (digits >= CODE_DIGITS && digits == word.n)
		return list_is_free_mail(s->from.owner); /* parcels have such numbers */
	return star != SIZE_MAX && star + 1 < word.n && digits > 1 && letters > 2 &&
	       abnf_is_alnum((unsigned char)word.p[star - 1]) &&
	       abnf_is_alnum((unsigned char)word.p[star + 1]);
}

/* ---- blanks ---- */

#define BLANKS 6      /* in a subject, where people and programs write one */
#define TAIL_BEHIND 8 /* bytes of a subject before its tag, at least */

/* As it is written: encoded words stay what they are. */
static bool raw_is_seen(const struct scan *s, struct seen *out)
{
	out->field = scan_field(s, "Subject");
	if (out->field)
		out->value = str_trim(header_unfold(s->arena, out->field->value));
	return out->value.n > 0;
}

static bool has_letter(struct str s)
{
	size_t i = 0;

	while (i < s.n && (unsigned char)s.p[i] < 0x80 && !abnf_is_alnum((unsigned char)s.p[i]))
		i++;
	return i < s.n;
}

/* How many blanks stand there. */
static size_t blanks_at(struct str s, size_t at)
{
	size_t n = 0;

	while (at + n < s.n && s.p[at + n] == ' ')
		n++;
	return n;
}

/* "Save money            xkjq7": a tag by which copies differ. Blanks between encoded words are not shown (RFC 2047 §6.2). */
bool subject_tail(const struct scan *s, struct seen *out)
{
	if (!raw_is_seen(s, out))
		return false;
	size_t end = str_rfind_char(out->value, ' '), from = end;
	while (end != SIZE_MAX && from > 0 && out->value.p[from - 1] == ' ')
		from--;
	if (end == SIZE_MAX || from < TAIL_BEHIND || end - from + 1 < BLANKS || end + 1 >= out->value.n)
		return false;
	struct str tail = str_sub(out->value, end + 1, out->value.n);
	if (str_starts(tail, STR("=?")) || !has_letter(tail))
		return false;
	out->detail = arena_printf(s->arena, "\"%.*s\" behind %zu blanks", STR_ARG(str_sub(tail, 0, 100)),
				   end - from + 1);
	return true;
}

/* Rows of blanks in the subject or between its encoded words. Programs begin lines with them, so those are none. */
bool subject_blanks(const struct scan *s, struct seen *out)
{
	size_t most = 0;

	if (!raw_is_seen(s, out))
		return false;
	struct str raw = out->field->value;
	for (size_t at = 0, n; at < raw.n; at += n + 1) {
		n = blanks_at(raw, at);
		bool begins = at == 0 || raw.p[at - 1] == '\n',
		     ends = at + n == raw.n || raw.p[at + n] == '\r';
		if (!begins && !ends && n > most)
			most = n;
	}
	out->detail = arena_printf(s->arena, "%zu blanks in a row", most);
	return most >= BLANKS;
}

#define CAPITALS_LEAST 12 /* letters; shorter ones are names and abbreviations */
#define CAPITALS_WORDS 3

/* Words of capitals alone, in scripts that have small letters. An answer has the subject that somebody else wrote. */
bool subject_capitals(const struct scan *s, struct seen *out)
{
	size_t letters = 0, words = 0;
	bool word = false;

	if (!subject_is_seen(s, out) || scan_field(s, "In-Reply-To"))
		return false;
	struct str text = behind_tags(out->value);
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c >= 'a' && c <= 'z')
			return false;
		if (c == '_')
			return false; /* the name of a constant or a file */
		letters += abnf_is_alpha(c);
		words += abnf_is_alpha(c) && !word;
		word = c != ' ';
	}
	return letters >= CAPITALS_LEAST && words >= CAPITALS_WORDS;
}

/* Words for a password, and the words around them. */
#include "mime/password.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/utf8.h"

#define TEXT_MAX 65536
#define BEHIND 120 /* bytes behind the word that are looked at */
#define BEFORE 60  /* and before it */
#define WORDS_BEHIND 8
#define WORDS_BEFORE 3
#define LETTERS_MIN 3 /* of a password */
#define PLACES_MAX 12 /* of words for it, all texts together */
#define SENTENCE 160

/* ASCII in any case; other letters as they stand at the beginning of a sentence and inside. */
static const char *const names[] = {
	/* English, and what others take from it */
	"password",
	"passwd",
	"passcode",
	"pass code",
	"passphrase",
	"pass word",
	"pwd",
	"pw:",
	"pw ",
	"psw",
	"pass:",
	"pass :",
	"pass is",
	"pass -",
	"pass=",
	"p@ssword",
	"pin:",
	"pin is",
	"pin code",
	"access code",
	"archive code",
	"file code",
	"unlock code",
	"code:",
	"code is",
	"key:",
	/* German, French, Spanish, Portuguese, Italian, Dutch, Polish, Turkish, Swedish */
	"passwort",
	"kennwort",
	"zugangscode",
	"passw\xc3\xb6rter",
	"mot de passe",
	"mdp",
	"code d'acc",
	"contrase",
	"clave",
	"senha",
	"palavra-passe",
	"palavra passe",
	"parola d'ordine",
	"parola chiave",
	"codice",
	"wachtwoord",
	"toegangscode",
	"has\xc5\x82o",
	"haslo",
	"parola",
	"\xc5\x9fifre",
	"sifre",
	"l\xc3\xb6senord",
	"losenord",
	"adgangskode",
	"salasana",
	"heslo",
	"jelsz\xc3\xb3",
	/* Russian, Ukrainian, Greek */
	"\xd0\xbf\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb",
	"\xd0\x9f\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb",
	"\xd0\x9f\xd0\x90\xd0\xa0\xd0\x9e\xd0\x9b",
	"\xce\xba\xcf\x89\xce\xb4\xce\xb9\xce\xba",
	"\xce\x9a\xcf\x89\xce\xb4\xce\xb9\xce\xba",
	/* Chinese, Japanese, Korean, Arabic */
	"\xe5\xaf\x86\xe7\xa0\x81",
	"\xe5\xaf\x86\xe7\xa2\xbc",
	"\xe5\x8f\xa3\xe4\xbb\xa4",
	"\xe5\xaf\x86\xe9\x91\xb0",
	"\xe8\xa7\xa3\xe5\x8e\x8b\xe7\xa0\x81",
	"\xe3\x83\x91\xe3\x82\xb9\xe3\x83\xaf\xe3\x83\xbc\xe3\x83\x89",
	"\xe6\x9a\x97\xe8\xa8\xbc",
	"\xeb\xb9\x84\xeb\xb0\x80\xeb\xb2\x88\xed\x98\xb8",
	"\xec\x95\x94\xed\x98\xb8",
	"\xd9\x83\xd9\x84\xd9\x85\xd8\xa9 \xd8\xa7\xd9\x84\xd9\x85\xd8\xb1\xd9\x88\xd8\xb1",
};

/* Words that join the name to the password, in lower case. */
static const char *const joins[] = {
	"is",    "are",      "the",        "for",      "to",     "your",    "this", "file",  "archive",
	"zip",   "of",       "a",          "ist",      "lautet", "das",     "die",  "der",   "f\xc3\xbcr",
	"datei", "zum",      "est",        "pour",     "le",     "la",      "es",   "el",    "para",
	"del",   "archivo",  "e",          "\xc3\xa9", "o",      "do",      "da",   "per",   "il",
	"di",    "\xc3\xa8", "het",        "van",      "voor",   "bestand", "to",   "jest",  "do",
	"and",   "open",     "attachment", "document", "pdf",    "use",     "with", "enter", "following",
	"below", "required", "protected",  "code",     "in",
};

struct finder {
	struct arena *a;
	struct passwords out;
	struct strs weak; /* words that are hardly one */
	size_t places;
};

static bool is_join(struct str word)
{
	for (size_t i = 0; i < ARRAY_LEN(joins); i++)
		if (str_eq_nocase(word, str_of(joins[i])))
			return true;
	return false;
}

static void add(struct finder *f, struct strs *to, struct str word)
{
	if (word.n < LETTERS_MIN || word.n > PASSWORD_BYTES || to->n >= PASSWORDS_MAX || strs_has(to, word) ||
	    strs_has(&f->out.said, word))
		return;
	ARENA_PUSH(f->a, to, arena_str(f->a, word));
}

static bool is_mark(char c)
{
	return c != '\0' && strchr(".,;:!?\"'`()[]{}<>*_=-~|", c) != NULL;
}

/* Quotes and full-width signs, of more bytes than one. */
static size_t wide_mark(struct str s)
{
	static const struct str marks[] = {
		STR_INIT("\xc2\xab"),     STR_INIT("\xc2\xbb"),     STR_INIT("\xc2\xa0"),
		STR_INIT("\xe2\x80\x9c"), STR_INIT("\xe2\x80\x9d"), STR_INIT("\xe2\x80\x9e"),
		STR_INIT("\xe2\x80\x98"), STR_INIT("\xe2\x80\x99"), STR_INIT("\xe2\x80\x93"),
		STR_INIT("\xe3\x80\x8c"), STR_INIT("\xe3\x80\x8d"), STR_INIT("\xe3\x80\x90"),
		STR_INIT("\xe3\x80\x91"), STR_INIT("\xef\xbc\x9a"), STR_INIT("\xef\xbc\x8c"),
		STR_INIT("\xe3\x80\x82"), STR_INIT("\xe3\x80\x80"),
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (str_starts(s, marks[i]))
			return marks[i].n;
	return 0;
}

static struct str without_marks(struct str word)
{
	size_t wide;

	while (word.n && (is_mark(word.p[0]) || wide_mark(word)))
		wide = wide_mark(word), word = str_sub(word, wide ? wide : 1, word.n);
	while (word.n && is_mark(word.p[word.n - 1]))
		word.n--;
	for (size_t n = 2; n <= 3 && word.n > n; n++)
		if (wide_mark(str_sub(word, word.n - n, word.n)) == n)
			word.n -= n;
	return word;
}

/* The first run of letters that keyboards have in every country: text in Chinese has no spaces around it. */
static struct str ascii_run(struct str word)
{
	size_t from = 0, end;

	while (from < word.n && ((unsigned char)word.p[from] >= 0x80 || is_mark(word.p[from])))
		from++;
	for (end = from; end < word.n && (unsigned char)word.p[end] < 0x80;)
		end++;
	return str_sub(word, from, end);
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (abnf_is_digit((unsigned char)s.p[i]))
			return true;
	return false;
}

/* One word near the name; sure: right behind it. */
static void take(struct finder *f, struct str word, bool sure)
{
	struct str bare = without_marks(word), ascii = ascii_run(bare);

	if (is_join(bare))
		return;
	struct strs *to = sure || has_digit(bare) ? &f->out.said : &f->weak;
	add(f, to, bare);
	add(f, &f->weak, word); /* "abc!" may be meant so */
	if (ascii.n < bare.n)
		add(f, to, without_marks(ascii));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The next word at or behind *at; "" = none. */
static struct str next_word(struct str s, size_t *at)
{
	size_t from = *at, end;

	while (from < s.n && is_blank(s.p[from]))
		from++;
	for (end = from; end < s.n && !is_blank(s.p[end]);)
		end++;
	*at = end;
	return str_sub(s, from, end);
}

/* Words in quotes, which may have spaces in them. */
static void take_quoted(struct finder *f, struct str s)
{
	size_t from = 0, end;

	while (from < s.n && s.p[from] != '"' && !wide_mark(str_sub(s, from, s.n)))
		from++;
	if (from == s.n)
		return;
	from += s.p[from] == '"' ? 1 : wide_mark(str_sub(s, from, s.n));
	for (end = from;
	     end < s.n && s.p[end] != '"' && s.p[end] != '\n' && !wide_mark(str_sub(s, end, s.n));)
		end++;
	struct str inside = str_trim(str_sub(s, from, end));
	if (end < s.n && str_find_char(inside, ' ', 0) != SIZE_MAX)
		add(f, &f->out.said, inside);
}

/* What follows within two lines: the first word that is no join is most likely it. */
static void look_behind(struct finder *f, struct str text, size_t at, bool latin)
{
	struct str s = str_sub(text, at, at + BEHIND);
	size_t lines = 0, pos = 0;
	bool sure = true;

	/* The rest of a word for it: "Passwörter", "password(s)". */
	while (pos < s.n &&
	       (latin ? abnf_is_alpha((unsigned char)s.p[pos]) : (unsigned char)s.p[pos] >= 0x80) &&
	       !wide_mark(str_sub(s, pos, s.n)))
		pos++;
	if (pos == s.n || pos > 24)
		pos = 0;
	take_quoted(f, s);
	for (size_t n = 0, before = pos; n < WORDS_BEHIND; n++, before = pos) {
		struct str word = next_word(s, &pos);
		for (size_t i = before; i + word.n < pos; i++)
			lines += s.p[i] == '\n';
		if (word.n == 0 || lines > 2)
			return;
		struct str bare = without_marks(word);
		take(f, word, sure);
		sure = sure && (bare.n < LETTERS_MIN || is_join(bare));
	}
}

/* "1234 is the password". */
static void look_before(struct finder *f, struct str text, size_t at)
{
	struct str s = str_sub(text, at > BEFORE ? at - BEFORE : 0, at);
	size_t line = str_rfind_char(s, '\n');
	struct str words[WORDS_BEFORE] = { { 0 } };
	size_t pos = line == SIZE_MAX ? 0 : line + 1;

	for (;;) {
		struct str word = next_word(s, &pos);
		if (word.n == 0)
			break;
		memmove(words, words + 1, sizeof(words) - sizeof(words[0]));
		words[WORDS_BEFORE - 1] = word;
	}
	for (size_t i = WORDS_BEFORE; i-- > 0;)
		if (words[i].n)
			take(f, words[i], false);
}

static bool begins_with(struct str text, struct str name, bool ascii)
{
	return ascii ? str_starts_nocase(text, name) : str_starts(text, name);
}

/* The name that begins here, or "". */
static struct str name_at(struct str text)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str name = str_of(names[i]);
		if (begins_with(text, name, (unsigned char)name.p[0] < 0x80))
			return name;
	}
	return STR_NONE;
}

static void look_in(struct finder *f, struct str text)
{
	bool first[256] = { false };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		unsigned char c = (unsigned char)names[i][0];
		first[c] = true;
		first[abnf_is_alpha(c) ? c ^ 0x20 : c] = true;
	}
	for (size_t at = 0; at < text.n && f->places < PLACES_MAX; at++) {
		unsigned char c = (unsigned char)text.p[at];
		if (!first[c] || (c < 0x80 && at > 0 && abnf_is_alpha((unsigned char)text.p[at - 1])))
			continue; /* "zipcode:" */
		struct str name = name_at(str_sub(text, at, text.n));
		if (!name.n)
			continue;
		size_t before = f->out.said.n;
		f->places++;
		look_behind(f, text, at + name.n, c < 0x80);
		look_before(f, text, at);
		if (f->out.said.n > before && !f->out.sentence.n)
			f->out.sentence = str_trim(utf8_cut(str_sub(text, at, text.n), SENTENCE));
		at += name.n - 1;
	}
}

struct passwords passwords_in(struct arena *a, const struct str *texts, size_t n)
{
	struct finder f = { .a = a };

	for (size_t i = 0; i < n; i++)
		look_in(&f, str_sub(texts[i], 0, TEXT_MAX));
	for (size_t i = 0; i < f.weak.n && f.out.said.n < PASSWORDS_MAX; i++)
		ARENA_PUSH(a, &f.out.said, f.weak.v[i]);
	return f.out;
}

/*
 * Folding text for comparison. ICU gives lower case; accents of Latin letters are dropped by a table of ours, and rarer
 * ones by what Unicode says of them.
 *
 * Words are seldom written in two scripts but to be read by people alone, so such a word is written anew in one of them. Words
 * of one script stay as they are, but where lookalikes alone make a word in a text that is Latin otherwise.
 */
#include "detect/text.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "base/arena.h"
#include "base/abnf.h"
#include "base/utf8.h"

/* U+00E0..U+017F in lower case, what remains without the accent; '\0' stays as it is. */
static const char plain[] = "aaaaaaaceeeeiiiidnooooo\0ouuuuyty" /* 00e0..00ff */
			    "aaaaaaccccccccdd"                  /* 0100 */
			    "ddeeeeeeeeeegggg"
			    "gggghhhhiiiiiiii"
			    "iiiijjkkklllllll"
			    "lllnnnnnnnnnoooo"
			    "oooorrrrrrssssss"
			    "ssttttttuuuuuuuu"
			    "uuuuwwyyyzzzzzzs";
_Static_assert(sizeof(plain) - 1 == 0x180 - 0xe0, "one letter for each code point");

bool text_stands_alone(uint32_t cp)
{
	return (cp >= 0x3040 && cp <= 0x30ff) || (cp >= 0x3400 && cp <= 0x9fff) ||
	       (cp >= 0xe00 && cp <= 0xe7f);
}

#define STYLED_LETTERS 0x1d400 /* thirteen alphabets of 52 letters: bold, script and the like */
#define STYLED_LETTERS_END 0x1d6a4
#define STYLED_DIGITS 0x1d7ce
#define STYLED_DIGITS_END 0x1d800

/* Alphabets of signs, with which words are made strange to programs: in circles, in squares, in parentheses. */
static const struct {
	uint32_t first, last; /* "a" is the first, and again every 26 */
} sign_alphabets[] = { { 0x249c, 0x24e9 },
		       { 0x1f110, 0x1f129 },
		       { 0x1f130, 0x1f149 },
		       { 0x1f150, 0x1f169 },
		       { 0x1f170, 0x1f189 } };

static uint32_t unstyled(uint32_t cp)
{
	if (cp >= STYLED_LETTERS && cp < STYLED_LETTERS_END)
		return 'a' + (cp - STYLED_LETTERS) % 52 % 26;
	if (cp >= STYLED_DIGITS && cp < STYLED_DIGITS_END)
		return '0' + (cp - STYLED_DIGITS) % 10;
	if (cp >= 0xff01 && cp <= 0xff5e)
		return cp - 0xfee0;
	for (size_t i = 0; i < ARRAY_LEN(sign_alphabets); i++)
		if (cp >= sign_alphabets[i].first && cp <= sign_alphabets[i].last)
			return 'a' + (cp - sign_alphabets[i].first) % 26;
	return cp;
}

/* Letters of Latin that Unicode does not take apart: those of phonetics, and small capitals. */
static uint32_t of_phonetics(uint32_t cp)
{
	static const struct {
		uint16_t cp;
		char letter;
	} letters[] = {
		{ 0x0192, 'f' }, { 0x0251, 'a' }, { 0x0261, 'g' }, { 0x0262, 'g' }, { 0x0269, 'i' },
		{ 0x026a, 'i' }, { 0x0274, 'n' }, { 0x0280, 'r' }, { 0x028f, 'y' }, { 0x0299, 'b' },
		{ 0x029c, 'h' }, { 0x029f, 'l' }, { 0x1d00, 'a' }, { 0x1d04, 'c' }, { 0x1d05, 'd' },
		{ 0x1d07, 'e' }, { 0x1d0a, 'j' }, { 0x1d0b, 'k' }, { 0x1d0d, 'm' }, { 0x1d0f, 'o' },
		{ 0x1d18, 'p' }, { 0x1d1b, 't' }, { 0x1d1c, 'u' }, { 0x1d20, 'v' }, { 0x1d21, 'w' },
		{ 0x1d22, 'z' }, { 0xa730, 'f' }, { 0xa731, 's' },
	};

	for (size_t i = 0; i < ARRAY_LEN(letters); i++)
		if (letters[i].cp == cp)
			return (unsigned char)letters[i].letter;
	return cp;
}

/* Where letters of Latin stand besides those of `plain`: the rest of it, phonetics, letters raised and like those of print. */
static bool may_be_latin(uint32_t cp)
{
	return (cp >= 0x180 && cp < 0x2b0) || (cp >= 0x1d00 && cp < 0x1f00) ||
	       (cp >= 0x2071 && cp < 0x209d) || (cp >= 0x2100 && cp < 0x2190) ||
	       (cp >= 0xa720 && cp < 0xa800);
}

/* A letter with marks, or raised or of print, is the letter. */
static uint32_t latin_base(uint32_t cp)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar parts[20];
	int32_t n;

	if (!u_isalpha((UChar32)cp))
		return cp;
	n = unorm2_getDecomposition(unorm2_getNFKDInstance(&e), (UChar32)cp, parts, ARRAY_LEN(parts), &e);
	if (U_FAILURE(e) || n < 1 || parts[0] >= 0x80 || !abnf_is_alpha((unsigned char)parts[0]))
		return of_phonetics(cp);
	return (unsigned char)ascii_lower((char)parts[0]);
}

static uint32_t fold(uint32_t cp)
{
	cp = (uint32_t)u_tolower((UChar32)unstyled(cp));
	if (cp >= 0xe0 && cp < 0x180 && plain[cp - 0xe0])
		return (unsigned char)plain[cp - 0xe0];
	return may_be_latin(cp) ? latin_base(cp) : cp;
}

/*
 * Letters of other scripts that look like one of Latin, by runs; a space: none. Capitals are looked up as they stand, since in
 * lower case they may look otherwise.
 */
static const struct {
	uint16_t first;
	struct str latin;
} lookalikes[] = {
	/* clang-format off */
	{ 0x386, STR_INIT("a ehi o y  ab  ezh ik mn o p  ty x    aeni aby e n ik uv o pcotu x wiuouw") }, /* Greek */
	{ 0x3f2, STR_INIT("cj") },
	{ 0x400, STR_INIT("ee   siij") }, /* Cyrillic */
	{ 0x410, STR_INIT("a b  e    k mho pcty x      b   a b  e    k mho pcty x      b   ee   siij") }, /* Cyrillic */
	{ 0x474, STR_INIT("vv") },
	{ 0x4ae, STR_INIT("yy") },
	{ 0x4ba, STR_INIT("hh    l") },
	{ 0x4cf, STR_INIT("l") },
	{ 0x500, STR_INIT("dd") },
	{ 0x50c, STR_INIT("gg") },
	{ 0x51a, STR_INIT("qqww") },
	{ 0x54d, STR_INIT("u") }, /* Armenian */
	{ 0x555, STR_INIT("o") },
	{ 0x566, STR_INIT("q") },
	{ 0x570, STR_INIT("h    j  n    u   g   o") },
	/* clang-format on */
};

static char latin_lookalike(uint32_t cp)
{
	for (size_t i = 0; i < ARRAY_LEN(lookalikes) && lookalikes[i].first <= cp; i++) {
		struct str row = lookalikes[i].latin;
		size_t at = cp - lookalikes[i].first;
		if (at < row.n && row.p[at] != ' ')
			return row.p[at];
	}
	return 0;
}

/* The letter of Cyrillic that a letter of Latin is written for; 0: none. */
static uint32_t cyrillic_lookalike(uint32_t cp)
{
	static const char latin[] = "abcehkmopstxy";
	static const uint16_t cyrillic[] = { 0x430, 0x432, 0x441, 0x435, 0x43d, 0x43a, 0x43c,
					     0x43e, 0x440, 0x455, 0x442, 0x445, 0x443 };
	const char *at = cp > 0 && cp < 0x80 ? strchr(latin, (char)cp) : NULL;

	_Static_assert(ARRAY_LEN(cyrillic) == sizeof(latin) - 1, "one letter for each");
	return at ? cyrillic[at - latin] : 0;
}

/* Of what most of the part is. */
enum part_script { PART_UNASKED, PART_LATIN, PART_CYRILLIC, PART_MIXED };

struct writer {
	char *p;
	size_t n, room;
	bool mends;              /* words of two scripts */
	bool gap;                /* a space stands last */
	size_t word;             /* where the word begins that is being written */
	size_t word_from;        /* and in what is read */
	bool foreign;            /* it has letters that are not ASCII */
	struct str part;         /* what is read */
	enum part_script script; /* of it */
	bool mixed;              /* a word of it was both, and made Latin */
	size_t most;             /* bytes of a part that are looked at */
	size_t turned_from;      /* where U+202E stood, from which letters are turned; SIZE_MAX = nowhere */
};

static void put_space(struct writer *w)
{
	if (!w->gap && w->n < w->room)
		w->p[w->n++] = ' ';
	w->gap = true;
}

static void put_ascii(struct writer *w, char c)
{
	if (w->n == w->room)
		return;
	w->p[w->n++] = c;
	w->gap = false;
}

static void put_char(struct writer *w, uint32_t cp)
{
	char utf8[4];
	size_t n = utf8_encode(cp, utf8);

	if (w->n + n > w->room)
		return;
	memcpy(w->p + w->n, utf8, n);
	w->n += n;
	w->gap = false;
}

/* Marks over Latin letters, of whatever script; elsewhere only those of Latin, since other scripts write vowels with marks. */
static bool is_mark(const struct writer *w, uint32_t cp)
{
	if (cp >= 0x300 && cp <= 0x36f)
		return true;
	int type = u_charType((UChar32)cp);
	return (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK) && w->n > 0 &&
	       abnf_is_alpha((unsigned char)w->p[w->n - 1]);
}

/* What the letters of a text are. */
struct letters {
	size_t latin;   /* ASCII, folded */
	size_t no_twin; /* of them, that look like no letter of Cyrillic */
	size_t alike;   /* of other scripts, that look Latin */
	size_t other;   /* of other scripts, that do not */
	size_t cyrillic;
};

static struct letters letters_of(struct str s)
{
	struct letters n = { 0 };

	for (size_t at = 0; at < s.n;) {
		uint32_t raw = utf8_next(s, &at), cp = fold(raw);
		if (cp < 0x80 ? !abnf_is_alpha((unsigned char)cp) : !u_isalpha((UChar32)cp))
			continue;
		bool alike = cp >= 0x80 && latin_lookalike(raw);
		n.latin += cp < 0x80;
		n.no_twin += cp < 0x80 && !cyrillic_lookalike(cp);
		n.alike += alike;
		n.other += cp >= 0x80 && !alike;
		n.cyrillic += cp >= 0x400 && cp < 0x530;
	}
	return n;
}

#define LATIN_TIMES 4 /* as many letters as lookalikes, at least, where these alone make a word */

/* Latin: nothing stands there but Latin and lookalikes, and these are few or were met in words of Latin. */
static enum part_script part_script(struct writer *w)
{
	if (w->script == PART_UNASKED) {
		struct letters n = letters_of(w->part);
		w->script = n.other == 0 && n.latin >= n.alike * LATIN_TIMES ? PART_LATIN
			    : n.other > 0 && n.cyrillic > n.latin            ? PART_CYRILLIC
									     : PART_MIXED;
	}
	return w->mixed && w->script == PART_MIXED ? PART_LATIN : w->script;
}

/* Which script a word with letters that are not ASCII is meant to be of; PART_MIXED: as it is. */
static enum part_script meant(struct writer *w, struct str word)
{
	struct letters n = letters_of(word);
	bool may_be_cyrillic = n.latin > 0 && n.no_twin == 0 && n.cyrillic > 0;

	if (may_be_cyrillic && (n.other > 0 || part_script(w) == PART_CYRILLIC))
		return PART_CYRILLIC;
	if (n.alike == 0 || n.other > 0 || (n.latin == 0 && part_script(w) != PART_LATIN))
		return PART_MIXED;
	w->mixed |= n.latin > 1;
	return PART_LATIN;
}

/* A word of two scripts is made one of the script that its other letters look like. */
static void mend_word(struct writer *w, size_t to)
{
	struct str word = str_sub(w->part, w->word_from, to);
	enum part_script script = meant(w, word);

	if (script == PART_MIXED)
		return;
	w->n = w->word;
	for (size_t at = 0; at < word.n;) {
		uint32_t raw = utf8_next(word, &at), cp = fold(raw);
		char twin = script == PART_LATIN ? latin_lookalike(raw) : 0;
		if (twin && cp >= 0x80)
			cp = (unsigned char)twin;
		else if (script == PART_CYRILLIC && cyrillic_lookalike(cp))
			cp = cyrillic_lookalike(cp);
		if (cp < 0x80 ? abnf_is_alnum((unsigned char)cp) : u_isalnum((UChar32)cp))
			put_char(w, cp);
	}
}

/* The word ends before `to`; the next begins behind `next`. */
static void end_word(struct writer *w, size_t to, size_t next)
{
	if (w->mends && w->foreign && !w->gap)
		mend_word(w, to);
	put_space(w);
	w->foreign = false;
	w->word = w->n;
	w->word_from = next;
}

#define OVERRIDE_RTL 0x202e /* until its end, or that of the line (UAX #9 §3.3.2) */
#define OVERRIDE_END 0x202c

/* A word goes on behind it. */
static void turn(struct writer *w, size_t from, size_t next, bool begins)
{
	if (w->mends && w->foreign && !w->gap)
		mend_word(w, from);
	if (w->turned_from != SIZE_MAX && w->n > w->turned_from) {
		char *p = w->p + w->turned_from;
		size_t n = w->n - w->turned_from;
		if (!utf8_has_rtl(str_from(p, n)))
			utf8_reverse(p, n);
		w->gap = w->p[w->n - 1] == ' ';
	}
	w->turned_from = begins ? w->n : SIZE_MAX;
	w->foreign = false;
	w->word = w->n;
	w->word_from = next;
}

static void fold_other(struct writer *w, size_t from, size_t next, uint32_t raw)
{
	if (raw == OVERRIDE_RTL || (raw == OVERRIDE_END && w->turned_from != SIZE_MAX))
		turn(w, from, next, raw == OVERRIDE_RTL);
	if (utf8_is_invisible(raw))
		return;
	uint32_t cp = fold(raw);
	if (cp == 0x2019 || is_mark(w, cp))
		return;
	if (text_stands_alone(cp)) {
		end_word(w, from, next);
		put_char(w, cp);
		w->foreign = false;
		end_word(w, next, next);
	} else if (cp < 0x80 ? abnf_is_alnum((unsigned char)cp) : u_isalnum((UChar32)cp)) {
		w->foreign |= cp >= 0x80;
		put_char(w, cp);
	} else {
		end_word(w, from, next);
	}
}

#define LABEL_AND_DOT 64 /* bytes behind the "@" of an address (RFC 1035 §2.3.4) */

/* Signs inside a word that stand for a letter: "ca$h", and "p@ss", which is no address. 0: none. */
static char sign_letter(struct str s, size_t at)
{
	if (at == 0 || at + 1 >= s.n || (s.p[at] != '$' && s.p[at] != '@') ||
	    !abnf_is_alpha((unsigned char)s.p[at - 1]) || !abnf_is_alpha((unsigned char)s.p[at + 1]))
		return 0;
	if (s.p[at] == '$')
		return 's';
	for (size_t i = at + 1; i < s.n && i - at <= LABEL_AND_DOT && s.p[i] > ' '; i++)
		if (s.p[i] == '.' && i + 1 < s.n && abnf_is_alnum((unsigned char)s.p[i + 1]))
			return 0;
	return 'a';
}

/*
 * What is longer than is looked at is looked at in its end, too: else a lure could stand behind so much of anything. False: it
 * was, or only the beginning was asked for.
 */
static bool skip_to_tail(struct writer *w, size_t *at, size_t *unseen)
{
	struct str s = w->part;

	if (w->most < TEXT_FOLD_MAX || *at >= s.n - TEXT_FOLD_TAIL)
		return false;
	end_word(w, *at, s.n);
	*at = s.n - TEXT_FOLD_TAIL;
	while (*at < s.n && ((unsigned char)s.p[*at] & 0xc0) == 0x80)
		++*at;
	*unseen = w->word_from = *at;
	return true;
}

/*
 * What leaves no trace is not counted: else a text could stand behind as much of it as is looked at, and nobody would see.
 */
static void fold_part(struct writer *w, struct str s)
{
	size_t at = 0, unseen = 0;
	char sign;

	w->part = s;
	w->script = PART_UNASKED;
	w->mixed = false;
	w->word = w->n;
	w->word_from = 0;
	while (at < s.n && (at - unseen < w->most || skip_to_tail(w, &at, &unseen))) {
		size_t from = at, before = w->n;
		unsigned char c = (unsigned char)s.p[at];
		if (c < 0x80) { /* nearly all of it */
			if (c == '\n' && w->turned_from != SIZE_MAX)
				turn(w, at, at, false);
			if (abnf_is_alnum(c))
				put_ascii(w, ascii_lower((char)c));
			else if ((sign = sign_letter(s, at)) != 0)
				put_ascii(w, sign);
			else if (c != '\'')
				end_word(w, at, at + 1);
			at++;
		} else {
			uint32_t raw = utf8_next(s, &at);
			fold_other(w, from, at, raw);
		}
		unseen += w->n == before ? at - from : 0;
	}
	if (w->turned_from != SIZE_MAX)
		turn(w, at, at, false);
	end_word(w, at, at);
}

static struct str folded(struct arena *a, const struct str *parts, size_t n, size_t most, bool mends)
{
	struct writer w = { .room = 2, .mends = mends, .most = most, .turned_from = SIZE_MAX };

	for (size_t i = 0; i < n; i++)
		w.room +=
		    (parts[i].n < most + TEXT_FOLD_TAIL ? parts[i].n : most + TEXT_FOLD_TAIL + 8) * 2 + 4;
	w.p = arena_alloc(a, w.room);
	put_space(&w);
	for (size_t i = 0; i < n; i++)
		fold_part(&w, parts[i]);
	return str_from(w.p, w.n);
}

struct str text_fold(struct arena *a, const struct str *parts, size_t n)
{
	return folded(a, parts, n, TEXT_FOLD_MAX, true);
}

struct str text_fold_beginning(struct arena *a, const struct str *parts, size_t n, size_t most)
{
	return folded(a, parts, n, most, true);
}

struct str text_fold_as_written(struct arena *a, struct str text)
{
	return folded(a, &text, 1, TEXT_FOLD_MAX, false);
}

/* Dots of other scripts, which browsers take for those of a host's name (UTS 46 §4), and one that looks so. */
static bool is_full_stop(uint32_t cp)
{
	return cp == 0x3002 || cp == 0xff61 || cp == 0x2024;
}

struct str text_as_latin(struct arena *a, struct str s)
{
	struct writer w = { .room = s.n * 2 };

	w.p = arena_alloc(a, w.room + 1);
	for (size_t at = 0; at < s.n;) {
		uint32_t raw = utf8_next(s, &at), cp = fold(raw);
		char twin = latin_lookalike(raw);
		if (raw >= 0x80 && (utf8_is_invisible(raw) || is_mark(&w, cp)))
			continue;
		put_char(&w, cp < 0x80 ? cp : twin ? (unsigned char)twin : is_full_stop(cp) ? '.' : cp);
	}
	return str_from(w.p, w.n);
}

/* The character before or behind a space; 0 where there is none. */
static uint32_t beside(struct str s, size_t at, bool before)
{
	while (before && at > 0 && ((unsigned char)s.p[--at] & 0xc0) == 0x80)
		;
	at += !before;
	return at < s.n ? utf8_next(s, &at) : 0;
}

struct str text_without_gaps(struct arena *a, struct str folded)
{
	char *out = arena_alloc(a, folded.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < folded.n; i++)
		if (folded.p[i] != ' ' || (!text_stands_alone(beside(folded, i, true)) &&
					   !text_stands_alone(beside(folded, i, false))))
			out[n++] = folded.p[i];
	return str_from(out, n);
}

bool text_is_number(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!abnf_is_digit((unsigned char)word.p[i]))
			return false;
	return true;
}

size_t text_word_count(struct str folded)
{
	size_t spaces = 0;

	for (size_t i = 0; i < folded.n; i++)
		spaces += folded.p[i] == ' ';
	return spaces > 0 ? spaces - 1 : 0;
}

#define WIDE_COLON "\xef\xbc\x9a"

size_t text_colon(struct str text, size_t from, size_t *after_out)
{
	size_t narrow = str_find_char(text, ':', from), wide = str_find(text, STR(WIDE_COLON), from);

	*after_out = narrow < wide ? narrow + 1 : wide + strlen(WIDE_COLON);
	return narrow < wide ? narrow : wide;
}

/* ---- many phrases looked for in one text ---- */

#define RUN_BYTES 4

static uint32_t hash_of_run(const char *p)
{
	uint32_t four;

	memcpy(&four, p, RUN_BYTES);
	return (four * 0x9e3779b1u) >> (32 - TEXT_RUN_BITS);
}

void text_index_make(struct text_index *x, struct str folded)
{
	*x = (struct text_index){ .text = folded };
	for (size_t i = 0; i + RUN_BYTES <= folded.n; i++) {
		uint32_t run = hash_of_run(folded.p + i);
		x->runs[run / 64] |= UINT64_C(1) << (run % 64);
	}
}

/* A phrase of which one run is missing is not there, so hardly any is looked for in the text itself. */
bool text_has(const struct text_index *x, struct str phrase)
{
	for (size_t i = 0; i + RUN_BYTES <= phrase.n; i++) {
		uint32_t run = hash_of_run(phrase.p + i);
		if (!(x->runs[run / 64] >> (run % 64) & 1))
			return false;
	}
	return str_find(x->text, phrase, 0) != SIZE_MAX;
}

bool text_has_any(const struct text_index *x, const char *const *phrases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_has(x, str_of(phrases[i])))
			return true;
	return false;
}

bool text_is_any(struct str folded, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(folded, str_of(words[i])))
			return true;
	return false;
}

/* What it says beside a code that is to be used, folded. */
static const char *const scan_words[] = {
	"qr",           "scan the",       "scan this",        "scan below",
	"scan with",    "scannen sie",    "einscannen",       "smartphone",
	"scannez",      "scanner le",     "escanee",          "escanear",
	"escanea",      "digitalize",     "leia o codigo",    "scansiona",
	"inquadra",     "scan de",        "telefono celular", "mobile camera",
	"phone camera", "camera of your", "mobile device",    "扫 码", /* Chinese: scan the code */
	"扫 描",        "二 维 码",       "読 み 取",                  /* Japanese: read in */
};

bool text_asks_to_scan(const struct text_index *x)
{
	return text_has_any(x, scan_words, ARRAY_LEN(scan_words));
}

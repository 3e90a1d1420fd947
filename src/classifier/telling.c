/* Choosing words that are shown. */
#include "classifier/telling.h"

#include <stdlib.h>

#include "base/abnf.h"
#include "base/arena.h"
#include "base/utf8.h"

#define LETTERS_LEAST 3 /* of a word in Latin */
#define LETTERS_MOST 24 /* longer ones are addresses and noise */
#define SIGNS_LEAST 2   /* of a run of ideographs or katakana */
#define SIGNS_MOST 6    /* a word seldom has more */

/*
 * Words that every text of a language has, folded, in order of bytes: articles, pronouns, prepositions, auxiliaries, and what
 * HTML leaves behind.
 */
static const char *const everywhere[] = {
	"abaixo", "aber",   "about",     "after",  "again",    "ahora",   "ainda",    "ainsi",   "all",
	"alla",   "alle",   "allen",     "alles",  "also",     "always",  "anche",    "ancora",  "and",
	"andere", "antes",  "any",       "aos",    "apos",     "apres",   "aqui",     "are",     "atraves",
	"auch",   "auf",    "aus",       "aussi",  "autre",    "aux",     "avant",    "avec",    "avez",
	"avons",  "bald",   "because",   "been",   "before",   "bei",     "being",    "below",   "between",
	"bien",   "bij",    "bin",       "bis",    "both",     "but",     "can",      "caso",    "cela",
	"ces",    "cette",  "che",       "chez",   "com",      "come",    "como",     "con",     "could",
	"css",    "cual",   "dal",       "dalla",  "dan",      "dans",    "dar",      "das",     "dass",
	"dat",    "dazu",   "degli",     "dei",    "del",      "della",   "delle",    "dem",     "den",
	"der",    "des",    "desde",     "dessa",  "deste",    "deze",    "did",      "die",     "dies",
	"diese",  "diesem", "diesen",    "dieser", "dieses",   "dit",     "div",      "doch",    "doctype",
	"does",   "donde",  "done",      "door",   "dos",      "due",     "durch",    "each",    "een",
	"ein",    "eine",   "einem",     "einen",  "einer",    "elle",    "else",     "entre",   "era",
	"ese",    "essa",   "esse",      "est",    "esta",     "estamos", "estan",    "estas",   "este",
	"esto",   "estou",  "etc",       "etes",   "etre",     "even",    "ever",     "every",   "foi",
	"for",    "foram",  "from",      "fue",    "fur",      "ganz",    "gegen",    "get",     "gibt",
	"gli",    "got",    "haben",     "hace",   "had",      "has",     "hasta",    "hat",     "have",
	"having", "heb",    "hebben",    "heeft",  "her",      "here",    "het",      "heute",   "hier",
	"him",    "his",    "hoe",       "how",    "href",     "html",    "http",     "https",   "hun",
	"ich",    "ihm",    "ihn",       "ihnen",  "ihr",      "ihre",    "ihrem",    "ihren",   "ihrer",
	"ils",    "inkl",   "into",      "isso",   "ist",      "its",     "jako",     "jede",    "jeden",
	"jest",   "jetzt",  "jij",       "just",   "kan",      "kann",    "kein",     "keine",   "konnen",
	"las",    "later",  "lei",       "les",    "leur",     "like",    "loro",     "los",     "mais",
	"man",    "many",   "mas",       "may",    "mehr",     "meine",   "mes",      "met",     "mijn",
	"mit",    "mon",    "more",      "most",   "much",     "muito",   "must",     "muy",     "nach",
	"nao",    "nas",    "nbsp",      "nel",    "nella",    "nem",     "nicht",    "nie",     "niet",
	"noch",   "non",    "nos",       "nosso",  "not",      "notre",   "nous",     "now",     "nun",
	"nur",    "oder",   "off",       "oft",    "oggi",     "ohne",    "onder",    "one",     "only",
	"ons",    "ook",    "other",     "our",    "out",      "over",    "own",      "par",     "para",
	"parce",  "pas",    "pela",      "pelo",   "per",      "pero",    "peu",      "peut",    "please",
	"plus",   "por",    "porque",    "pour",   "pouvez",   "pro",     "pues",     "puo",     "quale",
	"quando", "que",    "quel",      "quella", "quelle",   "quello",  "questa",   "questo",  "qui",
	"quien",  "quoi",   "regarding", "sans",   "schon",    "sehr",    "sein",     "seine",   "sem",
	"ser",    "serao",  "seu",       "seus",   "she",      "should",  "sia",      "sich",    "sie",
	"siete",  "sin",    "sind",      "sobre",  "soll",     "solo",    "some",     "somos",   "son",
	"sono",   "sont",   "sou",       "sous",   "sowie",    "span",    "sua",      "such",    "sue",
	"suo",    "sur",    "sus",       "tak",    "tambem",   "tambien", "tem",      "than",    "thank",
	"thanks", "that",   "the",       "their",  "them",     "then",    "there",    "these",   "they",
	"this",   "those",  "though",    "thus",   "tiene",    "toda",    "todas",    "todo",    "todos",
	"too",    "tous",   "tout",      "tudo",   "tutte",    "tutti",   "tutto",    "two",     "uber",
	"uma",    "una",    "und",       "under",  "une",      "uno",     "uns",      "unser",   "unsere",
	"until",  "upon",   "van",       "vers",   "very",     "via",     "voce",     "vom",     "von",
	"voor",   "vor",    "vos",       "votre",  "vous",     "waar",    "wann",     "want",    "war",
	"waren",  "warum",  "was",       "wat",    "wegen",    "weil",    "well",     "wenn",    "werden",
	"were",   "what",   "when",      "where",  "whether",  "which",   "while",    "who",     "why",
	"wie",    "wij",    "will",      "wir",    "wird",     "with",    "within",   "without", "worden",
	"wordt",  "would",  "www",       "you",    "your",     "yours",   "yourself", "zal",     "zich",
	"zijn",   "zonder", "zum",       "zur",    "zwischen",
};

enum sign_kind { SIGN_NONE, SIGN_IDEOGRAPH, SIGN_KATAKANA };

static enum sign_kind kind_of(uint32_t cp)
{
	if (cp >= 0x3400 && cp <= 0x9fff)
		return SIGN_IDEOGRAPH;
	return cp >= 0x30a1 && cp <= 0x30fe && cp != 0x30fb ? SIGN_KATAKANA : SIGN_NONE;
}

/* The kind of a word of one character, which alone says nothing; hiragana, which bend other words, are SIGN_NONE. */
static enum sign_kind sign_of(struct str word)
{
	size_t at = 0;
	uint32_t cp = word.n > 0 && (unsigned char)word.p[0] >= 0xe0 ? utf8_next(word, &at) : 0;

	return at == word.n ? kind_of(cp) : SIGN_NONE;
}

static struct str word_at(struct str folded, size_t at)
{
	return str_sub(folded, at, str_find_char(folded, ' ', at));
}

bool telling_next(struct str folded, size_t *at, struct str *out)
{
	while (*at < folded.n && folded.p[*at] == ' ')
		(*at)++;
	if (*at >= folded.n)
		return false;
	size_t from = *at, end = from + word_at(folded, from).n;
	enum sign_kind kind = sign_of(str_sub(folded, from, end));
	for (size_t n = 1; kind && n < SIGNS_MOST && end + 1 < folded.n; n++) {
		struct str next = word_at(folded, end + 1);
		if (sign_of(next) != kind)
			break;
		end += 1 + next.n;
	}
	*at = end;
	*out = str_sub(folded, from, end);
	return true;
}

static int compare(const void *key, const void *row)
{
	return str_cmp(*(const struct str *)key, str_of(*(const char *const *)row));
}

bool telling_is(struct str piece)
{
	size_t letters = 0, digits = 0, length = utf8_length(piece);

	if (sign_of(word_at(piece, 0)))
		return (length + 1) / 2 >= SIGNS_LEAST; /* a space behind each but the last */
	for (size_t i = 0; i < piece.n; i++) {
		unsigned char c = (unsigned char)piece.p[i];
		digits += abnf_is_digit(c);
		letters += c >= 0x80 || abnf_is_alpha(c);
	}
	return digits == 0 && letters >= LETTERS_LEAST && length <= LETTERS_MOST && length >= LETTERS_LEAST &&
	       !bsearch(&piece, everywhere, ARRAY_LEN(everywhere), sizeof(everywhere[0]), compare);
}

struct str telling_written(struct arena *a, struct str piece)
{
	char *out = arena_alloc(a, piece.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < piece.n; i++)
		if (piece.p[i] != ' ')
			out[n++] = piece.p[i];
	return str_from(out, n);
}

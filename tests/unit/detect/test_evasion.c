/*
 * Tricks that hide from filters what a reader sees, each tried on a mail of each content detector: what is found in the
 * plain mail must be found under the trick too, and harmless mail must stay as harmless.
 *
 * A mail here is a name, a subject and words, and markup that stands behind them as it is. A trick changes the letters
 * of name, subject and words, puts markup into the words or around them, or packs the whole page in another way.
 */
#include "../classifier/lessons.h"
#include "bench.h"
#include "base/buf.h"
#include "base/utf8.h"

struct sample {
	const char *name, *subject, *words, *markup;
	const char *headers;
	const char *want; /* NULL: harmless, nothing may be found */
	bool model;
};

#define GO "<p><a href=\"https://cheap-hosting.test/login\">Continue here</a></p>"
#define CREDENTIALS \
	"Your account is suspended. Verify your account and confirm your password within 24 hours."
/* Words inside markup that a trick changes, too, stand between two of these. */
#define MARK "\2"
#define LINK_TEXT MARK "https://www.bank.com/login" MARK
#define PERGOLA                                                                                      \
	"Pergola and veranda with an awning, gazebo by the trellis, hammock under the parasol. "     \
	"Decking of the arbour, sunroom and canopy, lounger for the patio, rattan for the veranda. " \
	"Pergola, trellis, gazebo and hammock."
#define HOLIDAY                                                                                        \
	"Thanks for the notes of the meeting. The review of the parser patch is tomorrow, the kernel " \
	"branch waits for the holiday, and the train to the school. "
#define TEN(x) x x x x x x x x x x

static const struct sample samples[] = {
	{ "credentials", "Notice", CREDENTIALS, "", NULL, "text_scam.credentials", false },
	{ "extortion", "Hello",
	  "I have hacked your device and recorded a video of you. Pay 900 dollars to my bitcoin wallet "
	  "within 48 hours or I send it to all your contacts.",
	  "", NULL, "text_scam.extortion", false },
	{ "inheritance", "Dear friend",
	  "I am barrister John. My late client left millions of dollars and no next of kin. I seek your "
	  "assistance to move it; keep this confidential and contact me for more details.",
	  "", NULL, "text_scam.advance_fee", false },
	{ "gift cards", "Task",
	  "Are you available? I am in a meeting and need you to purchase some gift cards. Scratch the back "
	  "and send me the codes.",
	  "", NULL, "text_scam.gift_card", false },
	{ "payroll", "Payroll",
	  "I want to change my direct deposit before the next payday. My bank account for the salary is "
	  "new, please update my payroll details.",
	  "", NULL, "text_scam.payroll", false },
	{ "pills", "Pharmacy",
	  "Viagra and Cialis from our online pharmacy! No prescription. Order now. To be removed click "
	  "here.",
	  "", NULL, "text_scam.offer", false },
	{ "a model's words", "Garden", PERGOLA, "", NULL, "text_words.unwanted", true },
	{ "a brand's name", "Your account is locked", "Please continue to your page today.", GO, NULL,
	  "brand_impersonation.brand", false },
	{ "a form", "Notice", "Please enter your data below, and send the form.",
	  "<form action=\"https://evil.test/p\"><input name=u><input type=password name=p></form>", NULL,
	  "credential_form.password", false },
	{ "a page shown", "Notice", "Please look at this page, it has the list of today.",
	  "<p><a href=\"http://evil.test/x\">" LINK_TEXT "</a></p>", NULL, "link_mismatch.other_host",
	  false },
	{ "a picture", "Hi", "",
	  "<a href=\"https://shop.evil.org/x\"><img src=\"https://shop.evil.org/p.png\"></a>", NULL,
	  "blank_mail.picture", false },
	{ "a newsletter", "News",
	  "This is the news of the week from all of us at the shop, with nine new things to see and try. "
	  "If you no longer wish to hear from us, you can unsubscribe at any time.",
	  "", "Precedence: bulk\r\n", "bulk_mail", false },
	{ "a letter", "Monday", HOLIDAY, "", NULL, NULL, true },
	{ "a letter with a link", "Lake",
	  "The pictures of the lake are here, and I liked the boat most. "
	  "See you on Friday after school.",
	  "<p><a href=\"https://www.sender.test/lake\">the lake</a></p>", NULL, NULL, false },
};

#define RUSSIAN_LURE                                                                                         \
	"\xd0\x97\xd0\xb4\xd1\x80\xd0\xb0\xd0\xb2\xd1\x81\xd1\x82\xd0\xb2\xd1\x83\xd0\xb9\xd1\x82\xd0\xb5, " \
	"\xd1\x8f \xd0\xb2\xd0\xb4\xd0\xbe\xd0\xb2\xd0\xb0. \xd0\x9c\xd0\xbe\xd0\xb9 "                       \
	"\xd0\xbf\xd0\xbe\xd0\xba\xd0\xbe\xd0\xb9\xd0\xbd\xd1\x8b\xd0\xb9 \xd0\xbc\xd1\x83\xd0\xb6 "         \
	"\xd0\xbe\xd1\x81\xd1\x82\xd0\xb0\xd0\xb2\xd0\xb8\xd0\xbb "                                          \
	"\xd0\xbd\xd0\xb0\xd1\x81\xd0\xbb\xd0\xb5\xd0\xb4\xd1\x81\xd1\x82\xd0\xb2\xd0\xbe, "                 \
	"\xd0\xbf\xd1\x8f\xd1\x82\xd1\x8c "                                                                  \
	"\xd0\xbc\xd0\xb8\xd0\xbb\xd0\xbb\xd0\xb8\xd0\xbe\xd0\xbd\xd0\xbe\xd0\xb2 "                          \
	"\xd0\xb4\xd0\xbe\xd0\xbb\xd0\xbb\xd0\xb0\xd1\x80\xd0\xbe\xd0\xb2. "                                 \
	"\xd0\xa1\xd0\xb2\xd1\x8f\xd0\xb6\xd0\xb8\xd1\x82\xd0\xb5\xd1\x81\xd1\x8c \xd1\x81\xd0\xbe "         \
	"\xd0\xbc\xd0\xbd\xd0\xbe\xd0\xb9 \xd0\xb4\xd0\xbb\xd1\x8f "                                         \
	"\xd0\xbf\xd0\xbe\xd0\xbb\xd1\x83\xd1\x87\xd0\xb5\xd0\xbd\xd0\xb8\xd1\x8f "                          \
	"\xd0\xbf\xd0\xbe\xd0\xb6\xd0\xb5\xd1\x80\xd1\x82\xd0\xb2\xd0\xbe\xd0\xb2\xd0\xb0\xd0\xbd\xd0\xb8"   \
	"\xd1\x8f."
/* Its letters a and o are Latin. */
#define RUSSIAN_LURE_MIXED                                                                                  \
	"\xd0\x97\xd0\xb4\xd1\x80"                                                                          \
	"a\xd0\xb2\xd1\x81\xd1\x82\xd0\xb2\xd1\x83\xd0\xb9\xd1\x82\xd0\xb5, \xd1\x8f "                      \
	"\xd0\xb2\xd0\xb4o\xd0\xb2"                                                                         \
	"a. \xd0\x9co\xd0\xb9 \xd0\xbfo\xd0\xbao\xd0\xb9\xd0\xbd\xd1\x8b\xd0\xb9 \xd0\xbc\xd1\x83\xd0\xb6 " \
	"o\xd1\x81\xd1\x82"                                                                                 \
	"a\xd0\xb2\xd0\xb8\xd0\xbb \xd0\xbd"                                                                \
	"a\xd1\x81\xd0\xbb\xd0\xb5\xd0\xb4\xd1\x81\xd1\x82\xd0\xb2o, \xd0\xbf\xd1\x8f\xd1\x82\xd1\x8c "     \
	"\xd0\xbc\xd0\xb8\xd0\xbb\xd0\xbb\xd0\xb8o\xd0\xbdo\xd0\xb2 \xd0\xb4o\xd0\xbb\xd0\xbb"              \
	"a\xd1\x80o\xd0\xb2. \xd0\xa1\xd0\xb2\xd1\x8f\xd0\xb6\xd0\xb8\xd1\x82\xd0\xb5\xd1\x81\xd1\x8c "     \
	"\xd1\x81o \xd0\xbc\xd0\xbdo\xd0\xb9 \xd0\xb4\xd0\xbb\xd1\x8f "                                     \
	"\xd0\xbfo\xd0\xbb\xd1\x83\xd1\x87\xd0\xb5\xd0\xbd\xd0\xb8\xd1\x8f "                                \
	"\xd0\xbfo\xd0\xb6\xd0\xb5\xd1\x80\xd1\x82\xd0\xb2o\xd0\xb2"                                        \
	"a\xd0\xbd\xd0\xb8\xd1\x8f."
#define KOI8_LURE                                                                                           \
	"\xfa\xc4\xd2\xc1\xd7\xd3\xd4\xd7\xd5\xca\xd4\xc5, \xd1 \xd7\xc4\xcf\xd7\xc1. \xed\xcf\xca "        \
	"\xd0\xcf\xcb\xcf\xca\xce\xd9\xca \xcd\xd5\xd6 \xcf\xd3\xd4\xc1\xd7\xc9\xcc "                       \
	"\xce\xc1\xd3\xcc\xc5\xc4\xd3\xd4\xd7\xcf, \xd0\xd1\xd4\xd8 \xcd\xc9\xcc\xcc\xc9\xcf\xce\xcf\xd7 "  \
	"\xc4\xcf\xcc\xcc\xc1\xd2\xcf\xd7. \xf3\xd7\xd1\xd6\xc9\xd4\xc5\xd3\xd8 \xd3\xcf \xcd\xce\xcf\xca " \
	"\xc4\xcc\xd1 \xd0\xcf\xcc\xd5\xde\xc5\xce\xc9\xd1 "                                                \
	"\xd0\xcf\xd6\xc5\xd2\xd4\xd7\xcf\xd7\xc1\xce\xc9\xd1."

/* Mails of other scripts and words for numbers, as they are: samples of their own. */
static const struct row rows[] = {
	{ "hours in words",
	  { .body = "Your account is suspended. Verify your account and confirm your password within "
		    "twenty-four hours.\r\n" },
	  "text_scam.credentials",
	  0.5 },
	{ "money in words",
	  { .body = "I have hacked your device and recorded a video of you. Pay nine hundred dollars to my "
		    "bitcoin wallet within forty eight hours or I send it to all your contacts.\r\n" },
	  "text_scam.extortion",
	  0.9 },
	{ "Russian", { .body = RUSSIAN_LURE "\r\n" }, "text_scam.advance_fee", 0.25 },
	{ "Russian with Latin letters",
	  { .type = "text/html", .body = RUSSIAN_LURE_MIXED "\r\n" },
	  "text_scam.advance_fee",
	  0.25 },
	{ "Russian in KOI8-R",
	  { .type = "multipart/mixed; boundary=b",
	    .body = "--b\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n" KOI8_LURE "\r\n--b--\r\n" },
	  "text_scam.advance_fee",
	  0.25 },
	{ "UTF-8 that is called ASCII",
	  { .type = "multipart/mixed; boundary=b",
	    .body =
		"--b\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n" RUSSIAN_LURE "\r\n--b--\r\n" },
	  "text_scam.advance_fee",
	  0.25 },
	{ "UTF-8 that is called Latin",
	  { .type = "multipart/mixed; boundary=b",
	    .body =
		"--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n" RUSSIAN_LURE "\r\n--b--\r\n" },
	  "text_scam.advance_fee",
	  0.25 },
	{ "a password's field by reference",
	  { .type = "text/html",
	    .body = "<form action=\"https://evil.test/p\"><input type=\"pass&#119;ord\">" },
	  "credential_form.password",
	  0.9 },
	{ "a password's field without spaces",
	  { .type = "text/html",
	    .body = "<form/action=\"https://evil.test/p\"><!-- > --><input/name=\"a>\"/TYPE='PassWord'/>" },
	  "credential_form.password",
	  0.9 },
	{ "a password's field in a page in the page",
	  { .type = "text/html",
	    .body =
		"<iframe srcdoc=\"&lt;form action=https://evil.test/p&gt;&lt;input type=password&gt;\">" },
	  "credential_form.password",
	  0.9 },
	/* harmless */
	{ "a Russian letter",
	  { .body =
		"\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82, \xd0\x9c\xd0\xb0\xd1\x88\xd0\xb0! "
		"\xd0\x97\xd0\xb0\xd0\xb2\xd1\x82\xd1\x80\xd0\xb0 \xd0\xb2 \xd1\x81\xd0\xb5\xd0\xbc\xd1\x8c "
		"\xd1\x83\xd0\xb6\xd0\xb8\xd0\xbd \xd1\x83 \xd0\xbc\xd0\xb0\xd0\xbc\xd1\x8b, "
		"\xd0\xbd\xd0\xb5 \xd0\xb7\xd0\xb0\xd0\xb1\xd1\x83\xd0\xb4\xd1\x8c \xd1\x81\xd0\xbe\xd0\xba "
		"\xd0\xb8 \xd0\xba\xd0\xbe\xd1\x82\xd0\xb0. \xd0\xa6\xd0\xb5\xd0\xbb\xd1\x83\xd1\x8e, "
		"\xd0\xa0\xd0\xbe\xd0\xbc\xd0\xb0.\r\n" },
	  NULL,
	  0 },
	{ "a Greek letter",
	  { .body =
		"\xce\x93\xce\xb5\xce\xb9\xce\xb1 \xcf\x83\xce\xbf\xcf\x85, \xcf\x84\xce\xbf "
		"\xce\xb4\xce\xb5\xce\xaf\xcf\x80\xce\xbd\xce\xbf \xce\xb5\xce\xaf\xce\xbd\xce\xb1\xce\xb9 "
		"\xcf\x83\xcf\x84\xce\xb9\xcf\x82 \xce\xbf\xce\xba\xcf\x84\xcf\x8e \xce\xba\xce\xb1\xce\xb9 "
		"\xcf\x84\xce\xbf \xcf\x84\xcf\x81\xce\xad\xce\xbd\xce\xbf \xcf\x83\xcf\x84\xce\xb9\xcf\x82 "
		"\xce\xad\xce\xbe\xce\xb9. \xce\xa4\xce\xb1 \xce\xbb\xce\xad\xce\xbc\xce\xb5 "
		"\xce\xb1\xcf\x8d\xcf\x81\xce\xb9\xce\xbf.\r\n" },
	  NULL,
	  0 },
	{ "initials and a table",
	  { .body = "J. R. R. T.\r\nA B C D E F G H I J K L\r\n1 2 3 4 5 6 7\r\nX - O - X - O\r\nThe parts "
		    "are M4, B0LT5 and 10A7E, see list b2b.\r\n" },
	  NULL,
	  0 },
};

enum packing {
	PACK_HTML,
	PACK_PLAIN, /* the words alone, as plain text */
	PACK_BASE64,
	PACK_QP,          /* each letter its code, a soft break after each */
	PACK_ALTERNATIVE, /* innocent plain text beside it */
	PACK_TWO_PAGES,   /* an innocent page behind it in multipart/alternative */
	PACK_NESTED,      /* in boxes */
	PACK_MIXED,       /* an innocent part before it */
	PACK_UTF16,       /* UTF-16 in base64, declared */
	PACK_UTF16_MARK,  /* with a mark, declared as us-ascii */
	PACK_UTF7,        /* all letters in UTF-7 */
	PACK_UNKNOWN,     /* a charset that nobody knows */
	PACK_OTHER_TYPE,  /* Content-Type twice */
	PACK_WORDS,       /* name and subject as encoded-words cut anywhere */
};

struct letter {
	char of;
	const char *is;
};

struct trick {
	const char *name;
	const char *inside;         /* put into the middle of each word */
	const char *between;        /* put between all letters of words */
	const char *gap;            /* for each space, where `between` is */
	const char *before, *after; /* markup around words and markup */
	const struct letter *letters;
	uint32_t alphabet; /* code point that stands for a, its followers for the other letters; 0 = none */
	enum packing packing;
	const char *charset; /* utf-8 */
	const char *except;  /* wants to which it cannot be done, or that do not see through it */
	bool everywhere;     /* also name and subject; always so for letters */
	bool backwards;      /* words in the other order, which `before` and `after` around them turn again */
};

static const struct letter cyrillic[] = { { 'a', "\xd0\xb0" }, { 'c', "\xd1\x81" }, { 'e', "\xd0\xb5" },
					  { 'i', "\xd1\x96" }, { 'o', "\xd0\xbe" }, { 'p', "\xd1\x80" },
					  { 'A', "\xd0\x90" }, { 'P', "\xd0\xa0" }, { 0, NULL } };
static const struct letter greek[] = { { 'a', "\xce\xb1" }, { 'i', "\xce\xb9" }, { 'o', "\xce\xbf" },
				       { 'v', "\xce\xbd" }, { 'P', "\xce\xa1" }, { 'A', "\xce\x91" },
				       { 'M', "\xce\x9c" }, { 0, NULL } };
static const struct letter dotted[] = { { 'a', "\xe1\xba\xa1" },
					{ 'e', "\xe1\xba\xb9" },
					{ 'i', "\xe1\xbb\x8b" },
					{ 'o', "\xe1\xbb\x8d" },
					{ 'u', "\xe1\xbb\xa5" },
					{ 'y', "\xe1\xbb\xb5" },
					{ 0, NULL } };
static const struct letter small_capitals[] = {
	{ 'a', "\xe1\xb4\x80" }, { 'e', "\xe1\xb4\x87" }, { 'n', "\xc9\xb4" },
	{ 'o', "\xe1\xb4\x8f" }, { 'r', "\xca\x80" },     { 'i', "\xc9\xaa" },
	{ 't', "\xe1\xb4\x9b" }, { 'l', "\xca\x9f" },     { 0, NULL }
};
static const struct letter leet[] = { { 'o', "0" }, { 'i', "1" }, { 'e', "3" }, { 0, NULL } };
static const struct letter ones[] = { { 'l', "1" }, { 'a', "4" }, { 's', "5" }, { 0, NULL } };
static const struct letter marks[] = { { 'a', "a\xcc\xb7" },
				       { 'e', "e\xcc\xb6" },
				       { 'o', "o\xe2\x83\x9d" },
				       { 'i', "i\xcd\x8f" },
				       { 0, NULL } };

#define NOISE "\1" /* stands for many innocent words */
#define NOISE_TIMES 100
#define HIDE(style) "<div style=\"" style "\">" NOISE "</div>"
#define IN_WORD(style) "<span style=\"" style "\">zq</span>"

static const struct trick tricks[] = {
	{ .name = "none" },
	{ .name = "plain text", .packing = PACK_PLAIN },
	/* letters */
	{ .name = "Cyrillic letters", .letters = cyrillic },
	{ .name = "Greek letters", .letters = greek },
	{ .name = "letters with a dot below", .letters = dotted },
	{ .name = "small capitals", .letters = small_capitals },
	{ .name = "marks over letters", .letters = marks },
	{ .name = "full width", .alphabet = 0xff41 },
	{ .name = "mathematical bold", .alphabet = 0x1d41a },
	{ .name = "mathematical sans-serif", .alphabet = 0x1d5ba },
	{ .name = "monospace", .alphabet = 0x1d68a },
	{ .name = "circled", .alphabet = 0x24d0 },
	{ .name = "in black circles", .alphabet = 0x1f150 },
	{ .name = "in squares", .alphabet = 0x1f130 },
	{ .name = "parenthesized", .alphabet = 0x249c },
	{ .name = "digits for letters", .letters = leet, .except = "text_words link_mismatch" },
	{ .name = "other digits for letters", .letters = ones, .except = "text_words link_mismatch" },
	{ .name = "spaced out", .between = " ", .gap = " ", .except = "text_words" },
	{ .name = "spaced out, with wide gaps",
	  .between = " ",
	  .gap = "&nbsp; &nbsp;",
	  .except = "text_words" },
	{ .name = "dots between", .between = ".", .gap = " ", .except = "text_words link_mismatch" },
	{ .name = "hyphens between", .between = "-", .gap = " ", .except = "text_words link_mismatch" },
	/* what nobody sees, inside words */
	{ .name = "zero-width space", .inside = "\xe2\x80\x8b", .everywhere = true },
	{ .name = "zero-width joiner", .inside = "\xe2\x80\x8d", .everywhere = true },
	{ .name = "soft hyphen", .inside = "\xc2\xad", .everywhere = true },
	{ .name = "word joiner", .inside = "\xe2\x81\xa0", .everywhere = true },
	{ .name = "invisible times", .inside = "\xe2\x81\xa2", .everywhere = true },
	{ .name = "variation selector", .inside = "\xef\xb8\x8f", .everywhere = true },
	{ .name = "Hangul filler", .inside = "\xe3\x85\xa4", .everywhere = true },
	{ .name = "tag character", .inside = "\xf3\xa0\x81\xa1", .everywhere = true },
	{ .name = "right-to-left mark", .inside = "\xe2\x80\x8f", .everywhere = true },
	{ .name = "zero-width reference", .inside = "&#8203;" },
	{ .name = "soft hyphen, by name", .inside = "&shy;" },
	{ .name = "zero-width in plain text", .inside = "\xe2\x80\x8b", .packing = PACK_PLAIN },
	/* markup inside words */
	{ .name = "comments", .inside = "<!-- -->" },
	{ .name = "empty comments", .inside = "<!---->" },
	{ .name = "bogus comments", .inside = "<!x>" },
	{ .name = "empty tags", .inside = "<b></b>" },
	{ .name = "empty unknown tags", .inside = "<xyz></xyz>" },
	{ .name = "end tags alone", .inside = "</xyz>" },
	{ .name = "break opportunity", .inside = "<wbr>" },
	{ .name = "a span around half", .inside = "<span style=\"color:#111\"></span>" },
	{ .name = "an inline div", .inside = "<div style=\"display:inline\"></div>" },
	{ .name = "display none", .inside = IN_WORD("display:none") },
	{ .name = "display none, by escapes", .inside = IN_WORD("d\\69splay:n\\6fne") },
	{ .name = "no font size", .inside = IN_WORD("font-size:0") },
	{ .name = "a pixel of font size", .inside = IN_WORD("font-size:1px") },
	{ .name = "font tag of white", .inside = "<font color=white>zq</font>" },
	{ .name = "colour of the ground", .inside = IN_WORD("color:#fff") },
	{ .name = "nearly the ground", .inside = IN_WORD("color:#fefefe") },
	{ .name = "transparent", .inside = IN_WORD("color:transparent") },
	{ .name = "transparent by rgba", .inside = IN_WORD("color:rgba(0,0,0,0)") },
	{ .name = "off-screen", .inside = IN_WORD("position:absolute;left:-9999px") },
	{ .name = "opacity", .inside = IN_WORD("opacity:0") },
	{ .name = "visibility", .inside = IN_WORD("visibility:hidden;font-size:0") },
	{ .name = "by a sheet",
	  .inside = "<span class=q>zq</span>",
	  .before = "<style>.q{display:none}</style>" },
	{ .name = "the hidden attribute", .inside = "<span hidden>zq</span>" },
	{ .name = "a title", .inside = "<span title=\"zq\"></span>" },
	{ .name = "script", .inside = "<script>zq</script>" },
	{ .name = "style", .inside = "<style>zq{}</style>" },
	{ .name = "a template", .inside = "<template>zq</template>" },
	{ .name = "a tenth of the font size", .inside = IN_WORD("font-size:.1em") },
	{ .name = "scaled to nothing", .inside = IN_WORD("display:inline-block;transform:scale(0)") },
	{ .name = "a span for each letter", .between = "</span><span>", .gap = " " },
	{ .name = "references between", .between = "&zwnj;", .gap = " " },
	{ .name = "a floating block for each letter",
	  .between = "<div style=\"float:left\"></div>",
	  .gap = " ",
	  .except = "text_words link_mismatch" },
	{ .name = "a cell for each letter",
	  .between = "<td>",
	  .gap = " ",
	  .except = "text_words link_mismatch" },
	/* order */
	{ .name = "backwards, in bdo", .before = "<bdo dir=rtl>", .after = "</bdo>", .backwards = true },
	{ .name = "backwards, by style",
	  .before = "<div style=\"direction:rtl;unicode-bidi:bidi-override\">",
	  .after = "</div>",
	  .backwards = true },
	{ .name = "backwards, by a sheet",
	  .before = "<style>.q{unicode-bidi:isolate-override}</style><span class=q dir=rtl>",
	  .after = "</span>",
	  .backwards = true },
	{ .name = "backwards, by a character",
	  .before = "\xe2\x80\xae",
	  .after = "\xe2\x80\xac",
	  .backwards = true },
	{ .name = "backwards, by a reference", .before = "&#8238;", .after = "<br>", .backwards = true },
	{ .name = "backwards in plain text",
	  .before = "\xe2\x80\xae",
	  .after = "\xe2\x80\xac",
	  .packing = PACK_PLAIN,
	  .backwards = true },
	/* noise around */
	{ .name = "noise not displayed", .before = HIDE("display:none"), .after = HIDE("display:none") },
	{ .name = "noise of two pixels, more than is folded",
	  .before = TEN(TEN("<div style=\"font-size:2px\">" NOISE "</div>")) },
	{ .name = "noise above, more than is folded",
	  .before =
	      "<div style=\"position:absolute;top:-900px\">" NOISE NOISE NOISE NOISE NOISE NOISE "</div>" },
	{ .name = "noise of no size", .before = HIDE("font-size:0"), .after = HIDE("font-size:0") },
	{ .name = "white noise", .before = HIDE("color:#ffffff"), .after = HIDE("color:white") },
	{ .name = "noise off the screen", .before = HIDE("position:absolute;top:-5000px") },
	{ .name = "noise moved away", .before = HIDE("text-indent:-9999px") },
	{ .name = "transparent noise", .before = HIDE("opacity:0"), .after = HIDE("opacity:.01") },
	{ .name = "noise in a box of no height", .after = HIDE("max-height:0;overflow:hidden") },
	{ .name = "noise in a box of no width", .after = HIDE("width:0;overflow:hidden;white-space:nowrap") },
	{ .name = "noise cut away", .before = HIDE("clip-path:inset(100%)") },
	{ .name = "noise of lines without height", .before = HIDE("line-height:0;font-size:1px") },
	{ .name = "noise on a ground of its colour",
	  .after = "<table bgcolor=\"#123456\"><tr><td><font color=\"#123456\">" NOISE
		   "</font></td></tr></table>" },
	{ .name = "noise in a comment", .before = "<!--" NOISE "-->" },
	{ .name = "noise in the title", .before = "<title>" NOISE "</title>" },
	{ .name = "noise far below, by height",
	  .after = "<div style=\"height:9000px\"></div>" HIDE(""),
	  .except = "blank_mail" },
	{ .name = "noise far below, by margin", .after = HIDE("margin-top:9000px"), .except = "blank_mail" },
	{ .name = "noise far below, by padding",
	  .after = HIDE("padding-top:9000px"),
	  .except = "blank_mail" },
	{ .name = "noise far below, by lines", .after = TEN(TEN("<br>")) HIDE("") },
	/* packing */
	{ .name = "base64", .packing = PACK_BASE64 },
	{ .name = "soft breaks inside words", .packing = PACK_QP },
	{ .name = "innocent plain text beside", .packing = PACK_ALTERNATIVE },
	{ .name = "an innocent page beside", .packing = PACK_TWO_PAGES, .except = "blank_mail" },
	{ .name = "boxes in boxes", .packing = PACK_NESTED },
	{ .name = "an innocent part before", .packing = PACK_MIXED, .except = "blank_mail" },
	{ .name = "UTF-16", .packing = PACK_UTF16 },
	{ .name = "UTF-16, called ASCII", .packing = PACK_UTF16_MARK },
	{ .name = "UTF-7", .packing = PACK_UTF7 },
	{ .name = "an unknown charset", .packing = PACK_UNKNOWN },
	{ .name = "two types", .packing = PACK_OTHER_TYPE, .except = "blank_mail" },
	{ .name = "encoded-words cut", .packing = PACK_WORDS },
	{ .name = "Cyrillic letters, called ASCII", .letters = cyrillic, .charset = "us-ascii" },
	{ .name = "zero-width, called ASCII", .inside = "\xe2\x80\x8b", .charset = "us-ascii" },
};

static struct arena *arena;
static struct trained trained;
static struct classifier classifier;

static int set_up(void **state)
{
	struct lessons *l;
	struct errbuf eb;
	(void)state;

	arena = arena_new(256u << 20, NULL, NULL);
	l = some_lessons(arena, 150, 1);
	assert_int_equal(train(l, NULL, STR("test"), &trained, &eb), OK);
	assert_int_equal(classifier_read(buf_str(&trained.file), &classifier, &eb), OK);
	lessons_free(&l);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	buf_free(&trained.file);
	arena_free(&arena);
	return 0;
}

static struct str done(struct arena *a, struct buf *b)
{
	struct str s = arena_str(a, buf_str(b));

	buf_free(b);
	return s;
}

static struct buf building(void)
{
	struct buf b;

	buf_init(&b, 4u << 20);
	return b;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void add_letter(struct buf *b, const struct trick *t, char c)
{
	char utf8[4];

	for (const struct letter *l = t->letters; l && l->of; l++)
		if (l->of == c) {
			buf_add(b, str_of(l->is));
			return;
		}
	if (t->alphabet && is_letter(c))
		buf_add(b, str_from(utf8, utf8_encode(t->alphabet + (uint32_t)(ascii_lower(c) - 'a'), utf8)));
	else
		buf_add_char(b, c);
}

static void add_markup(struct buf *b, const char *markup)
{
	for (; markup && *markup; markup++)
		for (int i = 0; i < (*markup == NOISE[0] ? NOISE_TIMES : 1); i++)
			buf_add(b, *markup == NOISE[0] ? STR(HOLIDAY) : str_from(markup, 1));
}

/* The words with the trick. inside: what stands in the middle of each. */
static struct str tricked(struct arena *a, const struct trick *t, struct str s, const char *inside)
{
	struct buf b = building();

	if (t->backwards) {
		struct str turned = arena_str(a, s);
		for (size_t i = 0; i < s.n; i++)
			((char *)(uintptr_t)turned.p)[i] = s.p[s.n - 1 - i];
		return s.n == 0 ? s : ARENA_JOIN(a, str_of(t->before), turned, str_of(t->after));
	}
	for (size_t at = 0, n; at < s.n; at += n) {
		for (n = 0; at + n < s.n && is_letter(s.p[at + n]);)
			n++;
		for (size_t i = 0; i < n; i++) {
			if (i > 0 && t->between)
				buf_add(&b, str_of(t->between));
			if (inside && n >= 3 && i == n / 2)
				buf_add(&b, str_of(inside));
			add_letter(&b, t, s.p[at + i]);
		}
		if (n > 0)
			continue;
		n = 1;
		if (s.p[at] == ' ' && t->between)
			buf_add(&b, str_of(t->gap));
		else
			buf_add_char(&b, s.p[at]);
	}
	return done(a, &b);
}

/* Encoded-words of three bytes each, wherever they fall. */
static struct str encoded_words(struct arena *a, struct str s)
{
	struct buf b = building();

	for (size_t at = 0; at < s.n; at += 3)
		buf_printf(&b, "%s=?utf-8?B?%.*s?=", at ? " " : "",
			   STR_ARG(base64_encode(a, str_sub(s, at, at + 3))));
	return done(a, &b);
}

static struct str quoted(struct arena *a, struct str s)
{
	struct buf b = building();

	for (size_t i = 0; i < s.n; i++)
		buf_printf(&b, "=%02X=\r\n", (unsigned char)s.p[i]);
	return done(a, &b);
}

static struct str utf16(struct arena *a, struct str s, bool mark)
{
	struct buf b = building();

	if (mark)
		buf_add(&b, str_from("\xfe\xff", 2));
	for (size_t i = 0; i < s.n; i++) {
		buf_add_char(&b, 0);
		buf_add_char(&b, s.p[i]);
	}
	return base64_encode(a, done(a, &b));
}

static struct str utf7(struct arena *a, struct str s)
{
	struct buf b = building();

	for (size_t i = 0, n; i < s.n; i += n) {
		for (n = 0; i + n < s.n && is_letter(s.p[i + n]);)
			n++;
		if (n == 0) {
			n = 1;
			buf_add_char(&b, s.p[i]);
			continue;
		}
		struct str code = utf16(a, str_sub(s, i, i + n), false);
		while (code.n > 0 && code.p[code.n - 1] == '=')
			code.n--;
		buf_printf(&b, "+%.*s-", STR_ARG(code));
	}
	return done(a, &b);
}

#define BOX(inner) "\r\n--b\r\n" inner "\r\n--b--\r\n"
#define IN(type, encoding) "Content-Type: " type "\r\nContent-Transfer-Encoding: " encoding "\r\n\r\n%.*s"
#define INNOCENT "Content-Type: text/plain\r\n\r\n" HOLIDAY

static void add_tricked_markup(struct arena *a, struct buf *b, const struct trick *t, struct str markup)
{
	bool tricky = false;

	for (size_t at = 0, end; at < markup.n; at = end + 1, tricky = !tricky) {
		end = str_find_char(markup, MARK[0], at);
		end = end == SIZE_MAX ? markup.n : end;
		struct str piece = str_sub(markup, at, end);
		buf_add(b, tricky ? tricked(a, t, piece, t->inside) : piece);
	}
}

static const char *packed(struct arena *a, const struct trick *t, struct str page, const char **type)
{
	static const struct {
		const char *type, *format;
	} forms[] = {
		[PACK_BASE64] = { "multipart/mixed; boundary=b",
				  BOX(IN("text/html; charset=utf-8", "base64")) },
		[PACK_QP] = { "multipart/mixed; boundary=b",
			      BOX(IN("text/html; charset=utf-8", "quoted-printable")) },
		[PACK_ALTERNATIVE] = { "multipart/alternative; boundary=b",
				       BOX(INNOCENT "\r\n--b\r\n" IN("text/html", "8bit")) },
		[PACK_TWO_PAGES] = { "multipart/alternative; boundary=b",
				     BOX(IN("text/html",
					    "8bit") "\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>" HOLIDAY
						    "</p>") },
		[PACK_NESTED] = { "multipart/mixed; boundary=b",
				  BOX("Content-Type: multipart/related; boundary=c\r\n\r\n--c\r\n"
				      "Content-Type: multipart/alternative; boundary=d\r\n\r\n--d\r\n" IN(
					  "text/html", "8bit") "\r\n--d--\r\n--c--\r\n") },
		[PACK_MIXED] = { "multipart/mixed; boundary=b",
				 BOX(INNOCENT "\r\n--b\r\n" IN("text/html", "8bit")) },
		[PACK_UTF16] = { "multipart/mixed; boundary=b",
				 BOX(IN("text/html; charset=utf-16be", "base64")) },
		[PACK_UTF16_MARK] = { "multipart/mixed; boundary=b",
				      BOX(IN("text/html; charset=us-ascii", "base64")) },
		[PACK_UTF7] = { "multipart/mixed; boundary=b", BOX(IN("text/html; charset=utf-7", "7bit")) },
		[PACK_UNKNOWN] = { "multipart/mixed; boundary=b",
				   BOX(IN("text/html; charset=x-nobody-9", "8bit")) },
		[PACK_OTHER_TYPE] = { "multipart/mixed; boundary=b",
				      BOX("Content-Type: text/plain\r\n" IN("text/html", "8bit")) },
	};

	if (t->packing == PACK_HTML || t->packing == PACK_PLAIN || t->packing == PACK_WORDS) {
		*type = arena_printf(a, "text/%s; charset=%s", t->packing == PACK_PLAIN ? "plain" : "html",
				     or_else(t->charset, "utf-8"))
			    .p;
		return page.p;
	}
	*type = forms[t->packing].type;
	struct str body = t->packing == PACK_BASE64       ? base64_encode(a, page)
			  : t->packing == PACK_QP         ? quoted(a, page)
			  : t->packing == PACK_UTF16      ? utf16(a, page, false)
			  : t->packing == PACK_UTF16_MARK ? utf16(a, page, true)
			  : t->packing == PACK_UTF7       ? utf7(a, page)
							  : page;
	struct buf b = building();
	const char *at = strstr(forms[t->packing].format, "%.*s");
	buf_add(&b, str_from(forms[t->packing].format, (size_t)(at - forms[t->packing].format)));
	buf_add(&b, body);
	buf_add(&b, str_of(at + 4));
	return done(a, &b).p;
}

static struct mail mail_of(struct arena *a, const struct sample *s, const struct trick *t)
{
	struct str name = str_of(s->name), subject = str_of(s->subject), words = str_of(s->words);
	const char *head = t->everywhere ? t->inside : NULL;
	struct trick of_head = *t; /* markup is nothing there */

	of_head.backwards = false;

	if (t->between) {
		of_head.between = strpbrk(t->between, "<&") ? NULL : t->between;
		of_head.gap = " ";
	}
	name = tricked(a, &of_head, s->want && strstr(s->want, "brand") ? STR("PayPal") : STR("Ann"), head);
	subject = tricked(a, &of_head, subject, head);
	words = tricked(a, t, words, t->inside);
	if (t->packing == PACK_WORDS) {
		name = encoded_words(a, name);
		subject = encoded_words(a, subject);
	}
	struct str page = words;
	if (t->packing != PACK_PLAIN) {
		struct buf b = building();
		buf_add(&b, STR("<html><body>"));
		add_markup(&b, t->backwards ? "" : t->before);
		buf_printf(&b, "<p>%.*s</p>", STR_ARG(words));
		add_tricked_markup(a, &b, t, str_of(s->markup));
		add_markup(&b, t->backwards ? "" : t->after);
		page = done(a, &b);
	} else if (strstr(s->markup, "cheap-hosting")) {
		page = arena_printf(a, "%.*s\r\nhttps://cheap-hosting.test/login", STR_ARG(words));
	}
	struct mail m = { 0 };

	/* What was learnt for these tests is few words: it knows none of those that a trick changes for good. */
	if (s->model && !(t->except && strstr(t->except, "text_words")))
		m.classifier = &classifier;
	m.from = arena_printf(a, "%.*s <ann@sender.test>", STR_ARG(name)).p;
	m.headers = arena_printf(a, "Subject: %.*s\r\n%s", STR_ARG(subject), or_else(s->headers, "")).p;
	m.body = packed(a, t, page, &m.type);
	return m;
}

static const char *const detectors_of_content[] = { "text_scam",       "text_words",    "brand_impersonation",
						    "credential_form", "link_mismatch", "blank_mail",
						    "bulk_mail" };

static bool is_excepted(const struct trick *t, const struct sample *s)
{
	if (!s->want)
		return false;
	/* Plain text has neither markup nor pictures. */
	if (t->packing == PACK_PLAIN && s->markup[0] && !strstr(s->want, "brand"))
		return true;
	for (size_t i = 0; t->except && i < ARRAY_LEN(detectors_of_content); i++)
		if (str_starts(str_of(s->want), str_of(detectors_of_content[i])) &&
		    strstr(t->except, detectors_of_content[i]))
			return true;
	return false;
}

static int failures(const struct bench *b, const struct sample *s, const struct trick *t)
{
	const struct finding *f;
	int n = 0;

	if (s->want && !is_excepted(t, s) && !bench_finding(b, s->want)) {
		print_error("%s: %s is not found (%s)\n", t->name, s->want, s->subject);
		return 1;
	}
	for (size_t i = 0; !s->want && i < ARRAY_LEN(detectors_of_content); i++)
		if ((f = bench_finding(b, detectors_of_content[i])) != NULL) {
			print_error("%s: %.*s on harmless mail (%.*s)\n", t->name, STR_ARG(f->name),
				    STR_ARG(f->detail));
			n++;
		}
	return n;
}

static void test_table(void **state)
{
	int failed = 0;
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(tricks); i++)
		for (size_t k = 0; k < ARRAY_LEN(samples); k++) {
			struct arena *a = arena_new(64u << 20, NULL, NULL);
			struct mail m = mail_of(a, &samples[k], &tricks[i]);
			struct bench b;
			bench_scan(&b, &m, NULL);
			failed += failures(&b, &samples[k], &tricks[i]);
			bench_close(&b);
			arena_free(&a);
		}
	assert_int_equal(failed, 0);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (size_t k = 0; k < (rows[i].want ? 1 : ARRAY_LEN(detectors_of_content)); k++)
			bench_table(&rows[i], 1, detectors_of_content[k]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* PDF: what it does and carries, however it is written; locks that open by themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limits.h"
#include "file/contents.h"
#include "file/make_zip.h"

#define BIT(t) (UINT32_C(1) << (t))
#define HEAD "%PDF-1.7\n"
#define OBJ(n, body) n " 0 obj\n" body "\nendobj\n"
#define FILE_SPEC "<</Type/Filespec/F(a.exe)/UF(\xfe\xff\0n\0.\0t\0x\0t)/EF<</F 5 0 R/UF 5 0 R>>>>"

static const struct {
	const char *name;
	struct str pdf;
	uint32_t traits;
	const char *links, *members;
} cases[] = {
	{ "page", STR_INIT(HEAD OBJ("1", "<</Type/Page/MediaBox[0 0 9 9]>>")), 0, "", "" },
	{ "link", STR_INIT(HEAD OBJ("1", "<</A<</S/URI/URI(http://a.example/\\(x\\)\\057)>>>>")), 0,
	  "http://a.example/(x)/ ", "" },
	{ "link in hexadecimal",
	  STR_INIT(HEAD OBJ("1", "<</S /URI /URI <68 74 74703a2f2f622e6578616d706c65>>>")), 0,
	  "http://b.example ", "" },
	{ "link in UTF-16", STR_INIT(HEAD OBJ("1", "<</URI(\xfe\xff\0h\0t\0t\0p\0:\0/\0/\0c)>>")), 0,
	  "http://c ", "" },
	{ "link by reference",
	  STR_INIT(HEAD OBJ("1", "<</S/URI/URI 2 0 R>>") OBJ("2", "(http://d.example/)")), 0,
	  "http://d.example/ ", "" },
	{ "link by two references",
	  STR_INIT(HEAD OBJ("1", "<</URI 2 0 R>>") OBJ("2", "(http://d.example/)")
		       OBJ("3", "<</URI 2 0 R>>")),
	  0, "http://d.example/ ", "" },
	{ "link by reference, changed later",
	  STR_INIT(HEAD OBJ("2", "(http://old.example/)") OBJ("1", "<</URI 2 0 R>>")
		       OBJ("2", "(http://new.example/)")),
	  0, "http://new.example/ ", "" },
	{ "name in escapes", STR_INIT(HEAD OBJ("1", "<</S/J#61vaScript/#4aS(app.alert)>>")),
	  BIT(TRAIT_SCRIPT), "", "" },
	{ "script when opened", STR_INIT(HEAD OBJ("1", "<</OpenAction<</S/JavaScript/JS(x)>>>>")),
	  BIT(TRAIT_SCRIPT) | BIT(TRAIT_OPEN_ACTION), "", "" },
	{ "place to open at", STR_INIT(HEAD OBJ("1", "<</OpenAction[3 0 R/Fit]>>")), BIT(TRAIT_OPEN_ACTION),
	  "", "" },
	{ "launch", STR_INIT(HEAD OBJ("1", "<</S/Launch/F(cmd.exe)>>")), BIT(TRAIT_LAUNCH), "", "" },
	{ "form", STR_INIT(HEAD OBJ("1", "<</S/SubmitForm/F(http://f.example/post)>>")), BIT(TRAIT_FORM),
	  "http://f.example/post ", "" },
	{ "XFA", STR_INIT(HEAD OBJ("1", "<</AcroForm<</XFA 9 0 R>>>>")), BIT(TRAIT_XFA), "", "" },
	{ "file inside",
	  STR_INIT(HEAD OBJ("4", FILE_SPEC)
		       OBJ("5", "<</Type/EmbeddedFile/Length 2>>stream\r\nMZ\r\nendstream")),
	  BIT(TRAIT_ATTACHED), "", "n.txt=MZ " },
	{ "file inside, not called so, length by reference",
	  STR_INIT(HEAD OBJ("5", "<</Length 6 0 R>>stream\nMZ endstream") OBJ("4", FILE_SPEC) OBJ("6", "2")),
	  BIT(TRAIT_ATTACHED), "", "n.txt=MZ  " },
	{ "file inside in two codes",
	  STR_INIT(HEAD OBJ("4", FILE_SPEC)
		       OBJ("5", "<</Filter[/AHx/A85]/Length 20>>stream\n396a 2f5c 7e3e>\nendstream")),
	  BIT(TRAIT_ATTACHED), "", "n.txt=MZ! " },
	{ "code that is not known",
	  STR_INIT(HEAD OBJ("4", FILE_SPEC) OBJ("5", "<</Filter/JBIG9/Length 2>>stream\nMZ\nendstream")),
	  BIT(TRAIT_ATTACHED) | BIT(TRAIT_UNREADABLE), "", "n.txt= " },
	{ "what an open parenthesis would swallow",
	  STR_INIT(HEAD "9 0 obj (never closed\n" OBJ("1", "<</S/Launch/F(x)>>") "8 0 obj ("),
	  BIT(TRAIT_LAUNCH), "", "" },
	{ "behind a stream that says it goes on",
	  STR_INIT(HEAD "9 0 obj <</Length 99999>>stream\n" OBJ("1", "<</S/Launch/F(x)>>")),
	  BIT(TRAIT_LAUNCH), "", "" },
	{ "objects in a code that is told elsewhere",
	  STR_INIT(HEAD OBJ("1", "<</Type/ObjStm/N 1/First 4/Filter 2 0 R>>stream\n1 0 <<>>\nendstream")
		       OBJ("2", "/FlateDecode")),
	  BIT(TRAIT_UNREADABLE), "", "" },
	{ "in a comment", STR_INIT(HEAD OBJ("1", "<< % /Launch\n /A 1 >>")), 0, "", "" },
	{ "in a string", STR_INIT(HEAD OBJ("1", "<</Title(/Launch /JavaScript)>>")), 0, "", "" },
	{ "words of a longer name", STR_INIT(HEAD OBJ("1", "<</JSX 1/Launcher 2/AAPL 3>>")), 0, "", "" },
	{ "pictures", STR_INIT(HEAD OBJ("1", "<</Subtype/Image/Length 1>>stream\nx\nendstream")), 0, "", "" },
	{ "lock of another kind",
	  STR_INIT(HEAD OBJ("1", "<</URI(http://garbage/)>>") "trailer<</Encrypt<</Filter/Other/V 1>>>>"),
	  BIT(TRAIT_ENCRYPTED), "", "" },
};

static struct file_contents *look(struct arena *a, struct str bytes)
{
	struct file_budget budget = { .bytes = LIMIT_UNPACKED, .members = LIMIT_MEMBERS };

	return file_contents_read(a, bytes, &budget);
}

static struct str links_of(struct arena *a, const struct file_contents *c)
{
	struct str out = STR("");

	for (size_t i = 0; i < c->links.n; i++)
		out = ARENA_JOIN(a, out, c->links.v[i], STR(" "));
	return out;
}

static struct str members_of(struct arena *a, const struct file_contents *c)
{
	struct str out = STR("");

	for (size_t i = 0; i < c->members.n; i++)
		out = ARENA_JOIN(a, out, c->members.v[i].name, STR("="), c->members.v[i].data, STR(" "));
	return out;
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(64 << 20, NULL, NULL);
		struct file_contents *c = look(a, cases[i].pdf);
		struct str links = links_of(a, c), members = members_of(a, c);
		if (c->type != MAGIC_PDF || c->traits != cases[i].traits)
			fail_msg("%s: type %d, traits %x", cases[i].name, (int)c->type, c->traits);
		if (!str_eq(links, str_of(cases[i].links)))
			fail_msg("%s: links %.*s", cases[i].name, STR_ARG(links));
		if (!str_eq(members, str_of(cases[i].members)))
			fail_msg("%s: members %.*s", cases[i].name, STR_ARG(members));
		assert_int_equal(c->pictures, strcmp(cases[i].name, "pictures") == 0);
		arena_free(&a);
	}
}

static struct str zlib_packed(struct arena *a, struct str s)
{
	uLongf n = compressBound((uLong)s.n);
	char *to = arena_alloc(a, n);

	ASSERT(compress((Bytef *)to, &n, (const Bytef *)s.p, (uLong)s.n) == Z_OK);
	return str_from(to, n);
}

/* What the filter of a row takes off a byte of the text. */
static int neighbour(struct str text, size_t columns, unsigned filter, size_t i)
{
	int left = i % columns ? (unsigned char)text.p[i - 1] : 0;
	int above = i >= columns ? (unsigned char)text.p[i - columns] : 0;
	int corner = i % columns && i >= columns ? (unsigned char)text.p[i - columns - 1] : 0;
	int whole = left + above - corner;

	if (filter == 4)
		return abs(whole - left) <= abs(whole - above) && abs(whole - left) <= abs(whole - corner)
			   ? left
		       : abs(whole - above) <= abs(whole - corner) ? above
								   : corner;
	return filter == 1 ? left : filter == 2 ? above : filter == 3 ? (left + above) / 2 : 0;
}

/* Each row by another filter of PNG; or all of them as TIFF has it. */
static struct str predicted(struct arena *a, struct str text, size_t columns, bool png)
{
	char *rows = arena_zalloc(a, text.n * 2 + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned filter = png ? (unsigned)(i / columns % 5) : 1;
		if (png && i % columns == 0)
			rows[n++] = (char)filter;
		rows[n++] = (char)((unsigned char)text.p[i] - neighbour(text, columns, filter, i));
	}
	return str_from(rows, n);
}

/* Objects that lie packed in a stream, as it is and behind predictors; and called something else. */
static void test_object_streams(void **state)
{
	static const char inner[] = "7 0 8 22 <</S/URI/URI 8 0 R>> (http://packed.example/) <</S/Launch>>";
	static const struct {
		const char *dictionary;
		size_t columns; /* 0 = not predicted */
		bool png;
	} rows[] = {
		{ "/Type/ObjStm/N 2/First 9", 0, false },
		{ "/Type/ObjStm/N 2/First 9/DecodeParms<</Predictor 12/Columns 4>>", 4, true },
		{ "/Type/ObjStm/N 2/First 9/DecodeParms[<</Predictor 15/Columns 7>>]", 7, true },
		{ "/Type/ObjStm/N 2/First 9/DecodeParms<</Predictor 10>>", 1, true },
		{ "/Type/ObjStm/N 2/First 9/DecodeParms<</Predictor 2/Columns 9>>", 9, false },
		{ "/Type/ObjStm/N 2/First 9/A<</Type/Page/N 0/First 0/Length 1>>", 0, false },
		{ "/N 2/First 9/Type/Metadata", 0, false },
	};
	struct arena *a = arena_new(64 << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str text = str_of(inner);
		if (rows[i].columns)
			text = predicted(a, text, rows[i].columns, rows[i].png);
		struct str packed = zlib_packed(a, text);
		struct str pdf =
		    ARENA_JOIN(a, STR(HEAD "3 0 obj<<"), str_of(rows[i].dictionary),
			       arena_printf(a, "/Filter/FlateDecode/Length %zu>>stream\n", packed.n), packed,
			       STR("\nendstream endobj"));
		struct file_contents *c = look(a, pdf);
		if (c->traits != BIT(TRAIT_LAUNCH) || !str_eq(links_of(a, c), STR("http://packed.example/ ")))
			fail_msg("%s: traits %x, links %.*s", rows[i].dictionary, c->traits,
				 STR_ARG(links_of(a, c)));
	}
	struct str odd =
	    ARENA_JOIN(a, STR(HEAD "3 0 obj<</Type/ObjStm/N 2/First 9/DecodeParms<</Predictor 3>>>>stream\n"),
		       str_of(inner), STR("\nendstream endobj"));
	assert_int_equal(look(a, odd)->traits, BIT(TRAIT_UNREADABLE));
	arena_free(&a);
}

/* Streams whose lengths lead over each other: a few are read, and it is said that there are more. */
static void test_streams_over_streams(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct buf b;

	(void)state;
	buf_init(&b, 8192);
	buf_add_c(&b, HEAD);
	while (b.n < 8000)
		buf_printf(&b, "1 0 obj<</Type/ObjStm/N 0/First 0/Length %04zu>>stream\n",
			   8100 - b.n - strlen("1 0 obj<</Type/ObjStm/N 0/First 0/Length 0000>>stream\n"));
	while (b.n < 8100)
		buf_add_char(&b, ' ');
	buf_add_c(&b, "endstream");
	struct file_contents *c = look(a, buf_str(&b));
	assert_int_equal(c->traits, BIT(TRAIT_CUT));
	assert_true(str_eq(c->evidence[TRAIT_CUT], STR("streams")));
	buf_free(&b);
	arena_free(&a);
}

/* Made by qpdf with an empty user password: they open without one, so their links count. */
static const struct {
	const char *name;
	struct str pdf;
} locks[] = {
	{ "revision 2, RC4 of 40 bits",
	  STR_INIT(
	      "%PDF-1.7\n6 0 obj<</URI <78ec77bc37eea2c73061e74643aca13bdde4813bf7f55a>>>endobj\n7 0 obj<"
	      "< /Filter /Standard /Length 40 /O <c92422687facee686e373f10b5c7d04738053152f7e2ee30e11c69e"
	      "c442576ab> /P -4 /R 2 /U <fd23c1ba6594242c15c7dc0f6535e170b5f06e68e7aa72d7d9f0e969793d226b"
	      "> /V 1 >>endobj\ntrailer<</Encrypt 7 0 R/ID[<62bc7de2b342394f169a0e27bfd34e58>]>>") },
	{ "revision 3, RC4 of 128 bits",
	  STR_INIT(
	      "%PDF-1.7\n6 0 obj<</URI <70d5c0bd74b17fde9a17689806bec435d7170bc854a251>>>endobj\n7 0 obj<"
	      "< /Filter /Standard /Length 128 /O <566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2"
	      "c6da2aa6f5> /P -4 /R 3 /U <dc42db1e65d265d69346dfa7fb85748f0122456a91bae5134273a6db134c87c"
	      "4> /V 2 >>endobj\ntrailer<</Encrypt 7 0 R/ID[<62bc7de2b342394f169a0e27bfd34e58>]>>") },
	{ "revision 4, AES of 128 bits",
	  STR_INIT(
	      "%PDF-1.7\n6 0 obj<</URI <443c6dab887ce59b451ebe9b917716cd3b13e492c4f76915c5f7bb156544ca598"
	      "bfac4c563ff9bcaee7feebc0a865f68>>>endobj\n7 0 obj<< /CF << /StdCF << /AuthEvent /DocOpen /"
	      "CFM /AESV2 /Length 16 >> >> /Filter /Standard /Length 128 /O <566fa873ee33c797cd3b904fdadf"
	      "814afa34df9a38f6ed41b984e2c6da2aa6f5> /P -4 /R 4 /StmF /StdCF /StrF /StdCF /U <dc42db1e65d"
	      "265d69346dfa7fb85748f0122456a91bae5134273a6db134c87c4> /V 4 >>endobj\ntrailer<</Encrypt 7 "
	      "0 R/ID[<62bc7de2b342394f169a0e27bfd34e58>]>>") },
	{ "revision 5, AES of 256 bits",
	  STR_INIT(
	      "%PDF-1.7\n6 0 obj<</URI <a5a973159a4330ae64683b9d9ccbbd6aed4954a2396480b5ade2dec54d4718b3b"
	      "f91fcf16b4ad479aefc4982126a8d02>>>endobj\n7 0 obj<< /CF << /StdCF << /AuthEvent /DocOpen /"
	      "CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <2bb6c034295a4a1176ac633f90d4"
	      "0d22249d745fd46262e689920b61c2c4982c867bfdbbdb4d241d1dc330bf9aef2a49> /P -4 /R 5 /StmF /St"
	      "dCF /StrF /StdCF /U <f25fbab4f760282cd34730f4a8a0fe0e6d4ecdd9c75c852092c5f8d77a10bab9138d4"
	      "a0decc92c2ea710d7c27b4711ee> /UE <46ef0f621a1ec09333029c622b308b834865cd94fa45d936be7babc9"
	      "86c11809> /V 5 >>endobj\ntrailer<</Encrypt 7 0 R/ID[<62bc7de2b342394f169a0e27bfd34e58>]>>") },
	{ "revision 6, AES of 256 bits",
	  STR_INIT(
	      "%PDF-1.7\n6 0 obj<</URI <3b38cfad0bba3451359279dbfcc8a237758d25329f7aa7c6aaeec86a7db7090cb"
	      "8c1da2fa7caf657503105a4e589d2c2>>>endobj\n7 0 obj<< /CF << /StdCF << /AuthEvent /DocOpen /"
	      "CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <d77d60737a1ac03db6a771c5a1f9"
	      "89d6136d3c4f043c13b2910715bab83494234198ab56b25ae2b97924705511956a74> /P -4 /R 6 /StmF /St"
	      "dCF /StrF /StdCF /U <c72394bde095dd09bc9a5930754df723118ce90138359a0c7c5dc79af06c10ecd324f"
	      "9ffee213de239ef4b46df0ff50a> /UE <2f78f0bb0d37404309c8d933abca472ea56a91e5fc8a3e062f5f3ecc"
	      "3c470645> /V 5 >>endobj\ntrailer<</Encrypt 7 0 R/ID[<62bc7de2b342394f169a0e27bfd34e58>]>>") },
};

static void test_locks(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(locks); i++) {
		struct arena *a = arena_new(64 << 20, NULL, NULL);
		struct file_contents *c = look(a, locks[i].pdf);
		if (c->traits || !str_eq(links_of(a, c), STR("http://link.example/a)b ")))
			fail_msg("%s: traits %x, links %.*s", locks[i].name, c->traits,
				 STR_ARG(links_of(a, c)));
		/* Another user key is another password: locked, and nothing of it is believed. */
		char *other = arena_strndup(a, locks[i].pdf.p, locks[i].pdf.n);
		other[str_find(locks[i].pdf, STR("/U <"), 0) + 5] ^= 1;
		c = look(a, str_from(other, locks[i].pdf.n));
		assert_int_equal(c->traits, BIT(TRAIT_ENCRYPTED));
		assert_int_equal(c->links.n, 0);
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table),
					    cmocka_unit_test(test_object_streams),
					    cmocka_unit_test(test_streams_over_streams),
					    cmocka_unit_test(test_locks) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

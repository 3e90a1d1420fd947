/*
 * Files with a lock, and passwords to try on them: zip by both ciphers, office documents, PDF. What opens is read as if it had
 * none; what does not stays a file with a lock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "file/contents.h"
#include "file/make_lock.h"
#include "file/make_zip.h"

#define BIT(t) (UINT32_C(1) << (t))
#define RIGHT "Geheim7"

static struct file_contents *look(struct arena *a, struct str bytes, const char *password, size_t rounds)
{
	struct str said[] = { STR("wrong"), str_of(password) };
	struct file_budget budget = {
		.bytes = LIMIT_UNPACKED, .members = LIMIT_MEMBERS, .rounds = rounds, .passwords = { said, 2 }
	};

	return file_contents_read(a, bytes, &budget);
}

static void expect_open(struct arena *a, const char *name, struct str bytes, struct str data)
{
	struct file_contents *c = look(a, bytes, RIGHT, LIMIT_UNLOCK_ROUNDS);

	if (c->traits != BIT(TRAIT_OPENED) || !str_eq(c->evidence[TRAIT_OPENED], STR(RIGHT)))
		fail_msg("%s: traits %x", name, c->traits);
	if (data.n && (c->members.n < 1 || !str_eq(c->members.v[0].data, data) || c->members.v[0].encrypted))
		fail_msg("%s: %zu members", name, c->members.n);
	/* One that is not the password, and work that may not be done. */
	assert_int_equal(look(a, bytes, "geheim7", LIMIT_UNLOCK_ROUNDS)->traits, BIT(TRAIT_ENCRYPTED));
	c = look(a, bytes, RIGHT, 1);
	assert_int_equal(c->traits, BIT(TRAIT_ENCRYPTED));
	for (size_t i = 0; i < c->members.n; i++)
		assert_true(c->members.v[i].encrypted && c->members.v[i].data.n == 0);
}

static void test_zip(void **state)
{
	static const struct str text =
	    STR_INIT("a text that is long enough, long enough, long enough to be packed");
	struct arena *a = arena_new(64u << 20, NULL, NULL);

	(void)state;
	for (int form = 0; form < 2; form++) {
		const struct make_member members[] = {
			{ .name = STR("a.txt"), .data = text, .deflate = form, .password = RIGHT },
			{ .name = STR("b.txt"), .data = STR("another"), .deflate = form, .password = RIGHT },
		};
		struct str zip = make_zip(a, &(struct make_zip){ .v = members, .n = 2 });
		expect_open(a, form ? "deflated" : "stored", zip, text);
		assert_true(
		    str_eq(look(a, zip, RIGHT, LIMIT_UNLOCK_ROUNDS)->members.v[1].data, STR("another")));
	}
	arena_free(&a);
}

/* Made by 7-Zip: one member, AES of 256 bits. */
static const struct str aes = STR_INIT(
    "\x50\x4b\x03\x04\x33\x00\x01\x00\x63\x00\x78\x4c\x7d\x5d\x00\x00\x00\x00\x2d\x00\x00\x00\x11\x00"
    "\x00\x00\x05\x00\x0b\x00\x74\x2e\x74\x78\x74\x01\x99\x07\x00\x02\x00\x41\x45\x03\x00\x00\xe6\xf7"
    "\x46\xb9\x2d\x5b\xd4\x36\x9e\xbc\xdd\x7b\x14\x72\xd4\xfc\xb0\x1e\x40\x8b\xcf\x10\xba\x78\x85\x6d"
    "\x0e\xab\xf7\x56\x4a\xd9\xf7\xfb\x90\xe7\x78\x77\xf9\xba\x90\x5c\x5b\x8b\xae\x50\x4b\x01\x02\x3f"
    "\x03\x33\x00\x01\x00\x63\x00\x78\x4c\x7d\x5d\x00\x00\x00\x00\x2d\x00\x00\x00\x11\x00\x00\x00\x05"
    "\x00\x2f\x00\x00\x00\x00\x00\x00\x00\x20\x80\xa4\x81\x00\x00\x00\x00\x74\x2e\x74\x78\x74\x0a\x00"
    "\x20\x00\x00\x00\x00\x00\x01\x00\x18\x00\x66\xb9\xf0\x02\xe5\x7f\xdd\x01\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x99\x07\x00\x02\x00\x41\x45\x03\x00\x00\x50\x4b\x05"
    "\x06\x00\x00\x00\x00\x01\x00\x01\x00\x62\x00\x00\x00\x5b\x00\x00\x00\x00\x00");

static void test_zip_aes(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct file_contents *c = look(a, aes, "abc123", LIMIT_UNLOCK_ROUNDS);

	(void)state;
	assert_int_equal(c->traits, BIT(TRAIT_OPENED));
	assert_true(str_eq(c->members.v[0].data, STR("see http://x.org/")));
	assert_int_equal(look(a, aes, "abc124", LIMIT_UNLOCK_ROUNDS)->traits, BIT(TRAIT_ENCRYPTED));
	/* The last byte of its check is another. */
	char *broken = arena_strndup(a, aes.p, aes.n);
	broken[str_find(aes, STR("PK\1\2"), 0) - 1] ^= 1;
	assert_int_equal(look(a, str_from(broken, aes.n), "abc123", LIMIT_UNLOCK_ROUNDS)->traits,
			 BIT(TRAIT_ENCRYPTED));
	arena_free(&a);
}

/* One that opened something is tried first on what comes next, and some are tried though nobody says them. */
static void test_others(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	const struct make_member members[] = {
		{ .name = STR("a.txt"), .data = STR("text"), .password = "infected" }
	};
	struct str zip = make_zip(a, &(struct make_zip){ .v = members, .n = 1 });
	struct file_budget budget = { .bytes = LIMIT_UNPACKED,
				      .members = LIMIT_MEMBERS,
				      .rounds = LIMIT_UNLOCK_ROUNDS };

	(void)state;
	assert_int_equal(file_contents_read(a, zip, &budget)->traits, BIT(TRAIT_OPENED));
	assert_true(str_eq(budget.worked, STR("infected")));
	size_t left = budget.rounds;
	assert_int_equal(file_contents_read(a, zip, &budget)->traits, BIT(TRAIT_OPENED));
	assert_true(left - budget.rounds < LIMIT_UNLOCK_ROUNDS - left);
	arena_free(&a);
}

static void test_office(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	const struct make_member members[] = {
		{ .name = STR("[Content_Types].xml"), .data = STR("<Types/>") },
		{ .name = STR("word/document.xml"), .data = str_from(arena_zalloc(a, 9000), 9000) },
		{ .name = STR("word/_rels/settings.xml.rels"),
		  .data = STR("<Relationship Type=\"x/attachedTemplate\" Target=\"http://far.test/t\" "
			      "TargetMode=\"External\"/>") },
	};
	struct str document = make_zip(a, &(struct make_zip){ .v = members, .n = 3 });
	struct str locked = make_agile(a, document, RIGHT, 1000);
	struct file_contents *c = look(a, locked, RIGHT, LIMIT_UNLOCK_ROUNDS);

	(void)state;
	assert_int_equal(c->type, MAGIC_DOCX);
	assert_int_equal(c->traits, BIT(TRAIT_OPENED) | BIT(TRAIT_TEMPLATE));
	assert_true(str_eq(c->links.v[0], STR("http://far.test/t")));
	assert_int_equal(look(a, locked, "geheim7", LIMIT_UNLOCK_ROUNDS)->traits, BIT(TRAIT_ENCRYPTED));
	/* The right one comes second, and there is work for one. */
	assert_int_equal(look(a, locked, RIGHT, 1500)->traits, BIT(TRAIT_ENCRYPTED));
	assert_int_equal(look(a, locked, RIGHT, 2500)->traits, BIT(TRAIT_OPENED) | BIT(TRAIT_TEMPLATE));
	locked = make_agile(a, document, "VelvetSweatshop", 10);
	c = look(a, locked, "", LIMIT_UNLOCK_ROUNDS);
	assert_true(str_eq(c->evidence[TRAIT_OPENED], STR("VelvetSweatshop")));
	/* Cut anywhere, it is a document with a lock, or damaged. */
	for (size_t n = 600; n < locked.n; n += 512)
		assert_true(look(a, str_sub(locked, 0, n), RIGHT, LIMIT_UNLOCK_ROUNDS)->traits != 0);
	arena_free(&a);
}

/* Made by qpdf with the user password Geheim7. */
static const struct {
	const char *name;
	struct str pdf;
} locks[] = {
	{ "revision 2",
	  STR_INIT(
	      "%PDF-1.7\n3 0 obj << /Annots [ << /A << /S /URI /URI <2695d08b7b7b63ea1d449d5c5933abd77c> >>"
	      " /Subtype /Link >> ] /MediaBox [ 0 0 9 9 ] /Parent 2 0 R /Type /Page >> endobj\n4 0 obj << /"
	      "Filter /Standard /Length 40 /O <a6fe045358b45301b5792f083fb7902b1665671bdd8bd89ee01076c24848"
	      "9ffe> /P -4 /R 2 /U <d85212a24f7562004bedde7a0d6f1b3d36a591ccb6b463a6732d1ccd0c0ef5f7> /V 1 "
	      ">> endobj\ntrailer<</Encrypt 4 0 R/ID [<15b4f46fcbbe8afe413702896a7eafac><15b4f46fcbbe8afe41"
	      "3702896a7eafac>]>>") },
	{ "revision 3",
	  STR_INIT(
	      "%PDF-1.7\n3 0 obj << /Annots [ << /A << /S /URI /URI <70fca9e3160c335d1d30d92df52e0889f7> >>"
	      " /Subtype /Link >> ] /MediaBox [ 0 0 9 9 ] /Parent 2 0 R /Type /Page >> endobj\n4 0 obj << /"
	      "Filter /Standard /Length 128 /O <39b58e48c92b7afe1675805750afc126d45489d3129fdbefb888fde8d64"
	      "74fa0> /P -4 /R 3 /U <3fde705bd4a4f72c2370e3923f41a6dc0122456a91bae5134273a6db134c87c4> /V 2"
	      " >> endobj\ntrailer<</Encrypt 4 0 R/ID [<c9324fa4c1313ba09b87de1b86ab57e9><c9324fa4c1313ba09"
	      "b87de1b86ab57e9>]>>") },
	{ "revision 4, AES",
	  STR_INIT(
	      "%PDF-1.7\n3 0 obj << /Annots [ << /A << /S /URI /URI <0048f66d4cc934ce081dadac4826c86238eb90"
	      "f38ba8136721d2e72b845041e9c2f4454335ff18adb94437b26ab2224e> >> /Subtype /Link >> ] /MediaBox"
	      " [ 0 0 9 9 ] /Parent 2 0 R /Type /Page >> endobj\n4 0 obj << /CF << /StdCF << /AuthEvent /Do"
	      "cOpen /CFM /AESV2 /Length 16 >> >> /Filter /Standard /Length 128 /O <39b58e48c92b7afe1675805"
	      "750afc126d45489d3129fdbefb888fde8d6474fa0> /P -4 /R 4 /StmF /StdCF /StrF /StdCF /U <04ed2e67"
	      "b397f847a1cfa40f78c2f2490122456a91bae5134273a6db134c87c4> /V 4 >> endobj\ntrailer<</Encrypt "
	      "4 0 R/ID [<3bd9d0979a15b21f3fa969eadea47b9f><3bd9d0979a15b21f3fa969eadea47b9f>]>>") },
	{ "revision 6, AES",
	  STR_INIT(
	      "%PDF-1.7\n3 0 obj << /Annots [ << /A << /S /URI /URI <76bdbf2abcb5f83b5e35aca5088a1494423bf6"
	      "84cda7cd64a63cc6f78ed9bab9a497e554b99d5dd868c7b01aa619fe55> >> /Subtype /Link >> ] /MediaBox"
	      " [ 0 0 9 9 ] /Parent 2 0 R /Type /Page >> endobj\n4 0 obj << /CF << /StdCF << /AuthEvent /Do"
	      "cOpen /CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <8793f66a22b5588f9dde1e6"
	      "473f3557458b03bb2a3d3c8170eda026c68e96c84afeef19ea1d75b34ddd46c252278ffae> /OE <8c65b34c8bbf"
	      "863be01a1c222d5ea77a3ce8bfd15aa5b7652ee5bd552e68de9b> /P -4 /Perms <686139a7ae04c0844ca40166"
	      "0efa519d> /R 6 /StmF /StdCF /StrF /StdCF /U <383f50b42fd6f1680f0d2db9e49ba07b9590cc0ccb3607f"
	      "5e46dab842a37e957d67ce5a0c262bf8b5faa9d242070bbd4> /UE <d7a29289d1ec3e10c4dce85f7f7daefc5766"
	      "5eb027c25dc533112f60235bbbff> /V 5 >> endobj\ntrailer<</Encrypt 4 0 R/ID [<a9652f0e749e9a48d"
	      "b14a9572af53233><a9652f0e749e9a48db14a9572af53233>]>>") },
};

static void test_pdf(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
		struct arena *a = arena_new(64u << 20, NULL, NULL);
		expect_open(a, locks[i].name, locks[i].pdf, STR_NONE);
		struct file_contents *c = look(a, locks[i].pdf, RIGHT, LIMIT_UNLOCK_ROUNDS);
		assert_int_equal(c->links.n, 1);
		assert_true(str_eq(c->links.v[0], STR("http://far.test/a")));
		assert_int_equal(look(a, locks[i].pdf, "geheim7", LIMIT_UNLOCK_ROUNDS)->links.n, 0);
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zip),    cmocka_unit_test(test_zip_aes), cmocka_unit_test(test_others),
		cmocka_unit_test(test_office), cmocka_unit_test(test_pdf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The IMAP connector against a scripted server: ways to log in, reading, looking, waiting, and what goes wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http_server.h"
#include "mailbox/token.h"
#include "scene.h"

/* ---- logging in ---- */

#define HELLO_PLAIN "S:* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi"
#define HELLO_PLAIN_IR "S:* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi"

static void ways_in(void **state)
{
	/* clang-format off */
	static const struct scene scenes[] = {
		{ OPEN, NULL, "secret", { IN(""), BYE }, 0, OK, TROUBLE_NONE, NULL },
		{ OPEN, NULL, "secret", { "S:* OK hi", "C:p1 CAPABILITY",
		  "R:* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\np1 OK x\r\n", "C:p2 AUTHENTICATE PLAIN",
		  "S:+ ", "C:AGFubkBhLnRlc3QAc2VjcmV0", "S:p2 OK in", "C:p3 CAPABILITY",
		  "R:* CAPABILITY IMAP4rev1\r\np3 OK x\r\n", BYE }, 0, OK, TROUBLE_NONE, NULL },
		{ OPEN, "master", "secret", { HELLO_PLAIN_IR,
		  "C:p1 AUTHENTICATE PLAIN YW5uQGEudGVzdABtYXN0ZXIAc2VjcmV0",
		  "S:p1 OK [CAPABILITY IMAP4rev1] in", BYE }, 0, OK, TROUBLE_NONE, NULL },
		{ OPEN, "master", "secret", { HELLO, "C:p1 LOGIN \"ann@a.test*master\" \"secret\"",
		  "S:p1 OK [CAPABILITY IMAP4rev1] in", BYE }, 0, OK, TROUBLE_NONE, NULL },
		{ OPEN, NULL, "a\"b\\c", { HELLO, "C:p1 LOGIN \"ann@a.test\" \"a\\\"b\\\\c\"",
		  "S:p1 OK [CAPABILITY IMAP4rev1] in", BYE }, 0, OK, TROUBLE_NONE, NULL },
		/* what cannot be quoted is a literal, for which the server is waited for */
		{ OPEN, NULL, "p\xc3\xa4ss", { HELLO, "C:p1 LOGIN \"ann@a.test\" {5}",
		  "R:* OK by the way\r\n+ go\r\n", "C:p\xc3\xa4ss", "S:p1 OK [CAPABILITY IMAP4rev1] in",
		  BYE }, 0, OK, TROUBLE_NONE, NULL },
		{ OPEN, NULL, "p\xc3\xa4ss", { "S:* OK [CAPABILITY IMAP4rev1 LITERAL+] hi",
		  "C:p1 LOGIN \"ann@a.test\" {5+}", "C:p\xc3\xa4ss",
		  "S:p1 OK [CAPABILITY IMAP4rev1] in", BYE }, 0, OK, TROUBLE_NONE, NULL },
	};
	/* clang-format on */

	(void)state;
	check_all(scenes, ARRAY_LEN(scenes));
}

static void refused_at_the_door(void **state)
{
	/* clang-format off */
	static const struct scene scenes[] = {
		{ OPEN, NULL, "secret", { HELLO, LOGIN, "S:p1 NO [AUTHENTICATIONFAILED] wrong", BYE },
		  0, ERR_DENIED, TROUBLE_LOGIN, "wrong" },
		{ OPEN, NULL, "secret", { HELLO, LOGIN, "S:p1 NO go away", BYE }, 0, ERR_DENIED,
		  TROUBLE_LOGIN, "go away" },
		{ OPEN, NULL, "secret", { HELLO, LOGIN, "S:p1 BAD LOGIN ann secret?", BYE }, 0,
		  ERR_DENIED, TROUBLE_LOGIN, "password" },
		{ OPEN, NULL, "secret", { HELLO, LOGIN, "S:p1 NO [EXPIRED] old", BYE }, 0, ERR_DENIED,
		  TROUBLE_EXPIRED, "old" },
		{ OPEN, NULL, "secret", { HELLO, LOGIN, "S:p1 NO [UNAVAILABLE] down", BYE }, 0,
		  ERR_LATER, TROUBLE_BUSY, "down" },
		{ OPEN, NULL, "secret", { HELLO, LOGIN, "R:* BYE [UNAVAILABLE] down\r\n" }, 0,
		  ERR_LATER, TROUBLE_BUSY, "down" },
		{ OPEN, NULL, "secret", { HELLO, LOGIN }, 0, ERR_LATER, TROUBLE_CUT, "lost" },
		{ OPEN, "master", "secret", { HELLO_PLAIN, "C:p1 AUTHENTICATE PLAIN",
		  "S:p1 NO [AUTHENTICATIONFAILED] wrong", BYE }, 0, ERR_DENIED, TROUBLE_LOGIN,
		  "wrong" },
		{ OPEN, "master", "secret", { HELLO_PLAIN_IR, "C:p1 AUTHENTICATE",
		  "S:p1 NO [AUTHORIZATIONFAILED] nobody", BYE }, 0, ERR_DENIED, TROUBLE_NO_MAILBOX, "nobody" },
		{ OPEN, "master", "secret", { HELLO_PLAIN_IR, "C:p1 AUTHENTICATE", "S:+ more", "C:*",
		  "S:p1 BAD then not", BYE }, 0, ERR_DENIED, TROUBLE_LOGIN, "then not" },
		{ OPEN, NULL, "secret", { HELLO, LOGIN, "S:+ more", "W" }, 0, ERR_LATER, TROUBLE_CUT, "more than" },
		{ OPEN, NULL, "secret", { "S:* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi", BYE }, 0,
		  ERR_DENIED, TROUBLE_LOGIN, "no password" },
		{ OPEN, NULL, "secret", { "S:* BYE [UNAVAILABLE] full", BYE }, 0, ERR_LATER,
		  TROUBLE_BUSY, "full" },
		{ OPEN, NULL, "secret", { "S:* PREAUTH you are root", "W" }, 0, ERR_LATER, TROUBLE_CUT,
		  "greet" },
		{ OPEN, NULL, "secret", { "S:+OK pop", "W" }, 0, ERR_LATER, TROUBLE_CUT, "protocol" },
		{ OPEN, NULL, "secret", { "S:220 smtp ESMTP", "W" }, 0, ERR_LATER, TROUBLE_CUT,
		  "protocol" },
		{ OPEN, NULL, "secret", { NULL }, 0, ERR_LATER, TROUBLE_CUT, "lost" },
		{ OPEN, NULL, "secret", { "W" }, SHORT_MS, ERR_LATER, TROUBLE_CUT, "in time" },
		{ OPEN, NULL, "secret", { HELLO, LOGIN, "W" }, SHORT_MS, ERR_LATER, TROUBLE_CUT,
		  "in time" },
		{ OPEN, NULL, "secret", { HELLO, LOGIN, "R:p1 O", "W" }, SHORT_MS, ERR_LATER,
		  TROUBLE_CUT, "in time" },
	};
	/* clang-format on */

	(void)state;
	check_all(scenes, ARRAY_LEN(scenes));
}

/* ---- tokens ---- */

#define GRANTED(token) ANSWER("200 OK", "{\"access_token\":\"" token "\",\"expires_in\":3600}")
/* user=ann@a.test^Aauth=Bearer secret^A^A, and the same with "newer" */
#define XOAUTH2 "dXNlcj1hbm5AYS50ZXN0AWF1dGg9QmVhcmVyIHNlY3JldAEB"
#define XOAUTH2_NEWER "dXNlcj1hbm5AYS50ZXN0AWF1dGg9QmVhcmVyIG5ld2VyAQE="
/* n,a=ann@a.test,^Aauth=Bearer secret^A^A */
#define OAUTHBEARER "bixhPWFubkBhLnRlc3QsAWF1dGg9QmVhcmVyIHNlY3JldAEB"

static void a_name_that_is_none(void **state)
{
	const struct scene s = { .secret = "secret", .script = { NULL } };
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	struct mailbox_fault fault;
	struct mailbox *m;
	struct stage g;

	(void)state;
	set_stage(&g, a, &s);
	assert_int_equal(
	    mailbox_open(&g.site, STR("ann\0master"), &g.own, clock_mono_ms() + LONG_MS, &m, &fault),
	    ERR_DENIED);
	assert_int_equal(fault.what, TROUBLE_NO_MAILBOX);
	(void)hop_join(&g.hop);
	buf_free(&g.hop.content);
	arena_free(&a);
}

/* Idle for too long: whoever keeps mailboxes sees it before using it again. */
static void hung_up_meanwhile(void **state)
{
	const struct scene s = { .secret = "secret", .script = { IN(FULL), "S:* BYE idle for too long" } };
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	struct mailbox_fault fault;
	struct mailbox *m;
	struct stage g;

	(void)state;
	set_stage(&g, a, &s);
	assert_int_equal(open_stage(&g, &s, clock_mono_ms() + LONG_MS, &m, &fault), OK);
	assert_string_equal(hop_join(&g.hop), "");
	assert_true(mailbox_is_broken(m));
	mailbox_close(&m);
	buf_free(&g.hop.content);
	arena_free(&a);
}

static void tokens(void **state)
{
	/* clang-format off */
	static const struct {
		struct scene scene;
		const char *grants[2];
	} cases[] = {
		{ { OPEN, "client", "x", { "S:* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 AUTH=OAUTHBEARER SASL-IR] hi",
		    "C:p1 AUTHENTICATE OAUTHBEARER " OAUTHBEARER, "S:p1 OK [CAPABILITY IMAP4rev1] in", BYE }, 0, OK,
		    TROUBLE_NONE, NULL }, { GRANTED("secret") } },
		{ { OPEN, "client", "x", { "S:* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] hi", "C:p1 AUTHENTICATE XOAUTH2",
		    "S:+ ", "C:" XOAUTH2, "S:p1 OK [CAPABILITY IMAP4rev1] in", BYE }, 0, OK, TROUBLE_NONE, NULL },
		  { GRANTED("secret") } },
		/* why it is refused is told first, and wants an answer; another token is tried */
		{ { OPEN, "client", "x", { "S:* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR] hi",
		    "C:p1 AUTHENTICATE XOAUTH2 " XOAUTH2, "S:+ eyJzdGF0dXMiOiI0MDEifQ==", "C:", "S:p1 NO refused",
		    "C:p2 AUTHENTICATE XOAUTH2 " XOAUTH2_NEWER, "S:p2 OK [CAPABILITY IMAP4rev1] in", BYE }, 0, OK,
		    TROUBLE_NONE, NULL }, { GRANTED("secret"), GRANTED("newer") } },
		{ { OPEN, "client", "x", { "S:* OK [CAPABILITY IMAP4rev1 AUTH=OAUTHBEARER SASL-IR] hi",
		    "C:p1 AUTHENTICATE OAUTHBEARER", "S:+ eyJ9", "C:AQ==", "S:p1 NO [AUTHENTICATIONFAILED] secret is old",
		    "C:p2 AUTHENTICATE OAUTHBEARER", "S:p2 NO [UNAVAILABLE] down", BYE }, 0, ERR_LATER, TROUBLE_BUSY,
		    "down" }, { GRANTED("secret"), GRANTED("newer") } },
		{ { OPEN, "client", "x", { HELLO_PLAIN_IR, BYE }, 0, ERR_DENIED, TROUBLE_LOGIN, "no access tokens" },
		  { GRANTED("secret") } },
		{ { OPEN, "client", "x", { "S:* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] hi", BYE }, 0, ERR_DENIED,
		    TROUBLE_LOGIN, "unknown client" },
		  { ANSWER("401 No", "{\"error\":\"invalid_client\",\"error_description\":\"unknown client\"}") } },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
		struct http_server service;
		struct mailbox_fault fault;
		struct stage g;
		struct mailbox *m;
		print_message("# %zu\n", i);
		http_server_start(&service, cases[i].grants, cases[i].grants[1] ? 2 : 1);
		set_stage(&g, a, &cases[i].scene);
		g.tools.tokens = tokens_new();
		SET(&g.integration, integration, login, MAILBOX_BEARER);
		SET(&g.integration, integration, token_url,
		    arena_printf(a, "http://127.0.0.1:%d/token", service.port));
		enum err e = open_stage(&g, &cases[i].scene, clock_mono_ms() + LONG_MS, &m, &fault);
		assert_int_equal(e, cases[i].scene.e);
		assert_int_equal(fault.what, cases[i].scene.what);
		if (e)
			assert_non_null(strstr(fault.text.text, cases[i].scene.text));
		assert_null(strstr(fault.text.text, "secret"));
		mailbox_close(&m);
		assert_string_equal(hop_join(&g.hop), "");
		buf_free(&g.hop.content);
		http_server_end(&service);
		tokens_free(&g.tools.tokens);
		arena_free(&a);
	}
}

/* ---- reading ---- */

#define PEEK "C:p3 UID FETCH 5 (UID FLAGS INTERNALDATE BODY.PEEK[])"
#define FIVE                                                                                                \
	"* 1 FETCH (UID 5 FLAGS (\\Seen \\Recent) INTERNALDATE \"" RECEIVED "\" BODY[] {24}\r\n" MAIL ")\r" \
	"\n"

static void reading(void **state)
{
	/* clang-format off */
	static const struct scene scenes[] = {
		{ FETCH, NULL, "secret", { IN(FULL), EXAMINE, PEEK, "R:" FIVE "p3 OK x\r\n", BYE }, 0,
		  OK, TROUBLE_NONE, NULL },
		/* others' news in between, and the wanted one in two pieces */
		{ FETCH, NULL, "secret", { IN(FULL), EXAMINE, PEEK,
		  "R:* 9 FETCH (UID 4 BODY[] \"no\")\r\n* 3 EXISTS\r\n* 1 FETCH (FLAGS ())\r\n",
		  "R:" FIVE "p3 OK x\r\n", BYE }, 0, OK, TROUBLE_NONE, NULL },
		{ FETCH, NULL, "secret", { IN(FULL), EXAMINE, PEEK, "S:p3 OK x", BYE }, 0, ERR_ABSENT,
		  TROUBLE_NO_MESSAGE, "INBOX" },
		{ FETCH, NULL, "secret", { IN(FULL), EXAMINE, PEEK, "S:p3 NO [EXPUNGEISSUED] gone",
		  BYE }, 0, ERR_ABSENT, TROUBLE_NO_MESSAGE, "gone" },
		{ FETCH, NULL, "secret", { IN(FULL), "C:p2 EXAMINE",
		  "R:* OK [UIDVALIDITY 8] x\r\np2 OK x\r\n", BYE }, 0, ERR_ABSENT, TROUBLE_CHANGED,
		  "INBOX" },
		{ FETCH, NULL, "secret", { IN(FULL), "C:p2 EXAMINE", "S:p2 NO none here", BYE }, 0,
		  ERR_ABSENT, TROUBLE_NO_FOLDER, "none here" },
		{ FETCH, NULL, "secret", { IN(FULL), "C:p2 EXAMINE", "S:p2 NO [INUSE] locked", BYE }, 0,
		  ERR_LATER, TROUBLE_BUSY, "locked" },
		{ FETCH, NULL, "secret", { IN(FULL), "C:p2 EXAMINE", "S:p2 NO [NOPERM] not yours",
		  BYE }, 0, ERR_DENIED, TROUBLE_NO_CONSENT, "not yours" },
		/* broken and hostile */
		{ FETCH, NULL, "secret", { IN(FULL), EXAMINE, PEEK, "S:p9 OK x", "W" }, 0, ERR_LATER,
		  TROUBLE_CUT, "not asked" },
		{ FETCH, NULL, "secret", { IN(FULL), EXAMINE, PEEK, "S:* 1 FETCH (((((((((((((((",
		  "W" }, 0, ERR_LATER, TROUBLE_CUT, "protocol" },
		{ FETCH, NULL, "secret", { IN(FULL), EXAMINE, PEEK,
		  "S:* 1 FETCH (UID 5 BODY[] {4294967295}" }, 0, ERR_LATER, TROUBLE_CUT, "lost" },
		{ FETCH, NULL, "secret", { IN(FULL), EXAMINE, PEEK, "S:* 1 FETCH (UID 5 BODY[] {100}",
		  "W" }, SHORT_MS, ERR_LATER, TROUBLE_CUT, "in time" },
		{ FETCH, NULL, "secret", { IN(FULL), EXAMINE, PEEK, "S:* BYE \x1b[31mred\xff", "W" }, 0,
		  ERR_LATER, TROUBLE_CUT, " [31mred\xef\xbf\xbd" },
		{ FETCH, NULL, "secret", { IN(FULL), EXAMINE, PEEK,
		  "R:* 1 FETCH (UID 5 BODY[] {5}\r\nab" }, 0, ERR_LATER, TROUBLE_CUT, "lost" },
	};
	/* clang-format on */

	(void)state;
	check_all(scenes, ARRAY_LEN(scenes));
}

static void what_is_read(void **state)
{
	static const struct scene s = {
		FETCH, NULL, "secret",     { IN(FULL), EXAMINE, PEEK, "R:" FIVE "p3 OK x\r\n", BYE },
		0,     OK,   TROUBLE_NONE, NULL
	};
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	struct result r;

	(void)state;
	check(&s, a, &r);
	assert_true(str_eq(r.bytes, STR(MAIL)));
	assert_true(str_eq(r.marks.flags, STR("\\Seen")));
	assert_int_equal(r.marks.received_us, RECEIVED_US);
	assert_false(r.broken);
	arena_free(&a);
}

/* Read to its end, so that the connection can be used on. */
static void larger_than_the_arena(void **state)
{
	static char large[3 << 20];
	const struct scene s = {
		FETCH, NULL,      "secret",        { IN(FULL), EXAMINE, PEEK, large, "S:p3 OK x", BYE },
		0,     ERR_LIMIT, TROUBLE_REFUSED, "3000000 bytes"
	};
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	struct result r;

	(void)state;
	int n = snprintf(large, sizeof(large), "R:* 1 FETCH (UID 5 BODY[] {3000000}\r\n");
	memset(large + n, 'x', 3000000);
	memcpy(large + n + 3000000, ")\r\n", 4);
	check(&s, a, &r);
	assert_false(r.broken);
	arena_free(&a);
}

/* A line without end is not kept beyond its ceiling. The server cannot send all of it to who has gone. */
static void a_line_without_end(void **state)
{
	enum { BYTES = 9 << 20 };
	char *large = malloc(BYTES + 3);
	const struct scene s = { .secret = "secret", .script = { IN(FULL), EXAMINE, PEEK, large } };
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	deadline_ms until = clock_mono_ms() + LONG_MS;
	struct mailbox_fault fault;
	struct mailbox *m;
	struct result r;
	struct stage g;

	(void)state;
	assert_non_null(large);
	memcpy(large, "R:", 2);
	memset(large + 2, 'x', BYTES);
	large[BYTES + 2] = 0;
	set_stage(&g, a, &s);
	assert_int_equal(open_stage(&g, &s, until, &m, &fault), OK);
	assert_int_equal(act(m, a, FETCH, until, &r, &fault), ERR_LATER);
	assert_non_null(strstr(fault.text.text, "too long"));
	mailbox_close(&m);
	(void)hop_join(&g.hop);
	buf_free(&g.hop.content);
	free(large);
	arena_free(&a);
}

/* What waits is broken off, long before its time. */
static void this_program_ends(void **state)
{
	const struct scene s = { .secret = "secret", .script = { IN(FULL), "C:p2 EXAMINE", "W" } };
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	deadline_ms until = clock_mono_ms() + 6 * LONG_MS;
	struct mailbox_fault fault;
	struct mailbox *m;
	struct result r;
	struct stage g;

	(void)state;
	set_stage(&g, a, &s);
	assert_int_equal(open_stage(&g, &s, until, &m, &fault), OK);
	atomic_store(&g.ending, true);
	assert_int_equal(act(m, a, FETCH, until, &r, &fault), ERR_LATER);
	assert_non_null(strstr(fault.text.text, "ending"));
	mailbox_close(&m);
	assert_string_equal(hop_join(&g.hop), "");
	buf_free(&g.hop.content);
	arena_free(&a);
}

/* ---- finding ---- */

#define LIST_ALL                                                                                             \
	"R:* LIST (\\Noselect) \"/\" Shared\r\n* LIST () \"/\" Public/x\r\n* LIST () \"/\" Others/ben\r\n* " \
	"LIST () \"/\" Old\r\n* LIST (\\Junk) \"/\" Spam\r\n"                                                \
	"* LIST () \"/\" Junk\r\n* LIST (\\All) \"/\" All\r\n* LIST () \"/\" {3}\r\na\r\n\r\n* LIST () "     \
	"\"/\" Inbox\r\n"

/* Folders of others are nobody's business here, the same one told twice counts once. */
static void finding(void **state)
{
	/* clang-format off */
	static const struct scene s = { FIND, NULL, "secret",
		{ IN(FULL " NAMESPACE"), "C:p2 NAMESPACE",
		  "R:* NAMESPACE ((\"\" \"/\")) ((\"Others/\" \"/\")) ((\"Shared/\" \"/\")(\"Public/\" \"/\"))\r\np2 OK x\r\n",
		  "C:p3 LIST \"\" \"*\"", LIST_ALL "p3 OK x\r\n",
		  "C:p4 EXAMINE \"INBOX\"", "R:* OK [UIDVALIDITY 7] x\r\np4 OK x\r\n",
		  "C:p5 UID SEARCH HEADER Message-ID \"<a@b>\"", "R:* SEARCH 9 5\r\np5 OK x\r\n",
		  "C:p6 UID FETCH 5,9 " DESCRIBED, "R:" HEADER("5", "<a@b>") HEADER("5", "<a@b>")
		  HEADER("9", "<x><a@b>") HEADER("77", "<a@b>") "p6 OK x\r\n",
		  "C:p7 EXAMINE \"Spam\"", "S:p7 NO gone",
		  "C:p8 EXAMINE \"Old\"", "R:* OK [UIDVALIDITY 3] x\r\np8 OK x\r\n",
		  "C:p9 UID SEARCH", "R:* ESEARCH (TAG \"p9\") UID ALL 4\r\np9 OK x\r\n",
		  "C:p10 UID FETCH 4", "R:" HEADER("4", "<a@b>") "p10 OK x\r\n",
		  "C:p11 EXAMINE \"Junk\"", "S:p11 NO gone", BYE },
		0, OK, TROUBLE_NONE, NULL };
	/* clang-format on */
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	struct result r;

	(void)state;
	check(&s, a, &r);
	assert_int_equal(r.items.n, 2);
	assert_true(str_eq(r.items.v[0].place.folder, STR("INBOX")));
	assert_true(str_eq(r.items.v[0].place.id, STR("7.5")));
	assert_int_equal(r.items.v[0].size, 24);
	assert_true(str_eq(r.items.v[1].place.folder, STR("Old")));
	assert_true(str_eq(r.items.v[1].place.id, STR("3.4")));
	arena_free(&a);
}

/* Numbers may be far apart: what is asked for at once grows while there is nothing. */
static void changes(void **state)
{
	static const struct scene s = {
		CHANGES,
		NULL,
		"secret",
		{ IN(FULL), "C:p2 EXAMINE",
		  "R:* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 12290] x\r\np2 OK x\r\n",
		  "C:p3 UID SEARCH UID 1:4096 SINCE 31-Dec-1969", "R:* SEARCH\r\np3 OK x\r\n",
		  "C:p4 UID SEARCH UID 4097:12288 SINCE", "R:* SEARCH 12288 4097\r\np4 OK x\r\n",
		  "C:p5 UID FETCH 4097,12288 " DESCRIBED, "R:" HEADER("4097", "<a@b>") "p5 OK x\r\n",
		  "C:p6 UID SEARCH UID 12289:12289 SINCE", "S:p6 OK x", BYE },
		0,
		OK,
		TROUBLE_NONE,
		NULL,
	};
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	struct result r;

	(void)state;
	check(&s, a, &r);
	assert_int_equal(r.changes.items.n, 1);
	assert_true(str_eq(r.changes.items.v[0].place.id, STR("7.4097")));
	assert_true(str_eq(r.changes.cursor, STR("1 0\n7 12290 12290 INBOX\n")));
	assert_false(r.changes.more);
	arena_free(&a);
}

/* ---- waiting ---- */

static void waiting(void **state)
{
	/* clang-format off */
	static const struct scene scenes[] = {
		{ WAIT, NULL, "secret", { IN(FULL), EXAMINE, "C:p3 IDLE", "S:+ idling",
		  "R:* OK Still here\r\n* 2 EXISTS\r\n", "C:DONE", "S:p3 OK x", BYE }, 0, OK,
		  TROUBLE_NONE, NULL },
		{ WAIT, NULL, "secret", { IN(FULL), EXAMINE, "C:p3 IDLE", "S:+ idling", "C:DONE",
		  "S:p3 OK x", BYE }, 0, OK, TROUBLE_NONE, NULL },
		{ WAIT, NULL, "secret", { IN(""), EXAMINE, "C:p3 NOOP", "R:* 2 EXISTS\r\np3 OK x\r\n",
		  BYE }, 0, OK, TROUBLE_NONE, NULL },
		{ WAIT, NULL, "secret", { IN(FULL), EXAMINE, "C:p3 IDLE", "S:p3 NO not now", BYE }, 0,
		  ERR_DENIED, TROUBLE_REFUSED, "not now" },
		{ WAIT, NULL, "secret", { IN(FULL), EXAMINE, "C:p3 IDLE", "S:+ idling",
		  "S:* BYE too long", "W" }, 0, ERR_LATER, TROUBLE_CUT, "any longer" },
		{ WAIT, NULL, "secret", { IN(FULL), EXAMINE, "C:p3 IDLE", "S:+ idling" }, 0, ERR_LATER,
		  TROUBLE_CUT, "lost" },
	};
	/* clang-format on */

	(void)state;
	check_all(scenes, ARRAY_LEN(scenes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ways_in),
		cmocka_unit_test(refused_at_the_door),
		cmocka_unit_test(a_name_that_is_none),
		cmocka_unit_test(hung_up_meanwhile),
		cmocka_unit_test(tokens),
		cmocka_unit_test(reading),
		cmocka_unit_test(what_is_read),
		cmocka_unit_test(larger_than_the_arena),
		cmocka_unit_test(a_line_without_end),
		cmocka_unit_test(this_program_ends),
		cmocka_unit_test(finding),
		cmocka_unit_test(changes),
		cmocka_unit_test(waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

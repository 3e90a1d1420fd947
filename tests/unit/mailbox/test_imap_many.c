/* Many messages with one command each, against a scripted server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scene.h"

/* What is asked of an open mailbox, and what came of each message, as a text. */
typedef enum err many_fn(struct mailbox *m, struct arena *a, struct str *told, struct mailbox_fault *fault);

struct case_of_many {
	struct scene scene;
	const char *told;
};

static void add(struct arena *a, struct str *told, struct str s)
{
	*told = ARENA_JOIN(a, *told, told->n ? STR(" ") : STR(""), s);
}

static void play_all(const struct case_of_many *v, size_t n, many_fn *fn)
{
	for (size_t i = 0; i < n; i++) {
		const struct scene *s = &v[i].scene;
		deadline_ms until = clock_mono_ms() + LONG_MS;
		struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
		struct mailbox_fault fault;
		struct str told = STR("");
		struct mailbox *m;
		struct stage g;

		set_stage(&g, a, s);
		assert_int_equal(open_stage(&g, s, until, &m, &fault), OK);
		enum err e = fn(m, a, &told, &fault);
		mailbox_close(&m);
		assert_string_equal(hop_join(&g.hop), "");
		buf_free(&g.hop.content);
		print_message("# %zu: %s %s\n", i, err_name(e), e ? fault.text.text : "");
		assert_int_equal(e, s->e);
		assert_int_equal(fault.what, s->what);
		assert_string_equal(arena_str(a, told).p, v[i].told);
		arena_free(&a);
	}
}

#define ITEM(n, id)                                                                           \
	"* " n " FETCH (UID " n " FLAGS () INTERNALDATE \"" RECEIVED "\" RFC822.SIZE 24 BODY" \
	"[HEADER.FIELDS (\"Message-ID\")] \"Message-ID: " id "\")\r\n"

/* ---- finding ---- */

static enum err find(struct mailbox *m, struct arena *a, struct str *told, struct mailbox_fault *fault)
{
	struct str ids[] = { STR("<a@b>"), STR("<\xc3\xa4@b>"), STR("<c@d>"), STR("<e@f>") };
	struct mail_items items;
	enum err e = mailbox_find_many(m, a, &(struct strs){ ids, ARRAY_LEN(ids) }, clock_mono_ms() + LONG_MS,
				       &items, fault);

	for (size_t i = 0; i < items.n; i++)
		add(a, told, ARENA_JOIN(a, items.v[i].message_id, items.v[i].place.id));
	return e;
}

#define SEARCHES                                                                         \
	"C:p3 UID SEARCH OR HEADER Message-ID \"<a@b>\" OR HEADER Message-ID \"<c@d>\" " \
	"HEADER Message-ID \"<e@f>\""

static void finding(void **state)
{
	/* clang-format off */
	static const struct case_of_many cases[] = {
		{ { FIND, NULL, "secret", { IN(FULL), EXAMINE, SEARCHES, "R:* SEARCH 5 3\r\np3 OK x\r\n",
		  "C:p4 UID FETCH 3,5 " DESCRIBED, "R:" ITEM("5", "<a@b>") ITEM("3", "<e@f>") "p4 OK x\r\n",
		  BYE }, 0, OK, TROUBLE_NONE, NULL }, "<a@b>7.5 <e@f>7.3" },
		{ { FIND, NULL, "secret", { IN(FULL), EXAMINE, SEARCHES, "R:* SEARCH\r\np3 OK x\r\n", BYE },
		  0, OK, TROUBLE_NONE, NULL }, "" },
		/* somebody else wrote these ids, too */
		{ { FIND, NULL, "secret", { IN(FULL), EXAMINE, SEARCHES,
		  "R:* SEARCH 1 2 3 4 5 6 7 8 9\r\np3 OK x\r\n", BYE }, 0, ERR_LIMIT, TROUBLE_REFUSED, NULL }, "" },
		/* a server that knows no such search */
		{ { FIND, NULL, "secret", { IN(FULL), EXAMINE, SEARCHES, "S:p3 BAD too deep", BYE }, 0,
		  ERR_DENIED, TROUBLE_REFUSED, NULL }, "" },
	};
	/* clang-format on */

	(void)state;
	play_all(cases, ARRAY_LEN(cases), find);
}

/* ---- reading ---- */

static const struct mail_place three[] = { { STR_INIT("INBOX"), STR_INIT("7.9") },
					   { STR_INIT("INBOX"), STR_INIT("7.5") },
					   { STR_INIT("INBOX"), STR_INIT("8.6") } };

struct reading {
	struct arena *a;
	struct str *told;
};

static void see(void *ctx, size_t i, struct str bytes, const struct mail_marks *marks)
{
	const struct reading *r = ctx;

	add(r->a, r->told, arena_printf(r->a, "%zu:%zu:%.*s", i, bytes.n, STR_ARG(marks->flags)));
}

static enum err fetch(struct mailbox *m, struct arena *a, struct str *told, struct mailbox_fault *fault)
{
	struct reading r = { a, told };

	return mailbox_fetch_many(m, a, three, ARRAY_LEN(three), 24, clock_mono_ms() + LONG_MS, see, &r,
				  fault);
}

static void reading(void **state)
{
	/* clang-format off */
	static const struct case_of_many cases[] = {
		/* one of another folder's numbers is not asked for; of the others each is told as it is asked for */
		{ { FETCH, NULL, "secret", { IN(FULL), EXAMINE, "C:p3 UID FETCH 5,9 " DESCRIBED,
		  "R:" ITEM("9", "<a@b>") ITEM("5", "<a@b>") "p3 OK x\r\n",
		  "C:p4 UID FETCH 5,9 (UID FLAGS INTERNALDATE BODY.PEEK[])",
		  "R:* 1 FETCH (UID 9 FLAGS (\\Seen) BODY[] {24}\r\n" MAIL ")\r\n* 2 FETCH (UID 5 FLAGS () BODY[] "
		  "\"x\")\r\n* 2 FETCH (UID 5 FLAGS () BODY[] \"again\")\r\n* 3 FETCH (UID 77 FLAGS () BODY[] \"x\")"
		  "\r\np4 OK x\r\n", BYE }, 0, OK, TROUBLE_NONE, NULL }, "0:24:\\Seen 1:1:" },
		/* gone, and too large */
		{ { FETCH, NULL, "secret", { IN(FULL), EXAMINE, "C:p3 UID FETCH 5,9 " DESCRIBED,
		  "R:* 9 FETCH (UID 9 FLAGS () INTERNALDATE \"" RECEIVED "\" RFC822.SIZE 25 BODY"
		  "[HEADER.FIELDS (\"Message-ID\")] \"Message-ID: <a@b>\")\r\np3 OK x\r\n", BYE }, 0, OK,
		  TROUBLE_NONE, NULL }, "" },
		{ { FETCH, NULL, "secret", { IN(FULL), EXAMINE, "C:p3 UID FETCH 5,9" }, 0, ERR_LATER,
		  TROUBLE_CUT, NULL }, "" },
	};
	/* clang-format on */

	(void)state;
	play_all(cases, ARRAY_LEN(cases), fetch);
}

/* ---- moving ---- */

static enum err move(struct mailbox *m, struct arena *a, struct str *told, struct mailbox_fault *fault)
{
	struct mail_place to[ARRAY_LEN(three)];

	assert_true(mailbox_does_many(m));
	enum err e = mailbox_move_many(m, a, three, ARRAY_LEN(three), DESTINATION_JUNK,
				       clock_mono_ms() + LONG_MS, to, fault);
	for (size_t i = 0; i < ARRAY_LEN(to) && !e; i++)
		add(a, told, ARENA_JOIN(a, to[i].folder, STR(":"), to[i].id));
	return e;
}

#define MOVES                                                                            \
	IN(FULL), "C:p2 LIST \"\" \"*\"", "R:* LIST (\\Junk) \"/\" Spam\r\np2 OK x\r\n", \
	    "C:p3 SELECT \"INBOX\"", "R:* OK [UIDVALIDITY 7] x\r\np3 OK x\r\n", "C:p4 UID MOVE 5,9 \"Spam\""

static void moving(void **state)
{
	/* clang-format off */
	static const struct case_of_many cases[] = {
		{ { MOVE, NULL, "secret", { MOVES, "R:* OK [COPYUID 3 5,9 20:21] x\r\n* 1 EXPUNGE\r\np4 OK x\r\n", BYE },
		  0, OK, TROUBLE_NONE, NULL }, "Spam:3.21 Spam:3.20 :" },
		/* one was gone, and one by one as well */
		{ { MOVE, NULL, "secret", { MOVES, "R:* OK [COPYUID 3 9 20] x\r\np4 OK x\r\n", BYE }, 0, OK,
		  TROUBLE_NONE, NULL }, "Spam:3.20 : :" },
		{ { MOVE, NULL, "secret", { MOVES,
		  "R:* OK [COPYUID 3 5 20] x\r\n* OK [COPYUID 3 9 21] x\r\np4 OK x\r\n", BYE }, 0, OK,
		  TROUBLE_NONE, NULL }, "Spam:3.21 Spam:3.20 :" },
		{ { MOVE, NULL, "secret", { MOVES, "R:p4 OK [COPYUID 3 5,9 20,30] x\r\n", BYE }, 0, OK,
		  TROUBLE_NONE, NULL }, "Spam:3.30 Spam:3.20 :" },
		/* what does not say which is which says nothing */
		{ { MOVE, NULL, "secret", { MOVES, "R:* OK [COPYUID 3 5,9 20] x\r\np4 OK x\r\n", BYE }, 0, OK,
		  TROUBLE_NONE, NULL }, ": : :" },
		{ { MOVE, NULL, "secret", { MOVES, "R:* OK [COPYUID 3 1:4000000000 20] x\r\np4 OK x\r\n", BYE }, 0,
		  OK, TROUBLE_NONE, NULL }, ": : :" },
		{ { MOVE, NULL, "secret", { MOVES, "S:p4 NO [OVERQUOTA] full", BYE }, 0, ERR_LATER,
		  TROUBLE_BUSY, NULL }, "" },
	};
	/* clang-format on */

	(void)state;
	play_all(cases, ARRAY_LEN(cases), move);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finding),
		cmocka_unit_test(reading),
		cmocka_unit_test(moving),
	};

	return cmocka_run_group_tests_name("mailbox/imap_many", tests, NULL, NULL);
}

/* Moving, taking out and putting back against a scripted server, those that offer little among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scene.h"

#define JUNK_LISTED "C:p2 LIST \"\" \"*\"", "R:* LIST (\\Junk) \"/\" Spam\r\np2 OK x\r\n"
#define SELECT3 "C:p3 SELECT \"INBOX\"", "R:* OK [UIDVALIDITY 7] x\r\np3 OK x\r\n"

static void moving(void **state)
{
	/* clang-format off */
	static const struct scene scenes[] = {
		{ MOVE, NULL, "secret", { IN(FULL), JUNK_LISTED, SELECT3, "C:p4 UID MOVE 5 \"Spam\"",
		  "R:* OK [COPYUID 9 5 33] x\r\n* 1 EXPUNGE\r\np4 OK x\r\n", BYE }, 0, OK, TROUBLE_NONE,
		  "Spam 9.33" },
		{ MOVE, NULL, "secret", { IN(FULL), JUNK_LISTED, SELECT3, "C:p4 UID MOVE 5 \"Spam\"",
		  "S:p4 OK nothing to move", BYE }, 0, ERR_ABSENT, TROUBLE_NO_MESSAGE, "INBOX" },
		{ MOVE, NULL, "secret", { IN(FULL), JUNK_LISTED, SELECT3, "C:p4 UID MOVE",
		  "S:p4 NO [OVERQUOTA] full", BYE }, 0, ERR_LATER, TROUBLE_BUSY, "full" },
		{ MOVE, NULL, "secret", { IN(FULL), JUNK_LISTED, SELECT3, "C:p4 UID MOVE" }, 0,
		  ERR_LATER, TROUBLE_CUT, "lost" },
		{ MOVE, NULL, "secret", { IN(FULL), JUNK_LISTED, "C:p3 SELECT",
		  "R:* OK [UIDVALIDITY 7] x\r\np3 OK [READ-ONLY] x\r\n", BYE }, 0, ERR_DENIED,
		  TROUBLE_NO_CONSENT, "only be read" },
		/* no junk folder: made, in the owner's namespace, and subscribed to */
		{ MOVE, NULL, "secret", { IN(FULL " NAMESPACE CREATE-SPECIAL-USE"), "C:p2 NAMESPACE",
		  "R:* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\r\np2 OK x\r\n", "C:p3 LIST \"\" \"*\"",
		  "R:* LIST () \".\" INBOX\r\np3 OK x\r\n", "C:p4 CREATE \"INBOX.Junk\" (USE (\\Junk))",
		  "S:p4 OK x", "C:p5 SUBSCRIBE \"INBOX.Junk\"", "S:p5 OK x", "C:p6 SELECT \"INBOX\"",
		  "R:* OK [UIDVALIDITY 7] x\r\np6 OK x\r\n", "C:p7 UID MOVE 5 \"INBOX.Junk\"",
		  "R:* OK [COPYUID 9 5 1] x\r\np7 OK x\r\n", BYE }, 0, OK, TROUBLE_NONE,
		  "INBOX.Junk 9.1" },
		/* gone since it was listed */
		{ MOVE_BACK, NULL, "secret", { IN(FULL), SELECT, "C:p3 UID MOVE 5 \"Old\"",
		  "S:p3 NO [TRYCREATE] none", "C:p4 CREATE \"Old\"", "S:p4 NO [ALREADYEXISTS] by now",
		  "C:p5 SUBSCRIBE \"Old\"", "S:p5 OK x", "C:p6 UID MOVE 5 \"Old\"",
		  "R:* OK [COPYUID 9 5 1] x\r\np6 OK x\r\n", BYE }, 0, OK, TROUBLE_NONE, "Old 9.1" },
		{ MOVE_BACK, NULL, "secret", { IN(FULL), SELECT, "C:p3 UID MOVE 5 \"Old\"",
		  "S:p3 NO [TRYCREATE] none", "C:p4 CREATE \"Old\"", "S:p4 NO [NOPERM] never", BYE }, 0,
		  ERR_DENIED, TROUBLE_NO_CONSENT, "never" },
		/* MOVE without UIDPLUS: looked at before, and nobody knows where it is then */
		{ MOVE_BACK, NULL, "secret", { IN("MOVE"), SELECT, "C:p3 UID FETCH 5 " DESCRIBED,
		  "R:" HEADER("5", "<a@b>") "p3 OK x\r\n", "C:p4 UID MOVE 5 \"Old\"", "S:p4 OK x",
		  BYE }, 0, OK, TROUBLE_NONE, "Old " },
		{ MOVE_BACK, NULL, "secret", { IN("MOVE"), SELECT, "C:p3 UID FETCH 5", "S:p3 OK x",
		  BYE }, 0, ERR_ABSENT, TROUBLE_NO_MESSAGE, "INBOX" },
	};
	/* clang-format on */

	(void)state;
	check_all(scenes, ARRAY_LEN(scenes));
}

#define LOOKED_AT                                                                        \
	EXAMINE, "C:p3 UID FETCH 5 " DESCRIBED, "R:" HEADER("5", "<a@b>") "p3 OK x\r\n", \
	    "C:p4 EXAMINE \"Old\"", "R:* OK [UIDVALIDITY 9] x\r\np4 OK x\r\n",           \
	    "C:p5 UID SEARCH HEADER Message-ID \"<a@b>\""
#define EXPUNGED(store, expunge)                                                 \
	"C:" store " UID STORE 5 +FLAGS.SILENT (\\Deleted)", "S:" store " OK x", \
	    "C:" expunge " UID EXPUNGE 5", "S:" expunge " OK x"

#define LIKE_IT                                                                                            \
	"R:* SEARCH 1\r\np5 OK x\r\n", "C:p6 UID FETCH 1", "R:" HEADER("1", "<a@b>") "p6 OK x\r\n",        \
	    "C:p7 EXAMINE \"INBOX\"", "R:* OK [UIDVALIDITY 7] x\r\np7 OK x\r\n", "C:p8 UID FETCH 5 (UID",  \
	    "R:* 1 FETCH (UID 5 FLAGS () BODY[] {24}\r\n" MAIL ")\r\np8 OK x\r\n", "C:p9 EXAMINE \"Old\"", \
	    "R:* OK [UIDVALIDITY 9] x\r\np9 OK x\r\n", "C:p10 UID SEARCH", "R:* SEARCH 1\r\np10 OK x\r\n", \
	    "C:p11 UID FETCH 1", "R:" HEADER("1", "<a@b>") "p11 OK x\r\n", "C:p12 UID FETCH 1 (UID"

/* Servers without MOVE: a copy, unless an earlier try made it, and the original taken out. */
static void moving_by_copy(void **state)
{
	/* clang-format off */
	static const struct scene scenes[] = {
		{ MOVE_BACK, NULL, "secret", { IN("UIDPLUS"), LOOKED_AT, "R:* SEARCH\r\np5 OK x\r\n",
		  "C:p6 SELECT \"INBOX\"", "R:* OK [UIDVALIDITY 7] x\r\np6 OK x\r\n",
		  "C:p7 UID COPY 5 \"Old\"", "S:p7 OK [COPYUID 9 5 2] x", EXPUNGED("p8", "p9"), BYE },
		  0, OK, TROUBLE_NONE, "Old 9.2" },
		/* an earlier try made it: equal in every byte */
		{ MOVE_BACK, NULL, "secret", { IN("UIDPLUS"), LOOKED_AT, LIKE_IT,
		  "R:* 1 FETCH (UID 1 FLAGS () BODY[] {24}\r\n" MAIL ")\r\np12 OK x\r\n",
		  "C:p13 SELECT \"INBOX\"", "R:* OK [UIDVALIDITY 7] x\r\np13 OK x\r\n",
		  EXPUNGED("p14", "p15"), BYE }, 0, OK, TROUBLE_NONE, "Old 9.1" },
		/* as large, of the same second and Message-ID, and another mail: taken for the copy it would be all that is left */
		{ MOVE_BACK, NULL, "secret", { IN("UIDPLUS"), LOOKED_AT, LIKE_IT,
		  "R:* 1 FETCH (UID 1 FLAGS () BODY[] \"Message-ID: <a@b>\")\r\np12 OK x\r\n",
		  "C:p13 SELECT \"INBOX\"", "R:* OK [UIDVALIDITY 7] x\r\np13 OK x\r\n",
		  "C:p14 UID COPY 5 \"Old\"", "S:p14 OK [COPYUID 9 5 2] x", EXPUNGED("p15", "p16"), BYE },
		  0, OK, TROUBLE_NONE, "Old 9.2" },
		/* what is not expunged now does not go later */
		{ DELETE, NULL, "secret", { IN("UIDPLUS"), SELECT, "C:p3 UID FETCH 5", "R:" HEADER("5",
		  "<a@b>") "p3 OK x\r\n", "C:p4 UID STORE 5 +FLAGS", "S:p4 OK x", "C:p5 UID EXPUNGE 5",
		  "S:p5 NO [NOPERM] kept", "C:p6 UID STORE 5 -FLAGS.SILENT (\\Deleted)", "S:p6 OK x", BYE }, 0,
		  ERR_DENIED, TROUBLE_NO_CONSENT, "kept" },
		/* the one that is there came at another time: it is another */
		{ MOVE_BACK, NULL, "secret", { IN("UIDPLUS"), LOOKED_AT, "R:* SEARCH 1\r\np5 OK x\r\n",
		  "C:p6 UID FETCH 1",
		  "R:* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"03-Feb-2024 03:05:07 +0000\" RFC822.SIZE 24 " "BODY[HEADER.FIELDS (MESSAGE-ID)] \"Message-ID: <a@b>\")\r\np6 OK x\r\n",
		  "C:p7 SELECT \"INBOX\"", "R:* OK [UIDVALIDITY 7] x\r\np7 OK x\r\n",
		  "C:p8 UID COPY 5 \"Old\"", "S:p8 OK [COPYUID 9 5 2] x", EXPUNGED("p9", "p10"), BYE },
		  0, OK, TROUBLE_NONE, "Old 9.2" },
		{ MOVE_BACK, NULL, "secret", { IN(""), BYE }, 0, ERR_DENIED, TROUBLE_REFUSED,
		  "UIDPLUS" },
		{ DELETE, NULL, "secret", { IN("MOVE"), BYE }, 0, ERR_DENIED, TROUBLE_REFUSED,
		  "UIDPLUS" },
		{ DELETE, NULL, "secret", { IN("UIDPLUS"), SELECT, "C:p3 UID FETCH 5", "R:" HEADER("5",
		  "<a@b>") "p3 OK x\r\n", EXPUNGED("p4", "p5"), BYE }, 0, OK, TROUBLE_NONE, " " },
		{ DELETE, NULL, "secret", { IN("UIDPLUS"), SELECT, "C:p3 UID FETCH 5", "S:p3 OK x",
		  BYE }, 0, ERR_ABSENT, TROUBLE_NO_MESSAGE, "INBOX" },
		{ DELETE, NULL, "secret", { IN("UIDPLUS"), SELECT, "C:p3 UID FETCH 5", "R:" HEADER("5",
		  "<a@b>") "p3 OK x\r\n", "C:p4 UID STORE" }, 0, ERR_LATER, TROUBLE_CUT, "lost" },
	};
	/* clang-format on */

	(void)state;
	check_all(scenes, ARRAY_LEN(scenes));
}

/* ---- putting back ---- */

#define OPEN_OLD                                                           \
	"C:p2 EXAMINE \"Old\"", "R:* OK [UIDVALIDITY 9] x\r\np2 OK x\r\n", \
	    "C:p3 UID SEARCH HEADER Message-ID \"<a@b>\""
#define NONE "R:* SEARCH\r\np3 OK x\r\n"
#define APPEND(tag, mark) "C:" tag " APPEND \"Old\" (\\Seen $x) \"" RECEIVED "\" {24" mark "}"
#define LINES "C:Message-ID: <a@b>", "C:", "C:x", "C:"

static void putting_back(void **state)
{
	/* clang-format off */
	static const struct scene scenes[] = {
		{ RESTORE, NULL, "secret", { IN(FULL), OPEN_OLD, NONE, APPEND("p4", "+"), LINES,
		  "S:p4 OK [APPENDUID 9 3] x", BYE }, 0, OK, TROUBLE_NONE, "Old 9.3" },
		/* without LITERAL+ the server is asked first; without UIDPLUS it is looked for */
		{ RESTORE, NULL, "secret", { IN(""), OPEN_OLD, NONE, APPEND("p4", ""), "S:+ go", LINES,
		  "S:p4 OK x", "C:p5 NOOP", "R:* 1 EXISTS\r\np5 OK x\r\n", "C:p6 UID SEARCH",
		  "R:* SEARCH 8\r\np6 OK x\r\n", "C:p7 UID FETCH 8", "R:" HEADER("8",
		  "<a@b>") "p7 OK x\r\n", BYE }, 0, OK, TROUBLE_NONE, "Old 9.8" },
		{ RESTORE, NULL, "secret", { IN(""), OPEN_OLD, NONE, APPEND("p4", ""),
		  "S:p4 NO [TOOBIG] no", BYE }, 0, ERR_DENIED, TROUBLE_REFUSED, "no" },
		{ RESTORE, NULL, "secret", { IN(FULL), OPEN_OLD, NONE, APPEND("p4", "+"), LINES,
		  "S:p4 NO [OVERQUOTA] full", BYE }, 0, ERR_LATER, TROUBLE_BUSY, "full" },
		{ RESTORE, NULL, "secret", { IN(FULL), OPEN_OLD, NONE, APPEND("p4", "+"), LINES }, 0,
		  ERR_LATER, TROUBLE_CUT, "lost" },
		/* it is there: an earlier try was cut after all was done */
		{ RESTORE, NULL, "secret", { IN(FULL), OPEN_OLD, "R:* SEARCH 6\r\np3 OK x\r\n",
		  "C:p4 UID FETCH 6", "R:" HEADER("6", "<a@b>") "p4 OK x\r\n", "C:p5 UID FETCH 6",
		  "R:* 1 FETCH (UID 6 FLAGS () BODY[] {24}\r\n" MAIL ")\r\np5 OK x\r\n", BYE }, 0, OK,
		  TROUBLE_NONE, "Old 9.6" },
		/* another mail of that name */
		{ RESTORE, NULL, "secret", { IN(FULL), OPEN_OLD, "R:* SEARCH 6\r\np3 OK x\r\n",
		  "C:p4 UID FETCH 6", "R:" HEADER("6", "<a@b>") "p4 OK x\r\n", "C:p5 UID FETCH 6",
		  "R:* 1 FETCH (UID 6 FLAGS () BODY[] \"Message-ID: <a@b>\")\r\np5 OK x\r\n",
		  APPEND("p6", "+"), LINES, "S:p6 OK [APPENDUID 9 7] x", BYE }, 0, OK, TROUBLE_NONE,
		  "Old 9.7" },
		{ RESTORE, NULL, "secret", { IN(FULL), "C:p2 EXAMINE \"Old\"",
		  "S:p2 NO [NONEXISTENT] x", "C:p3 CREATE \"Old\"", "S:p3 OK x",
		  "C:p4 SUBSCRIBE \"Old\"", "S:p4 OK x", "C:p5 EXAMINE \"Old\"",
		  "R:* OK [UIDVALIDITY 9] x\r\np5 OK x\r\n", "C:p6 UID SEARCH",
		  "R:* SEARCH\r\np6 OK x\r\n", APPEND("p7", "+"), LINES, "S:p7 OK [APPENDUID 9 1] x",
		  BYE }, 0, OK, TROUBLE_NONE, "Old 9.1" },
	};
	/* clang-format on */

	(void)state;
	check_all(scenes, ARRAY_LEN(scenes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moving),
		cmocka_unit_test(moving_by_copy),
		cmocka_unit_test(putting_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

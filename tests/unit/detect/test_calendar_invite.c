/* calendar_invite: invitations that lead to strangers, or name colleagues from outside; and meetings like any. */
#include "bench.h"

#define ICS .type = "text/calendar; method=REQUEST"
#define EVENT(method, lines)                                                                     \
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:" method "\r\nBEGIN:VEVENT\r\nUID:1\r\n" lines \
	"END:VEVENT\r\nEND:VCALENDAR\r\n"
#define MINE "ORGANIZER;CN=Ann:mailto:ann@sender.test\r\nATTENDEE:mailto:bob@home.test\r\n"
#define OTHER "ORGANIZER;CN=HR:mailto:hr@third.test\r\nATTENDEE:mailto:bob@home.test\r\n"
#define TEXT(t) "SUMMARY:Salary review\r\nDESCRIPTION:" t "\r\n"
#define READ(u) TEXT("Please read " u " before we meet.")
#define ALARM "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nACTION:DISPLAY\r\nEND:VALARM\r\n"
#define BY "calendar_invite."
#define FAR "https://login.far.test/doc"

static const struct row rows[] = {
	{ "to a stranger", { ICS, .body = EVENT("REQUEST", MINE READ(FAR)) }, BY "link", 0.3 },
	{ "organizer is another", { ICS, .body = EVENT("REQUEST", OTHER READ(FAR)) }, BY "link", 0.5 },
	{ "no organizer", { ICS, .body = EVENT("PUBLISH", READ(FAR)) }, BY "link", 0.4 },
	{ "to a free site",
	  { ICS, .body = EVENT("REQUEST", MINE READ("https://a-b.web.app/x")) },
	  BY "link",
	  0.5 },
	{ "rings", { ICS, .body = EVENT("REQUEST", MINE READ(FAR) ALARM) }, BY "link", 0.4 },
	{ "the reader is no guest",
	  { ICS,
	    .body = EVENT("REQUEST",
			  "ORGANIZER:mailto:ann@sender.test\r\nATTENDEE:mailto:x@y.test\r\n" READ(FAR)) },
	  BY "link",
	  0.45 },
	{ "in its place", { ICS, .body = EVENT("REQUEST", OTHER "LOCATION:" FAR "\r\n") }, BY "link", 0.5 },
	{ "in its address", { ICS, .body = EVENT("REQUEST", OTHER "URL:" FAR "\r\n") }, BY "link", 0.5 },
	{ "in its HTML",
	  { ICS,
	    .body = EVENT("REQUEST", OTHER "X-ALT-DESC;FMTTYPE=text/html:<a href=\"" FAR "\">Read</a>\r\n") },
	  BY "link",
	  0.5 },
	{ "in folded lines",
	  { ICS, .body = EVENT("REQUEST", OTHER "DESCRIPTION:see https://login.fa\r\n r.test/doc\r\n") },
	  BY "link",
	  0.5 },
	{ "as a file",
	  { .body = "Invitation\r\n",
	    .file = "invite.ics",
	    .file_bytes = STR_INIT(EVENT("REQUEST", OTHER READ(FAR))) },
	  BY "link",
	  0.5 },
	{ "everything at once",
	  { ICS, .body = EVENT("REQUEST",
			       "ORGANIZER:mailto:hr@third.test\r\n" READ("https://bit.ly/3abc") ALARM) },
	  BY "link",
	  0.7 },
	{ "a colleague, from outside",
	  { ICS, .body = EVENT("REQUEST",
			       "ORGANIZER;CN=Director:mailto:director@home.test\r\n" TEXT("Call me.")) },
	  BY "organizer",
	  0.5 },
	{ "a colleague in another case",
	  { ICS, .body = EVENT("PUBLISH", "organizer:MAILTO:Director@HOME.test\r\n" TEXT("Call me.")) },
	  BY "organizer",
	  0.5 },
	/* near misses */
	{ "no link", { ICS, .body = EVENT("REQUEST", MINE TEXT("See you.")) }, NULL, 0 },
	{ "own house", { ICS, .body = EVENT("REQUEST", MINE READ("https://www.sender.test/a")) }, NULL, 0 },
	{ "a meeting",
	  { ICS, .body = EVENT("REQUEST", MINE READ("https://us02web.zoom.us/j/123")) },
	  NULL,
	  0 },
	{ "a meeting of another",
	  { ICS, .body = EVENT("REQUEST", OTHER READ("https://teams.microsoft.com/l/meetup-join/1") ALARM) },
	  NULL,
	  0 },
	{ "a meeting and where it is",
	  { ICS, .body = EVENT("REQUEST", MINE "LOCATION:https://meet.google.com/abc-defg-hij\r\n") },
	  NULL,
	  0 },
	{ "the reader's house",
	  { ICS, .body = EVENT("REQUEST", MINE READ("https://rooms.home.test/4")) },
	  NULL,
	  0 },
	{ "an answer to our own",
	  { ICS,
	    .body = EVENT("REPLY", "ORGANIZER:mailto:bob@home.test\r\nATTENDEE:mailto:ann@sender.test\r\n") },
	  NULL,
	  0 },
	{ "organizer of the sender's house",
	  { ICS, .body = EVENT("REQUEST", "ORGANIZER:mailto:x@dep.sender.test\r\n" TEXT("See you.")) },
	  NULL,
	  0 },
	{ "a card",
	  { .type = "text/vcard",
	    .body = "BEGIN:VCARD\r\nFN:Ann\r\nURL:https://ann.far.test/\r\nEND:VCARD\r\n" },
	  NULL,
	  0 },
	{ "the link is in the mail alone", { .body = "See " FAR "\r\n" }, NULL, 0 },
	{ "an old acquaintance",
	  { ICS, .body = EVENT("REQUEST", MINE READ(FAR)), .spf = "v=spf1 ip4:" PEER " -all",
	    .dmarc = "v=DMARC1; p=reject", .seen = 50 },
	  NULL,
	  0 },
	{ "within the house",
	  { ICS, .from = "Director <director@home.test>",
	    .body = EVENT("REQUEST", "ORGANIZER:mailto:director@home.test\r\n" TEXT("Call me.")) },
	  NULL,
	  0 },
	{ "broken", { ICS, .body = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nORGANIZER\r\n" }, NULL, 0 },
};

static void test_rows(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "calendar_invite");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

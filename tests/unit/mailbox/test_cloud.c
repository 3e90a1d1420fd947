/* What the connectors for Graph and Gmail make of messages: marks both ways, places, links, order; requests by their paths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailbox/gmail_internal.h"
#include "mailbox/graph_internal.h"
#include "mailbox/items.h"

static struct arena *arena;
static const struct graph graph = { .folder = { STR_INIT("I"), STR_INIT("J"), STR_INIT("") } };

static struct json *parse(const char *text)
{
	struct json *root;
	struct errbuf eb;

	if (json_parse(arena, str_of(text), &root, &eb))
		fail_msg("%s: %s", text, eb.text);
	return root;
}

static void test_graph_marks(void **state)
{
	static const struct {
		const char *message, *flags, *set;
	} cases[] = {
		{ "{}", "",
		  "{\"isRead\":false,\"importance\":\"normal\",\"flag\":{\"flagStatus\":\"notFlagged\"},"
		  "\"categories\":[]}" },
		{ "{\"isRead\":true,\"importance\":\"low\",\"flag\":{\"flagStatus\":\"complete\"}}",
		  "read complete low",
		  "{\"isRead\":true,\"importance\":\"low\",\"flag\":{\"flagStatus\":\"complete\"},"
		  "\"categories\":[]}" },
		{ "{\"isRead\":7,\"importance\":null,\"flag\":[],\"categories\":[\"a "
		  "b\",3,\"50%41\",\"\\u00e9\"]}",
		  "category=a%20b category=50%2541 category=%C3%A9",
		  "{\"isRead\":false,\"importance\":\"normal\",\"flag\":{\"flagStatus\":\"notFlagged\"},"
		  "\"categories\":[\"a b\",\"50%41\",\"\xC3\xA9\"]}" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct mail_item item = graph_item(&graph, arena, parse(cases[i].message));
		struct str set = graph_marks(arena, &item.marks);
		if (!str_eq(item.marks.flags, str_of(cases[i].flags)) || !str_eq(set, str_of(cases[i].set)))
			fail_msg("%s: %.*s, %.*s", cases[i].message, STR_ARG(item.marks.flags), STR_ARG(set));
	}
	const struct mail_marks dated = { STR("read"), 1767225600000000 };
	assert_non_null(strstr(graph_marks(arena, &dated).p,
			       "\"singleValueExtendedProperties\":[{\"id\":\"SystemTime "
			       "0x0E06\",\"value\":\"2026-01-01T00:00:00.000000Z\"}]"));
	struct mail_item item = graph_item(
	    &graph, arena,
	    parse(
		"{\"id\":\"A\",\"parentFolderId\":\"B\",\"internetMessageId\":\"<c@d>\",\"receivedDateTime\":"
		"\"2026-01-01T00:00:00Z\"}"));
	assert_true(str_eq(item.place.id, STR("A")) && str_eq(item.place.folder, STR("B")) &&
		    str_eq(item.message_id, STR("<c@d>")));
	assert_int_equal(item.marks.received_us, 1767225600000000);
	item = graph_item(&graph, arena, parse("{\"id\":\"A\",\"parentFolderId\":\"J\"}"));
	assert_true(str_eq(item.place.folder, STR("junkemail")));
	item = graph_item(&graph, arena, parse("{\"id\":\"A\",\"parentFolderId\":\"\"}"));
	assert_true(str_eq(item.place.folder, STR("")));
}

/* What a server tells of one message takes no more than what is kept of it. */
static void test_graph_many_marks(void **state)
{
	struct str category = STR(""), list = STR("");

	(void)state;
	for (int i = 0; i < 255; i++)
		category = ARENA_JOIN(arena, category, STR(" "));
	for (int i = 0; i < 25; i++)
		list = ARENA_JOIN(arena, list, i ? STR(",\"") : STR("\""), category, STR("\""));
	struct json *message = parse(ARENA_JOIN(arena, STR("{\"categories\":["), list, STR("]}")).p);
	size_t before = arena_used(arena);
	struct mail_item item = graph_item(&graph, arena, message);
	assert_true(item.marks.flags.n > 0 && item.marks.flags.n <= LIMIT_REST_MARKS);
	assert_true(arena_used(arena) - before <= 2 * LIMIT_REST_MARKS);
}

static void test_graph_named(void **state)
{
	static const struct {
		const char *id, *filter;
	} cases[] = {
		{ "<a@b>", "internetMessageId%20eq%20%27%3Ca%40b%3E%27" },
		{ "", "internetMessageId%20eq%20%27%27" },
		{ "'", "internetMessageId%20eq%20%27%27%27%27" },
		{ "x' or isRead eq true or 'a",
		  "internetMessageId%20eq%20%27x%27%27%20or%20isRead%20eq%20true%20or%20%27%27a%27" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str path = graph_named(arena, STR("f/="), str_of(cases[i].id));
		if (!str_starts(path, STR("/mailFolders/f%2F%3D/messages?$select=")) ||
		    !str_ends(path, ARENA_JOIN(arena, STR("&$filter="), str_of(cases[i].filter))))
			fail_msg("%.*s", STR_ARG(path));
	}
	assert_true(str_starts(graph_named(arena, STR(""), STR("x")), STR("/messages?")));
}

static void test_graph_link(void **state)
{
	static const struct {
		const char *link, *path; /* NULL: refused */
	} cases[] = {
		{ "https://graph.example/v1.0/users/a%40b/x?$skip=1", "/x?$skip=1" },
		{ "", "" },
		/* However the API calls the mailbox: ours is asked. */
		{ "https://graph.example/v1.0/users/a@b/x?$skip=1", "/x?$skip=1" },
		{ "https://graph.example/v1.0/users('a%40b')/x('1')/y", "/x('1')/y" },
		{ "https://graph.example/v1.0/Users/2d8/x", "/x" },
		{ "https://graph.example/v1.0/users/other/x", "/x" },
		{ "https://graph.example/v1.0/users/x", NULL },
		{ "https://graph.example/v1.0/users('x", NULL },
		{ "https://graph.example/v1.0/users('x')", NULL },
		{ "https://graph.example/v1.0/usersx/y/z", NULL },
		{ "https://graph.example/v1.0/me/x", NULL },
		{ "https://graph.example.evil.test/v1.0/users/a%40b/x", NULL },
		{ "https://graph.example@evil.test/v1.0/users/a%40b/x", NULL },
		{ "https://evil.test/v1.0/users/a%40b/x", NULL },
		{ "http://graph.example/v1.0/users/a%40b/x", NULL },
		{ "https://graph.example/v1.0/users/a%40b/x\\r\\ny", NULL },
		{ "https://graph.example/v1.0/users/a%40b/x y", NULL },
		{ "https://graph.example", NULL },
	};
	struct graph g = { .rest = { .base = STR("https://graph.example") },
			   .user = STR("/v1.0/users/a%40b") };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct mailbox_fault fault = { 0 };
		const struct graph_call c = { &g, arena, 0, &fault };
		struct str text = ARENA_JOIN(arena, STR("{\"next\":\""), str_of(cases[i].link), STR("\"}")),
			   path;
		enum err e = graph_link(&c, parse(text.p), "next", &path);
		if (cases[i].path ? e || !str_eq(path, str_of(cases[i].path))
				  : e != ERR_LATER || fault.what != TROUBLE_REFUSED)
			fail_msg("%s: %s, %.*s", cases[i].link, err_name(e), STR_ARG(path));
	}
}

static void test_gmail_labels(void **state)
{
	static const struct {
		const char *message, *place, *flags;
	} cases[] = {
		{ "{\"labelIds\":[\"UNREAD\",\"INBOX\",\"Label_2\"]}", "INBOX", "UNREAD Label_2" },
		{ "{\"labelIds\":[\"INBOX\",\"TRASH\"]}", "TRASH", "INBOX" },
		{ "{\"labelIds\":[\"Label_1\"]}", "Label_1", "" },
		{ "{\"labelIds\":[\"STARRED\"]}", "ALL", "STARRED" },
		{ "{\"labelIds\":[7,null]}", "ALL", "" },
		{ "{}", "ALL", "" },
		{ "[]", "ALL", "" },
	};
	static const struct {
		const char *date;
		int64_t us;
	} dates[] = { { "\"1767225600000\"", 1767225600000000 },
		      { "1767225600000", 0 },
		      { "\"-1\"", 0 },
		      { "\"9223372036854775807\"", 0 },
		      { "\"x\"", 0 } };
	const struct gmail g = { .hidden = STR("Label_1") }, bare = { .hidden = STR("") };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct json *m = parse(cases[i].message);
		struct str place = gmail_location(&g, m), flags = gmail_marks(arena, &g, m).flags;
		if (!str_eq(place, str_of(cases[i].place)) || !str_eq(flags, str_of(cases[i].flags)))
			fail_msg("%s: %.*s, %.*s", cases[i].message, STR_ARG(place), STR_ARG(flags));
	}
	assert_true(str_eq(gmail_location(&bare, parse("{\"labelIds\":[\"\"]}")), STR("ALL")));
	for (size_t i = 0; i < ARRAY_LEN(dates); i++) {
		struct str text =
		    ARENA_JOIN(arena, STR("{\"internalDate\":"), str_of(dates[i].date), STR("}"));
		assert_int_equal(gmail_marks(arena, &g, parse(text.p)).received_us, dates[i].us);
	}
}

static void test_order(void **state)
{
	struct mail_items items = { 0 };
	static const struct {
		const char *folder, *id;
		int64_t us;
	} in[] = { { "b", "1", 30 }, { "a", "2", 10 }, { "a", "3", 0 }, { "b", "4", 20 }, { "a", "5", 20 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(in); i++)
		ARENA_PUSH(arena, &items,
			   ((struct mail_item){ .place = { str_of(in[i].folder), str_of(in[i].id) },
						.marks = { .received_us = in[i].us } }));
	items_oldest_first(&items, 20);
	static const char *const oldest[] = { "3", "4", "5", "1" }, *const first[] = { "3", "5", "4", "1" };
	assert_int_equal(items.n, ARRAY_LEN(oldest));
	for (size_t i = 0; i < items.n; i++)
		assert_true(str_eq(items.v[i].place.id, str_of(oldest[i])));
	items_folder_first(arena, &items, STR("a"));
	for (size_t i = 0; i < items.n; i++)
		assert_true(str_eq(items.v[i].place.id, str_of(first[i])));
}

static void test_query(void **state)
{
	struct str path = rest_query(arena, STR("/a"), "q", STR("x&y=z"));

	(void)state;
	assert_true(str_eq(path, STR("/a?q=x%26y%3Dz")));
	assert_true(str_eq(rest_query(arena, path, "$r", STR("")), STR("/a?q=x%26y%3Dz&$r=")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_graph_marks),  cmocka_unit_test(test_graph_named),
		cmocka_unit_test(test_graph_link),   cmocka_unit_test(test_graph_many_marks),
		cmocka_unit_test(test_gmail_labels), cmocka_unit_test(test_order),
		cmocka_unit_test(test_query),
	};
	arena = arena_new(16u << 20, NULL, NULL);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}

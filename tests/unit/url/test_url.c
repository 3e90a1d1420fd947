/* URLs taken apart, and found in text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "url/data.h"
#include "url/find.h"
#include "url/url.h"

/* want: scheme userinfo host port path query fragment, "|" between, "!" at the end when odd. */
static const struct {
	const char *url, *want;
} urls[] = {
	{ "http://Example.COM/a?b#c", "http||example.com|0|/a|b|c" },
	{ "https://x:8443/", "https||x|8443|/||" },
	{ "https://x:443/", "https||x|0|/||" },
	{ "http://bank.com@evil.com/", "http|bank.com|evil.com|0|/||!" },
	{ "http://a@b@c/", "http|a@b|c|0|/||!" },
	{ "http:\\\\evil.com\\path", "http||evil.com|0|\\path||!" },
	{ "http:/evil.com", "http||evil.com|0|||!" },
	{ "http:evil.com", "http||evil.com|0|||!" },
	{ "https:////evil.com/x", "https||evil.com|0|/x||!" },
	{ "//evil.com/x", "||evil.com|0|/x||" },
	{ " \t hTTp://x \n", "http||x|0|||" },
	{ "ht\ntp://ev\til.com", "http||evil.com|0|||" },
	{ "http://%65vil.com", "http||evil.com|0|||!" },
	{ "http://evil\xe3\x80\x82"
	  "com",
	  "http||evil.com|0|||!" },
	{ "http://\xef\xbd\x85vil.com", "http||evil.com|0|||!" },
	{ "http://\xf0\x9d\x90\x9evil.com/", "http||evil.com|0|/||!" },
	{ "http://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1", "http||127.0.0.1|0|||!" },
	{ "http://b\xc3\xbc"
	  "cher.test/",
	  "http||b\xc3\xbc"
	  "cher.test|0|/||" },
	{ "http://ev\xc2\xadil.com", "http||evil.com|0|||!" },
	{ "http://evil.com./", "http||evil.com|0|/||" },
	{ "http://2130706433/", "http||127.0.0.1|0|/||!" },
	{ "http://0x7f.1/", "http||127.0.0.1|0|/||!" },
	{ "http://0177.0.0.1/", "http||127.0.0.1|0|/||!" },
	{ "http://127.0.0.1/", "http||127.0.0.1|0|/||" },
	{ "http://1.2.3.4.5/", "http||1.2.3.4.5|0|/||" },
	{ "http://256.1.1.1/", "http||256.1.1.1|0|/||" },
	{ "http://4294967296/", "http||4294967296|0|/||" },
	{ "http://[::1]:80/", "http||[::1]|0|/||" },
	{ "http://x?q@y", "http||x|0||q@y|" },
	{ "http://x#f?g", "http||x|0|||f?g" },
	{ "http://x:99999/", "http||x|0|/||" },
	{ "mailto:a@B.c?subject=x", "mailto||b.c|0|a@B.c|subject=x|" },
	{ "mailto:a@b.c>", "mailto||b.c|0|a@b.c>||" },
	{ "mailto:a@%20b.c</a><br>", "mailto||b.c|0|a@%20b.c</a><br>||" },
	{ "mailto:a@[1.2.3.4]", "mailto||[1.2.3.4]|0|a@[1.2.3.4]||" },
	{ "javascript:alert(1)", "javascript|||0|alert(1)||" },
	{ "data:text/html,x", "data|||0|text/html,x||" },
	{ "/relative?x", "|||0|/relative|x|" },
	{ "1http://x", "|||0|1http://x||" },
	{ "", "|||0|||" },
};

static void test_split(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct url u = url_split(a, str_of(urls[i].url));
		struct str got = arena_printf(a, "%.*s|%.*s|%.*s|%d|%.*s|%.*s|%.*s%s", STR_ARG(u.scheme),
					      STR_ARG(u.userinfo), STR_ARG(u.host), u.port, STR_ARG(u.path),
					      STR_ARG(u.query), STR_ARG(u.fragment), u.odd ? "!" : "");
		if (!str_eq(got, str_of(urls[i].want)))
			fail_msg("%s: got %.*s", urls[i].url, STR_ARG(got));
		arena_free(&a);
	}
}

static const struct {
	const char *text, *want; /* a space behind each */
} texts[] = {
	{ "see http://x.y/z.", "http://x.y/z " },
	{ "(http://x.y/a_(b)) and <https://x>", "http://x.y/a_(b) https://x " },
	{ "HTTP://X, www.x.y; mailto:a@b!", "HTTP://X http://www.x.y mailto:a@b " },
	{ "[mailto:a@b.test]On Behalf Of mailto:a@[1.2.3.4]", "mailto:a@b.test mailto:a@[1.2.3.4] " },
	{ "xhttp://no www.", "" },
	{ "http:// http://", "" },
	{ "\"http://x\"'http://y'", "http://x http://y " },
	{ "http://x\xc2\xa0y\xe3\x80\x80z", "http://x " },
	{ "[http://x]", "http://x " },
	{ "http://x/?a=b&c=d#e", "http://x/?a=b&c=d#e " },
	{ "http://x*** _http://y_", "http://x http://y " },
	{ "http://", "" },
	{ "hxxps://evil[.]test/a[.]b and hXXp://b.test", "https://evil.test/a[.]b http://b.test " },
	{ "http[:]//evil(dot)test.", "http://evil.test " },
	{ "hxxps[://]evil[.]test/a http[://]b.test", "https://evil.test/a http://b.test " },
	{ "http://x.y/a\xef\xbc\x8chttp://b.c\xef\xbc\x89\xe3\x80\x8chttp://d\xe3\x80\x8d",
	  "http://x.y/a http://b.c http://d " },
	{ "\xe2\x80\x9chttp://x\xe2\x80\x9d http://x\xe2\x80\xa8y http://x.y/\xce\xb1",
	  "http://x http://x http://x.y/\xce\xb1 " },
	{ "see evil[.]com/login, or evil{dot}co.uk", "http://evil.com/login http://evil.co.uk " },
	{ "bit.ly/abc (and example.co.uk/x).", "http://bit.ly/abc http://example.co.uk/x " },
	{ "and/or 1/2 notes.txt/old a.b/c e.g./x user@example.com/y src/x.com/z", "" },
	{ "a[.]b array[.] f(.)", "" },
	{ "profile://a file://evil.com/x.", "file://evil.com/x " },
	{ "go to evil-login.com, (evil.co.uk) or www2.evil.org.",
	  "http://evil-login.com http://evil.co.uk http://www2.evil.org " },
	{ "mail.evil[.]ru evil.com/x", "http://mail.evil.ru http://evil.com/x " },
	{ "done.Me node.js Inc.com. ann@bank.com a.b.com@x evil.com_y 1.2.3 .com", "http://Inc.com " },
	{ "<http://example.com/a-long-\r\n  path?x=\r\ny>", "http://example.com/a-long-path?x=y " },
	{ "<http://example.com/a\r\nnot closed", "http://example.com/a " },
	{ "", "" },
};

static void test_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct str got = STR("");
		struct url_found found;
		size_t at = 0;
		while (url_find(a, str_of(texts[i].text), &at, &found))
			got = ARENA_JOIN(a, got, url_split(a, found.url).text, STR(" "));
		if (!str_eq(got, str_of(texts[i].want)))
			fail_msg("%s: got %.*s", texts[i].text, STR_ARG(got));
		arena_free(&a);
	}
}

static const struct {
	const char *href, *want; /* "type bytes" */
} datas[] = {
	{ "data:,a%20b", "text/plain a b" },
	{ " DATA:Text/HTML;charset=utf-8,<b>%41</b>", "text/html <b>A</b>" },
	{ "data:text/html;base64,PGI+QTwvYj4=", "text/html <b>A</b>" },
	{ "data:text/html;base64,PGI-QT wv%0AYj4", "text/html <b>A</b>" },
	{ "data:;base64,QUJDR", "text/plain ABC" },
	{ "data:;base64,Q*", "text/plain " },
	{ "data:text/html", "-" },
	{ "http://a/,b", "-" },
};

static void test_data(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(datas); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct str type, bytes, got = STR("-");
		if (url_data_read(a, str_of(datas[i].href), &type, &bytes))
			got = ARENA_JOIN(a, type, STR(" "), bytes);
		if (!str_eq(got, str_of(datas[i].want)))
			fail_msg("%s: got %.*s", datas[i].href, STR_ARG(got));
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_data),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

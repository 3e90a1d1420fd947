/* Which patterns may be stored. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy/policy.h"

#define EMAIL PATTERN_EMAIL
#define DOMAIN PATTERN_DOMAIN
#define IP PATTERN_IP

static const struct {
	const char *pattern;
	int type;
	bool regex, private_ok;
	const char *why; /* NULL = accepted, else a part of the sentence */
} cases[] = {
	{ "a@example.com", EMAIL, false, false, NULL },
	{ "A.b+c@Example.COM", EMAIL, false, false, NULL },
	{ "\"a b\"@example.com", EMAIL, false, false, NULL },
	{ "j\xc3\xb6rg@b\xc3\xbc"
	  "cher.example",
	  EMAIL, false, false, NULL },
	{ "example.com", EMAIL, false, false, "local@domain" },
	{ "@example.com", EMAIL, false, false, "local@domain" },
	{ "a@", EMAIL, false, false, "local@domain" },
	{ "a..b@example.com", EMAIL, false, false, "local@domain" },
	{ ".a@example.com", EMAIL, false, false, "local@domain" },
	{ "a b@example.com", EMAIL, false, false, "local@domain" },
	{ "a@ex_ample.com", EMAIL, false, false, "domain name" },
	{ "domain", DOMAIN, false, false, NULL },
	{ " example.com ", DOMAIN, false, false, NULL },
	{ "b\xc3\xbc"
	  "cher.example",
	  DOMAIN, false, false, NULL },
	{ "*.example.com", DOMAIN, false, false, "domain name" },
	{ "exa mple.com", DOMAIN, false, false, "domain name" },
	{ "-a.example", DOMAIN, false, false, "domain name" },
	{ "a..example", DOMAIN, false, false, "domain name" },
	{ "a.example.", DOMAIN, false, false, "domain name" },
	{ "a@b.example.", EMAIL, false, false, "domain name" },
	{ "198.51.100.7", IP, false, false, NULL },
	{ "192.0.2.0/24", IP, false, false, NULL },
	{ "2001:db8::/32", IP, false, false, NULL },
	{ "2606:4700::1111", IP, false, false, NULL },
	{ "192.0.2.1/24", IP, false, false, "CIDR" },
	{ "192.0.2.0/024", IP, false, false, "CIDR" },
	{ "192.0.2.256", IP, false, false, "CIDR" },
	{ "example.com", IP, false, false, "CIDR" },
	{ "10.1.2.3", IP, false, false, "private" },
	{ "10.1.2.3", IP, false, true, NULL },
	{ "0.0.0.0/0", IP, false, false, "private" },
	{ "::/0", IP, false, false, "private" },
	{ "127.0.0.1", IP, false, false, "private" },
	{ "169.254.1.1", IP, false, false, "private" },
	{ "fe80::1", IP, false, false, "private" },
	{ "fd00::/8", IP, false, false, "private" },
	{ "::ffff:10.0.0.1", IP, false, false, "private" },
	{ "::1", IP, false, false, "private" },
	{ "255.255.255.255", IP, false, false, "private" },
	{ "", EMAIL, false, false, "empty" },
	{ "\xff", EMAIL, true, false, "UTF-8" },
	{ "x", PATTERN_UNKNOWN, false, false, "UNKNOWN" },
	{ ".*@docusign\\.net", EMAIL, true, false, NULL },
	{ "147\\.160\\.167\\.([1-5][0-9]|6[0-2]|[1-9])", IP, true, false, NULL },
	{ "10\\..*", IP, true, false, NULL },
	{ "(?i)(?:a|b)++(?=c)(?<!d)(?<n>x)", EMAIL, true, false, NULL },
	{ "\\Qa.b\\E@x", EMAIL, true, false, NULL },
	{ "\\(\\?R\\)", EMAIL, true, false, NULL },
	{ "(?-i)a", EMAIL, true, false, NULL },
	{ "a(b", EMAIL, true, false, "offset 3" },
	{ "[z-a]", EMAIL, true, false, "offset" },
	{ "a**b(", EMAIL, true, false, "offset" },
	{ "(a)\\1", EMAIL, true, false, "back-references" },
	{ "(?<n>a)\\k<n>", EMAIL, true, false, "back-references" },
	{ "(?<n>a)(?P=n)", EMAIL, true, false, "back-references" },
	{ "(a)\\g1", EMAIL, true, false, "back-references" },
	{ "(a)\\g{-1}", EMAIL, true, false, "back-references" },
	{ "(a)\\g<1>", EMAIL, true, false, "offset 3" },
	{ "a(?R)?b", EMAIL, true, false, "recursion" },
	{ "a(?0)?b", EMAIL, true, false, "recursion" },
	{ "(a)(?1)", EMAIL, true, false, "recursion" },
	{ "(a)(?-1)", EMAIL, true, false, "recursion" },
	{ "(?+1)(a)", EMAIL, true, false, "recursion" },
	{ "(?<n>a)(?&n)", EMAIL, true, false, "recursion" },
	{ "(?<n>a)(?P>n)", EMAIL, true, false, "recursion" },
	{ "\\c\\(?R)", EMAIL, true, false, "recursion" },
	{ "\\Q\\\\E(?R)", EMAIL, true, false, "recursion" },
	{ "a(?C1)b", EMAIL, true, false, "callouts" },
	{ "(a)?(?(1)b|c)", EMAIL, true, false, "conditions" },
	{ "(*LIMIT_MATCH=9)a", EMAIL, true, false, "verbs" },
	{ "a(*ACCEPT)b", EMAIL, true, false, "verbs" },
	{ "\\C", EMAIL, true, false, "offset" },
	{ "(?:abcdefghij|x){100}", EMAIL, true, false, NULL },
	{ "(?:abcdefghij|x){1500}", EMAIL, true, false, "too large" },
};

static void test_check(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct errbuf eb = { "" };
		size_t code = 1;
		enum err e = policy_pattern_check(str_of(cases[i].pattern), cases[i].type, cases[i].regex,
						  cases[i].private_ok, &code, &eb);
		if ((e == OK) != !cases[i].why)
			fail_msg("\"%s\": %s, %s", cases[i].pattern, err_name(e), eb.text);
		if ((code > 0) != (e == OK && cases[i].regex))
			fail_msg("\"%s\": %zu bytes of code", cases[i].pattern, code);
		if (cases[i].why && !strstr(eb.text, cases[i].why))
			fail_msg("\"%s\": \"%s\" does not say \"%s\"", cases[i].pattern, eb.text,
				 cases[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_check) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

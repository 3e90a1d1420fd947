/* Links through gateways, and where they really lead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "url/wrap.h"

static const struct {
	const char *url, *want; /* "kind target" */
} cases[] = {
	{ "https://example.com/a?b=c", " https://example.com/a?b=c" },
	{ "https://eur02.safelinks.protection.outlook.com/"
	  "?url=https%3A%2F%2Fevil.test%2Flogin%3Fx%3D1&data=05%7C01&sdata=a%3D",
	  "rewritten https://evil.test/login?x=1" },
	{ "https://nam12.safelinks.protection.outlook.com/ap/t-59584e83/"
	  "?url=http%3A%2F%2Fevil.test%2F&amp;data=x",
	  "rewritten http://evil.test/" },
	{ "https://safelinks.protection.outlook.com.evil.test/?url=https%3A%2F%2Fgood.test%2F",
	  "redirected https://safelinks.protection.outlook.com.evil.test/?url=https%3A%2F%2Fgood.test%2F" },
	{ "https://urldefense.proofpoint.com/v1/url?u=http://evil.test/&k=abc",
	  "rewritten http://evil.test/" },
	{ "https://urldefense.proofpoint.com/v2/url?u=https-3A__www.evil.test_a-2Db_-3Fq-3D1&d=DwMF",
	  "rewritten https://www.evil.test/a-b/?q=1" },
	{ "https://urldefense.com/v3/__https://evil.test/path?x=1__;!!abc!def$",
	  "rewritten https://evil.test/path?x=1" },
	{ "https://urldefense.com/v3/__https://evil.test/*a*b__;Iz8!!abc$",
	  "rewritten https://evil.test/#a?b" },
	{ "https://urldefense.com/v3/__https://evil.test/**Ax__;Iz8!!abc$",
	  "rewritten https://evil.test/#?x" },
	{ "https://urldefense.com/v3/__https://*vil.test/*a**A__;w6nOseKCrPCfmIA!!abc$",
	  "rewritten https://\xc3\xa9vil.test/\xce\xb1"
	  "a\xe2\x82\xac\xf0\x9f\x98\x80" },
	{ "https://urldefense.com/v3/__https:/evil.test/a:/b__;!!abc$", "rewritten https://evil.test/a:/b" },
	{ "https://url.uk.m.mimecastprotect.com/s/AbCd?domain=evil.test", "rewritten http://evil.test/" },
	{ "https://protect-us.mimecast.com/s/AbCd/?domain=evil.test", "rewritten http://evil.test/" },
	{ "https://protect-us.mimecast.com/s/AbCd", " https://protect-us.mimecast.com/s/AbCd" },
	{ "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fevil.test&c=E,1,x",
	  "rewritten https://evil.test" },
	{ "https://protect2.fireeye.com/v1/url?k=a-b&q=1&u=https%3A%2F%2Fevil.test%2F",
	  "rewritten https://evil.test/" },
	{ "https://ca-1234.wis.trendmicro.com/wis/clicktime/v1/query?url=https%3A%2F%2Fevil.test&umid=1",
	  "rewritten https://evil.test" },
	{ "https://eu-west-1.protection.sophos.com?d=evil.test&u=aHR0cHM6Ly9ldmlsLnRlc3QvYQ==&i=1",
	  "rewritten https://evil.test/a" },
	{ "https://secure-web.cisco.com/1aBcD/https%3A%2F%2Fevil.test%2Fa", "rewritten https://evil.test/a" },
	{ "https://secure-web.cisco.com/1aBcD/https%3A%2F%2Fevil.test%2F%3Fb%3Dhttp%3A%2F%2Fgood.test%2F",
	  "rewritten https://evil.test/?b=http://good.test/" },
	{ "https://url.avanan.click/v2/___https://evil.test/a___.YXAzOm", "rewritten https://evil.test/a" },
	{ "https://url.avanan.click/v2/___https://evil.test/___.YXAz?__;!!", "rewritten https://evil.test/" },
	{ "https://ad.doubleclick.net/clk;1;2?https://evil.test/?a&adurl=https://good.test/",
	  "forwarded https://evil.test/?a&adurl=https://good.test/" },
	{ "https://ad.doubleclick.net/clk;1;2?sa=L&adurl=https://evil.test/",
	  "forwarded https://evil.test/" },
	{ "https://urlsand.esvalabs.com/?u=https%3A%2F%2Fevil.test%2Fa&e=1",
	  "rewritten https://evil.test/a" },
	{ "https://us-west-2.edgepilot.com/s/1/2?u=https://evil.test/", "rewritten https://evil.test/" },
	{ "http://scanmail.trustwave.com/?c=1&d=2&u=https%3a%2f%2fevil%2etest%2f",
	  "rewritten https://evil.test/" },
	{ "https://urlprotection-tor.global.sonicwall.com/click?PV=2&MSGID=1&URL=https%3A%2F%2Fevil.test",
	  "rewritten https://evil.test" },
	{ "https://safe.menlosecurity.com/https://evil.test/a?b=c", "rewritten https://evil.test/a?b=c" },
	{ "https://nam.safelink.emails.azure.net/redirect/?destination=https%3A%2F%2Fevil.test%2F&p=b",
	  "rewritten https://evil.test/" },
	{ "https://safe.menlosecurity.com.evil.test/https://good.test/",
	  " https://safe.menlosecurity.com.evil.test/https://good.test/" },
	{ "https://x1y2.r.us-east-1.awstrack.me/L0/https:%2F%2Fevil.test%2Fa/1/0100-000000/sig=10",
	  "counted https://evil.test/a/1/0100-000000/sig=10" },
	/* the host in the path is what the sender says; where it leads stands in what nobody else can read */
	{ "https://mandrillapp.com/track/click/30489975/www.good.test?p=eyJzIjoi",
	  " https://mandrillapp.com/track/click/30489975/www.good.test?p=eyJzIjoi" },
	{ "https://www.google.com/aclk?sa=l&adurl=https://evil.test/", "forwarded https://evil.test/" },
	{ "https://adservice.google.com/ddm/clk/1;2;w?https://evil.test/", "forwarded https://evil.test/" },
	{ "https://ad.doubleclick.net/ddm/trackclk/N1.2;dc_x=1;https://evil.test/a",
	  "forwarded https://evil.test/a" },
	{ "https://www.google.com/travel/clk?pc=AA&pcurl=https://evil.test/",
	  "forwarded https://evil.test/" },
	{ "https://translate.google.de/translate?sl=en&u=https%3A%2F%2Fevil.test%2F",
	  "forwarded https://evil.test/" },
	{ "https://googleweblight.com/i?u=https://evil.test/", "forwarded https://evil.test/" },
	{ "https://www.bing.com/aclick?ld=e8&u=aHR0cHMlM2ElMmYlMmZldmlsLnRlc3Q&rlid=1",
	  "forwarded https://evil.test" },
	{ "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fevil.test%2F&rut=1", "forwarded https://evil.test/" },
	{ "https://yandex.ru/clck/jsredir?from=x&url=https%3A%2F%2Fevil.test%2F",
	  "forwarded https://evil.test/" },
	{ "https://out.reddit.com/t3_1?url=https%3A%2F%2Fevil.test%2F&token=A",
	  "forwarded https://evil.test/" },
	{ "https://t.me/iv?url=https://evil.test/&rhash=1", "forwarded https://evil.test/" },
	{ "https://t.me/somebody", " https://t.me/somebody" },
	{ "https://href.li/?https://evil.test/a", "forwarded https://evil.test/a" },
	{ "https://medium.com/r/?url=https%3A%2F%2Fevil.test", "forwarded https://evil.test" },
	{ "microsoft-edge:https://evil.test/a", "forwarded https://evil.test/a" },
	{ "ms-word:ofe|u|https://evil.test/a.docm", "forwarded https://evil.test/a.docm" },
	{ "googlechromes://evil.test/a", "forwarded https://evil.test/a" },
	{ "microsoft-edge:", " microsoft-edge:" },
	{ "https://www.google.com/url?sa=t&url=https://evil.test/&usg=x", "forwarded https://evil.test/" },
	{ "https://www.google.co.uk/url?q=https%3A%2F%2Fevil.test%2F", "forwarded https://evil.test/" },
	{ "https://google.evil.test/url?q=https%3A%2F%2Fgood.test%2F",
	  "redirected https://google.evil.test/url?q=https%3A%2F%2Fgood.test%2F" },
	{ "https://www.google.com/amp/s/evil.test/a", "forwarded https://evil.test/a" },
	{ "https://www-evil--site-test.translate.goog/login?_x_tr_sl=en",
	  "forwarded https://www.evil-site.test/login" },
	{ "https://www.bing.com/ck/a?!&&p=1&u=a1aHR0cHM6Ly9ldmlsLnRlc3Qv&ntb=1",
	  "forwarded https://evil.test/" },
	{ "https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RO=10/RU=https%3a%2f%2fevil.test%2f/RK=2/RS=x",
	  "forwarded https://evil.test/" },
	{ "https://l.facebook.com/l.php?u=https%3A%2F%2Fevil.test%2F&h=A", "forwarded https://evil.test/" },
	{ "https://example.com/go?redirect=https%3A%2F%2Fevil.test",
	  "redirected https://example.com/go?redirect=https%3A%2F%2Fevil.test" },
	{ "https://example.com/go?redirect=https%3A%2F%2Fexample.com%2Fb",
	  " https://example.com/go?redirect=https%3A%2F%2Fexample.com%2Fb" },
	/* one product around another */
	{ "https://eur01.safelinks.protection.outlook.com/"
	  "?url=https%3A%2F%2Furldefense.com%2Fv3%2F__https%3A%2F%2Fevil.test%2F__%3B!!a",
	  "rewritten https://evil.test/" },
	{ "mailto:a@b.test?body=https://c.test", " mailto:a@b.test?body=https://c.test" },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct url u = url_split(a, str_of(cases[i].url)), out;
		enum url_wrap kind = url_unwrap_all(a, &u, &out);
		struct str got = ARENA_JOIN(a, enum_text(&url_wrap_names, (int)kind), STR(" "), out.text);
		if (!str_eq(got, str_of(cases[i].want)))
			fail_msg("%s: got %.*s", cases[i].url, STR_ARG(got));
		arena_free(&a);
	}
}

/* A link that wraps itself again and again ends. */
static void test_layers(void **state)
{
	struct arena *a = arena_new(4 << 20, NULL, NULL);
	struct str text = STR("https://evil.test/");

	(void)state;
	for (int i = 0; i < 2 * URL_LAYERS_MAX; i++)
		text = ARENA_JOIN(a, STR("https://www.google.com/url?q="), text);
	struct url u = url_split(a, text), out;
	assert_int_equal(url_unwrap_all(a, &u, &out), URL_FORWARDED);
	assert_true(str_eq(out.host, STR("www.google.com")));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases), cmocka_unit_test(test_layers) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

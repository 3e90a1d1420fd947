/* The configuration file: defaults, values, and errors that name file and line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "config/endpoint.h"
#include "config/internal.h"

static struct config *parse(const char *text)
{
	struct config *c = NULL;
	struct errbuf eb = { "" };

	if (config_parse("postern.conf", text, NULL, 0, &c, &eb) != OK)
		fail_msg("%s", eb.text);
	return c;
}

static void test_defaults(void **state)
{
	struct config *c = parse(NULL);

	(void)state;
	assert_string_equal(c->data, "/var/lib/postern");
	assert_string_equal(c->smtp_listen, "127.0.0.1:2525");
	assert_string_equal(c->header_prefix, "X-Postern-");
	assert_int_equal(c->smtp_message_size, 64 << 20);
	assert_int_equal(c->http_rate_requests, 1200);
	assert_false(c->policies_allow_private_ip);
	assert_true(c->hostname[0] != '\0');
	config_free(&c);
	assert_null(c);
}

static void test_values(void **state)
{
	struct config *c = parse("hostname = \"gw.example.org\";\n"
				 "smtp: { listen = \"*:25 [::1]:2525\"; message_size = 268435456; };\n"
				 "dns: { servers = \"127.0.0.1@5353 ::1\"; dnssec = true; };\n"
				 "retention: { raw_budget_mb = 1000000000000L; };\n");

	(void)state;
	assert_string_equal(c->hostname, "gw.example.org");
	assert_string_equal(c->smtp_listen, "*:25 [::1]:2525");
	assert_int_equal(c->smtp_message_size, 268435456);
	assert_string_equal(c->dns_servers, "127.0.0.1@5353 ::1");
	assert_true(c->dns_dnssec);
	assert_int_equal(c->raw_budget_mb, 1000000000000);
	config_free(&c);
}

/* Numbers get their L; words, strings and comments keep their digits. */
static void test_widen(void **state)
{
	static const char text[] =
	    "a1 = 12; # 13\nb = \"x 14 \\\" 15\"; /* 16 */ c: { d = -17; e = 1.8; f = 19L; } // 20";
	static const char want[] =
	    "a1 = 12L; # 13\nb = \"x 14 \\\" 15\"; /* 16 */ c: { d = -17L; e = 1.8; f = 19L; } // 20";
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	config_widen(STR(text), &b);
	assert_int_equal(b.n, sizeof(want) - 1);
	assert_memory_equal(b.p, want, b.n);
	buf_free(&b);
}

static const struct {
	const char *text, *want;
} wrong[] = {
	{ "\n\nsmpt: { listen = \"127.0.0.1:25\"; };", "postern.conf:3: unknown setting smpt" },
	{ "smtp: {\n listn = \"127.0.0.1:25\";\n};", "postern.conf:2: unknown setting smtp.listn" },
	{ "smtp = 25;", "postern.conf:1: smtp is a group: smtp: { NAME = VALUE; };" },
	{ "smtp: { errors: { deep = 1; }; };", "postern.conf:1: smtp.errors: needs a whole number" },
	{ "smtp: { smtp: { errors = 1; }; };", "postern.conf:1: unknown setting smtp.smtp" },
	{ "data: { deep = 1; };", "postern.conf:1: data: needs a text in quotation marks" },
	{ "\nsmtp: { errors = \"many\"; };", "postern.conf:2: smtp.errors: needs a whole number" },
	{ "smtp: { errors = true; };", "postern.conf:1: smtp.errors: needs a whole number" },
	{ "smtp: { errors = 0; };", "postern.conf:1: smtp.errors: 1 to 10000, not 0" },
	{ "smtp: { errors = 99999999999; };", "postern.conf:1: smtp.errors: 1 to 10000, not 99999999999" },
	{ "smtp: { errors = 9000000000000000000; };",
	  "postern.conf:1: smtp.errors: 1 to 10000, not 9000000000000000000" },
	{ "smtp: { errors = 1.5; };", "postern.conf:1: smtp.errors: needs a whole number" },
	{ "smtp: { message_size = 268435457; };",
	  "postern.conf:1: smtp.message_size: 65536 to 268435456, not 268435457" },
	{ "scan: { workers = 65; };", "postern.conf:1: scan.workers: 1 to 64, not 65" },
	{ "dns: { dnssec = 1; };", "postern.conf:1: dns.dnssec: needs true or false" },
	{ "dns: { servers = \"localhost\"; };",
	  "postern.conf:1: dns.servers: \"localhost\" is not an address, or ADDR@PORT" },
	{ "log: {\n\n level = \"loud\"; };",
	  "postern.conf:3: log.level: \"loud\" is none of: error warn info debug" },
	{ "smtp: { listen = \"25\"; };", "postern.conf:1: smtp.listen: \"25\" is not ADDR:PORT" },
	{ "smtp: { listen = \"::1:25\"; };", "postern.conf:1: smtp.listen: \"::1:25\" is not ADDR:PORT" },
	{ "data = \"here\";", "postern.conf:1: data: \"here\" is not an absolute path" },
	{ "data = \"\";", "postern.conf:1: data: 1 to 1000 bytes, not 0" },
	{ "header_prefix = \"Received\";",
	  "postern.conf:1: header_prefix: \"Received\" does not begin with X- and end with a hyphen" },
	{ "hostname = \"a..b\";", "postern.conf:1: hostname: \"a..b\" is not a host name" },
	{ "hostname = \"a\\nb\";", "postern.conf:1: hostname: \"a\nb\" holds a control character" },
	{ "smtp: { postmaster = \"ann\"; };",
	  "postern.conf:1: smtp.postmaster: \"ann\" is not an e-mail address" },
	{ "smtp: { postmaster = \"ann@\"; };",
	  "postern.conf:1: smtp.postmaster: \"ann@\" is not an e-mail address" },
	{ "smtp: { postmaster = \"<ann@a.test>\"; };",
	  "postern.conf:1: smtp.postmaster: \"<ann@a.test>\" is not an e-mail address" },
	{ "http: { trusted_proxies = \"10.0.0.1/8\"; };",
	  "postern.conf:1: http.trusted_proxies: \"10.0.0.1/8\" is not an address, or ADDR/BITS without bits "
	  "behind its prefix" },
	{ "smtp: {\n key = \"/k.pem\"; };", "postern.conf:2: smtp.key: needs smtp.certificate beside it" },
	{ "smtp: {\n certificate = \"/c.pem\"; };",
	  "postern.conf:2: smtp.certificate: needs smtp.key beside it" },
	{ "http: {\n key = \"/k.pem\"; };", "postern.conf:2: http.key: needs http.certificate beside it" },
	{ "http: {\n certificate = \"/c.pem\"; };",
	  "postern.conf:2: http.certificate: needs http.key beside it" },
	{ "scan: { workers = 2; };",
	  "postern.conf:1: scan.workers: scan.workers_idle, 4, must not be more than "
	  "scan.workers, 2" },
	{ "scan: { workers_idle = 2;\n workers = 1; };",
	  "postern.conf:2: scan.workers: scan.workers_idle, 2, must not be more than scan.workers, 1" },
	{ "scan: { dns_timeout_s = 20; };",
	  "postern.conf:1: scan.dns_timeout_s: scan.dns_timeout_s, 20, must be "
	  "less than scan.timeout_s, 20" },
	{ "\nsmtp: { listen = \"127.0.0.1:8025\"; };",
	  "postern.conf:2: smtp.listen: 127.0.0.1:8025 of http.listen cannot be bound beside 127.0.0.1:8025 "
	  "of smtp.listen" },
	{ "smtp: { listen = \"127.0.0.1:25 127.0.0.1:25\"; };",
	  "postern.conf:1: smtp.listen: 127.0.0.1:25 of smtp.listen cannot be bound beside 127.0.0.1:25 of "
	  "smtp.listen" },
	{ "smtp: { listen = \" \"; };", "postern.conf:1: smtp.listen: \" \" names no ADDR:PORT" },
	{ "smtp: { listen = \"*:1 *:2 *:3 *:4 *:5 *:6 *:7 *:8 *:9 *:10 *:11 *:12 *:13 *:14 *:15 *:16 *:17\"; "
	  "};",
	  "postern.conf:1: smtp.listen: \"*:1 *:2 *:3 *:4 *:5 *:6 *:7 *:8 *:9 *:10 *:11 *:12 *:13 *:14 *:15 "
	  "*:16 "
	  "*:17\" has too many addresses" },
	{ "data = \"/d\";\n \t@include \"/etc/passwd\"\n",
	  "postern.conf:2: @include is not allowed, the configuration is one file" },
};

static void test_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct config *c = NULL;
		struct errbuf eb = { "" };

		assert_int_not_equal(config_parse("postern.conf", wrong[i].text, NULL, 0, &c, &eb), OK);
		assert_null(c);
		assert_string_equal(eb.text, wrong[i].want);
	}
}

/* Whether two addresses can be listened on at once. */
static void test_clashes(void **state)
{
	static const struct {
		const char *a, *b;
		bool clash;
	} rows[] = {
		{ "127.0.0.1:25", "127.0.0.1:25", true },
		{ "127.0.0.1:25", "127.0.0.1:26", false },
		{ "127.0.0.1:25", "127.0.0.2:25", false },
		{ "*:25", "127.0.0.1:25", true },
		{ "[::1]:25", "*:25", true },
		{ "0.0.0.0:25", "127.0.0.1:25", true },
		{ "[::]:25", "[::1]:25", true },
		{ "0.0.0.0:25", "[::1]:25", false },
		{ "127.0.0.1:0", "127.0.0.1:0", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct endpoint a, b;

		assert_int_equal(endpoint_parse(str_of(rows[i].a), &a), OK);
		assert_int_equal(endpoint_parse(str_of(rows[i].b), &b), OK);
		assert_int_equal(endpoint_clashes(&a, &b), rows[i].clash);
		assert_int_equal(endpoint_clashes(&b, &a), rows[i].clash);
	}
}

static void test_milter_place(void **state)
{
	static const struct {
		const char *text, *path; /* path NULL: not a place; "": by TCP */
		uint8_t family;
		uint16_t port;
	} rows[] = {
		{ "unix:/run/postern/milter", "/run/postern/milter", 0, 0 },
		{ "inet:8891@127.0.0.1", "", 4, 8891 },
		{ "inet:8891@*", "", 4, 8891 },
		{ "inet6:8891@::1", "", 6, 8891 },
		{ "inet6:8891@*", "", 6, 8891 },
		{ "unix:run/milter", NULL, 0, 0 },
		{ "unix:", NULL, 0, 0 },
		{ "local:/run/milter", NULL, 0, 0 },
		{ "inet:8891@::1", NULL, 0, 0 },
		{ "inet6:8891@127.0.0.1", NULL, 0, 0 },
		{ "inet:8891@localhost", NULL, 0, 0 },
		{ "inet:127.0.0.1:8891", NULL, 0, 0 },
		{ "inet:65536@127.0.0.1", NULL, 0, 0 },
		{ "127.0.0.1:8891", NULL, 0, 0 },
		{ "", NULL, 0, 0 },
	};
	char path[200] = "unix:/";

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct milter_endpoint e;
		enum err got = milter_endpoint_parse(str_of(rows[i].text), &e);
		assert_int_equal(got, rows[i].path ? OK : ERR_SYNTAX);
		if (!rows[i].path)
			continue;
		assert_true(str_eq(e.path, str_of(rows[i].path)));
		assert_int_equal(e.tcp.ip.family, rows[i].family);
		assert_int_equal(e.tcp.port, rows[i].port);
	}
	memset(path + 6, 'x', MILTER_PATH_MAX - 1);
	struct milter_endpoint e;
	assert_int_equal(milter_endpoint_parse(str_of(path), &e), OK);
	strcat(path, "x");
	assert_int_equal(milter_endpoint_parse(str_of(path), &e), ERR_SYNTAX);
}

/* What was found later is said in the same form. */
static void test_fault(void **state)
{
	const struct config_override o = { "data", "/d" };
	struct config *c = NULL;
	struct errbuf eb = { "" };

	(void)state;
	assert_int_equal(config_parse("f", "# @include is no order here\nuser = \"u\";\n", &o, 1, &c, &eb),
			 OK);
	assert_int_equal(config_fault(c, "user", ERR_ABSENT, &eb, "%s is %d", "x", 5), ERR_ABSENT);
	assert_string_equal(eb.text, "f:2: user: x is 5");
	assert_int_equal(config_fault(c, "data", ERR_DENIED, &eb, "no"), ERR_DENIED);
	assert_string_equal(eb.text, "command line: data: no");
	assert_int_equal(config_fault(c, "smtp.listen", ERR_CONFLICT, &eb, "taken"), ERR_CONFLICT);
	assert_string_equal(eb.text, "f: smtp.listen: taken");
	config_free(&c);
}

/* What libconfig itself refuses: its words may change, the place may not. */
static void test_syntax(void **state)
{
	static const char *const texts[] = { "\n\nsmtp: {", "\n\nerrors == 3;", "\n\ndata = \"a\" \"" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct config *c = NULL;
		struct errbuf eb = { "" };

		assert_int_equal(config_parse("f", texts[i], NULL, 0, &c, &eb), ERR_SYNTAX);
		assert_memory_equal(eb.text, "f:3: ", 5);
	}
}

static void test_overrides(void **state)
{
	const struct config_override good[] = { { "smtp.listen", "127.0.0.1:0" },
						{ "scan.workers", "8" },
						{ "dns.dnssec", "true" } };
	const struct config_override bad[] = { { "smtp.liste", "x" },
					       { "scan.workers", "8x" },
					       { "scan.workers", "0" },
					       { "dns.dnssec", "yes" } };
	static const char *const said[] = { "unknown setting smtp.liste",
					    "command line: scan.workers: needs a whole number",
					    "command line: scan.workers: 1 to 64, not 0",
					    "command line: dns.dnssec: needs true or false" };
	struct config *c = NULL;
	struct errbuf eb = { "" };

	(void)state;
	assert_int_equal(config_parse("f", "smtp: { listen = \"*:25\"; };", good, ARRAY_LEN(good), &c, &eb),
			 OK);
	assert_string_equal(c->smtp_listen, "127.0.0.1:0");
	assert_int_equal(c->scan_workers, 8);
	assert_true(c->dns_dnssec);
	config_free(&c);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_not_equal(config_parse("f", NULL, &bad[i], 1, &c, &eb), OK);
		assert_string_equal(eb.text, said[i]);
	}
}

/* Takes the "# " away in front of each setting of the sample file. */
static char *uncommented(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 65536), line[4096];
	size_t n = 0;

	assert_non_null(f);
	assert_non_null(text);
	while (fgets(line, sizeof(line), f)) {
		const char *at = line + strspn(line, "\t");
		bool setting = at[0] == '#' && strstr(at, " = ") && strchr(at, ';') == at + strlen(at) - 2;
		struct str s = str_of(setting ? at + 2 : line);

		assert_true(n + s.n < 65535);
		memcpy(text + n, s.p, s.n);
		n += s.n;
	}
	assert_int_equal(fclose(f), 0);
	return text;
}

static void test_sample_gives_defaults(void **state)
{
	char path[] = "/tmp/postern-config-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	config_describe(fd);
	assert_int_equal(close(fd), 0);
	char *text = uncommented(path);
	struct config *sample = parse(text), *defaults = parse(NULL);

	for (size_t i = 0; i < settings_count; i++) {
		const struct setting *s = &settings[i];
		const char *dot = strchr(s->key, '.');
		const char *a = (const char *)sample + s->offset, *b = (const char *)defaults + s->offset;

		assert_non_null(strstr(text, dot ? dot + 1 : s->key));
		if (s->kind == SETTING_WORD)
			assert_memory_equal(a, b, sizeof(int));
		else if (s->text)
			assert_string_equal(*(const char *const *)(const void *)a,
					    *(const char *const *)(const void *)b);
		else
			assert_memory_equal(a, b, s->kind == SETTING_BOOL ? sizeof(bool) : sizeof(int64_t));
	}
	config_free(&sample);
	config_free(&defaults);
	free(text);
	assert_int_equal(unlink(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),  cmocka_unit_test(test_values),
		cmocka_unit_test(test_widen),     cmocka_unit_test(test_errors),
		cmocka_unit_test(test_clashes),   cmocka_unit_test(test_milter_place),
		cmocka_unit_test(test_fault),     cmocka_unit_test(test_syntax),
		cmocka_unit_test(test_overrides), cmocka_unit_test(test_sample_gives_defaults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Options and operands of the command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cli/internal.h"

static const struct cli_option options[] = {
	{ "--account", "ID", "account", true },
	{ "--mode", "MODE", "mode", false },
	{ "--quick", NULL, "a flag", false },
	{ 0 },
};
static const struct cli_command command = { .name = "domain add",
					    .operands = "DOMAIN",
					    .operands_min = 1,
					    .operands_max = 2,
					    .summary = "test",
					    .options = options };

/* Splits words at spaces and parses them. */
static enum err parse(char *words, char **argv, struct cli_args *out, struct errbuf *eb)
{
	int n = 0;

	for (char *save = NULL, *w = strtok_r(words, " ", &save); w && n < 20; w = strtok_r(NULL, " ", &save))
		argv[n++] = w;
	*eb = (struct errbuf){ "" };
	return cli_args_parse(&command, n, argv, out, eb);
}

static void test_values(void **state)
{
	static const char *const lines[] = {
		"--account 1 --data /d --quick --mode=BCC a -",
		"a --mode=BCC --account=1 --quick - --data=/d",
		"--quick --data /d --account 1 --mode BCC -- a -",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		char words[200], *argv[20];
		struct cli_args args;
		struct errbuf eb;

		memcpy(words, lines[i], strlen(lines[i]) + 1);
		assert_int_equal(parse(words, argv, &args, &eb), OK);
		assert_string_equal(cli_option_value(&args, "--account"), "1");
		assert_string_equal(cli_option_value(&args, "--mode"), "BCC");
		assert_non_null(cli_option_value(&args, "--quick"));
		assert_string_equal(args.data, "/d");
		assert_null(args.config_file);
		assert_int_equal(args.operands_n, 2);
		assert_string_equal(args.operands[0], "a");
		assert_string_equal(args.operands[1], "-");
	}
}

static void test_errors(void **state)
{
	static const struct {
		const char *line, *want;
	} rows[] = {
		{ "a", "--account ID is needed" },
		{ "--account 1", "DOMAIN is needed" },
		{ "--account 1 a b c", "what is \"c\"?" },
		{ "--account 1 --account 2 a", "--account is given twice" },
		{ "--acc 1 a", "unknown option --acc" },
		{ "-x --account 1 a", "unknown option -x" },
		{ "--quick=1 --account 1 a", "--quick takes no value" },
		{ "a --account", "--account needs ID" },
		{ "a --account 1 --config", "--config needs FILE" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char words[200], *argv[20];
		struct cli_args args;
		struct errbuf eb;

		memcpy(words, rows[i].line, strlen(rows[i].line) + 1);
		assert_int_equal(parse(words, argv, &args, &eb), ERR_SYNTAX);
		assert_string_equal(eb.text, rows[i].want);
	}
}

/* --help asks for nothing else. */
static void test_help(void **state)
{
	char words[] = "--help", *argv[20];
	struct cli_args args;
	struct errbuf eb;

	(void)state;
	assert_int_equal(parse(words, argv, &args, &eb), OK);
	assert_true(args.help);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* All commands, one row each, in the order in which help shows them. */
#include "cli/internal.h"

#include <string.h>

#include "cli/cli.h"

#define SUMMARY_INDENT 22

#define OPTIONS(...) ((const struct cli_option[]){ __VA_ARGS__, { 0 } })

/* clang-format off */
#define IN_ACCOUNT { "--account", "ID", "account it belongs to", true }
#define OF_ACCOUNT { "--account", "ID", "of this account only", false }
#define LINES OPTIONS(OF_ACCOUNT, { "--lines", "N", "how many messages (50)", false })

/* What cli/domain_options.c reads. */
#define DOMAIN_OPTIONS OPTIONS(IN_ACCOUNT, \
	{ "--transport", "HOST:PORT", "next hop of mail that comes DIRECT; [HOST]:PORT = no MX look-up", false }, \
	{ "--mode", "MODE,...", "how its mail may reach us (DIRECT)", false }, \
	{ "--drop", "DISPOSITION,...", "held in quarantine instead of delivered (nothing is)", false }, \
	{ "--from", "CIDR,...", "only these hosts may deliver (anyone)", false }, \
	{ "--hops", "N", "hosts that mail passes on its way to us, us included (1)", false }, \
	{ "--tls-inbound", "yes|no", "refuse mail that comes without TLS (no)", false }, \
	{ "--tls-outbound", "yes|no", "never pass mail on without TLS (no)", false })

const struct cli_command cli_commands[] = {
	{ "serve", "", 0, 0, "accept mail and serve the API, in the foreground",
	  OPTIONS({ "--smtp", "ADDR:PORT", "where mail is accepted (the setting smtp.listen)", false },
	          { "--http", "ADDR:PORT", "where the API is served (the setting http.listen)", false }),
	  cli_serve, NULL },
	{ "scan", "PATH...", 1, SIZE_MAX, "judge mail in files, directories and mbox files, without server or store",
	  NULL, NULL, cli_scan },

	{ "preview", "FILE...", 1, SIZE_MAX, "draw pictures of mails in files, as the API does; says of each what is in it",
	  OPTIONS({ "--out", "FILE", "where the picture goes, of one mail", false },
	          { "--dir", "DIR", "where NAME.png goes of each mail NAME", false },
	          { "--step", "full|flat|text", "where to begin in the order of ways to draw (full)", false }),
	  cli_preview, NULL },

	{ "train", "LABEL=PATH...", 0, SIZE_MAX, "learn from labelled mail what the words of unwanted mail are",
	  OPTIONS({ "--confirmed", NULL, "learn from mail of the store that people said of what it is", false },
	          OF_ACCOUNT,
	          { "--from", "WHAT", "what is learnt on top of: current, shipped or nothing (current)", false },
	          { "--out", "FILE", "where the model goes (the store; its server uses it after a reload)", false },
	          { "--about", "TEXT", "a text about the model", false },
	          { "--try", NULL, "only say how well it would tell mail apart", false },
	          { "--test", "FILE", "only say how well the model in it tells mail apart, path by path", false },
	          { "--undo", NULL, "go back to the model before the last one", false }),
	  cli_train, NULL },

	{ "account add", "NAME", 1, 1, "make an account; prints its id",
	  OPTIONS({ "--id", "HEX32", "its id, 32 hexadecimal digits (random)", false },
	          { "--id-form", "uuid|integer", "form of the ids of its settings in the API", false }),
	  cli_account_add, NULL },
	{ "account list", "", 0, 0, "show all accounts", NULL, cli_account_list, NULL },
	{ "account delete", "ID", 1, 1, "delete an account with its users, tokens and domains",
	  NULL, cli_account_delete, NULL },

	{ "user add", "EMAIL", 1, 1, "let a user in with e-mail address and key; the key is the last line, shown once",
	  OPTIONS(IN_ACCOUNT, { "--key", "KEY", "the key (random)", false }), cli_user_add, NULL },
	{ "user list", "", 0, 0, "show users", OPTIONS(OF_ACCOUNT), cli_user_list, NULL },
	{ "user delete", "EMAIL", 1, 1, "delete a user of an account", OPTIONS(IN_ACCOUNT), cli_user_delete, NULL },

	{ "token add", "NAME", 1, 1, "make an API token; the token is the last line, shown once",
	  OPTIONS(IN_ACCOUNT, { "--scope", "read|write|admin", "what it may do: each includes the one before; admin: also who else may act", true },
	          { "--days", "N", "how long it is valid (for ever)", false },
	          { "--id-form", "uuid|integer", "form of the ids it is shown (the account's)", false }),
	  cli_token_add, NULL },
	{ "token list", "", 0, 0, "show tokens, without their secrets", OPTIONS(OF_ACCOUNT), cli_token_list, NULL },
	{ "token delete", "NUMBER", 1, 1, "delete the token with this number of `token list`", OPTIONS(IN_ACCOUNT),
	  cli_token_delete, NULL },

	{ "domain add", "DOMAIN", 1, 1, "protect a domain, authorized by you",
	  DOMAIN_OPTIONS, cli_domain_add, NULL },
	{ "domain set", "DOMAIN", 1, 1, "change settings of a domain; what no option names stays",
	  DOMAIN_OPTIONS, cli_domain_set, NULL },
	{ "domain authorize", "DOMAIN", 1, 1, "vouch for a domain that was made by the API, so that its mail is taken",
	  OPTIONS(IN_ACCOUNT), cli_domain_authorize, NULL },
	{ "domain verify", "DOMAIN", 1, 1, "look now for the TXT record that proves whose a domain is",
	  OPTIONS(IN_ACCOUNT), cli_domain_verify, NULL },
	{ "domain list", "", 0, 0, "show protected domains", OPTIONS(OF_ACCOUNT), cli_domain_list, NULL },
	{ "domain delete", "DOMAIN", 1, 1, "stop protecting a domain", OPTIONS(IN_ACCOUNT), cli_domain_delete, NULL },

	{ "detection show", "", 0, 0, "show what the scan of an account's mail looks for, as `detection set` takes it",
	  OPTIONS(IN_ACCOUNT), cli_detection_show, NULL },
	{ "detection set", "NAME=VALUE...", 1, SIZE_MAX, "change it; what is not named stays, and NAME= is as in the beginning",
	  OPTIONS(IN_ACCOUNT), cli_detection_set, NULL },

	{ "address add", "DOMAIN", 1, 1, "make a service address, which takes copies or reports; prints it",
	  OPTIONS(IN_ACCOUNT, { "--purpose", "PURPOSE", "what is sent to it: copies, user_report, team_report, simulation, threat_intel or dmarc (copies)", false },
	          { "--disposition", "DISPOSITION", "what reports to it say that the mail is, such as MALICIOUS or NONE; with user_report and team_report", false },
	          { "--mode", "BCC|JOURNAL", "how copies come (BCC)", false }),
	  cli_address_add, NULL },
	{ "address reports", "DOMAIN", 1, 1, "make the service addresses for reports that the domain lacks; shows all of them",
	  OPTIONS(IN_ACCOUNT), cli_address_reports, NULL },
	{ "address list", "", 0, 0, "show service addresses", OPTIONS(OF_ACCOUNT), cli_address_list, NULL },
	{ "address delete", "ADDRESS", 1, 1, "delete a service address", OPTIONS(IN_ACCOUNT), cli_address_delete, NULL },

	{ "dkim keygen", "DOMAIN", 1, 1, "make a key that seals the domain's mail (ARC); prints the TXT record to publish",
	  OPTIONS(IN_ACCOUNT, { "--selector", "NAME", "under which it is published (its type and the date)", false },
	          { "--type", "rsa|ed25519", "of the key (rsa)", false },
	          { "--sign-changed", NULL, "it also signs proved mail of the domain whose body is changed here (DKIM)", false },
	          { "--enable", NULL, "use it at once: its record is published already", false }),
	  cli_dkim_keygen, NULL },
	{ "dkim list", "", 0, 0, "show the keys of an account with what their records say", OPTIONS(IN_ACCOUNT), cli_dkim_list, NULL },
	{ "dkim enable", "DOMAIN SELECTOR", 2, 2, "use a key, once its record is published", OPTIONS(IN_ACCOUNT), cli_dkim_enable, NULL },
	{ "dkim disable", "DOMAIN SELECTOR", 2, 2, "use it no more; what it signed stays good while its record is there",
	  OPTIONS(IN_ACCOUNT), cli_dkim_disable, NULL },
	{ "dkim delete", "DOMAIN SELECTOR", 2, 2, "delete a key", OPTIONS(IN_ACCOUNT), cli_dkim_delete, NULL },

	{ "log", "", 0, 0, "show the last messages, one line each", LINES, cli_log, NULL },
	{ "quarantine list", "", 0, 0, "show the last messages that are held, one line each", LINES,
	  cli_quarantine_list, NULL },
	{ "quarantine show", "ID", 1, 1, "write a held or kept mail, as it came, to standard output",
	  OPTIONS(OF_ACCOUNT), cli_quarantine_show, NULL },
	{ "quarantine explain", "ID", 1, 1, "say why a mail is held, and which settings would have let it through",
	  OPTIONS(OF_ACCOUNT), cli_quarantine_explain, NULL },
	{ "quarantine release", "ID", 1, 1, "hand a held mail to its recipients after all, as it came",
	  OPTIONS(OF_ACCOUNT), cli_quarantine_release, NULL },
	{ "check-config", "", 0, 0, "say whether the configuration is fine",
	  OPTIONS({ "--sample", NULL, "print all settings with their defaults instead", false },
	          { "--manual", NULL, "print them as mdoc instead", false }),
	  cli_check_config, NULL },
	{ "backup", "TO", 1, 1, "copy the whole store into the new directory TO, while it is used",
	  OPTIONS({ "--without-secret", NULL, "leave out what opens the passwords and keys in it; keep DIR/secret elsewhere", false }), cli_backup, NULL },
	{ "sink", "", 0, 0, "take all mail by SMTP and keep each as a file; a next hop to try things with",
	  OPTIONS({ "--listen", "ADDR:PORT", "where", true }, { "--dir", "DIR", "where the files go", true }),
	  cli_sink, NULL },
	{ "help", "[COMMAND...]", 0, 2, "explain all commands or one", NULL, cli_help, NULL },
	{ "version", "", 0, 0, "say which version this is", NULL, cli_version, NULL },
};
/* clang-format on */

const size_t cli_commands_count = ARRAY_LEN(cli_commands);

const struct cli_command *cli_command_find(int argc, char *const *argv, int *words_out)
{
	for (size_t i = 0; argc > 0 && i < cli_commands_count; i++) {
		struct str name = str_of(cli_commands[i].name), word = str_of(argv[0]);
		size_t space = str_find_char(name, ' ', 0);
		bool two = space != SIZE_MAX;

		if (!str_eq(two ? str_sub(name, 0, space) : name, word))
			continue;
		if (two && (argc < 2 || !str_eq(str_sub(name, space + 1, name.n), str_of(argv[1]))))
			continue;
		*words_out = two ? 2 : 1;
		return &cli_commands[i];
	}
	return NULL;
}

/* The first word of a command of two words. */
static bool in_group(const struct cli_command *c, struct str group)
{
	struct str name = str_of(c->name);

	return str_starts(name, group) && name.n > group.n && name.p[group.n] == ' ';
}

/* "COMMAND ..." or "account add|list|delete ...". */
static void print_usage(FILE *f, struct str group)
{
	char before = ' ';

	fprintf(f, "usage: postern %.*s", STR_ARG(group.n ? group : STR("COMMAND")));
	for (size_t i = 0; i < cli_commands_count && group.n; i++) {
		if (!in_group(&cli_commands[i], group))
			continue;
		fprintf(f, "%c%s", before, cli_commands[i].name + group.n + 1);
		before = '|';
	}
	fputs(" ...\n\n", f);
}

static void print_commands(FILE *f, struct str group)
{
	print_usage(f, group);
	for (size_t i = 0; i < cli_commands_count; i++) {
		const struct cli_command *c = &cli_commands[i];

		if (group.n && !in_group(c, group))
			continue;
		struct cli_lines l = { .f = f, .indent = SUMMARY_INDENT };

		l.column = (size_t)fprintf(f, "  %s ", c->name);
		cli_lines_words(&l, c->summary);
		cli_lines_end(&l);
	}
	fputs("\n`postern COMMAND --help` says more; so does postern(8).\n", f);
}

static bool is_group(struct str word)
{
	for (size_t i = 0; i < cli_commands_count; i++) {
		if (in_group(&cli_commands[i], word))
			return true;
	}
	return false;
}

static bool wants_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

/* No command has these words: what would have one, for `postern user` and for typing errors. */
static int no_command(int argc, char *const *argv)
{
	struct str group = argc > 0 && is_group(str_of(argv[0])) ? str_of(argv[0]) : STR_NONE;

	if (argc > 0 && wants_help(argv[group.n && argc > 1 ? 1 : 0])) {
		print_commands(stdout, group);
		return CLI_OK;
	}
	if (group.n && argc > 1)
		fprintf(stderr, "postern: there is no command \"%s %s\"\n\n", argv[0], argv[1]);
	else if (argc > 0 && !group.n)
		fprintf(stderr, "postern: there is no command \"%s\"\n\n", argv[0]);
	print_commands(stderr, group);
	return CLI_USAGE;
}

int cli_help(const struct cli_args *args)
{
	const struct cli_command *c;
	int words;

	if (args->operands_n == 0) {
		print_commands(stdout, STR_NONE);
		return CLI_OK;
	}
	c = cli_command_find((int)args->operands_n, args->operands, &words);
	if (!c && args->operands_n == 1 && is_group(str_of(args->operands[0]))) {
		print_commands(stdout, str_of(args->operands[0]));
		return CLI_OK;
	}
	if (!c)
		return no_command((int)args->operands_n, args->operands);
	if (c->main)
		return c->main(2,
			       (char *[]){ (char *)(uintptr_t)c->name, (char *)(uintptr_t) "--help", NULL });
	cli_usage(stdout, c);
	return CLI_OK;
}

int cli_version(const struct cli_args *args)
{
	(void)args;
	puts("postern " POSTERN_VERSION);
	return CLI_OK;
}

int cli_main(int argc, char **argv)
{
	const struct cli_command *c;
	struct cli_args args;
	struct errbuf eb = { "" };
	int words = 0;

	if (argc > 1 && strcmp(argv[1], "--version") == 0)
		return cli_version(NULL);
	c = cli_command_find(argc - 1, argv + 1, &words);
	if (!c)
		return no_command(argc - 1, argv + 1);
	if (c->main)
		return c->main(argc - words, argv + words);
	if (cli_args_parse(c, argc - 1 - words, argv + 1 + words, &args, &eb) != OK) {
		fprintf(stderr, "postern %s: %s\n\n", c->name, eb.text);
		cli_usage(stderr, c);
		return CLI_USAGE;
	}
	if (args.help) {
		cli_usage(stdout, c);
		return CLI_OK;
	}
	struct buf data = { 0 };

	if (args.data && cli_absolute(args.data, &data, &eb) != OK)
		return cli_fail(&args, "%s", eb.text);
	if (args.data)
		args.data = data.p;
	int status = c->run(&args);

	buf_free(&data);
	/* A full disk shows here when the output goes to a file. */
	return fflush(stdout) == 0 ? status : CLI_FAILED;
}

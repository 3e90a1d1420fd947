/* `postern check-config`: says whether the server would take the configuration, or prints a sample of it. */
#include "cli/internal.h"

#include <errno.h>
#include <unistd.h>

#include "daemon/belongings.h"

static bool is_absent(const char *dir)
{
	return access(dir, F_OK) != 0 && errno == ENOENT;
}

int cli_check_config(const struct cli_args *args)
{
	struct config_override data;
	struct errbuf eb = { "" };

	if (cli_option_value(args, "--sample")) {
		config_describe(STDOUT_FILENO);
		return CLI_OK;
	}
	if (cli_option_value(args, "--manual")) {
		config_describe_manual(STDOUT_FILENO);
		return CLI_OK;
	}
	struct supervisor_options o = cli_server_options(args, &data, 0);
	struct belongings b = belongings_of(&o);
	enum err e = belongings_read(&b, &eb);

	if (e == OK)
		printf("fine: mail on %s, %s%s%sAPI on %s, data in %s%s\n", b.config->smtp_listen,
		       *b.config->milter_listen ? "milter on " : "", b.config->milter_listen,
		       *b.config->milter_listen ? ", " : "", b.config->http_listen, b.config->data,
		       is_absent(b.config->data) ? ", which does not exist yet" : "");
	belongings_close(&b);
	return e == OK ? CLI_OK : cli_fail(args, "%s", eb.text);
}

/* `postern backup TO`: a consistent copy of the store while the server runs. */
#include "cli/internal.h"

int cli_backup(const struct cli_args *args)
{
	struct cli_session s;
	struct errbuf eb = { "" };

	if (cli_make_directory(args, args->operands[0], &eb) != OK || cli_open(args, 0, &s, &eb) != OK)
		return cli_fail(args, "%s", eb.text);
	enum err e = store_backup(s.store, args->operands[0], &eb);

	cli_close(&s);
	return e == OK ? CLI_OK : cli_fail(args, "%s", eb.text);
}

/* `postern serve`: what the options change, then the supervisor. */
#include "cli/internal.h"

int cli_serve(const struct cli_args *args)
{
	const char *smtp = cli_option_value(args, "--smtp"), *http = cli_option_value(args, "--http");
	struct config_override overrides[3];
	size_t n = 0;

	if (smtp)
		overrides[n++] = (struct config_override){ "smtp.listen", smtp };
	if (http)
		overrides[n++] = (struct config_override){ "http.listen", http };
	struct supervisor_options o = cli_server_options(args, overrides, n);

	return supervisor_run(&o);
}

/* `postern serve`: what the options change, then the supervisor. */
#include "cli/internal.h"

#include "daemon/supervisor.h"

int cli_serve(const struct cli_args *args)
{
	const char *smtp = cli_option_value(args, "--smtp"), *http = cli_option_value(args, "--http");
	struct config_override overrides[3];
	struct config *config = NULL;
	struct buf data = { 0 };
	struct errbuf eb = { "" };
	size_t n = 0;

	if (smtp)
		overrides[n++] = (struct config_override){ "smtp.listen", smtp };
	if (http)
		overrides[n++] = (struct config_override){ "http.listen", http };
	if (args->data) {
		if (cli_absolute(args->data, &data, &eb) != OK)
			return cli_fail(args, "%s", eb.text);
		overrides[n++] = (struct config_override){ "data", data.p };
	}
	struct supervisor_options o = { .config_path =
					    args->config_file ? args->config_file : CLI_CONFIG_FILE,
					.config_must_exist = args->config_file != NULL,
					.overrides = overrides,
					.overrides_n = n };
	/* Now, while somebody looks; later a process would fail again and again. */
	enum err e = cli_config(args, overrides, n, &config, &eb);

	if (e == OK)
		e = cli_check_things(config, &eb);
	config_free(&config);
	int status = e == OK ? supervisor_run(&o) : cli_fail(args, "%s", eb.text);

	buf_free(&data);
	return status;
}

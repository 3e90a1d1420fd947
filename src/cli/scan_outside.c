/* What the configuration lets a scan know or ask, for `postern scan --config`. */
#include "cli/internal.h"
#include "cli/scan_internal.h"

#define OUTSIDE_BYTES ((size_t)64 << 20)

bool scan_outside_load(const char *config_file, struct scan_outside *out)
{
	static const struct cli_command command = { .name = "scan" };
	const struct cli_args args = { .command = &command, .config_file = config_file };
	struct errbuf eb;

	*out = (struct scan_outside){ .arena = arena_new(OUTSIDE_BYTES, NULL, NULL) };
	enum err e = cli_read_config(&args, &out->config, &eb);
	if (e == OK)
		e = outside_of(out->arena, out->config, &out->outside, &eb);
	if (e != OK)
		cli_fail(&args, "%s", eb.text);
	return e == OK;
}

void scan_outside_free(struct scan_outside *o)
{
	config_free(&o->config);
	arena_free(&o->arena);
}

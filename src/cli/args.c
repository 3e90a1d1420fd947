/*
 * Tells commands, options and operands apart. Options may stand anywhere; "--" ends them; "--name=value" and
 * "--name value" mean the same.
 */
#include "cli/internal.h"

#include <string.h>

static const struct cli_option common[] = {
	{ "--config", "FILE", "configuration file (" CLI_CONFIG_FILE " when it exists)", false },
	{ "--data", "DIR", "directory of the store (the setting `data`)", false },
	{ "--help", NULL, "say this", false },
};

static size_t options_count(const struct cli_command *c)
{
	size_t n = 0;

	while (c->options && c->options[n].name)
		n++;
	return n;
}

/*
 * The row whose name is the start of `arg` up to its end or "="; *value_out is what follows "=",
 * else NULL.
 */
static const struct cli_option *find(const struct cli_option *rows, size_t n, const char *arg,
				     const char **value_out)
{
	const char *equals = strchr(arg, '=');
	size_t length = equals ? (size_t)(equals - arg) : strlen(arg);

	for (size_t i = 0; i < n; i++) {
		if (strlen(rows[i].name) == length && memcmp(rows[i].name, arg, length) == 0) {
			*value_out = equals ? equals + 1 : NULL;
			return &rows[i];
		}
	}
	return NULL;
}

static enum err store_option(struct cli_args *out, const struct cli_option *o, bool is_common,
			     const char *value, struct errbuf *eb)
{
	const char **slot;

	if (is_common && o == &common[2]) {
		out->help = true;
		return OK;
	}
	if (is_common)
		slot = o == &common[0] ? &out->config_file : &out->data;
	else
		slot = &out->values[o - out->command->options];
	if (*slot)
		return err_set(eb, ERR_SYNTAX, "%s is given twice", o->name);
	*slot = value;
	return OK;
}

static enum err check_required(const struct cli_args *args, struct errbuf *eb)
{
	const struct cli_command *c = args->command;
	size_t n = options_count(c);

	for (size_t i = 0; i < n; i++) {
		if (c->options[i].required && !args->values[i])
			return err_set(eb, ERR_SYNTAX, "%s %s is needed", c->options[i].name,
				       c->options[i].value);
	}
	if (args->operands_n < c->operands_min)
		return err_set(eb, ERR_SYNTAX, "%s is needed", c->operands);
	if (args->operands_n > c->operands_max)
		return err_set(eb, ERR_SYNTAX, "what is \"%s\"?", args->operands[c->operands_max]);
	return OK;
}

enum err cli_args_parse(const struct cli_command *command, int argc, char **argv, struct cli_args *out,
			struct errbuf *eb)
{
	size_t own = options_count(command), operands = 0;
	bool options_over = false;

	ASSERT(own <= CLI_OPTIONS);
	*out = (struct cli_args){ .command = command };
	for (int i = 0; i < argc; i++) {
		const char *arg = argv[i], *value = NULL;

		if (options_over || arg[0] != '-' || !arg[1]) {
			argv[operands++] = argv[i];
			continue;
		}
		if (strcmp(arg, "--") == 0) {
			options_over = true;
			continue;
		}
		if (strcmp(arg, "-h") == 0)
			arg = "--help";
		const struct cli_option *o = find(command->options, own, arg, &value);
		bool is_common = !o;

		if (!o)
			o = find(common, ARRAY_LEN(common), arg, &value);
		if (!o)
			return err_set(eb, ERR_SYNTAX, "unknown option %s", arg);
		if (!o->value && value)
			return err_set(eb, ERR_SYNTAX, "%s takes no value", o->name);
		if (o->value && !value && ++i >= argc)
			return err_set(eb, ERR_SYNTAX, "%s needs %s", o->name, o->value);
		if (!value)
			value = o->value ? argv[i] : "";
		enum err e = store_option(out, o, is_common, value, eb);

		if (e != OK)
			return e;
	}
	out->operands = argv;
	out->operands_n = operands;
	return out->help ? OK : check_required(out, eb);
}

const char *cli_option_value(const struct cli_args *args, const char *name)
{
	const struct cli_option *o = args->command->options;

	for (size_t i = 0; o && o[i].name; i++) {
		if (strcmp(o[i].name, name) == 0)
			return args->values[i];
	}
	ASSERT(false); /* an option that the command does not have */
	return NULL;
}

static void print_options(FILE *f, const struct cli_option *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct cli_option *o = &rows[i];
		int width = fprintf(f, "  %s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");

		fprintf(f, "%*s%s\n", width < 30 ? 30 - width : 1, "", o->meaning);
	}
}

void cli_usage(FILE *f, const struct cli_command *c)
{
	size_t n = options_count(c);

	fprintf(f, "usage: postern %s", c->name);
	for (size_t i = 0; i < n; i++) {
		const struct cli_option *o = &c->options[i];

		fprintf(f, " %s%s%s%s%s", o->required ? "" : "[", o->name, o->value ? " " : "",
			o->value ? o->value : "", o->required ? "" : "]");
	}
	fprintf(f, " [--config FILE] [--data DIR]%s%s\n\n", *c->operands ? " " : "", c->operands);
	fprintf(f, "%c%s.\n\n", ascii_upper(c->summary[0]), c->summary + 1);
	print_options(f, c->options, n);
	print_options(f, common, ARRAY_LEN(common));
}

/*
 * Tells commands, options and operands apart. Options may stand anywhere; "--" ends them; "--name=value" and
 * "--name value" mean the same.
 */
#include "cli/internal.h"

#include <string.h>

#define USAGE_INDENT 15 /* below the command */
#define MEANING_INDENT 32
#define SENTENCE_ROOM 200

static const struct cli_option common[] = {
	{ "--config", "FILE", "configuration file (" CLI_CONFIG_FILE " when it exists)", false },
	{ "--data", "DIR", "directory of the store (the setting `data`)", false },
	{ "--help", NULL, "say how the command is used", false },
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

void cli_print_place(FILE *f, const struct cli_args *args)
{
	if (args->config_file)
		fprintf(f, " --config %s", args->config_file);
	if (args->data)
		fprintf(f, " --data %s", args->data);
}

static void print_options(FILE *f, const struct cli_option *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct cli_option *o = &rows[i];
		int width = fprintf(f, "  %s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
		struct cli_lines l = { .f = f, .indent = MEANING_INDENT, .column = (size_t)width };

		cli_lines_words(&l, o->meaning);
		cli_lines_end(&l);
	}
}

static void print_summary(FILE *f, const char *summary)
{
	struct cli_lines l = { .f = f };
	char sentence[SENTENCE_ROOM];

	snprintf(sentence, sizeof(sentence), "%s.", summary);
	sentence[0] = ascii_upper(sentence[0]);
	cli_lines_words(&l, sentence);
	cli_lines_end(&l);
}

void cli_usage(FILE *f, const struct cli_command *c)
{
	struct cli_lines l = { .f = f, .indent = USAGE_INDENT };
	size_t n = options_count(c);
	char piece[SENTENCE_ROOM];

	l.column = (size_t)fprintf(f, "usage: postern %s", c->name);
	for (size_t i = 0; i < n; i++) {
		const struct cli_option *o = &c->options[i];

		snprintf(piece, sizeof(piece), o->required ? "%s%s%s" : "[%s%s%s]", o->name,
			 o->value ? " " : "", o->value ? o->value : "");
		cli_lines_piece(&l, piece);
	}
	cli_lines_piece(&l, "[--config FILE]");
	cli_lines_piece(&l, "[--data DIR]");
	cli_lines_words(&l, c->operands);
	cli_lines_end(&l);
	fputc('\n', f);
	print_summary(f, c->summary);
	fputc('\n', f);
	print_options(f, c->options, n);
	print_options(f, common, ARRAY_LEN(common));
}

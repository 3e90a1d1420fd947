/* What the commands share: their table, their arguments, and opening the store as its owner. */
#ifndef CLI_INTERNAL_H
#define CLI_INTERNAL_H

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "config/config.h"
#include "daemon/supervisor.h"
#include "model/account.h"
#include "model/domain.h"
#include "store/settings.h"

enum { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

#define CLI_OPTIONS 10                              /* of one command */
#define CLI_CONFIG_FILE "/etc/postern/postern.conf" /* read when it exists and no other is named */

struct cli_option {
	const char *name;    /* "--mode" */
	const char *value;   /* what people write after it, such as "HOST:PORT"; NULL = it takes none */
	const char *meaning; /* one clause */
	bool required;
};

struct cli_args;

struct cli_command {
	const char *name;     /* one or two words: "domain add" */
	const char *operands; /* as shown in the usage; "" = none */
	size_t operands_min, operands_max;
	const char *summary; /* one clause */
	const struct cli_option
	    *options; /* ends with a row without a name; NULL = none but the common ones */
	int (*run)(const struct cli_args *args);
	int (*main)(int argc, char **argv); /* reads its own arguments instead; then `run` is NULL */
};

extern const struct cli_command cli_commands[];
extern const size_t cli_commands_count;

/* What was given, after the options were told from the operands. */
struct cli_args {
	const struct cli_command *command;
	const char *config_file; /* --config; NULL = not given */
	const char *data;        /* --data, made absolute by cli_main; NULL = not given */
	bool help;
	const char
	    *values[CLI_OPTIONS]; /* by position in command->options; "" for a flag; NULL = not given */
	char *const *operands;
	size_t operands_n;
};

/* The command that the words name; *words_out says how many they were (1 or 2). */
const struct cli_command *cli_command_find(int argc, char *const *argv, int *words_out);
/* argv without the command's words. Operands are moved to the front of argv. ERR_SYNTAX with a text. */
MUST_CHECK enum err cli_args_parse(const struct cli_command *command, int argc, char **argv,
				   struct cli_args *out, struct errbuf *eb);
/* Value of an option, NULL when it was not given. The option must be in the command's list. */
const char *cli_option_value(const struct cli_args *args, const char *name);
void cli_usage(FILE *f, const struct cli_command *c);
/* The options that say where the store is, as they were given, for a command that is to follow this one: " --data DIR". */
void cli_print_place(FILE *f, const struct cli_args *args);

/* Sets what the options of the command say of a domain; false: it was said what is wrong with them. */
bool cli_domain_options(const struct cli_args *args, struct arena *a, struct domain *d);

/* Says what went wrong on stderr, as "postern COMMAND: text". Gives CLI_FAILED. */
int cli_fail(const struct cli_args *args, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Says that the word is none of the texts from first to before end, which the option takes. */
void cli_refuse_word(const struct cli_args *args, const char *option, struct str word,
		     const struct enumtab *texts, int first, int end);

/* --data may be written relative to where we are: the whole path, terminated. */
MUST_CHECK enum err cli_absolute(const char *path, struct buf *out, struct errbuf *eb);

/*
 * What `serve` starts from and `check-config` looks at: the configuration file, and --data on top of the n overrides
 * that are there. overrides has room for one more and lives as long as the result.
 */
struct supervisor_options cli_server_options(const struct cli_args *args, struct config_override *overrides,
					     size_t n);

/* The configuration file, or the defaults where there is none and none was named. */
MUST_CHECK enum err cli_read_config(const struct cli_args *args, struct config **out, struct errbuf *eb);

/* What a command holds while it works on the store. */
struct cli_session {
	struct config *config;
	struct arena *arena;
	struct log log;
	struct store *store;
};

/*
 * Configuration, store and memory for one command. When root works on a directory of somebody else, it
 * becomes that user first, so that what is written stays theirs. flags: enum store_flags.
 */
MUST_CHECK enum err cli_open(const struct cli_args *args, unsigned flags, struct cli_session *out,
			     struct errbuf *eb);
void cli_close(struct cli_session *s);

/*
 * cli_open and the account of --account; without it account 0, which means all of them. False: it was said why, and
 * nothing is open.
 */
bool cli_open_account(const struct cli_args *args, unsigned flags, struct cli_session *s,
		      struct account *out);

/* The last column of a list: the account of a row, unless `given` says that one account was asked for. */
void cli_print_account(struct cli_session *s, const struct account *given, int64_t num);

/* Whether it may name an account or token. False: it was said why. */
bool cli_is_name(const struct cli_args *args, const char *name);
/* The value of an option as a value of the enumeration; *out stays when it was not given. False: it was said why. */
bool cli_read_enum(const struct cli_args *args, const char *option, const struct enumtab *t, int *out);

/*
 * Writing one object of a collection as the operator, with what the API asks of it. False or not OK: nothing was written;
 * cli_check says what is wrong by itself.
 */
struct resource_env cli_env(const struct cli_session *s);
bool cli_check(const struct cli_args *args, const struct resource *r, struct cli_session *s, void *obj);
MUST_CHECK enum err cli_add(const struct resource *r, struct cli_session *s, const struct account *account,
			    void *obj);
MUST_CHECK enum err cli_delete(const struct resource *r, struct cli_session *s, const struct account *account,
			       const struct settings_object *found);

/* Closes the session and says what came of it; `what` is the thing that was missing or existed already. */
int cli_done(const struct cli_args *args, struct cli_session *s, enum err e, const char *what);

/*
 * Makes a directory that is not there yet; run by root, for the owner of the store, whom cli_open becomes and who must
 * be able to get there. Nothing is left after an error. ERR_CONFLICT: it is there.
 */
MUST_CHECK enum err cli_make_directory(const struct cli_args *args, const char *path, struct errbuf *eb);

/* Text from outside, with control characters made visible. */
void cli_print(FILE *f, struct str s);

/* Help text in lines of at most 80 columns. */
struct cli_lines {
	FILE *f;
	size_t indent; /* where lines begin; the first one where it is, when it is beyond that */
	size_t column; /* how much of the line is written already, whoever wrote it */
	bool begun;
};
/* One piece that is not broken, a space or a new line in front of it. */
void cli_lines_piece(struct cli_lines *l, const char *piece);
/* Each word of the text, shorter than a line, as a piece. */
void cli_lines_words(struct cli_lines *l, const char *text);
void cli_lines_end(struct cli_lines *l);

/* The commands, each in cmd_NAME.c. */
int cli_serve(const struct cli_args *args);
int cli_preview(const struct cli_args *args);
int cli_account_add(const struct cli_args *args);
int cli_account_list(const struct cli_args *args);
int cli_account_delete(const struct cli_args *args);
int cli_user_add(const struct cli_args *args);
int cli_user_list(const struct cli_args *args);
int cli_user_delete(const struct cli_args *args);
int cli_token_add(const struct cli_args *args);
int cli_token_list(const struct cli_args *args);
int cli_token_delete(const struct cli_args *args);
int cli_domain_add(const struct cli_args *args);
int cli_domain_authorize(const struct cli_args *args);
int cli_domain_set(const struct cli_args *args);
int cli_domain_verify(const struct cli_args *args);
int cli_domain_list(const struct cli_args *args);
int cli_domain_delete(const struct cli_args *args);
int cli_detection_show(const struct cli_args *args);
int cli_detection_set(const struct cli_args *args);
int cli_address_add(const struct cli_args *args);
int cli_address_reports(const struct cli_args *args);
int cli_address_list(const struct cli_args *args);
int cli_address_delete(const struct cli_args *args);
int cli_dkim_keygen(const struct cli_args *args);
int cli_dkim_list(const struct cli_args *args);
int cli_dkim_enable(const struct cli_args *args);
int cli_dkim_disable(const struct cli_args *args);
int cli_dkim_delete(const struct cli_args *args);
int cli_log(const struct cli_args *args);
int cli_quarantine_list(const struct cli_args *args);
int cli_quarantine_show(const struct cli_args *args);
int cli_quarantine_explain(const struct cli_args *args);
int cli_quarantine_release(const struct cli_args *args);
int cli_check_config(const struct cli_args *args);
int cli_backup(const struct cli_args *args);
int cli_sink(const struct cli_args *args);
int cli_train(const struct cli_args *args);
int cli_help(const struct cli_args *args);
int cli_version(const struct cli_args *args);

#endif

/* Configuration, rights and store of one command, and writing an object as the operator. */
#include "cli/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "daemon/identity.h"

#define CONFIG_FILE_MAX (1u << 20)
#define SESSION_MEMORY (256u << 20)

int cli_fail(const struct cli_args *args, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "postern %s: ", args->command->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return CLI_FAILED;
}

void cli_refuse_word(const struct cli_args *args, const char *option, struct str word,
		     const struct enumtab *texts, int first, int end)
{
	fprintf(stderr, "postern %s: %s: \"%.*s\" is none of", args->command->name, option, STR_ARG(word));
	for (int i = first; i < end; i++)
		fprintf(stderr, " %.*s", STR_ARG(enum_text(texts, i)));
	fputc('\n', stderr);
}

/* The whole file with a NUL at its end; the caller frees it. ERR_ABSENT when there is none. */
static enum err read_file(const char *path, struct buf *out, struct errbuf *eb)
{
	FILE *f = fopen(path, "re");

	if (!f)
		return err_set(eb, errno == ENOENT ? ERR_ABSENT : ERR_DENIED, "%s: %s", path,
			       strerror(errno));
	buf_init(out, CONFIG_FILE_MAX);
	for (;;) {
		char *room = buf_reserve(out, 4096);
		size_t n = room ? fread(room, 1, 4096, f) : 0;

		if (n == 0)
			break;
		buf_grew(out, n);
	}
	bool failed = ferror(f) != 0;

	fclose(f);
	enum err e = config_check_text(path, buf_str(out), eb);
	buf_add_char(out, '\0');
	if (e == OK && !failed && buf_ok(out))
		return OK;
	buf_free(out);
	if (e)
		return e;
	return err_set(eb, ERR_LIMIT, "%s: %s", path, failed ? "cannot be read" : "larger than a megabyte");
}

enum err cli_absolute(const char *path, struct buf *out, struct errbuf *eb)
{
	char *here = path[0] == '/' ? NULL : getcwd(NULL, 0);

	if (path[0] != '/' && !here)
		return err_set(eb, ERR_ABSENT, "the working directory is gone");
	buf_init(out, 8192);
	buf_printf(out, "%s%s%s", here ? here : "", here ? "/" : "", path);
	buf_add_char(out, '\0');
	free(here);
	return OK;
}

struct supervisor_options cli_server_options(const struct cli_args *args, struct config_override *overrides,
					     size_t n)
{
	if (args->data)
		overrides[n++] = (struct config_override){ "data", args->data };
	return (struct supervisor_options){ .config_path =
						args->config_file ? args->config_file : CLI_CONFIG_FILE,
					    .config_must_exist = args->config_file != NULL,
					    .overrides = overrides,
					    .overrides_n = n };
}

enum err cli_read_config(const struct cli_args *args, struct config **out, struct errbuf *eb)
{
	struct config_override data;
	struct supervisor_options o = cli_server_options(args, &data, 0);
	struct buf text = { 0 };
	enum err e = read_file(o.config_path, &text, eb);

	if (e == ERR_ABSENT && !o.config_must_exist)
		e = OK;
	if (e == OK)
		e = config_parse(o.config_path, text.p, o.overrides, o.overrides_n, out, eb);
	buf_free(&text);
	return e;
}

/* To whom a command of root gives what it makes; uid 0 = it keeps it. */
static struct sandbox_user owner_of(const char *dir)
{
	struct stat st;

	return geteuid() == 0 && stat(dir, &st) == 0 ? (struct sandbox_user){ st.st_uid, st.st_gid }
						     : (struct sandbox_user){ 0 };
}

/* Root would leave files behind that the server cannot open; the owner of the directory would not. */
static enum err become_owner(const char *dir, struct errbuf *eb)
{
	struct sandbox_user owner = owner_of(dir);

	if (owner.uid == 0)
		return OK;
	enum err e = identity_reach(dir, owner, eb);

	if (e != OK)
		return e;
	if (setgroups(0, NULL) != 0 || setresgid(owner.gid, owner.gid, owner.gid) != 0 ||
	    setresuid(owner.uid, owner.uid, owner.uid) != 0)
		return err_set(eb, ERR_DENIED, "cannot become the owner of %s: %s", dir, strerror(errno));
	return OK;
}

static enum err give_directory(const char *path, struct sandbox_user to, struct errbuf *eb)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	enum err e = OK;

	if (fd < 0 || fchown(fd, to.uid, to.gid) != 0)
		e = err_set(eb, ERR_DENIED, "%s cannot be given to user %u: %s", path, to.uid,
			    strerror(errno));
	if (fd >= 0)
		close(fd);
	return e == OK ? identity_reach(path, to, eb) : e;
}

enum err cli_make_directory(const struct cli_args *args, const char *path, struct errbuf *eb)
{
	struct config *config = NULL;
	enum err e = cli_read_config(args, &config, eb);

	if (e != OK)
		return e;
	struct sandbox_user owner = owner_of(config->data);

	config_free(&config);
	if (mkdir(path, 0700) != 0)
		return errno == EEXIST
			   ? err_set(eb, ERR_CONFLICT,
				     "%s exists already; name a directory that is not there yet", path)
			   : err_set(eb, ERR_DENIED, "user %u cannot make %s: %s", geteuid(), path,
				     strerror(errno));
	if (owner.uid != 0)
		e = give_directory(path, owner, eb);
	if (e != OK)
		rmdir(path);
	return e;
}

/* A copy lacks what is made anew at the first opening; a directory without a store is nobody's to fill. */
static bool has_store(const char *dir)
{
	int at = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool found = at >= 0 && faccessat(at, "messages.db", F_OK, 0) == 0;

	if (at >= 0)
		close(at);
	return found;
}

enum err cli_open(const struct cli_args *args, unsigned flags, struct cli_session *out, struct errbuf *eb)
{
	*out = (struct cli_session){ 0 };
	enum err e = cli_read_config(args, &out->config, eb);

	if (e != OK)
		return e;
	out->log = (struct log){ .fd = STDERR_FILENO,
				 .level = (enum log_level)out->config->log_level,
				 .role = "cli" };
	/* A command says what it did by itself. */
	if (out->log.level == LOG_INFO)
		out->log.level = LOG_WARN;
	out->arena = arena_new(SESSION_MEMORY, NULL, NULL);
	e = become_owner(out->config->data, eb);
	if (e == OK) {
		unsigned create = has_store(out->config->data) ? STORE_CREATE : 0;
		struct store_options o = { .dir = out->config->data,
					   .flags = flags | create,
					   .log = &out->log };

		e = store_open(&o, &out->store, eb);
		if (e == ERR_ABSENT && !create)
			e = err_set(eb, e, "there is no store in %s; --data DIR names another place",
				    out->config->data);
	}
	if (e != OK)
		cli_close(out);
	return e;
}

void cli_close(struct cli_session *s)
{
	store_close(&s->store);
	arena_free(&s->arena);
	config_free(&s->config);
}

int cli_done(const struct cli_args *args, struct cli_session *s, enum err e, const char *what)
{
	if (s)
		cli_close(s);
	if (e == OK)
		return CLI_OK;
	if (e == ERR_ABSENT)
		return cli_fail(args, "%s does not exist", what);
	if (e == ERR_CONFLICT)
		return cli_fail(args, "%s exists already", what);
	return cli_fail(args, "%s: the store says %s", what, err_name(e));
}

bool cli_open_account(const struct cli_args *args, unsigned flags, struct cli_session *s, struct account *out)
{
	const char *id = cli_option_value(args, "--account");
	struct errbuf eb = { "" };
	enum err e = cli_open(args, flags, s, &eb);

	if (e != OK) {
		cli_fail(args, "%s", eb.text);
		return false;
	}
	*out = (struct account){ 0 };
	e = id ? settings_account_find(s->store, s->arena, str_of(id), out) : OK;
	if (e == ERR_ABSENT) {
		cli_close(s);
		cli_fail(args, "there is no account %s; see `postern account list`", id);
	} else if (e != OK) {
		cli_done(args, s, e, id);
	}
	return e == OK;
}

void cli_print_account(struct cli_session *s, const struct account *given, int64_t num)
{
	struct account owner = { 0 };

	if (given->num)
		return;
	/* Messages outlive their account. */
	enum err e = settings_account_get(s->store, s->arena, num, &owner);

	printf("\t%.*s", STR_ARG(e == OK ? owner.id : STR("-")));
}

struct resource_env cli_env(const struct cli_session *s)
{
	return (struct resource_env){ .arena = s->arena,
				      .now_us = clock_now_us(),
				      .allow_private_ip = s->config->policies_allow_private_ip,
				      .has_click_url = *s->config->http_click_url };
}

/* Fields that an option sets which is called otherwise. */
static const struct {
	const char *field, *option;
} spellings[] = {
	{ "requested_disposition", "--disposition" },
	{ "mode", "--mode" },
	{ "transport", "--transport" },
};

static bool has_option(const struct cli_args *args, const char *name)
{
	const struct cli_option *o = args->command->options;

	for (; o && o->name; o++)
		if (strcmp(o->name, name) == 0)
			return true;
	return false;
}

/* Checks speak of fields; who gave a command is told of the option. */
static void tell_fault(const struct cli_args *args, struct str message)
{
	const char *option = "";

	for (size_t i = 0; i < ARRAY_LEN(spellings) && !*option; i++) {
		if (!str_eq(str_sub(message, 0, str_find_char(message, ' ', 0)),
			    str_of(spellings[i].field)) ||
		    !has_option(args, spellings[i].option))
			continue;
		option = spellings[i].option;
		message = str_sub(message, strlen(spellings[i].field), message.n);
	}
	cli_fail(args, "%s%.*s", option, STR_ARG(message));
}

bool cli_check(const struct cli_args *args, const struct resource *r, struct cli_session *s, void *obj)
{
	struct resource_env env = cli_env(s);
	struct faults faults = { .arena = s->arena };

	r->check(&env, obj, &faults);
	for (size_t i = 0; i < faults.n; i++)
		tell_fault(args, faults.v[i].message);
	return faults.n == 0;
}

enum err cli_add(const struct resource *r, struct cli_session *s, const struct account *account, void *obj)
{
	struct resource_env env = cli_env(s);
	struct settings_write *w = settings_write_new(s->store, &env, r, account->num, &settings_operator);
	struct settings_refusal why;

	settings_write_add(w, obj, 0);
	return settings_write_run(w, &why);
}

enum err cli_delete(const struct resource *r, struct cli_session *s, const struct account *account,
		    const struct settings_object *found)
{
	struct resource_env env = cli_env(s);
	struct settings_write *w = settings_write_new(s->store, &env, r, account->num, &settings_operator);
	struct settings_refusal why;

	settings_write_delete(w, found);
	return settings_write_run(w, &why);
}

void cli_print(FILE *f, struct str s)
{
	for (size_t at = 0; at < s.n;) {
		size_t from = at;
		uint32_t cp = utf8_next(s, &at);

		if (cp == UTF8_REPLACEMENT && at - from == 1)
			cp = (unsigned char)s.p[from];
		if (utf8_is_control(cp) || (cp >= 0x80 && at - from == 1))
			fprintf(f, cp < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)cp);
		else
			fwrite(s.p + from, 1, at - from, f);
	}
}

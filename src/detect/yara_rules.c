/* By libyara. */
#include "detect/yara_rules.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yara.h>

#define READ_AT_ONCE 65536
#define NAME_SHOWN 200 /* bytes of a file's name that rules see */

struct yara_rules {
	YR_RULES *rules;
};

/* ---- reading ---- */

/* Its name, a NUL, its text, a NUL. */
static enum err read_file(const char *path, struct buf *out, struct errbuf *eb)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd < 0)
		return err_set(eb, errno == ENOENT ? ERR_ABSENT : ERR_DENIED, "%s: %s", path,
			       strerror(errno));
	buf_add_c(out, path);
	buf_add_char(out, '\0');
	size_t from = out->n;
	for (char *room; (room = buf_reserve(out, READ_AT_ONCE)) && (n = read(fd, room, READ_AT_ONCE)) > 0;)
		buf_grew(out, (size_t)n);
	int failure = errno;
	close(fd);
	if (!buf_ok(out))
		return err_set(eb, ERR_LIMIT, "%s: more than %u bytes of rules", path, YARA_FILES_MAX);
	if (n < 0)
		return err_set(eb, ERR_DENIED, "%s: %s", path, strerror(failure));
	if (str_find_char(buf_str(out), '\0', from) != SIZE_MAX)
		return err_set(eb, ERR_SYNTAX, "%s: is no text", path);
	buf_add_char(out, '\0');
	return OK;
}

static int is_rule_file(const struct dirent *e)
{
	struct str name = str_of(e->d_name);

	return str_ends(name, STR(".yar")) || str_ends(name, STR(".yara"));
}

static enum err read_directory(const char *path, struct buf *out, struct errbuf *eb)
{
	struct dirent **names;
	int n = scandir(path, &names, is_rule_file, alphasort);
	enum err e = OK;

	if (n < 0)
		return err_set(eb, ERR_DENIED, "%s: %s", path, strerror(errno));
	for (int i = 0; i < n; i++) {
		struct buf one;
		buf_init(&one, 8192);
		buf_printf(&one, "%s/%s", path, names[i]->d_name);
		buf_add_char(&one, '\0');
		if (e == OK)
			e = buf_ok(&one) ? read_file(one.p, out, eb)
					 : err_set(eb, ERR_LIMIT, "%s: a name is too long", path);
		buf_free(&one);
		free(names[i]);
	}
	free(names);
	return e == OK && n == 0 ? err_set(eb, ERR_ABSENT, "%s: has no file .yar or .yara", path) : e;
}

enum err yara_rules_read(const char *path, struct buf *out, struct errbuf *eb)
{
	struct stat st;

	buf_init(out, YARA_FILES_MAX);
	if (stat(path, &st) != 0)
		return err_set(eb, errno == ENOENT ? ERR_ABSENT : ERR_DENIED, "%s: %s", path,
			       strerror(errno));
	return S_ISDIR(st.st_mode) ? read_directory(path, out, eb) : read_file(path, out, eb);
}

/* ---- compiling ---- */

/* Where the first error goes. */
struct complaint {
	const char *file;
	struct errbuf *eb;
	bool made;
};

static void complain(int level, const char *file, int line, const YR_RULE *rule, const char *message,
		     void *ctx)
{
	struct complaint *c = ctx;

	(void)file, (void)rule;
	if (level != YARA_ERROR_LEVEL_ERROR || c->made)
		return;
	c->made = true;
	err_set(c->eb, ERR_SYNTAX, "%s, line %d: %s", c->file, line, message);
}

static const char *const externals[] = { "filename", "filepath", "extension", "filetype", "owner" };

static int note_module(YR_SCAN_CONTEXT *context, int message, void *data, void *ctx)
{
	const YR_MODULE_IMPORT *import = data;
	const char **bad = ctx;

	(void)context;
	if (message == CALLBACK_MSG_IMPORT_MODULE &&
	    (strcmp(import->module_name, "magic") == 0 || strcmp(import->module_name, "cuckoo") == 0)) {
		*bad = strcmp(import->module_name, "magic") == 0 ? "magic" : "cuckoo";
		return CALLBACK_ERROR;
	}
	return CALLBACK_CONTINUE;
}

/* Also loads what modules load late. Rules that are slow are no fault: each scan has its time. */
static enum err try_once(YR_RULES *rules, struct errbuf *eb)
{
	static const uint8_t bytes[] = "MZ, and nothing else";
	const char *bad = NULL;
	int failed =
	    yr_rules_scan_mem(rules, bytes, sizeof(bytes), SCAN_FLAGS_NO_TRYCATCH, note_module, &bad, 1);

	if (bad)
		return err_set(eb, ERR_SYNTAX, "the module %s is not there: it reads files", bad);
	if (failed && failed != ERROR_SCAN_TIMEOUT)
		return err_set(eb, ERR_SYNTAX, "the rules cannot be used (error %d of libyara)", failed);
	return OK;
}

static enum err add_files(YR_COMPILER *compiler, struct str files, struct complaint *c)
{
	for (size_t at = 0; at < files.n;) {
		const char *name = files.p + at;
		const char *text = name + strlen(name) + 1;
		c->file = name;
		if (yr_compiler_add_string(compiler, text, name) > 0)
			return c->made ? ERR_SYNTAX
				       : err_set(c->eb, ERR_SYNTAX, "%s: cannot be compiled", name);
		at = (size_t)(text - files.p) + strlen(text) + 1;
	}
	return OK;
}

enum err yara_rules_compile(struct str files, struct yara_rules **out, struct errbuf *eb)
{
	struct complaint c = { .eb = eb };
	YR_COMPILER *compiler = NULL;
	YR_RULES *rules = NULL;

	*out = NULL;
	if (yr_initialize() != ERROR_SUCCESS)
		return err_set(eb, ERR_LATER, "libyara cannot be started");
	enum err e =
	    yr_compiler_create(&compiler) == ERROR_SUCCESS ? OK : err_set(eb, ERR_LATER, "no memory");
	if (e == OK) {
		yr_compiler_set_callback(compiler, complain, &c);
		yr_compiler_set_include_callback(compiler, NULL, NULL, NULL);
		for (size_t i = 0; i < ARRAY_LEN(externals); i++)
			if (yr_compiler_define_string_variable(compiler, externals[i], "") != ERROR_SUCCESS)
				e = err_set(eb, ERR_LATER, "no memory");
	}
	if (e == OK)
		e = add_files(compiler, files, &c);
	if (e == OK && yr_compiler_get_rules(compiler, &rules) != ERROR_SUCCESS)
		e = err_set(eb, ERR_SYNTAX, "the rules cannot be put together");
	if (compiler)
		yr_compiler_destroy(compiler);
	if (e == OK)
		e = try_once(rules, eb);
	if (e != OK) {
		if (rules)
			yr_rules_destroy(rules);
		yr_finalize();
		return e;
	}
	*out = calloc(1, sizeof(**out));
	ASSERT(*out);
	(*out)->rules = rules;
	return OK;
}

void yara_rules_free(struct yara_rules **r)
{
	if (!*r)
		return;
	yr_rules_destroy((*r)->rules);
	yr_finalize();
	free(*r);
	*r = NULL;
}

/* ---- asking ---- */

struct asking {
	yara_match_fn *fn;
	void *ctx;
};

static void read_meta(const YR_RULE *rule, struct yara_match *m)
{
	const YR_META *meta;

	yr_rule_metas_foreach(rule, meta)
	{
		bool severity = strcmp(meta->identifier, "severity") == 0;
		bool number = meta->type == META_TYPE_INTEGER && meta->integer >= 0 && meta->integer <= 100;
		if (meta->type == META_TYPE_STRING && severity)
			m->severity = str_of(meta->string);
		else if (meta->type == META_TYPE_STRING && strcmp(meta->identifier, "description") == 0)
			m->description = str_of(meta->string);
		else if (number &&
			 (severity || (strcmp(meta->identifier, "score") == 0 && m->severity_100 < 0)))
			m->severity_100 = meta->integer;
	}
}

/* The first match of a string that may be told. libyara keeps them in order, and not aligned as their type wants it. */
static bool first_match(YR_SCAN_CONTEXT *context, const YR_STRING *string, YR_MATCH *out)
{
	for (const void *at = context->matches[string->idx].head; at; at = out->next) {
		memcpy(out, at, sizeof(*out));
		if (!out->is_private)
			return true;
	}
	return false;
}

static void read_place(YR_SCAN_CONTEXT *context, const YR_RULE *rule, struct yara_match *m)
{
	const YR_STRING *string;
	YR_MATCH match;

	yr_rule_strings_foreach(rule, string)
	{
		if (!first_match(context, string, &match) ||
		    (m->identifier.n > 0 && (size_t)match.offset >= m->offset))
			continue;
		m->identifier = str_of(string->identifier);
		m->offset = (size_t)match.offset;
	}
}

static int note_match(YR_SCAN_CONTEXT *context, int message, void *data, void *ctx)
{
	const struct asking *asking = ctx;

	if (message != CALLBACK_MSG_RULE_MATCHING)
		return CALLBACK_CONTINUE;
	const YR_RULE *rule = data;
	struct yara_match m = { .rule = str_of(rule->identifier), .severity_100 = -1 };
	read_meta(rule, &m);
	read_place(context, rule, &m);
	asking->fn(asking->ctx, &m);
	return CALLBACK_CONTINUE;
}

static bool tell_name(YR_SCANNER *scanner, struct str name)
{
	char z[NAME_SHOWN + 1] = "";
	const char *dot;

	for (size_t i = 0; i < name.n && i < NAME_SHOWN; i++)
		z[i] = name.p[i] ? name.p[i] : '?';
	dot = strrchr(z, '.');
	return yr_scanner_define_string_variable(scanner, "filename", z) == ERROR_SUCCESS &&
	       yr_scanner_define_string_variable(scanner, "filepath", z) == ERROR_SUCCESS &&
	       yr_scanner_define_string_variable(scanner, "extension", dot ? dot : "") == ERROR_SUCCESS;
}

bool yara_rules_scan(const struct yara_rules *r, struct str name, struct str bytes, int seconds,
		     yara_match_fn *fn, void *ctx)
{
	struct asking asking = { fn, ctx };
	YR_SCANNER *scanner;

	if (yr_scanner_create(r->rules, &scanner) != ERROR_SUCCESS)
		return false;
	yr_scanner_set_callback(scanner, note_match, &asking);
	yr_scanner_set_timeout(scanner, seconds);
	/* A handler of signals is a system call that a sealed process has not; nothing here is mapped from a file that changes. */
	yr_scanner_set_flags(scanner, SCAN_FLAGS_NO_TRYCATCH | SCAN_FLAGS_REPORT_RULES_MATCHING);
	bool fine = tell_name(scanner, name) &&
		    yr_scanner_scan_mem(scanner, (const uint8_t *)bytes.p, bytes.n) == ERROR_SUCCESS;
	yr_scanner_destroy(scanner);
	return fine;
}

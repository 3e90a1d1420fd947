/*
 * Reads the configuration file with libconfig, whose settings know their line, into the rows of table.c.
 *
 * Includes are not followed: it is one file.
 */
#include "config/internal.h"

#include <libconfig.h>
#include <unistd.h>

#define CONFIG_MAX (1u << 20) /* memory of one configuration; a full file has some 6 kB */

struct parse {
	struct config_owner *owner;
	struct config *config; /* of the owner */
	struct arena *arena;
	struct errbuf *eb;
};

static void came_from(const struct parse *p, const struct setting *s, int line)
{
	p->owner->lines[s - settings] = line;
}

static enum err read_value(const struct parse *p, const config_setting_t *node, const struct setting *s)
{
	struct errbuf why = { "" };
	int type = config_setting_type(node);
	const char *wanted = NULL;
	enum err e = OK;

	came_from(p, s, (int)config_setting_source_line(node));
	if (s->kind == SETTING_BOOL) {
		if (type == CONFIG_TYPE_BOOL)
			setting_set_bool(p->config, s, config_setting_get_bool(node) != 0);
		else
			wanted = "true or false";
	} else if (s->kind == SETTING_INT) {
		if (type == CONFIG_TYPE_INT)
			e = setting_set_int(p->config, s, config_setting_get_int(node), &why);
		else if (type == CONFIG_TYPE_INT64)
			e = setting_set_int(p->config, s, config_setting_get_int64(node), &why);
		else
			wanted = "a whole number";
	} else if (type == CONFIG_TYPE_STRING) {
		e = setting_set_text(p->config, p->arena, s, str_of(config_setting_get_string(node)), &why);
	} else {
		wanted = "a text in quotation marks";
	}
	if (wanted)
		return config_fault(p->config, s->key, ERR_SYNTAX, p->eb, "needs %s", wanted);
	return e == OK ? OK : config_fault(p->config, s->key, e, p->eb, "%s", why.text);
}

static bool is_group(struct str name)
{
	for (size_t i = 0; i < settings_count; i++) {
		struct str key = str_of(settings[i].key);

		if (key.n > name.n && str_starts(key, name) && key.p[name.n] == '.')
			return true;
	}
	return false;
}

/* One level of the file: prefix is "" or the name of the group. */
static enum err read_group(const struct parse *p, const config_setting_t *group, const char *prefix)
{
	int n = config_setting_length(group);

	for (int i = 0; i < n; i++) {
		const config_setting_t *node = config_setting_get_elem(group, (unsigned)i);
		const char *name = config_setting_name(node);
		struct str key = arena_printf(p->arena, "%s%s%s", prefix, *prefix ? "." : "", name);
		const struct setting *s = setting_find(key);
		unsigned line = config_setting_source_line(node);
		enum err e;

		if (s)
			e = read_value(p, node, s);
		else if (*prefix || !is_group(key))
			e = err_set(p->eb, ERR_SYNTAX, "%s:%u: unknown setting %.*s", p->owner->path, line,
				    STR_ARG(key));
		else if (!config_setting_is_group(node))
			e = err_set(p->eb, ERR_SYNTAX, "%s:%u: %s is a group: %s: { NAME = VALUE; };",
				    p->owner->path, line, name, name);
		else
			e = read_group(p, node, name);
		if (e != OK)
			return e;
	}
	return OK;
}

/* Settings are called smtp.listen everywhere but in the file itself. */
static bool has_dotted_name(struct str text, int line)
{
	struct str rest = text;

	for (int i = 1; i < line; i++) {
		size_t end = str_find_char(rest, '\n', 0);
		rest = end == SIZE_MAX ? STR_NONE : str_sub(rest, end + 1, rest.n);
	}
	size_t dot = str_find_char(rest, '.', 0), equals = str_find_char(rest, '=', 0);

	return dot < equals && equals < str_find_char(rest, '\n', 0);
}

/* The first line that libconfig would take as an order to read another file; 0 = none. */
static int include_line(struct str text)
{
	struct str rest = text;

	for (int line = 1; !str_is_empty(rest); line++) {
		size_t end = str_find_char(rest, '\n', 0);

		if (str_starts(str_trim(str_sub(rest, 0, end)), STR("@include")))
			return line;
		rest = end == SIZE_MAX ? STR_NONE : str_sub(rest, end + 1, rest.n);
	}
	return 0;
}

static enum err read_text(const struct parse *p, const char *text)
{
	const char *path = p->owner->path;
	int include = include_line(str_of(text));
	config_t file;
	struct buf wide;
	enum err e;

	if (include)
		return err_set(p->eb, ERR_SYNTAX,
			       "%s:%d: @include is not allowed, the configuration is one file", path,
			       include);
	buf_init(&wide, CONFIG_MAX);
	config_widen(str_of(text), &wide);
	buf_add_char(&wide, '\0');
	if (!buf_ok(&wide)) {
		buf_free(&wide);
		return err_set(p->eb, ERR_LIMIT, "%s: larger than a megabyte", path);
	}
	config_init(&file);
	if (config_read_string(&file, wide.p))
		e = read_group(p, config_root_setting(&file), "");
	else
		e = err_set(p->eb, ERR_SYNTAX, "%s:%d: %s%s", path, config_error_line(&file),
			    config_error_text(&file),
			    has_dotted_name(str_of(text), config_error_line(&file))
				? "; the setting a.b is written a: { b = VALUE; };"
				: "");
	config_destroy(&file);
	buf_free(&wide);
	return e;
}

static enum err set_default(const struct parse *p, const struct setting *s)
{
	switch (s->kind) {
	case SETTING_BOOL:
		setting_set_bool(p->config, s, s->value != 0);
		return OK;
	case SETTING_INT:
		return setting_set_int(p->config, s, s->value, p->eb);
	case SETTING_TEXT:
	case SETTING_PATH:
	case SETTING_NAME:
	case SETTING_MAILBOX:
	case SETTING_PREFIX:
	case SETTING_WORD:
	case SETTING_LISTEN:
	case SETTING_MILTER:
	case SETTING_SERVERS:
	case SETTING_BASE:
	case SETTING_BLOCKS:
		break;
	}
	return setting_set_text(p->config, p->arena, s, str_of(s->text), p->eb);
}

static enum err set_override(const struct parse *p, const struct setting *s, struct str value,
			     struct errbuf *why)
{
	int64_t number;

	if (s->kind == SETTING_BOOL) {
		bool yes = str_eq(value, STR("true"));

		if (!yes && !str_eq(value, STR("false")))
			return err_set(why, ERR_SYNTAX, "needs true or false");
		setting_set_bool(p->config, s, yes);
		return OK;
	}
	if (s->kind == SETTING_INT) {
		if (str_to_i64(value, &number) != OK)
			return err_set(why, ERR_SYNTAX, "needs a whole number");
		return setting_set_int(p->config, s, number, why);
	}
	return setting_set_text(p->config, p->arena, s, value, why);
}

static enum err override(const struct parse *p, const struct config_override *o)
{
	const struct setting *s = setting_find(str_of(o->key));
	struct errbuf why = { "" };

	if (!s)
		return err_set(p->eb, ERR_SYNTAX, "unknown setting %s", o->key);
	came_from(p, s, ORIGIN_OPTION);
	enum err e = set_override(p, s, str_of(o->value), &why);

	return e == OK ? OK : config_fault(p->config, s->key, e, p->eb, "%s", why.text);
}

static void name_host(const struct parse *p)
{
	char name[254] = "";

	if (gethostname(name, sizeof(name) - 1) != 0 || !name[0])
		memcpy(name, "localhost", sizeof("localhost"));
	p->config->hostname = arena_strndup(p->arena, name, strlen(name));
}

enum err config_check_text(const char *path, struct str text, struct errbuf *eb)
{
	size_t at = str_find_char(text, '\0', 0), line = 1;

	if (at == SIZE_MAX)
		return OK;
	for (size_t i = 0; i < at; i++)
		line += text.p[i] == '\n';
	return err_set(eb, ERR_SYNTAX, "%s:%zu: a NUL byte: the file is damaged", path, line);
}

enum err config_parse(const char *path, const char *text, const struct config_override *overrides, size_t n,
		      struct config **out, struct errbuf *eb)
{
	struct arena *arena = arena_new(CONFIG_MAX, NULL, NULL);
	struct config_owner *owner = ARENA_NEW(arena, struct config_owner);
	struct parse p = { .owner = owner, .config = &owner->config, .arena = arena, .eb = eb };
	enum err e = OK;

	owner->arena = arena;
	owner->path = arena_strndup(arena, path, strlen(path));
	owner->lines = ARENA_ARRAY(arena, settings_count, int);
	for (size_t i = 0; e == OK && i < settings_count; i++)
		e = set_default(&p, &settings[i]);
	if (e == OK && text)
		e = read_text(&p, text);
	for (size_t i = 0; e == OK && i < n; i++)
		e = override(&p, &overrides[i]);
	if (e == OK)
		e = config_check_together(p.config, eb);
	if (e == OK && !*p.config->hostname)
		name_host(&p);
	if (e != OK) {
		arena_free(&arena);
		return e;
	}
	*out = &owner->config;
	return OK;
}

void config_free(struct config **c)
{
	if (!*c)
		return;
	/* The owner lies in its own arena. */
	struct arena *arena = ((struct config_owner *)(void *)*c)->arena;

	*c = NULL;
	arena_free(&arena);
}

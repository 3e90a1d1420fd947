/*
 * Reads the configuration file with libconfig, whose settings know their line, into the rows of table.c.
 *
 * Includes are not followed: it is one file.
 */
#include "config/internal.h"

#include <libconfig.h>
#include <unistd.h>

#define CONFIG_MAX (1u << 20) /* memory of one configuration; a full file has some 6 kB */

/* What config_free gives back: the configuration begins it. */
struct owner {
	struct config config;
	struct arena *arena;
};

struct parse {
	const char *path;
	struct config *config;
	struct arena *arena;
	struct errbuf *eb;
};

/* "FILE:LINE: ", then what the check said. */
static enum err at_line(const struct parse *p, const config_setting_t *node, enum err e, const char *what)
{
	return err_set(p->eb, e, "%s:%u: %s", p->path, config_setting_source_line(node), what);
}

static enum err read_value(const struct parse *p, const config_setting_t *node, const struct setting *s)
{
	struct errbuf why = { "" };
	int type = config_setting_type(node);
	const char *wanted = NULL;
	enum err e = OK;

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
	if (wanted) {
		struct str text = arena_printf(p->arena, "%s: needs %s", s->key, wanted);

		return at_line(p, node, ERR_SYNTAX, text.p);
	}
	return e == OK ? OK : at_line(p, node, e, why.text);
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
		enum err e;

		if (s) {
			e = read_value(p, node, s);
		} else if (!*prefix && is_group(key) && config_setting_is_group(node)) {
			e = read_group(p, node, name);
		} else {
			struct str text = arena_printf(p->arena, "unknown setting %.*s", STR_ARG(key));

			e = at_line(p, node, ERR_SYNTAX, text.p);
		}
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

static enum err read_text(const struct parse *p, const char *text)
{
	config_t file;
	struct buf wide;
	enum err e;

	if (strstr(text, "@include"))
		return err_set(p->eb, ERR_SYNTAX,
			       "%s: @include is not allowed, the configuration is one file", p->path);
	buf_init(&wide, CONFIG_MAX);
	config_widen(str_of(text), &wide);
	buf_add_char(&wide, '\0');
	if (!buf_ok(&wide)) {
		buf_free(&wide);
		return err_set(p->eb, ERR_LIMIT, "%s: larger than a megabyte", p->path);
	}
	config_init(&file);
	if (config_read_string(&file, wide.p))
		e = read_group(p, config_root_setting(&file), "");
	else
		e = err_set(p->eb, ERR_SYNTAX, "%s:%d: %s%s", p->path, config_error_line(&file),
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
	case SETTING_PREFIX:
	case SETTING_WORD:
	case SETTING_LISTEN:
	case SETTING_SERVERS:
		break;
	}
	return setting_set_text(p->config, p->arena, s, str_of(s->text), p->eb);
}

static enum err override(const struct parse *p, const struct config_override *o)
{
	const struct setting *s = setting_find(str_of(o->key));
	int64_t number;

	if (!s)
		return err_set(p->eb, ERR_SYNTAX, "unknown setting %s", o->key);
	if (s->kind == SETTING_BOOL) {
		bool yes = str_eq(str_of(o->value), STR("true"));

		if (!yes && !str_eq(str_of(o->value), STR("false")))
			return err_set(p->eb, ERR_SYNTAX, "%s: needs true or false", o->key);
		setting_set_bool(p->config, s, yes);
		return OK;
	}
	if (s->kind == SETTING_INT) {
		if (str_to_i64(str_of(o->value), &number) != OK)
			return err_set(p->eb, ERR_SYNTAX, "%s: needs a whole number", o->key);
		return setting_set_int(p->config, s, number, p->eb);
	}
	return setting_set_text(p->config, p->arena, s, str_of(o->value), p->eb);
}

/* What one row cannot see. */
static enum err check_together(const struct parse *p)
{
	struct config *c = p->config;
	const char *path = p->path ? p->path : "configuration";

	if (!*c->smtp_certificate != !*c->smtp_key)
		return err_set(p->eb, ERR_SYNTAX, "%s: smtp.certificate and smtp.key go together", path);
	if (c->scan_dns_timeout_s >= c->scan_timeout_s)
		return err_set(p->eb, ERR_SYNTAX, "%s: scan.dns_timeout_s must be less than scan.timeout_s",
			       path);
	if (c->scan_workers_idle > c->scan_workers)
		return err_set(p->eb, ERR_SYNTAX, "%s: scan.workers_idle is more than scan.workers", path);
	if (!*c->hostname) {
		char name[254] = "";

		if (gethostname(name, sizeof(name) - 1) != 0 || !name[0])
			memcpy(name, "localhost", sizeof("localhost"));
		c->hostname = arena_strndup(p->arena, name, strlen(name));
	}
	return OK;
}

enum err config_parse(const char *path, const char *text, const struct config_override *overrides, size_t n,
		      struct config **out, struct errbuf *eb)
{
	struct arena *arena = arena_new(CONFIG_MAX, NULL, NULL);
	struct owner *owner = ARENA_NEW(arena, struct owner);
	struct parse p = { .path = path, .config = &owner->config, .arena = arena, .eb = eb };
	enum err e = OK;

	owner->arena = arena;
	for (size_t i = 0; e == OK && i < settings_count; i++)
		e = set_default(&p, &settings[i]);
	if (e == OK && text)
		e = read_text(&p, text);
	for (size_t i = 0; e == OK && i < n; i++)
		e = override(&p, &overrides[i]);
	if (e == OK)
		e = check_together(&p);
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
	/* The configuration is the first member of its owner, which lies in its own arena. */
	struct arena *arena = ((struct owner *)(void *)*c)->arena;

	*c = NULL;
	arena_free(&arena);
}

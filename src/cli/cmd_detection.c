/* `postern detection`: what the scan of an account's mail looks for. NAME=VALUE by the rows of the settings' table. */
#include "cli/internal.h"

#include "json/read.h"
#include "json/write.h"
#include "model/detection_settings.h"

#define EDIT_TRIES 10
#define TEXT_MAX 65536

/* ---- showing ---- */

static void print_list(const struct ints *list, const struct enumtab *names)
{
	for (size_t i = 0; i < list->n; i++)
		printf("%s%.*s", i ? "," : "", STR_ARG(enum_text(names, list->v[i])));
}

static void print_value(const struct field *f, const void *member)
{
	switch (f->kind) {
	case FIELD_INT:
		printf("%lld", (long long)*(const int64_t *)member);
		break;
	case FIELD_BOOL:
		printf("%s", *(const bool *)member ? "true" : "false");
		break;
	case FIELD_DOUBLE:
		printf("%g", *(const double *)member);
		break;
	case FIELD_ENUM:
		printf("%.*s", STR_ARG(enum_text(f->ref, *(const int *)member)));
		break;
	case FIELD_ENUMS:
		print_list(member, f->ref);
		break;
	case FIELD_STR:
	case FIELD_TIME:
	case FIELD_STRS:
	case FIELD_ID:
	case FIELD_OBJ:
	case FIELD_OBJS:
	case FIELD_ALIAS:
		break;
	}
}

static bool is_setting(const struct field *f)
{
	return f->flags == F_OPTIONAL;
}

static void print_settings(const struct detection_settings *s)
{
	for (size_t i = 0; i < detection_settings_fields.n; i++) {
		const struct field *f = &detection_settings_fields.v[i];
		if (!is_setting(f))
			continue;
		printf("%s=", f->name);
		print_value(f, (const char *)s + f->offset);
		putchar('\n');
	}
}

int cli_detection_show(const struct cli_args *args)
{
	struct detection_settings settings;
	struct account account;
	struct cli_session s;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = settings_detection(s.store, s.arena, account.num, &settings);

	if (e == OK)
		print_settings(&settings);
	return cli_done(args, &s, e, "detection settings");
}

/* ---- setting ---- */

static bool is_number(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!strchr("0123456789.-", text.p[i]))
			return false;
	return text.n > 0;
}

static struct str known_text(const struct enumtab *names, struct str word)
{
	int value = enum_value_nocase(names, word);

	return value < 0 ? word : enum_text(names, value);
}

static void add_list(struct buf *b, struct arena *a, const struct enumtab *names, struct str text)
{
	struct strs words = arena_split(a, text, ',');

	buf_add_char(b, '[');
	for (size_t i = 0; i < words.n; i++) {
		if (i)
			buf_add_char(b, ',');
		json_str(b, known_text(names, str_trim(words.v[i])));
	}
	buf_add_char(b, ']');
}

/* As the API would be given it; what it is not says the reader of both. */
static void add_value(struct buf *b, struct arena *a, const struct field *f, struct str text)
{
	bool yes = str_eq_nocase(text, STR("yes")) || str_eq_nocase(text, STR("true"));
	bool no = str_eq_nocase(text, STR("no")) || str_eq_nocase(text, STR("false"));

	if (f->kind == FIELD_ENUMS)
		add_list(b, a, f->ref, text);
	else if (f->kind == FIELD_ENUM)
		json_str(b, known_text(f->ref, text));
	else if (f->kind == FIELD_BOOL && (yes || no))
		json_bool(b, yes);
	else if (f->kind != FIELD_BOOL && is_number(text))
		buf_add(b, text);
	else
		json_str(b, text);
}

/* An empty value is that by default. */
static void add_default(struct buf *b, size_t index)
{
	const struct json_write how = { .audience = JSON_FOR_API };
	struct detection_settings fresh = { 0 };

	detection_settings_complete(&fresh);
	json_field_write(b, &detection_settings_fields, index, &fresh, &how);
}

static bool add_operand(const struct cli_args *args, struct buf *b, struct arena *a, struct str operand)
{
	size_t equals = str_find_char(operand, '=', 0);
	struct str name = str_sub(operand, 0, equals);
	const struct field *f = equals == SIZE_MAX ? NULL : field_find(&detection_settings_fields, name);

	if (!f || !is_setting(f)) {
		cli_fail(args, "\"%.*s\" is no NAME=VALUE; `postern detection show` prints all of them",
			 STR_ARG(operand));
		return false;
	}
	struct str text = str_sub(operand, equals + 1, operand.n);
	buf_add(b, b->n > 1 ? STR(",") : STR(""));
	json_str(b, name);
	buf_add_char(b, ':');
	if (text.n)
		add_value(b, a, f, text);
	else
		add_default(b, (size_t)(f - detection_settings_fields.v));
	return true;
}

/* The operands as a body of the API; false: it was said what is wrong. */
static bool read_operands(const struct cli_args *args, struct arena *a, struct json **out)
{
	struct errbuf eb = { "" };
	struct buf b;
	bool ok = true;

	buf_init(&b, TEXT_MAX);
	buf_add_char(&b, '{');
	for (size_t i = 0; i < args->operands_n && ok; i++)
		ok = add_operand(args, &b, a, str_of(args->operands[i]));
	buf_add_char(&b, '}');
	if (ok && (!buf_ok(&b) || json_parse(a, arena_str(a, buf_str(&b)), out, &eb) != OK)) {
		cli_fail(args, "%s", eb.text[0] ? eb.text : "too much at once");
		ok = false;
	}
	buf_free(&b);
	return ok;
}

/* One try; *why is stale when somebody else changed them meanwhile. ERR_DENIED: it was said why not. */
static enum err set_once(const struct cli_args *args, struct cli_session *s, int64_t account,
			 const struct json *body, struct settings_refusal *why)
{
	const struct resource *r = &resource_detection_settings;
	struct resource_env env = cli_env(s);
	struct faults faults = { .arena = s->arena };
	const struct json_read how = { .mode = JSON_PATCH, .closed = true };
	struct detection_settings *d = ARENA_NEW(s->arena, struct detection_settings);
	struct settings_object found = { 0 };
	enum err e = settings_find(s->store, s->arena, r, account, r->key(&env, d), &found);

	if (e && e != ERR_ABSENT)
		return e;
	if (!e)
		*d = *(const struct detection_settings *)found.obj;
	detection_settings_complete(d);
	if (json_object_read(s->arena, r->fields, body, &how, d, NULL, &faults) != OK) {
		for (size_t i = 0; i < faults.n; i++)
			cli_fail(args, "%.*s", STR_ARG(faults.v[i].message));
		return ERR_DENIED;
	}
	struct settings_write *w = settings_write_new(s->store, &env, r, account, &settings_operator);

	if (e)
		settings_write_add(w, d, 0);
	else
		settings_write_replace(w, &found, d, 0);
	e = settings_write_run(w, why);
	why->stale = why->stale || e == ERR_CONFLICT;
	return e;
}

int cli_detection_set(const struct cli_args *args)
{
	struct settings_refusal why = { .stale = true };
	struct account account;
	struct cli_session s;
	struct json *body;
	enum err e = OK;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	if (!read_operands(args, s.arena, &body)) {
		cli_close(&s);
		return CLI_FAILED;
	}
	for (int i = 0; i < EDIT_TRIES && why.stale; i++) {
		why.stale = false;
		e = set_once(args, &s, account.num, body, &why);
	}
	if (e == ERR_DENIED) {
		cli_close(&s);
		return CLI_FAILED;
	}
	return cli_done(args, &s, why.stale ? ERR_LATER : e, "detection settings");
}

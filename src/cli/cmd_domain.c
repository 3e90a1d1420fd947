/* `postern domain`: whose mail is taken. */
#include "cli/internal.h"

#include "base/clock.h"
#include "base/domain.h"
#include "resource/resource.h"
#include "store/settings.h"

/* The values of an enumeration that an option takes. */
struct choice {
	const char *option;
	const struct enumtab *texts;
	int first, end;
};

static const struct choice modes_of_domains = { "--mode", &domain_delivery_mode_names, 0,
						MODE_RETRO_SCAN + 1 };
/* What a verdict can be. The API takes the labels before BULK as well, which hold nothing. */
static const struct choice held = { "--drop", &disposition_names, DISP_BULK, DISP_BEC + 1 };

static bool has(const struct ints *list, int value)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i] == value)
			return true;
	return false;
}

/* "DIRECT,BCC" into values; a message and false when one is none of the choice. */
static bool read_list(const struct cli_args *args, const struct choice *c, struct arena *a, struct ints *out)
{
	const char *text = cli_option_value(args, c->option);
	struct str rest = str_of(text ? text : "");

	*out = (struct ints){ 0 };
	while (rest.n > 0) {
		size_t comma = str_find_char(rest, ',', 0);
		struct str word = comma == SIZE_MAX ? rest : str_sub(rest, 0, comma);
		int value = enum_value_nocase(c->texts, str_trim(word));

		if (value < c->first || value >= c->end) {
			cli_refuse_word(args, c->option, word, c->texts, c->first, c->end);
			return false;
		}
		if (!has(out, value))
			ARENA_PUSH(a, out, value);
		rest = comma == SIZE_MAX ? STR_NONE : str_sub(rest, comma + 1, rest.n);
	}
	return true;
}

static bool is_authorized(const struct domain *d)
{
	return HAS(d, domain, authorization) && d->authorization->authorized;
}

/* The operator's word stands for the proof of ownership. */
static void authorize(const struct resource_env *env, struct domain *d)
{
	SET(d->authorization, authorization, authorized, true);
	SET(d->authorization, authorization, timestamp, env->now_us);
	SET(d->authorization, authorization, status_message, STR("authorized by the operator"));
	SET(d, domain, status, DOMAIN_ACTIVE);
}

static bool fill_domain(const struct cli_args *args, const struct resource_env *env, struct domain *d)
{
	const char *transport = cli_option_value(args, "--transport");
	struct ints modes, drop, regions = { 0 };
	struct faults faults = { .arena = env->arena };

	if (!read_list(args, &modes_of_domains, env->arena, &modes) ||
	    !read_list(args, &held, env->arena, &drop))
		return false;
	if (modes.n == 0)
		ARENA_PUSH(env->arena, &modes, MODE_DIRECT);
	if (!transport && has(&modes, MODE_DIRECT)) {
		cli_fail(args, "--transport HOST:PORT is needed: mail that comes DIRECT has a next hop");
		return false;
	}
	ARENA_PUSH(env->arena, &regions, REGION_GLOBAL);
	resource_domains.defaults(env, d);
	resource_domains.begin(env, d);
	SET(d, domain, domain, str_of(args->operands[0]));
	if (transport)
		SET(d, domain, transport, str_of(transport));
	SET(d, domain, allowed_delivery_modes, modes);
	SET(d, domain, drop_dispositions, drop);
	SET(d, domain, regions, regions);
	SET(d, domain, ip_restrictions, ((struct strs){ 0 }));
	authorize(env, d);
	resource_domains.check(env, d, &faults);
	for (size_t i = 0; i < faults.n; i++)
		cli_fail(args, "%.*s", STR_ARG(faults.v[i].message));
	return faults.n == 0;
}

static enum err find_own(struct cli_session *s, const struct account *account, const char *name,
			 struct settings_object *out)
{
	return settings_find(s->store, s->arena, &resource_domains, account->num,
			     domain_fold(s->arena, str_of(name)), out);
}

/* A domain that is fine as a setting and gets no mail all the same. */
static void remark(const char *name, const struct domain *d)
{
	bool direct = has(&d->allowed_delivery_modes, MODE_DIRECT);

	if (direct && d->transport.n == 0)
		fprintf(stderr,
			"%s has no next hop: its mail gets 451 until its transport is set by the API\n",
			name);
	if (!direct && !has(&d->allowed_delivery_modes, MODE_BCC))
		fprintf(stderr, "%s gets no mail: so far it comes by DIRECT and BCC only\n", name);
}

/* A name is authorized in one account at most: in which is what the operator needs to know. */
static int owned_elsewhere(const struct cli_args *args, struct cli_session *s)
{
	const char *name = args->operands[0];
	struct settings_domain theirs = { 0 };
	struct account owner = { 0 };

	if (settings_domain_find(s->store, s->arena, str_of(name), &theirs) != OK ||
	    settings_account_get(s->store, s->arena, theirs.account, &owner) != OK)
		return cli_done(args, s, ERR_CONFLICT, name);
	cli_fail(args, "%s exists already, in account %.*s", name, STR_ARG(owner.id));
	cli_close(s);
	return CLI_FAILED;
}

static int exists_already(const struct cli_args *args, struct cli_session *s, const struct account *account)
{
	const char *name = args->operands[0];
	struct settings_object own;

	if (find_own(s, account, name, &own) != OK)
		return owned_elsewhere(args, s);
	cli_fail(args, "%s exists already, in this account, %.*s%s", name, STR_ARG(account->id),
		 is_authorized(own.obj) ? "" : ", and is not authorized: see `postern domain authorize`");
	cli_close(s);
	return CLI_FAILED;
}

int cli_domain_add(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct domain domain = { 0 };
	struct settings_refusal why;

	if (!cli_open_account(args, STORE_CREATE, &s, &account))
		return CLI_FAILED;
	struct resource_env env = { .arena = s.arena,
				    .now_us = clock_now_us(),
				    .allow_private_ip = s.config->policies_allow_private_ip };

	if (!fill_domain(args, &env, &domain)) {
		cli_close(&s);
		return CLI_FAILED;
	}
	struct settings_write *w =
	    settings_write_new(s.store, &env, &resource_domains, account.num, &settings_operator);

	settings_write_add(w, &domain, 0);
	enum err e = settings_write_run(w, &why);

	if (e == ERR_CONFLICT)
		return exists_already(args, &s, &account);
	if (e == OK)
		remark(args->operands[0], &domain);
	return cli_done(args, &s, e, args->operands[0]);
}

int cli_domain_authorize(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct settings_object found;
	struct settings_refusal why = { 0 };
	struct domain domain = { 0 };

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	struct resource_env env = { .arena = s.arena, .now_us = clock_now_us() };
	enum err e = find_own(&s, &account, args->operands[0], &found);

	if (e == OK)
		domain = *(const struct domain *)found.obj;
	if (e == OK && !is_authorized(&domain)) {
		struct settings_write *w =
		    settings_write_new(s.store, &env, &resource_domains, account.num, &settings_operator);

		domain.authorization = ARENA_NEW(s.arena, struct authorization);
		authorize(&env, &domain);
		settings_write_replace(w, &found, &domain, 0);
		e = settings_write_run(w, &why);
	}
	if (e == ERR_CONFLICT && !why.stale)
		return owned_elsewhere(args, &s);
	if (e == OK)
		remark(args->operands[0], &domain);
	return cli_done(args, &s, e, args->operands[0]);
}

static void print_texts(const struct ints *list, const struct enumtab *t)
{
	putchar('\t');
	if (list->n == 0)
		putchar('-');
	for (size_t i = 0; i < list->n; i++)
		printf("%s%.*s", i ? "," : "", STR_ARG(enum_text(t, list->v[i])));
}

/* A line of the list: kept, for a reader who is slow must not keep the store from being tidied up. */
struct domain_line {
	int64_t account;
	struct str name, transport;
	struct ints modes, drop;
	bool authorized;
};

struct domain_lines {
	struct arena *arena;
	struct domain_line *v;
	size_t n;
};

static struct ints keep(struct arena *a, const struct ints *list)
{
	struct ints copy = { 0 };

	for (size_t i = 0; i < list->n; i++)
		ARENA_PUSH(a, &copy, list->v[i]);
	return copy;
}

static enum err add_line(void *ctx, const struct settings_domain *found)
{
	struct domain_lines *lines = ctx;
	const struct domain *d = &found->domain;
	struct domain_line line = { .account = found->account,
				    .name = arena_str(lines->arena, d->domain),
				    .transport = arena_str(lines->arena, d->transport),
				    .modes = keep(lines->arena, &d->allowed_delivery_modes),
				    .drop = keep(lines->arena, &d->drop_dispositions),
				    .authorized = is_authorized(d) };

	ARENA_PUSH(lines->arena, lines, line);
	return OK;
}

int cli_domain_list(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	struct domain_lines lines = { .arena = s.arena };
	enum err e = settings_domains(s.store, account.num, add_line, &lines);

	for (size_t i = 0; e == OK && i < lines.n; i++) {
		const struct domain_line *l = &lines.v[i];

		cli_print(stdout, l->name);
		putchar('\t');
		cli_print(stdout, l->transport.n ? l->transport : STR("-"));
		print_texts(&l->modes, &delivery_mode_names);
		print_texts(&l->drop, &disposition_names);
		fputs(l->authorized ? "\tauthorized" : "\tnot authorized", stdout);
		cli_print_account(&s, &account, l->account);
		putchar('\n');
	}
	return cli_done(args, &s, e, "domains");
}

int cli_domain_delete(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct settings_object found;
	struct settings_refusal why;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	struct resource_env env = { .arena = s.arena, .now_us = clock_now_us() };
	enum err e = find_own(&s, &account, args->operands[0], &found);

	if (e == OK) {
		struct settings_write *w =
		    settings_write_new(s.store, &env, &resource_domains, account.num, &settings_operator);

		settings_write_delete(w, &found);
		e = settings_write_run(w, &why);
	}
	return cli_done(args, &s, e, args->operands[0]);
}

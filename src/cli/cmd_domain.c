/* `postern domain` and `postern address`: whose mail is taken, and where copies may be sent. */
#include "cli/internal.h"

#include "base/clock.h"
#include "base/domain.h"
#include "base/random.h"
#include "resource/resource.h"
#include "store/settings.h"

#define LOCAL_PART 20 /* of 32 characters: 100 bits */
#define LOCAL_ALPHABET STR("abcdefghijklmnopqrstuvwxyz234567")

static const struct settings_who operator_ = { .name = STR_INIT("operator") };

static void refuse_word(const struct cli_args *args, const char *option, const struct enumtab *t, int below,
			struct str word)
{
	fprintf(stderr, "postern %s: %s: \"%.*s\" is none of", args->command->name, option, STR_ARG(word));
	for (int i = 0; i < below; i++)
		fprintf(stderr, " %.*s", STR_ARG(enum_text(t, i)));
	fputc('\n', stderr);
}

/* "DIRECT,BCC" into values; -1 and a message when one is unknown. */
static bool read_list(const struct cli_args *args, const char *option, const struct enumtab *t, int below,
		      struct arena *a, struct ints *out)
{
	const char *text = cli_option_value(args, option);
	struct str rest = str_of(text ? text : "");

	*out = (struct ints){ 0 };
	while (rest.n > 0) {
		size_t comma = str_find_char(rest, ',', 0);
		struct str word = comma == SIZE_MAX ? rest : str_sub(rest, 0, comma);
		int value = enum_value_nocase(t, str_trim(word));
		bool twice = false;

		if (value < 0 || value >= below) {
			refuse_word(args, option, t, below, word);
			return false;
		}
		for (size_t i = 0; i < out->n; i++)
			twice |= out->v[i] == value;
		if (!twice)
			ARENA_PUSH(a, out, value);
		rest = comma == SIZE_MAX ? STR_NONE : str_sub(rest, comma + 1, rest.n);
	}
	return true;
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
	struct ints modes, drop, regions = { 0 };
	struct faults faults = { .arena = env->arena };

	if (!read_list(args, "--mode", &delivery_mode_names, DELIVERY_MODES_OF_DOMAINS, env->arena, &modes) ||
	    !read_list(args, "--drop", &disposition_names, disposition_names.n, env->arena, &drop))
		return false;
	if (modes.n == 0)
		ARENA_PUSH(env->arena, &modes, MODE_DIRECT);
	ARENA_PUSH(env->arena, &regions, REGION_GLOBAL);
	resource_domains.defaults(env, d);
	resource_domains.begin(env, d);
	SET(d, domain, domain, str_of(args->operands[0]));
	SET(d, domain, transport, str_of(cli_option_value(args, "--transport")));
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

int cli_domain_add(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct domain domain = { 0 };
	struct settings_write *w = NULL;
	size_t tag;

	if (!cli_open_account(args, STORE_CREATE, &s, &account))
		return CLI_FAILED;
	struct resource_env env = { .arena = s.arena,
				    .now_us = clock_now_us(),
				    .allow_private_ip = s.config->policies_allow_private_ip };

	if (!fill_domain(args, &env, &domain)) {
		cli_close(&s);
		return CLI_FAILED;
	}
	enum err e = settings_write_begin(s.store, &env, &resource_domains, account.num, &operator_, &w);

	if (e == OK) {
		e = settings_write_add(w, &domain, 0);
		e = settings_write_end(&w, e, &tag);
	}
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

int cli_domain_list(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct settings_domain *v = NULL;
	size_t n = 0;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = settings_domains(s.store, s.arena, account.num, &v, &n);

	for (size_t i = 0; e == OK && i < n; i++) {
		const struct domain *d = &v[i].domain;
		bool authorized = HAS(d, domain, authorization) && d->authorization->authorized;

		cli_print(stdout, d->domain);
		putchar('\t');
		cli_print(stdout, d->transport.n ? d->transport : STR("-"));
		print_texts(&d->allowed_delivery_modes, &delivery_mode_names);
		print_texts(&d->drop_dispositions, &disposition_names);
		puts(authorized ? "\tauthorized" : "\tnot authorized");
	}
	return cli_done(args, &s, e, "domains");
}

int cli_domain_delete(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct settings_domain found = { 0 };
	struct settings_write *w = NULL;
	size_t tag;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	struct resource_env env = { .arena = s.arena, .now_us = clock_now_us() };
	enum err e = settings_domain_find(s.store, s.arena, str_of(args->operands[0]), &found);

	if (e == OK && found.account != account.num)
		e = ERR_ABSENT;
	if (e == OK)
		e = settings_write_begin(s.store, &env, &resource_domains, account.num, &operator_, &w);
	if (w) {
		e = settings_write_delete(w, &found.domain.id);
		e = settings_write_end(&w, e, &tag);
	}
	return cli_done(args, &s, e, args->operands[0]);
}

int cli_address_add(const struct cli_args *args)
{
	const char *mode = cli_option_value(args, "--mode");
	int value = mode ? enum_value_nocase(&delivery_mode_names, str_of(mode)) : MODE_BCC;
	struct account account;
	struct cli_session s;
	struct service_address address = { 0 };
	struct str domain;

	if (value != MODE_BCC && value != MODE_JOURNAL)
		return cli_fail(args, "--mode: BCC or JOURNAL");
	if (!cli_open_account(args, STORE_CREATE, &s, &account))
		return CLI_FAILED;
	if (domain_to_ascii(s.arena, str_of(args->operands[0]), &domain) != OK || !domain_is_ldh(domain)) {
		cli_close(&s);
		return cli_fail(args, "\"%s\" is not a domain name", args->operands[0]);
	}
	struct str local = random_text(s.arena, LOCAL_ALPHABET, LOCAL_PART);

	SET(&address, service_address, account, account.num);
	SET(&address, service_address, mode, value);
	SET(&address, service_address, address,
	    arena_printf(s.arena, "%.*s@%.*s", STR_ARG(local), STR_ARG(domain)));
	enum err e = settings_address_add(s.store, s.arena, &address);

	if (e == OK)
		printf("%.*s\n", STR_ARG(address.address));
	return cli_done(args, &s, e, "that address");
}

int cli_address_list(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct service_address_list list = { 0 };

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = settings_addresses(s.store, s.arena, account.num, &list);

	for (size_t i = 0; e == OK && i < list.n; i++) {
		cli_print(stdout, list.v[i].address);
		printf("\t%.*s\n", STR_ARG(enum_text(&delivery_mode_names, list.v[i].mode)));
	}
	return cli_done(args, &s, e, "addresses");
}

int cli_address_delete(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct service_address found = { 0 };

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = settings_address_find(s.store, s.arena, str_of(args->operands[0]), &found);

	if (e == OK && found.account != account.num)
		e = ERR_ABSENT;
	if (e == OK)
		e = settings_address_delete(s.store, s.arena, found.num);
	return cli_done(args, &s, e, args->operands[0]);
}

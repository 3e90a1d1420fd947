/* `postern address`: the service addresses where copies may be sent. */
#include "cli/internal.h"

#include "base/domain.h"
#include "base/random.h"
#include "store/settings.h"

#define LOCAL_PART 20 /* of 32 characters: 100 bits */
#define LOCAL_ALPHABET STR("abcdefghijklmnopqrstuvwxyz234567")

int cli_address_add(const struct cli_args *args)
{
	const char *mode = cli_option_value(args, "--mode");
	int value = mode ? enum_value_nocase(&delivery_mode_names, str_of(mode)) : MODE_BCC;
	struct account account;
	struct cli_session s;
	struct service_address address = { 0 };
	struct str domain;

	if (value == MODE_JOURNAL)
		return cli_fail(args,
				"journal reports are not unwrapped yet: their copies would be judged by the "
				"mail of the reporter; let your provider send copies (BCC)");
	if (value != MODE_BCC)
		return cli_fail(args, "--mode: BCC, not \"%s\"", mode);
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
		printf("\t%.*s", STR_ARG(enum_text(&delivery_mode_names, list.v[i].mode)));
		cli_print_account(&s, &account, list.v[i].account);
		putchar('\n');
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

/* `postern address`: the service addresses where copies may be sent. */
#include "cli/internal.h"

int cli_address_add(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct service_address address = { 0 };
	int mode = MODE_BCC;

	if (!cli_read_enum(args, "--mode", &delivery_mode_names, &mode) ||
	    !cli_open_account(args, STORE_CREATE, &s, &account))
		return CLI_FAILED;
	SET(&address, service_address, domain, str_of(args->operands[0]));
	SET(&address, service_address, mode, mode);
	if (!cli_check(args, &resource_service_addresses, &s, &address)) {
		cli_close(&s);
		return CLI_FAILED;
	}
	enum err e = cli_add(&resource_service_addresses, &s, &account, &address);

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
	struct settings_object found;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = settings_find(s.store, s.arena, &resource_service_addresses, account.num,
				   arena_lower(s.arena, str_of(args->operands[0])), &found);

	if (e == OK)
		e = cli_delete(&resource_service_addresses, &s, &account, &found);
	return cli_done(args, &s, e, args->operands[0]);
}

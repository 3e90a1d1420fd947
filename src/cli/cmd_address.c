/* `postern address`: the service addresses where copies and reports may be sent. */
#include "cli/internal.h"

#include "base/domain.h"

static const struct enumtab *const dispositions = &submission_disposition_names;

static bool read_options(const struct cli_args *args, struct service_address *s)
{
	int purpose = PURPOSE_COPIES, mode = -1, disposition = -1;

	if (!cli_read_enum(args, "--purpose", &address_purpose_names, &purpose) ||
	    !cli_read_enum(args, "--mode", &delivery_mode_names, &mode) ||
	    !cli_read_enum(args, "--disposition", dispositions, &disposition))
		return false;
	SET(s, service_address, purpose, purpose);
	if (mode >= 0)
		SET(s, service_address, mode, mode);
	if (disposition >= 0)
		SET(s, service_address, requested_disposition, disposition);
	return true;
}

int cli_address_add(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct service_address address = { 0 };

	if (!read_options(args, &address) || !cli_open_account(args, STORE_CREATE, &s, &account))
		return CLI_FAILED;
	SET(&address, service_address, domain, str_of(args->operands[0]));
	if (!cli_check(args, &resource_service_addresses, &s, &address)) {
		cli_close(&s);
		return CLI_FAILED;
	}
	enum err e = cli_add(&resource_service_addresses, &s, &account, &address);

	if (e == OK)
		printf("%.*s\n", STR_ARG(address.address));
	return cli_done(args, &s, e, "that address");
}

/* Address, what it is for, and what that asks for or how it comes. */
static void print(const struct service_address *s)
{
	struct str more = STR("-");

	if (HAS(s, service_address, requested_disposition))
		more = enum_text(dispositions, s->requested_disposition);
	else if (s->purpose == PURPOSE_COPIES)
		more = enum_text(&delivery_mode_names, s->mode);
	cli_print(stdout, s->address);
	printf("\t%.*s\t%.*s", STR_ARG(enum_text(&address_purpose_names, s->purpose)), STR_ARG(more));
}

/* Whether the domain has an address for this, which is shown then. */
static bool show(const struct service_address_list *list, const struct service_address *want)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct service_address *s = &list->v[i];
		if (!str_eq(s->domain, want->domain) || s->purpose != want->purpose ||
		    s->requested_disposition != want->requested_disposition)
			continue;
		print(s);
		putchar('\n');
		return true;
	}
	return false;
}

static enum err provide(const struct cli_args *args, struct cli_session *s, const struct account *account,
			const struct service_address_list *list, struct service_address address)
{
	SET(&address, service_address, domain, str_of(args->operands[0]));
	if (!cli_check(args, &resource_service_addresses, s, &address))
		return ERR_SYNTAX;
	if (show(list, &address))
		return OK;
	enum err e = cli_add(&resource_service_addresses, s, account, &address);
	if (e)
		return e;
	print(&address);
	putchar('\n');
	return OK;
}

/* Addresses may lie below any name; but one that nobody protects may be a slip of the pen, and its mail go elsewhere. */
static void remark(struct cli_session *s, const struct account *account, const char *name)
{
	struct settings_object found;
	struct str domain = domain_fold(s->arena, str_of(name));
	enum err e = settings_find(s->store, s->arena, &resource_domains, account->num, domain, &found);

	if (e == ERR_ABSENT)
		fprintf(stderr,
			"%s is no protected domain of this account: it takes mail to these addresses alone, "
			"and only "
			"where its MX records lead here\n",
			name);
}

/* One for each disposition that a report can ask for, by users and by the team, and one for each other purpose. */
int cli_address_reports(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct service_address_list list = { 0 };

	if (!cli_open_account(args, STORE_CREATE, &s, &account))
		return CLI_FAILED;
	enum err e = settings_addresses(s.store, s.arena, account.num, &list);

	for (int purpose = PURPOSE_USER; purpose <= PURPOSE_DMARC && e == OK; purpose++) {
		bool asks = purpose == PURPOSE_USER || purpose == PURPOSE_TEAM;
		for (int d = asks ? SUBMISSION_MALICIOUS : 0; d >= 0 && e == OK; d--) {
			struct service_address address = { 0 };
			SET(&address, service_address, purpose, purpose);
			if (asks)
				SET(&address, service_address, requested_disposition, d);
			e = provide(args, &s, &account, &list, address);
		}
	}
	if (e == ERR_SYNTAX) {
		cli_close(&s);
		return CLI_FAILED; /* it was said why */
	}
	if (e == OK)
		remark(&s, &account, args->operands[0]);
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
		print(&list.v[i]);
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

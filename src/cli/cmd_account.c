/* `postern account`: who owns mail. And what commands that make something for an account ask of their words. */
#include "cli/internal.h"

#include "base/abnf.h"
#include "base/utf8.h"
#include "store/settings.h"

bool cli_read_enum(const struct cli_args *args, const char *option, const struct enumtab *t, int *out)
{
	const char *text = cli_option_value(args, option);
	int value = text ? enum_value_nocase(t, str_of(text)) : -1;

	if (!text)
		return true;
	if (value < 0) {
		cli_refuse_word(args, option, str_of(text), t, 0, t->n);
		return false;
	}
	*out = value;
	return true;
}

static bool is_hex32(const char *id)
{
	struct str s = str_of(id);

	for (size_t i = 0; i < s.n; i++) {
		if (!abnf_is_hexdig((unsigned char)s.p[i]) || ascii_lower(s.p[i]) != s.p[i])
			return false;
	}
	return s.n == 32;
}

bool cli_is_name(const struct cli_args *args, const char *name)
{
	struct str s = str_of(name);

	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] < 0x20) {
			cli_fail(args, "the name holds a control character");
			return false;
		}
	}
	if (!utf8_is_valid(s)) {
		cli_fail(args, "the name is not UTF-8");
		return false;
	}
	if (s.n >= 1 && s.n <= 200)
		return true;
	cli_fail(args, "a name has 1 to 200 bytes");
	return false;
}

int cli_account_add(const struct cli_args *args)
{
	const char *id = cli_option_value(args, "--id");
	struct account account = { 0 };
	struct cli_session s;
	struct errbuf eb = { "" };
	int form = -1;

	if (id && !is_hex32(id))
		return cli_fail(args, "--id: 32 hexadecimal digits, lower case");
	if (!cli_is_name(args, args->operands[0]) || !cli_read_enum(args, "--id-form", &id_form_names, &form))
		return CLI_FAILED;
	if (cli_open(args, STORE_CREATE, &s, &eb) != OK)
		return cli_fail(args, "%s", eb.text);
	SET(&account, account, name, str_of(args->operands[0]));
	if (id)
		SET(&account, account, id, str_of(id));
	if (form >= 0)
		SET(&account, account, id_form, form);
	enum err e = settings_account_add(s.store, s.arena, &account);

	if (e == OK)
		printf("%.*s\n", STR_ARG(account.id));
	return cli_done(args, &s, e, "an account with that id");
}

int cli_account_list(const struct cli_args *args)
{
	struct account_list list = { 0 };
	struct cli_session s;
	struct errbuf eb = { "" };

	if (cli_open(args, 0, &s, &eb) != OK)
		return cli_fail(args, "%s", eb.text);
	enum err e = settings_accounts(s.store, s.arena, &list);

	for (size_t i = 0; e == OK && i < list.n; i++) {
		printf("%.*s\t", STR_ARG(list.v[i].id));
		cli_print(stdout, list.v[i].name);
		putchar('\n');
	}
	return cli_done(args, &s, e, "accounts");
}

int cli_account_delete(const struct cli_args *args)
{
	struct account account = { 0 };
	struct cli_session s;
	struct errbuf eb = { "" };

	if (cli_open(args, 0, &s, &eb) != OK)
		return cli_fail(args, "%s", eb.text);
	enum err e = settings_account_find(s.store, s.arena, str_of(args->operands[0]), &account);

	if (e == OK)
		e = settings_account_delete(s.store, s.arena, account.num);
	return cli_done(args, &s, e, args->operands[0]);
}

/* `postern user` and `token`: who may act in an account. */
#include "cli/internal.h"

#include "base/clock.h"

#define DAY_US INT64_C(86400000000)
#define DAYS_MAX 36500

int cli_user_add(const struct cli_args *args)
{
	const char *key = cli_option_value(args, "--key"), *email = args->operands[0];
	struct account account;
	struct cli_session s;
	struct user user = { 0 };

	if (key && (strlen(key) < 16 || strlen(key) > 200))
		return cli_fail(args, "--key: 16 to 200 characters");
	if (!cli_open_account(args, STORE_CREATE, &s, &account))
		return CLI_FAILED;
	SET(&user, user, email, str_of(email));
	if (key)
		SET(&user, user, key, str_of(key));
	if (!cli_check(args, &resource_users, &s, &user)) {
		cli_close(&s);
		return CLI_FAILED;
	}
	enum err e = cli_add(&resource_users, &s, &account, &user);

	if (e == OK)
		printf("X-Auth-Email is %s, X-Auth-Key is this, not shown again:\n%.*s\n", email,
		       STR_ARG(user.key));
	return cli_done(args, &s, e, email);
}

int cli_user_list(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct user_list list = { 0 };

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = settings_users(s.store, s.arena, account.num, &list);

	for (size_t i = 0; e == OK && i < list.n; i++) {
		char when[CLOCK_TEXT_MAX];

		cli_print(stdout, list.v[i].email);
		printf("\t%.*s", STR_ARG(clock_rfc3339(list.v[i].created_at, when)));
		cli_print_account(&s, &account, list.v[i].account);
		putchar('\n');
	}
	return cli_done(args, &s, e, "users");
}

int cli_user_delete(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct settings_object found;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = settings_find(s.store, s.arena, &resource_users, account.num,
				   arena_lower(s.arena, str_of(args->operands[0])), &found);

	if (e == OK)
		e = cli_delete(&resource_users, &s, &account, &found);
	return cli_done(args, &s, e, args->operands[0]);
}

static bool read_days(const struct cli_args *args, uint64_t *out)
{
	const char *text = cli_option_value(args, "--days");

	*out = 0;
	if (!text || (str_to_u64(str_of(text), DAYS_MAX, out) == OK && *out > 0))
		return true;
	cli_fail(args, "--days: a number from 1 to %d, not \"%s\"", DAYS_MAX, text);
	return false;
}

int cli_token_add(const struct cli_args *args)
{
	const char *name = args->operands[0];
	struct account account;
	struct cli_session s;
	struct token token = { 0 };
	int scope = -1, form = -1;
	uint64_t days;

	if (!cli_is_name(args, name) || !cli_read_enum(args, "--scope", &scope_names, &scope) ||
	    !cli_read_enum(args, "--id-form", &id_form_names, &form) || !read_days(args, &days))
		return CLI_FAILED;
	if (!cli_open_account(args, STORE_CREATE, &s, &account))
		return CLI_FAILED;
	SET(&token, token, name, str_of(name));
	SET(&token, token, scope, scope);
	if (form >= 0)
		SET(&token, token, id_form, form);
	if (days)
		SET(&token, token, expires_at, clock_now_us() + (int64_t)days * DAY_US);
	enum err e = cli_add(&resource_tokens, &s, &account, &token);

	if (e == OK)
		printf("the token is this, not shown again:\n%.*s\n", STR_ARG(token.token));
	return cli_done(args, &s, e, name);
}

static void print_expiry(const struct token *t)
{
	char when[CLOCK_TEXT_MAX];

	if (!HAS(t, token, expires_at))
		fputs("-\t", stdout);
	else
		printf("%.*s\t", STR_ARG(clock_rfc3339(t->expires_at, when)));
}

int cli_token_list(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct token_list list = { 0 };

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = settings_tokens(s.store, s.arena, account.num, &list);

	for (size_t i = 0; e == OK && i < list.n; i++) {
		const struct token *t = &list.v[i];
		char when[CLOCK_TEXT_MAX];

		printf("%lld\t%.*s\t%.*s\t", (long long)t->id.num, STR_ARG(enum_text(&scope_names, t->scope)),
		       STR_ARG(clock_rfc3339(t->created_at, when)));
		print_expiry(t);
		cli_print(stdout, t->name);
		cli_print_account(&s, &account, t->account);
		putchar('\n');
	}
	return cli_done(args, &s, e, "tokens");
}

int cli_token_delete(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct settings_object found;
	uint64_t num;

	if (str_to_u64(str_of(args->operands[0]), INT64_MAX, &num) != OK)
		return cli_fail(args, "\"%s\" is not a number of `token list`", args->operands[0]);
	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	struct ident id = { .num = (int64_t)num };
	enum err e = settings_get(s.store, s.arena, &resource_tokens, account.num, &id, &found);

	if (e == OK)
		e = cli_delete(&resource_tokens, &s, &account, &found);
	return cli_done(args, &s, e, args->operands[0]);
}

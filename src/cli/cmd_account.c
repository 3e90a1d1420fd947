/* `postern account`, `user` and `token`: who owns mail, and who may act on it. */
#include "cli/internal.h"

#include "base/abnf.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/utf8.h"
#include "store/settings.h"

#define SECRET_LENGTH 40 /* letters and digits: 238 bits */
#define ALPHABET STR("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

int cli_done(const struct cli_args *args, struct cli_session *s, enum err e, const char *what)
{
	if (s)
		cli_close(s);
	if (e == OK)
		return CLI_OK;
	if (e == ERR_ABSENT)
		return cli_fail(args, "%s does not exist", what);
	if (e == ERR_CONFLICT)
		return cli_fail(args, "%s exists already", what);
	return cli_fail(args, "%s: the store says %s", what, err_name(e));
}

bool cli_open_account(const struct cli_args *args, unsigned flags, struct cli_session *s, struct account *out)
{
	const char *id = cli_option_value(args, "--account");
	struct errbuf eb = { "" };
	enum err e = cli_open(args, flags, s, &eb);

	if (e != OK) {
		cli_fail(args, "%s", eb.text);
		return false;
	}
	*out = (struct account){ 0 };
	e = id ? settings_account_find(s->store, s->arena, str_of(id), out) : OK;
	if (e == ERR_ABSENT) {
		cli_close(s);
		cli_fail(args, "there is no account %s; see `postern account list`", id);
	} else if (e != OK) {
		cli_done(args, s, e, id);
	}
	return e == OK;
}

void cli_print_account(struct cli_session *s, const struct account *given, int64_t num)
{
	struct account owner = { 0 };

	if (given->num)
		return;
	/* Messages outlive their account. */
	enum err e = settings_account_get(s->store, s->arena, num, &owner);

	printf("\t%.*s", STR_ARG(e == OK ? owner.id : STR("-")));
}

/* The value of an option as a value of the enumeration; *out stays when it was not given. */
static bool read_enum(const struct cli_args *args, const char *option, const struct enumtab *t, int *out)
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

static bool is_name(const struct cli_args *args, const char *name)
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
	if (!is_name(args, args->operands[0]) || !read_enum(args, "--id-form", &id_form_names, &form))
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

/* What the API takes as X-Auth-Email. */
static bool is_email(struct str s)
{
	size_t at = str_find_char(s, '@', 0);

	for (size_t i = 0; i < s.n; i++)
		if (!abnf_is_vchar((unsigned char)s.p[i]))
			return false;
	return at != SIZE_MAX && at > 0 && at + 1 < s.n && s.n <= 320;
}

int cli_user_add(const struct cli_args *args)
{
	const char *key = cli_option_value(args, "--key"), *email = args->operands[0];
	struct account account;
	struct cli_session s;
	struct user user = { 0 };

	if (!is_email(str_of(email)))
		return cli_fail(args, "\"%s\" is not an e-mail address", email);
	if (key && (strlen(key) < 16 || strlen(key) > 200))
		return cli_fail(args, "--key: 16 to 200 characters");
	if (!cli_open_account(args, STORE_CREATE, &s, &account))
		return CLI_FAILED;
	struct str secret = key ? str_of(key) : random_text(s.arena, ALPHABET, SECRET_LENGTH);

	SET(&user, user, account, account.num);
	SET(&user, user, email, str_of(email));
	SET(&user, user, key_digest, settings_digest(s.store, s.arena, secret));
	enum err e = settings_user_add(s.store, s.arena, &user);

	if (e == OK)
		printf("X-Auth-Email is %s, X-Auth-Key is this, not shown again:\n%.*s\n", email,
		       STR_ARG(secret));
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
	struct user_list list = { 0 };

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = settings_users_find(s.store, s.arena, str_of(args->operands[0]), &list);
	int64_t num = 0;

	for (size_t i = 0; e == OK && i < list.n; i++) {
		if (list.v[i].account == account.num)
			num = list.v[i].num;
	}
	if (e == OK)
		e = num ? settings_user_delete(s.store, s.arena, num) : ERR_ABSENT;
	return cli_done(args, &s, e, args->operands[0]);
}

int cli_token_add(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct token token = { 0 };
	int scope = -1, form = -1;

	if (!is_name(args, args->operands[0]) || !read_enum(args, "--scope", &scope_names, &scope) ||
	    !read_enum(args, "--id-form", &id_form_names, &form))
		return CLI_FAILED;
	if (!cli_open_account(args, STORE_CREATE, &s, &account))
		return CLI_FAILED;
	struct str secret = random_text(s.arena, ALPHABET, SECRET_LENGTH);

	SET(&token, token, account, account.num);
	SET(&token, token, name, str_of(args->operands[0]));
	SET(&token, token, scope, scope);
	SET(&token, token, digest, settings_digest(s.store, s.arena, secret));
	if (form >= 0)
		SET(&token, token, id_form, form);
	enum err e = settings_token_add(s.store, s.arena, &token);

	if (e == OK)
		printf("the token is this, not shown again:\n%.*s\n", STR_ARG(secret));
	return cli_done(args, &s, e, args->operands[0]);
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

		printf("%lld\t%.*s\t%.*s\t", (long long)t->num, STR_ARG(enum_text(&scope_names, t->scope)),
		       STR_ARG(clock_rfc3339(t->created_at, when)));
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
	struct token_list list = { 0 };
	uint64_t num;

	if (str_to_u64(str_of(args->operands[0]), INT64_MAX, &num) != OK)
		return cli_fail(args, "\"%s\" is not a number of `token list`", args->operands[0]);
	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = settings_tokens(s.store, s.arena, account.num, &list);
	bool found = false;

	/* Numbers are the store's: a token of another account is not this one's to delete. */
	for (size_t i = 0; e == OK && i < list.n; i++)
		found |= list.v[i].num == (int64_t)num;
	if (e == OK)
		e = found ? settings_token_delete(s.store, s.arena, (int64_t)num) : ERR_ABSENT;
	return cli_done(args, &s, e, args->operands[0]);
}

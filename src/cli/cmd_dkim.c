/* `postern dkim`: the keys that mail is sealed and signed with, and the records that publish them. */
#include "cli/internal.h"

#include "base/domain.h"
#include "model/signing_key.h"

#define TXT_MAX 255 /* of one character-string; RFC 1035 §3.3 */

static const struct resource *const keys = &resource_signing_keys;

/* As a line of a zone file: a long text in several character-strings, which those who read it put together. */
static void print_record(const struct signing_key *k)
{
	printf("%.*s. IN TXT", STR_ARG(k->record_name));
	if (k->record_value.n > TXT_MAX)
		printf(" (");
	for (size_t at = 0; at < k->record_value.n; at += TXT_MAX)
		printf("%s\"%.*s\"", k->record_value.n > TXT_MAX ? "\n\t" : " ",
		       STR_ARG(str_sub(k->record_value, at, at + TXT_MAX)));
	printf("%s\n", k->record_value.n > TXT_MAX ? " )" : "");
}

static bool read_type(const struct cli_args *args, struct signing_key *k)
{
	const char *type = cli_option_value(args, "--type");

	if (!type || strcmp(type, "rsa") == 0)
		SET(k, signing_key, algorithm, SIGNING_RSA);
	else if (strcmp(type, "ed25519") == 0)
		SET(k, signing_key, algorithm, SIGNING_ED25519);
	else
		cli_fail(args, "--type: rsa or ed25519");
	return HAS(k, signing_key, algorithm);
}

/* Whether mail for that domain can be mail of the account's recipients. */
static bool is_protected(struct cli_session *s, const struct account *account, struct str domain)
{
	struct strs domains;

	if (settings_domain_names(s->store, s->arena, account->num, &domains) != OK)
		return true; /* nothing is known against it */
	for (size_t i = 0; i < domains.n; i++)
		if (domain_is_within(domain, domains.v[i]))
			return true;
	return false;
}

/* What is left to be done, or will not happen. */
static void print_hints(const struct cli_args *args, struct cli_session *s, const struct account *account,
			const struct signing_key *k)
{
	if (!is_protected(s, account, k->domain))
		fprintf(
		    stderr,
		    "note: %.*s is no domain of this account, so no mail comes for it that could be sealed\n",
		    STR_ARG(k->domain));
	if (k->enabled)
		return;
	fprintf(stderr, "publish this record, then: postern dkim enable");
	cli_print_place(stderr, args);
	fprintf(stderr, " --account %.*s %.*s %.*s\n", STR_ARG(account->id), STR_ARG(k->domain),
		STR_ARG(k->selector));
}

int cli_dkim_keygen(const struct cli_args *args)
{
	const char *selector = cli_option_value(args, "--selector");
	struct signing_key k = { 0 };
	struct account account;
	struct cli_session s;

	if (!read_type(args, &k) || !cli_open_account(args, STORE_CREATE, &s, &account))
		return CLI_FAILED;
	SET(&k, signing_key, domain, str_of(args->operands[0]));
	if (selector)
		SET(&k, signing_key, selector, str_of(selector));
	SET(&k, signing_key, enabled, cli_option_value(args, "--enable") != NULL);
	SET(&k, signing_key, sign_changed, cli_option_value(args, "--sign-changed") != NULL);
	if (!cli_check(args, keys, &s, &k)) {
		cli_close(&s);
		return CLI_FAILED;
	}
	enum err e = cli_add(keys, &s, &account, &k);
	if (e == OK) {
		print_record(&k);
		print_hints(args, &s, &account, &k);
	}
	return cli_done(args, &s, e, "a key with this selector");
}

/* What the record says, and whether it is used. */
int cli_dkim_list(const struct cli_args *args)
{
	struct settings_list list = { 0 };
	struct account account;
	struct cli_session s;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = settings_list(s.store, s.arena, keys, account.num, &list);
	const struct signing_key *all = list.v;

	for (size_t i = 0; e == OK && i < list.n; i++) {
		const struct signing_key *k = &all[i];
		printf("%.*s\t%.*s\t%.*s\t%s\t%s\t%.*s\n", STR_ARG(k->domain), STR_ARG(k->selector),
		       STR_ARG(enum_text(&signing_algorithm_names, k->algorithm)),
		       k->enabled ? "enabled" : "disabled", k->sign_changed ? "seals and signs" : "seals",
		       STR_ARG(k->record_value));
	}
	return cli_done(args, &s, e, "keys");
}

/* The key of DOMAIN and SELECTOR. */
static enum err find(const struct cli_args *args, struct cli_session *s, const struct account *account,
		     struct settings_object *out)
{
	struct str domain = domain_fold(s->arena, str_of(args->operands[0]));
	struct str selector = arena_lower(s->arena, str_of(args->operands[1]));

	return settings_find(s->store, s->arena, keys, account->num,
			     ARENA_JOIN(s->arena, domain, STR(" "), selector), out);
}

static enum err change(struct cli_session *s, const struct account *account, struct settings_object *found,
		       bool enabled)
{
	struct signing_key changed = *(const struct signing_key *)found->obj;
	struct resource_env env = cli_env(s);
	struct settings_write *w = settings_write_new(s->store, &env, keys, account->num, &settings_operator);
	struct settings_refusal why = { 0 };

	SET(&changed, signing_key, enabled, enabled);
	settings_write_replace(w, found, &changed, 0);
	enum err e = settings_write_run(w, &why);
	return why.stale ? ERR_LATER : e; /* somebody else changed it at this moment */
}

static int set_enabled(const struct cli_args *args, bool enabled)
{
	struct settings_object found;
	struct account account;
	struct cli_session s;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = find(args, &s, &account, &found);
	if (e == OK)
		e = change(&s, &account, &found, enabled);
	return cli_done(args, &s, e, args->operands[1]);
}

int cli_dkim_enable(const struct cli_args *args)
{
	return set_enabled(args, true);
}

int cli_dkim_disable(const struct cli_args *args)
{
	return set_enabled(args, false);
}

int cli_dkim_delete(const struct cli_args *args)
{
	struct settings_object found;
	struct account account;
	struct cli_session s;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = find(args, &s, &account, &found);
	if (e == OK)
		e = cli_delete(keys, &s, &account, &found);
	return cli_done(args, &s, e, args->operands[1]);
}

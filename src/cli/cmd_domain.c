/* `postern domain`: whose mail is taken. */
#include "cli/internal.h"

#include <time.h>

#include "base/clock.h"
#include "base/domain.h"
#include "resource/domain_proof.h"
#include "store/settings.h"

#define EDIT_TRIES 10
#define VERIFY_US INT64_C(10000000) /* twice what the courier waits for DNS */

static bool has(const struct ints *list, int value)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i] == value)
			return true;
	return false;
}

static bool fill_domain(const struct cli_args *args, struct cli_session *s, struct domain *d)
{
	struct resource_env env = cli_env(s);
	struct ints modes = { 0 }, regions = { 0 };

	ARENA_PUSH(s->arena, &modes, MODE_DIRECT);
	ARENA_PUSH(s->arena, &regions, REGION_GLOBAL);
	resource_domains.defaults(&env, d);
	SET(d, domain, domain, str_of(args->operands[0]));
	SET(d, domain, allowed_delivery_modes, modes);
	SET(d, domain, drop_dispositions, ((struct ints){ 0 }));
	SET(d, domain, regions, regions);
	SET(d, domain, ip_restrictions, ((struct strs){ 0 }));
	if (!cli_domain_options(args, s->arena, d))
		return false;
	if (!HAS(d, domain, transport) && has(&d->allowed_delivery_modes, MODE_DIRECT)) {
		cli_fail(args, "--transport HOST:PORT is needed: mail that comes DIRECT has a next hop");
		return false;
	}
	domain_proof_vouch(&env, d);
	return cli_check(args, &resource_domains, s, d);
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
	bool direct = has(&d->allowed_delivery_modes, MODE_DIRECT),
	     api = has(&d->allowed_delivery_modes, MODE_API);

	if (direct && d->transport.n == 0)
		fprintf(stderr, "%s has no next hop: its mail gets 451 until it is set a transport\n", name);
	if (api && !HAS(d, domain, integration_id))
		fprintf(stderr,
			"%s has no integration: its mailboxes are not watched until it is given one\n", name);
	if (!direct && !api && !has(&d->allowed_delivery_modes, MODE_BCC) &&
	    !has(&d->allowed_delivery_modes, MODE_JOURNAL))
		fprintf(stderr, "%s gets no mail: it comes by DIRECT, BCC, JOURNAL and API only\n", name);
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
		 domain_is_authorized(own.obj) ? ""
					       : ", and is not authorized: see `postern domain authorize`");
	cli_close(s);
	return CLI_FAILED;
}

int cli_domain_add(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct domain domain = { 0 };

	if (!cli_open_account(args, STORE_CREATE, &s, &account))
		return CLI_FAILED;
	if (!fill_domain(args, &s, &domain)) {
		cli_close(&s);
		return CLI_FAILED;
	}
	enum err e = cli_add(&resource_domains, &s, &account, &domain);

	if (e == ERR_CONFLICT)
		return exists_already(args, &s, &account);
	if (e == OK)
		remark(args->operands[0], &domain);
	return cli_done(args, &s, e, args->operands[0]);
}

/* Changes the domain in place; false: it was said why not. */
typedef bool edit_fn(const struct cli_args *args, struct cli_session *s, struct domain *d);

/* One try; *why is stale when somebody else changed the domain meanwhile. */
static enum err edit_once(const struct cli_args *args, struct cli_session *s, const struct account *account,
			  edit_fn *edit, struct domain *d, struct settings_refusal *why)
{
	struct resource_env env = cli_env(s);
	struct settings_object found;
	enum err e = find_own(s, account, args->operands[0], &found);

	if (e != OK)
		return e;
	*d = *(const struct domain *)found.obj;
	if (!edit(args, s, d))
		return ERR_DENIED;
	struct settings_write *w =
	    settings_write_new(s->store, &env, &resource_domains, account->num, &settings_operator);

	settings_write_replace(w, &found, d, 0);
	return settings_write_run(w, why);
}

static int edit_domain(const struct cli_args *args, edit_fn *edit)
{
	struct account account;
	struct cli_session s;
	struct settings_refusal why = { .stale = true };
	struct domain domain = { 0 };
	enum err e = OK;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	for (int i = 0; i < EDIT_TRIES && why.stale; i++) {
		why.stale = false;
		e = edit_once(args, &s, &account, edit, &domain, &why);
	}
	if (e == ERR_DENIED) {
		cli_close(&s);
		return CLI_FAILED;
	}
	if (e == ERR_CONFLICT && !why.stale)
		return owned_elsewhere(args, &s);
	if (e == OK)
		remark(args->operands[0], &domain);
	return cli_done(args, &s, why.stale ? ERR_LATER : e, args->operands[0]);
}

static bool vouch(const struct cli_args *args, struct cli_session *s, struct domain *d)
{
	struct resource_env env = cli_env(s);

	(void)args;
	domain_proof_vouch(&env, d);
	return true;
}

int cli_domain_authorize(const struct cli_args *args)
{
	return edit_domain(args, vouch);
}

static bool set(const struct cli_args *args, struct cli_session *s, struct domain *d)
{
	return cli_domain_options(args, s->arena, d) && cli_check(args, &resource_domains, s, d);
}

int cli_domain_set(const struct cli_args *args)
{
	return edit_domain(args, set);
}

/* What came of the look that was asked for. */
static int tell_proof(const struct domain *d)
{
	struct str text = d->authorization->status_message;

	printf("%.*s: %.*s\n", STR_ARG(enum_text(&domain_status_names, d->status)), STR_ARG(text));
	return domain_is_authorized(d) ? CLI_OK : CLI_FAILED;
}

int cli_domain_verify(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;
	struct settings_object found = { 0 };
	int64_t asked_us = clock_now_us();

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = find_own(&s, &account, args->operands[0], &found);
	const struct domain *d = found.obj;

	if (e == OK && domain_needs_proof(d)) {
		struct settings_challenge c = settings_challenge(s.store, s.arena, d);

		printf("%.*s TXT \"%.*s\"\n", STR_ARG(c.name), STR_ARG(c.value));
		fflush(stdout);
		e = settings_look_now(s.store, d->id.num, asked_us);
	}
	while (e == OK && domain_needs_proof(d) && d->checked_at < asked_us &&
	       clock_now_us() - asked_us < VERIFY_US) {
		nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
		e = find_own(&s, &account, args->operands[0], &found);
		d = found.obj;
	}
	if (e != OK)
		return cli_done(args, &s, e, args->operands[0]);
	int status = CLI_FAILED;

	if (domain_needs_proof(d) && d->checked_at < asked_us)
		cli_fail(args, "nobody has looked yet: is the server running?");
	else
		status = tell_proof(d);
	cli_close(&s);
	return status;
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
	int status;
	struct settings_challenge challenge; /* of one that waits for its TXT record */
};

struct domain_lines {
	struct arena *arena;
	struct store *store;
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
				    .authorized = domain_is_authorized(d),
				    .status = d->status };

	if (!line.authorized)
		line.challenge = settings_challenge(lines->store, lines->arena, d);
	ARENA_PUSH(lines->arena, lines, line);
	return OK;
}

int cli_domain_list(const struct cli_args *args)
{
	struct account account;
	struct cli_session s;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	struct domain_lines lines = { .arena = s.arena, .store = s.store };
	enum err e = settings_domains(s.store, account.num, add_line, &lines);

	for (size_t i = 0; e == OK && i < lines.n; i++) {
		const struct domain_line *l = &lines.v[i];

		cli_print(stdout, l->name);
		putchar('\t');
		cli_print(stdout, l->transport.n ? l->transport : STR("-"));
		print_texts(&l->modes, &delivery_mode_names);
		print_texts(&l->drop, &disposition_names);
		if (l->authorized)
			fputs("\tauthorized", stdout);
		else
			printf("\tnot authorized, %.*s: %.*s TXT \"%.*s\"",
			       STR_ARG(enum_text(&domain_status_names, l->status)),
			       STR_ARG(l->challenge.name), STR_ARG(l->challenge.value));
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

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = find_own(&s, &account, args->operands[0], &found);

	if (e == OK)
		e = cli_delete(&resource_domains, &s, &account, &found);
	return cli_done(args, &s, e, args->operands[0]);
}

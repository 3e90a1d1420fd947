/* Integrations: what each kind of provider needs, and by what an integration is known. */
#include "model/integration.h"

#include "base/domain.h"
#include "model/domain.h"
#include "resource/target.h"

#define SETTING "mailboxes.allow_private"
#define ANEW "; a stored one does not follow another server or token_url" /* keep() */

static void defaults(const struct resource_env *env, void *obj)
{
	struct integration *i = obj;

	(void)env;
	SET(i, integration, enabled, true);
}

/* What an IMAP server is spoken to with, where nothing is said. */
static void complete(struct integration *i)
{
	if (i->provider != MAILBOX_IMAP)
		return;
	if (!HAS(i, integration, security))
		SET(i, integration, security, MAILBOX_TLS);
	if (!HAS(i, integration, login))
		SET(i, integration, login, MAILBOX_MASTER);
}

/* ---- what belongs to whom ---- */

/* A kind of provider, or of login where that makes a difference, as a bit. */
enum {
	MASTER = 1 << 0,
	OWN = 1 << 1,
	BEARER = 1 << 2,
	GRAPH = 1 << 3,
	GMAIL = 1 << 4,
	IMAP = MASTER | OWN | BEARER,
	OAUTH = BEARER | GRAPH | GMAIL,
};

static const struct {
	size_t field;
	unsigned needed, taken; /* by these; what is needed is taken */
} belongings[] = {
	{ integration_F_server, IMAP, GRAPH | GMAIL },
	{ integration_F_security, 0, IMAP },
	{ integration_F_login, 0, IMAP },
	{ integration_F_user, MASTER | OAUTH, 0 },
	{ integration_F_tenant_id, GRAPH, 0 },
	{ integration_F_admin, 0, GMAIL },
	{ integration_F_token_url, BEARER, GRAPH | GMAIL },
	{ integration_F_scope, 0, OAUTH },
	{ integration_F_secret, MASTER | OAUTH, 0 },
};

static unsigned kind_of(const struct integration *i)
{
	if (i->provider == MAILBOX_GRAPH)
		return GRAPH;
	if (i->provider == MAILBOX_GMAIL)
		return GMAIL;
	return i->login == MAILBOX_OWN ? OWN : i->login == MAILBOX_BEARER ? BEARER : MASTER;
}

/* "imap with login own" */
static struct str name_of(const struct resource_env *env, const struct integration *i)
{
	struct str provider = enum_text(&mailbox_provider_names, i->provider);

	if (i->provider != MAILBOX_IMAP)
		return provider;
	return ARENA_JOIN(env->arena, provider, STR(" with login "),
			  enum_text(&mailbox_login_kind_names, i->login));
}

static void check_belongings(const struct resource_env *env, const struct integration *i,
			     struct faults *faults)
{
	unsigned kind = kind_of(i);

	for (size_t k = 0; k < ARRAY_LEN(belongings); k++) {
		const struct field *f = &integration_fields.v[belongings[k].field];
		struct str at = fault_at_key(env->arena, STR_NONE, str_of(f->name));
		bool given = field_has(i, belongings[k].field);
		if (!given && belongings[k].needed & kind)
			fault_add_further(faults, at, "%s is required for %.*s%s", f->name,
					  STR_ARG(name_of(env, i)), f->flags & F_WRITEONLY ? ANEW : "");
		if (given && !((belongings[k].needed | belongings[k].taken) & kind))
			fault_add_further(faults, at, "%s is not for %.*s", f->name,
					  STR_ARG(name_of(env, i)));
	}
}

/* ---- where it leads ---- */

static void check_targets(const struct resource_env *env, struct integration *i, struct faults *faults)
{
	const struct target_rule rule = { env->allow_private_mailboxes, SETTING };
	const char *what = NULL;

	i->server = str_trim(i->server);
	i->token_url = str_trim(i->token_url);
	if (i->server.n)
		what = i->provider == MAILBOX_IMAP ? target_check_server(env, &rule, i->server, false)
						   : target_check_url(env, &rule, i->server);
	if (what)
		fault_add_further(faults, STR("/server"), "server %s", what);
	what = i->token_url.n ? target_check_url(env, &rule, i->token_url) : NULL;
	if (what)
		fault_add_further(faults, STR("/token_url"), "token_url %s", what);
	if (HAS(i, integration, security) && i->security == MAILBOX_PLAINTEXT && !rule.allow_private)
		fault_add_further(faults, STR("/security"),
				  "security must be TLS or STARTTLS, unless the setting " SETTING
				  " of the server is on");
}

/* ---- mailboxes ---- */

static bool is_address(const struct resource_env *env, struct str s)
{
	struct str name;
	size_t at = str_rfind_char(s, '@');

	return at != SIZE_MAX && at > 0 && resource_domain_name(env, domain_of_address(s), &name);
}

static bool is_named_before(const struct integration *i, size_t index)
{
	for (size_t k = 0; k < index; k++)
		if (str_eq_nocase(i->mailboxes.v[k].address, i->mailboxes.v[index].address))
			return true;
	return false;
}

static void check_mailboxes(const struct resource_env *env, struct integration *i, struct faults *faults)
{
	bool own = i->provider == MAILBOX_IMAP && i->login == MAILBOX_OWN;

	for (size_t k = 0; k < i->mailboxes.n; k++) {
		struct mailbox_login *m = &i->mailboxes.v[k];
		struct str at = fault_at_index(env->arena, STR("/mailboxes"), k);
		m->address = str_trim(m->address);
		if (!is_address(env, m->address))
			fault_add_further(faults, fault_at_key(env->arena, at, STR("address")),
					  "address must be a mail address");
		if (is_named_before(i, k))
			fault_add_further(faults, fault_at_key(env->arena, at, STR("address")),
					  "address is named twice");
		if (own && !HAS(m, mailbox_login, password))
			fault_add_further(faults, fault_at_key(env->arena, at, STR("password")),
					  "password is required with login own" ANEW);
		if (!own && HAS(m, mailbox_login, password))
			fault_add_further(faults, fault_at_key(env->arena, at, STR("password")),
					  "password is for imap with login own");
	}
	if (own && i->mailboxes.n == 0)
		fault_add_further(faults, STR("/mailboxes"),
				  "mailboxes must name those that there are, with login own");
}

static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	struct integration *i = obj;

	i->name = str_trim(i->name);
	if (fault_is_at(faults, STR("/provider")) || fault_is_at(faults, STR("/login")))
		return;
	complete(i);
	check_belongings(env, i, faults);
	check_targets(env, i, faults);
	if (!fault_is_at(faults, STR("/mailboxes")))
		check_mailboxes(env, i, faults);
}

/* Whether what it is asked with goes to another host than before. */
static bool leads_elsewhere(const struct integration *was, const struct integration *now)
{
	return !str_eq(str_trim(now->server), was->server) ||
	       !str_eq(str_trim(now->token_url), was->token_url);
}

/* The stored one is encrypted, so only one that was not given anew is equal to it. */
static void keep_password(const struct mailbox_login *was, bool elsewhere, struct mailbox_login *m)
{
	if (!HAS(was, mailbox_login, password) || !str_eq_nocase(was->address, str_trim(m->address)))
		return;
	if (!elsewhere && !HAS(m, mailbox_login, password))
		SET(m, mailbox_login, password, was->password);
	else if (elsewhere && str_eq(m->password, was->password))
		CLEAR(m, mailbox_login, password);
}

/*
 * A password that is not given anew stays that of its mailbox. But secrets go where they were given for, and nowhere else:
 * whoever may change settings cannot have them told to a host of his own.
 */
static void keep(const struct resource_env *env, const void *before, void *obj)
{
	const struct integration *was = before;
	struct integration *i = obj;
	struct mailbox_login_list list = { NULL, 0 };
	bool elsewhere = leads_elsewhere(was, i);

	if (elsewhere && str_eq(i->secret, was->secret))
		CLEAR(i, integration, secret);
	if (!elsewhere && i->mailboxes.v == was->mailboxes.v)
		return;
	for (size_t k = 0; k < i->mailboxes.n; k++) {
		struct mailbox_login m = i->mailboxes.v[k];
		for (size_t w = 0; w < was->mailboxes.n; w++)
			keep_password(&was->mailboxes.v[w], elsewhere, &m);
		ARENA_PUSH(env->arena, &list, m);
	}
	i->mailboxes = list;
}

static struct str key(const struct resource_env *env, const void *obj)
{
	return arena_lower(env->arena, ((const struct integration *)obj)->name);
}

static const struct resource_filter filters[] = {
	{ "provider", integration_F_provider, FILTER_EQUAL, false },
	{ "enabled", integration_F_enabled, FILTER_EQUAL, false },
};
static const size_t orders[] = { integration_F_name };

const struct resource resource_integrations = {
	.table = "integration",
	.noun = "an integration",
	RESOURCE_TAIL(integration),
	.most = INTEGRATIONS_MAX,
	.named_by = &resource_domains,
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.defaults = defaults,
	.keep = keep,
	.check = check,
	.key = key,
	.key_fields = "name",
};

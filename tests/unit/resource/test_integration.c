/* What becomes of an integration's secrets when it is changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/integration.h"
#include "resource/resource.h"

/* As the store has it. */
static struct integration stored(enum mailbox_login_kind login, struct mailbox_login *own)
{
	struct integration i = { 0 };

	SET(&i, integration, name, STR("x"));
	SET(&i, integration, provider, MAILBOX_IMAP);
	SET(&i, integration, server, STR("imap.example:993"));
	SET(&i, integration, security, MAILBOX_TLS);
	SET(&i, integration, login, (int)login);
	if (login != MAILBOX_OWN) {
		SET(&i, integration, user, STR("master"));
		SET(&i, integration, secret, STR("locked secret"));
	}
	if (login == MAILBOX_BEARER)
		SET(&i, integration, token_url, STR("https://login.example/token"));
	SET(own, mailbox_login, address, STR("a@x.example"));
	if (login == MAILBOX_OWN)
		SET(own, mailbox_login, password, STR("locked password"));
	SET(&i, integration, mailboxes, ((struct mailbox_login_list){ own, 1 }));
	return i;
}

/* Secrets go where they were given for, and nowhere else: to lead them to another host they must be known. */
static void secrets_stay_with_their_host(void **state)
{
	static const struct {
		enum mailbox_login_kind login;
		const char *server, *token_url, *secret, *password; /* what is given; NULL: as it was */
		const char *fault;                                  /* NULL: none */
	} cases[] = {
		{ MAILBOX_MASTER, NULL, NULL, NULL, NULL, NULL },
		{ MAILBOX_MASTER, " imap.example:993 ", NULL, NULL, NULL, NULL },
		{ MAILBOX_MASTER, "evil.example:993", NULL, NULL, NULL, "/secret" },
		{ MAILBOX_MASTER, "evil.example:993", NULL, "anew", NULL, NULL },
		{ MAILBOX_BEARER, NULL, "https://evil.example/token", NULL, NULL, "/secret" },
		{ MAILBOX_BEARER, NULL, "https://evil.example/token", "anew", NULL, NULL },
		{ MAILBOX_OWN, "evil.example:993", NULL, NULL, NULL, "/mailboxes/0/password" },
		{ MAILBOX_OWN, "evil.example:993", NULL, NULL, "anew", NULL },
		{ MAILBOX_OWN, NULL, NULL, NULL, NULL, NULL },
	};

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(cases); k++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct resource_env env = { .arena = a };
		struct faults f = { .arena = a };
		struct mailbox_login own = { 0 }, given;
		struct integration before = stored(cases[k].login, &own), now = before;
		if (cases[k].server)
			SET(&now, integration, server, str_of(cases[k].server));
		if (cases[k].token_url)
			SET(&now, integration, token_url, str_of(cases[k].token_url));
		if (cases[k].secret)
			SET(&now, integration, secret, str_of(cases[k].secret));
		if (cases[k].password) {
			given = own;
			SET(&given, mailbox_login, password, str_of(cases[k].password));
			now.mailboxes = (struct mailbox_login_list){ &given, 1 };
		}
		resource_integrations.keep(&env, &before, &now);
		resource_integrations.check(&env, &now, &f);
		if (cases[k].fault ? f.n != 1 || !str_eq(f.v[0].pointer, str_of(cases[k].fault)) : f.n != 0)
			fail_msg("%zu: %zu faults, %.*s", k, f.n, STR_ARG(f.n ? f.v[0].pointer : STR("")));
		/* Whoever gave nothing but another server is told why that does not do. */
		if (cases[k].fault &&
		    str_find(f.v[0].message, STR("does not follow another server"), 0) == SIZE_MAX)
			fail_msg("%zu: %.*s", k, STR_ARG(f.v[0].message));
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_stay_with_their_host),
	};

	return cmocka_run_group_tests_name("resource/integration", tests, NULL, NULL);
}

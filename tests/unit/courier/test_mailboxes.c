/* Mailboxes by the integrations of an account. */
#include "../store/fixture.h"

#include "courier/mailboxes.h"
#include "model/integration.h"
#include "store/settings.h"

#define PASSWORD_LENGTH 880 /* so that a request of LIMIT_BODY holds them all */

/* As large as a request may be that makes one. */
static const struct integration *add_largest(struct fixture *f)
{
	struct integration *i = ARENA_NEW(f->a, struct integration);
	struct mailbox_login *v = ARENA_ARRAY(f->a, INTEGRATION_MAILBOXES, struct mailbox_login);
	struct resource_env env = { .arena = f->a, .now_us = 1 };
	struct settings_refusal refusal;
	struct settings_write *w =
	    settings_write_new(f->st, &env, &resource_integrations, 1, &settings_operator);
	char password[PASSWORD_LENGTH];

	memset(password, 'p', sizeof(password));
	for (int k = 0; k < INTEGRATION_MAILBOXES; k++) {
		SET(&v[k], mailbox_login, address, arena_printf(f->a, "%04d@open.test", k));
		SET(&v[k], mailbox_login, password, str_from(password, sizeof(password)));
	}
	SET(i, integration, name, STR("x"));
	SET(i, integration, provider, MAILBOX_IMAP);
	SET(i, integration, server, STR("127.0.0.1"));
	SET(i, integration, login, MAILBOX_OWN);
	SET(i, integration, enabled, true);
	SET(i, integration, mailboxes, ((struct mailbox_login_list){ v, INTEGRATION_MAILBOXES }));
	settings_write_add(w, i, 0);
	assert_int_equal(settings_write_run(w, &refusal), OK);
	return i;
}

/* It is read and its secrets opened: what is refused is the address of its server. */
static void the_largest_integration(void **state)
{
	struct fixture *f = *state;
	const struct mailbox_tools tools = { 0 };
	const struct integration *i = add_largest(f);
	struct mailboxes *all = mailboxes_new(f->st, &tools);
	struct mailbox_fault fault = { 0 };
	struct mailbox *m;

	assert_int_equal(mailboxes_open_by(all, 1, str_of(i->id.uuid), i->mailboxes.v[0].address,
					   clock_mono_ms() + 1000, &m, &fault),
			 ERR_DENIED);
	assert_non_null(strstr(fault.text.text, "private"));
	mailboxes_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_largest_integration, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests_name("courier/mailboxes", tests, NULL, NULL);
}

/* Mailboxes by the integrations of an account. */
#include "../store/fixture.h"

#include "courier/mailboxes.h"
#include "courier/move.h"
#include "courier/people.h"
#include "model/domain.h"
#include "model/integration.h"
#include "store/moves.h"
#include "store/settings.h"

#define PASSWORD_LENGTH 880 /* so that a request of LIMIT_BODY holds them all */
#define RECIPIENTS 300
#define MUCH 2000 /* messages */
#define MAILS_TO_MANY 23
#define MANY 1000                /* recipients, half of them those of the mail before */
#define PEOPLE_BYTES (64u << 10) /* two addresses, and cursors */

static void write_object(struct fixture *f, const struct resource *r, void *obj)
{
	struct resource_env env = { .arena = f->a, .now_us = 1 };
	struct settings_refusal refusal;
	struct settings_write *w = settings_write_new(f->st, &env, r, 1, &settings_operator);

	settings_write_add(w, obj, 0);
	assert_int_equal(settings_write_run(w, &refusal), OK);
}

/* The mailboxes of open.test, of which it names so many. */
static const struct integration *add_integration(struct fixture *f, size_t named)
{
	struct integration *i = ARENA_NEW(f->a, struct integration);
	struct mailbox_login *v = ARENA_ARRAY(f->a, named + 1, struct mailbox_login);
	struct domain *d = ARENA_NEW(f->a, struct domain);
	char password[PASSWORD_LENGTH];

	memset(password, 'p', sizeof(password));
	for (size_t k = 0; k < named; k++) {
		SET(&v[k], mailbox_login, address, arena_printf(f->a, "%04zu@open.test", k));
		SET(&v[k], mailbox_login, password, str_from(password, sizeof(password)));
	}
	SET(i, integration, name, STR("x"));
	SET(i, integration, provider, MAILBOX_IMAP);
	SET(i, integration, server, STR("127.0.0.1"));
	SET(i, integration, login, MAILBOX_OWN);
	SET(i, integration, enabled, true);
	SET(i, integration, mailboxes, ((struct mailbox_login_list){ v, named }));
	write_object(f, &resource_integrations, i);
	SET(d, domain, domain, STR("open.test"));
	SET(d, domain, integration_id, str_of(i->id.uuid));
	write_object(f, &resource_domains, d);
	return i;
}

/* It is read and its secrets opened: what is refused is the address of its server. */
static void the_largest_integration(void **state)
{
	struct fixture *f = *state;
	const struct mailbox_tools tools = { 0 };
	const struct integration *i = add_integration(f, INTEGRATION_MAILBOXES);
	struct mailboxes *all = mailboxes_new(f->st, &tools);
	struct mailbox_fault fault = { 0 };
	struct mailbox *m;

	assert_int_equal(mailboxes_open_by(all, 1, str_of(i->id.uuid), i->mailboxes.v[0].address,
					   clock_mono_ms() + 1000, &m, &fault),
			 ERR_DENIED);
	assert_non_null(strstr(fault.text.text, "private"));
	mailboxes_free(&all);
}

/* What is read for one recipient goes before the next one's turn: of all together there is more than a move may hold. */
static void a_move_for_many(void **state)
{
	struct fixture *f = *state;
	const struct mailbox_tools tools = { 0 };
	struct mailboxes *all = mailboxes_new(f->st, &tools);
	const struct job_tools with = { .store = f->st, .mailboxes = all, .log = &quiet };
	struct record *r = fixture_record(f->a, 1, "p1", "a@example.org", "0000@open.test", "x");
	struct job_turn turn = { 0 };

	add_integration(f, INTEGRATION_MAILBOXES);
	for (int k = 1; k < RECIPIENTS; k++) {
		struct outcome o = r->outcomes.v[0];
		SET(&o, outcome, address, arena_printf(f->a, "%04d@open.test", k));
		ARENA_PUSH(f->a, &r->outcomes, o);
	}
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	const struct job job = { .account = 1,
				 .ref = r->key,
				 .who = STR("token:x"),
				 .data = STR("{\"destination\":\"JunkEmail\"}") };
	turn.job = &job;
	move_run(&with, &turn, 1);
	assert_int_equal(turn.e, OK);
	assert_true(turn.try.failed);
	assert_non_null(strstr(turn.try.why.text, "moved for 0 of 300 recipients; "));
	arena_free(&turn.try.change.arena);
	mailboxes_free(&all);
}

/* Who got mail again and again is remembered once. */
static void people_of_much_mail(void **state)
{
	struct fixture *f = *state;
	const struct mailbox_tools tools = { 0 };
	const struct integration *i = add_integration(f, 0);
	struct mailboxes *all = mailboxes_new(f->st, &tools);
	struct arena *a = arena_new(PEOPLE_BYTES, NULL, NULL);
	struct people_ask ask = { .store = f->st,
				  .mailboxes = all,
				  .account = 1,
				  .integration = str_of(i->id.uuid),
				  .until = clock_mono_ms() + 10000 };
	struct mailbox_fault fault;
	struct strs found;
	bool all_of_them;

	for (int k = 0; k < MUCH; k++) {
		const char *id = arena_printf(f->a, "p%d", k).p;
		struct record *r =
		    fixture_record(f->a, 1, id, "a@example.org", k % 2 ? "A@open.test" : "b@open.test", "x");
		SET(r->message, message, client_recipients, r->message->envelope_to);
		assert_int_equal(store_record_add(f->st, f->a, r), OK);
	}
	fixture_upkeep(f, NULL);
	assert_int_equal(people_find(&ask, a, &found, &all_of_them, &fault), OK);
	assert_int_equal(found.n, 2);
	assert_false(all_of_them);
	assert_true(arena_used(a) < PEOPLE_BYTES);
	arena_free(&a);
	mailboxes_free(&all);
}

/* However many there are, each is found, and once. */
static void people_of_a_large_site(void **state)
{
	struct fixture *f = *state;
	const struct mailbox_tools tools = { 0 };
	const struct integration *i = add_integration(f, 0);
	struct mailboxes *all = mailboxes_new(f->st, &tools);
	struct people_ask ask = { .store = f->st,
				  .mailboxes = all,
				  .account = 1,
				  .integration = str_of(i->id.uuid),
				  .until = clock_mono_ms() + 60000 };
	struct mailbox_fault fault;
	struct strs found;
	bool all_of_them;

	for (int k = 0; k < MAILS_TO_MANY; k++) {
		const char *id = arena_printf(f->a, "p%d", k).p;
		struct record *r = fixture_record(f->a, 1, id, "a@example.org", "b@open.test", "x");
		struct strs to = { 0 };
		for (int n = 0; n < MANY; n++)
			ARENA_PUSH(f->a, &to, arena_printf(f->a, "%05d@Open.test", k * MANY / 2 + n));
		SET(r->message, message, client_recipients, to);
		assert_int_equal(store_record_add(f->st, f->a, r), OK);
	}
	fixture_upkeep(f, NULL);
	assert_int_equal(people_find(&ask, f->a, &found, &all_of_them, &fault), OK);
	assert_int_equal(found.n, (MAILS_TO_MANY + 1) * MANY / 2);
	mailboxes_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_largest_integration, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_move_for_many, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(people_of_much_mail, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(people_of_a_large_site, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests_name("courier/mailboxes", tests, NULL, NULL);
}

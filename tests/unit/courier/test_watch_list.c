/* Which mailboxes are watched, and that nothing is written while that stays so. */
#include "../store/fixture.h"

#include "courier/watch_list.h"
#include "model/allow_policy.h"
#include "model/domain.h"
#include "model/integration.h"
#include "store/mailbox_watch.h"
#include "store/settings.h"

#define T0 INT64_C(1700000000000000)
#define MINUTE_US INT64_C(60000000)

static void write_object(struct fixture *f, const struct resource *r, void *obj)
{
	struct resource_env env = { .arena = f->a, .now_us = clock_now_us() };
	struct settings_refusal refusal;
	struct settings_write *w = settings_write_new(f->st, &env, r, 1, &settings_operator);

	settings_write_add(w, obj, 0);
	assert_int_equal(settings_write_run(w, &refusal), OK);
}

typedef void change_fn(struct fixture *f, void *obj);

/* change NULL: it is deleted. */
static void change_object(struct fixture *f, const struct resource *r, const struct ident *id,
			  change_fn *change)
{
	struct resource_env env = { .arena = f->a, .now_us = clock_now_us() };
	struct settings_refusal refusal;
	struct settings_object found;

	assert_int_equal(settings_get(f->st, f->a, r, 1, id, &found), OK);
	struct settings_write *w = settings_write_new(f->st, &env, r, 1, &settings_operator);
	if (change) {
		void *obj = arena_alloc(f->a, r->fields->size);
		memcpy(obj, found.obj, r->fields->size);
		change(f, obj);
		settings_write_replace(w, &found, obj, 0);
	} else {
		settings_write_delete(w, &found);
	}
	assert_int_equal(settings_write_run(w, &refusal), OK);
}

static void name_mailboxes(struct fixture *f, struct integration *i, size_t n)
{
	struct mailbox_login *v = ARENA_ARRAY(f->a, n, struct mailbox_login);

	for (size_t k = 0; k < n; k++)
		SET(&v[k], mailbox_login, address, arena_printf(f->a, "%c@open.test", (int)('a' + k)));
	SET(i, integration, mailboxes, ((struct mailbox_login_list){ v, n }));
}

static struct integration *add_integration(struct fixture *f, const char *name, size_t named)
{
	struct integration *i = ARENA_NEW(f->a, struct integration);

	SET(i, integration, name, str_of(name));
	SET(i, integration, provider, MAILBOX_IMAP);
	SET(i, integration, server, STR("127.0.0.1"));
	SET(i, integration, enabled, true);
	name_mailboxes(f, i, named);
	write_object(f, &resource_integrations, i);
	return i;
}

static struct domain *add_domain(struct fixture *f, const struct integration *i)
{
	static const struct authorization authorized = { .authorized = true };
	struct domain *d = ARENA_NEW(f->a, struct domain);
	int *mode = ARENA_NEW(f->a, int);

	*mode = MODE_API;
	SET(d, domain, domain, STR("open.test"));
	SET(d, domain, integration_id, str_of(i->id.uuid));
	SET(d, domain, authorization, ARENA_NEW(f->a, struct authorization));
	*d->authorization = authorized;
	d->authorization->has = FIELD_BIT(authorization, authorized);
	d->allowed_delivery_modes.v = mode;
	d->allowed_delivery_modes.n = 1;
	d->has |= FIELD_BIT(domain, allowed_delivery_modes);
	write_object(f, &resource_domains, d);
	return d;
}

static size_t count_watched(struct fixture *f, const struct integration *i)
{
	struct watched_mailbox_list list;
	size_t total;

	assert_int_equal(store_watched(f->st, f->a, 1, str_of(i->id.uuid), 0, 100, &list, &total), OK);
	return total;
}

/* Whether a round writes anything. */
static bool writes(struct fixture *f, struct watch_list *l, int64_t now_us)
{
	int64_t seen = 0;

	(void)store_is_unchanged(f->st, &seen);
	assert_int_equal(watch_list_refresh(l, now_us), OK);
	return !store_is_unchanged(f->st, &seen);
}

static void name_one(struct fixture *f, void *obj)
{
	name_mailboxes(f, obj, 1);
}

static void take_all_items(struct fixture *f, void *obj)
{
	struct domain *d = obj;

	(void)f;
	SET(d, domain, folder, FOLDER_ALL_ITEMS);
}

static void only_what_changes_is_written(void **state)
{
	struct fixture *f = *state;
	const struct mailbox_tools tools = { 0 };
	const struct integration *i = add_integration(f, "x", 3);
	const struct domain *d = add_domain(f, i);
	struct mailboxes *all = mailboxes_new(f->st, &tools);
	struct watch_list *l = watch_list_new(f->st, all, &quiet);

	assert_true(writes(f, l, T0));
	assert_int_equal(count_watched(f, i), 3);
	for (int minute = 1; minute < 200; minute++) /* asked again each hour */
		assert_false(writes(f, l, T0 + minute * MINUTE_US));
	struct allow_policy *p = ARENA_NEW(f->a, struct allow_policy);
	SET(p, allow_policy, pattern, STR("a@example.net"));
	write_object(f, &resource_allow_policies, p);
	assert_false(writes(f, l, T0 + 200 * MINUTE_US));

	change_object(f, &resource_integrations, &i->id, name_one);
	assert_true(writes(f, l, T0 + 201 * MINUTE_US));
	assert_int_equal(count_watched(f, i), 1);
	change_object(f, &resource_domains, &d->id, take_all_items);
	assert_true(writes(f, l, T0 + 202 * MINUTE_US));
	assert_false(writes(f, l, T0 + 203 * MINUTE_US));
	watch_list_free(&l);
	mailboxes_free(&all);
}

static struct str other_id;

static void use_the_other(struct fixture *f, void *obj)
{
	struct domain *d = obj;

	(void)f;
	SET(d, domain, integration_id, other_id);
}

static void what_is_lost_is_dropped(void **state)
{
	struct fixture *f = *state;
	const struct mailbox_tools tools = { 0 };
	const struct integration *i = add_integration(f, "x", 3), *other = add_integration(f, "y", 2);
	const struct domain *d = add_domain(f, i);
	struct mailboxes *all = mailboxes_new(f->st, &tools);
	struct watch_list *l = watch_list_new(f->st, all, &quiet);

	assert_true(writes(f, l, T0));
	other_id = str_of(other->id.uuid);
	change_object(f, &resource_domains, &d->id, use_the_other);
	assert_true(writes(f, l, T0 + 1));
	assert_int_equal(count_watched(f, i), 0);
	assert_int_equal(count_watched(f, other), 2);

	/* A domain that went while nobody looked. */
	watch_list_free(&l);
	change_object(f, &resource_domains, &d->id, NULL);
	l = watch_list_new(f->st, all, &quiet);
	assert_true(writes(f, l, T0 + 2));
	assert_int_equal(count_watched(f, other), 0);
	assert_false(writes(f, l, T0 + 3));
	watch_list_free(&l);
	mailboxes_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_what_changes_is_written, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(what_is_lost_is_dropped, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests_name("courier/watch_list", tests, NULL, NULL);
}

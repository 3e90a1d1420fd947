/* What mail asks of the settings: whose a domain is and what it wants, and of whom TLS is asked. */
#include "../store/fixture.h"

#include "intake/directory.h"
#include "model/domain.h"
#include "model/sending_restriction.h"
#include "resource/resource.h"
#include "store/settings.h"

struct house {
	struct fixture *f;
	struct resource_env env;
	int64_t account;
	struct settings_write *w;
};

static void open_house(struct house *h, void **state)
{
	struct account account = { 0 };

	*h = (struct house){ .f = *state };
	h->env = (struct resource_env){ .arena = h->f->a, .now_us = clock_now_us() };
	SET(&account, account, name, STR("test"));
	assert_int_equal(settings_account_add(h->f->st, h->f->a, &account), OK);
	h->account = account.num;
}

static void begin(struct house *h)
{
	static const struct settings_who who = { .name = STR_INIT("test") };

	h->w = settings_write_new(h->f->st, &h->env, &resource_domains, h->account, &who);
}

static void end(struct house *h)
{
	struct settings_refusal why;

	assert_int_equal(settings_write_run(h->w, &why), OK);
}

/* To be written with the others since begin. */
static struct domain *plan(struct house *h, struct str name, bool authorized)
{
	struct authorization *by = ARENA_NEW(h->f->a, struct authorization);
	struct domain *d = ARENA_NEW(h->f->a, struct domain);

	SET(by, authorization, authorized, authorized);
	SET(d, domain, domain, name);
	SET(d, domain, transport, STR("mx.example.net:26"));
	SET(d, domain, authorization, by);
	ARENA_PUSH(h->f->a, &d->allowed_delivery_modes, MODE_DIRECT);
	ARENA_PUSH(h->f->a, &d->allowed_delivery_modes, MODE_JOURNAL);
	SET(d, domain, allowed_delivery_modes, d->allowed_delivery_modes);
	ARENA_PUSH(h->f->a, &d->drop_dispositions, DISP_MALICIOUS);
	SET(d, domain, drop_dispositions, d->drop_dispositions);
	settings_write_add(h->w, d, 0);
	return d;
}

static void add(struct house *h, const char *name)
{
	begin(h);
	plan(h, str_of(name), true);
	end(h);
}

static void what_mail_needs(void **state)
{
	struct directory_domain one, two;
	struct house h;
	struct str first;
	struct policy_source policy;
	struct strs names;
	struct ip peer;

	open_house(&h, state);
	begin(&h);
	plan(&h,
	     STR("B\xc3\xbc"
		 "cher.example"),
	     false);
	struct domain *d = plan(&h, STR("second.example"), true);
	ARENA_PUSH(h.f->a, &d->ip_restrictions, STR("192.0.2.0/24"));
	SET(d, domain, ip_restrictions, d->ip_restrictions);
	SET(d, domain, require_tls_inbound, true);
	SET(d, domain, lookback_hops, 3);
	end(&h);

	assert_int_equal(directory_domain(h.f->st, h.f->a, STR("XN--BCHER-KVA.example"), &one), OK);
	assert_int_equal(one.account, h.account);
	assert_false(one.authorized || one.restricted || one.tls_inbound || one.tls_outbound);
	assert_int_equal(one.lookback_hops, 1);
	assert_true(str_eq(one.transport, STR("mx.example.net:26")));
	assert_true(directory_domain_allows(&one, MODE_DIRECT) &&
		    directory_domain_allows(&one, MODE_JOURNAL));
	assert_false(directory_domain_allows(&one, MODE_BCC));
	assert_true(directory_domain_holds(&one, DISP_MALICIOUS) && directory_domain_holds(&one, DISP_BEC));
	assert_false(directory_domain_holds(&one, DISP_SPAM));

	assert_int_equal(directory_domain_of(h.f->st, h.f->a, h.account, STR("Second.Example"), &two), OK);
	assert_true(str_eq(two.name, STR("second.example")));
	assert_true(two.authorized && two.restricted && two.tls_inbound);
	assert_int_equal(two.lookback_hops, 3);
	assert_int_equal(ip_parse(STR("192.0.2.7"), &peer), OK);
	assert_true(directory_domain_accepts(&two, &peer) && directory_domain_accepts(&one, &peer));
	assert_int_equal(ip_parse(STR("198.51.100.7"), &peer), OK);
	assert_false(directory_domain_accepts(&two, &peer));
	/* The first is not authorized, so its postmaster is nobody. */
	assert_int_equal(directory_first(h.f->st, h.f->a, &first), OK);
	assert_true(str_eq(first, STR("second.example")));
	assert_int_equal(settings_domain_names(h.f->st, h.f->a, h.account, &names), OK);
	assert_int_equal(names.n, 2);
	assert_true(str_eq(names.v[0], STR("second.example")));
	/* In that order the policy has them ready, so that no mail takes them apart. */
	assert_int_equal(settings_policy_source(h.f->st, h.f->a, h.account, &policy), OK);
	assert_int_equal(policy.domains.n, names.n);
	for (size_t i = 0; i < names.n; i++)
		assert_true(str_eq(policy.domains.v[i], names.v[i]));
	assert_int_equal(directory_domain(h.f->st, h.f->a, STR("third.example"), &one), ERR_ABSENT);
	assert_int_equal(directory_domain(h.f->st, h.f->a, STR(""), &one), ERR_ABSENT);
	assert_int_equal(directory_domain_of(h.f->st, h.f->a, h.account + 1, STR("second.example"), &two),
			 ERR_ABSENT);
}

static struct ident restrict_domain(struct house *h, const char *domain, const char *exclude)
{
	static const struct settings_who who = { .name = STR_INIT("test") };
	struct sending_restriction *r = ARENA_NEW(h->f->a, struct sending_restriction);

	SET(r, sending_restriction, domain, str_of(domain));
	if (exclude)
		ARENA_PUSH(h->f->a, &r->exclude, str_of(exclude));
	SET(r, sending_restriction, exclude, r->exclude);
	h->w = settings_write_new(h->f->st, &h->env, &resource_sending_restrictions, h->account, &who);
	settings_write_add(h->w, r, 0);
	end(h);
	return r->id;
}

static void who_must_use_tls(void **state)
{
	enum { NONE, PARTNER, BUECHER, HELD };
	static const struct {
		const char *sender;
		int by;
	} cases[] = {
		{ "partner.example", PARTNER },
		{ "PARTNER.example", PARTNER },
		{ "a.b.partner.example", PARTNER },
		{ "off.partner.example", NONE },
		{ "deep.off.partner.example", NONE },
		{ "cutoff.partner.example", PARTNER },
		{ "notpartner.example", NONE },
		{ "example", NONE },
		{ "", NONE },
		{ ".", NONE },
		{ "mail.B\xc3\x9c"
		  "CHER.example",
		  BUECHER },
		/* let off by one, held by another */
		{ "held.off.partner.example", HELD },
	};
	struct ident ids[4] = { 0 }, by;
	struct house h;

	open_house(&h, state);
	ids[PARTNER] = restrict_domain(&h, "Partner.example", " OFF.partner.example ");
	ids[BUECHER] = restrict_domain(&h, "xn--bcher-kva.example", NULL);
	ids[HELD] = restrict_domain(&h, "held.off.partner.example", NULL);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum err e = directory_restriction(h.f->st, h.account, str_of(cases[i].sender), &by);
		if (e != (cases[i].by ? OK : ERR_ABSENT) || (!e && by.num != ids[cases[i].by].num))
			fail_msg("%s: %s", cases[i].sender, cases[i].by ? "not so" : "restricted");
	}
	assert_int_equal(directory_restriction(h.f->st, h.account + 1, STR("partner.example"), &by),
			 ERR_ABSENT);
}

/* Whoever wrote a name down first: its mail is that of the account in which it is authorized. */
static void of_one_name_the_owner(void **state)
{
	struct directory_domain owned;
	struct account other = { 0 };
	struct house h;

	open_house(&h, state);
	begin(&h);
	plan(&h, STR("owned.example"), false);
	end(&h);
	int64_t squatter = h.account;
	SET(&other, account, name, STR("other"));
	assert_int_equal(settings_account_add(h.f->st, h.f->a, &other), OK);
	h.account = other.num;
	add(&h, "Owned.example");
	assert_int_equal(directory_domain(h.f->st, h.f->a, STR("owned.example"), &owned), OK);
	assert_true(owned.authorized && owned.account == other.num);
	assert_int_equal(directory_domain_of(h.f->st, h.f->a, squatter, STR("owned.example"), &owned), OK);
	assert_false(owned.authorized);
}

/* Whoever has written down very many names does not have them read for a stranger's mail. */
static void the_first_is_looked_for_among_a_thousand(void **state)
{
	struct str first;
	struct house h;

	open_house(&h, state);
	begin(&h);
	for (int i = 0; i < 1000; i++)
		plan(&h, arena_printf(h.f->a, "d%d.example", i), i == 999);
	plan(&h, STR("late.example"), true);
	end(&h);
	assert_int_equal(directory_first(h.f->st, h.f->a, &first), OK);
	assert_true(str_eq(first, STR("d999.example")));
	h.w = settings_write_new(h.f->st, &h.env, &resource_domains, h.account, &settings_operator);
	struct settings_object o;
	assert_int_equal(
	    settings_find(h.f->st, h.f->a, &resource_domains, h.account, STR("d999.example"), &o), OK);
	struct domain *d = ARENA_NEW(h.f->a, struct domain);
	*d = *(const struct domain *)o.obj;
	SET(d, domain, transport, STR(""));
	settings_write_replace(h.w, &o, d, 0);
	end(&h);
	assert_int_equal(directory_first(h.f->st, h.f->a, &first), ERR_ABSENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_mail_needs),
		TEST(who_must_use_tls),
		TEST(of_one_name_the_owner),
		TEST(the_first_is_looked_for_among_a_thousand),
	};

	return cmocka_run_group_tests_name("intake/directory", tests, NULL, NULL);
}

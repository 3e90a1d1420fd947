/* Snapshots of domains: what is in them, when they are read again, and what stays when that fails. */
#include "../store/fixture.h"

#include <pthread.h>
#include <stdatomic.h>

#include "intake/directory.h"
#include "model/domain.h"
#include "resource/resource.h"
#include "store/settings.h"

#define THREADS 8

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
	struct directory_snapshot *s;
	struct house h;
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
	assert_int_equal(directory_of_account(h.f->st, h.account, &s), OK);

	const struct directory_domain *one = directory_domain(s, STR("XN--BCHER-KVA.example"));
	assert_non_null(one);
	assert_false(one->authorized || one->restricted || one->tls_inbound || one->tls_outbound);
	assert_int_equal(one->lookback_hops, 1);
	assert_true(str_eq(one->transport, STR("mx.example.net:26")));
	assert_true(directory_domain_allows(one, MODE_DIRECT) && directory_domain_allows(one, MODE_JOURNAL));
	assert_false(directory_domain_allows(one, MODE_BCC));
	assert_true(directory_domain_holds(one, DISP_MALICIOUS) && directory_domain_holds(one, DISP_BEC));
	assert_false(directory_domain_holds(one, DISP_SPAM));

	const struct directory_domain *two = directory_domain(s, STR("second.example"));
	assert_non_null(two);
	assert_true(two->authorized && two->restricted && two->tls_inbound);
	assert_int_equal(two->lookback_hops, 3);
	assert_int_equal(ip_parse(STR("192.0.2.7"), &peer), OK);
	assert_true(directory_domain_accepts(two, &peer) && directory_domain_accepts(one, &peer));
	assert_int_equal(ip_parse(STR("198.51.100.7"), &peer), OK);
	assert_false(directory_domain_accepts(two, &peer));
	/* The first is not authorized, so its postmaster is nobody. */
	assert_true(str_eq(directory_first(s), STR("second.example")));
	assert_int_equal(directory_names(s, h.f->a, h.account).n, 2);
	assert_null(directory_domain(s, STR("third.example")));
	directory_end(&s);
	assert_int_equal(directory_of_account(h.f->st, h.account + 1, &s), OK);
	assert_null(directory_domain(s, STR("second.example")));
	directory_end(&s);
}

static void restrict_domain(struct house *h, const char *domain, const char *exclude)
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
}

static void who_must_use_tls(void **state)
{
	static const struct {
		const char *sender;
		bool wants;
	} cases[] = {
		{ "partner.example", true },
		{ "PARTNER.example", true },
		{ "a.b.partner.example", true },
		{ "off.partner.example", false },
		{ "deep.off.partner.example", false },
		{ "cutoff.partner.example", true },
		{ "notpartner.example", false },
		{ "example", false },
		{ "", false },
		{ "mail.B\xc3\x9c"
		  "CHER.example",
		  true },
		/* let off by one, held by another */
		{ "held.off.partner.example", true },
	};
	struct directory_snapshot *s;
	struct house h;

	open_house(&h, state);
	restrict_domain(&h, "Partner.example", "OFF.partner.example");
	restrict_domain(&h, "xn--bcher-kva.example", NULL);
	restrict_domain(&h, "held.off.partner.example", NULL);
	assert_int_equal(directory_of_account(h.f->st, h.account, &s), OK);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (directory_wants_tls(s, h.account, str_of(cases[i].sender)) != cases[i].wants)
			fail_msg("%s: %s", cases[i].sender, cases[i].wants ? "not so" : "restricted");
	assert_false(directory_wants_tls(s, h.account + 1, STR("partner.example")));
	directory_end(&s);
}

/* Whoever wrote a name down first: its mail is that of the account in which it is authorized. */
static void of_one_name_the_owner(void **state)
{
	struct directory_snapshot *s;
	struct account other = { 0 };
	struct house h;

	open_house(&h, state);
	begin(&h);
	plan(&h, STR("a.example"), true);
	plan(&h, STR("owned.example"), false);
	plan(&h, STR("z.example"), true);
	end(&h);
	SET(&other, account, name, STR("other"));
	assert_int_equal(settings_account_add(h.f->st, h.f->a, &other), OK);
	h.account = other.num;
	add(&h, "Owned.example");
	struct directory *d = directory_new(h.f->st, DIRECTORY_BYTES, &quiet);
	assert_int_equal(directory_get(d, &s), OK);
	const struct directory_domain *owned = directory_domain(s, STR("owned.example"));
	assert_non_null(owned);
	assert_true(owned->authorized && owned->account == other.num);
	assert_int_equal(directory_names(s, h.f->a, other.num).n, 1);
	assert_int_equal(directory_names(s, h.f->a, other.num - 1).n, 2);
	assert_non_null(directory_domain(s, STR("a.example")));
	assert_non_null(directory_domain(s, STR("z.example")));
	directory_put(d, &s);
	directory_free(&d);
}

/* A snapshot that has grown too large is not read, and ends nothing: what was read before stays in use. */
static void too_large(void **state)
{
	struct directory_snapshot *before, *after;
	struct house h;

	open_house(&h, state);
	add(&h, "first.example");
	struct directory *d = directory_new(h.f->st, 64u << 10, &quiet);
	assert_int_equal(directory_get(d, &before), OK);
	begin(&h);
	for (int i = 0; i < 1000; i++)
		plan(&h, arena_printf(h.f->a, "d%d.example", i), true);
	end(&h);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(directory_get(d, &after), OK);
		assert_ptr_equal(before, after);
		assert_non_null(directory_domain(after, STR("first.example")));
		assert_null(directory_domain(after, STR("d1.example")));
		directory_put(d, &after);
	}
	directory_put(d, &before);
	directory_free(&d);
	/* Where nothing was read before, mail comes later. */
	d = directory_new(h.f->st, 64u << 10, &quiet);
	assert_int_equal(directory_get(d, &after), ERR_LATER);
	directory_free(&d);
	d = directory_new(h.f->st, DIRECTORY_BYTES, &quiet);
	assert_int_equal(directory_get(d, &after), OK);
	assert_non_null(directory_domain(after, STR("d999.example")));
	directory_put(d, &after);
	directory_free(&d);
}

struct asker {
	struct directory *d;
	atomic_int *written; /* domains whose writing is over */
	atomic_bool *over, *stale;
	pthread_t thread;
};

/* What was there before we asked must be there. */
static void *ask(void *ctx)
{
	struct asker *a = ctx;
	char name[40];

	while (!atomic_load(a->over)) {
		int newest = atomic_load(a->written) - 1;
		struct directory_snapshot *s;
		if (newest < 0)
			continue;
		snprintf(name, sizeof(name), "d%d.example", newest);
		if (directory_get(a->d, &s) != OK) {
			atomic_store(a->stale, true);
			break;
		}
		if (!directory_domain(s, str_of(name)))
			atomic_store(a->stale, true);
		directory_put(a->d, &s);
	}
	return NULL;
}

/* The next mail obeys, however many ask at once, and no older snapshot takes a newer one's place. */
static void never_stale(void **state)
{
	struct asker askers[THREADS];
	atomic_int written = 0;
	atomic_bool over = false, stale = false;
	struct house h;

	open_house(&h, state);
	struct directory *d = directory_new(h.f->st, DIRECTORY_BYTES, &quiet);
	for (size_t i = 0; i < THREADS; i++) {
		askers[i] = (struct asker){ d, &written, &over, &stale, 0 };
		assert_int_equal(pthread_create(&askers[i].thread, NULL, ask, &askers[i]), 0);
	}
	for (int i = 0; i < 100; i++) {
		add(&h, arena_printf(h.f->a, "d%d.example", i).p);
		atomic_store(&written, i + 1);
	}
	atomic_store(&over, true);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(askers[i].thread, NULL);
	assert_false(atomic_load(&stale));
	directory_free(&d);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(what_mail_needs), TEST(who_must_use_tls),
					    TEST(of_one_name_the_owner), TEST(too_large), TEST(never_stale) };

	return cmocka_run_group_tests_name("intake/directory", tests, NULL, NULL);
}

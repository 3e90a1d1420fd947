/* Looking after domains in a real store, by a resolver that knows what a test tells it. */
#include "../store/fixture.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "courier/domain_watch.h"
#include "resource/domain_proof.h"
#include "store/settings.h"

#define MINUTE INT64_C(60000000)
#define DAY (INT64_C(1440) * MINUTE)

struct site {
	struct fixture *f;
	int64_t accounts[2];
	int64_t now_us;
};

static void open_site(struct site *s, void **state)
{
	*s = (struct site){ .f = *state, .now_us = clock_now_us() };
	for (size_t i = 0; i < 2; i++) {
		struct account account = { 0 };
		SET(&account, account, name, STR("test"));
		assert_int_equal(settings_account_add(s->f->st, s->f->a, &account), OK);
		s->accounts[i] = account.num;
	}
}

static struct ident add(struct site *s, size_t account, const char *name)
{
	struct resource_env env = { .arena = s->f->a, .now_us = s->now_us };
	struct settings_who who = { .name = STR("test") };
	struct domain *d = ARENA_NEW(s->f->a, struct domain);
	struct settings_refusal why;

	resource_domains.begin(&env, d);
	SET(d, domain, domain, str_of(name));
	struct settings_write *w =
	    settings_write_new(s->f->st, &env, &resource_domains, s->accounts[account], &who);
	settings_write_add(w, d, 0);
	assert_int_equal(settings_write_run(w, &why), OK);
	return d->id;
}

static struct settings_object read_object(struct site *s, size_t account, const struct ident *id)
{
	struct settings_object o;

	assert_int_equal(settings_get(s->f->st, s->f->a, &resource_domains, s->accounts[account], id, &o),
			 OK);
	return o;
}

static struct domain *get(struct site *s, size_t account, const struct ident *id)
{
	return read_object(s, account, id).obj;
}

/* The record it has to publish, as a line of local data. */
static struct str record(struct site *s, size_t account, const struct ident *id)
{
	struct settings_challenge c = settings_challenge(s->f->st, s->f->a, get(s, account, id));

	return arena_printf(s->f->a, "%.*s. IN TXT \"%.*s\"\n", STR_ARG(c.name), STR_ARG(c.value));
}

/* One round `after` the last one, in a world of these records and nothing else. */
static void look(struct site *s, int64_t after, struct str records)
{
	struct dns_options o = { .local_data = ARENA_JOIN(s->f->a, STR("zone test.\n"), records),
				 .cache_s = 5,
				 .log = &quiet };
	struct dns *dns;
	struct errbuf eb = { "" };

	if (dns_new(&o, &dns, &eb))
		fail_msg("%s", eb.text);
	s->now_us += after;
	assert_int_equal(
	    domain_watch_round(&(struct domain_watch_options){ s->f->st, dns, &quiet }, s->now_us), OK);
	dns_free(&dns);
}

static int64_t revision(struct site *s)
{
	int64_t rev;

	assert_int_equal(settings_policy_rev(s->f->st, s->accounts[0], &rev), OK);
	return rev;
}

static int64_t audits(struct site *s)
{
	return fixture_count(s->f->st->messages, "SELECT count(*) FROM audit");
}

static void a_domain_is_authorized_by_its_record(void **state)
{
	struct site s;

	open_site(&s, state);
	struct ident id = add(&s, 0, "A.test");
	int64_t rev = revision(&s), rows = audits(&s), created = get(&s, 0, &id)->modified_at;
	/* Its record cannot be there yet, so nobody asks for it; its other records are looked at. */
	look(&s, 0, STR(""));
	struct domain *d = get(&s, 0, &id);
	assert_false(HAS(d, domain, checked_at));
	assert_int_equal(d->spf_status, SPF_STATUS_NONE);
	assert_true(HAS(d, domain, spf_status) && HAS(d, domain, dmarc_status));
	assert_int_equal(d->emails_processed->total_emails_processed, 0);
	look(&s, MINUTE, STR(""));
	d = get(&s, 0, &id);
	assert_int_equal(d->checked_at, s.now_us);
	assert_int_equal(d->status, DOMAIN_PENDING);
	/* Looking changes neither the row nor what others keep of it. */
	assert_int_equal(revision(&s), rev);
	assert_int_equal(audits(&s), rows);
	struct str stored = read_object(&s, 0, &id).stored;
	assert_true(str_find(stored, STR("checked_at"), 0) == SIZE_MAX);
	assert_true(str_find(stored, STR("spf_status"), 0) == SIZE_MAX);
	/* Another status leaves its audit row; but whose mail is taken has not changed. */
	look(&s, 5 * MINUTE, STR("_postern-challenge.a.test. IN TXT \"other\"\n"));
	assert_int_equal(get(&s, 0, &id)->status, DOMAIN_FAILED);
	assert_int_equal(revision(&s), rev);
	assert_int_equal(audits(&s), rows + 1);
	look(&s, 5 * MINUTE, record(&s, 0, &id));
	d = get(&s, 0, &id);
	assert_true(domain_is_authorized(d));
	assert_int_equal(d->status, DOMAIN_ACTIVE);
	assert_int_equal(d->modified_at, created);
	assert_int_equal(revision(&s), rev + 1);
	assert_int_equal(audits(&s), rows + 2);
	assert_int_equal(
	    fixture_count(s.f->st->messages,
			  "SELECT count(*) FROM audit WHERE body LIKE '%\"who\":\"verification\"%'"),
	    2);
	/* Not before a day has gone by it is looked at again; the record is only missed then. */
	look(&s, DAY - MINUTE, STR(""));
	assert_int_equal(get(&s, 0, &id)->misses, 0);
	look(&s, MINUTE, STR(""));
	assert_int_equal(get(&s, 0, &id)->misses, 1);
	assert_true(domain_is_authorized(get(&s, 0, &id)));
	for (int hours = 0; hours < 72; hours++)
		look(&s, 60 * MINUTE, STR(""));
	assert_false(domain_is_authorized(get(&s, 0, &id)));
	look(&s, 5 * MINUTE, record(&s, 0, &id));
	assert_true(domain_is_authorized(get(&s, 0, &id)));
}

static void a_name_is_authorized_once(void **state)
{
	struct site s;

	open_site(&s, state);
	struct ident mine = add(&s, 0, "one.test"), theirs = add(&s, 1, "one.test");
	assert_false(str_eq(record(&s, 0, &mine), record(&s, 1, &theirs)));
	look(&s, MINUTE, record(&s, 0, &mine));
	assert_true(domain_is_authorized(get(&s, 0, &mine)));
	struct domain *d = get(&s, 1, &theirs);
	assert_int_equal(d->status, DOMAIN_FAILED);
	assert_true(str_find(d->authorization->status_message, STR("other values"), 0) != SIZE_MAX);
	look(&s, 5 * MINUTE, ARENA_JOIN(s.f->a, record(&s, 0, &mine), record(&s, 1, &theirs)));
	d = get(&s, 1, &theirs);
	assert_false(domain_is_authorized(d));
	assert_int_equal(d->status, DOMAIN_FAILED);
	assert_true(str_find(d->authorization->status_message, STR("another account"), 0) != SIZE_MAX);
	assert_true(domain_is_authorized(get(&s, 0, &mine)));
}

static void a_look_and_a_change_do_not_hinder_each_other(void **state)
{
	struct resource_env env;
	struct settings_who who = { .name = STR("test") };
	struct settings_refusal why;
	struct site s;

	open_site(&s, state);
	struct ident id = add(&s, 0, "a.test");
	env = (struct resource_env){ .arena = s.f->a, .now_us = s.now_us };
	struct settings_object o = read_object(&s, 0, &id);
	look(&s, 0, STR(""));
	struct domain *changed = ARENA_NEW(s.f->a, struct domain);
	*changed = *(const struct domain *)o.obj;
	SET(changed, domain, lookback_hops, 3);
	struct settings_write *w = settings_write_new(s.f->st, &env, &resource_domains, s.accounts[0], &who);
	settings_write_replace(w, &o, changed, 0);
	assert_int_equal(settings_write_run(w, &why), OK);
	struct domain *d = get(&s, 0, &id);
	assert_int_equal(d->lookback_hops, 3);
	assert_true(HAS(d, domain, spf_status));
	look(&s, MINUTE, record(&s, 0, &id));
	d = get(&s, 0, &id);
	assert_int_equal(d->lookback_hops, 3);
	assert_true(domain_is_authorized(d));
	/* What was read before is not what is there: it is read anew, and nothing is lost. */
	w = settings_write_new(s.f->st, &env, &resource_domains, s.accounts[0], &who);
	struct domain *late = ARENA_NEW(s.f->a, struct domain);
	*late = *changed;
	SET(late, domain, lookback_hops, 4);
	settings_write_replace(w, &o, late, 0);
	assert_int_equal(settings_write_run(w, &why), ERR_CONFLICT);
	assert_true(why.stale);
	assert_true(domain_is_authorized(get(&s, 0, &id)));
}

static void mails_are_counted_once(void **state)
{
	static const struct {
		int account;
		const char *id, *to[3];
	} mails[] = {
		{ 0, "one", { "a@a.test", "b@A.test", "c@b.test" } },
		{ 0, "two", { "a@a.test" } },
		{ 0, "three", { "x@elsewhere.test" } },
		{ 1, "four", { "a@a.test" } },
	};
	struct site s;

	open_site(&s, state);
	struct ident a = add(&s, 0, "a.test"), b = add(&s, 0, "b.test");
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct record *r = fixture_record(s.f->a, s.accounts[mails[i].account], mails[i].id,
						  "s@s.test", mails[i].to[0], "");
		for (size_t k = 1; k < 3 && mails[i].to[k]; k++) {
			struct outcome o = r->outcomes.v[0];
			o.address = str_of(mails[i].to[k]);
			ARENA_PUSH(s.f->a, &r->outcomes, o);
		}
		assert_int_equal(store_record_add(s.f->st, s.f->a, r), OK);
		assert_int_equal(store_record_add(s.f->st, s.f->a, r), ERR_CONFLICT);
	}
	look(&s, 0, STR(""));
	assert_int_equal(get(&s, 0, &a)->emails_processed->total_emails_processed, 2);
	assert_int_equal(get(&s, 0, &b)->emails_processed->total_emails_processed, 1);
	assert_int_equal(get(&s, 0, &a)->emails_processed->timestamp, s.now_us);
	/* Periods of thirty days; what is older than both is forgotten. */
	look(&s, 29 * DAY, STR(""));
	assert_int_equal(get(&s, 0, &a)->emails_processed->total_emails_processed, 2);
	look(&s, DAY, STR(""));
	assert_int_equal(get(&s, 0, &a)->emails_processed->total_emails_processed, 0);
	assert_int_equal(get(&s, 0, &a)->emails_processed->total_emails_processed_previous, 2);
	look(&s, 30 * DAY, STR(""));
	assert_int_equal(get(&s, 0, &a)->emails_processed->total_emails_processed_previous, 0);
	look(&s, DAY, STR(""));
	assert_int_equal(fixture_count(s.f->st->messages, "SELECT count(*) FROM domain_day"), 0);
}

/* Several kinds of looks at one domain may be under way. */
static void what_others_found_meanwhile_stays(void **state)
{
	struct settings_look_list proof, health;
	struct site s;

	open_site(&s, state);
	struct ident id = add(&s, 0, "a.test");
	s.now_us += MINUTE;
	assert_int_equal(settings_looks_read(s.f->st, s.f->a, LOOKS_PROOF, s.now_us, &id.num, 1, &proof), OK);
	assert_int_equal(settings_looks_read(s.f->st, s.f->a, LOOKS_HEALTH, s.now_us, &id.num, 1, &health),
			 OK);
	struct domain *d = proof.v[0].object.obj;
	SET(d, domain, checked_at, s.now_us);
	SET(d, domain, missing_since, s.now_us);
	d = health.v[0].object.obj;
	SET(d, domain, spf_status, SPF_STATUS_GOOD);
	assert_int_equal(settings_looks_done(s.f->st, s.f->a, LOOKS_PROOF, s.now_us, &proof), OK);
	assert_int_equal(settings_looks_done(s.f->st, s.f->a, LOOKS_HEALTH, s.now_us, &health), OK);
	d = get(&s, 0, &id);
	assert_int_equal(d->checked_at, s.now_us);
	assert_int_equal(d->spf_status, SPF_STATUS_GOOD);
	d = proof.v[0].object.obj;
	CLEAR(d, domain, missing_since);
	assert_int_equal(settings_looks_done(s.f->st, s.f->a, LOOKS_PROOF, s.now_us, &proof), OK);
	d = get(&s, 0, &id);
	assert_false(HAS(d, domain, missing_since));
	assert_true(HAS(d, domain, spf_status));
}

static bool remember(void *ctx, int64_t account, int64_t num)
{
	(void)account;
	*(int64_t *)ctx = num;
	return false;
}

static struct settings_look_list proofs_due(struct site *s, int64_t now_us)
{
	struct settings_look_list due;
	int64_t num = 0;

	assert_int_equal(settings_looks_due(s->f->st, LOOKS_PROOF, now_us, remember, &num), OK);
	assert_int_equal(settings_looks_read(s->f->st, s->f->a, LOOKS_PROOF, now_us, &num, num > 0, &due),
			 OK);
	return due;
}

static void a_look_asked_for_meanwhile_is_not_forgotten(void **state)
{
	struct settings_look_list due;
	struct site s;

	open_site(&s, state);
	struct ident id = add(&s, 0, "a.test");
	s.now_us += MINUTE;
	due = proofs_due(&s, s.now_us);
	assert_int_equal(due.n, 1);
	assert_int_equal(settings_look_now(s.f->st, id.num, s.now_us + 1), OK);
	due.v[0].due_us = s.now_us + DAY;
	assert_int_equal(settings_looks_done(s.f->st, s.f->a, LOOKS_PROOF, s.now_us, &due), OK);
	due = proofs_due(&s, s.now_us + 1);
	assert_int_equal(due.n, 1);
	/* A name that is gone by then is passed over. */
	assert_int_equal(settings_account_delete(s.f->st, s.f->a, s.accounts[0]), OK);
	assert_int_equal(settings_looks_done(s.f->st, s.f->a, LOOKS_PROOF, s.now_us + 1, &due), OK);
	assert_int_equal(fixture_count(s.f->st->messages, "SELECT count(*) FROM domain_fact"), 0);
}

static void a_row_that_is_damaged_holds_up_nobody(void **state)
{
	struct site s;
	struct sql *c;

	open_site(&s, state);
	add(&s, 0, "broken.test");
	struct ident id = add(&s, 0, "a.test");
	assert_int_equal(sql_write_begin(s.f->st->messages, &c), OK);
	assert_int_equal(
	    sql_end(&c, sql_script(c, "UPDATE domain SET body = '{' WHERE ukey = 'broken.test'")), OK);
	look(&s, MINUTE, record(&s, 0, &id));
	assert_true(domain_is_authorized(get(&s, 0, &id)));
	look(&s, 0, STR(""));
}

static void what_is_known_goes_with_the_domain(void **state)
{
	struct site s;

	open_site(&s, state);
	add(&s, 0, "a.test");
	add(&s, 1, "b.test");
	look(&s, 0, STR(""));
	assert_int_equal(settings_account_delete(s.f->st, s.f->a, s.accounts[0]), OK);
	assert_int_equal(fixture_count(s.f->st->messages, "SELECT count(*) FROM domain_fact"), 1);
}

/* A resolver that hears everything and says nothing. */
static int silent_server(char address[64])
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&at, n), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	snprintf(address, 64, "127.0.0.1@%d", ntohs(at.sin_port));
	return fd;
}

static int64_t looked_at(struct site *s, const char *fact)
{
	return fixture_count(
	    s->f->st->messages,
	    arena_printf(s->f->a, "SELECT count(*) FROM domain_fact WHERE body LIKE '%%%s%%'", fact).p);
}

/*
 * Two accounts have more names that nobody answers than can be asked for at once, and they have waited longer. Those of the
 * third are looked at all the same, before a single one of theirs is done with.
 */
static void silence_keeps_nobody_waiting(void **state)
{
	char server[64];
	struct domain_watch *w;
	struct dns *dns;
	struct errbuf eb = { "" };
	struct account third = { 0 };
	struct site s;
	int fd = silent_server(server);

	open_site(&s, state);
	s.now_us -= 10 * MINUTE;
	for (int i = 0; i < 600; i++)
		add(&s, (size_t)i % 2, arena_printf(s.f->a, "d%d.silent.example.net", i).p);
	s.now_us += MINUTE;
	SET(&third, account, name, STR("third"));
	assert_int_equal(settings_account_add(s.f->st, s.f->a, &third), OK);
	s.accounts[0] = third.num;
	struct ident id = add(&s, 0, "a.test");
	struct dns_options o = { .servers = { &(struct str){ server, strlen(server) }, 1 },
				 .local_data = ARENA_JOIN(s.f->a, STR("zone test.\n"), record(&s, 0, &id)),
				 .log = &quiet };
	if (dns_new(&o, &dns, &eb))
		fail_msg("%s", eb.text);
	struct domain_watch_options watch = { s.f->st, dns, &quiet };
	assert_int_equal(domain_watch_start(&watch, &w, &eb), OK);
	const struct domain *d;
	int64_t until = clock_mono_ms() + 30000;
	do
		d = get(&s, 0, &id);
	while (clock_left_ms(until) > 0 && (!HAS(d, domain, checked_at) || !HAS(d, domain, spf_status)));
	assert_true(domain_is_authorized(d));
	assert_int_equal(looked_at(&s, "checked_at"), 1);
	assert_int_equal(looked_at(&s, "spf_status"), 1);
	domain_watch_stop(&w);
	dns_free(&dns);
	close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_domain_is_authorized_by_its_record),
		TEST(a_name_is_authorized_once),
		TEST(a_look_and_a_change_do_not_hinder_each_other),
		TEST(mails_are_counted_once),
		TEST(a_look_asked_for_meanwhile_is_not_forgotten),
		TEST(a_row_that_is_damaged_holds_up_nobody),
		TEST(what_is_known_goes_with_the_domain),
		TEST(what_others_found_meanwhile_stays),
		TEST(silence_keeps_nobody_waiting),
	};

	return cmocka_run_group_tests_name("courier/domain_watch", tests, NULL, NULL);
}

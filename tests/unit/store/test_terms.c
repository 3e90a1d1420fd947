/* What a mail is found by: every field that `query` looks at, how parties and hosts may be written, and prefixes. */
#include "fixture.h"

#include "base/clock.h"

struct search_case {
	const char *name;
	struct store_search q;
	const char *query; /* divided at spaces */
	bool found;
};

static struct record *known_record(struct arena *a)
{
	struct record *r = fixture_record(a, 1, "4Njp3P0STMz2c02Q", "", "envto@inner.corp.example",
					  "Überweisung fällig: Re 4711");
	struct message *m = r->message;
	struct attachment file = { 0 };

	SET(m, message, envelope_from, STR("bounce+x@mail.sending.co.uk"));
	SET(m, message, from, STR("Header.From@M\303\274nchen.example"));
	SET(m, message, from_name, STR("Hanna Friedrich"));
	SET(m, message, replyto, STR("answers@reply.example"));
	ARENA_PUSH(a, &m->to, STR("header-to@corp.example"));
	ARENA_PUSH(a, &m->to_name, STR("Thomas O'Neill"));
	ARENA_PUSH(a, &m->cc, STR("carbon@copies.example"));
	ARENA_PUSH(a, &m->detection_reasons, STR("The link leads to 127.0.0[dot]186"));
	m->has |= FIELD_BIT(message, to) | FIELD_BIT(message, to_name) | FIELD_BIT(message, cc) |
		  FIELD_BIT(message, detection_reasons);
	SET(m, message, message_id, STR("<Unique.77@mid.example>"));
	SET(m, message, final_disposition, DISP_BEC);
	SET(m, message, sent_at, INT64_C(1704448800000000)); /* 2024-01-05T10:00:00Z */
	SET(m, message, smtp_helo_server_ip, STR("192.0.2.33"));
	SET(m, message, smtp_previous_hop_ip, STR("198.51.100.44"));
	SET(m, message, x_originating_ip, STR("2001:db8::55"));
	SET(&file, attachment, name, STR("Rechnung_Mai-2.PDF"));
	SET(&file, attachment, md5, STR("d41d8cd98f00b204e9800998ecf8427e"));
	SET(&file, attachment, sha1, STR("da39a3ee5e6b4b0d3255bfef95601890afd80709"));
	SET(&file, attachment, sha256,
	    STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
	ARENA_PUSH(a, &r->detections->attachments, file);
	r->detections->has |= FIELD_BIT(detections, attachments);
	ARENA_PUSH(a, &r->link_hosts, STR("login.linked.co.uk"));
	r->has |= FIELD_BIT(record, link_hosts);
	return r;
}

static struct store_search any(void)
{
	return (struct store_search){ .account = 1,
				      .end_us = INT64_MAX / 2,
				      .disposition = -1,
				      .operation = -1,
				      .delivery_status = -1,
				      .page = 1,
				      .per_page = 10 };
}

static void check_case(struct fixture *f, const struct search_case *c, const char *when)
{
	struct store_search q = c->q, base = any();
	struct fixture_page page = { .most = 0 };
	struct str rest = str_of(c->query ? c->query : "");

	q.account = base.account;
	q.end_us = base.end_us;
	q.disposition = q.operation = q.delivery_status = -1;
	q.page = 1;
	q.per_page = 10;
	while (rest.n) {
		size_t end = str_find_char(rest, ' ', 0);
		ARENA_PUSH(f->a, &q.terms, str_sub(rest, 0, end));
		rest = end == SIZE_MAX ? STR_NONE : str_sub(rest, end + 1, rest.n);
	}
	assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
	if (page.n != c->found)
		fail_msg("%s, %s: %zu found", c->name ? c->name : c->query, when, page.n);
}

/* Where a row may be when it is looked for: not in the index, in it, and changed since. */
static bool touch(struct arena *a, struct record *r, void *ctx)
{
	(void)a;
	(void)ctx;
	SET(r->message, message, is_phish_submission, true);
	return true;
}

static void check_cases(struct fixture *f, const struct search_case *cases, size_t n)
{
	struct record *r = known_record(f->a),
		      *other = fixture_record(f->a, 1, "4Other", "x@y.example", "z@y.example", "none");

	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	assert_int_equal(store_record_add(f->st, f->a, other), OK);
	for (size_t i = 0; i < n; i++)
		check_case(f, &cases[i], "not indexed");
	fixture_upkeep(f, NULL);
	for (size_t i = 0; i < n; i++)
		check_case(f, &cases[i], "indexed");
	assert_int_equal(store_record_change(f->st, f->a, r->key, touch, NULL, NULL), OK);
	for (size_t i = 0; i < n; i++)
		check_case(f, &cases[i], "changed");
}

static void a_query_looks_at_every_field(void **state)
{
	static const struct search_case cases[] = {
		{ .query = "4njp3p0stmz2c02q", .found = true },
		{ .query = "carbon@copies.example", .found = true },
		{ .query = "copies.example", .found = true },
		{ .query = "bounce+x@mail.sending.co.uk", .found = true },
		{ .query = "hanna FRIEDRICH", .found = true },
		{ .query = "malicious-bec", .found = true },
		{ .query = "rechnung_mai-2.pdf", .found = true },
		{ .query = "rechnung mai", .found = true },
		{ .query = "D41D8CD98F00B204E9800998ECF8427E", .found = true },
		{ .query = "da39a3ee5e6b4b0d3255bfef95601890afd80709", .found = true },
		{ .query = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		  .found = true },
		{ .query = "leads 127.0.0[dot]186", .found = true },
		{ .query = "2024-01-05T10:00:00", .found = true },
		{ .query = "2024-01-05T10:00:00.000Z", .found = true },
		{ .query = "2024-01-05T11:00:00+01:00", .found = true },
		{ .query = "2024-01-05", .found = true },
		{ .query = "2024-01-06", .found = false },
		{ .query = "answers@reply.example", .found = true },
		{ .query = "reply.example", .found = true },
		{ .query = "envto@inner.corp.example", .found = true },
		{ .query = "header-to@corp.example", .found = true },
		{ .query = "thomas o'neill", .found = true },
		{ .query = "<unique.77@mid.example>", .found = true },
		{ .query = "unique.77@mid.example", .found = true },
		{ .query = "192.0.2.33", .found = true },
		{ .query = "198.51.100.44", .found = true },
		{ .query = "2001:db8::55", .found = true },
		{ .query = "\303\234BERWEISUNG f\303\244llig", .found = true },
		{ .query = "f\303\244llig nothere", .found = false },
		{ .query = "llig", .found = false },
		{ .query = "login.linked.co.uk",
		  .found = false }, /* hosts of links are asked for by `domain` */
	};

	check_cases(*state, cases, ARRAY_LEN(cases));
}

/* The received date and time, and the alert's id, are of the moment the row was made. */
static void a_query_looks_at_what_the_store_adds(void **state)
{
	struct fixture *f = *state;
	struct record *r = known_record(f->a);
	char at[CLOCK_TEXT_MAX];

	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	const struct search_case cases[] = {
		{ .query = arena_strndup(f->a, r->message->alert_id.p, r->message->alert_id.n),
		  .found = true },
		{ .query = arena_strndup(f->a, clock_zoneless(r->message->scanned_at, at).p, 19),
		  .found = true },
		{ .query = arena_strndup(f->a, clock_zoneless(r->message->scanned_at, at).p, 10),
		  .found = true },
		{ .name = "alert id", .q = { .alert_id = r->message->alert_id }, .found = true },
		{ .name = "its beginning", .q = { .alert_id = r->message->postfix_id }, .found = false },
	};
	for (int indexed = 0; indexed < 2; indexed++) {
		for (size_t i = 0; i < ARRAY_LEN(cases); i++)
			check_case(f, &cases[i], indexed ? "indexed" : "not indexed");
		fixture_upkeep(f, NULL);
	}
}

static void parties_are_found_by_suffix(void **state)
{
	static const struct search_case cases[] = {
		{ .name = "s1", .q = { .sender = STR_INIT("bounce+x@mail.sending.co.uk") }, .found = true },
		{ .name = "s2", .q = { .sender = STR_INIT("mail.sending.co.uk") }, .found = true },
		{ .name = "s3", .q = { .sender = STR_INIT("sending.co.uk") }, .found = true },
		{ .name = "s4", .q = { .sender = STR_INIT("@sending.co.uk") }, .found = true },
		{ .name = "s5", .q = { .sender = STR_INIT(".sending.co.uk") }, .found = true },
		{ .name = "s6", .q = { .sender = STR_INIT("*.Sending.CO.UK") }, .found = true },
		{ .name = "s7", .q = { .sender = STR_INIT("*@mail.sending.co.uk") }, .found = true },
		{ .name = "s8", .q = { .sender = STR_INIT("ending.co.uk") }, .found = false },
		{ .name = "s9", .q = { .sender = STR_INIT("co.uk") }, .found = false },
		{ .name = "s10", .q = { .sender = STR_INIT("xn--mnchen-3ya.example") }, .found = true },
		{ .name = "s11",
		  .q = { .sender = STR_INIT("header.from@m\303\274nchen.example") },
		  .found = true },
		{ .name = "s12", .q = { .sender = STR_INIT("envto@inner.corp.example") }, .found = false },
		{ .name = "s13", .q = { .sender = STR_INIT("@") }, .found = false },
		{ .name = "r1", .q = { .recipient = STR_INIT("envto@inner.corp.example") }, .found = true },
		{ .name = "r2", .q = { .recipient = STR_INIT("@corp.example") }, .found = true },
		{ .name = "r3", .q = { .recipient = STR_INIT("carbon@copies.example") }, .found = true },
		{ .name = "r4", .q = { .recipient = STR_INIT("sending.co.uk") }, .found = false },
		{ .name = "d1", .q = { .domain = STR_INIT("linked.co.uk") }, .found = true },
		{ .name = "d2", .q = { .domain = STR_INIT(".linked.co.uk") }, .found = true },
		{ .name = "d3", .q = { .domain = STR_INIT("sending.co.uk") }, .found = true },
		{ .name = "d4", .q = { .domain = STR_INIT("corp.example") }, .found = true },
		{ .name = "d5", .q = { .domain = STR_INIT("reply.example") }, .found = false },
		{ .query = "@sending.co.uk", .found = true },
		{ .query = ".sending.co.uk", .found = true },
		{ .query = "sending.co.uk", .found = true },
		{ .query = "corp.example", .found = true },
		{ .name = "m1", .q = { .message_id = STR_INIT("<unique.77@MID.example>") }, .found = true },
		{ .name = "m2", .q = { .message_id = STR_INIT("Unique.77@mid.example") }, .found = true },
		{ .name = "m3", .q = { .message_id = STR_INIT("unique.7@mid.example") }, .found = false },
		{ .name = "h1", .q = { .smtp_helo_ip = STR_INIT("192.0.2.33") }, .found = true },
		{ .name = "h2", .q = { .smtp_helo_ip = STR_INIT("::ffff:192.0.2.33") }, .found = true },
		{ .name = "h3", .q = { .smtp_helo_ip = STR_INIT("198.51.100.44") }, .found = false },
		{ .name = "k1", .q = { .subject = STR_INIT("4711 \303\274berweisung") }, .found = true },
		{ .name = "k2", .q = { .subject = STR_INIT("f\303\244llig friedrich") }, .found = false },
		{ .name = "e1",
		  .q = { .exact_subject = STR_INIT("\303\274berweisung f\303\244llig: re 4711") },
		  .found = true },
		{ .name = "e2",
		  .q = { .exact_subject = STR_INIT("\303\274berweisung f\303\244llig") },
		  .found = false },
	};

	check_cases(*state, cases, ARRAY_LEN(cases));
}

static void terms_may_be_prefixes(void **state)
{
	static const struct search_case cases[] = {
		{ .query = "fri*", .found = true },
		{ .query = "FRIED*", .found = true },
		{ .query = "friedr*", .found = true },
		{ .query = "friedri*", .found = true },
		{ .query = "friedrich*", .found = true },
		{ .query = "friedrichs*", .found = false },
		{ .query = "riedr*", .found = false },
		{ .query = "han* fried*", .found = true },
		{ .query = "han* nothere*", .found = false },
		{ .query = "\303\234berw*", .found = true },
		{ .query = "\303\274berwei*", .found = true },
		{ .query = "bounce+x@mail*", .found = true },
		{ .query = "mail.send*", .found = true },
		{ .query = "sending.c*", .found = true },
		{ .query = "192.0.2.*", .found = true },
		{ .query = "192.0.3.*", .found = false },
		{ .query = "2024-01-*", .found = true },
		{ .query = "2024-01-0*", .found = true },
		{ .query = "2024-01-05t10*", .found = true },
		{ .query = "2024-01-05t11*", .found = false },
		{ .query = "2024-02*", .found = false },
		{ .query = "e3b0c44*", .found = true },
		{ .query = "malicious-b*",
		  .found = false }, /* of the words malicious and b, and one is not enough */
		{ .query = "malicious-bec*", .found = true },
		{ .query = "mal*", .found = true },
		{ .query = "link*", .found = true },
		{ .query = "f=hea*", .found = false },
		{ .query = "p=fri*", .found = false },
		/* Less than three characters are a word. */
		{ .query = "re*", .found = true },
		{ .query = "h*", .found = false },
		{ .query = "*", .found = false },
	};

	check_cases(*state, cases, ARRAY_LEN(cases));
}

/* Each costs the index a merge that no deadline ends. */
static void long_prefixes_are_few(void **state)
{
	static const struct search_case four = { .query = "friedri* malicio* unique.77@* answers@*",
						 .found = true };
	struct str terms[] = { STR("friedri*"), STR("malicio*"), STR("unique.77@*"), STR("answers@*"),
			       STR("carbon@c*") };
	struct fixture *f = *state;
	struct fixture_page page = { .most = 0 };
	struct store_search five = any();

	five.terms = (struct strs){ terms, ARRAY_LEN(terms) };
	assert_int_equal(store_record_add(f->st, f->a, known_record(f->a)), OK);
	fixture_upkeep(f, NULL);
	check_case(f, &four, "indexed");
	assert_int_equal(fixture_search(f, f->a, &five, 0, &page), ERR_LIMIT);
}

/* What a change takes away must not take along the beginnings that other words have. */
static bool say_otherwise(struct arena *a, struct record *r, void *ctx)
{
	struct message *m = r->message;

	(void)ctx;
	m->detection_reasons.n = 0;
	ARENA_PUSH(a, &m->detection_reasons, STR("overdrawn"));
	SET(m, message, final_disposition, DISP_SPAM);
	return true;
}

static void prefixes_survive_changes(void **state)
{
	static const struct search_case before[] = {
		{ .query = "overs*", .found = true },   { .query = "over*", .found = true },
		{ .query = "overd*", .found = false },  { .query = "friedri*", .found = true },
		{ .query = "malicio*", .found = true },
	};
	static const struct search_case after[] = {
		{ .query = "overs*", .found = false },    { .query = "over*", .found = true },
		{ .query = "overd*", .found = true },     { .query = "fri*", .found = true },
		{ .query = "friedri*", .found = true },   { .query = "malicio*", .found = false },
		{ .query = "friendly*", .found = false },
	};
	struct fixture *f = *state;
	struct record *r = known_record(f->a);

	ARENA_PUSH(f->a, &r->message->detection_reasons, STR("oversized friendly"));
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	for (int indexed = 0; indexed < 2; indexed++) {
		for (size_t i = 0; i < ARRAY_LEN(before); i++)
			check_case(f, &before[i], indexed ? "indexed" : "not indexed");
		fixture_upkeep(f, NULL);
	}
	assert_int_equal(store_record_change(f->st, f->a, r->key, say_otherwise, NULL, NULL), OK);
	for (int indexed = 0; indexed < 2; indexed++) {
		for (size_t i = 0; i < ARRAY_LEN(after); i++)
			check_case(f, &after[i], indexed ? "changed and indexed" : "changed");
		fixture_upkeep(f, NULL);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_query_looks_at_every_field), TEST(a_query_looks_at_what_the_store_adds),
		TEST(parties_are_found_by_suffix),  TEST(terms_may_be_prefixes),
		TEST(long_prefixes_are_few),        TEST(prefixes_survive_changes),
	};

	return cmocka_run_group_tests_name("store/terms", tests, NULL, NULL);
}

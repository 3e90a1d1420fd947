/* What the policies of an account say of a mail: which fact a pattern sees, and what proves a sender. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/limits.h"
#include "policy/policy.h"

enum { BLOCK, TRUST, ACCEPT, EXEMPT };
enum { ENVELOPE = 1, HEADER = 2, ANY = 4 }; /* what was proved */

#define EMAIL PATTERN_EMAIL
#define DOMAIN PATTERN_DOMAIN
#define IP PATTERN_IP

/* Every case is one mail: bounce@env.example in the envelope, Ann@From.example in From, reply@reply.example,
 * helo.example at 192.0.2.10, for rcpt@home.example. */
static const struct {
	int use, type;
	const char *pattern;
	bool regex, verify;
	unsigned proved;
	const char *want; /* the field that matched, NULL = none */
} cases[] = {
	/* literals: which facts they see */
	{ BLOCK, EMAIL, "bounce@env.example", false, false, 0, "envelope_from" },
	{ BLOCK, EMAIL, "ANN@from.EXAMPLE", false, false, 0, "from" },
	{ BLOCK, EMAIL, "reply@reply.example", false, false, 0, "reply_to" },
	{ BLOCK, EMAIL, "nn@from.example", false, false, 0, NULL },
	{ BLOCK, DOMAIN, "env.example", false, false, 0, "envelope_from" },
	{ BLOCK, DOMAIN, "From.Example", false, false, 0, "from" },
	{ BLOCK, DOMAIN, "reply.example", false, false, 0, "reply_to" },
	{ BLOCK, DOMAIN, "helo.example", false, false, 0, NULL },
	{ BLOCK, DOMAIN, "example", false, false, 0, NULL },
	{ BLOCK, DOMAIN, "a.from.example", false, false, 0, NULL },
	{ BLOCK, IP, "192.0.2.10", false, false, 0, "ip" },
	{ BLOCK, IP, "192.0.2.11", false, false, 0, NULL },
	{ BLOCK, IP, "192.0.2.0/24", false, false, 0, "ip" },
	{ BLOCK, IP, "192.0.2.8/29", false, false, 0, "ip" },
	{ BLOCK, IP, "192.0.2.16/28", false, false, 0, NULL },
	{ BLOCK, IP, "::ffff:192.0.2.10", false, false, 0, "ip" },
	{ BLOCK, IP, "::ffff:192.0.2.0/120", false, false, 0, "ip" },
	{ BLOCK, IP, "::/0", false, false, 0, NULL }, /* families never match each other */
	{ TRUST, EMAIL, "bounce@env.example", false, false, 0, "envelope_from" },
	{ TRUST, EMAIL, "ann@from.example", false, false, 0, "from" },
	{ TRUST, EMAIL, "reply@reply.example", false, false, 0, NULL },
	{ TRUST, DOMAIN, "reply.example", false, false, 0, NULL },
	{ ACCEPT, DOMAIN, "from.example", false, false, 0, "from" },
	{ ACCEPT, DOMAIN, "reply.example", false, false, 0, NULL },
	{ ACCEPT, DOMAIN, "helo.example", false, false, 0, NULL },
	{ ACCEPT, IP, "192.0.2.10", false, false, 0, "ip" },
	/* expressions: whole value, any case, the fields their type names */
	{ BLOCK, EMAIL, ".*@ENV\\.example", true, false, 0, "envelope_from" },
	{ BLOCK, EMAIL, "@env\\.example", true, false, 0, NULL },
	{ BLOCK, EMAIL, "bounce", true, false, 0, NULL },
	{ BLOCK, EMAIL, "env\\.example", true, false, 0, NULL },
	{ BLOCK, EMAIL, "reply@.*", true, false, 0, "reply_to" },
	{ BLOCK, EMAIL, "helo.*", true, false, 0, NULL },
	{ BLOCK, EMAIL, "192.*", true, false, 0, NULL },
	{ BLOCK, DOMAIN, "(from|xyz)\\.example", true, false, 0, "from" },
	{ BLOCK, DOMAIN, "ann@.*", true, false, 0, NULL },
	{ BLOCK, DOMAIN, "helo\\..*", true, false, 0, "helo" },
	{ BLOCK, DOMAIN, "192.*", true, false, 0, NULL },
	{ BLOCK, IP, "192\\.0\\.2\\.1[0-9]", true, false, 0, "ip" },
	{ BLOCK, IP, "192\\.0\\.2\\.1", true, false, 0, NULL },
	{ BLOCK, IP, "helo.*|bounce.*", true, false, 0, NULL },
	{ BLOCK, EMAIL, "(.*.*)*!", true, false, 0, NULL },
	{ TRUST, EMAIL, "reply@.*", true, false, 0, "reply_to" },
	{ TRUST, DOMAIN, "helo\\.example", true, false, 0, "helo" },
	/* verify_sender: only the identity that matched and authenticated counts */
	{ TRUST, EMAIL, "ann@from.example", false, true, 0, NULL },
	{ TRUST, EMAIL, "ann@from.example", false, true, HEADER, "from" },
	{ TRUST, EMAIL, "ann@from.example", false, true, ENVELOPE | ANY, NULL },
	{ TRUST, EMAIL, "bounce@env.example", false, true, ENVELOPE, "envelope_from" },
	{ TRUST, EMAIL, "bounce@env.example", false, true, HEADER | ANY, NULL },
	{ TRUST, DOMAIN, "from.example", false, true, ANY, NULL },
	{ TRUST, DOMAIN, "from.example", false, true, HEADER, "from" },
	{ TRUST, DOMAIN, "env.example", false, true, ENVELOPE, "envelope_from" },
	{ TRUST, EMAIL, "reply@.*", true, true, ENVELOPE | HEADER | ANY, NULL },
	{ TRUST, DOMAIN, "helo.*", true, true, ENVELOPE | HEADER | ANY, NULL },
	{ TRUST, EMAIL, ".*", true, true, HEADER, "from" },
	{ TRUST, EMAIL, ".*", true, true, ENVELOPE, "envelope_from" },
	{ TRUST, EMAIL, ".*", true, true, ANY, NULL },
	{ TRUST, IP, "192.0.2.10", false, true, 0, NULL },
	{ TRUST, IP, "192.0.2.10", false, true, ANY, "ip" },
	{ TRUST, IP, "192.0.2.0/24", false, true, ANY, "ip" },
	{ TRUST, IP, "192\\..*", true, true, ANY, "ip" },
	{ TRUST, IP, "192\\..*", true, true, 0, NULL },
	{ ACCEPT, DOMAIN, "from.example", false, true, ENVELOPE | ANY, NULL },
	{ ACCEPT, DOMAIN, "from.example", false, true, HEADER, "from" },
	{ BLOCK, DOMAIN, "from.example", false, true, 0, "from" }, /* a block needs no proof */
	/* exempt recipients: addresses and expressions */
	{ EXEMPT, EMAIL, "RCPT@home.example", false, true, 0, "recipient" },
	{ EXEMPT, EMAIL, "ann@from.example", false, false, 0, NULL },
	{ EXEMPT, EMAIL, ".*@home\\.example", true, false, 0, "recipient" },
	{ EXEMPT, DOMAIN, "home\\.example", true, false, 0, "recipient" },
	{ EXEMPT, DOMAIN, "home.example", false, false, 0, NULL },
	{ EXEMPT, IP, ".*", true, false, 0, NULL },
};

static void decide(struct arena *a, size_t i, struct policy_decision *out)
{
	struct allow_policy allow = {
		.pattern = str_of(cases[i].pattern),
		.pattern_type = cases[i].type,
		.is_regex = cases[i].regex,
		.verify_sender = cases[i].verify,
		.is_trusted_sender = cases[i].use == TRUST,
		.is_acceptable_sender = cases[i].use == ACCEPT,
		.is_exempt_recipient = cases[i].use == EXEMPT,
	};
	struct block_sender block = { .pattern = allow.pattern,
				      .pattern_type = allow.pattern_type,
				      .is_regex = allow.is_regex };
	struct policy_source source = { .rev = 7 };
	struct str recipient = STR("rcpt@home.example");
	struct policy_facts facts = {
		.envelope_from = STR("bounce@env.example"),
		.header_from = STR("Ann@From.example"),
		.reply_to = STR("reply@reply.example"),
		.server_name = STR("helo.example"),
		.recipients = { &recipient, 1 },
		.envelope_proved = cases[i].proved & ENVELOPE,
		.header_proved = cases[i].proved & HEADER,
		.any_pass = cases[i].proved & ANY,
	};
	assert_int_equal(ip_parse(STR("192.0.2.10"), &facts.client_ip), OK);
	if (cases[i].use == BLOCK) {
		source.block.v = &block;
		source.block.n = 1;
	} else {
		source.allow.v = &allow;
		source.allow.n = 1;
	}
	struct policy *p = policy_compile(a, &source);
	assert_int_equal(policy_rev(p), 7);
	assert_int_equal(policy_skipped(p), 0);
	policy_decide(a, p, &facts, out);
	policy_free(&p);
	assert_null(p);
}

static void test_fields(void **state)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct policy_decision d;
		decide(a, i, &d);
		const struct policy_match *m = cases[i].use == BLOCK   ? &d.blocked
					       : cases[i].use == TRUST ? &d.trusted
								       : &d.acceptable;
		struct str got =
		    cases[i].use == EXEMPT ? (d.exempt.n ? STR("recipient") : STR_NONE) : m->field;
		if (!str_eq(got, str_of(cases[i].want)))
			fail_msg("case %zu %s: got %.*s, want %s", i, cases[i].pattern, STR_ARG(got),
				 cases[i].want ? cases[i].want : "nothing");
		size_t all = d.exempt.n + (d.blocked.pattern.n ? 1u : 0u) + (d.trusted.pattern.n ? 1u : 0u) +
			     (d.acceptable.pattern.n ? 1u : 0u);
		assert_int_equal(all, cases[i].want ? 1 : 0);
		/* All rules of the table with verify_sender match something; what was not proved is told. */
		bool verifies = cases[i].verify && (cases[i].use == TRUST || cases[i].use == ACCEPT);
		if (verifies && !cases[i].want)
			assert_true(d.unproved.pattern.n > 0);
		if (!verifies)
			assert_int_equal(d.unproved.pattern.n, 0);
	}
	arena_free(&a);
}

static struct policy_decision ask_ip(struct arena *a, const char **patterns, size_t n, const char *client)
{
	struct policy_decision d;
	struct policy_source source = { .block = { ARENA_ARRAY(a, n, struct block_sender), n } };
	struct policy_facts facts = { .header_from = STR("x@y.example") };

	for (size_t i = 0; i < n; i++)
		source.block.v[i] =
		    (struct block_sender){ .pattern = str_of(patterns[i]), .pattern_type = PATTERN_IP };
	assert_int_equal(ip_parse(str_of(client), &facts.client_ip), OK);
	struct policy *p = policy_compile(a, &source);
	policy_decide(a, p, &facts, &d);
	policy_free(&p);
	return d;
}

static void test_blocks(void **state)
{
	const char *patterns[] = { "198.51.100.0/24", "198.51.100.64/26", "2001:db8::/33",
				   "2001:db8:8000::7" };
	static const struct {
		const char *ip;
		int want; /* index of the pattern, -1 = none */
	} ips[] = {
		{ "198.51.100.1", 0 },     { "198.51.100.65", 1 },       { "198.51.101.1", -1 },
		{ "2001:db8:7fff::1", 2 }, { "2001:db8:8000::7", 3 },    { "2001:db8:8000::8", -1 },
		{ "2001:db9::1", -1 },     { "::ffff:198.51.100.1", 0 },
	};
	struct arena *a = arena_new(16u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ips); i++) {
		struct policy_decision d = ask_ip(a, patterns, ARRAY_LEN(patterns), ips[i].ip);
		const char *want = ips[i].want < 0 ? "" : patterns[ips[i].want];
		if (!str_eq(d.blocked.pattern, str_of(want)))
			fail_msg("%s: %.*s", ips[i].ip, STR_ARG(d.blocked.pattern));
	}
	arena_free(&a);
}

/* An internationalised name is the same in U-labels and in A-labels, in a literal and in an expression. */
static void test_idna(void **state)
{
	static const struct {
		const char *pattern, *from;
		int type;
		bool regex, want;
	} idna[] = {
		{ "b\xc3\xbc"
		  "cher.example",
		  "a@xn--bcher-kva.example", DOMAIN, false, true },
		{ "xn--bcher-kva.example",
		  "a@B\xc3\x9c"
		  "cher.example",
		  DOMAIN, false, true },
		{ "a@b\xc3\xbc"
		  "cher.example",
		  "A@XN--bcher-kva.example", EMAIL, false, true },
		{ "bucher.example",
		  "a@b\xc3\xbc"
		  "cher.example",
		  DOMAIN, false, false },
		{ ".*@xn--bcher-kva\\.example",
		  "a@b\xc3\xbc"
		  "cher.example",
		  EMAIL, true, true },
		{ ".*@b.cher\\.example",
		  "a@b\xc3\xbc"
		  "cher.example",
		  EMAIL, true, true },
		{ ".*", "a@\xff\xfe.example", EMAIL, true, true },
	};
	struct arena *a = arena_new(16u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(idna); i++) {
		struct block_sender b = { .pattern = str_of(idna[i].pattern),
					  .pattern_type = idna[i].type,
					  .is_regex = idna[i].regex };
		struct policy_source source = { .block = { &b, 1 } };
		struct policy_facts facts = { .header_from = str_of(idna[i].from) };
		struct policy_decision d;
		struct policy *p = policy_compile(a, &source);
		policy_decide(a, p, &facts, &d);
		if ((d.blocked.pattern.n > 0) != idna[i].want)
			fail_msg("%s against %s", idna[i].pattern, idna[i].from);
		policy_free(&p);
	}
	arena_free(&a);
}

static void test_many(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct policy_source source = { .allow = { ARENA_ARRAY(a, 10000, struct allow_policy), 10000 } };
	struct policy_decision d;
	struct policy_facts facts = { .header_from = STR("user9998@example.com") };

	(void)state;
	for (size_t i = 0; i < 10000; i++) {
		source.allow.v[i].pattern = arena_printf(a, "user%zu@example.com", i);
		source.allow.v[i].is_acceptable_sender = true;
	}
	source.allow.v[1].pattern = STR("not an address");
	source.allow.v[2].is_regex = true;
	source.allow.v[2].pattern = STR("(a");
	struct policy *p = policy_compile(a, &source);
	assert_int_equal(policy_skipped(p), 2);
	policy_decide(a, p, &facts, &d);
	assert_true(str_eq(d.acceptable.pattern, STR("user9998@example.com")));
	policy_free(&p);
	policy_decide(a, NULL, &facts, &d);
	assert_int_equal(d.acceptable.pattern.n, 0);
	arena_free(&a);
}

static struct policy_decision block_one(struct arena *a, const char *pattern, int type, bool regex,
					const struct policy_facts *facts)
{
	struct block_sender b = { .pattern = str_of(pattern), .pattern_type = type, .is_regex = regex };
	struct policy_source source = { .block = { &b, 1 } };
	struct policy_decision d;
	struct policy *p = policy_compile(a, &source);

	assert_int_equal(policy_skipped(p), 0);
	policy_decide(a, p, facts, &d);
	policy_free(&p);
	return d;
}

/* One mailbox has several spellings, and a NUL ends none of them. */
static void test_spellings(void **state)
{
	static const struct {
		const char *pattern;
		struct str address;
		int type;
		bool want;
	} spellings[] = {
		{ "a@blocked.example", STR_INIT("\"a\"@blocked.example"), EMAIL, true },
		{ "\"a\"@blocked.example", STR_INIT("a@blocked.example"), EMAIL, true },
		{ "\"a\"@blocked.example", STR_INIT("\"a\"@blocked.example"), EMAIL, true },
		{ "\"a b\"@blocked.example", STR_INIT("\"A b\"@Blocked.example"), EMAIL, true },
		{ "a@blocked.example", STR_INIT("\"\\a\"@blocked.example"), EMAIL, true },
		{ "a@blocked.example", STR_INIT("a@blocked.example."), EMAIL, true },
		{ "a@blocked.example", STR_INIT("\"a b\"@blocked.example"), EMAIL, false },
		{ "a@blocked.example", STR_INIT("a\0b@blocked.example"), EMAIL, false },
		{ "a@blocked.example", STR_INIT("a@blocked.example\0.evil.example"), EMAIL, false },
		{ "blocked.example", STR_INIT("a@blocked.example\0.evil.example"), DOMAIN, false },
	};
	struct arena *a = arena_new(16u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(spellings); i++) {
		const struct policy_facts facts = { .envelope_from = spellings[i].address };
		struct policy_decision d =
		    block_one(a, spellings[i].pattern, spellings[i].type, false, &facts);
		if ((d.blocked.pattern.n > 0) != spellings[i].want)
			fail_msg("%s against %.*s", spellings[i].pattern, STR_ARG(spellings[i].address));
	}
	arena_free(&a);
}

/* A block sees every mailbox that a reader may see; a permission the main ones alone. */
static void test_other_mailboxes(void **state)
{
	struct policy_mailbox more[] = { { "from", STR("second@more.example") },
					 { "reply_to", STR("third@more.example") } };
	const struct policy_facts facts = { .header_from = STR("first@from.example"), .others = { more, 2 } };
	static const struct {
		const char *pattern;
		int type;
		bool regex;
		const char *want;
	} patterns[] = {
		{ "second@more.example", EMAIL, false, "from" },
		{ "third@more.example", EMAIL, false, "reply_to" },
		{ "more.example", DOMAIN, false, "from" },
		{ "third.*", EMAIL, true, "reply_to" },
		{ "more\\.example", DOMAIN, true, "from" },
		{ "fourth@more.example", EMAIL, false, NULL },
	};
	struct arena *a = arena_new(16u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		struct allow_policy l = { .pattern = str_of(patterns[i].pattern),
					  .pattern_type = patterns[i].type,
					  .is_regex = patterns[i].regex,
					  .is_trusted_sender = true,
					  .is_acceptable_sender = true };
		struct policy_source allow = { .allow = { &l, 1 } };
		struct policy_decision d =
		    block_one(a, patterns[i].pattern, patterns[i].type, patterns[i].regex, &facts);
		if (!str_eq(d.blocked.field, str_of(patterns[i].want)))
			fail_msg("%s: %.*s", patterns[i].pattern, STR_ARG(d.blocked.field));
		struct policy *p = policy_compile(a, &allow);
		policy_decide(a, p, &facts, &d);
		assert_int_equal(d.trusted.pattern.n + d.acceptable.pattern.n, 0);
		policy_free(&p);
	}
	arena_free(&a);
}

/* A sending host that was only guessed may be blocked, and opens no door. */
static void test_guessed_host(void **state)
{
	static const struct {
		const char *pattern;
		int type;
		bool regex;
	} patterns[] = { { "192.0.2.0/24", IP, false },
			 { "192\\..*", IP, true },
			 { "helo.*", DOMAIN, true } };
	struct arena *a = arena_new(16u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(patterns) * 2; i++) {
		size_t k = i / 2;
		struct allow_policy l = { .pattern = str_of(patterns[k].pattern),
					  .pattern_type = patterns[k].type,
					  .is_regex = patterns[k].regex,
					  .is_trusted_sender = true };
		struct policy_source allow = { .allow = { &l, 1 } };
		struct policy_facts facts = { .server_name = STR("helo.example"),
					      .host_is_guess = i % 2 == 1,
					      .any_pass = true };
		struct policy_decision d;
		assert_int_equal(ip_parse(STR("192.0.2.10"), &facts.client_ip), OK);
		struct policy *p = policy_compile(a, &allow);
		policy_decide(a, p, &facts, &d);
		assert_int_equal(d.trusted.pattern.n > 0, !facts.host_is_guess);
		policy_free(&p);
		d = block_one(a, patterns[k].pattern, patterns[k].type, patterns[k].regex, &facts);
		assert_true(d.blocked.pattern.n > 0);
	}
	arena_free(&a);
}

static struct str repeated(struct arena *a, const char *unit, size_t bytes, const char *tail)
{
	char *z = arena_alloc(a, bytes + strlen(tail) + 1);

	for (size_t i = 0; i < bytes; i++)
		z[i] = unit[i % strlen(unit)];
	memcpy(z + bytes, tail, strlen(tail));
	return str_from(z, bytes + strlen(tail));
}

/* However an address is stretched, an expression with two wildcards is sure of its end. */
static void test_long_addresses(void **state)
{
	static const struct {
		const char *pattern, *unit;
		size_t bytes;
		const char *tail;
		bool want;
	} addresses[] = {
		{ ".*promo.*@blocked\\.example", "promo", 290, "@blocked.example", true },
		{ ".*promo.*@blocked\\.example", "promo", 60000, "@blocked.example", true },
		{ ".*promo.*@blocked\\.example", "promo", 60000, "@blocked.exampl", false },
		{ ".*@.*\\.example", "@", 305, "@x.examplx", false },
		{ ".*x.*@blocked\\.example", "x\xc3\xbc", 60000, "@blocked.example", true },
	};
	struct arena *a = arena_new(16u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		struct policy_facts facts = {
			.header_from = repeated(a, addresses[i].unit, addresses[i].bytes, addresses[i].tail)
		};
		struct policy_decision d = block_one(a, addresses[i].pattern, EMAIL, true, &facts);
		if ((d.blocked.pattern.n > 0) != addresses[i].want || d.gave_up > 0)
			fail_msg("case %zu: %zu given up", i, d.gave_up);
	}
	/* What is too long to be an address is allowed nothing. */
	struct allow_policy l = { .pattern = STR(".*@from\\.example"),
				  .is_regex = true,
				  .is_trusted_sender = true };
	struct policy_source allow = { .allow = { &l, 1 } };
	struct policy_facts facts = { .header_from = repeated(a, "x", 400, "@from.example") };
	struct policy_decision d;
	struct policy *p = policy_compile(a, &allow);
	policy_decide(a, p, &facts, &d);
	assert_int_equal(d.trusted.pattern.n, 0);
	policy_free(&p);
	arena_free(&a);
}

/* A mail made to cost: the work ends, says so, and what has a literal is compared all the same. */
static void test_exhausting(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct policy_source source = { .block = { ARENA_ARRAY(a, 300, struct block_sender), 300 } };
	struct policy_mailbox more[32];
	struct policy_facts facts = { .header_from = STR("boss@blocked.example"), .others = { more, 32 } };
	struct policy_decision d;

	(void)state;
	for (size_t i = 0; i < 300; i++)
		source.block.v[i] = (struct block_sender){ .pattern = arena_printf(a, "(?!q%zu)(@+)+!", i),
							   .is_regex = true };
	source.block.v[299].pattern = STR(".*@blocked\\.example");
	for (size_t i = 0; i < 32; i++)
		more[i] = (struct policy_mailbox){ "reply_to", repeated(a, "@", 300, "@x.example") };
	struct policy *p = policy_compile(a, &source);
	policy_decide(a, p, &facts, &d);
	assert_true(d.unfinished && d.gave_up > 0);
	assert_true(str_eq(d.blocked.pattern, STR(".*@blocked\\.example")));
	facts.others.n = 0;
	policy_decide(a, p, &facts, &d);
	assert_false(d.unfinished);
	policy_free(&p);
	arena_free(&a);
}

/* Each comparison is short, and there are more than anybody compares; exemptions do not suffer from it. */
static void test_too_many(void **state)
{
	enum { RULES = 3000, MAILBOXES = 1000 };
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct policy_source source = { .block = { ARENA_ARRAY(a, RULES, struct block_sender), RULES } };
	struct allow_policy exempt = { .pattern = STR("abuse@.*"),
				       .is_regex = true,
				       .is_exempt_recipient = true };
	struct policy_mailbox *more = ARENA_ARRAY(a, MAILBOXES, struct policy_mailbox);
	struct str to = STR("abuse@home.example");
	struct policy_facts facts = { .others = { more, MAILBOXES }, .recipients = { &to, 1 } };
	struct policy_decision d;

	(void)state;
	source.allow.v = &exempt;
	source.allow.n = 1;
	for (size_t i = 0; i < MAILBOXES; i++)
		more[i] = (struct policy_mailbox){ "from", arena_printf(a, "u%zu@x.example", i) };
	/* Whether they have a literal that is nowhere, or are for PCRE2 to read. */
	for (unsigned hard = 0; hard < 2; hard++) {
		facts.others.n = MAILBOXES;
		for (size_t i = 0; i < RULES; i++)
			source.block.v[i] =
			    (struct block_sender){ .pattern =
						       arena_printf(a, hard ? "(?=x%zu).@.*" : "x%zu@.*", i),
						   .is_regex = true };
		struct policy *p = policy_compile(a, &source);
		policy_decide(a, p, &facts, &d);
		assert_int_equal(d.unfinished, hard);
		assert_int_equal(d.gave_up > 0, hard);
		assert_int_equal(d.exempt.n, 1);
		facts.others.n = 1;
		policy_decide(a, p, &facts, &d);
		assert_false(d.unfinished);
		assert_int_equal(d.gave_up, 0);
		policy_free(&p);
	}
	arena_free(&a);
}

/*
 * Expressions that are catastrophic to others are like any to our automaton. Those of PCRE2 end, count as no match, and are
 * counted; of a block rule the mail bears the doubt.
 */
static void test_bounded(void **state)
{
	static const struct {
		struct str pattern;
		bool ends;
	} slow[] = { { STR_INIT("(a+)+b"), true },
		     { STR_INIT("((a|aa|aaa)*)*[bc]@.*z?"), true },
		     { STR_INIT("(?=a)(a+)+b"), false },
		     { STR_INIT("(?=a)((a|aa|aaa)*)*[bc]@.*z?"), false } };
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct policy_facts facts = { .header_from =
					  STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b") };

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(slow); i++) {
		bool blocks = i % 2 == 0, ends = slow[i / 2].ends;
		struct block_sender b = { .pattern = slow[i / 2].pattern, .is_regex = true };
		struct allow_policy l = { .pattern = slow[i / 2].pattern,
					  .is_regex = true,
					  .is_trusted_sender = true };
		struct policy_source source = { .allow = { &l, !blocks }, .block = { &b, blocks } };
		struct policy_decision d;
		struct policy *p = policy_compile(a, &source);
		policy_decide(a, p, &facts, &d);
		assert_int_equal(d.blocked.pattern.n + d.trusted.pattern.n, 0);
		assert_int_equal(d.gave_up, !ends);
		assert_int_equal(d.unfinished, blocks && !ends);
		policy_free(&p);
	}
	arena_free(&a);
}

/* A thousand recipients and a thousand expressions: what they are compared with is put together once. */
static void test_many_expressions(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct policy_source source = { .allow = { ARENA_ARRAY(a, 1000, struct allow_policy), 1000 } };
	struct policy_facts facts = { .recipients = { ARENA_ARRAY(a, 1000, struct str), 1000 } };
	struct policy_decision d;

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		source.allow.v[i].pattern = arena_printf(a, "abuse%zu@b.cher\\.example", i);
		source.allow.v[i].is_regex = true;
		source.allow.v[i].is_exempt_recipient = true;
		facts.recipients.v[i] = arena_printf(a, "user%zu@b\xc3\xbc%s", i, "cher.example");
	}
	facts.recipients.v[7] = STR("abuse999@b\xc3\xbc"
				    "cher.example");
	struct policy *p = policy_compile(a, &source);
	size_t before = arena_used(a);
	policy_decide(a, p, &facts, &d);
	assert_int_equal(d.exempt.n, 1);
	assert_int_equal(d.exempt.v[0].recipient, 7);
	assert_true(arena_used(a) - before < 4u << 20);
	policy_free(&p);
	arena_free(&a);
}

/* One account's expressions end where the others' memory begins; those that fit are compared. */
static void test_code_has_a_ceiling(void **state)
{
	enum { RULES = 1000 };
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct block_sender *rules = ARENA_ARRAY(a, RULES, struct block_sender);
	struct policy_source source = { .account = 1, .block = { rules, RULES } };
	struct policy_facts facts = { .header_from = STR("xx000@example.com") };
	struct policy_decision d;
	size_t each;
	struct errbuf eb;

	(void)state;
	for (size_t i = 0; i < RULES; i++) {
		rules[i].pattern = arena_printf(a, "(?:abcdefghij|x){2,300}%03zu@example\\.com", i);
		rules[i].pattern_type = PATTERN_EMAIL;
		rules[i].is_regex = true;
	}
	assert_int_equal(policy_pattern_check(rules[0].pattern, PATTERN_EMAIL, true, false, &each, &eb), OK);
	assert_true(each * RULES > LIMIT_POLICY_CODE);
	struct policy *p = policy_compile(a, &source);
	/* What several have in common is counted for each when it is written, and kept once. */
	assert_in_range(policy_skipped(p), 1, RULES - LIMIT_POLICY_CODE / each);
	policy_decide(a, p, &facts, &d);
	assert_true(str_eq(d.blocked.pattern, rules[0].pattern));
	policy_free(&p);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_idna),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_many_expressions),
		cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_other_mailboxes),
		cmocka_unit_test(test_guessed_host),
		cmocka_unit_test(test_long_addresses),
		cmocka_unit_test(test_exhausting),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_code_has_a_ceiling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

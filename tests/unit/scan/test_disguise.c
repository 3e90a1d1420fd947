/* What a stranger cannot get by disguise: past a block, into the trust of another host, or forged fields onwards. */
#include "../detect/bench.h"

#include "base/buf.h"
#include "base/limits.h"

static struct policy *trusting(struct arena *a, const char *pattern, int type)
{
	struct allow_policy one = { .pattern = str_of(pattern),
				    .pattern_type = type,
				    .is_trusted_sender = true };
	struct policy_source source = { .allow = { &one, 1 } };

	return policy_compile(a, &source);
}

static struct str forged(struct arena *a, size_t fields)
{
	struct buf b;

	buf_init(&b, 1u << 20);
	buf_add_c(&b, "From: ann@sender.test\r\n");
	for (size_t i = 0; i < fields; i++)
		buf_add_c(&b, "X-Postern-Foo: 1\r\n");
	buf_add_c(&b, "\r\nHello\r\n");
	struct str raw = arena_str(a, buf_str(&b));
	buf_free(&b);
	return raw;
}

/* Forged fields that cannot all be taken out hold a mail, whoever is trusted; and a few hundred do not. */
static void test_hold(void **state)
{
	(void)state;
	for (int few = 0; few < 2; few++) {
		struct arena *a = arena_new(16u << 20, NULL, NULL);
		struct policy *p = trusting(a, "sender.test", PATTERN_DOMAIN);
		const struct mail m = { .offline = true };
		struct bench b;
		bench_scan(&b, &m, NULL);
		b.job.raw = forged(a, few ? 300 : LIMIT_HEADER_FIELDS + 1);
		scan_run(a, &b.job, p, asker_new(a, NULL, NULL), &b.verdict);
		const struct message *got = b.verdict.message;
		assert_int_equal(b.verdict.hold, !few);
		assert_int_equal(got->final_disposition, few ? DISP_NONE : DISP_MALICIOUS);
		assert_int_equal(b.verdict.strip.n, few ? 300 : LIMIT_HEADER_FIELDS);
		bench_close(&b);
		policy_free(&p);
		arena_free(&a);
	}
}

/* Blocks see what any reader may see: every mailbox, quoted or not, and the host that was only guessed. */
static void test_blocked_in_disguise(void **state)
{
	static const struct {
		const char *name;
		struct mail mail;
	} mails[] = {
		{ "quotes in the envelope", { .mail_from = "\"a\"@blocked.test" } },
		{ "a dot behind the envelope", { .mail_from = "a@blocked.test." } },
		{ "second of From", { .from = "x@evil.test, A <a@blocked.test>" } },
		{ "second From", { .headers = "From: A <a@blocked.test>\r\n" } },
		{ "second of Reply-To", { .headers = "Reply-To: o@evil.test, a@blocked.test\r\n" } },
		{ "second Reply-To", { .headers = "Reply-To: o@evil.test\r\nReply-To: a@blocked.test\r\n" } },
		{ "an encoded word", { .from = "=?utf-8?q?a=40blocked=2Etest?=" } },
		{ "Sender, where From names nobody",
		  { .from = "A", .headers = "Sender: a@blocked.test\r\n" } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct arena *a = arena_new(1u << 20, NULL, NULL);
		struct block_sender one = { .pattern = STR("a@blocked.test"), .pattern_type = PATTERN_EMAIL };
		struct policy_source source = { .block = { &one, 1 } };
		struct policy *p = policy_compile(a, &source);
		struct bench b;
		bench_scan(&b, &mails[i].mail, p);
		if (!b.verdict.message->properties->blocklisted_message)
			fail_msg("%s", mails[i].name);
		bench_close(&b);
		policy_free(&p);
		arena_free(&a);
	}
}

/* A host beyond our own peer that nobody vouches for: what it is trusted for, a stranger would write into a field. */
static void test_guessed_host(void **state)
{
	static const char received[] =
	    "Received: from x (x [203.0.113.7]) by mx; Fri, 6 Nov 2026 10:00:00 +0000\r\n";
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct policy *p = trusting(a, "203.0.113.7", PATTERN_IP);

	(void)state;
	for (int hops = 2; hops <= 3; hops++) {
		const struct mail m = { .headers = received,
					.file = "invoice.pdf.exe",
					.file_bytes = STR_INIT("MZ\x90\0") };
		struct bench b;
		bench_scan(&b, &m, NULL);
		b.job.lookback_hops = hops; /* two are there, our peer and the field */
		scan_run(b.arena, &b.job, p, asker_new(b.arena, NULL, NULL), &b.verdict);
		assert_true(str_eq(b.verdict.message->smtp_helo_server_ip, STR("203.0.113.7")));
		assert_int_equal(b.verdict.message->final_disposition,
				 hops == 2 ? DISP_NONE : DISP_MALICIOUS);
		bench_close(&b);
	}
	policy_free(&p);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_hold),
					    cmocka_unit_test(test_blocked_in_disguise),
					    cmocka_unit_test(test_guessed_host) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

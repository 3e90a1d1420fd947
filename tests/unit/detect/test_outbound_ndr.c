/* outbound_ndr: bounces of our own mail, and of mail in our name. */
#include "bench.h"

#define DSN(back)                                                                                           \
	.from = "Mail Delivery System <mailer-daemon@other.org>", .mail_from = "",                          \
	.type = "multipart/report; report-type=delivery-status; boundary=r",                                \
	.body =                                                                                             \
	    "--r\r\n\r\nIt could not be delivered.\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\n" \
	    "Reporting-MTA: dns; mx.other.org\r\n\r\nFinal-Recipient: rfc822; x@other.org\r\nAction: "      \
	    "failed\r\n"                                                                                    \
	    "Status: 5.1.1\r\n\r\n--r\r\n" back "\r\n--r--\r\n"
#define WHOLE(fields)                                 \
	"Content-Type: message/rfc822\r\n\r\n" fields \
	"Subject: Hi\r\n\r\nViagra and Cialis from our online pharmacy! Order now.\r\n"
#define HEADER(fields) "Content-Type: text/rfc822-headers\r\n\r\n" fields "Subject: Hi\r\n"
#define OURS "From: Bob <bob@home.test>\r\nMessage-ID: <77@home.test>\r\n"
#define BUSY .seen = 50, .only = "sends:"
#define WANT "outbound_ndr.backscatter"

static const struct row rows[] = {
	{ "the whole message", { DSN(WHOLE(OURS)), BUSY }, WANT, 0.7 },
	{ "its header", { DSN(HEADER(OURS)), BUSY }, WANT, 0.7 },
	{ "of a domain below ours",
	  { DSN(WHOLE("From: Bob <bob@mail.home.test>\r\nMessage-ID: <1@x>\r\n")), BUSY },
	  WANT,
	  0.7 },
	{ "with a Message-ID of another",
	  { DSN(WHOLE("From: bob@home.test\r\nMessage-ID: <q@evil.org>\r\n")), BUSY },
	  WANT,
	  0.7 },
	{ "folded",
	  { DSN(HEADER("From: bob@home.test\r\nMessage-ID:\r\n <77@home.test>\r\n")), BUSY },
	  WANT,
	  0.7 },
	{ "in capitals",
	  { DSN(WHOLE("FROM: BOB@HOME.TEST\r\nMESSAGE-ID: <77@HOME.TEST>\r\n")), BUSY },
	  WANT,
	  0.7 },
	{ "an encoded name",
	  { DSN(WHOLE("From: =?utf-8?q?Bob?= <bob@home.test>\r\nMessage-ID: <7@h>\r\n")), BUSY },
	  WANT,
	  0.7 },
	{ "fields before it", { DSN(HEADER("Received: from x by y\r\n" OURS)), BUSY }, WANT, 0.7 },
	{ "nobody to prove it", { DSN(WHOLE(OURS)), BUSY, .silent = "other.org" }, WANT, 0.7 },
	{ "from a postmaster",
	  { DSN(WHOLE(OURS)), BUSY, .headers = "Auto-Submitted: auto-replied\r\n" },
	  WANT,
	  0.7 },
	/* near misses */
	{ "what we sent", { DSN(WHOLE(OURS)), .seen = 50, .wrote = true }, NULL, 0 },
	{ "a house whose mail is not seen here", { DSN(WHOLE(OURS)) }, NULL, 0 },
	{ "a house whose mail is hardly seen here",
	  { DSN(WHOLE(OURS)), .seen = 5, .only = "sends:" },
	  NULL,
	  0 },
	{ "of somebody else's",
	  { DSN(WHOLE("From: a@partner.com\r\nMessage-ID: <77@partner.com>\r\n")), BUSY },
	  NULL,
	  0 },
	{ "without a Message-ID", { DSN(WHOLE("From: bob@home.test\r\n")), BUSY }, NULL, 0 },
	{ "with an empty one", { DSN(WHOLE("From: bob@home.test\r\nMessage-ID: <>\r\n")), BUSY }, NULL, 0 },
	{ "nothing given back", { DSN("Content-Type: text/plain\r\n\r\n" OURS), BUSY }, NULL, 0 },
	{ "nobody to ask", { DSN(WHOLE(OURS)), BUSY, .offline = true }, NULL, 0 },
	{ "a forwarded message", { .type = "message/rfc822", .body = OURS "\r\nHi\r\n", BUSY }, NULL, 0 },
	{ "ordinary mail", { BUSY }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "outbound_ndr");
}

/* A bounce of our own mail says so, and loses what speaks for spam; one with an envelope sender is none. */
static void test_own_bounce(void **state)
{
	const struct mail ours = { DSN(WHOLE(OURS)), .seen = 50, .only = "sent:" };
	struct mail answered = ours;
	struct bench b;

	(void)state;
	bench_scan(&b, &ours, NULL);
	const struct properties *p = b.verdict.message->properties;
	assert_true(HAS(p, properties, allowlisted_pattern) &&
		    str_eq(p->allowlisted_pattern, STR("77@home.test")));
	assert_int_equal(p->allowlisted_pattern_type, ALLOWLIST_OUTBOUND_NDR);
	for (size_t i = 0; i < b.verdict.message->findings.n; i++) {
		const struct finding *f = &b.verdict.message->findings.v[i];
		assert_true(f->detection != DISP_SPAM || HAS(f, finding, suppressed_by));
	}
	assert_int_equal(b.verdict.message->final_disposition, DISP_NONE);
	bench_close(&b);
	answered.mail_from = "x@evil.org";
	bench_scan(&b, &answered, NULL);
	assert_false(HAS(b.verdict.message->properties, properties, allowlisted_pattern));
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_own_bounce) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

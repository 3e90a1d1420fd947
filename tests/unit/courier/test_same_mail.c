/* Whether a mail in a mailbox is the one of a record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/hash.h"
#include "courier/same_mail.h"
#include "intake/copy_record.h"
#include "scan/fields.h"

#define HEAD                                       \
	"From: Ann <ann@example.net>\r\n"          \
	"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n" \
	"Message-ID: <x@example.net>\r\n"          \
	"Date: Fri, 20 Nov 2026 10:00:00 +0000\r\n"
#define BODY "\r\nthe minutes\r\n"
#define HOPS                                                           \
	"Return-Path: <ann@example.net>\r\nDelivered-To: b@x.test\r\n" \
	"Received: from a by b;\r\n\tFri, 20 Nov 2026 10:00:01 +0000\r\n"
#define OURS(id) "X-Postern-Processed: " id "\r\nX-Postern-Disposition: UCE\r\n"

static const struct config config = { .hostname = "gw.example.test", .header_prefix = "X-Postern-" };

/* As the first copy, HEAD BODY, was filed. */
static struct record *filed(struct arena *a)
{
	struct record *r = ARENA_NEW(a, struct record);
	struct message *m = ARENA_NEW(a, struct message);
	const struct scan_job job = { .raw = STR(HEAD BODY),
				      .authserv_id = STR("gw.example.test"),
				      .header_prefix = STR("X-Postern-") };
	struct headers h = headers_parse(a, job.raw, 0, job.raw.n, NULL);
	const struct verdict v = { .content_sha256 = fields_content_sha256(a, &job, &h) };

	SET(r, record, account, 7);
	SET(r, record, message, m);
	SET(r, record, content, copy_digest(a, 7, &v, STR("")));
	SET(m, message, postfix_id, STR("5BL5w13xP6z3kKxm"));
	SET(m, message, from, STR("ann@example.net"));
	SET(m, message, subject,
	    STR("Gr\xc3\xbc\xc3\x9f"
		"e"));
	SET(m, message, sent_at, INT64_C(1795168800000000));
	return r;
}

static void cases(void **state)
{
	static const struct {
		const char *name, *bytes;
		enum same_mail want;
	} rows[] = {
		{ "as it came", HEAD BODY, SAME_CONTENT },
		{ "with the fields of its way", HOPS HEAD BODY, SAME_CONTENT },
		{ "passed on by us", HOPS OURS("5BL5w13xP6z3kKxm") HEAD BODY, SAME_MARK },
		{ "passed on by us, and changed behind us",
		  HOPS OURS("5BL5w13xP6z3kKxm") "Subject: [list]\r\n\r\nx\r\n", SAME_MARK },
		{ "passed on as another one", HOPS OURS("5BL5w0000000kKxm") HEAD "\r\nother\r\n",
		  SAME_FIELDS },
		{ "its content with another's id", OURS("5BL5w0000000kKxm") HEAD BODY, SAME_TWIN },
		{ "another text", HEAD "\r\nthe kitchen\r\n", SAME_FIELDS },
		{ "written anew",
		  "Subject: Gr\xc3\xbc\xc3\x9f"
		  "e\r\nDate: 20 Nov 2026 11:00:00 +0100\r\nfrom: ANN@example.net\r\n\r\nx",
		  SAME_FIELDS },
		{ "another sender",
		  "From: b@example.net\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: "
		  "<x@example.net>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nx",
		  SAME_NOT },
		{ "another subject",
		  "From: ann@example.net\r\nSubject: y\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nx",
		  SAME_NOT },
		{ "another time",
		  "From: ann@example.net\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nDate: Fri, 20 Nov 2026 "
		  "10:00:01 +0000\r\n\r\nx",
		  SAME_NOT },
		{ "its Message-ID alone", "Message-ID: <x@example.net>\r\n\r\nx", SAME_NOT },
		{ "nothing", "", SAME_NOT },
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new(1u << 24, NULL, NULL);
		enum same_mail got = same_mail(a, &config, filed(a), str_of(rows[i].bytes));
		if (got != rows[i].want)
			fail_msg("%s: %d, not %d", rows[i].name, (int)got, (int)rows[i].want);
		arena_free(&a);
	}
}

/* A copy that could not be scanned has no content that was looked at. */
static void by_its_bytes_alone(void **state)
{
	struct arena *a = arena_new(1u << 24, NULL, NULL);
	struct record *r = filed(a);

	(void)state;
	CLEAR(r, record, content);
	r->content = STR_NONE;
	assert_int_equal(same_mail(a, &config, r, STR(HEAD BODY)), SAME_FIELDS);
	SET(r, record, raw_sha256, hash_sha256_hex(a, STR(HEAD BODY)));
	assert_int_equal(same_mail(a, &config, r, STR(HEAD BODY)), SAME_CONTENT);
	assert_int_equal(same_mail(a, &config, r, STR(HOPS HEAD BODY)), SAME_FIELDS);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(cases), cmocka_unit_test(by_its_bytes_alone) };

	return cmocka_run_group_tests_name("courier/same_mail", tests, NULL, NULL);
}

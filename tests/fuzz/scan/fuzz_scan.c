/* Any bytes are a mail with a verdict; the same bytes give the same, it fits the wire, and the broker takes it. */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "broker/check.h"
#include "json/write.h"
#include "scan/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void answer(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *out)
{
	(void)ctx, (void)a, (void)asks;
	for (size_t i = 0; i < n; i++)
		out[i] = (struct answer){ .status = ANSWER_NXDOMAIN };
}

static struct str scan(struct arena *a, const struct scan_job *job, struct buf *b)
{
	const struct json_write how = { .audience = JSON_FOR_OURSELVES };
	struct verdict v;
	struct errbuf eb;

	scan_run(a, job, NULL, asker_new(a, answer, NULL), &v);
	if (check_verdict(&v, job, job->raw, &eb) != OK)
		abort();
	buf_init(b, LIMIT_VERDICT);
	json_object_write(b, &verdict_fields, &v, &how);
	if (!buf_ok(b))
		abort();
	return buf_str(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str own = STR("home.test"), to = STR("bob@home.test");
	struct scan_job job = { .raw = str_from(data, size),
				.mail_from = STR("a@b.test"),
				.has_envelope = true,
				.recipients = { &to, 1 },
				.client_ip = { .family = 4, .b = { 192, 0, 2, 10 } },
				.delivery_mode = size % 2 ? MODE_REVIEW_SUBMISSION : MODE_DIRECT,
				.account = 1,
				.lookback_hops = (int)(size % 3) + 1,
				.protected_domains = { &own, 1 },
				.authserv_id = STR("mx.home.test"),
				.header_prefix = STR("X-Postern-") };
	struct arena *a = arena_new(LIMIT_SCAN_ARENA, NULL, NULL);
	struct buf one, two;

	if (!str_eq(scan(a, &job, &one), scan(a, &job, &two)))
		abort();
	buf_free(&one);
	buf_free(&two);
	arena_free(&a);
	return 0;
}

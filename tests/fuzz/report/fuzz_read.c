/* Reports of every kind from the same bytes; what was read must be writable as JSON. */
#include "base/arena.h"
#include "base/buf.h"
#include "json/write.h"
#include "report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_all(const struct fieldtab *t, const void *obj)
{
	const struct json_write how = { .audience = JSON_FOR_API };
	struct buf b;

	buf_init(&b, 64u << 20);
	json_object_write(&b, t, obj, &how);
	buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str s = str_from(data, size);
	struct delivery_report delivery;
	struct feedback_report feedback;
	struct dmarc_report dmarc;
	struct tls_report tls;

	if (report_read_dmarc(a, s, &dmarc) != ERR_ABSENT)
		write_all(&dmarc_report_fields, &dmarc);
	if (report_read_tls(a, s, &tls) != ERR_ABSENT)
		write_all(&tls_report_fields, &tls);
	if (report_read_feedback(a, s, &feedback) == OK)
		write_all(&feedback_report_fields, &feedback);
	if (report_read_delivery(a, s, &delivery) == OK)
		write_all(&delivery_report_fields, &delivery);
	arena_free(&a);
	return 0;
}

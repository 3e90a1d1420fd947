/*
 * Any bytes as JSON, then as a message; what was read must be written and read back to the same text, and that text be
 * shown to clients as what was read is.
 */
#include <stdlib.h>

#include "json/copy.h"
#include "json/read.h"
#include "json/write.h"
#include "model/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void show(struct buf *shown, struct buf *copied, struct str stored, const struct message *m)
{
	struct json_write how = { .audience = JSON_FOR_API };

	json_object_write(shown, &message_fields, m, &how);
	if (json_stored_write(copied, &message_fields, stored, NULL, 0, &how))
		abort();
	if (!str_eq(buf_str(shown), buf_str(copied)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new((size_t)512 << 20, NULL, NULL);
	struct json_write how = { .audience = JSON_FOR_OURSELVES };
	struct message m = { 0 }, again = { 0 };
	struct buf first, second, shown, copied;

	buf_init(&first, (size_t)64 << 20);
	buf_init(&second, (size_t)64 << 20);
	buf_init(&shown, (size_t)64 << 20);
	buf_init(&copied, (size_t)64 << 20);
	/* Whatever it is, nothing but what was there is touched. */
	(void)!json_stored_write(&copied, &message_fields, str_from(data, size), NULL, 0,
				 &(struct json_write){ .audience = JSON_FOR_API });
	buf_clear(&copied);
	if (size < 65536 &&
	    json_text_read(a, &message_fields, str_from(data, size), JSON_STORED, &m, NULL) == OK) {
		json_object_write(&first, &message_fields, &m, &how);
		if (json_text_read(a, &message_fields, buf_str(&first), JSON_STORED, &again, NULL))
			abort();
		json_object_write(&second, &message_fields, &again, &how);
		if (!str_eq(buf_str(&first), buf_str(&second)))
			abort();
		show(&shown, &copied, buf_str(&first), &again);
	}
	buf_free(&copied);
	buf_free(&shown);
	buf_free(&first);
	buf_free(&second);
	arena_free(&a);
	return 0;
}

/* Any bytes as JSON, then as a message; what was read must be written and read back to the same text. */
#include <stdlib.h>

#include "json/read.h"
#include "json/write.h"
#include "model/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new((size_t)512 << 20, NULL, NULL);
	struct json_write how = { .audience = JSON_FOR_OURSELVES };
	struct message m = { 0 }, again = { 0 };
	struct buf first, second;

	buf_init(&first, (size_t)64 << 20);
	buf_init(&second, (size_t)64 << 20);
	if (size < 65536 &&
	    json_text_read(a, &message_fields, str_from(data, size), JSON_STORED, &m, NULL) == OK) {
		json_object_write(&first, &message_fields, &m, &how);
		if (json_text_read(a, &message_fields, buf_str(&first), JSON_STORED, &again, NULL))
			abort();
		json_object_write(&second, &message_fields, &again, &how);
		if (!str_eq(buf_str(&first), buf_str(&second)))
			abort();
	}
	buf_free(&first);
	buf_free(&second);
	arena_free(&a);
	return 0;
}

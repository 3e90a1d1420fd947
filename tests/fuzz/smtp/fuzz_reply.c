/* A next hop's reply, line by line; what was read can be written and read again with the same code. */
#include "smtp/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err read_all(struct str in, struct smtp_reply_reader *r, bool *done)
{
	*done = false;
	while (!*done) {
		size_t end = str_find_char(in, '\n', 0);
		if (end == SIZE_MAX)
			return ERR_ABSENT;
		enum err e = smtp_reply_read(r, str_trim(str_sub(in, 0, end)), done);
		if (e)
			return e;
		in = str_sub(in, end + 1, in.n);
	}
	return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct smtp_reply_reader r = { .n = 0 }, again = { .n = 0 };
	struct buf wire;
	bool done;

	if (read_all(str_from(data, size), &r, &done))
		return 0;
	ASSERT(strlen(r.reply.text) < SMTP_REPLY_TEXT);
	buf_init(&wire, 1 << 20);
	smtp_reply_write(&r.reply, &wire);
	ASSERT(buf_ok(&wire) && read_all(buf_str(&wire), &again, &done) == OK);
	ASSERT(again.reply.code == r.reply.code);
	buf_free(&wire);
	return 0;
}

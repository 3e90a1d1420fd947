/* Names and texts in IPC_GIVE records. */
#include "daemon/handover.h"

struct str handover_name(struct str payload)
{
	return str_sub(payload, 0, str_find_char(payload, 0, 0));
}

struct str handover_text(struct str payload)
{
	size_t nul = str_find_char(payload, 0, 0);

	return nul == SIZE_MAX ? STR_NONE : str_sub(payload, nul + 1, payload.n);
}

enum err handover_give(struct ipc *to, const char *name, const char *text, int fd, int64_t until_ms)
{
	struct buf b;

	buf_init(&b, LIMIT_IPC_RECORD);
	buf_add_c(&b, name);
	buf_add_char(&b, 0);
	if (text)
		buf_add_c(&b, text);
	enum err e = buf_ok(&b) ? ipc_send(to, IPC_GIVE, buf_str(&b), fd, until_ms) : ERR_LIMIT;
	buf_free(&b);
	return e;
}

/*
 * A mail in pieces taken apart for signing: what comes out, put together again, is what went in. The first byte says how
 * long the pieces are.
 */
#include "base/arena.h"
#include "intake/outgoing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct outgoing out = { 0 };
	struct outgoing_parts parts;
	size_t step = size ? data[0] + 1u : 1, all = 0;
	struct str mail = size ? str_from(data + 1, size - 1) : STR_NONE;

	for (size_t at = 0; at < mail.n; at += step)
		ARENA_PUSH(a, &out.pieces, str_sub(mail, at, at + step));
	if (outgoing_split(a, &out, &parts)) {
		for (size_t i = 0; i < parts.mail.fields.n; i++) {
			struct str field = parts.mail.fields.v[i].whole;
			ASSERT(str_eq(field, str_sub(mail, all, all + field.n)));
			all += field.n;
		}
		all += str_starts(str_sub(mail, all, mail.n), STR("\r\n")) ? 2 : 1; /* the empty line */
		for (size_t i = 0; i < parts.body.n; i++) {
			ASSERT(str_eq(parts.body.v[i], str_sub(mail, all, all + parts.body.v[i].n)));
			all += parts.body.v[i].n;
		}
		ASSERT(all == mail.n);
	}
	arena_free(&a);
	return 0;
}

/* An Authentication-Results value; and the same bytes as the value of a Received field. */
#include "auth/authres.h"
#include "auth/received.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str text = str_from(data, size);
	struct spf spf = { .result = SPF_FAIL, .reason = text };
	struct authres_facts facts = { .mail_from = text, .spf = &spf };
	struct received received;
	struct authres r;

	enum err e = authres_parse(a, text, &r);
	ASSERT(e == OK || e == ERR_SYNTAX);
	e = received_parse(a, text, &received);
	ASSERT(e == OK || e == ERR_ABSENT);
	/* Whatever is in it, what we write reads back as one result. */
	ASSERT(authres_parse(a, arena_printf(a, "x%.*s", STR_ARG(authres_write(a, &facts))), &r) == OK);
	ASSERT(r.methods.n == 1 && str_eq(r.methods.v[0].result, STR("fail")) &&
	       r.methods.v[0].properties.n == (size > 0));
	arena_free(&a);
	return 0;
}

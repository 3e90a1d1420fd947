/* An Authentication-Results value; and the same bytes as what strangers put into ours. */
#include "auth/authres.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str text = str_from(data, size);
	struct spf spf = { .result = SPF_FAIL, .reason = text };
	struct authres_facts facts = { .mail_from = text, .spf = &spf };
	struct authres r;

	enum err e = authres_parse(a, text, &r);
	ASSERT(e == OK || e == ERR_SYNTAX);
	/* Whatever is in it, what we write reads back as one result. */
	ASSERT(authres_parse(a, ARENA_JOIN(a, STR("x"), authres_write(a, &facts)), &r) == OK);
	ASSERT(r.methods.n == 1 && str_eq(r.methods.v[0].result, STR("fail")) &&
	       r.methods.v[0].properties.n == (size > 0));
	arena_free(&a);
	return 0;
}

/* One field's value; the first byte chooses the parser. What is text must be UTF-8. */
#include "base/arena.h"
#include "base/utf8.h"
#include "mime/address.h"
#include "mime/date.h"
#include "mime/encoded_word.h"
#include "mime/header.h"
#include "mime/param.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_addresses(struct arena *a, struct str s)
{
	struct addresses l = address_parse(a, s);

	for (size_t i = 0; i < l.n; i++)
		ASSERT(utf8_is_valid(l.v[i].name) && utf8_is_valid(l.v[i].addr) &&
		       utf8_is_valid(l.v[i].group));
}

static void try_params(struct arena *a, struct str s)
{
	struct params p = params_parse(a, s);

	for (size_t i = 0; i < p.n; i++)
		ASSERT(utf8_is_valid(p.v[i].value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str s = size ? str_from(data + 1, size - 1) : STR_NONE;
	struct mime_defects d = { 0 };
	int64_t us;

	switch (size ? data[0] % 5 : 0) {
	case 0:
		try_addresses(a, s);
		break;
	case 1:
		try_params(a, s);
		break;
	case 2:
		ASSERT(utf8_is_valid(encoded_word_decode(a, s)));
		break;
	case 3:
		if (!date_parse(s, &us))
			ASSERT(us > -2208988800000000 - 86400000000 && us < 253402300800000000 + 86400000000);
		break;
	default:
		(void)headers_parse(a, s, 0, s.n, &d);
		break;
	}
	arena_free(&a);
	return 0;
}

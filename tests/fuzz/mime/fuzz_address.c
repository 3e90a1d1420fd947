/* An address list. Names and addresses are UTF-8, domains have nothing that no domain has. */
#include "base/abnf.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "mime/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_domain(struct str s)
{
	if (str_starts(s, STR("[")))
		return str_find_char(s, ']', 0) == s.n - 1;
	for (size_t i = 0; i < s.n; i++)
		if (!abnf_is_ldh((unsigned char)s.p[i]) && s.p[i] != '.' && s.p[i] != '_' &&
		    (unsigned char)s.p[i] < 0x80)
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct addresses l = address_parse(a, str_from(data, size));

	ASSERT(l.n <= LIMIT_ADDRESSES);
	for (size_t i = 0; i < l.n; i++) {
		const struct address *at = &l.v[i];
		ASSERT(utf8_is_valid(at->name) && utf8_is_valid(at->addr) && utf8_is_valid(at->group));
		ASSERT(is_domain(at->domain) && str_ends(at->addr, at->domain));
		ASSERT(str_find_char(at->addr, 0, 0) == SIZE_MAX);
	}
	arena_free(&a);
	return 0;
}

/* One address taken apart. */
#include "mime/addr_spec.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/charset.h"
#include "base/domain.h"
#include "mime/encoded_word.h"
#include "mime/header.h"

static bool is_dot_atom(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!abnf_is_atext((unsigned char)s.p[i]) && s.p[i] != '.' && (unsigned char)s.p[i] < 0x80)
			return false;
	return s.n > 0;
}

/* Quotes are taken off where the text needs none: "joe"@x is joe@x. */
static struct str plain_local(struct arena *a, struct str local)
{
	if (local.n < 2 || local.p[0] != '"' || local.p[local.n - 1] != '"')
		return local;
	char *z = arena_alloc(a, local.n);
	size_t n = 0;
	for (size_t i = 1; i + 1 < local.n; i++) {
		if (local.p[i] == '\\' && i + 2 < local.n)
			i++;
		z[n++] = local.p[i];
	}
	struct str plain = { z, n };
	return is_dot_atom(plain) ? plain : local;
}

struct address address_split(struct arena *a, struct str addr)
{
	struct address out = { 0 };
	struct str s = charset_to_utf8(a, STR_NONE, header_unfold(a, addr), NULL);
	size_t at = str_rfind_char(s, '@');

	out.local = plain_local(a, str_trim(str_sub(s, 0, at)));
	if (at != SIZE_MAX)
		out.domain = arena_lower(a, domain_leading(str_trim(str_sub(s, at + 1, s.n))));
	out.addr = at == SIZE_MAX ? out.local : ARENA_JOIN(a, out.local, STR("@"), out.domain);
	return out;
}

struct str addr_spec_decoded(struct arena *a, struct str spec)
{
	struct str whole = STR_NONE;

	if (str_find(spec, STR("=?"), 0) != SIZE_MAX)
		whole = encoded_word_decode(a, spec);
	return str_find_char(whole, '@', 0) == SIZE_MAX ? spec : whole;
}

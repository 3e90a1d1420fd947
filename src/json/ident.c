/* Ids as clients give them: an integer or a uuid. */
#include "json/read.h"

#include "base/abnf.h"

enum err ident_parse(struct str s, struct ident *out)
{
	uint64_t num;

	*out = (struct ident){ .num = 0 };
	if (!str_to_u64(s, INT64_MAX, &num)) {
		out->num = (int64_t)num;
		return num > 0 ? OK : ERR_SYNTAX;
	}
	if (s.n != sizeof(out->uuid) - 1)
		return ERR_SYNTAX;
	for (size_t i = 0; i < s.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? s.p[i] != '-' : !abnf_is_hexdig((unsigned char)s.p[i]))
			return ERR_SYNTAX;
		out->uuid[i] = ascii_lower(s.p[i]);
	}
	return OK;
}

enum err json_ident_read(const struct json *node, struct ident *out)
{
	if (node->kind == JSON_STR)
		return ident_parse(node->s, out);
	*out = (struct ident){ .num = node->kind == JSON_INT ? node->i : 0 };
	return out->num > 0 ? OK : ERR_SYNTAX;
}

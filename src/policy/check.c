/* Whether a pattern may be stored: asked by the API before a policy is written. */
#include "policy/internal.h"

#include "base/arena.h"
#include "base/utf8.h"

#define CHECK_ARENA (1u << 16)

static enum err check_text(struct str pattern, struct errbuf *eb)
{
	if (!utf8_is_valid(pattern))
		return err_set(eb, ERR_SYNTAX, "not valid UTF-8");
	if (pattern.n == 0)
		return err_set(eb, ERR_SYNTAX, "must not be empty");
	if (pattern.n > 4096) /* 1024 characters (the field's own limit) of 4 bytes */
		return err_set(eb, ERR_LIMIT, "longer than 1024 characters");
	return OK;
}

enum err policy_content_check(struct str pattern, size_t *code_out, struct errbuf *eb)
{
	enum err e = check_text(pattern, eb);

	if (code_out)
		*code_out = 0;
	return e ? e : expressions_check(EXPRESSIONS_SEARCHED, pattern, code_out, eb);
}

enum err policy_pattern_check(struct str pattern, int pattern_type, bool is_regex, bool allow_private,
			      size_t *code_out, struct errbuf *eb)
{
	struct ip_block block;
	struct str key;
	enum err e;

	if (code_out)
		*code_out = 0;
	if ((e = check_text(pattern, eb)))
		return e;
	if (pattern_type != PATTERN_EMAIL && pattern_type != PATTERN_DOMAIN && pattern_type != PATTERN_IP)
		return err_set(eb, ERR_SYNTAX, "pattern_type UNKNOWN is not accepted");
	if (is_regex)
		return expressions_check(EXPRESSIONS_WHOLE, pattern, code_out, eb);
	struct arena *a = arena_new(CHECK_ARENA, NULL, NULL);
	e = literal_key(a, pattern, pattern_type, &key, &block, eb);
	if (e == OK && pattern_type == PATTERN_IP && !allow_private && ip_block_is_private(&block))
		e = err_set(eb, ERR_SYNTAX,
			    "private, loopback, link-local and unspecified addresses are accepted only with "
			    "the setting policies.allow_private_ip of the server");
	arena_free(&a);
	return e;
}

/* The steps of a cursor. */
#include "base/cursor.h"

#include "base/abnf.h"

bool cursor_char(struct cursor *c, char want)
{
	if (c->at == c->end || *c->at != want)
		return false;
	c->at++;
	return true;
}

bool cursor_text_nocase(struct cursor *c, struct str want)
{
	if (!str_starts_nocase(cursor_rest(c), want))
		return false;
	c->at += want.n;
	return true;
}

enum err cursor_while(struct cursor *c, char_class_fn *class, size_t max, struct str *out)
{
	const char *p = c->at;

	while (p < c->end && class((unsigned char)*p))
		p++;
	if ((size_t)(p - c->at) > max)
		return ERR_LIMIT;
	*out = (struct str){ c->at, (size_t)(p - c->at) };
	c->at = p;
	return OK;
}

enum err cursor_until(struct cursor *c, char stop, size_t max, struct str *out)
{
	size_t at = str_find_char(cursor_rest(c), stop, 0);

	if (at == SIZE_MAX)
		return ERR_ABSENT;
	if (at > max)
		return ERR_LIMIT;
	*out = (struct str){ c->at, at };
	c->at += at;
	return OK;
}

enum err cursor_u64(struct cursor *c, uint64_t max, uint64_t *out)
{
	struct cursor at = *c;
	struct str digits;
	enum err e = cursor_while(&at, abnf_is_digit, 20, &digits);

	if (!e)
		e = str_to_u64(digits, max, out);
	if (!e)
		*c = at;
	return e;
}

void cursor_skip_wsp(struct cursor *c)
{
	while (c->at < c->end && abnf_is_wsp((unsigned char)*c->at))
		c->at++;
}

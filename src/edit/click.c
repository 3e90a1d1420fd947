/* Tokens of rewritten links. */
#include "edit/click.h"

#include "base/arena.h"
#include "base/base64.h"

struct sha256 click_key(struct str secret, struct str id)
{
	struct sha256 all = hash_hmac(secret, STR("click"));

	return hash_hmac(str_from(all.b, sizeof(all.b)), id);
}

/* As in URLs (RFC 4648 §5), without padding. */
static struct str encode(struct arena *a, struct str bytes)
{
	struct str text = base64_encode(a, bytes);
	char *to = arena_alloc(a, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n && text.p[i] != '='; i++)
		to[n++] = text.p[i] == '+' ? '-' : text.p[i] == '/' ? '_' : text.p[i];
	return str_from(to, n);
}

static enum err decode(struct arena *a, struct str text, struct str *out)
{
	char *to = arena_alloc(a, text.n + 1);

	for (size_t i = 0; i < text.n; i++) {
		if (strchr("+/= \t\r\n", text.p[i]))
			return ERR_SYNTAX; /* what is the same URL is written in one way only */
		to[i] = text.p[i] == '-' ? '+' : text.p[i] == '_' ? '/' : text.p[i];
	}
	return base64_decode(a, str_from(to, text.n), out);
}

struct str click_token(struct arena *a, struct str key, const struct click *c)
{
	struct str text = ARENA_JOIN(a, arena_printf(a, "%lld ", (long long)c->account), c->id,
				     arena_printf(a, " %llu ", (unsigned long long)c->index), c->url);
	struct sha256 mac = hash_hmac(key, text);

	return ARENA_JOIN(a, encode(a, text), STR("."), encode(a, str_from(mac.b, sizeof(mac.b))));
}

/* The text up to the next space, and *s moves behind it; false: there is none. */
static bool cut(struct str *s, struct str *head)
{
	size_t at = str_find_char(*s, ' ', 0);

	if (at == SIZE_MAX)
		return false;
	*head = str_sub(*s, 0, at);
	*s = str_sub(*s, at + 1, s->n);
	return true;
}

enum err click_read(struct arena *a, struct str secret, struct str token, struct click *out)
{
	size_t dot = str_rfind_char(token, '.');
	struct str text, mac, account, index, rest;
	struct click c = { 0 };
	uint64_t num;

	if (dot == SIZE_MAX || token.n > CLICK_TOKEN_MAX || decode(a, str_sub(token, 0, dot), &text) ||
	    decode(a, str_sub(token, dot + 1, token.n), &mac))
		return ERR_SYNTAX;
	rest = text;
	if (!cut(&rest, &account) || !cut(&rest, &c.id) || !cut(&rest, &index))
		return ERR_SYNTAX;
	struct sha256 key = click_key(secret, c.id), want = hash_hmac(str_from(key.b, sizeof(key.b)), text);
	if (!hash_same(mac, str_from(want.b, sizeof(want.b))) || str_to_u64(account, INT64_MAX, &num) ||
	    str_to_u64(index, UINT64_MAX, &c.index))
		return ERR_SYNTAX;
	c.account = (int64_t)num;
	c.url = rest;
	*out = c;
	return OK;
}

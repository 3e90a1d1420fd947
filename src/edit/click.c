/* Tokens of rewritten links. */
#include "edit/click.h"

#include "base/arena.h"
#include "base/base64.h"

struct sha256 click_key(struct str secret, struct str id)
{
	struct sha256 all = hash_hmac(secret, STR("click"));

	return hash_hmac(str_from(all.b, sizeof(all.b)), id);
}

/* What is the same URL is written in one way only. */
static enum err decode(struct arena *a, struct str text, struct str *out)
{
	for (size_t i = 0; i < text.n; i++)
		if (strchr("= \t\r\n", text.p[i]))
			return ERR_SYNTAX;
	return base64url_decode(a, text, out);
}

struct str click_token(struct arena *a, struct str key, const struct click *c)
{
	struct str text = ARENA_JOIN(a, arena_printf(a, "%lld ", (long long)c->account), c->id,
				     arena_printf(a, " %llu ", (unsigned long long)c->index), c->url);
	struct sha256 mac = hash_hmac(key, text);

	return ARENA_JOIN(a, base64url_encode(a, text), STR("."),
			  base64url_encode(a, str_from(mac.b, sizeof(mac.b))));
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

/* What a token says, and what signs it. */
struct token {
	struct click click;
	struct str text, mac;
};

static enum err parse(struct arena *a, struct str token, struct token *out)
{
	size_t dot = str_rfind_char(token, '.');
	struct click *c = &out->click;
	struct str account, index, rest;
	uint64_t num;

	if (dot == SIZE_MAX || token.n > CLICK_TOKEN_MAX || decode(a, str_sub(token, 0, dot), &out->text) ||
	    decode(a, str_sub(token, dot + 1, token.n), &out->mac))
		return ERR_SYNTAX;
	rest = out->text;
	if (!cut(&rest, &account) || !cut(&rest, &c->id) || !cut(&rest, &index) ||
	    str_to_u64(account, INT64_MAX, &num) || str_to_u64(index, UINT64_MAX, &c->index))
		return ERR_SYNTAX;
	c->account = (int64_t)num;
	c->url = rest;
	return OK;
}

enum err click_read(struct arena *a, struct str secret, struct str token, struct click *out)
{
	struct token t;

	if (parse(a, token, &t))
		return ERR_SYNTAX;
	struct sha256 key = click_key(secret, t.click.id),
		      want = hash_hmac(str_from(key.b, sizeof(key.b)), t.text);
	if (!hash_same(t.mac, str_from(want.b, sizeof(want.b))))
		return ERR_SYNTAX;
	*out = t.click;
	return OK;
}

enum err click_peek(struct arena *a, struct str click_url, struct str url, struct click *out)
{
	struct str path = str_sub(url, click_url.n, url.n), page = STR(CLICK_PATH);
	struct token t;

	if (click_url.n == 0 || !str_starts(url, click_url) || !str_starts(path, page) ||
	    parse(a, str_sub(path, page.n, path.n), &t))
		return ERR_ABSENT;
	*out = t.click;
	return OK;
}

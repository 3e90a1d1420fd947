/* Links: which are changed, and into what. */
#include "base/charset.h"
#include "edit/click.h"
#include "edit/internal.h"
#include "url/find.h"
#include "url/url.h"

struct str link_text(const struct link_editor *e, struct str s)
{
	return charset_to_utf8(e->arena, e->charset, s, NULL);
}

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* "https://example.com:8443" */
static struct str origin_of(struct arena *a, const struct url *u)
{
	struct str port = u->port ? arena_printf(a, ":%d", u->port) : STR("");

	return ARENA_JOIN(a, u->scheme, STR("://"), u->host, port);
}

/* A reference without a scheme, in full; "" = it leads nowhere on the web, as far as anybody can tell. */
static struct str resolve(struct arena *a, struct str text, struct str base)
{
	struct url b = url_split(a, base);
	struct url_found found;
	size_t at = 0;

	if (text.n == 0 || text.p[0] == '#')
		return STR_NONE;
	if (text.n > 1 && is_slash(text.p[0]) && is_slash(text.p[1]))
		return ARENA_JOIN(a, url_is_web(&b) ? b.scheme : STR("https"), STR(":"), text);
	if (url_is_web(&b)) {
		size_t slash = str_rfind_char(b.path, '/');
		struct str folder = slash == SIZE_MAX ? STR("/") : str_sub(b.path, 0, slash + 1);
		return ARENA_JOIN(a, origin_of(a, &b), is_slash(text.p[0]) ? STR("") : folder, text);
	}
	/* "www.example.com/path": some programs open it as if it had a scheme. */
	bool whole = url_find(a, text, &at, &found) && found.text.p == text.p && !found.defanged;
	return whole ? ARENA_JOIN(a, found.url, str_sub(text, found.text.n, text.n)) : STR_NONE;
}

bool link_leads_out(struct link_editor *e, struct str href, struct str base, struct str *url_out)
{
	struct click before;
	struct url u = url_split(e->arena, link_text(e, href));

	if (u.scheme.n == 0)
		u = url_split(e->arena, resolve(e->arena, u.text, base));
	if (!url_is_web(&u))
		return false;
	/* One of another mail would be judged by that one on our page. */
	bool ours = click_peek(e->arena, e->job->click_url, u.text, &before) == OK;
	if (ours && str_eq(before.id, e->job->id)) {
		e->ours++;
		return false;
	}
	if (ours)
		u = url_split(e->arena, before.url);
	if (!url_is_web(&u))
		return false;
	if (policy_ignores_url(e->ignoring, u.text)) {
		e->ignored++;
		return false;
	}
	*url_out = u.text;
	e->changed++;
	return true;
}

struct str link_rewrite(struct link_editor *e, struct str url)
{
	const struct edit_job *job = e->job;
	struct click c = { job->account, job->id, ++e->index, url };

	if (url.n > CLICK_URL_MAX) {
		e->longer++;
		return STR_NONE;
	}
	return ARENA_JOIN(e->arena, job->click_url, STR(CLICK_PATH),
			  click_token(e->arena, job->click_key, &c));
}

/* The connector for Gmail: opening a mailbox, requests, our label, people. */
#include "mailbox/gmail_internal.h"

#include <stdlib.h>

#include "base/limits.h"

#define SERVER "https://gmail.googleapis.com"
#define DIRECTORY "https://admin.googleapis.com"
#define DIRECTORY_SCOPE "https://www.googleapis.com/auth/admin.directory.user.readonly"
#define PEOPLE_PAGE "500" /* the most there are on one */

static const struct refusal_row rows[] = {
	{ 400, "failedPrecondition", "Mail service not enabled", ERR_DENIED, TROUBLE_NO_MAILBOX },
	{ 400, "invalidArgument", "Invalid id value", ERR_ABSENT, TROUBLE_NO_MESSAGE },
	{ 403, "rateLimitExceeded", NULL, ERR_LATER, TROUBLE_BUSY },
	{ 403, "userRateLimitExceeded", NULL, ERR_LATER, TROUBLE_BUSY },
	{ 403, "dailyLimitExceeded", NULL, ERR_LATER, TROUBLE_BUSY },
	{ 403, "quotaExceeded", NULL, ERR_LATER, TROUBLE_BUSY },
};
static const struct refusal_table refusals = { "Gmail", rows, ARRAY_LEN(rows) };
static const struct refusal_table directory_refusals = { "Google's directory", rows, ARRAY_LEN(rows) };

/* ---- requests ---- */

enum err gmail_ask(const struct gmail_call *c, const struct rest_call *call, struct json **out)
{
	struct rest_call full = *call;
	struct str ignored;

	full.path = ARENA_JOIN(c->a, c->g->user, call->path);
	return out ? rest_json(&c->g->rest, c->a, &full, c->until, out, c->fault)
		   : rest_ask(&c->g->rest, c->a, &full, c->until, &ignored, c->fault);
}

/* ---- our label ---- */

static enum err make_hidden(const struct gmail_call *c, struct json **out)
{
	return gmail_ask(
	    c,
	    &(const struct rest_call){
		.path = STR("/labels"),
		.body = STR("{\"name\":\"" GMAIL_HIDDEN "\",\"labelListVisibility\":\"labelHide\","
			    "\"messageListVisibility\":\"hide\"}"),
	    },
	    out);
}

enum err gmail_hidden(const struct gmail_call *c, bool make, struct str *out)
{
	struct gmail *g = c->g;
	struct json *answer;
	enum err e = OK;

	if (!g->hidden.p) {
		e = gmail_ask(c, &(const struct rest_call){ .path = STR("/labels") }, &answer);
		g->hidden = e ? STR_NONE : STR("");
		for (const struct json *l = e ? NULL : json_get_list(answer, STR("labels"));
		     l && !g->hidden.n; l = l->next)
			if (str_eq(json_get_str(l, STR("name")), STR(GMAIL_HIDDEN)))
				g->hidden = arena_str(g->rest.own, rest_name(l, STR("id")));
	}
	if (!e && make && g->hidden.n == 0) {
		e = make_hidden(c, &answer);
		g->hidden = e ? STR_NONE : arena_str(g->rest.own, rest_name(answer, STR("id")));
	}
	*out = g->hidden;
	return e;
}

static enum err gmail_folders(void *own, struct arena *a, deadline_ms until, struct mail_folders *out,
			      struct mailbox_fault *fault)
{
	const struct gmail_call c = { own, a, until, fault };

	out->v[DESTINATION_INBOX] = STR("INBOX");
	out->v[DESTINATION_JUNK] = STR("SPAM");
	out->v[DESTINATION_TRASH] = STR("TRASH");
	return gmail_hidden(&c, false, &out->v[DESTINATION_DELETIONS]);
}

/* ---- opening ---- */

static void gmail_close(void *own)
{
	struct gmail *g = own;

	rest_close(&g->rest);
	free(g);
}

/* Asks for its labels, so that a mailbox that does not exist is known at once, and our label's id. */
static enum err gmail_open(const struct mailbox_site *site, struct str address,
			   const struct mailbox_login *login, deadline_ms until, void **out,
			   struct mailbox_fault *fault)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct gmail *g = calloc(1, sizeof(*g));
	struct str user = login && login->user.n ? login->user : address, hidden;

	ASSERT(g);
	enum err e = rest_open(site, STR(SERVER), user, STR_NONE, &refusals, &g->rest, fault);
	if (!e) {
		const struct gmail_call c = { g, a, until, fault };
		g->user = ARENA_JOIN(g->rest.own, STR("/gmail/v1/users/"), http_escape(a, user));
		e = gmail_hidden(&c, false, &hidden);
	}
	if (e)
		gmail_close(g);
	else
		*out = g;
	arena_free(&a);
	return e;
}

static enum err gmail_wait(void *own, deadline_ms until, struct mailbox_fault *fault)
{
	const struct gmail *g = own;

	(void)fault;
	rest_wait(&g->rest, until);
	return OK;
}

/* ---- people ---- */

/* Who has a mailbox that is not locked. */
static void take_people(struct arena *a, const struct json *page, size_t most, struct strs *out)
{
	for (const struct json *u = json_get_list(page, STR("users")); u && out->n < most; u = u->next) {
		const struct json *suspended = json_get(u, STR("suspended"));
		struct str mail = json_get_str(u, STR("primaryEmail"));
		if (mail.n && mail.n <= LIMIT_ADDRESS &&
		    !(suspended && suspended->kind == JSON_BOOL && suspended->b))
			ARENA_PUSH(a, out, arena_str(a, mail));
	}
}

static enum err gmail_people(const struct mailbox_site *site, struct arena *a, size_t most, deadline_ms until,
			     struct strs *out, struct mailbox_fault *fault)
{
	const struct str first = STR("/admin/directory/v1/users?customer=my_customer&maxResults=" PEOPLE_PAGE
				     "&fields=nextPageToken,users(primaryEmail,suspended)");
	struct rest_call call = { .path = first };
	struct rest r;
	struct json *page;
	enum err e = rest_open(site, STR(DIRECTORY), site->integration->admin, STR(DIRECTORY_SCOPE),
			       &directory_refusals, &r, fault);

	if (e)
		return e;
	struct arena *scratch = arena_new(REST_PAGE_ARENA, NULL, NULL);
	while (!e && call.path.n && out->n < most) {
		e = rest_json(&r, scratch, &call, until, &page, fault);
		if (e)
			break;
		take_people(a, page, most, out);
		struct str token = rest_name(page, STR("nextPageToken"));
		call.path = token.n ? rest_query(a, first, "pageToken", token) : STR("");
		arena_reset(scratch);
	}
	arena_free(&scratch);
	rest_close(&r);
	return e;
}

const struct mailbox_connector mailbox_gmail = {
	.open = gmail_open,
	.close = gmail_close,
	.find = gmail_find,
	.changes = gmail_changes,
	.wait = gmail_wait,
	.fetch = gmail_fetch,
	.folders = gmail_folders,
	.move = gmail_move,
	.move_back = gmail_move_back,
	.remove = gmail_remove,
	.restore = gmail_restore,
	.people = gmail_people,
};

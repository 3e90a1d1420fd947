/* The connector for Microsoft Graph: opening a mailbox, requests, folders, people. */
#include "mailbox/graph_internal.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"

#define VERSION "/v1.0"
#define PEOPLE_PAGE 999 /* the most there are on one */
#define LINK_MAX 8192   /* bytes of a link to go on by */
#define BATCH_MAX 32768 /* bytes: the longest address, escaped, for each folder */

static const struct refusal_row rows[] = {
	{ 404, "ErrorInvalidUser", NULL, ERR_DENIED, TROUBLE_NO_MAILBOX },
	{ 404, "Request_ResourceNotFound", NULL, ERR_DENIED, TROUBLE_NO_MAILBOX },
	{ 404, "ResourceNotFound", NULL, ERR_DENIED, TROUBLE_NO_MAILBOX },
	{ 0, "MailboxNotEnabledForRESTAPI", NULL, ERR_DENIED, TROUBLE_NO_MAILBOX },
	{ 0, "MailboxNotSupportedForRESTAPI", NULL, ERR_DENIED, TROUBLE_NO_MAILBOX },
	{ 0, "ErrorNonExistentMailbox", NULL, ERR_DENIED, TROUBLE_NO_MAILBOX },
	{ 404, "ErrorFolderNotFound", NULL, ERR_ABSENT, TROUBLE_NO_FOLDER },
	{ 400, "ErrorInvalidIdMalformed", NULL, ERR_ABSENT, TROUBLE_NO_MESSAGE },
	{ 0, "SyncStateNotFound", NULL, ERR_ABSENT, TROUBLE_CHANGED },
	{ 0, "SyncStateInvalid", NULL, ERR_ABSENT, TROUBLE_CHANGED },
	{ 0, "ResyncRequired", NULL, ERR_ABSENT, TROUBLE_CHANGED },
	{ 410, NULL, NULL, ERR_ABSENT, TROUBLE_CHANGED },
	{ 0, "ErrorQuotaExceeded", NULL, ERR_LATER, TROUBLE_REFUSED },
	{ 0, "ErrorMailboxMoveInProgress", NULL, ERR_LATER, TROUBLE_BUSY },
};
const struct refusal_table graph_refusals = { "Microsoft Graph", rows, ARRAY_LEN(rows) };

static const char *const well_known[GRAPH_FOLDERS] = {
	[GRAPH_INBOX] = "inbox",
	[GRAPH_JUNK] = "junkemail",
	[GRAPH_TRASH] = "deleteditems",
	[GRAPH_DELETIONS] = "recoverableitemsdeletions",
	[GRAPH_PURGES] = "recoverableitemspurges",
	[GRAPH_DRAFTS] = "drafts",
	[GRAPH_SENT] = "sentitems",
	[GRAPH_OUTBOX] = "outbox",
};

/* ---- requests ---- */

enum err graph_ask(const struct graph_call *c, const struct rest_call *call, struct json **out)
{
	struct rest_call full = *call;
	struct str ignored;

	full.path = ARENA_JOIN(c->a, c->g->user, call->path);
	if (full.headers.n == 0)
		ARENA_PUSH(c->a, &full.headers, STR("Prefer: IdType=\"ImmutableId\""));
	return out ? rest_json(&c->g->rest, c->a, &full, c->until, out, c->fault)
		   : rest_ask(&c->g->rest, c->a, &full, c->until, &ignored, c->fault);
}

enum err graph_page(const struct graph_call *c, struct str path, size_t most, struct json **out)
{
	struct rest_call call = { .path = path };

	ARENA_PUSH(c->a, &call.headers,
		   arena_printf(c->a, "Prefer: IdType=\"ImmutableId\", odata.maxpagesize=%zu", most));
	return graph_ask(c, &call, out);
}

/* The path of a link of this server; p NULL: it is none. */
static struct str path_of(struct str base, struct str link)
{
	if (!str_starts_nocase(link, base) || link.n == base.n || link.p[base.n] != '/' || link.n > LINK_MAX)
		return STR_NONE;
	for (size_t i = 0; i < link.n; i++)
		if (link.p[i] <= ' ' || link.p[i] > '~')
			return STR_NONE;
	return str_sub(link, base.n, link.n);
}

static enum err strange_link(struct mailbox_fault *fault)
{
	return mailbox_fail(fault, ERR_LATER, TROUBLE_REFUSED,
			    "Microsoft Graph: the list goes on at another place than it began.");
}

/* Behind what a path calls the mailbox: "/v1.0/users/NAME/" or "/v1.0/users('NAME')/". p NULL: it is none of one. */
static struct str below_user(struct str path)
{
	const struct str users = STR(VERSION "/users"), quoted = STR("('");

	if (!str_starts_nocase(path, users))
		return STR_NONE;
	path = str_sub(path, users.n, path.n);
	if (!str_starts(path, STR("/")) && !str_starts(path, quoted))
		return STR_NONE;
	size_t end = str_find_char(path, '/', 1);
	return end == SIZE_MAX ? STR_NONE : str_sub(path, end, path.n);
}

enum err graph_link(const struct graph_call *c, const struct json *page, const char *name, struct str *out)
{
	struct str link = json_get_str(page, str_of(name));

	*out = link.n ? below_user(path_of(c->g->rest.base, link)) : STR("");
	return out->p ? OK : strange_link(c->fault);
}

/* ---- folders ---- */

struct str graph_folder_name(enum graph_folder which)
{
	return str_of(well_known[which]);
}

/* One answer of a batch: a folder, or that there is none; that there is no inbox says another thing of the mailbox. */
static void take_folder(struct graph *g, const struct json *response)
{
	const struct json *status = json_get(response, STR("status"));
	struct str id = rest_name(json_get(response, STR("body")), STR("id"));
	uint64_t which;

	if (str_to_u64(json_get_str(response, STR("id")), GRAPH_FOLDERS - 1, &which) || g->folder[which].p ||
	    !status || status->kind != JSON_INT)
		return;
	if (status->i == 200 && id.n)
		g->folder[which] = arena_str(g->rest.own, id);
	else if (status->i == 404 && which != GRAPH_INBOX)
		g->folder[which] = STR("");
}

/* All of them at once ($batch). What is not told so is asked for singly, and the refusal told then. */
static enum err ask_for_folders(const struct graph_call *c)
{
	struct rest_call call = { .path = STR(VERSION "/$batch") };
	struct json *answer;
	struct buf b;

	buf_init(&b, BATCH_MAX);
	for (int i = 0; i < GRAPH_FOLDERS; i++) {
		buf_printf(&b, "%s{\"id\":\"%d\",\"method\":\"GET\",\"url\":\"", i ? "," : "{\"requests\":[",
			   i);
		buf_add(&b, str_sub(c->g->user, sizeof(VERSION) - 1, c->g->user.n));
		buf_printf(&b, "/mailFolders/%s?$select=id\"}", well_known[i]);
	}
	buf_add_c(&b, "]}");
	call.body = arena_str(c->a, buf_str(&b));
	buf_free(&b);
	enum err e = rest_json(&c->g->rest, c->a, &call, c->until, &answer, c->fault);
	for (const struct json *r = e ? NULL : json_get_list(answer, STR("responses")); r; r = r->next)
		take_folder(c->g, r);
	return e;
}

enum err graph_folder_id(const struct graph_call *c, enum graph_folder which, struct str *out)
{
	struct graph *g = c->g;
	struct json *folder;
	const struct rest_call call = {
		.path = ARENA_JOIN(c->a, STR("/mailFolders/"), str_of(well_known[which]), STR("?$select=id")),
	};

	if (!g->folder[which].p) {
		enum err e = graph_ask(c, &call, &folder);
		if (e && e != ERR_ABSENT)
			return e;
		struct str id = e ? STR_NONE : rest_name(folder, STR("id"));
		g->folder[which] = arena_str(g->rest.own, id);
		*c->fault = (struct mailbox_fault){ 0 };
	}
	*out = g->folder[which];
	return OK;
}

static enum err graph_folders(void *own, struct arena *a, deadline_ms until, struct mail_folders *out,
			      struct mailbox_fault *fault)
{
	const struct graph_call c = { own, a, until, fault };
	enum err e = OK;

	for (int i = 0; i < MAILBOX_DESTINATIONS && !e; i++) {
		e = graph_folder_id(&c, (enum graph_folder)i, &out->v[i]);
		if (!e && out->v[i].n)
			out->v[i] = graph_folder_name((enum graph_folder)i);
	}
	return e;
}

/* ---- opening ---- */

static void graph_close(void *own)
{
	struct graph *g = own;

	rest_close(&g->rest);
	free(g);
}

/* Asks for its folders, so that a mailbox that does not exist is known at once. */
static enum err graph_open(const struct mailbox_site *site, struct str address,
			   const struct mailbox_login *login, deadline_ms until, void **out,
			   struct mailbox_fault *fault)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct graph *g = calloc(1, sizeof(*g));
	struct str user = login && login->user.n ? login->user : address, id;

	ASSERT(g);
	enum err e = rest_open(site, STR(GRAPH_SERVER), STR_NONE, STR_NONE, &graph_refusals, &g->rest, fault);
	if (!e) {
		const struct graph_call c = { g, a, until, fault };
		g->user = ARENA_JOIN(g->rest.own, STR(VERSION "/users/"), http_escape(a, user));
		e = ask_for_folders(&c);
		for (int k = MAILBOX_DESTINATIONS;
		     k-- > 0 && !e;) /* by which places are named; the inbox last */
			e = graph_folder_id(&c, (enum graph_folder)k, &id);
		if (!e && id.n == 0)
			e = mailbox_fail(fault, ERR_DENIED, TROUBLE_NO_MAILBOX,
					 "Microsoft Graph: %.*s has no inbox.", STR_ARG(user));
	}
	if (e)
		graph_close(g);
	else
		*out = g;
	arena_free(&a);
	return e;
}

static enum err graph_wait(void *own, deadline_ms until, struct mailbox_fault *fault)
{
	const struct graph *g = own;

	(void)fault;
	rest_wait(&g->rest, until);
	return OK;
}

/* ---- people ---- */

/* Members of the directory with an address; guests are elsewhere at home. */
static void take_people(struct arena *a, const struct json *page, size_t most, struct strs *out)
{
	for (const struct json *u = json_get_list(page, STR("value")); u && out->n < most; u = u->next) {
		struct str mail = json_get_str(u, STR("mail"));
		if (mail.n && mail.n <= LIMIT_ADDRESS &&
		    !str_eq_nocase(json_get_str(u, STR("userType")), STR("Guest")))
			ARENA_PUSH(a, out, arena_str(a, mail));
	}
}

static enum err graph_people(const struct mailbox_site *site, struct arena *a, size_t most, deadline_ms until,
			     struct strs *out, struct mailbox_fault *fault)
{
	struct rest r;
	struct rest_call call = {
		.path = arena_printf(a, VERSION "/users?$select=mail,userType&$top=%d", PEOPLE_PAGE),
	};
	struct json *page;
	enum err e = rest_open(site, STR(GRAPH_SERVER), STR_NONE, STR_NONE, &graph_refusals, &r, fault);

	if (e)
		return e;
	struct arena *scratch = arena_new(REST_PAGE_ARENA, NULL, NULL);
	while (!e && call.path.n && out->n < most) {
		e = rest_json(&r, scratch, &call, until, &page, fault);
		if (e)
			break;
		take_people(a, page, most, out);
		struct str link = json_get_str(page, STR("@odata.nextLink"));
		call.path = arena_str(a, path_of(r.base, link));
		if (link.n && !call.path.n)
			e = strange_link(fault);
		arena_reset(scratch);
	}
	arena_free(&scratch);
	rest_close(&r);
	return e;
}

const struct mailbox_connector mailbox_graph = {
	.open = graph_open,
	.close = graph_close,
	.find = graph_find,
	.changes = graph_changes,
	.wait = graph_wait,
	.fetch = graph_fetch,
	.folders = graph_folders,
	.move = graph_move,
	.move_back = graph_move_back,
	.remove = graph_remove,
	.restore = graph_restore,
	.people = graph_people,
};

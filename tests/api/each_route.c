/*
 * What holds for every route of the table, whoever adds one: who may ask, and that what is another account's cannot be
 * told from what is not there. One TAP line for each route.
 */
#include "run.h"

#include <stdio.h>

#include "api/internal.h"
#include "base/clock.h"

#define THEIR_MESSAGE "4Njp3P0STMz2c05T"

static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };

static unsigned bad;

/* The route's path in an account, with the id for what is in braces. */
static struct str target_of(struct place *p, const struct route *r, const char *account, struct str id)
{
	struct str path = str_of(r->path), out;
	size_t open = str_find_char(path, '{', 0);

	if (open != SIZE_MAX)
		path = arena_printf(p->arena, "%.*s%.*s%s", (int)open, path.p, STR_ARG(id),
				    str_of(r->path).p + str_find_char(path, '}', 0) + 1);
	out = arena_printf(p->arena, "/accounts/{%s}/%s/%.*s", account,
			   r->flags & ROUTE_OURS ? "postern" : "email-security", STR_ARG(path));
	return variables_fill(p, out);
}

/* A body that says nothing. */
#define NOTHING STR("{}")

static struct reply ask(struct place *p, const struct route *r, struct str target, const char *token,
			struct str body)
{
	struct str text =
	    arena_printf(p->arena, "%s %.*s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s%s%s",
			 methods[r->method], STR_ARG(target), token ? "Authorization: Bearer {" : "",
			 token ? token : "", token ? "}\r\n" : "");

	text = variables_fill(p, text);
	if (r->flags & ROUTE_BODY)
		text = arena_printf(p->arena,
				    "%.*sContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%.*s",
				    STR_ARG(text), body.n, STR_ARG(body));
	else
		text = arena_printf(p->arena, "%.*s\r\n", STR_ARG(text));
	return client_send(p, text);
}

static void check(const struct route *r, const struct reply *a, const char *account, const char *token,
		  unsigned status)
{
	if (a->status == status && reply_header(a, STR("X-Request-Id")).n &&
	    reply_header(a, STR("Ratelimit")).n && reply_header(a, STR("Ratelimit-Policy")).n)
		return;
	bad++;
	printf("# %s %s of {%s} as %s: %u, not %u\n", methods[r->method], r->path, account,
	       token ? token : "nobody", a->status, status);
}

static void expect(struct place *p, const struct route *r, const char *account, struct str id,
		   const char *token, unsigned status)
{
	struct reply a = ask(p, r, target_of(p, r, account, id), token, NOTHING);

	check(r, &a, account, token, status);
}

static int64_t other_account(struct place *p)
{
	struct account other = { 0 };
	enum err err = settings_account_find(p->store, p->arena, variables_fill(p, STR("{other}")), &other);

	ASSERT(!err);
	return other.num;
}

/* The first object of the other account, made when there is none: an empty one, for nobody looks into it. */
static struct str theirs(struct place *p, const struct resource *r)
{
	struct resource_env env = { .arena = p->arena, .now_us = clock_now_us() };
	int64_t account = other_account(p);
	struct settings_list list;
	struct settings_refusal why;
	enum err err = settings_list(p->store, p->arena, r, account, &list);

	if (!err && !list.n) {
		struct settings_write *w = settings_write_new(p->store, &env, r, account, &settings_operator);
		list.v = arena_zalloc(p->arena, r->fields->size);
		settings_write_add(w, list.v, 0);
		err = settings_write_run(w, &why);
	}
	ASSERT(!err);
	return str_of(resource_id(r, list.v)->uuid);
}

static bool is_there(struct place *p, const struct resource *r, struct str id)
{
	struct ident ident;
	struct settings_object found;

	return ident_parse(id, &ident) == OK &&
	       settings_get(p->store, p->arena, r, other_account(p), &ident, &found) == OK;
}

static void check_scopes(struct place *p, const struct route *r, struct str id)
{
	bool reads = r->method == METHOD_GET, admins = r->flags & ROUTE_ADMIN;

	expect(p, r, "account", id, NULL, 400);
	expect(p, r, "account", id, "expired", 401);
	expect(p, r, "account", id, "stranger", 403);
	expect(p, r, "other", id, "admin", 403);
	if (admins || !reads)
		expect(p, r, "account", id, "reader", 403);
	if (admins)
		expect(p, r, "account", id, "writer", 403);
}

/*
 * Their id in the path, in a batch, or in the query of a bulk delete; a route that takes none has nothing to check. What
 * asks more of a body than that it is an object, and is no collection's, has exchanges of its own.
 */
static bool ask_for_theirs(struct place *p, const struct route *r, struct str id, struct reply *out)
{
	struct str target = target_of(p, r, "account", id), path = str_of(r->path);

	if (!r->resource && r->flags & ROUTE_BODY)
		return false;
	if (str_find_char(path, '{', 0) != SIZE_MAX)
		*out = ask(p, r, target, "admin", NOTHING);
	else if (str_ends(path, STR("/batch")))
		*out = ask(p, r, target, "admin",
			   arena_printf(p->arena, "{\"deletes\":[{\"id\":\"%.*s\"}]%s}", STR_ARG(id),
					r->resource->flags & RESOURCE_BATCH_DELETES
					    ? ""
					    : ",\"patches\":[],\"puts\":[],\"posts\":[]"));
	else if (r->method == METHOD_DELETE)
		*out = ask(p, r, arena_printf(p->arena, "%.*s?id=%.*s", STR_ARG(target), STR_ARG(id)),
			   "admin", NOTHING);
	else
		return false;
	return true;
}

static void check_isolation(struct place *p, const struct route *r)
{
	struct str id = r->resource ? theirs(p, r->resource) : STR(THEIR_MESSAGE);
	struct reply a;

	if (!ask_for_theirs(p, r, id, &a))
		return;
	check(r, &a, "account", "admin", 404);
	if (r->resource && !is_there(p, r->resource, id)) {
		bad++;
		printf("# it is gone\n");
	}
}

int main(void)
{
	struct place p;
	size_t n = 0;
	unsigned failed = 0;

	place_open(&p);
	for (size_t i = 0; i < route_count; i++) {
		const struct route *r = &route_table[i];
		if (r->flags & ROUTE_OPEN)
			continue;
		bad = 0;
		check_scopes(&p, r, STR("1"));
		check_isolation(&p, r);
		failed += bad > 0;
		printf("%s %zu - %s %s\n", bad ? "not ok" : "ok", ++n, methods[r->method], r->path);
	}
	place_close(&p);
	printf("1..%zu\n", n);
	return failed > 0;
}

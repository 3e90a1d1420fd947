/* What mail processing asks of the settings: revisions, the policy of an account, protected domains. */
#include "store/settings.h"

#include <stdlib.h>

#include "base/domain.h"
#include "base/limits.h"
#include "json/read.h"
#include "store/internal.h"
#include "store/settings_internal.h"

enum err settings_policy_rev(struct store *st, int64_t account, int64_t *rev_out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT rev FROM policy_rev WHERE account = $1");
	sql_bind_int(s, 1, account);
	err = sql_step(s);
	*rev_out = err ? 0 : sql_int(s, 0);
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

/* Calls `take` for the body of each row, of all accounts where account is 0; the text lasts for the call. */
typedef enum err body_fn(void *ctx, int64_t account, struct str body);

static enum err each_body(struct store *st, const char *table, int64_t account, body_fn *take, void *ctx)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s =
	    account
		? settings_statement(c, "SELECT account, body FROM @ WHERE account = $1 ORDER BY num", table)
		: settings_statement(c, "SELECT account, body FROM @ ORDER BY num", table);
	if (account)
		sql_bind_int(s, 1, account);
	while ((err = sql_step(s)) == OK && (err = take(ctx, sql_int(s, 0), sql_str(s, 1))) == OK)
		;
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

/* An object out of a row that we wrote ourselves, so anything but no room for it is our mistake or damage. */
static enum err read_body(struct arena *a, const struct fieldtab *fields, struct str body, void *out)
{
	enum err err = json_text_read(a, fields, body, JSON_STORED, out, NULL);

	return err == OK || err == ERR_LIMIT ? err : ERR_BUG;
}

/* ---- the policy of an account ---- */

/* Rules as a scan needs them: what people wrote beside them stays here. */
struct policy_reading {
	struct arena *arena;
	struct arena *row; /* of the row in hand */
	struct policy_source *out;
	size_t bytes; /* of patterns */
};

/* Whether one more rule may be kept, after n of that size; the list doubles when it is full. */
static bool has_room(struct policy_reading *r, struct str pattern, size_t n, size_t size)
{
	r->bytes += pattern.n;
	return n < SETTINGS_MAX && r->bytes <= LIMIT_POLICY &&
	       arena_has_room(r->arena, pattern.n + 2 * (n + 1) * size + 256);
}

static enum err take_allow(void *ctx, int64_t account, struct str body)
{
	struct policy_reading *r = ctx;
	struct allow_policy read = { 0 }, rule = { 0 };

	(void)account;
	arena_reset(r->row);
	enum err err = read_body(r->row, &allow_policy_fields, body, &read);
	if (err)
		return err;
	if (!has_room(r, read.pattern, r->out->allow.n, sizeof(rule)))
		return ERR_LIMIT;
	SET(&rule, allow_policy, pattern, arena_str(r->arena, read.pattern));
	SET(&rule, allow_policy, pattern_type, read.pattern_type);
	SET(&rule, allow_policy, is_regex, read.is_regex);
	SET(&rule, allow_policy, is_trusted_sender, read.is_trusted_sender);
	SET(&rule, allow_policy, is_acceptable_sender, read.is_acceptable_sender);
	SET(&rule, allow_policy, is_exempt_recipient, read.is_exempt_recipient);
	SET(&rule, allow_policy, verify_sender, read.verify_sender);
	ARENA_PUSH(r->arena, &r->out->allow, rule);
	return OK;
}

static enum err take_block(void *ctx, int64_t account, struct str body)
{
	struct policy_reading *r = ctx;
	struct block_sender read = { 0 }, rule = { 0 };

	(void)account;
	arena_reset(r->row);
	enum err err = read_body(r->row, &block_sender_fields, body, &read);
	if (err)
		return err;
	if (!has_room(r, read.pattern, r->out->block.n, sizeof(rule)))
		return ERR_LIMIT;
	SET(&rule, block_sender, pattern, arena_str(r->arena, read.pattern));
	SET(&rule, block_sender, pattern_type, read.pattern_type);
	SET(&rule, block_sender, is_regex, read.is_regex);
	ARENA_PUSH(r->arena, &r->out->block, rule);
	return OK;
}

static enum err take_content(void *ctx, int64_t account, struct str body)
{
	struct policy_reading *r = ctx;
	struct content_policy read = { 0 }, rule = { 0 };

	(void)account;
	arena_reset(r->row);
	enum err err = read_body(r->row, &content_policy_fields, body, &read);
	if (err || !read.enabled)
		return err;
	r->bytes += read.name.n;
	if (!has_room(r, read.pattern, r->out->content.n, sizeof(rule) + read.name.n))
		return ERR_LIMIT;
	struct ints targets = { ARENA_ARRAY(r->arena, read.targets.n, int), read.targets.n };
	for (size_t i = 0; i < targets.n; i++)
		targets.v[i] = read.targets.v[i];
	SET(&rule, content_policy, name, arena_str(r->arena, read.name));
	SET(&rule, content_policy, pattern, arena_str(r->arena, read.pattern));
	SET(&rule, content_policy, targets, targets);
	SET(&rule, content_policy, enabled, true);
	ARENA_PUSH(r->arena, &r->out->content, rule);
	return OK;
}

static enum err take_trusted(void *ctx, int64_t account, struct str body)
{
	struct policy_reading *r = ctx;
	struct trusted_domain read = { 0 }, rule = { 0 };

	(void)account;
	arena_reset(r->row);
	enum err err = read_body(r->row, &trusted_domain_fields, body, &read);
	if (err)
		return err;
	if (!has_room(r, read.pattern, r->out->trusted.n, sizeof(rule)))
		return ERR_LIMIT;
	SET(&rule, trusted_domain, pattern, arena_str(r->arena, read.pattern));
	SET(&rule, trusted_domain, is_regex, read.is_regex);
	SET(&rule, trusted_domain, is_recent, read.is_recent);
	SET(&rule, trusted_domain, is_similarity, read.is_similarity);
	ARENA_PUSH(r->arena, &r->out->trusted, rule);
	return OK;
}

static enum err take_impersonation(void *ctx, int64_t account, struct str body)
{
	struct policy_reading *r = ctx;
	struct impersonation read = { 0 }, rule = { 0 };

	(void)account;
	arena_reset(r->row);
	enum err err = read_body(r->row, &impersonation_fields, body, &read);
	if (err)
		return err;
	r->bytes += read.name.n;
	if (!has_room(r, read.email, r->out->impersonation.n, sizeof(rule) + read.name.n))
		return ERR_LIMIT;
	SET(&rule, impersonation, name, arena_str(r->arena, read.name));
	SET(&rule, impersonation, email, arena_str(r->arena, read.email));
	SET(&rule, impersonation, is_email_regex, read.is_email_regex);
	ARENA_PUSH(r->arena, &r->out->impersonation, rule);
	return OK;
}

static enum err take_correction(void *ctx, int64_t account, struct str body)
{
	struct policy_reading *r = ctx;
	struct correction read = { 0 }, rule = { 0 };

	(void)account;
	arena_reset(r->row);
	enum err err = read_body(r->row, &correction_fields, body, &read);
	if (err)
		return err;
	r->bytes += read.edf_hash.n + read.simhash.n + read.authenticated_domain.n;
	if (!has_room(r, read.from, r->out->corrections.n,
		      sizeof(rule) + read.edf_hash.n + read.simhash.n + read.authenticated_domain.n))
		return ERR_LIMIT;
	SET(&rule, correction, id, read.id);
	SET(&rule, correction, disposition, read.disposition);
	SET(&rule, correction, edf_hash, arena_str(r->arena, read.edf_hash));
	SET(&rule, correction, simhash, arena_str(r->arena, read.simhash));
	SET(&rule, correction, from, arena_str(r->arena, read.from));
	SET(&rule, correction, authenticated_domain, arena_str(r->arena, read.authenticated_domain));
	ARENA_PUSH(r->arena, &r->out->corrections, rule);
	return OK;
}

static enum err take_text_add_on(void *ctx, int64_t account, struct str body)
{
	struct policy_reading *r = ctx;
	struct text_add_on rule = { 0 };

	(void)account;
	arena_reset(r->row);
	if (!has_room(r, body, r->out->text_add_ons.n, sizeof(rule) + 2 * body.n))
		return ERR_LIMIT;
	enum err err = read_body(r->arena, &text_add_on_fields, arena_str(r->arena, body), &rule);
	if (!err)
		ARENA_PUSH(r->arena, &r->out->text_add_ons, rule);
	return err;
}

static enum err take_link_action(void *ctx, int64_t account, struct str body)
{
	struct policy_reading *r = ctx;
	struct link_action rule = { 0 };

	(void)account;
	arena_reset(r->row);
	if (!has_room(r, body, r->out->link_actions.n, sizeof(rule) + 2 * body.n))
		return ERR_LIMIT;
	enum err err = read_body(r->arena, &link_action_fields, arena_str(r->arena, body), &rule);
	if (!err)
		ARENA_PUSH(r->arena, &r->out->link_actions, rule);
	return err;
}

static enum err take_url_ignore(void *ctx, int64_t account, struct str body)
{
	struct policy_reading *r = ctx;
	struct url_ignore read = { 0 }, rule = { 0 };

	(void)account;
	arena_reset(r->row);
	enum err err = read_body(r->row, &url_ignore_fields, body, &read);
	if (err)
		return err;
	if (!has_room(r, read.pattern, r->out->url_ignore.n, sizeof(rule)))
		return ERR_LIMIT;
	SET(&rule, url_ignore, pattern, arena_str(r->arena, read.pattern));
	ARENA_PUSH(r->arena, &r->out->url_ignore, rule);
	return OK;
}

enum err settings_detection(struct store *st, struct arena *a, int64_t account,
			    struct detection_settings *out)
{
	struct resource_env env = { .arena = a };
	const struct resource *r = &resource_detection_settings;
	struct settings_object found;
	enum err err = settings_find(st, a, r, account, r->key(&env, NULL), &found);

	*out = err ? (struct detection_settings){ 0 } : *(const struct detection_settings *)found.obj;
	detection_settings_complete(out);
	return err == ERR_ABSENT ? OK : err;
}

/* What there is no room for is missing: then a mail takes longer, and nothing else. */
static enum err take_own_domain(void *ctx, const struct settings_domain *d)
{
	struct policy_reading *r = ctx;
	struct strs *domains = &r->out->domains;

	if (domains->n < SETTINGS_MAX &&
	    arena_has_room(r->arena, d->folded.n + 2 * (domains->n + 1) * sizeof(struct str) + 256))
		ARENA_PUSH(r->arena, domains, arena_str(r->arena, d->folded));
	return OK;
}

static int by_text(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

enum err settings_policy_source(struct store *st, struct arena *a, int64_t account, struct policy_source *out)
{
	const struct {
		const struct resource *resource;
		body_fn *take;
	} lists[] = {
		{ &resource_allow_policies, take_allow },
		{ &resource_block_senders, take_block },
		{ &resource_content_policies, take_content },
		{ &resource_trusted_domains, take_trusted },
		{ &resource_impersonations, take_impersonation },
		{ &resource_corrections, take_correction },
		{ &resource_text_add_ons, take_text_add_on },
		{ &resource_link_actions, take_link_action },
		{ &resource_url_ignores, take_url_ignore },
	};
	struct policy_reading r = { .arena = a, .out = out };
	int64_t rev;

	*out = (struct policy_source){ 0 };
	/* The revision first: a change that comes between makes the source newer than it says, never older. */
	enum err err = settings_policy_rev(st, account, &rev);
	if (err)
		return err;
	r.row = arena_new(SETTINGS_ROW_BYTES, NULL, NULL);
	for (size_t i = 0; i < ARRAY_LEN(lists) && !err; i++)
		err = each_body(st, lists[i].resource->table, account, lists[i].take, &r);
	arena_free(&r.row);
	if (!err)
		err = settings_domains(st, account, take_own_domain, &r);
	struct detection_settings *detection = ARENA_NEW(a, struct detection_settings);
	if (!err)
		err = settings_detection(st, a, account, detection);
	if (out->domains.n > 0)
		qsort(out->domains.v, out->domains.n, sizeof(*out->domains.v), by_text);
	SET(out, policy_source, account, account);
	SET(out, policy_source, account_id, settings_account_id(st, a, account));
	SET(out, policy_source, rev, rev);
	SET(out, policy_source, allow, out->allow);
	SET(out, policy_source, block, out->block);
	SET(out, policy_source, content, out->content);
	SET(out, policy_source, trusted, out->trusted);
	SET(out, policy_source, impersonation, out->impersonation);
	SET(out, policy_source, domains, out->domains);
	SET(out, policy_source, corrections, out->corrections);
	SET(out, policy_source, detection, detection);
	SET(out, policy_source, text_add_ons, out->text_add_ons);
	SET(out, policy_source, link_actions, out->link_actions);
	SET(out, policy_source, url_ignore, out->url_ignore);
	return err;
}

enum err settings_has_edits(struct store *st, int64_t account, struct str domain, bool *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT EXISTS(SELECT 1 FROM text_add_on WHERE ukey = $2 AND account = $1)"
			   " OR EXISTS(SELECT 1 FROM link_action WHERE account = $1 AND ukey IN ('NONE ' || "
			   "$2, 'BULK ' || $2,"
			   " 'SPAM ' || $2, 'SPOOF ' || $2, 'SUSPICIOUS ' || $2, 'MALICIOUS ' || $2))");
	sql_bind_int(s, 1, account);
	sql_bind_str(s, 2, domain);
	err = sql_step(s);
	*out = !err && sql_int(s, 0);
	sql_read_end(&c);
	return err;
}

/* ---- protected domains ---- */

static enum err read_domain(struct arena *a, struct str body, int64_t account, struct settings_domain *out)
{
	*out = (struct settings_domain){ .account = account };
	enum err err = read_body(a, &domain_fields, body, &out->domain);
	if (!err)
		out->folded = domain_fold(a, out->domain.domain);
	return err;
}

struct domain_reading {
	struct arena *row;
	settings_domain_fn *fn;
	void *ctx;
};

static enum err take_domain(void *ctx, int64_t account, struct str body)
{
	struct domain_reading *r = ctx;
	struct settings_domain d;

	arena_reset(r->row);
	enum err err = read_domain(r->row, body, account, &d);
	return err ? err : r->fn(r->ctx, &d);
}

enum err settings_domains(struct store *st, int64_t account, settings_domain_fn *fn, void *ctx)
{
	struct domain_reading r = { arena_new(SETTINGS_ROW_BYTES, NULL, NULL), fn, ctx };
	enum err err = each_body(st, resource_domains.table, account, take_domain, &r);

	arena_free(&r.row);
	return err;
}

/*
 * Of several rows that which is authorized, else the first; read one by one, for there may be as many as there are
 * accounts.
 */
static enum err find_domain(struct sql_stmt *s, struct arena *a, struct arena *row,
			    struct settings_domain *out)
{
	struct str best = STR_NONE;
	int64_t account = 0;
	bool owned = false;
	enum err err = OK;

	while (!owned && (err = sql_step(s)) == OK) {
		struct settings_domain d;
		arena_reset(row);
		err = read_domain(row, sql_str(s, 1), sql_int(s, 0), &d);
		if (err)
			return err;
		owned = resource_domains.owns(&d.domain);
		if (!owned && best.n)
			continue;
		best = sql_str_copy(s, 1, a);
		account = d.account;
	}
	if (err && err != ERR_ABSENT)
		return err;
	return best.n ? read_domain(a, best, account, out) : ERR_ABSENT;
}

enum err settings_domain_find(struct store *st, struct arena *a, struct str name, struct settings_domain *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct arena *row = arena_new(SETTINGS_ROW_BYTES, NULL, NULL);
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT account, body FROM domain WHERE ukey = $1 ORDER BY account");
	sql_bind_str(s, 1, domain_fold(a, name));
	err = find_domain(s, a, row, out);
	sql_read_end(&c);
	arena_free(&row);
	return err;
}

enum err settings_domain_names(struct store *st, struct arena *a, int64_t account, struct strs *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	*out = (struct strs){ 0 };
	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT ukey FROM domain WHERE account = $1 ORDER BY ukey");
	sql_bind_int(s, 1, account);
	while ((err = sql_step(s)) == OK)
		ARENA_PUSH(a, out, sql_str_copy(s, 0, a));
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

/* What an account has decided, for `postern scan --account`: its policies and the names of its domains. */
#include "cli/internal.h"
#include "cli/scan_internal.h"
#include "store/settings.h"

#define ACCOUNT_BYTES ((size_t)256 << 20) /* policies as they are stored, and compiled */

static const struct cli_option options[] = { { "--account", "ID", "whose policies", true }, { 0 } };
static const struct cli_command command = { .name = "scan", .options = options };

static enum err load(const struct cli_session *s, int64_t account, struct scan_account *out)
{
	struct policy_source source;
	enum err e = settings_policy_source(s->store, out->arena, account, &source);

	if (!e)
		e = settings_domain_names(s->store, out->arena, account, &out->domains);
	if (!e)
		out->dir = arena_str(out->arena, str_of(s->config->data)).p;
	if (!e)
		out->policy = policy_compile(out->arena, &source);
	return e;
}

bool scan_account_load(const char *id, const char *config_file, const char *data, struct scan_account *out)
{
	struct cli_args args = { .command = &command, .config_file = config_file, .values = { id } };
	struct account account;
	struct cli_session s;
	struct errbuf eb;
	struct buf dir;

	*out = (struct scan_account){ .arena = arena_new(ACCOUNT_BYTES, NULL, NULL) };
	buf_init(&dir, 8192);
	bool ok = !data || cli_absolute(data, &dir, &eb) == OK;
	if (!ok)
		cli_fail(&args, "%s", eb.text);
	args.data = data ? dir.p : NULL;
	ok = ok && cli_open_account(&args, 0, &s, &account);
	if (ok)
		ok = cli_done(&args, &s, load(&s, account.num, out), id) == CLI_OK;
	buf_free(&dir);
	return ok;
}

void scan_account_free(struct scan_account *a)
{
	policy_free(&a->policy);
	arena_free(&a->arena);
}

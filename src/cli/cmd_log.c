/* `postern log` and `postern quarantine`: the newest messages, one line each, and one of them as it came. */
#include "cli/internal.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "store/settings.h"

#define LOG_DEFAULT 50
#define LOG_MAX 10000

static void print_list(struct strs list, const char *none)
{
	if (list.n == 0)
		fputs(none, stdout);
	for (size_t i = 0; i < list.n; i++) {
		if (i)
			putchar(',');
		cli_print(stdout, list.v[i]);
	}
}

/* Time, id, verdict, what became of it, from, to, subject, account; divided by tabs, for people and for cut(1). */
static void print_record(struct cli_session *s, const struct account *given, const struct record *r)
{
	const struct message *m = r->message;
	char when[CLOCK_TEXT_MAX];

	cli_print(stdout, clock_rfc3339(m->scanned_at, when));
	putchar('\t');
	cli_print(stdout, m->postfix_id);
	putchar('\t');
	cli_print(stdout, HAS(m, message, final_disposition)
			      ? enum_text(&disposition_names, m->final_disposition)
			      : STR("-"));
	putchar('\t');
	if (m->delivery_status.n == 0)
		putchar('-'); /* a copy for nobody here */
	for (size_t i = 0; i < m->delivery_status.n; i++) {
		if (i)
			putchar(',');
		cli_print(stdout, enum_text(&delivery_status_names, m->delivery_status.v[i]));
	}
	printf("\t<");
	cli_print(stdout, m->envelope_from);
	printf(">\t");
	/* A copy is sent to a service address, which is a secret of who sends there, and says nothing of its readers. */
	print_list(m->delivery_mode == MODE_DIRECT ? m->envelope_to : m->client_recipients, "-");
	putchar('\t');
	cli_print(stdout, m->subject);
	cli_print_account(s, given, r->account);
	putchar('\n');
}

static int print_recent(const struct cli_args *args, bool held_only)
{
	const char *lines = cli_option_value(args, "--lines");
	struct account account;
	struct cli_session s;
	struct store_page page = { 0 };
	uint64_t n = LOG_DEFAULT;

	if (lines && (str_to_u64(str_of(lines), LOG_MAX, &n) != OK || n == 0))
		return cli_fail(args, "--lines: a number from 1 to %d, not \"%s\"", LOG_MAX, lines);
	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = store_recent(s.store, s.arena, account.num, (size_t)n, held_only, &page);

	/* The newest last, where the eye is. */
	for (size_t i = page.n; e == OK && i > 0; i--)
		print_record(&s, &account, &page.v[i - 1]);
	cli_close(&s);
	return e == OK ? CLI_OK : cli_fail(args, "the store cannot be read: %s", err_name(e));
}

int cli_log(const struct cli_args *args)
{
	return print_recent(args, false);
}

int cli_quarantine_list(const struct cli_args *args)
{
	return print_recent(args, true);
}

/* The message of that id in the account given, else in whichever account has one. ERR_CONFLICT: in several. */
static enum err find_message(struct cli_session *s, const struct account *given, struct str id,
			     struct record *out)
{
	struct account only = *given;
	struct account_list all = { .v = &only, .n = 1 };
	enum err e = given->num ? OK : settings_accounts(s->store, s->arena, &all), one;
	size_t found = 0;

	for (size_t i = 0; e == OK && i < all.n; i++) {
		struct record r = { 0 };

		one = store_record_get(s->store, s->arena, all.v[i].num, id, RECORD_WHOLE, &r);
		if (one == OK && found++ == 0)
			*out = r;
		else if (one != OK && one != ERR_ABSENT)
			e = one;
	}
	return e != OK ? e : found == 1 ? OK : found == 0 ? ERR_ABSENT : ERR_CONFLICT;
}

int cli_quarantine_show(const struct cli_args *args)
{
	const char *id = args->operands[0];
	struct account account;
	struct cli_session s;
	struct record r = { 0 };
	struct str raw = STR_NONE;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = find_message(&s, &account, str_of(id), &r);
	bool found = e == OK;

	if (found)
		e = HAS(&r, record, raw_sha256) ? store_raw_get(s.store, s.arena, r.raw_sha256, &raw)
						: ERR_ABSENT;
	bool written = e == OK && fwrite(raw.p, 1, raw.n, stdout) == raw.n && fflush(stdout) == 0;

	cli_close(&s);
	if (written)
		return CLI_OK;
	if (e == OK)
		return cli_fail(args, "standard output: %s", strerror(errno));
	if (e == ERR_CONFLICT)
		return cli_fail(args, "there is a message %s in several accounts; --account ID says which",
				id);
	if (e == ERR_ABSENT)
		return cli_fail(
		    args, found ? "the mail of message %s is no longer kept" : "there is no message %s", id);
	return cli_fail(args, "the store cannot be read: %s", err_name(e));
}

/* `postern log` and `postern quarantine list`: the newest messages, one line each. */
#include "cli/internal.h"

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

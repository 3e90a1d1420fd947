/* One look at one mailbox. */
#include "courier/mailbox_test.h"

#include "json/read.h"
#include "store/moves.h"

#define TEST_MS 20000 /* whoever asked waits for it */
#define TEST_BYTES (16u << 20)

/* The mailbox that was named, else the first there is. */
static enum err choose(const struct job_tools *tools, struct arena *a, int64_t account,
		       const struct mailbox_test *test, deadline_ms until, struct str *out,
		       struct mailbox_fault *fault)
{
	struct mailbox_site *site;
	struct strs people = { 0 };

	*out = test->mailbox;
	if (HAS(test, mailbox_test, mailbox))
		return OK;
	enum err e = mailboxes_site(tools->mailboxes, a, account, test->integration, &site, fault);
	if (!e)
		e = mailbox_people(site, a, 1, until, &people, fault);
	if (!e && people.n == 0)
		e = mailbox_fail(fault, ERR_DENIED, TROUBLE_NO_MAILBOX, "The provider tells of no mailbox.");
	if (!e)
		*out = people.v[0];
	return e;
}

/* "The mailbox of X opens. Inbox is INBOX there, JunkEmail is Junk there" */
static struct str describe(struct arena *a, struct str address, const struct mail_folders *folders)
{
	struct str out = ARENA_JOIN(a, STR("The mailbox of "), address, STR(" opens"));
	bool first = true;

	for (int i = 0; i < MAILBOX_DESTINATIONS; i++) {
		if (!folders->v[i].n)
			continue;
		out = ARENA_JOIN(a, out, first ? STR(". ") : STR(", "), enum_text(&destination_names, i),
				 STR(" is "), folders->v[i]);
		first = false;
	}
	return first ? ARENA_JOIN(a, out, STR(".")) : ARENA_JOIN(a, out, STR(" there."));
}

enum err mailbox_test_run(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	struct arena *a = arena_new(TEST_BYTES, NULL, NULL);
	deadline_ms until = clock_mono_ms() + TEST_MS;
	struct mailbox_test test = { 0 };
	struct mailbox *m = NULL;
	struct mailbox_fault fault;
	struct mail_folders folders;
	struct str address;
	enum err e =
	    json_text_read(a, &mailbox_test_fields, job->data, JSON_STORED, &test, NULL)
		? mailbox_fail(&fault, ERR_DENIED, TROUBLE_REFUSED, "What was asked for cannot be read.")
		: choose(tools, a, job->account, &test, until, &address, &fault);

	if (!e)
		e = mailboxes_open_anew(tools->mailboxes, job->account, test.integration, address, until, &m,
					&fault);
	if (!e)
		e = mailbox_folders(m, a, until, &folders, &fault);
	mailboxes_give(tools->mailboxes, &m);
	out->failed = e != OK;
	err_set(&out->why, OK, "%.*s", STR_ARG(e ? str_of(fault.text.text) : describe(a, address, &folders)));
	arena_free(&a);
	return OK;
}

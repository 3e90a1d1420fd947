/* `postern train`: a model of the words of unwanted mail (classifier/train.h), from labelled mail. */
#include "cli/internal.h"
#include "cli/scan_internal.h"
#include "cli/train_texts.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "daemon/site_model.h"
#include "file/libmagic.h"
#include "store/submissions.h"
#include "scan/scan.h"

#define CORRECTIONS_BYTES ((size_t)256 << 20) /* of an account */
#define TEXTS "texts" /* instead of a label: a file of written mails, each with its own */

struct training {
	const struct cli_args *args;
	struct lessons *lessons;
	struct arena *arena;
	struct errbuf eb;
	size_t source;          /* of the operand in hand */
	int label;              /* -1 = the texts have their own */
	bool failed;            /* it was said why */
	size_t confirmed, gone; /* mails of corrections */
};

NORETURN static void out_of_memory(void *ctx)
{
	(void)ctx;
	fputs("postern train: a mail needs more memory than a scan may use\n", stderr);
	exit(CLI_FAILED);
}

static void learn_from(struct training *t, enum lesson_label label, struct str raw)
{
	struct scan_job job = { .raw = raw, .lookback_hops = 1 };
	struct scan_text text;

	scan_text(t->arena, &job, &text);
	if (lessons_add(t->lessons, label, t->source, &text) != OK && !t->failed) {
		cli_fail(t->args, "more than %d mails", LESSONS_MAX);
		t->failed = true;
	}
	arena_reset(t->arena);
}

static void one_mail(void *ctx, struct str label, struct str raw)
{
	struct training *t = ctx;
	size_t at = 0;

	if (t->label >= 0) {
		learn_from(t, (enum lesson_label)t->label, raw);
		return;
	}
	struct arena *a = arena_new(LIMIT_SCAN_ARENA, out_of_memory, NULL);
	struct train_text text;
	struct errbuf eb;

	while (train_text_next(a, raw, &at, &text, &eb))
		learn_from(t, text.label, text.raw);
	if (eb.text[0]) {
		cli_fail(t->args, "%.*s: %s", STR_ARG(label), eb.text);
		t->failed = true;
	}
	arena_free(&a);
}

/* Each line of the file is a path. */
static bool read_named(struct training *t, const char *list)
{
	FILE *names = fopen(list, "re");
	char *line = NULL;
	size_t room = 0;
	bool ok = true;

	if (!names)
		return cli_fail(t->args, "%s: %s", list, strerror(errno)) == CLI_OK;
	for (ssize_t n; (n = getline(&line, &room, names)) > 0;) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (line[0])
			ok &= mail_each(line, one_mail, t);
	}
	ok &= !ferror(names);
	free(line);
	fclose(names);
	return ok;
}

/* All written mails are one source. */
static size_t source_of(const struct cli_args *args, size_t operand)
{
	bool written = str_starts(str_of(args->operands[operand]), STR(TEXTS "="));

	return written ? LESSON_WRITTEN : LESSON_WRITTEN + 1 + operand;
}

/* "spam=PATH", "spam=@FILE" with a path a line, "texts=PATH". */
static bool read_operand(struct training *t, size_t index)
{
	const char *operand = t->args->operands[index];
	struct str all = str_of(operand);
	size_t equals = str_find_char(all, '=', 0);
	struct str label = str_sub(all, 0, equals == SIZE_MAX ? 0 : equals);
	const char *path = operand + label.n + 1;

	t->label = enum_value(&lesson_label_names, label);
	if (t->label < 0 && !str_eq(label, STR(TEXTS))) {
		cli_fail(t->args, "%s: begins with none of ham= bulk= spam= phish= texts=", operand);
		return false;
	}
	t->source = source_of(t->args, index);
	return *path == '@' ? read_named(t, path + 1) : mail_each(path, one_mail, t);
}

static bool read_all(struct training *t)
{
	bool ok = true;

	if (t->args->operands_n + 2 > LESSON_SOURCES) {
		cli_fail(t->args, "more than %d paths", LESSON_SOURCES - 2);
		return false;
	}
	for (size_t i = 0; ok && i < t->args->operands_n; i++)
		ok = read_operand(t, i) && !t->failed;
	return ok;
}

/* ---- what people confirmed ---- */

static enum lesson_label label_of(const struct correction *c)
{
	switch ((enum submission_disposition)c->disposition) {
	case SUBMISSION_NONE:
		return LESSON_HAM;
	case SUBMISSION_BULK:
		return LESSON_BULK;
	case SUBMISSION_SPAM:
		return LESSON_SPAM;
	case SUBMISSION_SPOOF:
	case SUBMISSION_SUSPICIOUS:
	case SUBMISSION_MALICIOUS:
		break;
	}
	return LESSON_PHISH;
}

/* The record of the mail itself, or else of how it was submitted. */
static enum err find_corrected(struct store *st, struct arena *a, int64_t account, const struct correction *c,
			       struct record *out)
{
	struct submission submission;
	enum err e = store_record_get(st, a, account, c->postfix_id, RECORD_WHOLE, out);

	if (e == OK && HAS(out, record, raw_sha256))
		return OK;
	e = store_submission_get(st, a, account, c->submission_id, &submission);
	if (e == OK)
		e = store_record_by_key(st, a, submission.key, out);
	return e == OK && !HAS(out, record, raw_sha256) ? ERR_ABSENT : e;
}

/* The mails of an account's corrections that are still kept. */
static enum err read_confirmed(struct training *t, struct cli_session *s, int64_t account)
{
	struct arena *a = arena_new(CORRECTIONS_BYTES, NULL, NULL),
		     *mail = arena_new(LIMIT_SCAN_ARENA, out_of_memory, NULL);
	struct settings_list list = { 0 };
	enum err e = settings_list(s->store, a, &resource_corrections, account, &list);

	for (size_t i = 0; e == OK && i < list.n && !t->failed; i++) {
		const struct correction *c = &((const struct correction *)list.v)[i];
		struct record r = { 0 };
		struct str raw;
		e = find_corrected(s->store, mail, account, c, &r);
		if (e == OK)
			e = store_raw_get(s->store, mail, r.raw_sha256, &raw);
		if (e == OK)
			learn_from(t, label_of(c), raw);
		t->confirmed += e == OK;
		t->gone += e == ERR_ABSENT;
		e = e == ERR_ABSENT ? OK : e;
		arena_reset(mail);
	}
	arena_free(&mail);
	arena_free(&a);
	return e;
}

/* Of one account, or of all. */
static bool read_all_confirmed(struct training *t, struct cli_session *s, const struct account *only)
{
	struct account one = *only;
	struct account_list all = { .v = &one, .n = 1 };
	enum err e = one.num ? OK : settings_accounts(s->store, s->arena, &all);

	t->source = LESSON_WRITTEN + 1 + t->args->operands_n;
	for (size_t i = 0; e == OK && i < all.n; i++)
		e = read_confirmed(t, s, all.v[i].num);
	if (e != OK)
		cli_fail(t->args, "the store cannot be read: %s", err_name(e));
	else
		printf("%zu mails that people confirmed; %zu more are no longer kept.\n", t->confirmed,
		       t->gone);
	return e == OK && !t->failed;
}

/* ---- telling ---- */

static void print_head(void)
{
	printf("%22s%9s%16s%16s%16s%16s\n", "mails", "5 %", "2 %", "0.5 %", "0.1 %", "alone");
}

static void print_row(const char *name, size_t label, const struct lesson_figures *f)
{
	printf("  %-6s %-6.*s%7zu", name, STR_ARG(enum_text(&lesson_label_names, (int)label)), f->of[label]);
	for (size_t b = 0; b < CLASSIFIER_BANDS; b++)
		printf("%7zu %5.1f %%%s", f->reached[label][b],
		       100.0 * (double)f->reached[label][b] / (double)f->of[label],
		       b + 1 < CLASSIFIER_BANDS ? " " : "");
	putchar('\n');
}

static void print_figures(const struct trained *t, bool had_base)
{
	puts("How many mails reach each band, from which on such a share of the wanted ones is expected;\n"
	     "those of the last are spam by their words alone. After: each mail by a model that had not\n"
	     "learnt its thread. Before: by the model that was learnt on top of.");
	print_head();
	for (size_t label = 0; label < LESSON_LABELS_COUNT; label++) {
		if (t->after.of[label] == 0)
			continue;
		if (had_base)
			print_row("before", label, &t->before);
		print_row("after", label, &t->after);
	}
}

static int test(struct training *t, const char *file)
{
	struct site_model model;

	if (site_model_load(file, NULL, &model, &t->eb) != OK)
		return cli_fail(t->args, "%s", t->eb.text);
	bool ok = read_all(t);
	if (ok)
		print_head();
	for (size_t i = 0; ok && i < t->args->operands_n; i++) {
		struct lesson_figures f = lessons_ask(t->lessons, &model.classifier, source_of(t->args, i));
		puts(t->args->operands[i]);
		for (size_t label = 0; label < LESSON_LABELS_COUNT; label++)
			if (f.of[label] > 0)
				print_row("", label, &f);
	}
	site_model_free(&model);
	return ok ? CLI_OK : CLI_FAILED;
}

/* ---- the file ---- */

static int undo(const struct cli_args *args, const char *dir)
{
	unsigned number = site_model_newest(dir);
	struct buf from = site_model_path(dir, number, "model"), to = site_model_path(dir, number, "undone");
	int status = CLI_OK;

	if (number == 0)
		status = cli_fail(args, "there is no model but the one that is shipped");
	else if (rename(from.p, to.p) != 0)
		status = cli_fail(args, "%s: %s", from.p, strerror(errno));
	else
		printf("Model %u is taken back. The server uses %s from its next start or reload on.\n",
		       number, site_model_newest(dir) ? "the one before it" : "the one that is shipped");
	buf_free(&from);
	buf_free(&to);
	return status;
}

/* What is learnt on top of: false: it was said that --from is not understood. */
static bool find_base(const struct cli_args *args, const char *dir, struct site_model *model,
		      const struct classifier **out, struct errbuf *eb)
{
	const char *from = cli_option_value(args, "--from");
	bool current = !from || strcmp(from, "current") == 0, nothing = from && strcmp(from, "nothing") == 0;

	*out = NULL;
	if (!current && !nothing && strcmp(from, "shipped") != 0)
		return err_set(eb, ERR_SYNTAX, "--from is current, shipped or nothing") == OK;
	if (nothing)
		return true;
	if (site_model_load(NULL, current ? dir : NULL, model, eb) != OK)
		return false;
	*out = &model->classifier;
	return true;
}

static struct str about_text(struct arena *a, const struct cli_args *args, const struct lessons *l)
{
	const char *given = cli_option_value(args, "--about");
	char now[CLOCK_TEXT_MAX];

	if (given)
		return str_sub(str_of(given), 0, CLASSIFIER_ABOUT_MAX);
	return arena_printf(a, "made %.*s of %zu ham, %zu bulk, %zu spam, %zu phish",
			    STR_ARG(clock_rfc3339(clock_now_us(), now)), lessons_count(l, LESSON_HAM),
			    lessons_count(l, LESSON_BULK), lessons_count(l, LESSON_SPAM),
			    lessons_count(l, LESSON_PHISH));
}

/* s: NULL = no store is open. */
static int make(struct training *t, struct cli_session *s, const struct account *account)
{
	const char *dir = s ? s->config->data : NULL;
	const char *out = cli_option_value(t->args, "--out");
	bool only_try = cli_option_value(t->args, "--try") != NULL;
	const struct classifier *base;
	struct site_model model = { 0 };
	struct trained trained;
	struct errbuf eb = { "" };
	unsigned number = 0;

	if (!find_base(t->args, dir, &model, &base, &eb))
		return cli_fail(t->args, "%s", eb.text);
	bool confirmed = cli_option_value(t->args, "--confirmed") != NULL;
	enum err e = read_all(t) && (!confirmed || read_all_confirmed(t, s, account)) ? OK : ERR_ABSENT;
	if (e == OK)
		e = train(t->lessons, base, about_text(t->arena, t->args, t->lessons), &trained, &eb);
	if (e == OK) {
		print_figures(&trained, base != NULL);
		if (out && !only_try)
			e = site_model_write(out, buf_str(&trained.file), &eb);
		else if (!only_try)
			e = site_model_keep(dir, number = site_model_newest(dir) + 1, buf_str(&trained.file),
					    &eb);
		buf_free(&trained.file);
	}
	site_model_free(&model);
	if (e != OK)
		return eb.text[0] ? cli_fail(t->args, "%s", eb.text) : CLI_FAILED;
	if (number)
		printf("This is model %u. The server uses it from its next start or reload on; "
		       "`postern train --undo` takes it back.\n",
		       number);
	return CLI_OK;
}

/* What the options ask for, which must go together. False: it was said what does not. */
static bool understood(const struct cli_args *args)
{
	bool out = cli_option_value(args, "--out"), test = cli_option_value(args, "--test"),
	     undo = cli_option_value(args, "--undo"), confirmed = cli_option_value(args, "--confirmed");
	bool mail = args->operands_n > 0;

	if (undo && !mail && !out && !test && !confirmed)
		return true;
	if (!undo && (mail || confirmed) && !(test && (out || confirmed)))
		return true;
	cli_fail(
	    args,
	    "either LABEL=PATH or --confirmed or both, to learn; or --test FILE with LABEL=PATH; or --undo");
	return false;
}

int cli_train(const struct cli_args *args)
{
	const char *tested = cli_option_value(args, "--test");
	bool undone = cli_option_value(args, "--undo"), out = cli_option_value(args, "--out");
	bool needs_store = !tested && (!out || cli_option_value(args, "--confirmed"));
	struct training t = { .args = args };
	struct account account = { 0 };
	struct cli_session s = { 0 };
	int status;

	if (!understood(args))
		return CLI_USAGE;
	if (needs_store && !cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	/* As in the roles, for names in archives and types that are not ours. */
	setlocale(LC_CTYPE, "C.UTF-8");
	libmagic_load();
	t.lessons = lessons_new();
	t.arena = arena_new(LIMIT_SCAN_ARENA, out_of_memory, NULL);
	if (tested)
		status = test(&t, tested);
	else
		status = undone ? undo(args, s.config->data) : make(&t, needs_store ? &s : NULL, &account);
	arena_free(&t.arena);
	lessons_free(&t.lessons);
	if (needs_store)
		cli_close(&s);
	return status;
}

/*
 * `postern scan`: judges mail in files, without a server, and by an account's policies only with --account. The very
 * function the sealed workers run; what differs is that a file has no SMTP peer, so SPF is not checked, that DNS is asked
 * only with --dns, and that no correspondents are known.
 */
#include "cli/cli.h"

#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "cli/scan_internal.h"
#include "daemon/site_model.h"
#include "file/libmagic.h"
#include "json/write.h"
#include "mime/date.h"
#include "mime/tree.h"
#include "net/dns.h"
#include "scan/explain.h"
#include "scan/scan.h"

#define AUTHSERV_IDS_MAX 32
#define OPTION_CONFIG 1000
#define OPTION_DATA 1001
#define OPTION_PATHS 1002
#define OPTION_MODEL 1003
#define VERDICTS_MAX 16
#define LINE_MAX_BYTES (16u << 20) /* one JSON object: two verdicts of the largest kind */

struct session {
	bool json, explain;
	size_t messages, judged[VERDICTS_MAX]; /* all, and by disposition */
	struct dns *dns;                       /* NULL = offline */
	struct str ids[AUTHSERV_IDS_MAX];
	size_t n_ids;
	const char *account_id, *config_file, *data, *paths_file, *model_file; /* NULL = not given */
	struct site_model model;
	struct scan_account account;
	struct scan_outside outside;
	struct arena *arena;
	struct buf line;
	struct str label;
};

static const char usage[] =
    "usage: postern scan [--json] [--explain] [--authserv-id NAME]... [--dns]\n"
    "                    [--account ID] [--model FILE] [--paths-from FILE] PATH...\n"
    "\n"
    "Judges mail in files, directories (with all below them), mbox files, or - for\n"
    "standard input. Files packed with zstd are unpacked.\n"
    "\n"
    "  --json              one JSON object per line: path, message, detections,\n"
    "                      elapsed_us, cpu_us\n"
    "  --explain           say how long each stage and the slowest detectors took\n"
    "  --paths-from FILE   judge what this file names as well, a path a line; - for\n"
    "                      standard input\n"
    "  --authserv-id NAME  believe the topmost Authentication-Results field of this\n"
    "                      host; may be given several times\n"
    "  --dns               ask DNS, so that DKIM and DMARC are checked; else nothing\n"
    "                      leaves this machine\n"
    "  --account ID        obey the policies and know the domains of this account;\n"
    "                      run by root, mail is read as the owner of the store\n"
    "  --config FILE, --data DIR\n"
    "                      where the account is, as of every command; with FILE, what\n"
    "                      the configuration lets be known of hosts and files is, too\n"
    "  --model FILE        weigh words by this model (see postern-train(8)), not by\n"
    "                      that of the account or the one that is shipped\n"
    "  --help              say how the command is used\n"
    "\n"
    "Exit status: 0 done, 1 some path could not be read, 2 not understood.\n";

static void ask_dns(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *answers_out)
{
	const struct session *s = ctx;
	int64_t now_ms = clock_mono_ms(), *until_ms = ARENA_ARRAY(a, n, int64_t);

	/* All but names is left unanswered. */
	for (size_t i = 0; i < n; i++)
		until_ms[i] = ask_is_dns(asks[i].kind) ? now_ms + LIMIT_SCAN_DNS_MS : 0;
	dns_ask_each(s->dns, a, asks, n, until_ms, answers_out);
}

NORETURN static void out_of_memory(void *ctx)
{
	const struct session *s = ctx;

	fprintf(stderr, "postern scan: %.*s: needs more memory than a scan may use\n", STR_ARG(s->label));
	exit(1);
}

static int64_t now_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* A mail is judged as of the time it was received: what the topmost Received field says behind its ';'. */
static int64_t received_us(struct arena *a, struct str raw)
{
	struct headers headers = headers_parse(a, raw, 0, raw.n, NULL);
	struct str value = headers_value(a, &headers, STR("Received"));
	size_t semicolon = str_rfind_char(value, ';');
	int64_t us;

	if (semicolon != SIZE_MAX && date_parse(str_sub(value, semicolon + 1, value.n), &us) == OK)
		return us;
	return date_parse(headers_value(a, &headers, STR("Date")), &us) == OK ? us : clock_now_us();
}

static void write_json(struct session *s, struct str label, const struct verdict *v, int64_t elapsed_us,
		       int64_t cpu_us)
{
	const struct json_write how = { .audience = JSON_FOR_API };

	buf_add_c(&s->line, "{\"path\":");
	json_str(&s->line, label);
	buf_add_c(&s->line, ",\"message\":");
	json_object_write(&s->line, &message_fields, v->message, &how);
	buf_add_c(&s->line, ",\"detections\":");
	json_object_write(&s->line, &detections_fields, v->detections, &how);
	buf_add_c(&s->line, ",\"elapsed_us\":");
	json_int(&s->line, elapsed_us);
	buf_add_c(&s->line, ",\"cpu_us\":");
	json_int(&s->line, cpu_us);
	buf_add_c(&s->line, "}\n");
}

static void judge(void *ctx, struct str label, struct str raw)
{
	struct session *s = ctx;
	struct verdict verdict;
	struct scan_times times;
	struct scan_job job = { .raw = raw,
				.lookback_hops = 1,
				.received_us = received_us(s->arena, raw),
				.trusted_authserv_ids = { s->ids, s->n_ids },
				.protected_domains = s->account.domains,
				.times = &times,
				.header_prefix = STR("X-Postern-"),
				.classifier = &s->model.classifier,
				.outside = &s->outside.outside };

	s->label = label;
	int64_t began = now_us(CLOCK_MONOTONIC), cpu = now_us(CLOCK_THREAD_CPUTIME_ID);
	scan_run(s->arena, &job, s->account.policy, asker_new(s->arena, s->dns ? ask_dns : NULL, s),
		 &verdict);
	int64_t elapsed = now_us(CLOCK_MONOTONIC) - began;
	cpu = now_us(CLOCK_THREAD_CPUTIME_ID) - cpu;
	SET(verdict.message, message, scanned_at, clock_now_us());
	explain_detections(s->arena, verdict.detections);
	explain_times(s->arena, verdict.detections, &times);
	s->messages++;
	ASSERT((size_t)verdict.message->final_disposition < VERDICTS_MAX);
	s->judged[verdict.message->final_disposition]++;
	if (s->json)
		write_json(s, label, &verdict, elapsed, cpu);
	else
		explain_verdict(&s->line, label, &verdict, s->dns && s->n_ids == 0,
				s->explain ? &times : NULL);
	if (buf_ok(&s->line))
		fwrite(s->line.p, 1, s->line.n, stdout);
	else
		fprintf(stderr, "postern scan: %.*s: its verdict is too long to show\n", STR_ARG(label));
	buf_free(&s->line);
	buf_init(&s->line, LINE_MAX_BYTES);
	arena_reset(s->arena);
}

/* How many of each, for a person who has seen many scroll by. */
static void print_sum(const struct session *s, bool all_read)
{
	const char *before = ": ";

	if (s->messages == 0 && all_read)
		fprintf(stderr, "postern scan: there is no message\n");
	if (s->messages < 2 || s->json)
		return;
	printf("%zu messages", s->messages);
	for (int i = 0; i < VERDICTS_MAX; i++) {
		if (s->judged[i] == 0)
			continue;
		printf("%s%zu %.*s", before, s->judged[i], STR_ARG(enum_text(&disposition_names, i)));
		before = ", ";
	}
	putchar('\n');
}

static const char *value_of(int option)
{
	switch (option) {
	case 'a':
		return "NAME";
	case 'i':
		return "ID";
	case OPTION_CONFIG:
	case OPTION_MODEL:
	case OPTION_PATHS:
		return "FILE";
	default:
		return "DIR";
	}
}

/* Index of the first path, or -1 when the arguments are not understood, 0 when help was asked for. */
static int read_options(int argc, char **argv, struct session *s, bool *dns)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "explain", no_argument, NULL, 'e' },
		{ "authserv-id", required_argument, NULL, 'a' },
		{ "dns", no_argument, NULL, 'd' },
		{ "account", required_argument, NULL, 'i' },
		{ "config", required_argument, NULL, OPTION_CONFIG },
		{ "data", required_argument, NULL, OPTION_DATA },
		{ "paths-from", required_argument, NULL, OPTION_PATHS },
		{ "model", required_argument, NULL, OPTION_MODEL },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	optind = 1;
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (c == 'h')
			return 0;
		if (c == 'j')
			s->json = true;
		else if (c == 'e')
			s->explain = true;
		else if (c == 'd')
			*dns = true;
		else if (c == 'i')
			s->account_id = optarg;
		else if (c == OPTION_CONFIG)
			s->config_file = optarg;
		else if (c == OPTION_DATA)
			s->data = optarg;
		else if (c == OPTION_PATHS)
			s->paths_file = optarg;
		else if (c == OPTION_MODEL)
			s->model_file = optarg;
		else if (c == 'a' && s->n_ids < AUTHSERV_IDS_MAX)
			s->ids[s->n_ids++] = str_of(optarg);
		else if (c == ':') {
			fprintf(stderr, "postern scan: %s needs %s\n\n", argv[optind - 1], value_of(optopt));
			return -1;
		} else if (c == 'a') {
			fprintf(stderr, "postern scan: more than %d names after --authserv-id\n\n",
				AUTHSERV_IDS_MAX);
			return -1;
		} else {
			fprintf(stderr, "postern scan: %s is not understood\n\n", argv[optind - 1]);
			return -1;
		}
	}
	if (optind >= argc && !s->paths_file)
		fputs("postern scan: PATH is needed\n\n", stderr);
	return optind < argc || s->paths_file ? optind : -1;
}

/* Each line of the file is a path. */
static bool judge_named(struct session *s)
{
	bool is_stdin = strcmp(s->paths_file, "-") == 0, ok = true;
	FILE *names = is_stdin ? stdin : fopen(s->paths_file, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	if (!names) {
		fprintf(stderr, "postern scan: %s: %s\n", s->paths_file, strerror(errno));
		return false;
	}
	while ((n = getline(&line, &room, names)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (line[0])
			ok &= mail_each(line, judge, s);
	}
	ok &= !ferror(names);
	free(line);
	if (!is_stdin)
		fclose(names);
	return ok;
}

int cli_scan(int argc, char **argv)
{
	struct session s = { 0 };
	const struct log log = { .fd = 2, .level = LOG_WARN, .role = "scan" };
	const struct dns_options dns_options = { .log = &log };
	struct errbuf eb;
	bool want_dns = false, ok = true;
	int first = read_options(argc, argv, &s, &want_dns);

	if (first <= 0) {
		fputs(usage, first == 0 ? stdout : stderr);
		return first == 0 ? 0 : 2;
	}
	if (s.config_file && !scan_outside_load(s.config_file, &s.outside)) {
		scan_outside_free(&s.outside);
		return 1;
	}
	if (s.account_id && !scan_account_load(s.account_id, s.config_file, s.data, &s.account)) {
		scan_account_free(&s.account);
		scan_outside_free(&s.outside);
		return 1;
	}
	if (site_model_load(s.model_file, s.account.dir, &s.model, &eb) != OK) {
		fprintf(stderr, "postern scan: %s\n", eb.text);
		scan_account_free(&s.account);
		scan_outside_free(&s.outside);
		return 1;
	}
	if (want_dns && dns_new(&dns_options, &s.dns, &eb) != OK) {
		fprintf(stderr, "postern scan: %s\n", eb.text);
		site_model_free(&s.model);
		scan_account_free(&s.account);
		scan_outside_free(&s.outside);
		return 1;
	}
	/* As in the roles: names in archives are read by it, and types that are not ours. */
	setlocale(LC_CTYPE, "C.UTF-8");
	libmagic_load();
	s.arena = arena_new(LIMIT_SCAN_ARENA, out_of_memory, &s);
	buf_init(&s.line, LINE_MAX_BYTES);
	for (int i = first; i < argc; i++)
		ok &= mail_each(argv[i], judge, &s);
	if (s.paths_file)
		ok &= judge_named(&s);
	print_sum(&s, ok);
	buf_free(&s.line);
	arena_free(&s.arena);
	dns_free(&s.dns);
	site_model_free(&s.model);
	scan_account_free(&s.account);
	scan_outside_free(&s.outside);
	return ok && fflush(stdout) == 0 ? 0 : 1;
}

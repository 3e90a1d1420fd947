/*
 * What reading mail costs: CPU per mail of the part tree with its content, and of the whole scan (reading,
 * authentication, detection, verdict) over a folder of mails; bytes of HTML per second as tokens, and as text.
 *
 *	bench_parse FOLDER HTML
 *
 * Leaves the HTML documents of the mails in the folder HTML for peers. DNS says at once that no name exists. Everything
 * is read into memory first. The best of ROUNDS rounds counts: neighbours only make it slower.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/arena.h"
#include "base/limits.h"
#include "html/text.h"
#include "html/token.h"
#include "mime/content.h"
#include "scan/scan.h"

#define ROUNDS 5
#define PATH_BYTES 4096

struct mails {
	struct str *v;
	size_t n;
	size_t bytes;
};

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void load_file(struct arena *a, const char *path, size_t size, struct mails *out)
{
	FILE *f = fopen(path, "rb");
	char *bytes = arena_alloc(a, size + 1);
	size_t n = f ? fread(bytes, 1, size, f) : 0;

	if (f)
		fclose(f);
	ARENA_PUSH(a, out, str_from(bytes, n));
	out->bytes += n;
}

/* All files below the folder, but for those in JSON and JavaScript that an npm package has beside its mails. */
static void load(struct arena *a, const char *folder, struct mails *out)
{
	DIR *d = opendir(folder);
	const struct dirent *e;
	struct stat st;

	while (d && (e = readdir(d))) {
		char path[PATH_BYTES];
		int n = snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (e->d_name[0] == '.' || n >= PATH_BYTES || stat(path, &st))
			continue;
		if (S_ISDIR(st.st_mode))
			load(a, path, out);
		else if (!str_ends(str_of(e->d_name), STR(".json")) &&
			 !str_ends(str_of(e->d_name), STR(".js")))
			load_file(a, path, (size_t)st.st_size, out);
	}
	if (d)
		closedir(d);
}

static void keep_html(const struct mime_content *c, struct arena *keep, struct mails *html)
{
	for (size_t i = 0; i < c->texts.n; i++)
		if (c->texts.v[i].html) {
			ARENA_PUSH(keep, html, arena_str(keep, c->texts.v[i].source));
			html->bytes += c->texts.v[i].source.n;
		}
}

static void read_mail(struct arena *a, struct str raw)
{
	content_extract(a, mime_parse(a, raw));
}

static void no_such_name(void *ctx, struct arena *a, const struct ask *asks, size_t n,
			 struct answer *answers_out)
{
	(void)ctx;
	(void)a;
	(void)asks;
	for (size_t i = 0; i < n; i++)
		answers_out[i] = (struct answer){ .status = ANSWER_NXDOMAIN };
}

static void scan_mail(struct arena *a, struct str raw)
{
	const struct scan_job job = {
		.raw = raw,
		.mail_from = STR("someone@sender.example"),
		.has_envelope = true,
		.client_ip = { .family = 4, .b = { 192, 0, 2, 1 } },
		.helo = STR("mail.sender.example"),
		.lookback_hops = 1,
		.received_us = INT64_C(1800000000000000),
		.authserv_id = STR("gw.example"),
		.header_prefix = STR("X-Postern-"),
	};
	struct verdict verdict;

	scan_run(a, &job, NULL, asker_new(a, no_such_name, NULL), &verdict);
}

static void read_tokens(struct arena *a, struct str document)
{
	struct html h = html_of(document);
	struct html_token token;

	(void)a;
	while (html_next(&h, &token)) {
		struct html_attr attr;
		while (token.kind == HTML_START && html_attr_next(&token.attrs, &attr))
			;
	}
}

static void read_text(struct arena *a, struct str document)
{
	html_text_read(a, document, LIMIT_TEXT);
}

/* CPU seconds of the best round over all. */
static double measure(struct arena *a, const struct mails *mails, void (*read)(struct arena *, struct str))
{
	double best = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		double begin = cpu_seconds();
		for (size_t i = 0; i < mails->n; i++) {
			read(a, mails->v[i]);
			arena_reset(a);
		}
		double took = cpu_seconds() - begin;
		best = took < best ? took : best;
	}
	return best;
}

static void leave(const struct mails *html, const char *folder)
{
	for (size_t i = 0; i < html->n; i++) {
		char path[PATH_BYTES];
		snprintf(path, sizeof(path), "%s/%zu.html", folder, i);
		FILE *f = fopen(path, "wb");
		if (!f || fwrite(html->v[i].p, 1, html->v[i].n, f) != html->v[i].n || fclose(f))
			exit(1);
	}
}

static void print(const char *what, double seconds, const struct mails *of)
{
	printf("parse %-26s %6.4f ms CPU each, %4.0f MB/s\n", what, seconds * 1e3 / (double)of->n,
	       (double)of->bytes / 1e6 / seconds);
}

int main(int argc, char **argv)
{
	struct arena *keep = arena_new(SIZE_MAX / 2, NULL, NULL);
	struct arena *a = arena_new(LIMIT_SCAN_ARENA, NULL, NULL);
	struct mails mails = { 0 }, html = { 0 };

	if (argc == 3)
		load(keep, argv[1], &mails);
	if (mails.n == 0) {
		fputs("usage: bench_parse FOLDER HTML\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < mails.n; i++) {
		keep_html(content_extract(a, mime_parse(a, mails.v[i])), keep, &html);
		arena_reset(a);
	}
	leave(&html, argv[2]);
	printf("parse %zu mails of %.1f MB, %zu HTML documents of %.1f MB\n", mails.n,
	       (double)mails.bytes / 1e6, html.n, (double)html.bytes / 1e6);
	print("postern, mails", measure(a, &mails, read_mail), &mails);
	print("postern, mails to verdict", measure(a, &mails, scan_mail), &mails);
	if (html.n) {
		print("postern, HTML as tokens", measure(a, &html, read_tokens), &html);
		print("postern, HTML as text", measure(a, &html, read_text), &html);
	}
	arena_free(&a);
	arena_free(&keep);
	return 0;
}

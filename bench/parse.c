/*
 * What reading mail costs: CPU per mail of the part tree and its content over a folder of mails, and of taking the
 * text out of HTML.
 *
 *	bench_parse FOLDER...
 *
 * Everything is read into memory first. The best of ROUNDS rounds counts: neighbours only make it slower.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/arena.h"
#include "base/limits.h"
#include "html/text.h"
#include "mime/content.h"

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

/* Reads every mail once; its HTML documents go to `html` where that is not NULL. */
static double parse_all(struct arena *a, const struct mails *mails, struct arena *keep, struct mails *html)
{
	double begin = cpu_seconds();

	for (size_t i = 0; i < mails->n; i++) {
		const struct mime_content *c = content_extract(a, mime_parse(a, mails->v[i]));
		for (size_t k = 0; html && k < c->texts.n; k++)
			if (c->texts.v[k].html) {
				ARENA_PUSH(keep, html, arena_str(keep, c->texts.v[k].source));
				html->bytes += c->texts.v[k].source.n;
			}
		arena_reset(a);
	}
	return cpu_seconds() - begin;
}

static double read_html(struct arena *a, const struct mails *html)
{
	double begin = cpu_seconds();

	for (size_t i = 0; i < html->n; i++) {
		html_text_read(a, html->v[i], LIMIT_TEXT);
		arena_reset(a);
	}
	return cpu_seconds() - begin;
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

int main(int argc, char **argv)
{
	struct arena *keep = arena_new(SIZE_MAX / 2, NULL, NULL);
	struct arena *a = arena_new(LIMIT_SCAN_ARENA, NULL, NULL);
	struct mails mails = { 0 }, html = { 0 };
	double parse = 1e9, text = 1e9;

	for (int i = 1; i < argc; i++)
		load(keep, argv[i], &mails);
	if (mails.n == 0) {
		fputs("usage: bench_parse FOLDER...\n", stderr);
		return 2;
	}
	parse_all(a, &mails, keep, &html);
	for (int i = 0; i < ROUNDS; i++) {
		parse = least(parse, parse_all(a, &mails, NULL, NULL));
		text = least(text, read_html(a, &html));
	}
	printf("parse %zu mails, %.1f MB: %.4f ms CPU per mail, %.0f MB/s\n", mails.n,
	       (double)mails.bytes / 1e6, parse * 1e3 / (double)mails.n, (double)mails.bytes / 1e6 / parse);
	if (html.n)
		printf("parse %zu HTML documents, %.1f MB: %.0f MB/s\n", html.n, (double)html.bytes / 1e6,
		       (double)html.bytes / 1e6 / text);
	arena_free(&a);
	arena_free(&keep);
	return 0;
}

/*
 * The mails and HTML documents of parse.c, read by libraries of others: GMime (parts, headers, bodies decoded and
 * their bytes counted) and Gumbo (an HTML5 tree).
 *
 *	reference FOLDER HTML
 *
 * Measured as there.
 */
#include <dirent.h>
#include <gmime/gmime.h>
#include <gumbo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define ROUNDS 5

struct files {
	char **v;
	size_t *sizes, n, bytes;
};

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int ends(const char *name, const char *with)
{
	size_t n = strlen(name), m = strlen(with);

	return n >= m && strcmp(name + n - m, with) == 0;
}

/* The same files as parse.c takes. */
static void load(const char *folder, struct files *out)
{
	DIR *d = opendir(folder);
	const struct dirent *e;
	struct stat st;

	while (d && (e = readdir(d))) {
		char path[4096];
		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (e->d_name[0] == '.' || stat(path, &st) || ends(path, ".json") || ends(path, ".js"))
			continue;
		if (S_ISDIR(st.st_mode)) {
			load(path, out);
			continue;
		}
		out->v = realloc(out->v, (out->n + 1) * sizeof(*out->v));
		out->sizes = realloc(out->sizes, (out->n + 1) * sizeof(*out->sizes));
		out->v[out->n] = malloc((size_t)st.st_size + 1);
		FILE *f = fopen(path, "rb");
		out->sizes[out->n] = fread(out->v[out->n], 1, (size_t)st.st_size, f);
		fclose(f);
		out->bytes += out->sizes[out->n++];
	}
	if (d)
		closedir(d);
}

static void take_part(GMimeObject *parent, GMimeObject *part, gpointer bytes)
{
	GMimeStream *to;

	(void)parent;
	if (!GMIME_IS_PART(part) || !g_mime_part_get_content((GMimePart *)part))
		return;
	to = g_mime_stream_mem_new();
	g_mime_data_wrapper_write_to_stream(g_mime_part_get_content((GMimePart *)part), to);
	*(gint64 *)bytes += g_mime_stream_length(to);
	g_object_unref(to);
}

static void read_mail(const char *bytes, size_t n)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, n);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	gint64 decoded = 0;

	if (message) {
		g_mime_message_get_subject(message);
		g_mime_message_get_date(message);
		g_mime_message_get_from(message);
		g_mime_message_foreach(message, take_part, &decoded);
		g_object_unref(message);
	}
	g_object_unref(parser);
	g_object_unref(stream);
}

static void read_html(const char *bytes, size_t n)
{
	gumbo_destroy_output(&kGumboDefaultOptions,
			     gumbo_parse_with_options(&kGumboDefaultOptions, bytes, n));
}

static void measure(const char *what, const struct files *files, void (*read)(const char *, size_t))
{
	double best = 1e9;

	for (int round = 0; round < ROUNDS && files->n; round++) {
		double begin = cpu_seconds(), took;
		for (size_t i = 0; i < files->n; i++)
			read(files->v[i], files->sizes[i]);
		took = cpu_seconds() - begin;
		best = took < best ? took : best;
	}
	if (files->n)
		printf("parse %-26s %6.4f ms CPU each, %4.0f MB/s\n", what, best * 1e3 / (double)files->n,
		       (double)files->bytes / 1e6 / best);
}

int main(int argc, char **argv)
{
	struct files mails = { 0 }, html = { 0 };

	if (argc != 3)
		return 2;
	load(argv[1], &mails);
	load(argv[2], &html);
	g_mime_init();
	measure("GMime, mails", &mails, read_mail);
	measure("Gumbo, HTML as a tree", &html, read_html);
	return 0;
}

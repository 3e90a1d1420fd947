/*
 * The mails that dkim.c left, verified by libopendkim, keys from a file and not from DNS: opendkim FOLDER BODY...
 * Measured as there.
 */
#include <dkim.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 7
#define MAILS 3000 /* a round */

static double cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static unsigned char *load(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	unsigned char *p = malloc(1 << 20);

	*n = f && p ? fread(p, 1, (1 << 20) - 1, f) : 0;
	if (f)
		fclose(f);
	if (*n == 0)
		exit(1);
	p[*n] = 0;
	return p;
}

/* Where the field at p ends: at a line that does not begin with white space. */
static unsigned char *field_end(unsigned char *p)
{
	for (;;) {
		p = (unsigned char *)strstr((char *)p, "\r\n") + 2;
		if (*p != ' ' && *p != '\t')
			return p;
	}
}

static void verify(DKIM_LIB *lib, unsigned char *mail, size_t n)
{
	static unsigned char id[] = "bench";
	unsigned char *p = mail, *end;
	DKIM_STAT status;
	DKIM *d = dkim_verify(lib, id, NULL, &status);

	for (; *p != '\r'; p = end) {
		end = field_end(p);
		status |= dkim_header(d, p, (size_t)(end - p) - 2);
	}
	status |= dkim_eoh(d);
	status |= dkim_body(d, p + 2, n - (size_t)(p + 2 - mail));
	status |= dkim_eom(d, NULL);
	if (status != DKIM_STAT_OK)
		exit(1);
	dkim_free(d);
}

static void run(const char *folder, const char *body)
{
	char mail_path[4096], key_path[4096];
	DKIM_LIB *lib = dkim_init(NULL, NULL);
	dkim_query_t query = DKIM_QUERY_FILE;
	double best = 1e9;
	size_t n;

	snprintf(mail_path, sizeof(mail_path), "%s/%s.eml", folder, body);
	snprintf(key_path, sizeof(key_path), "%s/%s.key", folder, body);
	dkim_options(lib, DKIM_OP_SETOPT, DKIM_OPTS_QUERYMETHOD, &query, sizeof(query));
	dkim_options(lib, DKIM_OP_SETOPT, DKIM_OPTS_QUERYINFO, key_path, strlen(key_path));
	unsigned char *mail = load(mail_path, &n);
	for (int i = 0; i < ROUNDS; i++) {
		double begin = cpu_us();
		for (int j = 0; j < MAILS; j++)
			verify(lib, mail, n);
		double one = (cpu_us() - begin) / MAILS;
		best = one < best ? one : best;
	}
	printf("dkim  libopendkim  %-14s body %6s bytes  %7.1f us CPU per mail\n", "rsa-sha256", body, best);
	free(mail);
	dkim_close(lib);
}

int main(int argc, char **argv)
{
	for (int i = 2; i < argc; i++)
		run(argv[1], argv[i]);
	return 0;
}

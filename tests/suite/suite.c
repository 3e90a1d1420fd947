/* Finding the files of a suite, and telling how its cases went. */
#include "suite.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define RUN_BYTES ((size_t)1 << 30)

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void gather(struct suite *s, struct str below, struct str ending, struct strs *out)
{
	struct str folder = arena_printf(s->arena, "%.*s/%.*s", STR_ARG(s->folder), STR_ARG(below));
	DIR *d = opendir(folder.p);
	struct dirent *e;
	struct stat st;

	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		struct str path = below.n ? arena_printf(s->arena, "%.*s/%s", STR_ARG(below), e->d_name)
					  : arena_str(s->arena, str_of(e->d_name));
		struct str whole = arena_printf(s->arena, "%.*s/%.*s", STR_ARG(s->folder), STR_ARG(path));
		if (stat(whole.p, &st))
			continue;
		if (S_ISDIR(st.st_mode))
			gather(s, path, ending, out);
		else if (str_ends(path, ending))
			ARENA_PUSH(s->arena, out, path);
	}
	if (d)
		closedir(d);
}

struct strs suite_files(struct suite *s, const char *ending)
{
	struct strs out = { 0 };

	gather(s, STR_NONE, str_of(ending), &out);
	if (out.n)
		qsort(out.v, out.n, sizeof(*out.v), by_bytes);
	return out;
}

bool suite_read(struct suite *s, struct arena *a, struct str path, struct str *out)
{
	FILE *f = fopen(arena_printf(a, "%.*s/%.*s", STR_ARG(s->folder), STR_ARG(path)).p, "rb");
	char *p = NULL;
	long size = -1;

	*out = STR_NONE;
	if (!f)
		return false;
	if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0) {
		rewind(f);
		p = arena_alloc(a, (size_t)size + 1);
		if (fread(p, 1, (size_t)size, f) != (size_t)size)
			p = NULL;
	}
	fclose(f);
	if (p)
		*out = (struct str){ p, (size_t)size };
	return p != NULL;
}

/* A "#" would begin a directive of TAP, and a name is one line. */
static void put(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		putchar(c < ' ' || c == '#' || c == '\\' ? ' ' : c);
	}
}

void suite_case(struct suite *s, bool ok, struct str name, const char *why, ...)
{
	char text[4000];
	va_list ap;

	printf("%sok %zu - ", ok ? "" : "not ", ++s->ran);
	put(name);
	putchar('\n');
	if (ok)
		return;
	s->failed++;
	va_start(ap, why);
	vsnprintf(text, sizeof(text), why, ap);
	va_end(ap);
	printf("# ");
	put(str_of(text));
	putchar('\n');
}

void suite_skip(struct suite *s, struct str name, const char *why)
{
	printf("ok %zu - ", ++s->ran);
	put(name);
	printf(" # SKIP %s\n", why);
}

int suite_main(const char *name, void (*run)(struct suite *s))
{
	const char *root = getenv("POSTERN_SUITES");
	struct suite s = { .arena = arena_new(RUN_BYTES, NULL, NULL) };
	struct stat st;

	s.folder = arena_printf(s.arena, "%s/%s", root ? root : ".", name);
	if (!root || stat(s.folder.p, &st)) {
		printf("1..0 # SKIP suite %s is absent\n", name);
		arena_free(&s.arena);
		return 0;
	}
	run(&s);
	if (s.ran == 0)
		suite_case(&s, false, str_of(name), "no case was found in %s", s.folder.p);
	printf("1..%zu\n", s.ran);
	arena_free(&s.arena);
	return s.failed ? 1 : 0;
}

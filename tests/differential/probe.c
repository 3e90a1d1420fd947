/* Questions in, answers out. */
#include "probe.h"

#include <stdio.h>
#include <stdlib.h>

#define OUT_MAX (16u << 20)

struct str probe_text(const struct json *node, const char *key)
{
	const struct json *value = json_get(node, str_of(key));

	return value && value->kind == JSON_STR ? value->s : STR("");
}

void probe_member(struct buf *b, const char *name, struct str value)
{
	buf_add_c(b, b->n > 0 && b->p[b->n - 1] != '{' ? "," : "");
	json_str(b, str_of(name));
	buf_add_char(b, ':');
	json_str(b, value);
}

struct str probe_file(struct arena *a, struct str path)
{
	FILE *f = fopen(arena_str(a, path).p, "rb");
	char *p = NULL;
	long size = 0;

	if (f && fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0) {
		rewind(f);
		p = arena_alloc(a, (size_t)size + 1);
		size = (long)fread(p, 1, (size_t)size, f);
	}
	if (f)
		fclose(f);
	return str_from(p, p ? (size_t)size : 0);
}

int main(void)
{
	struct arena *a = arena_new((size_t)1 << 30, NULL, NULL);
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	struct buf b;

	buf_init(&b, OUT_MAX);
	while ((n = getline(&line, &room, stdin)) > 0) {
		struct json *request;
		if (json_parse(a, str_from(line, (size_t)n), &request, NULL))
			return 1;
		buf_clear(&b);
		buf_add_char(&b, '{');
		probe_answer(a, request, &b);
		buf_add_char(&b, '}');
		printf("%.*s\n", STR_ARG(buf_str(&b)));
		fflush(stdout);
		arena_reset(a);
	}
	buf_free(&b);
	arena_free(&a);
	free(line);
	return 0;
}

/* The table of settings as a commented sample file, and as the list of the manual page. */
#include "config/internal.h"

#include <unistd.h>

#include "base/buf.h"

#define DESCRIBE_MAX (256u << 10)

static void add_default(struct buf *b, const struct setting *s, const char *quote)
{
	if (s->kind == SETTING_BOOL)
		buf_add_c(b, s->value ? "true" : "false");
	else if (s->kind == SETTING_INT)
		buf_printf(b, "%lld", (long long)s->value);
	else
		buf_printf(b, "%s%s%s", quote, s->text, quote);
}

/* "one of ...", "1 to 1000"; nothing where the meaning says it all. */
static void add_range(struct buf *b, const struct setting *s)
{
	if (s->kind == SETTING_INT)
		buf_printf(b, "; %lld to %lld", (long long)s->min, (long long)s->max);
	if (s->kind != SETTING_WORD)
		return;
	buf_add_c(b, "; one of:");
	for (int i = 0; i < s->words->n; i++)
		buf_printf(b, " %.*s", STR_ARG(s->words->texts[i]));
}

static size_t group_length(const char *key)
{
	const char *dot = strchr(key, '.');

	return dot ? (size_t)(dot - key) : 0;
}

static void write_all(int fd, struct buf *b)
{
	struct str rest = buf_str(b);

	while (rest.n > 0) {
		ssize_t n = write(fd, rest.p, rest.n);

		if (n <= 0)
			break;
		rest = str_sub(rest, (size_t)n, rest.n);
	}
	buf_free(b);
}

void config_describe(int fd)
{
	struct buf b;
	const char *group = "";
	size_t length = 0;

	buf_init(&b, DESCRIBE_MAX);
	buf_add_c(
	    &b,
	    "# Settings of postern, each with its default: take away the # in front of what you change.\n");
	for (size_t i = 0; i < settings_count; i++) {
		const struct setting *s = &settings[i];
		size_t n = group_length(s->key);

		if (n != length || strncmp(group, s->key, n) != 0) {
			buf_add_c(&b, length ? "};\n" : "");
			if (n)
				buf_printf(&b, "\n%.*s: {\n", (int)n, s->key);
			group = s->key;
			length = n;
		}
		buf_printf(&b, "%s%s# %s", n ? "" : "\n", n ? "\t" : "", s->meaning);
		add_range(&b, s);
		buf_printf(&b, "\n%s# %s = ", n ? "\t" : "", s->key + (n ? n + 1 : 0));
		add_default(&b, s, "\"");
		buf_add_c(&b, ";\n");
	}
	buf_add_c(&b, length ? "};\n" : "");
	write_all(fd, &b);
}

void config_describe_manual(int fd)
{
	struct buf b;

	buf_init(&b, DESCRIBE_MAX);
	for (size_t i = 0; i < settings_count; i++) {
		const struct setting *s = &settings[i];
		char first = ascii_upper(s->meaning[0]);

		buf_printf(&b, ".It Ic %s No = ", s->key);
		add_default(&b, s, "\\(dq"); /* a bare one would begin an argument */
		buf_printf(&b, "\n%c%s", first, s->meaning + 1);
		add_range(&b, s);
		buf_add_c(&b, ".\n");
	}
	write_all(fd, &b);
}

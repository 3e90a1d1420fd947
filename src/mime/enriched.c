/*
 * Commands in angle brackets are taken out; parameters and comments with what they hold. A line end is a space, of
 * several in a row all but one are line ends; richtext has commands for those.
 */
#include "mime/enriched.h"

#include "base/arena.h"
#include "base/cursor.h"

#define COMMAND_MAX 60 /* RFC 1896: names are of at most 60 characters */

enum command_kind {
	COMMAND_FORMAT, /* changes how text looks, not what it says */
	COMMAND_HIDES,  /* what it holds is not shown */
	COMMAND_KEEPS,  /* line ends in it are line ends */
	COMMAND_BREAKS, /* is a line end itself */
	COMMAND_LESS,   /* is a "<" itself */
};

static const struct {
	struct str name;
	bool richtext; /* else of enriched */
	enum command_kind kind;
} commands[] = {
	{ STR_INIT("param"), false, COMMAND_HIDES },  { STR_INIT("nofill"), false, COMMAND_KEEPS },
	{ STR_INIT("comment"), true, COMMAND_HIDES }, { STR_INIT("nl"), true, COMMAND_BREAKS },
	{ STR_INIT("np"), true, COMMAND_BREAKS },     { STR_INIT("paragraph"), true, COMMAND_BREAKS },
	{ STR_INIT("lt"), true, COMMAND_LESS },
};

struct reader {
	struct cursor c;
	bool richtext;
	unsigned hidden, kept; /* commands of these kinds open */
	char *z;
	size_t n;
};

static void put(struct reader *r, char c)
{
	if (!r->hidden)
		r->z[r->n++] = c;
}

static enum command_kind kind_of(const struct reader *r, struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (commands[i].richtext == r->richtext && str_eq_nocase(commands[i].name, name))
			return commands[i].kind;
	return COMMAND_FORMAT;
}

static void count(unsigned *open, bool closes)
{
	if (closes)
		*open -= *open > 0;
	else
		++*open;
}

/* A "<" and what it begins; text where no command is. */
static void read_command(struct reader *r)
{
	struct str rest = cursor_rest(&r->c);
	size_t end = str_find_char(str_sub(rest, 0, COMMAND_MAX), '>', 1);

	r->c.at++;
	if (!r->richtext && cursor_char(&r->c, '<')) {
		put(r, '<');
		return;
	}
	if (end == SIZE_MAX) {
		put(r, '<');
		return;
	}
	bool closes = end > 1 && rest.p[1] == '/';
	enum command_kind kind = kind_of(r, str_sub(rest, closes ? 2 : 1, end));
	r->c.at += end;
	if (kind == COMMAND_HIDES)
		count(&r->hidden, closes);
	else if (kind == COMMAND_KEEPS)
		count(&r->kept, closes);
	else if (kind == COMMAND_BREAKS)
		put(r, '\n');
	else if (kind == COMMAND_LESS)
		put(r, '<');
}

/* A run of line ends. */
static void read_line_ends(struct reader *r)
{
	size_t lines = 0;

	for (; !cursor_done(&r->c) && (*r->c.at == '\n' || *r->c.at == '\r'); r->c.at++)
		lines += *r->c.at == '\n';
	if (r->kept)
		lines++;
	if (lines == 1 || r->richtext)
		put(r, ' ');
	else
		for (; lines > 1; lines--)
			put(r, '\n');
}

static struct str read_text(struct arena *a, struct str text, bool richtext)
{
	struct reader r = { .c = cursor_of(text), .richtext = richtext, .z = arena_alloc(a, text.n + 1) };

	while (!cursor_done(&r.c)) {
		if (*r.c.at == '<')
			read_command(&r);
		else if (*r.c.at == '\n' || *r.c.at == '\r')
			read_line_ends(&r);
		else
			put(&r, *r.c.at++);
	}
	return (struct str){ r.z, r.n };
}

struct str enriched_to_text(struct arena *a, struct str text)
{
	return read_text(a, text, false);
}

struct str richtext_to_text(struct arena *a, struct str text)
{
	return read_text(a, text, true);
}

/* Templates: variables are replaced, and what replaces them marks nothing up and begins no line. */
#include "base/utf8.h"
#include "edit/internal.h"
#include "html/escape.h"

#define VALUE_MAX 2000 /* bytes of what a variable stands for */
#define FILLED_MAX (64u << 10)

/* What would begin a line stands for itself. */
static void add_value(struct buf *b, struct str value, bool html)
{
	for (size_t at = 0; at < value.n;) {
		uint32_t c = utf8_next(value, &at);
		if (html)
			html_escape_char(b, c);
		else
			utf8_add(b, utf8_is_control(c) ? ' ' : c);
	}
}

static struct str filled(struct arena *a, struct buf *b)
{
	struct str out = buf_ok(b) ? arena_str(a, buf_str(b)) : STR_NONE;

	buf_free(b);
	return out;
}

struct str html_show(struct arena *a, struct str text)
{
	struct buf b;

	buf_init(&b, 8 * text.n + 1);
	html_escape(&b, text);
	return filled(a, &b);
}

/* The labels that it has and that count here, each as it is called. */
static struct str labels_of(struct arena *a, const struct edit_job *job)
{
	struct str out = STR("");

	for (int i = 0; i < add_on_label_names.n; i++)
		if (job->labels >> i & 1)
			out = ARENA_JOIN(a, out, out.n ? STR(" ") : STR(""),
					 text_add_on_label(job->texts, (enum add_on_label)i));
	return out;
}

static struct str joined(struct arena *a, const struct strs *list, struct str between)
{
	struct buf b;

	buf_init(&b, VALUE_MAX);
	for (size_t i = 0; i < list->n && b.n + between.n + list->v[i].n <= VALUE_MAX; i++) {
		buf_add(&b, i ? between : STR(""));
		buf_add(&b, list->v[i]);
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* Of the template itself: HTML as it is, but for what the charset of a mail might not have. */
static void add_template(struct buf *b, struct str s, bool html)
{
	for (size_t at = 0; at < s.n;) {
		uint32_t c = utf8_next(s, &at);
		if (html && c >= 0x80)
			html_escape_char(b, c);
		else
			utf8_add(b, c);
	}
}

struct str template_fill(struct arena *a, const struct edit_job *job, struct str template, bool html)
{
	const struct {
		struct str name, value;
	} variables[] = {
		{ STR("%LABELS"), labels_of(a, job) },
		{ STR("%REASONS"), joined(a, &job->reasons, STR("; ")) },
		{ STR("%THREATS"), joined(a, &job->threats, STR(", ")) },
	};
	struct buf b;

	buf_init(&b, FILLED_MAX);
	for (size_t at = 0; at < template.n;) {
		size_t percent = str_find_char(template, '%', at), i = 0;
		add_template(&b, str_sub(template, at, percent), html);
		if (percent == SIZE_MAX)
			break;
		struct str rest = str_sub(template, percent, template.n);
		while (i < ARRAY_LEN(variables) && !str_starts(rest, variables[i].name))
			i++;
		if (i < ARRAY_LEN(variables))
			add_value(&b, variables[i].value, html);
		else
			buf_add_char(&b, '%');
		at = percent + (i < ARRAY_LEN(variables) ? variables[i].name.n : 1);
	}
	return filled(a, &b);
}

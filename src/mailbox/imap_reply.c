/* Taking responses apart. Lenient where servers are known to be sloppy (spaces), strict where guessing would mislead. */
#include "mailbox/imap_reply.h"

#include <stdio.h>

#include "base/abnf.h"
#include "base/cursor.h"
#include "base/limits.h"

ENUM_DEFINE(imap_status, IMAP_STATUSES);

/* The word up to a space or the end, which is taken, too. */
static struct str take_word(struct str *s)
{
	size_t space = str_find_char(*s, ' ', 0);
	struct str word = str_sub(*s, 0, space);

	*s = space == SIZE_MAX ? STR_NONE : str_sub(*s, space + 1, s->n);
	return word;
}

/* ---- lines ---- */

static bool is_for_people(struct str line)
{
	struct str tag = take_word(&line);

	return str_eq(tag, STR("+")) || enum_value_nocase(&imap_status_names, take_word(&line)) > 0;
}

bool imap_line_has_literal(struct str line, bool first, uint64_t *bytes_out)
{
	size_t open = str_rfind_char(line, '{');

	if (open == SIZE_MAX || !str_ends(line, STR("}")) || (first && is_for_people(line)))
		return false;
	struct str digits = str_sub(line, open + 1, line.n - 1);
	return str_to_u64(digits, UINT32_MAX, bytes_out) == OK;
}

/* ---- values ---- */

struct reading {
	struct arena *a;
	struct cursor c;
	const struct strs *literals;
	size_t literal; /* the next one */
	size_t values;
};

static bool is_atom_char(unsigned char c)
{
	return c > ' ' && c != 127 && c != '(' && c != ')' && c != '"' && c != '{';
}

/* "BODY[HEADER.FIELDS (MESSAGE-ID)]<0>" is one atom: what brackets hold belongs to it. */
static enum err read_atom(struct reading *r, struct str *out)
{
	const char *from = r->c.at;
	bool bracketed = false;

	for (; !cursor_done(&r->c); r->c.at++) {
		unsigned char c = (unsigned char)*r->c.at;
		if (c == '[' || c == ']')
			bracketed = c == '[';
		else if (!is_atom_char(c) && !(bracketed && c >= ' '))
			break;
	}
	*out = str_from(from, (size_t)(r->c.at - from));
	return out->n && !bracketed ? OK : ERR_SYNTAX;
}

static enum err read_quoted(struct reading *r, struct str *out)
{
	const char *from = r->c.at;
	bool escaped = false;

	for (; r->c.at < r->c.end && *r->c.at != '"'; r->c.at++) {
		if (*r->c.at == '\n')
			return ERR_SYNTAX;
		if (*r->c.at == '\\' && r->c.at + 1 < r->c.end)
			r->c.at++, escaped = true;
	}
	*out = str_from(from, (size_t)(r->c.at - from));
	if (!cursor_char(&r->c, '"'))
		return ERR_SYNTAX;
	if (!escaped)
		return OK;
	char *to = arena_alloc(r->a, out->n);
	size_t n = 0;
	for (size_t i = 0; i < out->n; i++) {
		if (out->p[i] == '\\' && i + 1 < out->n)
			i++;
		to[n++] = out->p[i];
	}
	*out = str_from(to, n);
	return OK;
}

static enum err read_literal(struct reading *r, struct imap_value *out)
{
	uint64_t bytes;

	if (cursor_u64(&r->c, UINT32_MAX, &bytes) || !cursor_char(&r->c, '}') || !cursor_char(&r->c, '\n') ||
	    r->literal >= r->literals->n || r->literals->v[r->literal].n != bytes)
		return ERR_SYNTAX;
	out->kind = IMAP_LITERAL;
	out->s = r->literals->v[r->literal++];
	if (!out->s.p) {
		out->missing = bytes;
		out->s = STR_NONE;
	}
	return OK;
}

struct values {
	struct imap_value *v;
	size_t n;
};

static enum err read_values(struct reading *r, int depth, struct values *list);

static enum err read_value(struct reading *r, int depth, struct imap_value *out)
{
	struct values inner = { 0 };
	enum err e;

	*out = (struct imap_value){ .kind = IMAP_QUOTED };
	if (++r->values > LIMIT_IMAP_VALUES)
		return ERR_LIMIT;
	if (cursor_char(&r->c, '"'))
		return read_quoted(r, &out->s);
	if (cursor_text_nocase(&r->c, STR("~{")) || cursor_char(&r->c, '{'))
		return read_literal(r, out);
	if (cursor_char(&r->c, '(')) {
		e = depth >= LIMIT_IMAP_DEPTH ? ERR_LIMIT : read_values(r, depth + 1, &inner);
		*out = (struct imap_value){ .kind = IMAP_LIST, .v = inner.v, .n = inner.n };
		return !e && !cursor_char(&r->c, ')') ? ERR_SYNTAX : e;
	}
	e = read_atom(r, &out->s);
	out->kind = str_eq_nocase(out->s, STR("NIL")) ? IMAP_NIL : IMAP_ATOM;
	return e;
}

/* Up to the closing parenthesis, or the end. */
static enum err read_values(struct reading *r, int depth, struct values *list)
{
	for (;;) {
		while (cursor_char(&r->c, ' '))
			;
		if (cursor_done(&r->c) || cursor_peek(&r->c) == ')')
			return OK;
		struct imap_value value;
		enum err e = read_value(r, depth, &value);
		if (e)
			return e;
		ARENA_PUSH(r->a, list, value);
	}
}

static enum err take_apart(struct arena *a, const struct strs *literals, struct imap_reply *r)
{
	struct reading reading = { .a = a, .c = cursor_of(r->rest), .literals = literals };
	struct values list = { 0 };
	enum err e = read_values(&reading, 0, &list);

	r->v = list.v;
	r->n = list.n;
	return !e && !cursor_done(&reading.c) ? ERR_SYNTAX : e;
}

/* ---- a response ---- */

/* "[CODE rest] text" */
static void read_state(struct imap_reply *r, struct str text)
{
	size_t close = str_starts(text, STR("[")) ? str_find_char(text, ']', 0) : SIZE_MAX;

	r->text = text;
	if (close == SIZE_MAX)
		return;
	r->code_rest = str_sub(text, 1, close);
	r->code = take_word(&r->code_rest);
	r->text = str_trim(str_sub(text, close + 1, text.n));
}

enum err imap_reply_parse(struct arena *a, struct str text, const struct strs *literals,
			  struct imap_reply *out)
{
	uint64_t number;

	*out = (struct imap_reply){ .tag = take_word(&text) };
	if (str_is_empty(out->tag))
		return ERR_SYNTAX;
	if (str_eq(out->tag, STR("+"))) {
		out->kind = IMAP_CONTINUE;
		out->text = text;
		return OK;
	}
	out->kind = str_eq(out->tag, STR("*")) ? IMAP_UNTAGGED : IMAP_TAGGED;
	out->name = take_word(&text);
	int status = enum_value_nocase(&imap_status_names, out->name);
	if (status > 0) {
		out->status = (enum imap_status)status;
		read_state(out, text);
		return OK;
	}
	if (out->kind == IMAP_TAGGED)
		return ERR_SYNTAX;
	if (str_to_u64(out->name, UINT32_MAX, &number) == OK) {
		out->numbered = true;
		out->number = (uint32_t)number;
		out->name = take_word(&text);
	}
	out->rest = text;
	if (str_is_empty(out->name))
		return ERR_SYNTAX;
	return str_eq_nocase(out->name, STR("SEARCH")) ? OK : take_apart(a, literals, out);
}

static bool is_called(const struct imap_value *v, struct str name)
{
	bool open = str_find_char(name, '[', 0) != SIZE_MAX && str_find_char(name, ']', 0) == SIZE_MAX;

	return v->kind == IMAP_ATOM && (open ? str_starts_nocase(v->s, name) : str_eq_nocase(v->s, name));
}

const struct imap_value *imap_fetched(const struct imap_reply *r, struct str name)
{
	if (!str_eq_nocase(r->name, STR("FETCH")) || r->n != 1 || r->v[0].kind != IMAP_LIST)
		return NULL;
	for (size_t i = 0; i + 1 < r->v[0].n; i += 2)
		if (is_called(&r->v[0].v[i], name))
			return &r->v[0].v[i + 1];
	return NULL;
}

bool imap_number(const struct imap_value *v, uint32_t *out)
{
	uint64_t number;

	if (!v || v->kind != IMAP_ATOM || str_to_u64(v->s, UINT32_MAX, &number))
		return false;
	*out = (uint32_t)number;
	return true;
}

static enum err add_range(struct arena *a, uint64_t from, uint64_t to, size_t most, struct imap_set *set)
{
	if (from > to) { /* "9:7" is "7:9" */
		uint64_t lower = to;
		to = from;
		from = lower;
	}
	for (uint64_t i = from; i <= to; i++) {
		if (set->n == most)
			return ERR_LIMIT;
		ARENA_PUSH(a, set, (uint32_t)i);
	}
	return OK;
}

enum err imap_numbers(struct arena *a, struct str text, size_t most, struct imap_set *set)
{
	struct cursor c = cursor_of(text);

	for (;;) {
		uint64_t from, to;
		while (cursor_char(&c, ' ') || cursor_char(&c, ','))
			;
		if (cursor_done(&c))
			return OK;
		if (cursor_u64(&c, UINT32_MAX, &from))
			return ERR_SYNTAX;
		to = from;
		if (cursor_char(&c, ':') && cursor_u64(&c, UINT32_MAX, &to))
			return ERR_SYNTAX;
		enum err e = add_range(a, from, to, most, set);
		if (e)
			return e;
	}
}

/* ---- dates ---- */

static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
				  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

/* A number of so many digits. */
static bool read_digits(struct cursor *c, size_t digits, int *out)
{
	*out = 0;
	for (size_t i = 0; i < digits; i++, c->at++) {
		if (cursor_done(c) || !abnf_is_digit((unsigned char)*c->at))
			return false;
		*out = *out * 10 + (*c->at - '0');
	}
	return true;
}

static bool read_month(struct cursor *c, int *out)
{
	for (int i = 0; i < (int)ARRAY_LEN(months); i++)
		if (cursor_text_nocase(c, str_of(months[i]))) {
			*out = i + 1;
			return true;
		}
	return false;
}

enum err imap_date_read(struct str text, int64_t *us_out)
{
	struct cursor c = cursor_of(str_trim(text));
	int day, month, year, hour, minute, second, zone;

	if (!read_digits(&c, cursor_left(&c) > 1 && c.at[1] == '-' ? 1 : 2, &day) || !cursor_char(&c, '-') ||
	    !read_month(&c, &month) || !cursor_char(&c, '-') || !read_digits(&c, 4, &year) ||
	    !cursor_char(&c, ' ') || !read_digits(&c, 2, &hour) || !cursor_char(&c, ':') ||
	    !read_digits(&c, 2, &minute) || !cursor_char(&c, ':') || !read_digits(&c, 2, &second) ||
	    !cursor_char(&c, ' '))
		return ERR_SYNTAX;
	bool east = cursor_char(&c, '+');
	if ((!east && !cursor_char(&c, '-')) || !read_digits(&c, 4, &zone) || !cursor_done(&c))
		return ERR_SYNTAX;
	if (day < 1 || day > 31 || year < 1 || hour > 23 || minute > 59 || second > 60 || zone % 100 > 59)
		return ERR_SYNTAX;
	int64_t offset_s = (zone / 100 * 60 + zone % 100) * INT64_C(60);
	int64_t s = clock_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
	*us_out = (s - (east ? offset_s : -offset_s)) * 1000000;
	return OK;
}

/* Years 1 to 9999 */
#define DATE_FIRST_US (INT64_C(-62135596800) * 1000000)
#define DATE_LAST_US (INT64_C(253402300799) * 1000000)

/* clock_rfc3339 has the parts: "2024-01-05T10:00:00…" */
struct str imap_date_time(int64_t us, char out[40])
{
	char iso[CLOCK_TEXT_MAX];
	us = us < DATE_FIRST_US ? DATE_FIRST_US : us > DATE_LAST_US ? DATE_LAST_US : us;
	struct str s = clock_rfc3339(us, iso);
	int month = (s.p[5] - '0') * 10 + (s.p[6] - '0');

	int n = snprintf(out, 40, "%.2s-%s-%.4s %.8s +0000", s.p + 8, months[month - 1], s.p, s.p + 11);
	return str_from(out, (size_t)n);
}

struct str imap_date(int64_t us, char out[40])
{
	return str_sub(imap_date_time(us, out), 0, 11);
}

/* Splitting a header section into its fields. */
#include "mime/header.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"

/* Offset behind the LF that ends the line at `at`, or `to`. */
static size_t line_end(struct str raw, size_t at, size_t to)
{
	const char *lf = at < to ? memchr(raw.p + at, '\n', to - at) : NULL;

	return lf ? (size_t)(lf - raw.p) + 1 : to;
}

/* The line's text end: without LF and the CR before it. */
static size_t text_end(struct str raw, size_t at, size_t end)
{
	if (end > at && raw.p[end - 1] == '\n') {
		end--;
		if (end > at && raw.p[end - 1] == '\r')
			end--;
	}
	return end;
}

/* The colon that ends a field name at `at`, or SIZE_MAX. White space before it is RFC 5322 §4.5's. */
static size_t find_colon(struct str raw, size_t at, size_t end, size_t *name_end_out)
{
	size_t i = at;

	while (i < end && abnf_is_ftext((unsigned char)raw.p[i]))
		i++;
	*name_end_out = i;
	while (i < end && abnf_is_wsp((unsigned char)raw.p[i]))
		i++;
	return i < end && raw.p[i] == ':' ? i : SIZE_MAX;
}

/* White space for isspace(3), not for RFC 5322: some readers fold at it. No field name can begin with it. */
static bool is_odd_space(unsigned char c)
{
	return c == '\v' || c == '\f';
}

/* A line that some take for the end of the header, whatever we do with it. */
static void doubt(struct headers *h, size_t end, size_t body)
{
	if (h->strict_end == SIZE_MAX) {
		h->strict_end = end;
		h->strict_body = body;
	}
}

/* Moves over continuation lines: those that begin with white space (RFC 5322 §2.2.3, §4.2). */
static size_t field_end(struct headers *h, struct str raw, size_t next, size_t to,
			struct mime_defects *defects)
{
	while (next < to &&
	       (abnf_is_wsp((unsigned char)raw.p[next]) || is_odd_space((unsigned char)raw.p[next]))) {
		size_t end = line_end(raw, next, to), text = text_end(raw, next, end), i = next;
		if (is_odd_space((unsigned char)raw.p[next])) {
			defect_add(defects, DEFECT_HEADER_SYNTAX, next);
			doubt(h, next, next);
		}
		while (i < text && abnf_is_wsp((unsigned char)raw.p[i]))
			i++;
		if (i == text) {
			defect_add(defects, DEFECT_HEADER_BLANK_FOLD, next);
			doubt(h, next, end);
		}
		next = end;
	}
	return next;
}

bool header_is_mbox_from(struct str section)
{
	size_t at = str_starts(section, STR(">"));

	if (!str_starts(str_sub(section, at, section.n), STR("From ")))
		return false;
	for (at += sizeof("From") - 1; at < section.n && abnf_is_wsp((unsigned char)section.p[at]);)
		at++;
	return at == section.n || section.p[at] != ':'; /* RFC 5322 §4.5 allows blanks there */
}

static size_t skip_mbox_from(struct str raw, size_t at, size_t to, struct mime_defects *defects)
{
	if (!header_is_mbox_from(str_sub(raw, at, to)))
		return at;
	defect_add(defects, DEFECT_MBOX_FROM, at);
	return line_end(raw, at, to);
}

static void check_bytes(struct str raw, const struct headers *h, struct mime_defects *defects)
{
	size_t nul = str_find_char(str_sub(raw, 0, h->end), 0, h->start);

	if (nul != SIZE_MAX)
		defect_add(defects, DEFECT_HEADER_NUL, nul);
	for (size_t i = h->start; i < h->end; i++)
		if ((unsigned char)raw.p[i] >= 0x80) {
			defect_add(defects, DEFECT_HEADER_8BIT, i);
			if (!utf8_is_valid(str_sub(raw, i, h->end)))
				defect_add(defects, DEFECT_HEADER_NOT_UTF8, i);
			return;
		}
}

/* Fields that decide what is shown and how the body is read. One that ends in "-" stands for all that begin so. */
static const struct str weighty[] = {
	STR_INIT("From"),         STR_INIT("Sender"),
	STR_INIT("Reply-To"),     STR_INIT("To"),
	STR_INIT("Cc"),           STR_INIT("Subject"),
	STR_INIT("Date"),         STR_INIT("Message-ID"),
	STR_INIT("MIME-Version"), STR_INIT("Content-Type"),
	STR_INIT("Content-ID"),   STR_INIT("Content-Transfer-Encoding"),
	STR_INIT("Content-"),     STR_INIT("Content-Disposition"),
};

enum { NO_WEIGHT = ARRAY_LEN(weighty) };

/* Index of the name in the list, or NO_WEIGHT. */
static size_t weight_of(struct str name)
{
	size_t prefix = NO_WEIGHT;

	for (size_t i = 0; i < ARRAY_LEN(weighty); i++) {
		if (!str_starts_nocase(name, weighty[i]))
			continue;
		if (name.n == weighty[i].n)
			return i;
		if (str_ends(weighty[i], STR("-")))
			prefix = i;
	}
	return prefix;
}

/*
 * Where the last field of weight begins before the first empty line, or `at`. A line that is no field ends the header
 * for some readers and is passed over by others. Whatever such a line hides from us it may show to the recipient, so
 * it ends the header here only when nothing of weight follows.
 */
static size_t last_weighty_field(struct str raw, size_t at, size_t to)
{
	size_t last = at, name_end;

	while (at < to) {
		size_t end = line_end(raw, at, to), text = text_end(raw, at, end);
		if (text == at)
			break;
		if (find_colon(raw, at, text, &name_end) != SIZE_MAX &&
		    weight_of(str_sub(raw, at, name_end)) != NO_WEIGHT)
			last = at;
		at = end;
	}
	return last;
}

/*
 * Keeps the field, or says that it was not. Beyond the ceilings only weight counts. beyond: how many of each name were
 * kept so, that no name can use up the room of another.
 */
static void keep_field(struct arena *a, struct headers *h, struct header f, unsigned beyond[static NO_WEIGHT],
		       struct mime_defects *defects)
{
	bool over = h->n >= LIMIT_HEADER_FIELDS || f.start - h->start >= LIMIT_HEADER_BYTES;
	bool long_value = f.value.n > LIMIT_HEADER_LINE;
	size_t weight = over || long_value ? weight_of(f.name) : NO_WEIGHT;

	if (over) {
		defect_add(defects, DEFECT_HEADER_MANY, f.start);
		if (weight == NO_WEIGHT || beyond[weight] == LIMIT_HEADER_SAME)
			return;
		beyond[weight]++;
	}
	if (long_value && weight == NO_WEIGHT) {
		defect_add(defects, DEFECT_HEADER_LONG, f.start);
		f.value.n = LIMIT_HEADER_LINE;
	} else if (f.value.n > LIMIT_HEADER_BYTES) {
		defect_add(defects, DEFECT_FIELD_CUT, f.start);
		f.value.n = LIMIT_HEADER_BYTES;
	}
	ARENA_PUSH(a, h, f);
}

/*
 * A line that is no field, at `at`. Gives whether the header goes on behind it. *weighty: where the last field of
 * weight begins, looked for once; SIZE_MAX before that.
 */
static bool goes_on_behind(struct headers *h, struct str raw, size_t at, size_t end, size_t to,
			   size_t *weighty_at)
{
	/* White space before the first field: nothing it could continue. */
	if (at == h->start && abnf_is_wsp((unsigned char)raw.p[at])) {
		doubt(h, at, at);
		h->start = end;
		return true;
	}
	if (*weighty_at == SIZE_MAX)
		*weighty_at = last_weighty_field(raw, at, to);
	if (at >= *weighty_at)
		return false;
	doubt(h, at, at);
	return true;
}

struct headers headers_parse(struct arena *a, struct str raw, size_t from, size_t to,
			     struct mime_defects *defects)
{
	struct headers h = { .start = skip_mbox_from(raw, from, to, defects), .strict_end = SIZE_MAX };
	size_t at = h.start, name_end, weighty_at = SIZE_MAX;
	unsigned beyond[NO_WEIGHT] = { 0 };

	while (at < to) {
		size_t end = line_end(raw, at, to), text = text_end(raw, at, end);
		if (text == at) {
			h.end = at;
			h.body = end;
			break;
		}
		size_t colon = find_colon(raw, at, text, &name_end);
		if (colon == SIZE_MAX) {
			if (!goes_on_behind(&h, raw, at, end, to, &weighty_at))
				break;
			defect_add(defects, DEFECT_HEADER_SYNTAX, at);
			at = end;
			continue;
		}
		if (name_end != colon || name_end == at)
			defect_add(defects, DEFECT_HEADER_SYNTAX, at);
		size_t next = field_end(&h, raw, end, to, defects);
		struct header f = { str_sub(raw, at, name_end),
				    str_sub(raw, colon + 1, text_end(raw, colon + 1, next)), at, next - at };
		keep_field(a, &h, f, beyond, defects);
		at = next;
	}
	if (!h.body) {
		h.end = h.body = at;
		if (at < to)
			defect_add(defects, at == h.start ? DEFECT_NO_HEADER : DEFECT_NO_SEPARATOR, at);
	}
	check_bytes(raw, &h, defects);
	return h;
}

static const struct header *find_from(const struct headers *h, size_t i, struct str name)
{
	for (; i < h->n; i++)
		if (str_eq_nocase(h->v[i].name, name))
			return &h->v[i];
	return NULL;
}

const struct header *headers_first(const struct headers *h, struct str name)
{
	return find_from(h, 0, name);
}

const struct header *headers_next(const struct headers *h, const struct header *at)
{
	return find_from(h, (size_t)(at - h->v) + 1, at->name);
}

const struct header *headers_last(const struct headers *h, struct str name)
{
	for (size_t i = h->n; i > 0; i--)
		if (str_eq_nocase(h->v[i - 1].name, name))
			return &h->v[i - 1];
	return NULL;
}

size_t headers_count(const struct headers *h, struct str name)
{
	size_t count = 0;

	for (size_t i = 0; i < h->n; i++)
		count += str_eq_nocase(h->v[i].name, name);
	return count;
}

struct str headers_value(struct arena *a, const struct headers *h, struct str name)
{
	const struct header *f = headers_first(h, name);

	return f ? header_unfold(a, f->value) : STR_NONE;
}

struct str header_unfold(struct arena *a, struct str value)
{
	value = str_trim(value);
	if (str_find_char(value, '\n', 0) == SIZE_MAX && str_find_char(value, '\r', 0) == SIZE_MAX &&
	    str_find_char(value, 0, 0) == SIZE_MAX)
		return value;
	char *z = arena_alloc(a, value.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];
		if (c == 0 || c == '\n' || (c == '\r' && i + 1 < value.n && value.p[i + 1] == '\n'))
			continue;
		z[n++] = c == '\r' ? ' ' : c; /* a CR alone would break the line wherever this is shown */
	}
	z[n] = 0;
	return (struct str){ z, n };
}

/* Reading a header line by line: names, and how many of each there were. */
#include "milter/edits.h"

#include <stdlib.h>

#include "base/abnf.h"

void edits_field(struct buf *out, struct str name, struct str value, bool spaced)
{
	buf_add(out, name);
	buf_add_c(out, spaced ? ":" : ": ");
	for (size_t at = 0; at < value.n;) {
		size_t end = str_find_char(value, '\n', at);
		struct str line = str_sub(value, at, end);
		bool ended = end != SIZE_MAX && line.n && line.p[line.n - 1] == '\r';
		buf_add(out, line);
		if (end != SIZE_MAX)
			buf_add_c(out, ended ? "\n" : "\r\n");
		at = end == SIZE_MAX ? value.n : end + 1;
	}
	buf_add_c(out, "\r\n");
}

/* ---- what is taken out ---- */

/* A name of which something is taken out, and how many of it were passed. */
struct counted {
	struct str name;
	int seen;
};

static int by_name(const void *a, const void *b)
{
	const struct counted *x = a, *y = b;

	return str_cmp_nocase(x->name, y->name);
}

static struct str name_at(struct str mail, size_t at)
{
	size_t end = at;

	while (end < mail.n && abnf_is_ftext((unsigned char)mail.p[end]))
		end++;
	return str_sub(mail, at, end);
}

/* The names of those that are to be left out, in order, once each. */
static size_t names_of(struct arena *a, struct str mail, const struct byte_range_list *strip,
		       struct counted **out)
{
	struct counted *v = ARENA_ARRAY(a, strip->n + 1, struct counted);
	size_t n = 0;

	for (size_t i = 0; i < strip->n; i++)
		v[i].name = name_at(mail, (size_t)strip->v[i].start);
	qsort(v, strip->n, sizeof(*v), by_name);
	for (size_t i = 0; i < strip->n; i++)
		if (n == 0 || by_name(&v[n - 1], &v[i]) != 0)
			v[n++] = v[i];
	*out = v;
	return n;
}

struct edit_places edits_removed(struct arena *a, struct str mail, const struct byte_range_list *strip)
{
	struct edit_places out = { 0 };
	struct counted *names;
	size_t names_n = names_of(a, mail, strip, &names), next = 0;

	for (size_t at = 0, end; at < mail.n && next < strip->n; at = end + 1) {
		struct counted key = { .name = name_at(mail, at) };
		struct counted *found = bsearch(&key, names, names_n, sizeof(*names), by_name);
		end = str_find_char(mail, '\n', at);
		if (end == SIZE_MAX)
			end = mail.n;
		if (found)
			found->seen++;
		if (found && (size_t)strip->v[next].start == at) {
			struct edit_place place = { arena_str(a, found->name).p, found->seen };
			ARENA_PUSH(a, &out, place);
			next++;
		}
	}
	for (size_t i = 0; i < out.n / 2; i++) {
		struct edit_place swapped = out.v[i];
		out.v[i] = out.v[out.n - 1 - i];
		out.v[out.n - 1 - i] = swapped;
	}
	return out;
}

/* ---- fields in a text ---- */

/* Where the field that begins at `at` ends: behind the CRLF that no white space follows. */
static size_t field_end(struct str text, size_t at)
{
	size_t end;

	while ((end = str_find(text, STR("\r\n"), at)) != SIZE_MAX) {
		at = end + 2;
		if (at >= text.n || !abnf_is_wsp((unsigned char)text.p[at]))
			return at;
	}
	return text.n;
}

static struct edit_field field_of(struct arena *a, struct str field, int nth, bool spaced)
{
	size_t colon = str_find_char(field, ':', 0);
	struct str value = str_sub(field, colon + 1, field.n);

	if (str_ends(value, STR("\r\n")))
		value.n -= 2;
	if (!spaced && value.n && value.p[0] == ' ')
		value = str_sub(value, 1, value.n);
	return (struct edit_field){ arena_str(a, str_trim(str_sub(field, 0, colon))).p,
				    arena_str(a, arena_without(a, value, '\r')).p, nth };
}

/* Appends each field of a text. */
static void add_fields(struct arena *a, struct str text, bool spaced, struct edit_fields *out)
{
	for (size_t at = 0, end; at < text.n; at = end) {
		end = field_end(text, at);
		struct edit_field f = field_of(a, str_sub(text, at, end), 0, spaced);
		ARENA_PUSH(a, out, f);
	}
}

struct edit_fields edits_added(struct arena *a, struct str text, bool spaced)
{
	struct edit_fields out = { 0 };

	add_fields(a, text, spaced, &out);
	for (size_t i = 0; i < out.n / 2; i++) {
		struct edit_field swapped = out.v[i];
		out.v[i] = out.v[out.n - 1 - i];
		out.v[out.n - 1 - i] = swapped;
	}
	return out;
}

/* ---- what is changed ---- */

/* Takes those that begin in a slice of the mail off the list, as of the slice; none begins before it. */
static struct edit_list take_in(struct arena *a, struct edit_list *rest, size_t from, size_t to)
{
	struct edit_list out = { 0 };

	while (rest->n > 0 && (size_t)rest->v->start < to) {
		struct edit x = *rest->v++;
		rest->n--;
		x.start -= (int64_t)from;
		ARENA_PUSH(a, &out, x);
	}
	return out;
}

/* Where the empty line begins; the end where there is none. */
static size_t header_end(struct str mail)
{
	if (str_starts(mail, STR("\r\n")))
		return 0;
	size_t end = str_find(mail, STR("\r\n\r\n"), 0);
	return end == SIZE_MAX ? mail.n : end + 2;
}

static int nth_of(struct str mail, size_t start)
{
	struct str name = name_at(mail, start);
	int nth = 1;

	for (size_t at = 0; at < start; at = field_end(mail, at))
		nth += str_eq_nocase(name_at(mail, at), name);
	return nth;
}

struct edit_fields edits_changed(struct arena *a, struct str mail, const struct edit_list *edits, bool spaced)
{
	struct edit_list rest = *edits;
	size_t last = header_end(mail);
	struct edit_fields out = { 0 };

	for (size_t at = 0, end; at < last && rest.n > 0; at = end) {
		end = field_end(str_sub(mail, 0, last), at);
		struct edit_list here = take_in(a, &rest, at, end);
		if (here.n == 0)
			continue;
		struct str text = edit_apply(a, str_sub(mail, at, end), &here);
		struct edit_field f = field_of(a, text, nth_of(mail, at), spaced);
		ARENA_PUSH(a, &out, f);
	}
	struct edit_list behind = take_in(a, &rest, last, last + 1);
	for (size_t i = 0; i < behind.n; i++)
		add_fields(a, behind.v[i].text, spaced, &out);
	return out;
}

bool edits_body(struct arena *a, struct str mail, const struct edit_list *edits, struct str *out)
{
	size_t start = header_end(mail) + 2;
	struct edit_list rest = *edits;

	take_in(a, &rest, 0, start);
	struct edit_list here = take_in(a, &rest, start, SIZE_MAX);
	*out = str_sub(mail, start, mail.n);
	if (here.n == 0)
		return false;
	*out = edit_apply(a, *out, &here);
	return true;
}

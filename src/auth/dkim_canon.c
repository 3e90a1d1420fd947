/* Canonical forms (RFC 6376 §3.4), without a copy of the message. */
#include "auth/dkim_canon.h"

#include "base/abnf.h"

static const struct str crlf = STR_INIT("\r\n");

void dkim_sink_flush(struct dkim_sink *sink)
{
	if (sink->n > 0)
		sink->write(sink->ctx, str_from(sink->gathered, sink->n));
	sink->n = 0;
}

static void put(struct dkim_sink *sink, struct str s)
{
	if (s.n > sizeof(sink->gathered) - sink->n)
		dkim_sink_flush(sink);
	if (s.n > sizeof(sink->gathered)) {
		sink->write(sink->ctx, s);
		return;
	}
	if (s.n > 0)
		memcpy(sink->gathered + sink->n, s.p, s.n);
	sink->n += s.n;
}

static void put_char(struct dkim_sink *sink, char c)
{
	if (sink->n == sizeof(sink->gathered))
		dkim_sink_flush(sink);
	sink->gathered[sink->n++] = c;
}

/* Text with its line ends made CRLF; what is already right goes through in one piece. */
static void put_lines(struct dkim_sink *sink, struct str s)
{
	size_t from = 0;

	for (size_t at = 0; (at = str_find_char(s, '\n', at)) != SIZE_MAX; at++) {
		if (at > 0 && s.p[at - 1] == '\r')
			continue;
		put(sink, str_sub(s, from, at));
		put(sink, crlf);
		from = at + 1;
	}
	put(sink, str_sub(s, from, s.n));
}

/* Without one line end at the end. */
static struct str drop_line_end(struct str s)
{
	if (str_ends(s, STR("\n")))
		s.n -= str_ends(s, crlf) ? 2 : 1;
	return s;
}

/* Folding is taken out, runs of white space become one space; *space: one is owed before the next byte. */
static void put_relaxed_value(struct dkim_sink *sink, struct str s, bool *space, bool *begun)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '\n' || (c == '\r' && i + 1 < s.n && s.p[i + 1] == '\n'))
			continue;
		if (abnf_is_wsp((unsigned char)c)) {
			*space = true;
			continue;
		}
		if (*space && *begun)
			put_char(sink, ' ');
		*space = false;
		*begun = true;
		put_char(sink, c);
	}
}

/* RFC 6376 §3.4.2 */
static void relaxed_field(struct dkim_sink *sink, struct str field, size_t cut_from, size_t cut_to)
{
	size_t colon = str_find_char(field, ':', 0);
	bool space = false, begun = false;
	struct str name = str_trim(str_sub(field, 0, colon));

	for (size_t i = 0; i < name.n; i++)
		put_char(sink, ascii_lower(name.p[i]));
	put_char(sink, ':');
	if (colon == SIZE_MAX)
		return;
	put_relaxed_value(sink, str_sub(field, colon + 1, cut_from), &space, &begun);
	put_relaxed_value(sink, str_sub(field, cut_to, field.n), &space, &begun);
}

void dkim_canon_field(struct dkim_sink *sink, enum dkim_canon canon, struct str field, struct str cut,
		      bool line_end)
{
	size_t cut_from, cut_to;

	field = drop_line_end(field);
	cut_from = cut.p ? (size_t)(cut.p - field.p) : field.n;
	cut_to = cut.p ? cut_from + cut.n : field.n;
	ASSERT(cut_from <= cut_to && cut_to <= field.n);
	if (canon == DKIM_RELAXED)
		relaxed_field(sink, field, cut_from, cut_to);
	else {
		put_lines(sink, str_sub(field, 0, cut_from));
		put_lines(sink, str_sub(field, cut_to, field.n));
	}
	if (line_end)
		put(sink, crlf);
}

/* RFC 6376 §3.4.3: no empty lines at the end, and one CRLF even for nothing. */
static void simple_body(struct dkim_sink *sink, struct str body)
{
	while (str_ends(body, STR("\n")))
		body = drop_line_end(body);
	put_lines(sink, body);
	put(sink, crlf);
}

/* What is left when white space and line ends are taken off the end. */
static struct str drop_blank_end(struct str body)
{
	while (body.n > 0) {
		if (abnf_is_wsp((unsigned char)body.p[body.n - 1]))
			body.n--;
		else if (body.p[body.n - 1] == '\n')
			body = drop_line_end(body);
		else
			break;
	}
	return body;
}

/* True when a line ends at i. */
static bool is_line_end(struct str body, size_t i)
{
	if (i < body.n && body.p[i] == '\r')
		i++;
	return i < body.n && body.p[i] == '\n';
}

/*
 * RFC 6376 §3.4.4: white space at line ends goes, runs of it become one space; an empty body stays empty. What is
 * right as it stands goes through in one piece, and that is nearly all of most bodies.
 */
static void relaxed_body(struct dkim_sink *sink, struct str body)
{
	size_t from = 0; /* of what was not passed on yet */

	body = drop_blank_end(body);
	if (body.n == 0)
		return;
	for (size_t i = 0; i < body.n;) {
		unsigned char c = (unsigned char)body.p[i];
		size_t end = i + 1;
		if (c > ' ' || (c != '\n' && !abnf_is_wsp(c))) {
			i = end;
			continue;
		}
		if (c == '\n') {
			if (i == 0 || body.p[i - 1] != '\r') {
				put(sink, str_sub(body, from, i));
				put(sink, crlf);
				from = end;
			}
			i = end;
			continue;
		}
		while (end < body.n && abnf_is_wsp((unsigned char)body.p[end]))
			end++;
		bool goes = is_line_end(body, end);
		if (goes || c != ' ' || end - i > 1) {
			put(sink, str_sub(body, from, i));
			if (!goes)
				put_char(sink, ' ');
			from = end;
		}
		i = end;
	}
	put(sink, str_sub(body, from, body.n));
	put(sink, crlf);
}

void dkim_canon_body(struct dkim_sink *sink, enum dkim_canon canon, struct str body)
{
	if (canon == DKIM_RELAXED)
		relaxed_body(sink, body);
	else
		simple_body(sink, body);
}

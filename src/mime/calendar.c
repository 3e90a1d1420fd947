/* Content lines of calendars and cards. */
#include "mime/calendar.h"

#include "base/arena.h"
#include "base/charset.h"
#include "base/cursor.h"
#include "base/limits.h"
#include "mime/qp.h"

enum kind { KIND_TEXT, KIND_HTML, KIND_PERSON, KIND_FILE };

/* Properties that are shown, or lead somewhere. */
static const struct {
	struct str name;
	enum kind kind;
} properties[] = {
	{ STR_INIT("SUMMARY"), KIND_TEXT },
	{ STR_INIT("DESCRIPTION"), KIND_TEXT },
	{ STR_INIT("STYLED-DESCRIPTION"), KIND_HTML }, /* RFC 9073 §6.5 */
	{ STR_INIT("X-ALT-DESC"), KIND_HTML },
	{ STR_INIT("COMMENT"), KIND_TEXT },
	{ STR_INIT("LOCATION"), KIND_TEXT },
	{ STR_INIT("CONTACT"), KIND_TEXT },
	{ STR_INIT("ORGANIZER"), KIND_PERSON },
	{ STR_INIT("ATTENDEE"), KIND_PERSON },
	{ STR_INIT("URL"), KIND_TEXT },
	{ STR_INIT("CONFERENCE"), KIND_TEXT },
	{ STR_INIT("ATTACH"), KIND_FILE },
	{ STR_INIT("IMAGE"), KIND_FILE },
	{ STR_INIT("X-GOOGLE-CONFERENCE"), KIND_TEXT },
	{ STR_INIT("X-MICROSOFT-SKYPETEAMSMEETINGURL"), KIND_TEXT },
	{ STR_INIT("X-WR-CALNAME"), KIND_TEXT },
	{ STR_INIT("X-WR-CALDESC"), KIND_TEXT },
	{ STR_INIT("SOURCE"), KIND_TEXT },
	{ STR_INIT("FN"), KIND_TEXT },
	{ STR_INIT("N"), KIND_TEXT },
	{ STR_INIT("NICKNAME"), KIND_TEXT },
	{ STR_INIT("ORG"), KIND_TEXT },
	{ STR_INIT("TITLE"), KIND_TEXT },
	{ STR_INIT("ROLE"), KIND_TEXT },
	{ STR_INIT("NOTE"), KIND_TEXT },
	{ STR_INIT("EMAIL"), KIND_TEXT },
	{ STR_INIT("TEL"), KIND_TEXT },
	{ STR_INIT("IMPP"), KIND_TEXT },
	{ STR_INIT("ADR"), KIND_TEXT },
	{ STR_INIT("LABEL"), KIND_TEXT },
	{ STR_INIT("PHOTO"), KIND_FILE },
	{ STR_INIT("LOGO"), KIND_FILE },
	{ STR_INIT("SOUND"), KIND_FILE },
	{ STR_INIT("KEY"), KIND_FILE },
};

/* One content line taken apart; slices of the unfolded text. */
struct line {
	struct str name; /* without "group." */
	struct str params;
	struct str value;
};

struct reader {
	struct arena *a;
	struct calendar out;
	char *z; /* the text put together: no longer than twice what it comes from */
	size_t n;
};

/*
 * Lines joined where the next begins with white space (RFC 5545 §3.1), and, as vCard 2.1 has it, where
 * quoted-printable ends with "=". All line ends become LF.
 */
static struct str unfold(struct arena *a, struct str text)
{
	char *z = arena_alloc(a, text.n + 1);
	size_t n = 0;
	bool qp = false;

	for (size_t at = 0; at < text.n;) {
		size_t lf = str_find_char(text, '\n', at), next = lf == SIZE_MAX ? text.n : lf + 1;
		struct str line = str_sub(text, at, lf);
		while (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		bool folded = at > 0 && line.n && (line.p[0] == ' ' || line.p[0] == '\t');
		bool soft = qp && n > 0 && z[n - 1] == '=';
		if (folded)
			line = str_sub(line, 1, line.n);
		else if (soft)
			n--;
		else if (at > 0)
			z[n++] = '\n';
		if (!folded && !soft)
			qp = str_find_nocase(str_sub(line, 0, str_find_char(line, ':', 0)),
					     STR("QUOTED-PRINTABLE"), 0) != SIZE_MAX;
		if (line.n)
			memcpy(z + n, line.p, line.n);
		n += line.n;
		at = next;
	}
	return (struct str){ z, n };
}

/* name *(";" param) ":" value; a parameter in quotes may hold ":". */
static bool read_line(struct str s, struct line *out)
{
	size_t end = 0, colon;
	bool quoted = false;

	while (end < s.n && s.p[end] != ';' && s.p[end] != ':')
		end++;
	for (colon = end; colon < s.n && (quoted || s.p[colon] != ':'); colon++)
		quoted ^= s.p[colon] == '"';
	if (colon == s.n)
		return false;
	size_t dot = str_rfind_char(str_sub(s, 0, end), '.');
	out->name = str_sub(s, dot == SIZE_MAX ? 0 : dot + 1, end);
	out->params = str_sub(s, end, colon);
	out->value = str_sub(s, colon + 1, s.n);
	return out->name.n > 0;
}

/* Value of a parameter without its quotes; "" = none. */
static struct str param(const struct line *l, struct str name)
{
	struct cursor c = cursor_of(l->params);

	while (cursor_char(&c, ';')) {
		bool found = cursor_text_nocase(&c, name) && cursor_char(&c, '=');
		bool quoted = false;
		const char *from = c.at;
		for (; !cursor_done(&c) && (quoted || *c.at != ';'); c.at++)
			quoted ^= *c.at == '"';
		struct str value = str_from(from, (size_t)(c.at - from));
		if (found && value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
			value = str_sub(value, 1, value.n - 1);
		if (found)
			return value;
	}
	return STR_NONE;
}

static struct str unescape(struct arena *a, struct str s)
{
	if (str_find_char(s, '\\', 0) == SIZE_MAX)
		return s;
	char *z = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		bool escape = s.p[i] == '\\' && i + 1 < s.n;
		char c = escape ? s.p[++i] : s.p[i];
		z[n++] = (char)(escape && (c == 'n' || c == 'N') ? '\n' : c);
	}
	return (struct str){ z, n };
}

static struct str value_of(struct arena *a, const struct line *l)
{
	struct str v = l->value;

	if (str_eq_nocase(param(l, STR("ENCODING")), STR("QUOTED-PRINTABLE")) ||
	    str_find_nocase(l->params, STR(";QUOTED-PRINTABLE"), 0) != SIZE_MAX)
		v = charset_to_utf8(a, param(l, STR("CHARSET")), qp_decode(a, v, SIZE_MAX, NULL), NULL);
	return unescape(a, v);
}

static void put(struct reader *r, struct str s)
{
	if (s.n)
		memcpy(r->z + r->n, s.p, s.n);
	r->n += s.n;
}

static void put_line(struct reader *r, struct str s)
{
	if (s.n == 0)
		return;
	put(r, s);
	put(r, STR("\n"));
}

static void add_file(struct reader *r, const struct line *l, struct str base64, struct str type)
{
	static const struct str names[] = { STR_INIT("FILENAME"), STR_INIT("X-FILENAME"),
					    STR_INIT("X-LABEL") };
	struct calendar_file f = { .base64 = base64, .type = type };

	for (size_t i = 0; i < ARRAY_LEN(names) && f.name.n == 0; i++)
		f.name = param(l, names[i]);
	if (r->out.files.n < LIMIT_ATTACHMENTS_KEPT)
		ARENA_PUSH(r->a, &r->out.files, f);
}

/* A file: in base64 in its place, or in a data URI (RFC 2397), or elsewhere. */
static void read_file(struct reader *r, const struct line *l)
{
	struct str encoding = param(l, STR("ENCODING")), type = param(l, STR("FMTTYPE"));
	size_t comma = str_starts_nocase(l->value, STR("data:")) ? str_find_char(l->value, ',', 0) : SIZE_MAX;
	struct str head = str_sub(l->value, 5, comma);

	if (str_eq_nocase(encoding, STR("BASE64")) || str_eq_nocase(encoding, STR("B")))
		add_file(r, l, l->value, type);
	else if (comma != SIZE_MAX && str_ends_nocase(head, STR(";base64")))
		add_file(r, l, str_sub(l->value, comma + 1, l->value.n),
			 str_sub(head, 0, str_find_char(head, ';', 0)));
	else
		put_line(r, value_of(r->a, l));
}

static void read_property(struct reader *r, const struct line *l, enum kind kind)
{
	bool html = str_eq_nocase(param(l, STR("FMTTYPE")), STR("text/html"));

	if (kind == KIND_FILE) {
		read_file(r, l);
	} else if (kind == KIND_HTML && html) {
		ARENA_PUSH(r->a, &r->out.html, value_of(r->a, l));
	} else {
		if (kind == KIND_PERSON)
			put_line(r, param(l, STR("CN")));
		put_line(r, param(l, STR("ALTREP"))); /* RFC 5545 §3.2.1: the same text, elsewhere */
		put_line(r, value_of(r->a, l));
	}
}

static struct str address_of(struct arena *a, const struct line *l)
{
	struct str v = str_trim(value_of(a, l));

	return str_starts_nocase(v, STR("mailto:")) ? str_trim(str_sub(v, 7, v.n)) : v;
}

static void note_event(struct reader *r, const struct line *l)
{
	struct calendar_event *e = &r->out.event;

	if (str_eq_nocase(l->name, STR("BEGIN"))) {
		e->events += str_eq_nocase(l->value, STR("VEVENT")) || str_eq_nocase(l->value, STR("VTODO"));
		e->alarms += str_eq_nocase(l->value, STR("VALARM"));
	} else if (str_eq_nocase(l->name, STR("METHOD")) && !e->method.n) {
		e->method = str_trim(l->value);
	} else if (str_eq_nocase(l->name, STR("ORGANIZER")) && !e->organizer.n) {
		e->organizer = address_of(r->a, l);
	} else if (str_eq_nocase(l->name, STR("ATTENDEE")) && e->guests.n < CALENDAR_GUESTS) {
		ARENA_PUSH(r->a, &e->guests, address_of(r->a, l));
	}
}

struct calendar calendar_read(struct arena *a, struct str text)
{
	struct str all = unfold(a, text);
	/* Of a value, of two of its parameters, each with a line end; a charset may make three bytes of one. */
	struct reader r = { .a = a, .z = arena_array(a, all.n + 1, 4) };
	struct line l;

	for (size_t at = 0; at < all.n;) {
		size_t lf = str_find_char(all, '\n', at);
		bool fine = read_line(str_sub(all, at, lf), &l);
		at = lf == SIZE_MAX ? all.n : lf + 1;
		if (fine)
			note_event(&r, &l);
		for (size_t i = 0; fine && i < ARRAY_LEN(properties); i++)
			if (str_eq_nocase(properties[i].name, l.name)) {
				read_property(&r, &l, properties[i].kind);
				break;
			}
	}
	r.out.text = str_from(r.z, r.n);
	return r.out;
}

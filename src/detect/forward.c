/*
 * Reading a copied header. A line at a time: what is no label and none of its values is the forwarder's own word, and of those
 * a forward has few before its header; a conversation has its answer there.
 */
#include "detect/forward.h"

#include "base/domain.h"
#include "base/utf8.h"
#include "detect/text.h"
#include "mime/address.h"

#define LOOKED_AT 16384  /* bytes of a text: a header and what little stands before, several times */
#define LINES_MOST 200   /* that are not empty, which bounds the labels looked up */
#define VALUE_MOST 1000  /* bytes of a value: names and addresses, or a subject */
#define TEXTS_MOST 8     /* of each form: a forward stands in the first */
#define OWN_MOST 600     /* bytes that a forwarder writes before an announced header: a few lines */
#define OWN_UNMARKED 240 /* before one that nothing announces: a line, and that of a telephone */
#define BLANKS_MOST 6    /* empty lines between two labels */
#define INNER_COLONS 4   /* of a value, behind whose words the next label is looked for */
#define KINDS_LEAST 3    /* labels of a header, From among them; behind an announcement one less */

struct lines {
	struct arena *a;
	struct str text;
	size_t at;
	size_t left; /* lines that may still be read */
};

/* Blanks, marks of quoting and of bold, and borders of tables. */
static bool is_margin(uint32_t cp)
{
	return cp <= ' ' || cp == 0xa0 || (cp >= 0x2000 && cp <= 0x200f) || cp == 0x202f || cp == 0x3000 ||
	       utf8_is_invisible(cp) || cp == '>' || cp == '*' || cp == '|' || cp == 0x2502;
}

static struct str without_margin(struct str s)
{
	size_t from = 0, next = 0;

	while (from < s.n && is_margin(utf8_next(s, &next)))
		from = next;
	s = str_sub(s, from, s.n);
	while (s.n > 0 && (s.p[s.n - 1] == '*' || s.p[s.n - 1] == '|' || ascii_is_space(s.p[s.n - 1])))
		s.n--;
	return s;
}

/* The next line, without margins; "" is an empty one. */
static bool next_line(struct lines *l, struct str *out)
{
	size_t end = str_find_char(l->text, '\n', l->at);

	if (l->at >= l->text.n || l->left == 0)
		return false;
	end = end == SIZE_MAX ? l->text.n : end;
	*out = without_margin(str_sub(l->text, l->at, end));
	l->at = end + 1;
	l->left -= out->n > 0;
	return true;
}

/* "_____", "-----": lines that programs draw. */
static bool is_rule(struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		if (!strchr("-_=~#. ", line.p[i]))
			return false;
	return line.n > 0;
}

static struct str fold_of(struct arena *a, struct str text)
{
	return str_trim(text_fold(a, &text, 1));
}

/* "---------- Forwarded message ---------", "Begin forwarded message:". */
static bool announces(struct arena *a, struct str line)
{
	bool drawn = line.n > 2 && strchr("-_=", line.p[0]) && line.p[1] == line.p[0];
	bool ends =
	    str_ends(line, STR(":")) || str_ends(line, STR("\xef\xbc\x9a")) || str_ends(line, STR("--"));

	return line.n <= 2 * FORWARD_LABEL_MOST && (drawn || ends) && forward_is_announced(fold_of(a, line));
}

/* The label a line begins with; *value_out: what stands behind it. */
static enum forward_label label_of(struct arena *a, struct str line, struct str *value_out)
{
	size_t after, colon = text_colon(str_sub(line, 0, 2 * FORWARD_LABEL_MOST), 0, &after);

	if (colon == SIZE_MAX)
		return FORWARD_NOTHING;
	*value_out = without_margin(str_sub(line, after, line.n));
	return forward_label_of(fold_of(a, str_sub(line, 0, colon)));
}

/* Where in a value the next label begins, as where all of a header stands on one line; SIZE_MAX: nowhere. */
static size_t inner_label(struct arena *a, struct str value)
{
	size_t after, colon = text_colon(value, 0, &after);

	for (int n = 0; n < INNER_COLONS && colon != SIZE_MAX; n++) {
		size_t end = colon, from;
		while (end > 0 && value.p[end - 1] == ' ')
			end--;
		for (int words = 1; words <= 2 && end > 0; words++) {
			from = str_rfind_char(str_sub(value, 0, end), ' ');
			if (from == SIZE_MAX)
				break;
			if (forward_label_of(fold_of(a, str_sub(value, from + 1, colon))) != FORWARD_NOTHING)
				return from + 1;
			end = from;
		}
		colon = text_colon(value, after, &after);
	}
	return SIZE_MAX;
}

/* ---- values ---- */

static void set_address(struct arena *a, struct identity *id, struct str address)
{
	struct address split = address_split(a, address);

	id->address = split.addr;
	id->domain = split.domain.n > 0 ? domain_fold(a, split.domain) : STR_NONE;
	id->owner = domain_owner(a, id->domain);
}

/* "mailto:" and what stands behind an address left out; "" = it is none. */
static struct str bare_address(struct str s)
{
	size_t end = 0;

	s = str_trim(s);
	if (str_starts_nocase(s, STR("mailto:")))
		s = str_sub(s, 7, s.n);
	while (end < s.n && !strchr("<>[]()?\"; \t", s.p[end]))
		end++;
	s = str_sub(s, 0, end);
	size_t at = str_find_char(s, '@', 0);
	return at == SIZE_MAX || at == 0 || at + 1 >= s.n ? STR_NONE : s;
}

static struct str bare_name(struct str s)
{
	s = without_margin(s);
	while (s.n > 0 && strchr("\"'<[( \t", s.p[0]))
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && strchr("\"'>]) \t", s.p[s.n - 1]))
		s.n--;
	return s;
}

/*
 * "Name <a@b>", "Name [mailto:a@b]", "a@b <a@b> on behalf of Name <c@d>", "Name <a@b<mailto:a@b>>", "a@b", "Name". Of
 * several the last with a name of its own counts: it is the one that readers are shown.
 */
static struct identity sender_of(struct arena *a, struct str value)
{
	struct identity id = { .header = STR("body") };
	struct str shown;
	size_t from = 0, at = 0;

	for (size_t open = 0; open < value.n; open++) {
		if (!strchr("<[(", value.p[open]))
			continue;
		struct str address = bare_address(str_sub(value, open + 1, value.n));
		if (address.n == 0)
			continue;
		struct str name = bare_name(str_sub(value, from, open));
		if (id.address.n > 0 && name.n == 0)
			continue;
		set_address(a, &id, address);
		id.name = name;
		from = open + 1 + (size_t)(address.p + address.n - (value.p + open + 1));
	}
	if (id.address.n == 0 && sender_shown_address(value, &at, &shown)) {
		set_address(a, &id, shown);
		id.name = bare_name(str_sub(value, 0, (size_t)(shown.p - value.p)));
	} else if (id.address.n == 0) {
		id.name = bare_name(value);
	}
	return id;
}

static void add_recipients(struct arena *a, struct forward *f, struct str value)
{
	struct str shown;

	for (size_t at = 0; f->recipients.n < FORWARD_RECIPIENTS && sender_shown_address(value, &at, &shown);)
		if (!strs_has(&f->recipients, shown))
			ARENA_PUSH(a, &f->recipients, shown);
}

/* ---- a header ---- */

struct header_seen {
	struct forward f;
	unsigned kinds; /* bits of enum forward_label */
	size_t n;       /* of them, without FORWARD_OTHER */
};

static void take(struct lines *l, struct header_seen *h, enum forward_label label, struct str value)
{
	value = utf8_cut(value, VALUE_MOST);
	if (label == FORWARD_FROM)
		h->f.sender = sender_of(l->a, value);
	else if (label == FORWARD_TO)
		add_recipients(l->a, &h->f, value);
	else if (label == FORWARD_SUBJECT)
		h->f.subject = value;
	h->n += label != FORWARD_OTHER && !(h->kinds & 1u << label);
	h->kinds |= 1u << label;
}

/* Goes on on the next line: an address that does not fit beside its name, or one of many. */
static bool goes_on(enum forward_label label, struct str value, struct str next)
{
	bool address = str_find_char(next, '@', 0) != SIZE_MAX;

	if (label == FORWARD_FROM)
		return address && str_find_char(value, '@', 0) == SIZE_MAX;
	return address && (label == FORWARD_TO || label == FORWARD_OTHER);
}

/* What follows the label of a line; cut where the next label stands on the same line, which is then read next. */
static struct str value_of(struct lines *l, enum forward_label label, struct str value)
{
	size_t inner = label == FORWARD_SUBJECT ? SIZE_MAX : inner_label(l->a, str_sub(value, 0, VALUE_MOST));

	if (inner == SIZE_MAX)
		return value;
	l->at = (size_t)(value.p + inner - l->text.p);
	return str_trim(str_sub(value, 0, inner));
}

/*
 * From a line that begins with a label, which has been read. Labels, each with its value behind it or on the next line, until
 * there is neither. *l is then behind the last of them.
 */
static struct header_seen read_header(struct lines *l, struct str line)
{
	struct header_seen h = { .n = 0 };
	struct lines ahead = *l;
	enum forward_label label = FORWARD_NOTHING, next;
	struct str value = STR_NONE, behind;
	int blanks = 0;

	do {
		if (line.n == 0) {
			blanks++;
			continue;
		}
		next = label_of(l->a, line, &behind);
		if (next != FORWARD_NOTHING) {
			if (h.kinds & 1u << next && next != FORWARD_OTHER && next != FORWARD_TO)
				break; /* another one begins */
			label = next;
			value = value_of(&ahead, label, behind);
			take(&ahead, &h, label, value);
		} else if (value.n == 0) {
			value = value_of(&ahead, label, line);
			take(&ahead, &h, label, value);
		} else if (blanks == 0 && goes_on(label, value, line)) {
			value = label == FORWARD_FROM ? ARENA_JOIN(l->a, value, STR(" "), line) : line;
			take(&ahead, &h, label, value);
		} else {
			break;
		}
		blanks = 0;
		*l = ahead;
	} while (blanks <= BLANKS_MOST && next_line(&ahead, &line));
	h.f.body = l->at < l->text.n ? l->at : l->text.n;
	return h;
}

void forwards_read(struct arena *a, struct str text, size_t unmarked, struct forwards *out)
{
	struct lines l = { .a = a, .text = str_sub(text, 0, LOOKED_AT), .left = LINES_MOST };
	bool announced = false;
	size_t own = 0;
	struct str line, behind;

	out->n = 0;
	while (out->n < FORWARDS_MOST && own <= OWN_MOST && next_line(&l, &line)) {
		if (line.n == 0 || is_rule(line))
			continue;
		if (announces(a, line)) {
			announced = true;
			continue;
		}
		if (label_of(a, line, &behind) == FORWARD_NOTHING) {
			own += line.n;
			continue;
		}
		struct lines before = l;
		struct header_seen h = read_header(&l, line);
		bool whole = h.kinds & 1u << FORWARD_FROM && h.n + announced >= KINDS_LEAST &&
			     (h.f.sender.name.n > 0 || h.f.sender.address.n > 0);
		if (whole && (announced || own <= unmarked)) {
			out->v[out->n++] = h.f;
			announced = false;
			own = 0;
		} else {
			own += line.n;
			before.left = l.left; /* so that lines are not looked at again and again */
			l = before;
		}
	}
}

/* ---- a mail ---- */

/* An answer has the mail it answers below it in the same form, but also words of its own. */
static size_t unmarked_most(const struct scan *s)
{
	return forward_is_answer_mark(forward_subject_mark(s->arena, s->subject)) ? 0 : OWN_UNMARKED;
}

const struct forwards *forwards_of(const struct scan *s)
{
	const struct mime_content *c = s->content;
	struct forwards *out = ARENA_NEW(s->arena, struct forwards);
	size_t unmarked = unmarked_most(s);

	/* Programs show HTML where there is some. */
	for (int html = 1; html >= 0; html--)
		for (size_t i = 0, n = 0; i < c->texts.n && n < TEXTS_MOST; i++) {
			const struct mime_text *t = &c->texts.v[i];
			if (t->nested || (t->html != NULL) != (html == 1))
				continue;
			n++;
			forwards_read(s->arena, mime_text_shown(t), unmarked, out);
			out->text = i;
			if (out->n > 0)
				return out;
		}
	return NULL;
}

struct str forward_text(const struct scan *s, const struct forward *f)
{
	const struct mime_text *t = &s->content->texts.v[s->forwards->text];
	struct str text = mime_text_shown(t);

	return str_sub(text, f->body, text.n);
}

const struct forward *forward_innermost(const struct scan *s)
{
	return s->forwards ? &s->forwards->v[s->forwards->n - 1] : NULL;
}

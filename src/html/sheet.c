/* Selectors in a hash table, one entry each; rules of one selector are put together as they come. */
#include "html/sheet.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "html/token.h"

#define ENTRIES_MAX 4096 /* selectors kept of all sheets */
#define SLOTS 8192       /* a power of two, twice that */
#define PROBES_MAX 128 /* slots looked at for one; more are only needed for names that were made to collide */
#define CLASSES_MAX 32 /* classes of one element looked up */
#define NAME_MAX_BYTES 64

struct entry {
	char kind; /* '.', '#', or 'e' of an element */
	struct str name;
	struct html_style style; /* of rules with this selector alone */
	struct html_maybe maybe; /* of rules whose selector only ends in it */
};

struct html_sheet {
	struct entry *v;
	size_t n;
	struct html_maybe all; /* of rules that may be about any element */
	struct strs texts;     /* put before and behind elements */
	uint16_t slots[SLOTS]; /* index + 1 */
};
_Static_assert(ENTRIES_MAX < UINT16_MAX && SLOTS >= 2 * ENTRIES_MAX, "the table must stay sparse");

/* SLOTS: it is not there, and there is no room for it. */
static size_t slot_of(const struct html_sheet *sheet, char kind, struct str name)
{
	static const unsigned char key[16] = "sheet";
	char lower[NAME_MAX_BYTES];
	size_t n = name.n < sizeof(lower) ? name.n : sizeof(lower);

	/* Classes and ids regardless of case, as in the quirks mode that mail is shown in. */
	for (size_t i = 0; i < n; i++)
		lower[i] = ascii_lower(name.p[i]);
	size_t slot = (hash_sip(key, str_from(lower, n)) + (unsigned char)kind) & (SLOTS - 1);
	for (size_t i = 0; i < PROBES_MAX; i++, slot = (slot + 1) & (SLOTS - 1)) {
		if (!sheet->slots[slot])
			return slot;
		const struct entry *e = &sheet->v[sheet->slots[slot] - 1];
		if (e->kind == kind && str_eq_nocase(e->name, name))
			return slot;
	}
	return SLOTS;
}

static struct entry *entry_of(struct arena *a, struct html_sheet *sheet, char kind, struct str name)
{
	size_t slot = slot_of(sheet, kind, name);

	if (slot == SLOTS)
		return NULL;
	if (!sheet->slots[slot]) {
		struct entry e = { .kind = kind, .name = name };
		if (sheet->n == ENTRIES_MAX)
			return NULL;
		ARENA_PUSH(a, sheet, e);
		sheet->slots[slot] = (uint16_t)sheet->n;
	}
	return &sheet->v[sheet->slots[slot] - 1];
}

static bool is_name(char c)
{
	return ascii_lower(c) >= 'a' ? ascii_lower(c) <= 'z' || (unsigned char)c >= 0x80
				     : (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* "p::before": not the element but what is put beside its content. */
static bool is_beside(struct str selectors)
{
	return str_find_nocase(selectors, STR(":before"), 0) != SIZE_MAX ||
	       str_find_nocase(selectors, STR(":after"), 0) != SIZE_MAX;
}

/* How a selector names the elements it is about. */
enum reach {
	REACH_ALONE, /* by one name, class or id */
	REACH_PART,  /* by that and more */
	REACH_SOME,  /* by what is not looked up here: "a:hover", "[title]", "*"; the name may be "" */
	REACH_LOOSE, /* by the name of an element, within or with something that few have: ".x td", "td[x]" */
	REACH_NONE,  /* no element: "p::before", or too long a name */
};

/* Of "[class=x]" what "." and x are, and of "[id=x]" likewise. */
static bool read_attribute(struct str s, char *kind, struct str *name)
{
	size_t equals = str_find_char(s, '=', 0);
	struct str value = str_trim(str_sub(s, equals == SIZE_MAX ? s.n : equals + 1, s.n - 1));

	if (value.n >= 2 && (value.p[0] == '"' || value.p[0] == '\''))
		value = str_sub(value, 1, value.n - 1);
	if (value.n == 0 || str_find_char(value, ' ', 0) != SIZE_MAX)
		return false;
	*kind = str_starts_nocase(s, STR("[class")) ? '.' : str_starts_nocase(s, STR("[id")) ? '#' : 'e';
	*name = value;
	return *kind != 'e';
}

/* "td.note", "#a", ".b .c": *kind and *name of what the last part names most closely. */
static enum reach read_selector(struct str s, char *kind, struct str *name)
{
	size_t from = s.n, pieces = 0;
	bool some = false;

	if (is_beside(s))
		return REACH_NONE;
	if (str_ends(s, STR("]")) && (from = str_rfind_char(s, '[')) == SIZE_MAX)
		return REACH_NONE;
	while (from > 0 && !ascii_is_space(s.p[from - 1]) && !strchr(">+~", s.p[from - 1]))
		from--;
	struct str last = str_sub(s, from, s.n), before = str_sub(s, 0, from);
	bool few = false;
	for (size_t i = 0; i < before.n; i++)
		few |= strchr(".#[:", before.p[i]) != NULL;
	*name = STR_NONE;
	for (size_t i = 0; i < last.n; pieces++) {
		char mark = last.p[i] == '.' || last.p[i] == '#' ? last.p[i] : 'e';
		size_t start = mark == 'e' ? i : i + 1, end = start;
		while (end < last.n && is_name(last.p[end]))
			end++;
		if (end == start) {
			char named;
			struct str attribute;
			if (last.p[i] == '[' &&
			    read_attribute(str_sub(last, i, last.n), &named, &attribute)) {
				*kind = named;
				*name = attribute;
				return name->n > NAME_MAX_BYTES ? REACH_NONE : REACH_PART;
			}
			few |= last.p[i] == '[';
			some = true;
			break;
		}
		if (name->n == 0 || mark == '#' || (mark == '.' && *kind == 'e')) {
			*kind = mark;
			*name = str_sub(last, start, end);
		}
		i = end;
	}
	if (name->n > NAME_MAX_BYTES)
		return REACH_NONE;
	if (few && name->n && *kind == 'e')
		return REACH_LOOSE;
	return some ? REACH_SOME : from > 0 || pieces != 1 ? REACH_PART : REACH_ALONE;
}

static void add_maybe(struct html_maybe *io, const struct html_style *style, enum reach reach)
{
	unsigned shows = html_style_shows(style, reach != REACH_PART);

	if (reach == REACH_LOOSE)
		shows &= STYLE_FONT | STYLE_COLOR | STYLE_GROUND;

	io->any |= shows;
	io->firm |= shows & style->important;
}

/* holds: whatever the screen is. */
static void add_rule(struct arena *a, struct html_sheet *sheet, struct str selectors,
		     const struct html_style *style, bool holds)
{
	for (size_t at = 0; at < selectors.n;) {
		size_t comma = str_find_char(selectors, ',', at);
		struct str one = str_trim(str_sub(selectors, at, comma)), name;
		char kind = 'e';
		at = comma == SIZE_MAX ? selectors.n : comma + 1;
		enum reach reach = read_selector(one, &kind, &name);
		if (reach == REACH_NONE || (reach != REACH_SOME && name.n == 0)) /* "" between commas */
			continue;
		if (name.n == 0) {
			add_maybe(&sheet->all, style, reach);
			continue;
		}
		struct entry *e = entry_of(a, sheet, kind, name);
		if (!e)
			return;
		if (reach == REACH_ALONE && holds)
			html_style_add(&e->style, style);
		else
			add_maybe(&e->maybe, style, reach == REACH_ALONE ? REACH_PART : reach);
	}
}

/* Behind the block whose "{" is at `open`. */
static size_t behind_block(struct str css, size_t open)
{
	size_t depth = 0;

	for (size_t i = open; i < css.n; i++) {
		if (css.p[i] == '{')
			depth++;
		else if (css.p[i] == '}' && --depth == 0)
			return i + 1;
	}
	return css.n;
}

/* Without comments, and without the marks that hide it from readers of the last century. */
static struct str without_comments(struct arena *a, struct str css)
{
	char *out = arena_alloc(a, css.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < css.n;) {
		struct str rest = str_sub(css, i, i + 4);
		if (str_starts(rest, STR("/*"))) {
			size_t end = str_find(css, STR("*/"), i + 2);
			i = end == SIZE_MAX ? css.n : end + 2;
		} else if (str_eq(rest, STR("<!--"))) {
			i += 4;
		} else if (str_starts(rest, STR("-->"))) {
			i += 3;
		} else {
			out[n++] = css.p[i++];
		}
	}
	return str_from(out, n);
}

/* Blocks whose rules hold under some condition. */
static bool is_conditional(struct str at_rule)
{
	static const struct str names[] = { STR_INIT("@media"),        STR_INIT("@supports"),
					    STR_INIT("@layer"),        STR_INIT("@container"),
					    STR_INIT("@scope"),        STR_INIT("@document"),
					    STR_INIT("@-moz-document") };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_starts_nocase(at_rule, names[i]))
			return true;
	return false;
}

/* The first string of "content:" in a block, with its escapes undone (CSS 2.2 §4.1.3, §4.3.7). */
static struct str content_of(struct arena *a, struct str block)
{
	struct str s = STR_NONE;
	size_t n = 0, at = 0;

	for (; s.n == 0 && (at = str_find_nocase(block, STR("content"), at)) != SIZE_MAX; at++) {
		struct str rest = str_sub(block, at + 7, block.n);
		while (rest.n && ascii_is_space(rest.p[0]))
			rest = str_sub(rest, 1, rest.n);
		bool whole = at == 0 || !is_name(block.p[at - 1]); /* not justify-content */
		if (whole && str_starts(rest, STR(":")))
			s = str_sub(rest, 1, rest.n);
	}
	for (at = 0; at < s.n && s.p[at] != '"' && s.p[at] != '\'' && s.p[at] != ';';)
		at++;
	if (at >= s.n || s.p[at] == ';')
		return STR_NONE;
	char quote = s.p[at++], *z = arena_alloc(a, s.n + 4);
	while (at < s.n && s.p[at] != quote) {
		uint32_t cp = 0;
		size_t from = at + 1, end = from;
		if (s.p[at] != '\\' || from == s.n) {
			z[n++] = s.p[at++];
			continue;
		}
		while (end < s.n && end - from < 6 && abnf_hex_value((unsigned char)s.p[end]) >= 0)
			cp = cp * 16 + (uint32_t)abnf_hex_value((unsigned char)s.p[end++]);
		if (end == from)
			z[n++] = s.p[end++];
		else if (end - from > 1) /* no longer than what stands for it */
			n += utf8_encode(cp, z + n);
		at = end + (end > from + 1 && end < s.n && ascii_is_space(s.p[end]));
	}
	return str_from(z, n);
}

#define TEXTS_MAX 100
#define WORDS_LEAST 4 /* letters; fewer are quotation marks, dots and arrows */

static void add_text(struct arena *a, struct html_sheet *sheet, struct str block)
{
	struct str text = sheet->texts.n < TEXTS_MAX ? content_of(a, block) : STR_NONE;
	size_t letters = 0;

	for (size_t i = 0; i < text.n; i++)
		letters += abnf_is_alpha((unsigned char)text.p[i]) || (unsigned char)text.p[i] >= 0x80;
	if (letters >= WORDS_LEAST)
		ARENA_PUSH(a, &sheet->texts, text);
}

struct strs html_sheet_texts(const struct html_sheet *sheet)
{
	return sheet ? sheet->texts : (struct strs){ 0 };
}

/* "@media all" and "@media screen" hold wherever mail is read. */
static bool always_holds(struct str at_rule)
{
	static const struct str always[] = { STR_INIT("all"), STR_INIT("screen"), STR_INIT("only screen") };
	struct str what = str_trim(str_sub(at_rule, STR("@media").n, at_rule.n));

	if (!str_starts_nocase(at_rule, STR("@media")))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(always); i++)
		if (str_eq_nocase(what, always[i]))
			return true;
	return what.n == 0;
}

static void read_sheet(struct arena *a, struct html_sheet *sheet, struct str css)
{
	size_t depth = 0; /* of blocks whose rules are read */
	size_t sure = 0;  /* of those, from outside, whose rules hold */

	for (size_t at = 0; at < css.n;) {
		size_t open = at;
		while (open < css.n && css.p[open] != '{' && css.p[open] != ';' &&
		       !(depth && css.p[open] == '}'))
			open++;
		struct str selectors = str_trim(str_sub(css, at, open));
		if (open == css.n || css.p[open] == ';') { /* @import and the like, or rubbish */
			at = open + 1;
			continue;
		}
		if (css.p[open] == '}') {
			depth--;
			sure = sure > depth ? depth : sure;
			at = open + 1;
			continue;
		}
		if (is_conditional(selectors)) {
			sure += sure == depth && always_holds(selectors);
			depth++;
			at = open + 1;
			continue;
		}
		if (str_starts(selectors, STR("@"))) {
			at = behind_block(css, open);
			continue;
		}
		size_t close = str_find_char(css, '}', open), inner = str_find_char(css, '{', open + 1);
		struct html_style style = { 0 };
		if (inner < close) { /* rules in a rule: some program may go by them */
			const struct html_style unknown = { .set = ~0u, .important = ~0u };
			add_rule(a, sheet, selectors, &unknown, false);
			close = behind_block(css, open) - 1;
		}
		html_style_read(str_sub(css, open + 1, close), &style);
		if (is_beside(selectors))
			add_text(a, sheet, str_sub(css, open + 1, close));
		if (style.set)
			add_rule(a, sheet, selectors, &style, sure == depth);
		at = close == SIZE_MAX ? css.n : close + 1;
	}
}

struct html_sheet *html_sheet_read(struct arena *a, struct str document)
{
	struct html_sheet *sheet = NULL;
	struct html_token t;

	/* Most documents have none: looking for the word is cheaper than reading tokens. */
	size_t first = str_find_nocase(document, STR("<style"), 0);
	if (first == SIZE_MAX)
		return NULL;
	struct html h = html_of(document);
	while (html_next(&h, &t)) {
		if (t.kind != HTML_TEXT || t.tag != HTML_STYLE)
			continue;
		if (!sheet)
			sheet = ARENA_NEW(a, struct html_sheet);
		read_sheet(a, sheet, without_comments(a, t.text));
	}
	return sheet && (sheet->n || sheet->all.any || sheet->texts.n) ? sheet : NULL;
}

static void apply(const struct html_sheet *sheet, char kind, struct str name, struct html_style *io,
		  struct html_maybe *maybe)
{
	size_t slot = name.n && name.n <= NAME_MAX_BYTES ? slot_of(sheet, kind, name) : SLOTS;

	if (slot == SLOTS || !sheet->slots[slot])
		return;
	const struct entry *e = &sheet->v[sheet->slots[slot] - 1];
	html_style_add(io, &e->style);
	maybe->any |= e->maybe.any;
	maybe->firm |= e->maybe.firm;
}

void html_sheet_apply(const struct html_sheet *sheet, struct str name, struct str classes, struct str id,
		      struct html_style *io, struct html_maybe *maybe_out)
{
	size_t n = 0;

	*maybe_out = sheet->all;
	apply(sheet, 'e', name, io, maybe_out);
	for (size_t at = 0; at < classes.n && n < CLASSES_MAX; n++) {
		size_t end;
		while (at < classes.n && ascii_is_space(classes.p[at]))
			at++;
		for (end = at; end < classes.n && !ascii_is_space(classes.p[end]);)
			end++;
		apply(sheet, '.', str_sub(classes, at, end), io, maybe_out);
		at = end;
	}
	apply(sheet, '#', str_trim(id), io, maybe_out);
}

/*
 * Finding brands. The index of names and domains is the same for every mail and is made once, by the first scan of a
 * process; workers inherit it.
 */
#include "detect/brands.h"

#include <pthread.h>
#include <unicode/uchar.h>

#include "base/abnf.h"
#include "base/alike.h"
#include "base/domain.h"
#include "base/utf8.h"
#include "detect/text.h"

#define NAMES_MAX 1600
#define SLOTS 4096 /* a power of two, over twice of either */
#define DOMAINS_MAX 1600
#define STARS_MAX 100
#define INDEX_BYTES (1u << 20)
#define LETTERS_DISGUISED 5 /* from which on a name with other letters is still that name */
#define LETTERS_PART 6      /* and the beginning or end of a longer word */
#define SPELLED_LEAST 3     /* letters, one a word, that are a word spelled */

struct name {
	struct str plain, shape;
	uint16_t brand;
	bool common;
};

struct brand_index {
	struct arena *arena;
	struct name *names; /* [0] is none */
	size_t n_names;
	struct brand_domain {
		struct str text;
		uint16_t brand;
		bool shared;
	} * domains, *stars;
	size_t n_domains, n_stars;
	uint16_t by_word[SLOTS], by_domain[SLOTS];
	struct domain_names shapes;
};

static uint64_t hash_start(void)
{
	return 14695981039346656037u;
}

/* FNV-1a: the names are ours, and a text can only look for them. */
static uint64_t hash_more(uint64_t h, char c)
{
	return (h ^ (unsigned char)c) * 1099511628211u;
}

static size_t slot_of(uint64_t h)
{
	return (size_t)(h ^ h >> 29) & (SLOTS - 1);
}

static uint64_t hash_of(struct str word)
{
	uint64_t h = hash_start();

	for (size_t i = 0; i < word.n; i++)
		h = hash_more(h, word.p[i]);
	return h;
}

static size_t word_slot(struct str word)
{
	return slot_of(hash_of(word));
}

static struct str first_word(struct str s)
{
	return str_sub(s, 0, str_find_char(s, ' ', 0));
}

/* Letters that are written for others, beyond what alike_skeleton knows. */
static char shape_char(char c)
{
	switch (c) {
	case 'i':
	case '!':
		return 'l';
	case '3':
		return 'e';
	case '4':
	case '@':
		return 'a';
	case '5':
	case '$':
		return 's';
	case '7':
		return 't';
	default:
		return c;
	}
}

bool brand_shape_is(struct str shape, const char *word)
{
	size_t i = 0;

	for (; i < shape.n && *word; i++, word++) {
		char c = shape_char(*word);
		if (word[0] == 'r' && word[1] == 'n') {
			c = 'm';
			word++;
		}
		if (shape.p[i] != c)
			return false;
	}
	return i == shape.n && *word == 0;
}

static void put(uint16_t slots[SLOTS], size_t at, size_t value)
{
	while (slots[at])
		at = (at + 1) & (SLOTS - 1);
	slots[at] = (uint16_t)value;
}

/* The next of several, parted by one character; false: no more. */
static bool next_of(struct str list, char by, size_t *at, struct str *out)
{
	while (*at < list.n) {
		size_t end = str_find_char(list, by, *at);
		*out = str_sub(list, *at, end);
		*at = end == SIZE_MAX ? list.n : end + 1;
		if (out->n > 0)
			return true;
	}
	return false;
}

static void add_names(struct brand_index *x, size_t brand, const char *list, bool common)
{
	struct str name;

	for (size_t at = 0; next_of(str_of(list), '|', &at, &name);) {
		ASSERT(x->n_names < NAMES_MAX);
		struct brand_text t = brand_text_of(x->arena, name, name.n, true);
		struct name *n = &x->names[x->n_names];
		*n = (struct name){ str_trim(t.plain), str_trim(t.shape), (uint16_t)brand, common };
		put(x->by_word, word_slot(first_word(n->shape)), x->n_names++);
	}
}

static void add_domains(struct brand_index *x, size_t brand)
{
	struct str text;

	for (size_t at = 0; next_of(str_of(brand_table[brand].domains), ' ', &at, &text);) {
		bool shared = text.p[0] == '~';
		struct brand_domain d = { str_sub(text, shared, text.n), (uint16_t)brand, shared };
		if (str_find_char(d.text, '*', 0) != SIZE_MAX) {
			ASSERT(x->n_stars < STARS_MAX);
			x->stars[x->n_stars++] = d;
			continue;
		}
		ASSERT(x->n_domains < DOMAINS_MAX);
		x->domains[x->n_domains] = d;
		put(x->by_domain, word_slot(d.text), x->n_domains++);
	}
}

/* "x.*" stands for x.com as well. */
static struct str first_domain(struct arena *a, const struct brand *b)
{
	struct str d = first_word(str_of(b->domains));

	if (str_starts(d, STR("~")))
		d = str_sub(d, 1, d.n);
	return str_ends(d, STR(".*")) ? ARENA_JOIN(a, str_sub(d, 0, d.n - 1), STR("com")) : d;
}

static struct brand_index brand_index;

static void index_make(void)
{
	struct brand_index *x = &brand_index;

	x->arena = arena_new(INDEX_BYTES, NULL, NULL);
	x->names = ARENA_ARRAY(x->arena, NAMES_MAX, struct name);
	x->domains = ARENA_ARRAY(x->arena, DOMAINS_MAX, struct brand_domain);
	x->stars = ARENA_ARRAY(x->arena, STARS_MAX, struct brand_domain);
	x->n_names = x->n_domains = 1;
	struct domain_name *shapes = ARENA_ARRAY(x->arena, brand_table_size, struct domain_name);
	for (size_t i = 0; i < brand_table_size; i++) {
		add_names(x, i, brand_table[i].names, false);
		add_names(x, i, brand_table[i].common, true);
		add_domains(x, i);
		shapes[i] = domain_name_of(x->arena, first_domain(x->arena, &brand_table[i]));
	}
	x->shapes = (struct domain_names){ shapes, brand_table_size };
}

static const struct brand_index *index_get(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, index_make);
	return &brand_index;
}

struct domain_names brand_domain_names(void)
{
	return index_get()->shapes;
}

/* Capitals of Greek and Cyrillic that look Latin; in lower case they would not. 0: none. */
static char latin_capital(uint32_t cp)
{
	static const struct {
		uint16_t first;
		const char *letters; /* one for each code point from there on; a space: none */
	} rows[] = { { 0x391, "AB  EZH IK MN O P TY X" },
		     { 0x405, "SI J" },
		     { 0x410, "A B  E    K MHO PCT  X" } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (cp >= rows[i].first && cp - rows[i].first < strlen(rows[i].letters)) {
			char c = rows[i].letters[cp - rows[i].first];
			return c == ' ' ? 0 : c;
		}
	return 0;
}

/* Capitals made Latin, and nothing more. */
static struct str with_latin_capitals(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t at = 0; at < s.n;) {
		size_t from = at;
		char c = latin_capital(utf8_next(s, &at));
		if (c) {
			p[n++] = c;
		} else {
			memcpy(p + n, s.p + from, at - from);
			n += at - from;
		}
	}
	return str_from(p, n);
}

/* Marks over letters of any script, and what nobody sees: words are torn apart with them. */
static struct str without_marks(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t at = 0; at < s.n;) {
		size_t from = at;
		uint32_t cp = utf8_next(s, &at);
		if (cp >= 0x80) {
			int type = u_charType((UChar32)cp);
			if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR)
				continue;
		}
		memcpy(p + n, s.p + from, at - from);
		n += at - from;
	}
	return str_from(p, n);
}

/* "p a y p a l" is a word; "a b" is not. Begins and ends with a space, as s does. */
static struct str put_together(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t at = 0; at < s.n;) {
		size_t run = 0;
		while (at + 2 * run + 2 < s.n && s.p[at + 2 * run] == ' ' &&
		       abnf_is_alnum((unsigned char)s.p[at + 2 * run + 1]) && s.p[at + 2 * run + 2] == ' ')
			run++;
		if (run >= SPELLED_LEAST) {
			p[n++] = ' ';
			for (size_t i = 0; i < run; i++)
				p[n++] = s.p[at + 2 * i + 1];
			at += 2 * run;
		} else {
			p[n++] = s.p[at++];
		}
	}
	return str_from(p, n);
}

/* Signs inside a word that stand for a letter; text_fold would make spaces of them. */
static struct str signs_to_letters(struct arena *a, struct str s)
{
	char *p = arena_strndup(a, s.p, s.n);

	for (size_t i = 1; i + 1 < s.n; i++)
		if ((s.p[i] == '@' || s.p[i] == '$' || s.p[i] == '!' || s.p[i] == '|') &&
		    abnf_is_alpha((unsigned char)s.p[i - 1]) && abnf_is_alpha((unsigned char)s.p[i + 1]))
			p[i] = s.p[i] == '|' ? 'l' : shape_char(s.p[i]);
	return str_from(p, s.n);
}

struct brand_text brand_text_of(struct arena *a, struct str text, size_t most, bool odd)
{
	struct brand_text t;

	text = utf8_cut(text, most);
	bool ascii = str_is_ascii(text);
	if (!ascii)
		text = without_marks(a, text);
	t.words = put_together(a, text_fold(a, &text, 1));
	t.plain = ascii ? t.words : put_together(a, text_fold_as_written(a, text));
	if (odd && !ascii && !str_is_ascii(t.plain))
		text = alike_skeleton(a, with_latin_capitals(a, text));
	text = signs_to_letters(a, text);
	struct str words = put_together(a, text_fold(a, &text, 1));
	/* ALIKE_MAX is for names, so a text is taken word by word. */
	char *p = arena_alloc(a, words.n + 2);
	size_t n = 0;
	for (size_t at = 1; at < words.n;) {
		size_t end = str_find_char(words, ' ', at);
		struct str word = str_sub(words, at, end);
		struct str shape = str_is_ascii(word) ? alike_skeleton(a, word) : word;
		bool number = text_is_number(word);
		if (number)
			shape = word;
		p[n++] = ' ';
		for (size_t i = 0; i < shape.n; i++)
			p[n++] = number ? shape.p[i] : shape_char(shape.p[i]);
		at = end == SIZE_MAX ? words.n : end + 1;
	}
	p[n++] = ' ';
	t.shape = str_from(p, n);
	return t;
}

static bool is_written(const struct brand_text *t, struct str name)
{
	for (size_t at = 0; (at = str_find(t->plain, name, at)) != SIZE_MAX; at++)
		if (at > 0 && t->plain.p[at - 1] == ' ' && at + name.n < t->plain.n &&
		    t->plain.p[at + name.n] == ' ')
			return true;
	return false;
}

/* The longest name that begins at a word. */
static bool name_at(const struct brand_text *t, size_t at, struct brand_name *out)
{
	const struct brand_index *x = index_get();
	struct str rest = str_sub(t->shape, at, t->shape.n);
	size_t longest = 0;

	for (size_t slot = word_slot(first_word(rest)); x->by_word[slot]; slot = (slot + 1) & (SLOTS - 1)) {
		const struct name *n = &x->names[x->by_word[slot]];
		if (n->shape.n <= longest || !str_starts(rest, n->shape) || n->shape.n >= rest.n ||
		    rest.p[n->shape.n] != ' ')
			continue;
		bool written = is_written(t, n->plain);
		if (!written && utf8_length(n->plain) < LETTERS_DISGUISED)
			continue;
		longest = n->shape.n;
		*out = (struct brand_name){ n->brand, n->common, !written, false, at, at + longest };
	}
	return longest > 0;
}

static const struct name *single(struct str word, uint64_t h)
{
	const struct brand_index *x = index_get();

	for (size_t slot = slot_of(h); x->by_word[slot]; slot = (slot + 1) & (SLOTS - 1)) {
		const struct name *n = &x->names[x->by_word[slot]];
		if (!n->common && str_eq(n->shape, word))
			return n;
	}
	return NULL;
}

/* "binancebnb", "supportcoinbase": the name of a brand at one end of a word. */
static const struct name *part_of(struct str word)
{
	const struct name *n = NULL;
	uint64_t h = hash_start();

	for (size_t i = 0; i + 1 < word.n && !n; i++) {
		h = hash_more(h, word.p[i]);
		if (i + 1 >= LETTERS_PART)
			n = single(str_sub(word, 0, i + 1), h);
	}
	for (size_t from = 1; from + LETTERS_PART <= word.n && !n; from++) {
		struct str tail = str_sub(word, from, word.n);
		n = single(tail, hash_of(tail));
	}
	return n;
}

static bool name_in(const struct brand_text *t, struct str word, size_t at, struct brand_name *out)
{
	const struct name *n = part_of(word);

	if (!n)
		return false;
	bool written = str_find(t->plain, n->plain, 0) != SIZE_MAX;
	*out = (struct brand_name){ n->brand, false, !written, true, at, at + word.n };
	return true;
}

#define WORD_MAX 40 /* longer ones are no name with something around it */

bool brand_next(const struct brand_text *t, size_t *at, struct brand_name *out)
{
	while (*at + 1 < t->shape.n) {
		size_t from = *at + 1;
		struct str word = first_word(str_sub(t->shape, from, t->shape.n));
		*at = from + word.n;
		if (word.n == 0)
			continue;
		if (name_at(t, from, out)) {
			*at = out->to;
			return true;
		}
		if (word.n > LETTERS_PART && word.n <= WORD_MAX && name_in(t, word, from, out))
			return true;
	}
	return false;
}

/* What follows "x." in "x.*": a country, or com, net, org, or such with a country behind it. */
static bool is_ending(struct str s)
{
	static const char *const given_away[] = {
		"tk", "ml", "ga", "cf", "gq", "cc", "ws", "me", "io", "pw"
	};
	struct str last = str_sub(s, str_rfind_char(s, '.') + 1, s.n);
	size_t dot = str_find_char(s, '.', 0);

	if (dot == SIZE_MAX) {
		for (size_t i = 0; i < ARRAY_LEN(given_away); i++)
			if (str_eq(s, str_of(given_away[i])))
				return false;
		return s.n == 2 || str_eq(s, STR("com")) || str_eq(s, STR("net")) || str_eq(s, STR("org"));
	}
	struct str first = str_sub(s, 0, dot);
	return last.n == 2 && dot + 1 + last.n == s.n &&
	       (first.n == 2 || str_eq(first, STR("com")) || str_eq(first, STR("net")));
}

/* host or something above it is `x-*.de` and the like: one star. */
static bool fits_star(struct str host, struct str pattern)
{
	size_t star = str_find_char(pattern, '*', 0);
	struct str head = str_sub(pattern, 0, star), tail = str_sub(pattern, star + 1, pattern.n);

	for (size_t from = 0;;) {
		struct str h = str_sub(host, from, host.n);
		if (tail.n == 0 ? str_starts(h, head) && is_ending(str_sub(h, head.n, h.n))
				: str_starts(h, head) && str_ends(h, tail) && h.n > head.n + tail.n &&
				      str_find_char(str_sub(h, head.n, h.n - tail.n), '.', 0) == SIZE_MAX)
			return true;
		size_t dot = str_find_char(host, '.', from);
		if (dot == SIZE_MAX)
			return false;
		from = dot + 1;
	}
}

static bool fits(struct str host, struct str domain)
{
	return str_find_char(domain, '*', 0) == SIZE_MAX ? domain_is_within(host, domain)
							 : fits_star(host, domain);
}

bool brand_owns(const struct brand *b, struct str host)
{
	struct str domain;

	for (size_t at = 0; next_of(str_of(b->domains), ' ', &at, &domain);)
		if (domain.p[0] == '~' && fits(host, str_sub(domain, 1, domain.n)))
			return false;
	for (size_t at = 0; next_of(str_of(b->domains), ' ', &at, &domain);)
		if (domain.p[0] != '~' && fits(host, domain))
			return true;
	return false;
}

static const struct brand_domain *listed(struct str host)
{
	const struct brand_index *x = index_get();

	for (size_t from = 0;;) {
		struct str h = str_sub(host, from, host.n);
		for (size_t slot = word_slot(h); x->by_domain[slot]; slot = (slot + 1) & (SLOTS - 1))
			if (str_eq(x->domains[x->by_domain[slot]].text, h))
				return &x->domains[x->by_domain[slot]];
		size_t dot = str_find_char(host, '.', from);
		if (dot == SIZE_MAX)
			break;
		from = dot + 1;
	}
	for (size_t i = 0; i < x->n_stars; i++)
		if (fits_star(host, x->stars[i].text))
			return &x->stars[i];
	return NULL;
}

bool brand_is_domain(struct str host)
{
	return listed(host) != NULL;
}

const struct brand *brand_of_domain(struct str host)
{
	const struct brand_domain *d = listed(host);

	return d && !d->shared ? &brand_table[d->brand] : NULL;
}

bool brand_label_is_word(size_t brand)
{
	struct str label = index_get()->shapes.v[brand].label, word;

	for (size_t at = 0; next_of(str_of(brand_table[brand].common), '|', &at, &word);)
		if (str_eq(word, label))
			return true;
	return false;
}

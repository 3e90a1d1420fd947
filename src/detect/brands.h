/*
 * Well-known brands that frauds like to pretend to be, the names they go by and the domains that are theirs. Facts, one row
 * a brand (brand_table.c); finding them in text and among hosts is here.
 */
#ifndef DETECT_BRANDS_H
#define DETECT_BRANDS_H

#include "policy/domain_name.h"

struct arena;

enum brand_kind {
	BRAND_PLAIN,
	BRAND_NAMED, /* honest mail of others names it often: how to pay, where to follow, which program to use */
};

struct brand {
	const char *name;
	/* Separated by "|", folded as text.h folds: names nobody else has, and names that are words or names of others, too. */
	const char *names, *common;
	/*
	 * Separated by spaces. "x.*": x below a country's ending; "x-*.de", "*-x.de": any word. "~x": theirs, but others
	 * write from there or have pages there, so it proves nothing.
	 */
	const char *domains;
	enum brand_kind kind;
};

extern const struct brand brand_table[];
extern const size_t brand_table_size;
#define BRANDS_MAX 512

/*
 * A text in which names are looked for: words as a reader takes them, letters that look alike made equal, torn words put
 * together; and, where a letter had to be changed, as it was written.
 */
struct brand_text {
	struct str shape; /* begins and ends with a space */
	struct str plain;
	struct str words; /* as text.h folds: of one script each */
};

/* At most `most` bytes of text. odd: other scripts are made Latin, which costs more. Memory: arena. */
struct brand_text brand_text_of(struct arena *a, struct str text, size_t most, bool odd);

struct brand_name {
	size_t brand;    /* index in the table */
	bool common;     /* a name that is also a word */
	bool disguised;  /* written with other letters than its own */
	bool part;       /* of a longer word */
	size_t from, to; /* bytes of the shape */
};

/* The next name in the text; *at begins at 0. false: no more. */
bool brand_next(const struct brand_text *t, size_t *at, struct brand_name *out);

/* Whether a word of a shape is that word, lower-case ASCII, as a shape has it. */
bool brand_shape_is(struct str shape, const char *word);

/* Whether a folded host is the brand's. */
bool brand_owns(const struct brand *b, struct str host);
/* Whether it is some brand's, shared with others or not. */
bool brand_is_domain(struct str host);
/* The brand whose it is, alone; NULL = none. */
const struct brand *brand_of_domain(struct str host);

/* The first domain of each brand in the order of the table, taken apart, so that others can be compared with it. */
struct domain_names brand_domain_names(void);
/* Whether the name in its domain is also a word, which others have a right to. */
bool brand_label_is_word(size_t brand);

#endif

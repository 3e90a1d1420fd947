/*
 * What a mail is found by. The same code makes the tokens of a record, for the index and for rows not indexed
 * yet, and those of a search, so the two can only agree.
 *
 * A tagged token ("f=" and a value) answers one filter; a plain one answers `query`. Plain tokens never hold
 * "=", so nothing written in a mail can look like a tag. Tokens are folded (store/words.h), at most
 * LIMIT_TOKEN bytes (longer ones become a hash) and LIMIT_TOKENS for a mail, each part of it with room of its own.
 *
 *	f=  sender: MAIL FROM and From; address whole, host, its parents (token_list.h)
 *	t=  recipient: RCPT TO, To, Cc, protected recipients; as f=
 *	d=  any domain: of senders, recipients and links, with parents
 *	s=  word of the subject          e=  hash of the whole subject, folded and trimmed
 *	m=  Message-ID without <>        h=  sending host's address       i=  alert id
 *	v=  disposition; v=x for every detection    y=  delivery status    o=  operation done since
 *	p=  how a plain token begins, TOKEN_PREFIX_MIN to TOKEN_PREFIX_MAX characters
 *	r=  digest of the raw mail       c=  edf_hash                    b=  band of the SimHash (store/similar.h)
 */
#ifndef STORE_TOKENS_H
#define STORE_TOKENS_H

#include "store/store.h"

#define TOKENS_RECIPE "5" /* change it with anything that changes tokens: search.db is then made again */

/*
 * Prefixes of these lengths are tokens of their own: a search reads one list, newest first. For a longer one the index
 * merges the lists of all tokens that begin so, whatever the time asked for: half a second for a million mails. Shorter
 * ones would be in every mail.
 */
#define TOKEN_LONG_PREFIXES 4 /* of one search: no deadline ends a merge */
#define TOKEN_PREFIX_MIN 3
#define TOKEN_PREFIX_MAX 6

/* Sorted, without repeats, and no token in both. */
struct tokens {
	struct strs fixed;    /* follow from the mail itself */
	struct strs changing; /* follow from what is decided about it and done to it */
};

/* r: as read from the store, with key and ids. At most TOKENS_BYTES of the arena, whatever a stranger wrote. */
#define TOKENS_BYTES (6u << 20)
struct tokens tokens_of_record(struct arena *a, const struct record *r);
/* Equal for equal fixed tokens. */
int64_t tokens_hash(struct strs tokens);
/* All of them with a space between. */
struct str tokens_join(struct arena *a, struct strs tokens);
/* The other way round; tokens are slices of the text. */
struct strs tokens_split(struct arena *a, struct str text);
bool tokens_has(struct strs sorted, struct str token);

/* What a search asks for: each term needs one of its alternatives. */
struct token_term {
	struct str *v;
	size_t n;    /* 0: cannot be found */
	bool prefix; /* any token that begins with the only alternative */
};

struct token_query {
	struct token_term *v;
	size_t n;
	bool only_detections; /* nothing asked for but detections */
	bool
	    short_prefix; /* a word is asked for by fewer characters than TOKEN_PREFIX_MIN: only that very word is found */
};

struct token_query tokens_of_search(struct arena *a, const struct store_search *q);
/* Whether a term of `query` asks for words by fewer characters than are kept: "go*". */
bool tokens_has_short_prefix(struct arena *a, struct str term);
/* One tagged token alone; tag as in "f". */
struct token_query tokens_of_tag(struct arena *a, char tag, struct str value);
bool tokens_match(const struct tokens *t, const struct token_query *q);
/*
 * The full text expression; only for a query of at least one term, all of which can be found. p NULL: too many terms, or
 * too many long prefixes.
 */
struct str tokens_expression(struct arena *a, const struct token_query *q);

#endif

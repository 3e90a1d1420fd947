/*
 * Many regular expressions asked at once about one text.
 *
 * Two kinds. WHOLE: the whole value must match, as PCRE2 reads the expression without back-references and the like (allow
 * policies, blocked senders, trusted domains, the impersonation registry, URLs to be ignored). SEARCHED: the text contains a
 * match, and only the linear-time subset of content policies is accepted: . * + ? \d \w \s \b [abc] [^abc] [a-z] {n,m} up to
 * 50, | ^ $, groups, escaped literals. Both without regard to case, UTF-8, and "." is any character.
 *
 * What an expression cannot match without (a literal of three bytes or more) is looked for first, for all expressions in one
 * pass; those whose literal is there, and those that have none, run side by side in one automaton, which takes a step for each
 * character. Work is counted in steps, so the same question has the same answer everywhere.
 */
#ifndef EXPRESSION_EXPRESSIONS_H
#define EXPRESSION_EXPRESSIONS_H

#include "base/arena.h"

enum expressions_kind { EXPRESSIONS_WHOLE, EXPRESSIONS_SEARCHED };

struct expressions;

/*
 * Whether an expression is accepted; ERR_SYNTAX with a sentence that names the offset. *bytes_out (may be NULL): what it takes
 * compiled, of LIMIT_POLICY_CODE.
 */
MUST_CHECK enum err expressions_check(enum expressions_kind kind, struct str pattern, size_t *bytes_out,
				      struct errbuf *eb);

struct expressions *expressions_new(enum expressions_kind kind);
void expressions_free(struct expressions **x);
/*
 * Adds one; answers speak of it by `tag`. It takes its bytes from *room, and is ERR_LIMIT where there are too few. ERR_SYNTAX as
 * expressions_check says, but for WHOLE expressions the bytes are fewer: what our own automaton reads is not given to PCRE2.
 */
MUST_CHECK enum err expressions_add(struct expressions *x, struct str pattern, uint32_t tag, size_t *room,
				    struct errbuf *eb);
/* After the last was added and before the first is asked. */
void expressions_ready(struct expressions *x);
size_t expressions_count(const struct expressions *x);

/*
 * How much work may be done, in steps of 2 to 4 ns; several sets may share it. What has no literal has steps of its own, so that
 * it takes none from those that are quick to be sure of.
 */
struct expressions_steps {
	uint32_t likely; /* for expressions whose literal is there */
	uint32_t others; /* for those without a literal */
	uint32_t
	    alone; /* SEARCHED: for those whose literal is there one by one, when they cost too much together */
};

/* Asks on behalf of one mail; x NULL = nothing matches. Memory: arena; steps must live as long. */
struct expressions_asker;
struct expressions_asker *expressions_asker_new(struct arena *a, const struct expressions *x,
						struct expressions_steps *steps);

struct expressions_answer {
	/* Tags in ascending order. WHOLE: of all that match. SEARCHED: of one that is nothing but its words, else
	   of one of those whose match ends first. */
	struct {
		uint32_t *v;
		size_t n;
	} hits;
	struct str seen;   /* SEARCHED: the text as it was compared, up to the end of the match */
	size_t unfinished; /* expressions of which nobody knows, for the steps were used up */
};

/*
 * WHOLE: text is a value. SEARCHED: its white space counts as one space each, and as none at both ends. What is not UTF-8 counts
 * as U+FFFD.
 */
void expressions_ask(struct expressions_asker *k, struct str text, struct expressions_answer *out);

#endif

/*
 * What the lists of an account cost a mail, in microseconds of CPU: none; 9,000 literals and 1,000 expressions in each list; sets
 * that were made to cost; 10,000 corrections. Beside it PCRE2, which asks each expression one by one. Every row says what it is of that without lists.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "policy/policy.h"

#define LITERALS 9000
#define EXPRESSIONS 1000
#define RULES (LITERALS + EXPRESSIONS)
#define ENOUGH_S 0.2
#define BODY 6000       /* bytes of text of an ordinary mail */
#define LARGE (1 << 20) /* of a large one */

static const char *const words[] = {
	"account",  "agree",    "about",    "address", "after",    "again",   "also",    "amount",
	"annual",   "answer",   "april",    "are",     "attach",   "bank",    "because", "best",
	"between",  "bill",     "board",    "budget",  "business", "call",    "change",  "click",
	"client",   "company",  "confirm",  "contact", "customer", "date",    "dear",    "deliver",
	"details",  "document", "due",      "email",   "ever",     "expect",  "file",    "find",
	"first",    "follow",   "for",      "free",    "from",     "gift",    "give",    "great",
	"have",     "hello",    "help",     "here",    "holiday",  "house",   "idea",    "important",
	"inform",   "invoice",  "just",     "keep",    "kind",     "know",    "last",    "late",
	"letter",   "line",     "link",     "list",    "look",     "mail",    "make",    "manager",
	"meeting",  "message",  "money",    "month",   "more",     "need",    "new",     "next",
	"note",     "number",   "office",   "only",    "open",     "order",   "our",     "paid",
	"paper",    "password", "payment",  "people",  "please",   "price",   "project", "question",
	"quick",    "read",     "regards",  "reply",   "report",   "request", "review",  "schedule",
	"security", "send",     "service",  "should",  "since",    "some",    "still",   "subject",
	"support",  "team",     "thank",    "that",    "the",      "their",   "there",   "this",
	"time",     "today",    "transfer", "update",  "urgent",   "verify",  "wait",    "week",
	"were",     "what",     "when",     "which",   "will",     "wire",    "with",    "work",
	"would",    "year",     "you",      "your",
};

static uint32_t seed = 1;

static uint32_t any(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static const char *word(void)
{
	return words[any(ARRAY_LEN(words))];
}

/* A word that nobody knows: people write policies about names and products, and mail is full of others. */
static struct str rare(struct arena *a)
{
	static const char consonants[] = "bcdfghjklmnprstvwz", vowels[] = "aeiou";
	char text[16];
	size_t n = 0;

	for (uint32_t syllables = 3 + any(2); syllables > 0; syllables--) {
		text[n++] = consonants[any(sizeof(consonants) - 1)];
		text[n++] = vowels[any(sizeof(vowels) - 1)];
	}
	return arena_str(a, str_from(text, n));
}

static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- patterns ---- */

enum set { NONE, ORDINARY, COMMON, NO_LITERAL, ONE_LITERAL, NESTED, PCRE2_ONLY, SETS };
static const char *const set_names[SETS] = { "no lists",
					     "9,000 literals, 1,000 expressions",
					     "1,000 of words that all are in the mail",
					     "1,000 without a literal",
					     "1,000 with one common literal",
					     "1,000 of nested quantifiers",
					     "1,000 that PCRE2 must read, nested" };

static struct str address_expression(struct arena *a, enum set set, unsigned i)
{
	switch (set) {
	case NO_LITERAL:
		return arena_printf(a, "[%c-%c]+\\.?\\w{%u,}@[^%c]+.\\w%c?", 'a' + (int)(i % 13),
				    'n' + (int)(i % 7), i % 5, 'a' + (int)(i % 26), 'a' + (int)(i / 26 % 26));
	case ONE_LITERAL:
		return arena_printf(a, ".*%c[%c-z]{%u}.*@supplier\\.example", 'a' + (int)(i % 26),
				    'a' + (int)(i / 26 % 20), 2 + i % 3);
	case NESTED:
		return arena_printf(a, "(([a-z%u]+)*\\.?)+%c@[^%c]*", i % 10, 'a' + (int)(i % 26),
				    'a' + (int)(i / 26 % 26));
	case PCRE2_ONLY:
		return arena_printf(a, "(?=.)(([a-z%u]+)*\\.?)+%c%c!", i % 10, 'a' + (int)(i % 26),
				    'a' + (int)(i / 26 % 26));
	case NONE:
	case ORDINARY:
	case COMMON:
	case SETS:
		break;
	}
	switch (i % 3) {
	case 0:
		return arena_printf(a, ".*@(mail\\.|news\\.)?%s%u\\.example", word(), i);
	case 1:
		return arena_printf(a, "%s[._-]?%s\\d*@%s-?%s\\.(com|net|test)", word(), word(), word(),
				    word());
	default:
		return arena_printf(a, "(no-?reply|%s)%u@.*\\.%s\\.example", word(), i, word());
	}
}

static struct str content_expression(struct arena *a, enum set set, unsigned i)
{
	switch (set) {
	case NO_LITERAL:
		return arena_printf(a, "\\b[%c-%c]{%u}\\s\\d{%u}[a-%c]", 'a' + (int)(i % 13),
				    'n' + (int)(i % 7), 2 + i % 5, 1 + i % 4, 'b' + (int)(i % 20));
	case ONE_LITERAL:
		return arena_printf(a, "the [%c-%c]{%u}\\d%c", 'a' + (int)(i % 13), 'n' + (int)(i % 7),
				    1 + i % 5, 'a' + (int)(i / 26 % 26));
	case NESTED:
	case PCRE2_ONLY:
		return arena_printf(a, "(([%c-%c]+)*\\s?)+\\d%c%c", 'a' + (int)(i % 13), 'n' + (int)(i % 7),
				    'a' + (int)(i % 26), 'a' + (int)(i / 26 % 26));
	case NONE:
	case ORDINARY:
	case COMMON:
	case SETS:
		break;
	}
	struct str one = set == COMMON ? str_of(word()) : rare(a),
		   other = set == COMMON ? str_of(word()) : rare(a);
	if (i % 2)
		return arena_printf(a, "\\b%.*s(ing|ed)?\\s+%s.{0,30}%.*s", STR_ARG(one), word(),
				    STR_ARG(other));
	return arena_printf(a, "%s (is|was) %.*s[^a-z]+\\d{%u,}", word(), STR_ARG(one), 3 + i % 4);
}

enum what { ADDRESSES, CONTENT, TRUSTED, REGISTRY, WHATS };
static const char *const what_names[WHATS] = { "allow and block", "content policies", "trusted domains",
					       "impersonation registry" };

/* Literal i of a list. */
static struct str literal(struct arena *a, enum what what, size_t i)
{
	switch (what) {
	case ADDRESSES:
	case REGISTRY:
		return arena_printf(a, "%s.%s%zu@%s%zu.example", word(), word(), i, word(), i);
	case TRUSTED:
		return arena_printf(a, "%s-%s%zu.example", word(), word(), i);
	case CONTENT:
	case WHATS:
		break;
	}
	struct str one = rare(a);
	return arena_printf(a, "%s %.*s", word(), STR_ARG(one));
}

static struct str expression(struct arena *a, enum what what, enum set set, size_t i)
{
	return what == CONTENT ? content_expression(a, set, (unsigned)i)
			       : address_expression(a, set, (unsigned)i);
}

/* One list, as its source. */
static void fill(struct arena *a, enum what what, enum set set, struct policy_source *out)
{
	static int both[] = { TARGET_SUBJECT, TARGET_BODY };
	size_t literals = set == ORDINARY ? LITERALS : 0, n = set == NONE ? 0 : literals + EXPRESSIONS;

	*out = (struct policy_source){ .rev = 1 };
	for (size_t i = 0; i < n; i++) {
		bool is_regex = i >= literals;
		struct str p = is_regex ? expression(a, what, set, i) : literal(a, what, i);
		struct block_sender b = { .pattern = p, .pattern_type = PATTERN_EMAIL, .is_regex = is_regex };
		struct allow_policy l = { .pattern = p,
					  .pattern_type = PATTERN_EMAIL,
					  .is_regex = is_regex,
					  .is_acceptable_sender = true,
					  .is_exempt_recipient = i % 10 == 0 };
		struct content_policy c = {
			.name = p, .pattern = p, .targets = { both, 2 }, .enabled = true
		};
		struct trusted_domain t = { .pattern = p, .is_regex = is_regex, .is_recent = true };
		struct impersonation e = { .name = STR("Ann"), .email = p, .is_email_regex = is_regex };
		switch (what) {
		case ADDRESSES:
			ARENA_PUSH(a, &out->block, b);
			ARENA_PUSH(a, &out->allow, l);
			break;
		case CONTENT:
			ARENA_PUSH(a, &out->content, c);
			break;
		case TRUSTED:
			ARENA_PUSH(a, &out->trusted, t);
			break;
		case REGISTRY:
			ARENA_PUSH(a, &out->impersonation, e);
			break;
		case WHATS:
			break;
		}
	}
}

/* ---- a mail ---- */

struct mail {
	struct policy_facts facts;
	struct str subject, recipient;
	struct strs bodies;
};

static struct str text_of(struct arena *a, size_t bytes)
{
	char *p = arena_alloc(a, bytes + 32);
	size_t n = 0;

	while (n < bytes) {
		uint32_t which = any(12);
		const char *w = which == 0 ? "the 4711" : which < 4 ? rare(a).p : word();
		n += (size_t)sprintf(p + n, "%s%s", w, any(9) ? " " : ".\r\n");
	}
	return str_from(p, n);
}

static void make_mail(struct arena *a, size_t bytes, struct mail *out)
{
	*out = (struct mail){ .subject = text_of(a, 60), .recipient = STR("claire.dubois@home.example") };
	ARENA_PUSH(a, &out->bodies, text_of(a, bytes));
	out->facts = (struct policy_facts){
		.envelope_from = STR("bounces+4711@mailer.supplier.example"),
		.header_from = STR("marlene.haas@supplier.example"),
		.reply_to = STR("marlene.haas@supplier.example"),
		.server_name = STR("mx7.mailer.supplier.example"),
		.recipients = { &out->recipient, 1 },
	};
	if (ip_parse(STR("192.0.2.10"), &out->facts.client_ip) != OK)
		abort();
}

/* What one mail asks of the list; gives what was left undone. */
static size_t ask(struct arena *a, const struct policy *p, enum what what, const struct mail *m)
{
	struct policy_decision d;
	struct policy_content c;
	struct policy_trusted t;
	struct policy_impersonation_owners o;

	switch (what) {
	case ADDRESSES:
		policy_decide(a, p, &m->facts, &d);
		return d.gave_up;
	case CONTENT:
		policy_content_find(a, p, &(struct strs){ (struct str[]){ m->subject }, 1 }, &m->bodies, &c);
		return c.name.n ? SIZE_MAX : c.unfinished;
	case TRUSTED:
		policy_trusted_find(policy_trusting_new(a, p), STR("supplier.example"), &t);
		return t.unfinished;
	case REGISTRY:
		policy_impersonation_owners(a, p, m->facts.header_from, &o);
		return o.unfinished;
	case WHATS:
		break;
	}
	return 0;
}

static double microseconds(const struct policy *p, enum what what, const struct mail *m, size_t *undone)
{
	struct arena *a = arena_new((size_t)1 << 30, NULL, NULL);
	size_t n = 0;
	double begin = cpu(), used;

	do {
		*undone = ask(a, p, what, m);
		arena_reset(a);
		n++;
	} while ((used = cpu() - begin) < ENOUGH_S);
	arena_free(&a);
	return used * 1e6 / (double)n;
}

/* ---- PCRE2, one by one ---- */

static double peer(enum what what, enum set set, const struct mail *m)
{
	struct arena *a = arena_new((size_t)256 << 20, NULL, NULL);
	pcre2_code **codes = ARENA_ARRAY(a, EXPRESSIONS, pcre2_code *);
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	uint32_t anchors = what == CONTENT ? 0 : PCRE2_ANCHORED | PCRE2_ENDANCHORED;
	const struct str addresses[] = { m->facts.envelope_from, m->facts.header_from, m->facts.reply_to };
	const struct str texts[] = { m->subject, m->bodies.v[0] };
	const struct str *values = what == CONTENT ? texts : addresses;
	size_t n = what == CONTENT     ? ARRAY_LEN(texts)
		   : what == ADDRESSES ? ARRAY_LEN(addresses)
				       : 1,
	       rounds = 0;
	double begin, used;

	for (unsigned i = 0; i < EXPRESSIONS; i++) {
		struct str p = expression(a, what, set, LITERALS + i);
		int error;
		PCRE2_SIZE offset;
		codes[i] =
		    pcre2_compile((PCRE2_SPTR)p.p, p.n, anchors | PCRE2_CASELESS | PCRE2_UTF | PCRE2_DOTALL,
				  &error, &offset, NULL);
	}
	begin = cpu();
	do {
		for (unsigned i = 0; i < EXPRESSIONS && cpu() - begin < 5 * ENOUGH_S; i++)
			for (size_t k = 0; k < n; k++)
				pcre2_match(codes[i], (PCRE2_SPTR)values[k].p, values[k].n, 0,
					    PCRE2_NO_UTF_CHECK, data, NULL);
		rounds++;
	} while ((used = cpu() - begin) < ENOUGH_S);
	for (unsigned i = 0; i < EXPRESSIONS; i++)
		pcre2_code_free(codes[i]);
	pcre2_match_data_free(data);
	arena_free(&a);
	return used * 1e6 / (double)rounds;
}

/* ---- rows ---- */

static double row(enum what what, enum set set, const struct mail *m, const char *mail, double base)
{
	struct arena *a = arena_new((size_t)256 << 20, NULL, NULL);
	struct policy_source source;
	size_t undone;

	fill(a, what, set, &source);
	double begin = cpu();
	struct policy *p = policy_compile(a, &source);
	double compiled = (cpu() - begin) * 1e3, us = microseconds(p, what, m, &undone);
	printf("policy %-22s %-34s %-8s %8.1f us", what_names[what], set_names[set], mail, us);
	if (base > 0)
		printf("  +%7.1f  compiled in %5.1f ms", us - base, compiled);
	if (undone == SIZE_MAX)
		printf("  found");
	else if (undone > 0)
		printf("  %zu left undone", undone);
	if (policy_skipped(p))
		printf("  %zu skipped", policy_skipped(p));
	if (set == ORDINARY) {
		double theirs = peer(what, set, m);
		printf("  PCRE2 one by one %8.1f us = %.0f x", theirs, theirs / us);
	}
	printf("\n");
	policy_free(&p);
	arena_free(&a);
	return us;
}

/* ---- corrections ---- */

#define MANY 10000

static uint64_t any64(void)
{
	return (uint64_t)any(1u << 22) << 42 | (uint64_t)any(1u << 21) << 21 | any(1u << 21);
}

/* alike: all are near each other and near the mail, else no two are. */
static void corrections(struct arena *a, size_t n, bool alike, const char *name)
{
	struct correction_facts mail = { STR("v1:1"), STR("v1:0123456789abcdef"), STR("a@b.example"),
					 STR("b.example") };
	struct policy_source source = { .rev = 1 };
	struct correction_match match;
	size_t rounds = 0;

	for (size_t i = 0; i < n; i++) {
		struct correction c = { 0 };
		unsigned long long hash = alike ? 0x0123456789abcdef ^ 1ull << i % 64 : any64();
		SET(&c, correction, edf_hash, arena_printf(a, "v1:%016llx", (unsigned long long)any64()));
		SET(&c, correction, simhash, arena_printf(a, "v1:%016llx", hash));
		ARENA_PUSH(a, &source.corrections, c);
	}
	double begin = cpu();
	struct policy *p = policy_compile(a, &source);
	double compiled = (cpu() - begin) * 1e3, used;
	begin = cpu();
	do {
		policy_correction_find(p, &mail, &match);
		rounds++;
	} while ((used = cpu() - begin) < ENOUGH_S);
	printf("policy %-22s %-34s %-8s %8.2f us  compiled in %5.1f ms%s\n", "corrections", name, "any",
	       used * 1e6 / (double)rounds, compiled, match.correction ? "  found" : "");
	policy_free(&p);
}

int main(void)
{
	struct arena *a = arena_new((size_t)64 << 20, NULL, NULL);
	struct mail ordinary, large;

	make_mail(a, BODY, &ordinary);
	make_mail(a, LARGE, &large);
	for (enum what what = 0; what < WHATS; what++) {
		double base = row(what, NONE, &ordinary, "6 kB", 0), large_base = 0;
		if (what == CONTENT)
			large_base = row(what, NONE, &large, "1 MB", 0);
		for (enum set set = ORDINARY; set < SETS; set++) {
			if (what == CONTENT ? set == PCRE2_ONLY : set == COMMON)
				continue;
			row(what, set, &ordinary, "6 kB", base);
			if (what == CONTENT)
				row(what, set, &large, "1 MB", large_base);
		}
	}
	corrections(a, 0, false, "none");
	corrections(a, MANY, false, "10,000 that have nothing in common");
	corrections(a, MANY, true, "10,000 of one campaign");
	arena_free(&a);
	return 0;
}

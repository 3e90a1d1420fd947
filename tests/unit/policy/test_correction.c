/* Which correction a mail falls under, and what that may do: near misses, little text, the newest, and who is proved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/simhash.h"
#include "policy/policy.h"

#define S UINT64_C(0x0123456789abcdef)
#define FAR UINT64_C(0x5555555555555555) /* turns half of the bits */
#define MANY 10000

static struct str hash(struct arena *a, uint64_t simhash)
{
	return simhash ? arena_printf(a, "v1:%016llx", (unsigned long long)simhash) : STR("");
}

struct taught {
	const char *edf, *from, *proved;
	uint64_t simhash; /* 0 = too little text */
	enum submission_disposition is;
};

static struct correction correction_of(struct arena *a, const struct taught *t, int64_t num)
{
	struct correction c = { 0 };

	SET(&c, correction, edf_hash, str_of(t->edf));
	SET(&c, correction, simhash, hash(a, t->simhash));
	SET(&c, correction, from, str_of(t->from));
	SET(&c, correction, authenticated_domain, str_of(t->proved));
	SET(&c, correction, disposition, (int)t->is);
	SET(&c, correction, id, ((struct ident){ .num = num }));
	return c;
}

static void what_it_falls_under(void **state)
{
	static const struct taught taught[] = {
		{ "v1:aa", "p@evil.example", "", S, SUBMISSION_SPAM },              /* 1 */
		{ "v1:bb", "boss@evil.example", "", 0, SUBMISSION_MALICIOUS },      /* 2: short */
		{ "v1:aa", "p@evil.example", "", S, SUBMISSION_MALICIOUS },         /* 3: newer than 1 */
		{ "v1:cc", "n@news.example", "news.example", ~S, SUBMISSION_NONE }, /* 4 */
		{ "v1:dd", "hr@firm.example", "firm.example", 0, SUBMISSION_NONE }, /* 5: short */
		{ "v1:ee", "x@far.example", "", S ^ FAR, SUBMISSION_SPAM },         /* 6 */
		{ "v1:ff", "x@far.example", "far.example", S ^ FAR ^ 1, SUBMISSION_NONE }, /* 7: near 6 */
		{ "other:aa", "o@old.example", "", 0, SUBMISSION_SPAM },                   /* 8 */
	};
	static const struct {
		const char *what, *edf, *from, *proved;
		uint64_t simhash;
		int64_t num; /* of the correction; 0 = none */
		bool equal;
		int bits;
		bool excuses, in_other_name;
	} mails[] = {
		{ "equal, the newest", "v1:aa", "q@evil.example", "", S, 3, true, 0, false, false },
		{ "equal, the text is another", "v1:aa", "q@e.example", "", ~S ^ FAR, 3, true, 32, false,
		  false },
		{ "six bits", "v1:11", "q@evil.example", "", S ^ 0x3f, 3, false, 6, false, false },
		{ "six bits, spread", "v1:11", "", "", S ^ UINT64_C(0x8004002001000801), 3, false, 6, false,
		  false },
		{ "seven bits", "v1:11", "p@evil.example", "", S ^ 0x7f, 0, false, 0, false, false },
		{ "near, proved in another name", "v1:11", "a@bank.example", "bank.example", S ^ 1, 3, false,
		  1, false, true },
		{ "equal, proved in another name", "v1:aa", "a@bank.example", "bank.example", S, 3, true, 0,
		  false, false },
		{ "no text, same address", "v1:aa", "P@evil.example", "", 0, 3, true, -1, false, false },
		{ "no text, other address", "v1:aa", "q@evil.example", "", 0, 0, false, 0, false, false },
		{ "short, same address", "v1:bb", "boss@evil.example", "", 0, 2, true, -1, false, false },
		{ "short, other address", "v1:bb", "ann@evil.example", "", 0, 0, false, 0, false, false },
		{ "harmless, proved", "v1:cc", "m@news.example", "news.example", ~S, 4, true, 0, true,
		  false },
		{ "harmless, a few bits", "v1:cc", "n@news.example", "news.example", ~S ^ 3, 4, true, 2, true,
		  false },
		{ "harmless, not proved", "v1:cc", "n@news.example", "", ~S, 4, true, 0, false, false },
		{ "harmless, proved to be another", "v1:cc", "n@news.example", "evil.example", ~S, 4, true, 0,
		  false, false },
		{ "harmless, below it", "v1:cc", "n@a.news.example", "a.news.example", ~S, 4, true, 0, false,
		  false },
		{ "harmless, near", "v1:12", "n@news.example", "news.example", ~S ^ 1, 4, false, 1, false,
		  false },
		{ "harmless, another text", "v1:cc", "n@news.example", "news.example", FAR, 4, true, 32,
		  false, false },
		{ "harmless and short", "v1:dd", "hr@firm.example", "firm.example", 0, 5, true, -1, true,
		  false },
		{ "harmless and short, a colleague", "v1:dd", "it@firm.example", "firm.example", 0, 0, false,
		  0, false, false },
		{ "equal before near", "v1:ee", "", "", S ^ FAR, 6, true, 0, false, false },
		{ "of two that are near the newest", "v1:13", "", "", S ^ FAR, 7, false, 1, false, false },
		{ "nothing at all", "", "", "", 0, 0, false, 0, false, false },
	};
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct correction list[ARRAY_LEN(taught)];
	struct policy_source source = { .corrections = { list, ARRAY_LEN(taught) } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(taught); i++)
		list[i] = correction_of(a, &taught[i], (int64_t)i + 1);
	struct policy *p = policy_compile(a, &source);
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct correction_facts f = { str_of(mails[i].edf), hash(a, mails[i].simhash),
					      str_of(mails[i].from), str_of(mails[i].proved) };
		struct correction_match m;
		policy_correction_find(p, &f, &m);
		int64_t num = m.correction ? m.correction->id.num : 0;
		if (num != mails[i].num)
			fail_msg("%s: %d", mails[i].what, (int)num);
		if (num && (m.equal != mails[i].equal || m.bits != mails[i].bits ||
			    m.excuses != mails[i].excuses || m.in_other_name != mails[i].in_other_name))
			fail_msg("%s: equal %d, %d bits, excuses %d, in other name %d", mails[i].what,
				 m.equal, m.bits, m.excuses, m.in_other_name);
	}
	policy_free(&p);
	arena_free(&a);
}

static void none_of_none(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct policy_source source = { 0 };
	struct policy *p = policy_compile(a, &source);
	struct correction_facts f = { STR("v1:aa"), hash(a, S), STR("a@b.example"), STR("b.example") };
	struct correction_match m;

	(void)state;
	policy_correction_find(p, &f, &m);
	assert_null(m.correction);
	policy_correction_find(NULL, &f, &m);
	assert_null(m.correction);
	policy_free(&p);
	arena_free(&a);
}

static uint64_t next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	return *x ^= *x << 17;
}

/* Among many that are anything, each bit pattern of up to six finds its own, and as a plain comparison of all does. */
static void as_comparing_all(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct correction *list = ARENA_ARRAY(a, MANY, struct correction);
	struct policy_source source = { .corrections = { list, MANY } };
	uint64_t x = 88172645463325252, *hashes = ARENA_ARRAY(a, MANY, uint64_t);

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		/* Every third is near the one before. */
		hashes[i] = i % 3 == 2 ? hashes[i - 1] ^ UINT64_C(1) << (next(&x) & 63) : next(&x);
		struct taught t = { arena_printf(a, "v1:%zu", i).p, "a@b.example", "", hashes[i],
				    SUBMISSION_SPAM };
		list[i] = correction_of(a, &t, (int64_t)i + 1);
	}
	struct policy *p = policy_compile(a, &source);
	for (size_t i = 0; i < 2000; i++) {
		uint64_t simhash = hashes[next(&x) % MANY];
		for (size_t turned = i % 8; turned > 0; turned--)
			simhash ^= UINT64_C(1) << (next(&x) & 63);
		int64_t want = 0;
		for (size_t k = 0; k < MANY; k++)
			if (simhash_distance(simhash, hashes[k]) <= SIMHASH_NEAR_BITS)
				want = (int64_t)k + 1;
		struct correction_facts f = { STR("v1:x"), hash(a, simhash), STR(""), STR("") };
		struct correction_match m;
		policy_correction_find(p, &f, &m);
		assert_int_equal(m.correction ? m.correction->id.num : 0, want);
	}
	policy_free(&p);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_falls_under),
		cmocka_unit_test(none_of_none),
		cmocka_unit_test(as_comparing_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

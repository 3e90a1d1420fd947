/* A pattern (first line) that may be stored compiles, and comparing it with anything ends. */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = str_from(data, size);
	size_t lf = str_find_char(all, '\n', 0);
	struct str pattern = str_sub(all, 1, lf), value = str_sub(all, lf == SIZE_MAX ? size : lf + 1, size);
	unsigned kind = size > 0 ? data[0] : 0;
	struct block_sender b = { .pattern = pattern, .pattern_type = (int)(kind % 3), .is_regex = kind & 8 };
	struct policy_source source = { .block = { &b, 1 } };
	struct policy_facts facts = { .envelope_from = value,
				      .header_from = value,
				      .reply_to = value,
				      .server_name = value,
				      .recipients = { &value, 1 } };
	struct policy_decision d;
	struct errbuf eb;

	struct arena *a = arena_new(64u << 20, NULL, NULL);
	enum err e = policy_pattern_check(pattern, b.pattern_type, b.is_regex, true, NULL, &eb);
	struct policy *p = policy_compile(a, &source);
	if (e == OK && policy_skipped(p) > 0)
		abort();
	policy_decide(a, p, &facts, &d);
	policy_free(&p);
	arena_free(&a);
	return 0;
}

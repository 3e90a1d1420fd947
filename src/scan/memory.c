/* History keys. */
#include "scan/memory.h"

#include "base/domain.h"
#include "base/limits.h"
#include "base/utf8.h"

#define KEY_MAX 300 /* scan/ask.h */

static struct str folded(const struct scan *s, struct str address)
{
	size_t at = str_rfind_char(address, '@');
	struct str domain = at == SIZE_MAX ? STR_NONE : str_sub(address, at + 1, address.n);
	struct str local = arena_lower(s->arena, str_sub(address, 0, address.n - domain.n));

	return ARENA_JOIN(s->arena, local, domain_fold(s->arena, domain));
}

static bool key_fits(struct str key)
{
	for (size_t i = 0; i < key.n; i++)
		if ((unsigned char)key.p[i] < 32 || key.p[i] == 127)
			return false;
	return key.n <= KEY_MAX && utf8_is_valid(key);
}

static struct str key_from(const struct scan *s)
{
	return ARENA_JOIN(s->arena, STR("from:"), folded(s, s->from.address));
}

static struct str key_domain(const struct scan *s)
{
	return ARENA_JOIN(s->arena, STR("domain:"), s->from.owner);
}

static struct str key_pair(const struct scan *s, size_t recipient)
{
	return ARENA_JOIN(s->arena, STR("pair:"), folded(s, s->job->recipients.v[recipient]), STR("|"),
			  folded(s, s->from.address));
}

static void ask(const struct scan *s, struct ask_list *list, struct str key)
{
	struct ask one = { ASK_HISTORY, 0, key };

	if (key_fits(key))
		ARENA_PUSH(s->arena, list, one);
}

void memory_asks(const struct scan *s, struct ask_list *list)
{
	if (s->from.domain.n == 0 || s->job->account == 0)
		return;
	ask(s, list, key_from(s));
	ask(s, list, key_domain(s));
	if (s->job->recipients.n > 0)
		ask(s, list, key_pair(s, 0));
}

/* *known: set when an answer came. */
static struct history answer_to(struct scan *s, struct str key, bool *known)
{
	const struct answer *answer = key_fits(key) ? asker_history(s->asker, key) : NULL;

	if (!answer || answer->status == ANSWER_TEMPERROR)
		return (struct history){ 0 };
	*known = true;
	return answer->status == ANSWER_OK ? answer->history : (struct history){ 0 };
}

void memory_read(struct scan *s)
{
	if (s->from.domain.n == 0 || s->job->account == 0)
		return;
	struct past *p = &s->past;
	p->from = answer_to(s, key_from(s), &p->known);
	p->domain = answer_to(s, key_domain(s), &p->domain_known);
	if (s->job->recipients.n > 0)
		p->pair = answer_to(s, key_pair(s, 0), &p->known);
	p->known |= p->domain_known;
}

static void add(const struct scan *s, struct strs *keys, struct str key)
{
	if (key_fits(key) && keys->n < LIMIT_ASK_KEYS)
		ARENA_PUSH(s->arena, keys, key);
}

struct strs memory_keys(const struct scan *s)
{
	struct strs keys = { 0 };

	if (s->from.domain.n == 0)
		return keys;
	if (!s->proof.checked || !s->proof.header_proved) {
		add(s, &keys, ARENA_JOIN(s->arena, STR("claimed:"), folded(s, s->from.address)));
		return keys;
	}
	add(s, &keys, key_from(s));
	add(s, &keys, key_domain(s));
	for (size_t i = 0; i < s->job->recipients.n; i++)
		add(s, &keys, key_pair(s, i));
	return keys;
}

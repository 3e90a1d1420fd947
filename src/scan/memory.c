/* History keys. */
#include "scan/memory.h"

#include "base/domain.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "detect/email_bomb.h"
#include "detect/lists.h"
#include "mime/address.h"

#define KEY_MAX 300     /* scan/ask.h */
#define ANSWERED_MOST 4 /* messages looked for that it says it answers */
#define HOURS 2         /* looked at for what comes in floods */
#define WAVE_WORDS 20   /* a text of fewer is anybody's */
#define HOUR_US (INT64_C(3600) * 1000000)
#define WROTE_MOST 20 /* people one mail of the account is taken to be for */

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

static struct str key_wrote(const struct scan *s, struct str address)
{
	return ARENA_JOIN(s->arena, STR("wrote:"), folded(s, address));
}

/* A house of free mailboxes is nobody's in particular. */
static struct str key_wrote_domain(const struct scan *s, struct str owner)
{
	return list_is_free_mail(owner) ? STR_NONE : ARENA_JOIN(s->arena, STR("wrote-domain:"), owner);
}

static struct str key_list(const struct scan *s)
{
	struct str list = sender_list_domain(s);

	return list.n > 0 ? ARENA_JOIN(s->arena, STR("list:"), list) : STR_NONE;
}

/* "<left@right>": the next of a field's; false: no more. *at begins at 0. */
static bool next_id(struct str ids, size_t *at, struct str *out)
{
	size_t from = str_find_char(ids, '<', *at),
	       to = from == SIZE_MAX ? from : str_find_char(ids, '>', from);

	if (to == SIZE_MAX)
		return false;
	*at = to + 1;
	*out = str_trim(str_sub(ids, from + 1, to));
	return true;
}

/* hours: before this one. */
static struct str key_signups(const struct scan *s, size_t recipient, int hours)
{
	return ARENA_JOIN(
	    s->arena, STR("signup:"), folded(s, s->job->recipients.v[recipient]),
	    arena_printf(s->arena, "|%lld", (long long)(s->job->received_us / HOUR_US - hours)));
}

/* "" = a text of so few words is anybody's. */
static struct str key_wave(const struct scan *s, int hours)
{
	return s->own_domain || s->text_mark.words < WAVE_WORDS
		   ? STR_NONE
		   : arena_printf(s->arena, "wave:%.*s|%lld", STR_ARG(s->text_mark.hex),
				  (long long)(s->job->received_us / HOUR_US - hours));
}

/* That the sender is counted in it: once, by his house, and in a house of free mailboxes by his address. */
static struct str key_in_wave(const struct scan *s, int hours)
{
	struct str wave = key_wave(s, hours);
	struct str who = list_is_free_mail(s->from.owner) ? folded(s, s->from.address) : s->from.owner;

	return wave.n ? ARENA_JOIN(s->arena, wave, STR("|"), who) : STR_NONE;
}

/* Of our own mail; a bounce asks by the domain that it gives back. */
static struct str key_sends(const struct scan *s, struct str domain)
{
	return sender_is_own_domain(s, domain)
		   ? ARENA_JOIN(s->arena, STR("sends:"), domain_owner(s->arena, domain))
		   : STR_NONE;
}

static struct str key_sent(const struct scan *s, struct str id)
{
	return ARENA_JOIN(s->arena, STR("sent:"), id);
}

/* Keys of the messages it says it answers: In-Reply-To first, then References, the newest first. */
static struct strs keys_of_answered(const struct scan *s)
{
	static const struct str fields[] = { STR_INIT("In-Reply-To"), STR_INIT("References") };
	struct strs out = { 0 };
	struct str id;

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct str value = headers_value(s->arena, mime_headers(s->mail), fields[i]);
		struct strs ids = { 0 };
		for (size_t at = 0; next_id(value, &at, &id);)
			if (key_fits(key_sent(s, id)) && id.n > 0)
				ARENA_PUSH(s->arena, &ids, key_sent(s, id));
		for (size_t k = ids.n; k-- > 0 && out.n < ANSWERED_MOST;)
			if (!strs_has(&out, ids.v[k]))
				ARENA_PUSH(s->arena, &out, ids.v[k]);
	}
	return out;
}

static void ask(const struct scan *s, struct ask_list *list, struct str key)
{
	struct ask one = { ASK_HISTORY, 0, key };

	if (key.n > 0 && key_fits(key))
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
	ask(s, list, key_wrote(s, s->from.address));
	ask(s, list, key_wrote_domain(s, s->from.owner));
	ask(s, list, key_list(s));
	struct strs answered = keys_of_answered(s);
	for (size_t i = 0; i < answered.n; i++)
		ask(s, list, answered.v[i]);
	if (s->returned.id.n > 0) {
		ask(s, list, key_sent(s, s->returned.id));
		ask(s, list, key_sends(s, s->returned.domain));
	}
	for (int hours = 0; s->job->recipients.n > 0 && hours < HOURS; hours++)
		ask(s, list, key_signups(s, 0, hours));
	for (int hours = 0; hours < HOURS; hours++) {
		ask(s, list, key_wave(s, hours));
		ask(s, list, key_in_wave(s, hours));
	}
}

/* *known: set when an answer came. */
static struct history answer_to(struct scan *s, struct str key, bool *known)
{
	const struct answer *answer = key.n > 0 && key_fits(key) ? asker_history(s->asker, key) : NULL;

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
	bool ignored = false;
	p->wrote = answer_to(s, key_wrote(s, s->from.address), &p->known);
	p->wrote_domain = answer_to(s, key_wrote_domain(s, s->from.owner), &ignored);
	p->list = answer_to(s, key_list(s), &ignored);
	struct strs answered = keys_of_answered(s);
	for (size_t i = 0; i < answered.n; i++)
		p->answers |= answer_to(s, answered.v[i], &ignored).first_us != 0;
	if (s->returned.id.n > 0) {
		p->returned = answer_to(s, key_sent(s, s->returned.id), &ignored);
		p->sends = answer_to(s, key_sends(s, s->returned.domain), &ignored);
	}
	for (int hours = 0; s->job->recipients.n > 0 && hours < HOURS; hours++)
		p->signups += answer_to(s, key_signups(s, 0, hours), &ignored).seen;
	for (int hours = 0; hours < HOURS; hours++) {
		p->wave += answer_to(s, key_wave(s, hours), &ignored).seen;
		p->in_wave |= answer_to(s, key_in_wave(s, hours), &ignored).first_us != 0;
	}
	p->known |= p->domain_known;
}

static void add(const struct scan *s, struct strs *keys, struct str key)
{
	if (key.n > 0 && key_fits(key) && keys->n < LIMIT_ASK_KEYS && !strs_has(keys, key))
		ARENA_PUSH(s->arena, keys, key);
}

/* Whom the account wrote to, and by which message: of mail that proves to be its own. */
static void add_written(const struct scan *s, struct strs *keys)
{
	static const struct str fields[] = { STR_INIT("To"), STR_INIT("Cc") };
	const struct headers *headers = mime_headers(s->mail);
	struct str id;
	size_t at = 0;

	add(s, keys, key_sends(s, s->from.domain));
	if (next_id(headers_value(s->arena, headers, STR("Message-ID")), &at, &id) && id.n > 0)
		add(s, keys, key_sent(s, id));
	for (size_t i = 0, n = 0; i < ARRAY_LEN(fields); i++) {
		struct addresses list = address_parse(s->arena, headers_value(s->arena, headers, fields[i]));
		for (size_t k = 0; k < list.n && n < WROTE_MOST; k++) {
			struct str domain = domain_fold(s->arena, list.v[k].domain);
			if (domain.n == 0 || sender_is_own_domain(s, domain))
				continue;
			add(s, keys, key_wrote(s, list.v[k].addr));
			add(s, keys, key_wrote_domain(s, domain_owner(s->arena, domain)));
			n++;
		}
	}
}

/* What says most first, for there is room for LIMIT_ASK_KEYS, and a mail may be for more readers. */
struct strs memory_keys(const struct scan *s)
{
	struct strs keys = { 0 };

	if (s->from.domain.n == 0)
		return keys;
	bool proved = s->proof.checked && s->proof.header_proved, signup = email_bomb_is_part(s);
	if (proved) {
		add(s, &keys, key_from(s));
		add(s, &keys, key_domain(s));
	} else {
		add(s, &keys, ARENA_JOIN(s->arena, STR("claimed:"), folded(s, s->from.address)));
	}
	if (sender_is_proved_list(s))
		add(s, &keys, key_list(s));
	for (size_t i = 0; proved && i < s->job->recipients.n; i++)
		add(s, &keys, key_pair(s, i));
	if (proved && s->own_domain)
		add_written(s, &keys);
	for (size_t i = 0; signup && i < s->job->recipients.n; i++)
		add(s, &keys, key_signups(s, i, 0));
	if (sender_is_new(s) && !s->past.in_wave && key_wave(s, 0).n) {
		add(s, &keys, key_wave(s, 0));
		add(s, &keys, key_in_wave(s, 0));
	}
	return keys;
}

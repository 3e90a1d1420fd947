/* Tokens of records. Those of searches are in token_query.c. */
#include "store/tokens.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "store/token_list.h"

/* Everything told of one party by an address: tag, domain and plain tokens. */
static void add_address(struct token_list *tagged, struct token_list *plain, char tag, struct str address)
{
	struct str folded = token_address(tagged->arena, address);

	if (str_is_empty(folded))
		return;
	token_list_add(tagged, tag, folded);
	struct str host = token_host_of(tagged->arena, folded);
	token_list_add_hosts(tagged, tag, host);
	token_list_add_hosts(tagged, 'd', host);
	token_list_add(plain, 0, folded);
	token_list_add_hosts(plain, 0, host);
	token_list_add_text(plain, folded);
}

static void add_addresses(struct token_list *tagged, struct token_list *plain, char tag,
			  struct strs addresses)
{
	for (size_t i = 0; i < addresses.n; i++)
		add_address(tagged, plain, tag, addresses.v[i]);
}

static void add_texts(struct token_list *plain, struct strs texts)
{
	for (size_t i = 0; i < texts.n; i++)
		token_list_add_text(plain, words_fold(plain->arena, texts.v[i]));
}

static void add_text(struct token_list *plain, struct str text)
{
	token_list_add_text(plain, words_fold(plain->arena, text));
}

/* 2024-01-05t10:00:00 and its day. */
static void add_time(struct token_list *plain, int64_t us)
{
	char text[CLOCK_TEXT_MAX];
	struct str folded = arena_lower(plain->arena, clock_zoneless(us, text));

	token_list_add(plain, 0, folded);
	token_list_add(plain, 0, str_sub(folded, 0, 10));
}

static void add_subject(struct token_list *tagged, struct token_list *plain, struct str subject)
{
	struct str folded = words_fold(tagged->arena, subject), word;

	for (size_t at = 0; words_next(folded, &at, &word);)
		token_list_add(tagged, 's', word);
	token_list_add(tagged, 'e', token_exact(tagged->arena, subject));
	token_list_add_text(plain, folded);
}

static void add_fixed(struct token_list *tagged, struct token_list *plain, const struct record *r)
{
	const struct message *m = r->message;
	struct arena *a = tagged->arena;

	token_list_add(tagged, 'r', r->raw_sha256);
	token_list_add(tagged, 'm', token_message_id(a, m->message_id));
	token_list_add(tagged, 'h', token_ip(a, m->smtp_helo_server_ip));
	add_address(tagged, plain, 'f', m->envelope_from);
	add_address(tagged, plain, 'f', m->from);
	add_addresses(tagged, plain, 't', m->envelope_to);
	add_addresses(tagged, plain, 't', m->client_recipients);
	add_addresses(tagged, plain, 't', m->to);
	add_addresses(tagged, plain, 't', m->cc);
	add_subject(tagged, plain, m->subject);
	for (size_t i = 0; i < r->link_hosts.n; i++)
		token_list_add_hosts(tagged, 'd', token_host(a, r->link_hosts.v[i]));
}

static void add_plain(struct token_list *plain, const struct record *r)
{
	const struct message *m = r->message;
	const struct detections *d = r->detections;

	add_text(plain, m->postfix_id);
	add_text(plain, m->message_id);
	add_text(plain, m->from_name);
	add_texts(plain, m->to_name);
	add_text(plain, m->replyto);
	token_list_add_hosts(plain, 0, token_host_of(plain->arena, token_address(plain->arena, m->replyto)));
	add_text(plain, m->smtp_helo_server_ip);
	add_text(plain, m->smtp_previous_hop_ip);
	add_text(plain, m->x_originating_ip);
	if (HAS(m, message, scanned_at))
		add_time(plain, m->scanned_at);
	if (HAS(m, message, sent_at))
		add_time(plain, m->sent_at);
	for (size_t i = 0; d && i < d->attachments.n; i++) {
		const struct attachment *file = &d->attachments.v[i];
		token_list_add(plain, 0, file->md5);
		token_list_add(plain, 0, file->sha1);
		token_list_add(plain, 0, file->sha256);
		add_text(plain, file->name);
	}
}

static void add_changing(struct token_list *list, const struct message *m)
{
	if (HAS(m, message, final_disposition)) {
		struct str text = enum_text(&disposition_names, m->final_disposition);
		if (m->final_disposition != DISP_NONE)
			token_list_add(list, 'v', STR("x"));
		token_list_add(list, 'v', text);
		add_text(list, text);
	}
	struct str alert = words_fold(list->arena, m->alert_id);
	token_list_add(list, 'i', alert);
	token_list_add_text(list, alert);
	for (size_t i = 0; i < m->delivery_status.n; i++)
		token_list_add(list, 'y', enum_text(&delivery_status_names, m->delivery_status.v[i]));
	for (size_t i = 0; i < m->post_delivery_operations.n; i++)
		token_list_add(list, 'o',
			       enum_text(&post_delivery_op_names, m->post_delivery_operations.v[i]));
	add_texts(list, m->detection_reasons);
}

/* Sorted, once each, and without those in `others`. */
static struct strs finish(struct token_list *list, struct strs others)
{
	struct strs out = { list->v, 0 };

	token_list_sort(list);
	for (size_t i = 0; i < list->n; i++)
		if (!tokens_has(others, list->v[i]))
			out.v[out.n++] = list->v[i];
	return out;
}

#define CHANGING_MAX (LIMIT_TOKENS / 10)

struct tokens tokens_of_record(struct arena *a, const struct record *r)
{
	struct token_list tagged = { .arena = a, .max = LIMIT_TOKENS - CHANGING_MAX };
	struct token_list plain = { .arena = a, .max = LIMIT_TOKENS - CHANGING_MAX };
	struct token_list changing = { .arena = a, .max = CHANGING_MAX };
	struct tokens out;

	add_fixed(&tagged, &plain, r);
	add_plain(&plain, r);
	token_list_sort(&tagged);
	token_list_sort(&plain);
	for (size_t i = 0; i < plain.n && tagged.n < tagged.max; i++)
		ARENA_PUSH(a, &tagged, plain.v[i]);
	add_changing(&changing, r->message);
	out.fixed = finish(&tagged, (struct strs){ NULL, 0 });
	out.changing = finish(&changing, out.fixed);
	return out;
}

int64_t tokens_hash(struct strs tokens)
{
	struct hash_sum *sum = hash_sum_new();
	struct sha256 digest;
	int64_t out;

	for (size_t i = 0; i < tokens.n; i++) {
		hash_sum_add(sum, tokens.v[i]);
		hash_sum_add(sum, STR(" "));
	}
	digest = hash_sum_end(&sum);
	memcpy(&out, digest.b, sizeof(out));
	return out & INT64_MAX;
}

struct str tokens_join(struct arena *a, struct strs tokens)
{
	size_t n = 0;

	for (size_t i = 0; i < tokens.n; i++)
		n += tokens.v[i].n + 1;
	char *out = arena_alloc(a, n + 1), *at = out;
	for (size_t i = 0; i < tokens.n; i++) {
		memcpy(at, tokens.v[i].p, tokens.v[i].n);
		at += tokens.v[i].n;
		*at++ = ' ';
	}
	return str_from(out, n ? n - 1 : 0);
}

struct strs tokens_split(struct arena *a, struct str text)
{
	struct strs out = { NULL, 0 };

	while (text.n) {
		size_t end = str_find_char(text, ' ', 0);
		if (end == SIZE_MAX)
			end = text.n;
		ARENA_PUSH(a, &out, str_sub(text, 0, end));
		text = str_sub(text, end + 1, text.n);
	}
	return out;
}

bool tokens_has(struct strs sorted, struct str token)
{
	return sorted.n && bsearch(&token, sorted.v, sorted.n, sizeof(token), token_compare);
}

/* Tokens of records. Those of searches are in token_query.c. */
#include "store/tokens.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "store/similar.h"
#include "store/token_list.h"

/*
 * Tokens of each part of a mail: what a stranger may write at will has little room, and of its own, so that it neither
 * fills the index nor keeps out what matters. Whom a mail was for is decided by who may be written to.
 */
enum {
	TOKENS_ENVELOPE =
	    3 * LIMIT_SMTP_RECIPIENTS + 100, /* address and host, the host once more as a domain */
	TOKENS_HEADERS = 1000,               /* To and Cc */
	TOKENS_SUBJECT = 300,
	TOKENS_LINKS = 400,
	TOKENS_PLAIN_PEOPLE = 1000,
	TOKENS_PLAIN_REST = 1000,
	TOKENS_PREFIXES = 1500,
	TOKENS_CHANGING = 800,
	TOKENS_CHANGING_PREFIXES = 500,
};
_Static_assert(TOKENS_ENVELOPE + TOKENS_HEADERS + TOKENS_SUBJECT + TOKENS_LINKS + TOKENS_PLAIN_PEOPLE +
		       TOKENS_PLAIN_REST + TOKENS_PREFIXES + TOKENS_CHANGING + TOKENS_CHANGING_PREFIXES <=
		   LIMIT_TOKENS,
	       "all of them");

/* What is said of one mail: the two lists that follow from the mail itself. */
struct telling {
	struct token_list tagged, plain;
	struct arena *scratch; /* of both: for one value at a time */
};

static bool is_over(const struct telling *t)
{
	return token_list_is_full(&t->tagged) && token_list_is_full(&t->plain);
}

/* Everything told of one party by an address: tag, domain and plain tokens. */
static void add_address(struct telling *t, char tag, struct str address)
{
	if (is_over(t))
		return;
	struct str folded = token_address(t->scratch, address), host = token_host_of(t->scratch, folded);
	token_list_add(&t->tagged, tag, folded);
	token_list_add_hosts(&t->tagged, tag, host);
	token_list_add_hosts(&t->tagged, 'd', host);
	token_list_add(&t->plain, 0, folded);
	token_list_add_hosts(&t->plain, 0, host);
	token_list_add_text(&t->plain, folded);
	arena_reset(t->scratch);
}

static void add_addresses(struct telling *t, char tag, struct strs addresses)
{
	for (size_t i = 0; i < addresses.n; i++)
		add_address(t, tag, addresses.v[i]);
}

static void add_text(struct token_list *plain, struct str text)
{
	if (token_list_is_full(plain))
		return;
	token_list_add_text(plain, words_fold(plain->scratch, text));
	arena_reset(plain->scratch);
}

static void add_texts(struct token_list *plain, struct strs texts)
{
	for (size_t i = 0; i < texts.n; i++)
		add_text(plain, texts.v[i]);
}

/* 2024-01-05t10:00:00 and its day. */
static void add_time(struct token_list *plain, int64_t us)
{
	char text[CLOCK_TEXT_MAX];
	struct str folded = arena_lower(plain->scratch, clock_zoneless(us, text));

	token_list_add(plain, 0, folded);
	token_list_add(plain, 0, str_sub(folded, 0, 10));
}

static void add_subject(struct telling *t, struct str subject)
{
	struct str folded = words_fold(t->scratch, subject), word;

	for (size_t at = 0; !token_list_is_full(&t->tagged) && words_next(folded, &at, &word);)
		token_list_add(&t->tagged, 's', word);
	token_list_add(&t->tagged, 'e', token_exact(t->scratch, subject));
	token_list_add_text(&t->plain, folded);
	arena_reset(t->scratch);
}

static void add_fixed(struct telling *t, const struct record *r)
{
	const struct message *m = r->message;

	token_list_allow(&t->tagged, TOKENS_ENVELOPE);
	token_list_allow(&t->plain, TOKENS_PLAIN_PEOPLE);
	struct similar_print print = similar_print_of(m->edf_hash, r->simhash);
	token_list_add(&t->tagged, 'r', r->raw_sha256);
	token_list_add(&t->tagged, 'c', m->edf_hash);
	for (unsigned band = 0; band < SIMILAR_BANDS && print.has_simhash; band++)
		token_list_add(&t->tagged, 'b', similar_band(t->scratch, band, print.simhash));
	token_list_add(&t->tagged, 'm', token_message_id(t->scratch, m->message_id));
	token_list_add(&t->tagged, 'h', token_ip(t->scratch, m->smtp_helo_server_ip));
	add_address(t, 'f', m->envelope_from);
	add_address(t, 'f', m->from);
	add_addresses(t, 't', m->envelope_to);
	add_addresses(t, 't', m->client_recipients);
	token_list_allow(&t->tagged, TOKENS_HEADERS);
	add_addresses(t, 't', m->to);
	add_addresses(t, 't', m->cc);
	token_list_allow(&t->tagged, TOKENS_SUBJECT);
	token_list_allow(&t->plain, TOKENS_PLAIN_REST);
	add_subject(t, m->subject);
	token_list_allow(&t->tagged, TOKENS_LINKS);
	for (size_t i = 0; i < r->link_hosts.n && !token_list_is_full(&t->tagged); i++) {
		token_list_add_hosts(&t->tagged, 'd', token_host(t->scratch, r->link_hosts.v[i]));
		arena_reset(t->scratch);
	}
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
	struct str replyto = token_address(plain->scratch, m->replyto);
	token_list_add_hosts(plain, 0, token_host_of(plain->scratch, replyto));
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
	struct str alert = words_fold(list->scratch, m->alert_id);
	token_list_add(list, 'i', alert);
	token_list_add_text(list, alert);
	for (size_t i = 0; i < m->delivery_status.n; i++)
		token_list_add(list, 'y', enum_text(&delivery_status_names, m->delivery_status.v[i]));
	for (size_t i = 0; i < m->post_delivery_operations.n; i++)
		token_list_add(list, 'o',
			       enum_text(&post_delivery_op_names, m->post_delivery_operations.v[i]));
	add_texts(list, m->detection_reasons);
}

static bool is_plain(struct str token)
{
	return token.n < 2 || token.p[1] != '=';
}

/* The plain tokens of a list, which may be the same one, are found by how they begin, too. */
static void add_prefixes(struct token_list *list, const struct token_list *of)
{
	for (size_t i = 0, n = of->n; i < n && !token_list_is_full(list); i++) {
		struct str token = of->v[i];
		size_t end = 0;
		if (!is_plain(token))
			continue;
		for (int chars = 1; chars <= TOKEN_PREFIX_MAX && end < token.n; chars++) {
			utf8_next(token, &end);
			if (chars >= TOKEN_PREFIX_MIN)
				token_list_add(list, 'p', str_sub(token, 0, end));
		}
		arena_reset(list->scratch);
	}
}

/* Sorted, and without those in `others`. */
static struct strs finish(struct token_list *list, struct strs others)
{
	struct strs out = { list->v, 0 };

	token_list_sort(list);
	for (size_t i = 0; i < list->n; i++)
		if (!tokens_has(others, list->v[i]))
			out.v[out.n++] = list->v[i];
	return out;
}

#define SCRATCH_MAX (16u << 20) /* of one value: a subject of FOLD_MAX bytes at the worst folds to 1 MB */

struct tokens tokens_of_record(struct arena *a, const struct record *r)
{
	struct arena *scratch = arena_new(SCRATCH_MAX, NULL, NULL);
	struct telling t = { token_list_new(a, scratch), token_list_new(a, scratch), scratch };
	struct token_list changing = token_list_new(a, scratch);
	struct tokens out;

	add_fixed(&t, r);
	add_plain(&t.plain, r);
	token_list_allow(&t.tagged, t.plain.n);
	for (size_t i = 0; i < t.plain.n; i++)
		token_list_add(&t.tagged, 0, t.plain.v[i]);
	token_list_allow(&t.tagged, TOKENS_PREFIXES);
	add_prefixes(&t.tagged, &t.plain);
	token_list_allow(&changing, TOKENS_CHANGING);
	add_changing(&changing, r->message);
	token_list_allow(&changing, TOKENS_CHANGING_PREFIXES);
	add_prefixes(&changing, &changing);
	out.fixed = finish(&t.tagged, (struct strs){ NULL, 0 });
	out.changing = finish(&changing, out.fixed);
	arena_free(&scratch);
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

/* Searches as tokens, and whether a record has them. */
#include "store/tokens.h"

#include "base/buf.h"
#include "base/clock.h"
#include "store/token_list.h"

#define EXPRESSION_MAX (1 << 20)

static void ask(struct arena *a, struct token_query *q, char tag, struct str value)
{
	struct token_term term = { NULL, 0 };

	if (value.n)
		ARENA_PUSH(a, &term, token_make(a, tag, value));
	ARENA_PUSH(a, q, term);
}

/* Each word of the subject. */
static void ask_words(struct arena *a, struct token_query *q, char tag, struct str folded)
{
	struct str word;
	bool any = false;

	for (size_t at = 0; words_next(folded, &at, &word); any = true)
		ask(a, q, tag, word);
	if (!any)
		ask(a, q, tag, STR_NONE);
}

/* A date and time as the API writes them is in the index without fraction and zone. */
static bool ask_time(struct arena *a, struct token_query *q, struct str term)
{
	struct token_term either = { NULL, 0 };
	char text[CLOCK_TEXT_MAX];
	int64_t us;

	if (clock_parse_rfc3339(term, &us) != OK)
		return false;
	ARENA_PUSH(a, &either, token_make(a, 0, arena_lower(a, clock_zoneless(us, text))));
	ARENA_PUSH(a, &either, token_make(a, 0, arena_lower(a, term)));
	ARENA_PUSH(a, q, either);
	return true;
}

/* False: there is no word in it, such as a dash between others. */
static bool ask_term(struct arena *a, struct token_query *q, struct str term)
{
	struct str folded = words_fold(a, term), segment;
	bool any = false;

	if (ask_time(a, q, term))
		return true;
	for (size_t at = 0; words_next_segment(folded, &at, &segment); any = true) {
		if (words_is_whole(segment))
			ask(a, q, 0, segment);
		else
			ask_words(a, q, 0, segment);
	}
	return any;
}

/* Terms without words narrow nothing, unless there are no others: those find nothing. */
static void ask_terms(struct arena *a, struct token_query *q, struct strs terms)
{
	bool any = terms.n == 0;

	for (size_t i = 0; i < terms.n; i++)
		any = ask_term(a, q, terms.v[i]) || any;
	if (!any)
		ask(a, q, 0, STR_NONE);
}

/* "example.org", "@example.org" or "bob@example.org". */
static void ask_party(struct arena *a, struct token_query *q, char tag, struct str party)
{
	struct str value = token_address(a, party);

	if (value.n && value.p[0] == '@')
		value = str_sub(value, 1, value.n);
	ask(a, q, tag, str_find_char(value, '@', 0) == SIZE_MAX ? token_host(a, value) : value);
}

static void ask_disposition(struct arena *a, struct token_query *q, int disposition)
{
	struct token_term term = { NULL, 0 };

	ARENA_PUSH(a, &term, token_make(a, 'v', enum_text(&disposition_names, disposition)));
	if (disposition == DISP_MALICIOUS)
		ARENA_PUSH(a, &term, token_make(a, 'v', enum_text(&disposition_names, DISP_BEC)));
	ARENA_PUSH(a, q, term);
}

struct token_query tokens_of_search(struct arena *a, const struct store_search *s)
{
	struct token_query q = { NULL, 0, false };

	if (s->alert_id.n)
		ask(a, &q, 'i', words_fold(a, str_trim(s->alert_id)));
	if (s->message_id.n)
		ask(a, &q, 'm', token_message_id(a, s->message_id));
	if (s->exact_subject.n)
		ask(a, &q, 'e', token_exact(a, s->exact_subject));
	if (s->smtp_helo_ip.n)
		ask(a, &q, 'h', token_ip(a, s->smtp_helo_ip));
	if (s->sender.n)
		ask_party(a, &q, 'f', s->sender);
	if (s->recipient.n)
		ask_party(a, &q, 't', s->recipient);
	if (s->domain.n)
		ask_party(a, &q, 'd', s->domain);
	if (s->subject.n)
		ask_words(a, &q, 's', words_fold(a, s->subject));
	ask_terms(a, &q, s->terms);
	if (s->delivery_status >= 0)
		ask(a, &q, 'y', enum_text(&delivery_status_names, s->delivery_status));
	if (s->operation >= 0)
		ask(a, &q, 'o', enum_text(&post_delivery_op_names, s->operation));
	if (s->disposition >= 0)
		ask_disposition(a, &q, s->disposition);
	if (s->detections_only && s->disposition < 0) {
		q.only_detections = q.n == 0;
		ask(a, &q, 'v', STR("x"));
	}
	return q;
}

struct token_query tokens_of_tag(struct arena *a, char tag, struct str value)
{
	struct token_query q = { NULL, 0, false };

	ask(a, &q, tag, words_fold(a, value));
	return q;
}

bool tokens_match(const struct tokens *t, const struct token_query *q)
{
	for (size_t i = 0; i < q->n; i++) {
		bool found = false;
		for (size_t k = 0; k < q->v[i].n && !found; k++)
			found = tokens_has(t->fixed, q->v[i].v[k]) || tokens_has(t->changing, q->v[i].v[k]);
		if (!found)
			return false;
	}
	return true;
}

struct str tokens_expression(struct arena *a, const struct token_query *q)
{
	struct buf b;
	struct str out;

	buf_init(&b, EXPRESSION_MAX);
	for (size_t i = 0; i < q->n; i++) {
		buf_add_c(&b, i ? " AND (" : "(");
		for (size_t k = 0; k < q->v[i].n; k++)
			buf_printf(&b, "%s\"%.*s\"", k ? " OR " : "", STR_ARG(q->v[i].v[k]));
		buf_add_c(&b, ")");
	}
	out = buf_ok(&b) ? arena_str(a, buf_str(&b)) : STR_NONE;
	buf_free(&b);
	return out;
}

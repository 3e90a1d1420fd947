/* Searches as tokens, and whether a record has them. */
#include "store/tokens.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "store/token_list.h"

#define EXPRESSION_MAX (1 << 20)

static void ask(struct arena *a, struct token_query *q, char tag, struct str value)
{
	struct token_term term = { 0 };

	if (value.n)
		ARENA_PUSH(a, &term, token_make(a, tag, value));
	ARENA_PUSH(a, q, term);
}

/* A plain token by how it begins. */
static void ask_prefix(struct arena *a, struct token_query *q, struct str value)
{
	size_t chars = 0;

	for (size_t at = 0; at < value.n; chars++)
		utf8_next(value, &at);
	ask(a, q, chars >= TOKEN_PREFIX_MIN && chars <= TOKEN_PREFIX_MAX ? 'p' : 0, value);
	q->v[q->n - 1].prefix = chars > TOKEN_PREFIX_MAX;
	q->short_prefix |= chars < TOKEN_PREFIX_MIN && !words_is_alone(value);
}

/* Each word; the last may be the beginning of one. */
static void ask_words(struct arena *a, struct token_query *q, char tag, struct str folded, bool prefix)
{
	struct str word, next;
	size_t at = 0;
	bool more = words_next(folded, &at, &word);

	if (!more)
		ask(a, q, tag, STR_NONE);
	for (; more; word = next) {
		more = words_next(folded, &at, &next);
		if (prefix && !more)
			ask_prefix(a, q, word);
		else
			ask(a, q, tag, word);
	}
}

/* A date and time as the API writes them is in the index without fraction and zone. */
static bool ask_time(struct arena *a, struct token_query *q, struct str term)
{
	struct token_term either = { 0 };
	char text[CLOCK_TEXT_MAX];
	int64_t us;

	if (clock_parse_rfc3339(term, &us) != OK)
		return false;
	ARENA_PUSH(a, &either, token_make(a, 0, arena_lower(a, clock_zoneless(us, text))));
	ARENA_PUSH(a, &either, token_make(a, 0, arena_lower(a, term)));
	ARENA_PUSH(a, q, either);
	return true;
}

/*
 * With an asterisk at its end the last word of it, or the whole of an address, may go on. False: there is no word in it,
 * such as a dash between others.
 */
static bool ask_term(struct arena *a, struct token_query *q, struct str term)
{
	struct str folded = words_fold(a, term), segment, next;
	bool prefix = str_ends(term, STR("*")), more;
	size_t at = 0;

	if (ask_time(a, q, term))
		return true;
	more = words_next_segment(folded, &at, &segment);
	if (!more)
		return false;
	for (; more; segment = next) {
		more = words_next_segment(folded, &at, &next);
		bool last = prefix && !more;
		if (last && (words_is_whole(segment) || words_begins_date(segment)))
			ask_prefix(a, q, segment);
		else if (words_is_whole(segment))
			ask(a, q, 0, segment);
		else
			ask_words(a, q, 0, segment, last);
	}
	return true;
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

/* "example.org", "@example.org", ".example.org", "*.example.org" or "bob@example.org". */
static void ask_party(struct arena *a, struct token_query *q, char tag, struct str party)
{
	struct str value = token_address(a, party);

	struct str host = value;

	while (host.n && strchr("@.*", host.p[0]))
		host = str_sub(host, 1, host.n);
	ask(a, q, tag, str_find_char(host, '@', 0) == SIZE_MAX ? token_host(a, host) : value);
}

static void ask_disposition(struct arena *a, struct token_query *q, int disposition)
{
	struct token_term term = { 0 };

	ARENA_PUSH(a, &term, token_make(a, 'v', enum_text(&disposition_names, disposition)));
	if (disposition == DISP_MALICIOUS)
		ARENA_PUSH(a, &term, token_make(a, 'v', enum_text(&disposition_names, DISP_BEC)));
	ARENA_PUSH(a, q, term);
}

struct token_query tokens_of_search(struct arena *a, const struct store_search *s)
{
	struct token_query q = { 0 };

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
		ask_words(a, &q, 's', words_fold(a, s->subject), false);
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

bool tokens_has_short_prefix(struct arena *a, struct str term)
{
	struct token_query q = { 0 };

	if (str_ends(term, STR("*")))
		(void)ask_term(a, &q, term);
	return q.short_prefix;
}

struct token_query tokens_of_tag(struct arena *a, char tag, struct str value)
{
	struct token_query q = { 0 };

	ask(a, &q, tag, words_fold(a, value));
	return q;
}

/* Whether a token of the sorted list begins so. */
static bool has_prefix(struct strs sorted, struct str prefix)
{
	size_t low = 0, high = sorted.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (str_cmp(sorted.v[mid], prefix) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < sorted.n && str_starts(sorted.v[low], prefix);
}

static bool has(const struct tokens *t, const struct token_term *term)
{
	if (term->prefix)
		return has_prefix(t->fixed, term->v[0]) || has_prefix(t->changing, term->v[0]);
	for (size_t i = 0; i < term->n; i++)
		if (tokens_has(t->fixed, term->v[i]) || tokens_has(t->changing, term->v[i]))
			return true;
	return false;
}

bool tokens_match(const struct tokens *t, const struct token_query *q)
{
	for (size_t i = 0; i < q->n; i++)
		if (!has(t, &q->v[i]))
			return false;
	return true;
}

struct str tokens_expression(struct arena *a, const struct token_query *q)
{
	struct buf b;
	struct str out;
	size_t merges = 0;

	buf_init(&b, EXPRESSION_MAX);
	for (size_t i = 0; i < q->n; i++) {
		buf_add_c(&b, i ? " AND (" : "(");
		for (size_t k = 0; k < q->v[i].n; k++)
			buf_printf(&b, "%s\"%.*s\"", k ? " OR " : "", STR_ARG(q->v[i].v[k]));
		buf_add_c(&b, q->v[i].prefix ? " *)" : ")");
		merges += q->v[i].prefix;
	}
	out = buf_ok(&b) && merges <= TOKEN_LONG_PREFIXES ? arena_str(a, buf_str(&b)) : STR_NONE;
	buf_free(&b);
	return out;
}

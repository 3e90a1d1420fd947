/* Folding and dividing any bytes; what comes out stays inside, moves on, and is stable under a second folding. */
#include "base/arena.h"
#include "store/tokens.h"
#include "store/words.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void divide(struct str folded, bool (*next)(struct str, size_t *, struct str *))
{
	struct str piece;

	for (size_t at = 0, before = 0; next(folded, &at, &piece); before = at)
		ASSERT(at > before && at <= folded.n && piece.n > 0 && piece.p >= folded.p &&
		       piece.p + piece.n <= folded.p + folded.n);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *a = arena_new(1u << 30, NULL, NULL);
	struct str text = str_from(data, size), folded = words_fold(a, text);
	struct store_search q = { .disposition = -1,
				  .operation = -1,
				  .delivery_status = -1,
				  .subject = text,
				  .message_id = text,
				  .exact_subject = text,
				  .terms = { &text, 1 } };
	struct store_search parties = { .disposition = -1,
					.operation = -1,
					.delivery_status = -1,
					.sender = text,
					.recipient = text,
					.domain = text,
					.smtp_helo_ip = text };
	struct message m = { .from = text, .envelope_from = text, .subject = text, .message_id = text };
	struct record r = { .message = &m };

	divide(folded, words_next);
	divide(folded, words_next_segment);
	/* A mail of these texts is found by each of them, unless the text holds nothing to be found by. */
	struct token_query query = tokens_of_search(a, &q);
	struct tokens tokens = tokens_of_record(a, &r);
	bool findable = true;
	for (size_t i = 0; i < query.n; i++)
		findable = findable && query.v[i].n > 0;
	if (findable && size < 1000)
		ASSERT(tokens_match(&tokens, &query));
	query = tokens_of_search(a, &parties);
	(void)tokens_expression(a, &query);
	arena_free(&a);
	return 0;
}

/* What an IMAP server says: lines and literals as the session cuts them, one response after the other. */
#include "base/limits.h"
#include "mailbox/imap_mail.h"
#include "mailbox/imap_reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next line, without its end. */
static struct str take_line(struct str *in)
{
	size_t lf = str_find_char(*in, '\n', 0);
	struct str line = str_sub(*in, 0, lf);

	*in = str_sub(*in, lf == SIZE_MAX ? in->n : lf + 1, in->n);
	return str_ends(line, STR("\r")) ? str_sub(line, 0, line.n - 1) : line;
}

/* A response as text and literals; one that is cut has room for no literal. */
static struct str take_response(struct arena *a, struct str *in, struct strs *literals)
{
	struct str text = STR_NONE;
	uint64_t bytes;

	for (bool first = true;; first = false) {
		struct str line = take_line(in);
		text = first ? line : ARENA_JOIN(a, text, STR("\n"), line);
		if (!imap_line_has_literal(line, first, &bytes) || literals->n == 1000)
			return text;
		struct str literal = str_sub(*in, 0, (size_t)bytes);
		*in = str_sub(*in, literal.n, in->n);
		ARENA_PUSH(a, literals, literal.n == bytes ? literal : str_from(NULL, (size_t)bytes));
	}
}

static size_t depth_of(const struct imap_value *v, size_t n)
{
	size_t most = 0;

	for (size_t i = 0; i < n; i++) {
		ASSERT(v[i].kind == IMAP_LITERAL || v[i].missing == 0);
		ASSERT(v[i].missing == 0 || v[i].s.n == 0);
		size_t depth = v[i].kind == IMAP_LIST ? 1 + depth_of(v[i].v, v[i].n) : 0;
		most = depth > most ? depth : most;
	}
	return most;
}

static void look(struct arena *a, const struct imap_reply *r)
{
	struct imap_set set = { 0 };
	const struct imap_value *date = imap_fetched(r, STR("INTERNALDATE"));
	char out[40];
	int64_t us, again;
	uint32_t uid;

	ASSERT(depth_of(r->v, r->n) <= LIMIT_IMAP_DEPTH);
	(void)imap_number(imap_fetched(r, STR("UID")), &uid);
	if (date && imap_date_read(date->s, &us) == OK)
		ASSERT(imap_date_read(imap_date_time(us, out), &again) == OK && again == us);
	if (imap_numbers(a, r->rest, 5000, &set) == OK)
		ASSERT(set.n <= 5000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str in = str_from(data, size);
	struct imap_reply r;

	(void)imap_message_id(in);
	while (in.n > 0) {
		struct strs literals = { 0 };
		struct arena_mark mark = arena_mark(a);
		struct str text = take_response(a, &in, &literals);
		if (imap_reply_parse(a, text, &literals, &r) == OK)
			look(a, &r);
		arena_rewind(a, mark);
	}
	arena_free(&a);
	return 0;
}

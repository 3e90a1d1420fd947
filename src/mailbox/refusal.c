/* Errors of providers as they write them, to faults. */
#include "mailbox/refusal.h"

#include "base/utf8.h"
#include "json/read.h"

struct words {
	struct str code, text;
};

static struct words read_words(struct arena *a, struct str body)
{
	struct json *root;

	if (json_parse(a, body, &root, NULL))
		return (struct words){ 0 };
	const struct json *error = json_get(root, STR("error"));
	if (!error || error->kind == JSON_STR)
		return (struct words){ json_get_str(root, STR("error")),
				       json_get_str(root, STR("error_description")) };
	struct words w = { json_get_str(error, STR("code")), json_get_str(error, STR("message")) };
	if (w.code.n == 0)
		w.code = json_get_str(json_get_list(error, STR("errors")), STR("reason"));
	if (w.code.n == 0)
		w.code = json_get_str(error, STR("status"));
	return w;
}

/* The first line, for people: nothing that turns a terminal, cut where a character ends. */
static struct str shown(struct arena *a, struct str s)
{
	char *z = arena_alloc(a, REFUSAL_WORDS + 4);
	size_t n = 0, at = 0;

	while (at < s.n && s.p[at] != '\r' && s.p[at] != '\n' && n < REFUSAL_WORDS) {
		uint32_t cp = utf8_next(s, &at);
		n += utf8_encode(utf8_is_control(cp) ? '?' : cp, z + n);
	}
	return utf8_cut((struct str){ z, n }, REFUSAL_WORDS);
}

/* What a status means of anybody. */
static const struct refusal_row usual[] = {
	{ 401, NULL, NULL, ERR_DENIED, TROUBLE_EXPIRED },
	{ 403, NULL, NULL, ERR_DENIED, TROUBLE_NO_CONSENT },
	{ 404, NULL, NULL, ERR_ABSENT, TROUBLE_NO_MESSAGE },
	{ 408, NULL, NULL, ERR_LATER, TROUBLE_CUT },
	{ 409, NULL, NULL, ERR_LATER, TROUBLE_REFUSED },
	{ 410, NULL, NULL, ERR_ABSENT, TROUBLE_NO_MESSAGE },
	{ 423, NULL, NULL, ERR_LATER, TROUBLE_BUSY },
	{ 429, NULL, NULL, ERR_LATER, TROUBLE_BUSY },
	{ 503, NULL, NULL, ERR_LATER, TROUBLE_BUSY },
	{ 504, NULL, NULL, ERR_LATER, TROUBLE_BUSY },
};

static const struct refusal_row *row_of(const struct refusal_row *rows, size_t n, int status,
					const struct words *w)
{
	for (size_t i = 0; i < n; i++)
		if ((!rows[i].status || rows[i].status == status) &&
		    (!rows[i].code || str_eq_nocase(str_of(rows[i].code), w->code)) &&
		    (!rows[i].words || str_starts_nocase(w->text, str_of(rows[i].words))))
			return &rows[i];
	return NULL;
}

enum err refusal_judge(struct arena *a, const struct refusal_table *t, const struct http_answer *answer,
		       struct mailbox_fault *fault)
{
	struct words w = read_words(a, answer->body);
	const struct refusal_row *row = row_of(t->rows, t->n, answer->status, &w);
	struct refusal_row other = { .e = answer->status >= 500 ? ERR_LATER : ERR_DENIED,
				     .what = TROUBLE_REFUSED };

	if (!row)
		row = row_of(usual, ARRAY_LEN(usual), answer->status, &w);
	if (!row)
		row = &other;
	struct str code = shown(a, w.code), text = shown(a, w.text);
	enum err e =
	    mailbox_fail(fault, row->e, row->what, "%s answered %d%s%.*s%s%.*s", t->whom, answer->status,
			 code.n ? " " : "", STR_ARG(code), text.n ? ": " : "", STR_ARG(text));
	fault->retry_after_ms = e == ERR_LATER ? answer->retry_after_ms : 0;
	return e;
}

enum err refusal_unheard(const char *whom, enum err e, const struct http_answer *answer,
			 const struct errbuf *why, struct mailbox_fault *fault)
{
	if (e == ERR_LIMIT)
		return mailbox_fail(fault, ERR_LIMIT, TROUBLE_REFUSED, "%s: %s", whom, why->text);
	if (e == ERR_DENIED)
		return mailbox_fail(fault, ERR_DENIED, TROUBLE_UNREACHABLE, "%s: %s", whom, why->text);
	return mailbox_fail(fault, ERR_LATER, answer->reached ? TROUBLE_CUT : TROUBLE_UNREACHABLE, "%s: %s",
			    whom, why->text);
}

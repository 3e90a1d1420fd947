/* What providers of mailboxes answer over HTTP: refusals, messages of Graph and of Gmail, links to go on by. */
#include "base/utf8.h"
#include "mailbox/gmail_internal.h"
#include "mailbox/graph_internal.h"

#define MARKS_MAX 8192 /* of one message; what is longer may not come back */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at_refusal(struct arena *a, struct str body)
{
	static const int statuses[] = { 302, 400, 401, 403, 404, 410, 429, 500, 503 };
	struct mailbox_fault fault;

	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		const struct http_answer answer = { .status = statuses[i],
						    .body = body,
						    .retry_after_ms = 1 };
		enum err e = refusal_judge(a, &graph_refusals, &answer, &fault);
		struct str text = str_of(fault.text.text);
		ASSERT(e == ERR_LATER || e == ERR_DENIED || e == ERR_ABSENT);
		ASSERT(fault.what != TROUBLE_NONE && (e == ERR_LATER || fault.retry_after_ms == 0));
		for (size_t at = 0; at < text.n;)
			ASSERT(!utf8_is_control(utf8_next(text, &at)));
	}
}

/* What is set from marks is read as the same marks. */
static void look_at_message(struct arena *a, const struct json *message)
{
	const struct graph g = { .folder = { STR("BB"), STR("") } };
	struct mail_item item = graph_item(&g, a, message);
	struct json *again;

	if (item.marks.flags.n > MARKS_MAX)
		return;
	ASSERT(json_parse(a, graph_marks(a, &item.marks), &again, NULL) == OK);
	ASSERT(str_eq(graph_item(&g, a, again).marks.flags, item.marks.flags));
	(void)graph_is_draft(message);
}

static void look_at_link(struct arena *a, const struct json *page)
{
	struct graph g = { .rest = { .base = STR("https://graph.example") }, .user = STR("/v1.0/users/a") };
	struct mailbox_fault fault;
	const struct graph_call c = { &g, a, 0, &fault };
	struct str path;

	if (graph_link(&c, page, "@odata.nextLink", &path) || path.n == 0)
		return;
	for (size_t i = 0; i < path.n; i++)
		ASSERT(path.p[i] > ' ' && path.p[i] <= '~');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	const struct gmail g = { .hidden = STR("Label_1") };
	struct str body = str_from(data, size);
	struct json *root;

	look_at_refusal(a, body);
	if (json_parse(a, body, &root, NULL) == OK) {
		look_at_link(a, root);
		look_at_message(a, root);
		for (const struct json *m = json_get_list(root, STR("value")); m; m = m->next)
			look_at_message(a, m);
		ASSERT(gmail_location(&g, root).n > 0);
		ASSERT(gmail_marks(a, &g, root).received_us >= 0);
	}
	arena_free(&a);
	return 0;
}

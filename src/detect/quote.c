/* Telling quotations from their author's words; asking the detectors about these alone. */
#include "detect/quote.h"

#include "base/abnf.h"
#include "base/buf.h"
#include "base/domain.h"
#include "base/limits.h"
#include "detect/call.h"
#include "detect/forward.h"
#include "detect/respell.h"
#include "detect/text.h"

#define QUOTED_SHARE 0.4  /* by judgement: a lure of 0.8 and a link of 0.7 together stay below 1 */
#define OWN_WORDS_LEAST 3 /* who says less than that says what he sends on */
#define TEXTS_MOST 8      /* a mail of more texts is no letter */
#define LINE_MOST 400     /* of a line that introduces a quotation */

/* ---- where ---- */

/* How a line ends behind which programs put what is answered. */
static bool introduces(struct str line)
{
	static const char *const ends[] = { "wrote:",    "schrieb:",    "a écrit :", "a écrit:", "escribió:",
					    "escreveu:", "ha scritto:", "schreef:",  "napisał:", "skrev:",
					    "写道：",    "のメール:",   "写道:",     "написал:" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (str_ends_nocase(line, str_of(ends[i])))
			return true;
	return false;
}

/* "-----Original Message-----", "--- Below this line is a copy of the message." */
static bool parts(struct arena *a, struct str line)
{
	static const char *const words[] = { "original message",     "ursprungliche nachricht",
					     "message dorigine",     "message original",
					     "mensaje original",     "mensagem original",
					     "messaggio originale",  "oorspronkelijk bericht",
					     "copy of the message",  "copy of your message",
					     "original mail",        "原 始 邮 件",
					     "元 の メ ッ セ ー ジ", "forwarded message" };
	bool drawn = line.n > 2 && strchr("-_=", line.p[0]) && line.p[1] == line.p[0];

	if (!(drawn || str_ends(line, STR(":"))) || line.n > FORWARD_LABEL_MOST * 2)
		return false;
	struct str folded =
	    text_fold(a, &line, 1); /* a line, for which an index would cost more than it saves */
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_find(folded, str_of(words[i]), 0) != SIZE_MAX)
			return true;
	return false;
}

static bool is_marked(struct str line)
{
	return line.n > 0 && line.p[0] == '>';
}

static struct str next_line(struct str text, size_t *at)
{
	size_t end = str_find_char(text, '\n', *at);
	struct str line = str_trim(str_sub(text, *at, end));

	*at = end == SIZE_MAX ? text.n : end + 1;
	return line;
}

/* Marked lines follow, so that the author may go on behind them. */
static bool marks_follow(struct str text, size_t at)
{
	struct str line = STR_NONE;

	while (at < text.n && line.n == 0)
		line = next_line(text, &at);
	return is_marked(line);
}

size_t quote_begins(struct arena *a, struct str text)
{
	struct forwards copied;
	size_t body = SIZE_MAX;

	/* A copied header that nothing announces stands behind any number of the author's words, so they are passed over. */
	forwards_read(a, text, text.n, &copied);
	if (copied.n > 0)
		body = copied.v[0].body;
	for (size_t at = 0, next = 0; at < text.n && at < body; at = next) {
		struct str line = next_line(text, &next);
		if (line.n > LINE_MOST || is_marked(line))
			continue;
		if (parts(a, line) || (introduces(line) && !marks_follow(text, next)))
			return at;
	}
	return body;
}

/* The tag that has the mark, which nobody sees in a comment; SIZE_MAX: none has. */
static size_t tag_with(struct str source, struct str mark)
{
	size_t at = str_find_nocase(source, mark, 0), comment;

	for (size_t from = 0; at != SIZE_MAX && (comment = str_find(source, STR("<!--"), from)) < at;) {
		from = str_find(source, STR("-->"), comment);
		if (from == SIZE_MAX)
			return SIZE_MAX;
		if (at < from)
			at = str_find_nocase(source, mark, from);
	}
	if (at == SIZE_MAX)
		return SIZE_MAX;
	size_t open = str_rfind_char(str_sub(source, 0, at + 1), '<');
	return open == SIZE_MAX ? at : open;
}

/* Where in the source of HTML a program began to quote; SIZE_MAX: nowhere. */
static size_t html_quote_begins(struct str source)
{
	static const char *const marks[] = { "gmail_quote",
					     "<blockquote",
					     "moz-cite-prefix",
					     "divRplyFwdMsg",
					     "appendonsend",
					     "yahoo_quoted",
					     "ms-outlook-mobile-reference-message",
					     "protonmail_quote" };
	size_t first = SIZE_MAX;

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		size_t at = tag_with(source, str_of(marks[i]));
		first = at < first ? at : first;
	}
	return first;
}

/* ---- the author's own mail ---- */

static struct str unmarked(struct arena *a, struct str text)
{
	struct buf b;

	buf_init(&b, text.n + 1);
	for (size_t at = 0; at < text.n;) {
		size_t from = at;
		struct str line = next_line(text, &at);
		if (!is_marked(line) && !(line.n <= LINE_MOST && introduces(line)))
			buf_add(&b, str_sub(text, from, at));
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* A text without what it quotes; false: it quotes nothing. */
static bool cut(struct arena *a, const struct mime_text *t, struct mime_text *own, size_t *end_out)
{
	*own = *t;
	*end_out = SIZE_MAX;
	if (!t->html) {
		*end_out = quote_begins(a, t->source);
		own->source = unmarked(a, str_sub(t->source, 0, *end_out));
		return own->source.n < t->source.n;
	}
	size_t shown = quote_begins(a, t->html->text), end = html_quote_begins(t->source);
	if (end == SIZE_MAX && shown != SIZE_MAX) {
		size_t at = shown;
		struct str line = next_line(t->html->text, &at);
		end = line.n > 0 ? str_find(t->source, line, 0) : SIZE_MAX;
	}
	if (end == SIZE_MAX)
		return false;
	*end_out = end;
	own->source = str_sub(t->source, 0, end);
	own->html = html_text_read(a, own->source, LIMIT_TEXT);
	return true;
}

static bool is_own_link(const struct mime_content *c, const size_t *ends, const struct mime_link *l)
{
	if (l->nested || l->file > 0)
		return !l->nested;
	for (size_t i = 0; i < c->texts.n; i++) {
		const struct mime_text *t = &c->texts.v[i];
		size_t at = l->html ? l->html->offset : l->offset;
		if (t->part != l->part || (t->html != NULL) != (l->html != NULL))
			continue;
		if (at >= ends[i])
			return false;
		if (t->html)
			return true;
		size_t line = str_rfind_char(str_sub(t->source, 0, at), '\n'),
		       from = line == SIZE_MAX ? 0 : line + 1;
		return !is_marked(
		    str_trim(str_sub(t->source, from, at < from + LINE_MOST ? at : from + LINE_MOST)));
	}
	return true;
}

static void add_text(struct arena *a, struct mime_content *c, const struct mime_text *t)
{
	ARENA_PUSH(a, &c->texts, *t);
	if (!t->html) {
		c->plain = ARENA_JOIN(a, c->plain, STR("\n"), t->source);
		return;
	}
	c->html = ARENA_JOIN(a, c->html, STR("\n"), t->source);
	c->html_text = ARENA_JOIN(a, c->html_text, STR("\n"), t->html->text);
	c->hidden = ARENA_JOIN(a, c->hidden, STR("\n"), t->html->hidden);
	c->elsewhere = ARENA_JOIN(a, c->elsewhere, STR("\n"), t->html->elsewhere);
}

/* NULL: nothing is quoted. */
static const struct mime_content *own_content(const struct scan *s)
{
	const struct mime_content *whole = s->content;
	struct mime_content *own = ARENA_NEW(s->arena, struct mime_content);
	size_t *ends = arena_alloc(s->arena, (whole->texts.n + 1) * sizeof *ends);
	bool quotes = false;

	if (whole->texts.n > TEXTS_MOST)
		return NULL;
	*own = (struct mime_content){ .attachments = { whole->attachments.v, whole->attachments.n },
				      .skeleton = whole->skeleton,
				      .encrypted = whole->encrypted,
				      .passwords = whole->passwords };
	for (size_t i = 0; i < whole->texts.n; i++) {
		struct mime_text one;
		ends[i] = 0;
		quotes |= whole->texts.v[i].nested || cut(s->arena, &whole->texts.v[i], &one, &ends[i]);
		if (!whole->texts.v[i].nested)
			add_text(s->arena, own, &one);
	}
	for (size_t i = 0; quotes && i < whole->links.n; i++)
		if (is_own_link(whole, ends, &whole->links.v[i]))
			ARENA_PUSH(s->arena, &own->links, whole->links.v[i]);
	return quotes ? own : NULL;
}

/* The mail as if nothing were quoted. The subject of an answer is that of what it answers. */
static bool own_mail(const struct scan *s, struct scan *own)
{
	const struct mime_content *content = own_content(s);
	struct scan_job *job = ARENA_NEW(s->arena, struct scan_job);

	if (!content)
		return false;
	const struct str parts[] = { content->plain, content->html_text, content->elsewhere };
	*job = *s->job;
	job->times = NULL;
	*own = *s;
	own->job = job;
	own->content = content;
	own->subject = STR_NONE;
	own->words = respell(s->arena, text_fold(s->arena, parts, ARRAY_LEN(parts)));
	own->body_words = own->words;
	struct text_index *index = ARENA_NEW(s->arena, struct text_index);
	text_index_make(index, own->words);
	own->index = index;
	own->hidden_words = respell(s->arena, text_fold(s->arena, &content->hidden, 1));
	own->forwards = NULL;
	own->calls = calls_of(own);
	return text_word_count(own->body_words) >= OWN_WORDS_LEAST;
}

/* ---- weighing ---- */

static bool is_of_the_house(const struct scan *s)
{
	return s->own_domain && (!s->proof.checked || s->proof.header_proved);
}

static bool is_believed(const struct scan *s)
{
	if (sender_is_mail_server(s))
		return s->job->account ? s->past.returned.first_us != 0 : !s->proof.checked;
	return is_of_the_house(s) || sender_is_known(s) || (call_is_answer_to_us(s) && !s->own_domain);
}

static bool may_be_quoted(const struct finding *f)
{
	/* Who goes on with a conversation is found by what he quotes. */
	return !HAS(f, finding, suppressed_by) && f->score > 0 && !finding_is_by(f, &detect_thread_hijack) &&
	       (f->family == FAMILY_CONTENT || f->family == FAMILY_URL || f->family == FAMILY_SENDER);
}

static double most_of(const struct findings *all, struct str name)
{
	double most = 0;

	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->v[i].name, name) && all->v[i].score > most)
			most = all->v[i].score;
	return most;
}

void quote_weigh(const struct scan *s, struct findings *out)
{
	struct findings of_own = { .arena = out->arena };
	struct scan own;
	bool any = false;

	for (size_t i = 0; i < out->n; i++)
		any |= may_be_quoted(&out->v[i]);
	if (!any || !is_believed(s) || !own_mail(s, &own))
		return;
	detect_run(&own, &of_own);
	for (size_t i = 0; i < out->n; i++) {
		struct finding *f = &out->v[i];
		double without = most_of(&of_own, f->name);
		if (!may_be_quoted(f) || without >= f->score)
			continue;
		f->score = without + (f->score - without) * QUOTED_SHARE;
		if (f->detection >= DISP_MALICIOUS)
			f->detection = DISP_SUSPICIOUS;
		if (HAS(f, finding, detail))
			SET(f, finding, detail,
			    ARENA_JOIN(out->arena, f->detail, STR("; in what is quoted")));
	}
}

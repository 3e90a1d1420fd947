/* One mail: whether anything may be changed in it, and which of its parts are. */
#include "edit/edit.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "edit/internal.h"

#define NOTES_MAX 20
#define NOTE_BYTES 400
/* Kept for parts that are attached; each has a few fields and takes one text. */
#define SPARE_EDITS 500
#define SPARE_BYTES 200

void editor_note(struct editor *e, const char *fmt, ...)
{
	char text[NOTE_BYTES];
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ASSERT(n >= 0);
	struct str note = str_of(text);
	if (e->out->notes.n < NOTES_MAX && !strs_has(&e->out->notes, note))
		ARENA_PUSH(e->arena, &e->out->notes, arena_str(e->arena, note));
}

bool editor_add(struct editor *e, const struct edit *v, size_t n, enum room room, const char *what)
{
	size_t bytes = 0, spare = room == ROOM_TO_CHANGE ? SPARE_EDITS : 0;

	for (size_t i = 0; i < n; i++)
		bytes += v[i].text.n;
	if (bytes + spare * SPARE_BYTES > e->bytes_left || e->out->list.n + n + spare > LIMIT_EDITS) {
		editor_note(e, "%s", what);
		return false;
	}
	e->bytes_left -= bytes;
	for (size_t i = 0; i < n; i++)
		ARENA_PUSH(e->arena, &e->out->list, v[i]);
	return true;
}

/* ---- which parts ---- */

static bool is_nested(const struct mime_part *p)
{
	for (p = p->parent; p; p = p->parent)
		if (str_eq(p->type, STR("message")))
			return true;
	return false;
}

/* Texts that are shown in place. Other readings than that of most programs would be changed in the same bytes. */
static bool is_shown(const struct mime_part *p)
{
	bool text = mime_part_is(p, STR("text"), STR("plain")) || mime_part_is(p, STR("text"), STR("html")) ||
		    mime_part_is(p, STR("application"), STR("xhtml+xml")) ||
		    mime_part_is(p, STR("text"), STR("x-amp-html")) ||
		    mime_part_is(p, STR("text"), STR("watch-html"));

	return text && !p->first_child && !p->reading && !p->derived && !is_nested(p) &&
	       p->disposition != DISPOSITION_ATTACHMENT;
}

bool has_plain_end(const struct mime_part *p)
{
	return p->headers.body > p->headers.end && p->headers.strict_end == SIZE_MAX;
}

/* Whether a text at the beginning may stand in it: programs refuse AMP that has anything more. */
static bool may_lead(const struct mime_part *p, const bool *covered)
{
	return is_shown(p) && !covered[p->index] && has_plain_end(p) &&
	       (mime_part_is(p, STR("text"), STR("plain")) || mime_part_is(p, STR("text"), STR("html")));
}

/* Marks the parts that the mail begins with: of alternatives all, else the first. */
static bool mark_leading(const struct mime_part *p, const bool *covered, bool *leads)
{
	bool all = mime_part_is(p, STR("multipart"), STR("alternative")), any = false;

	if (!p->first_child) {
		leads[p->index] = may_lead(p, covered);
		return leads[p->index];
	}
	for (const struct mime_part *c = mime_part_is_multipart(p) ? p->first_child : NULL;
	     c && (all || !any); c = c->next)
		any |= !c->reading && mark_leading(c, covered, leads);
	return any;
}

/* Behind the first parts of a mail what has a name is a file, also where it is shown. */
static bool is_file(const struct mime_part *p, bool leads)
{
	return p->filename.n && !leads;
}

static void edit_parts(struct editor *e)
{
	const struct mime_tree *mail = e->job->mail;
	bool *leads = ARENA_ARRAY(e->arena, mail->n, bool), *covered = ARENA_ARRAY(e->arena, mail->n, bool);

	signed_mark(e->arena, mail, covered);
	if (has_plain_end(mail->v[0]))
		mark_leading(mail->v[0], covered, leads);
	for (size_t i = 0; i < mail->n; i++) {
		const struct mime_part *p = mail->v[i];
		bool lead = leads[i] && (e->plain.n || e->html.n);
		if (!is_shown(p) || is_file(p, leads[i]) || (!lead && e->job->links == LINKS_LEFT))
			continue;
		if (covered[i])
			editor_note(e, "a text is left as it is: it is signed");
		else
			edit_part(e, p, lead);
	}
}

/* ---- the whole ---- */

static unsigned bits_of(struct ints list)
{
	unsigned bits = 0;

	for (size_t i = 0; i < list.n; i++)
		bits |= 1u << list.v[i];
	return bits;
}

/* The subject tells what the mail is, the text all that it may be. */
static void fill_texts(struct editor *e)
{
	const struct edit_job *job = e->job;
	const struct text_add_on *t = job->texts;
	unsigned of_mail = job->labels & (1u << LABEL_EXTERNAL | 1u << LABEL_ENCRYPTED);

	of_mail |= job->final >= 0 ? 1u << job->final : 0;
	struct edit_job in_subject = *job, in_body = *job;
	in_subject.labels = of_mail & bits_of(t->subject_labels);
	in_body.labels = job->labels & bits_of(t->body_labels);
	if (in_subject.labels)
		e->lead = template_fill(e->arena, &in_subject, t->subject_template, false);
	if (of_mail & bits_of(t->body_labels)) {
		e->plain = template_fill(e->arena, &in_body, t->body_template_text, false);
		e->html = template_fill(e->arena, &in_body, t->body_template_html, true);
	}
}

static void note_links(struct editor *e)
{
	const struct link_editor *l = &e->links;
	bool rewritten = e->job->links == LINKS_REWRITTEN;

	if (l->changed > 0)
		editor_note(e, "links %s: %zu", rewritten ? "rewritten" : "defanged", l->changed);
	if (l->longer > 0)
		editor_note(e, "links too long to be rewritten, defanged instead: %zu", l->longer);
	if (l->ignored > 0)
		editor_note(e, "links left as they are, by a URL ignore pattern: %zu", l->ignored);
	if (l->armoured > 0)
		editor_note(e, "links left as they are, in what PGP has signed: %zu", l->armoured);
	if (l->ours > 0)
		editor_note(e, "links that lead to our own page already: %zu", l->ours);
}

static struct str eol_of(struct str raw)
{
	size_t lf = str_find_char(raw, '\n', 0);

	return lf != SIZE_MAX && (lf == 0 || raw.p[lf - 1] != '\r') ? STR("\n") : STR("\r\n");
}

/*
 * By where they begin; what was put in first at one place stays first. All are in order but for fields of the header, so an
 * insertion is soon there.
 */
static void sort(struct edit_list *list)
{
	for (size_t i = 1; i < list->n; i++) {
		const struct edit x = list->v[i];
		size_t k = i;
		for (; k > 0 && list->v[k - 1].start > x.start; k--)
			list->v[k] = list->v[k - 1];
		list->v[k] = x;
	}
}

/* False where parts overlap. */
static bool is_in_order(const struct edit_list *list)
{
	int64_t at = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (list->v[i].start < at)
			return false;
		at = list->v[i].start + list->v[i].length;
	}
	return true;
}

void edit_mail(struct arena *a, const struct edit_job *job, struct edits *out)
{
	struct editor e = { .arena = a, .job = job, .out = out, .bytes_left = LIMIT_EDIT_BYTES };
	struct edit_job left = *job;

	*out = (struct edits){ 0 };
	if (job->texts)
		fill_texts(&e);
	if (job->links == LINKS_REWRITTEN && job->click_url.n == 0) {
		editor_note(&e, "links are left as they are: the server has no http.click_url");
		left.links = LINKS_LEFT;
		e.job = &left;
	}
	if (e.lead.n == 0 && e.plain.n == 0 && e.html.n == 0 && e.job->links == LINKS_LEFT)
		return;
	if (signed_whole(a, job->mail)) {
		editor_note(&e, "the mail is left whole: it is signed or encrypted");
		return;
	}
	e.eol = eol_of(job->mail->raw);
	e.links = (struct link_editor){ .arena = a, .job = e.job };
	e.links.ignoring = policy_ignoring_new(a, job->policy);
	edit_subject(&e);
	edit_parts(&e);
	if (e.texts > 0)
		editor_note(&e, "text added to %zu part%s", e.texts, e.texts == 1 ? "" : "s");
	note_links(&e);
	sort(&out->list);
	if (!is_in_order(&out->list)) {
		*out = (struct edits){ 0 };
		editor_note(&e, "the mail is left whole: its parts overlap");
	}
}

struct str edit_apply(struct arena *a, struct str raw, const struct edit_list *edits)
{
	struct changes c = { 0 };

	for (size_t i = 0; i < edits->n; i++) {
		const struct edit *x = &edits->v[i];
		const struct change one = { (size_t)x->start, (size_t)(x->start + x->length), x->text };
		ARENA_PUSH(a, &c, one);
	}
	return changes_apply(a, raw, &c);
}

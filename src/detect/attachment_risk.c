/*
 * Attachments that run, hide what they are, ask for passwords or fetch what is not there: each of them and each member of
 * an archive or document is judged by its name and type, what a page does, and what was seen inside.
 */
#include "detect/attachment.h"

/* What was said of another member of the same container, or NULL. */
static struct risk_said *find_said(const struct risk *r, const char *signal)
{
	for (size_t i = 0; r->file->container && i < r->told->said.n; i++) {
		struct risk_said *s = &r->told->said.v[i];
		if (s->container == r->file->container && strcmp(s->signal, signal) == 0)
			return s;
	}
	return NULL;
}

void risk_tell(const struct risk *r, const char *signal, enum disposition d, double score,
	       enum category category, const char *portion, struct str value, const char *reason)
{
	const struct mime_part *part = r->file->part;
	struct risk_said *before = find_said(r, signal);

	if (before && r->out->v[before->finding].score >= score)
		return;
	struct finding *f = finding_add(r->out, signal, d, score, category, reason);
	finding_where(f, "attachment", portion, value);
	finding_attachment(f, r->scan, r->file);
	finding_part(f, part);
	finding_detail(r->out, f, "%.*s: declared %.*s, content %.*s, %llu bytes", STR_ARG(r->file->name),
		       STR_ARG(r->file->declared), STR_ARG(r->file->type), (unsigned long long)r->file->size);
	if (f != &r->out->v[r->out->n - 1])
		return; /* beyond the ceiling: not kept */
	if (before) {
		r->out->v[before->finding] = *f;
		r->out->n--;
	} else {
		struct risk_said said = { signal, r->file->container, r->out->n - 1 };
		ARENA_PUSH(r->scan->arena, &r->told->said, said);
	}
}

static void run(const struct scan *s, struct findings *out)
{
	struct risk_told told = { 0 };

	for (size_t i = 0; i < s->content->attachments.n; i++) {
		struct risk r = { s, out, &s->content->attachments.v[i], &told };
		if (risk_of_name(&r))
			continue;
		if (r.file->page && (name_kind(r.file->name) == NAME_PAGE || !r.file->is_inline))
			risk_of_page(&r);
		risk_of_inside(&r);
	}
}

const struct detector detect_attachment_risk = {
	.name = "attachment_risk",
	.family = FAMILY_ATTACHMENT,
	.needs = NEED_ATTACHMENTS,
	.run = run,
};

/*
 * A form that asks for a password, in the mail itself: no honest sender asks for one there. A form with several fields that
 * are sent to a stranger is softer: surveys and searches have few. Attached pages that ask for a password are
 * attachment_risk's; here is whether such a page already knows the recipient's address, as those do that were made for him.
 */
#include "detect/detect.h"

#include "base/base64.h"
#include "base/domain.h"
#include "detect/call.h"
#include "url/url.h"

#define INPUTS_SEVERAL 3

static const struct html_form *form_of(const struct mime_content *c, bool password,
				       const struct mime_text **of)
{
	for (size_t i = 0; i < c->texts.n; i++) {
		const struct html_text *h = c->texts.v[i].html;
		for (size_t k = 0; h && k < h->forms.n; k++) {
			const struct html_form *form = &h->forms.v[k];
			*of = &c->texts.v[i];
			if (password ? form->has_password : form->inputs >= INPUTS_SEVERAL)
				return form;
		}
	}
	return NULL;
}

static void tell(const struct scan *s, struct findings *out, const char *signal, enum disposition d,
		 double score, const char *reason, const struct mime_text *t, const struct html_form *form)
{
	struct finding *f = finding_add(out, signal, d, score, CAT_CREDENTIAL_HARVESTER, reason);

	finding_where(f, "body", "form", form->action);
	size_t end = str_find_char(t->source, '>', form->offset);
	finding_text(f, s, t, form->offset, end == SIZE_MAX ? 0 : end + 1 - form->offset);
	finding_detail(out, f, "%zu fields%s%.*s", form->inputs, form->action.n ? ", sent to " : "",
		       STR_ARG(form->action));
}

/* Whether a form is sent to another house than its sender's. */
static bool is_sent_away(const struct scan *s, const struct html_form *form)
{
	struct url to = url_split(s->arena, form->action);

	return url_is_web(&to) && to.host.n > 0 &&
	       !domain_same_owner(s->arena, domain_fold(s->arena, to.host), s->from.domain);
}

/* The address plain, or in base64 as scripts of such pages have it. */
static bool knows(struct arena *a, struct str page, struct str address)
{
	if (address.n < 6)
		return false;
	struct str code = base64_encode(a, address);
	while (code.n > 0 && code.p[code.n - 1] == '=')
		code.n--;
	/* The last letter depends on what follows the address. */
	return str_find_nocase(page, address, 0) != SIZE_MAX ||
	       str_find(page, str_sub(code, 0, code.n - 1), 0) != SIZE_MAX;
}

static void look_at_pages(const struct scan *s, struct findings *out)
{
	for (size_t i = 0; i < s->content->attachments.n; i++) {
		const struct mime_attachment *file = &s->content->attachments.v[i];
		if (!file->page || (file->page->scripts == 0 && file->page->forms.n == 0))
			continue;
		for (size_t k = 0; k < s->job->recipients.n && k < 8; k++) {
			if (!knows(s->arena, file->text, s->job->recipients.v[k]))
				continue;
			struct finding *f = finding_add(
			    out, "page_knows_reader", DISP_MALICIOUS, 0.8, CAT_CREDENTIAL_HARVESTER,
			    "An attached page with a form or a script was made for this very recipient.");
			finding_where(f, "attachment", "name", file->name);
			finding_attachment(f, s, file);
			finding_detail(out, f, "has the address %.*s", STR_ARG(s->job->recipients.v[k]));
			return;
		}
	}
}

static void run(const struct scan *s, struct findings *out)
{
	const struct mime_text *t;
	const struct html_form *form = form_of(s->content, true, &t);

	if (form)
		tell(s, out, "password", DISP_MALICIOUS, 0.9, "The message itself asks for a password.", t,
		     form);
	else if ((form = form_of(s->content, false, &t)) && is_sent_away(s, form))
		tell(s, out, "fields", DISP_SUSPICIOUS, s->calls->house_linked ? 0.2 : 0.4,
		     "The message has a form that is sent to somebody who is not its sender.", t, form);
	look_at_pages(s, out);
}

const struct detector detect_credential_form = {
	.name = "credential_form",
	.family = FAMILY_CONTENT,
	.needs = 0,
	.run = run,
};

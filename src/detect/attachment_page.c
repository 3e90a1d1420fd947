/* A web page sent as a file runs outside the mail program's protection. */
#include "detect/attachment.h"

static bool contains(struct str s, const char *what)
{
	return str_find_nocase(s, str_of(what), 0) != SIZE_MAX;
}

static bool asks_password(const struct html_text *h)
{
	for (size_t i = 0; i < h->forms.n; i++)
		if (h->forms.v[i].has_password)
			return true;
	return false;
}

static void tell(const struct risk *r, const char *signal, enum disposition d, double score,
		 enum category category, const char *reason)
{
	risk_tell(r, signal, d, score, category, "name", r->file->name, reason);
}

void risk_of_page(const struct risk *r)
{
	const struct html_text *h = r->file->page;
	struct str page = r->file->text;
	bool builds = contains(page, "createObjectURL") || contains(page, "msSaveOrOpenBlob") ||
		      (contains(page, "atob(") && contains(page, "Blob"));
	bool unpacks =
	    h->scripts > 0 && (contains(page, "unescape(") || contains(page, "atob(") ||
			       contains(page, "fromCharCode") || contains(page, "document.write("));

	if (builds)
		tell(r, "page_builds_file", DISP_MALICIOUS, 0.8, CAT_HTML_SMUGGLING,
		     "An attached web page builds a file inside the browser.");
	if (asks_password(h))
		tell(r, "page_asks_password", DISP_MALICIOUS, 0.9, CAT_CREDENTIAL_HARVESTER,
		     "An attached web page asks for a password.");
	if (unpacks && !builds)
		tell(r, "page_hides_script", DISP_SUSPICIOUS, 0.7, CAT_HTML_ATTACHMENT,
		     "An attached web page unpacks a hidden script.");
	if (!builds && !unpacks && !asks_password(h))
		tell(r, "page", DISP_SUSPICIOUS, h->scripts > 0 || h->forms.n > 0 ? 0.4 : 0.15,
		     CAT_HTML_ATTACHMENT, "A web page is attached.");
}

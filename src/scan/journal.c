/* The text and the mail of a journal report. */
#include "scan/journal.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "report/journal.h"
#include "scan/attached.h"

#define FIELD STR("X-MS-Journal-Report")
#define TEXT_BYTES (256u << 10) /* a thousand recipients, each with the group that it got the mail by */

/* As most programs read it, of the report itself. */
static bool is_of_report(const struct mime_part *p)
{
	return !p->reading && !p->derived && !mime_part_is_multipart(p) && !attached_is_inside(p);
}

/* False: there is more in it than a report tells. */
static bool read_text(struct arena *a, const struct mime_part *p, struct journaled *out)
{
	struct str bytes = mime_part_decode(a, p, TEXT_BYTES, NULL);
	struct journal_text text;

	journal_read(a, utf8_clean(a, bytes), &text);
	if (text.has_sender)
		SET(out, journaled, sender, text.sender);
	SET(out, journaled, recipients, text.recipients);
	return !text.other && bytes.n < TEXT_BYTES;
}

/*
 * What is written by whoever wrote the mail must not pass for a report, or he has another mail judged instead of his own: so
 * nothing may stand in it but the text and the mail. other: something does.
 */
static const char *check_mail(size_t mails, const struct attached_mail *m, bool other)
{
	if (mails == 0)
		return "The journal report has no message in it, so it was judged itself.";
	if (mails > 1)
		return "The journal report has several messages in it, so it was judged itself.";
	if (m->encoding == ATTACHED_UNREADABLE || m->length == 0)
		return "The message in the journal report cannot be read, so the report was judged itself.";
	if (other)
		return "The journal report has more in it than such reports have, so it was judged itself.";
	return NULL;
}

struct journaled *journal_find(struct arena *a, const struct mime_tree *mail, const char **why_out)
{
	struct journaled *out = ARENA_NEW(a, struct journaled);
	struct attached_mail *inner = ARENA_NEW(a, struct attached_mail);
	const struct mime_part *text = NULL;
	bool other = false;
	size_t mails = 0;

	*why_out = NULL;
	if (!headers_first(mime_headers(mail), FIELD))
		return NULL;
	for (size_t i = 0; i < mail->n; i++) {
		const struct mime_part *p = mail->v[i];
		if (!is_of_report(p))
			continue;
		if (attached_is_message(p) && mails++ == 0)
			*inner = attached_of(a, p);
		else if (!text && mime_part_is(p, STR("text"), STR("plain")))
			text = p;
		else
			other |= !attached_is_message(p);
	}
	if (text)
		other |= !read_text(a, text, out);
	*why_out = check_mail(mails, inner, other);
	if (!*why_out)
		SET(out, journaled, mail, inner);
	return out;
}

/*
 * A file with a lock, and the key to it in the same mail: a lock that keeps out nobody but those who look at mail for the reader.
 * It is opened where that is known here, and what is inside is judged like anything else; that it was locked so is told by
 * this. People and companies do send files so, out of habit, and their files are harmless inside; so it is soft, but for a file
 * that Office opens without asking (VelvetSweatshop), which nobody makes by habit.
 *
 * Of 9,000 mails of the corpora ten have one, all phishing with a PDF (November 2026).
 */
#include "detect/detect.h"

#include "file/name.h"

#define OPENED 0.6  /* by a password of the mail */
#define GUESSED 0.5 /* by one that everybody takes */
#define CLOSED 0.6  /* the mail says one, and the file is of a kind that is not opened here */
#define TRICK 1.0
#define KNOWN 0.4 /* of a sender who wrote before without harm */

/* The first files with a lock that opened and with one that did not; NULL = none. */
static void find(const struct scan *s, const struct mime_attachment **opened,
		 const struct mime_attachment **closed)
{
	*opened = *closed = NULL;
	for (size_t i = s->content->attachments.n; i-- > 0;) {
		const struct mime_attachment *f = &s->content->attachments.v[i];
		if (file_has(f->inside, TRAIT_OPENED))
			*opened = f;
		else if (file_has(f->inside, TRAIT_ENCRYPTED) && f->magic != MAGIC_PDF)
			*closed = f;
	}
}

static struct finding *tell(const struct scan *s, struct findings *out, const struct mime_attachment *f,
			    const char *signal, double score, const char *reason)
{
	score *= sender_is_known(s) ? KNOWN : 1;
	struct finding *x =
	    finding_add(out, signal, DISP_SUSPICIOUS, score, CAT_ENCRYPTED_ATTACHMENT, reason);
	finding_attachment(x, s, f);
	finding_part(x, f->part);
	return x;
}

static void tell_opened(const struct scan *s, struct findings *out, const struct mime_attachment *f)
{
	struct str password = f->inside->evidence[TRAIT_OPENED];
	struct finding *x;

	if (str_eq(password, STR("VelvetSweatshop")))
		x = tell(s, out, f, "opens_by_itself", TRICK,
			 "A document is locked with a password that Office tries by itself, to hide what is "
			 "inside.");
	else if (strs_has(&s->content->passwords.said, password))
		x = tell(s, out, f, "opened", OPENED,
			 "A file is locked, and the message itself says the password.");
	else
		x = tell(s, out, f, "guessed", GUESSED,
			 "A file is locked with a password that everybody guesses.");
	finding_where(x, "attachment", "password", password);
	finding_detail(out, x, "%.*s: %zu files inside", STR_ARG(f->name), f->inside->members.n);
}

static void tell_closed(const struct scan *s, struct findings *out, const struct mime_attachment *f)
{
	struct finding *x =
	    tell(s, out, f, "closed", CLOSED,
		 "A file is locked in a way that cannot be opened here, and the message says a password.");

	finding_where(x, "body", "text", s->content->passwords.sentence);
	finding_detail(out, x, "%.*s stayed locked", STR_ARG(f->name));
}

static void run(const struct scan *s, struct findings *out)
{
	const struct mime_attachment *opened, *closed;

	find(s, &opened, &closed);
	if (opened)
		tell_opened(s, out, opened);
	else if (closed && s->content->passwords.sentence.n)
		tell_closed(s, out, closed);
}

const struct detector detect_password_in_mail = {
	.name = "password_in_mail",
	.family = FAMILY_ATTACHMENT,
	.needs = NEED_ATTACHMENTS,
	.run = run,
};

/*
 * What clamd found in the mail. A signature that matches is malware, which decides alone; heuristics, programs that some want,
 * signatures of others and of phishing are softer, for they err more often. clamd is asked by the broker about the whole message.
 */
#include "detect/detect.h"

#include "detect/outside.h"

/* By the beginning of the name, or, where `end` is set, by its end; the first row that fits. Set by judgement, November 2026. */
static const struct {
	const char *text;
	bool end;
	const char *signal;
	enum disposition says;
	double score;
	enum category category;
	const char *reason;
} kinds[] = {
	{ "Heuristics.Structured.", false, "numbers", DISP_NONE, 0, CAT_NONE,
	  "The virus scanner saw numbers of cards or persons." },
	{ "Heuristics.Phishing.", false, "heuristic", DISP_SUSPICIOUS, 0.6, CAT_CREDENTIAL_HARVESTER,
	  "The virus scanner takes a link for phishing." },
	{ "Heuristics.Encrypted.", false, "heuristic", DISP_SUSPICIOUS, 0.3, CAT_ENCRYPTED_ATTACHMENT,
	  "The virus scanner cannot look into a locked file." },
	{ "Heuristics.Limits.Exceeded", false, "heuristic", DISP_SUSPICIOUS, 0.3, CAT_NONE,
	  "The virus scanner could not look at everything." },
	{ "Heuristics.OLE2.ContainsMacros", false, "heuristic", DISP_SUSPICIOUS, 0.3, CAT_MACRO_DOCUMENT,
	  "The virus scanner saw macros." },
	{ "Heuristics.", false, "heuristic", DISP_SUSPICIOUS, 0.6, CAT_MALWARE,
	  "The virus scanner finds a file built as malware is." },
	{ "PUA.", false, "unwanted", DISP_SUSPICIOUS, 0.5, CAT_MALWARE,
	  "The virus scanner knows a program that many do not want." },
	{ "Sanesecurity.Spam", false, "spam", DISP_SPAM, 0.8, CAT_CONTENT_SPAM,
	  "A signature of others takes the message for spam." },
	{ "Sanesecurity.Junk", false, "spam", DISP_SPAM, 0.8, CAT_CONTENT_SPAM,
	  "A signature of others takes the message for spam." },
	{ ".UNOFFICIAL", true, "unofficial", DISP_MALICIOUS, 0.9, CAT_MALWARE,
	  "A signature of others finds malware in the message." },
	{ "Email.Phishing.", false, "phishing", DISP_MALICIOUS, 0.9, CAT_CREDENTIAL_HARVESTER,
	  "The virus scanner knows the message as phishing." },
	{ "Html.Phishing.", false, "phishing", DISP_MALICIOUS, 0.9, CAT_CREDENTIAL_HARVESTER,
	  "The virus scanner knows the message as phishing." },
	{ "", false, "malware", DISP_MALICIOUS, 1, CAT_MALWARE, "The virus scanner found malware." },
};

static size_t kind_of(struct str name)
{
	size_t i = 0;

	while (
	    !(kinds[i].end ? str_ends(name, str_of(kinds[i].text)) : str_starts(name, str_of(kinds[i].text))))
		i++;
	return i;
}

static void run(const struct scan *s, struct findings *out)
{
	if (!s->job->outside || !s->job->outside->virus)
		return;
	const struct answer *answer = asker_virus(s->asker);
	for (size_t i = 0; answer->status == ANSWER_OK && i < answer->records.n; i++) {
		struct str name = answer->records.v[i].data;
		size_t kind = kind_of(name);
		struct finding *f = finding_add(out, kinds[kind].signal, kinds[kind].says, kinds[kind].score,
						kinds[kind].category, kinds[kind].reason);
		finding_where(f, "message", "signature", name);
		if (s->content->attachments.n == 1) /* else nobody said in which it is */
			finding_attachment(f, s, s->content->attachments.v);
		finding_detail(out, f, "clamd says %.*s", STR_ARG(name));
	}
}

const struct detector detect_virus = {
	.name = "virus",
	.family = FAMILY_ATTACHMENT,
	.run = run,
};

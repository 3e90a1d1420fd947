/*
 * A mail that is an envelope for a file with a link in it: hardly a word, a document attached, and in the document one thing
 * to click that has nothing to do with the sender, so that the address stands where few look for it. Documents of honest
 * people have links too, to many places, from people who have a domain of their own, under a text that says something; so
 * it is soft, and grows with what lures have.
 *
 * Scores were set on the corpora, November 2026.
 */
#include "detect/detect.h"

#include "base/domain.h"
#include "detect/call.h"
#include "detect/lists.h"
#include "detect/text.h"

#define OWNERS_MOST 2 /* a document about something has more */
#define LINKS_MOST 12
#define WORDS_FEW 40
#define LEAST 0.3
#define MOST 1.0 /* where everything is there */

/* What the host that a document leads to says of it. */
static const double by_kind[HOST_KINDS] = {
	[HOST_OTHER] = 0.2, [HOST_SHORTENER] = 0.5, [HOST_SITE] = 0.55, [HOST_TUNNEL] = 0.7,
	[HOST_IPFS] = 0.8,  [HOST_STORAGE] = 0.5,   [HOST_FORM] = 0.5,  [HOST_DOCUMENT] = 0.4,
};

/* What a document asks to click. */
struct target {
	const struct mime_attachment *file;
	const struct mime_link *link;
	struct str host;
	size_t links, owners;
};

static const struct mime_attachment *file_of(const struct scan *s, const struct mime_link *l)
{
	for (size_t i = 0; i < s->content->attachments.n; i++) {
		const struct mime_attachment *a = &s->content->attachments.v[i];
		if (a->part == l->part)
			return a->page || a->nested ? NULL : a; /* a page is attachment_risk's */
	}
	return NULL;
}

static bool is_of_sender(const struct scan *s, struct str host)
{
	return (domain_same_owner(s->arena, host, s->from.domain) && !list_is_free_mail(s->from.owner)) ||
	       sender_is_own_domain(s, host);
}

/* Of each link of the mail the document that it stands in; NULL = in none. */
static const struct mime_attachment **files_of(const struct scan *s)
{
	const struct mime_attachment **v =
	    arena_alloc(s->arena, (s->content->links.n + 1) * sizeof(const struct mime_attachment *));

	for (size_t i = 0; i < s->content->links.n; i++) {
		const struct mime_link *l = &s->content->links.v[i];
		v[i] = l->html || l->field || l->nested || l->code || !url_is_web(&l->url) ? NULL
											   : file_of(s, l);
	}
	return v;
}

/* What leads to strangers in the document of the link `first`, its first one; false: nothing does, or too much. */
static bool find(const struct scan *s, const struct mime_attachment *const *files, size_t first,
		 struct target *t)
{
	struct str owners[OWNERS_MOST + 1];

	*t = (struct target){ .file = files[first] };
	for (size_t i = first; i < s->content->links.n && t->links <= LINKS_MOST; i++) {
		const struct mime_link *l = &s->content->links.v[i];
		if (files[i] != t->file)
			continue;
		struct str host = domain_fold(s->arena, l->url.host), owner = domain_owner(s->arena, host);
		size_t known = 0;
		while (known < t->owners && !str_eq(owners[known], owner))
			known++;
		if (known == t->owners && known <= OWNERS_MOST)
			owners[t->owners++] = owner;
		t->links++;
		if (!t->link || by_kind[host_kind(host)] > by_kind[host_kind(t->host)]) {
			t->link = l;
			t->host = host;
		}
		if (is_of_sender(s, host))
			return false;
	}
	return t->links <= LINKS_MOST && t->owners <= OWNERS_MOST;
}

static bool is_first(const struct mime_attachment *const *files, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (files[i] == files[at])
			return false;
	return files[at] != NULL;
}

static double weigh(const struct scan *s, const struct target *t)
{
	size_t words = text_word_count(s->words);
	bool few = words < WORDS_FEW, borrowed = sender_is_borrowed(s), one = t->owners == 1;
	double score = by_kind[host_kind(t->host)] +
		       (host_is_cheap(domain_owner(s->arena, t->host)) ? 0.2 : 0) + (few ? 0.25 : 0) +
		       (borrowed ? 0.15 : 0) + (one ? 0.1 : 0);

	if (s->calls->asked > 0)
		score -= 0.2; /* it asks for something itself */
	if (sender_is_known(s))
		score *= 0.4;
	if (!few && !borrowed)
		return 0;
	return score > MOST ? MOST : score;
}

/* Of several documents the worst: one more that is harmless makes none better. */
static void run(const struct scan *s, struct findings *out)
{
	struct target t = { 0 }, one = { 0 };
	double score = 0;

	if (s->calls->conversation)
		return;
	const struct mime_attachment **files = files_of(s);
	for (size_t i = 0; i < s->content->links.n; i++) {
		double more = is_first(files, i) && find(s, files, i, &one) ? weigh(s, &one) : 0;
		if (more <= score)
			continue;
		score = more;
		t = one;
	}
	if (score < LEAST)
		return;
	struct finding *f = finding_add(out, NULL, DISP_SUSPICIOUS, score, CAT_MALICIOUS_LINK,
					"What there is to click stands in an attached document and leads to "
					"somebody who is not the sender.");
	finding_where(f, "attachment", "link", t.link->href);
	finding_attachment(f, s, t.file);
	finding_detail(out, f, "from %.*s to %.*s%s%s", STR_ARG(s->from.domain), STR_ARG(t.host),
		       text_word_count(s->words) < WORDS_FEW ? "; little text" : "",
		       sender_is_borrowed(s) ? "; a sender without a domain of his own" : "");
}

const struct detector detect_document_lure = {
	.name = "document_lure",
	.family = FAMILY_ATTACHMENT,
	.needs = NEED_FROM | NEED_LINKS | NEED_ATTACHMENTS,
	.run = run,
};

/*
 * Mail that says nothing and shows a picture that leads elsewhere: what it wants stands in the picture, where no program
 * reads it. Or a link with hardly a word. Harmless ones: a photograph or a link among people who know each other, and the
 * pictures of a shop in letters that were asked for, which name their list.
 */
#include "detect/detect.h"

#include "base/domain.h"
#include "detect/call.h"
#include "detect/text.h"

#define WORDS_FEW 12 /* a line such as the one that offers to unsubscribe */
#define PICTURE 1.0
#define LINK_ALONE 0.6
#define LINK_SHORT 0.85 /* it hides where it leads, and its sender has no name of his own */
#define LINK_CHEAP 0.7
#define LURING_SUBJECT 0.15 /* of money, parcels, accounts: people who share a link say what it is */
#define DAMPENED 0.4

/* Around a picture, or in one that is a code. */
static bool is_picture(const struct mime_link *l)
{
	return l->code || (l->html && l->html->has_image);
}

/* What stands on a visiting card is looked up there one day, and not what the mail is for. */
static bool is_on_card(const struct mime_part *p)
{
	return p &&
	       (str_ends_nocase(p->filename, STR(".vcf")) || mime_part_is(p, STR("text"), STR("vcard")) ||
		mime_part_is(p, STR("text"), STR("x-vcard")));
}

/* A link that a reader can follow, in the text; one around a picture before others. NULL = none. */
static const struct mime_link *way_out(const struct scan *s)
{
	const struct mime_link *found = NULL;

	for (size_t i = 0; i < s->content->links.n; i++) {
		const struct mime_link *l = &s->content->links.v[i];
		if (l->nested || l->field || is_on_card(l->part) || (!l->code && !call_is_of_text(s, l)) ||
		    (l->html && l->html->kind != HTML_LINK_A))
			continue;
		if (is_picture(l))
			return l;
		found = found ? found : l;
	}
	return found;
}

/* Whether a text leads to the same site: then it says what the page shows, for programs without pictures. */
static bool leads_there(const struct scan *s, const struct mime_text *t, const struct mime_link *out)
{
	for (size_t i = 0; i < s->content->links.n; i++) {
		const struct mime_link *l = &s->content->links.v[i];
		if (l->part == t->part && domain_same_owner(s->arena, domain_fold(s->arena, l->url.host),
							    domain_fold(s->arena, out->url.host)))
			return true;
	}
	return false;
}

/*
 * The text that a page stands beside, of which programs show the page: behind it in the same choice. NULL = none, or it is
 * that of the page.
 */
static const struct mime_text *text_beside(const struct scan *s, const struct mime_link *out)
{
	const struct mime_text *plain = NULL;

	for (size_t i = 0; i < s->content->texts.n; i++) {
		const struct mime_text *t = &s->content->texts.v[i];
		const struct mime_part *box = t->part->parent;
		if (!box || !mime_part_is(box, STR("multipart"), STR("alternative")))
			continue;
		if (!t->html)
			plain = t;
		else if (plain && plain->part->parent == box)
			return leads_there(s, plain, out) ? NULL : plain;
	}
	return NULL;
}

static size_t words_of(const struct scan *s, struct str text)
{
	return text_word_count(text_fold(s->arena, &text, 1));
}

/* Of pages: those that stand so far down that nobody looks for them. */
static size_t words_far_below(const struct scan *s)
{
	size_t words = 0;

	for (size_t i = 0; i < s->content->texts.n; i++) {
		const struct html_text *h = s->content->texts.v[i].html;
		if (h && h->far_below < h->text.n)
			words += words_of(s, str_sub(h->text, h->far_below, h->text.n));
	}
	return words;
}

/* Words that addresses in plain text are made of say nothing, nor do those of a text that is not shown. */
static size_t words_said(const struct scan *s, const struct mime_link *out)
{
	const struct mime_text *unseen = text_beside(s, out);
	size_t words = text_word_count(s->body_words);
	size_t unread = words_far_below(s) + (unseen ? words_of(s, unseen->source) : 0);

	words -= unread < words ? unread : words;
	for (size_t i = 0; i < s->content->links.n; i++) {
		const struct mime_link *l = &s->content->links.v[i];
		size_t own = !l->html && !l->field && !l->code && call_is_of_text(s, l) &&
				     (!unseen || l->part != unseen->part)
				 ? words_of(s, l->href)
				 : 0;
		words -= own < words ? own : words;
	}
	return words;
}

/* Who proves his own name and leads to his own house says enough by that. */
static bool leads_home(const struct scan *s, const struct mime_link *l)
{
	return s->proof.checked && s->proof.header_proved && !sender_is_borrowed(s) &&
	       domain_same_owner(s->arena, domain_fold(s->arena, l->url.host), s->from.domain);
}

/* Where it leads is for somebody else to say, and who sends it has no name of his own. */
static bool is_hidden(const struct scan *s, const struct mime_link *l)
{
	return sender_is_borrowed(s) && host_kind(domain_fold(s->arena, l->url.host)) == HOST_SHORTENER;
}

static double alone_weighs(const struct scan *s, const struct mime_link *l)
{
	struct str host = domain_fold(s->arena, l->url.host);
	bool borrowed = sender_is_borrowed(s);
	double score = is_hidden(s, l)                                           ? LINK_SHORT
		       : borrowed && host_is_cheap(domain_owner(s->arena, host)) ? LINK_CHEAP
										 : LINK_ALONE;

	if (!s->calls->house_linked && call_is_urgent(text_fold(s->arena, &s->subject, 1)))
		score += LURING_SUBJECT;
	return score;
}

/* Mail of his own house is what a stranger's answers: nobody of the reader's wrote it. Of free mailboxes many are one house. */
static bool answers_himself(const struct scan *s)
{
	const struct header *h = scan_field(s, "In-Reply-To");

	if (!h || s->own_domain || sender_is_borrowed(s))
		return false;
	struct str id = str_trim(header_unfold(s->arena, h->value));
	size_t at = str_rfind_char(id, '@'), end = str_rfind_char(id, '>');
	return at != SIZE_MAX && end != SIZE_MAX && end > at &&
	       domain_same_owner(s->arena, domain_fold(s->arena, str_sub(id, at + 1, end)), s->from.domain);
}

static void run(const struct scan *s, struct findings *out)
{
	const struct mime_link *l = way_out(s);
	size_t words = l ? words_said(s, l) : 0;

	if (!l || words > WORDS_FEW || (call_is_answer(s) && !answers_himself(s)) || s->content->encrypted)
		return;
	bool dampened = sender_is_known(s) || call_is_letter(s) || (!is_picture(l) && leads_home(s, l));
	double score = (is_picture(l) ? PICTURE : alone_weighs(s, l)) * (dampened ? DAMPENED : 1);
	struct finding *f =
	    is_picture(l) ? finding_add(out, "picture", DISP_SPAM, score, CAT_BLANK_EMAIL,
					"The message says nothing itself: a picture leads elsewhere.")
	    : is_hidden(s, l)
		? finding_add(out, "hidden_link", DISP_SUSPICIOUS, score, CAT_BLANK_EMAIL,
			      "The message is hardly more than a link that hides where it leads.")
		: finding_add(out, "link", DISP_SPAM, score, CAT_BLANK_EMAIL,
			      "The message is hardly more than a link.");
	finding_where(f, "body", "link", l->href);
	finding_link(f, s, l);
	finding_detail(out, f, "%zu words", words);
}

const struct detector detect_blank_mail = {
	.name = "blank_mail",
	.family = FAMILY_CONTENT,
	.needs = NEED_FROM | NEED_LINKS,
	.run = run,
};

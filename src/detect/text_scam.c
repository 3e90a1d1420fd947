/*
 * What the text wants: a weighted lexicon (lexicon_*.c) of the usual frauds and of unasked-for advertising.
 *
 * Soft evidence: it never makes a mail malicious alone (scan/assemble.c). Long texts meet phrases by chance, so
 * their scores shrink, and text that HTML hides counts half; a sender who is known and proved gets half, one never
 * seen before a little more. In a mail of several texts each is looked at alone as well: which of them a reader sees is for
 * the mail program to say, and a long one beside it takes nothing from a lure.
 *
 * Where the mail is an envelope for a document (documents.h), that is judged as its text would be. Honest documents speak of
 * charges, refunds and accounts, too, so it counts by who sent it: somebody without a domain of his own, or one with.
 */
#include "detect/detect.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "detect/call.h"
#include "detect/contact.h"
#include "detect/documents.h"
#include "detect/lexicon.h"
#include "detect/lists.h"
#include "detect/respell.h"
#include "detect/text.h"

#define WORDS_FULL 600 /* texts up to this count fully */
#define WORDS_LEAST 0.3
#define LINK_ASKS 0.2
#define ALSO_SHARE 0.5   /* of advertising, what is not the heaviest kind */
#define ANSWER_SHARE 0.6 /* of what a stranger would lure with */
#define WORDS_FEW 60     /* a line or two, beside which names and subjects are read */
/*
 * Of what is met only with the help of text that HTML hides. Newsletters hide their first line for the list of mails,
 * and what we take for hidden another reader may show, so it counts; but nobody need have read it.
 */
#define HIDDEN_SHARE 0.5
#define BAIT_SURE 0.9     /* less says that it is advertising */
#define WALLET_MILD 0.8   /* makers of wallets write, too, and lead to pages of their own */
#define SUBJECT_MOST 1000 /* bytes, for each text anew; people write a tenth */

struct rule {
	enum disposition disposition;
	enum category category;
	int cues;     /* different cues that must meet */
	double least; /* raw score from which it counts */
	double most;  /* what the text alone may weigh, at most 1 */
	const char *reason;
	/* And where a stranger's site is what it leads to, which makes it suspicious; NULL = that makes no difference. */
	const char *at_stranger;
	bool (*fits)(const struct scan *s, struct str words); /* what else must be; NULL = nothing */
};

#define NUMBER_DIGITS_LEAST 10 /* with the code of the place or country */
#define NUMBER_DIGITS_MOST 13
#define NUMBER_GROUPS_LEAST 3 /* an order's number is written in one */

/* It leads nowhere but to the telephone; honest receipts lead to the shop. */
static bool has_no_page(const struct scan *s)
{
	return s->content->links.n == 0 || list_is_free_mail(s->from.owner);
}

/* Groups of digits that follow each other as those of a telephone number do; "" = none. */
static struct str number_to_call(struct str words)
{
	struct str found = STR_NONE;
	size_t digits = 0, groups = 0, from = 0;

	for (size_t at = 1; at < words.n;) {
		size_t end = str_find_char(words, ' ', at), n = 0;
		struct str word = str_sub(words, at, end);
		while (n < word.n && word.p[n] >= '0' && word.p[n] <= '9')
			n++;
		bool group = n > 0 && n == word.n && n <= 5;
		from = groups > 0 ? from : at;
		digits = group ? digits + n : 0;
		groups = group ? groups + 1 : 0;
		if (groups >= NUMBER_GROUPS_LEAST && digits >= NUMBER_DIGITS_LEAST &&
		    digits <= NUMBER_DIGITS_MOST)
			found = str_sub(words, from, end);
		else if (found.n > 0)
			break;
		at = end == SIZE_MAX ? words.n : end + 1;
	}
	return found;
}

static bool has_number_to_call(const struct scan *s, struct str words)
{
	return has_no_page(s) && number_to_call(words).n > 0;
}

static const struct rule rules[INTENT_COUNT] = {
	[INTENT_ADVANCE_FEE] = { DISP_SUSPICIOUS, CAT_PRIZE_NOTIFICATION, 3, 0.5, 1.0,
				 "The text promises money from a stranger and asks for help or personal "
				 "details.",
				 NULL, NULL },
	[INTENT_LOAN] = { DISP_SPAM, CAT_CONTENT_SPAM, 3, 0.5, 1.0,
			  "The text offers a loan or an investor to somebody who did not ask for it.", NULL,
			  NULL },
	[INTENT_EXTORTION] = { DISP_SUSPICIOUS, CAT_EXTORTION, 2, 0.5, 1.0,
			       "The text threatens to publish something unless money is paid.", NULL, NULL },
	[INTENT_GIFT_CARD] = { DISP_SUSPICIOUS, CAT_GIFT_CARD, 3, 0.5, 1.0,
			       "The text asks the reader to buy gift cards or to send their codes.", NULL,
			       NULL },
	[INTENT_ERRAND] = { DISP_SUSPICIOUS, CAT_BEC, 3, 0.6, 0.9,
			    "The text asks whether the reader is at hand for something urgent that cannot be "
			    "spoken about.",
			    NULL, NULL },
	[INTENT_CREDENTIALS] = { DISP_SUSPICIOUS, CAT_CREDENTIAL_HARVESTER, 2, 0.4, 0.8,
				 "The text has phrases of mail that is after passwords: "
				 "trouble with an account, a log-in, something to confirm.",
				 NULL, NULL },
	[INTENT_WALLET] = { DISP_SUSPICIOUS, CAT_CREDENTIAL_HARVESTER, 3, 0.6, 1.0,
			    "The text asks to verify or connect a wallet of cryptocurrency.", NULL, NULL },
	[INTENT_PARCEL] = { DISP_SUSPICIOUS, CAT_CREDENTIAL_HARVESTER, 3, 0.6, 0.8,
			    "The text says that a parcel waits and asks for a fee or an address.", NULL,
			    NULL },
	[INTENT_REFUND] = { DISP_SUSPICIOUS, CAT_CREDENTIAL_HARVESTER, 3, 0.6, 0.8,
			    "The text promises a refund, or threatens with a fine, and asks to act on a "
			    "page.",
			    NULL, NULL },
	[INTENT_CALLBACK] = { DISP_SUSPICIOUS, CAT_CALLBACK_PHISH, 3, 0.6, 1.0,
			      "The text claims a charge and gives a telephone number to call against it.",
			      NULL, has_number_to_call },
	[INTENT_PAYMENT] = { DISP_SUSPICIOUS, CAT_INVOICE_FRAUD, 3, 0.5, 0.7,
			     "The text asks for bank details to be changed or for money to be transferred.",
			     NULL, NULL },
	[INTENT_PAYROLL] = { DISP_SUSPICIOUS, CAT_PAYROLL_CHANGE, 3, 0.5, 0.7,
			     "The text asks for a salary to be paid to another account.", NULL, NULL },
	[INTENT_ORDER] = { DISP_SUSPICIOUS, CAT_INVOICE_FRAUD, 4, 0.7, 0.6,
			   "The text orders or asks for prices in the way of invented firms.", NULL, NULL },
	[INTENT_PRIZE] = { DISP_SPAM, CAT_PRIZE_NOTIFICATION, 3, 0.6, 1.0,
			   "The text promises a prize or a gift for a survey or a click.",
			   "The text promises a prize or a gift, at a site that is not the sender's.", NULL },
	[INTENT_ROMANCE] = { DISP_SPAM, CAT_CONTENT_SPAM, 3, 0.6, 1.0,
			     "The text offers the acquaintance of strangers.",
			     "The text offers the acquaintance of strangers, at a site that is not the "
			     "sender's.",
			     NULL },
	[INTENT_GAMBLING] = { DISP_SPAM, CAT_CONTENT_SPAM, 3, 0.6, 1.0,
			      "The text advertises gambling or quick gains.",
			      "The text promises quick gains, at a site that is not the sender's.", NULL },
	[INTENT_JOB] = { DISP_SPAM, CAT_CONTENT_SPAM, 3, 0.6, 1.0,
			 "The text offers easy work to somebody who did not ask for it.", NULL, NULL },
	[INTENT_OFFER] = { DISP_SPAM, CAT_CONTENT_SPAM, 3, 0.6, 1.0,
			   "The text advertises in the words of unasked-for mail.", NULL, NULL },
	[INTENT_OPENER] = { .reason = NULL }, /* opener.c tells of it */
	[INTENT_OUTREACH] = { DISP_SPAM, CAT_SALES_OUTREACH, 3, 0.7, 1.0,
			      "The text offers services or goods to a firm that did not ask for them.", NULL,
			      NULL },
};

/* What a document must say more than a mail, and what it weighs then; of intents that are not here nothing is read. */
static const struct {
	int cues;             /* that must meet: honest documents have some, as every invoice has */
	double borrowed, own; /* shares, by whether the sender has no domain of his own */
} document_rules[INTENT_COUNT] = {
	[INTENT_ADVANCE_FEE] = { 3, 1, 1 },   [INTENT_LOAN] = { 4, 1, 0.6 },
	[INTENT_EXTORTION] = { 3, 1, 1 },     [INTENT_GIFT_CARD] = { 3, 1, 0.6 },
	[INTENT_CREDENTIALS] = { 3, 1, 0.8 }, [INTENT_WALLET] = { 3, 1, 0.8 },
	[INTENT_PARCEL] = { 3, 1, 0.8 },      [INTENT_REFUND] = { 3, 1, 0.8 },
	[INTENT_CALLBACK] = { 4, 1, 1 },      [INTENT_PAYMENT] = { 4, 0.7, 0 },
	[INTENT_PAYROLL] = { 4, 0.7, 0 },     [INTENT_ORDER] = { 4, 0.5, 0 },
	[INTENT_PRIZE] = { 4, 1, 0.8 },       [INTENT_ROMANCE] = { 4, 0.6, 0.4 },
	[INTENT_GAMBLING] = { 4, 0.6, 0.4 },  [INTENT_JOB] = { 4, 0.6, 0.3 },
	[INTENT_OFFER] = { 4, 0.6, 0.3 },     [INTENT_OUTREACH] = { 4, 0.6, 0 },
};

/* The more different cues meet, the less it is chance. One more than phrases have: the contact. */
static const double by_cues[CUE_COUNT + 2] = { 0, 0, 1.3, 1.7, 2.0, 2.0 };

/* The words that spoke most clearly for an intent. */
struct best {
	struct intent_score score;
	double weight;
	struct str words;                /* with the subject; "" = none spoke */
	bool hidden;                     /* some of its phrases stand in text that is not shown */
	struct str contact;              /* a mailbox that counted, too; "" = none */
	const struct document *document; /* that they stand in; NULL = in the mail */
};

/* Who proves his name may have his readers click at a mailing service that is not known. */
static bool is_letter(const struct scan *s)
{
	bool proved = s->proof.checked && s->proof.header_proved && !sender_is_borrowed(s);

	return call_is_letter(s) || (proved && scan_field(s, "List-Unsubscribe"));
}

static bool leads_to_stranger(const struct scan *s)
{
	const struct calls *all = s->calls;

	return all->main && !all->main->house && !all->house_linked && all->main->kind != HOST_MAILER &&
	       !all->conversation;
}

/*
 * What is won at a stranger's is paid for with a card or a login: no shop, which has its raffle at its own house or through
 * a mailing service, and is known or proved.
 */
static bool is_bait_of_stranger(const struct scan *s)
{
	return leads_to_stranger(s) && !is_letter(s) && !sender_is_known(s);
}

/* A line and a link to a stranger: the link is what is asked for. */
static bool is_line_with_link(const struct scan *s)
{
	return leads_to_stranger(s) && text_word_count(s->words) <= WORDS_FEW;
}

static void count_link(const struct scan *s, struct intent_score scores[INTENT_COUNT])
{
	static const enum intent luring[] = { INTENT_PRIZE, INTENT_ROMANCE, INTENT_GAMBLING, INTENT_OFFER };

	if (!is_line_with_link(s))
		return;
	for (size_t i = 0; i < ARRAY_LEN(luring); i++) {
		struct intent_score *score = &scores[luring[i]];
		if (!score->bait || score->cues >= CUE_COUNT)
			continue;
		score->cues++;
		score->score += LINK_ASKS;
	}
}

/* In answers log-ins and wares are talked about. Not so what is asked of one reader, nor where a free mailbox says it answers. */
static double answer_share(const struct scan *s, const struct rule *r)
{
	bool talk = r->category == CAT_CREDENTIAL_HARVESTER || r->disposition == DISP_SPAM;

	return talk && !sender_is_borrowed(s) && call_is_answer_to_us(s) ? ANSWER_SHARE : 1;
}

/* words: how many there are beside. */
static double weigh(const struct scan *s, const struct rule *r, size_t words,
		    const struct intent_score *score)
{
	double weight = score->score * by_cues[score->cues],
	       factor = words > WORDS_FULL ? (double)WORDS_FULL / (double)words : 1;

	weight = weight > r->most ? r->most : weight;
	factor = factor < WORDS_LEAST ? WORDS_LEAST : factor;
	if (sender_is_known(s))
		factor *= 0.5;
	else if (s->past.known && s->past.from.seen <= 0)
		factor *= 1.15;
	if (r->disposition == DISP_SPAM)
		factor *= sender_list_share(s);
	if (r == &rules[INTENT_WALLET] && (s->calls->house_linked || score->cues < CUE_COUNT))
		factor *= WALLET_MILD;
	if (r->category == CAT_CREDENTIAL_HARVESTER)
		factor *= s->calls->lure_share;
	factor *= answer_share(s, r);
	return weight * factor > r->most ? r->most : weight * factor;
}

static struct str phrases(struct arena *a, const struct intent_score *score)
{
	struct buf b;

	buf_init(&b, 1000);
	for (size_t i = 0; i < score->n_seen; i++)
		buf_printf(&b, "%s\"%.*s\"", i ? ", " : "",
			   STR_ARG(text_without_gaps(a, score->seen[i]->text)));
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* Where a phrase stands: in the text, in the subject, or else where only a program sees it. */
static void point_at(const struct scan *s, struct finding *f, struct str words, struct str phrase)
{
	struct str word = ARENA_JOIN(s->arena, STR(" "), phrase, STR(" ")),
		   shown = text_without_gaps(s->arena, phrase);
	const struct header *subject = headers_first(mime_headers(s->mail), STR("Subject"));

	if (str_find(words, word, 0) == SIZE_MAX) {
		finding_where(f, "body", "hidden text", shown);
	} else if (text_word_count(words) <= WORDS_FEW * 2 && str_find(s->words, word, 0) == SIZE_MAX &&
		   str_find(respell(s->arena, text_fold(s->arena, &s->from.name, 1)), word, 0) != SIZE_MAX) {
		finding_where(f, s->from.header.p, "display name", shown);
		finding_bytes(f, s->from.offset, s->from.length);
	} else if (!subject || str_find(scan_subject_words(s), word, 0) == SIZE_MAX) {
		finding_where(f, "body", "text", shown);
		finding_words(f, s, shown);
	} else {
		finding_where(f, "Subject", "text", shown);
		finding_bytes(f, subject->start, subject->length);
	}
}

/* The heaviest phrase that stands in the message as it is compared; else the heaviest, wherever it was. */
static void point_at_any(const struct scan *s, struct finding *f, const struct best *b)
{
	for (size_t i = 0; i < b->score.n_seen && f->length == 0; i++)
		point_at(s, f, b->words, b->score.seen[i]->text);
	if (f->length == 0)
		point_at(s, f, b->words, b->score.seen[0]->text);
}

#define CONTACT 0.25      /* of the score, as a phrase */
#define CONTACT_MONEY 0.2 /* a large sum beside it is what it is about */
#define CONTACT_WORDS 400 /* of the text: in long ones people are named for many reasons */

struct contact {
	struct str address; /* another free mailbox to write to; "" = none */
	bool money;         /* and a large sum */
};

/* Answers name people who were written to before. */
static struct contact contact(const struct scan *s)
{
	struct contact to = { STR_NONE, false };

	if (!sender_answers(s) && text_word_count(s->body_words) <= CONTACT_WORDS)
		to.address = contact_elsewhere(s);
	to.money = to.address.n > 0 && contact_promises_money(s);
	return to;
}

/* A promise of money in few words: what is promised, or the sum alone, and where to write to. */
static void add_contact(const struct contact *to, struct intent_score *score)
{
	if (to->address.n == 0)
		return;
	score->cues += 1 + (to->money && !score->bait);
	score->score += CONTACT + (to->money ? CONTACT_MONEY : 0);
	score->score = score->score > 1 ? 1 : score->score;
	score->bait |= to->money;
}

static bool is_met(const struct scan *s, const struct rule *r, struct str words,
		   const struct intent_score *score)
{
	bool bait = score->bait || r->category == CAT_PRIZE_NOTIFICATION;

	return bait && score->n_seen > 0 && score->cues >= r->cues && score->score >= r->least &&
	       (!r->fits || r->fits(s, words));
}

/* The heaviest phrase that stands in the document itself. */
static struct str phrase_in(const struct scan *s, const struct best *b)
{
	for (size_t i = 0; i < b->score.n_seen; i++) {
		struct str word = ARENA_JOIN(s->arena, STR(" "), b->score.seen[i]->text, STR(" "));
		if (str_find(b->document->words, word, 0) != SIZE_MAX)
			return b->score.seen[i]->text;
	}
	return b->score.seen[0]->text;
}

#define THE_TEXT "The text " /* so begins every reason */

#define HAS_PHRASES "has phrases of "
#define SURE 0.8 /* of what the text may weigh: with less its phrases may have met by chance */

/* What it says; where that is not sure, what it reads like. Nobody need have read what is hidden, so that is said, too. */
static const char *reason_of(struct arena *a, const char *reason, bool sure, bool hidden)
{
	ASSERT(strncmp(reason, THE_TEXT, strlen(THE_TEXT)) == 0);
	const char *says = reason + strlen(THE_TEXT);
	bool as_is = sure || strncmp(says, HAS_PHRASES, strlen(HAS_PHRASES)) == 0;

	return arena_printf(a, "%s%s%s", hidden ? "Read with its hidden text, the message " : THE_TEXT,
			    as_is ? "" : HAS_PHRASES "mail that ", says)
	    .p;
}

static void tell(const struct scan *s, struct findings *out, int intent, const struct best *b)
{
	const struct rule *r = &rules[intent];
	bool fraud = r->at_stranger && b->weight >= BAIT_SURE && is_bait_of_stranger(s);
	const char *reason = fraud ? r->at_stranger : r->reason;
	struct finding *f = finding_add(out, enum_text(&intent_names, intent).p,
					fraud ? DISP_SUSPICIOUS : r->disposition, b->weight, r->category,
					reason_of(s->arena, reason, b->weight >= SURE * r->most, b->hidden));
	struct str call = intent == INTENT_CALLBACK ? number_to_call(b->words) : STR_NONE;

	finding_detail(out, f, "phrases such as %.*s%s%s%.*s%s%.*s", STR_ARG(phrases(s->arena, &b->score)),
		       b->hidden ? "; not all of them in text that is shown" : "",
		       b->contact.n > 0 ? "; to write to " : "", STR_ARG(b->contact),
		       call.n > 0 ? "; to call " : "", STR_ARG(call));
	if (b->document)
		finding_in_document(out, f, s, b->document, text_without_gaps(s->arena, phrase_in(s, b)));
	else
		point_at_any(s, f, b);
}

/* share: of its weight, for what is hidden. seen: the words in which its phrases are looked for. to: contact(). */
static void consider(const struct scan *s, struct str words, double share, struct str seen,
		     const struct contact *to, struct best *best)
{
	struct intent_score scores[INTENT_COUNT];
	size_t n_seen = text_word_count(seen);

	lexicon_score(s->arena, words, scores);
	add_contact(to, &scores[INTENT_ADVANCE_FEE]);
	count_link(s, scores);
	for (int i = 0; i < INTENT_COUNT; i++) {
		double weight = share * weigh(s, &rules[i], n_seen, &scores[i]);
		if (rules[i].reason && is_met(s, &rules[i], words, &scores[i]) && weight > best[i].weight)
			best[i] = (struct best){ scores[i],
						 weight,
						 seen,
						 share < 1,
						 i == INTENT_ADVANCE_FEE ? to->address : STR_NONE,
						 NULL };
	}
}

/* What a stranger's document says is less than what he says himself: honest ones are about money, too. */
static double document_share(const struct scan *s, int intent)
{
	return sender_is_borrowed(s) ? document_rules[intent].borrowed : document_rules[intent].own;
}

/* Of a document nothing is said that the mail said already. */
static void consider_document(const struct scan *s, const struct document *d, struct best *best)
{
	size_t n_words = text_word_count(d->with_mail);

	for (int i = 0; i < INTENT_COUNT; i++) {
		const struct intent_score *score = &d->scores[i];
		double weight = document_share(s, i) * weigh(s, &rules[i], n_words, score);
		if (best[i].weight <= 0 && weight > 0 && score->cues >= document_rules[i].cues &&
		    is_met(s, &rules[i], d->with_mail, score))
			best[i] = (struct best){ *score, weight, d->with_mail, false, STR_NONE, d };
	}
}

/* The subject and what is seen; where that is little, what the sender calls himself is part of what is said. */
static struct str words_of(const struct scan *s)
{
	struct str name = utf8_cut(s->from.name, SUBJECT_MOST);

	if (name.n == 0 || text_word_count(s->words) > WORDS_FEW)
		return s->words;
	return ARENA_JOIN(s->arena, s->words, respell(s->arena, text_fold(s->arena, &name, 1)));
}

/* That it advertises is said once in full: the words of several kinds of it meet in any long letter. */
static void advertise_once(struct best best[INTENT_COUNT])
{
	int most = 0;

	for (int i = 0; i < INTENT_COUNT; i++)
		if (rules[i].disposition == DISP_SPAM &&
		    (rules[most].disposition != DISP_SPAM || best[i].weight > best[most].weight))
			most = i;
	for (int i = 0; i < INTENT_COUNT; i++)
		if (rules[i].disposition == DISP_SPAM && i != most)
			best[i].weight *= ALSO_SHARE;
}

static void run(const struct scan *s, struct findings *out)
{
	struct best best[INTENT_COUNT] = { 0 };
	bool long_text = text_word_count(s->words) > WORDS_FULL;
	const struct contact to = contact(s);
	struct str words = words_of(s);

	consider(s, words, 1, words, &to, best);
	for (size_t i = 0; long_text && s->content->texts.n > 1 && i < s->content->texts.n; i++) {
		const struct mime_text *t = &s->content->texts.v[i];
		const struct str parts[] = { utf8_cut(s->subject, SUBJECT_MOST), mime_text_shown(t) };
		struct str one = respell(s->arena, text_fold(s->arena, parts, ARRAY_LEN(parts)));
		consider(s, one, 1, one, &to, best);
	}
	if (text_word_count(s->hidden_words) > 0) {
		struct best all[INTENT_COUNT] = { 0 };
		consider(s, ARENA_JOIN(s->arena, words, s->hidden_words), HIDDEN_SHARE, words, &to, all);
		for (int i = 0; i < INTENT_COUNT; i++)
			if (best[i].weight <= 0)
				best[i] = all[i];
	}
	for (size_t i = 0; i < s->documents->n; i++)
		consider_document(s, &s->documents->v[i], best);
	advertise_once(best);
	for (int i = 0; i < INTENT_COUNT; i++)
		if (best[i].weight > 0)
			tell(s, out, i, &best[i]);
}

const struct detector detect_text_scam = {
	.name = "text_scam",
	.family = FAMILY_CONTENT,
	.needs = NEED_WORDS,
	.run = run,
};

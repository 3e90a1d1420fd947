/*
 * How frauds begin: a few lines of a stranger that only want an answer. "Did you receive my mail", "I have something important
 * to tell you", "a donation was made to you, reply for details". Colleagues and friends write such lines too, so the
 * words alone are nothing; told of is what has traits of a mailing in a false name beside them, and two decide.
 * Who was written to before, or writes from the own house, does not count as a stranger.
 */
#include "detect/detect.h"

#include "base/abnf.h"
#include "base/domain.h"
#include "detect/contact.h"
#include "detect/lexicon.h"
#include "detect/lists.h"
#include "detect/mailbox.h"
#include "detect/text.h"

#define WORDS_MOST 100 /* of the text, with a signature, or said in two languages */
#define LEAST 0.4      /* of the phrases: a question of frauds, or one that many ask with another cue */
#define ONE_TRAIT 0.35
#define DECIDES 1.0
#define MET_BEFORE 0.5 /* of it, for who wrote once or twice */

typedef bool trait_fn(const struct scan *s, const struct findings *all);

/* Nobody is named in To, or the sender himself. */
static bool hides_readers(const struct scan *s, const struct findings *all)
{
	(void)s;
	return finding_is_said(all, &detect_mail_software, "to_nobody") ||
	       finding_is_said(all, &detect_mail_software, "to_sender");
}

static bool answers_elsewhere(const struct scan *s, const struct findings *all)
{
	(void)all;
	return s->reply_to.domain.n > 0 && !str_eq_nocase(s->reply_to.address, s->from.address) &&
	       (!domain_same_owner(s->arena, s->reply_to.domain, s->from.domain) ||
		list_is_free_mail(s->from.owner));
}

static bool names_contact(const struct scan *s, const struct findings *all)
{
	(void)all;
	return contact_elsewhere(s).n > 0;
}

static bool promises_money(const struct scan *s, const struct findings *all)
{
	(void)all;
	return contact_promises_money(s);
}

/* Folded: what says no more than that a mail comes. */
static const char *const empty_subjects[] = {
	" ",
	" hi ",
	" hello ",
	" hello dear ",
	" dear ",
	" dear friend ",
	" hey ",
	" good day ",
	" greetings ",
	" greeting ",
	" attention ",
	" urgent ",
	" important ",
	" ok ",
	" reply ",
	" please reply ",
	" my dear ",
	" good morning ",
	" hallo ",
	" guten tag ",
	" wichtig ",
	" dringend ",
	" bonjour ",
	" salut ",
	" hola ",
	" buenos dias ",
	" ola ",
	" bom dia ",
	" ciao ",
	" buongiorno ",
	" hej ",
	" god dag ",
	" hei ",
	" moi ",
	" czesc ",
	" witam ",
	" ahoj ",
	" dobry den ",
	" szia ",
	" buna ziua ",
	" salutare ",
	" merhaba ",
	" selam ",
	" привет ",
	" здравствуйте ",
	" добрый день ",
	" здраво ",
	" здравейте ",
	" привіт ",
	" вітаю ",
	" γεια σας ",
	" γεια ",
	" مرحبا ",
	" السلام عليكم ",
	" halo ",
	" xin chao ",
	" 안녕하세요 ",
	" 你 好 ",
	" 您 好 ",
	" こ ん に ち は ",
	" no subject ",
	" none ",
	" business ",
	" confidential ",
	" proposal ",
};

/* "Re:" by what answers nothing; the words for it in other languages are rarer than frauds with them. */
static bool pretends_answer(const struct scan *s)
{
	struct str subject = str_trim(s->subject);

	return (str_starts_nocase(subject, STR("re:")) || str_starts_nocase(subject, STR("re;")) ||
		str_starts_nocase(subject, STR("re.")) || str_starts_nocase(subject, STR("re :")) ||
		str_eq_nocase(subject, STR("re"))) &&
	       !sender_claims_answer(s);
}

#define LOUD_LEAST 6 /* letters: shorter ones are names of things */

static bool is_loud(struct str subject)
{
	size_t capitals = 0;

	for (size_t i = 0; i < subject.n; i++) {
		unsigned char c = (unsigned char)subject.p[i];
		if (c >= 'a' && c <= 'z')
			return false;
		capitals += abnf_is_alpha(c);
	}
	return capitals >= LOUD_LEAST;
}

static bool has_odd_subject(const struct scan *s, const struct findings *all)
{
	struct str folded = text_fold(s->arena, &s->subject, 1);

	(void)all;
	return text_is_any(folded, empty_subjects, ARRAY_LEN(empty_subjects)) || is_loud(s->subject) ||
	       str_find(s->subject, STR("!!"), 0) != SIZE_MAX || pretends_answer(s);
}

/* Folded, as first word of a name. */
static const char *const titles[] = {
	"mr",       "mrs",        "ms",      "miss",     "mister",   "madam",    "madame", "dr",
	"prof",     "barrister",  "barr",    "esq",      "sgt",      "sergeant", "gen",    "general",
	"capt",     "captain",    "col",     "colonel",  "maj",      "major",    "lt",     "lieutenant",
	"sir",      "lady",       "lord",    "prince",   "princess", "sheikh",   "sheik",  "chief",
	"rev",      "reverend",   "pastor",  "bishop",   "sister",   "datuk",    "dato",   "hon",
	"engr",     "ambassador", "senator", "diplomat", "attorney", "banker",   "herr",   "frau",
	"monsieur", "mme",        "senor",   "senora",   "sr",       "sra",      "signor", "signora",
	"fru",      "pan",        "pani",    "господин", "госпожа",  "пан",      "г",
};

static struct str first_word(struct str folded)
{
	return str_sub(folded, 1, str_find_char(folded, ' ', 1));
}

#define SIGNED_WORDS 4 /* "Mrs Evelyn Gaby Smith" */

/* Signed with a title. */
static bool is_signed_with_title(struct str folded)
{
	size_t at = folded.n;

	for (int n = 0; n < SIGNED_WORDS && at > 1; n++) {
		size_t space = str_rfind_char(str_sub(folded, 0, at - 1), ' ');
		if (space == SIZE_MAX)
			return false;
		at = space + 1;
		if (n > 0 &&
		    text_is_any(first_word(str_sub(folded, space, folded.n)), titles, ARRAY_LEN(titles)))
			return true;
	}
	return false;
}

static bool has_title(const struct scan *s, const struct findings *all)
{
	struct str name = first_word(text_fold(s->arena, &s->from.name, 1));

	(void)all;
	return text_is_any(name, titles, ARRAY_LEN(titles)) || is_signed_with_title(s->body_words);
}

/* A free mailbox that has nothing of the name. */
static bool has_other_name(const struct scan *s, const struct findings *all)
{
	(void)all;
	return list_is_free_mail(s->from.owner) && mailbox_name_is_readable(s->arena, s->from.name) &&
	       !mailbox_has_name(s->arena, s->from.address, s->from.name);
}

static const struct {
	trait_fn *is;
	const char *what; /* for the explanation */
} traits[] = {
	{ hides_readers, "To does not say whom it is for" },
	{ answers_elsewhere, "answers go to another mailbox" },
	{ names_contact, "the text names another free mailbox" },
	{ promises_money, "a large sum" },
	{ has_odd_subject, "the subject says nothing" },
	{ has_title, "a title in the name" },
	{ has_other_name, "the mailbox is named otherwise than the sender" },
};

/* A link to be followed; an address in the text is none. */
static bool has_link(const struct scan *s)
{
	for (size_t i = 0; i < s->content->links.n; i++) {
		const struct mime_link *l = &s->content->links.v[i];
		if (!l->field && !str_starts_nocase(l->href, STR("mailto:")))
			return true;
	}
	return false;
}

static bool is_stranger(const struct scan *s)
{
	return !s->own_domain && !sender_is_known(s) && !sender_is_proved_list(s) && !sender_is_bounce(s) &&
	       !sender_answers(s) && s->past.wrote.seen <= 0;
}

static bool is_bare(const struct scan *s)
{
	return text_word_count(s->body_words) <= WORDS_MOST && s->content->attachments.n == 0 &&
	       !s->content->encrypted && !has_link(s);
}

#define WORDS_BARE 25 /* room for a greeting, what it is about, and the wish for an answer */

static bool only_wants_answer(const struct scan *s, const struct intent_score *score)
{
	bool bare = score->cues == CUE_COUNT - 1 && text_word_count(s->body_words) <= WORDS_BARE;

	return score->score >= LEAST && (score->bait || bare);
}

static void tell(const struct scan *s, struct findings *out, const struct phrase *seen, int n,
		 struct str what)
{
	double share = s->past.known && s->past.pair.seen > 0 ? MET_BEFORE : 1;
	struct finding *f =
	    finding_add(out, NULL, DISP_SPAM, share * (n > 1 ? DECIDES : ONE_TRAIT), CAT_CONTENT_SPAM,
			n > 1 ? "A stranger's few lines only want an answer, in the way frauds begin."
			      : "A stranger's few lines only want an answer.");

	finding_where(f, "body", "text", seen->text);
	finding_words(f, s, seen->text);
	finding_detail(out, f, "\"%.*s\"; %.*s", STR_ARG(seen->text), STR_ARG(what));
}

static void run(const struct scan *s, struct findings *out)
{
	struct intent_score scores[INTENT_COUNT];
	struct str what = STR_NONE;
	int n = 0;

	if (!is_stranger(s) || !is_bare(s))
		return;
	lexicon_score(s->arena, s->words, scores);
	if (!only_wants_answer(s, &scores[INTENT_OPENER]))
		return;
	for (size_t i = 0; i < ARRAY_LEN(traits); i++) {
		if (!traits[i].is(s, out))
			continue;
		what = n > 0 ? ARENA_JOIN(s->arena, what, STR(", "), str_of(traits[i].what))
			     : str_of(traits[i].what);
		n++;
	}
	if (n > 0)
		tell(s, out, scores[INTENT_OPENER].seen[0], n, what);
}

const struct detector detect_opener = {
	.name = "opener",
	.family = FAMILY_CONTENT,
	.needs = NEED_FROM | NEED_WORDS | NEED_OTHERS,
	.run = run,
};

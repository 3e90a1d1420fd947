/*
 * Answers in a conversation by somebody who was not part of it. Who has read a mailbox goes on with what stands there: the
 * history is quoted, and the sender is new. Told by the quoted lines that name a sender ("From: Ann <ann@firm.example>", "On
 * Monday Ann <…> wrote:"): his name with another address, or a domain that is nearly his; and, where the history names people
 * of the reader's own house, by a sender of whose house nobody is named and whom the account does not know.
 *
 * People have several addresses, forward what strangers wrote, and are asked into conversations, so the name alone and the
 * stranger alone weigh little: of 5,787 harmless mails, half of them of lists, 67 have such a namesake (November 2026).
 * Answers to what the account really sent (scan/memory.h) and lists are left alone.
 */
#include "detect/detect.h"

#include "base/alike.h"
#include "base/domain.h"
#include "detect/lists.h"
#include "detect/text.h"
#include "policy/domain_name.h"

#define LOOKED_AT 65536 /* bytes of each text: the last answers stand first */
#define LINE_MOST 400   /* of a line that names a sender */
#define QUOTED_MOST 40
#define LOOKS_LEAST 5 /* letters of a domain's name, from which on a slip counts */
#define SLIPS_LEAST 9 /* and two */

struct quoted {
	struct str line, address, domain;
	const struct mime_part *part;
};

struct conversation {
	struct quoted v[QUOTED_MOST];
	size_t n;
};

/* What stands before the quoted sender in a copied header, and what behind it in a line of introduction. */
static bool names_sender(struct str line)
{
	static const char *const begins[] = { "from:", "von:",  "de :",  "de:",     "da:",    "van:",
					      "från:", "od:",   "fra:",  "*from:*", "*von:*", "*de:*",
					      "to:",   "an:",   "à:",    "para:",   "a:",     "aan:",
					      "cc:",   "*to:*", "*cc:*", "发件人:", "差出人:" };
	static const char *const ends[] = { "wrote:",    "schrieb:",  "a écrit :",   "a écrit:",
					    "escribió:", "escreveu:", "ha scritto:", "schreef:",
					    "napisał:",  "skrev:",    "写道：",      "のメール:" };

	for (size_t i = 0; i < ARRAY_LEN(begins); i++)
		if (str_starts_nocase(line, str_of(begins[i])))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (str_ends_nocase(line, str_of(ends[i])))
			return true;
	return false;
}

/* Without the marks of quoting. */
static struct str bare_line(struct str line)
{
	size_t from = 0;

	while (from < line.n &&
	       (line.p[from] == '>' || line.p[from] == ' ' || line.p[from] == '\t' || line.p[from] == '|'))
		from++;
	return str_trim(str_sub(line, from, line.n));
}

static void read_line(const struct scan *s, struct conversation *h, struct str line,
		      const struct mime_part *part)
{
	struct str shown;

	if (line.n > LINE_MOST || str_find_char(line, '@', 0) == SIZE_MAX || !names_sender(line))
		return;
	for (size_t at = 0; h->n < QUOTED_MOST && sender_shown_address(line, &at, &shown);)
		h->v[h->n++] =
		    (struct quoted){ line, shown, domain_fold(s->arena, domain_of_address(shown)), part };
}

static void read_history(const struct scan *s, struct conversation *h)
{
	for (size_t i = 0; i < s->content->texts.n; i++) {
		const struct mime_text *t = &s->content->texts.v[i];
		struct str text = str_sub(mime_text_shown(t), 0, LOOKED_AT);
		for (size_t at = 0; !t->nested && at < text.n && h->n < QUOTED_MOST;) {
			size_t end = str_find_char(text, '\n', at);
			struct str line = str_sub(text, at, end);
			read_line(s, h, bare_line(line), t->part);
			at = end == SIZE_MAX ? text.n : end + 1;
		}
	}
}

/* The sender's address stands in the history, too: he was part of it. */
static bool took_part(const struct scan *s, const struct conversation *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (str_eq_nocase(h->v[i].address, s->from.address))
			return true;
	return false;
}

static bool house_took_part(const struct scan *s, const struct conversation *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (domain_same_owner(s->arena, h->v[i].domain, s->from.domain))
			return true;
	return false;
}

/* A slip or two apart; the same with another ending only where it is long, for short names belong to many. */
static bool is_nearly(const struct domain_name *x, const struct domain_name *y)
{
	size_t most = x->letters >= SLIPS_LEAST ? 2 : x->letters >= LOOKS_LEAST ? 1 : 0;

	if (str_eq(x->owner, y->owner) || x->letters < LOOKS_LEAST)
		return false;
	if (str_eq(x->label, y->label))
		return x->letters >= SLIPS_LEAST;
	return str_eq(x->shape, y->shape) ||
	       (alike_may_be_near(x->set, y->set, most) && alike_distance(x->shape, y->shape, most) <= most);
}

static const struct quoted *lookalike(const struct scan *s, const struct conversation *h)
{
	struct domain_name own = domain_name_of(s->arena, s->from.domain);

	for (size_t i = 0; i < h->n; i++) {
		const struct quoted *q = &h->v[i];
		if (q->domain.n == 0 || q->domain.n > DOMAIN_MAX || sender_is_own_domain(s, q->domain) ||
		    list_is_free_mail(domain_owner(s->arena, q->domain)))
			continue;
		struct domain_name theirs = domain_name_of(s->arena, q->domain);
		if (is_nearly(&theirs, &own))
			return q;
	}
	return NULL;
}

/* A name of two words or more, with an address of another house behind it. */
static const struct quoted *namesake(const struct scan *s, const struct conversation *h)
{
	struct str name = text_fold(s->arena, &s->from.name, 1);

	if (text_word_count(name) < 2 || str_find_char(s->from.name, '@', 0) != SIZE_MAX)
		return NULL;
	for (size_t i = 0; i < h->n; i++) {
		const struct quoted *q = &h->v[i];
		struct str line = text_fold(s->arena, &q->line, 1);
		if (q->domain.n > 0 && !domain_same_owner(s->arena, q->domain, s->from.domain) &&
		    str_find(line, name, 0) != SIZE_MAX)
			return q;
	}
	return NULL;
}

/* The history is one of the reader's own house. */
static const struct quoted *of_our_house(const struct scan *s, const struct conversation *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (sender_is_own_domain(s, h->v[i].domain))
			return &h->v[i];
	return NULL;
}

static bool is_answer(const struct scan *s)
{
	static const char *const prefixes[] = { "re:", "aw:",  "sv:", "antw:", "odp:",
						"rv:", "res:", "r:",  "回复",  "答复" };

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
		if (str_starts_nocase(str_trim(s->subject), str_of(prefixes[i])))
			return true;
	return false;
}

static void tell(const struct scan *s, struct findings *out, const char *signal, double score,
		 const struct quoted *q, const char *reason)
{
	if (sender_is_known(s))
		score *= 0.3;
	struct finding *f = finding_add(out, signal, DISP_SPOOF, score, CAT_THREAD_HIJACK, reason);
	finding_where(f, "body", "quoted address", q->address);
	finding_part(f, q->part);
	finding_detail(out, f, "sent from %.*s, quoted is \"%.*s\"", STR_ARG(s->from.address),
		       STR_ARG(q->line));
}

static void run(const struct scan *s, struct findings *out)
{
	struct conversation h = { .n = 0 };
	const struct quoted *q;

	if (s->own_domain || s->from.domain.n == 0 || s->past.answers || sender_is_proved_list(s) ||
	    sender_is_mail_server(s))
		return;
	read_history(s, &h);
	if (h.n == 0 || took_part(s, &h))
		return;
	if ((q = lookalike(s, &h)) != NULL)
		tell(s, out, "lookalike", 0.9, q,
		     "The message goes on with a conversation from a domain that is nearly that of somebody "
		     "in it.");
	else if (house_took_part(s, &h))
		return;
	else if ((q = namesake(s, &h)) != NULL)
		tell(s, out, "other_address",
		     sender_is_new(s) && sender_is_borrowed(s) ? 0.6
		     : sender_is_new(s)                        ? 0.4
							       : 0.2,
		     q,
		     "The message goes on with a conversation in the name of somebody who had another "
		     "address there.");
	else if (is_answer(s) && sender_is_new(s) && (q = of_our_house(s, &h)) != NULL)
		tell(s, out, "stranger", 0.35, q,
		     "The message answers in a conversation of your house that nobody of its sender's house "
		     "took part in.");
}

const struct detector detect_thread_hijack = {
	.name = "thread_hijack",
	.family = FAMILY_SENDER,
	.needs = NEED_FROM | NEED_WORDS,
	.run = run,
};

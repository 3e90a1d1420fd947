/*
 * Somebody of whom the account never heard asks for what frauds are after: money, a card, a login, a call. First letters are
 * harmless, and so is a request; together they are how it begins. Newsletters and lists write to strangers as a rule and are
 * left alone; so is a shop or service that proves its name and asks to confirm an account, which is what first letters of
 * those do.
 *
 * The account's own memory is asked (scan/memory.h). Whom it wrote to itself is no stranger.
 */
#include "detect/detect.h"

#include "base/domain.h"
#include "detect/lists.h"

#define SCORE 0.3
#define LEAST 0.3 /* of the request, to be one */
#define KNOWN_HOUSE 3.0

enum wish { WISH_NOTHING, WISH_LOGIN, WISH_MONEY };

static enum wish wish_of(const struct finding *f)
{
	static const enum category money[] = { CAT_PAYROLL_CHANGE, CAT_GIFT_CARD, CAT_INVOICE_FRAUD, CAT_BEC,
					       CAT_CALLBACK_PHISH, CAT_EXTORTION };

	if (f->score < LEAST || HAS(f, finding, suppressed_by) || !HAS(f, finding, category))
		return WISH_NOTHING;
	if (f->category == CAT_CREDENTIAL_HARVESTER)
		return WISH_LOGIN;
	for (size_t i = 0; i < ARRAY_LEN(money) && f->family == FAMILY_CONTENT; i++)
		if (f->category == (int64_t)money[i])
			return WISH_MONEY;
	return WISH_NOTHING;
}

/* The heaviest request; NULL: nothing is asked for. *bulk: it was sent to many. */
static const struct finding *request(const struct findings *all, bool *bulk)
{
	const struct finding *best = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct finding *f = &all->v[i];
		*bulk |= f->family == FAMILY_BULK;
		if (wish_of(f) != WISH_NOTHING && (!best || f->score > best->score))
			best = f;
	}
	return best;
}

/* The account knows the house, which proves its name: a new colleague there. */
static bool is_of_known_house(const struct scan *s)
{
	return s->proof.header_proved && !list_is_free_mail(s->from.owner) &&
	       s->past.domain.seen >= KNOWN_HOUSE;
}

static void run(const struct scan *s, struct findings *out)
{
	bool bulk = false, borrowed = sender_is_borrowed(s);
	const struct finding *wish = request(out, &bulk);

	if (!wish || !sender_is_new(s) || is_of_known_house(s) || sender_is_proved_list(s) ||
	    sender_is_unanswered(s))
		return;
	if (bulk && (s->proof.header_proved || !s->proof.complete))
		return;
	if (wish_of(wish) == WISH_LOGIN && !borrowed && (s->proof.header_proved || !s->proof.complete))
		return;
	bool login = wish_of(wish) == WISH_LOGIN;
	struct str name = wish->name; /* before the next finding moves them */
	enum category category = (enum category)wish->category;
	struct finding *f = finding_add(
	    out, login ? "login" : "money", DISP_SUSPICIOUS, SCORE, category,
	    login ? "Somebody who never wrote to you before asks you to log in."
		  : "Somebody who never wrote to you before asks for money, or for a call about it.");
	finding_where(f, s->from.header.p, "address", s->from.address);
	finding_bytes(f, s->from.offset, s->from.length);
	finding_detail(out, f, "%.*s is new here; %.*s", STR_ARG(s->from.address), STR_ARG(name));
}

const struct detector detect_first_contact = {
	.name = "first_contact",
	.family = FAMILY_SENDER,
	.needs = NEED_FROM | NEED_OTHERS,
	.run = run,
};

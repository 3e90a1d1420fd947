/*
 * An e-mail bomb: hundreds of newsletters, welcomes and addresses to be confirmed to one reader within hours, so that he does
 * not see the one mail that tells what is done in his name meanwhile. Each is harmless alone; told by how many came of that kind,
 * from senders new to him, within this hour and the one before (scan/memory.h counts them). Mail of any other kind, and of those
 * who wrote before, is not touched.
 */
#include "detect/email_bomb.h"

#include "detect/text.h"

#define MANY 40.0 /* who moves houses, or changes his address, enters it at a dozen places in an hour */

/* Folded phrases of welcomes and of addresses to be confirmed. */
static const char *const phrases[] = {
	" confirm your subscription ",
	" confirm your email ",
	" confirm your e mail ",
	" confirm your registration ",
	" confirm subscription ",
	" verify your email ",
	" verify your e mail ",
	" activate your account ",
	" thank you for subscribing ",
	" thanks for subscribing ",
	" thank you for signing up ",
	" thanks for signing up ",
	" thank you for registering ",
	" welcome to our newsletter ",
	" welcome to the newsletter ",
	" welcome to ",
	" newsletter anmeldung ",
	" anmeldung bestatigen ",
	" bestatigen sie ihre anmeldung ",
	" bestatigen sie ihre e mail ",
	" vielen dank fur ihre anmeldung ",
	" confirmez votre inscription ",
	" confirmer votre inscription ",
	" merci de votre inscription ",
	" bienvenue ",
	" confirma tu suscripcion ",
	" confirme su suscripcion ",
	" gracias por suscribirte ",
	" bienvenido ",
	" conferma la tua iscrizione ",
	" conferma iscrizione ",
	" grazie per esserti iscritto ",
	" confirme sua inscricao ",
	" obrigado por se inscrever ",
	" bevestig je inschrijving ",
	" bevestig uw inschrijving ",
	" bedankt voor je aanmelding ",
	" potwierdz subskrypcje ",
	" подтвердите подписку ",
	" подтвердите регистрацию ",
};

static bool was_sent_to_many(const struct scan *s)
{
	static const char *const fields[] = { "List-Unsubscribe", "List-Id",       "Feedback-ID",
					      "X-Campaign",       "X-Mailgun-Sid", "X-SG-EID" };

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (headers_first(mime_headers(s->mail), str_of(fields[i])))
			return true;
	return false;
}

bool email_bomb_is_part(const struct scan *s)
{
	if (!s->past.known || s->own_domain || s->past.pair.first_us != 0 || sender_is_known(s))
		return false;
	return was_sent_to_many(s) || text_has_any(s->index, phrases, ARRAY_LEN(phrases));
}

static void run(const struct scan *s, struct findings *out)
{
	if (s->past.signups < MANY || !email_bomb_is_part(s))
		return;
	struct finding *f =
	    finding_add(out, NULL, DISP_SPAM, 1, CAT_EMAIL_BOMB,
			"The reader is flooded with newsletters and sign-ups, of which this is one.");
	finding_where(f, "envelope", "recipient", s->job->recipients.n ? s->job->recipients.v[0] : STR_NONE);
	finding_detail(out, f, "%.0f from senders new to the reader since the hour before", s->past.signups);
}

const struct detector detect_email_bomb = {
	.name = "email_bomb",
	.family = FAMILY_BULK,
	.needs = NEED_FROM | NEED_WORDS,
	.run = run,
};

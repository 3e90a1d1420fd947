/* forward: headers that mail programs copy into a text, in their languages and shapes; and texts that only look so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/attr.h"
#include "detect/forward.h"

#define UNMARKED 240

/* name and address NULL: nothing is forwarded. */
struct row {
	const char *what, *text, *name, *address, *subject;
};

#define BODY "\n\nDear customer, your account is on hold.\n"
#define GMAIL "---------- Forwarded message ---------\n"

static const struct row languages[] = {
	{ "Gmail",
	  GMAIL "From: Bank <x@evil.test>\nDate: Tue, Mar 7, 2023 at 7:54\u202fPM\nSubject: On hold\nTo: "
		"<bob@home.test>" BODY,
	  "Bank", "x@evil.test", "On hold" },
	{ "Apple",
	  "Sent from my iPhone\n\nBegin forwarded message:\n\n> From: Bank <x@evil.test>\n> Date: 7 March "
	  "2023 "
	  "at 7:54:01 PM GMT\n> To: bob@home.test\n> Subject: On hold\n> \n> Dear customer\n",
	  "Bank", "x@evil.test", "On hold" },
	{ "Outlook",
	  "________________________________\nFrom: Bank <x@evil.test>\nSent: Saturday, January 14, 2023 2:30 "
	  "AM\nTo: Bob <bob@home.test>\nSubject: On hold" BODY,
	  "Bank", "x@evil.test", "On hold" },
	{ "an old Outlook",
	  "-----Original Message-----\nFrom: Bank [mailto:x@evil.test]\nSent: Monday, 2 May 2011 10:00\nTo: "
	  "Bob\nSubject: On hold" BODY,
	  "Bank", "x@evil.test", "On hold" },
	{ "Thunderbird",
	  "-------- Forwarded Message --------\nSubject: \tOn hold\nDate: \tMon, 2 May 2022\nFrom: \tBank "
	  "<x@evil.test>\nTo: \tbob@home.test" BODY,
	  "Bank", "x@evil.test", "On hold" },
	{ "German", "Von: Bank <x@evil.test>\nGesendet: Montag, 2. Mai\nAn: Bob\nBetreff: Gesperrt" BODY,
	  "Bank", "x@evil.test", "Gesperrt" },
	{ "German, Apple",
	  "Von meinem iPhone gesendet\n\nAnfang der weitergeleiteten Nachricht:\n\nVon: Bank "
	  "<x@evil.test>\nDatum: 2. Mai\nAn: Bob\nBetreff: Gesperrt" BODY,
	  "Bank", "x@evil.test", "Gesperrt" },
	{ "French",
	  "De\u00a0: Banque <x@evil.test>\nEnvoy\u00e9\u00a0: lundi 2 mai\n\u00c0\u00a0: "
	  "Bob\nObjet\u00a0: Compte bloqu\u00e9" BODY,
	  "Banque", "x@evil.test", "Compte bloqu\u00e9" },
	{ "French, decomposed",
	  "De : Banque <x@evil.test>\nEnvoye\u0301 : lundi 2 mai\nA\u0300 : Bob\nObjet : Compte" BODY,
	  "Banque", "x@evil.test", "Compte" },
	{ "Spanish", "De: Banco <x@evil.test>\nEnviado: lunes\nPara: Bob\nAsunto: Cuenta" BODY, "Banco",
	  "x@evil.test", "Cuenta" },
	{ "Spanish, Apple",
	  "Inicio del mensaje reenviado:\n\nDe: Banco <x@evil.test>\nAsunto: Cuenta\nFecha: 2 de mayo\nPara: "
	  "Bob" BODY,
	  "Banco", "x@evil.test", "Cuenta" },
	{ "Portuguese", "De: Banco <x@evil.test>\nEnviado: segunda\nPara: Bob\nAssunto: Fatura" BODY, "Banco",
	  "x@evil.test", "Fatura" },
	{ "Portuguese, Apple",
	  "Enviado do meu iPhone\n\nIn\u00edcio da mensagem encaminhada:\n\nDe: Banco <x@evil.test>\nData: "
	  "12 "
	  "de dezembro de 2023 \u00e0s 17:02\nPara: Bob\nAssunto: Fatura" BODY,
	  "Banco", "x@evil.test", "Fatura" },
	{ "Italian", "Da: Banca <x@evil.test>\nInviato: luned\u00ec\nA: Bob\nOggetto: Conto" BODY, "Banca",
	  "x@evil.test", "Conto" },
	{ "Dutch", "Van: Bank <x@evil.test>\nVerzonden: maandag\nAan: Bob\nOnderwerp: Rekening" BODY, "Bank",
	  "x@evil.test", "Rekening" },
	{ "Swedish", "Fr\u00e5n: Bank <x@evil.test>\nSkickat: m\u00e5ndag\nTill: Bob\n\u00c4mne: Konto" BODY,
	  "Bank", "x@evil.test", "Konto" },
	{ "Danish", "Fra: Bank <x@evil.test>\nSendt: mandag\nTil: Bob\nEmne: Konto" BODY, "Bank",
	  "x@evil.test", "Konto" },
	{ "Norwegian", "Fra: Bank <x@evil.test>\nDato: mandag\nTil: Bob\nEmne: Konto" BODY, "Bank",
	  "x@evil.test", "Konto" },
	{ "Finnish",
	  "L\u00e4hett\u00e4j\u00e4: Pankki <x@evil.test>\nL\u00e4hetetty: "
	  "maanantai\nVastaanottaja: Bob\nAihe: Tili" BODY,
	  "Pankki", "x@evil.test", "Tili" },
	{ "Polish", "Od: Bank <x@evil.test>\nWys\u0142ano: poniedzia\u0142ek\nDo: Bob\nTemat: Konto" BODY,
	  "Bank", "x@evil.test", "Konto" },
	{ "Czech",
	  "Od: Banka <x@evil.test>\nOdesl\u00e1no: pond\u011bl\u00ed\nKomu: "
	  "Bob\nP\u0159edm\u011bt: \u00da\u010det" BODY,
	  "Banka", "x@evil.test", "\u00da\u010det" },
	{ "Hungarian",
	  "Felad\u00f3: Bank <x@evil.test>\nK\u00fcldve: h\u00e9tf\u0151\nC\u00edmzett: "
	  "Bob\nT\u00e1rgy: Sz\u00e1mla" BODY,
	  "Bank", "x@evil.test", "Sz\u00e1mla" },
	{ "Romanian", "De la: Banca <x@evil.test>\nTrimis: luni\nC\u0103tre: Bob\nSubiect: Cont" BODY,
	  "Banca", "x@evil.test", "Cont" },
	{ "Turkish", "Kimden: Banka <x@evil.test>\nG\u00f6nderildi: Pazartesi\nKime: Bob\nKonu: Hesap" BODY,
	  "Banka", "x@evil.test", "Hesap" },
	{ "Russian",
	  "\u041e\u0442: Bank <x@evil.test>\n\u041e\u0442\u043f\u0440\u0430\u0432\u043b\u0435\u043d\u043e: "
	  "2 "
	  "\u043c\u0430\u044f\n\u041a\u043e\u043c\u0443: Bob\n\u0422\u0435\u043c\u0430: Hi" BODY,
	  "Bank", "x@evil.test", "Hi" },
	{ "Ukrainian",
	  "\u0412\u0456\u0434: Bank <x@evil.test>\n\u041d\u0430\u0434\u0456\u0441\u043b\u0430\u043d\u043e: "
	  "2\n\u041a\u043e\u043c\u0443: Bob\n\u0422\u0435\u043c\u0430: Hi" BODY,
	  "Bank", "x@evil.test", "Hi" },
	{ "Greek",
	  "\u0391\u03c0\u03cc: Bank <x@evil.test>\n\u03a3\u03c4\u03ac\u03bb\u03b8\u03b7\u03ba\u03b5: "
	  "2\n\u03a0\u03c1\u03bf\u03c2: Bob\n\u0398\u03ad\u03bc\u03b1: Hi" BODY,
	  "Bank", "x@evil.test", "Hi" },
	{ "Japanese",
	  "\u5dee\u51fa\u4eba: Bank <x@evil.test>\n\u9001\u4fe1\u65e5\u6642: 2\n\u5b9b\u5148: "
	  "Bob\n\u4ef6\u540d: Hi" BODY,
	  "Bank", "x@evil.test", "Hi" },
	{ "Chinese",
	  "\u53d1\u4ef6\u4eba\uff1aBank <x@evil.test>\n\u53d1\u9001\u65f6\u95f4\uff1a2\u6708"
	  "\n\u6536\u4ef6\u4eba\uff1aBob\n\u4e3b\u9898\uff1aHi" BODY,
	  "Bank", "x@evil.test", "Hi" },
	{ "Chinese of Taiwan",
	  "\u5bc4\u4ef6\u8005: Bank <x@evil.test>\n\u5bc4\u4ef6\u65e5\u671f: 2\n\u6536\u4ef6\u8005: "
	  "Bob\n\u4e3b\u65e8: Hi" BODY,
	  "Bank", "x@evil.test", "Hi" },
	{ "Korean",
	  "\ubcf4\ub0b8 \uc0ac\ub78c: Bank <x@evil.test>\n\ubcf4\ub0b8 \ub0a0\uc9dc: 2\n\ubc1b\ub294 "
	  "\uc0ac\ub78c: Bob\n\uc81c\ubaa9: Hi" BODY,
	  "Bank", "x@evil.test", "Hi" },
};

static const struct row shapes[] = {
	{ "words of the forwarder",
	  "Is this real?\nThanks, Bob\n\n" GMAIL "From: Bank <x@evil.test>\nSubject: Hi\nTo: b@c.test" BODY,
	  "Bank", "x@evil.test", "Hi" },
	{ "quoted twice",
	  ">> From: Bank <x@evil.test>\n>> Sent: today\n>> To: Bob\n>> Subject: Hi\n>>\n>> text\n", "Bank",
	  "x@evil.test", "Hi" },
	{ "in bold", "*From:* Bank <x@evil.test>\n*Sent:* today\n*To:* Bob\n*Subject:* Hi" BODY, "Bank",
	  "x@evil.test", "Hi" },
	{ "blank lines between",
	  "From: Bank <x@evil.test>\n\n\nSent: today\n\n\nTo: Bob\n\n\nSubject: Hi" BODY, "Bank",
	  "x@evil.test", "Hi" },
	{ "values on lines of their own",
	  "From:\nBank <x@evil.test>\nSent:\ntoday\nTo:\nBob\nSubject:\nHi" BODY, "Bank", "x@evil.test",
	  "Hi" },
	{ "all on one line", "From: Bank <x@evil.test> Sent: today, 10:15 To: Bob Subject: Hi" BODY, "Bank",
	  "x@evil.test", "Hi" },
	{ "a table",
	  "| From: | Bank <x@evil.test> |\n| Sent: | today |\n| To: | Bob |\n| Subject: | Hi |" BODY, "Bank",
	  "x@evil.test", "Hi" },
	{ "invisible characters",
	  "\u200bFr\u200bom: Bank <x@evil.test>\n\ufeffSent: today\nTo: Bob\nSub\u00adject: Hi" BODY, "Bank",
	  "x@evil.test", "Hi" },
	{ "an address that does not fit",
	  GMAIL "From: Bank <\nx@evil.test>\nDate: today\nSubject: Hi\nTo: <b@c.test>" BODY, "Bank",
	  "x@evil.test", "Hi" },
	{ "a name with a comma and quotes",
	  "From: \"Bank, Security\" <x@evil.test>\nSent: today\nTo: Bob\nSubject: Hi" BODY, "Bank, Security",
	  "x@evil.test", "Hi" },
	{ "an address of links",
	  "From: Bank <x@evil.test<mailto:x@evil.test>>\nSent: today\nTo: Bob\nSubject: Hi" BODY, "Bank",
	  "x@evil.test", "Hi" },
	{ "an address alone", "From: x@evil.test\nSent: today\nTo: Bob\nSubject: Hi" BODY, "", "x@evil.test",
	  "Hi" },
	{ "an address as a name",
	  "From: help@bank.test <x@evil.test>\nSent: today\nTo: Bob\nSubject: Hi" BODY, "help@bank.test",
	  "x@evil.test", "Hi" },
	{ "on behalf of",
	  "From: b-1@mailer.test <b-1@mailer.test> on behalf of Bank <x@evil.test>\nSent: today\nTo: "
	  "Bob\nSubject: Hi" BODY,
	  "on behalf of Bank", "x@evil.test", "Hi" },
	{ "a name alone", "From: Bank\nSent: today\nTo: Bob\nSubject: Hi" BODY, "Bank", "", "Hi" },
	{ "more recipients",
	  "From: Bank <x@evil.test>\nSent: today\nTo: a@b.test; c@d.test;\n e@f.test\nCc: g@h.test\nSubject: "
	  "Hi" BODY,
	  "Bank", "x@evil.test", "Hi" },
	{ "one that was forwarded before",
	  GMAIL "From: Ann <ann@home.test>\nDate: today\nSubject: Fwd: Hi\nTo: Bob\n\nWhat is this?\n\n" GMAIL
		"From: Bank <x@evil.test>\nDate: today\nSubject: Hi\nTo: Ann" BODY,
	  "Bank", "x@evil.test", "Hi" },
	{ "two labels behind an announcement", GMAIL "From: Bank <x@evil.test>\nSubject: Hi" BODY, "Bank",
	  "x@evil.test", "Hi" },
	/* near misses */
	{ "a letter", "Hello Bob,\nsee you on Monday.\n", NULL, NULL, NULL },
	{ "nothing", "", NULL, NULL, NULL },
	{ "two labels", "From: Berlin\nTo: Paris\nBring a coat.\n", NULL, NULL, NULL },
	{ "no sender", "Date: Monday\nTo: all\nSubject: Cake\n\nThere is cake.\n", NULL, NULL, NULL },
	{ "labels apart",
	  "From: Berlin\nWe start early and have time.\nTo: Paris\nThen we rest.\nDate: May\n", NULL, NULL,
	  NULL },
	{ "an answer above",
	  "Thank you for the offer, which I have read with my colleagues. We would like to order twenty of "
	  "them, to be delivered to our house in Berlin, as early in May as you can. Please send the invoice "
	  "to the address below, and tell us the day before you come.\nBest regards, Bob\n\nFrom: Ann "
	  "<a@b.test>\nSent: today\nTo: Bob\nSubject: Offer" BODY,
	  NULL, NULL, NULL },
	{ "an introduction", "On Monday Ann <a@b.test> wrote:\n> Hello\n", NULL, NULL, NULL },
	{ "an announcement alone", GMAIL "See the attached file.\n", NULL, NULL, NULL },
	{ "an empty sender", "From:\n\nSent: today\nTo: Bob\nSubject: Hi" BODY, NULL, NULL, NULL },
	{ "prices", "A: 5\nB: 6\nTotal: 11\n", NULL, NULL, NULL },
};

static void check(const struct row *r)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct forwards f;

	forwards_read(a, str_of(r->text), UNMARKED, &f);
	if (!r->name != (f.n == 0))
		fail_msg("%s: %zu found", r->what, f.n);
	if (f.n > 0) {
		const struct forward *last = &f.v[f.n - 1];
		if (!str_eq(last->sender.name, str_of(r->name)) ||
		    !str_eq(last->sender.address, str_of(r->address)) ||
		    !str_eq(last->subject, str_of(r->subject)))
			fail_msg("%s: \"%.*s\" <%.*s> \"%.*s\"", r->what, STR_ARG(last->sender.name),
				 STR_ARG(last->sender.address), STR_ARG(last->subject));
	}
	arena_free(&a);
}

static void test_languages(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(languages); i++)
		check(&languages[i]);
}

static void test_shapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
		check(&shapes[i]);
}

/* Recipients, the place where the text begins, and that an answer's quote is none. */
static void test_rest(void **state)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct str text =
	    STR("From: Bank <x@evil.test>\nSent: today\nTo: a@b.test; c@d.test\nSubject: Hi\n\nText");
	struct forwards f;

	(void)state;
	forwards_read(a, text, 0, &f);
	assert_int_equal(f.n, 1);
	assert_int_equal(f.v[0].recipients.n, 2);
	assert_true(str_eq(f.v[0].recipients.v[1], STR("c@d.test")));
	assert_true(str_eq(f.v[0].sender.domain, STR("evil.test")));
	assert_true(str_eq(str_sub(text, f.v[0].body, text.n), STR("\nText")));
	forwards_read(a, ARENA_JOIN(a, STR("Yes, thanks.\n"), text), 0, &f);
	assert_int_equal(f.n, 0);
	arena_free(&a);
}

static void test_subjects(void **state)
{
	static const char *const forwards[] = { "Fwd: x",
						"FW: x",
						"ENC: x",
						"WG: x",
						"TR : x",
						"RV: x",
						"I: x",
						"Doorst: x",
						"VS: x",
						"VB: x",
						"\u8f6c\u53d1\uff1ax" };
	static const char *const answers[] = { "Re: x", "AW: x", "RES: x", "SV: x", "Odp: x" };
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forwards); i++)
		if (!forward_is_mark(forward_subject_mark(a, str_of(forwards[i]))))
			fail_msg("%s", forwards[i]);
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct str mark = forward_subject_mark(a, str_of(answers[i]));
		if (forward_is_mark(mark) || !forward_is_answer_mark(mark))
			fail_msg("%s", answers[i]);
	}
	assert_false(forward_is_mark(forward_subject_mark(a, STR("Meeting on Monday: rooms"))));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_rest),
		cmocka_unit_test(test_subjects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

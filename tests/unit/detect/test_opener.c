/* opener: a stranger's few lines that only want an answer. */
#include "bench.h"

#define WANT "opener"
#define PROVED .spf = "v=spf1 ip4:192.0.2.10 -all"
#define HIDDEN .to = "undisclosed-recipients:;"
#define SUBJECT(text) .headers = "Subject: " text "\r\n"
#define REPLY "Reply-To: grace.moore77@gmail.com\r\n"

/* Two traits: nobody in To, answers to another mailbox. */
#define FRAUD .from = "Grace <kelly0@gmail.com>", .headers = "Subject: About tomorrow\r\n" REPLY, HIDDEN

static const struct row rows[] = {
	{ "did you receive",
	  { FRAUD, .body = "Hello dear, did you receive my previous message?\r\n" },
	  WANT,
	  1 },
	{ "can we do business", { FRAUD, .body = "Can we do business?\r\n" }, WANT, 1 },
	{ "something important",
	  { FRAUD, .body = "I have something important to discuss with you, write back please.\r\n" },
	  WANT,
	  1 },
	{ "a donation",
	  { FRAUD, .body = "A donation was made in your favour. Reply for more details.\r\n" },
	  WANT,
	  1 },
	{ "who claims your funds",
	  { FRAUD, .body = "I want to know if you authorised Ms Webb to claim your funds.\r\n" },
	  WANT,
	  1 },
	{ "needs help", { FRAUD, .body = "Good day, I need your help. Kindly reply.\r\n" }, WANT, 1 },
	{ "German", { FRAUD, .body = "Guten Tag, haben Sie meine letzte E-Mail erhalten?\r\n" }, WANT, 1 },
	{ "French", { FRAUD, .body = "Bonjour, avez-vous reçu mon dernier message ?\r\n" }, WANT, 1 },
	{ "Spanish", { FRAUD, .body = "Buen día, ¿recibió mi mensaje? Respóndame.\r\n" }, WANT, 1 },
	{ "Portuguese", { FRAUD, .body = "Olá, tenho uma proposta para você. Me responda.\r\n" }, WANT, 1 },
	{ "Italian", { FRAUD, .body = "Ciao, ha ricevuto la mia email? Mi risponda.\r\n" }, WANT, 1 },
	{ "Dutch", { FRAUD, .body = "Goedendag, kan ik u vertrouwen? Antwoord mij.\r\n" }, WANT, 1 },
	{ "Swedish", { FRAUD, .body = "God dag, jag har något viktigt att berätta.\r\n" }, WANT, 1 },
	{ "Danish", { FRAUD, .body = "Hej, modtog du min sidste mail? Svar mig.\r\n" }, WANT, 1 },
	{ "Norwegian", { FRAUD, .body = "Hei, mottok du meldingen min? Kontakt meg.\r\n" }, WANT, 1 },
	{ "Finnish", { FRAUD, .body = "Hei, minulla on jotain tärkeää. Vastaa minulle.\r\n" }, WANT, 1 },
	{ "Polish", { FRAUD, .body = "Dzień dobry, czy otrzymał pan moją wiadomość?\r\n" }, WANT, 1 },
	{ "Czech", { FRAUD, .body = "Dobrý den, obdržel jste můj e-mail? Odpovězte mi.\r\n" }, WANT, 1 },
	{ "Slovak", { FRAUD, .body = "Dobrý deň, dostali ste môj e-mail? Napíšte mi.\r\n" }, WANT, 1 },
	{ "Hungarian", { FRAUD, .body = "Jó napot, megkapta az előző üzenetemet?\r\n" }, WANT, 1 },
	{ "Romanian", { FRAUD, .body = "Bună ziua, ați primit mesajul meu?\r\n" }, WANT, 1 },
	{ "Bulgarian", { FRAUD, .body = "Здравейте, получихте ли моето съобщение?\r\n" }, WANT, 1 },
	{ "Russian", { FRAUD, .body = "Здравствуйте, вы получили мое письмо? Ответьте мне.\r\n" }, WANT, 1 },
	{ "Ukrainian", { FRAUD, .body = "Вітаю, ви отримали мій лист? Напишіть мені.\r\n" }, WANT, 1 },
	{ "Greek", { FRAUD, .body = "Γεια σας, λάβατε το μήνυμά μου;\r\n" }, WANT, 1 },
	{ "Turkish", { FRAUD, .body = "Merhaba, önceki mesajımı aldınız mı? Bana yazın.\r\n" }, WANT, 1 },
	{ "Arabic", { FRAUD, .body = "مرحبا، هل تلقيت رسالتي؟ يرجى الرد\r\n" }, WANT, 1 },
	{ "Japanese",
	  { FRAUD, .body = "こんにちは。前回のメールを受け取りましたか。お返事ください。\r\n" },
	  WANT,
	  1 },
	{ "Chinese", { FRAUD, .body = "您好，我有重要的事情与您讨论，请回复。\r\n" }, WANT, 1 },
	{ "Korean", { FRAUD, .body = "안녕하세요. 제 메일을 받으셨나요? 답장 부탁드립니다.\r\n" }, WANT, 1 },
	{ "Indonesian", { FRAUD, .body = "Halo, apakah Anda menerima email saya sebelumnya?\r\n" }, WANT, 1 },
	{ "Vietnamese", { FRAUD, .body = "Xin chào, bạn có nhận được thư của tôi không?\r\n" }, WANT, 1 },
	{ "an answer to nothing, and nobody in To",
	  { SUBJECT("Re:"), HIDDEN, .body = "Can we work together? Get back to me.\r\n" },
	  WANT,
	  1 },
	{ "capitals and a sum",
	  { SUBJECT("GOOD NEWS FOR YOU"),
	    .body = "You have been chosen for $1,500,000.00. Reply to me.\r\n" },
	  WANT,
	  1 },
	{ "a title, and another mailbox in the text",
	  { .from = "Barrister Cole <office@firm.test>",
	    SUBJECT("About tomorrow"),
	    .body = "I have a proposal for you. Write to barr.cole@outlook.com\r\n" },
	  WANT,
	  1 },
	{ "whose mailbox is proved and claims to be a list",
	  { .from = "Grace <kelly0@gmail.com>",
	    .mail_from = "kelly0@gmail.com",
	    .headers = "Subject: About tomorrow\r\nList-Id: <l.gmail.com>\r\n" REPLY,
	    HIDDEN,
	    PROVED,
	    .body = "Can we do business?\r\n" },
	  WANT,
	  1 },
	{ "who is proved and new",
	  { FRAUD, PROVED, .seen = 20, .never = "from", .body = "Did you receive my mail?\r\n" },
	  WANT,
	  0.5 },
	{ "an answer that is none of ours",
	  { .from = "Grace <kelly0@gmail.com>",
	    .headers = "Subject: Hello\r\nIn-Reply-To: <x@nowhere.test>\r\n" REPLY,
	    .body = "Did you receive my mail?\r\n" },
	  WANT,
	  0.5 },
	/* one trait is not enough */
	{ "no subject",
	  { .body = "Are you available on Saturday? Let me know, it is important.\r\n" },
	  WANT,
	  0.2 },
	/* near misses */
	{ "a stranger's question", { SUBJECT("Lunch"), .body = "Did you receive my email?\r\n" }, NULL, 0 },
	{ "a colleague",
	  { .from = "Ann <ann@home.test>",
	    .mail_from = "ann@home.test",
	    PROVED,
	    .body = "Are you available?\r\n" },
	  NULL,
	  0 },
	{ "who wrote before",
	  { FRAUD, .mail_from = "kelly0@gmail.com", PROVED, .seen = 20, .wrote = true,
	    .body = "Did you receive my previous message?\r\n" },
	  NULL,
	  0 },
	{ "a conversation, as a file",
	  { .no_peer = true,
	    .offline = true,
	    HIDDEN,
	    .headers = "In-Reply-To: <1@home.test>\r\n" REPLY,
	    .body = "Did you receive my mail?\r\n" },
	  NULL,
	  0 },
	{ "who was written to",
	  { FRAUD, .seen = 20, .wrote = true, .only = "wrote", .body = "Did you receive my mail?\r\n" },
	  NULL,
	  0 },
	{ "with a link",
	  { FRAUD, .body = "Did you receive my mail? https://sender.test/letter\r\n" },
	  NULL,
	  0 },
	{ "with a file",
	  { FRAUD, .body = "Did you receive my mail?\r\n", .file = "offer.txt", .file_bytes = STR_INIT("1") },
	  NULL,
	  0 },
	{ "it says something",
	  { FRAUD, .body = "The meeting is at nine in room four. Bring the plans.\r\n" },
	  NULL,
	  0 },
	{ "a short question of friends", { FRAUD, .body = "Are you there?\r\n" }, NULL, 0 },
	{ "a bounce", { FRAUD, .mail_from = "", .body = "Did you receive my mail?\r\n" }, NULL, 0 },
	{ "it is long",
	  { FRAUD,
	    .body =
		"Did you receive my mail?\r\n"
		"one two three four five six seven eight nine ten one two three four five six seven eight "
		"one two three four five six seven eight nine ten one two three four five six seven eight "
		"one two three four five six seven eight nine ten one two three four five six seven eight "
		"one two three four five six seven eight nine ten one two three four five six seven eight "
		"one two three four five six seven eight nine ten one two three four five six seven eight "
		"one two three four five six seven eight nine ten one two three four five six seven "
		"eight\r\n" },
	  NULL,
	  0 },
	{ "nothing", { FRAUD, .body = "\r\n" }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), WANT);
}

/* One trait never makes spam, nor does a question between people who know each other. */
static void test_verdict(void **state)
{
	static const struct {
		struct mail mail;
		bool spam;
	} mails[] = {
		{ { FRAUD, .body = "Can we do business?\r\n" }, true },
		{ { SUBJECT("Lunch"), .body = "Did you receive my email? Are you available?\r\n" }, false },
		{ { .body = "Did you receive my email? Are you available?\r\n" }, false },
		{ { SUBJECT("Lunch"), HIDDEN, .body = "Are you available on Sunday? Let me know.\r\n" },
		  false },
		{ { .from = "Dr Ann Lee <ann@sender.test>",
		    SUBJECT("Your letter"),
		    .body = "I have something important to discuss, please contact me.\r\n" },
		  false },
		{ { SUBJECT("Lunch"), .from = "Ann <ann.lee@gmail.com>",
		    .body = "I need your help, can we talk? Get back to me.\r\n" },
		  false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		enum disposition got = bench_verdict(&mails[i].mail);
		if ((got >= DISP_SPAM) != mails[i].spam)
			fail_msg("mail %zu: %d", i, (int)got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_verdict) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

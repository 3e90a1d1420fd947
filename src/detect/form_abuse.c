/*
 * An honest site's form, used by a stranger: whoever signs somebody else up, writes to a site in his name or tells him of an
 * article may say what he is called, and says a lure. The site then greets its victim with it, or repeats it as what was
 * asked, and its mail is proved. So who sent it and what was known of him say nothing here.
 *
 * Names have no links. What else forms say is people's own words, and counts only where it lures, in mail of a kind that forms
 * send.
 */
#include "detect/detect.h"

#include "base/utf8.h"
#include "detect/lure_line.h"
#include "detect/text.h"

#define LABEL_MOST 48 /* bytes before the colon */
#define NAME_WORDS 3  /* of a name that is greeted, at most */
#define SURE 1.0
#define LIKELY 0.7

enum place { PLACE_NONE, PLACE_GREETING, PLACE_NAME, PLACE_MESSAGE, PLACE_CHAT };

/* ---- what forms send ---- */

/* Folded, between spaces (text.h). */
static const char *const form_phrases[] = {
	" contact form ",
	" feedback form ",
	" enquiry form ",
	" inquiry form ",
	" thank you for contacting ",
	" thanks for contacting ",
	" thank you for your message ",
	" thanks for your message ",
	" thank you for reaching out ",
	" thanks for reaching out ",
	" thank you for your inquiry ",
	" thank you for your enquiry ",
	" thanks for your inquiry ",
	" thank you for getting in touch ",
	" thanks for getting in touch ",
	" we have received your ",
	" weve received your ",
	" your message has been received ",
	" has been received ",
	" received your support request ",
	" ticket has been created ",
	" your ticket ",
	" thanks for applying ",
	" thank you for applying ",
	" thank you for subscribing ",
	" thanks for subscribing ",
	" thank you for registering ",
	" thanks for registering ",
	" thank you for signing up ",
	" thanks for signing up ",
	" thanks for joining ",
	" thank you for joining ",
	" welcome to ",
	" confirm your subscription ",
	" confirm your email ",
	" confirm your account ",
	" confirm your registration ",
	" to confirm your ",
	" verify your email ",
	" verification code ",
	" activate your account ",
	" created an account ",
	" sent you a link ",
	" has sent you ",
	" friend sent you ",
	" shared with you ",
	" invited you ",
	" kontaktformular ",
	" danke fur ihre nachricht ",
	" vielen dank fur ihre anfrage ",
	" vielen dank fur ihre nachricht ",
	" danke fur ihre anmeldung ",
	" ihre anmeldung ",
	" bestatigen sie ihre ",
	" formulaire de contact ",
	" merci de nous avoir contacte ",
	" merci pour votre message ",
	" merci pour votre inscription ",
	" confirmer votre ",
	" formulario de contacto ",
	" gracias por contactar ",
	" gracias por contactarnos ",
	" gracias por su mensaje ",
	" gracias por registrarte ",
	" gracias por suscribirte ",
	" te ha enviado un ",
	" le ha enviado un ",
	" un amigo ",
	" confirma tu ",
	" formulario de contato ",
	" obrigado por entrar em contato ",
	" obrigado pelo contato ",
	" recebemos sua mensagem ",
	" confirme seu ",
	" confirme sua ",
	" modulo di contatto ",
	" grazie per averci contattato ",
	" grazie per il tuo messaggio ",
	" conferma la tua ",
	" contactformulier ",
	" bedankt voor uw bericht ",
	" bedankt voor je bericht ",
	" bevestig je ",
	" bevestig uw ",
	" formularz kontaktowy ",
	" formularza kontaktowego ",
	" dziekujemy za kontakt ",
	" potwierdz ",
	" форма обратной связи ",
	" формы обратной связи ",
	" спасибо за обращение ",
	" спасибо за регистрацию ",
	" подтвердите ",
	" お 問 い 合 わ せ ",
	" お 問 合 わ せ ",
	" メ ー ル フ ォ ー ム ",
	" 自 動 返 信 ",
	" ご 登 録 ",
	" 感 谢 您 的 ",
	" 联 系 表 单 ",
	" 确 认 您 的 ",
};

static const char *const chat_phrases[] = {
	" chat transcript ", " transcript of the chat ", " transcript of your chat ", " chat duration ",
	" chat protokoll ",  " transcription du chat ",  " transcripcion del chat ",
};

/* ---- where in it strangers write ---- */

static const char *const greetings[] = {
	"hi",           "hello",     "hey",   "dear",     "hallo",    "liebe",   "lieber",  "bonjour",
	"salut",        "cher",      "hola",  "estimado", "ola",      "prezado", "caro",    "ciao",
	"gentile",      "beste",     "hej",   "witaj",    "czesc",    "welcome", "merhaba", "привет",
	"здравствуйте", "уважаемый", "您 好", "你 好",    "亲 爱 的",
};

/* Folded, without spaces at the ends. */
static const char *const name_labels[] = {
	"name",       "your name",
	"full name",  "first name",
	"last name",  "from",
	"sender",     "submitted by",
	"subject",    "name vorname",
	"vorname",    "nachname",
	"ihr name",   "von",
	"absender",   "betreff",
	"nom",        "votre nom",
	"prenom",     "de",
	"expediteur", "sujet",
	"nombre",     "su nombre",
	"remitente",  "asunto",
	"nome",       "seu nome",
	"remetente",  "assunto",
	"mittente",   "oggetto",
	"naam",       "uw naam",
	"afzender",   "onderwerp",
	"imie",       "imie i nazwisko",
	"nadawca",    "temat",
	"имя",        "ваше имя",
	"от",         "отправитель",
	"тема",       "差 出 人",
	"お 名 前",   "名 前",
	"氏 名",      "ご 氏 名",
	"題 名",      "件 名",
	"姓 名",      "名 字",
	"发 件 人",   "主 题",
	"称 呼",
};
static const char *const message_labels[] = {
	"message",
	"message body",
	"your message",
	"comments",
	"comment",
	"question",
	"enquiry",
	"inquiry",
	"nachricht",
	"ihre nachricht",
	"kommentar",
	"votre message",
	"mensaje",
	"su mensaje",
	"comentario",
	"comentarios",
	"mensagem",
	"sua mensagem",
	"messaggio",
	"bericht",
	"uw bericht",
	"wiadomosc",
	"tresc",
	"сообщение",
	"текст сообщения",
	"メ ッ セ ー ジ",
	"メ ッ セ ー ジ 本 文",
	"お 問 い 合 わ せ 内 容",
	"内 容",
	"本 文",
	"留 言",
	"消 息",
};

/* Behind "Dear " and the like; SIZE_MAX: it is no greeting. */
static size_t behind_greeting(const struct scan *s, struct str line)
{
	size_t end = str_find_char(line, ' ', 0);

	if (end == SIZE_MAX || end > LABEL_MOST)
		return SIZE_MAX;
	struct str word = str_sub(line, 0, end), folded = str_trim(text_fold(s->arena, &word, 1));
	return text_is_any(folded, greetings, ARRAY_LEN(greetings)) ? end + 1 : SIZE_MAX;
}

/* Behind "Name:", of which *place says what it is; SIZE_MAX: there is no such label. */
static size_t behind_label(const struct scan *s, struct str line, enum place *place)
{
	size_t after, colon = text_colon(str_sub(line, 0, LABEL_MOST), 0, &after);

	if (colon == SIZE_MAX)
		return SIZE_MAX;
	struct str word = str_sub(line, 0, colon), folded = str_trim(text_fold(s->arena, &word, 1));
	if (text_is_any(folded, name_labels, ARRAY_LEN(name_labels)))
		*place = PLACE_NAME;
	else if (text_is_any(folded, message_labels, ARRAY_LEN(message_labels)))
		*place = PLACE_MESSAGE;
	else
		return SIZE_MAX;
	return after;
}

/* "Ann, see …": the name was over before. */
static bool is_over(const struct scan *s, struct str before)
{
	for (size_t i = 0; i + 1 < before.n; i++) {
		if (!strchr(",!.", before.p[i]) || !before.p[i] || before.p[i + 1] != ' ')
			continue;
		struct str name = str_sub(before, 0, i);
		if (text_word_count(text_fold(s->arena, &name, 1)) <= NAME_WORDS && str_is_ascii(name) &&
		    str_find_char(name, '$', 0) == SIZE_MAX)
			return true;
	}
	return false;
}

/* Behind what a name ends with, and signs around it, the greeting goes on. */
static bool goes_on(struct str behind)
{
	for (size_t at = 0; at < behind.n;) {
		size_t from = at;
		uint32_t cp = utf8_next(behind, &at);
		if (cp == ',' || cp == '!' || cp == '.' || cp == 0x3001 || cp == 0xff0c)
			return true;
		if (cp >= 0x80 ? cp >= 0x3000 && cp < 0x1f000 && cp != 0xfe0f
			       : !strchr(" ?*)'\"", behind.p[from]) || !behind.p[from])
			return false;
	}
	return false;
}

/* ---- what is a lure there ---- */

static double weigh(const struct lure_line *l, enum place place)
{
	bool pays = lure_line_pays(l), anybodys = lure_line_is_anybodys(l);

	if (l->link.n == 0)
		return 0;
	switch (place) {
	case PLACE_NONE:
		return 0;
	case PLACE_GREETING:
	case PLACE_NAME:
		return pays || l->meets || (l->calls && l->sign) || (anybodys && (l->calls || l->sign)) ? SURE
		       : l->calls || l->sign ? LIKELY
					     : 0;
	case PLACE_MESSAGE:
		return pays || (l->meets && anybodys)                                ? SURE
		       : anybodys && (l->gains || l->calls || l->sign || l->shouted) ? LIKELY
										     : 0;
	case PLACE_CHAT:
		return (pays && l->sign) || (anybodys && l->sign && (l->shouted || l->gains)) ? SURE : 0;
	}
	return 0;
}

struct best {
	struct lure_line line;
	enum place place;
	double score;
};

static void note(const struct scan *s, struct str words, enum place place, struct best *best)
{
	struct lure_line l = lure_line_read(s, words);
	double score = weigh(&l, place);

	if (place == PLACE_GREETING &&
	    (is_over(s, str_sub(words, 0, l.at)) || !goes_on(str_sub(words, l.at + l.link.n, words.n))))
		return;
	if (score > best->score)
		*best = (struct best){ l, place, score };
}

/* rest: of the text, where the line begins. */
static void look(const struct scan *s, struct str line, struct str rest, bool form, bool chat,
		 struct best *best)
{
	enum place place = PLACE_NONE;
	size_t greeted = form ? behind_greeting(s, line) : SIZE_MAX,
	       labelled = form ? behind_label(s, line, &place) : SIZE_MAX;

	if (greeted != SIZE_MAX)
		note(s, str_sub(line, greeted, line.n), PLACE_GREETING, best);
	else if (labelled != SIZE_MAX)
		note(s, str_sub(place == PLACE_MESSAGE ? rest : line, labelled, SIZE_MAX), place, best);
	else if (chat)
		note(s, line, PLACE_CHAT, best);
}

static void read_text(const struct scan *s, struct str text, bool form, bool chat, struct best *best)
{
	struct lure_lines lines = lure_lines_of(text);
	struct str line;

	while (lure_lines_next(&lines, &line))
		if (line.n > 0 && line.p[0] != '>')
			look(s, line, str_sub(lines.text, (size_t)(line.p - lines.text.p), lines.text.n),
			     form, chat, best);
}

static const char *const place_names[] = { [PLACE_NONE] = "",
					   [PLACE_GREETING] = "the greeting",
					   [PLACE_NAME] = "a field of the form",
					   [PLACE_MESSAGE] = "what was written to the form",
					   [PLACE_CHAT] = "what was written to the chat" };

static void run(const struct scan *s, struct findings *out)
{
	bool form = text_has_any(s->index, form_phrases, ARRAY_LEN(form_phrases)),
	     chat = text_has_any(s->index, chat_phrases, ARRAY_LEN(chat_phrases));
	struct best best = { .score = 0 };
	struct lure_texts texts = { .scan = s };
	struct str text;

	if (!form && !chat)
		return;
	while (lure_texts_next(&texts, &text))
		read_text(s, text, form, chat, &best);
	if (best.score <= 0)
		return;
	bool pays = lure_line_pays(&best.line);
	struct finding *f =
	    finding_add(out, pays ? "money" : "lure", pays ? DISP_SUSPICIOUS : DISP_SPAM, best.score,
			pays ? CAT_PRIZE_NOTIFICATION : CAT_CONTENT_SPAM,
			"A stranger used the form of a site to have it send a lure: what he filled in "
			"leads elsewhere.");
	finding_where(f, "body", "text", best.line.link);
	finding_detail(out, f, "%s leads from %.*s to %.*s%s%.*s", place_names[best.place],
		       STR_ARG(s->from.domain), STR_ARG(best.line.host), pays ? " and names " : "",
		       STR_ARG(best.line.sum));
}

const struct detector detect_form_abuse = {
	.name = "form_abuse",
	.family = FAMILY_CONTENT,
	.needs = NEED_FROM | NEED_WORDS,
	.run = run,
};

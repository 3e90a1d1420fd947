/*
 * What mail programs write in front of what is forwarded, in the languages they speak: the labels of the copied header, the
 * line that announces it, and the beginning of the subject. Folded as text.h folds, separated by "|".
 */
#include "detect/forward.h"

#include "detect/text.h"

/* clang-format off */
static const char *const labels[FORWARD_LABELS] = {
	[FORWARD_FROM] =
	    "from|von|de|da|van|fran|fra|lahettaja|od|nadawca|odesilatel|odosielatel|felado|de la"
	    "|expeditor|kimden|gonderen|от|от кого|отправитель|від|від кого|από|αποστολέας|差 出 人"
	    "|送 信 者|送 信 元|发 件 人|寄 件 者|寄 件 人|發 件 人|보낸 사람|보낸사람|발신|발신자|מאת|من|tu|nguoi gui|dari"
	    "|จ า ก|posiljatelj|salje|nuo|saatja|absender|expediteur|remitente|remetente|mittente"
	    "|afzender|avsandare|afsender|avsender|sender|sendt av",
	[FORWARD_DATE] =
	    "date|sent|date sent|sent on|gesendet|gesendet am|datum|envoye|envoye le|date denvoi"
	    "|enviado|enviado el|enviado em|enviada|enviada em|fecha|data|data de envio|inviato"
	    "|data invio|verzonden|verzonden op|skickat|sendt|dato|lahetetty|paivamaara|paivays"
	    "|pvm|wyslano|wyslane|odeslano|odoslane|kuldve|elkuldve|kuldes datuma|kuldes ideje"
	    "|trimis|trimis la|tarih|gonderildi|gonderilme tarihi|gonderim tarihi|gonderme tarihi"
	    "|отправлено|дата|дата отправки|надіслано|στάλθηκε|απεστάλη|ημερομηνία|送 信 日 時|送 信 日"
	    "|日 時|日 付|发 送 时 间|发 送 日 期|时 间|日 期|寄 件 日 期|傳 送 時 間|時 間|寄 送 時 間|보낸 날짜|날짜|보낸시간|보낸 시간"
	    "|נשלח|תאריך|تم الإرسال|أرسلت|التاريخ|da gui|ngay|gui|ngay gui|dikirim|tanggal|ส ่ ง"
	    "|ว ั น ท ี ่|poslano|poslato|изпратено|issiusta|nosutits|saadetud|kuupaev|enviat"
	    "|sent at|time",
	[FORWARD_TO] =
	    "to|an|a|para|aan|till|til|vastaanottaja|do|adresat|komu|cimzett|catre|kime|alici"
	    "|кому|до|προς|宛 先|收 件 人|收 件 者|받는 사람|받는사람|수신|수신자|אל|إلى|den|toi|kepada|ke|ถ ึ ง|prima"
	    "|za|kam|adressaat|saaja|per a|empfanger|destinataire|destinatario|ontvanger"
	    "|recipient|recipients",
	[FORWARD_SUBJECT] =
	    "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|amne|emne|aihe|otsikko|temat"
	    "|predmet|targy|subiect|konu|тема|относно|θέμα|件 名|題 名|主 题|主 題|主 旨|标 题|標 題|제목|נושא"
	    "|الموضوع|chu de|tieu de|perihal|subjek|เ ร ื ่ อ ง|zadeva|naslov|tema|teema|assumpte"
	    "|efni",
	[FORWARD_OTHER] =
	    "cc|bcc|kopie|copie|copia|kopia|kopi|kopio|kopie an|masolatot kap|masolat|bilgi|копия"
	    "|копія|κοιν|κοινοποίηση|抄 送|副 本|参 照|參 照|참조|עותק|نسخة|reply to|antwort an|repondre a"
	    "|responder a|rispondi a|antwoord aan|svara till|svar til|odpowiedz do|ответить|返 信 先"
	    "|回 复|回 覆|답장|importance|wichtigkeit|importancia|priorita|priority|prioritat"
	    "|prioridade|prioridad|belang|prioritet|attachments|anlagen|anlage|anexos|anexo"
	    "|pieces jointes|allegati|adjuntos|datos adjuntos|bijlagen|bilagor|vedhaftede filer"
	    "|zalaczniki|prilohy|添 付 フ ァ イ ル|附 件|첨부 파일|첨부|вложения|sensitivity|vertraulichkeit"
	    "|organization|organisation|ref|size|message id|return path",
};

/* Beginnings of words. */
static const char announced[] =
    "forward|weitergeleitet|transfere|reexpedi|reenviad|encaminhad"
    "|reencaminhad|inoltrat|doorgestuurd|vidarebefordra|videresend|edelleenlahet|valitet"
    "|przekaz|przeslan|preposl|predan|tovabbit|redirectionat|retransmis"
    "|transmis mai departe|yonlendiril|iletilen|пересыл|переслан|перенаправ|переадрес"
    "|препрат|προωθ|転 送|转 发|轉 寄|轉 發|전달|הועבר|מועבר|معاد توجيه|محول|chuyen tiep|diteruskan"
    "|ส ่ ง ต ่ อ|proslije|posredovan|persiust|parsut|edastatud|reenviat|aframsen";

static const char marks[] =
    "fw|fwd|enc|wg|tr|rv|i|doorst|vs|vb|vl|pd|pr|tovabbitas|tov|redir|ilt|yonl|пер|πρθ"
    "|转 发|轉 寄|轉 發|転 送|전달|הועבר|trs|reenv|encaminhado|inoltrato|forwarded|forward"
    "|weitergeleitet|пересл|prosl|pers|edasi";

static const char answer_marks[] =
    "re|aw|sv|antw|odp|res|r|rif|ynt|回 复|答 复|回 覆|返 信|답장|на|отв|atb|bls|va|απ|σχετ|ref"
    "|resp";
/* clang-format on */

static bool is_listed(struct str word, const char *list)
{
	struct str all = str_of(list);

	for (size_t at = 0; (at = str_find(all, word, at)) != SIZE_MAX; at++)
		if ((at == 0 || all.p[at - 1] == '|') && (at + word.n == all.n || all.p[at + word.n] == '|'))
			return true;
	return false;
}

enum forward_label forward_label_of(struct str folded)
{
	if (folded.n == 0 || folded.n > FORWARD_LABEL_MOST)
		return FORWARD_NOTHING;
	for (int i = FORWARD_FROM; i < FORWARD_LABELS; i++)
		if (is_listed(folded, labels[i]))
			return (enum forward_label)i;
	return FORWARD_NOTHING;
}

bool forward_is_announced(struct str folded)
{
	struct str all = str_of(announced);

	for (size_t at = 0; at < all.n;) {
		size_t end = str_find_char(all, '|', at);
		struct str stem = str_sub(all, at, end);
		size_t seen = str_find(folded, stem, 0);
		if (seen != SIZE_MAX && (seen == 0 || folded.p[seen - 1] == ' '))
			return true;
		at = end == SIZE_MAX ? all.n : end + 1;
	}
	return false;
}

bool forward_is_mark(struct str folded)
{
	return is_listed(folded, marks);
}

bool forward_is_answer_mark(struct str folded)
{
	return is_listed(folded, answer_marks);
}

struct str forward_subject_mark(struct arena *a, struct str subject)
{
	size_t after, end = text_colon(subject, 0, &after);
	struct str before = str_sub(subject, 0, end);

	return end > FORWARD_LABEL_MOST ? STR_NONE : str_trim(text_fold(a, &before, 1));
}

/* Reading a line for what lures. */
#include "detect/lure_line.h"

#include "base/abnf.h"
#include "base/domain.h"
#include "base/utf8.h"
#include "detect/detect.h"
#include "detect/owners.h"
#include "detect/text.h"

#define DIGITS_MOST 12 /* more is no sum */
#define DIGITS_LEAST 3 /* hundreds: what a lunch costs lures nobody */
#define SHOUTED_WORDS 3
#define SHOUTED_LETTERS 3

/* ---- where they stand ---- */

#define TEXTS_MOST 4
#define TEXT_MOST 8192 /* bytes of each */
#define LINES_MOST 200

bool lure_texts_next(struct lure_texts *t, struct str *out)
{
	const struct mime_content *c = t->scan->content;

	while (t->at < c->texts.n && t->read < TEXTS_MOST) {
		const struct mime_text *text = &c->texts.v[t->at++];
		if (text->nested)
			continue;
		t->read++;
		*out = mime_text_shown(text);
		return true;
	}
	return false;
}

struct lure_lines lure_lines_of(struct str text)
{
	return (struct lure_lines){ .text = utf8_cut(text, TEXT_MOST) };
}

bool lure_lines_next(struct lure_lines *l, struct str *out)
{
	size_t from = l->at, end;

	if (l->read >= LINES_MOST || from >= l->text.n)
		return false;
	end = str_find_char(l->text, '\n', from);
	end = end == SIZE_MAX ? l->text.n : end;
	l->at = end + 1;
	l->read++;
	*out = str_trim(str_sub(l->text, from, end));
	return true;
}

/* ---- links ---- */

static bool is_link_byte(unsigned char c)
{
	return abnf_is_alnum(c) || (c && strchr("-._~:/?#[]@!$&'*+,;=%", c));
}

/* The host of "https://host/path", "www.host" or "host/path"; "" = the text is no link. */
static struct str host_of(const struct scan *s, struct str text, struct str *link)
{
	size_t scheme = str_find(text, STR("://"), 0), from = 0;

	if (scheme != SIZE_MAX) {
		from = scheme;
		while (from > 0 && abnf_is_alpha((unsigned char)text.p[from - 1]))
			from--;
		*link = str_sub(text, from, text.n);
		return str_starts_nocase(*link, STR("http"))
			   ? domain_leading(str_sub(text, scheme + 3, text.n))
			   : STR_NONE;
	}
	while (from < text.n && !abnf_is_alnum((unsigned char)text.p[from]))
		from++;
	*link = str_sub(text, from, text.n);
	struct str host = domain_leading(*link);
	bool path = host.n + 1 < link->n && link->p[host.n] == '/';
	if (str_find_char(host, '.', 0) == SIZE_MAX || !(path || str_starts_nocase(host, STR("www."))))
		return STR_NONE;
	return domain_suffix_is_known(s->arena, domain_fold(s->arena, host)) ? host : STR_NONE;
}

static bool is_of_house(const struct scan *s, struct str host)
{
	if (sender_is_own_domain(s, host) || domain_same_owner(s->arena, host, s->from.domain) ||
	    (s->envelope.domain.n > 0 && domain_same_owner(s->arena, host, s->envelope.domain)) ||
	    (s->reply_to.domain.n > 0 && domain_same_owner(s->arena, host, s->reply_to.domain)))
		return true;
	for (size_t i = 0; i < s->proof.dkim_domains.n; i++)
		if (domain_same_owner(s->arena, host, s->proof.dkim_domains.v[i]))
			return true;
	return false;
}

static void find_link(const struct scan *s, struct str text, struct lure_line *l)
{
	for (size_t at = 0; at < text.n && l->link.n == 0;) {
		size_t from = at;
		while (at < text.n && is_link_byte((unsigned char)text.p[at]))
			at++;
		struct str link = STR_NONE, host = host_of(s, str_sub(text, from, at), &link);
		while (link.n > 0 && strchr(".,;:!?)]*'", link.p[link.n - 1]))
			link.n--; /* of the sentence around it */
		if (host.n > 0) {
			host = domain_fold(s->arena, host);
			if (!is_of_house(s, host)) {
				l->link = link;
				l->host = host;
				l->kind = host_kind(host);
				l->cheap = host_is_cheap(owner_of(s, host));
				l->at = (size_t)(link.p - text.p);
			}
		}
		at += at == from;
	}
}

/* ---- sums ---- */

static const char *const currencies[] = {
	"$",
	"\xe2\x82\xac" /* euro */,
	"\xc2\xa3" /* pound */,
	"\xc2\xa5" /* yen */,
	"\xef\xbf\xa5" /* wide yen */,
	"\xe2\x82\xbd" /* rouble */,
	"\xe2\x82\xbf" /* bitcoin */,
	"\xe2\x82\xb9" /* rupee */,
	"\xe2\x82\xa9" /* won */,
	"\xe2\x82\xba" /* lira */,
	"\xe2\x82\xb4" /* hryvnia */,
	"\xe4\xb8\x87",
	"\xe8\x90\xac",
	"\xe5\x85\x83",
	"\xe5\x86\x86",
	"\xec\x9b\x90",
	"usd",
	"eur",
	"btc",
	"eth",
	"usdt",
	"rub",
	"gbp",
	"bitcoin",
	"dollar",
	"\xd1\x80\xd1\x83\xd0\xb1",
};

/* The currency that the text begins or ends with; 0 = none. Those of letters are whole words, or beginnings of words. */
static size_t currency_at(struct str text, bool end)
{
	for (size_t i = 0; i < ARRAY_LEN(currencies); i++) {
		struct str c = str_of(currencies[i]);
		if (end ? !str_ends_nocase(text, c) : !str_starts_nocase(text, c))
			continue;
		bool letters = abnf_is_alpha((unsigned char)c.p[0]);
		if (end && letters && text.n > c.n && abnf_is_alpha((unsigned char)text.p[text.n - c.n - 1]))
			continue;
		return c.n;
	}
	return 0;
}

static bool is_digit(struct str text, size_t at)
{
	return at < text.n && abnf_is_digit((unsigned char)text.p[at]);
}

/* Behind the digits and what groups them; *digits: of the whole, without cents. */
static size_t number_end(struct str text, size_t at, size_t *digits)
{
	size_t group = 0;

	*digits = 0;
	for (;; at++) {
		if (is_digit(text, at)) {
			group++;
			++*digits;
		} else if (at < text.n && strchr(".,' ", text.p[at]) && text.p[at] &&
			   is_digit(text, at + 1)) {
			group = 0;
		} else {
			break;
		}
	}
	if (group > 0 && group < 3 && *digits > group)
		*digits -= group;
	return at;
}

static struct str without_blank(struct str s, bool end)
{
	if (s.n > 0 && (end ? s.p[s.n - 1] : s.p[0]) == ' ')
		return end ? str_sub(s, 0, s.n - 1) : str_sub(s, 1, s.n);
	return s;
}

static bool ends_with_plus(struct str s)
{
	s = without_blank(s, true);
	return s.n > 0 && s.p[s.n - 1] == '+';
}

static void note_sum(struct lure_line *l, struct str text, size_t from, size_t to, size_t digits)
{
	struct str before = without_blank(str_sub(text, 0, from), true),
		   behind = without_blank(str_sub(text, to, text.n), false);
	size_t left = currency_at(before, true), right = currency_at(behind, false);
	/* ten thousands are one character in Chinese and Japanese, and coins are dear */
	bool dear = right > 0 && (behind.p[0] == '\xe4' || behind.p[0] == '\xe8' ||
				  ascii_lower(behind.p[0]) == 'b' || str_starts(behind, STR("\xe2\x82\xbf")));

	/* "$750m" is news */
	if (right == 0 && behind.n > 0 && behind.p == text.p + to &&
	    abnf_is_alpha((unsigned char)behind.p[0]) && ascii_lower(behind.p[0]) != 'k')
		return;
	if ((left == 0 && right == 0) || digits > DIGITS_MOST || (digits < DIGITS_LEAST && !dear))
		return;
	bool credited = ends_with_plus(str_sub(text, 0, from)) ||
			(left > 0 && ends_with_plus(str_sub(before, 0, before.n - left)));
	if (l->sum.n > 0 && !credited)
		return;
	size_t begin = left > 0 ? before.n - left : from,
	       end = right > 0 ? (size_t)(behind.p - text.p) + right : to;
	l->sum = str_sub(text, begin, end);
	l->credited |= credited;
}

/* Not in links, whose numbers are names. */
static void find_sum(struct str text, struct lure_line *l)
{
	for (size_t at = 0; at < text.n;) {
		if (l->link.n > 0 && at >= l->at && at < l->at + l->link.n) {
			at = l->at + l->link.n;
			continue;
		}
		bool inside =
		    at > 0 && (abnf_is_alnum((unsigned char)text.p[at - 1]) || text.p[at - 1] == '/');
		if (!is_digit(text, at) || inside) {
			at++;
			continue;
		}
		size_t digits, end = number_end(text, at, &digits);
		note_sum(l, text, at, end, digits);
		at = end;
	}
}

/* ---- words ---- */

/* Folded, between spaces (text.h). */
static const char *const gain_words[] = {
	" withdraw ",     " withdrawal ",
	" withdrawn ",    " payout ",
	" pay out ",      " payment ",
	" payments ",     " credited ",
	" deposited ",    " replenished ",
	" balance ",      " transfer ",
	" transfers ",    " transferred ",
	" to your card ", " your card ",
	" your account ", " bonus ",
	" prize ",        " won ",
	" win ",          " earn ",
	" earned ",       " earnings ",
	" income ",       " profit ",
	" per day ",      " a day ",
	" per week ",     " per hour ",
	" daily ",        " cashback ",
	" cash back ",    " donation ",
	" donate ",       " millionar ",
	" millionare ",   " millionaires ",
	" billionaire ",  " milliardar ",
	" millionaire ",  " millionario ",
	" grant ",        " compensation ",
	" refund ",       " reward ",
	" received ",     " receive ",
	" claim ",        " get money ",
	" need to move ", " airdrop ",
	" auszahlung ",   " auszahlen ",
	" guthaben ",     " gutgeschrieben ",
	" uberweisung ",  " gewinn ",
	" gewonnen ",     " verdienen ",
	" pro tag ",      " pro woche ",
	" retirer ",      " retrait ",
	" solde ",        " virement ",
	" gagner ",       " gagne ",
	" par jour ",     " recevez ",
	" retirar ",      " retiro ",
	" saldo ",        " transferencia ",
	" gana ",         " ganar ",
	" ganado ",       " al dia ",
	" por dia ",      " premio ",
	" saque ",        " sacar ",
	" ganhe ",        " ganhar ",
	" ganhou ",       " prelievo ",
	" prelevare ",    " bonifico ",
	" guadagna ",     " guadagnare ",
	" vinto ",        " al giorno ",
	" opnemen ",      " uitbetaling ",
	" tegoed ",       " verdien ",
	" gewonnen ",     " per dag ",
	" wyplata ",      " wyplac ",
	" przelew ",      " zarabiaj ",
	" wygrana ",      " dziennie ",
	" вывод ",        " вывести ",
	" выплата ",      " выплаты ",
	" перевод ",      " баланс ",
	" зачислено ",    " начислено ",
	" заработок ",    " заработать ",
	" выигрыш ",      " на карту ",
	" в день ",       " бонус ",
	" odeme ",        " kazan ",
	" kazandin ",     " bakiye ",
	" gunde ",        " 提 现 ",
	" 提 款 ",        " 余 额 ",
	" 到 账 ",        " 赢 了 ",
	" 充 值 ",        " 奖 金 ",
	" 红 包 ",        " 日 入 ",
	" 出 金 ",        " 残 高 ",
	" 入 金 ",        " 振 込 ",
	" 当 選 ",        " 稼 ",
	" 日 給 ",
};

static const char *const meet_words[] = {
	" want to meet you ",
	" wants to meet you ",
	" would like to meet you ",
	" is interested in you ",
	" interested in you ",
	" looking for you ",
	" waiting for you ",
	" is waiting to meet ",
	" unread messages from ",
	" unread message from ",
	" new message from ",
	" wants to chat ",
	" want to chat ",
	" likes your profile ",
	" liked your profile ",
	" sent you a photo ",
	" sent you photos ",
	" private photos ",
	" my photos ",
	" sex ",
	" girls ",
	" dating ",
	" will dich treffen ",
	" mochte dich treffen ",
	" mochte dich kennenlernen ",
	" veut te rencontrer ",
	" quiere conocerte ",
	" quer te conhecer ",
	" vuole conoscerti ",
	" wil je ontmoeten ",
	" chce cie poznac ",
	" хочет познакомиться ",
	" хочет встретиться ",
	" ждет тебя ",
};

static const char *const call_words[] = {
	" click here ",   " click now ",    " click this ",   " more info ",  " more information ",
	" info here ",    " details here ", " see here ",     " go here ",    " go to ",
	" open here ",    " join here ",    " start here ",   " get it ",     " get free ",
	" for free ",     " accept your ",  " confirm here ", " visit ",      " klicke hier ",
	" hier klicken ", " mehr infos ",   " cliquez ici ",  " clique ici ", " haz clic ",
	" haga clic ",    " clique aqui ",  " clicca qui ",   " klik hier ",  " kliknij ",
	" жми ",          " нажми ",        " перейди ",      " подробнее ",  " 点 击 ",
	" 网 站 ",        " 网 址 ",
};

/* Pictures, arrows and the like, by the blocks of Unicode they stand in. */
static bool is_sign(uint32_t cp)
{
	return (cp >= 0x2190 && cp <= 0x21ff) || (cp >= 0x25a0 && cp <= 0x27bf && cp != 0x2713) ||
	       (cp >= 0x2b00 && cp <= 0x2bff) || (cp >= 0x1f000 && cp <= 0x1faff);
}

static bool has_sign(struct str text)
{
	if (str_find(text, STR(">>"), 0) != SIZE_MAX || str_find(text, STR("=>"), 0) != SIZE_MAX ||
	    str_find(text, STR("->"), 0) != SIZE_MAX)
		return true;
	for (size_t at = 0; at < text.n;)
		if ((unsigned char)text.p[at] < 0x80)
			at++;
		else if (is_sign(utf8_next(text, &at)))
			return true;
	return false;
}

static bool is_shouted(struct str text)
{
	size_t words = 0, letters = 0;

	for (size_t i = 0; i <= text.n; i++) {
		unsigned char c = i < text.n ? (unsigned char)text.p[i] : ' ';
		if (c >= 'A' && c <= 'Z') {
			letters++;
		} else if (c >= 'a' && c <= 'z') {
			letters = 0;
			while (i + 1 < text.n && abnf_is_alpha((unsigned char)text.p[i + 1]))
				i++;
		} else {
			words += letters >= SHOUTED_LETTERS;
			letters = 0;
		}
	}
	return words >= SHOUTED_WORDS;
}

static void look_for_words(struct str folded, struct lure_line *l)
{
	struct text_index index;

	text_index_make(&index, folded);
	l->gains = text_has_any(&index, gain_words, ARRAY_LEN(gain_words));
	l->meets = text_has_any(&index, meet_words, ARRAY_LEN(meet_words));
	l->calls = text_has_any(&index, call_words, ARRAY_LEN(call_words));
}

struct lure_line lure_line_read(const struct scan *s, struct str text)
{
	struct lure_line l = { 0 };

	text = utf8_cut(text, LURE_LINE_MOST);
	find_link(s, text, &l);
	if (l.link.n == 0)
		return l;
	find_sum(text, &l);
	struct str around = ARENA_JOIN(s->arena, str_sub(text, 0, l.at), STR(" "),
				       str_sub(text, l.at + l.link.n, text.n)),
		   folded = text_fold(s->arena, &around, 1);
	look_for_words(folded, &l);
	l.sign = has_sign(around);
	l.shouted = is_shouted(around);
	return l;
}

bool lure_line_pays(const struct lure_line *l)
{
	return l->link.n > 0 && l->sum.n > 0 && (l->credited || l->gains || l->sign);
}

bool lure_line_is_anybodys(const struct lure_line *l)
{
	return l->cheap || (l->kind != HOST_OTHER && l->kind != HOST_MAILER);
}

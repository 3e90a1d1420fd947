/* Facts collected by hand from the providers' own pages, November 2026. */
#include "detect/lists.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/domain.h"

/* clang-format off */
/* In the order of bytes: every mail asks for some of them many times. */
static const char *const free_mail[] = {
	"126.com", "139.com", "163.com", "21cn.com", "abv.bg", "accountant.com", "aim.com", "alice.it", "aliyun.com",
	"aol.com", "asia.com", "att.net", "azet.sk", "bellsouth.net", "bigpond.com", "bk.ru", "bluewin.ch",
	"bol.com.br", "btinternet.com", "centrum.cz", "citromail.hu", "comcast.net", "consultant.com", "cox.net",
	"daum.net", "diplomats.com", "email.com", "email.cz", "engineer.com", "europe.com", "execs.com",
	"fastmail.com", "financier.com", "foxmail.com", "free.fr", "freemail.hu", "freenet.de", "gmail.com", "gmx.at",
	"gmx.ch", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hanmail.net", "home.nl", "hotmail.be",
	"hotmail.ca", "hotmail.co.uk", "hotmail.com", "hotmail.com.br", "hotmail.de", "hotmail.es", "hotmail.fr",
	"hotmail.it", "hotmail.nl", "hotmail.se", "i.ua", "icloud.com", "iname.com", "inbox.lt", "inbox.lv",
	"inbox.ru", "interia.pl", "inwind.it", "juno.com", "kakao.com", "laposte.net", "lawyer.com", "libero.it",
	"list.ru", "live.be", "live.ca", "live.co.uk", "live.com", "live.com.au", "live.dk", "live.fr", "live.it",
	"live.nl", "live.se", "lycos.com", "mac.com", "mail.bg", "mail.com", "mail.ee", "mail.ru", "me.com",
	"meta.ua", "msn.com", "naver.com", "neuf.fr", "o2.pl", "onet.pl", "op.pl", "orange.fr", "outlook.be",
	"outlook.com", "outlook.com.br", "outlook.de", "outlook.dk", "outlook.es", "outlook.fr", "outlook.ie",
	"outlook.it", "outlook.jp", "outlook.pt", "planet.nl", "pm.me", "poczta.fm", "post.com", "proton.me",
	"protonmail.com", "qq.com", "rambler.ru", "rediffmail.com", "representative.com", "rocketmail.com", "sapo.pt",
	"sbcglobal.net", "seznam.cz", "sfr.fr", "sina.cn", "sina.com", "skynet.be", "sohu.com",
	"t-online.de", "telenet.be", "terra.com.br", "tin.it", "tiscali.it", "tuta.io", "tutamail.com",
	"tutanota.com", "ukr.net", "uol.com.br", "usa.com", "verizon.net", "virgilio.it", "vp.pl", "walla.co.il",
	"walla.com", "wanadoo.fr", "web.de", "workmail.com", "wp.pl", "yahoo.ca", "yahoo.co.id", "yahoo.co.in",
	"yahoo.co.jp", "yahoo.co.nz", "yahoo.co.uk", "yahoo.co.za", "yahoo.com", "yahoo.com.ar", "yahoo.com.au",
	"yahoo.com.br", "yahoo.com.hk", "yahoo.com.mx", "yahoo.com.ph", "yahoo.com.sg", "yahoo.com.tw",
	"yahoo.com.vn", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.gr", "yahoo.ie", "yahoo.it", "yahoo.pl",
	"yahoo.ro", "yahoo.se", "yandex.by", "yandex.com", "yandex.com.tr", "yandex.kz", "yandex.ru", "yandex.ua",
	"yeah.net", "ymail.com", "ziggo.nl", "zoho.com", "zohomail.com", "zohomail.eu",
};

static const char *const wrappers[] = {
	"cudasvc.com", "mimecast.com", "mimecastprotect.com", "protection.outlook.com", "protection.sophos.com",
	"proofpoint.com", "secure-web.cisco.com", "trendmicro.com", "urldefense.com", "urlsand.com",
};
/* clang-format on */

const char *const *list_free_mail(size_t *n_out)
{
	*n_out = ARRAY_LEN(free_mail);
	return free_mail;
}

static int compare(const void *owner, const void *domain)
{
	return str_cmp(*(const struct str *)owner, str_of(*(const char *const *)domain));
}

bool list_is_free_mail(struct str owner)
{
	return bsearch(&owner, free_mail, ARRAY_LEN(free_mail), sizeof(free_mail[0]), compare) != NULL;
}

bool list_is_link_wrapper(struct str host)
{
	for (size_t i = 0; i < ARRAY_LEN(wrappers); i++)
		if (domain_is_within(host, str_of(wrappers[i])))
			return true;
	return false;
}

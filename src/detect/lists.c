/* Facts collected by hand from the providers' own pages, November 2026. */
#include "detect/lists.h"

#include "base/attr.h"
#include "base/domain.h"

/* clang-format off */
static const char *const free_mail[] = {
	"126.com", "163.com", "aim.com", "aol.com", "bk.ru", "bol.com.br", "comcast.net", "email.com", "fastmail.com",
	"free.fr", "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "googlemail.com",
	"hotmail.co.uk", "hotmail.com", "hotmail.de", "hotmail.es", "hotmail.fr", "hotmail.it", "icloud.com",
	"inbox.lv", "inbox.ru", "interia.pl", "laposte.net", "libero.it", "list.ru", "live.co.uk", "live.com",
	"live.fr", "live.nl", "mac.com", "mail.com", "mail.ru", "me.com", "msn.com", "naver.com", "o2.pl",
	"op.pl", "orange.fr", "outlook.com", "outlook.de", "outlook.es", "outlook.fr", "pm.me", "proton.me",
	"protonmail.com", "qq.com", "rediffmail.com", "rocketmail.com", "seznam.cz", "sina.com", "t-online.de",
	"terra.com.br", "tutanota.com", "tuta.io", "uol.com.br", "virgilio.it", "web.de", "wp.pl", "yahoo.ca",
	"yahoo.co.in", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com", "yahoo.com.br", "yahoo.de", "yahoo.es",
	"yahoo.fr", "yahoo.it", "yandex.com", "yandex.ru", "ymail.com", "zoho.com",
};

static const char *const wrappers[] = {
	"cudasvc.com", "mimecast.com", "mimecastprotect.com", "protection.outlook.com", "protection.sophos.com",
	"proofpoint.com", "secure-web.cisco.com", "trendmicro.com", "urldefense.com", "urlsand.com",
};
/* clang-format on */

bool list_is_free_mail(struct str owner)
{
	for (size_t i = 0; i < ARRAY_LEN(free_mail); i++)
		if (str_eq(owner, str_of(free_mail[i])))
			return true;
	return false;
}

bool list_is_link_wrapper(struct str host)
{
	for (size_t i = 0; i < ARRAY_LEN(wrappers); i++)
		if (domain_is_within(host, str_of(wrappers[i])))
			return true;
	return false;
}

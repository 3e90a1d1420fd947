/*
 * Houses that send receipts, tickets, statements and letters of their own to great numbers of people, and prove it. Facts
 * from their own pages and mail, November 2026.
 *
 * Not here is whoever sends in other people's words or for other people, though he may be as well known: services that
 * share, invite, invoice, sign or answer (Google, Microsoft, PayPal, DocuSign, Dropbox, Booking, eBay, LinkedIn, Facebook),
 * mailing services, and houses that give mailboxes away. What a stranger can have them send is no better for that.
 */
#include "detect/managed_senders.h"

#include <stdlib.h>

#include "base/attr.h"

/* clang-format off */
static const char *const houses[] = { /* in order of name; each a registrable domain */
	"aa.com", "accor.com", "adidas.com", "airfrance.com", "aldi-sued.de", "alza.cz", "amazon.ca", "amazon.co.jp",
	"amazon.co.uk", "amazon.com", "amazon.com.au", "amazon.com.br", "amazon.de", "amazon.es", "amazon.fr",
	"amazon.in", "amazon.it", "amazon.nl", "amazon.se", "americanexpress.com", "apple.com", "argos.co.uk",
	"asos.com", "att.com", "audible.com", "bahn.de", "bankofamerica.com", "barclays.co.uk", "bestbuy.com",
	"bloomberg.com", "bol.com", "boots.com", "bpost.be", "britishairways.com", "capitalone.com", "cdiscount.com",
	"chase.com", "citi.com", "cloudflare.com", "coolblue.nl", "correos.es", "corriere.it", "costco.com",
	"coursera.org", "cvs.com", "decathlon.com", "decathlon.fr", "delta.com", "dhl.com", "dhl.de",
	"digitalocean.com", "discover.com", "disneyplus.com", "dm.de", "doordash.com", "douglas.de", "dowjones.com",
	"dpd.com", "dpd.de", "duolingo.com", "easyjet.com", "economist.com", "elpais.com", "emirates.com",
	"epicgames.com", "expedia.com", "faz.net", "fedex.com", "fidelity.com", "fnac.com", "ft.com", "gap.com",
	"gls-group.eu", "godaddy.com", "grubhub.com", "hbomax.com", "hetzner.com", "hilton.com", "hm.com",
	"homedepot.com", "hotels.com", "hsbc.co.uk", "hulu.com", "hyatt.com", "ihg.com", "ikea.com", "ing.com",
	"ing.de", "instacart.com", "ionos.com", "ionos.de", "jetblue.com", "johnlewis.co.uk", "khanacademy.org",
	"klarna.com", "klm.com", "kohls.com", "ldlc.com", "lemonde.fr", "letsencrypt.org", "lidl.de",
	"lloydsbank.co.uk", "lowes.com", "lufthansa.com", "lyft.com", "macys.com", "marriott.com", "mediamarkt.de",
	"n26.com", "namecheap.com", "netflix.com", "nike.com", "nikkei.com", "nintendo.com", "nintendo.net",
	"nordstrom.com", "norwegian.com", "nytimes.com", "otto.de", "ovhcloud.com", "playstation.com",
	"poczta-polska.pl", "post.at", "post.ch", "poste.it", "postnl.nl", "rakuten.co.jp", "repubblica.it",
	"revolut.com", "rewe.de", "royalmail.com", "ryanair.com", "sainsburys.co.uk", "samsclub.com", "saturn.de",
	"schwab.com", "sephora.com", "sncf-connect.com", "sonyentertainmentnetwork.com", "southwest.com",
	"spiegel.de", "spotify.com", "starbucks.com", "steampowered.com", "swiss.com", "t-mobile.com", "target.com",
	"telekom.de", "tesco.com", "theguardian.com", "thetrainline.com", "ticketmaster.co.uk", "ticketmaster.com",
	"ticketmaster.de", "uber.com", "udemy.com", "uniqlo.com", "united.com", "ups.com", "usbank.com", "usps.com",
	"verizon.com", "vodafone.de", "walgreens.com", "walmart.com", "washingtonpost.com", "wayfair.com",
	"wellsfargo.com", "wise.com", "wsj.com", "yodobashi.com", "zalando.de", "zara.com", "zeit.de",
};
/* clang-format on */

const char *const *managed_senders(size_t *n_out)
{
	*n_out = ARRAY_LEN(houses);
	return houses;
}

static int compare(const void *owner, const void *house)
{
	return str_cmp(*(const struct str *)owner, str_of(*(const char *const *)house));
}

bool managed_sender_is(struct str owner)
{
	return bsearch(&owner, houses, ARRAY_LEN(houses), sizeof(houses[0]), compare) != NULL;
}

/* Threat categories. */
#include "model/category.h"

static const struct category_text texts[CAT_COUNT] = {
#define C(id, name, text) [id] = { STR_INIT(name), STR_INIT(text) }
	C(CAT_NONE, "", ""),
	C(CAT_IP_REPUTATION, "IPReputation", "The sending address is known for unwanted mail."),
	C(CAT_ASN_REPUTATION, "ASNReputation", "The sending network is known for unwanted mail."),
	C(CAT_DOMAIN_REPUTATION, "DomainReputation", "A domain in the message is known for unwanted mail."),
	C(CAT_DOMAIN_AGE, "DomainAge", "A domain in the message is new, to the world or to this account."),
	C(CAT_LOOKALIKE_DOMAIN, "LookalikeDomain", "A domain resembles a protected or well-known one."),
	C(CAT_HOMOGRAPH, "Homograph", "A name uses characters that look like others."),
	C(CAT_DOMAIN_SPOOF, "DomainSpoof", "The message claims a domain it was not sent by."),
	C(CAT_ENVELOPE_MISMATCH, "EnvelopeMismatch", "The envelope sender and the From header disagree."),
	C(CAT_AUTH_FAILURE, "AuthFailure", "The sender's own authentication policy fails."),
	C(CAT_NAME_IMPERSONATION, "NameImpersonation", "The display name imitates a person."),
	C(CAT_BRAND_IMPERSONATION, "BrandImpersonation", "The message imitates a brand."),
	C(CAT_BEC, "BEC", "Business e-mail compromise: a request in somebody else's name."),
	C(CAT_VENDOR_COMPROMISE, "VendorCompromise", "A supplier's account or name is abused."),
	C(CAT_THREAD_HIJACK, "ThreadHijack", "A conversation is faked or taken over."),
	C(CAT_CREDENTIAL_HARVESTER, "CredentialHarvester",
	  "The message leads to a page that collects passwords."),
	C(CAT_MALICIOUS_LINK, "MaliciousLink", "A link leads to a harmful page."),
	C(CAT_LINK_OBFUSCATION, "LinkObfuscation", "A link hides where it leads."),
	C(CAT_OPEN_REDIRECT, "OpenRedirect", "A link abuses a trusted site to lead elsewhere."),
	C(CAT_SHORTENED_LINK, "ShortenedLink", "A link goes through a shortening service."),
	C(CAT_QR_CODE, "QRCode", "A link is hidden in a picture."),
	C(CAT_MALWARE, "Malware", "An attachment is harmful."),
	C(CAT_DROPPER, "Dropper", "An attachment fetches or unpacks harmful code."),
	C(CAT_MACRO_DOCUMENT, "MacroDocument", "An attached document carries macros."),
	C(CAT_HTML_SMUGGLING, "HTMLSmuggling", "A page builds a file inside the browser."),
	C(CAT_ENCRYPTED_ATTACHMENT, "EncryptedAttachment", "An attachment could not be opened."),
	C(CAT_HTML_ATTACHMENT, "HTMLAttachment", "A web page is attached."),
	C(CAT_EXECUTABLE_ATTACHMENT, "ExecutableAttachment", "An attachment is a program or script."),
	C(CAT_CALLBACK_PHISH, "CallbackPhish", "The message wants the reader to telephone."),
	C(CAT_EXTORTION, "Extortion", "The message threatens the reader."),
	C(CAT_PAYROLL_CHANGE, "PayrollChange", "The message wants bank details of a salary changed."),
	C(CAT_GIFT_CARD, "GiftCard", "The message asks for gift cards."),
	C(CAT_INVOICE_FRAUD, "InvoiceFraud", "The message carries or announces a doubtful invoice."),
	C(CAT_BLANK_EMAIL, "BlankEmail", "The message has nothing in it."),
	C(CAT_SALES_OUTREACH, "SalesOutreach", "The message is unasked-for selling."),
	C(CAT_PRIZE_NOTIFICATION, "PrizeNotification", "The message promises a prize or an inheritance."),
	C(CAT_BULK_MAIL, "BulkMail", "The message is a newsletter or advertising to many."),
	C(CAT_CONTENT_SPAM, "ContentSpam", "The text reads like known spam."),
	C(CAT_CALENDAR_INVITE, "CalendarInvite", "The message is an invitation to a meeting."),
	C(CAT_POLICY_BLOCK, "PolicyBlock", "A policy of this account blocks it."),
	C(CAT_CAMPAIGN_MATCH, "CampaignMatch", "The message belongs to a known campaign."),
	C(CAT_EMAIL_BOMB, "EmailBomb", "The reader is being flooded with mail."),
#undef C
};

const struct category_text *category_text(int id)
{
	ASSERT(id > 0 && id < CAT_COUNT);
	return &texts[id];
}

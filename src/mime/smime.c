/* Opening CMS with OpenSSL. */
#include "mime/smime.h"

#include <limits.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include "base/arena.h"

bool smime_is(const struct mime_part *p)
{
	if (!str_eq(p->type, STR("application")))
		return false;
	/* RFC 8551 §3.2.1: the name tells where a gateway has lost the type. */
	return str_eq(p->subtype, STR("pkcs7-mime")) || str_eq(p->subtype, STR("x-pkcs7-mime")) ||
	       (str_eq(p->subtype, STR("octet-stream")) && str_ends_nocase(p->filename, STR(".p7m")));
}

bool smime_says_encrypted(const struct mime_part *p)
{
	struct str kind = params_get(&p->params, STR("smime-type"));

	return str_is_empty(kind) || str_eq_nocase(kind, STR("enveloped-data")) ||
	       str_eq_nocase(kind, STR("authEnveloped-data"));
}

/* The content of signed data; nothing where the signature is detached. */
static enum smime_kind take_content(struct arena *a, CMS_ContentInfo *cms, struct str *inside)
{
	ASN1_OCTET_STRING **content = CMS_get0_content(cms);

	if (!content || !*content)
		return SMIME_OTHER;
	int n = ASN1_STRING_length(*content);
	*inside = arena_str(a, str_from(ASN1_STRING_get0_data(*content), n > 0 ? (size_t)n : 0));
	return SMIME_SIGNED;
}

enum smime_kind smime_open(struct arena *a, struct str cms, struct str *inside)
{
	const unsigned char *at = (const unsigned char *)cms.p;
	CMS_ContentInfo *info =
	    cms.n && cms.n < LONG_MAX ? d2i_CMS_ContentInfo(NULL, &at, (long)cms.n) : NULL;
	enum smime_kind kind = SMIME_BROKEN;

	if (info) {
		switch (OBJ_obj2nid(CMS_get0_type(info))) {
		case NID_pkcs7_signed:
			kind = take_content(a, info, inside);
			break;
		case NID_pkcs7_enveloped:
		case NID_pkcs7_signedAndEnveloped:
		case NID_pkcs7_encrypted:
		case NID_id_smime_ct_authEnvelopedData:
		case NID_id_smime_ct_compressedData:
			kind = SMIME_ENCRYPTED;
			break;
		default:
			kind = SMIME_OTHER;
		}
		CMS_ContentInfo_free(info);
	}
	ERR_clear_error();
	return kind;
}

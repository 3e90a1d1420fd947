/* By the encoding that the verdict names. */
#include "intake/attached.h"

#include "mime/base64_body.h"
#include "mime/qp.h"

struct str attached_bytes(struct arena *a, const struct attached_mail *m, struct str mail)
{
	struct str written = str_sub(mail, (size_t)m->start, (size_t)m->start + (size_t)m->length);
	size_t bad;

	switch ((enum attached_encoding)m->encoding) {
	case ATTACHED_AS_IT_IS:
		return written;
	case ATTACHED_IN_BASE64:
		return base64_body_decode(a, written, written.n, &bad);
	case ATTACHED_IN_QP:
		return qp_decode(a, written, written.n, &bad);
	case ATTACHED_UNREADABLE:
		break;
	}
	return STR_NONE;
}

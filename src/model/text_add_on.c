/* Labels of text add-ons. */
#include "model/text_add_on.h"

#include "model/enums.h"

ENUM_DEFINE(add_on_label, ADD_ON_LABELS);
FIELDS_DEFINE(text_add_on, TEXT_ADD_ON);

struct str text_add_on_label(const struct text_add_on *t, enum add_on_label label)
{
	switch (label) {
	case LABEL_EXTERNAL:
		return t->label_external;
	case LABEL_MALICIOUS:
		return t->label_malicious;
	case LABEL_SUSPICIOUS:
		return t->label_suspicious;
	case LABEL_SPOOF:
		return t->label_spoof;
	case LABEL_SPAM:
		return t->label_spam;
	case LABEL_BULK:
		return t->label_bulk;
	case LABEL_ENCRYPTED:
		return t->label_encrypted;
	}
	return STR_NONE;
}

int add_on_label_of(int disposition)
{
	switch (disposition) {
	case DISP_BEC:
	case DISP_MALICIOUS:
		return LABEL_MALICIOUS;
	case DISP_SUSPICIOUS:
		return LABEL_SUSPICIOUS;
	case DISP_SPOOF:
		return LABEL_SPOOF;
	case DISP_SPAM:
		return LABEL_SPAM;
	case DISP_BULK:
		return LABEL_BULK;
	default:
		return -1;
	}
}

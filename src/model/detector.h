/*
 * The detectors by name, in alphabetical order. From this list come the table of detect/ and the values by which an
 * account switches a detector off (model/detection_settings.h). The name is stored with each finding.
 */
#ifndef MODEL_DETECTOR_H
#define MODEL_DETECTOR_H

#include "base/enumtab.h"

#define DETECTORS(X)           \
	X(attached_mail)       \
	X(attachment_risk)     \
	X(auth_failure)        \
	X(blank_mail)          \
	X(brand_impersonation) \
	X(brand_unproved)      \
	X(bulk_mail)           \
	X(calendar_invite)     \
	X(campaign_wave)       \
	X(credential_form)     \
	X(document_lure)       \
	X(email_bomb)          \
	X(envelope_mismatch)   \
	X(first_contact)       \
	X(form_abuse)          \
	X(forwarded)           \
	X(free_mail_boss)      \
	X(from_spoof)          \
	X(hidden_text)         \
	X(house_impersonation) \
	X(link_host)           \
	X(link_lure)           \
	X(link_mismatch)       \
	X(link_recipient)      \
	X(listed)              \
	X(lookalike_domain)    \
	X(mail_defect)         \
	X(mail_software)       \
	X(name_impersonation)  \
	X(new_domain)          \
	X(opener)              \
	X(outbound_ndr)        \
	X(password_in_mail)    \
	X(qr_link)             \
	X(reply_to_mismatch)   \
	X(text_noise)          \
	X(text_scam)           \
	X(text_words)          \
	X(thread_hijack)       \
	X(virus)               \
	X(windfall)            \
	X(yara)

#define DETECTOR_MEMBER_(name) DETECTOR_##name,
enum detector_id { DETECTORS(DETECTOR_MEMBER_) DETECTOR_COUNT };
extern const struct enumtab detector_names;

#endif

/* What the detections call shows of a message. */
#ifndef MODEL_DETECTIONS_H
#define MODEL_DETECTIONS_H

#include "model/explanation.h"
#include "model/message.h"

/* clang-format off */
#define ATTACHMENT(X, T) \
	X(T, INT,   size,         F_REQUIRED, 0, INT64_MAX, none, "decoded bytes") \
	X(T, STR,   content_type, F_NULL, 0, 200, none, "as declared") \
	X(T, STR,   computed_type, F_NULL | F_INTERNAL, 0, 200, none, "by content") \
	X(T, INT,   words_read,   F_NULL | F_INTERNAL, 0, INT64_MAX, none, "of its text, which was judged as the mail's own") \
	X(T, ENUM,  detection,    F_NULL, 0, 0, disposition, "worst finding about it") \
	X(T, BOOL,  encrypted,    F_NULL, 0, 0, none, "could not be read without a password") \
	X(T, STR,   name,         F_NULL, 0, 1024, none, "file name") \
	X(T, ALIAS, filename,     F_NULL, 0, 0, name, "newer name") \
	X(T, STR,   md5,          F_NULL, 0, 32, none, "of the decoded bytes") \
	X(T, STR,   sha1,         F_NULL, 0, 40, none, "of the decoded bytes") \
	X(T, STR,   sha256,       F_NULL, 0, 64, none, "of the decoded bytes")
FIELDS_DECLARE(attachment, ATTACHMENT);

#define LINK(X, T) \
	X(T, STR, href, F_REQUIRED, 0, 8192, none, "where the link leads") \
	X(T, STR, text, F_NULL, 0, 1024, none, "what the reader sees")
FIELDS_DECLARE(link, LINK);

#define MAIL_HEADER(X, T) \
	X(T, STR, name,  F_REQUIRED, 0, 1000, none, "field name as written") \
	X(T, STR, value, F_REQUIRED, 0, 65536, none, "unfolded, made UTF-8")
FIELDS_DECLARE(mail_header, MAIL_HEADER);

#define SENDER_INFO(X, T) \
	X(T, STR, as_name,   F_NULL, 0, 200, none, "autonomous system") \
	X(T, INT, as_number, F_NULL, 0, 4294967295, none, "its number") \
	X(T, STR, geo,       F_NULL, 0, 100, none, "country/region/city, - where unknown") \
	X(T, STR, ip,        F_NULL, 0, 64, none, "sending host after lookback") \
	X(T, STR, pld,       F_NULL, 0, 255, none, "registrable domain of the sender")
FIELDS_DECLARE(sender_info, SENDER_INFO);

#define THREAT_CATEGORY(X, T) \
	X(T, INT, id,          F_REQUIRED, 1, 1000, none, "stable number") \
	X(T, STR, name,        F_NULL, 0, 100, none, "stable name") \
	X(T, STR, description, F_NULL, 0, 400, none, "for people")
FIELDS_DECLARE(threat_category, THREAT_CATEGORY);

#define DETECTIONS(X, T) \
	X(T, STR,  action,            F_REQUIRED, 0, 40, none, "DELIVERED, QUARANTINED, DEFERRED, REJECTED, MOVED, RELEASED or DROPPED") \
	X(T, OBJS, attachments,       F_REQUIRED, 0, 1000, attachment, "in order") \
	X(T, OBJS, findings,          F_REQUIRED | F_NULL, 0, 1000, finding, "what the verdict rests on") \
	X(T, OBJS, headers,           F_REQUIRED, 0, 2000, mail_header, "of the message, in order") \
	X(T, OBJS, links,             F_REQUIRED, 0, 1000, link, "in order of appearance") \
	X(T, OBJ,  sender_info,       F_REQUIRED, 0, 0, sender_info, "who sent it") \
	X(T, OBJS, threat_categories, F_REQUIRED, 0, 100, threat_category, "of the findings") \
	X(T, OBJ,  validation,        F_REQUIRED, 0, 0, validation, "sender authentication") \
	X(T, ENUM, final_disposition, F_NULL, 0, 0, disposition, "the verdict") \
	X(T, OBJ,  explanation,       F_NULL, 0, 0, explanation, "why it is that and no other")
FIELDS_DECLARE(detections, DETECTIONS);
/* clang-format on */

#endif

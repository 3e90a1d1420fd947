/* The tables of a message and of the verdict on it. */
#include "model/message.h"

#include "model/detections.h"
#include "model/explanation.h"
#include "model/verdict.h"

FIELDS_DEFINE(finding, FINDING);
FIELDS_DEFINE(validation, VALIDATION);
FIELDS_DEFINE(properties, PROPERTIES);
FIELDS_DEFINE(action_properties, ACTION_PROPERTIES);
FIELDS_DEFINE(action_log, ACTION_LOG);
FIELDS_DEFINE(message, MESSAGE);
FIELDS_DEFINE(attachment, ATTACHMENT);
FIELDS_DEFINE(link, LINK);
FIELDS_DEFINE(mail_header, MAIL_HEADER);
FIELDS_DEFINE(sender_info, SENDER_INFO);
FIELDS_DEFINE(threat_category, THREAT_CATEGORY);
FIELDS_DEFINE(other_verdict, OTHER_VERDICT);
FIELDS_DEFINE(stage_times, STAGE_TIMES);
FIELDS_DEFINE(verdict_thresholds, VERDICT_THRESHOLDS);
FIELDS_DEFINE(explanation, EXPLANATION);
FIELDS_DEFINE(detections, DETECTIONS);
FIELDS_DEFINE(byte_range, BYTE_RANGE);
FIELDS_DEFINE(edit, EDIT);
FIELDS_DEFINE(exemption, EXEMPTION);
ENUM_DEFINE(attached_encoding, ATTACHED_ENCODINGS);
FIELDS_DEFINE(attached_mail, ATTACHED_MAIL);
FIELDS_DEFINE(seals, SEALS);
FIELDS_DEFINE(submitted, SUBMITTED);
FIELDS_DEFINE(journaled, JOURNALED);
FIELDS_DEFINE(past_fact, PAST_FACT);
FIELDS_DEFINE(verdict, VERDICT);

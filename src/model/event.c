/* The tables of events. */
#include "model/event.h"

ENUM_DEFINE(notification_kind, NOTIFICATION_KINDS);
ENUM_DEFINE(syslog_transport, SYSLOG_TRANSPORTS);
ENUM_DEFINE(event_kind, EVENT_KINDS);
FIELDS_DEFINE(event_attachment, EVENT_ATTACHMENT);
FIELDS_DEFINE(event_message, EVENT_MESSAGE);
FIELDS_DEFINE(event_recipient, EVENT_RECIPIENT);
FIELDS_DEFINE(event_release, EVENT_RELEASE);
FIELDS_DEFINE(event_head, EVENT_HEAD);

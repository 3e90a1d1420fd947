/* The tables of bulk jobs. */
#include "model/bulk_job.h"

ENUM_DEFINE(bulk_action, BULK_ACTIONS);
ENUM_DEFINE(bulk_status, BULK_STATUSES);
ENUM_DEFINE(bulk_message_status, BULK_MESSAGE_STATUSES);
FIELDS_DEFINE(bulk_params, BULK_PARAMS);
FIELDS_DEFINE(bulk_create, BULK_CREATE);
FIELDS_DEFINE(bulk_job, BULK_JOB);
FIELDS_DEFINE(bulk_message_params, BULK_MESSAGE_PARAMS);
FIELDS_DEFINE(bulk_message, BULK_MESSAGE);

/*
 * Ids of stored mails in the form of long Postfix queue ids: time in base 51, a 'z', and a
 * suffix; sortable by time, unique for ever by 28 random bits beside the microsecond.
 */
#ifndef INTAKE_QUEUE_ID_H
#define INTAKE_QUEUE_ID_H

#include <stdint.h>

#include "base/str.h"

/* 16 characters of the alphabet without vowels and 'z', with the 'z' at the eleventh place. */
struct str queue_id_new(struct arena *a, int64_t now_us);

#endif

/*
 * The Date of a mail (RFC 5322 §3.3 and §4.3), and what else stands there in the wild: no weekday, asctime(3)
 * order, ISO 8601, dashes, AM and PM, names of zones, two-digit years.
 */
#ifndef MIME_DATE_H
#define MIME_DATE_H

#include <stdint.h>

#include "base/str.h"

/* Microseconds since 1970 UTC. ERR_SYNTAX: no day, month and year can be made out, or they do not exist. */
MUST_CHECK enum err date_parse(struct str value, int64_t *us_out);

#endif

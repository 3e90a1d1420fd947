/* How often a mail was passed on before it came to us (RFC 5321 §6.3). */
#ifndef INTAKE_TRACE_H
#define INTAKE_TRACE_H

#include "base/str.h"

/* Received fields in the header section; line ends may be CRLF or LF. */
size_t trace_hops(struct str mail);

#endif

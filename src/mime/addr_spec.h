/* The addr-spec of RFC 5322 §3.4.1: what stands between the brackets, "local@domain". See also address_split. */
#ifndef MIME_ADDR_SPEC_H
#define MIME_ADDR_SPEC_H

#include "mime/address.h"

/* What a spec in an encoded word, against RFC 2047 §5, shows as all the same; else the spec itself. */
struct str addr_spec_decoded(struct arena *a, struct str spec);

#endif

/*
 * Mails whose sender has our answer, of those that only their bytes tell apart. A mail with a Message-ID that comes
 * with the same bytes again is that mail; one without may be the next alert of a machine that says the same each time,
 * and is a resend only as long as the answer to the first may not have been heard.
 *
 * Kept in memory of a fixed size: after a restart, or when others took its place, such a mail counts as a resend once
 * more. Threads: any.
 */
#ifndef INTAKE_HEARD_H
#define INTAKE_HEARD_H

#include "base/str.h"

struct heard;

struct heard *heard_new(void);
void heard_free(struct heard **h);

/* digest: SHA-256 in hexadecimal. */
void heard_add(struct heard *h, struct str digest);
/* True, and it is forgotten: whoever asks is about to answer the next one. */
bool heard_take(struct heard *h, struct str digest);

#endif

/*
 * Mails whose sender may not have our answer, of those that only their bytes tell apart. A mail with a Message-ID that
 * comes with the same bytes again is that mail; one without may be the next alert of a machine that says the same each
 * time, and is a resend only while the answer to the first may not have been heard.
 *
 * Kept in memory of a fixed size: what was forgotten, at a restart or for others in its place, is passed on once more,
 * which is better than to lose an alert. Threads: any.
 */
#ifndef INTAKE_UNHEARD_H
#define INTAKE_UNHEARD_H

#include "base/str.h"

struct unheard;

struct unheard *unheard_new(void);
void unheard_free(struct unheard **u);

/* digest: SHA-256 in hexadecimal. */
void unheard_add(struct unheard *u, struct str digest);
/* Its sender has the answer. */
void unheard_remove(struct unheard *u, struct str digest);
bool unheard_has(struct unheard *u, struct str digest);

#endif

/* A mail that is attached to another one: which parts are such, and where its bytes lie, for intake to take them out. */
#ifndef SCAN_ATTACHED_H
#define SCAN_ATTACHED_H

#include "mime/tree.h"
#include "model/verdict.h"

/* message/rfc822 or message/global. */
bool attached_is_message(const struct mime_part *p);
/* Part of a message within the mail. */
bool attached_is_inside(const struct mime_part *p);
/* Its place and its subject. What begins with no field that every mail has is ATTACHED_UNREADABLE. */
struct attached_mail attached_of(struct arena *a, const struct mime_part *p);

#endif

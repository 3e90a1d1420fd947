/* Mail as one gets it after somebody entered one's address everywhere: newsletters, welcomes, addresses to be confirmed. */
#ifndef DETECT_EMAIL_BOMB_H
#define DETECT_EMAIL_BOMB_H

#include "detect/detect.h"

/* It is of that kind, and from somebody who never wrote to this reader. */
bool email_bomb_is_part(const struct scan *s);

#endif

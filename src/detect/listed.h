/* What is asked of block lists about a mail; the finding is detect_listed's. */
#ifndef DETECT_LISTED_H
#define DETECT_LISTED_H

#include "auth/asks.h"
#include "detect/detect.h"

/* Its host, the domain of its From, and those of its links, of each list that the operator named. */
void listed_asks(const struct scan *s, struct ask_list *list);

#endif

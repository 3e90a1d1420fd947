/* How old the domains of a mail are, where that may be asked. */
#ifndef DETECT_AGE_H
#define DETECT_AGE_H

#include "auth/asks.h"
#include "detect/detect.h"

#define AGE_LINKS_MOST 5 /* domains of links that are asked about */

/* The sender's domain, that of Reply-To and those of links. */
void age_asks(const struct scan *s, struct ask_list *list);
/* Days from the registration of a domain to the mail. False: not known, which speaks against nobody. */
bool age_days(const struct scan *s, struct str domain, int64_t *days_out);

/* What it weighs that a domain was registered so many days before; 0 = nothing. */
double age_score(int64_t days);

#endif

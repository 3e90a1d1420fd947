/* What an account asked to be found besides. */
#ifndef DETECT_ADDITIONAL_H
#define DETECT_ADDITIONAL_H

#include "detect/detect.h"

#define ADDITIONAL "additional_detection"
#define YOUNG_DOMAIN "young_domain"

void additional_run(const struct scan *s, struct findings *out);
bool additional_is(const struct finding *f);
/* A finding about the age of a domain, from which a trusted domain may be let off. */
bool additional_is_age(const struct finding *f);

#endif

/* Names that only programs give themselves which send advertising: what stands in X-Mailer of their mail. */
#ifndef DETECT_PROGRAM_TRAIT_H
#define DETECT_PROGRAM_TRAIT_H

#include "detect/subject_trait.h"

/* false: the mail has it not; then *out says nothing. */
bool program_host(const struct scan *s, struct seen *out);
bool program_code(const struct scan *s, struct seen *out);

#endif

/* A URL that nobody can follow by accident, and no program makes a link of. */
#ifndef URL_DEFANG_H
#define URL_DEFANG_H

#include "base/str.h"

struct arena;

/* "https[:]//www[.]example[.]com/path"; with or without a scheme, as it is written. In the arena. */
struct str url_defang(struct arena *a, struct str url);

#endif

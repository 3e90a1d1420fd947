/* Sums of money in texts. */
#ifndef DETECT_MONEY_H
#define DETECT_MONEY_H

#include "base/str.h"

/* The first sum in the text that people do not offer each other by mail: "$10.6M", "2.000.000 euro". "" = there is none. */
struct str money_large(struct str text);

#endif

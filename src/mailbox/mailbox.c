/* The table of providers, and what all of them share. */
#include "mailbox/mailbox.h"

ENUM_DEFINE(mailbox_trouble, MAILBOX_TROUBLES);

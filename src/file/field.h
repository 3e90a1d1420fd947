/* Field instructions of word processors, in whichever format they come: HYPERLINK, DDEAUTO, INCLUDEPICTURE … */
#ifndef FILE_FIELD_H
#define FILE_FIELD_H

#include "file/internal.h"

/* instruction: " HYPERLINK \"http://…\" ". Links go to the file's links, what starts or fetches something is a trait. */
void field_read(struct look *l, struct str instruction);

/* A target that leads to another host: a URL of the web, or a share. */
bool field_target_is_remote(struct str target);

#endif

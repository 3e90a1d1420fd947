/* The bytes of an attached mail, cut out where a verdict points, with the transfer encoding undone. */
#ifndef INTAKE_ATTACHED_H
#define INTAKE_ATTACHED_H

#include "base/arena.h"
#include "model/verdict.h"

/* A slice of the mail or memory of the arena, which takes m->length at most; empty where it cannot be read. */
struct str attached_bytes(struct arena *a, const struct attached_mail *m, struct str mail);

#endif

/* A sealed process that draws one mail. */
#ifndef DRAW_HELPER_H
#define DRAW_HELPER_H

#include "base/attr.h"
#include "base/log.h"
#include "seal/sandbox.h"

/* Seals itself, warms up, waits at socket for a channel, draws the mail that comes over it, and ends. */
NORETURN void helper_run(int socket, struct sandbox *sandbox, pid_t parent, const struct log *log);

/* Tries, in sealed processes, what a helper must not do; prints a line each. Gives 0 when all walls stand. */
int helper_self_test(struct sandbox *sandbox, const struct log *log);

#endif

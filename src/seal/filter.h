/* The seccomp programs, built once and then loaded by the bare system call. */
#ifndef SEAL_FILTER_H
#define SEAL_FILTER_H

#include <linux/filter.h>
#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* The worker's: 21 system calls and no other. *pid_at_out: the instruction filter_set_pid must change. */
MUST_CHECK enum err filter_worker(struct sock_fprog *out, size_t *pid_at_out);
/* A preview helper's: the worker's, and what reading fonts takes: opening files to read, and threads. */
MUST_CHECK enum err filter_preview(struct sock_fprog *out);
/* A service role's: everything but what no mail gateway needs and exploits like. */
MUST_CHECK enum err filter_service(struct sock_fprog *out);
void filter_free(struct sock_fprog *f);

/* Allows tgkill of this process only, so that abort() shows as SIGABRT. */
void filter_set_pid(struct sock_fprog *f, size_t pid_at, pid_t pid);
/* For good. Needs no_new_privs or root. ERR_DENIED: refused, or the kernel has no seccomp. */
MUST_CHECK enum err filter_load(const struct sock_fprog *f);
/* Whether the kernel can filter at all. */
bool filter_is_possible(void);

#endif

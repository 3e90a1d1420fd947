/* The parts of `postern scan`: where mail comes from, and how a verdict is told to people. */
#ifndef CLI_SCAN_INTERNAL_H
#define CLI_SCAN_INTERNAL_H

#include "base/buf.h"
#include "model/verdict.h"

/* One message found at a path. label: the path, with "#N" behind it for the Nth message of an mbox file. */
typedef void mail_fn(void *ctx, struct str label, struct str raw);

/*
 * Calls fn for each message at path: a file with one message, an mbox file (messages begin with "From " lines,
 * which are left out), the same packed with zstd, "-" for standard input, or a directory, with everything below it,
 * by name, except through symbolic links. Names what cannot be read on stderr; false when there was such.
 */
bool mail_each(const char *path, mail_fn *fn, void *ctx);

/*
 * A readable explanation, a few lines. Control characters of the mail are made visible. no_spf: all but SPF was
 * checked, which needs an envelope.
 */
void explain_verdict(struct buf *b, struct str label, const struct verdict *v, bool no_spf);

#endif

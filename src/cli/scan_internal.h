/* The parts of `postern scan` and `postern quarantine explain`: where mail comes from, and how a verdict is told to people. */
#ifndef CLI_SCAN_INTERNAL_H
#define CLI_SCAN_INTERNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "detect/outside.h"
#include "intake/directory.h"
#include "model/detection_settings.h"
#include "model/verdict.h"
#include "scan/scan.h"

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
 * checked, which needs an envelope. times: NULL = not to be told.
 */
void explain_verdict(struct buf *b, struct str label, const struct verdict *v, bool no_spf,
		     const struct scan_times *times);

/*
 * What would have made it another verdict, which detectors were off, and, where times is true, how long each stage took.
 * detectors: how long these did; NULL = not known any more.
 */
void explain_explanation(struct buf *b, const struct explanation *e, bool times,
			 const struct scan_times *detectors);

/* The same without what was looked at: the verdict, who and what it is, why, and the checks. */
void explain_why(struct buf *b, struct str label, const struct message *m, bool no_spf);
/* The last submission that gave it another verdict; NULL: none. */
const struct action_log *explain_correction(const struct message *m);
/* Text of a stranger for a terminal: one line, cut to what a line holds, control characters made visible. */
void explain_text(struct buf *b, struct str s);

/* Somebody for whom a mail is held, and what his domain holds now. */
struct explain_recipient {
	struct str address;
	struct directory_domain domain; /* zero: it is not protected any more */
};

struct explain_held {
	const struct message *message;
	struct detection_settings detection; /* of the account */
	struct {
		struct explain_recipient *v;
		size_t n;
	} recipients;
};

/* Which settings would have let it through, each tried. */
void explain_change(struct buf *b, const struct explain_held *h);

struct policy;

/* What mail is judged by besides itself. */
struct scan_account {
	struct arena *arena; /* NULL = nothing was read */
	struct policy *policy;
	struct strs domains; /* protected ones, folded */
	const char *dir;     /* of the store; NULL = nothing was read */
};

/*
 * Reads an account from the store, of which the process becomes the owner when root runs it. False: it was said why.
 * scan_account_free in either case.
 */
bool scan_account_load(const char *id, const char *config_file, const char *data, struct scan_account *out);
void scan_account_free(struct scan_account *a);

struct scan_outside {
	struct arena *arena; /* NULL = nothing was read */
	struct config *config;
	struct outside outside;
};

/* As that configuration file says, NULL = the usual one. False: it was said why. scan_outside_free in either case. */
bool scan_outside_load(const char *config_file, struct scan_outside *out);
void scan_outside_free(struct scan_outside *o);

#endif

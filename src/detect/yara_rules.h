/*
 * YARA rules of the operator, compiled once and asked about bytes (libyara). Several files are one text, each with its name before
 * it, so that a process without files can be given them.
 *
 * Not known are include, and the modules magic and cuckoo, which read files. External variables that public rules expect (filename,
 * filepath, extension, filetype, owner) are there; the first three tell of the attachment.
 */
#ifndef DETECT_YARA_RULES_H
#define DETECT_YARA_RULES_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"

#define YARA_FILES_MAX (64u << 20) /* bytes of all rule files */

struct yara_rules;

/* The file, or those of the directory whose names end in .yar or .yara, in order of names. The buffer is begun here. */
MUST_CHECK enum err yara_rules_read(const char *path, struct buf *out, struct errbuf *eb);
/* ERR_SYNTAX: eb names file and line. Scans once, so that what comes late is there before a process is sealed. */
MUST_CHECK enum err yara_rules_compile(struct str files, struct yara_rules **out, struct errbuf *eb);
void yara_rules_free(struct yara_rules **r);

/* One rule that matches. Points into the rules and the bytes, for as long as the call lasts. */
struct yara_match {
	struct str rule, description;
	struct str severity;   /* of its meta, as written; "" = none */
	int64_t severity_100;  /* a number there, or meta "score"; -1 = none */
	struct str identifier; /* of the first string that matches, such as "$a"; "" = none has to */
	size_t offset;
};
typedef void yara_match_fn(void *ctx, const struct yara_match *m);

/* seconds: at least 1, and at most so long. False: not finished, for time or memory. */
bool yara_rules_scan(const struct yara_rules *r, struct str name, struct str bytes, int seconds,
		     yara_match_fn *fn, void *ctx);

#endif

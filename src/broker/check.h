/*
 * Whether a verdict may be believed. It comes from a process that has read hostile bytes, so nothing in it is
 * used before this: sizes and enumerations were checked by the field tables (broker/wire.h), here is the rest.
 */
#ifndef BROKER_CHECK_H
#define BROKER_CHECK_H

#include "scan/scan.h"

/*
 * raw: the message the verdict is about. OK, or ERR_DENIED with a sentence saying which field lies.
 *
 * Refused are: an exemption for a recipient who is not there or named twice; a range to strip that is not exactly
 * one header field bearing our prefix or Authentication-Results; text for headers that would break out of its
 * line; edits that were not asked for, or of a mail whose From does not name who is said to be proved; evidence outside the
 * message; scores that are not 0..1; history keys of another form.
 */
MUST_CHECK enum err check_verdict(const struct verdict *v, const struct scan_job *job, struct str raw,
				  struct errbuf *eb);

/* Clears what is not the worker's to say: ids and times of ours, the envelope, what became of the mail. */
void check_disown(struct verdict *v);

#endif

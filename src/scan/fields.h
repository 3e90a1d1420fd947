/*
 * The header section seen as bytes: which fields are left out when a mail is relayed, and the digest by which
 * copies of a mail are the same. Walks all fields, also those beyond the limit of the header parser, so that
 * nothing forged hides behind two thousand others.
 */
#ifndef SCAN_FIELDS_H
#define SCAN_FIELDS_H

#include "mime/header.h"
#include "model/verdict.h"
#include "scan/scan.h"

/*
 * Whether some reader, however lenient, may take the field for one with our prefix or for Authentication-Results
 * (with *id or without any, where id is given): octets that are no visible ASCII may be dropped or end a line.
 */
bool fields_claims(struct str field, struct str prefix, const struct str *id);

/*
 * Fields a stranger must not bring along: ours by their prefix, results in the name of our authserv-id. One range
 * each, the first LIMIT_HEADER_FIELDS; *more_out counts those beyond, which only an attack brings.
 */
struct byte_range_list fields_forged(struct arena *a, const struct scan_job *job,
				     const struct headers *headers, size_t *more_out);

/* SHA-256, hex, of the message without trace fields and without what fields_forged() names. */
struct str fields_content_sha256(struct arena *a, const struct scan_job *job, const struct headers *headers);

#endif

/*
 * What makes copies of one message one record: the recipients that a copy is for, and the digest by which another copy
 * of the same message is known. For a copy as it comes, and for one that could be scanned only later.
 */
#ifndef INTAKE_COPY_RECORD_H
#define INTAKE_COPY_RECORD_H

#include "intake/directory.h"
#include "model/verdict.h"
#include "store/record.h"

/* The account's addresses among those the message and its provider name, whose domains take copies of this kind. ERR_LATER. */
MUST_CHECK enum err copy_recipients(struct arena *a, struct store *st, int64_t account, int mode,
				    const struct verdict *v, struct strs *out);
/*
 * The same of a journal report, v->journaled: those whom it tells; and where its mail is not taken out of it, also those whom
 * its own fields name, for it may be no report at all.
 */
MUST_CHECK enum err copy_recipients_of_report(struct arena *a, struct store *st, int64_t account, int mode,
					      const struct verdict *v, struct strs *out);
/*
 * Those that it does not have yet; gives how many. Each got the message from the provider, before we had the copy. Those
 * for whom there is no room are counted in the trace.
 */
size_t copy_add_recipients(struct arena *a, struct record *r, const struct strs *recipients);
/* The same for its envelope, where that was told by a journal report. */
void copy_add_envelope(struct arena *a, struct record *r, const struct strs *recipients);
/* Another copy of a message that has a record. */
struct copy_joining {
	struct strs recipients;
	const struct verdict *v;
	bool reported; /* they are of the envelope, too */
	bool news;     /* out: something of it was not known */
};
/* Of record_change_fn: adds the recipients, and puts the verdict in the place of the one before where it stands instead. */
bool copy_join(struct arena *a, struct record *r, void *ctx);

/*
 * Equal content of one account is one message, whichever recipient's copy it is; the Message-ID proves nothing.
 * sha256: hex, of all bytes: for a copy whose content was not looked at.
 */
struct str copy_digest(struct arena *a, int64_t account, const struct verdict *v, struct str sha256);

#endif

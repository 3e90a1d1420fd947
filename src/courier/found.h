/*
 * One message that was found in a mailbox: judged, and filed as a copy is. Where a record of the same message is there,
 * from another mailbox or by whichever way it came, that one has another recipient from then on, and no second one is made.
 * So whatever is found twice is filed once.
 */
#ifndef COURIER_FOUND_H
#define COURIER_FOUND_H

#include "broker/broker.h"
#include "config/config.h"
#include "mailbox/mailbox.h"
#include "store/store.h"

struct found_tools {
	struct store *store;
	struct broker *broker;
	const struct config *config;
	const struct log *log;
};

/* Where it lies. */
struct found_place {
	int64_t account;
	struct str integration, address;
	enum delivery_mode mode; /* MODE_API; MODE_RETRO_SCAN: it is only told of, and moves nothing */
	struct mail_place place;
	struct mail_marks marks;
};

/*
 * *out: its record, in the arena, which has room for the bytes packed, a verdict and a few records (FOUND_BYTES beyond them).
 * ERR_LATER: not now; why. What cannot be scanned is filed as UNKNOWN, to be scanned again.
 */
#define FOUND_BYTES ((size_t)192 << 20)
MUST_CHECK enum err found_file(const struct found_tools *tools, struct arena *a, const struct found_place *at,
			       struct str bytes, struct record *out, struct errbuf *why);

#endif

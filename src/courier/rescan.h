/* A second look at a copy whose scan failed (ARCHITECTURE: copies stay UNKNOWN and are re-scanned). */
#ifndef COURIER_RESCAN_H
#define COURIER_RESCAN_H

#include "broker/broker.h"
#include "config/config.h"
#include "store/store.h"

/*
 * Scans the stored bytes again and puts the new verdict into the record, or gives the record up when its
 * bytes are gone or it fails once more. ERR_LATER: try later; why says what kept us.
 */
MUST_CHECK enum err rescan(struct store *st, struct broker *b, const struct config *config,
			   const struct record *r, struct errbuf *why);

/*
 * What bytes are judged as today that came as the record says: by today's policies, domains and data. why: of every
 * error of broker_scan.
 */
MUST_CHECK enum err rescan_judge(struct store *st, struct broker *b, struct arena *a,
				 const struct config *config, const struct record *r, struct str bytes,
				 struct verdict *out, struct errbuf *why);

#endif

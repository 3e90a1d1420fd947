/* Why mail is not taken, as the log says it, and how often it says so. */
#ifndef INTAKE_REFUSAL_H
#define INTAKE_REFUSAL_H

#include "base/enumtab.h"
#include "base/log.h"

/* clang-format off */
#define REFUSALS(X) \
	X(WHY_NONE, "") \
	X(WHY_SETTINGS, "settings_unreadable") \
	X(WHY_NOT_OURS, "relaying_denied") \
	X(WHY_NOT_AUTHORIZED, "domain_not_authorized") \
	X(WHY_MODE, "domain_takes_no_smtp") \
	X(WHY_PEER, "peer_not_allowed") \
	X(WHY_NO_TLS, "tls_required") \
	X(WHY_PARTNER_TLS, "tls_required_of_sender") \
	X(WHY_NO_HOP, "no_next_hop") \
	X(WHY_HOP_SAYS, "next_hop_says") \
	X(WHY_HOP_AWAY, "next_hop_unreachable") \
	X(WHY_HOP_BUSY, "next_hop_busy") \
	X(WHY_LOOP, "loop") \
	X(WHY_SCAN, "not_scanned") \
	X(WHY_IN_HAND, "still_in_hand") \
	X(WHY_STORE, "store") \
	X(WHY_STRANGERS, "too_many_reports_of_strangers") \
	X(WHY_COUNT, "?")
/* clang-format on */
ENUM_DECLARE(refusal, REFUSALS);

/* One quota of lines for each. */
struct refusal_quotas {
	struct log_quota of[WHY_COUNT];
};

#endif

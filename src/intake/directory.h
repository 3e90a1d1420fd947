/*
 * Whose mail is it, and whose may come how: protected domains, service addresses and sending domain restrictions of all
 * accounts, as one snapshot that is read again when the settings have changed. A transaction keeps the snapshot it
 * began with.
 */
#ifndef INTAKE_DIRECTORY_H
#define INTAKE_DIRECTORY_H

#include "base/ip.h"
#include "model/account.h"
#include "store/store.h"

struct directory;          /* keeps the newest snapshot */
struct directory_snapshot; /* immutable, counted */

/* A protected domain, ready for use at RCPT. Of its settings what mail needs, for there may be very many. */
struct directory_domain {
	struct str name; /* A-labels, lower case */
	int64_t account;
	struct str transport; /* "" = none is configured */
	unsigned modes;       /* a bit for each enum delivery_mode by which it takes mail */
	unsigned holds;       /* a bit for each enum disposition that is held */
	int lookback_hops;    /* 1..20 */
	bool authorized;
	bool restricted; /* to these peers */
	bool tls_inbound, tls_outbound;
	struct ip_block *restrictions;
	size_t restrictions_n;
};

#define DIRECTORY_BYTES ((size_t)256 << 20) /* 100,000 domains at 2 kB each, with room */

/* bytes: the ceiling of a snapshot, DIRECTORY_BYTES but for tests. */
struct directory *directory_new(struct store *st, size_t bytes, const struct log *log);
void directory_free(struct directory **d);

/*
 * The snapshot of now. One that cannot be read, or is too large, is logged, and the newest that was read stays in use;
 * ERR_LATER when there is none. Give it back with directory_put.
 */
MUST_CHECK enum err directory_get(struct directory *d, struct directory_snapshot **out);
void directory_put(struct directory *d, struct directory_snapshot **s);

/* A snapshot of one account alone, for who needs it once. ERR_LATER, ERR_LIMIT. Free it with directory_end. */
MUST_CHECK enum err directory_of_account(struct store *st, int64_t account, struct directory_snapshot **out);
void directory_end(struct directory_snapshot **s);

/* NULL when nobody here protects that domain. Any spelling: case, U-labels. */
const struct directory_domain *directory_domain(const struct directory_snapshot *s, struct str domain);
/* NULL when it is no service address. */
const struct service_address *directory_service(const struct directory_snapshot *s, struct str address);
/* Names of all protected domains of an account. */
struct strs directory_names(const struct directory_snapshot *s, struct arena *a, int64_t account);
/* The first domain, by creation, that takes mail by SMTP; "" = none. */
struct str directory_first(const struct directory_snapshot *s);

/*
 * Whether the account takes mail of this sender's domain over TLS only: it or a domain above it is restricted, and it is
 * not let off. Any spelling.
 */
bool directory_wants_tls(const struct directory_snapshot *s, int64_t account, struct str sender_domain);

bool directory_domain_allows(const struct directory_domain *d, int delivery_mode);
bool directory_domain_accepts(const struct directory_domain *d, const struct ip *peer);
/* Whether the domain's quarantine policy holds mail of this disposition; MALICIOUS includes MALICIOUS-BEC. */
bool directory_domain_holds(const struct directory_domain *d, int disposition);

#endif

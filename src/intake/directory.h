/*
 * Whose mail is it: protected domains and service addresses of all accounts, as one snapshot that is read
 * again when the settings have changed. A transaction keeps the snapshot it began with.
 */
#ifndef INTAKE_DIRECTORY_H
#define INTAKE_DIRECTORY_H

#include "base/ip.h"
#include "model/account.h"
#include "model/domain.h"
#include "store/store.h"

struct directory;          /* keeps the newest snapshot */
struct directory_snapshot; /* immutable, counted */

/* A protected domain, ready for use at RCPT. */
struct directory_domain {
	struct str name; /* A-labels, lower case */
	int64_t account;
	const struct domain *settings;
	struct ip_block *restrictions;
	size_t restrictions_n;
};

struct directory *directory_new(struct store *st);
void directory_free(struct directory **d);

/*
 * The snapshot of now; ERR_LATER when the store is unreadable and none was read before. Give it
 * back with directory_put.
 */
MUST_CHECK enum err directory_get(struct directory *d, struct directory_snapshot **out);
void directory_put(struct directory *d, struct directory_snapshot **s);

/* NULL when nobody here protects that domain. Any spelling: case, U-labels. */
const struct directory_domain *directory_domain(const struct directory_snapshot *s, struct str domain);
/* NULL when it is no service address. */
const struct service_address *directory_service(const struct directory_snapshot *s, struct str address);
/* Names of all protected domains of an account. */
struct strs directory_names(const struct directory_snapshot *s, struct arena *a, int64_t account);

bool directory_domain_allows(const struct directory_domain *d, int delivery_mode);
bool directory_domain_accepts(const struct directory_domain *d, const struct ip *peer);
/* Whether the domain's quarantine policy holds mail of this disposition; MALICIOUS includes MALICIOUS-BEC. */
bool directory_domain_holds(const struct directory_domain *d, int disposition);

#endif

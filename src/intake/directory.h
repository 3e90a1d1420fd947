/*
 * Whose mail is it, and whose may come how: protected domains and sending domain restrictions. Each is a question to the
 * store, which has an index for it, and nothing is kept between two of them: the next mail obeys, and however much one
 * account has written, it costs the mail of others nothing.
 */
#ifndef INTAKE_DIRECTORY_H
#define INTAKE_DIRECTORY_H

#include "base/field.h"
#include "base/ip.h"
#include "store/store.h"

/* A protected domain, ready for use at RCPT: of its settings what mail needs, 3 kB at most. */
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

/*
 * In any spelling: case, U-labels. Of several accounts that wrote the name down, that in which it is authorized.
 * ERR_ABSENT: nobody here protects that domain. ERR_LATER, ERR_BUG: it cannot be read.
 */
MUST_CHECK enum err directory_domain(struct store *st, struct arena *a, struct str name,
				     struct directory_domain *out);
/* The same as one account wrote it down, whoever owns it. */
MUST_CHECK enum err directory_domain_of(struct store *st, struct arena *a, int64_t account, struct str name,
					struct directory_domain *out);
/* The first domain, of the thousand that were made first, that takes mail by SMTP. ERR_ABSENT. */
MUST_CHECK enum err directory_first(struct store *st, struct arena *a, struct str *out);

/*
 * The restriction by which the account takes mail of this sender's domain over TLS only: of the domain or one above it,
 * where it does not let it off. Any spelling. ERR_ABSENT: there is none.
 */
MUST_CHECK enum err directory_restriction(struct store *st, int64_t account, struct str sender_domain,
					  struct ident *out);

bool directory_domain_allows(const struct directory_domain *d, int delivery_mode);
bool directory_domain_accepts(const struct directory_domain *d, const struct ip *peer);
/* Whether the domain's quarantine policy holds mail of this disposition; MALICIOUS includes MALICIOUS-BEC. */
bool directory_domain_holds(const struct directory_domain *d, int disposition);

#endif

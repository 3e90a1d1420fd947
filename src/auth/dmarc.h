/*
 * DMARC: does an authenticated domain stand behind the From field, and what does its owner ask for when not?
 * (RFC 9989.) Which record applies and which domains belong together is found by the DNS tree walk (dmarc_walk.h), not
 * by a list of public suffixes. Reports are not made here.
 */
#ifndef AUTH_DMARC_H
#define AUTH_DMARC_H

#include "auth/dkim.h"
#include "auth/dmarc_record.h"
#include "auth/spf.h"

#define DMARC_RESULTS(X)                \
	X(DMARC_NONE, "none")           \
	X(DMARC_PASS, "pass")           \
	X(DMARC_FAIL, "fail")           \
	X(DMARC_TEMPERROR, "temperror") \
	X(DMARC_PERMERROR, "permerror")
ENUM_DECLARE(dmarc_result, DMARC_RESULTS);

struct dmarc {
	/*
	 * none: no record, or no domain that could have one. permerror: the record that applies cannot be used, or
	 * From names more than LIMIT_DMARC_DOMAINS domains and those looked at were harmless. temperror: it hangs on
	 * an answer that DNS did not give.
	 */
	enum dmarc_result result;
	struct str domain;          /* of From, folded; of several the one that comes off worst */
	struct str record_domain;   /* whose record applies; "" = none was found */
	struct dmarc_record record; /* valid when record_domain is set and the result is no permerror */
	/* What is to be done with a fail: p, sp or np, one step less where its owner only tries it. */
	enum dmarc_policy policy;
	struct str spf_domain;  /* the aligned domain SPF passed for; "" = none */
	struct str dkim_domain; /* the aligned domain that signed; "" = none */
	struct str reason;      /* one sentence for people */
};

/*
 * from_domains: all that From names, each once; none or what is no domain name gives "none". Each is judged, and the
 * worst counts (RFC 9989 §11.5, RFC 7489 §6.6.1): a fail by its policy, temperror, permerror, none, pass.
 * spf, dkim: of the same mail; NULL = not checked. Never fails.
 */
void dmarc_check(struct arena *a, struct asker *q, const struct strs *from_domains, const struct spf *spf,
		 const struct dkim_list *dkim, struct dmarc *out);

/*
 * The questions that a check begins with. identifiers: domains that may turn out to be authenticated; those with the
 * owner of the From domain are asked for as well, as far as they are few. A second From domain waits its turn, since
 * honest mail has none.
 */
void dmarc_asks(struct arena *a, const struct strs *from_domains, const struct strs *identifiers,
		struct ask_list *list);

#endif

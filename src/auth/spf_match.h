/*
 * Evaluating SPF terms: the state of one check, shared by spf_check.c (records, results) and spf_match.c (the
 * mechanisms and their DNS). For these two files.
 */
#ifndef AUTH_SPF_MATCH_H
#define AUTH_SPF_MATCH_H

#include "auth/spf_macro.h"
#include "auth/spf_record.h"

struct spf_run {
	struct arena *a;
	struct asker *q;
	struct spf_macro_values values; /* all but domain, which changes with include and redirect */
	struct strs validated; /* names of the client's address that lead back to it (RFC 7208 §5.5) */
	enum answer_status ptr_status;
	bool validated_known;
	bool explain; /* as in the query */
	struct spf *out;
};

/* What one term came to. */
enum spf_match { SPF_MATCH, SPF_NO_MATCH, SPF_MATCH_TEMPERROR, SPF_MATCH_PERMERROR };

/* check_host() of RFC 7208 §4. included: within an include, whose explanation does not count. */
enum spf_result spf_run_host(struct spf_run *c, struct str domain, bool included);

/* Sets the sentence for people. The other two also give the match they stand for. */
void spf_run_reason(struct spf_run *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
enum spf_match spf_run_permerror(struct spf_run *c, struct str domain, const char *what);
enum spf_match spf_run_temperror(struct spf_run *c, struct str domain);

uint16_t spf_run_address_type(const struct spf_run *c);
/* The client's address under in-addr.arpa or ip6.arpa. */
struct str spf_run_reverse(struct spf_run *c);
/* The value of %{p}; ctx is the run. */
struct str spf_run_validated(void *ctx, struct str domain);

/* True for terms that count against the look-up limit. */
bool spf_term_asks(const struct spf_term *term);
/* The name a domain-spec stands for, the domain itself where it is ""; false when it grows too long. */
bool spf_term_target(struct spf_run *c, struct str domain, struct str spec, struct str *target);
enum spf_match spf_term_match(struct spf_run *c, struct str domain, const struct spf_term *term);

#endif

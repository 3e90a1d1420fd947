/*
 * Authentication-Results fields (RFC 8601): what another host found, read; what we found, written.
 *
 * Reading is lenient where large senders leave the grammar: no authserv-id (Exchange Online), values with odd
 * characters, words without a property type. Whether a field may be believed is decided by its authserv-id,
 * by the caller.
 */
#ifndef AUTH_AUTHRES_H
#define AUTH_AUTHRES_H

#include "auth/arc.h"
#include "auth/dkim.h"
#include "auth/dmarc.h"
#include "auth/spf.h"

#define AUTHRES_METHODS_MAX 64    /* of one field */
#define AUTHRES_PROPERTIES_MAX 32 /* of one method */
#define AUTHRES_MAX 4000          /* bytes of what is written: a verdict holds no more (model/verdict.h) */

struct authres_property {
	struct str type; /* "smtp", "header", "body", "policy"; "" = a bare word as Exchange's "action" */
	struct str name;
	struct str value; /* unquoted */
};

struct authres_method {
	struct str method; /* "spf", lower case, without a version */
	struct str result; /* "pass", lower case */
	struct str reason;
	struct str comment; /* of the result, without parentheses: "p=REJECT sp=NONE" */
	struct {
		struct authres_property *v;
		size_t n;
	} properties;
};

struct authres {
	struct str authserv_id; /* lower case; "" = the field names none */
	struct {
		struct authres_method *v;
		size_t n; /* 0 = "none" */
	} methods;
};

/*
 * Slices point into the value or the arena. What cannot be read is left out, and so are results of a method in another
 * version than 1; ERR_SYNTAX when not even an authserv-id or one result could be read, or the field itself is in
 * another version (RFC 8601 §2.2).
 */
MUST_CHECK enum err authres_parse(struct arena *a, struct str value, struct authres *out);

/* The first such property of a method, as "smtp", "mailfrom"; "" when absent. */
struct str authres_property(const struct authres_method *m, struct str type, struct str name);

/* What a scan found; NULL = not checked, and not written. */
struct authres_facts {
	struct str mail_from; /* of the envelope; "" = null sender */
	struct str helo;
	const struct spf *spf;
	const struct dkim_list *dkim;
	const struct arc *arc; /* not written when the mail carries no chain */
	struct ip remote_ip;   /* the sending host, shown with arc; family 0 = not known */
	const struct dmarc *dmarc;
};

/*
 * The value behind our authserv-id: "; spf=pass smtp.mailfrom=a@b.test;" and so on, one line a method, folded
 * with CRLF HTAB, without a final line end. "; none" when nothing was checked. Signatures that would take it beyond
 * AUTHRES_MAX are left out. In the arena.
 */
struct str authres_write(struct arena *a, const struct authres_facts *facts);

#endif

/* TLS settings shared by connections (OpenSSL, TLS 1.2 and later). Reference-counted: a reload swaps them. */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "base/err.h"
#include "base/str.h"

struct tls_context;

/*
 * PEM texts. Both empty: a self-signed certificate for `hostname` is made in memory. ERR_SYNTAX: no certificate, or
 * one of the two is missing. ERR_CONFLICT: the key is none, or another certificate's.
 */
MUST_CHECK enum err tls_server_new(struct str certificate_pem, struct str key_pem, const char *hostname,
				   struct tls_context **out, struct errbuf *eb);
/* For peers that nobody vouches for: certificates are not verified. */
MUST_CHECK enum err tls_client_new(struct tls_context **out, struct errbuf *eb);
/*
 * For peers that must be who they say: their certificate must be theirs by name and come from one of these authorities
 * (PEM texts; empty = those of the system). ERR_SYNTAX: none can be read.
 */
MUST_CHECK enum err tls_verifier_new(struct str authorities_pem, struct tls_context **out, struct errbuf *eb);
struct tls_context *tls_ref(struct tls_context *t);
void tls_unref(struct tls_context **t);

#endif

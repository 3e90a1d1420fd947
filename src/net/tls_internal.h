/* What net/stream needs of net/tls beyond its contract. Private to net/. */
#ifndef NET_TLS_INTERNAL_H
#define NET_TLS_INTERNAL_H

#include <openssl/types.h>

#include "net/tls.h"

/*
 * A connection's TLS state over fd, which stays the caller's; NULL when out of memory. Keep a
 * reference to t.
 */
SSL *tls_connection_new(struct tls_context *t, int fd);

#endif

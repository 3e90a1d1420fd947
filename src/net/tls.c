/*
 * TLS settings over OpenSSL: TLS 1.2 and later, no renegotiation, no resumption (a mail session is long
 * enough that a ticket saves nothing, and tickets would need their keys rotated).
 *
 * Clients of mail servers do not verify certificates: between them TLS is opportunistic (RFC 7435), and a name in a
 * transport that must be trusted is reached over a network that is.
 */
#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/random.h"
#include "net/tls_internal.h"

#define SELF_SIGNED_DAYS 3650 /* nobody verifies it; it must only not look expired */

struct tls_context {
	SSL_CTX *ctx;
	BIO_METHOD *socket; /* as OpenSSL's socket BIO, but a closed peer is an error and never a SIGPIPE */
	atomic_int refs;
};

static enum err ssl_failed(struct errbuf *eb, const char *what)
{
	char text[256] = "no reason given";
	unsigned long e = ERR_get_error();

	if (e)
		ERR_error_string_n(e, text, sizeof(text));
	ERR_clear_error();
	return err_set(eb, ERR_SYNTAX, "%s: %s", what, text);
}

static int socket_write(BIO *b, const char *p, int n)
{
	ssize_t sent = send((int)(intptr_t)BIO_get_data(b), p, (size_t)n, MSG_NOSIGNAL);

	BIO_clear_retry_flags(b);
	if (sent < 0 && BIO_sock_should_retry(-1))
		BIO_set_retry_write(b);
	return (int)sent;
}

static int socket_read(BIO *b, char *p, int n)
{
	ssize_t got = recv((int)(intptr_t)BIO_get_data(b), p, (size_t)n, 0);

	BIO_clear_retry_flags(b);
	if (got < 0 && BIO_sock_should_retry(-1))
		BIO_set_retry_read(b);
	return (int)got;
}

static long socket_ctrl(BIO *b, int cmd, long n, void *p)
{
	(void)b, (void)n, (void)p;
	return cmd == BIO_CTRL_FLUSH || cmd == BIO_CTRL_DUP;
}

static void context_free(struct tls_context *t)
{
	SSL_CTX_free(t->ctx);
	BIO_meth_free(t->socket);
	free(t);
}

static enum err context_new(const SSL_METHOD *method, struct tls_context **out, struct errbuf *eb)
{
	struct tls_context *t = calloc(1, sizeof(*t));

	if (!t)
		return err_set(eb, ERR_LATER, "out of memory");
	atomic_init(&t->refs, 1);
	t->ctx = SSL_CTX_new(method);
	t->socket = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
	if (!t->ctx || !t->socket || !BIO_meth_set_write(t->socket, socket_write) ||
	    !BIO_meth_set_read(t->socket, socket_read) || !BIO_meth_set_ctrl(t->socket, socket_ctrl) ||
	    !SSL_CTX_set_min_proto_version(t->ctx, TLS1_2_VERSION)) {
		context_free(t);
		return ssl_failed(eb, "TLS cannot be set up");
	}
	SSL_CTX_set_options(t->ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
					SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_num_tickets(t->ctx, 0);
	SSL_CTX_set_session_cache_mode(t->ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(t->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
				     SSL_MODE_RELEASE_BUFFERS);
	*out = t;
	return OK;
}

/* The server's certificate, then its chain. */
static enum err use_certificates(SSL_CTX *ctx, struct str pem, struct errbuf *eb)
{
	BIO *in = BIO_new_mem_buf(pem.p, (int)pem.n);
	X509 *first = in ? PEM_read_bio_X509_AUX(in, NULL, NULL, NULL) : NULL, *next;
	enum err e = OK;

	if (!first || !SSL_CTX_use_certificate(ctx, first))
		e = ssl_failed(eb, "the certificate cannot be used");
	while (!e && (next = PEM_read_bio_X509(in, NULL, NULL, NULL))) {
		if (!SSL_CTX_add0_chain_cert(ctx, next)) {
			X509_free(next);
			e = ssl_failed(eb, "the certificate's chain cannot be used");
		}
	}
	ERR_clear_error(); /* the loop above ends with "no start line" */
	X509_free(first);
	BIO_free(in);
	return e;
}

static enum err use_key(SSL_CTX *ctx, struct str pem, struct errbuf *eb)
{
	BIO *in = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *key = in ? PEM_read_bio_PrivateKey(in, NULL, NULL, NULL) : NULL;
	enum err e = OK;

	if (!key || !SSL_CTX_use_PrivateKey(ctx, key) || !SSL_CTX_check_private_key(ctx))
		(void)ssl_failed(eb, "the private key cannot be used"), e = ERR_CONFLICT;
	EVP_PKEY_free(key);
	BIO_free(in);
	return e;
}

static bool certificate_fill(X509 *cert, EVP_PKEY *key, const char *hostname)
{
	X509_NAME *name = X509_get_subject_name(cert);
	uint64_t serial;
	char san[300];

	random_bytes(&serial, sizeof(serial));
	snprintf(san, sizeof(san), "DNS:%s", hostname);
	/*
	 * A common name holds 64 characters at most; the alternative name is what counts (RFC 6125
	 * §6.4.4).
	 */
	const char *cn = strlen(hostname) <= 64 ? hostname : "postern";
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, san);
	bool ok =
	    ext && X509_set_version(cert, X509_VERSION_3) &&
	    ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial >> 1) &&
	    X509_gmtime_adj(X509_getm_notBefore(cert), -86400) &&
	    X509_gmtime_adj(X509_getm_notAfter(cert), 86400L * SELF_SIGNED_DAYS) &&
	    X509_set_pubkey(cert, key) &&
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0) &&
	    X509_set_issuer_name(cert, name) && X509_add_ext(cert, ext, -1) &&
	    X509_sign(cert, key, EVP_sha256()) > 0;
	X509_EXTENSION_free(ext);
	return ok;
}

static enum err use_self_signed(SSL_CTX *ctx, const char *hostname, struct errbuf *eb)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();
	enum err e = OK;

	if (!key || !cert || !certificate_fill(cert, key, hostname) || !SSL_CTX_use_certificate(ctx, cert) ||
	    !SSL_CTX_use_PrivateKey(ctx, key))
		e = ssl_failed(eb, "a self-signed certificate cannot be made");
	X509_free(cert);
	EVP_PKEY_free(key);
	return e;
}

enum err tls_server_new(struct str certificate_pem, struct str key_pem, const char *hostname,
			struct tls_context **out, struct errbuf *eb)
{
	struct tls_context *t;
	enum err e;

	if (certificate_pem.n > INT32_MAX || key_pem.n > INT32_MAX)
		return err_set(eb, ERR_LIMIT, "the certificate or key is too long");
	if (str_is_empty(certificate_pem) != str_is_empty(key_pem))
		return err_set(eb, ERR_SYNTAX, "a certificate needs its key and a key its certificate");
	e = context_new(TLS_server_method(), &t, eb);
	if (e)
		return e;
	if (str_is_empty(certificate_pem)) {
		e = use_self_signed(t->ctx, hostname, eb);
	} else {
		e = use_certificates(t->ctx, certificate_pem, eb);
		if (!e)
			e = use_key(t->ctx, key_pem, eb);
	}
	if (e)
		context_free(t);
	else
		*out = t;
	return e;
}

enum err tls_client_new(struct tls_context **out, struct errbuf *eb)
{
	enum err e = context_new(TLS_client_method(), out, eb);

	if (!e)
		SSL_CTX_set_verify((*out)->ctx, SSL_VERIFY_NONE, NULL);
	return e;
}

/* All certificates of the texts become trusted. */
static enum err trust(SSL_CTX *ctx, struct str pem, struct errbuf *eb)
{
	BIO *in = BIO_new_mem_buf(pem.p, (int)pem.n);
	X509 *next;
	size_t n = 0;

	while (in && (next = PEM_read_bio_X509(in, NULL, NULL, NULL))) {
		n += (size_t)X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), next);
		X509_free(next);
	}
	BIO_free(in);
	if (n == 0)
		return ssl_failed(eb, "no certificate of an authority");
	ERR_clear_error(); /* the loop above ends with "no start line" */
	return OK;
}

enum err tls_verifier_new(struct str authorities_pem, struct tls_context **out, struct errbuf *eb)
{
	struct tls_context *t;

	if (authorities_pem.n > INT32_MAX)
		return err_set(eb, ERR_LIMIT, "the authorities are too long");
	enum err e = context_new(TLS_client_method(), &t, eb);
	if (e)
		return e;
	if (str_is_empty(authorities_pem))
		(void)SSL_CTX_set_default_verify_paths(t->ctx); /* where there are none, nobody is believed */
	else
		e = trust(t->ctx, authorities_pem, eb);
	SSL_CTX_set_verify(t->ctx, SSL_VERIFY_PEER, NULL);
	if (e)
		context_free(t);
	else
		*out = t;
	return e;
}

struct tls_context *tls_ref(struct tls_context *t)
{
	if (t)
		atomic_fetch_add(&t->refs, 1);
	return t;
}

void tls_unref(struct tls_context **t)
{
	if (*t && atomic_fetch_sub(&(*t)->refs, 1) == 1)
		context_free(*t);
	*t = NULL;
}

SSL *tls_connection_new(struct tls_context *t, int fd)
{
	SSL *ssl = SSL_new(t->ctx);
	BIO *b = ssl ? BIO_new(t->socket) : NULL;

	if (!b) {
		SSL_free(ssl);
		ERR_clear_error();
		return NULL;
	}
	BIO_set_data(b, (void *)(intptr_t)fd);
	BIO_set_init(b, 1);
	SSL_set_bio(ssl, b, b);
	return ssl;
}

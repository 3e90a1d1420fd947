/* Lines, limits, deadlines and TLS of a stream, over a socket pair. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/stream.h"

#define LONG_MS 20000

struct pair {
	struct stream *a, *b;
};

static struct pair pair_new(void)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	return (struct pair){ stream_new(fds[0]), stream_new(fds[1]) };
}

static deadline_ms soon(void)
{
	return clock_mono_ms() + LONG_MS;
}

static void lines(void **state)
{
	static const struct {
		const char *name;
		struct str in;
		const char *want; /* for each line: its bytes, then '|' OK, 'L' bare LF, 'T' too long */
	} t[] = {
		{ "one", STR_INIT("abc\r\n"), "abc|" },
		{ "two, and a rest", STR_INIT("a\r\nb\r\nc"), "a|b|" },
		{ "empty", STR_INIT("\r\n\r\n"), "||" },
		{ "bare LF", STR_INIT("a\nb\r\n"), "aLb|" },
		{ "bare CR stays", STR_INIT("a\rb\r\n"), "a\rb|" },
		{ "CR CR LF", STR_INIT("a\r\r\n"), "a\r|" },
		{ "at the limit", STR_INIT("12345678\r\n"), "12345678|" },
		{ "over the limit", STR_INIT("123456789\r\nx\r\n"), "Tx|" },
		{ "far over the limit", STR_INIT("123456789012345678901234567890\r\nx\r\n"), "Tx|" },
		{ "a bare LF ends no long line", STR_INIT("1234567890123\n4\r\nx\r\n"), "12345678901234Tx|" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		for (size_t piece = 1; piece <= t[i].in.n; piece++) {
			struct pair p = pair_new();
			char got[256] = "", *g = got;
			for (size_t at = 0; at < t[i].in.n; at += piece) {
				struct str line;
				assert_int_equal(stream_write(p.a, str_sub(t[i].in, at, at + piece), soon()),
						 OK);
				assert_int_equal(stream_fill(p.b, soon()), OK);
				enum err e;
				while ((e = stream_line(p.b, 8, &line)) != ERR_LATER) {
					if (e != ERR_LIMIT)
						g += snprintf(g, 64, "%.*s", STR_ARG(line));
					*g++ = e == OK ? '|' : e == ERR_SYNTAX ? 'L' : 'T';
				}
			}
			*g = 0;
			/* How much of a long line with a bare LF is seen at once depends on the pieces. */
			if (!str_eq(str_of(t[i].name), STR("a bare LF ends no long line")))
				assert_string_equal(got, t[i].want);
			else
				assert_true(str_ends(str_of(got), STR("Tx|")) ||
					    str_ends(str_of(got), STR("|x|")));
			stream_close(&p.a);
			stream_close(&p.b);
		}
	}
}

static void buffer_is_bounded(void **state)
{
	static char piece[1000];
	struct pair p = pair_new();
	enum err e = OK;

	(void)state;
	for (int i = 0; i < 20; i++)
		assert_int_equal(stream_write(p.a, str_from(piece, sizeof(piece)), soon()), OK);
	while (!e)
		e = stream_fill(p.b, soon());
	assert_int_equal(e, ERR_LIMIT);
	assert_int_equal(stream_buffered(p.b).n, STREAM_BUFFER);
	stream_take(p.b, 1);
	assert_int_equal(stream_fill(p.b, soon()), OK);
	stream_take(p.b, stream_buffered(p.b).n);
	stream_trim(p.b);
	assert_false(stream_has_input(p.b));
	assert_int_equal(stream_fill(p.b, soon()), OK); /* the rest of the 20,000 */
	stream_close(&p.a);
	stream_close(&p.b);
}

static void deadlines(void **state)
{
	static char piece[100000];
	struct pair p = pair_new();
	int64_t began = clock_mono_ms();
	enum err e = OK;
	struct str line;
	size_t n;

	(void)state;
	assert_int_equal(stream_fill(p.b, STREAM_NOW), ERR_LATER);
	assert_int_equal(stream_line_wait(p.b, 100, began + 20, &line), ERR_LATER);
	assert_true(clock_mono_ms() >= began + 20);
	while (!e)
		e = stream_write(p.a, str_from(piece, sizeof(piece)), clock_mono_ms() + 20);
	assert_int_equal(e, ERR_LATER);
	assert_int_equal(stream_write_some(p.a, STR("x"), &n), ERR_LATER);
	assert_int_equal(n, 0);
	assert_int_equal(stream_fill(p.b, STREAM_NOW), OK); /* the stream is good still */
	stream_close(&p.a);
	stream_close(&p.b);
}

static void peer_gone(void **state)
{
	struct pair p = pair_new();
	enum err e = OK;

	(void)state;
	assert_int_equal(stream_write(p.a, STR("last"), soon()), OK);
	stream_close(&p.a);
	assert_int_equal(stream_fill(p.b, soon()), OK);
	assert_true(str_eq(stream_buffered(p.b), STR("last")));
	assert_int_equal(stream_fill(p.b, soon()), ERR_ABSENT);
	while (!e) /* and no SIGPIPE */
		e = stream_write(p.b, STR("x"), soon());
	assert_int_equal(e, ERR_ABSENT);
	stream_close(&p.b);
}

struct tls {
	struct tls_context *server, *client;
};

static void *accept_tls(void *arg)
{
	struct stream *s = arg;

	return stream_tls_finish(s, soon()) ? NULL : s;
}

static void shake(struct pair *p, const struct tls *t)
{
	pthread_t thread;
	void *ok;

	stream_tls_accept(p->b, t->server);
	assert_int_equal(pthread_create(&thread, NULL, accept_tls, p->b), 0);
	stream_tls_connect(p->a, t->client, "mx.test");
	assert_int_equal(stream_tls_finish(p->a, soon()), OK);
	pthread_join(thread, &ok);
	assert_non_null(ok);
}

static void tls(void **state)
{
	static char piece[300000];
	struct pair p = pair_new();
	enum err e = OK;
	struct str line;
	size_t got = 0, n;

	assert_null(stream_tls_version(p.a));
	shake(&p, *state);
	assert_string_equal(stream_tls_version(p.a), "TLSv1.3");
	assert_string_equal(stream_tls_version(p.b), "TLSv1.3");
	assert_int_equal(stream_write(p.a, STR("hello\r\n"), soon()), OK);
	assert_int_equal(stream_line_wait(p.b, 100, soon(), &line), OK);
	assert_true(str_eq(line, STR("hello")));
	assert_int_equal(stream_fill(p.b, STREAM_NOW), ERR_LATER);
	/* More than the sockets hold, in both directions in turn. */
	memset(piece, 'x', sizeof(piece));
	struct str rest = str_from(piece, sizeof(piece));
	while (got < sizeof(piece)) {
		e = stream_write_some(p.a, rest, &n);
		assert_true(e == OK || e == ERR_LATER);
		rest = str_sub(rest, n, rest.n);
		while (!stream_fill(p.b, STREAM_NOW)) {
			got += stream_buffered(p.b).n;
			stream_take(p.b, stream_buffered(p.b).n);
		}
	}
	assert_int_equal(got, sizeof(piece));
	stream_close(&p.a);
	assert_int_equal(stream_fill(p.b, soon()), ERR_ABSENT);
	e = OK;
	while (!e) /* no SIGPIPE through TLS either */
		e = stream_write(p.b, STR("x"), soon());
	assert_int_equal(e, ERR_ABSENT);
	stream_close(&p.b);
}

static void plaintext_before_tls_is_forgotten(void **state)
{
	struct pair p = pair_new();

	assert_int_equal(stream_write(p.a, STR("EHLO evil\r\n"), soon()), OK);
	assert_int_equal(stream_fill(p.b, soon()), OK);
	shake(&p, *state);
	assert_false(stream_has_input(p.b));
	assert_int_equal(stream_fill(p.b, STREAM_NOW), ERR_LATER);
	stream_close(&p.a);
	stream_close(&p.b);
}

static void failed_handshake(void **state)
{
	const struct tls *t = *state;
	struct pair p = pair_new();

	stream_tls_accept(p.b, t->server);
	assert_int_equal(stream_tls_step(p.b), STREAM_WANT_READ);
	assert_int_equal(stream_tls_finish(p.b, clock_mono_ms() + 20), ERR_LATER);
	assert_int_equal(stream_write(p.a, STR("EHLO in clear\r\n"), soon()), OK);
	assert_int_equal(stream_tls_finish(p.b, soon()), ERR_ABSENT);
	assert_int_equal(stream_tls_step(p.b), STREAM_FAILED);
	assert_int_equal(stream_fill(p.b, soon()), ERR_ABSENT);
	assert_int_equal(stream_write(p.b, STR("x"), soon()), ERR_ABSENT);
	stream_close(&p.a);
	stream_close(&p.b);
}

/* A key and a certificate of it as PEM. */
static void make_pem(char *cert_pem, char *key_pem, size_t room)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();
	BIO *c = BIO_new(BIO_s_mem()), *k = BIO_new(BIO_s_mem());

	X509_gmtime_adj(X509_getm_notBefore(cert), -1000);
	X509_gmtime_adj(X509_getm_notAfter(cert), 1000);
	X509_set_pubkey(cert, key);
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	assert_true(PEM_write_bio_X509(c, cert) &&
		    PEM_write_bio_PrivateKey(k, key, NULL, NULL, 0, NULL, NULL));
	int n = BIO_read(c, cert_pem, (int)room - 1), m = BIO_read(k, key_pem, (int)room - 1);
	assert_true(n > 0 && m > 0);
	cert_pem[n] = key_pem[m] = 0;
	BIO_free(c);
	BIO_free(k);
	X509_free(cert);
	EVP_PKEY_free(key);
}

static void certificates(void **state)
{
	char cert[2000], key[2000], other_cert[2000], other_key[2000], chain[4001];
	struct tls mine = { .client = ((struct tls *)*state)->client };
	struct errbuf eb;

	make_pem(cert, key, sizeof(cert));
	make_pem(other_cert, other_key, sizeof(other_cert));
	snprintf(chain, sizeof(chain), "%s%s", cert, other_cert);
	assert_int_equal(tls_server_new(STR("no PEM"), STR("no PEM"), "mx.test", &mine.server, &eb),
			 ERR_SYNTAX);
	assert_int_equal(tls_server_new(str_of(cert), STR_NONE, "mx.test", &mine.server, &eb), ERR_SYNTAX);
	assert_int_equal(tls_server_new(STR_NONE, str_of(key), "mx.test", &mine.server, &eb), ERR_SYNTAX);
	assert_int_equal(tls_server_new(str_of(cert), str_of(other_key), "mx.test", &mine.server, &eb),
			 ERR_CONFLICT);
	assert_int_equal(tls_server_new(str_of(cert), STR("no PEM"), "mx.test", &mine.server, &eb),
			 ERR_CONFLICT);
	assert_int_equal(tls_server_new(str_of(chain), str_of(key), "mx.test", &mine.server, &eb), OK);
	struct pair p = pair_new();
	shake(&p, &mine);
	stream_close(&p.a);
	stream_close(&p.b);
	tls_unref(&mine.server);
}

static int set_up(void **state)
{
	static struct tls t;

	*state = &t;
	return tls_server_new(STR_NONE, STR_NONE, "mx.test", &t.server, NULL) ||
	       tls_client_new(&t.client, NULL);
}

static int tear_down(void **state)
{
	struct tls *t = *state;

	tls_unref(&t->server);
	tls_unref(&t->client);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(buffer_is_bounded),
		cmocka_unit_test(deadlines),
		cmocka_unit_test(peer_gone),
		cmocka_unit_test(tls),
		cmocka_unit_test(plaintext_before_tls_is_forgotten),
		cmocka_unit_test(failed_handshake),
		cmocka_unit_test(certificates),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

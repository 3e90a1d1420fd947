/* Coming to terms with a next hop: connection, greeting, EHLO, STARTTLS (RFC 3207), EHLO again. */
#include <stddef.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "smtp/relay_internal.h"
#include "smtp/server.h"

#define NAME_MAX_BYTES 255

static const struct {
	struct str word;
	size_t member;
} feature_words[] = {
	{ STR_INIT("8BITMIME"), offsetof(struct relay_features, eight_bit) },
	{ STR_INIT("PIPELINING"), offsetof(struct relay_features, pipelining) },
	{ STR_INIT("SIZE"), offsetof(struct relay_features, size) },
	{ STR_INIT("SMTPUTF8"), offsetof(struct relay_features, smtputf8) },
	{ STR_INIT("STARTTLS"), offsetof(struct relay_features, tls) },
};

/* One line of the EHLO reply after the first. */
static void read_feature(struct relay *r, struct str text)
{
	size_t space = str_find_char(text, ' ', 0);
	struct str word = str_sub(text, 0, space);

	for (size_t i = 0; i < ARRAY_LEN(feature_words); i++) {
		if (!str_eq_nocase(word, feature_words[i].word))
			continue;
		*(bool *)((char *)&r->features + feature_words[i].member) = true;
		if (str_eq(feature_words[i].word, STR("SIZE")) && space != SIZE_MAX &&
		    str_to_u64(str_trim(str_sub(text, space, text.n)), UINT64_MAX, &r->features.size_max))
			r->features.size_max = 0; /* RFC 1870 §4: without a number no limit is said */
	}
}

static struct smtp_reply hello(struct relay *r, const struct relay_options *o)
{
	r->features = (struct relay_features){ .size = false };
	relay_put(r, "EHLO %.*s\r\n", NAME_MAX_BYTES, o->hostname);
	struct smtp_reply reply = relay_exchange(r, read_feature, o->connect_until_ms);
	if (r->broken || reply.code < 500)
		return reply;
	r->features = (struct relay_features){ .size = false };
	relay_put(r, "HELO %.*s\r\n", NAME_MAX_BYTES, o->hostname);
	return relay_exchange(r, NULL, o->connect_until_ms);
}

/* The hop's host name for SNI, terminated; NULL for an address. */
static const char *server_name(struct str host, char out[NAME_MAX_BYTES + 1])
{
	struct ip ip;

	if (host.n > NAME_MAX_BYTES || !ip_parse(host, &ip))
		return NULL;
	memcpy(out, host.p, host.n);
	out[host.n] = 0;
	return out;
}

enum step {
	STEP_OK,
	STEP_NO,     /* reply and detail say why */
	STEP_NO_TLS, /* the handshake failed: the connection is lost, another one might do without */
};

/* An opening under way, and what is said of it when it fails: to the sender, and for the log. */
struct opening {
	const struct relay_options *o;
	bool tls; /* to be tried */
	struct smtp_reply *reply;
	struct errbuf *detail;
};

static enum step fail(struct opening *p, const struct smtp_reply *reply)
{
	*p->reply = *reply;
	err_set(p->detail, ERR_LATER, "%s", reply->text);
	return STEP_NO;
}

/* Our own replies are 451 and good as they are; the hop's own words are for the log alone. */
static enum step refuse(struct opening *p, const struct smtp_reply *said, const char *when)
{
	*p->reply = *said;
	if (said->code != 451)
		*p->reply = smtp_reply_make(451, "4.4.0 The next hop said %d after the %s", said->code, when);
	err_set(p->detail, ERR_LATER, "%d %s after the %s", said->code, said->text, when);
	return STEP_NO;
}

/*
 * When both may be had, half of the time is for TLS, for with a hop that never ends the handshake, mail in clear is
 * better than none.
 */
static int64_t handshake_until(const struct relay_options *o)
{
	int64_t now = clock_mono_ms(), left = clock_left_ms(o->connect_until_ms);

	return o->tls == RELAY_TLS_MUST ? o->connect_until_ms : now + left / 2;
}

static enum step start_tls(struct relay *r, struct opening *p)
{
	const struct relay_options *o = p->o;
	char name[NAME_MAX_BYTES + 1];
	bool must = o->tls == RELAY_TLS_MUST;
	struct smtp_reply said;

	if (!r->features.tls || !o->tls_context) {
		said = smtp_reply_make(451, "4.7.10 Encryption is needed and the next hop does not offer it");
		return must ? fail(p, &said) : STEP_OK;
	}
	relay_put(r, "STARTTLS\r\n");
	said = relay_exchange(r, NULL, o->connect_until_ms);
	if (r->broken || (said.code != 220 && must))
		return refuse(p, &said, "STARTTLS");
	if (said.code != 220)
		return STEP_OK;
	stream_tls_connect(r->stream, o->tls_context, server_name(o->host, name));
	if (stream_tls_finish(r->stream, handshake_until(o))) {
		r->broken = true;
		said = smtp_reply_make(451, "4.7.5 TLS with the next hop failed");
		(void)fail(p, &said);
		return STEP_NO_TLS;
	}
	said = hello(r, o); /* what was said in clear does not count (RFC 3207 §4.2) */
	return smtp_reply_is_ok(&said) ? STEP_OK : refuse(p, &said, "EHLO");
}

/* Whether the greeting is our own; another server on this host may have its name, but not this one's words. */
static bool is_ourselves(const struct smtp_reply *greeting, const char *hostname)
{
	struct str text = str_of(greeting->text), name = str_of(hostname);

	return str_starts_nocase(text, name) && str_eq(str_sub(text, name.n, text.n), STR(" " SMTP_GREETING));
}

static enum step greet(struct relay *r, struct opening *p)
{
	struct smtp_reply said = relay_read(r, NULL, p->o->connect_until_ms);

	if (said.code != 220)
		return refuse(p, &said, "connection");
	if (is_ourselves(&said, p->o->hostname)) {
		said = smtp_reply_make(451, "4.4.6 The next hop of this mail is this server: a loop");
		return fail(p, &said);
	}
	said = hello(r, p->o);
	if (!smtp_reply_is_ok(&said))
		return refuse(p, &said, "EHLO");
	return p->tls ? start_tls(r, p) : STEP_OK;
}

static enum step try_open(struct opening *p, struct relay **out)
{
	const struct relay_options *o = p->o;
	struct stream_target target = {
		.host = o->host, .port = o->port, .addresses = o->addresses, .addresses_n = o->addresses_n
	};
	struct stream *stream;

	if (stream_connect(&target, o->connect_until_ms, &stream, p->detail)) {
		*p->reply = smtp_reply_make(451, "4.4.1 The next hop cannot be reached");
		return STEP_NO;
	}
	struct relay *r = calloc(1, sizeof(*r));
	ASSERT(r);
	r->stream = stream;
	enum step step = greet(r, p);
	if (step == STEP_OK)
		*out = r;
	else
		relay_close(&r);
	return step;
}

enum err relay_open(const struct relay_options *o, struct relay **out, struct smtp_reply *reply_out,
		    struct errbuf *detail)
{
	struct opening p = { .o = o, .tls = true, .reply = reply_out, .detail = detail };

	*out = NULL;
	enum step step = try_open(&p, out);
	if (step == STEP_NO_TLS && o->tls == RELAY_TLS_MAY) {
		p.tls = false;
		step = try_open(&p, out);
	}
	return step == STEP_OK ? OK : ERR_LATER;
}

/* Coming to terms with a next hop: connection, greeting, EHLO, STARTTLS (RFC 3207), EHLO again. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "smtp/relay_internal.h"

#define NAME_MAX_BYTES 255

static const struct {
	struct str word;
	size_t member;
} feature_words[] = {
	{ STR_INIT("8BITMIME"), offsetof(struct relay_features, eight_bit) },
	{ STR_INIT("CHUNKING"), offsetof(struct relay_features, chunking) },
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
	STEP_NO,     /* *reply says why */
	STEP_NO_TLS, /* the handshake failed: the connection is lost, another one might do without */
};

static enum step refuse(struct smtp_reply *reply, const struct smtp_reply *said, const char *when)
{
	/*
	 * Our own replies are 451 and good as they are; the hop's own words are quoted behind a 4xx
	 * of ours.
	 */
	if (said->code == 451)
		*reply = *said;
	else
		*reply = smtp_reply_make(451, "4.4.0 The next hop said after the %s: %d %.900s", when,
					 said->code, said->text);
	return STEP_NO;
}

static enum step start_tls(struct relay *r, const struct relay_options *o, struct smtp_reply *reply)
{
	char name[NAME_MAX_BYTES + 1];
	bool must = o->tls == RELAY_TLS_MUST;

	if (!r->features.tls || !o->tls_context) {
		if (!must)
			return STEP_OK;
		*reply =
		    smtp_reply_make(451, "4.7.10 Encryption is needed and the next hop does not offer it");
		return STEP_NO;
	}
	relay_put(r, "STARTTLS\r\n");
	struct smtp_reply said = relay_exchange(r, NULL, o->connect_until_ms);
	if (r->broken || (said.code != 220 && must))
		return refuse(reply, &said, "STARTTLS");
	if (said.code != 220)
		return STEP_OK;
	stream_tls_connect(r->stream, o->tls_context, server_name(o->host, name));
	if (stream_tls_finish(r->stream, o->connect_until_ms)) {
		r->broken = true;
		*reply = smtp_reply_make(451, "4.7.5 TLS with the next hop failed");
		return STEP_NO_TLS;
	}
	said = hello(r, o); /* what was said in clear does not count (RFC 3207 §4.2) */
	return smtp_reply_is_ok(&said) ? STEP_OK : refuse(reply, &said, "EHLO");
}

static enum step greet(struct relay *r, const struct relay_options *o, bool tls, struct smtp_reply *reply)
{
	struct smtp_reply said = relay_read(r, NULL, o->connect_until_ms);

	if (said.code != 220)
		return refuse(reply, &said, "connection");
	said = hello(r, o);
	if (!smtp_reply_is_ok(&said))
		return refuse(reply, &said, "EHLO");
	return tls ? start_tls(r, o, reply) : STEP_OK;
}

static enum step try_open(const struct relay_options *o, bool tls, struct relay **out,
			  struct smtp_reply *reply)
{
	struct stream_target target = { .host = o->host, .port = o->port };
	struct stream *stream;
	struct ip source;
	struct errbuf eb = { "" };

	if (o->source_ip) {
		if (ip_parse(*o->source_ip, &source)) {
			*reply = smtp_reply_make(451, "4.3.5 The source address is not an address");
			return STEP_NO;
		}
		target.source = &source;
	}
	enum err e = stream_connect(&target, o->connect_until_ms, &stream, &eb);
	if (e) {
		*reply = smtp_reply_make(451, "4.4.%d The next hop cannot be reached: %s",
					 e == ERR_ABSENT ? 4 : 1, eb.text);
		return STEP_NO;
	}
	struct relay *r = calloc(1, sizeof(*r));
	ASSERT(r);
	r->stream = stream;
	enum step step = greet(r, o, tls, reply);
	if (step == STEP_OK)
		*out = r;
	else
		relay_close(&r);
	return step;
}

enum err relay_open(const struct relay_options *o, struct relay **out, struct smtp_reply *reply_out)
{
	*out = NULL;
	enum step step = try_open(o, true, out, reply_out);
	if (step == STEP_NO_TLS && o->tls == RELAY_TLS_MAY)
		step = try_open(o, false, out, reply_out);
	return step == STEP_OK ? OK : ERR_LATER;
}

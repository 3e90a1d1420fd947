/* The relay against a scripted next hop: every reply shape, every step cut or silent, TLS. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "smtp/relay.h"
#include "hop.h"

#define HELLO "S:220 hop ready", "C:EHLO gw.test", "R:250-hop\r\n250-SIZE 1000\r\n250 8BITMIME\r\n"
#define MAIL "C:MAIL FROM:<a@b.test> SIZE=5 BODY=8BITMIME", "S:250 ok"
#define RCPT "C:RCPT TO:<c@d.test>", "S:250 ok"
#define SHORT_MS 60
#define LONG_MS 10000

struct fixture {
	struct tls_context *server, *client;
};

enum { OPEN, MAIL_STEP, RCPT_STEP, DATA_STEP, END_STEP, STEPS };

/* Goes through a transaction until a step is not answered well; *code_out is the last answer's code. */
static int walk(const struct hop *h, const struct fixture *f, enum relay_tls tls, int ms,
		struct smtp_reply *reply, bool *broken_out)
{
	struct relay_options o = { .host = STR("127.0.0.1"),
				   .port = h->port,
				   .tls = tls,
				   .hostname = "gw.test",
				   .tls_context = f->client,
				   .connect_until_ms = clock_mono_ms() + ms };
	struct relay *r;
	int step = OPEN;

	*broken_out = false;
	if (relay_open(&o, &r, reply)) {
		assert_null(r);
		return step;
	}
	int64_t until = clock_mono_ms() + ms;
	for (step = MAIL_STEP; step < STEPS; step++) {
		if (step == MAIL_STEP)
			*reply = relay_mail(r, STR("a@b.test"), 5, true, false, until);
		else if (step == RCPT_STEP)
			*reply = relay_rcpt(r, STR("c@d.test"), until);
		else if (step == DATA_STEP)
			*reply = relay_data(r, until);
		else {
			assert_int_equal(relay_chunk(r, STR("a\r\n.b"), until), OK);
			*reply = relay_end(r, until);
		}
		if (reply->code >= 400)
			break;
	}
	*broken_out = relay_is_broken(r);
	relay_close(&r);
	return step;
}

static void dialogues(void **state)
{
	static const struct {
		const char *name;
		const char *script[24];
		int ms, step, code;
		bool broken;
		const char *text; /* the reply holds this */
	} cases[] = {
		{ "all well",
		  { HELLO, MAIL, RCPT, "C:DATA", "S:354 go", "D", "S:250 2.0.0 taken", "C:QUIT" },
		  LONG_MS,
		  STEPS,
		  250,
		  false,
		  "2.0.0 taken" },
		{ "many lines",
		  { HELLO, MAIL, RCPT, "C:DATA", "S:354 go", "D", "R:554-5.7.1 no\r\n554 5.7.1 never\r\n" },
		  LONG_MS,
		  END_STEP,
		  554,
		  false,
		  "5.7.1 no\n5.7.1 never" },
		{ "greeting later", { "S:421 busy", "W" }, LONG_MS, OPEN, 451, false, "421 busy" },
		{ "greeting never", { "S:554 go away", "W" }, LONG_MS, OPEN, 451, false, "554 go away" },
		{ "greeting silent", { "W" }, SHORT_MS, OPEN, 451, false, "in time" },
		{ "greeting cut", { NULL }, LONG_MS, OPEN, 451, false, "closed" },
		{ "greeting no SMTP", { "S:+OK pop", "W" }, LONG_MS, OPEN, 451, false, "breaks" },
		{ "EHLO later",
		  { "S:220 hi", "C:EHLO", "S:450 no", "C:QUIT" },
		  LONG_MS,
		  OPEN,
		  451,
		  false,
		  "450 no" },
		{ "EHLO and HELO refused",
		  { "S:220 hi", "C:EHLO", "S:502 no", "C:HELO gw.test", "S:550 no" },
		  LONG_MS,
		  OPEN,
		  451,
		  false,
		  "550 no" },
		{ "EHLO silent", { "S:220 hi", "C:EHLO", "W" }, SHORT_MS, OPEN, 451, false, "in time" },
		{ "HELO only",
		  { "S:220 hi", "C:EHLO", "S:502 no", "C:HELO", "S:250 hi", "C:MAIL FROM:<a@b.test>",
		    "S:550 x" },
		  LONG_MS,
		  MAIL_STEP,
		  550,
		  false,
		  "x" },
		{ "MAIL later",
		  { HELLO, "C:MAIL", "S:452 4.3.1 full", "C:QUIT" },
		  LONG_MS,
		  MAIL_STEP,
		  452,
		  false,
		  "full" },
		{ "MAIL cut", { HELLO, "C:MAIL" }, LONG_MS, MAIL_STEP, 451, true, "4.4.2" },
		{ "MAIL silent", { HELLO, "C:MAIL", "W" }, SHORT_MS, MAIL_STEP, 451, true, "in time" },
		{ "MAIL answered in halves",
		  { HELLO, "C:MAIL", "R:25", "R:0-a\r", "R:\n250 b\r\n", "C:RCPT", "S:550 no" },
		  LONG_MS,
		  RCPT_STEP,
		  550,
		  false,
		  "no" },
		{ "MAIL code changes",
		  { HELLO, "C:MAIL", "R:250-a\r\n251 b\r\n", "W" },
		  LONG_MS,
		  MAIL_STEP,
		  451,
		  true,
		  "breaks" },
		{ "MAIL 354", { HELLO, "C:MAIL", "S:354 go", "W" }, LONG_MS, MAIL_STEP, 451, true, "breaks" },
		{ "MAIL bare LF",
		  { HELLO, "C:MAIL", "R:250 ok\n", "W" },
		  LONG_MS,
		  MAIL_STEP,
		  451,
		  true,
		  "breaks" },
		{ "RCPT never",
		  { HELLO, MAIL, "C:RCPT", "S:550 5.1.1 who", "C:QUIT" },
		  LONG_MS,
		  RCPT_STEP,
		  550,
		  false,
		  "5.1.1 who" },
		{ "RCPT closing",
		  { HELLO, MAIL, "C:RCPT", "S:421 bye", "W" },
		  LONG_MS,
		  RCPT_STEP,
		  421,
		  true,
		  "bye" },
		{ "RCPT cut", { HELLO, MAIL, "C:RCPT" }, LONG_MS, RCPT_STEP, 451, true, "4.4.2" },
		{ "RCPT cut inside the reply",
		  { HELLO, MAIL, "C:RCPT", "R:250-ok\r\n" },
		  LONG_MS,
		  RCPT_STEP,
		  451,
		  true,
		  "closed" },
		{ "DATA refused",
		  { HELLO, MAIL, RCPT, "C:DATA", "S:554 no", "C:QUIT" },
		  LONG_MS,
		  DATA_STEP,
		  554,
		  false,
		  "no" },
		{ "DATA 250",
		  { HELLO, MAIL, RCPT, "C:DATA", "S:250 ok", "W" },
		  LONG_MS,
		  DATA_STEP,
		  451,
		  true,
		  "breaks" },
		{ "DATA cut", { HELLO, MAIL, RCPT, "C:DATA" }, LONG_MS, DATA_STEP, 451, true, "4.4.2" },
		{ "an answer before its time",
		  { HELLO, MAIL, RCPT, "C:DATA", "R:354 go\r\n250 taken\r\n", "W" },
		  LONG_MS,
		  END_STEP,
		  451,
		  true,
		  "out of turn" },
		{ "end later",
		  { HELLO, MAIL, RCPT, "C:DATA", "S:354 go", "D", "S:451 try", "C:QUIT" },
		  LONG_MS,
		  END_STEP,
		  451,
		  false,
		  "try" },
		{ "end cut",
		  { HELLO, MAIL, RCPT, "C:DATA", "S:354 go", "D" },
		  LONG_MS,
		  END_STEP,
		  451,
		  true,
		  "4.4.2" },
		{ "end silent",
		  { HELLO, MAIL, RCPT, "C:DATA", "S:354 go", "D", "W" },
		  SHORT_MS,
		  END_STEP,
		  451,
		  true,
		  "in time" },
	};
	const struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct hop h;
		struct smtp_reply reply;
		bool broken;
		print_message("# %s\n", cases[i].name);
		hop_start(&h, cases[i].script, NULL);
		int step = walk(&h, f, RELAY_TLS_MAY, cases[i].ms, &reply, &broken);
		assert_string_equal(hop_join(&h), "");
		assert_int_equal(step, cases[i].step);
		assert_int_equal(reply.code, cases[i].code);
		assert_int_equal(broken, cases[i].broken);
		if (!strstr(reply.text, cases[i].text))
			assert_string_equal(reply.text, cases[i].text);
		if (step >= END_STEP && h.content.n)
			assert_memory_equal(h.content.p, "a\r\n..b\r\n.\r\n", 11);
		buf_free(&h.content);
	}
}

#define OFFER "S:220 hop", "C:EHLO", "R:250-hop\r\n250 STARTTLS\r\n"
#define REST "C:EHLO", "R:250 hop\r\n", "C:MAIL FROM:<a@b.test>", "S:550 seen"

static void tls_dialogues(void **state)
{
	static const struct {
		const char *name;
		const char *script[24];
		enum relay_tls tls;
		int step, code;
		const char *text;
	} cases[] = {
		{ "may and offered",
		  { OFFER, "C:STARTTLS", "S:220 go", "T", REST },
		  RELAY_TLS_MAY,
		  MAIL_STEP,
		  550,
		  "seen" },
		{ "must and offered",
		  { OFFER, "C:STARTTLS", "S:220 go", "T", REST },
		  RELAY_TLS_MUST,
		  MAIL_STEP,
		  550,
		  "seen" },
		{ "may and not offered", { "S:220 hop", REST }, RELAY_TLS_MAY, MAIL_STEP, 550, "seen" },
		{ "must and not offered", { HELLO, "C:QUIT" }, RELAY_TLS_MUST, OPEN, 451, "4.7.10" },
		{ "may and refused",
		  { OFFER, "C:STARTTLS", "S:454 no", "C:MAIL", "S:550 seen" },
		  RELAY_TLS_MAY,
		  MAIL_STEP,
		  550,
		  "seen" },
		{ "must and refused",
		  { OFFER, "C:STARTTLS", "S:454 no", "C:QUIT" },
		  RELAY_TLS_MUST,
		  OPEN,
		  451,
		  "454 no" },
		{ "may and broken: again in clear",
		  { OFFER, "C:STARTTLS", "S:220 go", "F", "N", OFFER, "C:MAIL", "S:550 seen" },
		  RELAY_TLS_MAY,
		  MAIL_STEP,
		  550,
		  "seen" },
		{ "must and broken",
		  { OFFER, "C:STARTTLS", "S:220 go", "F", "W" },
		  RELAY_TLS_MUST,
		  OPEN,
		  451,
		  "4.7.5" },
		{ "what came in clear after 220 is forgotten",
		  { OFFER, "C:STARTTLS", "R:220 go\r\n250-evil\r\n250 SMTPUTF8\r\n", "T", REST },
		  RELAY_TLS_MUST,
		  MAIL_STEP,
		  550,
		  "seen" },
	};
	const struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct hop h;
		struct smtp_reply reply;
		bool broken;
		print_message("# %s\n", cases[i].name);
		hop_start(&h, cases[i].script, f->server);
		int step = walk(&h, f, cases[i].tls, LONG_MS, &reply, &broken);
		assert_string_equal(hop_join(&h), "");
		assert_int_equal(step, cases[i].step);
		assert_int_equal(reply.code, cases[i].code);
		if (!strstr(reply.text, cases[i].text))
			assert_string_equal(reply.text, cases[i].text);
		buf_free(&h.content);
	}
}

static struct relay *open_plain(const struct hop *h)
{
	struct relay_options o = { .host = STR("localhost"),
				   .port = h->port,
				   .hostname = "gw.test",
				   .connect_until_ms = clock_mono_ms() + LONG_MS,
				   .source_ip = &STR("127.0.0.1") };
	struct smtp_reply why;
	struct relay *r;

	assert_int_equal(relay_open(&o, &r, &why), OK);
	return r;
}

static void features_are_read(void **state)
{
	static const char *const script[] = {
		"S:220 hi",
		"C:EHLO",
		"R:250-hop SIZE\r\n250-size 12345\r\n250-PIPELINING\r\n250-X-OTHER\r\n250-SMTPUTF8\r\n250 "
		"CHUNKING\r\n",
		"C:MAIL FROM:<\xc3\xa4@b.test> SIZE=7 SMTPUTF8",
		"S:250 ok",
		"C:RSET",
		"S:250 ok",
		"C:QUIT",
		NULL,
	};
	struct hop h;

	(void)state;
	hop_start(&h, script, NULL);
	struct relay *r = open_plain(&h);
	const struct relay_features *f = relay_features(r);
	assert_true(f->size && f->pipelining && f->smtputf8 && f->chunking);
	assert_false(f->eight_bit || f->tls);
	assert_int_equal(f->size_max, 12345);
	int64_t until = clock_mono_ms() + LONG_MS;
	assert_int_equal(relay_mail(r, STR("\xc3\xa4@b.test"), 7, true, true, until).code, 250);
	assert_int_equal(relay_reset(r, until).code, 250);
	relay_close(&r);
	assert_string_equal(hop_join(&h), "");
	buf_free(&h.content);
}

static void addresses_cannot_break_out(void **state)
{
	static const struct str bad[] = {
		STR_INIT("a@b.test>\r\nRCPT TO:<x@y.test"),
		STR_INIT("a\n@b.test"),
		STR_INIT("a\0@b.test"),
		STR_INIT("a@b.test> SIZE=1"),
		STR_INIT("a b@c.test"),
		STR_INIT("\"a@b.test"),
		STR_INIT("\"a\\\"@b.test"),
	};
	static const char *const script[] = { HELLO, "C:RCPT TO:<\"a >b\"@c.test>", "S:250 ok", "C:QUIT",
					      NULL };
	struct hop h;

	(void)state;
	hop_start(&h, script, NULL);
	struct relay *r = open_plain(&h);
	int64_t until = clock_mono_ms() + LONG_MS;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(relay_mail(r, bad[i], 0, false, false, until).code, 501);
		assert_int_equal(relay_rcpt(r, bad[i], until).code, 501);
	}
	assert_int_equal(relay_mail(r, STR("a@b.test"), 0, false, true, until).code,
			 550); /* no SMTPUTF8 there */
	assert_false(relay_is_broken(r));
	assert_int_equal(relay_rcpt(r, STR("\"a >b\"@c.test"), until).code, 250);
	relay_close(&r);
	assert_string_equal(hop_join(&h), "");
	buf_free(&h.content);
}

static void unreachable(void **state)
{
	struct relay_options o = { .hostname = "gw.test" };
	struct smtp_reply why;
	struct relay *r;
	int fd = listen_any(&o.port);

	(void)state;
	close(fd); /* a port where nobody listens */
	static const struct str hosts[] = { STR_INIT("127.0.0.1"), STR_INIT(""), STR_INIT("::1"),
					    STR_INIT("a\0b") };
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		o.host = hosts[i];
		o.connect_until_ms = clock_mono_ms() + LONG_MS;
		assert_int_equal(relay_open(&o, &r, &why), ERR_LATER);
		assert_int_equal(why.code, 451);
		assert_null(r);
	}
}

static void large_content_passes(void **state)
{
	static const char *const script[] = { HELLO, "C:DATA", "S:354 go", "D", "S:250 ok", "C:QUIT", NULL };
	struct hop h;
	char line[1000];

	(void)state;
	memset(line, '.', sizeof(line));
	memcpy(line + sizeof(line) - 2, "\r\n", 2);
	hop_start(&h, script, NULL);
	struct relay *r = open_plain(&h);
	int64_t until = clock_mono_ms() + LONG_MS;
	assert_int_equal(relay_data(r, until).code, 354);
	for (int i = 0; i < 3000; i++)
		assert_int_equal(relay_chunk(r, str_from(line, sizeof(line)), until), OK);
	assert_int_equal(relay_end(r, until).code, 250);
	relay_close(&r);
	assert_string_equal(hop_join(&h), "");
	assert_int_equal(h.content.n, 3000 * 1001 + 3);
	buf_free(&h.content);
}

/* A hop that takes nothing must not hold us beyond the deadline, and does not break later calls. */
static void hop_that_does_not_read(void **state)
{
	static const char *const script[] = { HELLO, "C:DATA", "S:354 go", NULL };
	static char piece[1 << 16];
	struct hop h;
	enum err e = OK;

	(void)state;
	hop_start(&h, script, NULL);
	struct relay *r = open_plain(&h);
	assert_int_equal(relay_data(r, clock_mono_ms() + LONG_MS).code, 354);
	for (int i = 0; i < 1000 && !e; i++)
		e = relay_chunk(r, str_from(piece, sizeof(piece)), clock_mono_ms() + SHORT_MS);
	assert_int_equal(e, ERR_LATER);
	assert_true(relay_is_broken(r));
	assert_int_equal(relay_end(r, clock_mono_ms() + SHORT_MS).code, 451);
	assert_int_equal(relay_mail(r, STR("a@b.test"), 0, false, false, clock_mono_ms()).code, 451);
	relay_close(&r);
	assert_string_equal(hop_join(&h), "");
	buf_free(&h.content);
}

static int set_up(void **state)
{
	static struct fixture f;

	*state = &f;
	return tls_server_new(STR_NONE, STR_NONE, "hop.test", &f.server, NULL) ||
	       tls_client_new(&f.client, NULL);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	tls_unref(&f->server);
	tls_unref(&f->client);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dialogues),
		cmocka_unit_test(tls_dialogues),
		cmocka_unit_test(features_are_read),
		cmocka_unit_test(addresses_cannot_break_out),
		cmocka_unit_test(unreachable),
		cmocka_unit_test(large_content_passes),
		cmocka_unit_test(hop_that_does_not_read),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

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
#define MAIL "C:MAIL FROM:<a@b.test> SIZE=15 BODY=8BITMIME", "S:250 ok"
#define RCPT "C:RCPT TO:<c@d.test>", "S:250 ok"
#define SHORT_MS 60
#define LONG_MS 10000

struct fixture {
	struct tls_context *server, *client;
};

enum { OPEN, MAIL_STEP, RCPT_STEP, DATA_STEP, END_STEP, STEPS };

static const struct relay_sender sender = {
	.from = STR_INIT("a@b.test"), .size = 5, .growth = 10, .body_8bit = true
};

/* Goes through a transaction until a step is not answered well; detail: why it could not even be opened. */
static int walk(const struct hop *h, const struct fixture *f, enum relay_tls tls, int ms,
		struct smtp_reply *reply, struct errbuf *detail, bool *broken_out)
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
	*detail = (struct errbuf){ "" };
	if (relay_open(&o, &r, reply, detail)) {
		assert_null(r);
		return step;
	}
	int64_t until = clock_mono_ms() + ms;
	for (step = MAIL_STEP; step < STEPS; step++) {
		if (step == MAIL_STEP)
			*reply = relay_mail(r, &sender, until);
		else if (step == RCPT_STEP)
			*reply = relay_rcpt(r, STR("c@d.test"), until);
		else if (step == DATA_STEP)
			*reply = relay_data(r, until);
		else {
			assert_int_equal(relay_chunk(r, STR("a\r\n.b"), LONG_MS, until), OK);
			*reply = relay_end(r, until);
		}
		if (reply->code >= 400)
			break;
	}
	*broken_out = relay_is_broken(r);
	relay_close(&r);
	return step;
}

static void check_text(int step, const struct smtp_reply *reply, const struct errbuf *detail,
		       const char *want)
{
	const char *got = step == OPEN ? detail->text : reply->text;

	if (!strstr(got, want))
		assert_string_equal(got, want);
	/* What a hop says before there is a mail is for nobody but the log. */
	if (step == OPEN)
		assert_null(strstr(reply->text, "secret"));
}

static void dialogues(void **state)
{
	static const struct {
		const char *name;
		const char *script[24];
		int ms, step, code;
		bool broken;
		const char *text; /* the reply holds this, or what is told of an opening that failed */
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
		{ "greeting later", { "S:421 secret", "W" }, LONG_MS, OPEN, 451, false, "421 secret" },
		{ "greeting never", { "S:554 secret", "W" }, LONG_MS, OPEN, 451, false, "554 secret" },
		{ "greeting is ours",
		  { "S:220 GW.test ESMTP Postern", "W" },
		  LONG_MS,
		  OPEN,
		  451,
		  false,
		  "4.4.6" },
		{ "our name, another server",
		  { "S:220 gw.test ESMTP Other", "C:EHLO", "S:450 no", "W" },
		  LONG_MS,
		  OPEN,
		  451,
		  false,
		  "450 no" },
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
		struct errbuf detail;
		bool broken;
		print_message("# %s\n", cases[i].name);
		hop_start(&h, cases[i].script, NULL);
		int step = walk(&h, f, RELAY_TLS_MAY, cases[i].ms, &reply, &detail, &broken);
		assert_string_equal(hop_join(&h), "");
		assert_int_equal(step, cases[i].step);
		assert_int_equal(reply.code, cases[i].code);
		assert_int_equal(broken, cases[i].broken);
		check_text(step, &reply, &detail, cases[i].text);
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
		int ms; /* 0 = plenty */
	} cases[] = {
		{ "may and offered",
		  { OFFER, "C:STARTTLS", "S:220 go", "T", REST },
		  RELAY_TLS_MAY,
		  MAIL_STEP,
		  550,
		  "seen",
		  0 },
		{ "must and offered",
		  { OFFER, "C:STARTTLS", "S:220 go", "T", REST },
		  RELAY_TLS_MUST,
		  MAIL_STEP,
		  550,
		  "seen",
		  0 },
		{ "may and not offered", { "S:220 hop", REST }, RELAY_TLS_MAY, MAIL_STEP, 550, "seen", 0 },
		{ "must and not offered", { HELLO, "C:QUIT" }, RELAY_TLS_MUST, OPEN, 451, "4.7.10", 0 },
		{ "may and refused",
		  { OFFER, "C:STARTTLS", "S:454 no", "C:MAIL", "S:550 seen" },
		  RELAY_TLS_MAY,
		  MAIL_STEP,
		  550,
		  "seen",
		  0 },
		{ "must and refused",
		  { OFFER, "C:STARTTLS", "S:454 no", "C:QUIT" },
		  RELAY_TLS_MUST,
		  OPEN,
		  451,
		  "454 no",
		  0 },
		{ "may and broken: again in clear",
		  { OFFER, "C:STARTTLS", "S:220 go", "F", "N", OFFER, "C:MAIL", "S:550 seen" },
		  RELAY_TLS_MAY,
		  MAIL_STEP,
		  550,
		  "seen",
		  0 },
		{ "may and stalled: again in clear",
		  { OFFER, "C:STARTTLS", "S:220 go", "W", "N", OFFER, "C:MAIL", "S:550 seen" },
		  RELAY_TLS_MAY,
		  MAIL_STEP,
		  550,
		  "seen",
		  600 },
		{ "must and stalled",
		  { OFFER, "C:STARTTLS", "S:220 go", "W" },
		  RELAY_TLS_MUST,
		  OPEN,
		  451,
		  "4.7.5",
		  SHORT_MS },
		{ "must and broken",
		  { OFFER, "C:STARTTLS", "S:220 go", "F", "W" },
		  RELAY_TLS_MUST,
		  OPEN,
		  451,
		  "4.7.5",
		  0 },
		{ "what came in clear after 220 is forgotten",
		  { OFFER, "C:STARTTLS", "R:220 go\r\n250-evil\r\n250 SMTPUTF8\r\n", "T", REST },
		  RELAY_TLS_MUST,
		  MAIL_STEP,
		  550,
		  "seen",
		  0 },
	};
	const struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct hop h;
		struct smtp_reply reply;
		struct errbuf detail;
		bool broken;
		print_message("# %s\n", cases[i].name);
		hop_start(&h, cases[i].script, f->server);
		int step =
		    walk(&h, f, cases[i].tls, cases[i].ms ? cases[i].ms : LONG_MS, &reply, &detail, &broken);
		assert_string_equal(hop_join(&h), "");
		assert_int_equal(step, cases[i].step);
		assert_int_equal(reply.code, cases[i].code);
		check_text(step, &reply, &detail, cases[i].text);
		buf_free(&h.content);
	}
}

static struct relay *open_plain(const struct hop *h)
{
	struct relay_options o = { .host = STR("localhost"),
				   .port = h->port,
				   .hostname = "gw.test",
				   .connect_until_ms = clock_mono_ms() + LONG_MS };
	struct smtp_reply reply;
	struct errbuf why;
	struct relay *r;

	assert_int_equal(relay_open(&o, &r, &reply, &why), OK);
	return r;
}

/* What is said of the size: as much as it may become, but no more than the hop takes unless the mail is. */
static void features_are_read(void **state)
{
	static const char *const script[] = {
		"S:220 hi",
		"C:EHLO",
		"R:250-hop SIZE\r\n250-size 12345\r\n250-X-OTHER\r\n250 SMTPUTF8\r\n",
		"C:MAIL FROM:<\xc3\xa4@b.test> SIZE=107 SMTPUTF8",
		"S:250 ok",
		"C:RSET",
		"S:250 ok",
		"C:MAIL FROM:<> SIZE=12345",
		"S:250 ok",
		"C:MAIL FROM:<> SIZE=12446",
		"S:552 too large",
		"C:MAIL FROM:<>",
		"S:250 ok",
		"C:QUIT",
		NULL,
	};
	struct relay_sender s = {
		.from = STR("\xc3\xa4@b.test"), .size = 7, .growth = 100, .body_8bit = true, .smtputf8 = true
	};
	struct hop h;

	(void)state;
	hop_start(&h, script, NULL);
	struct relay *r = open_plain(&h);
	int64_t until = clock_mono_ms() + LONG_MS;
	assert_int_equal(relay_mail(r, &s, until).code, 250);
	assert_int_equal(relay_reset(r, until).code, 250);
	s = (struct relay_sender){ .from = STR(""), .size = 12300, .growth = 100 };
	assert_int_equal(relay_mail(r, &s, until).code, 250);
	s.size = 12346;
	assert_int_equal(relay_mail(r, &s, until).code, 552);
	s.size = 0; /* not known */
	assert_int_equal(relay_mail(r, &s, until).code, 250);
	relay_close(&r);
	assert_string_equal(hop_join(&h), "");
	buf_free(&h.content);
}

/* What is said ahead is answered in its order, and what is left of it is read before the next mail. */
static void commands_are_said_ahead(void **state)
{
#define AHEAD "C:MAIL FROM:<a@b.test>", "C:RCPT TO:<c@d.test>", "C:RCPT TO:<e@f.test>", "C:DATA"
	static const char *const script[] = {
		"S:220 hi",
		"C:EHLO",
		"R:250-hop\r\n250 PIPELINING\r\n",
		/* One of two is refused. */
		AHEAD,
		"R:250 ok\r\n550 not c\r\n250 e\r\n354 go\r\n",
		"D",
		"S:250 taken",
		/* The sender is. */
		AHEAD,
		"R:552 large\r\n503 no\r\n503 no\r\n503 no\r\n",
		"C:RSET",
		"S:250 reset",
		/* Nobody is taken, and it wants content. */
		AHEAD,
		"R:250 ok\r\n550 not c\r\n550 not e\r\n354 go\r\n",
		"W",
		NULL,
	};
	struct str both[] = { STR("c@d.test"), STR("e@f.test") };
	const struct strs to = { both, ARRAY_LEN(both) };
	const struct relay_sender s = { .from = STR("a@b.test") };
	struct hop h;

	(void)state;
	hop_start(&h, script, NULL);
	struct relay *r = open_plain(&h);
	int64_t until = clock_mono_ms() + LONG_MS;
	relay_say_ahead(r, &s, &to, until);
	assert_int_equal(relay_mail(r, &s, until).code, 250);
	assert_int_equal(relay_rcpt(r, both[0], until).code, 550);
	assert_int_equal(relay_rcpt(r, both[1], until).code, 250);
	assert_int_equal(relay_data(r, until).code, 354);
	assert_int_equal(relay_chunk(r, STR("hello\r\n"), LONG_MS, until), OK);
	assert_string_equal(relay_end(r, until).text, "taken");
	relay_say_ahead(r, &s, &to, until);
	assert_int_equal(relay_mail(r, &s, until).code, 552);
	assert_string_equal(relay_reset(r, until).text, "reset");
	relay_say_ahead(r, &s, &to, until);
	assert_int_equal(relay_mail(r, &s, until).code, 250);
	assert_int_equal(relay_rcpt(r, both[0], until).code, 550);
	assert_int_equal(relay_rcpt(r, both[1], until).code, 550);
	assert_int_equal(relay_reset(r, until).code, 451);
	assert_true(relay_is_broken(r));
	relay_close(&r);
	assert_string_equal(hop_join(&h), "");
	assert_true(str_eq(buf_str(&h.content), STR("hello\r\n.\r\n")));
	buf_free(&h.content);
}

/* Nothing is said ahead of what the hop or the line does not take; it is refused in its own place. */
static void what_does_not_fit_is_said_step_by_step(void **state)
{
	static const char *const script[] = {
		"S:220 hi",
		"C:EHLO",
		"R:250-hop\r\n250 PIPELINING\r\n",
		"C:MAIL FROM:<a@b.test>",
		"S:250 ok",
		"C:RCPT TO:<c@d.test>",
		"S:250 ok",
		"C:RSET",
		"S:250 reset",
		NULL,
	};
	struct str both[] = { STR("x>\r\nDATA"), STR("c@d.test") };
	const struct strs to = { both, ARRAY_LEN(both) };
	const struct relay_sender s = { .from = STR("a@b.test") };
	struct hop h;

	(void)state;
	hop_start(&h, script, NULL);
	struct relay *r = open_plain(&h);
	int64_t until = clock_mono_ms() + LONG_MS;
	relay_say_ahead(r, &s, &to, until);
	assert_int_equal(relay_mail(r, &s, until).code, 250);
	assert_int_equal(relay_rcpt(r, both[0], until).code, 501);
	assert_int_equal(relay_rcpt(r, both[1], until).code, 250);
	assert_string_equal(relay_reset(r, until).text, "reset");
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
		assert_int_equal(relay_mail(r, &(struct relay_sender){ .from = bad[i] }, until).code, 501);
		assert_int_equal(relay_rcpt(r, bad[i], until).code, 501);
	}
	struct relay_sender international = { .from = STR("a@b.test"), .smtputf8 = true };
	assert_int_equal(relay_mail(r, &international, until).code, 550); /* no SMTPUTF8 there */
	assert_false(relay_is_broken(r));
	assert_int_equal(relay_rcpt(r, STR("\"a >b\"@c.test"), until).code, 250);
	relay_close(&r);
	assert_string_equal(hop_join(&h), "");
	buf_free(&h.content);
}

static void unreachable(void **state)
{
	struct relay_options o = { .hostname = "gw.test" };
	struct smtp_reply reply;
	struct errbuf why;
	struct relay *r;
	int fd = listen_any(&o.port);

	(void)state;
	close(fd); /* a port where nobody listens */
	static const struct str hosts[] = { STR_INIT("127.0.0.1"), STR_INIT(""), STR_INIT("::1"),
					    STR_INIT("a\0b") };
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		o.host = hosts[i];
		o.connect_until_ms = clock_mono_ms() + LONG_MS;
		assert_int_equal(relay_open(&o, &r, &reply, &why), ERR_LATER);
		assert_int_equal(reply.code, 451);
		assert_string_equal(reply.text, "4.4.1 The next hop cannot be reached");
		assert_string_not_equal(why.text, "");
		assert_null(r);
	}
	/* Addresses are taken as they are, and the name is asked of nobody. */
	struct ip there[] = { { 6, { [15] = 1 } }, { 4, { 127, 0, 0, 1 } } };
	o.host = STR("no such name.invalid");
	o.addresses = there;
	o.addresses_n = ARRAY_LEN(there);
	o.connect_until_ms = clock_mono_ms() + LONG_MS;
	assert_int_equal(relay_open(&o, &r, &reply, &why), ERR_LATER);
	assert_non_null(strstr(why.text, "refused"));
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
		assert_int_equal(relay_chunk(r, str_from(line, sizeof(line)), LONG_MS, until), OK);
	assert_int_equal(relay_end(r, until).code, 250);
	relay_close(&r);
	assert_string_equal(hop_join(&h), "");
	assert_int_equal(h.content.n, 3000 * 1001 + 3);
	buf_free(&h.content);
}

/* A hop that is slow, but reads, is given its time. */
static void hop_that_reads_slowly(void **state)
{
	static const char *const script[] = { HELLO, "C:DATA", "S:354 go", "L", "S:250 ok", "C:QUIT", NULL };
	static char piece[1 << 20];
	struct hop h;

	(void)state;
	hop_start(&h, script, NULL);
	struct relay *r = open_plain(&h);
	int64_t until = clock_mono_ms() + LONG_MS, began = clock_mono_ms();
	assert_int_equal(relay_data(r, until).code, 354);
	for (int i = 0; i < 15; i++)
		assert_int_equal(relay_chunk(r, str_from(piece, sizeof(piece)), 2 * SHORT_MS, until), OK);
	assert_int_equal(relay_end(r, until).code, 250);
	assert_true(clock_mono_ms() - began > 2 * SHORT_MS);
	relay_close(&r);
	assert_string_equal(hop_join(&h), "");
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
		e = relay_chunk(r, str_from(piece, sizeof(piece)), SHORT_MS, clock_mono_ms() + LONG_MS);
	assert_int_equal(e, ERR_LATER);
	assert_true(relay_is_broken(r));
	assert_int_equal(relay_end(r, clock_mono_ms() + SHORT_MS).code, 451);
	assert_int_equal(relay_mail(r, &sender, clock_mono_ms()).code, 451);
	relay_close(&r);
	assert_string_equal(hop_join(&h), "");
	buf_free(&h.content);
}

/* A hop that refuses a mail before its end, and closes. */
static void hop_that_refuses_early(void **state)
{
	static const char *const script[] = { HELLO, "C:DATA", "S:354 go", "S:552 5.3.4 too large", NULL };
	static const char *const lie[] = { HELLO, "C:DATA", "S:354 go", "S:250 2.0.0 taken", NULL };
	static const struct {
		const char *const *script;
		int pieces, code;
	} rows[] = { { script, 1000, 552 }, { script, 1, 552 }, { lie, 1000, 451 }, { lie, 1, 451 } };
	static char piece[1 << 16];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct hop h;
		enum err e = OK;

		hop_start(&h, rows[i].script, NULL);
		struct relay *r = open_plain(&h);
		int64_t until = clock_mono_ms() + LONG_MS;
		assert_int_equal(relay_data(r, until).code, 354);
		assert_string_equal(hop_join(&h), "");
		for (int k = 0; k < rows[i].pieces && !e; k++)
			e = relay_chunk(r, str_from(piece, rows[i].pieces > 1 ? sizeof(piece) : 10), LONG_MS,
					until);
		assert_int_equal(e, rows[i].pieces > 1 ? ERR_LATER : OK);
		assert_int_equal(relay_end(r, until).code, rows[i].code);
		assert_true(relay_is_broken(r));
		relay_close(&r);
		buf_free(&h.content);
	}
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
		cmocka_unit_test(commands_are_said_ahead),
		cmocka_unit_test(what_does_not_fit_is_said_step_by_step),
		cmocka_unit_test(addresses_cannot_break_out),
		cmocka_unit_test(unreachable),
		cmocka_unit_test(large_content_passes),
		cmocka_unit_test(hop_that_reads_slowly),
		cmocka_unit_test(hop_that_does_not_read),
		cmocka_unit_test(hop_that_refuses_early),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

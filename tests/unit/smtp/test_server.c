/* The server end to end on loopback: every command in every state, as scripted dialogues. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>

#include "base/limits.h"
#include "client.h"
#include "hop.h"

#define HI "S:220 gw.test ESMTP", "C:EHLO me.test", "S:250 gw.test"
#define M "C:MAIL FROM:<a@b.test>", "S:250 2.1.0"
#define R_ "C:RCPT TO:<c@d.test>", "S:250 2.1.5"
#define BYE "C:QUIT", "S:221 2.0.0", "X"

struct site {
	struct recorder r;
	struct log log;
	struct smtp_server_options o;
	struct smtp_server *server;
	struct tls_context *server_tls, *client_tls;
	int fd;
	uint16_t port;
};

static void site_start(struct site *t)
{
	assert_int_equal(smtp_server_start(&t->o, &t->fd, 1, &t->server, NULL), OK);
}

static int set_up(void **state)
{
	struct site *t = calloc(1, sizeof(*t));

	*state = t;
	recorder_init(&t->r);
	t->fd = listen_any(&t->port);
	t->log = (struct log){ .fd = 2, .level = LOG_ERROR, .role = "test" };
	if (tls_server_new(STR_NONE, STR_NONE, "gw.test", &t->server_tls, NULL) ||
	    tls_client_new(&t->client_tls, NULL))
		return -1;
	t->o = (struct smtp_server_options){
		.hostname = "gw.test",
		.tls = t->server_tls,
		.message_size = 100000,
		.recipients = 3,
		.commands = 40,
		.errors = 6,
		.connections = 200,
		.connections_per_address = 100,
		.threads = 4,
		.idle_ms = CLIENT_MS,
		.handler = &recorder_handler,
		.handler_ctx = &t->r,
		.log = &t->log,
	};
	return 0;
}

static int tear_down(void **state)
{
	struct site *t = *state;

	smtp_server_stop(&t->server, clock_mono_ms() + CLIENT_MS);
	close(t->fd);
	tls_unref(&t->server_tls);
	tls_unref(&t->client_tls);
	buf_free(&t->r.content);
	free(t);
	return 0;
}

static void play(struct site *t, struct stream *s, const char *const *steps)
{
	char text[SMTP_REPLY_TEXT + 8];

	for (; *steps; steps++) {
		const char *got = client_step(s, t->client_tls, *steps, text);
		if (got)
			fail_msg("at \"%s\": got \"%s\"", *steps, got);
	}
}

/* clang-format off */
static const struct {
	const char *name;
	const char *steps[40];
	const char *log; /* the handler's calls, the close left out; NULL = not looked at */
	const char *content;
} dialogues[] = {
	{ "one mail", { HI, M, R_, "C:DATA", "S:354", "R:hi\r\n..\r\n.\r\n", "S:250 2.6.0", BYE }, "omrde", "hi\r\n.\r\n" },
	{ "empty mail", { HI, M, R_, "C:DATA", "S:354", "R:.\r\n", "S:250", BYE }, "omrde", "" },
	{ "two mails", { HI, M, R_, "C:DATA", "S:354", "R:a\r\n.\r\n", "S:250", M, R_, "C:DATA", "S:354", "R:b\r\n.\r\n",
	    "S:250", BYE }, "omrdemrde", "b\r\n" },
	{ "HELO", { "S:220", "C:HELO me", "S:250 gw.test", M, R_, BYE }, "omrx", NULL },
	{ "lower case", { "S:220", "C:ehlo me", "S:250", "C:mail from:<a@b.test>", "S:250", "C:rcpt to:<c@d.test>",
	    "S:250", "C:data", "S:354", "R:x\r\n.\r\n", "S:250", "C:quit", "S:221", "X" }, "omrde", "x\r\n" },
	{ "EHLO tells all", { "S:220", "C:EHLO me", "H:\nPIPELINING\nSIZE 100000\n8BITMIME\nSMTPUTF8\n"
	    "ENHANCEDSTATUSCODES\nSTARTTLS\nCHUNKING", BYE }, "", NULL },
	{ "before EHLO", { "S:220", "C:MAIL FROM:<a@b.test>", "S:503 5.5.1", "C:RCPT TO:<a@b.test>", "S:503", "C:DATA",
	    "S:503", "C:RSET", "S:250", "C:NOOP", "S:250", "C:VRFY x", "S:252", "C:HELP", "S:214", "C:EXPN l", "S:502", BYE },
	    "", NULL },
	{ "after EHLO", { HI, "C:RCPT TO:<a@b.test>", "S:503", "C:DATA", "S:503", "C:BDAT 0 LAST", "S:503", "C:RSET",
	    "S:250", "C:NOOP x y", "S:250", "C:VRFY", "S:501", "C:EHLO again", "S:250", BYE }, "", NULL },
	{ "after MAIL", { HI, M, "C:MAIL FROM:<a@b.test>", "S:503", "C:DATA", "S:503", "C:STARTTLS", "S:503", "C:NOOP",
	    "S:250", "C:VRFY a", "S:252", "C:HELP DATA", "S:214", R_, "C:RSET", "S:250", "C:RCPT TO:<a@b.test>", "S:503", BYE },
	    "omrx", NULL },
	{ "after RCPT", { HI, M, R_, "C:MAIL FROM:<a@b.test>", "S:503", "C:STARTTLS", "S:503", "C:NOOP", "S:250",
	    "C:EHLO new", "S:250", "C:DATA", "S:503", BYE }, "omrx", NULL },
	{ "EHLO ends a transaction", { HI, M, R_, "C:EHLO other", "S:250", M, "C:QUIT", "S:221", "X" }, "omrxmx", NULL },
	{ "HELO ends a transaction", { HI, M, "C:HELO other", "S:250", "C:RCPT TO:<a@b.test>", "S:503", BYE }, "omx", NULL },
	{ "unknown words", { HI, "C:", "S:500", "C:FOO", "S:500", "C:MAILFROM:<a@b.test>", "S:500", "C: NOOP", "S:500",
	    "C:EHL", "S:500", BYE }, "", NULL },
	{ "arguments where none belong", { HI, "C:RSET now", "S:501", "C:QUIT now", "S:501", "C:STARTTLS x", "S:501",
	    "C:HELO", "S:501", "C:EHLO", "S:501", "C:EHLO  ", "S:501", BYE }, "", NULL },
	{ "blanks at the end", { "S:220", "C:EHLO me  ", "S:250", "C:MAIL FROM:<a@b.test> \t", "S:250", "C:RSET ", "S:250",
	    "C:QUIT ", "S:221", "X" }, NULL, NULL },
	{ "a name with blanks or an address", { "S:220", "C:EHLO John's PC", "S:250", "C:HELO [192.0.2.1]", "S:250",
	    "C:EHLO \xc3\xa4.test", "S:250", "C:EHLO \xff", "S:501", BYE }, "", NULL },
	{ "control characters", { HI, "R:NO\1OP\r\n", "S:500 5.5.2", "R:NOOP\rRSET\r\n", "S:500 5.5.2", "C:NOOP\tx",
	    "S:500 5.5.1", BYE }, "", NULL },
	{ "a bare LF ends no command", { HI, "R:NOOP\n", "S:500 5.5.2", "R:NOOP\nMAIL FROM:<a@b.test>\r\n", "S:500",
	    "S:250", BYE }, "omx", NULL },
	{ "a line at the limit", { HI, "R:NOOP ", "A:4091", "R:\r\n", "S:250", BYE }, "", NULL },
	{ "a line too long", { HI, "R:NOOP ", "A:4092", "R:\r\n", "S:500 5.5.2", "C:NOOP", "S:250", BYE }, "", NULL },
	{ "a line much too long", { HI, "A:100000", "R:\n\r\nNOOP\r\n", "S:500 5.5.2", "S:250", BYE }, "", NULL },
	{ "MAIL parameters", { HI, "C:MAIL FROM:<a@b.test> SIZE=100000 BODY=8BITMIME SMTPUTF8", "S:250", "C:RSET", "S:250",
	    "C:MAIL FROM:<> size=0 body=7bit", "S:250", "C:RSET", "S:250", "C:MAIL FROM:<a@b.test> SIZE=100001", "S:552 5.3.4",
	    "C:MAIL FROM:<a@b.test> SIZE=99999999999999999999", "S:552", BYE }, "omxmx", NULL },
	{ "bad MAIL parameters", { HI, "C:MAIL FROM:<a@b.test> SIZE=", "S:501", "C:MAIL FROM:<a@b.test> SIZE=1 SIZE=1",
	    "S:501", "C:MAIL FROM:<a@b.test> BODY=BINARYMIME", "S:501", "C:MAIL FROM:<a@b.test> SMTPUTF8=1", "S:501",
	    "C:MAIL FROM:<a@b.test> RET=HDRS", "S:555", "C:MAIL FROM:<a@b.test>SIZE=1", "S:501", BYE }, "", NULL },
	{ "bad paths", { HI, "C:MAIL FROM:a@b.test", "S:501", "C:MAIL TO:<a@b.test>", "S:501", M, "C:RCPT TO:<>", "S:501",
	    "C:RCPT FROM:<a@b.test>", "S:501", "C:RCPT TO:<a@b.test> NOTIFY=NEVER", "S:555", BYE }, "omx", NULL },
	{ "addresses too long", { HI, "R:MAIL FROM:<", "A:300", "R:@b.test>\r\n", "S:501 5.1.7 Address too long", M,
	    "R:RCPT TO:<", "A:300", "R:@b.test>\r\n", "S:501 5.1.3 Address too long", "R:RCPT TO:<", "A:100",
	    "R:@b.test>\r\n", "S:250", BYE }, "omrx", NULL },
	{ "UTF-8 needs SMTPUTF8", { HI, "C:MAIL FROM:<\xc3\xa4@b.test>", "S:553 5.6.7", M,
	    "C:RCPT TO:<a@\xc3\xa4.test>", "S:553 5.6.7", "C:RSET", "S:250", "C:MAIL FROM:<\xc3\xa4@b.test> SMTPUTF8", "S:250",
	    "C:RCPT TO:<a@\xc3\xa4.test>", "S:250", "C:RCPT TO:<\xc3@d.test>", "S:501", BYE }, "omxmrx", NULL },
	{ "blank after the colon, source route, postmaster", { HI, "C:MAIL FROM: <@x.test,@y.test:a@b.test>", "S:250",
	    "C:RCPT TO: <Postmaster>", "S:250", BYE }, "omrx", NULL },
	{ "the handler refuses", { HI, "C:MAIL FROM:<deny@b.test>", "S:550 5.7.1", "C:MAIL FROM:<later@b.test>", "S:451",
	    "C:RCPT TO:<a@b.test>", "S:503", M, "C:RCPT TO:<deny@b.test>", "S:550", "C:DATA", "S:503", R_, BYE }, "ommmrrx",
	    NULL },
	{ "the handler hangs up", { HI, M, "C:RCPT TO:<hangup@b.test>", "S:421 4.3.0", "X" }, "omrx", NULL },
	{ "too many recipients", { HI, M, R_, R_, R_, "C:RCPT TO:<x@d.test>", "S:452 4.5.3", "C:DATA", "S:354", "R:.\r\n",
	    "S:250", BYE }, "omrrrde", NULL },
	{ "DATA refused", { HI, "C:MAIL FROM:<nodata@b.test>", "S:250", R_, "C:DATA", "S:554 5.0.0", "C:DATA", "S:503", M, BYE },
	    "omrdxmx", NULL },
	{ "content refused on the way", { HI, "C:MAIL FROM:<nochunk@b.test>", "S:250", R_, "C:DATA", "S:354",
	    "A:70000", "R:\r\n.\r\n", "S:451 4.3.0", M, BYE }, "omrdxmx", NULL },
	{ "message refused", { HI, "C:MAIL FROM:<noend@b.test>", "S:250", R_, "C:DATA", "S:354", "R:a\r\n.\r\n",
	    "S:554 5.7.1", BYE }, "omrde", "a\r\n" },
	{ "content at the limit", { HI, M, R_, "C:DATA", "S:354", "A:99998", "R:\r\n.\r\n", "S:250", BYE }, "omrde", NULL },
	{ "content over the limit", { HI, M, R_, "C:DATA", "S:354", "A:99999", "R:\r\n.\r\n", "S:552 5.3.4", "C:NOOP", "S:250",
	    BYE }, "omrdx", NULL },
	{ "content far over the limit", { HI, M, R_, "C:DATA", "S:354", "A:1000000", "R:\r\n.\r\n", "S:552 5.3.4", M, BYE },
	    "omrdxmx", NULL },
	{ "gone inside DATA", { HI, M, R_, "C:DATA", "S:354", "R:half", "E", "X" }, "omrdx", NULL },
	{ "gone inside BDAT", { HI, M, R_, "R:BDAT 10\r\nhalf", "E", "X" }, "omrdx", NULL },
	{ "gone after MAIL", { HI, M, "E", "X" }, "omx", NULL },
	{ "gone at once", { "S:220", "E", "X" }, "", NULL },
	/* RFC 2920 */
	{ "pipelined", { "S:220", "R:EHLO me\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nRCPT TO:<deny@d.test>\r\nDATA\r\n",
	    "S:250", "S:250 2.1.0", "S:250 2.1.5", "S:550", "S:354",
	    "R:x\r\n.\r\nMAIL FROM:<a2@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n", "S:250 2.6.0", "S:250", "S:250", "S:354",
	    "R:y\r\n.\r\nQUIT\r\n", "S:250", "S:221", "X" }, "omrrdemrde", "y\r\n" },
	{ "pipelined and all refused", { HI, "R:MAIL FROM:<a@b.test>\r\nRCPT TO:<deny@d.test>\r\nDATA\r\nRSET\r\nQUIT\r\n",
	    "S:250", "S:550", "S:503", "S:250", "S:221", "X" }, "omrx", NULL },
	{ "content sent with DATA in one go", { HI, M, R_, "R:DATA\r\nx\r\n.\r\nNOOP\r\n", "S:354", "S:250", "S:250", BYE },
	    "omrde", "x\r\n" },
	{ "early talker", { "R:EHLO me\r\nNOOP\r\n", "S:220", "S:250", "S:250", BYE }, "", NULL },
	/* RFC 3030 */
	{ "one chunk", { HI, M, R_, "R:BDAT 8 LAST\r\n.\r\n\n.\r\na", "S:250 2.6.0", BYE }, "omrde", ".\r\n\n.\r\na" },
	{ "chunks", { HI, M, R_, "R:BDAT 3\r\nabc", "S:250 2.0.0 3", "R:BDAT 0\r\n", "S:250", "R:BDAT 2 LAST\r\nde", "S:250 2.6.0",
	    BYE }, "omrde", "abcde" },
	{ "chunks pipelined", { HI, "R:MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nBDAT 3\r\nabcBDAT 3\r\ndefBDAT 0 LAST\r\n"
	    "QUIT\r\n", "S:250", "S:250", "S:250", "S:250", "S:250 2.6.0", "S:221", "X" }, "omrde", "abcdef" },
	{ "empty chunk alone", { HI, M, R_, "C:BDAT 0 LAST", "S:250", BYE }, "omrde", "" },
	{ "a chunk that looks like commands", { HI, M, R_, "R:BDAT 6 LAST\r\nRSET\r\n", "S:250 2.6.0", BYE }, "omrde",
	    "RSET\r\n" },
	{ "DATA after BDAT", { HI, M, R_, "R:BDAT 1\r\na", "S:250", "C:DATA", "S:503", "C:RCPT TO:<x@d.test>", "S:503",
	    "R:BDAT 1 LAST\r\nb", "S:250", BYE }, "omrde", "ab" },
	{ "RSET between chunks", { HI, M, R_, "R:BDAT 1\r\na", "S:250", "C:RSET", "S:250", "R:BDAT 1 LAST\r\nb", "S:503", BYE },
	    "omrdx", NULL },
	{ "chunk out of order is dropped", { HI, "R:BDAT 6\r\nRSET\r\nMAIL FROM:<a@b.test>\r\n", "S:503", "S:250",
	    "R:BDAT 6 LAST\r\nQUIT\r\n", "S:503", BYE }, "omx", NULL },
	{ "chunk refused by the handler is dropped", { HI, "C:MAIL FROM:<nodata@b.test>", "S:250", R_,
	    "R:BDAT 6 LAST\r\nQUIT\r\n", "S:554", "C:NOOP", "S:250", BYE }, "omrdx", NULL },
	{ "chunk refused on the way", { HI, "C:MAIL FROM:<nochunk@b.test>", "S:250", R_, "R:BDAT 1\r\na", "S:451",
	    "R:BDAT 1 LAST\r\nb", "S:503", BYE }, "omrdx", NULL },
	{ "chunks over the limit", { HI, M, R_, "R:BDAT 60000\r\n", "A:60000", "S:250", "R:BDAT 60000\r\n", "A:60000",
	    "S:552 5.3.4", "R:BDAT 1 LAST\r\na", "S:503", BYE }, "omrdx", NULL },
	{ "a chunk nobody would read", { HI, M, R_, "C:BDAT 18446744073709551615 LAST", "S:552 5.3.4", "X" }, "omrx", NULL },
	{ "chunk sizes that cannot be read", { HI, M, R_, "R:BDAT x\r\nQUIT\r\n", "S:501", "X" }, "omrx", NULL },
	{ "chunk with something else than LAST", { HI, M, R_, "R:BDAT 1 FIRST\r\na", "S:501", "X" }, "omrx", NULL },
	/* limits */
	{ "too many errors", { HI, "C:X", "S:500", "C:X", "S:500", "C:X", "S:500", "C:X", "S:500", "C:X", "S:500", "C:X",
	    "S:500", "C:X", "S:500", "S:421 4.7.0", "X" }, "", NULL },
	{ "refused messages are no errors", { HI, "R:MAIL FROM:<noend@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n", "S:250",
	    "S:250", "S:354", "R:.\r\nX\r\nX\r\nX\r\nX\r\nX\r\nX\r\n", "S:554", "S:500", "S:500", "S:500", "S:500", "S:500",
	    "S:500", "C:NOOP", "S:250", BYE }, "omrde", NULL },
	/* RFC 3207 */
	{ "STARTTLS", { HI, "C:STARTTLS", "S:220", "T", "C:MAIL FROM:<a@b.test>", "S:503", "C:EHLO me", "S:250", "C:STARTTLS",
	    "S:503 5.5.1", M, R_, "C:DATA", "S:354", "R:tls\r\n.\r\n", "S:250", BYE }, "omrde", "tls\r\n" },
	{ "STARTTLS before EHLO", { "S:220", "C:STARTTLS", "S:220", "T", "C:HELO me", "S:250", BYE }, "", NULL },
	{ "commands injected before the handshake", { HI, "R:STARTTLS\r\nEHLO evil\r\nMAIL FROM:<evil@b.test>\r\n",
	    "S:554 5.5.0", "X" }, "", NULL },
	{ "half a command behind STARTTLS", { HI, "R:STARTTLS\r\nE", "S:554 5.5.0", "X" }, "", NULL },
	{ "a short command instead of the handshake", { HI, "C:STARTTLS", "S:220", "C:RSET", "X" }, "", NULL },
	{ "no handshake after STARTTLS", { HI, "C:STARTTLS", "S:220", "C:EHLO me, in clear and long enough", "X" }, "", NULL },
};
/* clang-format on */

static void wait_closed(struct recorder *r)
{
	pthread_mutex_lock(&r->lock);
	while (strchr(r->log, 'o') && !strchr(r->log, 'c'))
		pthread_cond_wait(&r->changed, &r->lock);
	pthread_mutex_unlock(&r->lock);
}

static void commands_in_every_state(void **state)
{
	struct site *t = *state;

	site_start(t);
	for (size_t i = 0; i < ARRAY_LEN(dialogues); i++) {
		print_message("# %s\n", dialogues[i].name);
		memset(t->r.log, 0, sizeof(t->r.log));
		buf_clear(&t->r.content);
		struct stream *s = client_open(t->port);
		play(t, s, dialogues[i].steps);
		stream_close(&s);
		wait_closed(&t->r);
		char *c = strchr(t->r.log, 'c');
		if (c)
			*c = 0;
		if (dialogues[i].log)
			assert_string_equal(t->r.log, dialogues[i].log);
		if (dialogues[i].content) {
			assert_int_equal(t->r.content.n, strlen(dialogues[i].content));
			if (t->r.content.n)
				assert_memory_equal(t->r.content.p, dialogues[i].content, t->r.content.n);
		}
	}
}

static void what_the_handler_is_told(void **state)
{
	static const char *const clear[] = {
		"S:220", "C:EHLO me.test",
		"S:250", "C:MAIL FROM:<@r.test:\"a b\"@c.test> SIZE=42 BODY=8BITMIME SMTPUTF8",
		"S:250", NULL
	};
	static const char *const tls[] = { "C:RSET", "S:250",          "C:STARTTLS", "S:220", "T", "C:HELO x",
					   "S:250",  "C:MAIL FROM:<>", "S:250",      BYE,     NULL };
	struct site *t = *state;

	site_start(t);
	struct stream *s = client_open(t->port);
	play(t, s, clear);
	assert_string_equal(t->r.from, "\"a b\"@c.test");
	assert_string_equal(t->r.helo, "me.test");
	assert_true(t->r.params.body_8bit && t->r.params.smtputf8 && t->r.params.size == 42 && !t->r.tls);
	play(t, s, tls);
	assert_string_equal(t->r.from, "");
	assert_string_equal(t->r.helo, "x");
	assert_true(t->r.tls && !t->r.params.body_8bit && !t->r.params.size);
	stream_close(&s);
	wait_closed(&t->r);
	assert_string_equal(t->r.log, "omxmxc");
}

/* Commands that carry no mail are counted, those that do are not. */
static void command_limit(void **state)
{
	static const char *const mail[] = {
		"R:MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nBDAT 1 LAST\r\na", "S:250", "S:250", "S:250",
		NULL
	};
	static const char *const start[] = { HI, NULL }, *const noop[] = { "C:NOOP", "S:250", NULL };
	static const char *const end[] = { "C:NOOP", "S:250", "S:421 4.7.0", "X", NULL };
	struct site *t = *state;

	site_start(t);
	struct stream *s = client_open(t->port);
	play(t, s, start);
	for (int i = 0; i < 50; i++)
		play(t, s, mail);
	for (int i = 0; i < 39; i++)
		play(t, s, noop);
	play(t, s, end);
	stream_close(&s);
}

/* An empty chunk that is not the last one carries nothing. */
static void empty_chunks_are_counted(void **state)
{
	static const char *const start[] = { HI, M, R_, NULL }, *const empty[] = { "C:BDAT 0", "S:250",
										   NULL };
	static const char *const end[] = { "C:BDAT 0", "S:250", "S:421 4.7.0", "X", NULL };
	struct site *t = *state;

	site_start(t);
	struct stream *s = client_open(t->port);
	play(t, s, start);
	for (int i = 0; i < 39; i++)
		play(t, s, empty);
	play(t, s, end);
	stream_close(&s);
}

/* Mail that is too large is not given to the handler, so the session itself tells of it, as often as is of use. */
static void too_large_is_told(void **state)
{
	static const char *const content[] = { HI,      M,   R_, "C:DATA", "S:354", "A:100000", "R:\r\n.\r\n",
					       "S:552", NULL };
	static const char *const declared[] = { "C:MAIL FROM:<a@b.test> SIZE=100001", "S:552", NULL };
	static const char *const bye[] = { BYE, NULL };
	struct site *t = *state;
	char text[16384];
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	t->log = (struct log){ .fd = fds[1], .level = LOG_INFO, .role = "test" };
	t->o.errors = 1000;
	site_start(t);
	struct stream *s = client_open(t->port);
	play(t, s, content);
	for (int i = 0; i < LOG_QUOTA; i++)
		play(t, s, declared);
	play(t, s, bye);
	stream_close(&s);
	close(fds[1]);
	size_t n = 0;
	ssize_t got;
	while ((got = read(fds[0], text + n, sizeof(text) - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = 0;
	close(fds[0]);
	t->log.fd = -1;
	size_t lines = 0;
	for (const char *at = text;
	     (at = strstr(at, "event=refused code=552 why=\"too_large\" client=\"127.0.0.1\"")); at++)
		lines++;
	/* One less where a minute began between them. */
	assert_in_range(lines, LOG_QUOTA, LOG_QUOTA + 1);
}

static void connections_per_address(void **state)
{
	static const char *const refused[] = { "S:421 4.7.0", "X", NULL }, *const hi[] = { "S:220", NULL };
	struct site *t = *state;
	struct stream *s[4];

	t->o.connections_per_address = 2;
	site_start(t);
	for (int i = 0; i < 2; i++)
		play(t, s[i] = client_open(t->port), hi);
	play(t, s[2] = client_open(t->port), refused);
	for (int i = 0; i < 3; i++)
		stream_close(&s[i]);
}

static void connections_in_all(void **state)
{
	static const char *const refused[] = { "S:421 4.7.0", "X", NULL }, *const hi[] = { "S:220", NULL };
	static const char *const quit[] = { "S:220", BYE, NULL };
	struct site *t = *state;
	struct stream *s[2];

	t->o.connections = 1;
	site_start(t);
	play(t, s[0] = client_open(t->port), hi);
	play(t, s[1] = client_open(t->port), refused);
	stream_close(&s[1]);
	stream_close(&s[0]);
	/* The place is free again as soon as the server has seen the close. */
	char text[SMTP_REPLY_TEXT + 8];
	do {
		s[0] = client_open(t->port);
		assert_true(client_reply(s[0], text));
		if (text[0] == '4')
			stream_close(&s[0]);
	} while (!s[0]);
	play(t, s[0], quit + 1);
	stream_close(&s[0]);
}

static void idle_time(void **state)
{
	static const char *const waits[][16] = {
		{ "S:220", "S:421 4.4.2", "X" },
		{ HI, "S:421 4.4.2", "X" },
		{ HI, "R:NOO", "S:421 4.4.2", "X" },
		{ HI, M, "S:421 4.4.2", "X" },
		{ HI, M, R_, "C:DATA", "S:354", "R:half", "S:421 4.4.2", "X" },
		{ HI, M, R_, "R:BDAT 5\r\nhal", "S:421 4.4.2", "X" },
		{ HI, "C:STARTTLS", "S:220", "X" },
	};
	struct site *t = *state;

	t->o.idle_ms = 40;
	site_start(t);
	for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
		struct stream *s = client_open(t->port);
		play(t, s, waits[i]);
		stream_close(&s);
	}
}

/* A byte now and then is no silence, and yet does not keep a transaction open for ever. */
static void a_drip_ends(void **state)
{
	static const char *const begin[] = { HI, M, R_, "C:DATA", "S:354", NULL };
	struct site *t = *state;
	struct pollfd p = { .events = POLLIN };
	int drops = 0;

	t->o.idle_ms = 200;
	site_start(t);
	struct stream *s = client_open(t->port);
	play(t, s, begin);
	p.fd = stream_fd(s);
	do {
		assert_true(drops++ < 40);
		if (stream_write(s, STR("x"), clock_mono_ms() + CLIENT_MS) != OK)
			break;
	} while (poll(&p, 1, 50) == 0);
	assert_true(drops > 4);
	stream_close(&s);
}

/* Many who say nothing, wherever they are, take no thread from one who does. */
static void slow_clients_block_nobody(void **state)
{
	static const char *const slow[][12] = { { "S:220" },
						{ HI, "R:MAIL FR" },
						{ HI, "C:STARTTLS", "S:220", "R:\x16" },
						{ HI, M },
						{ HI, M, R_ },
						{ HI, M, R_, "C:DATA", "S:354" },
						{ HI, M, R_, "C:DATA", "S:354", "R:half\r\n." },
						{ HI, M, R_, "R:BDAT 10\r\nhalf" } };
	static const char *const fast[] = {
		HI, M, R_, "C:DATA", "S:354", "R:x\r\n.\r\n", "S:250", BYE, NULL
	};
	struct site *t = *state;
	struct stream *parked[64], *s;

	t->o.threads = 1;
	site_start(t);
	for (size_t i = 0; i < ARRAY_LEN(parked); i++)
		play(t, parked[i] = client_open(t->port), slow[i % ARRAY_LEN(slow)]);
	for (int i = 0; i < 20; i++) {
		play(t, s = client_open(t->port), fast);
		stream_close(&s);
	}
	for (size_t i = 0; i < ARRAY_LEN(parked); i++)
		stream_close(&parked[i]);
}

/* The peer goes away while the handler decides: nothing breaks, and the handler is told of the end. */
static void gone_while_the_handler_works(void **state)
{
	static const char *const steps[] = {
		HI, "C:MAIL FROM:<gate@b.test>", "S:250", R_, "C:DATA", "S:354", "R:x\r\n.\r\n", NULL
	};
	struct site *t = *state;

	site_start(t);
	struct stream *s = client_open(t->port);
	play(t, s, steps);
	recorder_wait_gate(&t->r);
	stream_close(&s);
	recorder_open_gate(&t->r);
	wait_closed(&t->r);
	assert_string_equal(t->r.log, "omrdec");
}

/* The time for our answer counts from the end of the mail, not from when a thread came free for it. */
static void waiting_for_a_thread_counts(void **state)
{
	static const char *const gate[] = {
		HI, "C:MAIL FROM:<gate@b.test>", "S:250", R_, "C:DATA", "S:354", "R:x\r\n.\r\n", NULL
	};
	static const char *const dot[] = { "R:.\r\n", NULL }, *const last[] = { "R:BDAT 2 LAST\r\nx\n",
										NULL };
	static const char *const data[] = { HI, M, R_, "C:DATA", "S:354", NULL }, *const bdat[] = { HI, M, R_,
												    NULL };
	static const char *const talk[] = { HI, BYE, NULL }, *const taken[] = { "S:250 2.6.0", NULL };
	const struct {
		const char *const *begin, *const *end;
	} cases[] = { { data, dot }, { bdat, last } };
	struct site *t = *state;

	t->o.threads = 1;
	site_start(t);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct stream *first = client_open(t->port), *second = client_open(t->port), *s;
		t->r.waiting = 0;
		t->r.gate_open = false;
		play(t, second, cases[i].begin);
		play(t, first, gate);
		recorder_wait_gate(&t->r);
		play(t, second, cases[i].end);
		for (int k = 0; k < 20; k++) { /* meanwhile the server sees it */
			play(t, s = client_open(t->port), talk);
			stream_close(&s);
		}
		int64_t opened_ms = clock_mono_ms();
		recorder_open_gate(&t->r);
		play(t, second, taken);
		assert_true(t->r.until_ms < opened_ms + LIMIT_SMTP_ANSWER_MS);
		stream_close(&first);
		stream_close(&second);
	}
}

/* After each message the handler learns whether its answer went out to somebody. */
static void the_handler_learns_who_heard(void **state)
{
	static const struct {
		const char *steps[24];
		bool gate; /* the peer leaves before the answer */
		unsigned heard, unheard;
	} cases[] = {
		{ { HI, M, R_, "C:DATA", "S:354", "R:x\r\n.\r\n", "S:250 2.6.0", BYE }, false, 1, 0 },
		{ { HI, M, R_, "C:DATA", "S:354", "R:x\r\n.\r\n", "S:250 2.6.0" }, false, 1, 0 },
		{ { HI, M, R_, "R:BDAT 2 LAST\r\nx\nQUIT\r\n", "S:250 2.6.0", "S:221", "X" }, false, 1, 0 },
		{ { HI, "R:MAIL FROM:<noend@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n", "S:250", "S:250",
		    "S:354", "R:x\r\n.\r\n", "S:554", M, R_, "R:BDAT 0 LAST\r\n", "S:250 2.6.0", BYE },
		  false,
		  2,
		  0 },
		{ { HI, M, R_, "C:DATA", "S:354", "R:x\r\n" }, false, 0, 0 },
		{ { HI, "C:MAIL FROM:<gate@b.test>", "S:250", R_, "C:DATA", "S:354", "R:x\r\n.\r\n" },
		  true,
		  0,
		  1 },
	};
	struct site *t = *state;

	site_start(t);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		memset(t->r.log, 0, sizeof(t->r.log));
		t->r.heard = t->r.unheard = 0;
		struct stream *s = client_open(t->port);
		play(t, s, cases[i].steps);
		if (cases[i].gate)
			recorder_wait_gate(&t->r);
		stream_close(&s);
		if (cases[i].gate)
			recorder_open_gate(&t->r);
		wait_closed(&t->r);
		if (t->r.heard != cases[i].heard || t->r.unheard != cases[i].unheard)
			fail_msg("case %zu: %u heard, %u not", i, t->r.heard, t->r.unheard);
	}
}

static void *stop_main(void *arg)
{
	struct site *t = arg;

	smtp_server_stop(&t->server, clock_mono_ms() + CLIENT_MS);
	return NULL;
}

static void stop_drains(void **state)
{
	static const char *const steps[] = {
		HI, "C:MAIL FROM:<gate@b.test>", "S:250", R_, "C:DATA", "S:354", "R:x\r\n.\r\n", NULL
	};
	static const char *const taken[] = { "S:250 2.6.0", "S:421 4.3.2", "X", NULL };
	static const char *const idle[] = { "S:421 4.3.2", "X", NULL }, *const hi[] = { HI, NULL };
	struct site *t = *state;
	struct stream *busy, *parked;
	pthread_t stopper;

	site_start(t);
	play(t, parked = client_open(t->port), hi);
	play(t, busy = client_open(t->port), steps);
	recorder_wait_gate(&t->r);
	assert_int_equal(pthread_create(&stopper, NULL, stop_main, t), 0);
	play(t, parked, idle);
	recorder_open_gate(&t->r); /* only now: the stop waits for the transaction */
	play(t, busy, taken);
	pthread_join(stopper, NULL);
	assert_int_equal(t->r.ended, 1);
	assert_string_equal(t->r.log, "omrdec");
	stream_close(&busy);
	stream_close(&parked);
}

/* Who is within a mail when the server stops may end it, but begins no other. */
static void stop_lets_a_mail_end(void **state)
{
	static const char *const half[] = { HI, M, R_, "C:DATA", "S:354", "R:ha", NULL };
	static const char *const rest[] = { "R:lf\r\n.\r\n", "S:250 2.6.0", "S:421 4.3.2", "X", NULL };
	static const char *const idle[] = { "S:421 4.3.2", "X", NULL }, *const hi[] = { HI, NULL };
	struct site *t = *state;
	struct stream *busy, *parked;
	pthread_t stopper;

	site_start(t);
	play(t, parked = client_open(t->port), hi);
	play(t, busy = client_open(t->port), half);
	assert_int_equal(pthread_create(&stopper, NULL, stop_main, t), 0);
	play(t, parked, idle); /* by now everybody was told */
	play(t, busy, rest);
	pthread_join(stopper, NULL);
	assert_string_equal(t->r.log, "omrdec");
	stream_close(&busy);
	stream_close(&parked);
}

static void stop_cuts_at_the_deadline(void **state)
{
	static const char *const steps[] = { HI, M, R_, "C:DATA", "S:354", "R:half", NULL };
	static const char *const cut[] = { "X", NULL };
	struct site *t = *state;
	struct stream *s;

	site_start(t);
	play(t, s = client_open(t->port), steps);
	int64_t began = clock_mono_ms();
	smtp_server_stop(&t->server, began + 50);
	assert_in_range(clock_mono_ms() - began, 50, CLIENT_MS - 1);
	play(t, s, cut);
	assert_string_equal(t->r.log, "omrdxc");
	stream_close(&s);
}

static void tls_only_with_a_certificate(void **state)
{
	static const char *const none[] = { HI, "C:STARTTLS", "S:502", BYE, NULL };
	struct site *t = *state;
	struct stream *s;

	t->o.tls = NULL;
	site_start(t);
	play(t, s = client_open(t->port), none);
	stream_close(&s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(commands_in_every_state),
		TEST(what_the_handler_is_told),
		TEST(command_limit),
		TEST(empty_chunks_are_counted),
		TEST(too_large_is_told),
		TEST(connections_per_address),
		TEST(connections_in_all),
		TEST(idle_time),
		TEST(a_drip_ends),
		TEST(slow_clients_block_nobody),
		TEST(gone_while_the_handler_works),
		TEST(stop_drains),
		TEST(waiting_for_a_thread_counts),
		TEST(the_handler_learns_who_heard),
		TEST(stop_lets_a_mail_end),
		TEST(stop_cuts_at_the_deadline),
		TEST(tls_only_with_a_certificate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

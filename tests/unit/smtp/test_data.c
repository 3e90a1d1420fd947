/* The end of DATA and the dots: every case whole and in pieces of every size, then through a real session. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "client.h"
#include "hop.h"
#include "smtp/data.h"
#include "smtp/relay.h"

struct decoded {
	char p[512];
	size_t n, left; /* bytes behind the end */
	bool ended;
};

static struct decoded decode(struct str in, size_t piece)
{
	struct smtp_decoder d = { DATA_LINE_START };
	struct decoded out = { .n = 0 };
	size_t at = 0;

	while (at < in.n && d.at != DATA_END) {
		struct str part = str_sub(in, at, at + piece), content;
		while (part.n > 0 && d.at != DATA_END) {
			size_t n = smtp_decode(&d, part, &content);
			assert_true(out.n + content.n <= sizeof(out.p));
			memcpy(out.p + out.n, content.p ? content.p : "", content.n);
			out.n += content.n;
			part = str_sub(part, n, part.n);
			at += n;
		}
	}
	out.ended = d.at == DATA_END;
	out.left = in.n - at;
	return out;
}

static void cases(void **state)
{
	static const struct {
		const char *name;
		struct str in, want;
		bool ended;
		size_t left;
	} t[] = {
		{ "nothing", STR_INIT(""), STR_INIT(""), false, 0 },
		{ "the end at once", STR_INIT(".\r\nQUIT"), STR_INIT(""), true, 4 },
		{ "a line", STR_INIT("a\r\n.\r\n"), STR_INIT("a\r\n"), true, 0 },
		{ "a dot alone is stuffed", STR_INIT("..\r\n.\r\n"), STR_INIT(".\r\n"), true, 0 },
		{ "only the first dot goes", STR_INIT("...\r\n.\r\n"), STR_INIT("..\r\n"), true, 0 },
		{ "an unstuffed dot goes too", STR_INIT(".a\r\n.\r\n"), STR_INIT("a\r\n"), true, 0 },
		{ "a dot within stays", STR_INIT("a.\r\n.\r\n"), STR_INIT("a.\r\n"), true, 0 },
		{ "a dot after LF stays", STR_INIT("a\n..b\r\n.\r\n"), STR_INIT("a\n..b\r\n"), true, 0 },
		{ "a dot after CR stays", STR_INIT("a\r..b\r\n.\r\n"), STR_INIT("a\r..b\r\n"), true, 0 },
		{ "CR CR LF is a line end", STR_INIT("a\r\r\n.\r\n"), STR_INIT("a\r\r\n"), true, 0 },
		{ "dot and bare CR", STR_INIT("a\r\n.\rb\r\n.\r\n"), STR_INIT("a\r\n\rb\r\n"), true, 0 },
		{ "dot and CR CR LF", STR_INIT("a\r\n.\r\r\n.\r\n"), STR_INIT("a\r\n\r\r\n"), true, 0 },
		{ "dot and bare LF", STR_INIT("a\r\n.\n.\r\n"), STR_INIT("a\r\n\n.\r\n"), false, 0 },
		{ "NUL", STR_INIT("\0\r\n\0.\r\n.\r\n"), STR_INIT("\0\r\n\0.\r\n"), true, 0 },
		{ "no end", STR_INIT("a\r\n.\r"), STR_INIT("a\r\n"), false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		print_message("# %s\n", t[i].name);
		for (size_t piece = 1; piece <= t[i].in.n + 1; piece++) {
			struct decoded d = decode(t[i].in, piece);
			assert_int_equal(d.ended, t[i].ended);
			assert_int_equal(d.left, t[i].left);
			assert_int_equal(d.n, t[i].want.n);
			assert_memory_equal(d.p, t[i].want.p, d.n);
		}
	}
}

/* ---- through a session ---- */

struct site {
	struct recorder r;
	struct log log;
	struct smtp_server *server;
	int fd;
	uint16_t port;
};

static int set_up(void **state)
{
	struct site *t = calloc(1, sizeof(*t));

	*state = t;
	recorder_init(&t->r);
	t->fd = listen_any(&t->port);
	t->log = (struct log){ .fd = 2, .level = LOG_ERROR, .role = "test" };
	struct smtp_server_options o = {
		.hostname = "gw.test",
		.message_size = 1 << 20,
		.recipients = 10,
		.commands = 1000,
		.errors = 10,
		.connections = 10,
		.connections_per_address = 10,
		.threads = 2,
		.idle_ms = CLIENT_MS,
		.handler = &recorder_handler,
		.handler_ctx = &t->r,
		.log = &t->log,
	};
	return smtp_server_start(&o, &t->fd, 1, &t->server, NULL) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
	struct site *t = *state;

	smtp_server_stop(&t->server, clock_mono_ms() + CLIENT_MS);
	close(t->fd);
	buf_free(&t->r.content);
	free(t);
	return 0;
}

static void expect(struct stream *s, const char *step)
{
	char text[SMTP_REPLY_TEXT + 8];
	const char *got = client_step(s, NULL, step, text);

	if (got)
		fail_msg("at \"%s\": got \"%s\"", step, got);
}

/*
 * Sends text, the bytes, a forged transaction, and the true end. They end nothing when one mail arrives that holds all
 * of it; two replies to two mails would come if they did.
 */
static void ends_nothing(struct site *t, struct str bytes)
{
	static const char forged[] = "MAIL FROM:<forged@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nforged";
	struct stream *s = client_open(t->port);
	unsigned before = t->r.ended;
	struct buf wire;

	expect(s, "S:220");
	expect(s, "R:EHLO x\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n");
	expect(s, "S:250");
	expect(s, "S:250");
	expect(s, "S:250");
	expect(s, "S:354");
	buf_init(&wire, 1000);
	buf_add(&wire, STR("text"));
	buf_add(&wire, bytes);
	buf_add(&wire, STR(forged));
	struct str sent = buf_str(&wire);
	assert_int_equal(stream_write(s, sent, clock_mono_ms() + CLIENT_MS), OK);
	expect(s, "R:\r\n.\r\nQUIT\r\n");
	expect(s, "S:250 2.6.0");
	expect(s, "S:221");
	expect(s, "X");
	assert_int_equal(t->r.ended, before + 1);
	/* Nothing was lost but the dot after CRLF that stuffing takes, where the bytes have one. */
	struct str content = buf_str(&t->r.content), want_end = STR("forged\r\n");
	struct decoded d = decode(sent, sent.n);
	assert_int_equal(content.n, d.n + 2);
	assert_memory_equal(content.p, d.p, d.n);
	assert_true(str_ends(content, want_end));
	if (str_find(bytes, STR("\r\n."), 0) == SIZE_MAX) {
		assert_int_equal(content.n, sent.n + 2);
		assert_memory_equal(content.p, sent.p, sent.n);
	}
	buf_free(&wire);
	stream_close(&s);
}

static void smuggling(void **state)
{
	static const struct str sequences[] = {
		STR_INIT("\n.\n"),           STR_INIT("\n.\r"),         STR_INIT("\r.\n"),
		STR_INIT("\r.\r"),           STR_INIT("\n.\r\n"),       STR_INIT("\r.\r\n"),
		STR_INIT("\r\n.\r\r\n"),     STR_INIT("\r\r\n.\r\r\n"), STR_INIT("\r\n\0.\r\n"),
		STR_INIT("\r\n.\n"),         STR_INIT("\r\n.\r"),       STR_INIT("\r\n\n.\n"),
		STR_INIT("\r\n \r\n .\r\n"), STR_INIT("\r\n.\0\r\n"),
	};

	for (size_t i = 0; i < ARRAY_LEN(sequences); i++)
		ends_nothing(*state, sequences[i]);
}

/* ---- relay → server: what arrives is what was sent ---- */

static struct str random_content(char *p, size_t max, unsigned *seed)
{
	static const struct str bits[] = { STR_INIT("."),     STR_INIT("\r\n"),
					   STR_INIT("\r"),    STR_INIT("\n"),
					   STR_INIT("a"),     STR_INIT("\0"),
					   STR_INIT("\r\n."), STR_INIT("text of some length, ") };
	size_t n = 0, want = (size_t)rand_r(seed) % max;

	while (n < want) {
		struct str b = bits[(size_t)rand_r(seed) % ARRAY_LEN(bits)];
		if (n + b.n > max)
			break;
		memcpy(p + n, b.p, b.n);
		n += b.n;
	}
	return str_from(p, n);
}

/* Whether only NULs, and at least one, stand between the byte and the line end before it. */
static bool is_behind_nuls(struct str in, size_t at)
{
	size_t i = at;

	while (i > 0 && in.p[i - 1] == 0)
		i--;
	return i < at && (i == 0 || in.p[i - 1] == '\r' || in.p[i - 1] == '\n');
}

/* The changes that stuff.h names, made the slow way. */
static void completed(struct str in, struct buf *out)
{
	buf_clear(out);
	for (size_t i = 0; i < in.n; i++) {
		bool last = i + 1 == in.n, dot = last || in.p[i + 1] == '.';
		bool bare_lf = in.p[i] == '\n' && (i == 0 || in.p[i - 1] != '\r');
		bool bare_cr = in.p[i] == '\r' && (last || in.p[i + 1] != '\n');
		if (dot && (bare_lf || bare_cr))
			buf_add(out, STR("\r\n"));
		else
			buf_add_char(out, in.p[i]);
		if (in.p[i] == '.' && is_behind_nuls(in, i))
			buf_add_char(out, '.'); /* no receiver takes this one off again */
	}
	if (out->n > 0 && !str_ends(buf_str(out), STR("\r\n")))
		buf_add(out, STR("\r\n"));
}

static void relay_round_trip(void **state)
{
	struct site *t = *state;
	struct relay_options o = { .host = STR("127.0.0.1"), .port = t->port, .hostname = "me.test" };
	static char content[100000];
	struct smtp_reply reply;
	struct errbuf why;
	struct relay *r;
	struct buf want;
	unsigned seed = 1;

	buf_init(&want, 1 << 20);
	o.connect_until_ms = clock_mono_ms() + CLIENT_MS;
	assert_int_equal(relay_open(&o, &r, &reply, &why), OK);
	for (int i = 0; i < 300; i++) {
		struct str sent = random_content(content, i % 10 ? 200 : sizeof(content), &seed);
		int64_t until = clock_mono_ms() + CLIENT_MS;
		assert_int_equal(relay_mail(r,
					    &(struct relay_sender){
						.from = STR("a@b.test"), .size = sent.n, .body_8bit = true },
					    until)
				     .code,
				 250);
		assert_int_equal(relay_rcpt(r, STR("c@d.test"), until).code, 250);
		assert_int_equal(relay_data(r, until).code, 354);
		for (size_t at = 0; at < sent.n;) {
			size_t piece = 1 + (size_t)rand_r(&seed) % 5000;
			assert_int_equal(relay_chunk(r, str_sub(sent, at, at + piece), CLIENT_MS, until), OK);
			at += piece;
		}
		assert_int_equal(relay_end(r, until).code, 250);
		completed(sent, &want);
		assert_int_equal(t->r.content.n, want.n);
		if (want.n)
			assert_memory_equal(t->r.content.p, want.p, want.n);
	}
	relay_close(&r);
	buf_free(&want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases),
		cmocka_unit_test_setup_teardown(smuggling, set_up, tear_down),
		cmocka_unit_test_setup_teardown(relay_round_trip, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

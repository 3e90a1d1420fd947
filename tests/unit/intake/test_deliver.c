/*
 * A mail from MAIL to the answer to its final dot, against a scripted next hop: what is answered, what is stored,
 * what is said there. The verdict is given: no worker is needed.
 */
#include "../smtp/hop.h"
#include "../store/fixture.h"
#include "intake/internal.h"
#include "resource/resource.h"
#include "store/settings.h"

#define STEP_S 5
#define HELLO "S:220 hop", "C:EHLO gw.test", "R:250-hop\r\n250 8BITMIME\r\n"
#define HELLO_SIZE "S:220 hop", "C:EHLO gw.test", "R:250-hop\r\n250 SIZE\r\n"
#define MAIL "C:MAIL FROM:<s@example.org>", "S:250 ok"
#define RCPT(who) "C:RCPT TO:<" who ">", "S:250 ok"
#define SEND "C:DATA", "S:354 go", "D"
#define RESET "C:RSET", "S:250 ok"
#define A "a@free.test"
#define B "b@free.test"
#define H "h@held.test"

struct flow {
	struct fixture *f;
	struct config config;
	struct smtp_peer peer;
	struct intake in;
	struct hop hop;
	int64_t account;
};

static void protect(struct flow *x, const char *name, int drop)
{
	struct resource_env env = { .arena = x->f->a, .now_us = clock_now_us() };
	struct settings_who who = { .name = STR("test") };
	struct authorization authorized = { 0 };
	struct settings_refusal why;
	struct settings_write *w;
	struct domain d = { 0 };

	resource_domains.defaults(&env, &d);
	resource_domains.begin(&env, &d);
	SET(&d, domain, domain, str_of(name));
	SET(&d, domain, transport, arena_printf(x->f->a, "127.0.0.1:%u", (unsigned)x->hop.port));
	SET(&authorized, authorization, authorized, true);
	SET(&d, domain, authorization, &authorized);
	ARENA_PUSH(x->f->a, &d.allowed_delivery_modes, MODE_DIRECT);
	SET(&d, domain, allowed_delivery_modes, d.allowed_delivery_modes);
	if (drop)
		ARENA_PUSH(x->f->a, &d.drop_dispositions, drop);
	SET(&d, domain, drop_dispositions, d.drop_dispositions);
	w = settings_write_new(x->f->st, &env, &resource_domains, x->account, &who);
	settings_write_add(w, &d, 0);
	assert_int_equal(settings_write_run(w, &why), OK);
}

static void open_flow(struct flow *x, const char *const *script, int idle_ms)
{
	struct next_hop_options hops = {
		.hostname = "gw.test", .idle_ms = idle_ms, .threads = 64, .log = &quiet
	};
	struct account account = { 0 };

	hop_start(&x->hop, script, NULL);
	x->config = (struct config){ .hostname = "gw.test",
				     .header_prefix = "X-Postern-",
				     .smtp_postmaster = "",
				     .relay_timeout_s = STEP_S,
				     .relay_end_timeout_s = 290 };
	x->peer = (struct smtp_peer){ .helo = STR("mx.example.org"), .esmtp = true };
	assert_int_equal(ip_parse(STR("192.0.2.1"), &x->peer.ip), OK);
	x->in = (struct intake){ .config = &x->config,
				 .store = x->f->st,
				 .log = &quiet,
				 .next_hops = next_hop_pool_new(&hops),
				 .spool = { .dir = x->f->dir, .memory_max = 1u << 20 } };
	SET(&account, account, name, STR("test"));
	assert_int_equal(settings_account_add(x->f->st, x->f->a, &account), OK);
	x->account = account.num;
	protect(x, "free.test", 0);
	protect(x, "held.test", DISP_SPAM);
}

static void close_flow(struct flow *x)
{
	next_hop_pool_free(&x->in.next_hops);
	buf_free(&x->hop.content);
}

static struct verdict *spam(struct arena *a)
{
	struct verdict *v = ARENA_NEW(a, struct verdict);

	v->message = ARENA_NEW(a, struct message);
	v->detections = ARENA_NEW(a, struct detections);
	v->message->properties = ARENA_NEW(a, struct properties);
	SET(v->message, message, final_disposition, DISP_SPAM);
	return v;
}

/* The part of handle_end that needs no worker. */
static struct smtp_reply finish(struct transaction *t, struct record *r)
{
	struct str digest = filing_digest(t, false);
	enum err e = store_record_by_digest(t->in->store, t->arena, t->account, digest, r);

	if (e == ERR_ABSENT) {
		struct verdict *v = spam(t->arena);
		filing_record(t, v, NULL, r);
		SET(r, record, digest, digest);
		e = filing_commit(t, v, r);
	}
	assert_int_equal(e, OK);
	return deliver(t, r);
}

struct expected {
	const char *to[4];
	int rcpt[4], end; /* codes; end 0 = no recipient was left */
	const char *
	    statuses; /* of the record, in the order of its outcomes: d(elivered) q(uarantined) l(ater) b(ounced) */
	const char *trace; /* its last line holds this */
};

static void check_record(const struct expected *want, const struct record *r, const char *name)
{
	static const struct {
		char letter;
		int status;
	} letters[] = { { 'd', DELIVERY_DELIVERED },
			{ 'q', DELIVERY_QUARANTINED },
			{ 'l', DELIVERY_DEFERRED },
			{ 'b', DELIVERY_BOUNCED } };

	assert_int_equal(r->outcomes.n, strlen(want->statuses));
	for (size_t i = 0; i < r->outcomes.n; i++)
		for (size_t j = 0; j < ARRAY_LEN(letters); j++)
			if (want->statuses[i] == letters[j].letter &&
			    r->outcomes.v[i].status != letters[j].status)
				fail_msg("%s: recipient %zu is not '%c'", name, i, letters[j].letter);
	struct str last = r->trace.v[r->trace.n - 1].message;
	if (str_find(last, str_of(want->trace), 0) == SIZE_MAX)
		fail_msg("%s: the trace says: %.*s", name, STR_ARG(last));
}

/* We have said that every reply has an enhanced code. */
static void check_reply(const struct smtp_reply *reply, int code, const char *name, const char *when)
{
	struct smtp_reply complete = smtp_reply_complete(reply);

	if (reply->code != code || strcmp(reply->text, complete.text) != 0)
		fail_msg("%s: %s: %d %s", name, when, reply->code, reply->text);
}

static void one_mail(struct flow *x, const char *name, const struct expected *want, int answer_ms)
{
	struct smtp_mail_params params = { .from = STR("s@example.org") };
	struct smtp_reply reply;
	struct transaction *t = transaction_new(&x->in, &x->peer, &params, false);
	struct record r = { 0 }, stored;

	assert_non_null(t);
	for (size_t i = 0; i < ARRAY_LEN(want->to) && want->to[i]; i++) {
		reply = transaction_rcpt(t, str_of(want->to[i]));
		check_reply(&reply, want->rcpt[i], name, want->to[i]);
	}
	if (want->end) {
		t->received_us = clock_now_us();
		assert_int_equal(spool_append(&t->spool, STR("Subject: x\r\n\r\nbody\r\n")), OK);
		assert_int_equal(spool_seal(&t->spool, &t->sha256), OK);
		t->until_ms = clock_mono_ms() + answer_ms;
		reply = finish(t, &r);
		check_reply(&reply, want->end, name, "the answer");
		assert_int_equal(store_record_get(x->f->st, x->f->a, x->account, r.message->postfix_id,
						  RECORD_WHOLE, &stored),
				 OK);
		check_record(want, &stored, name);
		check_record(want, &r, name);
	}
	transaction_free(&t);
}

static void flows(void **state)
{
	static const struct {
		const char *name;
		const char *script[40];
		struct expected mails[2];
		int answer_ms; /* 0 = plenty */
	} cases[] = {
		/* clang-format off */
		{ "taken",
		  { HELLO, MAIL, RCPT(A), SEND, "S:250 2.0.0 queued as XYZ" },
		  { { { A }, { 250 }, 250, "d", "relayed to 127.0.0.1" } }, 0 },
		{ "two mails on one connection",
		  { HELLO, MAIL, RCPT(A), SEND, "S:250 ok", MAIL, RCPT(B), SEND, "S:250 ok" },
		  { { { A }, { 250 }, 250, "d", "relayed" }, { { B }, { 250 }, 250, "d", "relayed" } }, 0 },
		{ "a kept connection is gone",
		  { HELLO, MAIL, RCPT(A), SEND, "S:250 ok", "N", HELLO, MAIL, RCPT(B), SEND, "S:250 ok" },
		  { { { A }, { 250 }, 250, "d", "relayed" }, { { B }, { 250 }, 250, "d", "relayed" } }, 0 },
		{ "a kept connection says goodbye",
		  { HELLO, MAIL, RCPT(A), SEND, "S:250 ok", "S:421 idle too long", "N", HELLO, MAIL, RCPT(B), SEND, "S:250 ok" },
		  { { { A }, { 250 }, 250, "d", "relayed" }, { { B }, { 250 }, 250, "d", "relayed" } }, 0 },
		{ "put off, then a resend",
		  { HELLO, MAIL, RCPT(A), SEND, "S:451 busy", MAIL, RCPT(A), SEND, "S:250 ok" },
		  { { { A }, { 250 }, 451, "l", "not relayed" }, { { A }, { 250 }, 250, "d", "relayed" } }, 0 },
		{ "a resend of what was taken",
		  { HELLO, MAIL, RCPT(A), SEND, "S:250 ok", MAIL, RCPT(A), RESET },
		  { { { A }, { 250 }, 250, "d", "relayed" }, { { A }, { 250 }, 250, "d", "relayed" } }, 0 },
		{ "the mail is refused",
		  { HELLO, MAIL, RCPT(A), SEND, "S:554 5.7.1 no" },
		  { { { A }, { 250 }, 554, "b", "554 5.7.1 no" } }, 0 },
		{ "DATA is refused",
		  { HELLO, MAIL, RCPT(A), "C:DATA", "S:554 no", RESET },
		  { { { A }, { 250 }, 554, "b", "not relayed" } }, 0 },
		{ "MAIL is refused",
		  { HELLO, "C:MAIL", "S:550 5.1.8 unknown sender", RESET },
		  { { { A }, { 550 }, 0, NULL, NULL } }, 0 },
		{ "one recipient is refused",
		  { HELLO, MAIL, RCPT(A), "C:RCPT", "S:550 no", SEND, "S:250 ok" },
		  { { { A, B }, { 250, 550 }, 250, "d", "for 1 recipient:" } }, 0 },
		{ "the postmaster is that of the first domain",
		  { HELLO, MAIL, RCPT("postmaster@free.test"), SEND, "S:250 ok" },
		  { { { "Postmaster" }, { 250 }, 250, "d", "relayed" } }, 0 },
		{ "the postmaster of this server by its name",
		  { HELLO, MAIL, RCPT("postmaster@free.test"), SEND, "S:250 ok" },
		  { { { "POSTMASTER@gw.test" }, { 250 }, 250, "d", "relayed" } }, 0 },
		{ "another postmaster is another's",
		  { NULL },
		  { { { "postmaster@gw2.test" }, { 550 }, 0, NULL, NULL } }, 0 },
		{ "the connection breaks before anybody is accepted",
		  { HELLO, MAIL, "C:RCPT", "S:550 no", "N", HELLO, MAIL, RCPT(B), SEND, "S:250 ok" },
		  { { { A, H, B }, { 550, 451, 250 }, 250, "d", "relayed" } }, 0 },
		{ "the connection breaks after somebody was accepted",
		  { HELLO, MAIL, RCPT(A), "N", HELLO, MAIL, RCPT(A), RCPT(B), SEND, "S:250 ok" },
		  { { { A, H, B }, { 250, 451, 250 }, 250, "dd", "for 2 recipients:" } }, 0 },
		{ "the size said is that of what we send",
		  { HELLO_SIZE, MAIL, RCPT(A), RCPT(H), RESET, "C:MAIL FROM:<s@example.org> SIZE=81940", "S:250 ok", RCPT(A),
		    SEND, "S:250 ok" },
		  { { { A, H }, { 250, 250 }, 250, "dq", "for 1 recipient:" } }, 0 },
		{ "the next hop is this server",
		  { "S:220 gw.test ESMTP Postern", "W" },
		  { { { A }, { 451 }, 0, NULL, NULL } }, 0 },
		{ "a goodbye at RCPT is not ours",
		  { HELLO, MAIL, "C:RCPT", "S:421 4.3.2 closing" },
		  { { { A }, { 451 }, 0, NULL, NULL } }, 0 },
		{ "all are held: no DATA",
		  { HELLO, MAIL, RCPT(H), RESET },
		  { { { H }, { 250 }, 250, "q", "held in quarantine for 1 of 1" } }, 0 },
		{ "some are held",
		  { HELLO, MAIL, RCPT(A), RCPT(H), RESET, MAIL, RCPT(A), SEND, "S:250 ok" },
		  { { { A, H }, { 250, 250 }, 250, "dq", "for 1 recipient:" } }, 0 },
		{ "some are held, the rest is put off; then a resend",
		  { HELLO, MAIL, RCPT(A), RCPT(H), RESET, MAIL, RCPT(A), SEND, "S:451 busy",
		    MAIL, RCPT(A), RCPT(H), RESET, MAIL, RCPT(A), SEND, "S:250 ok" },
		  { { { A, H }, { 250, 250 }, 451, "lq", "not relayed" },
		    { { A, H }, { 250, 250 }, 250, "dq", "relayed" } }, 0 },
		{ "a recipient is refused at the second asking: nobody gets it yet",
		  { HELLO, MAIL, RCPT(A), RCPT(B), RCPT(H), RESET, MAIL, RCPT(A), "C:RCPT", "S:550 5.1.1 gone", RESET },
		  { { { A, B, H }, { 250, 250, 250 }, 451, "llq", "550 5.1.1 gone" } }, 0 },
		{ "the next hop leaves before DATA",
		  { HELLO, MAIL, RCPT(A), "N", HELLO, MAIL, RCPT(A), SEND, "S:250 ok" },
		  { { { A }, { 250 }, 250, "d", "relayed" } }, 0 },
		{ "the next hop says goodbye at DATA",
		  { HELLO, MAIL, RCPT(A), "C:DATA", "S:421 timeout", "N", HELLO, MAIL, RCPT(A), SEND, "S:250 ok" },
		  { { { A }, { 250 }, 250, "d", "relayed" } }, 0 },
		{ "the next hop says goodbye at the end",
		  { HELLO, MAIL, RCPT(A), SEND, "S:421 4.3.2 closing" },
		  { { { A }, { 250 }, 451, "l", "not relayed" } }, 0 },
		{ "the next hop leaves within DATA: it may have the mail, so it is not sent again",
		  { HELLO, MAIL, RCPT(A), SEND },
		  { { { A }, { 250 }, 451, "l", "not relayed" } }, 0 },
		{ "silence at the end",
		  { HELLO, MAIL, RCPT(A), SEND, "W" },
		  { { { A }, { 250 }, 451, "l", "not relayed" } }, 150 },
		{ "silence at DATA",
		  { HELLO, MAIL, RCPT(A), "C:DATA", "W" },
		  { { { A }, { 250 }, 451, "l", "not relayed" } }, 150 },
		/* clang-format on */
	};
	struct flow x = { .f = *state };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		open_flow(&x, cases[i].script, 20000);
		for (size_t j = 0; j < ARRAY_LEN(cases[i].mails) && cases[i].mails[j].to[0]; j++)
			one_mail(&x, cases[i].name, &cases[i].mails[j],
				 cases[i].answer_ms ? cases[i].answer_ms : 20000);
		next_hop_pool_free(&x.in.next_hops);
		const char *failed = hop_join(&x.hop);
		if (*failed)
			fail_msg("%s: the next hop at %s", cases[i].name, failed);
		close_flow(&x);
		fixture_teardown(state);
		fixture_setup(state);
		x.f = *state;
	}
}

static void nothing_is_kept_for_long(void **state)
{
	static const char *const script[] = { HELLO, MAIL, RCPT(A), SEND, "S:250 ok", "C:QUIT", "W", NULL };
	static const struct expected taken = { { A }, { 250 }, 250, "d", "relayed" };
	struct flow x = { .f = *state };

	open_flow(&x, script, 20);
	one_mail(&x, "kept", &taken, 20000);
	assert_string_equal(hop_join(&x.hop), ""); /* while the pool lives */
	close_flow(&x);
}

/* Who the operator names is the postmaster. */
static void a_postmaster_of_choice(void **state)
{
	static const char *const script[] = { HELLO, MAIL, RCPT("ops@held.test"), RESET, NULL };
	static const struct expected held = { { "Postmaster" }, { 250 }, 250, "q", "held" };
	struct flow x = { .f = *state };

	open_flow(&x, script, 20000);
	x.config.smtp_postmaster = "ops@held.test";
	one_mail(&x, "postmaster", &held, 20000);
	next_hop_pool_free(&x.in.next_hops);
	assert_string_equal(hop_join(&x.hop), "");
	close_flow(&x);
}

/*
 * A hop that takes a connection and says nothing costs the first mail its time. The next one is told at once, and so is
 * whoever comes while as many threads are with a hop as may be.
 */
static void a_silent_next_hop(void **state)
{
	static const char *const script[] = { "W", NULL };
	static const struct expected away = { { A }, { 451 }, 0, NULL, NULL };
	struct flow x = { .f = *state };
	struct str hop;

	open_flow(&x, script, 20000);
	x.config.relay_timeout_s = 2; /* well beyond what is too little to be remembered */
	one_mail(&x, "silent", &away, 20000);
	int64_t began = clock_mono_ms();
	x.config.relay_timeout_s = 60;
	one_mail(&x, "remembered", &away, 20000);
	assert_true(clock_mono_ms() - began < 10000); /* it waited for nothing: that would be 20 seconds */
	hop = STR("10.0.0.1:25");
	for (int i = 0; i < 16; i++)
		assert_int_equal(next_hop_enter(x.in.next_hops, hop), OK);
	assert_int_equal(next_hop_enter(x.in.next_hops, hop), ERR_LIMIT);
	next_hop_leave(x.in.next_hops, hop, true);
	assert_int_equal(next_hop_enter(x.in.next_hops, hop), OK);
	for (int i = 0; i < 16; i++)
		next_hop_leave(x.in.next_hops, hop, true);
	next_hop_pool_free(&x.in.next_hops);
	assert_string_equal(hop_join(&x.hop), "");
	close_flow(&x);
}

/* Threads are many, senders may be more: those that take their time keep no connection of the next hop meanwhile. */
static void a_crowd_keeps_no_connections(void **state)
{
	static const char *const script[] = { HELLO,    MAIL,       RCPT(A), "N",        HELLO,
					      MAIL,     RCPT(A),    RESET,   "C:MAIL",   "S:250 ok",
					      "C:RCPT", "S:250 ok", SEND,    "S:250 ok", NULL };
	struct next_hop_options hops = {
		.hostname = "gw.test", .idle_ms = 20000, .threads = 1, .log = &quiet
	};
	struct smtp_mail_params params = { .from = STR("s@example.org") };
	struct flow x = { .f = *state };
	struct transaction *t[2];
	struct record r = { 0 };

	open_flow(&x, script, 20000);
	next_hop_pool_free(&x.in.next_hops);
	x.in.next_hops = next_hop_pool_new(&hops);
	for (int i = 0; i < 2; i++) {
		t[i] = transaction_new(&x.in, &x.peer, &params, false);
		assert_int_equal(transaction_rcpt(t[i], STR(A)).code, 250);
		assert_int_equal(t[i]->relay != NULL, i == 0);
	}
	t[1]->received_us = clock_now_us();
	assert_int_equal(spool_append(&t[1]->spool, STR("Subject: x\r\n\r\nbody\r\n")), OK);
	assert_int_equal(spool_seal(&t[1]->spool, &t[1]->sha256), OK);
	t[1]->until_ms = clock_mono_ms() + 20000;
	assert_int_equal(finish(t[1], &r).code, 250);
	transaction_free(&t[1]);
	transaction_abandon(&t[0]);
	next_hop_pool_free(&x.in.next_hops);
	assert_string_equal(hop_join(&x.hop), "");
	close_flow(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_is_kept_for_long, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(flows, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_postmaster_of_choice, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_silent_next_hop, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_crowd_keeps_no_connections, fixture_setup,
						fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What becomes of each recipient, what is told of it, and by what a resend is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake/internal.h"

/* Three domains of one account with different things to hold, and a mail to all of them. */
enum { FREE, HOLDS_SPAM, HOLDS_MALICIOUS, DOMAINS };

struct filed {
	struct arena *a;
	struct smtp_peer peer;
	struct directory_domain domains[DOMAINS];
	struct transaction t;
	struct message m;
	struct detections d;
	struct properties p;
	struct verdict v;
	struct record r;
};

static int make(void **state)
{
	static const char *const addresses[DOMAINS] = { "a@free.test", "b@spam.test", "c@malicious.test" };
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct filed *x = ARENA_NEW(a, struct filed);

	x->a = a;
	x->peer = (struct smtp_peer){ .helo = STR("mx.example.org"), .esmtp = true };
	assert_int_equal(ip_parse(STR("192.0.2.1"), &x->peer.ip), OK);
	x->t =
	    (struct transaction){ .arena = a, .peer = &x->peer, .account = 7, .transport = STR("hop.test") };
	x->t.mail.from = STR("sender@example.org");
	x->t.spool.size = 1234;
	x->t.id = STR("4Njp3P0STMz2c02Q"); /* as judge.c gives it */
	x->domains[HOLDS_SPAM].holds = 1u << DISP_SPAM;
	x->domains[HOLDS_MALICIOUS].holds = 1u << DISP_MALICIOUS;
	for (size_t i = 0; i < DOMAINS; i++) {
		struct recipient to = { .address = str_of(addresses[i]), .domain = &x->domains[i] };
		ARENA_PUSH(a, &x->t.recipients, to);
	}
	x->m.properties = &x->p;
	x->v = (struct verdict){ .message = &x->m, .detections = &x->d };
	*state = x;
	return 0;
}

static int unmake(void **state)
{
	struct arena *a = ((struct filed *)*state)->a;

	arena_free(&a);
	return 0;
}

static void fates(void **state)
{
	static const struct {
		const char *name;
		int disposition;
		bool blocked, hold;
		int exempt;       /* a recipient; -1 = none */
		const char *want; /* a letter for each recipient: q(ueued) or h(eld) */
	} cases[] = {
		{ "clean", DISP_NONE, false, false, -1, "qqq" },
		{ "spam is held where it is to be", DISP_SPAM, false, false, -1, "qhq" },
		{ "nothing is held for being milder", DISP_BULK, false, false, -1, "qqq" },
		{ "malicious", DISP_MALICIOUS, false, false, -1, "qqh" },
		{ "BEC is malicious", DISP_BEC, false, false, -1, "qqh" },
		{ "exempt from what the domain holds", DISP_SPAM, false, false, HOLDS_SPAM, "qqq" },
		{ "exempt is for one recipient only", DISP_MALICIOUS, false, false, FREE, "qqh" },
		{ "blocked is held everywhere", DISP_MALICIOUS, true, false, -1, "hhh" },
		{ "exempt passes the block", DISP_MALICIOUS, true, false, FREE, "qhh" },
		{ "unscanned is held everywhere", DISP_UNKNOWN, false, false, -1, "hhh" },
		{ "unscanned is held for the exempt, too", DISP_UNKNOWN, false, false, FREE, "hhh" },
		{ "what cannot be cleaned is held everywhere", DISP_MALICIOUS, false, true, -1, "hhh" },
		{ "and for the exempt", DISP_MALICIOUS, false, true, FREE, "hhh" },
	};
	struct filed *x = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct exemption exempt = { .recipient = cases[i].exempt };
		x->m.final_disposition = cases[i].disposition;
		x->p.blocklisted_message = cases[i].blocked;
		x->v.hold = cases[i].hold;
		x->v.exempt = (struct exemption_list){ &exempt, cases[i].exempt >= 0 };
		filing_record(&x->t, &x->v, NULL, &x->r);
		assert_int_equal(x->r.outcomes.n, DOMAINS);
		bool held = false, queued = false, excused = false, unasked = false;
		for (size_t j = 0; j < DOMAINS; j++) {
			const struct outcome *o = &x->r.outcomes.v[j];
			char got = o->status == DELIVERY_QUARANTINED ? 'h' : 'q';
			if (got != cases[i].want[j])
				fail_msg("%s: recipient %zu is %c", cases[i].name, j, got);
			assert_int_equal(o->exempt, cases[i].exempt == (int)j);
			held = held || got == 'h';
			queued = queued || got == 'q';
			excused = excused || (got == 'q' && o->exempt);
			unasked = unasked || (got == 'q' && !o->exempt);
		}
		assert_int_equal(x->m.is_quarantined, held);
		assert_int_equal(x->m.delivery_status.n, held + queued);
		assert_string_equal(x->d.action.p, held ? "QUARANTINED" : "DEFERRED"); /* nobody has it yet */
		/* received, verdict, for whom it is held, and why not for the others */
		bool bad = cases[i].disposition >= DISP_BULK;
		assert_int_equal(x->r.trace.n, 2 + held + (bad && excused) + (bad && unasked));
		struct str last = x->r.trace.v[x->r.trace.n - 1].message;
		if (bad && unasked)
			assert_true(str_ends(last, arena_printf(x->a, "their domain does not hold %.*s",
								STR_ARG(enum_text(&disposition_names,
										  cases[i].disposition)))));
		else if (bad && excused)
			assert_true(str_ends(last, STR("a policy exempts them")));
	}
}

/* A mail that comes again under another verdict: from the same peer or another, in another order of recipients. */
static void judged_again(void **state)
{
	static const struct {
		const char *name;
		bool other;
		const char *
		    before; /* of a@free, b@spam, c@malicious: d(elivered) h(eld) l(ater) b(ounced) q(ueued) */
		int disposition;
		const char *want;
	} cases[] = {
		{ "what is open goes by the new one", false, "lbq", DISP_SPAM, "qhq" },
		{ "what was held stays so", false, "hhl", DISP_NONE, "hhq" },
		{ "what was passed on stays so", false, "ddl", DISP_UNKNOWN, "ddh" },
		{ "what was held for another peer", true, "hhh", DISP_SPAM, "qhq" },
		{ "what was passed on for another peer", true, "ddh", DISP_MALICIOUS, "ddh" },
	};
	static const struct {
		char letter;
		int status;
	} letters[] = { { 'd', DELIVERY_DELIVERED },
			{ 'h', DELIVERY_QUARANTINED },
			{ 'l', DELIVERY_DEFERRED },
			{ 'b', DELIVERY_BOUNCED },
			{ 'q', DELIVERY_QUEUED } };
	struct filed *x = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct message m = { .properties = &x->p };
		struct detections d = { 0 };
		struct verdict v = { .message = &m, .detections = &d, .policy_rev = 9 };
		filing_record(&x->t, &x->v, NULL, &x->r);
		assert_true(str_eq(x->r.peer, STR("192.0.2.1")));
		for (size_t j = 0; j < DOMAINS; j++)
			for (size_t k = 0; k < ARRAY_LEN(letters); k++)
				if (cases[i].before[j] == letters[k].letter)
					x->r.outcomes.v[j].status = letters[k].status;
		struct recipient first = x->t.recipients.v[0];
		x->t.recipients.v[0] = x->t.recipients.v[1];
		x->t.recipients.v[1] = first;
		if (cases[i].other)
			x->peer.ip.b[3] ^= 3;
		m.final_disposition = cases[i].disposition;
		filing_judge_again(&x->t, x->a, &v, &x->r);
		for (size_t j = 0; j < DOMAINS; j++)
			for (size_t k = 0; k < ARRAY_LEN(letters); k++)
				if (x->r.outcomes.v[j].status == letters[k].status &&
				    letters[k].letter != cases[i].want[j])
					fail_msg("%s: recipient %zu is %c", cases[i].name, j,
						 letters[k].letter);
		assert_int_equal(x->r.policy_rev, 9);
		assert_true(str_eq(x->r.peer, cases[i].other ? STR("192.0.2.2") : STR("192.0.2.1")));
		assert_int_equal(x->r.message->is_quarantined, strchr(cases[i].want, 'h') != NULL);
		assert_true(x->r.message->postfix_id.n > 0 &&
			    str_eq(x->r.message->envelope_from, x->t.mail.from));
		if (cases[i].other)
			x->peer.ip.b[3] ^= 3;
		x->t.recipients.v[1] = x->t.recipients.v[0];
		x->t.recipients.v[0] = first;
	}
}

/* A mail server passes on what is not held, or does not: when it asks again, all but what was held is decided anew. */
static void left_to_a_mail_server(void **state)
{
	struct filed *x = *state;
	struct verdict again = x->v;

	x->t.beside = true;
	x->t.mta_id = STR("4Njp3P0STMz2c02Q");
	x->m.final_disposition = DISP_SPAM;
	filing_record(&x->t, &x->v, NULL, &x->r);
	assert_int_equal(x->r.outcomes.v[FREE].status, DELIVERY_DELIVERED);
	assert_int_equal(x->r.outcomes.v[HOLDS_SPAM].status, DELIVERY_QUARANTINED);
	assert_int_equal(x->r.outcomes.v[HOLDS_MALICIOUS].status, DELIVERY_DELIVERED);
	assert_false(filing_has_open(&x->r));
	assert_string_equal(x->r.trace.v[0].message.p,
			    "received from mx.example.org (192.0.2.1) by ESMTP and the "
			    "mail server, as 4Njp3P0STMz2c02Q, 1234 bytes");
	bool left = false;
	for (size_t i = 0; i < x->r.trace.n; i++)
		left = left ||
		       str_eq(x->r.trace.v[i].message, STR("left to the mail server for 2 of 3 recipients"));
	assert_true(left);
	x->m.final_disposition = DISP_MALICIOUS;
	filing_judge_again(&x->t, x->a, &again, &x->r);
	assert_int_equal(x->r.outcomes.v[FREE].status, DELIVERY_DELIVERED);
	assert_int_equal(x->r.outcomes.v[HOLDS_SPAM].status, DELIVERY_QUARANTINED);
	assert_int_equal(x->r.outcomes.v[HOLDS_MALICIOUS].status, DELIVERY_QUARANTINED);
}

/* Who handed a mail over is not for the scan to say, nor for a mail that nobody could scan to lack. */
/* What a mail server is to change it is told at once, and the store would keep it for ever. */
static void edits_are_kept_for_who_waits(void **state)
{
	struct filed *x = *state;
	struct edit one = { .start = 1, .text = STR("x") };
	struct str note = STR("links defanged: 1");

	SET(&x->v, verdict, edits, ((struct edit_list){ &one, 1 }));
	SET(&x->v, verdict, edit_notes, ((struct strs){ &note, 1 }));
	for (int beside = 0; beside < 2; beside++) {
		x->t.beside = beside;
		filing_record(&x->t, &x->v, NULL, &x->r);
		assert_int_equal(x->r.edits.n, !beside);
		assert_int_equal(HAS(&x->r, record, edits), !beside);
		assert_int_equal(x->r.edit_notes.n, 1);
		filing_judge_again(&x->t, x->a, &x->v, &x->r);
		assert_int_equal(x->r.edits.n, !beside);
	}
}

static void the_peer_is_ours_to_say(void **state)
{
	struct filed *x = *state;

	for (int i = 0; i < 2; i++) {
		CLEAR(&x->m, message, smtp_previous_hop_ip);
		if (i)
			SET(&x->m, message, smtp_previous_hop_ip, STR("198.51.100.66"));
		filing_record(&x->t, &x->v, NULL, &x->r);
		assert_true(HAS(&x->m, message, smtp_previous_hop_ip));
		assert_true(str_eq(x->m.smtp_previous_hop_ip, STR("192.0.2.1")));
	}
}

static void words_for_all(void **state)
{
	static const struct {
		int statuses[3]; /* ended by -1 */
		const char *action;
	} cases[] = {
		{ { -1 }, "DELIVERED" }, /* a copy for nobody here */
		{ { DELIVERY_DELIVERED, -1 }, "DELIVERED" },
		{ { DELIVERY_QUEUED, -1 }, "DEFERRED" },
		{ { DELIVERY_DEFERRED, DELIVERY_BOUNCED, -1 }, "DEFERRED" },
		{ { DELIVERY_BOUNCED, -1 }, "REJECTED" },
		{ { DELIVERY_BOUNCED, DELIVERY_DELIVERED, -1 }, "DELIVERED" },
		{ { DELIVERY_DELIVERED, DELIVERY_QUARANTINED, -1 }, "QUARANTINED" },
	};
	struct filed *x = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		x->r = (struct record){ .message = &x->m, .detections = &x->d };
		for (size_t j = 0; cases[i].statuses[j] >= 0; j++) {
			struct outcome o = { .status = cases[i].statuses[j] };
			ARENA_PUSH(x->a, &x->r.outcomes, o);
		}
		settle_record(x->a, &x->r);
		assert_string_equal(x->d.action.p, cases[i].action);
		assert_int_equal(x->m.delivery_status.n, x->r.outcomes.n);
	}
}

/* Whoever asks why it never came finds out which restriction it was. */
static void what_is_refused_has_its_reason(void **state)
{
	struct smtp_reply no = smtp_reply_make(550, "5.7.1 use STARTTLS");
	struct filed *x = *state;

	x->t.why = WHY_PARTNER_TLS;
	x->t.restriction.sender = STR("partner.example");
	memcpy(x->t.restriction.id.uuid, "f174e90a-fafe-4643-bbbc-4a0ed4fc8415", 37);
	x->m.final_disposition = DISP_MALICIOUS;
	filing_record(&x->t, &x->v, &no, &x->r);
	for (size_t i = 0; i < DOMAINS; i++)
		assert_int_equal(x->r.outcomes.v[i].status, DELIVERY_REJECTED);
	assert_false(filing_has_open(&x->r));
	assert_false(x->m.is_quarantined);
	assert_string_equal(x->d.action.p, "REJECTED");
	assert_false(HAS(&x->r, record, digest));
	assert_int_equal(x->r.trace.n, 4);
	assert_string_equal(x->r.trace.v[2].message.p,
			    "came without TLS, which sending domain restriction "
			    "f174e90a-fafe-4643-bbbc-4a0ed4fc8415 asks of partner.example");
	assert_string_equal(x->r.trace.v[3].message.p, "refused: 550 5.7.1 use STARTTLS");
}

static void copies_have_no_fate(void **state)
{
	static const struct service_address service = { .mode = MODE_BCC };
	struct filed *x = *state;

	x->t.service = &service;
	x->t.transport = STR_NONE;
	x->t.recipients.n = 1;
	x->t.recipients.v[0].domain = NULL;
	filing_record(&x->t, &x->v, NULL, &x->r);
	assert_int_equal(x->r.outcomes.n, 0);
	assert_int_equal(x->m.delivery_mode, MODE_BCC);
	assert_int_equal(x->m.client_recipients.n, 0);
	assert_false(
	    HAS(&x->m, message, smtp_previous_hop_ip)); /* the host that sent the copy is not the mail's */
	assert_false(HAS(&x->r, record, next_hop));
}

/* A release lets through the recipient it was for, whatever the verdict is, and no other. */
static void released_before(void **state)
{
	static const struct {
		int disposition;
		bool hold, blocked;
		const char *want;
	} cases[] = {
		{ DISP_SPAM, false, false, "qqq" },     { DISP_BEC, false, false, "qqh" },
		{ DISP_MALICIOUS, false, true, "hqh" }, { DISP_UNKNOWN, false, false, "hqh" },
		{ DISP_MALICIOUS, true, false, "hqh" },
	};
	struct filed *x = *state;

	x->t.recipients.v[HOLDS_SPAM].released = true;
	SET(&x->p, properties, allowlisted_pattern, STR("sender@example.org"));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		x->m.final_disposition = cases[i].disposition;
		x->p.blocklisted_message = cases[i].blocked;
		x->v.hold = cases[i].hold;
		assert_int_equal(filing_holds(&x->t, &x->v), strchr(cases[i].want, 'h') != NULL);
		filing_record(&x->t, &x->v, NULL, &x->r);
		for (size_t j = 0; j < DOMAINS; j++)
			assert_int_equal(x->r.outcomes.v[j].status == DELIVERY_QUARANTINED,
					 cases[i].want[j] == 'h');
		assert_int_equal(x->p.allowlisted_pattern_type, ALLOWLIST_QUARANTINE_RELEASE);
		assert_false(HAS(&x->p, properties, allowlisted_pattern));
		assert_true(str_starts(x->r.trace.v[2].message, STR("passed on to 1 of 3 recipients")));
	}
	/* And when it comes again. */
	x->r.outcomes.v[HOLDS_SPAM].status = DELIVERY_DEFERRED;
	struct verdict again = x->v;
	filing_judge_again(&x->t, x->a, &again, &x->r);
	assert_int_equal(x->r.outcomes.v[HOLDS_SPAM].status, DELIVERY_QUEUED);
}

static void reports_have_a_sender(void **state)
{
	static const struct {
		int purpose, mode;
	} cases[] = {
		{ PURPOSE_USER, MODE_REVIEW_SUBMISSION },    { PURPOSE_TEAM, MODE_REVIEW_SUBMISSION },
		{ PURPOSE_SIMULATION, MODE_SIMULATION },     { PURPOSE_DMARC, MODE_DMARC_UNVERIFIED },
		{ PURPOSE_THREAT_INTEL, MODE_THREAT_INTEL },
	};
	struct filed *x = *state;
	struct service_address service = { 0 };

	x->t.service = &service;
	x->t.transport = STR_NONE;
	x->t.recipients.n = 1;
	x->t.recipients.v[0].domain = NULL;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		service.purpose = cases[i].purpose;
		filing_record(&x->t, &x->v, NULL, &x->r);
		assert_int_equal(x->r.outcomes.n, 0);
		assert_int_equal(x->m.delivery_mode, cases[i].mode);
		assert_true(HAS(&x->m, message, smtp_previous_hop_ip));
		assert_false(HAS(&x->m, message, client_recipients));
	}
}

static struct str digest(struct filed *x)
{
	return filing_digest(&x->t, false);
}

static void digests(void **state)
{
	struct filed *x = *state;
	struct str first = digest(x);
	struct recipient swap = x->t.recipients.v[0];

	assert_int_equal(first.n, 64);
	x->t.recipients.v[0] = x->t.recipients.v[2];
	x->t.recipients.v[2] = swap;
	assert_true(str_eq(digest(x), first));
	x->peer.helo = STR("other.example.org"); /* a resend may come from another host */
	assert_true(str_eq(digest(x), first));
	struct str own = filing_digest(&x->t, true);
	assert_false(str_eq(own, first));
	x->peer.ip.b[3] ^= 3;
	assert_true(str_eq(digest(x), first));
	assert_false(str_eq(filing_digest(&x->t, true), own));
	x->peer.ip.b[3] ^= 3;

	x->t.mail.from = STR("other@example.org");
	assert_false(str_eq(digest(x), first));
	x->t.mail.from = STR("sender@example.org");
	x->t.account = 8;
	assert_false(str_eq(digest(x), first));
	x->t.account = 7;
	x->t.sha256.b[31] ^= 1;
	assert_false(str_eq(digest(x), first));
	x->t.sha256.b[31] ^= 1;
	x->t.recipients.n--;
	assert_false(str_eq(digest(x), first));
	x->t.recipients.n++;
	assert_true(str_eq(digest(x), first));
}

/* No border between sender and recipients can be moved by what they hold. */
static void borders(void **state)
{
	struct filed *x = *state;

	x->t.recipients.n = 1;
	x->t.mail.from = STR("ab");
	x->t.recipients.v[0].address = STR("c");
	struct str first = digest(x);
	x->t.mail.from = STR("a");
	x->t.recipients.v[0].address = STR("bc");
	assert_false(str_eq(digest(x), first));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(fates, make, unmake),
		cmocka_unit_test_setup_teardown(judged_again, make, unmake),
		cmocka_unit_test_setup_teardown(left_to_a_mail_server, make, unmake),
		cmocka_unit_test_setup_teardown(edits_are_kept_for_who_waits, make, unmake),
		cmocka_unit_test_setup_teardown(the_peer_is_ours_to_say, make, unmake),
		cmocka_unit_test_setup_teardown(words_for_all, make, unmake),
		cmocka_unit_test_setup_teardown(what_is_refused_has_its_reason, make, unmake),
		cmocka_unit_test_setup_teardown(copies_have_no_fate, make, unmake),
		cmocka_unit_test_setup_teardown(reports_have_a_sender, make, unmake),
		cmocka_unit_test_setup_teardown(released_before, make, unmake),
		cmocka_unit_test_setup_teardown(digests, make, unmake),
		cmocka_unit_test_setup_teardown(borders, make, unmake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Received fields of common servers, and the walk back to the sending host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "auth/received.h"
#include "base/arena.h"

static const struct {
	const char *name, *value, *ip, *helo, *rdns, *by; /* ip NULL: none is told */
} cases[] = {
	{ "Postfix",
	  " from mail.a.test (mail.a.test [192.0.2.1])\r\n\tby mx.b.test (Postfix) with ESMTP id X\r\n\t"
	  "for <jo@b.test>; Fri, 20 Nov 2026 10:00:00 +0000",
	  "192.0.2.1", "mail.a.test", "mail.a.test", "mx.b.test" },
	{ "Postfix, nameless", " from [10.0.0.5] (unknown [192.0.2.1]) by mx.b.test", "192.0.2.1",
	  "[10.0.0.5]", "", "mx.b.test" },
	{ "Postfix with TLS",
	  " from a.test (a.test [192.0.2.1]) (using TLSv1.3 with cipher X (256/256 bits) key-exchange "
	  "X25519) "
	  "(No client certificate requested) by mx.b.test",
	  "192.0.2.1", "a.test", "a.test", "mx.b.test" },
	{ "Postfix, IPv6", " from a.test (a.test [IPv6:2001:db8::1]) by mx.b.test", "2001:db8::1", "a.test",
	  "a.test", "mx.b.test" },
	{ "Sendmail", " from a.test (host.a.test [192.0.2.1] (may be forged)) by b.test (8.15)", "192.0.2.1",
	  "a.test", "host.a.test", "b.test" },
	{ "Gmail", " from mail.a.test (mail.a.test. [192.0.2.1]) by mx.google.com with ESMTPS id x.1",
	  "192.0.2.1", "mail.a.test", "mail.a.test", "mx.google.com" },
	{ "Exim", " from host.a.test ([192.0.2.1]:4711 helo=a.test) by mx.b.test with esmtps", "192.0.2.1",
	  "a.test", "host.a.test", "mx.b.test" },
	{ "Exim, no name", " from [192.0.2.1] (helo=a.test) by mx.b.test", "192.0.2.1", "a.test", "",
	  "mx.b.test" },
	{ "Exim, HELO is another address", " from [192.0.2.1] (helo=[198.51.100.9]) by mx.b.test",
	  "192.0.2.1", "[198.51.100.9]", "", "mx.b.test" },
	{ "Exim with port and ident", " from [192.0.2.1] (port=58540 helo=a.test ident=x) by mx.b.test",
	  "192.0.2.1", "a.test", "", "mx.b.test" },
	{ "ZMailer",
	  " from host.a.test ([192.0.2.1]:38569 \"EHLO\r\n\ta.test\" rhost-flags-OK-OK-OK-OK) by b.test",
	  "192.0.2.1", "a.test", "host.a.test", "b.test" },
	{ "IronPort", " from host.a.test (HELO a.test) ([192.0.2.1])\r\n  by b.test with ESMTP/TLS/AES256",
	  "192.0.2.1", "a.test", "host.a.test", "b.test" },
	{ "IronPort, nameless", " from unknown (HELO [10.0.0.5]) ([192.0.2.1]) by b.test", "192.0.2.1",
	  "[10.0.0.5]", "", "b.test" },
	{ "Yahoo", " from 192.0.2.1  (EHLO a.test) (192.0.2.1) by mta5.b.test with SMTP", "192.0.2.1",
	  "a.test", "", "mta5.b.test" },
	{ "Yahoo, once", " from 192.0.2.1 (EHLO a.test) by 192.0.2.9 with SMTPs", "192.0.2.1", "a.test", "",
	  "192.0.2.9" },
	{ "Domino", " from a.test [192.0.2.1] by b.test with ESMTP id 1", "192.0.2.1", "a.test", "",
	  "b.test" },
	{ "Mimecast", " from a.test (host.a.test [192.0.2.1]) (Using TLS) by relay.b.test with ESMTP id us-1",
	  "192.0.2.1", "a.test", "host.a.test", "relay.b.test" },
	{ "Proofpoint",
	  " from pps.f (m1.a.test [127.0.0.1]) by mx0a.b.test (8.17.1.5/8.17.1.5) with ESMTP id x",
	  "127.0.0.1", "pps.f", "m1.a.test", "mx0a.b.test" },
	{ "SES",
	  " from a.test (ec2.a.test [192.0.2.1]) by inbound-smtp.eu-west-1.amazonaws.com with SMTP id x\r\n"
	  " for jo@b.test",
	  "192.0.2.1", "a.test", "ec2.a.test", "inbound-smtp.eu-west-1.amazonaws.com" },
	{ "Zimbra", " from localhost (localhost [IPv6:::1]) by zimbra.b.test (Postfix) with ESMTP id X",
	  "::1", "localhost", "localhost", "zimbra.b.test" },
	{ "Symantec", " from a.test ( [192.0.2.1]) by b.test (Symantec Messaging Gateway) with SMTP",
	  "192.0.2.1", "a.test", "", "b.test" },
	{ "an address as name", " from a.test (192.0.2.1 [192.0.2.1]) (Using TLS) by b.test", "192.0.2.1",
	  "a.test", "", "b.test" },
	{ "Gmail, HELO is an address", " from ?IPv6:2001:db8::5? ([2001:db8::1]) by smtp.b.test with ESMTPSA",
	  "2001:db8::1", "?IPv6:2001:db8::5?", "", "smtp.b.test" },
	{ "qmail, name and HELO", " from host.a.test (HELO a.test) (192.0.2.1) by b.test with SMTP",
	  "192.0.2.1", "a.test", "host.a.test", "b.test" },
	{ "qmail, a user",
	  " from host.a.test (HELO a.test) (jo@a.test@[192.0.2.1])\r\n (envelope-sender "
	  "<jo@[198.51.100.9]>) by b.test with SMTP",
	  "192.0.2.1", "a.test", "host.a.test", "b.test" },
	{ "qmail", " from unknown (HELO a.test) (192.0.2.1) by b.test with SMTP", "192.0.2.1", "a.test", "",
	  "b.test" },
	{ "qmail, HELO is an address", " from unknown (HELO [198.51.100.9]) (192.0.2.1) by b.test",
	  "192.0.2.1", "[198.51.100.9]", "", "b.test" },
	{ "Exchange",
	  " from A.outlook.test (2603:10a6:20b::1) by B.outlook.test (2603:10a6:20b::2) with SMTP",
	  "2603:10a6:20b::1", "A.outlook.test", "", "B.outlook.test" },
	{ "mapped", " from a.test (a.test [::ffff:192.0.2.1]) by b.test", "192.0.2.1", "a.test", "a.test",
	  "b.test" },
	{ "a comment put into HELO", " from x (fake [198.51.100.9]) (real.test [192.0.2.1]) by b.test",
	  "192.0.2.1", "x", "real.test", "b.test" },
	{ "HELO with a clause in it", " from x([198.51.100.9])by;evil (real.test [192.0.2.1]) by b.test; Fri",
	  "192.0.2.1", "x", "real.test", "b.test" },
	{ "HELO ends the field",
	  " from x;y (real.test [192.0.2.1]) by b.test; Fri, 20 Nov 2026 10:00:00 +0000", "192.0.2.1", "x",
	  "real.test", "b.test" },
	{ "HELO that begins like a clause", " from by[198.51.100.9] (real.test [192.0.2.1]) by b.test; Fri",
	  "192.0.2.1", "by[198.51.100.9]", "real.test", "b.test" },
	{ "MailMarshal", " from a.test (Not Verified[192.0.2.1]) by b.test (using TLS: TLSv1.2)", "192.0.2.1",
	  "a.test", "", "b.test" },
	{ "a port within", " from a.test [192.0.2.1:36987] by b.test [10.0.3.16:2525] with SMTP", "192.0.2.1",
	  "a.test", "", "b.test" },
	{ "as Java writes it", " from a.test (/192.0.2.1) by default (Gateway v4.0)", "192.0.2.1", "a.test",
	  "", "default" },
	{ "mapped, with port", " from a.test ([::ffff:192.0.2.1]:25) by b.test", "192.0.2.1", "a.test", "",
	  "b.test" },
	{ "an address in a user's name",
	  " from a.test (a.test [192.0.2.1]) (Authenticated sender: jo@[198.51.100.9]) by b.test",
	  "192.0.2.1", "a.test", "a.test", "b.test" },
	{ "HELO only", " from 192.0.2.1 by b.test with HTTP", NULL, "", "", "" },
	{ "a local user", " from jo by b.test with local (Exim 4.96)", NULL, "", "", "" },
	{ "an address behind by", " from a.test by b.test ([192.0.2.1])", NULL, "", "", "" },
	{ "no from", " by b.test (Postfix, from userid 0) id X; Fri", NULL, "", "", "" },
	{ "Gmail internal", " by 2002:a05:6402:1 with SMTP id x", NULL, "", "", "" },
	{ "an address behind the date", " from a.test; (x [192.0.2.1])", NULL, "", "", "" },
	{ "open comment", " from a.test (a.test [192.0.2.1] by b.test", "192.0.2.1", "a.test", "a.test", "" },
	{ "empty", "", NULL, "", "", "" },
};

static void test_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1u << 20, NULL, NULL);
		char text[IP_TEXT_MAX];
		struct received r;
		enum err e = received_parse(a, str_of(cases[i].value), &r);
		if (e != (cases[i].ip ? OK : ERR_ABSENT))
			fail_msg("%s: %s", cases[i].name, err_name(e));
		if (!e && (!str_eq(ip_text(&r.ip, text), str_of(cases[i].ip)) ||
			   !str_eq(r.helo, str_of(cases[i].helo)) || !str_eq(r.rdns, str_of(cases[i].rdns)) ||
			   !str_eq(r.by, str_of(cases[i].by))))
			fail_msg("%s: %s, %.*s, %.*s, %.*s", cases[i].name, text, STR_ARG(r.helo),
				 STR_ARG(r.rdns), STR_ARG(r.by));
		arena_free(&a);
	}
}

static const char mail[] = "Received: from edge.test (edge.test [10.0.0.1]) by us\r\n"
			   "Received: from filter.test (f.test [192.0.2.2]) by edge.test\r\n"
			   "received: by filter.test with local\r\n"
			   "Received: from origin.test (o.test [192.0.2.4]) by filter.test\r\n"
			   "Received: from laptop ([192.168.1.7]) by origin.test\r\n"
			   "\r\n";

static const struct {
	int hops;
	const char *ip, *helo;
	bool is_guess;
} walks[] = {
	{ 1, "203.0.113.1", "peer.test", false }, { 2, "10.0.0.1", "edge.test", false },
	{ 3, "192.0.2.2", "filter.test", false }, { 4, "192.0.2.4", "origin.test", true },
	{ 5, "192.0.2.4", "origin.test", false }, { 6, "192.168.1.7", "laptop", false },
	{ 7, "192.0.2.4", "origin.test", true },  { 20, "192.0.2.4", "origin.test", true },
};

static void test_walk(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct headers h = headers_parse(a, STR(mail), 0, sizeof(mail) - 1, NULL);
	struct sending_host got;
	char text[IP_TEXT_MAX];
	struct ip peer;

	(void)state;
	assert_int_equal(ip_parse(STR("203.0.113.1"), &peer), OK);
	for (size_t i = 0; i < ARRAY_LEN(walks); i++) {
		received_sending_host(a, &h, walks[i].hops, &peer, STR("peer.test"), &got);
		if (!str_eq(ip_text(&got.ip, text), str_of(walks[i].ip)) ||
		    !str_eq(got.helo, str_of(walks[i].helo)) || got.is_guess != walks[i].is_guess ||
		    (got.comment.n > 0) != got.is_guess)
			fail_msg("%d hops: %s, %.*s, %.*s", walks[i].hops, text, STR_ARG(got.helo),
				 STR_ARG(got.comment));
	}
	arena_free(&a);
}

static void test_nothing_to_walk(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct headers none = { 0 };
	struct ip peer = { 0 };
	struct sending_host got;

	(void)state;
	received_sending_host(a, &none, 3, &peer, STR(""), &got);
	assert_int_equal(got.ip.family, 0);
	assert_true(got.is_guess && got.comment.n > 0);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_nothing_to_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

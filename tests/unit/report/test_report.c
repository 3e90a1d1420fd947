/* Reports alone and in mails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "json/write.h"
#include "report/report.h"

static struct str json_of(struct arena *a, const struct fieldtab *t, const void *obj)
{
	const struct json_write how = { .audience = JSON_FOR_OURSELVES };
	struct buf b;

	buf_init(&b, 1u << 20);
	json_object_write(&b, t, obj, &how);
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static const struct {
	const char *name, *xml, *json; /* json "" = no such report */
	enum err e;
} aggregates[] = {
	{ "whole",
	  "<?xml version='1.0'?><feedback><report_metadata><org_name> a&amp;b "
	  "</org_name><email>r@a.test</email>"
	  "<date_range><begin>1</begin><end>2</end></date_range><error>x</error><error>y</error></"
	  "report_metadata>"
	  "<policy_published><domain>d.test</domain><p>reject</p></policy_published>"
	  "<record><row><source_ip>192.0.2.1</source_ip><count>3</count><policy_evaluated><disposition>none</"
	  "disposition>"
	  "<reason><type>forwarded</type></reason></policy_evaluated></row>"
	  "<auth_results><dkim><domain>d.test</domain><result>pass</result></dkim><dkim><domain>e.test</"
	  "domain></dkim>"
	  "</auth_results></record><record><row><count>x</count></row></record></feedback>",
	  "{\"report_metadata\":{\"org_name\":\"a&b\",\"email\":\"r@a.test\",\"date_range\":{\"begin\":1,"
	  "\"end\":2},"
	  "\"error\":[\"x\",\"y\"]},\"policy_published\":{\"domain\":\"d.test\",\"p\":\"reject\"},"
	  "\"record\":[{\"row\":{\"source_ip\":\"192.0.2.1\",\"count\":3,\"policy_evaluated\":{"
	  "\"disposition\":\"none\","
	  "\"reason\":[{\"type\":\"forwarded\"}]}},\"auth_results\":{\"dkim\":[{\"domain\":\"d.test\","
	  "\"result\":\"pass\"},"
	  "{\"domain\":\"e.test\"}]}},{\"row\":{}}]}",
	  OK },
	{ "namespace and odd case",
	  "<f:FEEDBACK xmlns:f='x'><f:policy_published><f:p>none</f:p></f:policy_published></f:FEEDBACK>",
	  "{\"policy_published\":{\"p\":\"none\"}}", OK },
	{ "ends early",
	  "<feedback><policy_published><p>none</p></policy_published><record><row><count>7</count>",
	  "{\"policy_published\":{\"p\":\"none\"},\"record\":[{\"row\":{\"count\":7}}]}", ERR_SYNTAX },
	{ "unknown elements",
	  "<feedback><x><p>a</p></x><policy_published><q>b</q><p>c</p></policy_published></feedback>",
	  "{\"policy_published\":{\"p\":\"c\"}}", OK },
	{ "entities are refused",
	  "<!DOCTYPE f [<!ENTITY a "
	  "'b'>]><feedback><policy_published><p>&a;</p></policy_published></feedback>",
	  "", ERR_ABSENT },
	{ "latin1",
	  "<?xml version='1.0' "
	  "encoding='ISO-8859-1'?><feedback><policy_published><domain>\xe9</domain></policy_published></"
	  "feedback>",
	  "{\"policy_published\":{\"domain\":\"\xc3\xa9\"}}", OK },
	{ "another root",
	  "<html><body><feedback><policy_published><p>a</p></policy_published></feedback></body></html>", "",
	  ERR_ABSENT },
	{ "no report inside", "<feedback><message>Great service</message></feedback>", "", ERR_ABSENT },
	{ "no XML", "feedback", "", ERR_ABSENT },
	{ "empty", "", "", ERR_ABSENT },
};

static void test_aggregates(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(aggregates); i++) {
		struct arena *a = arena_new(16u << 20, NULL, NULL);
		struct dmarc_report r;
		enum err e = report_read_dmarc(a, str_of(aggregates[i].xml), &r);
		struct str got = e == ERR_ABSENT ? STR("") : json_of(a, &dmarc_report_fields, &r);
		if (e != aggregates[i].e || !str_eq(got, str_of(aggregates[i].json)))
			fail_msg("%s: %d %.*s", aggregates[i].name, (int)e, STR_ARG(got));
		arena_free(&a);
	}
}

static void test_tls(void **state)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct tls_report r;

	(void)state;
	assert_int_equal(
	    report_read_tls(
		a,
		STR("{\"organization-name\":\"A\",\"report-id\":\"1\",\"policies\":[{\"policy\":"
		    "{\"policy-type\":\"sts\",\"mx-host\":\"*.a.test\"},\"summary\":"
		    "{\"total-failure-session-count\":2},\"failure-details\":[{\"result-type\":\"x\"}]}]}"),
		&r),
	    OK);
	struct str got = json_of(a, &tls_report_fields, &r);
	assert_true(str_eq(
	    got,
	    STR("{\"organization_name\":\"A\",\"report_id\":\"1\",\"policies\":[{\"policy\":"
		"{\"policy_type\":\"sts\",\"mx_host\":[\"*.a.test\"]},\"summary\":"
		"{\"total_failure_session_count\":2},\"failure_details\":[{\"result_type\":\"x\"}]}]}")));
	assert_int_equal(report_read_tls(a, STR("{\"policies\":[]}"), &r), ERR_ABSENT);
	assert_int_equal(report_read_tls(a, STR("{\"report-id\":"), &r), ERR_SYNTAX);
	arena_free(&a);
}

#define PART(type, text) "--b\r\nContent-Type: " type "\r\n\r\n" text "\r\n"
#define MAIL(parts) "Content-Type: multipart/report; boundary=b\r\n\r\n" parts "--b--\r\n"

static const struct {
	const char *name, *mail, *want; /* "kind json" */
} mails[] = {
	{ "delivery",
	  MAIL(PART("text/plain", "It failed.") PART(
	      "message/delivery-status", "Reporting-MTA: dns; mx.test\r\nX-Odd: y\r\n\r\nFinal-Recipient: "
					 "rfc822; a@b.test\r\nAction: failed\r\n"
					 "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550\r\n no such "
					 "user\r\n\r\n\r\nFinal-Recipient: rfc822;c@d.test\r\n")),
	  "delivery-status {\"reporting_mta\":\"dns; "
	  "mx.test\",\"recipients\":[{\"final_recipient\":\"rfc822; a@b.test\","
	  "\"action\":\"failed\",\"status\":\"5.1.1\",\"diagnostic_code\":\"smtp; 550 no such user\"},"
	  "{\"final_recipient\":\"rfc822;c@d.test\"}]}" },
	{ "feedback",
	  MAIL(PART("message/feedback-report",
		    "Feedback-Type: abuse\r\nUser-Agent: x/1\r\nReported-Domain: a.test\r\nReported-Domain: "
		    "b.test\r\n"
		    "Received-Date: Thu, 1 Jan 1970 00:00:01 +0000\r\nIncidents: 4\r\n")),
	  "feedback "
	  "{\"feedback_type\":\"abuse\",\"user_agent\":\"x/"
	  "1\",\"arrival_date\":\"1970-01-01T00:00:01.000000Z\","
	  "\"incidents\":4,\"reported_domain\":[\"a.test\",\"b.test\"]}" },
	{ "authentication failure", MAIL(PART("message/feedback-report", "Feedback-Type: auth-failure\r\n")),
	  "dmarc-failure {\"feedback_type\":\"auth-failure\"}" },
	{ "aggregate in the body",
	  "Content-Type: "
	  "text/xml\r\n\r\n<feedback><policy_published><p>none</p></policy_published></feedback>",
	  "dmarc-aggregate {\"policy_published\":{\"p\":\"none\"}}" },
	{ "aggregate as a file",
	  "Content-Type: application/octet-stream; "
	  "name=r.xml\r\n\r\n<feedback><policy_published><p>none</p></policy_published></feedback>",
	  "dmarc-aggregate {\"policy_published\":{\"p\":\"none\"}}" },
	{ "TLS", "Content-Type: application/tlsrpt+json\r\n\r\n{\"report-id\":\"1\",\"policies\":[]}",
	  "tls {\"report_id\":\"1\",\"policies\":[]}" },
	{ "a letter", "Content-Type: text/plain\r\n\r\nThank you for your feedback.", "none " },
	{ "a page", "Content-Type: text/html\r\n\r\n<html><body><form action=feedback></html>", "none " },
};

static void test_mails(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct arena *a = arena_new(64u << 20, NULL, NULL);
		struct mime_tree *tree = mime_parse(a, str_of(mails[i].mail));
		content_extract(a, tree);
		struct report r = report_find(a, tree);
		struct str json = r.delivery   ? json_of(a, &delivery_report_fields, r.delivery)
				  : r.feedback ? json_of(a, &feedback_report_fields, r.feedback)
				  : r.dmarc    ? json_of(a, &dmarc_report_fields, r.dmarc)
				  : r.tls      ? json_of(a, &tls_report_fields, r.tls)
					       : STR("");
		struct str got = ARENA_JOIN(a, enum_text(&report_kind_names, (int)r.kind), STR(" "), json);
		if (!str_eq(got, str_of(mails[i].want)))
			fail_msg("%s: %.*s", mails[i].name, STR_ARG(got));
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_aggregates),
		cmocka_unit_test(test_tls),
		cmocka_unit_test(test_mails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

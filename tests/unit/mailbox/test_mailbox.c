/* From the interface to a connector. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailbox/mailbox.h"

static void no_mailbox_without_a_connector(void **state)
{
	struct integration i = { .provider = mailbox_provider_names.n };
	struct mailbox_site site = { .integration = &i };
	struct mailbox_fault fault;
	struct mailbox *m;
	struct strs people;

	(void)state;
	assert_int_equal(mailbox_open(&site, STR("ann@a.test"), NULL, 0, &m, &fault), ERR_DENIED);
	assert_null(m);
	assert_int_equal(fault.what, TROUBLE_REFUSED);
	assert_true(strlen(fault.text.text) > 0);
	assert_int_equal(mailbox_people(&site, NULL, 1, 0, &people, &fault), ERR_DENIED);
	mailbox_close(&m);
}

static void faults(void **state)
{
	struct mailbox_fault fault = { .retry_after_ms = 5 };

	(void)state;
	assert_int_equal(mailbox_fail(&fault, ERR_LATER, TROUBLE_BUSY, "%d of %s", 3, "x"), ERR_LATER);
	assert_int_equal(fault.what, TROUBLE_BUSY);
	assert_int_equal(fault.retry_after_ms, 0);
	assert_string_equal(fault.text.text, "3 of x");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(no_mailbox_without_a_connector),
					    cmocka_unit_test(faults) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

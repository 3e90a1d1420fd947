/* Trying an integration: courier opens a mailbox by it, and the answer waits for that. */
#ifndef API_INTEGRATION_TEST_H
#define API_INTEGRATION_TEST_H

#include "api/request.h"

/* clang-format off */
#define INTEGRATION_TEST(X, T) \
	X(T, BOOL, success, F_READONLY, 0, 0, none, "the mailbox opens, and tells its folders") \
	X(T, STR,  mailbox, F_NULL, 3, 320, none, "address of the mailbox that is opened; the first there is where none is given") \
	X(T, STR,  status,  F_NULL | F_READONLY, 0, 600, none, "the folders that were found, or what is wrong, in words")
FIELDS_DECLARE(integration_test, INTEGRATION_TEST);
/* clang-format on */

/* POST integrations/{id}/test */
void integration_test_reply(struct request *rq);

#endif

/* The tables of settings objects and of accounts. */
#include "model/account.h"
#include "model/allow_policy.h"
#include "model/block_sender.h"
#include "model/domain.h"

FIELDS_DEFINE(allow_policy, ALLOW_POLICY);
FIELDS_DEFINE(block_sender, BLOCK_SENDER);
FIELDS_DEFINE(authorization, AUTHORIZATION);
FIELDS_DEFINE(emails_processed, EMAILS_PROCESSED);
FIELDS_DEFINE(domain, DOMAIN);
FIELDS_DEFINE(account, ACCOUNT);
FIELDS_DEFINE(user, USER);
FIELDS_DEFINE(token, TOKEN);
FIELDS_DEFINE(service_address, SERVICE_ADDRESS);

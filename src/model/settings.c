/* The tables of settings objects and of accounts. */
#include "model/account.h"
#include "model/allow_policy.h"
#include "model/block_sender.h"
#include "model/content_policy.h"
#include "model/domain.h"
#include "model/impersonation.h"
#include "model/notification.h"
#include "model/sending_restriction.h"
#include "model/trusted_domain.h"
#include "model/url_ignore.h"

FIELDS_DEFINE(allow_policy, ALLOW_POLICY);
FIELDS_DEFINE(block_sender, BLOCK_SENDER);
FIELDS_DEFINE(content_policy, CONTENT_POLICY);
FIELDS_DEFINE(impersonation, IMPERSONATION);
FIELDS_DEFINE(sending_restriction, SENDING_RESTRICTION);
FIELDS_DEFINE(trusted_domain, TRUSTED_DOMAIN);
FIELDS_DEFINE(url_ignore, URL_IGNORE);
FIELDS_DEFINE(authorization, AUTHORIZATION);
FIELDS_DEFINE(emails_processed, EMAILS_PROCESSED);
FIELDS_DEFINE(domain, DOMAIN);
FIELDS_DEFINE(domain_verification, DOMAIN_VERIFICATION);
FIELDS_DEFINE(account, ACCOUNT);
FIELDS_DEFINE(user, USER);
FIELDS_DEFINE(token, TOKEN);
FIELDS_DEFINE(service_address, SERVICE_ADDRESS);
FIELDS_DEFINE(notification, NOTIFICATION);

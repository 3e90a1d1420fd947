/*
 * Accounts and who may act in them. Not part of the vendor's API: made by `postern account|user|token add`.
 * Secrets are kept as keyed digests only (HMAC-SHA-256 with the server's secret, DIR/secret).
 */
#ifndef MODEL_ACCOUNT_H
#define MODEL_ACCOUNT_H

#include "base/field.h"
#include "model/enums.h"

/* clang-format off */
#define ACCOUNT(X, T) \
	X(T, INT,  num,        F_READONLY, 1, 131071, none, "small number in front of every row key (17 bits)") \
	X(T, STR,  id,         F_READONLY, 32, 32, none, "32 lower-case hexadecimal digits, as in URLs") \
	X(T, STR,  name,       F_REQUIRED, 1, 200, none, "for people") \
	X(T, ENUM, id_form,    F_NULL, 0, 0, id_form, "form of settings ids; null = the server's") \
	X(T, TIME, created_at, F_READONLY, 0, 0, none, "when it was made")
FIELDS_DECLARE(account, ACCOUNT);

#define USER(X, T) \
	X(T, INT,  num,        F_READONLY, 1, INT64_MAX, none, "row number") \
	X(T, INT,  account,    F_REQUIRED, 1, 131071, none, "account.num") \
	X(T, STR,  email,      F_REQUIRED, 3, 320, none, "X-Auth-Email") \
	X(T, STR,  key_digest, F_REQUIRED | F_INTERNAL, 64, 64, none, "hex digest of X-Auth-Key") \
	X(T, TIME, created_at, F_READONLY, 0, 0, none, "when it was made")
FIELDS_DECLARE(user, USER);

#define TOKEN(X, T) \
	X(T, INT,  num,        F_READONLY, 1, INT64_MAX, none, "row number") \
	X(T, INT,  account,    F_REQUIRED, 1, 131071, none, "account.num") \
	X(T, STR,  name,       F_REQUIRED, 1, 200, none, "for people") \
	X(T, ENUM, scope,      F_REQUIRED, 0, 0, scope, "read, or write which includes read") \
	X(T, ENUM, id_form,    F_NULL, 0, 0, id_form, "form of settings ids; null = the account's") \
	X(T, STR,  digest,     F_REQUIRED | F_INTERNAL, 64, 64, none, "hex digest of the token") \
	X(T, TIME, created_at, F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME, expires_at, F_NULL, 0, 0, none, "not valid from then on")
FIELDS_DECLARE(token, TOKEN);

#define SERVICE_ADDRESS(X, T) \
	X(T, INT,  num,        F_READONLY, 1, INT64_MAX, none, "row number") \
	X(T, INT,  account,    F_REQUIRED, 1, 131071, none, "account.num") \
	X(T, STR,  address,    F_REQUIRED, 3, 320, none, "local part carries at least 80 random bits") \
	X(T, ENUM, mode,       F_REQUIRED, 0, 0, delivery_mode, "BCC or JOURNAL") \
	X(T, TIME, created_at, F_READONLY, 0, 0, none, "when it was made")
FIELDS_DECLARE(service_address, SERVICE_ADDRESS);
/* clang-format on */

#endif

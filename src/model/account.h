/*
 * Accounts, who may act in them, and the addresses that take copies of their mail and reports about it. Not part of the vendor's API: accounts are made
 * by `postern account add`, the others by commands and under /accounts/{account_id}/postern/. Secrets are kept as keyed
 * digests only (HMAC-SHA-256 with the server's secret, DIR/secret).
 */
#ifndef MODEL_ACCOUNT_H
#define MODEL_ACCOUNT_H

#include "base/field.h"
#include "model/enums.h"
#include "model/submission.h"

/* What mail to a service address is. */
#define ADDRESS_PURPOSES(X)                                                               \
	X(PURPOSE_COPIES, "copies")             /* of mail that is delivered elsewhere */ \
	X(PURPOSE_USER, "user_report")          /* by who got a mail */                   \
	X(PURPOSE_TEAM, "team_report")          /* by who looks after mail */             \
	X(PURPOSE_SIMULATION, "simulation")     /* a mail of a phishing exercise */       \
	X(PURPOSE_THREAT_INTEL, "threat_intel") /* a sample from elsewhere */             \
	X(PURPOSE_DMARC, "dmarc")               /* what rua and ruf of a DMARC record ask for */
ENUM_DECLARE(address_purpose, ADDRESS_PURPOSES);

/* clang-format off */
#define ACCOUNT(X, T) \
	X(T, INT,  num,        F_READONLY | F_INTERNAL, 1, 131071, none, "small number in front of every row key (17 bits)") \
	X(T, STR,  id,         F_READONLY, 32, 32, none, "32 lower-case hexadecimal digits, as in URLs") \
	X(T, STR,  name,       F_REQUIRED, 1, 200, none, "for people") \
	X(T, ENUM, id_form,    F_NULL, 0, 0, id_form, "form of settings ids; null = the server's") \
	X(T, TIME, created_at, F_READONLY, 0, 0, none, "when it was made")
FIELDS_DECLARE(account, ACCOUNT);

#define USER(X, T) \
	X(T, ID,   id,          F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,  email,       F_REQUIRED | F_FIXED | F_SEARCH, 3, 320, none, "X-Auth-Email") \
	X(T, STR,  key,         F_READONLY | F_ONCE, 0, 200, none, "X-Auth-Key; shown only when it is made") \
	X(T, STR,  digest,      F_REQUIRED | F_INTERNAL, 64, 64, none, "hex digest of the key") \
	X(T, INT,  account,     F_REQUIRED | F_INTERNAL, 1, 131071, none, "account.num") \
	X(T, TIME, rotated_at,  F_NULL | F_READONLY, 0, 0, none, "when the key was last replaced") \
	X(T, TIME, created_at,  F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME, modified_at, F_READONLY, 0, 0, none, "when it last changed")
FIELDS_DECLARE(user, USER);

/* Each scope includes those before it. */
#define TOKEN(X, T) \
	X(T, ID,   id,          F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,  name,        F_REQUIRED | F_SEARCH, 1, 200, none, "for people") \
	X(T, ENUM, scope,       F_REQUIRED, 0, 0, scope, "read; write; admin: also who else may act, and the audit") \
	X(T, ENUM, id_form,     F_NULL, 0, 0, id_form, "form of settings ids; null = the account's") \
	X(T, TIME, expires_at,  F_NULL, 0, 0, none, "not valid from then on") \
	X(T, STR,  token,       F_READONLY | F_ONCE, 0, 200, none, "the token itself; shown only when it is made") \
	X(T, STR,  digest,      F_REQUIRED | F_INTERNAL, 64, 64, none, "hex digest of the token") \
	X(T, INT,  account,     F_REQUIRED | F_INTERNAL, 1, 131071, none, "account.num") \
	X(T, TIME, rotated_at,  F_NULL | F_READONLY, 0, 0, none, "when the token was last replaced") \
	X(T, TIME, created_at,  F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME, modified_at, F_READONLY, 0, 0, none, "when it last changed")
FIELDS_DECLARE(token, TOKEN);

#define SERVICE_ADDRESS(X, T) \
	X(T, ID,   id,          F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,  domain,      F_REQUIRED | F_FIXED | F_SEARCH, 1, 253, none, "where the address is, a domain that leads here") \
	X(T, ENUM, purpose,     F_OPTIONAL, 0, 0, address_purpose, "what is sent to it") \
	X(T, ENUM, mode,        F_NULL, 0, 0, delivery_mode, "how copies come: BCC or JOURNAL; of other purposes null") \
	X(T, ENUM, requested_disposition, F_NULL, 0, 0, submission_disposition, "what a report to it says that the mail is; of other purposes null") \
	X(T, STR,  address,     F_READONLY | F_SEARCH, 3, 320, none, "made by us: its local part carries 100 random bits") \
	X(T, INT,  account,     F_REQUIRED | F_INTERNAL, 1, 131071, none, "account.num") \
	X(T, TIME, created_at,  F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME, modified_at, F_READONLY, 0, 0, none, "when it last changed")
FIELDS_DECLARE(service_address, SERVICE_ADDRESS);
/* clang-format on */

#endif

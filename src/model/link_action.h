/*
 * Link actions: what becomes of the links in mail that goes on, by its disposition. Of an account one for each disposition and
 * domain, and one for each disposition and all other domains; what has none keeps its links. Ours, not part of the vendor's API;
 * under /accounts/{account_id}/postern/link_actions.
 */
#ifndef MODEL_LINK_ACTION_H
#define MODEL_LINK_ACTION_H

#include "base/field.h"
#include "model/submission.h"

#define LINK_ACTION_KINDS(X)                                                              \
	X(LINKS_LEFT, "NONE")         /* as they are: where a domain is let off */        \
	X(LINKS_DEFANGED, "DEFANG")   /* made texts that nobody can follow by accident */ \
	X(LINKS_REWRITTEN, "REWRITE") /* lead to our own page, which says where they lead */
ENUM_DECLARE(link_action_kind, LINK_ACTION_KINDS);

/* clang-format off */
#define LINK_ACTION(X, T) \
	X(T, ID,    id,          F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,   domain,      F_NULL | F_SEARCH, 1, 253, none, "whose mail it is for; null: that of all domains that have none of their own for this disposition") \
	X(T, ENUM,  disposition, F_REQUIRED, 0, 0, submission_disposition, "of the mail; MALICIOUS includes MALICIOUS-BEC") \
	X(T, ENUM,  action,      F_REQUIRED, 0, 0, link_action_kind, "what becomes of its links. REWRITE needs http.click_url in the server's configuration") \
	X(T, TIME,  created_at,  F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME,  modified_at, F_READONLY, 0, 0, none, "when it last changed")
FIELDS_DECLARE(link_action, LINK_ACTION);
/* clang-format on */

#define LINK_ACTIONS_MAX 6000 /* of one account: six for each of as many domains as have text add-ons */

#endif

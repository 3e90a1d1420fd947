/* What the files of policy/ share: the compiled policy, one rule, its pattern made comparable. */
#ifndef POLICY_INTERNAL_H
#define POLICY_INTERNAL_H

#include "expression/expressions.h"
#include "policy/domain_name.h"
#include "policy/policy.h"

/* What a rule is used for; an allow policy may be several. */
enum {
	USE_BLOCK = 1 << 0,
	USE_TRUST = 1 << 1,
	USE_ACCEPT = 1 << 2,
	USE_EXEMPT = 1 << 3,
	USE_RECENT = 1 << 4, /* of a trusted domain */
	USE_SIMILARITY = 1 << 5,
};

struct rule {
	struct str pattern; /* as written, into the source */
	int type;           /* enum pattern_type */
	unsigned uses;
	bool verify;
	struct str key;    /* of a literal: what the table is asked for */
	struct rule *next; /* in the same slot of the table */
};

/* Expressions that are asked together; NULL = there are none. */
struct rule_set {
	struct expressions *expressions;
	struct { /* by tag */
		struct rule **v;
		size_t n;
	} rules;
};

/* Expressions that share steps and room. */
enum list {
	LIST_BLOCK,
	LIST_ALLOW,
	LIST_EXEMPT,
	LIST_CONTENT,
	LIST_TRUSTED,
	LIST_IMPERSONATION,
	LIST_URLS,
	LISTS
};
#define TYPES 3   /* EMAIL, DOMAIN, IP */
#define TARGETS 2 /* SUBJECT, BODY */

/* Of one list and one mail, in steps (expressions.h): half a millisecond each. */
#define STEPS_LIKELY 250000
#define STEPS_OTHERS 250000

/* One address of one entry of the impersonation registry. */
struct owned {
	uint32_t hash, entry;
	uint32_t next; /* in its slot, + 1 */
};

struct policy {
	int64_t rev;
	size_t skipped;
	size_t room[LISTS];  /* bytes left for expressions */
	struct rule **slots; /* literals by key */
	size_t n_slots;      /* a power of two */
	/* By type: what they are compared with differs. */
	struct rule_set block[TYPES], allow[TYPES], exempt[TYPES];
	struct rule_set trusted;
	struct content_policy_list content;
	struct expressions *content_in[TARGETS];
	struct impersonation_list registry;
	struct name_index *names;   /* of its entries */
	struct expressions *owners; /* tag: entry */
	struct {
		struct owned *v;
		size_t n;
	} owned;
	struct corrections *corrections;
	struct text_add_on_list text_add_ons;
	struct link_action_list link_actions;
	struct expressions *ignored_urls;
	struct detection_settings detection;
	uint32_t *owned_slots; /* owned + 1 */
	size_t n_owned_slots;
	struct strs domains;
	struct domain_names domain_names; /* of them */
	/* Prefix lengths in use, so that an address is looked up once per length. */
	bool bits4[33], bits6[129];
};

/* One literal pattern made comparable. ERR_SYNTAX with a sentence when it is none. Memory: arena. */
MUST_CHECK enum err literal_key(struct arena *a, struct str pattern, int type, struct str *key_out,
				struct ip_block *block_out, struct errbuf *eb);
struct str email_key(struct arena *a, struct str address);
struct str domain_key(struct arena *a, struct str folded);
struct str ip_key(struct arena *a, const struct ip *ip, unsigned bits);
struct str trusted_key(struct arena *a, struct str folded);
uint32_t owned_hash(struct str key);

/* What a value is compared with: an internationalised name may be written either way. */
struct subject {
	struct str written, folded; /* valid UTF-8; folded is "" where it differs from written in case only */
};
struct subject subject_of(struct arena *a, struct str value);

/* First literal rule of the key, NULL = none; go on with rule_next. */
const struct rule *rule_find(const struct policy *p, struct str key);
const struct rule *rule_next(const struct rule *r, struct str key);

#endif

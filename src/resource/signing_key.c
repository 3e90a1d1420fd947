/* Signing keys: made with their record when they are added, and the same ever after. */
#include "model/signing_key.h"

#include "auth/sign_key.h"
#include "base/clock.h"
#include "base/domain.h"
#include "resource/resource.h"

#define PRIVATE STR("/private_key")

static void defaults(const struct resource_env *env, void *obj)
{
	struct signing_key *k = obj;

	(void)env;
	SET(k, signing_key, enabled, false);
	SET(k, signing_key, sign_changed, false);
}

/* "rsa20261129": what it is, and when it was made. */
static struct str selector_of(const struct resource_env *env, const struct signing_key *k)
{
	char text[CLOCK_TEXT_MAX];
	struct str day = str_sub(clock_rfc3339(env->now_us, text), 0, sizeof("2026-11-29") - 1);

	return ARENA_JOIN(env->arena, k->algorithm == SIGNING_RSA ? STR("rsa") : STR("ed"),
			  arena_without(env->arena, day, '-'));
}

static void check_names(const struct resource_env *env, struct signing_key *k, struct faults *faults)
{
	struct str name;

	k->domain = str_trim(k->domain);
	if (!resource_domain_name(env, k->domain, &name))
		fault_add_further(faults, STR("/domain"), "domain must be a domain name");
	else
		k->domain = name;
	if (!HAS(k, signing_key, selector))
		SET(k, signing_key, selector, selector_of(env, k));
	k->selector = arena_lower(env->arena, str_trim(k->selector));
	if (!domain_is_ldh(k->selector) || str_find_char(k->selector, '.', 0) != SIZE_MAX)
		fault_add_further(faults, STR("/selector"), "selector must be a label of a domain name");
}

/* The key that was given, or a new one; NULL: there is a fault. */
static EVP_PKEY *key_of(struct signing_key *k, struct faults *faults)
{
	bool given = HAS(k, signing_key, private_key);
	EVP_PKEY *key;

	if (!given)
		return sign_key_make(k->algorithm == SIGNING_ED25519);
	key = sign_key_read(k->private_key);
	if (!key) {
		fault_add_further(
		    faults, PRIVATE,
		    "private_key must be a PEM without password of an Ed25519 key, or of an RSA key "
		    "of %d to %d bits",
		    SIGN_RSA_BITS_MIN, SIGN_RSA_BITS_MAX);
		return NULL;
	}
	int algorithm = sign_key_is_ed25519(key) ? SIGNING_ED25519 : SIGNING_RSA;
	if (HAS(k, signing_key, algorithm) && k->algorithm != algorithm)
		fault_add_further(faults, PRIVATE, "private_key is of another algorithm");
	SET(k, signing_key, algorithm, algorithm);
	return key;
}

/* One with a record is not new: what its private half holds then is not to be read here. */
static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	struct signing_key *k = obj;

	if (HAS(k, signing_key, record_value))
		return;
	EVP_PKEY *key = key_of(k, faults);
	if (!HAS(k, signing_key, algorithm))
		SET(k, signing_key, algorithm, SIGNING_RSA);
	check_names(env, k, faults);
	if (!key)
		return;
	SET(k, signing_key, private_key, sign_key_pem(env->arena, key));
	SET(k, signing_key, record_name, ARENA_JOIN(env->arena, k->selector, STR("._domainkey."), k->domain));
	SET(k, signing_key, record_value, sign_key_record(env->arena, key));
	EVP_PKEY_free(key);
}

static struct str key(const struct resource_env *env, const void *obj)
{
	const struct signing_key *k = obj;

	return ARENA_JOIN(env->arena, domain_fold(env->arena, k->domain), STR(" "), k->selector);
}

static const struct resource_filter filters[] = {
	{ "domain", signing_key_F_domain, FILTER_DOMAIN, false },
	{ "selector", signing_key_F_selector, FILTER_EQUAL, false },
	{ "enabled", signing_key_F_enabled, FILTER_EQUAL, false },
};
static const size_t orders[] = { signing_key_F_domain, signing_key_F_selector };

const struct resource resource_signing_keys = {
	.table = "signing_key",
	.noun = "a signing key",
	RESOURCE_TAIL(signing_key),
	.most = SIGNING_KEYS_MAX,
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.defaults = defaults,
	.check = check,
	.key = key,
	.key_fields = "domain and selector",
};

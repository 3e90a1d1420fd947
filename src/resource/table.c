/* All settings collections, and what works on any of them. */
#include "resource/resource.h"

#include "base/domain.h"
#include "policy/policy.h"

const struct resource *const resource_table[] = {
	&resource_allow_policies,  &resource_block_senders,  &resource_content_policies,
	&resource_domains,         &resource_impersonations, &resource_sending_restrictions,
	&resource_trusted_domains, &resource_url_ignores,
};
const size_t resource_count = ARRAY_LEN(resource_table);

static void *member(const struct resource *r, void *obj, size_t index)
{
	return (char *)obj + r->fields->v[index].offset;
}

struct ident *resource_id(const struct resource *r, void *obj)
{
	return member(r, obj, r->id);
}

int64_t *resource_created(const struct resource *r, void *obj)
{
	return member(r, obj, r->created_at);
}

int64_t *resource_modified(const struct resource *r, void *obj)
{
	return member(r, obj, r->modified_at);
}

int64_t resource_code(const struct resource *r, const void *obj)
{
	const char *at = (const char *)obj + r->fields->v[r->code].offset;

	return r->code && field_has(obj, r->code) ? *(const int64_t *)(const void *)at : 0;
}

static void set_bit(void *obj, size_t index)
{
	*(uint64_t *)obj |= UINT64_C(1) << index;
}

void resource_set_id(const struct resource *r, void *obj, const struct ident *id)
{
	*resource_id(r, obj) = *id;
	set_bit(obj, r->id);
}

void resource_set_created(const struct resource *r, void *obj, int64_t us)
{
	*resource_created(r, obj) = us;
	set_bit(obj, r->created_at);
}

void resource_set_modified(const struct resource *r, void *obj, int64_t us)
{
	*resource_modified(r, obj) = us;
	set_bit(obj, r->modified_at);
}

struct str resource_plain(const struct resource *r, const void *obj)
{
	const char *at = (const char *)obj + r->fields->v[r->secret->plain].offset;

	return field_has(obj, r->secret->plain) ? *(const struct str *)(const void *)at : STR_NONE;
}

struct str resource_reference(const struct resource *r, const void *obj)
{
	size_t index = r->refers->field;
	const char *at = (const char *)obj + r->fields->v[index].offset;

	return field_has(obj, index) ? *(const struct str *)(const void *)at : STR("");
}

int64_t resource_until(const struct resource *r, const void *obj)
{
	size_t index = r->secret->expires_at;
	const char *at = (const char *)obj + r->fields->v[index].offset;

	return index && field_has(obj, index) ? *(const int64_t *)(const void *)at : INT64_MAX;
}

void resource_set_account(const struct resource *r, void *obj, int64_t num)
{
	*(int64_t *)member(r, obj, r->account) = num;
	set_bit(obj, r->account);
}

void resource_set_secret(const struct resource *r, void *obj, struct str plain, struct str kept)
{
	*(struct str *)member(r, obj, r->secret->plain) = plain;
	*(struct str *)member(r, obj, r->secret->kept) = kept;
	set_bit(obj, r->secret->plain);
	set_bit(obj, r->secret->kept);
}

void resource_set_rotated(const struct resource *r, void *obj, int64_t us)
{
	*(int64_t *)member(r, obj, r->secret->rotated_at) = us;
	set_bit(obj, r->secret->rotated_at);
}

void resource_reset(const struct resource *r, const struct resource_env *env, void *obj)
{
	uint64_t *has = obj;

	for (size_t i = 0; i < r->fields->n; i++)
		if (!(r->fields->v[i].flags & (F_READONLY | F_FIXED | F_INTERNAL | F_WRITEONLY)))
			*has &= ~(UINT64_C(1) << i);
	if (r->defaults)
		r->defaults(env, obj);
}

int64_t resource_check_pattern(const struct resource_env *env, struct faults *faults, const char *field,
			       struct str pattern, int type, bool is_regex)
{
	struct errbuf eb;
	size_t code = 0;

	/* What is wrong with it depends on what it is to be. */
	if (fault_is_at(faults, STR("/pattern_type")) || fault_is_at(faults, STR("/is_regex")))
		return 0;
	if (policy_pattern_check(pattern, type, is_regex, env->allow_private_ip, &code, &eb) != OK)
		fault_add_further(faults, fault_at_key(env->arena, STR_NONE, str_of(field)), "%s: %s", field,
				  eb.text);
	return (int64_t)code;
}

bool resource_domain_name(const struct resource_env *env, struct str name, struct str *folded_out)
{
	return !str_ends(name, STR(".")) && domain_to_ascii(env->arena, name, folded_out) == OK &&
	       domain_is_ldh(*folded_out);
}

/* Expressions are compared without regard to case, but what a backslash makes of a letter depends on it. */
static struct str regex_fold(struct arena *a, struct str pattern)
{
	char *to = arena_alloc(a, pattern.n);
	bool escaped = false;

	for (size_t i = 0; i < pattern.n; i++) {
		to[i] = escaped ? pattern.p[i] : ascii_lower(pattern.p[i]);
		escaped = !escaped && pattern.p[i] == '\\';
	}
	return str_from(to, pattern.n);
}

static struct str pattern_fold(struct arena *a, struct str pattern, int type, bool is_regex)
{
	if (is_regex)
		return regex_fold(a, pattern);
	return type == PATTERN_DOMAIN ? domain_fold(a, pattern) : arena_lower(a, pattern);
}

struct str resource_pattern_key(const struct resource_env *env, struct str pattern, int type, bool is_regex)
{
	struct str folded = pattern_fold(env->arena, pattern, type, is_regex);

	return arena_printf(env->arena, "%.*s %d %.*s", STR_ARG(enum_text(&pattern_type_names, type)),
			    is_regex, STR_ARG(folded));
}

struct str resource_single_key(const struct resource_env *env, const void *obj)
{
	(void)env;
	(void)obj;
	return STR("settings");
}

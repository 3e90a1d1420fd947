/* DKIM-Signature fields (RFC 6376 §3.5) and those of ARC (RFC 8617 §4.1). */
#include "auth/dkim_signature.h"

#include "auth/dkim_tag.h"
#include "base/abnf.h"
#include "base/base64.h"
#include "base/domain.h"

static const struct {
	struct str text;
	enum dkim_algorithm algorithm;
} algorithms[] = {
	{ STR_INIT("rsa-sha256"), DKIM_RSA_SHA256 },
	{ STR_INIT("ed25519-sha256"), DKIM_ED25519_SHA256 },
	{ STR_INIT("rsa-sha1"), DKIM_RSA_SHA1 },
};

/*
 * Names a key may lie under. U-labels become A-labels (RFC 8616 §4); then letters, digits, "-" and "_" only.
 */
static bool read_domain(struct arena *a, struct str s, struct str *ascii)
{
	if (domain_to_ascii(a, s, ascii))
		return false;
	for (size_t i = 0; i < ascii->n; i++) {
		unsigned char c = (unsigned char)ascii->p[i];
		if (!abnf_is_ldh(c) && c != '_' && c != '.')
			return false;
	}
	return true;
}

static bool canon_of(struct str word, enum dkim_canon *out)
{
	if (str_eq_nocase(word, STR("simple")))
		*out = DKIM_SIMPLE;
	else if (str_eq_nocase(word, STR("relaxed")))
		*out = DKIM_RELAXED;
	else
		return false;
	return true;
}

/* header "/" body; the body's is simple when only one is named (RFC 6376 §3.5, c=). */
static enum err read_canon(struct str text, struct dkim_signature *s, struct errbuf *eb)
{
	size_t slash = str_find_char(text, '/', 0);
	struct str body = slash == SIZE_MAX ? STR("simple") : str_sub(text, slash + 1, text.n);

	if (!canon_of(str_trim(str_sub(text, 0, slash)), &s->header_canon) ||
	    !canon_of(str_trim(body), &s->body_canon))
		return err_set(eb, ERR_SYNTAX, "its canonicalisation is unknown");
	return OK;
}

static enum err read_algorithm(struct dkim_signature *s, struct errbuf *eb)
{
	for (size_t i = 0; i < ARRAY_LEN(algorithms); i++)
		if (str_eq_nocase(s->algorithm_text, algorithms[i].text)) {
			s->algorithm = algorithms[i].algorithm;
			return OK;
		}
	return err_set(eb, ERR_SYNTAX, "its algorithm is unknown");
}

/*
 * h=. From must be signed (RFC 6376 §5.4), and a signature of hop i cannot cover the seal that comes after it
 * (RFC 8617 §4.1.2). ARC-Message-Signature may list nothing, and empty names: who seals does so by a list of fields
 * that need not all be there.
 */
static enum err read_fields(struct arena *a, enum dkim_kind kind, struct str list, struct dkim_signature *s,
			    struct errbuf *eb)
{
	bool from = false;
	struct str name;

	for (size_t at = 0; dkim_list_next(list, &at, &name);) {
		if (name.n == 0 && kind == ARC_MESSAGE_SIGNATURE)
			continue;
		if (name.n == 0)
			return err_set(eb, ERR_SYNTAX, "its list of signed fields is broken");
		if (kind == ARC_MESSAGE_SIGNATURE && str_eq_nocase(name, STR("arc-seal")))
			return err_set(eb, ERR_SYNTAX, "it signs a seal");
		if (s->fields.n == DKIM_FIELDS_MAX)
			return err_set(eb, ERR_LIMIT, "it signs more than %d fields", DKIM_FIELDS_MAX);
		from |= str_eq_nocase(name, STR("from"));
		ARENA_PUSH(a, &s->fields, name);
	}
	return from || kind != DKIM_SIGNATURE ? OK
					      : err_set(eb, ERR_SYNTAX, "it does not sign the From field");
}

/* d=, s= and the name of the key. */
static enum err read_names(struct arena *a, const struct dkim_tags *tags, struct dkim_signature *s,
			   struct str *domain, struct errbuf *eb)
{
	struct str selector;

	s->domain = dkim_tag_value(tags, "d", STR(""));
	s->selector = dkim_tag_value(tags, "s", STR(""));
	if (!read_domain(a, s->domain, domain) || !read_domain(a, s->selector, &selector))
		return err_set(eb, ERR_SYNTAX, "its domain or selector is no name");
	s->key_name = ARENA_JOIN(a, selector, STR("._domainkey."), *domain);
	if (s->key_name.n > DOMAIN_MAX)
		return err_set(eb, ERR_SYNTAX, "the name of its key is too long");
	return OK;
}

/* i= of a DKIM-Signature: the domain or one below it (RFC 6376 §3.5). */
static enum err read_identity(struct arena *a, const struct dkim_tags *tags, struct str domain,
			      struct dkim_signature *s, struct errbuf *eb)
{
	struct str identity;

	s->identity = dkim_tag_value(tags, "i", STR_NONE);
	if (!s->identity.p)
		s->identity = ARENA_JOIN(a, STR("@"), s->domain);
	size_t at = str_rfind_char(s->identity, '@');
	if (at == SIZE_MAX)
		return err_set(eb, ERR_SYNTAX, "its identity holds no @");
	identity = domain_fold(a, str_sub(s->identity, at + 1, s->identity.n));
	if (!domain_is_within(identity, domain))
		return err_set(eb, ERR_SYNTAX, "its identity is outside its domain");
	s->identity_below = identity.n > domain.n;
	return OK;
}

/* i= of ARC: "1*2DIGIT" (RFC 8617 §4.2.1). */
static enum err read_instance(const struct dkim_tags *tags, struct dkim_signature *s, struct errbuf *eb)
{
	struct str text = dkim_tag_value(tags, "i", STR(""));
	uint64_t value;

	if (text.n > 2 || str_to_u64(text, ARC_INSTANCE_MAX, &value) || value == 0)
		return err_set(eb, ERR_SYNTAX, "its instance is not one of 1 to %d", ARC_INSTANCE_MAX);
	s->instance = (unsigned)value;
	return OK;
}

/*
 * A number, at most max: RFC 6376 §3.5 allows 76 digits in l=, and lets what is too long in x= mean for ever. True
 * when the tag is absent, and *out stays.
 */
static bool read_number(const struct dkim_tags *tags, const char *name, uint64_t max, uint64_t *out)
{
	const struct dkim_tag *tag = dkim_tag_find(tags, name);
	uint64_t value = 0;

	if (!tag)
		return true;
	for (size_t i = 0; i < tag->value.n; i++) {
		unsigned char c = (unsigned char)tag->value.p[i];
		if (!abnf_is_digit(c))
			return false;
		if (__builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, c - '0', &value))
			value = UINT64_MAX;
	}
	*out = value < max ? value : max;
	return tag->value.n > 0;
}

/* l=, t= and x= */
static enum err read_numbers(const struct dkim_tags *tags, struct dkim_signature *s, struct errbuf *eb)
{
	uint64_t signed_s = 0, expires_s = INT64_MAX;

	s->has_length = dkim_tag_find(tags, "l") != NULL;
	if (!read_number(tags, "l", UINT64_MAX, &s->length))
		return err_set(eb, ERR_SYNTAX, "its body length is no number");
	if (!read_number(tags, "t", INT64_MAX, &signed_s))
		return err_set(eb, ERR_SYNTAX, "its time is no number");
	if (!read_number(tags, "x", INT64_MAX, &expires_s))
		return err_set(eb, ERR_SYNTAX, "its expiry is no number");
	if (dkim_tag_find(tags, "t") && dkim_tag_find(tags, "x") && expires_s <= signed_s)
		return err_set(eb, ERR_SYNTAX, "it expires before it was made");
	s->expires_s = (int64_t)expires_s;
	return OK;
}

/* b= and bh= */
static enum err read_hashes(struct arena *a, enum dkim_kind kind, const struct dkim_tags *tags,
			    struct dkim_signature *s, struct errbuf *eb)
{
	const struct dkim_tag *b = dkim_tag_find(tags, "b"), *bh = dkim_tag_find(tags, "bh");
	bool good = b && !base64_decode(a, b->value, &s->signature) && s->signature.n > 0;

	if (good && kind != ARC_SEAL)
		good = bh && !base64_decode(a, bh->value, &s->body_hash) && s->body_hash.n > 0;
	if (!good)
		return err_set(eb, ERR_SYNTAX, "its signature or body hash is missing or damaged");
	s->b = b->whole;
	return OK;
}

/* What a seal has of its own; it covers whole ARC sets, relaxed, and says so by having no h= (RFC 8617 §4.1.3). */
static enum err read_seal(const struct dkim_tags *tags, struct dkim_signature *s, struct errbuf *eb)
{
	s->chain = dkim_tag_value(tags, "cv", STR(""));
	s->header_canon = DKIM_RELAXED;
	return dkim_tag_find(tags, "h") ? err_set(eb, ERR_SYNTAX, "it lists fields of its own") : OK;
}

enum err dkim_signature_parse(struct arena *a, enum dkim_kind kind, struct str value,
			      struct dkim_signature *out, struct errbuf *eb)
{
	struct dkim_tags tags;
	struct str domain;
	enum err e;

	*out = (struct dkim_signature){ 0 };
	if (dkim_tags_parse(a, value, &tags))
		return err_set(eb, ERR_SYNTAX, "it is no list of tags");
	out->algorithm_text = dkim_tag_value(&tags, "a", STR(""));
	if ((kind != DKIM_SIGNATURE && (e = read_instance(&tags, out, eb))) ||
	    (e = read_names(a, &tags, out, &domain, eb)) ||
	    (kind == DKIM_SIGNATURE && (e = read_identity(a, &tags, domain, out, eb))) ||
	    (e = read_algorithm(out, eb)) || (e = read_numbers(&tags, out, eb)))
		return e;
	if (kind == ARC_SEAL)
		e = read_seal(&tags, out, eb);
	else if (!(e = read_canon(dkim_tag_value(&tags, "c", STR("simple/simple")), out, eb)))
		e = read_fields(a, kind, dkim_tag_value(&tags, "h", STR("")), out, eb);
	if (e)
		return e;
	if (kind == DKIM_SIGNATURE && !str_eq(dkim_tag_value(&tags, "v", STR("")), STR("1")))
		return err_set(eb, ERR_SYNTAX, "its version is not 1");
	if (kind == ARC_MESSAGE_SIGNATURE && !dkim_tag_find(&tags, "h"))
		return err_set(eb, ERR_SYNTAX, "its list of signed fields is missing");
	if (!dkim_list_has(dkim_tag_value(&tags, "q", STR("dns/txt")), STR("dns/txt")))
		return err_set(eb, ERR_SYNTAX, "its key is not in DNS");
	return read_hashes(a, kind, &tags, out, eb);
}

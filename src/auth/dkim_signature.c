/* DKIM-Signature fields (RFC 6376 §3.5). */
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

static enum err read_fields(struct arena *a, struct str list, struct dkim_signature *s, struct errbuf *eb)
{
	bool from = false;
	struct str name;

	for (size_t at = 0; dkim_list_next(list, &at, &name);) {
		if (name.n == 0)
			return err_set(eb, ERR_SYNTAX, "its list of signed fields is broken");
		if (s->fields.n == DKIM_FIELDS_MAX)
			return err_set(eb, ERR_LIMIT, "it signs more than %d fields", DKIM_FIELDS_MAX);
		from |= str_eq_nocase(name, STR("from"));
		ARENA_PUSH(a, &s->fields, name);
	}
	/* RFC 6376 §5.4: the From header field MUST be signed */
	return from ? OK : err_set(eb, ERR_SYNTAX, "it does not sign the From field");
}

/* d=, s=, i= and the name of the key. */
static enum err read_names(struct arena *a, const struct dkim_tags *tags, struct dkim_signature *s,
			   struct errbuf *eb)
{
	struct str domain, selector, identity;

	s->domain = dkim_tag_value(tags, "d", STR(""));
	s->selector = dkim_tag_value(tags, "s", STR(""));
	if (!read_domain(a, s->domain, &domain) || !read_domain(a, s->selector, &selector))
		return err_set(eb, ERR_SYNTAX, "its domain or selector is no name");
	s->identity = dkim_tag_value(tags, "i", arena_printf(a, "@%.*s", STR_ARG(s->domain)));
	size_t at = str_rfind_char(s->identity, '@');
	if (at == SIZE_MAX)
		return err_set(eb, ERR_SYNTAX, "its identity holds no @");
	identity = domain_fold(a, str_sub(s->identity, at + 1, s->identity.n));
	if (!domain_is_within(identity, domain))
		return err_set(eb, ERR_SYNTAX, "its identity is outside its domain");
	s->identity_below = identity.n > domain.n;
	s->key_name = arena_printf(a, "%.*s._domainkey.%.*s", STR_ARG(selector), STR_ARG(domain));
	if (s->key_name.n > DOMAIN_MAX)
		return err_set(eb, ERR_SYNTAX, "the name of its key is too long");
	return OK;
}

/* l=, t= and x= */
static enum err read_numbers(const struct dkim_tags *tags, struct dkim_signature *s, struct errbuf *eb)
{
	const struct dkim_tag *l = dkim_tag_find(tags, "l"), *t = dkim_tag_find(tags, "t"),
			      *x = dkim_tag_find(tags, "x");
	uint64_t signed_s = 0, expires_s = INT64_MAX;

	s->has_length = l != NULL;
	if (l && str_to_u64(l->value, UINT64_MAX, &s->length))
		return err_set(eb, ERR_SYNTAX, "its body length is no number");
	if (t && str_to_u64(t->value, INT64_MAX, &signed_s))
		return err_set(eb, ERR_SYNTAX, "its time is no number");
	if (x && str_to_u64(x->value, INT64_MAX, &expires_s))
		return err_set(eb, ERR_SYNTAX, "its expiry is no number");
	if (t && x && expires_s <= signed_s)
		return err_set(eb, ERR_SYNTAX, "it expires before it was made");
	s->expires_s = (int64_t)expires_s;
	return OK;
}

enum err dkim_signature_parse(struct arena *a, struct str value, struct dkim_signature *out,
			      struct errbuf *eb)
{
	const struct dkim_tag *b, *bh;
	struct dkim_tags tags;
	enum err e;

	*out = (struct dkim_signature){ 0 };
	if (dkim_tags_parse(a, value, &tags))
		return err_set(eb, ERR_SYNTAX, "it is no list of tags");
	out->algorithm_text = dkim_tag_value(&tags, "a", STR(""));
	if ((e = read_names(a, &tags, out, eb)) || (e = read_algorithm(out, eb)) ||
	    (e = read_canon(dkim_tag_value(&tags, "c", STR("simple/simple")), out, eb)) ||
	    (e = read_fields(a, dkim_tag_value(&tags, "h", STR("")), out, eb)) ||
	    (e = read_numbers(&tags, out, eb)))
		return e;
	if (!str_eq(dkim_tag_value(&tags, "v", STR("")), STR("1")))
		return err_set(eb, ERR_SYNTAX, "its version is not 1");
	if (!dkim_list_has(dkim_tag_value(&tags, "q", STR("dns/txt")), STR("dns/txt")))
		return err_set(eb, ERR_SYNTAX, "its key is not in DNS");
	b = dkim_tag_find(&tags, "b");
	bh = dkim_tag_find(&tags, "bh");
	if (!b || !bh || base64_decode(a, b->value, &out->signature) || out->signature.n == 0 ||
	    base64_decode(a, bh->value, &out->body_hash) || out->body_hash.n == 0)
		return err_set(eb, ERR_SYNTAX, "its signature or body hash is missing or damaged");
	out->b = b->whole;
	return OK;
}

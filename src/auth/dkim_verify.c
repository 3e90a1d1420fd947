/*
 * Verifying every signature of a mail (RFC 6376 §6). What is cheap comes first: syntax, then the key, then
 * the body hash (each distinct one computed once), and the public-key operation last.
 */
#include "auth/dkim.h"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#include "auth/dkim_key.h"
#include "base/limits.h"

struct body_hash {
	enum dkim_canon canon;
	bool has_length;
	uint64_t length; /* l= */
	uint64_t total, covered;
	unsigned char digest[SHA256_DIGEST_LENGTH];
};

struct verifier {
	struct arena *a;
	struct asker *q;
	struct str raw, body;
	const struct headers *headers;
	int64_t now_s;
	EVP_MD_CTX *md; /* reused for every hash of the mail */
	struct {
		struct body_hash *v;
		size_t n;
	} bodies;
};

ENUM_DEFINE(dkim_result, DKIM_RESULTS);

static const struct str field_name = STR_INIT("DKIM-Signature");

static void set(struct verifier *v, struct dkim *d, enum dkim_result result, const char *why)
{
	d->result = result;
	d->reason = d->domain.n > 0 ? arena_printf(v->a, "the signature of %.*s %s", STR_ARG(d->domain), why)
				    : arena_printf(v->a, "a DKIM signature %s", why);
}

static void setf(struct verifier *v, struct dkim *d, enum dkim_result result, const char *why,
		 const struct errbuf *eb)
{
	set(v, d, result, arena_printf(v->a, "%s: %s", why, eb->text).p);
}

/* A sink of the hash, which may stop early for l=. */
struct hashing {
	EVP_MD_CTX *md;
	uint64_t total, left;
};

static void hash_write(void *ctx, struct str bytes)
{
	struct hashing *h = ctx;
	size_t take = bytes.n < h->left ? bytes.n : (size_t)h->left;

	h->total += bytes.n;
	h->left -= take;
	if (take > 0)
		EVP_DigestUpdate(h->md, bytes.p, take);
}

static void hash_begin(struct verifier *v, struct dkim_sink *sink, struct hashing *h, uint64_t most)
{
	*h = (struct hashing){ v->md, 0, most };
	sink->write = hash_write;
	sink->ctx = h;
	sink->n = 0;
	EVP_DigestInit_ex(v->md, EVP_sha256(), NULL);
}

static void hash_end(struct verifier *v, struct dkim_sink *sink, unsigned char digest[SHA256_DIGEST_LENGTH])
{
	dkim_sink_flush(sink);
	EVP_DigestFinal_ex(v->md, digest, NULL);
}

static const struct body_hash *hash_body(struct verifier *v, const struct dkim_signature *s)
{
	struct body_hash fresh = { s->body_canon, s->has_length, s->length, 0, 0, { 0 } };
	struct dkim_sink sink;
	struct hashing h;

	for (size_t i = 0; i < v->bodies.n; i++) {
		const struct body_hash *known = &v->bodies.v[i];
		if (known->canon == fresh.canon && known->has_length == fresh.has_length &&
		    known->length == fresh.length)
			return known;
	}
	hash_begin(v, &sink, &h, s->has_length ? s->length : UINT64_MAX);
	dkim_canon_body(&sink, s->body_canon, v->body);
	hash_end(v, &sink, fresh.digest);
	fresh.total = h.total;
	fresh.covered = s->has_length && s->length < h.total ? s->length : h.total;
	ARENA_PUSH(v->a, &v->bodies, fresh);
	return &v->bodies.v[v->bodies.n - 1];
}

/*
 * The fields h= names, for a name that occurs twice the lowest first (RFC 6376 §5.4.2), then the signature's
 * own field without the value of b=. A name beyond the fields there are stands for nothing, and so forbids
 * another.
 */
static void hash_header(struct verifier *v, const struct dkim_signature *s, size_t own,
			unsigned char digest[SHA256_DIGEST_LENGTH])
{
	const struct headers *headers = v->headers;
	bool *used = ARENA_ARRAY(v->a, headers->n, bool);
	struct dkim_sink sink;
	struct hashing h;

	used[own] = true;
	hash_begin(v, &sink, &h, UINT64_MAX);
	for (size_t i = 0; i < s->fields.n; i++)
		for (size_t j = headers->n; j-- > 0;) {
			const struct header *f = &headers->v[j];
			if (used[j] || !str_eq_nocase(f->name, s->fields.v[i]))
				continue;
			used[j] = true;
			dkim_canon_field(&sink, s->header_canon,
					 str_sub(v->raw, f->start, f->start + f->length), STR_NONE, true);
			break;
		}
	const struct header *f = &headers->v[own];
	dkim_canon_field(&sink, s->header_canon, str_sub(v->raw, f->start, f->start + f->length), s->b,
			 false);
	hash_end(v, &sink, digest);
}

static bool verify_rsa(EVP_PKEY *key, struct str signature, const unsigned char *digest)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	bool ok = ctx && EVP_PKEY_verify_init(ctx) == 1 &&
		  EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
		  EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
		  EVP_PKEY_verify(ctx, (const unsigned char *)signature.p, signature.n, digest,
				  SHA256_DIGEST_LENGTH) == 1;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

/* RFC 8463 §3: the message Ed25519 signs is the SHA-256 digest. */
static bool verify_ed25519(EVP_PKEY *key, struct str signature, const unsigned char *digest)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
		  EVP_DigestVerify(ctx, (const unsigned char *)signature.p, signature.n, digest,
				   SHA256_DIGEST_LENGTH) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

static void check_hashes(struct verifier *v, const struct dkim_signature *s, EVP_PKEY *key, bool ed25519,
			 struct dkim *d)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	const struct body_hash *body = hash_body(v, s);

	d->body_covered = body->covered;
	d->body_length = body->total;
	d->partial_body = body->covered < body->total;
	if (s->has_length && s->length > body->total) {
		set(v, d, DKIM_FAIL, "does not hold: the body is shorter than what was signed");
		return;
	}
	if (!str_eq(s->body_hash, str_from(body->digest, sizeof(body->digest)))) {
		set(v, d, DKIM_FAIL, "does not hold: the body is not what was signed");
		return;
	}
	hash_header(v, s, d->field, digest);
	if (!(ed25519 ? verify_ed25519 : verify_rsa)(key, s->signature, digest)) {
		ERR_clear_error();
		set(v, d, DKIM_FAIL, "does not hold: the header is not what was signed, or not by this key");
		return;
	}
	set(v, d, DKIM_PASS, d->partial_body ? "holds, but leaves the end of the body unsigned" : "holds");
}

/* The first record that is a key; several make no sense and one of them may (RFC 6376 §3.6.2.2). */
static bool fetch_key(struct verifier *v, const struct dkim_signature *s, struct dkim *d,
		      struct dkim_key *key)
{
	const struct answer *answer = asker_dns(v->q, s->key_name, RR_TXT);
	struct errbuf eb;
	enum err e = ERR_ABSENT;

	if (answer->status == ANSWER_TEMPERROR) {
		set(v, d, DKIM_TEMPERROR, "could not be checked: DNS gave no answer about its key");
		return false;
	}
	(void)err_set(&eb, e, "there is no key");
	for (size_t i = 0; answer->status == ANSWER_OK && i < answer->records.n; i++) {
		e = dkim_key_parse(v->a, answer->records.v[i].data, key, &eb);
		if (!e)
			return true;
	}
	setf(v, d, DKIM_PERMERROR, "cannot be verified", &eb);
	return false;
}

static void check_with_key(struct verifier *v, const struct dkim_signature *s, struct dkim *d)
{
	struct dkim_key key;
	EVP_PKEY *pkey;

	if (!fetch_key(v, s, d, &key))
		return;
	d->testing = key.testing;
	if (key.ed25519 != (s->algorithm == DKIM_ED25519_SHA256))
		set(v, d, DKIM_PERMERROR, "cannot be verified: the key is of another kind");
	else if (key.strict && s->identity_below)
		set(v, d, DKIM_PERMERROR, "cannot be verified: the key is not for its subdomains");
	else if (dkim_key_open(&key, &pkey, &d->key_bits)) {
		ERR_clear_error();
		set(v, d, DKIM_PERMERROR, "cannot be verified: the key is damaged");
	} else {
		if (!key.ed25519 && d->key_bits < DKIM_RSA_BITS_MIN)
			set(v, d, DKIM_POLICY, "does not count: its key is too short to trust");
		else
			check_hashes(v, s, pkey, key.ed25519, d);
		EVP_PKEY_free(pkey);
	}
}

static void check_signature(struct verifier *v, size_t field, struct dkim *d)
{
	struct dkim_signature s;
	struct errbuf eb;
	enum err e = dkim_signature_parse(v->a, v->headers->v[field].value, &s, &eb);

	*d = (struct dkim){
		.domain = s.domain,
		.selector = s.selector,
		.identity = s.identity,
		.algorithm = s.algorithm_text,
		.signature = s.signature,
		.fields = s.fields,
		.field = field,
	};
	if (e)
		setf(v, d, DKIM_PERMERROR, "cannot be read", &eb);
	else if (s.algorithm == DKIM_RSA_SHA1)
		set(v, d, DKIM_POLICY, "does not count: it uses SHA-1");
	else if (s.expires_s < v->now_s)
		set(v, d, DKIM_NEUTRAL, "has expired");
	else
		check_with_key(v, &s, d);
}

void dkim_verify(struct arena *a, struct asker *q, struct str raw, const struct headers *headers,
		 int64_t now_s, struct dkim_list *out)
{
	struct verifier v = { .a = a, .q = q, .raw = raw, .headers = headers, .now_s = now_s };
	struct ask_list asks = { 0 };

	*out = (struct dkim_list){ 0 };
	v.body = str_sub(raw, headers->body, raw.n);
	dkim_asks(a, headers, &asks);
	asker_prefetch(q, asks.v, asks.n);
	for (size_t i = 0; i < headers->n && out->n < LIMIT_DKIM_SIGNATURES; i++) {
		struct dkim d;
		if (!str_eq_nocase(headers->v[i].name, field_name))
			continue;
		if (!v.md)
			v.md = EVP_MD_CTX_new();
		ASSERT(v.md);
		check_signature(&v, i, &d);
		ARENA_PUSH(a, out, d);
	}
	EVP_MD_CTX_free(v.md);
}

void dkim_asks(struct arena *a, const struct headers *headers, struct ask_list *list)
{
	size_t seen = 0;

	for (size_t i = 0; i < headers->n && seen < LIMIT_DKIM_SIGNATURES; i++) {
		struct dkim_signature s;
		if (!str_eq_nocase(headers->v[i].name, field_name))
			continue;
		seen++;
		if (!dkim_signature_parse(a, headers->v[i].value, &s, NULL) && s.algorithm != DKIM_RSA_SHA1)
			ask_list_dns(a, list, s.key_name, RR_TXT);
	}
}

const struct dkim *dkim_best(const struct dkim_list *list)
{
	static const unsigned char rank[] = {
		[DKIM_PASS] = 0, [DKIM_TEMPERROR] = 1, [DKIM_POLICY] = 2, [DKIM_NEUTRAL] = 3,
		[DKIM_FAIL] = 4, [DKIM_PERMERROR] = 5, [DKIM_NONE] = 6,
	};
	const struct dkim *best = NULL;

	for (size_t i = 0; i < list->n; i++)
		if (!best || rank[list->v[i].result] < rank[best->result])
			best = &list->v[i];
	return best;
}

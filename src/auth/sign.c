/* Putting signatures together: tags, the hash under them, and the public-key operation. */
#include "auth/sign.h"

#include "auth/dkim_canon.h"
#include "base/base64.h"

/* Where tags are folded, which keeps lines within the 78 of RFC 5322 §2.1.1. */
#define BASE64_LINE 72
#define NAMES_LINE 66  /* behind it stand "h=" and the instance as well */
#define RSA_BYTES 1024 /* of the longest signature: DKIM_RSA_BITS_MAX */

static void add(void *ctx, struct str bytes)
{
	hash_sum_add(ctx, bytes);
}

struct sha256 sign_body(struct str body)
{
	struct hash_sum *sum = hash_sum_new();
	struct dkim_sink sink = { .write = add, .ctx = sum };

	dkim_canon_body(&sink, DKIM_RELAXED, body);
	dkim_sink_flush(&sink);
	return hash_sum_end(&sum);
}

/* ---- one field of tags ---- */

/* A signature field before its signature: b= stands between the two. */
struct draft {
	struct str before, after; /* after ends without a line end */
};

static bool is_rsa(const struct sign_key *key)
{
	return EVP_PKEY_is_a(key->key, "RSA") == 1;
}

static struct str algorithm(const struct sign_key *key)
{
	return is_rsa(key) ? STR("rsa-sha256") : STR("ed25519-sha256");
}

/* In pieces of a line; white space does not count in b=. */
static struct str fold_base64(struct arena *a, struct str text)
{
	struct str out = STR("");

	for (size_t at = 0; at < text.n; at += BASE64_LINE)
		out = ARENA_JOIN(a, out, at ? STR("\r\n\t") : STR(""), str_sub(text, at, at + BASE64_LINE));
	return out;
}

/* "from:to:date", with a fold after a colon where a line would grow too long. */
static struct str join_names(struct arena *a, const struct strs *names)
{
	struct str *parts = ARENA_ARRAY(a, 2 * names->n + 1, struct str);
	size_t n = 0, line = 0;

	for (size_t i = 0; i < names->n; i++) {
		bool fold = line + names->v[i].n + 1 > NAMES_LINE;
		if (i > 0)
			parts[n++] = fold ? STR(":\r\n\t") : STR(":");
		line = (fold ? 0 : line) + names->v[i].n + 1;
		parts[n++] = arena_lower(a, names->v[i]);
	}
	return arena_join(a, parts, n);
}

/* The signature of a digest, in base64. */
static enum err sign_digest(struct arena *a, const struct sign_key *key, const struct sha256 *digest,
			    struct str *out)
{
	unsigned char bytes[RSA_BYTES];
	size_t n = sizeof(bytes);
	EVP_PKEY_CTX *rsa = is_rsa(key) ? EVP_PKEY_CTX_new(key->key, NULL) : NULL;
	EVP_MD_CTX *ed25519 = rsa ? NULL : EVP_MD_CTX_new();
	bool good;

	if (rsa)
		good = EVP_PKEY_sign_init(rsa) == 1 &&
		       EVP_PKEY_CTX_set_signature_md(rsa, EVP_sha256()) == 1 &&
		       EVP_PKEY_sign(rsa, bytes, &n, digest->b, sizeof(digest->b)) == 1;
	else /* what is signed is the digest itself (RFC 8463 §3) */
		good = EVP_DigestSignInit(ed25519, NULL, NULL, NULL, key->key) == 1 &&
		       EVP_DigestSign(ed25519, bytes, &n, digest->b, sizeof(digest->b)) == 1;
	EVP_PKEY_CTX_free(rsa);
	EVP_MD_CTX_free(ed25519);
	if (good)
		*out = fold_base64(a, base64_encode(a, str_from(bytes, n)));
	return good ? OK : ERR_BUG;
}

/* Hashes the draft behind what is in the sum already (RFC 6376 §3.7), signs, and fills it in. */
static enum err finish(struct arena *a, const struct sign_key *key, struct hash_sum **sum,
		       const struct draft *draft, struct str *field_out)
{
	struct dkim_sink sink = { .write = add, .ctx = *sum };
	struct str text = STR_NONE;

	dkim_canon_field(&sink, DKIM_RELAXED, ARENA_JOIN(a, draft->before, draft->after), STR_NONE, false);
	dkim_sink_flush(&sink);
	struct sha256 digest = hash_sum_end(sum);
	enum err e = sign_digest(a, key, &digest, &text);
	*field_out = ARENA_JOIN(a, draft->before, text, draft->after, STR("\r\n"));
	return e;
}

/* ---- over the message ---- */

/* The lowest field of a name that was not taken; NULL: none is left. */
static const struct sign_field *take_field(const struct sign_mail *mail, struct str name, bool *taken)
{
	for (size_t i = mail->fields.n; i-- > 0;)
		if (!taken[i] && str_eq_nocase(mail->fields.v[i].name, name)) {
			taken[i] = true;
			return &mail->fields.v[i];
		}
	return NULL;
}

static struct hash_sum *hash_fields(struct arena *a, const struct sign_mail *mail, const struct strs *names)
{
	bool *taken = ARENA_ARRAY(a, mail->fields.n + 1, bool);
	struct hash_sum *sum = hash_sum_new();
	struct dkim_sink sink = { .write = add, .ctx = sum };

	ASSERT(names->n <= SIGN_NAMES_MAX);
	for (size_t i = 0; i < names->n; i++) {
		const struct sign_field *f = take_field(mail, names->v[i], taken);
		if (f)
			dkim_canon_field(&sink, DKIM_RELAXED, f->whole, STR_NONE, true);
	}
	dkim_sink_flush(&sink);
	return sum;
}

/* instance 0: of DKIM-Signature, which has none, but a version. */
static enum err sign_message(struct arena *a, const struct sign_mail *mail, const struct strs *names,
			     const struct sign_key *key, unsigned instance, int64_t now_s,
			     struct str *field_out)
{
	struct hash_sum *sum = hash_fields(a, mail, names);
	struct str bh = base64_encode(a, str_from(mail->body.b, sizeof(mail->body.b)));
	/* The instance behind a space, not a fold: there are verifiers that look for it so. */
	struct str i = instance ? arena_printf(a, " i=%u;", instance) : STR("");
	struct draft draft = {
		.before = arena_printf(
		    a, "%s: a=%.*s;\r\n\tb=", instance ? "ARC-Message-Signature" : "DKIM-Signature",
		    STR_ARG(algorithm(key))),
		.after =
		    arena_printf(a,
				 ";\r\n\tbh=%.*s;\r\n\tc=relaxed/relaxed; d=%.*s;\r\n\th=%.*s;"
				 "%.*s\r\n\ts=%.*s; t=%lld%s",
				 STR_ARG(bh), STR_ARG(key->domain), STR_ARG(join_names(a, names)), STR_ARG(i),
				 STR_ARG(key->selector), (long long)now_s, instance ? "" : "; v=1"),
	};

	return finish(a, key, &sum, &draft, field_out);
}

enum err sign_dkim(struct arena *a, const struct sign_mail *mail, const struct strs *names,
		   const struct sign_key *key, int64_t now_s, struct str *field_out)
{
	return sign_message(a, mail, names, key, 0, now_s, field_out);
}

/* ---- over the chain ---- */

/* Of a chain that is broken only our own set is under the seal (RFC 8617 §5.1.2). */
static enum err seal(struct arena *a, const struct sign_key *key, const struct sign_set *set,
		     struct str results, struct str signature, int64_t now_s, struct str *field_out)
{
	struct hash_sum *sum = hash_sum_new();
	struct dkim_sink sink = { .write = add, .ctx = sum };
	struct draft draft = {
		.before = arena_printf(a, "ARC-Seal: a=%.*s;\r\n\tb=", STR_ARG(algorithm(key))),
		.after =
		    arena_printf(a, ";\r\n\tcv=%.*s; d=%.*s; i=%u; s=%.*s;\r\n\tt=%lld",
				 STR_ARG(enum_text(&arc_result_names, (int)set->chain)), STR_ARG(key->domain),
				 set->instance, STR_ARG(key->selector), (long long)now_s),
	};

	for (size_t i = 0; set->chain == ARC_PASS && i < set->before.n; i++)
		dkim_canon_field(&sink, DKIM_RELAXED, set->before.v[i], STR_NONE, true);
	dkim_canon_field(&sink, DKIM_RELAXED, results, STR_NONE, true);
	dkim_canon_field(&sink, DKIM_RELAXED, signature, STR_NONE, true);
	dkim_sink_flush(&sink);
	return finish(a, key, &sum, &draft, field_out);
}

enum err sign_arc(struct arena *a, const struct sign_mail *mail, const struct strs *names,
		  const struct sign_key *key, const struct sign_set *set, int64_t now_s,
		  struct str *fields_out)
{
	struct str results, signature, sealed;

	ASSERT(set->instance >= 1 && set->instance <= ARC_INSTANCE_MAX);
	results = ARENA_JOIN(a, STR("ARC-Authentication-Results: "), arena_printf(a, "i=%u; ", set->instance),
			     set->results, STR("\r\n"));
	enum err e = sign_message(a, mail, names, key, set->instance, now_s, &signature);
	if (!e)
		e = seal(a, key, set, results, signature, now_s, &sealed);
	if (!e)
		*fields_out = ARENA_JOIN(a, sealed, signature, results);
	return e;
}

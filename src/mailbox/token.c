/* Asking for tokens, and keeping them. */
#include "mailbox/token.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/hash.h"
#include "json/write.h"
#include "json/read.h"
#include "mailbox/refusal.h"

#define KEPT_MAX 1024         /* then the one that ends first makes room */
#define TOKEN_MAX 8192        /* bytes of one; those of Microsoft have some 3,000 */
#define ANSWER_MAX 65536      /* bytes */
#define EARLY_MS 60000        /* before its end a token is not given out any more: it is to last for a call */
#define LIFE_MAX_S 86400      /* that is believed */
#define ASSERTION_LIFE_S 3600 /* the longest that Google takes */
#define ASSERTION_MAX (1u << 16)

struct kept {
	struct sha256 key;
	char *token;     /* owned */
	int64_t ends_ms; /* monotonic */
};

struct tokens {
	pthread_mutex_t lock; /* guards all below */
	struct kept v[KEPT_MAX];
	size_t n;
};

/* ---- keeping ---- */

struct tokens *tokens_new(void)
{
	struct tokens *t = calloc(1, sizeof(*t));

	ASSERT(t);
	pthread_mutex_init(&t->lock, NULL);
	return t;
}

void tokens_free(struct tokens **tp)
{
	struct tokens *t = *tp;

	*tp = NULL;
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++)
		free(t->v[i].token);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

/* All that was asked with: another secret is another token. */
static struct sha256 key_of(const struct token_ask *q)
{
	const struct str parts[] = { q->url, q->client, q->secret, q->scope, q->subject };
	struct hash_sum *h = hash_sum_new();

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		uint64_t n = parts[i].n;
		hash_sum_add(h, str_from(&n, sizeof(n)));
		hash_sum_add(h, parts[i]);
	}
	return hash_sum_end(&h);
}

/* Its place, or t->n. */
static size_t place_of(const struct tokens *t, const struct sha256 *key)
{
	size_t i = 0;

	while (i < t->n && memcmp(t->v[i].key.b, key->b, sizeof(key->b)) != 0)
		i++;
	return i;
}

static void remove_at(struct tokens *t, size_t i)
{
	free(t->v[i].token);
	t->v[i] = t->v[--t->n];
}

/* Writes it to out, of TOKEN_MAX + 1 bytes. */
static bool find(struct tokens *t, const struct sha256 *key, char *out)
{
	bool found = false;

	pthread_mutex_lock(&t->lock);
	size_t i = place_of(t, key);
	if (i < t->n && t->v[i].ends_ms <= clock_mono_ms()) {
		remove_at(t, i);
	} else if (i < t->n) {
		strcpy(out, t->v[i].token);
		found = true;
	}
	pthread_mutex_unlock(&t->lock);
	return found;
}

static void keep(struct tokens *t, const struct sha256 *key, struct str token, int64_t ends_ms)
{
	char *copy = strndup(token.p, token.n);
	size_t first = 0;

	ASSERT(copy);
	pthread_mutex_lock(&t->lock);
	size_t i = place_of(t, key);
	if (i < t->n) {
		remove_at(t, i);
	} else if (t->n == KEPT_MAX) {
		for (i = 1; i < t->n; i++)
			first = t->v[i].ends_ms < t->v[first].ends_ms ? i : first;
		remove_at(t, first);
	}
	t->v[t->n++] = (struct kept){ *key, copy, ends_ms };
	pthread_mutex_unlock(&t->lock);
}

void token_drop(struct tokens *t, const struct token_ask *q, struct str token)
{
	struct sha256 key = key_of(q);

	if (!t)
		return;
	pthread_mutex_lock(&t->lock);
	size_t i = place_of(t, &key);
	if (i < t->n && str_eq(str_of(t->v[i].token), token))
		remove_at(t, i);
	pthread_mutex_unlock(&t->lock);
}

/* ---- what is asked for ---- */

#define GOOGLE_URL "https://oauth2.googleapis.com/token"
#define GOOGLE_MAIL "https://mail.google.com/" /* what deleting for good needs; gmail.modify is not enough */
#define MICROSOFT "https://login.microsoftonline.com/"
#define MICROSOFT_GRAPH "https://graph.microsoft.com"
#define MICROSOFT_IMAP "https://outlook.office365.com/.default"

static struct str or_else(struct str s, struct str other)
{
	return s.n ? s : other;
}

enum err token_ask_of(const struct mailbox_site *site, struct arena *a, struct str subject, struct str scope,
		      struct token_ask *out, struct mailbox_fault *fault)
{
	const struct integration *i = site->integration;
	bool imap = i->provider == MAILBOX_IMAP;
	bool signs = i->provider == MAILBOX_GMAIL || (imap && str_starts(site->secret, STR("-----BEGIN ")));
	struct str usual = imap ? STR(MICROSOFT_IMAP)
				: ARENA_JOIN(a, or_else(i->server, STR(MICROSOFT_GRAPH)), STR("/.default"));

	*out = (struct token_ask){ i->token_url, i->user, site->secret, signs, or_else(scope, i->scope),
				   subject };
	if (out->url.n == 0 && signs)
		out->url = STR(GOOGLE_URL);
	else if (out->url.n == 0 && i->tenant_id.n)
		out->url =
		    ARENA_JOIN(a, STR(MICROSOFT), http_escape(a, i->tenant_id), STR("/oauth2/v2.0/token"));
	if (out->scope.n == 0)
		out->scope = signs ? STR(GOOGLE_MAIL) : usual;
	if (!signs)
		out->subject = STR_NONE; /* a client's token is for all mailboxes */
	const char *lacks = out->url.n == 0      ? "tenant_id"
			    : out->client.n == 0 ? "user"
			    : out->secret.n == 0 ? "secret"
						 : NULL;
	return lacks ? mailbox_fail(fault, ERR_DENIED, TROUBLE_LOGIN,
				    "The integration's %s is not set, and no token is had without.", lacks)
		     : OK;
}

/* ---- the assertion ---- */

static void claim(struct buf *b, const char *name, struct str value)
{
	buf_printf(b, "%s\"%s\":", b->n > 1 ? "," : "", name);
	json_str(b, value);
}

static struct str claims_of(struct arena *a, const struct token_ask *q, int64_t now_s)
{
	struct buf b;

	buf_init(&b, ASSERTION_MAX);
	buf_add_c(&b, "{");
	claim(&b, "iss", q->client);
	if (q->subject.n)
		claim(&b, "sub", q->subject);
	claim(&b, "scope", q->scope);
	claim(&b, "aud", q->url);
	buf_printf(&b, ",\"iat\":%lld,\"exp\":%lld}", (long long)now_s, (long long)now_s + ASSERTION_LIFE_S);
	ASSERT(buf_ok(&b)); /* what an integration may hold is a tenth of it */
	struct str text = base64url_encode(a, buf_str(&b));
	buf_free(&b);
	return text;
}

/* Nobody is asked for the password of a key that has one. */
static int no_password(char *to, int size, int writing, void *ctx)
{
	(void)to, (void)size, (void)writing, (void)ctx;
	return -1;
}

static EVP_PKEY *key_in(struct str pem)
{
	BIO *bio = pem.n <= INT32_MAX ? BIO_new_mem_buf(pem.p, (int)pem.n) : NULL;
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;

	BIO_free(bio);
	if (key && !EVP_PKEY_is_a(key, "RSA")) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

enum err token_assertion(struct arena *a, const struct token_ask *q, int64_t now_s, struct str *out)
{
	struct str text = ARENA_JOIN(a, base64url_encode(a, STR("{\"alg\":\"RS256\",\"typ\":\"JWT\"}")),
				     STR("."), claims_of(a, q, now_s));
	EVP_PKEY *key = key_in(q->secret);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char signature[2048]; /* of a key of 16,384 bits */
	size_t n = sizeof(signature);
	bool ok = key && ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
		  EVP_DigestSign(ctx, signature, &n, (const unsigned char *)text.p, text.n) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	if (!ok)
		return ERR_DENIED;
	*out = ARENA_JOIN(a, text, STR("."), base64url_encode(a, str_from(signature, n)));
	return OK;
}

/* ---- asking ---- */

static const struct refusal_row rows[] = {
	{ 0, "invalid_client", NULL, ERR_DENIED, TROUBLE_LOGIN },
	{ 0, "invalid_grant", "Invalid email or User ID", ERR_DENIED, TROUBLE_NO_MAILBOX }, /* the subject */
	{ 0, "invalid_grant", NULL, ERR_DENIED, TROUBLE_LOGIN },
	{ 0, "unauthorized_client", NULL, ERR_DENIED, TROUBLE_NO_CONSENT },
	{ 0, "access_denied", NULL, ERR_DENIED, TROUBLE_NO_CONSENT },
	{ 0, "consent_required", NULL, ERR_DENIED, TROUBLE_NO_CONSENT },
	{ 0, "interaction_required", NULL, ERR_DENIED, TROUBLE_NO_CONSENT },
	{ 0, "invalid_scope", NULL, ERR_DENIED, TROUBLE_NO_CONSENT },
	{ 0, "temporarily_unavailable", NULL, ERR_LATER, TROUBLE_BUSY },
	{ 0, "slow_down", NULL, ERR_LATER, TROUBLE_BUSY },
	{ 401, NULL, NULL, ERR_DENIED, TROUBLE_LOGIN },
};
static const struct refusal_table refusals = { "The token service", rows, ARRAY_LEN(rows) };

/* The form that is posted (application/x-www-form-urlencoded). */
static enum err form_of(struct arena *a, const struct token_ask *q, struct str *out,
			struct mailbox_fault *fault)
{
	struct str assertion;

	if (!q->signs) {
		*out = ARENA_JOIN(a, STR("grant_type=client_credentials&client_id="),
				  http_escape(a, q->client), STR("&client_secret="),
				  http_escape(a, q->secret), STR("&scope="), http_escape(a, q->scope));
		return OK;
	}
	if (token_assertion(a, q, clock_now_us() / 1000000, &assertion))
		return mailbox_fail(
		    fault, ERR_DENIED, TROUBLE_LOGIN,
		    "The service account's secret is no RSA private key in PEM that can be read.");
	*out = ARENA_JOIN(
	    a, STR("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="), assertion);
	return OK;
}

/* Visible ASCII alone: it is to be put into a header field. */
static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return s.n > 0 && s.n <= TOKEN_MAX;
}

static enum err read_token(struct arena *a, struct str body, struct str *token_out, int64_t *life_s_out,
			   struct mailbox_fault *fault)
{
	struct json *root;
	const struct json *token, *life;

	if (json_parse(a, body, &root, NULL) || !(token = json_get(root, STR("access_token"))) ||
	    token->kind != JSON_STR || !is_token(token->s))
		return mailbox_fail(fault, ERR_LATER, TROUBLE_REFUSED,
				    "The token service's answer holds no token.");
	life = json_get(root, STR("expires_in"));
	*life_s_out = life && life->kind == JSON_INT && life->i > 0 ? life->i : 0;
	if (*life_s_out > LIFE_MAX_S)
		*life_s_out = LIFE_MAX_S;
	*token_out = arena_str(a, token->s);
	return OK;
}

enum err token_get(struct tokens *kept, struct http *h, struct arena *a, const struct token_ask *q,
		   deadline_ms until, struct str *out, struct mailbox_fault *fault)
{
	struct sha256 key = key_of(q);
	struct http_request ask = { .url = q->url, .answer_max = ANSWER_MAX, .until = until };
	struct http_answer answer;
	struct errbuf why = { "" };
	char found[TOKEN_MAX + 1];
	int64_t life_s;

	if (kept && find(kept, &key, found)) {
		*out = arena_str(a, str_of(found));
		return OK;
	}
	enum err e = form_of(a, q, &ask.body, fault);
	if (e)
		return e;
	ARENA_PUSH(a, &ask.headers, STR("Content-Type: application/x-www-form-urlencoded"));
	ARENA_PUSH(a, &ask.headers, STR("Accept: application/json"));
	e = http_ask(h, a, &ask, &answer, &why);
	if (e)
		return refusal_unheard(refusals.whom, e, &answer, &why, fault);
	if (answer.status != 200)
		return refusal_judge(a, &refusals, &answer, fault);
	int64_t now_ms = clock_mono_ms();
	e = read_token(a, answer.body, out, &life_s, fault);
	if (!e && kept && life_s * 1000 > EARLY_MS)
		keep(kept, &key, *out, now_ms + life_s * 1000 - EARLY_MS);
	return e;
}

enum err token_for_login(const struct mailbox_site *site, struct arena *a, struct str subject,
			 deadline_ms until, struct str *out, struct mailbox_fault *fault)
{
	const struct mailbox_tools *t = site->tools;
	struct token_ask q;
	enum err e = token_ask_of(site, a, subject, STR_NONE, &q, fault);

	if (e)
		return e;
	struct http *h =
	    http_new(&(const struct http_rules){ t->dns, t->authorities, t->allow_private, t->ending });
	if (!h)
		return mailbox_fail(fault, ERR_LATER, TROUBLE_UNREACHABLE, "HTTP cannot be set up.");
	e = token_get(t->tokens, h, a, &q, until, out, fault);
	http_free(&h);
	return e;
}

/* Choosing keys and fields; auth/sign.h does the rest. */
#include "intake/signing.h"

#include "base/domain.h"
#include "store/signing_keys.h"

#define SAME_MAX \
	8 /* fields of one name that are signed, the lowest ones; only mail made to confuse has more */

enum { IN_ARC = 1 << 0, IN_DKIM = 1 << 1, OF_OURS = 1 << 2, ONCE_MORE = 1 << 3 };

/*
 * What is signed (RFC 6376 §5.4.1, RFC 8617 §4.1.2). ONCE_MORE: also once more than it is there, so that nobody adds
 * another one. OF_OURS: behind our prefix.
 */
static const struct {
	const char *name;
	unsigned where;
} signed_names[] = {
	{ "From", IN_ARC | IN_DKIM | ONCE_MORE },
	{ "To", IN_ARC | IN_DKIM | ONCE_MORE },
	{ "Cc", IN_ARC | IN_DKIM | ONCE_MORE },
	{ "Subject", IN_ARC | IN_DKIM | ONCE_MORE },
	{ "Date", IN_ARC | IN_DKIM | ONCE_MORE },
	{ "Message-ID", IN_ARC | IN_DKIM | ONCE_MORE },
	{ "Reply-To", IN_ARC | IN_DKIM | ONCE_MORE },
	{ "In-Reply-To", IN_ARC | IN_DKIM },
	{ "References", IN_ARC | IN_DKIM },
	{ "MIME-Version", IN_ARC | IN_DKIM | ONCE_MORE },
	{ "Content-Type", IN_ARC | IN_DKIM | ONCE_MORE },
	{ "Content-Transfer-Encoding", IN_ARC | IN_DKIM | ONCE_MORE },
	{ "List-Id", IN_ARC | IN_DKIM },
	{ "List-Unsubscribe", IN_ARC | IN_DKIM },
	{ "List-Unsubscribe-Post", IN_ARC | IN_DKIM },
	{ "DKIM-Signature", IN_ARC },
	{ "Processed", IN_ARC | OF_OURS },
	{ "Disposition", IN_ARC | OF_OURS },
	{ "Attribute", IN_ARC | OF_OURS },
};

/* One mail while it is signed. */
struct work {
	const struct signing *s;
	struct arena *arena;
	struct sign_mail mail;
	struct str made; /* what was put in front so far */
	struct str told;
};

/* ---- the mail ---- */

/* A body that was changed is put together once; others are hashed where they lie. ERR_LATER: no memory for it. */
static enum err hash_body(const struct strs *pieces, struct sha256 *out)
{
	size_t all = 0;
	struct buf b;

	if (pieces->n <= 1) {
		*out = sign_body(pieces->n ? pieces->v[0] : STR_NONE);
		return OK;
	}
	for (size_t i = 0; i < pieces->n; i++)
		all += pieces->v[i].n;
	buf_init(&b, all);
	for (size_t i = 0; i < pieces->n; i++)
		buf_add(&b, pieces->v[i]);
	enum err e = buf_ok(&b) ? OK : ERR_LATER;
	if (!e)
		*out = sign_body(buf_str(&b));
	buf_free(&b);
	return e;
}

static size_t count(const struct work *w, struct str name)
{
	size_t n = 0;

	for (size_t i = 0; i < w->mail.fields.n; i++)
		n += str_eq_nocase(w->mail.fields.v[i].name, name);
	return n;
}

/* For h=. */
static struct strs names_for(struct work *w, unsigned where)
{
	struct strs names = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(signed_names); i++) {
		unsigned how = signed_names[i].where;
		struct str name = str_of(signed_names[i].name);
		if (!(how & where))
			continue;
		if (how & OF_OURS)
			name = ARENA_JOIN(w->arena, str_of(w->s->prefix), name);
		size_t n = count(w, name);
		n = (n < SAME_MAX ? n : SAME_MAX) + (how & ONCE_MORE ? 1 : 0);
		for (size_t k = 0; k < n && names.n < SIGN_NAMES_MAX; k++)
			ARENA_PUSH(w->arena, &names, name);
	}
	return names;
}

/* Made now, so the topmost from now on. */
static void put_in_front(struct work *w, struct str field, const char *name)
{
	struct sign_field f = { str_of(name), field };

	w->made = ARENA_JOIN(w->arena, field, w->made);
	ARENA_PUSH(w->arena, &w->mail.fields, f);
	for (size_t i = w->mail.fields.n - 1; i > 0; i--)
		w->mail.fields.v[i] = w->mail.fields.v[i - 1];
	w->mail.fields.v[0] = f;
}

/* ---- signing ---- */

static struct sign_key key_of(const struct work *w, const struct signing_key *k)
{
	return (struct sign_key){ k->domain, k->selector,
				  key_ring_take(w->s->keys, k->id.uuid, k->private_key) };
}

static void tell(struct work *w, struct str what, const struct signing_key *k)
{
	w->told = ARENA_JOIN(w->arena, w->told, w->told.n ? STR("; ") : STR(""), what, STR(" with the key "),
			     k->record_name);
}

/* A key that does not sign is the operator's to mend; the mail goes out without. */
static void complain(const struct work *w, const struct signing_key *k)
{
	log_warn(w->s->log, "not_signed", KV_STR("key", k->record_name));
}

static void add_dkim(struct work *w, const struct signing_key *k)
{
	struct strs names = names_for(w, IN_DKIM);
	struct sign_key key = key_of(w, k);
	struct str field;

	if (key.key && sign_dkim(w->arena, &w->mail, &names, &key, w->s->now_us / 1000000, &field) == OK) {
		put_in_front(w, field, "DKIM-Signature");
		tell(w, STR("signed by DKIM"), k);
	} else {
		complain(w, k);
	}
	EVP_PKEY_free(key.key);
}

static void add_arc(struct work *w, const struct signing_key *k, const struct record *r, struct str mail)
{
	const struct seals *seals = r->seals;
	struct sign_set set = {
		.instance = seals ? (unsigned)seals->sets + 1 : 1,
		.chain = !seals        ? ARC_NONE
			 : seals->hold ? ARC_PASS
				       : ARC_FAIL,
		.results = ARENA_JOIN(w->arena, str_of(w->s->hostname), r->authentication),
	};
	struct strs names = names_for(w, IN_ARC);
	struct sign_key key = key_of(w, k);
	struct str fields;

	for (size_t i = 0; seals && i < seals->fields.n; i++) {
		size_t start = (size_t)seals->fields.v[i].start;
		ARENA_PUSH(w->arena, &set.before,
			   str_sub(mail, start, start + (size_t)seals->fields.v[i].length));
	}
	if (key.key &&
	    sign_arc(w->arena, &w->mail, &names, &key, &set, w->s->now_us / 1000000, &fields) == OK) {
		w->made = ARENA_JOIN(w->arena, fields, w->made);
		tell(w,
		     arena_printf(w->arena, "sealed by ARC as hop %u, chain %.*s", set.instance,
				  STR_ARG(enum_text(&arc_result_names, (int)set.chain))),
		     k);
	} else {
		complain(w, k);
	}
	EVP_PKEY_free(key.key);
}

/* ---- keys ---- */

static enum err find_keys(const struct work *w, struct str domain, struct signing_key_list *keys)
{
	enum err e = signing_keys_of(w->s->store, w->arena, w->s->account, domain, keys);

	if (e != ERR_DENIED)
		return e;
	log_warn(w->s->log, "not_signed", KV_STR("domain", domain),
		 KV_C("why", "a private key is not what was kept with this store's secret"));
	keys->n = 0;
	return OK;
}

/* Those of the first recipient's domain that has any. */
static enum err find_seal_keys(const struct work *w, struct signing_key_list *keys)
{
	struct str domain = STR_NONE;
	enum err e = OK;

	keys->n = 0;
	for (size_t i = 0; i < w->s->recipients.n && keys->n == 0 && !e; i++) {
		struct str next = domain_fold(w->arena, domain_of_address(w->s->recipients.v[i]));
		if (!str_eq(next, domain))
			e = find_keys(w, next, keys);
		domain = next;
	}
	return e;
}

static void keep_those_for_changed(struct signing_key_list *keys)
{
	size_t n = 0;

	for (size_t i = 0; i < keys->n; i++)
		if (keys->v[i].sign_changed)
			keys->v[n++] = keys->v[i];
	keys->n = n;
}

enum err signing_add(struct arena *a, const struct signing *s, const struct record *r, struct str mail,
		     struct outgoing *out, struct str *told_out)
{
	struct work w = { .s = s, .arena = a };
	struct outgoing_parts parts;
	struct signing_key_list senders = { 0 }, seal = { 0 };
	/* What was not looked at is not vouched for. */
	bool seals = r->authentication.n && !(r->seals && r->seals->closed);
	enum err e = seals ? find_seal_keys(&w, &seal) : OK;

	*told_out = STR("");
	if (!e && out->changed && r->proved_domain.n)
		e = find_keys(&w, r->proved_domain, &senders);
	keep_those_for_changed(&senders);
	if (e || senders.n + seal.n == 0)
		return e;
	if (s->by_smtp && !outgoing_complete(a, out)) {
		*told_out = STR("not signed: receivers may make other bytes of it");
		return OK;
	}
	if (!outgoing_split(a, out, &parts)) {
		*told_out = STR("not signed: its header can be read in more than one way");
		return OK;
	}
	w.mail = parts.mail;
	e = hash_body(&parts.body, &w.mail.body);
	if (e)
		return e;
	for (size_t i = 0; i < senders.n; i++)
		add_dkim(&w, &senders.v[i]);
	if (seal.n) /* one set a hop: RSA is what all verify */
		add_arc(&w, &seal.v[0], r, mail);
	out->pieces.v[0] = ARENA_JOIN(a, w.made, out->pieces.v[0]);
	*told_out = w.told;
	return OK;
}

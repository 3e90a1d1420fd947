/*
 * Domains that are nearly one of the account's own, or of a well-known brand: in From, in Reply-To, and where links lead. They look the same,
 * differ in a letter or two, have another ending, add a word, or put all of the real name before their own.
 *
 * What is compared is the label below the public suffix, so every host of one owner is judged alike. Many names are near a
 * short one by accident: below five letters only what looks the same counts, below nine one slip. Owners of several
 * endings and companies that are neighbours by name exist, so those weigh less; a trusted domain (is_similarity) is
 * excused for good. With 28 well-known domains protected, one neighbour among the senders of 4,163 harmless mails was near
 * enough for a spoof: a name that differs in a hyphen (November 2026).
 *
 * With brands it is stricter, since nobody asked for them to be protected: names that are words do not count unless they are
 * written in disguise, words around a name only where they are bait, and another ending hardly.
 */
#include "detect/detect.h"

#include "base/alike.h"
#include "base/domain.h"
#include "base/utf8.h"
#include "detect/brands.h"
#include "detect/link.h"
#include "detect/lists.h"
#include "policy/domain_name.h"

#define LOOKS_LEAST 3 /* letters of a label, from which on each kind counts */
#define ENDING_LEAST 4
#define SLIP_LEAST 5
#define SLIPS_LEAST 9
#define WORDS_LEAST 5
#define SHARE_LINK 0.7 /* of the score of one in From */
#define LINKS_TOLD 8   /* lookalikes told of among the links */
/* Of one name with one of ours, 20 to 150 ns each: ten thousand domains and 200 hosts, more than honest mail shows. */
#define COMPARISONS 2000000

enum likeness { LIKE_NOTHING, LIKE_LOOKS, LIKE_SLIP, LIKE_ENDING, LIKE_WORDS, LIKE_BELOW };

/* signal, reason: for one of the account's own domains, and for a brand's. */
static const struct {
	const char *signal[2], *reason[2], *verb;
	enum category category;
} likenesses[] = {
	[LIKE_LOOKS] = { { "looks", "brand_looks" },
			 { "A domain is written so that it looks like one of yours.",
			   "A domain is written so that it looks like a well-known one." },
			 "looks like",
			 CAT_HOMOGRAPH },
	[LIKE_SLIP] = { { "slip", "brand_slip" },
			{ "A domain differs from one of yours in a letter or two.",
			  "A domain differs from a well-known one in a letter." },
			"is nearly",
			CAT_LOOKALIKE_DOMAIN },
	[LIKE_ENDING] = { { "ending", "brand_ending" },
			  { "A domain has the name of one of yours with another ending.",
			    "A domain has the name of a well-known one with another ending." },
			  "is not",
			  CAT_LOOKALIKE_DOMAIN },
	[LIKE_WORDS] = { { "words", "brand_words" },
			 { "A domain is the name of one of yours with words around it.",
			   "A domain is the name of a well-known one with words around it." },
			 "is not",
			 CAT_LOOKALIKE_DOMAIN },
	[LIKE_BELOW] = { { "below", "brand_below" },
			 { "A host begins with one of your domains and belongs to somebody else.",
			   "A host begins with a well-known domain and belongs to somebody else." },
			 "does not belong to",
			 CAT_LOOKALIKE_DOMAIN },
};

#define BRAND_LOOKS_LEAST 5 /* letters of a brand's name, below which nothing counts */
#define BRAND_SHORT 6
#define BRAND_LONG 8
#define BRAND_MISSING 1 /* kinds of letters that a lookalike may have too few */

struct names {
	const struct domain_name *v;
	size_t n;
	size_t left;     /* comparisons */
	bool unfinished; /* there were too few */
};

struct match {
	enum likeness kind;
	double score;
	const struct domain_name *own;
	bool brand; /* own is a brand's */
};

static struct names own_names(const struct scan *s)
{
	struct domain_names own = policy_domain_names(s->arena, s->policy, &s->job->protected_domains);

	return (struct names){ .v = own.v, .n = own.n, .left = COMPARISONS };
}

/* What those who imitate a house like to put behind its name. */
static bool is_bait(struct str word)
{
	static const char *const words[] = {
		"access", "account", "accounts", "admin",   "auth",    "bank",   "billing",  "careers",
		"client", "cloud",   "corp",     "desk",    "docs",    "file",   "files",    "finance",
		"group",  "help",    "helpdesk", "hr",      "inc",     "info",   "invoice",  "invoices",
		"it",     "jobs",    "llc",      "login",   "ltd",     "mail",   "office",   "online",
		"pay",    "payment", "payments", "payroll", "portal",  "secure", "security", "service",
		"share",  "sso",     "support",  "team",    "updates", "update", "verify",   "vpn",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eq(word, str_of(words[i])))
			return true;
	return false;
}

/* "-support" behind the name at `at`, "secure-" before it, or "payroll" without a hyphen. */
static double words_around(struct str shape, size_t at, size_t n)
{
	struct str before = str_sub(shape, 0, at), after = str_sub(shape, at + n, shape.n);
	bool apart =
	    (before.n == 0 || str_ends(before, STR("-"))) && (after.n == 0 || str_starts(after, STR("-")));

	if (str_ends(before, STR("-")))
		before =
		    str_sub(before, str_rfind_char(str_sub(before, 0, before.n - 1), '-') + 1, before.n - 1);
	if (str_starts(after, STR("-")))
		after = str_sub(after, 1, str_find_char(after, '-', 1));
	if (is_bait(before) || is_bait(after))
		return 0.8;
	return apart ? 0.5 : 0;
}

static struct match compare(const struct domain_name *own, const struct domain_name *it)
{
	size_t n = own->letters, most = n >= SLIPS_LEAST ? 2 : n >= SLIP_LEAST ? 1 : 0, at;
	struct match m = { .own = own };
	bool same_ending = str_eq(own->ending, it->ending);

	if (str_eq(own->label, it->label)) {
		m.kind = LIKE_ENDING;
		m.score = n >= SLIPS_LEAST ? 0.7 : n >= ENDING_LEAST ? 0.4 : 0;
	} else if (n >= LOOKS_LEAST && str_eq(own->shape, it->shape)) {
		m.kind = LIKE_LOOKS;
		m.score = 1;
	} else if (most > 0 && alike_may_be_near(own->set, it->set, most) &&
		   (at = alike_distance(own->shape, it->shape, most)) <= most) {
		m.kind = LIKE_SLIP;
		m.score = at == 1 && n > SLIP_LEAST ? 1 : 0.6;
		m.score *= same_ending ? 1 : 0.6;
	} else if (n >= WORDS_LEAST && !(own->set & ~it->set) &&
		   (at = str_find(it->shape, own->shape, 0)) != SIZE_MAX) {
		m.kind = LIKE_WORDS;
		m.score = words_around(it->shape, at, own->shape.n);
	}
	return m;
}

/* "www.bank.example.evil.test": all of the name, and then another owner. */
static bool begins_with(struct str host, struct str owner)
{
	for (size_t at = 0; (at = str_find(host, owner, at)) != SIZE_MAX; at++)
		if ((at == 0 || host.p[at - 1] == '.') && at + owner.n < host.n &&
		    host.p[at + owner.n] == '.' && str_find_char(owner, '.', 0) != SIZE_MAX)
			return true;
	return false;
}

/* The own name that is nearest; score 0: none is near, or the name is one of ours. */
static struct match nearest(const struct names *own, const struct domain_name *it)
{
	struct match best = { 0 };
	uint64_t host_set = alike_set(it->host);

	for (size_t i = 0; i < own->n; i++) {
		if (str_eq(own->v[i].owner, it->owner))
			return (struct match){ 0 };
		struct match m = compare(&own->v[i], it);
		if (m.score == 0 && !(own->v[i].owner_set & ~host_set) &&
		    begins_with(it->host, own->v[i].owner))
			m = (struct match){ LIKE_BELOW, 0.9, &own->v[i], false };
		if (m.score > best.score)
			best = m;
	}
	return best;
}

/*
 * One slip of the hand. Short names have honest neighbours, so of these only a letter put in, left out or swapped counts,
 * between the first and the last.
 */
static double brand_slip(const struct domain_name *own, const struct domain_name *it)
{
	struct str x = own->shape, y = it->shape;

	if (own->letters < BRAND_SHORT || alike_distance(x, y, 1) != 1)
		return 0;
	if (own->letters >= BRAND_LONG)
		return 0.6;
	bool ends = x.p[0] == y.p[0] && x.p[x.n - 1] == y.p[y.n - 1];
	return ends && (x.n != y.n || own->set == it->set) ? 0.4 : 0;
}

static struct match compare_brand(size_t brand, const struct domain_name *own, const struct domain_name *it)
{
	struct match m = { 0 };
	bool near = str_eq(own->shape, it->shape);

	/* most of the table ends here */
	if (!near &&
	    (own->letters < BRAND_LOOKS_LEAST || !alike_may_be_near(own->set & ~it->set, 0, BRAND_MISSING)))
		return m;
	m = compare(own, it);
	m.brand = true;
	bool word = brand_label_is_word(brand);
	switch (m.kind) {
	case LIKE_ENDING:
		m.score = word || own->letters < BRAND_LONG ? 0 : 0.3;
		break;
	case LIKE_LOOKS:
		m.score = 0.9;
		break;
	case LIKE_SLIP:
		m.score = word ? 0 : brand_slip(own, it);
		break;
	case LIKE_WORDS:
		m.score = m.score < 0.8 ? 0 : word ? 0.5 : 0.7;
		if (own->letters < BRAND_SHORT && str_find_char(it->shape, '-', 0) == SIZE_MAX)
			m.score = 0;
		break;
	case LIKE_NOTHING:
	case LIKE_BELOW:
		break;
	}
	return m;
}

/* The brand that is nearest; score 0: none is. */
static struct match nearest_brand(const struct domain_name *it)
{
	struct domain_names brands = brand_domain_names();
	uint64_t host_set = alike_set(it->host);
	struct match best = { 0 };

	if (brand_is_domain(it->host))
		return best;
	for (size_t i = 0; i < brands.n; i++) {
		struct match m = compare_brand(i, &brands.v[i], it);
		if (m.score == 0 && !(brands.v[i].owner_set & ~host_set) &&
		    begins_with(it->host, brands.v[i].owner))
			m = (struct match){ LIKE_BELOW, 0.9, &brands.v[i], true };
		if (m.score > best.score)
			best = m;
	}
	return best;
}

static bool spend(struct names *own)
{
	size_t price = own->n + brand_table_size;
	bool enough = own->left >= price;

	own->left -= enough ? price : 0;
	own->unfinished |= !enough;
	return enough;
}

static bool is_one_of(const struct names *own, const struct domain_name *it)
{
	for (size_t i = 0; i < own->n; i++)
		if (str_eq(own->v[i].owner, it->owner))
			return true;
	return false;
}

static struct match look_at(const struct scan *s, struct names *own, struct str host, struct domain_name *it)
{
	if (host.n > DOMAIN_MAX || str_find_char(host, '.', 0) == SIZE_MAX || link_host_is_address(host) ||
	    !spend(own) || sender_is_own_domain(s, host))
		return (struct match){ 0 };
	*it = domain_name_of(s->arena, host);
	if (list_is_free_mail(it->owner))
		return (struct match){ 0 };
	struct match m = nearest(own, it);
	return m.score > 0 || is_one_of(own, it) ? m : nearest_brand(it);
}

/* What looks like a brand's in a link is said of the link, not of the sender. */
static struct finding *tell(const struct scan *s, struct findings *out, const struct match *m,
			    const struct domain_name *it, double share, bool link)
{
	double score = m->score * share * (sender_is_known(s) ? 0.5 : 1);
	bool of_link = m->brand && link;
	struct finding *f =
	    finding_add(out, likenesses[m->kind].signal[m->brand], of_link ? DISP_SUSPICIOUS : DISP_SPOOF,
			score, likenesses[m->kind].category, likenesses[m->kind].reason[m->brand]);
	if (of_link)
		SET(f, finding, family, (int64_t)FAMILY_URL);

	finding_detail(out, f, "%.*s (%.*s) %s %.*s", STR_ARG(it->host), STR_ARG(it->label),
		       likenesses[m->kind].verb, STR_ARG(m->own->owner));
	return f;
}

static void look_at_senders(const struct scan *s, struct names *own, struct findings *out)
{
	struct match m;
	struct domain_name it;

	for (size_t i = 0; i < s->from_domains.n; i++) {
		m = look_at(s, own, s->from_domains.v[i], &it);
		if (m.score == 0)
			continue;
		struct finding *f = tell(s, out, &m, &it, 1, false);
		finding_where(f, s->from.header.p, "domain", it.host);
		finding_bytes(f, s->from.offset, s->from.length);
	}
	for (size_t i = 0; i < s->mailboxes.n; i++) {
		const struct mailbox *b = &s->mailboxes.v[i];
		if (!str_eq(b->header, STR("Reply-To")) || strs_has(&s->from_domains, b->domain))
			continue;
		m = look_at(s, own, b->domain, &it);
		if (m.score == 0)
			continue;
		struct finding *f = tell(s, out, &m, &it, 0.8, false);
		finding_where(f, "Reply-To", "domain", it.host);
		finding_bytes(f, s->reply_to.offset, s->reply_to.length);
	}
}

static void look_at_links(const struct scan *s, struct names *own, struct findings *out)
{
	struct strs told = { 0 }, seen = { 0 };
	struct domain_name it;

	for (size_t i = 0; i < s->content->links.n && told.n < LINKS_TOLD; i++) {
		const struct mime_link *l = &s->content->links.v[i];
		if (!url_is_web(&l->url) || (l->html && l->html->kind == HTML_LINK_RESOURCE) ||
		    strs_has(&seen, l->url.host))
			continue;
		ARENA_PUSH(s->arena, &seen, l->url.host);
		struct match m = look_at(s, own, domain_fold(s->arena, l->url.host), &it);
		if (m.score == 0 || strs_has(&told, it.owner) || list_is_link_wrapper(it.host))
			continue;
		ARENA_PUSH(s->arena, &told, it.owner);
		struct finding *f = tell(s, out, &m, &it, SHARE_LINK, true);
		finding_where(f, l->field ? "header" : "body", "host of a link", it.host);
		finding_link(f, s, l);
	}
}

static void run(const struct scan *s, struct findings *out)
{
	struct names own = own_names(s);

	look_at_senders(s, &own, out);
	look_at_links(s, &own, out);
	if (own.unfinished)
		finding_add(out, "unfinished", DISP_SUSPICIOUS, 1, CAT_NONE,
			    "The message shows more hosts than can be compared with all of your domains.");
}

const struct detector detect_lookalike_domain = {
	.name = "lookalike_domain",
	.family = FAMILY_SENDER,
	.run = run,
};

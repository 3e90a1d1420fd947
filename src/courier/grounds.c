/* Grounds, one after the other. */
#include "courier/grounds.h"

#include "base/clock.h"
#include "base/domain.h"
#include "courier/shared.h"
#include "detect/additional.h"
#include "detect/age.h"
#include "detect/host_kind.h"
#include "detect/listed.h"
#include "detect/lists.h"
#include "policy/policy.h"
#include "scan/assemble.h"

#define DAY_US (INT64_C(86400) * 1000000)
#define KNOWN_MAILS 3.0  /* from whom there were as many is known, */
#define KNOWN_BAD 0.1    /* unless more than this share of them was bad */
#define SIMILAR_MOST 200 /* of mail with its text, the newest */
#define SIMILAR_MS 2000
#define SIMILAR_WEIGHT 1.0

/* How sentences begin. */
static const char *const laters[REEVALUATION_STEPS] = {
	[REEVALUATION_MINUTES] = "Five minutes later",
	[REEVALUATION_HALF_DAY] = "Twelve hours later",
	[REEVALUATION_DAY] = "A day later",
};

struct looking {
	const struct grounds_tools *tools;
	const struct grounds_account *account;
	struct arena *arena;
	const struct record *record;
	const char *later;
	struct str sender; /* whose the domain of From is; "" = nobody's */
	const struct grounds_policies *policies;
	struct findings found;
};

static const struct detector by_policy = { .name = "policy", .family = FAMILY_POLICY };
static const struct detector by_settings = { .name = ADDITIONAL, .family = FAMILY_POLICY };
static const struct detector by_campaign = { .name = CAMPAIGN, .family = FAMILY_CONTENT };

/* NULL: that was said when it came. */
static struct finding *tell(struct looking *k, const struct detector *by, const char *signal,
			    enum disposition says, double score, enum category category, struct str what)
{
	const struct finding_list *before = &k->record->message->findings;
	struct str name = arena_printf(k->arena, "%s.%s", by->name, signal);

	for (size_t i = 0; i < before->n; i++)
		if (str_eq(before->v[i].name, name))
			return NULL;
	k->found.by = by;
	return finding_add(&k->found, signal, says, score, category,
			   arena_printf(k->arena, "%s, %.*s.", k->later, STR_ARG(what)).p);
}

static bool is_proved(const struct record *r)
{
	const struct message *m = r->message;

	return r->proved_domain.n > 0 || (HAS(m, message, validation) && m->validation->dmarc == AUTH_PASS);
}

static bool is_known(const struct record *r)
{
	for (size_t i = 0; i < r->past.n && is_proved(r); i++) {
		const struct past_fact *f = &r->past.v[i];
		if (str_starts(f->key, STR("from:")))
			return f->seen >= KNOWN_MAILS && f->bad <= f->seen * KNOWN_BAD;
	}
	return false;
}

static bool is_own(const struct looking *k, struct str domain)
{
	for (size_t i = 0; i < k->account->domains.n; i++)
		if (domain_same_owner(k->arena, domain, k->account->domains.v[i]))
			return true;
	return false;
}

/* ---- the account's policies ---- */

/* In whose name findings of spam and the like do not count. */
static struct str accepted(const struct message *m, const struct policy_decision *d)
{
	const struct properties *p = HAS(m, message, properties) ? m->properties : NULL;

	if (d->acceptable.pattern.n > 0)
		return d->acceptable.pattern;
	if (p && (p->allowlisted_pattern_type == ALLOWLIST_MANAGED ||
		  p->allowlisted_pattern_type == ALLOWLIST_OUTBOUND_NDR))
		return p->allowlisted_pattern;
	return STR_NONE;
}

void grounds_policies_of(const struct grounds_account *account, struct arena *a, const struct record *r,
			 struct grounds_policies *out)
{
	const struct message *m = r->message;
	const struct validation *v = HAS(m, message, validation) ? m->validation : NULL;
	struct policy_decision d;
	struct policy_facts facts = {
		.envelope_from = m->envelope_from,
		.header_from = m->from,
		.reply_to = m->replyto,
		.recipients = m->envelope_to,
		.envelope_proved = v && v->spf == AUTH_PASS,
		.header_proved = is_proved(r),
		.host_is_guess = !HAS(r, record, peer),
	};

	facts.any_pass = facts.header_proved || facts.envelope_proved || (v && v->dkim == AUTH_PASS);
	if (ip_parse(m->smtp_helo_server_ip, &facts.client_ip))
		facts.client_ip = (struct ip){ 0 };
	policy_decide(a, account->policy, &facts, &d);
	*out = (struct grounds_policies){
		.blocked = d.blocked,
		.trusted = d.trusted.pattern.n > 0 || d.unfinished,
		.accepted = accepted(m, &d),
	};
}

static void look_at_blocks(struct looking *k)
{
	const struct policy_match *m = &k->policies->blocked;

	if (m->pattern.n == 0)
		return;
	struct finding *f = tell(k, &by_policy, "blocked_sender", DISP_MALICIOUS, 1, CAT_POLICY_BLOCK,
				 STR("the sender is on the block list of this account"));
	if (!f)
		return;
	finding_where(f, "sender", m->field.p, m->value);
	finding_detail(&k->found, f, "%.*s matches the pattern %.*s", STR_ARG(m->value), STR_ARG(m->pattern));
}

/* ---- block lists ---- */

static struct strs link_owners(const struct looking *k)
{
	const struct record *r = k->record;
	struct strs out = { 0 };

	for (size_t i = 0; i < r->link_hosts.n && out.n < GROUNDS_LINKS; i++) {
		struct str host = domain_fold(k->arena, r->link_hosts.v[i]);
		enum host_kind kind = host_kind(host);
		struct str owner = domain_owner(k->arena, host);
		struct ip address;
		if (kind == HOST_MAILER || kind == HOST_SHORTENER || list_is_link_wrapper(host) ||
		    ip_parse(host, &address) == OK || is_own(k, host) || !ask_name_ok(owner) ||
		    str_find_char(owner, '.', 0) == SIZE_MAX || str_eq(owner, k->sender) ||
		    strs_has(&out, owner))
			continue;
		ARENA_PUSH(k->arena, &out, owner);
	}
	return out;
}

static bool sender_counts(const struct looking *k)
{
	return k->sender.n > 0 && ask_name_ok(k->sender) && !is_own(k, k->sender) &&
	       !list_is_free_mail(k->sender);
}

static void tell_listed(struct looking *k, const char *signal, struct str domain, const struct listing *l,
			const char *what)
{
	double score = listing_score(l) * (is_known(k->record) ? 0.5 : 1);
	bool link = str_eq(str_of(signal), STR("link"));
	struct finding *f = tell(
	    k, &detect_listed, signal, l->worst->says, score, l->worst->category,
	    ARENA_JOIN(k->arena, str_of(what), STR(" is on a block list as "), str_of(l->worst->meaning)));

	if (!f)
		return;
	finding_where(f, link ? "body" : "From", link ? "link" : "domain", domain);
	finding_detail(&k->found, f, "%.*s: %.*s", STR_ARG(domain), STR_ARG(l->by));
	if (link)
		SET(f, finding, family, FAMILY_URL);
}

/* The worst of them speaks for all. */
static void look_at_links(struct looking *k, struct asker *asker, const struct strs *owners)
{
	struct listing worst = { 0 };
	struct str at = STR_NONE;

	for (size_t i = 0; i < owners->n; i++) {
		struct listing l = listed_domain(k->arena, k->tools->lists, asker, owners->v[i]);
		if (!l.worst || (worst.worst && l.worst->says < worst.worst->says) ||
		    (worst.worst && l.worst->says == worst.worst->says &&
		     listing_score(&l) <= listing_score(&worst)))
			continue;
		worst = l;
		at = owners->v[i];
	}
	if (worst.worst)
		tell_listed(k, "link", at, &worst, "a domain that a link leads to");
}

static void look_at_lists(struct looking *k)
{
	const struct block_lists *lists = k->tools->lists;
	struct ask_list asks = { 0 };

	if (!lists || lists->n == 0 || !k->tools->ask)
		return;
	struct asker *asker = asker_new(k->arena, k->tools->ask, k->tools->ask_ctx);
	struct strs owners = link_owners(k);
	if (sender_counts(k))
		listed_domain_asks(k->arena, lists, k->sender, &asks);
	for (size_t i = 0; i < owners.n; i++)
		listed_domain_asks(k->arena, lists, owners.v[i], &asks);
	asker_prefetch(asker, asks.v, asks.n);
	if (sender_counts(k)) {
		struct listing l = listed_domain(k->arena, lists, asker, k->sender);
		if (l.worst)
			tell_listed(k, "sender", k->sender, &l, "the sender's domain");
	}
	look_at_links(k, asker, &owners);
}

/* ---- ages ---- */

static void tell_young(struct looking *k, const struct detector *by, const char *signal,
		       enum disposition says, double score, int64_t days)
{
	struct finding *f = tell(k, by, signal, says, score, CAT_DOMAIN_AGE,
				 STR("it is known that the sender's domain was registered lately"));

	if (!f)
		return;
	finding_where(f, "From", "domain", k->sender);
	finding_detail(&k->found, f, "%.*s was registered %lld %s before the message came",
		       STR_ARG(k->sender), (long long)days, days == 1 ? "day" : "days");
}

/* Only where somebody was asked already: registries answer slowly, and by now they did. */
static void look_at_age(struct looking *k)
{
	const struct detection_settings *settings = policy_detection(k->account->policy);
	int64_t created, asked, came = k->record->message->scanned_at;
	struct policy_trusted trusted;

	if (!sender_counts(k) || store_age_get(k->tools->store, k->sender, &created, &asked) || !created ||
	    created > came)
		return;
	policy_trusted_find(policy_trusting_new(k->arena, k->account->policy), k->sender, &trusted);
	if (trusted.recent.n > 0)
		return;
	int64_t days = (came - created) / DAY_US;
	double score = age_score(days) * (is_known(k->record) ? 0.5 : 1);
	if (score > 0)
		tell_young(k, &detect_new_domain, "registered_lately", DISP_SUSPICIOUS, score, days);
	bool malicious = days < settings->malicious_domain_age;
	if (malicious || days < settings->suspicious_domain_age)
		tell_young(k, &by_settings, YOUNG_DOMAIN, malicious ? DISP_MALICIOUS : DISP_SUSPICIOUS, 1,
			   days);
}

/* ---- its like ---- */

/* Who sent mail with the same text that was found bad, and how bad; each once. */
struct others {
	struct looking *k;
	struct strs who;
	struct {
		int *v;
		size_t n;
	} says;
};

/* Of a mailbox that anybody may have only the address tells who writes. */
static struct str writer_of(struct arena *a, struct str from)
{
	struct str domain = domain_fold(a, domain_of_address(from));

	return shared_sender(a, domain) ? arena_lower(a, from) : domain_owner(a, domain);
}

/* Found bad for itself: not by what the account or somebody said, nor by a look such as this one, nor for its files. */
static bool speaks_for_itself(const struct message *m)
{
	double text = 0;

	if (record_last_word(m) || m->final_disposition < DISP_SPAM)
		return false;
	for (size_t i = 0; i < m->findings.n; i++) {
		const struct finding *f = &m->findings.v[i];
		if (HAS(f, finding, suppressed_by))
			continue;
		if (f->family == FAMILY_POLICY || str_eq(f->name, STR(CAMPAIGN_CONFIRMED)))
			return false;
		if (f->family == FAMILY_CONTENT || f->family == FAMILY_URL)
			text += f->score;
	}
	return text >= 0.5;
}

static void take_other(const struct record *r, const struct store_likeness *likeness, void *ctx)
{
	struct others *o = ctx;
	struct arena *a = o->k->arena;
	struct str who = writer_of(a, r->message->from);
	int says = r->message->final_disposition;

	(void)likeness;
	if (!who.n || strs_has(&o->who, who) || !speaks_for_itself(r->message) ||
	    str_eq(who, writer_of(a, o->k->record->message->from)))
		return;
	who = arena_str(a, who);
	ARENA_PUSH(a, &o->who, who);
	/* What the machine thinks of others is no certainty about this one. */
	says = says > DISP_SUSPICIOUS ? DISP_SUSPICIOUS : says;
	ARENA_PUSH(a, &o->says, says);
}

/* What as many of them as are needed are at least. */
static enum disposition agreed(const struct others *o)
{
	static const enum disposition worst_first[] = { DISP_SUSPICIOUS, DISP_SPOOF, DISP_SPAM };

	for (size_t i = 0; i < ARRAY_LEN(worst_first); i++) {
		size_t n = 0;
		for (size_t j = 0; j < o->says.n; j++)
			n += o->says.v[j] >= (int)worst_first[i];
		if (n >= GROUNDS_OTHERS)
			return worst_first[i];
	}
	return DISP_NONE;
}

static enum err look_at_others(struct looking *k)
{
	const struct record *r = k->record;
	struct others o = { .k = k };
	size_t count;
	struct store_similar q = { .account = r->account,
				   .start_us = r->message->scanned_at,
				   .end_us = STORE_NEWEST,
				   .edf_hash = r->message->edf_hash,
				   .simhash = r->simhash,
				   .except = r->key,
				   .limit = SIMILAR_MOST };

	/* Too little text to be told by says nothing of who writes it. */
	if (!q.edf_hash.n || !q.simhash.n || is_known(r))
		return OK;
	enum err e = store_similar(k->tools->store, k->arena, &q, clock_mono_ms() + SIMILAR_MS, take_other,
				   &o, &count);
	enum disposition says = agreed(&o);
	if (e || says == DISP_NONE)
		return e;
	struct finding *f =
	    tell(k, &by_campaign, "seen_since", says, SIMILAR_WEIGHT, CAT_CAMPAIGN_MATCH,
		 STR("the same text had come from several other senders, whose mail was found bad"));
	if (!f)
		return OK;
	finding_where(f, "message", "fingerprint", r->message->edf_hash);
	finding_detail(&k->found, f, "%zu other senders, among them %.*s", o.who.n, STR_ARG(o.who.v[0]));
	return OK;
}

/* ---- all of them ---- */

enum err grounds_find(const struct grounds_tools *tools, const struct grounds_account *account,
		      const struct grounds_policies *policies, struct arena *a, const struct record *r,
		      enum reevaluation_step step, struct finding_list *out)
{
	struct looking k = { .tools = tools,
			     .account = account,
			     .policies = policies,
			     .arena = a,
			     .record = r,
			     .later = laters[step],
			     .sender = domain_owner(a, domain_fold(a, domain_of_address(r->message->from))),
			     .found = { .arena = a } };
	enum err e = OK;

	look_at_blocks(&k);
	if (!policies->trusted) {
		look_at_lists(&k);
		look_at_age(&k);
		e = look_at_others(&k);
	}
	if (policies->accepted.n > 0)
		assemble_suppress(k.found.v, k.found.n, policies->accepted);
	*out = (struct finding_list){ k.found.v, k.found.n };
	return e;
}

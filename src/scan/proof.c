/* Running the checks of auth/ in order, and reading others' results. */
#include "scan/proof.h"

#include "base/domain.h"
#include "base/utf8.h"
#include "scan/claims.h"

#define COMMENT_MAX 1000

static enum auth_result of_spf(enum spf_result r)
{
	switch (r) {
	case SPF_PASS:
		return AUTH_PASS;
	case SPF_NEUTRAL:
		return AUTH_NEUTRAL;
	case SPF_FAIL:
	case SPF_SOFTFAIL:
		return AUTH_FAIL;
	case SPF_TEMPERROR:
	case SPF_PERMERROR:
		return AUTH_ERROR;
	case SPF_NONE:
		break;
	}
	return AUTH_NONE;
}

static enum auth_result of_dkim(enum dkim_result r)
{
	switch (r) {
	case DKIM_PASS:
		return AUTH_PASS;
	case DKIM_NEUTRAL:
		return AUTH_NEUTRAL;
	case DKIM_FAIL:
	case DKIM_POLICY:
		return AUTH_FAIL;
	case DKIM_TEMPERROR:
	case DKIM_PERMERROR:
		return AUTH_ERROR;
	case DKIM_NONE:
		break;
	}
	return AUTH_NONE;
}

static enum auth_result of_dmarc(enum dmarc_result r)
{
	switch (r) {
	case DMARC_PASS:
		return AUTH_PASS;
	case DMARC_FAIL:
		return AUTH_FAIL;
	case DMARC_TEMPERROR:
	case DMARC_PERMERROR:
		return AUTH_ERROR;
	case DMARC_NONE:
		break;
	}
	return AUTH_NONE;
}

/* A file has no peer: the topmost Received field with a public address shows who sent it, and proves nothing. */
static void host_of_file(struct prover *p)
{
	const struct header *h = headers_first(p->headers, STR("Received"));
	struct received r;

	for (; h; h = headers_next(p->headers, h)) {
		if (received_parse(p->arena, h->value, &r) != OK)
			continue;
		struct ip_block one = { r.ip, r.ip.family == 4 ? 32 : 128 };
		if (!ip_block_is_private(&one)) {
			p->host = (struct sending_host){ .ip = r.ip, .helo = r.helo, .is_guess = true };
			return;
		}
	}
}

void proof_begin(struct prover *p)
{
	const struct scan_job *job = p->job;

	if (job->client_ip.family == 0)
		host_of_file(p);
	else
		received_sending_host(p->arena, p->headers, job->lookback_hops, &job->client_ip, job->helo,
				      &p->host);
	p->mail = dkim_mail_new(p->arena, p->asker, job->raw, p->headers);
	/* A copy comes from the provider that made it, so its SMTP peer says nothing of the sender. */
	p->at_the_door = job->has_envelope && (job->delivery_mode == MODE_DIRECT || scan_is_submitted(job));
	p->query = (struct spf_query){ .ip = p->host.is_guess ? (struct ip){ 0 } : p->host.ip,
				       .mail_from = job->mail_from,
				       .helo = p->host.helo,
				       .receiver = job->authserv_id,
				       .now_s = job->received_us / 1000000 };
}

/* Relaxed alignment (RFC 7489 §3.1) with any domain that From names. */
static bool is_aligned(const struct prover *p, struct str domain)
{
	bool aligned = false;

	for (size_t i = 0; i < p->from_domains.n && domain.n > 0 && !aligned; i++)
		aligned = domain_same_owner(p->arena, domain, p->from_domains.v[i]);
	return aligned;
}

/*
 * Keys of other owners' signatures are left for later: a stranger's silent name server must not use up the time in
 * which SPF of From's own domain is asked.
 */
static void ask_keys_of_from(struct prover *p, struct ask_list *list)
{
	struct ask_list keys = { 0 };

	dkim_asks(p->mail, &keys);
	for (size_t i = 0; i < keys.n; i++)
		if (is_aligned(p, keys.v[i].name)) /* selector._domainkey.domain */
			ARENA_PUSH(p->arena, list, keys.v[i]);
}

void proof_asks(struct prover *p, struct ask_list *list)
{
	if (p->at_the_door && p->query.ip.family != 0)
		spf_asks(p->arena, &p->query, list);
	ask_keys_of_from(p, list);
	struct strs identifiers = dkim_claimed(p->mail);
	if (p->at_the_door)
		ARENA_PUSH(p->arena, &identifiers, spf_domain(p->arena, &p->query));
	dmarc_asks(p->arena, &p->from_domains, &identifiers, list);
}

/* Signatures that pass and cover the whole message; a domain that only tries DKIM out proves nothing yet. */
static struct strs signers(struct prover *p)
{
	struct strs out = { 0 };

	for (size_t i = 0; i < p->dkim.n; i++) {
		const struct dkim *d = &p->dkim.v[i];
		if (d->result == DKIM_PASS && !d->partial_body && !d->testing)
			ARENA_PUSH(p->arena, &out, domain_fold(p->arena, d->domain));
	}
	return out;
}

/*
 * From is proved by the envelope's domain or a signer's where they belong to the same owner; and not where DMARC
 * fails, since then its domain asked for more than that (RFC 7489 §3.1, adkim=s and aspf=s).
 */
static void prove_header(struct prover *p, struct proof *out)
{
	out->header_proved |= out->envelope_proved && is_aligned(p, out->spf_domain);
	for (size_t i = 0; i < out->dkim_domains.n; i++)
		out->header_proved |= is_aligned(p, out->dkim_domains.v[i]);
	out->header_proved &= p->one_from && out->dmarc != AUTH_FAIL;
}

/* Silence of DNS is no proof of a forgery, for those whose DNS it is. */
static struct strs unanswered(struct prover *p)
{
	struct strs out = { 0 };

	if (p->at_the_door && p->spf.result == SPF_TEMPERROR)
		ARENA_PUSH(p->arena, &out, domain_fold(p->arena, p->spf.domain));
	for (size_t i = 0; i < p->dkim.n; i++)
		if (p->dkim.v[i].result == DKIM_TEMPERROR)
			ARENA_PUSH(p->arena, &out, domain_fold(p->arena, p->dkim.v[i].domain));
	return out;
}

static void comment_on(struct prover *p, struct proof *out)
{
	struct strs parts = { 0 };
	struct buf b;

	if (p->host.comment.n > 0)
		ARENA_PUSH(p->arena, &parts, p->host.comment);
	if (p->at_the_door && out->spf != AUTH_PASS && out->spf != AUTH_NONE)
		ARENA_PUSH(p->arena, &parts,
			   ARENA_JOIN(p->arena, STR("SPF "), out->spf_text, STR(": "), p->spf.reason));
	const struct dkim *best = dkim_best(&p->dkim);
	if (best && best->result != DKIM_PASS)
		ARENA_PUSH(p->arena, &parts,
			   ARENA_JOIN(p->arena, STR("DKIM "), out->dkim_text, STR(": "), best->reason));
	if (p->arc.result != ARC_NONE)
		ARENA_PUSH(p->arena, &parts,
			   ARENA_JOIN(p->arena, STR("ARC "), enum_text(&arc_result_names, (int)p->arc.result),
				      STR(": "), p->arc.reason));
	buf_init(&b, COMMENT_MAX * 4);
	for (size_t i = 0; i < parts.n; i++) {
		buf_add_c(&b, i ? "; " : "");
		buf_add(&b, parts.v[i]);
	}
	out->comment = utf8_cut(utf8_clean(p->arena, arena_str(p->arena, buf_str(&b))), COMMENT_MAX);
	buf_free(&b);
}

/* Keys that are not known yet, of signatures and seals together. */
static void ask_signers(struct prover *p)
{
	struct ask_list keys = { 0 };

	dkim_asks(p->mail, &keys);
	arc_asks(p->mail, &keys);
	asker_prefetch(p->asker, keys.v, keys.n);
}

/* Our own checks. */
static void check(struct prover *p, struct proof *out)
{
	if (p->at_the_door)
		spf_check(p->arena, p->asker, &p->query, &p->spf);
	ask_signers(p);
	dkim_verify(p->mail, p->query.now_s, &p->dkim);
	dmarc_check(p->arena, p->asker, &p->from_domains, p->at_the_door ? &p->spf : NULL, &p->dkim,
		    &p->dmarc);
	arc_verify(p->mail, p->query.now_s, &p->arc);
	struct str from = p->one_from ? p->from_domains.v[0] : STR_NONE;
	if (claims_vouched(p->arena, &p->arc, &p->job->trusted_authserv_ids, from, &out->vouched_by))
		p->arc.reason = ARENA_JOIN(p->arena, p->arc.reason, STR("; trusted: "), out->vouched_by,
					   STR(" had found the sender proved"));
	const struct dkim *best = dkim_best(&p->dkim);
	enum dkim_result dkim = best ? best->result : DKIM_NONE;
	bool spf_pass = p->spf.result == SPF_PASS && p->at_the_door;

	out->spf = of_spf(p->spf.result);
	out->dkim = of_dkim(dkim);
	out->dmarc = of_dmarc(p->dmarc.result);
	out->spf_text = enum_text(&spf_result_names, (int)p->spf.result);
	out->dkim_text = enum_text(&dkim_result_names, (int)dkim);
	out->dmarc_text = enum_text(&dmarc_result_names, (int)p->dmarc.result);
	out->spf_domain = domain_fold(p->arena, p->spf.domain);
	out->dkim_domains = signers(p);
	out->dmarc_domain = p->dmarc.domain;
	if (p->dmarc.record_domain.n > 0 && p->dmarc.result != DMARC_PERMERROR)
		out->dmarc_policy = enum_text(&dmarc_policy_names, (int)p->dmarc.policy);
	out->envelope_proved = spf_pass && !p->spf.by_helo;
	/* DMARC also passes by a signature that leaves text to be added, or that its domain only tries out. */
	out->header_proved = p->dmarc.result == DMARC_PASS && p->dmarc.spf_domain.n > 0;
	prove_header(p, out);
	out->any_pass = spf_pass || out->dkim_domains.n > 0 || p->dmarc.result == DMARC_PASS;
	out->complete = p->at_the_door;
	out->checked = p->at_the_door || out->any_pass;
	out->unanswered = unanswered(p);
	comment_on(p, out);
}

void proof_run(struct prover *p, struct proof *out)
{
	*out = (struct proof){ 0 };
	struct str from = p->one_from ? p->from_domains.v[0] : STR_NONE;
	p->believed =
	    !p->at_the_door && claims_believe(p->arena, p->headers, &p->job->trusted_authserv_ids, from, out);
	if (p->believed) {
		out->header_proved = out->dmarc == AUTH_PASS;
		prove_header(p, out);
	} else if (asker_is_offline(p->asker)) {
		out->comment = STR("not checked: DNS is not asked");
	} else {
		check(p, out);
	}
	dkim_mail_free(&p->mail);
}

struct str proof_header(const struct prover *p)
{
	struct authres_facts facts = {
		.mail_from = p->job->mail_from,
		.helo = p->host.helo,
		.spf = p->at_the_door ? &p->spf : NULL,
		.dkim = &p->dkim,
		.arc = &p->arc,
		.remote_ip = p->query.ip,
		.dmarc = &p->dmarc,
	};

	return p->believed || asker_is_offline(p->asker) ? STR_NONE : authres_write(p->arena, &facts);
}

struct validation *proof_validation(struct arena *a, const struct proof *p)
{
	struct validation *v = ARENA_NEW(a, struct validation);

	SET(v, validation, spf, (int)p->spf);
	SET(v, validation, dkim, (int)p->dkim);
	SET(v, validation, dmarc, (int)p->dmarc);
	if (p->comment.n > 0)
		SET(v, validation, comment, p->comment);
	return v;
}

struct seals *proof_seals(const struct prover *p)
{
	struct seals *s = ARENA_NEW(p->arena, struct seals);

	if (!p->at_the_door || p->arc.instances == 0)
		return NULL;
	SET(s, seals, sets, (int64_t)p->arc.instances);
	SET(s, seals, hold, p->arc.result == ARC_PASS);
	SET(s, seals, closed, p->arc.closed);
	for (size_t i = 0; i < p->arc.fields.n; i++) {
		const struct header *h = &p->headers->v[p->arc.fields.v[i]];
		struct byte_range range = { 0 };
		SET(&range, byte_range, start, (int64_t)h->start);
		SET(&range, byte_range, length, (int64_t)h->length);
		ARENA_PUSH(p->arena, &s->fields, range);
	}
	SET(s, seals, fields, s->fields);
	return s;
}

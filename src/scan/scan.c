/*
 * The order of the stages, and nothing else: the tree, which ends it for a journal report, and its content; who sent it; what is to be asked first, in one
 * batch; SPF, DKIM, DMARC; the account's policies; detectors unless the sender is trusted or the very mail was released;
 * what a trusted domain and an acceptable sender take away; what people confirmed of its campaign; the verdict.
 */
#include "scan/scan.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "detect/additional.h"
#include "detect/age.h"
#include "detect/call.h"
#include "detect/detect.h"
#include "detect/documents.h"
#include "detect/forward.h"
#include "detect/listed.h"
#include "detect/outside.h"
#include "detect/owners.h"
#include "detect/quote.h"
#include "detect/respell.h"
#include "detect/text.h"
#include "edit/click.h"
#include "mime/encoded_word.h"
#include "policy/policy.h"
#include "report/report.h"
#include "scan/assemble.h"
#include "scan/describe.h"
#include "scan/editing.h"
#include "scan/excuse.h"
#include "scan/explain.h"
#include "scan/fields.h"
#include "scan/fingerprint.h"
#include "scan/identity.h"
#include "scan/journal.h"
#include "scan/learnt.h"
#include "scan/memory.h"
#include "scan/proof.h"
#include "scan/returned.h"
#include "scan/submitted.h"
#include "url/wrap.h"

/* The stages' common table. */
struct work {
	struct scan scan;
	struct prover prover;
	struct policy_decision decision;
	struct policy_content content;
	struct learnt learnt;
	struct excuses excuses;
	struct findings findings;
	struct byte_range_list forged;
	bool hold;                /* not everything forged can be taken out */
	const char *left_wrapped; /* why its mail is not taken out of it; NULL = it is none, or it is */
	int64_t since_ns;         /* when the stage in hand began */
	struct verdict *verdict;
};

static void begin_times(struct work *w)
{
	if (!w->scan.job->times)
		return;
	*w->scan.job->times = (struct scan_times){ 0 };
	w->since_ns = clock_mono_ns();
}

static void end_stage(struct work *w, enum scan_stage stage)
{
	if (!w->scan.job->times)
		return;
	int64_t now = clock_mono_ns();
	w->scan.job->times->stage_ns[stage] = now - w->since_ns;
	w->since_ns = now;
}

static void read_senders(struct scan *s)
{
	const struct headers *headers = mime_headers(s->mail);

	s->reply_to = identity_of(s->arena, headers, STR("Reply-To"));
	s->sender = identity_of(s->arena, headers, STR("Sender"));
	s->envelope = identity_of_envelope(s->arena, s->job->mail_from);
	s->from = identity_of(s->arena, headers, STR("From"));
	s->mailboxes = identity_mailboxes(s->arena, headers);
	s->from_domains = identity_from_domains(s->arena, &s->mailboxes);
	if (s->from.domain.n == 0 && (s->sender.domain.n > 0 || s->from.address.n == 0)) {
		s->from = s->sender.domain.n > 0 ? s->sender : s->envelope;
		if (s->from.domain.n > 0)
			ARENA_PUSH(s->arena, &s->from_domains, s->from.domain);
	}
	for (size_t i = 0; i < s->from_domains.n; i++)
		s->own_domain |= sender_is_own_domain(s, s->from_domains.v[i]);
}

static struct mime_tree *read_tree(struct work *w, struct arena *a)
{
	struct mime_tree *tree = mime_parse(a, w->scan.job->raw);

	w->scan.mail = tree;
	end_stage(w, STAGE_PARSE);
	return tree;
}

/* Who has an answer to his mail has links to our page in it: in his next one they are what they lead to. */
static void undo_clicks(const struct scan *s, struct mime_content *content)
{
	for (size_t i = 0; i < content->links.n; i++) {
		struct mime_link *link = &content->links.v[i];
		struct click click;
		if (click_peek(s->arena, s->job->click_url, link->url.text, &click))
			continue;
		struct url written = url_split(s->arena, click.url);
		(void)url_unwrap_all(s->arena, &written, &link->url);
		link->wrap = URL_REWRITTEN;
	}
}

static void read_mail(struct work *w, struct arena *a, struct mime_tree *tree)
{
	struct scan *s = &w->scan;
	const struct headers *headers = mime_headers(tree);

	struct mime_content *content = content_extract(a, tree);
	undo_clicks(s, content);
	s->content = content;
	s->subject = encoded_word_decode_in(a, headers_value(a, headers, STR("Subject")), headers->charset);
	const struct str parts[] = { s->content->plain, s->content->html_text, s->content->elsewhere };
	struct str subject = respell(a, text_fold(a, &s->subject, 1)),
		   body = respell(a, text_fold(a, parts, ARRAY_LEN(parts)));
	s->words = ARENA_JOIN(a, str_sub(subject, 0, subject.n - 1), body);
	s->body_words = str_sub(s->words, subject.n - 1, s->words.n);
	struct text_index *index = ARENA_NEW(a, struct text_index);
	text_index_make(index, s->words);
	s->index = index;
	s->hidden_words = respell(a, text_fold(a, &s->content->hidden, 1));
	s->owners = owners_new(a);
	read_senders(s);
	s->returned = returned_find(a, tree);
}

/*
 * DNS and history in one batch, since waiting for answers is what a scan costs in real life; but for the keys of
 * strangers, which are left to proof_run().
 */
static void ask_everything(struct work *w)
{
	struct ask_list asks = { 0 };
	const struct ask virus = { ASK_VIRUS, 0, STR(ASK_VIRUS_NAME) };

	proof_asks(&w->prover, &asks);
	memory_asks(&w->scan, &asks);
	listed_asks(&w->scan, &asks);
	age_asks(&w->scan, &asks);
	if (w->scan.job->outside && w->scan.job->outside->virus && !w->scan.job->released)
		ARENA_PUSH(w->scan.arena, &asks, virus);
	asker_prefetch(w->scan.asker, asks.v, asks.n);
}

static void authenticate(struct work *w)
{
	proof_run(&w->prover, &w->scan.proof);
	w->verdict->authentication = proof_header(&w->prover);
	if (w->verdict->authentication.n > 0)
		SET(w->verdict, verdict, authentication, w->verdict->authentication);
	memory_read(&w->scan);
}

/* What From and Reply-To show besides the mailboxes that count as theirs. */
static void tell_others(const struct scan *s, struct policy_facts *facts)
{
	for (size_t i = 0; i < s->mailboxes.n; i++) {
		const struct mailbox *m = &s->mailboxes.v[i];
		bool from = str_eq(m->header, STR("From"));
		struct policy_mailbox other = { from ? "from" : "reply_to", m->address };
		if (!str_eq(m->address, from ? s->from.address : s->reply_to.address))
			ARENA_PUSH(s->arena, &facts->others, other);
	}
}

/*
 * Blocked content is looked for in what a reader sees of the mail itself: the texts, also those that only some programs show.
 * Files are not the sender's words (a contract names many things), and have detectors of their own.
 */
static void look_for_content(struct work *w)
{
	const struct scan *s = &w->scan;
	struct str texts[] = { s->content->plain, s->content->html_text, s->content->elsewhere };
	const struct strs bodies = { texts, ARRAY_LEN(texts) };
	const struct headers *headers = mime_headers(s->mail);
	struct strs subjects = { 0 };

	/* Of several some programs show the first, others the last. */
	for (const struct header *h = headers_first(headers, STR("Subject")); h; h = headers_next(headers, h))
		ARENA_PUSH(
		    s->arena, &subjects,
		    encoded_word_decode_in(s->arena, header_unfold(s->arena, h->value), headers->charset));
	policy_content_find(s->arena, s->policy, &subjects, &bodies, &w->content);
}

static void obey_policies(struct work *w)
{
	const struct scan *s = &w->scan;
	/* A copy's own MAIL FROM is not the one another host's results speak of. */
	bool same_envelope = str_eq(s->proof.spf_domain, s->envelope.domain);
	struct policy_facts facts = {
		.envelope_from = s->envelope.address,
		.header_from = s->from.address,
		.reply_to = s->reply_to.address,
		.server_name = w->prover.host.helo,
		.client_ip = w->prover.host.ip,
		.host_is_guess = w->prover.host.is_guess,
		.recipients = s->job->recipients,
		.envelope_proved = s->proof.checked && s->proof.envelope_proved && same_envelope,
		.header_proved = s->proof.checked && s->proof.header_proved,
		.any_pass = s->proof.checked && s->proof.any_pass,
	};

	if (s->job->released)
		return;
	tell_others(s, &facts);
	policy_decide(s->arena, s->policy, &facts, &w->decision);
	look_for_content(w);
}

static bool is_blocked(const struct work *w)
{
	return w->decision.blocked.pattern.n > 0 || w->content.pattern.n > 0;
}

/* Who knows whether it has what is blocked. */
static bool may_be_blocked(const struct work *w)
{
	return w->content.pattern.n == 0 && w->content.unfinished > 0;
}

static bool bypassed(const struct work *w)
{
	const struct policy_decision *d = &w->decision;

	if (w->scan.job->released)
		return true;
	return d->trusted.pattern.n > 0 && !is_blocked(w) && !d->unfinished && !may_be_blocked(w) && !w->hold;
}

/* More forged headers than can be taken out: downstream could be told anything, so this goes to nobody. */
static void look_for_forgery(struct work *w)
{
	static const struct detector by_fields = { .name = "forged_headers", .family = FAMILY_HEADER };
	size_t more;

	w->forged = fields_forged(w->scan.arena, w->scan.job, mime_headers(w->scan.mail), &more);
	w->findings.by = &by_fields;
	w->hold = more > 0;
	if (w->hold)
		finding_add(&w->findings, NULL, DISP_MALICIOUS, 1, CAT_NONE,
			    "The message brings thousands of header fields in the name of this gateway.");
}

static void tell_left_wrapped(struct work *w)
{
	static const struct detector by_report = { .name = "journal_report", .family = FAMILY_HEADER };

	w->findings.by = &by_report;
	if (w->left_wrapped)
		finding_add(&w->findings, NULL, DISP_NONE, 0, CAT_NONE, w->left_wrapped);
}

#define MATCH_SHOWN 100 /* bytes of the text that a content policy was found in, up to the end of the match */
#define NAME_SHOWN 200  /* of the policy's name */

/* The last words of a text, whole ones. */
static struct str last_words(struct str text)
{
	size_t from = text.n > MATCH_SHOWN ? text.n - MATCH_SHOWN : 0;
	size_t space = from > 0 ? str_find_char(text, ' ', from) : SIZE_MAX;

	if (space != SIZE_MAX && space + 1 < text.n)
		return str_sub(text, space + 1, text.n);
	while (from > 0 && from < text.n && ((unsigned char)text.p[from] & 0xc0) == 0x80)
		from++;
	return str_sub(text, from, text.n);
}

static void tell_content(struct work *w)
{
	const struct policy_content *c = &w->content;
	bool in_subject = c->target == TARGET_SUBJECT;

	if (may_be_blocked(w))
		finding_add(&w->findings, "unfinished_content", DISP_SUSPICIOUS, 1, CAT_NONE,
			    "The text takes too long to compare with the content policies.");
	if (c->pattern.n == 0)
		return;
	struct str name = utf8_cut(c->name, NAME_SHOWN);
	struct str reason = arena_printf(w->scan.arena, "The %s has what the content policy \"%.*s\" blocks.",
					 in_subject ? "subject" : "text", STR_ARG(name));
	struct finding *f =
	    finding_add(&w->findings, "blocked_content", DISP_MALICIOUS, 1, CAT_POLICY_BLOCK, reason.p);
	finding_where(f, in_subject ? "Subject" : "body", "text", last_words(c->seen));
	finding_detail(&w->findings, f, "matches the pattern %.*s", STR_ARG(c->pattern));
}

/* Whoever made the policy will ask why it did nothing. */
static void tell_unproved(struct work *w, const struct policy_match *m)
{
	struct finding *f = finding_add(
	    &w->findings, "unproved_sender", DISP_NONE, 0, CAT_NONE,
	    "An allow policy names the sender, and does not count because the sender is not proved.");
	finding_where(f, "sender", m->field.p, m->value);
	finding_detail(&w->findings, f, "%.*s matches the pattern %.*s", STR_ARG(m->value),
		       STR_ARG(m->pattern));
}

static void detect(struct work *w)
{
	static const struct detector by_policy = { .name = "policy", .family = FAMILY_POLICY };
	const struct policy_match *m = &w->decision.blocked;

	w->findings.by = &by_policy;
	tell_content(w);
	if (m->pattern.n > 0) {
		struct finding *f =
		    finding_add(&w->findings, "blocked_sender", DISP_MALICIOUS, 1, CAT_POLICY_BLOCK,
				"The sender is on the block list of this account.");
		finding_where(f, "sender", m->field.p, m->value);
		finding_detail(&w->findings, f, "%.*s matches the pattern %.*s", STR_ARG(m->value),
			       STR_ARG(m->pattern));
	}
	if (w->decision.unproved.pattern.n > 0 && w->decision.trusted.pattern.n == 0 &&
	    w->decision.acceptable.pattern.n == 0)
		tell_unproved(w, &w->decision.unproved);
	if (w->decision.unfinished)
		finding_add(&w->findings, "unfinished", DISP_SUSPICIOUS, 1, CAT_NONE,
			    "The message names senders that take too long to compare with the policies.");
	if (!bypassed(w)) {
		w->scan.forwards = forwards_of(&w->scan);
		w->scan.calls = calls_of(&w->scan);
		w->scan.documents = documents_of(&w->scan);
		detect_run(&w->scan, &w->findings);
		quote_weigh(&w->scan, &w->findings);
		additional_run(&w->scan, &w->findings);
	}
	excuse_domains(&w->scan, &w->findings, &w->excuses);
	w->findings.by = &by_policy;
	if (w->decision.gave_up + w->findings.gave_up > 0)
		finding_add(&w->findings, "gave_up", DISP_NONE, 0, CAT_NONE,
			    "A policy's expression took too long to compare and was passed over.");
	excuse_sender(&w->scan, &w->decision, !bypassed(w), &w->findings, &w->excuses);
}

static enum disposition verdict_of(const struct work *w)
{
	return assemble_decide(w->findings.v, w->findings.n, policy_detection(w->scan.policy));
}

/* Policies of the account go before it: what is trusted does not come here, and an acceptable sender takes this, too. */
static void correct(struct work *w)
{
	w->learnt = learnt_apply(&w->scan, !bypassed(w), !w->hold, &w->findings);
	if (w->learnt.by && w->decision.acceptable.pattern.n > 0)
		assemble_suppress(w->findings.v, w->findings.n, w->decision.acceptable.pattern);
}

static struct properties *properties_of(const struct work *w)
{
	const struct policy_decision *d = &w->decision;
	struct properties *p = ARENA_NEW(w->scan.arena, struct properties);

	excuse_tell(&w->excuses, d, p);
	SET(p, properties, blocklisted_message, is_blocked(w));
	if (is_blocked(w))
		SET(p, properties, blocklisted_pattern,
		    d->blocked.pattern.n > 0 ? d->blocked.pattern : w->content.pattern);
	return p;
}

static bool found_category(const struct work *w, enum category c)
{
	for (size_t i = 0; i < w->findings.n; i++)
		if (w->findings.v[i].category == (int64_t)c &&
		    !HAS(&w->findings.v[i], finding, suppressed_by))
			return true;
	return false;
}

static bool found_by(const struct work *w, const struct detector *d)
{
	for (size_t i = 0; i < w->findings.n; i++)
		if (finding_is_by(&w->findings.v[i], d) && !HAS(&w->findings.v[i], finding, suppressed_by))
			return true;
	return false;
}

/* Values of our Attribute headers. */
static struct strs attributes_of(const struct work *w, enum disposition final)
{
	struct strs out = { 0 };
	struct arena *a = w->scan.arena;

	if (is_blocked(w))
		ARENA_PUSH(a, &out, STR("CUSTOM_BLOCK_LIST"));
	if (found_category(w, CAT_EXECUTABLE_ATTACHMENT))
		ARENA_PUSH(a, &out, STR("EXECUTABLE"));
	if (w->scan.content->encrypted || found_category(w, CAT_ENCRYPTED_ATTACHMENT))
		ARENA_PUSH(a, &out, STR("ENCRYPTED"));
	bool in_a_name = found_category(w, CAT_BEC) || found_by(w, &detect_name_impersonation);
	if (final == DISP_BEC || (final == DISP_SPOOF && in_a_name))
		ARENA_PUSH(a, &out, STR("BEC"));
	return out;
}

static void tell_message(struct work *w, enum disposition final)
{
	const struct scan *s = &w->scan;
	struct message *m = ARENA_NEW(s->arena, struct message);
	struct detections *d = ARENA_NEW(s->arena, struct detections);
	struct finding_list kept = { w->findings.v, w->findings.n };
	struct strs reasons = { 0 }, names = { 0 };

	describe_message(s, &w->prover.host, m);
	describe_detections(s, &w->prover.host, &w->findings, d);
	if (final != DISP_NONE) {
		reasons = assemble_reasons(s->arena, kept.v, kept.n);
		d->threat_categories = assemble_categories(s->arena, kept.v, kept.n);
	}
	for (size_t i = 0; i < d->threat_categories.n; i++)
		ARENA_PUSH(s->arena, &names, d->threat_categories.v[i].name);
	SET(m, message, final_disposition, (int) final);
	SET(m, message, findings, kept);
	SET(m, message, detection_reasons, reasons);
	SET(m, message, threat_categories, names);
	SET(m, message, properties, properties_of(w));
	SET(m, message, validation, proof_validation(s->arena, &s->proof));
	SET(m, message, edf_hash, w->learnt.edf_hash);
	struct str structure = fingerprint_structure(s);
	if (structure.n > 0)
		SET(m, message, htmltext_structure_hash, structure);
	SET(d, detections, action, STR(""));
	SET(d, detections, final_disposition, (int) final);
	SET(d, detections, findings, kept);
	SET(d, detections, threat_categories, d->threat_categories);
	SET(d, detections, validation, m->validation);
	struct explanation *settings = explain_settings(s->arena, policy_detection(s->policy));
	if (settings->has)
		SET(d, detections, explanation, settings);
	SET(w->verdict, verdict, message, m);
	SET(w->verdict, verdict, detections, d);
}

static void tell_edits(struct work *w, enum disposition final)
{
	const struct message *m = w->verdict->message;
	struct editing e = { .final = final,
			     .findings = &w->findings,
			     .reasons = m->detection_reasons,
			     .threats = m->threat_categories,
			     .encrypted = found_category(w, CAT_ENCRYPTED_ATTACHMENT),
			     .trusted = bypassed(w) };

	editing_tell(&w->scan, &e, w->verdict);
}

static void tell_intake(struct work *w, const struct policy *policy, enum disposition final)
{
	const struct scan *s = &w->scan;
	const struct headers *headers = mime_headers(s->mail);
	struct report report = report_find(s->arena, s->mail);
	struct exemption_list exempt = { 0 };
	struct verdict *v = w->verdict;

	for (size_t i = 0; i < w->decision.exempt.n; i++) {
		struct exemption e = { 0 };
		SET(&e, exemption, recipient, (int64_t)w->decision.exempt.v[i].recipient);
		SET(&e, exemption, pattern, w->decision.exempt.v[i].pattern);
		ARENA_PUSH(s->arena, &exempt, e);
	}
	SET(v, verdict, exempt, exempt);
	SET(v, verdict, attributes, attributes_of(w, final));
	SET(v, verdict, strip, w->forged);
	struct seals *seals = proof_seals(&w->prover);
	if (seals)
		SET(v, verdict, seals, seals);
	SET(v, verdict, content_sha256, fields_content_sha256(s->arena, s->job, headers));
	SET(v, verdict, link_hosts, describe_link_hosts(s));
	SET(v, verdict, from_domains, describe_from_domains(s));
	if (w->learnt.simhash.n > 0)
		SET(v, verdict, simhash, w->learnt.simhash);
	if (w->learnt.proved.n > 0)
		SET(v, verdict, proved_domain, w->learnt.proved);
	/* Whoever has a mail that was released can send it again as often as he likes: that makes him no acquaintance. */
	if (!s->job->released)
		SET(v, verdict, history, memory_keys(s));
	SET(v, verdict, defects, (int64_t)s->mail->defects.bits);
	if (report.kind != REPORT_NONE)
		SET(v, verdict, report, enum_text(&report_kind_names, (int)report.kind));
	if (scan_is_submitted(s->job))
		SET(v, verdict, submitted, submitted_find(s, &report));
	SET(v, verdict, policy_rev, policy_rev(policy));
	SET(v, verdict, hold, w->hold);
	if (w->learnt.by) {
		SET(v, verdict, correction, w->learnt.by->id.num);
		SET(v, verdict, uncorrected, (int)w->learnt.without);
	}
	/* For the null sender SPF proves the name of the host, which is nobody's in particular. */
	SET(v, verdict, authenticated,
	    s->proof.checked &&
		(s->proof.header_proved || (s->proof.envelope_proved && s->job->mail_from.n > 0)));
}

/* True: it is a journal report, and what is to be judged is the mail in it, which is told, and nothing else. */
static bool unwrap(struct work *w, const struct mime_tree *tree)
{
	struct arena *a = w->scan.arena;
	struct journaled *journaled = journal_find(a, tree, &w->left_wrapped);

	if (!journaled)
		return false;
	SET(w->verdict, verdict, journaled, journaled);
	if (w->left_wrapped)
		return false;
	struct message *m = ARENA_NEW(a, struct message);
	struct detections *d = ARENA_NEW(a, struct detections);
	SET(m, message, final_disposition, DISP_NONE);
	SET(d, detections, final_disposition, DISP_NONE);
	SET(d, detections, sender_info, ARENA_NEW(a, struct sender_info));
	SET(d, detections, validation, ARENA_NEW(a, struct validation));
	SET(w->verdict, verdict, message, m);
	SET(w->verdict, verdict, detections, d);
	return true;
}

void scan_text(struct arena *a, const struct scan_job *job, struct scan_text *out)
{
	struct verdict nobody_asks;
	struct work w = { .scan = { .arena = a, .job = job }, .verdict = &nobody_asks };

	read_mail(&w, a, read_tree(&w, a));
	*out = text_to_weigh(&w.scan);
}

void scan_run(struct arena *a, const struct scan_job *job, const struct policy *policy, struct asker *asker,
	      struct verdict *verdict_out)
{
	struct work w = { .scan = { .arena = a, .job = job, .policy = policy, .asker = asker },
			  .verdict = verdict_out };
	struct mime_tree *tree;

	*verdict_out = (struct verdict){ 0 };
	w.findings.arena = a;
	begin_times(&w);
	tree = read_tree(&w, a);
	if (job->wrapped && unwrap(&w, tree))
		return;
	read_mail(&w, a, tree);
	w.scan.text_mark = fingerprint_text(&w.scan);
	end_stage(&w, STAGE_TEXT);
	w.prover = (struct prover){
		.arena = a,
		.asker = asker,
		.job = job,
		.headers = mime_headers(w.scan.mail),
		.from_domains = w.scan.from_domains,
		.one_from = w.scan.from_domains.n == 1 && !defect_has(&w.scan.mail->defects, DEFECT_DUP_FROM),
	};
	proof_begin(&w.prover);
	w.scan.host = &w.prover.host;
	ask_everything(&w);
	authenticate(&w);
	end_stage(&w, STAGE_SENDER);
	obey_policies(&w);
	look_for_forgery(&w);
	tell_left_wrapped(&w);
	end_stage(&w, STAGE_POLICIES);
	detect(&w);
	end_stage(&w, STAGE_DETECTORS);
	correct(&w);
	assemble_sort(w.findings.v, w.findings.n);
	enum disposition final = bypassed(&w) ? DISP_NONE : verdict_of(&w);
	tell_message(&w, final);
	tell_intake(&w, policy, final);
	tell_edits(&w, final);
	end_stage(&w, STAGE_ASSEMBLE);
}

/* Judging the judge. */
#include "broker/check.h"

#include "base/abnf.h"
#include "base/limits.h"
#include "scan/fields.h"

/* One line of text for a header: no control characters but HTAB, and folds (CRLF, then white space). */
static bool is_header_text(struct str s, bool may_fold)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (may_fold && c == '\r' && i + 2 < s.n && s.p[i + 1] == '\n' &&
		    abnf_is_wsp((unsigned char)s.p[i + 2])) {
			i += 2;
			continue;
		}
		if ((c < 32 && c != '\t') || c == 127)
			return false;
	}
	return true;
}

static bool is_hex(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!abnf_is_hexdig((unsigned char)s.p[i]))
			return false;
	return true;
}

/* The header section with its last line end: up to the first empty line, whichever line ends are used. */
static struct str header_section(struct str raw)
{
	size_t at = 0;

	while (at < raw.n) {
		size_t nl = str_find_char(raw, '\n', at);
		if (nl == SIZE_MAX)
			return raw;
		if (nl == at || (nl == at + 1 && raw.p[at] == '\r'))
			return str_sub(raw, 0, at);
		at = nl + 1;
	}
	return raw;
}

/* Exactly one field: begins and ends where a field does, and no other one inside. */
static bool is_one_field(struct str section, struct str field, size_t start)
{
	size_t end = start + field.n;

	if (start > 0 && section.p[start - 1] != '\n')
		return false;
	if (section.p[end - 1] != '\n' && end != section.n)
		return false;
	if (end < section.n && abnf_is_wsp((unsigned char)section.p[end]))
		return false;
	for (size_t at = 0; (at = str_find_char(field, '\n', at)) != SIZE_MAX && at + 1 < field.n; at++)
		if (!abnf_is_wsp((unsigned char)field.p[at + 1]))
			return false;
	return true;
}

static bool is_within(const struct byte_range *r, struct str section)
{
	return r->length >= 1 && r->start >= 0 && (uint64_t)r->start < section.n &&
	       (uint64_t)r->length <= section.n - (uint64_t)r->start;
}

static struct str range_of(struct str section, const struct byte_range *r)
{
	return str_sub(section, (size_t)r->start, (size_t)r->start + (size_t)r->length);
}

static enum err check_strip(const struct verdict *v, const struct scan_job *job, struct str raw,
			    struct errbuf *eb)
{
	struct str section = v->strip.n ? header_section(raw) : STR_NONE;
	size_t free_from = 0;

	for (size_t i = 0; i < v->strip.n; i++) {
		const struct byte_range *r = &v->strip.v[i];
		if (!is_within(r, section) || (uint64_t)r->start < free_from)
			return err_set(eb, ERR_DENIED, "strip range %zu lies outside the header or overlaps",
				       i);
		struct str field = range_of(section, r);
		if (!is_one_field(section, field, (size_t)r->start) ||
		    !fields_claims(field, job->header_prefix, NULL))
			return err_set(eb, ERR_DENIED, "strip range %zu is not a field of ours", i);
		free_from = (size_t)r->start + field.n;
	}
	return OK;
}

static bool is_named(struct str field, struct str name)
{
	return str_starts_nocase(field, name) && name.n < field.n && strchr(" \t:", field.p[name.n]);
}

/* The fields of a chain that holds, in the order in which a seal is made over them. */
static enum err check_seals(const struct seals *s, struct str raw, struct errbuf *eb)
{
	static const struct str names[] = { STR_INIT("ARC-Authentication-Results"),
					    STR_INIT("ARC-Message-Signature"), STR_INIT("ARC-Seal") };

	if (!s)
		return OK;
	if (s->fields.n != (s->hold ? ARRAY_LEN(names) * (size_t)s->sets : 0))
		return err_set(eb, ERR_DENIED, "the seals have more or fewer fields than they must");
	struct str section = s->fields.n ? header_section(raw) : STR_NONE;
	for (size_t i = 0; i < s->fields.n; i++) {
		const struct byte_range *r = &s->fields.v[i];
		if (!is_within(r, section) ||
		    !is_one_field(section, range_of(section, r), (size_t)r->start) ||
		    !is_named(range_of(section, r), names[i % ARRAY_LEN(names)]))
			return err_set(eb, ERR_DENIED, "seal field %zu is not what it must be", i);
	}
	return OK;
}

/* Behind a domain that stands there, whatever blanks lie in it (RFC 5322 §4.4), or that a comment hides; SIZE_MAX: none does. */
static size_t domain_end(struct str field, size_t at, struct str domain)
{
	for (size_t i = 0; i < domain.n; at++) {
		if (at == field.n)
			return SIZE_MAX;
		if (field.p[at] == '(')
			return field.n;
		if (field.p[at] == '\r' || field.p[at] == '\n' || abnf_is_wsp((unsigned char)field.p[at]))
			continue;
		if (ascii_lower(field.p[at]) != ascii_lower(domain.p[i++]))
			return SIZE_MAX;
	}
	return at;
}

/*
 * Whether a field has an address of that domain. One that may be written in other letters, in an encoded word or with comments
 * cannot be told from it here.
 */
static bool has_address_of(struct str field, struct str domain)
{
	if (!str_is_ascii(field) || str_find_char(field, '@', 0) == SIZE_MAX)
		return true;
	for (size_t at = 0; (at = str_find_char(field, '@', at)) != SIZE_MAX; at++) {
		size_t end = domain_end(field, at + 1, domain);
		if (end == SIZE_MAX)
			continue;
		end += end < field.n && field.p[end] == '.'; /* of the root */
		if (end == field.n || !abnf_is_ldh((unsigned char)field.p[end]))
			return true;
	}
	return false;
}

/*
 * What is changed may be signed in the name of who is said to be proved: that is who the mail says that it is from, and
 * nobody else. That he is proved we have to take on trust.
 */
static enum err check_proved(const struct verdict *v, struct str raw, struct errbuf *eb)
{
	struct str section = v->edits.n && v->proved_domain.n ? header_section(raw) : STR_NONE;
	size_t begin = 0;

	if (section.n == 0)
		return OK;
	while (begin < section.n) {
		size_t end = begin;
		do
			end = str_find_char(section, '\n', end) + 1;
		while (end != 0 && end < section.n && abnf_is_wsp((unsigned char)section.p[end]));
		end = end ? end : section.n;
		struct str field = str_sub(section, begin, end);
		if (is_named(field, STR("From")) && has_address_of(field, v->proved_domain))
			return OK;
		begin = end;
	}
	return err_set(eb, ERR_DENIED, "the domain that is said to be proved is not that of From");
}

/* In order, inside, and nothing that is left out twice; whatever stands there is still the mail of its sender. */
static enum err check_edits(const struct verdict *v, const struct scan_job *job, struct str raw,
			    struct errbuf *eb)
{
	uint64_t free_from = 0;
	size_t bytes = 0, s = 0;

	if (v->edits.n && (job->edits_for.n == 0 || job->released))
		return err_set(eb, ERR_DENIED, "edits were not asked for");
	for (size_t i = 0; i < v->edits.n; i++) {
		const struct edit *x = &v->edits.v[i];
		if (x->start < 0 || x->length < 0 || (uint64_t)x->start < free_from ||
		    (uint64_t)x->start > raw.n || (uint64_t)x->length > raw.n - (uint64_t)x->start)
			return err_set(eb, ERR_DENIED, "edit %zu lies outside the message or overlaps", i);
		free_from = (uint64_t)(x->start + x->length);
		while (s < v->strip.n && v->strip.v[s].start + v->strip.v[s].length <= x->start)
			s++;
		if (s < v->strip.n && (uint64_t)v->strip.v[s].start < free_from)
			return err_set(eb, ERR_DENIED, "edit %zu overlaps a strip range", i);
		bytes += x->text.n;
		if (bytes > LIMIT_EDIT_BYTES)
			return err_set(eb, ERR_DENIED, "the edits are too long");
	}
	return OK;
}

static enum err check_exempt(const struct verdict *v, const struct scan_job *job, struct errbuf *eb)
{
	bool seen[LIMIT_SMTP_RECIPIENTS] = { false };

	for (size_t i = 0; i < v->exempt.n; i++) {
		int64_t who = v->exempt.v[i].recipient;
		if (who < 0 || (uint64_t)who >= job->recipients.n || who >= LIMIT_SMTP_RECIPIENTS ||
		    seen[who])
			return err_set(eb, ERR_DENIED, "exemption %zu names no recipient, or one twice", i);
		seen[who] = true;
	}
	return OK;
}

static enum err check_findings(struct finding_list findings, struct str raw, struct errbuf *eb)
{
	for (size_t i = 0; i < findings.n; i++) {
		const struct finding *f = &findings.v[i];
		if (HAS(f, finding, score) && !(f->score >= 0 && f->score <= 1))
			return err_set(eb, ERR_DENIED, "finding %zu has a score outside 0..1", i);
		if (f->offset < 0 || f->length < 0 || (uint64_t)f->offset > raw.n ||
		    (uint64_t)f->length > raw.n - (uint64_t)f->offset)
			return err_set(eb, ERR_DENIED, "finding %zu shows bytes outside the message", i);
	}
	return OK;
}

static bool is_inside(const struct attached_mail *m, struct str raw)
{
	return m->start >= 0 && m->length >= 0 && (uint64_t)m->start <= raw.n &&
	       (uint64_t)m->length <= raw.n - (uint64_t)m->start;
}

static enum err check_submitted(const struct submitted *s, struct str raw, struct errbuf *eb)
{
	for (size_t i = 0; s && i < s->mails.n; i++)
		if (!is_inside(&s->mails.v[i], raw))
			return err_set(eb, ERR_DENIED, "attached mail %zu lies outside the message", i);
	return OK;
}

static enum err check_journaled(const struct journaled *j, const struct scan_job *job, struct str raw,
				struct errbuf *eb)
{
	if (!j)
		return OK;
	if (!job->wrapped)
		return err_set(eb, ERR_DENIED, "a journal report was not asked for");
	if (j->mail && (!is_inside(j->mail, raw) || j->mail->encoding == ATTACHED_UNREADABLE))
		return err_set(eb, ERR_DENIED, "the journaled mail lies outside the message");
	if (!is_header_text(j->sender, false))
		return err_set(eb, ERR_DENIED, "the journaled sender is no address");
	for (size_t i = 0; i < j->recipients.n; i++)
		if (j->recipients.v[i].n > LIMIT_ADDRESS || !is_header_text(j->recipients.v[i], false))
			return err_set(eb, ERR_DENIED, "journaled recipient %zu is no address", i);
	return OK;
}

enum err check_verdict(const struct verdict *v, const struct scan_job *job, struct str raw, struct errbuf *eb)
{
	enum err e;

	if (!HAS(v, verdict, message) || !HAS(v, verdict, detections))
		return err_set(eb, ERR_DENIED, "message or detections are missing");
	if (!HAS(v->message, message, final_disposition))
		return err_set(eb, ERR_DENIED, "the final disposition is missing");
	if ((e = check_exempt(v, job, eb)) != OK || (e = check_strip(v, job, raw, eb)) != OK ||
	    (e = check_edits(v, job, raw, eb)) != OK || (e = check_proved(v, raw, eb)) != OK ||
	    (e = check_seals(v->seals, raw, eb)) != OK ||
	    (e = check_findings(v->message->findings, raw, eb)) != OK ||
	    (e = check_findings(v->detections->findings, raw, eb)) != OK ||
	    (e = check_submitted(v->submitted, raw, eb)) != OK ||
	    (e = check_journaled(v->journaled, job, raw, eb)) != OK)
		return e;
	for (size_t i = 0; i < v->attributes.n; i++)
		if (!is_header_text(v->attributes.v[i], false) || v->attributes.v[i].n > 900)
			return err_set(eb, ERR_DENIED, "attribute %zu does not fit a header line", i);
	if (!is_header_text(v->authentication, true) ||
	    (v->authentication.n && v->authentication.p[0] != ';')) /* else it would go on with our name */
		return err_set(eb, ERR_DENIED, "the authentication results break out of their header");
	if (v->content_sha256.n && (v->content_sha256.n != 64 || !is_hex(v->content_sha256)))
		return err_set(eb, ERR_DENIED, "content_sha256 is not a digest");
	for (size_t i = 0; i < v->history.n; i++) {
		struct str key = v->history.v[i];
		if (key.n > 300 || str_find_char(key, ':', 0) == SIZE_MAX || !is_header_text(key, false))
			return err_set(eb, ERR_DENIED, "history key %zu is not of the form kind:value", i);
	}
	return OK;
}

/* As if it had not been said. */
#define DISOWN(obj, type, name) (CLEAR(obj, type, name), (void)memset(&(obj)->name, 0, sizeof((obj)->name)))

void check_disown(struct verdict *v)
{
	struct message *m = v->message;

	/* the ids and times */
	DISOWN(m, message, id);
	DISOWN(m, message, postfix_id);
	DISOWN(m, message, alert_id);
	DISOWN(m, message, scanned_at);
	DISOWN(m, message, postfix_id_outbound);
	/* how it came, and for whom */
	DISOWN(m, message, envelope_from);
	DISOWN(m, message, envelope_to);
	DISOWN(m, message, client_recipients);
	DISOWN(m, message, delivery_mode);
	DISOWN(m, message, is_phish_submission);
	/* what became of it */
	DISOWN(m, message, delivery_status);
	DISOWN(m, message, post_delivery_operations);
	DISOWN(m, message, action_log);
	DISOWN(m, message, is_quarantined);
	DISOWN(v->detections, detections, action);
}

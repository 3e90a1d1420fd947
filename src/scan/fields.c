/* Header fields as byte ranges. */
#include "scan/fields.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"

#define ID_WITHIN 1000 /* bytes: no server writes more before its name (RFC 5322 §2.1.1) */

struct field_bytes {
	struct str name;  /* without white space before the colon; "" = the line has no colon */
	struct str bytes; /* all of it, line ends and folded lines included */
	size_t start;
};

static size_t line_end(struct str raw, size_t at, size_t end)
{
	size_t lf = str_find_char(str_sub(raw, 0, end), '\n', at);

	return lf == SIZE_MAX ? end : lf + 1;
}

/* The field at *at, which moves behind it. */
static bool next_field(struct str raw, size_t *at, size_t end, struct field_bytes *out)
{
	if (*at >= end)
		return false;
	size_t to = line_end(raw, *at, end);
	while (to < end && abnf_is_wsp((unsigned char)raw.p[to]))
		to = line_end(raw, to, end);
	struct str all = str_sub(raw, *at, to);
	size_t colon = str_find_char(all, ':', 0);
	out->name = str_trim(str_sub(all, 0, colon == SIZE_MAX ? 0 : colon));
	out->bytes = all;
	out->start = *at;
	*at = to;
	return true;
}

/*
 * What a lenient reader may make of a field is looked at by one rule: octets that are no visible ASCII may be dropped
 * anywhere (NUL, other controls, blanks, a byte order mark, a no-break space), and any of them but blanks may end a line.
 */
static bool is_visible(char c)
{
	return c > ' ' && c < 127;
}

static bool is_host_char(char c)
{
	return abnf_is_alnum((unsigned char)c) || c == '.' || c == '-';
}

static size_t skip_unseen(struct str s, size_t i)
{
	while (i < s.n && !is_visible(s.p[i]))
		i++;
	return i;
}

/* Whether s begins with the word, in any case; *at moves behind it. */
static bool skip_word(struct str s, struct str word, size_t *at)
{
	size_t i = *at, matched = 0;

	for (; i < s.n && matched < word.n; i++) {
		if (!is_visible(s.p[i]))
			continue;
		if (ascii_lower(s.p[i]) != ascii_lower(word.p[matched]))
			return false;
		matched++;
	}
	*at = i;
	return word.n > 0 && matched == word.n;
}

/* Moves over comments (RFC 8601 §2.2 allows them before the authserv-id); false: one has no end. */
static bool skip_comments(struct str s, size_t *at)
{
	int depth = 0;

	for (; *at < s.n; ++*at) {
		char c = s.p[*at];
		if (depth > 0 && c == '\\')
			++*at;
		else if (c == '(')
			depth++;
		else if (depth > 0)
			depth -= c == ')';
		else if (is_visible(c))
			break;
	}
	return depth == 0;
}

/*
 * Whether results may be read as ours: the id as a token or a quoted string, with its escapes. What is too long or too
 * odd to tell is not left to others.
 */
static bool bears_our_id(struct str value, struct str id)
{
	size_t at = 0, matched = 0;

	value = str_sub(value, 0, ID_WITHIN);
	if (!skip_comments(value, &at))
		return true;
	value = str_sub(value, at, value.n);
	bool quoted = str_starts(value, STR("\""));
	for (at = quoted; at < value.n && matched < id.n; at++) {
		if (!is_visible(value.p[at]) || (quoted && value.p[at] == '\\'))
			continue;
		if (ascii_lower(value.p[at]) != ascii_lower(id.p[matched]))
			return false;
		matched++;
	}
	at = skip_unseen(value, at);
	at += at < value.n && value.p[at] == '.'; /* as the DNS writes it */
	return id.n > 0 && matched == id.n && (at >= value.n || !is_host_char(value.p[at]));
}

/* Whether a line that begins here is one of ours. */
static bool line_claims(struct str line, struct str prefix, const struct str *id)
{
	size_t at = 0;

	if (skip_word(line, prefix, &at))
		return true;
	at = 0;
	if (!skip_word(line, STR("Authentication-Results"), &at))
		return false;
	at = skip_unseen(line, at);
	return at < line.n && line.p[at] == ':' && (!id || bears_our_id(str_sub(line, at + 1, line.n), *id));
}

bool fields_claims(struct str field, struct str prefix, const struct str *id)
{
	bool begins = true;

	field = str_trim(field);
	for (size_t i = 0; i < field.n; i++) {
		if (is_visible(field.p[i])) {
			if (begins && line_claims(str_sub(field, i, field.n), prefix, id))
				return true;
			begins = false;
		} else {
			begins = !abnf_is_wsp((unsigned char)field.p[i]);
		}
	}
	return false;
}

static bool is_forged(const struct scan_job *job, const struct field_bytes *f)
{
	return fields_claims(f->bytes, job->header_prefix, &job->authserv_id);
}

/* Up to the first empty line, also where a line that is no field ended the header before: not for every reader. */
static size_t section_end(struct str raw, size_t at)
{
	while (at < raw.n) {
		size_t next = line_end(raw, at, raw.n);
		if (raw.p[at] == '\n' || (raw.p[at] == '\r' && next == at + 2))
			return at;
		at = next;
	}
	return raw.n;
}

struct byte_range_list fields_forged(struct arena *a, const struct scan_job *job,
				     const struct headers *headers, size_t *more_out)
{
	struct byte_range_list out = { 0 };
	struct field_bytes f;
	size_t at = headers->start, end = section_end(job->raw, at);

	*more_out = 0;
	while (next_field(job->raw, &at, end, &f)) {
		struct byte_range range = { 0 };
		if (!is_forged(job, &f))
			continue;
		if (out.n == LIMIT_HEADER_FIELDS) {
			++*more_out;
			continue;
		}
		SET(&range, byte_range, start, (int64_t)f.start);
		SET(&range, byte_range, length, (int64_t)f.bytes.n);
		ARENA_PUSH(a, &out, range);
	}
	return out;
}

/*
 * What differs between copies of one mail, by the hosts they passed: what hosts write of its way and of what they checked
 * (seals are of the way, too: each host adds its own), and all that Exchange and Gmail note of it for themselves.
 */
static bool is_trace(const struct field_bytes *f)
{
	static const char *const names[] = { "Received",       "Return-Path",   "Delivered-To",
					     "X-Original-To",  "Envelope-To",   "Authentication-Results",
					     "X-Received",     "X-Envelope-To", "Received-SPF",
					     "X-OriginatorOrg" },
				 *const beginnings[] = { "ARC-",      "X-MS-",        "X-Microsoft-Antispam",
							 "X-EOP",     "X-Forefront-", "X-Incoming",
							 "X-Google-", "X-Gm-" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq_nocase(f->name, str_of(names[i])))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(beginnings); i++)
		if (str_starts_nocase(f->name, str_of(beginnings[i])))
			return true;
	return false;
}

struct str fields_content_sha256(struct arena *a, const struct scan_job *job, const struct headers *headers)
{
	struct hash_sum *sum = hash_sum_new();
	struct field_bytes f;
	size_t at = headers->start, kept = headers->start;

	while (next_field(job->raw, &at, headers->end, &f)) {
		if (!is_trace(&f) && !is_forged(job, &f))
			continue;
		hash_sum_add(sum, str_sub(job->raw, kept, f.start));
		kept = f.start + f.bytes.n;
	}
	hash_sum_add(sum, str_sub(job->raw, kept, job->raw.n));
	struct sha256 digest = hash_sum_end(&sum);
	return hash_hex(a, str_from(digest.b, SHA256_BYTES));
}

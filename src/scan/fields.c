/* Header fields as byte ranges. */
#include "scan/fields.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"

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

/* Skips white space and comments (RFC 8601 §2.2 allows both before the authserv-id). */
static struct str skip_cfws(struct str s)
{
	size_t i = 0;
	int depth = 0;

	for (; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (depth > 0 && c == '\\')
			i++;
		else if (c == '(')
			depth++;
		else if (depth > 0)
			depth -= c == ')';
		else if (!abnf_is_wsp(c) && c != '\r' && c != '\n')
			break;
	}
	return str_sub(s, i, s.n);
}

static bool is_host_char(unsigned char c)
{
	return abnf_is_alnum(c) || c == '.' || c == '-';
}

/* Read as leniently as anybody might: as a token or a quoted string, with its escapes, without NULs. */
static bool bears_our_id(struct str value, struct str id)
{
	value = skip_cfws(value);
	bool quoted = value.n > 0 && value.p[0] == '"';
	size_t i = quoted, matched = 0;

	for (; i < value.n && matched < id.n; i++) {
		if (value.p[i] == 0 || (quoted && value.p[i] == '\\'))
			continue;
		if (!str_eq_nocase(str_sub(value, i, i + 1), str_sub(id, matched, matched + 1)))
			return false;
		matched++;
	}
	return id.n > 0 && matched == id.n && (i >= value.n || !is_host_char((unsigned char)value.p[i]));
}

/* What is left of the line behind `name`, whose NULs do not count; false when it does not begin with it. */
static bool skip_name(struct str line, struct str name, struct str *rest_out)
{
	size_t i = 0, matched = 0;

	for (; i < line.n && matched < name.n; i++) {
		if (line.p[i] == 0)
			continue;
		if (!str_eq_nocase(str_sub(line, i, i + 1), str_sub(name, matched, matched + 1)))
			return false;
		matched++;
	}
	*rest_out = str_trim(str_sub(line, i, line.n));
	return name.n > 0 && matched == name.n;
}

bool fields_claims(struct str field, struct str prefix, const struct str *id)
{
	struct str line = str_trim(field), rest;

	for (;;) {
		if (skip_name(line, prefix, &rest))
			return true;
		if (skip_name(line, STR("Authentication-Results"), &rest) && str_starts(rest, STR(":")) &&
		    (!id || bears_our_id(str_sub(rest, 1, rest.n), *id)))
			return true;
		size_t cr = str_find_char(line, '\r', 0);
		if (cr == SIZE_MAX)
			return false;
		line = str_sub(line, cr + 1, line.n);
	}
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

/* What differs between copies of one mail, by the hosts they passed. */
static bool is_trace(const struct field_bytes *f)
{
	static const char *const names[] = { "Received",      "Return-Path",  "Delivered-To",
					     "X-Original-To", "Envelope-To",  "X-Gm-Original-To",
					     "X-Received",    "X-Envelope-To" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq_nocase(f->name, str_of(names[i])))
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

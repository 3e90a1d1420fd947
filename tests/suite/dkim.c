/*
 * DKIM suites, by their layouts:
 *
 *	X.txt                 lines "name record", an empty line, a mail: every signature must pass
 *	dns.json, X.eml       the same with the records beside it
 *	X.eml alone           real mail without keys: every signature can be read, and its body hash is that of the body
 *	email.N, simple.expected.N, relaxed.expected.N    canonical forms of a whole mail
 *
 * Signatures are verified at the time of their mail's Date.
 */
#include "../unit/auth/zone.h"
#include "auth/dkim.h"
#include "base/buf.h"
#include "json/read.h"
#include "mime/date.h"
#include "suite.h"

/* "name record" lines and an empty line; what is behind it. */
static struct str read_zone(struct arena *a, struct str text, struct zone *z)
{
	for (size_t at = 0, end; (end = str_find_char(text, '\n', at)) != SIZE_MAX; at = end + 1) {
		struct str line = str_trim(str_sub(text, at, end));
		size_t space = str_find_char(line, ' ', 0);
		if (line.n == 0)
			return str_sub(text, end + 1, text.n);
		if (space != SIZE_MAX)
			zone_add(a, z, str_sub(line, 0, space), RR_TXT,
				 str_trim(str_sub(line, space, line.n)));
	}
	return STR("");
}

/* {"name": {"TXT": [["part", "part"]]}} */
static void read_zone_json(struct arena *a, struct str text, struct zone *z)
{
	struct errbuf eb;
	struct json *dns;

	if (json_parse(a, text, &dns, &eb))
		return;
	for (const struct json *name = dns->first; name; name = name->next) {
		const struct json *txt = json_get(name, STR("TXT"));
		for (const struct json *record = txt ? txt->first : NULL; record; record = record->next) {
			struct str all = STR("");
			for (const struct json *part = record->first; part; part = part->next)
				all = ARENA_JOIN(a, all, part->s);
			zone_add(a, z, name->key, RR_TXT, all);
		}
	}
}

static struct str case_name(struct arena *a, struct str file, size_t number)
{
	return ARENA_JOIN(a, file, arena_printf(a, ", signature %zu", number));
}

static void check_signatures(struct suite *s, struct arena *a, struct str file, struct str mail,
			     struct zone *z)
{
	struct headers h = headers_parse(a, mail, 0, mail.n, NULL);
	struct dkim_mail *m = dkim_mail_new(a, asker_new(a, zone_ask, z), mail, &h);
	int64_t date_us = 0;
	struct dkim_list list;

	if (date_parse(headers_value(a, &h, STR("Date")), &date_us))
		date_us = 0;
	dkim_verify(m, date_us / 1000000, &list);
	dkim_mail_free(&m);
	for (size_t i = 0; i < list.n; i++)
		suite_case(s, list.v[i].result == DKIM_PASS, case_name(a, file, i + 1), "%.*s",
			   STR_ARG(list.v[i].reason));
	if (list.n == 0)
		suite_case(s, false, file, "no signature was found");
}

static void check_bodies(struct suite *s, struct arena *a, struct str file, struct str mail)
{
	struct headers h = headers_parse(a, mail, 0, mail.n, NULL);
	struct dkim_bodies bodies = { .body = str_sub(mail, h.body, mail.n) };
	size_t number = 0;

	for (size_t i = 0; i < h.n; i++) {
		struct dkim_signature sig;
		struct errbuf eb = { "the body is not what was signed" };
		if (!str_eq_nocase(h.v[i].name, STR("DKIM-Signature")))
			continue;
		bool ok = !dkim_signature_parse(a, DKIM_SIGNATURE, h.v[i].value, &sig, &eb);
		if (ok) {
			const struct dkim_body_hash *hash = dkim_body_hash(a, &bodies, &sig);
			ok = str_eq(sig.body_hash, str_from(hash->digest.b, sizeof(hash->digest.b)));
		}
		suite_case(s, ok, case_name(a, file, ++number), "%s", eb.text);
	}
}

static void gather(void *ctx, struct str bytes)
{
	buf_add(ctx, bytes);
}

/* Forms that are wanted otherwise than the RFC has them, and the sentence. */
static const struct {
	struct str name;
	const char *sentence;
} otherwise[] = {
	/* It ends in white space without a line end, and is to keep one space of it. */
	{ STR_INIT("relaxed.expected.24"), "RFC 6376 3.4.4: Ignore all whitespace at the end of lines" },
};

static void check_form(struct suite *s, struct arena *a, struct str email, enum dkim_canon canon,
		       const char *form)
{
	struct dkim_sink sink = { .write = gather };
	size_t slash = str_rfind_char(email, '/'), dot = str_rfind_char(email, '.');
	struct str folder = str_sub(email, 0, slash == SIZE_MAX ? 0 : slash + 1);
	struct str name = ARENA_JOIN(a, str_of(form), STR(".expected"), str_sub(email, dot, email.n));
	struct str path = ARENA_JOIN(a, folder, name), mail, want;
	struct buf got;

	if (!suite_read(s, a, email, &mail) || !suite_read(s, a, path, &want))
		return;
	for (size_t i = 0; i < ARRAY_LEN(otherwise); i++)
		if (str_eq(name, otherwise[i].name)) {
			suite_skip(s, path, otherwise[i].sentence);
			return;
		}
	struct headers h = headers_parse(a, mail, 0, mail.n, NULL);
	buf_init(&got, 4u << 20);
	sink.ctx = &got;
	for (size_t i = 0; i < h.n; i++)
		dkim_canon_field(&sink, canon, str_sub(mail, h.v[i].start, h.v[i].start + h.v[i].length),
				 STR_NONE, true);
	dkim_sink_flush(&sink);
	buf_add(&got, STR("\r\n"));
	dkim_canon_body(&sink, canon, str_sub(mail, h.body, mail.n));
	dkim_sink_flush(&sink);
	suite_case(s, str_eq(buf_str(&got), want), path, "%.*s", STR_ARG(buf_str(&got)));
	buf_free(&got);
}

static void check_eml(struct suite *s, struct arena *a, struct str file)
{
	size_t slash = str_rfind_char(file, '/');
	struct str folder = str_sub(file, 0, slash == SIZE_MAX ? 0 : slash + 1), mail, dns;
	struct zone z = { 0 };

	if (!suite_read(s, a, file, &mail))
		return;
	if (!suite_read(s, a, ARENA_JOIN(a, folder, STR("dns.json")), &dns)) {
		check_bodies(s, a, file, mail);
		return;
	}
	read_zone_json(a, dns, &z);
	check_signatures(s, a, file, mail, &z);
}

static void run(struct suite *s)
{
	struct strs files = suite_files(s, "");

	for (size_t i = 0; i < files.n; i++) {
		struct arena *a = arena_new(256u << 20, NULL, NULL);
		size_t slash = str_rfind_char(files.v[i], '/');
		struct str name = str_sub(files.v[i], slash == SIZE_MAX ? 0 : slash + 1, files.v[i].n), text;
		struct zone z = { 0 };
		if (str_ends(name, STR(".txt")) && suite_read(s, a, files.v[i], &text)) {
			struct str mail = read_zone(a, text, &z);
			if (z.rows.n > 0)
				check_signatures(s, a, files.v[i], mail, &z);
		} else if (str_ends(name, STR(".eml"))) {
			check_eml(s, a, files.v[i]);
		} else if (str_starts(name, STR("email."))) {
			check_form(s, a, files.v[i], DKIM_SIMPLE, "simple");
			check_form(s, a, files.v[i], DKIM_RELAXED, "relaxed");
		}
		arena_free(&a);
	}
}

int main(void)
{
	return suite_main("dkim", run);
}

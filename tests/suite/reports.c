/*
 * Reports as mails (.eml) or as documents alone, which are taken as the one attachment of a mail. Beside some stands what
 * another reader made of them, as JSON under the same name: every value in it that we know of too must be ours, whatever
 * its spelling. Of the others the kind must be right, by the folder they are in.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "json/read.h"
#include "json/write.h"
#include "report/report.h"
#include "suite.h"

#define CASE_BYTES ((size_t)512 << 20)

/* Folders, and the kinds their files are of; what is called empty or without a part is none. */
static const struct {
	struct str folder;
	enum report_kind kind;
} folders[] = {
	{ STR_INIT("smtp_tls"), REPORT_TLS },          { STR_INIT("tlsrpt"), REPORT_TLS },
	{ STR_INIT("failure"), REPORT_DMARC_FAILURE }, { STR_INIT("arf"), REPORT_FEEDBACK },
	{ STR_INIT("aggregate"), REPORT_DMARC },       { STR_INIT("extract_report"), REPORT_DMARC },
	{ STR_INIT("dmarc-feedback"), REPORT_DMARC },
};

static bool holds(struct str s, const char *what)
{
	return str_find_nocase(s, str_of(what), 0) != SIZE_MAX;
}

static enum report_kind kind_by_path(struct str path)
{
	struct str name = str_sub(path, str_rfind_char(path, '/') + 1, path.n);

	if (str_eq(name, STR("empty.xml")) || holds(name, "no_arf_part"))
		return REPORT_NONE;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++)
		if (str_find(path, folders[i].folder, 0) != SIZE_MAX)
			return folders[i].kind;
	return REPORT_NONE;
}

/* A text without case, "-" and "_", and with short forms written out. */
static struct str plain(struct arena *a, struct str s)
{
	static const struct {
		struct str is, means;
	} words[] = {
		{ STR_INIT("r"), STR_INIT("relaxed") },      { STR_INIT("s"), STR_INIT("strict") },
		{ STR_INIT("mfrom"), STR_INIT("mailfrom") }, { STR_INIT("unspecified"), STR_INIT("") },
		{ STR_INIT("n"), STR_INIT("false") },        { STR_INIT("y"), STR_INIT("true") },
	};
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (!strchr("-_ \t\r\n", s.p[i]) || s.p[i] == 0)
			out[n++] = ascii_lower(s.p[i]);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eq(str_from(out, n), words[i].is))
			return words[i].means;
	return str_from(out, n);
}

/* Any scalar as such a text; nothing, zero and false are the same. */
static struct str scalar(struct arena *a, const struct json *node)
{
	int64_t us;

	if (!node || node->kind == JSON_NULL)
		return STR_NONE;
	if (node->kind == JSON_BOOL)
		return node->b ? STR("true") : STR_NONE;
	if (node->kind == JSON_INT)
		return node->i ? arena_printf(a, "%lld", (long long)node->i) : STR_NONE;
	if (node->kind == JSON_DOUBLE)
		return node->d != 0 ? arena_printf(a, "%g", node->d) : STR_NONE;
	if (node->kind == JSON_STR && node->s.n > 20 && clock_parse_rfc3339(node->s, &us) == OK)
		return arena_printf(a, "%lld", (long long)(us / 1000000));
	struct str s = node->kind == JSON_STR ? plain(a, node->s) : STR_NONE;
	return str_eq(s, STR("false")) ? STR_NONE : str_ends(s, STR(".0")) ? str_sub(s, 0, s.n - 2) : s;
}

/* Names that the other reader has beside ours, or for what lies elsewhere with us. */
static bool is_passed_over(struct str key)
{
	static const char *const keys[] = { "extensions", "message", "headers" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (str_eq(key, str_of(keys[i])))
			return true;
	return false;
}

/* Whether all that `want` tells is told by `got`; *where_out: the first place where it is not. */
static bool agrees(struct arena *a, const struct json *want, const struct json *got, struct str at,
		   struct str *where_out)
{
	*where_out = at;
	if (want->kind == JSON_OBJECT) {
		for (const struct json *w = want->first; w; w = w->next) {
			char *name = arena_alloc(a, w->key.n + 1);
			for (size_t i = 0; i < w->key.n; i++)
				name[i] = w->key.p[i] == '-' ? '_' : w->key.p[i];
			struct str key = str_from(name, w->key.n);
			if (str_ends(key, STR("_")))
				key.n--;
			if (is_passed_over(key))
				continue;
			if (!agrees(a, w, json_get(got, key), ARENA_JOIN(a, at, STR("/"), key), where_out))
				return false;
		}
		return true;
	}
	if (want->kind == JSON_ARRAY) {
		const struct json *g = got && got->kind == JSON_ARRAY ? got->first : NULL;
		for (const struct json *w = want->first; w; w = w->next, g = g->next)
			if (!g || !agrees(a, w, g, at, where_out))
				return false;
		return !g;
	}
	struct str w = scalar(a, want), g = scalar(a, got);
	/* A report speaks for one mail where it says nothing else (RFC 5965 §3.2). */
	if (str_ends(at, STR("/incidents")) && g.n == 0)
		g = STR("1");
	/* "dns; mx.example.com" (RFC 3464 §2.1.2); and where a list of reasons ends for the other reader, "other" begins. */
	bool same =
	    str_eq(w, g) || str_ends(g, ARENA_JOIN(a, STR(";"), w)) || (str_eq(w, STR("other")) && g.n > 0);
	if (same)
		return true;
	*where_out = ARENA_JOIN(a, at, STR(": "), g, STR(", should be "), w);
	return false;
}

static struct str json_of(struct arena *a, const struct fieldtab *t, const void *obj)
{
	const struct json_write how = { .audience = JSON_FOR_API };
	struct buf b;

	buf_init(&b, 256u << 20);
	json_object_write(&b, t, obj, &how);
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static struct str told(struct arena *a, const struct report *r)
{
	return r->delivery   ? json_of(a, &delivery_report_fields, r->delivery)
	       : r->feedback ? json_of(a, &feedback_report_fields, r->feedback)
	       : r->dmarc    ? json_of(a, &dmarc_report_fields, r->dmarc)
	       : r->tls      ? json_of(a, &tls_report_fields, r->tls)
			     : STR("{}");
}

static void check(struct suite *s, struct str path, struct str bytes, struct str expected)
{
	struct arena *a = arena_new(CASE_BYTES, NULL, NULL);
	bool mail = str_ends(path, STR(".eml"));
	struct str raw =
	    mail ? bytes
		 : ARENA_JOIN(a, STR("Content-Type: application/octet-stream; name=report\r\n\r\n"), bytes);
	struct mime_tree *tree = mime_parse(a, raw);
	struct json *want, *got;
	struct str where = STR_NONE;
	struct errbuf eb;

	content_extract(a, tree);
	struct report r = report_find(a, tree);
	enum report_kind kind = kind_by_path(path);
	bool right = r.kind == kind || (r.kind == REPORT_DMARC_FAILURE && kind == REPORT_FEEDBACK);
	if (expected.n && right) {
		if (json_parse(a, expected, &want, &eb) || json_parse(a, told(a, &r), &got, &eb))
			where = str_of(eb.text);
		else if (agrees(a, want, got, STR_NONE, &where))
			where = STR_NONE;
	}
	suite_case(s, right && where.n == 0, path, "%.*s %.*s",
		   STR_ARG(enum_text(&report_kind_names, (int)r.kind)), STR_ARG(where));
	arena_free(&a);
}

static void run(struct suite *s)
{
	struct strs files = suite_files(s, "");

	for (size_t i = 0; i < files.n; i++) {
		struct str path = files.v[i], bytes, expected = STR_NONE;
		struct str stem = str_sub(path, 0, str_rfind_char(path, '.'));
		bool json = str_ends(path, STR(".json"));
		struct arena *a = arena_new(CASE_BYTES, NULL, NULL);
		/* Of another file it is what is expected of that. */
		bool companion = json && (strs_has(&files, ARENA_JOIN(a, stem, STR(".eml"))) ||
					  strs_has(&files, ARENA_JOIN(a, stem, STR(".xml"))));
		if (!json)
			(void)suite_read(s, a, ARENA_JOIN(a, stem, STR(".json")), &expected);
		if (!companion && suite_read(s, a, path, &bytes))
			check(s, path, bytes, expected);
		arena_free(&a);
	}
}

int main(void)
{
	return suite_main("reports", run);
}

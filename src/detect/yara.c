/*
 * The operator's YARA rules, over each attachment, what is inside of it, and each text of the mail, decoded. What a match weighs its
 * author says: meta "severity" (info, low, medium, high, critical, or 0 to 100) or "score"; a rule that says nothing is a
 * trait. One finding for each rule, where it matched first. All together have a time limit, for a rule can be slow.
 */
#include "detect/detect.h"

#include "base/clock.h"
#include "detect/outside.h"

#define RULES_MOST 20 /* told of one mail */

static const struct severity {
	const char *name;
	int64_t least; /* as a number */
	enum disposition says;
	double score;
} severities[] = {
	{ "critical", 90, DISP_MALICIOUS, 1 },
	{ "high", 70, DISP_MALICIOUS, 0.9 },
	{ "medium", 40, DISP_SUSPICIOUS, 0.6 },
	{ "low", 1, DISP_SUSPICIOUS, 0.3 },
	{ "info", 0, DISP_NONE, 0 },
};
#define MEDIUM 2

struct told {
	const struct scan *scan;
	struct findings *out;
	const struct mime_attachment *file; /* what is being looked at; NULL = a text */
	const struct mime_part *part;
	struct strs rules;
};

static const struct severity *severity_of(const struct yara_match *m)
{
	for (size_t i = 0; i < ARRAY_LEN(severities); i++)
		if (m->severity.n > 0 ? str_eq_nocase(m->severity, str_of(severities[i].name))
				      : m->severity_100 >= severities[i].least)
			return &severities[i];
	return &severities[MEDIUM];
}

static void tell(void *ctx, const struct yara_match *m)
{
	struct told *t = ctx;
	const struct severity *s = severity_of(m);

	if (t->rules.n >= RULES_MOST || strs_has(&t->rules, m->rule))
		return;
	ARENA_PUSH(t->scan->arena, &t->rules, arena_str(t->scan->arena, m->rule));
	struct finding *f =
	    finding_add(t->out, "match", s->says, s->score, s->score > 0 ? CAT_MALWARE : CAT_NONE,
			t->file ? "An attachment is what a rule of this server looks for."
				: "The text has what a rule of this server looks for.");
	finding_where(f, t->file ? "attachment" : "body", "rule", t->rules.v[t->rules.n - 1]);
	if (t->file)
		finding_attachment(f, t->scan, t->file);
	else
		SET(f, finding, family, FAMILY_CONTENT);
	finding_part(f, t->part);
	finding_detail(t->out, f, "rule %.*s%s%.*s%s%.*s%s", STR_ARG(m->rule), m->description.n ? ": " : "",
		       STR_ARG(m->description), m->identifier.n ? "; first match " : "",
		       STR_ARG(m->identifier),
		       m->identifier.n ? arena_printf(t->scan->arena, " at byte %zu", m->offset).p : "");
}

static bool look(struct told *t, struct str name, struct str bytes, int64_t until_ms)
{
	int left_ms = clock_left_ms(until_ms);

	return bytes.n == 0 || (left_ms > 0 && yara_rules_scan(t->scan->job->outside->rules, name, bytes,
							       (left_ms + 999) / 1000, tell, t));
}

static void run(const struct scan *s, struct findings *out)
{
	struct told t = { .scan = s, .out = out };
	bool all = true;

	if (!s->job->outside || !s->job->outside->rules)
		return;
	int64_t until_ms = clock_mono_ms() + s->job->outside->rules_ms;
	for (size_t i = 0; i < s->content->attachments.n && all; i++) {
		t.file = &s->content->attachments.v[i];
		t.part = t.file->part;
		all = look(&t, t.file->name, t.file->data, until_ms);
	}
	for (size_t i = 0; i < s->content->texts.n && all; i++) {
		t.file = NULL;
		t.part = s->content->texts.v[i].part;
		all = look(&t, STR_NONE, s->content->texts.v[i].source, until_ms);
	}
	if (all)
		return;
	struct finding *f = finding_add(out, "unfinished", DISP_NONE, 0, CAT_NONE,
					"The rules of this server take too long for this message.");
	finding_where(f, "message", NULL, STR_NONE);
	finding_detail(out, f, "more than %lld ms", (long long)s->job->outside->rules_ms);
}

const struct detector detect_yara = {
	.name = "yara",
	.family = FAMILY_ATTACHMENT,
	.run = run,
};

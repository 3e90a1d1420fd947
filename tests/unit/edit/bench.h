/* A bench for edits: a mail, what applies to it, and the mail as it goes on. */
#ifndef TESTS_EDIT_BENCH_H
#define TESTS_EDIT_BENCH_H

#include "base/arena.h"
#include "base/limits.h"
#include "edit/click.h"
#include "edit/edit.h"
#include "mime/content.h"

#define CLICK_URL "https://click.test"
#define SECRET STR("secret") /* the store's */
#define ID STR("4Njp3P0STMz2c02Q")

struct what {
	const char *subject, *text, *html; /* templates; NULL = not wanted */
	int links;                         /* enum link_action_kind */
	const char *ignore;                /* a URL ignore pattern; NULL = none */
	bool no_page;                      /* there is no http.click_url */
	bool good;                         /* it comes from outside, and is nothing else */
};

/* Of a mail that is SPAM, unless w says otherwise, and comes from outside. */
static inline struct edits bench_edit(struct arena *a, struct str raw, const struct what *w)
{
	static int labels[] = { LABEL_SPAM, LABEL_EXTERNAL, LABEL_SUSPICIOUS };
	static struct str reason = STR_INIT("A <b>reason</b>"), threat = STR_INIT("Content Spam");
	struct ints all = { labels, 3 };
	struct text_add_on t = { .subject_labels = w->subject ? all : (struct ints){ 0 },
				 .body_labels = w->text || w->html ? all : (struct ints){ 0 },
				 .subject_template = str_of(w->subject),
				 .body_template_text = str_of(w->text),
				 .body_template_html = str_of(w->html),
				 .label_spam = STR("UCE"),
				 .label_external = STR("EXTERNAL"),
				 .label_suspicious = STR("SUSPICIOUS") };
	struct url_ignore u = { .pattern = str_of(w->ignore) };
	struct policy_source source = { .url_ignore = { &u, w->ignore ? 1 : 0 } };
	struct policy *policy = policy_compile(a, &source);
	struct mime_tree *mail = mime_parse(a, raw);
	struct sha256 key = click_key(SECRET, ID);
	struct edits out;

	content_extract(a, mail);
	struct edit_job job = { .mail = mail,
				.policy = policy,
				.texts = &t,
				.labels = (w->good ? 0 : 1u << LABEL_SPAM | 1u << LABEL_SUSPICIOUS) |
					  1u << LABEL_EXTERNAL,
				.final = w->good ? -1 : LABEL_SPAM,
				.reasons = { &reason, 1 },
				.threats = { &threat, 1 },
				.links = w->links,
				.click_url = w->no_page ? STR("") : STR(CLICK_URL),
				.click_key = str_from(key.b, sizeof(key.b)),
				.account = 7,
				.id = ID };
	edit_mail(a, &job, &out);
	policy_free(&policy);
	return out;
}

/* Whether the pieces are as intake wants them. */
static inline bool bench_is_sound(struct str raw, const struct edits *e)
{
	int64_t at = 0;
	size_t bytes = 0;

	for (size_t i = 0; i < e->list.n; i++) {
		const struct edit *x = &e->list.v[i];
		if (x->start < at || x->length < 0 || x->start > (int64_t)raw.n ||
		    x->length > (int64_t)raw.n - x->start)
			return false;
		at = x->start + x->length;
		bytes += x->text.n;
	}
	return bytes <= LIMIT_EDIT_BYTES && e->list.n <= LIMIT_EDITS;
}

/* Whether two mails have the same parts, but for charset and encoding. */
static inline bool bench_same_parts(struct arena *a, struct str one, struct str other)
{
	const struct mime_tree *x = mime_parse(a, one), *y = mime_parse(a, other);

	if (x->n != y->n)
		return false;
	for (size_t i = 0; i < x->n; i++) {
		const struct mime_part *p = x->v[i], *q = y->v[i];
		if (!str_eq(p->type, q->type) || !str_eq(p->subtype, q->subtype) || p->depth != q->depth ||
		    p->disposition != q->disposition || !str_eq(p->filename, q->filename))
			return false;
	}
	return true;
}

#endif

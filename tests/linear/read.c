#include "read.h"

#include "auth/arc.h"
#include "auth/authres.h"
#include "auth/received.h"
#include "base/limits.h"
#include "edit/edit.h"
#include "file/contents.h"
#include "file/document_text.h"
#include "file/rtf_text.h"
#include "html/text.h"
#include "mailbox/imap_mail.h"
#include "mime/address.h"
#include "mime/content.h"
#include "mime/date.h"
#include "mime/encoded_word.h"
#include "mime/param.h"
#include "mime/smime.h"
#include "policy/name_index.h"
#include "policy/policy.h"
#include "preview/clean.h"
#include "report/report.h"
#include "scan/scan.h"
#include "smtp/data.h"
#include "url/find.h"
#include "url/wrap.h"

#define NOW_S 1793000000

static const struct ip peer = { 4, { 192, 0, 2, 1 } };

/* Every selector has a key, nothing else is known. */
static void answer(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *out)
{
	static struct dns_record key = {
		.data = STR_INIT(
		    "v=DKIM1; "
		    "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"
		    "IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/"
		    "NMqJ0fzfVjH4OuKhi"
		    "tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB")
	};

	(void)ctx;
	(void)a;
	for (size_t i = 0; i < n; i++) {
		out[i] = (struct answer){ .status = ANSWER_NXDOMAIN };
		if (str_find(asks[i].name, STR("._domainkey."), 0) != SIZE_MAX)
			out[i] = (struct answer){ .status = ANSWER_OK, .records = { &key, 1 } };
	}
}

/* What was read is the record of every domain. */
static void answer_record(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *out)
{
	(void)a;
	(void)asks;
	for (size_t i = 0; i < n; i++)
		out[i] = (struct answer){ .status = ANSWER_OK, .records = { ctx, 1 } };
}

void read_mail(struct arena *a, struct str s)
{
	content_extract(a, mime_parse(a, s));
}

void read_scan(struct arena *a, struct str s)
{
	struct str own = STR("home.test"), to = STR("bob@home.test");
	struct scan_job job = { .raw = s,
				.mail_from = STR("a@b.test"),
				.has_envelope = true,
				.recipients = { &to, 1 },
				.client_ip = peer,
				.helo = STR("mx.b.test"),
				.account = 1,
				.lookback_hops = 2,
				.received_us = INT64_C(1000000) * NOW_S,
				.protected_domains = { &own, 1 },
				.authserv_id = STR("mx.home.test"),
				.header_prefix = STR("X-Postern-") };
	struct verdict verdict;

	scan_run(a, &job, NULL, asker_new(a, answer, NULL), &verdict);
}

void read_addresses(struct arena *a, struct str s)
{
	(void)address_parse(a, s);
}

void read_name(struct arena *a, struct str s)
{
	static const struct str names[] = { STR_INIT("Jane Doe"), STR_INIT("Bernard Milner") };

	name_index_find(a, name_index_new(a, names, ARRAY_LEN(names)), s);
}

void read_namesakes(struct arena *a, struct str s)
{
	struct strs names = { 0 };

	while (s.n > 0) {
		size_t end = str_find_char(s, '\n', 0);
		ARENA_PUSH(a, &names, str_sub(s, 0, end));
		s = end == SIZE_MAX ? STR_NONE : str_sub(s, end + 1, s.n);
	}
	name_index_find(a, name_index_new(a, names.v, names.n), STR("J. Doe"));
}

void read_params(struct arena *a, struct str s)
{
	(void)params_parse(a, s);
}

void read_words(struct arena *a, struct str s)
{
	(void)encoded_word_decode(a, s);
}

void read_date(struct arena *a, struct str s)
{
	int64_t us;

	(void)a;
	if (date_parse(s, &us) != OK)
		return;
}

void read_smime(struct arena *a, struct str s)
{
	struct str inside;

	(void)smime_open(a, s, &inside);
}

void read_html(struct arena *a, struct str s)
{
	(void)html_text_read(a, s, LIMIT_TEXT);
}

void read_clean(struct arena *a, struct str s)
{
	struct clean c;

	clean_begin(&c, a, false);
	clean_add_html(&c, s);
	clean_document(&c);
	clean_end(&c);
}

void read_edits(struct arena *a, struct str s)
{
	static int spam[] = { LABEL_SPAM };
	const struct ints all = { spam, 1 };
	const struct text_add_on texts = { .subject_labels = all,
					   .body_labels = all,
					   .subject_template = STR("[%LABELS] "),
					   .body_template_text = STR("%LABELS"),
					   .body_template_html = STR("%LABELS"),
					   .label_spam = STR("SPAM") };
	const struct edit_job job = { .mail = mime_parse(a, s),
				      .texts = &texts,
				      .labels = 1u << LABEL_SPAM,
				      .final = LABEL_SPAM,
				      .links = LINKS_REWRITTEN,
				      .click_url = STR("https://click.test"),
				      .click_key = STR("key"),
				      .id = STR("4Njp3P0STMz2c02Q") };
	struct edits out;

	edit_mail(a, &job, &out);
}

void read_urls(struct arena *a, struct str s)
{
	struct url_found found;

	for (size_t at = 0; url_find(a, s, &at, &found);)
		;
}

void read_url(struct arena *a, struct str s)
{
	struct url u = url_split(a, s), out;

	(void)url_unwrap_all(a, &u, &out);
}

void read_file(struct arena *a, struct str s)
{
	struct file_budget budget = { .bytes = LIMIT_UNPACKED, .members = LIMIT_MEMBERS };

	(void)file_contents_read(a, s, &budget);
}

void read_document(struct arena *a, struct str s)
{
	static const enum magic_type types[] = { MAGIC_PDF, MAGIC_RTF };

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct file_budget budget = { .bytes = LIMIT_DOCUMENT_UNPACKED };
		(void)document_text(a, s, types[i], &budget, LIMIT_DOCUMENT_TEXT);
	}
}

void read_carried(struct arena *a, struct str s)
{
	struct file_budget budget = { .bytes = LIMIT_UNPACKED, .members = LIMIT_MEMBERS };
	struct file_contents c = { 0 };

	file_contents_add_carried(a, &c, s, &budget);
}

void read_rtf_body(struct arena *a, struct str s)
{
	bool html;

	(void)rtf_text(a, s, LIMIT_TEXT, &html);
}

void read_signatures(struct arena *a, struct str s)
{
	struct headers h = headers_parse(a, s, 0, s.n, NULL);
	struct dkim_mail *m = dkim_mail_new(a, asker_new(a, answer, NULL), s, &h);
	struct dkim_list list;
	struct arc arc;

	dkim_verify(m, NOW_S, &list);
	arc_verify(m, NOW_S, &arc);
	dkim_mail_free(&m);
}

void read_results(struct arena *a, struct str s)
{
	struct authres r;

	if (authres_parse(a, s, &r) != OK)
		return;
}

void read_received(struct arena *a, struct str s)
{
	struct headers h = headers_parse(a, s, 0, s.n, NULL);
	struct sending_host host;

	received_sending_host(a, &h, 20, &peer, STR("mx.b.test"), &host);
}

void read_spf(struct arena *a, struct str s)
{
	struct dns_record record = { .data = s };
	struct spf_query query = { .ip = peer, .mail_from = STR("a@b.test"), .helo = STR("mx.b.test") };
	struct spf out;

	spf_check(a, asker_new(a, answer_record, &record), &query, &out);
}

void read_dmarc_report(struct arena *a, struct str s)
{
	struct dmarc_report out = { 0 };

	if (report_read_dmarc(a, s, &out) != OK)
		return;
}

void read_tls_report(struct arena *a, struct str s)
{
	struct tls_report out = { 0 };

	if (report_read_tls(a, s, &out) != OK)
		return;
}

void read_feedback(struct arena *a, struct str s)
{
	struct feedback_report out = { 0 };

	if (report_read_feedback(a, s, &out) != OK)
		return;
}

void read_smtp_data(struct arena *a, struct str s)
{
	struct smtp_decoder d = { 0 };
	struct str piece;

	(void)a;
	for (size_t at = 0; at < s.n && d.at != DATA_END;)
		at += smtp_decode(&d, str_sub(s, at, s.n), &piece);
}

void read_content(struct arena *a, struct str s)
{
	static int body[] = { TARGET_BODY };
	static const char *const patterns[] = {
		"(a+)+b",           "((a|aa)*c?)*d{9}",
		"x.*y.*z\\d",       "\\bneedle(s|d)?\\b.{0,30}threat",
		"(\\w+\\s)+\\d{9}", "\xd0\xb4[\xd0\xb0-\xd1\x8f]{5}\\d",
		"^.*$\\d",          "wire transfer now",
	};
	struct content_policy list[ARRAY_LEN(patterns)];
	struct policy_source source = { .content = { list, ARRAY_LEN(list) } };
	struct strs bodies = { &s, 1 };
	struct policy_content found;

	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		list[i] = (struct content_policy){ .name = STR("x"),
						   .pattern = str_of(patterns[i]),
						   .targets = { body, 1 },
						   .enabled = true };
	struct policy *p = policy_compile(a, &source);
	ASSERT(policy_skipped(p) == 0);
	policy_content_find(a, p, &(struct strs){ 0 }, &bodies, &found);
	ASSERT(found.name.n == 0 && found.unfinished == 0); /* or not all was read */
	policy_free(&p);
}

void read_imap(struct arena *a, struct str s)
{
	struct str none = STR("");
	struct strs literals = { 0 };
	struct imap_set set = { 0 };
	struct imap_reply r;

	for (size_t at = 0; (at = str_find_char(s, '\n', at)) != SIZE_MAX; at++)
		ARENA_PUSH(a, &literals, none);
	if (imap_reply_parse(a, s, &literals, &r))
		return;
	(void)imap_fetched(&r, STR("UID"));
	if (imap_numbers(a, r.rest, 1 << 20, &set))
		(void)imap_message_id(r.rest);
}

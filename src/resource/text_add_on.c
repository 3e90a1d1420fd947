/* Text add-ons: templates that cannot break out of where they are put. */
#include "model/text_add_on.h"

#include "base/domain.h"
#include "resource/resource.h"

#define SUBJECT "[%LABELS] "
#define TEXT                                                                                      \
	"%LABELS: Be careful with this message. Follow no link, open no file and send no secret " \
	"unless you know for certain who asks.\n"
#define HTML                                                                                            \
	"<div style=\"margin:0 0 12px;padding:8px 12px;border:1px solid #b3261e;border-left-width:6px;" \
	"background:#fff4f3;color:#3b0b08;font:14px/1.4 sans-serif\"><b>%LABELS</b>: Be careful with "  \
	"this message. Follow no link, open no file and send no secret unless you know for certain "    \
	"who asks.</div>"

/* What is not set yet. */
#define DEFAULT(t, name, value)                                \
	do {                                                   \
		if (!HAS(t, text_add_on, name))                \
			SET(t, text_add_on, name, STR(value)); \
	} while (0)

static void defaults(const struct resource_env *env, void *obj)
{
	struct text_add_on *t = obj;

	(void)env;
	DEFAULT(t, subject_template, SUBJECT);
	DEFAULT(t, body_template_text, TEXT);
	DEFAULT(t, body_template_html, HTML);
	DEFAULT(t, label_external, "EXTERNAL");
	DEFAULT(t, label_malicious, "MALICIOUS");
	DEFAULT(t, label_suspicious, "SUSPICIOUS");
	DEFAULT(t, label_spoof, "SPOOF");
	DEFAULT(t, label_spam, "SPAM");
	DEFAULT(t, label_bulk, "BULK");
	DEFAULT(t, label_encrypted, "ENCRYPTED");
}

/* Nothing that ends a header line, and nothing that programs leave out or obey. lines: it may have several. */
static bool is_clean(struct str s, bool lines)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if ((c < 32 && !(lines && (c == '\n' || c == '\t'))) || c == 127)
			return false;
	}
	return true;
}

static void check_clean(const struct resource_env *env, struct faults *faults, const char *field,
			struct str value, bool lines)
{
	if (!is_clean(value, lines))
		fault_add_further(faults, fault_at_key(env->arena, STR_NONE, str_of(field)),
				  "%s must not hold control characters%s", field,
				  lines ? " other than line feeds and tabs" : "");
}

/* What a variable stands for there would make a subject of any length. */
static void check_subject(struct faults *faults, struct str template)
{
	if (str_find(template, STR("%REASONS"), 0) != SIZE_MAX ||
	    str_find(template, STR("%THREATS"), 0) != SIZE_MAX)
		fault_add_further(faults, STR("/subject_template"),
				  "subject_template takes %%LABELS, and no other variable");
	if (str_trim(template).n == 0)
		fault_add_further(faults, STR("/subject_template"), "subject_template must not be blank");
}

static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	struct text_add_on *t = obj;
	const struct {
		const char *field;
		struct str *value;
		bool lines;
	} texts[] = {
		{ "subject_template", &t->subject_template, false },
		{ "body_template_text", &t->body_template_text, true },
		{ "body_template_html", &t->body_template_html, true },
		{ "label_external", &t->label_external, false },
		{ "label_malicious", &t->label_malicious, false },
		{ "label_suspicious", &t->label_suspicious, false },
		{ "label_spoof", &t->label_spoof, false },
		{ "label_spam", &t->label_spam, false },
		{ "label_bulk", &t->label_bulk, false },
		{ "label_encrypted", &t->label_encrypted, false },
	};

	if (HAS(t, text_add_on, domain) && !resource_domain_name(env, str_trim(t->domain), &t->domain))
		fault_add_further(faults, STR("/domain"), "domain must be a domain name, or null");
	/* As browsers send what was typed. */
	t->body_template_text = arena_without(env->arena, t->body_template_text, '\r');
	t->body_template_html = arena_without(env->arena, t->body_template_html, '\r');
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		check_clean(env, faults, texts[i].field, *texts[i].value, texts[i].lines);
	check_subject(faults, t->subject_template);
}

/* No domain is named "*". */
static struct str key(const struct resource_env *env, const void *obj)
{
	const struct text_add_on *t = obj;

	return HAS(t, text_add_on, domain) ? domain_fold(env->arena, t->domain) : STR("*");
}

static const struct resource_filter filters[] = { { "domain", text_add_on_F_domain, FILTER_DOMAIN, false } };
static const size_t orders[] = { text_add_on_F_domain };

const struct resource resource_text_add_ons = {
	.table = "text_add_on",
	.noun = "a text add-on",
	RESOURCE_TAIL(text_add_on),
	.most = TEXT_ADD_ONS_MAX,
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.defaults = defaults,
	.check = check,
	.key = key,
	.key_fields = "domain",
};

/* DMARC records. */
#include "auth/dmarc_record.h"

#include "auth/dkim_tag.h"
#include "base/abnf.h"

ENUM_DEFINE(dmarc_policy, DMARC_POLICIES);

/* Sets *out when the tag is there; false when it is there and no policy. */
static bool read_policy(const struct dkim_tags *tags, const char *name, enum dmarc_policy *out)
{
	const struct dkim_tag *tag = dkim_tag_find(tags, name);
	int value = tag ? enum_value_nocase(&dmarc_policy_names, tag->value) : (int)*out;

	if (value >= 0)
		*out = (enum dmarc_policy)value;
	return value >= 0;
}

static bool says(const struct dkim_tags *tags, const char *name, struct str word)
{
	return str_eq_nocase(dkim_tag_value(tags, name, STR("")), word);
}

/* "scheme:something" (RFC 3986 §3) */
static bool is_uri(struct str s)
{
	size_t colon = str_find_char(s, ':', 0);

	if (colon == SIZE_MAX || colon + 1 == s.n || !abnf_is_alpha((unsigned char)s.p[0]))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (i < colon ? !abnf_is_alnum(c) && !strchr("+-.", c) : !abnf_is_vchar(c))
			return false;
	}
	return true;
}

/* rua= names at least one address for reports. */
static bool wants_reports(struct arena *a, const struct dkim_tags *tags)
{
	struct strs uris = arena_split(a, dkim_tag_value(tags, "rua", STR("")), ',');

	for (size_t i = 0; i < uris.n; i++)
		if (is_uri(uris.v[i]))
			return true;
	return false;
}

enum err dmarc_record_parse(struct arena *a, struct str txt, struct dmarc_record *out, struct errbuf *eb)
{
	struct dkim_tags tags;
	enum err e = dkim_tags_parse(a, txt, &tags);

	*out = (struct dmarc_record){ 0 };
	/* v=DMARC1 comes first, or it is some other record (RFC 9989 §4.7, v). */
	if (tags.n == 0 || !str_eq(tags.v[0].name, STR("v")) || !str_eq(tags.v[0].value, STR("DMARC1")))
		return ERR_ABSENT;
	if (e)
		return err_set(eb, ERR_SYNTAX, "it is no list of tags");
	if (says(&tags, "psd", STR("y")))
		out->psd = DMARC_PSD_Y;
	else if (says(&tags, "psd", STR("n")))
		out->psd = DMARC_PSD_N;
	out->strict_dkim = says(&tags, "adkim", STR("s"));
	out->strict_spf = says(&tags, "aspf", STR("s"));
	out->testing = dkim_tag_find(&tags, "t") ? says(&tags, "t", STR("y")) : says(&tags, "pct", STR("0"));
	/* Without p= it is p=none; with a p=, sp= or np= that is none of the three it is, too, if it wants reports. */
	bool good = read_policy(&tags, "p", &out->p);
	out->sp = out->p;
	good &= read_policy(&tags, "sp", &out->sp);
	out->np = out->sp;
	good &= read_policy(&tags, "np", &out->np);
	if (good)
		return OK;
	out->p = out->sp = out->np = DMARC_POLICY_NONE;
	return wants_reports(a, &tags) ? OK : err_set(eb, ERR_SYNTAX, "it asks for no known policy");
}

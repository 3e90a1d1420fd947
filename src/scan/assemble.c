/*
 * Verdict assembly.
 *
 * Every finding has a disposition it speaks for and a weight; each disposition has a level, the sum of the
 * weights times what a finding of that kind contributes to it (the table below). It is reached at the account's threshold,
 * which is 1 unless it says otherwise. A malicious finding of weight 1 decides alone; softer ones make a mail malicious
 * only where two families of evidence agree, since no single pattern decides, and else leave the mail suspicious. What the
 * account itself decided, with weight 1, is so wherever the levels lie. The worst level reached is the verdict.
 *
 * Advertising alone makes no mail suspicious: some of that sum must be of findings that speak for it. And the surer a mail is
 * a newsletter, the less findings of other kinds add to suspicious and spam, but for what is asked of one reader alone.
 */
#include "scan/assemble.h"

#include "base/arena.h"
#include "base/attr.h"
#include "detect/additional.h"

#define ROUNDING 0.001   /* sums of tenths do not add up exactly */
#define FAMILY_LEAST 0.2 /* what a family must contribute to count as agreeing */

#define THRESHOLD(name) offsetof(struct detection_settings, name##_threshold)

/* Contributions: rows are levels, columns what findings speak for. Set by judgement and on the corpora, November 2026. */
static const struct {
	enum disposition level;
	double malicious, suspicious, spoof, spam, bulk;
	double least;        /* of what speaks for this level or a worse one, whatever the rest adds */
	double bulk_dampens; /* what speaks for others, in a newsletter: those have some of every trait */
	bool two_families;
	size_t threshold; /* the setting where it lies */
} levels[] = {
	{ DISP_MALICIOUS, 1, 0.6, 0.4, 0.1, 0, 0, 0, true, THRESHOLD(malicious) },
	{ DISP_SUSPICIOUS, 1, 1, 0.6, 0.7, 0, 0.35, 0.5, false, THRESHOLD(suspicious) },
	{ DISP_SPOOF, 0.2, 0.2, 1, 0, 0, 0, 0, false, THRESHOLD(spoof) },
	{ DISP_SPAM, 1, 1, 1, 1, 0, 0, 0.5, false, THRESHOLD(spam) },
	{ DISP_BULK, 0.2, 0.2, 0.2, 0.2, 1, 0, 0, false, THRESHOLD(bulk) },
};

static double threshold(size_t level, const struct detection_settings *settings)
{
	const char *at = (const char *)settings + levels[level].threshold;

	return *(const double *)(const void *)at - ROUNDING;
}

static bool counts(const struct finding *f)
{
	return !HAS(f, finding, suppressed_by);
}

static double share(size_t level, enum disposition speaks_for)
{
	switch (speaks_for) {
	case DISP_MALICIOUS:
	case DISP_BEC:
		return levels[level].malicious;
	case DISP_SUSPICIOUS:
		return levels[level].suspicious;
	case DISP_SPOOF:
		return levels[level].spoof;
	case DISP_SPAM:
		return levels[level].spam;
	case DISP_BULK:
		return levels[level].bulk;
	case DISP_NONE:
	case DISP_EXTERNAL:
	case DISP_ENCRYPTED:
	case DISP_UNKNOWN:
		break;
	}
	return 0;
}

/* What the account decided, and what people said of the campaign: no threshold is above it. */
static bool was_decided(const struct finding *f)
{
	return f->family == FAMILY_POLICY || str_eq(f->name, STR(CAMPAIGN_CONFIRMED));
}

static bool decides_alone(const struct finding *f)
{
	return counts(f) && f->score >= 1 - ROUNDING &&
	       (f->detection >= DISP_MALICIOUS || (was_decided(f) && f->detection >= DISP_BULK));
}

/*
 * Soft evidence of malice alone: not enough to say so, and too much to say nothing. Below this share of what makes a mail
 * suspicious it is a trait that harmless mail may have.
 */
#define DOUBT_LEAST 0.5

static bool casts_doubt(const struct finding *f, const struct detection_settings *settings)
{
	return counts(f) && f->score >= DOUBT_LEAST * settings->suspicious_threshold &&
	       f->detection >= DISP_MALICIOUS;
}

static double most_for(enum disposition d, const struct finding *v, size_t n)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		if (counts(&v[i]) && v[i].detection == (int)d && v[i].score > most)
			most = v[i].score;
	return most;
}

/* What is asked of one reader, and never of many: a newsletter that does is none, whatever its fields say. */
static bool is_personal(const struct finding *f)
{
	static const enum category asked[] = { CAT_PAYROLL_CHANGE, CAT_GIFT_CARD, CAT_BEC, CAT_EXTORTION,
					       CAT_INVOICE_FRAUD };

	for (size_t i = 0; i < ARRAY_LEN(asked); i++)
		if (f->category == (int)asked[i])
			return true;
	return false;
}

static bool level_reached(size_t level, const struct finding *v, size_t n,
			  const struct detection_settings *settings)
{
	double sum = 0, own = 0, by_family[16] = { 0 };
	double others = 1 - levels[level].bulk_dampens * most_for(DISP_BULK, v, n);
	int families = 0;

	for (size_t i = 0; i < n; i++) {
		/* The account said what such mail is; the trait itself was weighed by who found it, too. */
		if (!counts(&v[i]) || additional_is(&v[i]))
			continue;
		bool of_level = v[i].detection == (int)levels[level].level;
		/* Who decided said what it is, and not that it is half of something else. */
		if (was_decided(&v[i]) && !of_level)
			continue;
		double weight = v[i].score * share(level, (enum disposition)v[i].detection);
		if (v[i].detection >= (int)levels[level].level)
			own += weight;
		if (v[i].detection != (int)levels[level].level && !is_personal(&v[i]))
			weight *= others;
		sum += weight;
		by_family[v[i].family & 15] += weight;
	}
	for (size_t i = 0; i < ARRAY_LEN(by_family); i++)
		families += by_family[i] >= FAMILY_LEAST;
	return sum >= threshold(level, settings) && own >= levels[level].least &&
	       (!levels[level].two_families || families >= 2);
}

static bool has_category(const struct finding *v, size_t n, const enum category *any, size_t n_any)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n_any; j++)
			if (counts(&v[i]) && v[i].category == (int64_t)any[j])
				return true;
	return false;
}

/* Malice in the name of somebody of the registry; or a request for money or cards in a name that is not the sender's. */
static bool is_bec(const struct finding *v, size_t n)
{
	static const enum category name[] = { CAT_NAME_IMPERSONATION, CAT_DOMAIN_SPOOF, CAT_BEC };
	static const enum category want[] = { CAT_GIFT_CARD, CAT_PAYROLL_CHANGE, CAT_INVOICE_FRAUD };

	for (size_t i = 0; i < n; i++)
		if (counts(&v[i]) && finding_is_by(&v[i], &detect_name_impersonation))
			return true;
	return has_category(v, n, name, ARRAY_LEN(name)) && has_category(v, n, want, ARRAY_LEN(want));
}

static enum disposition worse(enum disposition a, enum disposition b)
{
	return a > b ? a : b;
}

enum disposition assemble_decide(const struct finding *v, size_t n, const struct detection_settings *settings)
{
	enum disposition worst = DISP_NONE, level = DISP_NONE;

	for (size_t i = 0; i < n; i++)
		if (decides_alone(&v[i]))
			worst =
			    worse(worst, v[i].detection >= DISP_MALICIOUS ? DISP_MALICIOUS
									  : (enum disposition)v[i].detection);
	for (size_t i = 0; i < ARRAY_LEN(levels) && level == DISP_NONE && worst < DISP_MALICIOUS; i++)
		if (level_reached(i, v, n, settings))
			level = levels[i].level;
	worst = worse(worst, level);
	for (size_t i = 0; i < n && worst < DISP_SUSPICIOUS; i++)
		if (casts_doubt(&v[i], settings))
			worst = DISP_SUSPICIOUS;
	return worst == DISP_MALICIOUS && is_bec(v, n) ? DISP_BEC : worst;
}

void assemble_suppress(struct finding *v, size_t n, struct str pattern)
{
	for (size_t i = 0; i < n; i++)
		if (counts(&v[i]) && (v[i].detection == DISP_SPAM || v[i].detection == DISP_SPOOF ||
				      v[i].detection == DISP_BULK))
			SET(&v[i], finding, suppressed_by, pattern);
}

/* What a file is and what the account decided stay so, whoever sent the mail and whatever it says. */
bool assemble_stands(const struct finding *f, enum disposition to)
{
	return counts(f) && f->detection > (int)to &&
	       (f->family == FAMILY_ATTACHMENT || f->family == FAMILY_POLICY || f->family == FAMILY_NONE);
}

void assemble_excuse(struct finding *v, size_t n, enum disposition to, struct str by)
{
	for (size_t i = 0; i < n; i++)
		if (counts(&v[i]) && v[i].detection > (int)to && !assemble_stands(&v[i], to))
			SET(&v[i], finding, suppressed_by, by);
}

static bool before(const struct finding *a, const struct finding *b)
{
	if (counts(a) != counts(b))
		return counts(a);
	if (a->detection != b->detection)
		return a->detection > b->detection;
	return a->score > b->score;
}

/* By insertion: stable, at most LIMIT_FINDINGS of them, and qsort would ask the system for memory. */
void assemble_sort(struct finding *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct finding f = v[i];
		size_t j = i;
		for (; j > 0 && before(&f, &v[j - 1]); j--)
			v[j] = v[j - 1];
		v[j] = f;
	}
}

struct strs assemble_reasons(struct arena *a, const struct finding *v, size_t n)
{
	struct strs out = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (!counts(&v[i]))
			continue;
		struct str s = v[i].reason;
		if (s.n > 0 && s.p[s.n - 1] == '.')
			s.n--;
		if (HAS(&v[i], finding, field) && HAS(&v[i], finding, value))
			s = ARENA_JOIN(a, s, STR(" : "), v[i].field, STR("="), defang(a, v[i].value));
		ARENA_PUSH(a, &out, s);
	}
	return out;
}

struct threat_category_list assemble_categories(struct arena *a, const struct finding *v, size_t n)
{
	struct threat_category_list out = { 0 };

	for (size_t i = 0; i < n; i++) {
		bool known = false;
		for (size_t j = 0; j < out.n; j++)
			known |= out.v[j].id == v[i].category;
		if (!counts(&v[i]) || !HAS(&v[i], finding, category) || known)
			continue;
		const struct category_text *text = category_text((int)v[i].category);
		struct threat_category c = { 0 };
		SET(&c, threat_category, id, v[i].category);
		SET(&c, threat_category, name, text->name);
		SET(&c, threat_category, description, text->description);
		ARENA_PUSH(a, &out, c);
	}
	return out;
}

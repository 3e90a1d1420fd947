/* Walking up. */
#include "auth/dmarc_walk.h"

/* The last n labels of a name. */
static struct str last_labels(struct str name, size_t n)
{
	for (size_t i = name.n; i > 0; i--)
		if (name.p[i - 1] == '.' && --n == 0)
			return str_sub(name, i, name.n);
	return name;
}

static size_t count_labels(struct str name)
{
	size_t n = 1;

	for (size_t i = 0; i < name.n; i++)
		n += name.p[i] == '.';
	return n;
}

/* The names a walk asks, the domain first; of one with more than eight labels the last seven come next. */
static size_t names_of(struct str domain, struct str out[DMARC_WALK_MAX])
{
	size_t labels = count_labels(domain), n = 0;

	if (!ask_name_ok(domain))
		return 0;
	out[n++] = domain;
	for (labels = labels < DMARC_WALK_MAX ? labels : DMARC_WALK_MAX; labels > 1; labels--)
		out[n++] = last_labels(domain, labels - 1);
	return n;
}

static struct str record_name(struct arena *a, struct str domain)
{
	return ARENA_JOIN(a, STR("_dmarc."), domain);
}

/* The one DMARC record of a name. */
static void read_answer(struct arena *a, const struct answer *answer, struct dmarc_step *out)
{
	size_t records = 0;
	struct errbuf eb;

	if (answer->status == ANSWER_TEMPERROR)
		out->found = DMARC_NO_ANSWER;
	for (size_t i = 0; answer->status == ANSWER_OK && i < answer->records.n; i++) {
		struct dmarc_record record;
		enum err e = dmarc_record_parse(a, answer->records.v[i].data, &record, &eb);
		if (e == ERR_ABSENT)
			continue;
		records++;
		out->record = record;
		out->found = e ? DMARC_BROKEN_RECORD : DMARC_RECORD;
		if (e)
			out->wrong = arena_str(a, str_of(eb.text));
	}
	if (records > 1)
		out->found = DMARC_NO_RECORD;
}

static bool has_record(const struct dmarc_step *s)
{
	return s->found == DMARC_RECORD || s->found == DMARC_BROKEN_RECORD;
}

/*
 * RFC 9989 §4.10.2: from the longest name to the shortest, the first psd=n is it; a psd=y that is not the beginning's
 * makes it the name one label below; else it is the shortest with a record, and without any the domain itself.
 */
static struct str organization(const struct dmarc_walk *w)
{
	struct str org = w->domain;

	for (size_t i = 0; i < w->n; i++) {
		const struct dmarc_step *s = &w->steps[i];
		if (s->found == DMARC_NO_ANSWER)
			return STR_NONE;
		if (!has_record(s))
			continue;
		if (s->record.psd == DMARC_PSD_Y && i > 0)
			return last_labels(w->domain, count_labels(s->domain) + 1);
		org = s->domain;
	}
	return org;
}

void dmarc_walk(struct arena *a, struct asker *q, struct str domain, struct dmarc_walk *out)
{
	struct str names[DMARC_WALK_MAX];
	size_t n = names_of(domain, names);
	struct ask_list asks = { 0 };

	*out = (struct dmarc_walk){ .domain = domain };
	dmarc_walk_asks(a, domain, &asks);
	asker_prefetch(q, asks.v, asks.n);
	while (out->n < n) {
		struct dmarc_step *s = &out->steps[out->n];
		s->domain = names[out->n++];
		read_answer(a, ask_dns(q, record_name(a, s->domain), RR_TXT), s);
		if (has_record(s) && s->record.psd != DMARC_PSD_U)
			break;
	}
	out->org = organization(out);
}

void dmarc_walk_asks(struct arena *a, struct str domain, struct ask_list *list)
{
	struct str names[DMARC_WALK_MAX];
	size_t n = names_of(domain, names);

	for (size_t i = 0; i < n; i++)
		ask_list_dns(a, list, record_name(a, names[i]), RR_TXT);
}

const struct dmarc_step *dmarc_walk_step(const struct dmarc_walk *w, struct str domain)
{
	for (size_t i = 0; i < w->n; i++)
		if (str_eq(w->steps[i].domain, domain))
			return &w->steps[i];
	return NULL;
}

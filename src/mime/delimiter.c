/* Comparing lines with open delimiters. */
#include "mime/delimiter.h"

#include "base/abnf.h"

bool dash_line_find(struct str source, size_t at, size_t to, struct dash_line *out)
{
	struct str region = str_sub(source, 0, to);

	if (!str_starts(str_sub(region, at, to), STR("--"))) {
		at = str_find(region, STR("\n--"), at);
		if (at++ == SIZE_MAX)
			return false;
	}
	size_t lf = str_find_char(region, '\n', at), end = lf == SIZE_MAX ? to : lf;
	out->line = at;
	out->after = lf == SIZE_MAX ? to : lf + 1;
	out->start = at > 0 ? at - 1 : at;
	if (out->start > 0 && region.p[out->start - 1] == '\r')
		out->start--;
	out->text = str_sub(region, at, end);
	return true;
}

/* White space, which programs on the way may add, and the CR of the line end. */
static bool is_padding(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!abnf_is_wsp((unsigned char)s.p[i]) && s.p[i] != '\r')
			return false;
	return true;
}

/* The line as delimiter of a multipart whose boundary is not known. */
static bool is_any_delimiter(struct open_multipart *m, struct str text, struct str next, bool *final)
{
	if (str_starts_nocase(next, STR("Content-"))) {
		m->delimiter = str_trim(text);
		*final = false;
		return true;
	}
	struct str rest = str_sub(text, m->delimiter.n, text.n);
	*final = str_starts(rest, STR("--")) && is_padding(str_sub(rest, 2, rest.n));
	return m->delimiter.n && str_starts(text, m->delimiter) && (*final || is_padding(rest));
}

/* How a line fits the delimiter of one multipart. */
enum fit { FIT_NONE, FIT_BEGINS_WITH, FIT_DELIMITER, FIT_FINAL };

static enum fit fit(struct open_multipart *m, struct str text, struct str next)
{
	bool final;

	if (m->how == DELIMITER_ANY)
		return !is_any_delimiter(m, text, next, &final) ? FIT_NONE
		       : final                                  ? FIT_FINAL
								: FIT_DELIMITER;
	if (text.n < m->delimiter.n || memcmp(text.p, m->delimiter.p, m->delimiter.n) != 0)
		return FIT_NONE;
	struct str rest = str_sub(text, m->delimiter.n, text.n);
	if (is_padding(rest))
		return FIT_DELIMITER;
	if (str_starts(rest, STR("--")) && is_padding(str_sub(rest, 2, rest.n)))
		return FIT_FINAL;
	return m->how == DELIMITER_LOOSE ? FIT_DELIMITER : FIT_BEGINS_WITH;
}

struct open_multipart *delimiter_match(struct open_multiparts *open, struct str text, struct str next,
				       bool *final)
{
	struct open_multipart *best = NULL, *resembled = NULL;

	for (size_t i = 0; i < open->n; i++) {
		struct open_multipart *m = &open->v[i];
		enum fit how = fit(m, text, next);
		if (how == FIT_BEGINS_WITH)
			resembled = m;
		if (how < FIT_DELIMITER || (best && m->delimiter.n <= best->delimiter.n))
			continue;
		best = m;
		*final = how == FIT_FINAL;
	}
	if (!best && resembled)
		resembled->resembled = true;
	return best;
}

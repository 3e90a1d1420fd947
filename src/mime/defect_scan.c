/* Looking over the whole message for bytes and fields that mail programs disagree about. */
#include "mime/internal.h"

static bool is_line_char(struct str raw, size_t at)
{
	return at < raw.n && (raw.p[at] == '\r' || raw.p[at] == '\n');
}

/* A "." alone on a line, one end of which is the line end at [at, after): what SMTP smuggling needs. */
static bool dot_beside(struct str raw, size_t at, size_t after)
{
	bool before = at >= 2 && raw.p[at - 1] == '.' && is_line_char(raw, at - 2);
	bool behind = after < raw.n && raw.p[after] == '.' && is_line_char(raw, after + 1);

	return before || behind;
}

static void scan_lf(struct str raw, struct mime_defects *d)
{
	size_t bare = SIZE_MAX, dot = SIZE_MAX;
	bool crlf = false;

	for (size_t i = 0; (i = str_find_char(raw, '\n', i)) != SIZE_MAX; i++) {
		if (i > 0 && raw.p[i - 1] == '\r') {
			crlf = true;
			continue;
		}
		bare = bare == SIZE_MAX ? i : bare;
		if (dot == SIZE_MAX && dot_beside(raw, i, i + 1))
			dot = i;
	}
	/* Files and milters have LF only, which is no oddity: it is the mixture that is read in two ways. */
	if (crlf && bare != SIZE_MAX)
		defect_add(d, DEFECT_BARE_LF, bare);
	if (crlf && dot != SIZE_MAX)
		defect_add(d, DEFECT_SMUGGLING, dot);
}

static void scan_cr(struct str raw, struct mime_defects *d)
{
	for (size_t i = 0; (i = str_find_char(raw, '\r', i)) != SIZE_MAX; i++) {
		if (i + 1 < raw.n && raw.p[i + 1] == '\n')
			continue;
		defect_add(d, DEFECT_BARE_CR, i);
		if (dot_beside(raw, i, i + 1))
			defect_add(d, DEFECT_SMUGGLING, i);
	}
}

void defect_scan_bytes(struct str raw, struct mime_defects *d)
{
	size_t nul = str_find_char(raw, 0, 0);

	if (nul != SIZE_MAX)
		defect_add(d, DEFECT_NUL, nul);
	scan_lf(raw, d);
	scan_cr(raw, d);
}

/* RFC 5322 §3.6: fields that may occur once. */
static const struct {
	struct str name;
	enum mime_defect duplicate;
} once[] = {
	{ STR_INIT("From"), DEFECT_DUP_FROM },
	{ STR_INIT("Sender"), DEFECT_DUP_SENDER },
	{ STR_INIT("Reply-To"), DEFECT_DUP_REPLY_TO },
	{ STR_INIT("To"), DEFECT_DUP_TO },
	{ STR_INIT("Cc"), DEFECT_DUP_CC },
	{ STR_INIT("Subject"), DEFECT_DUP_SUBJECT },
	{ STR_INIT("Date"), DEFECT_DUP_DATE },
	{ STR_INIT("Message-ID"), DEFECT_DUP_MESSAGE_ID },
};

void defect_scan_fields(const struct headers *h, struct mime_defects *d)
{
	for (size_t i = 0; i < ARRAY_LEN(once); i++) {
		const struct header *first = headers_first(h, once[i].name);
		const struct header *second = first ? headers_next(h, first) : NULL;
		if (second)
			defect_add(d, once[i].duplicate, second->start);
	}
	if (!headers_first(h, STR("From")))
		defect_add(d, DEFECT_MISSING_FROM, h->start);
	if (!headers_first(h, STR("Date")))
		defect_add(d, DEFECT_MISSING_DATE, h->start);
}

void defect_compare_fields(const struct headers *h, const struct headers *other, struct mime_defects *d)
{
	for (size_t i = 0; i < ARRAY_LEN(once); i++) {
		const struct header *f = headers_first(h, once[i].name),
				    *g = headers_first(other, once[i].name);
		if (g && (!f || !str_eq(f->value, g->value) || headers_next(other, g)))
			defect_add(d, once[i].duplicate, f ? f->start : h->start);
	}
}

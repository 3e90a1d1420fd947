/* Unstuffing dots and finding the end of DATA. */
#include "smtp/data.h"

/* Content from p on; stops before a '.' at the start of a line. Gives where it stopped. */
static const char *scan(struct smtp_decoder *d, const char *p, const char *end)
{
	while (p < end) {
		if (d->at == DATA_TEXT) {
			const char *cr = memchr(p, '\r', (size_t)(end - p));
			if (!cr)
				return end;
			p = cr + 1;
			d->at = DATA_CR;
		} else if (d->at == DATA_CR) {
			if (*p == '\n')
				d->at = DATA_LINE_START;
			else if (*p != '\r')
				d->at = DATA_TEXT;
			p++;
		} else {
			if (*p == '.')
				return p;
			d->at = DATA_TEXT;
		}
	}
	return p;
}

size_t smtp_decode(struct smtp_decoder *d, struct str in, struct str *piece_out)
{
	const char *p = in.p, *end = in.p ? in.p + in.n : in.p;

	*piece_out = STR_NONE;
	if (p == end || d->at == DATA_END)
		return 0;
	if (d->at == DATA_DOT_CR) {
		if (*p == '\n') {
			d->at = DATA_END;
			return 1;
		}
		/* It was a stuffed dot and a bare CR. */
		*piece_out = STR("\r");
		d->at = DATA_CR;
		return 0;
	}
	if (d->at == DATA_LINE_START && *p == '.') {
		d->at = DATA_DOT;
		return 1;
	}
	if (d->at == DATA_DOT) {
		if (*p == '\r') {
			d->at = DATA_DOT_CR;
			return 1;
		}
		d->at = DATA_TEXT;
	}
	const char *stop = scan(d, p, end);
	*piece_out = str_from(p, (size_t)(stop - p));
	return (size_t)(stop - in.p);
}

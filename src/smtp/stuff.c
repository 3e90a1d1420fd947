/* Dot-stuffing across the borders of pieces. */
#include "smtp/stuff.h"

/* Writes what was held, now that the next byte is known; false when that byte was its LF and is used up. */
static bool release_held(struct smtp_stuffer *s, char next, char **o)
{
	bool cr = s->at == STUFF_CR;

	if (next == '.' || (cr && next == '\n')) {
		*(*o)++ = '\r';
		*(*o)++ = '\n';
		s->at = STUFF_LINE_START;
		return next == '.';
	}
	*(*o)++ = cr ? '\r' : '\n';
	s->at = next == 0 ? STUFF_NUL : STUFF_TEXT;
	return true;
}

size_t smtp_stuff(struct smtp_stuffer *s, struct str *in, char *out, size_t room)
{
	const char *p = in->p, *end = in->p ? in->p + in->n : in->p;
	char *o = out, *o_end = out + room;

	while (p < end && o_end - o >= SMTP_STUFF_ROOM) {
		if (s->at == STUFF_CR || s->at == STUFF_LF) {
			p += !release_held(s, *p, &o);
			continue;
		}
		if (s->at != STUFF_TEXT && *p == '.')
			*o++ = '.';
		if (s->at != STUFF_TEXT && *p == 0) {
			*o++ = *p++;
			s->at = STUFF_NUL;
			continue;
		}
		const char *run = p, *stop = end - p < o_end - o ? end : p + (o_end - o);
		while (p < stop && *p != '\r' && *p != '\n')
			p++;
		if (p > run) {
			memcpy(o, run, (size_t)(p - run));
			o += p - run;
			s->at = STUFF_TEXT;
		}
		if (p < stop)
			s->at = *p++ == '\r' ? STUFF_CR : STUFF_LF;
	}
	in->n = (size_t)(end - p);
	in->p = p;
	return (size_t)(o - out);
}

size_t smtp_stuff_end(struct smtp_stuffer *s, char out[SMTP_STUFF_END])
{
	struct str bytes = s->at == STUFF_LINE_START ? STR(".\r\n") : STR("\r\n.\r\n");

	s->at = STUFF_LINE_START;
	memcpy(out, bytes.p, bytes.n);
	return bytes.n;
}

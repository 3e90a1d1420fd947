/* DATA (RFC 5321 §4.1.1.4). */
#include "smtp/session.h"

void smtp_cmd_data(struct smtp_session *s, struct str args)
{
	(void)args;
	if (!smtp_content_begin(s))
		return;
	smtp_session_say(s, 354, "End with a dot on a line of its own");
	s->input = SMTP_DATA;
}

enum smtp_took smtp_data_take(struct smtp_session *s)
{
	struct str in = stream_buffered(s->stream), rest = in, piece;

	while (rest.n > 0 && s->decoder.at != DATA_END) {
		size_t n = smtp_decode(&s->decoder, rest, &piece);
		smtp_content_add(s, piece);
		rest = str_sub(rest, n, rest.n);
	}
	stream_take(s->stream, in.n - rest.n);
	if (s->decoder.at != DATA_END)
		return smtp_content_is_hopeless(s, 0) || in.n > 0 ? SMTP_SOME : SMTP_NOTHING;
	if (!smtp_content_may_end(s))
		return SMTP_NEEDS_WORK;
	smtp_content_end(s);
	return SMTP_SOME;
}

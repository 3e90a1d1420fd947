/* DATA (RFC 5321 §4.1.1.4). */
#include "smtp/session.h"

/* Takes what is buffered, up to the end of the content. */
static void take_buffered(struct smtp_session *s)
{
	struct str in = stream_buffered(s->stream), rest = in, piece;

	while (rest.n > 0 && s->decoder.at != DATA_END) {
		size_t n = smtp_decode(&s->decoder, rest, &piece);
		smtp_content_add(s, piece);
		rest = str_sub(rest, n, rest.n);
	}
	stream_take(s->stream, in.n - rest.n);
}

void smtp_cmd_data(struct smtp_session *s, struct str args)
{
	(void)args;
	if (!smtp_content_begin(s))
		return;
	smtp_session_say(s, 354, "End with a dot on a line of its own");
	for (;;) {
		take_buffered(s);
		if (s->decoder.at == DATA_END)
			break;
		if (smtp_content_is_hopeless(s, 0) || !smtp_session_wait(s)) {
			smtp_session_reset(s);
			return;
		}
	}
	smtp_content_end(s);
}

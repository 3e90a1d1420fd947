/*
 * BDAT (RFC 3030 §2): chunks of an exact size, no dots.
 *
 * The bytes of a chunk follow the command whatever we think of it, so they are read, and dropped when they are not
 * wanted. A size that cannot be read leaves us not knowing where the next command starts: the session closes.
 */
#include "base/cursor.h"
#include "smtp/session.h"

struct chunk {
	uint64_t size;
	bool last;
};

static bool parse(struct str args, struct chunk *out)
{
	struct cursor c = cursor_of(args);

	*out = (struct chunk){ .last = false };
	if (cursor_u64(&c, UINT64_MAX, &out->size))
		return false;
	if (cursor_done(&c))
		return true;
	if (!cursor_char(&c, ' '))
		return false;
	cursor_skip_wsp(&c);
	out->last = cursor_text_nocase(&c, STR("LAST"));
	return out->last && cursor_done(&c);
}

/* Reads the chunk's bytes; false when they do not come. */
static bool read_chunk(struct smtp_session *s, uint64_t left, bool wanted)
{
	for (;;) {
		struct str in = stream_buffered(s->stream);
		size_t n = in.n < left ? in.n : (size_t)left;
		if (wanted)
			smtp_content_add(s, str_sub(in, 0, n));
		stream_take(s->stream, n);
		left -= n;
		if (left == 0)
			return true;
		if (!smtp_session_wait(s))
			return false;
	}
}

void smtp_cmd_bdat(struct smtp_session *s, struct str args)
{
	struct chunk chunk;
	bool wanted = s->state & (SMTP_RCPT | SMTP_BDAT);

	if (!parse(args, &chunk)) {
		smtp_session_reset(s);
		smtp_session_say(s, 501, "5.5.4 Needs a size and perhaps LAST; closing");
		s->closing = true;
		return;
	}
	if (!(s->state & SMTP_BDAT))
		s->content = 0;
	if (smtp_content_is_hopeless(s, chunk.size))
		return;
	if (!wanted)
		smtp_session_say(s, 503, "5.5.1 Not at this point");
	else if (s->state == SMTP_RCPT)
		wanted = smtp_content_begin(s);
	if (!read_chunk(s, chunk.size, wanted)) {
		smtp_session_reset(s);
		return;
	}
	if (!wanted)
		return;
	s->state = SMTP_BDAT;
	if (chunk.last || s->content_err) {
		smtp_content_end(s);
		return;
	}
	struct smtp_reply r = smtp_reply_make(250, "2.0.0 %llu bytes taken", (unsigned long long)chunk.size);
	smtp_session_reply(s, &r);
}

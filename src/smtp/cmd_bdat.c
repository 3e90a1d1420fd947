/*
 * BDAT (RFC 3030 §2): chunks of an exact size, no dots.
 *
 * The bytes of a chunk follow the command whatever we think of it, so they are read, and dropped when they are not
 * wanted. A size that cannot be read leaves us not knowing where the next command starts: the session closes.
 */
#include "base/cursor.h"
#include "smtp/session.h"

static bool parse(struct str args, struct smtp_chunk *out)
{
	struct cursor c = cursor_of(args);

	*out = (struct smtp_chunk){ .last = false };
	if (cursor_u64(&c, UINT64_MAX, &out->size))
		return false;
	out->left = out->size;
	if (cursor_done(&c))
		return true;
	if (!cursor_char(&c, ' '))
		return false;
	cursor_skip_wsp(&c);
	out->last = cursor_text_nocase(&c, STR("LAST"));
	return out->last && cursor_done(&c);
}

void smtp_cmd_bdat(struct smtp_session *s, struct str args)
{
	if (!parse(args, &s->chunk)) {
		smtp_session_reset(s);
		smtp_session_say(s, 501, "5.5.4 Needs a size and perhaps LAST; closing");
		s->closing = true;
		return;
	}
	if (!(s->state & SMTP_BDAT))
		s->content = 0;
	if (smtp_content_is_hopeless(s, s->chunk.size))
		return;
	s->carries = s->chunk.size > 0 || s->chunk.last; /* else a peer could go on with it for ever */
	s->chunk.wanted = s->state & (SMTP_RCPT | SMTP_BDAT);
	if (!s->chunk.wanted)
		smtp_session_say(s, 503, "5.5.1 Not at this point");
	else if (s->state == SMTP_RCPT)
		s->chunk.wanted = smtp_content_begin(s);
	s->input = SMTP_CHUNK;
}

/* The chunk is there: its answer, or that to the whole content. */
static void finish(struct smtp_session *s, bool ends)
{
	s->input = SMTP_COMMANDS;
	if (ends) {
		smtp_content_end(s);
		return;
	}
	if (s->chunk.wanted) {
		s->state = SMTP_BDAT;
		struct smtp_reply r =
		    smtp_reply_make(250, "2.0.0 %llu bytes taken", (unsigned long long)s->chunk.size);
		smtp_session_reply(s, &r);
	}
	smtp_session_count(s);
}

enum smtp_took smtp_chunk_take(struct smtp_session *s)
{
	struct smtp_chunk *c = &s->chunk;
	struct str in = stream_buffered(s->stream);
	size_t n = in.n < c->left ? in.n : (size_t)c->left;

	if (c->wanted)
		smtp_content_add(s, str_sub(in, 0, n));
	stream_take(s->stream, n);
	c->left -= n;
	if (c->left > 0)
		return n > 0 ? SMTP_SOME : SMTP_NOTHING;
	bool ends = c->wanted && (c->last || s->content_err);
	if (ends && !smtp_content_may_end(s))
		return SMTP_NEEDS_WORK;
	finish(s, ends);
	return SMTP_SOME;
}

/* The content of a message on its way to the handler, whether it came by DATA or BDAT. */
#include "base/limits.h"
#include "smtp/session.h"

bool smtp_content_begin(struct smtp_session *s)
{
	struct smtp_reply r = s->o->handler->data(s->handler);

	s->content = 0;
	s->content_err = OK;
	s->decoder = (struct smtp_decoder){ DATA_LINE_START };
	if (r.code == 354)
		return true;
	ASSERT(r.code >= 400);
	smtp_session_reply(s, &r);
	smtp_session_reset(s);
	return false;
}

void smtp_content_add(struct smtp_session *s, struct str bytes)
{
	s->content += bytes.n;
	if (s->content_err || bytes.n == 0)
		return;
	s->content_err =
	    s->content > s->o->message_size ? ERR_LIMIT : s->o->handler->chunk(s->handler, bytes);
}

void smtp_content_tell_too_large(struct smtp_session *s)
{
	char ip[IP_TEXT_MAX];
	unsigned left_out;

	if (log_quota_take(&s->shared->too_large, clock_mono_ms(), &left_out))
		log_info(s->o->log, "refused", KV_INT("code", 552), KV_C("why", "too_large"),
			 KV_STR("client", ip_text(&s->peer.ip, ip)), KV_INT("left_out", left_out));
}

static struct smtp_reply refusal(struct smtp_session *s)
{
	if (s->content > s->o->message_size) {
		smtp_content_tell_too_large(s);
		return smtp_reply_make(552, "5.3.4 Message too large, the limit is %llu bytes",
				       (unsigned long long)s->o->message_size);
	}
	return smtp_reply_of(s->content_err, "The message could not be taken");
}

bool smtp_content_may_end(struct smtp_session *s)
{
	if (!s->answer_by_ms)
		s->answer_by_ms = clock_mono_ms() + LIMIT_SMTP_ANSWER_MS;
	return s->working;
}

void smtp_content_end(struct smtp_session *s)
{
	struct smtp_reply r;

	s->input = SMTP_COMMANDS;
	if (s->content_err) {
		r = refusal(s);
		smtp_session_reset(s);
	} else {
		r = s->o->handler->end(s->handler, s->answer_by_ms);
		s->answering = true;
		s->gone = stream_is_gone(s->stream);
		s->state = SMTP_READY;
	}
	s->answer_by_ms = 0;
	s->judged = true;
	smtp_session_reply(s, &r);
	smtp_session_count(s);
}

bool smtp_content_is_hopeless(struct smtp_session *s, uint64_t more)
{
	uint64_t all = s->content + more;

	if (all >= more && all <= s->o->message_size + LIMIT_MESSAGE)
		return false;
	smtp_content_tell_too_large(s);
	smtp_session_reset(s);
	smtp_session_say(s, 552, "5.3.4 Message far too large, closing");
	s->closing = true;
	return true;
}

/*
 * MAIL and RCPT (RFC 5321 §4.1.1.2, §4.1.1.3) with SIZE (RFC 1870), BODY (RFC 6152) and SMTPUTF8 (RFC 6531).
 *
 * Blanks between the colon and the path, though not allowed (§3.3), are so common and so clear that they are taken.
 */
#include "smtp/path.h"
#include "smtp/session.h"

static struct smtp_reply param_size(struct smtp_mail_params *m, const struct smtp_param *p, uint64_t size_max)
{
	enum err e = p->has_value ? str_to_u64(p->value, UINT64_MAX, &m->size) : ERR_SYNTAX;

	if (e == ERR_LIMIT || (!e && m->size > size_max))
		return smtp_reply_make(552, "5.3.4 Message too large, the limit is %llu bytes",
				       (unsigned long long)size_max);
	return e ? smtp_reply_make(501, "5.5.4 SIZE needs a number") : (struct smtp_reply){ .code = 0 };
}

static struct smtp_reply param_body(struct smtp_mail_params *m, const struct smtp_param *p, uint64_t size_max)
{
	(void)size_max;
	m->body_8bit = str_eq_nocase(p->value, STR("8BITMIME"));
	if (m->body_8bit || str_eq_nocase(p->value, STR("7BIT")))
		return (struct smtp_reply){ .code = 0 };
	return smtp_reply_make(501, "5.5.4 BODY is 7BIT or 8BITMIME");
}

static struct smtp_reply param_smtputf8(struct smtp_mail_params *m, const struct smtp_param *p,
					uint64_t size_max)
{
	(void)size_max;
	m->smtputf8 = true;
	return p->has_value ? smtp_reply_make(501, "5.5.4 SMTPUTF8 has no value")
			    : (struct smtp_reply){ .code = 0 };
}

static const struct {
	struct str key;
	/* Code 0 = taken. */
	struct smtp_reply (*take)(struct smtp_mail_params *m, const struct smtp_param *p, uint64_t size_max);
} params[] = {
	{ STR_INIT("SIZE"), param_size },
	{ STR_INIT("BODY"), param_body },
	{ STR_INIT("SMTPUTF8"), param_smtputf8 },
};

static struct smtp_reply take_param(struct smtp_mail_params *m, const struct smtp_param *p, uint64_t size_max,
				    unsigned *seen)
{
	for (size_t i = 0; i < ARRAY_LEN(params); i++) {
		if (!str_eq_nocase(p->key, params[i].key))
			continue;
		if (*seen & 1u << i)
			return smtp_reply_make(501, "5.5.4 Parameter given twice");
		*seen |= 1u << i;
		return params[i].take(m, p, size_max);
	}
	return smtp_reply_make(555, "5.5.4 Parameter not known");
}

static struct smtp_reply take_params(struct cursor *c, struct smtp_mail_params *m, uint64_t size_max)
{
	struct smtp_reply r = { .code = 0 };
	struct smtp_param p;
	unsigned seen = 0;
	enum err e;

	while (!(e = smtp_param_next(c, &p))) {
		r = take_param(m, &p, size_max, &seen);
		if (r.code)
			return r;
	}
	return e == ERR_ABSENT ? r : smtp_reply_make(501, "5.5.4 Parameters not understood");
}

static enum err take_path(struct cursor *c, struct str prefix, enum smtp_path_kind kind,
			  struct smtp_path *out)
{
	if (!cursor_text_nocase(c, prefix))
		return ERR_SYNTAX;
	cursor_skip_wsp(c);
	return smtp_path_parse(c, kind, out);
}

void smtp_cmd_mail(struct smtp_session *s, struct str args)
{
	struct cursor c = cursor_of(args);
	struct smtp_mail_params m = { .size = 0 };
	struct smtp_path path;

	enum err e = take_path(&c, STR("FROM:"), SMTP_PATH_SENDER, &path);
	if (e) {
		smtp_session_say(s, 501,
				 e == ERR_LIMIT ? "5.1.7 Address too long" : "5.1.7 Needs FROM:<address>");
		return;
	}
	struct smtp_reply r = take_params(&c, &m, s->o->message_size);
	if (!r.code && path.utf8 && !m.smtputf8)
		r = smtp_reply_make(553, "5.6.7 This address needs SMTPUTF8");
	if (r.code == 552)
		smtp_content_tell_too_large(s);
	if (r.code) {
		smtp_session_reply(s, &r);
		return;
	}
	if (!s->opened) {
		s->handler = s->o->handler->open(s->o->handler_ctx, &s->peer);
		s->opened = true;
	}
	m.from = path.address;
	r = s->o->handler->mail(s->handler, &m);
	smtp_session_reply(s, &r);
	if (!smtp_reply_is_ok(&r))
		return;
	s->state = SMTP_MAIL;
	s->smtputf8 = m.smtputf8;
	s->recipients = 0;
	s->waited_ms = 0;
	s->content = 0;
}

void smtp_cmd_rcpt(struct smtp_session *s, struct str args)
{
	struct cursor c = cursor_of(args);
	struct smtp_path path;

	enum err e = take_path(&c, STR("TO:"), SMTP_PATH_RECIPIENT, &path);
	if (e) {
		smtp_session_say(s, 501,
				 e == ERR_LIMIT ? "5.1.3 Address too long" : "5.1.3 Needs TO:<address>");
		return;
	}
	if (!cursor_done(&c)) {
		smtp_session_say(s, 555, "5.5.4 Parameters not known");
		return;
	}
	if (path.utf8 && !s->smtputf8) {
		smtp_session_say(s, 553, "5.6.7 This address needs SMTPUTF8");
		return;
	}
	if (s->recipients >= s->o->recipients) {
		smtp_session_say(s, 452, "4.5.3 Too many recipients"); /* RFC 5321 §4.5.3.1.10 */
		return;
	}
	struct smtp_reply r = s->o->handler->rcpt(s->handler, path.address);
	smtp_session_reply(s, &r);
	if (smtp_reply_is_ok(&r)) {
		s->state = SMTP_RCPT;
		s->recipients++;
	}
}

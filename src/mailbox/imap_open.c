/*
 * From a server's name to where folders may be opened: connection, TLS, login (RFC 9051 §6.1 and §6.2; SASL PLAIN, RFC 4616;
 * OAUTHBEARER, RFC 7628).
 *
 * A master user acts for the owner: by SASL PLAIN with the owner as authorization id, else by the login name "owner*master",
 * which Dovecot knows.
 */
#include <stdlib.h>

#include "base/base64.h"
#include "base/limits.h"
#include "mailbox/imap_session.h"
#include "mailbox/token.h"
#include "net/target.h"
#include "net/transport.h"

#define OWN_MAX (1u << 20)
#define WORK_MAX (64u << 20)    /* above what imap_search may find; literals only as far as there is room */
#define SCRATCH_MAX (64u << 20) /* above LIMIT_IMAP_LINE and LIMIT_IMAP_VALUES together */
#define LIST_MAX (8u << 20)     /* above LIMIT_IMAP_FOLDERS of LIMIT_IMAP_NAME */
#define OUT_MAX (1u << 20)      /* a command, but for its mail */

static const uint16_t usual_port[] = {
	[MAILBOX_TLS] = 993,
	[MAILBOX_STARTTLS] = 143,
	[MAILBOX_PLAINTEXT] = 143,
};

/* Who logs in, as whom. */
struct way_in {
	const struct mailbox_site *site;
	const struct mailbox_login *login; /* NULL: none of its own */
	struct str owner;                  /* whose mailbox, as the server names him */
	enum mailbox_security security;
	enum mailbox_login_kind kind;
	struct transport server;
	const char *host;
};

/* ---- what is offered ---- */

/* RFC 9051 Appendix E: all of that is in it. Not LITERAL+, which it has for small literals only. */
static const enum imap_feature in_rev2[] = { IMAP_SASL_IR,     IMAP_UIDPLUS,    IMAP_MOVE,
					     IMAP_IDLE,        IMAP_NAMESPACE,  IMAP_LIST_EXTENDED,
					     IMAP_LIST_STATUS, IMAP_SPECIAL_USE };

void imap_note_features(struct imap *m, struct str words)
{
	m->offers = 0;
	while (words.n > 0) {
		size_t space = str_find_char(words, ' ', 0);
		int feature = enum_value_nocase(&imap_feature_names, str_sub(words, 0, space));
		if (feature >= 0)
			m->offers |= 1u << feature;
		words = str_sub(words, space == SIZE_MAX ? words.n : space + 1, words.n);
	}
	for (size_t i = 0; i < ARRAY_LEN(in_rev2) && imap_offers(m, IMAP_REV2); i++)
		m->offers |= 1u << in_rev2[i];
}

/* Asks, where the server has not told by itself. */
static enum err learn_features(struct imap_call *c)
{
	if (c->m->offers)
		return OK;
	imap_say(c, "CAPABILITY");
	return imap_run(c, NULL, NULL);
}

/* ---- the connection ---- */

static enum err start_tls(struct imap_call *c, const struct way_in *w)
{
	struct imap *m = c->m;

	stream_tls_verify(m->stream, m->tools->verifier, w->host);
	if (stream_tls_finish(m->stream, c->until) == OK)
		return OK;
	const char *doubt = stream_tls_doubt(m->stream);
	m->broken = true;
	if (doubt)
		return mailbox_fail(c->fault, ERR_DENIED, TROUBLE_UNREACHABLE,
				    "The certificate of %s is not trusted: %s.", w->host, doubt);
	return mailbox_fail(c->fault, ERR_LATER, TROUBLE_UNREACHABLE, "TLS with %s failed.", w->host);
}

static enum err connect_to(struct imap_call *c, const struct way_in *w)
{
	struct imap *m = c->m;
	struct target_addresses at;
	struct errbuf why = { "" };

	enum err e =
	    target_find(m->tools->dns, m->tools->allow_private, m->work, w->server.host, c->until, &at, &why);
	struct stream_target target = {
		.host = w->server.host, .port = w->server.port, .addresses = at.v, .addresses_n = at.n
	};
	if (!e && stream_connect(&target, c->until, &m->stream, &why))
		e = ERR_LATER;
	if (e)
		return mailbox_fail(c->fault, e, TROUBLE_UNREACHABLE,
				    "The mailbox server cannot be reached: %s", why.text);
	return w->security == MAILBOX_TLS ? start_tls(c, w) : OK;
}

static enum err greet(struct imap_call *c, const struct way_in *w)
{
	struct imap_reply greeting;
	char words[IMAP_WORDS];
	enum err e = imap_read(c, &greeting);

	if (e)
		return e;
	if (greeting.status == IMAP_BYE)
		return mailbox_fail(c->fault, ERR_LATER, TROUBLE_BUSY,
				    "The mailbox server takes nobody now: %s",
				    imap_words(c->m, greeting.text, words));
	/* PREAUTH: somebody else's word for whose mailbox this is, and no way to TLS (RFC 9051 §11.1). */
	if (greeting.kind != IMAP_UNTAGGED || greeting.status != IMAP_OK)
		return imap_cut(c, "The mailbox server does not greet as IMAP servers do.");
	e = learn_features(c);
	if (e || w->security != MAILBOX_STARTTLS)
		return e;
	if (!imap_offers(c->m, IMAP_STARTTLS))
		return mailbox_fail(c->fault, ERR_DENIED, TROUBLE_UNREACHABLE, "%s does not offer STARTTLS.",
				    w->host);
	imap_say(c, "STARTTLS");
	e = imap_run(c, NULL, NULL);
	if (!e)
		e = start_tls(c, w);
	c->m->offers = 0; /* what was said in clear does not count */
	return e ? e : learn_features(c);
}

/* ---- login ---- */

/*
 * A SASL exchange of one message from us. to_go: what is said when the server asks for another, which it does to tell why it
 * refuses a token.
 */
static enum err authenticate(struct imap_call *c, const char *mechanism, struct str message, struct str to_go)
{
	struct imap *m = c->m;
	struct str text = base64_encode(m->work, message);
	bool at_once = imap_offers(m, IMAP_SASL_IR);

	imap_say(c, "AUTHENTICATE %s", mechanism);
	if (at_once) {
		buf_add_char(&m->out, ' ');
		buf_add(&m->out, text);
	}
	enum err e = imap_send(c);
	if (!e && !at_once)
		e = imap_await_go(c);
	if (!e && !at_once)
		e = imap_write(c, ARENA_JOIN(m->work, text, STR("\r\n")));
	m->to_go = to_go;
	if (!e)
		e = imap_finish(c, NULL, NULL);
	m->to_go = STR_NONE;
	return e;
}

static enum err log_in_by_password(struct imap_call *c, struct str as, struct str user, struct str password)
{
	struct imap *m = c->m;
	struct str zero = STR("\0");

	if (imap_offers(m, IMAP_AUTH_PLAIN))
		return authenticate(c, "PLAIN", ARENA_JOIN(m->work, as, zero, user, zero, password),
				    STR("*\r\n")); /* no more (RFC 9051 §6.2.2) */
	if (imap_offers(m, IMAP_LOGINDISABLED))
		return mailbox_fail(c->fault, ERR_DENIED, TROUBLE_LOGIN,
				    "The mailbox server takes no password on this connection.");
	imap_say(c, "LOGIN ");
	imap_say_string(c, as.n ? ARENA_JOIN(m->work, as, STR("*"), user) : user);
	imap_say(c, " ");
	imap_say_string(c, password);
	return imap_run(c, NULL, NULL);
}

static enum err log_in_as_master(struct imap_call *c, const struct way_in *w)
{
	const struct integration *i = w->site->integration;

	if (!HAS(i, integration, user) || str_is_empty(w->site->secret))
		return mailbox_fail(c->fault, ERR_DENIED, TROUBLE_LOGIN,
				    "The integration names no master user and password.");
	c->m->secret = arena_str(c->m->own, w->site->secret);
	return log_in_by_password(c, w->owner, i->user, c->m->secret);
}

static enum err log_in_as_owner(struct imap_call *c, const struct way_in *w)
{
	if (!w->login || !HAS(w->login, mailbox_login, password))
		return mailbox_fail(c->fault, ERR_DENIED, TROUBLE_LOGIN,
				    "The integration has no password for this mailbox.");
	c->m->secret = arena_str(c->m->own, w->login->password);
	return log_in_by_password(c, STR_NONE, w->owner, c->m->secret);
}

/* A name before the "," that ends it (RFC 5801 §4). */
static struct str saslname(struct arena *a, struct str name)
{
	struct str out = STR("");

	for (size_t at = 0; at < name.n;) {
		size_t end = at;
		while (end < name.n && name.p[end] != ',' && name.p[end] != '=')
			end++;
		struct str mark = end == name.n ? STR("") : name.p[end] == ',' ? STR("=2C") : STR("=3D");
		out = ARENA_JOIN(a, out, str_sub(name, at, end), mark);
		at = end + 1;
	}
	return out;
}

/* RFC 7628, and what Google and Microsoft had before it. */
static enum err authenticate_by_token(struct imap_call *c, const struct way_in *w, struct str token)
{
	struct arena *a = c->m->work;

	if (imap_offers(c->m, IMAP_AUTH_OAUTHBEARER))
		return authenticate(c, "OAUTHBEARER",
				    ARENA_JOIN(a, STR("n,a="), saslname(a, w->owner),
					       STR(",\001auth=Bearer "), token, STR("\001\001")),
				    STR("AQ==\r\n"));
	if (imap_offers(c->m, IMAP_AUTH_XOAUTH2))
		return authenticate(
		    c, "XOAUTH2",
		    ARENA_JOIN(a, STR("user="), w->owner, STR("\001auth=Bearer "), token, STR("\001\001")),
		    STR("\r\n"));
	return mailbox_fail(c->fault, ERR_DENIED, TROUBLE_LOGIN, "%s takes no access tokens.", w->host);
}

/* A token that is refused is kept no longer. */
static enum err try_token(struct imap_call *c, const struct way_in *w)
{
	struct imap *m = c->m;
	struct token_ask ask;
	struct str token;
	enum err e = token_ask_of(w->site, m->work, w->owner, STR_NONE, &ask, c->fault);

	if (!e)
		e = token_for_login(w->site, m->work, w->owner, c->until, &token, c->fault);
	if (e)
		return e;
	m->secret = arena_str(m->own, token);
	e = authenticate_by_token(c, w, token);
	if (e == ERR_DENIED && m->tools->tokens)
		token_drop(m->tools->tokens, &ask, token);
	return e;
}

/* One that was kept may have been called back before its end: then a new one is asked for. */
static enum err log_in_by_token(struct imap_call *c, const struct way_in *w)
{
	enum err e = try_token(c, w);

	return e == ERR_DENIED && c->m->last.status == IMAP_NO && c->m->tools->tokens ? try_token(c, w) : e;
}

static enum err (*const log_in_by[])(struct imap_call *, const struct way_in *) = {
	[MAILBOX_MASTER] = log_in_as_master,
	[MAILBOX_OWN] = log_in_as_owner,
	[MAILBOX_BEARER] = log_in_by_token,
};

/* What a server means that says no to a login: which of the two names is wrong its own words seldom tell. */
static const struct {
	enum mailbox_trouble what;
	const char *means;
} refusals[] = {
	{ TROUBLE_LOGIN, "The login is refused." },
	{ TROUBLE_EXPIRED, "The login is over: its password or token has expired." },
	{ TROUBLE_NO_MAILBOX, "The login is right, but there is no such mailbox, or it may not open it." },
	{ TROUBLE_NO_CONSENT, "The login is right, but it is not permitted to read mail in this way." },
};

static void explain(struct mailbox_fault *fault)
{
	const struct errbuf said = fault->text;

	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		if (refusals[i].what == fault->what)
			err_set(&fault->text, ERR_DENIED, "%s %s", refusals[i].means, said.text);
}

static enum err log_in(struct imap_call *c, const struct way_in *w)
{
	enum err e = log_in_by[w->kind](c, w);

	if (e == ERR_DENIED && c->fault->what == TROUBLE_REFUSED)
		c->fault->what = TROUBLE_LOGIN; /* what NO means here where it has no code */
	if (e == ERR_DENIED && c->m->last.status == IMAP_NO)
		explain(c->fault);
	if (e)
		return e;
	/* More is offered to who is logged in (RFC 9051 §6.2.2). */
	if (!str_eq_nocase(c->m->last.code, STR("CAPABILITY")))
		c->m->offers = 0;
	return learn_features(c);
}

/* ---- the session ---- */

/* What would end one field of a login and begin another. */
static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 127)
			return true;
	return false;
}

static enum err read_way(struct arena *a, const struct mailbox_site *site, struct str address,
			 const struct mailbox_login *login, struct way_in *w, struct mailbox_fault *fault)
{
	const struct integration *i = site->integration;

	*w = (struct way_in){ .site = site, .login = login, .security = MAILBOX_TLS, .kind = MAILBOX_MASTER };
	if (HAS(i, integration, security))
		w->security = (enum mailbox_security)i->security;
	if (HAS(i, integration, login))
		w->kind = (enum mailbox_login_kind)i->login;
	w->owner = arena_str(a, login && HAS(login, mailbox_login, user) ? login->user : address);
	if (w->owner.n > LIMIT_ADDRESS || has_control(w->owner))
		return mailbox_fail(fault, ERR_DENIED, TROUBLE_NO_MAILBOX,
				    "No mailbox has a name such as this.");
	if (!HAS(i, integration, server) || transport_parse(arena_str(a, i->server), &w->server))
		return mailbox_fail(fault, ERR_DENIED, TROUBLE_UNREACHABLE,
				    "The integration names no mailbox server.");
	if (!w->server.ported)
		w->server.port = usual_port[w->security];
	w->host = arena_strndup(a, w->server.host.p, w->server.host.n);
	return OK;
}

static struct imap *new_session(const struct mailbox_tools *tools)
{
	struct imap *m = calloc(1, sizeof(*m));

	ASSERT(m);
	m->tools = tools;
	m->own = arena_new(OWN_MAX, NULL, NULL);
	m->work = arena_new(WORK_MAX, NULL, NULL);
	m->scratch = arena_new(SCRATCH_MAX, NULL, NULL);
	m->list = arena_new(LIST_MAX, NULL, NULL);
	buf_init(&m->line, LIMIT_IMAP_LINE);
	buf_init(&m->out, OUT_MAX);
	buf_init(&m->opened.name, OUT_MAX);
	return m;
}

enum err imap_session_open(const struct mailbox_site *site, struct str address,
			   const struct mailbox_login *login, deadline_ms until, struct imap **out,
			   struct mailbox_fault *fault)
{
	struct imap *m = new_session(site->tools);
	struct imap_call c = { .m = m, .into = m->work, .until = until, .fault = fault };
	struct way_in w;

	*out = NULL;
	enum err e = read_way(m->own, site, address, login, &w, fault);
	if (!e)
		e = connect_to(&c, &w);
	if (!e)
		e = greet(&c, &w);
	if (!e)
		e = log_in(&c, &w);
	if (e)
		imap_session_close(&m);
	else
		*out = m;
	return e;
}

void imap_session_close(struct imap **mp)
{
	struct imap *m = *mp;
	size_t n;

	*mp = NULL;
	if (!m)
		return;
	/* When it does not go out at once, closing says the same. */
	if (m->stream && !m->broken && stream_write_some(m->stream, STR("bye LOGOUT\r\n"), &n))
		m->broken = true;
	stream_close(&m->stream);
	buf_free(&m->line);
	buf_free(&m->out);
	buf_free(&m->opened.name);
	arena_free(&m->own);
	arena_free(&m->work);
	arena_free(&m->scratch);
	arena_free(&m->list);
	free(m);
}

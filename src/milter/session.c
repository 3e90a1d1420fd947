/*
 * The callbacks of libmilter, in the order in which it calls them: a client of the mail server, its name, and each of its
 * mails. libmilter calls those of one client from one thread at a time.
 *
 * Where nothing can be wrong we have agreed to say nothing, so that the mail server sends on without waiting; it waits for
 * us at each recipient and at the end. Content that is of no business of ours is read and dropped: to ask for less of it
 * would have every mail wait once more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "intake/transaction.h"
#include "milter/edits.h"
#include "milter/internal.h"
#include "smtp/path.h"

#define CLIENT_BYTES 8192 /* the name of a client and the version of its TLS */
#define NAME_MAX_BYTES 255
#define MAIL_BYTES \
	(4 * (size_t)LIMIT_MESSAGE_MOST) /* recipients as they were given, and the text of a changed mail */
#define PIECE 65536                      /* header fields are kept until there are so many bytes */
#define FIELD_MOST (4u << 20) /* what libmilter takes in a packet, its lines made longer, and a piece */
#define ID_MAX 64

/* What we do, and all that it takes. */
#define ACTIONS (SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_DELRCPT | SMFIF_CHGBODY)
#define SILENT (SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_HDR | SMFIP_NR_EOH | SMFIP_NR_BODY)

struct given {
	const char *as_given; /* what the mail server calls it */
	struct str address;
};

/* One mail of a client. */
struct mail {
	struct arena *arena;
	struct transaction *transaction; /* NULL: of no business of ours */
	struct {
		struct given *v;
		size_t n;
	} ours; /* recipients; others are only counted */
	size_t foreign;
	bool of_nobody; /* what MAIL says is no address */
	struct buf head;
	uint64_t size;
	enum err failed; /* of keeping its content */
};

/* One client of the mail server. */
struct session {
	struct milter *milter;
	struct arena *arena; /* of the peer's texts, anew at each HELO */
	struct smtp_peer peer;
	bool spaced; /* values of fields come with what stands behind the colon */
	struct mail *mail;
};

/* libmilter gives its callbacks nothing of ours before a session has been made; it has one milter in a process anyway. */
static struct milter *the_milter;

/* ---- what is asked for ---- */

static sfsistat on_negotiate(SMFICTX *ctx, unsigned long actions, unsigned long steps, unsigned long f2,
			     unsigned long f3, unsigned long *actions_out, unsigned long *steps_out,
			     unsigned long *f2_out, unsigned long *f3_out)
{
	/* Of each step at least one has to be named: one that there is not costs nothing. */
	static char none[] = "{none}", tls[] = "{tls_version}", who[] = "{auth_type} {auth_authen}",
		    id[] = "i";
	static const struct {
		int at;
		char *names;
	} macros[] = {
		{ SMFIM_CONNECT, none }, { SMFIM_HELO, tls }, { SMFIM_ENVFROM, who },
		{ SMFIM_ENVRCPT, none }, { SMFIM_EOH, none }, { SMFIM_EOM, id },
	};
	(void)f2;
	(void)f3;
	*f2_out = *f3_out = 0;
	if ((actions & ACTIONS) != ACTIONS) {
		log_error(the_milter->o.log, "milter_refused",
			  KV_C("why", "the mail server does not let header, body and recipients be changed"));
		return SMFIS_REJECT;
	}
	*actions_out = ACTIONS | (actions & SMFIF_SETSYMLIST);
	*steps_out = (steps & (SILENT | SMFIP_HDR_LEADSPC)) | SMFIP_NOUNKNOWN;
	for (size_t i = 0; (actions & SMFIF_SETSYMLIST) && i < ARRAY_LEN(macros); i++)
		if (smfi_setsymlist(ctx, macros[i].at, macros[i].names) != MI_SUCCESS)
			return SMFIS_REJECT;
	struct session *s = calloc(1, sizeof(*s));
	ASSERT(s);
	s->milter = the_milter;
	s->arena = arena_new(CLIENT_BYTES, NULL, NULL);
	s->spaced = *steps_out & SMFIP_HDR_LEADSPC;
	smfi_setpriv(ctx, s);
	milter_session_begins(s->milter);
	return SMFIS_CONTINUE;
}

/* ---- the client ---- */

/* Nothing of a name that is none reaches a trace. */
static struct str text_of(struct arena *a, const char *z, size_t most)
{
	struct str s = str_sub(str_of(z), 0, most);
	char *copy = arena_strndup(a, s.p ? s.p : "", s.n);

	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)copy[i] < ' ' || copy[i] == 0x7f)
			copy[i] = '?';
	s = str_from(copy, s.n);
	return utf8_is_valid(s) ? s : STR("?");
}

static sfsistat on_connect(SMFICTX *ctx, char *name, _SOCK_ADDR *address)
{
	struct session *s = smfi_getpriv(ctx);

	(void)name;
	s->peer = (struct smtp_peer){ .helo = STR(""), .esmtp = true };
	if (address)
		s->peer.ip = ip_from_sockaddr(address);
	return SMFIS_NOREPLY;
}

static sfsistat on_helo(SMFICTX *ctx, char *name)
{
	struct session *s = smfi_getpriv(ctx);
	const char *tls = smfi_getsymval(ctx, (char[]){ "{tls_version}" });

	arena_reset(s->arena);
	s->peer.helo = text_of(s->arena, name, NAME_MAX_BYTES);
	s->peer.tls = tls && *tls;
	s->peer.tls_version = s->peer.tls ? text_of(s->arena, tls, ID_MAX).p : NULL;
	return SMFIS_NOREPLY;
}

/* ---- the envelope ---- */

static void forget_mail(struct session *s)
{
	struct mail *m = s->mail;

	s->mail = NULL;
	if (!m)
		return;
	if (m->transaction && milter_enter(s->milter)) {
		transaction_abandon(&m->transaction);
		milter_leave(s->milter);
	}
	buf_free(&m->head);
	struct arena *a = m->arena;
	arena_free(&a);
	milter_mail_ends(s->milter);
}

static struct str address_of(const char *given)
{
	struct str s = str_trim(str_of(given));

	if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
		s = str_sub(s, 1, s.n - 1);
	return s;
}

static bool is_address(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return false;
	return s.n < SMTP_PATH_MAX && utf8_is_valid(s);
}

/* Whoever has proved to the mail server who he is sends out by it. */
static bool is_own_user(SMFICTX *ctx)
{
	const char *type = smfi_getsymval(ctx, (char[]){ "{auth_type}" }),
		   *who = smfi_getsymval(ctx, (char[]){ "{auth_authen}" });

	return (type && *type) || (who && *who);
}

static sfsistat on_from(SMFICTX *ctx, char **words)
{
	struct session *s = smfi_getpriv(ctx);
	struct smtp_mail_params params = { .from = address_of(words[0]) };

	forget_mail(s);
	if (!milter_mail_begins(s->milter))
		return SMFIS_NOREPLY; /* said at the first recipient */
	struct arena *a = arena_new(MAIL_BYTES, NULL, NULL);
	s->mail = ARENA_NEW(a, struct mail);
	s->mail->arena = a;
	buf_init(&s->mail->head, FIELD_MOST);
	s->mail->of_nobody = !is_address(params.from);
	if (!s->mail->of_nobody && !is_own_user(ctx))
		s->mail->transaction = transaction_new(s->milter->o.intake, &s->peer, &params, true);
	return SMFIS_NOREPLY;
}

/* The answer in the words of a mail server; ours has an enhanced code in front. */
static sfsistat answer(SMFICTX *ctx, const struct smtp_reply *said)
{
	struct smtp_reply r = smtp_reply_complete(said);
	char code[4], *text = strchr(r.text, ' ');

	snprintf(code, sizeof(code), "%d", r.code);
	if (text) {
		*text++ = 0;
		smfi_setreply(ctx, code, r.text,
			      text); /* where it is not to its taste, it has words of its own */
	}
	return smtp_reply_is_later(&r) ? SMFIS_TEMPFAIL : SMFIS_REJECT;
}

static sfsistat say(SMFICTX *ctx, int code, const char *text)
{
	struct smtp_reply r = smtp_reply_make(code, "%s", text);

	return answer(ctx, &r);
}

static sfsistat go_away(SMFICTX *ctx)
{
	return say(ctx, 451, "4.3.2 the mail gateway is being restarted, try again later");
}

static sfsistat on_rcpt(SMFICTX *ctx, char **words)
{
	struct session *s = smfi_getpriv(ctx);
	struct str address = address_of(words[0]);
	struct mail *m = s->mail;

	if (!m)
		return go_away(ctx);
	if (m->of_nobody)
		return say(ctx, 553, "5.1.7 the sender's address is none, or too long");
	if (!m->transaction)
		return SMFIS_ACCEPT;
	if (!is_address(address))
		return say(ctx, 553, "5.1.3 that is no address, or too long");
	if (m->ours.n >= (size_t)s->milter->o.config->smtp_recipients)
		return say(ctx, 452, "4.5.3 too many recipients, send the others in a mail of its own");
	if (!milter_enter(s->milter))
		return go_away(ctx);
	struct smtp_reply reply = transaction_rcpt(m->transaction, address);
	milter_leave(s->milter);
	if (reply.code == 0) {
		m->foreign++;
		return SMFIS_CONTINUE;
	}
	if (!smtp_reply_is_ok(&reply))
		return answer(ctx, &reply);
	transaction_begin(m->transaction); /* the last one is followed by the content */
	struct given given = { arena_str(m->arena, str_of(words[0])).p, arena_str(m->arena, address) };
	ARENA_PUSH(m->arena, &m->ours, given);
	return SMFIS_CONTINUE;
}

/* ---- the content ---- */

/* What is not kept is answered at the end. */
static void keep(struct session *s, struct str bytes)
{
	struct mail *m = s->mail;

	m->size += bytes.n;
	if (m->failed || m->size > (uint64_t)s->milter->o.config->smtp_message_size || bytes.n == 0)
		return;
	if (!milter_enter(s->milter)) {
		m->failed = ERR_LATER;
		return;
	}
	m->failed = transaction_add(m->transaction, bytes);
	milter_leave(s->milter);
}

static void keep_head(struct session *s)
{
	struct buf *head = &s->mail->head;

	if (buf_ok(head))
		keep(s, buf_str(head));
	else
		s->mail->failed = ERR_LIMIT;
	buf_clear(head);
}

static bool has_content(const struct session *s)
{
	return s->mail && s->mail->ours.n > 0;
}

static sfsistat on_header(SMFICTX *ctx, char *name, char *value)
{
	struct session *s = smfi_getpriv(ctx);

	if (!has_content(s))
		return SMFIS_NOREPLY;
	edits_field(&s->mail->head, str_of(name), str_of(value), s->spaced);
	if (s->mail->head.n >= PIECE || !buf_ok(&s->mail->head))
		keep_head(s);
	return SMFIS_NOREPLY;
}

static sfsistat on_header_end(SMFICTX *ctx)
{
	struct session *s = smfi_getpriv(ctx);

	if (has_content(s)) {
		buf_add_c(&s->mail->head, "\r\n");
		keep_head(s);
	}
	return SMFIS_NOREPLY;
}

static sfsistat on_body(SMFICTX *ctx, unsigned char *bytes, size_t n)
{
	struct session *s = smfi_getpriv(ctx);

	if (has_content(s))
		keep(s, str_from(bytes, n));
	return SMFIS_NOREPLY;
}

/* ---- its end ---- */

static const struct outcome *outcome_of(const struct record *r, struct str address)
{
	for (size_t i = 0; r && i < r->outcomes.n; i++)
		if (str_eq(r->outcomes.v[i].address, address))
			return &r->outcomes.v[i];
	return NULL;
}

/* Takes off whom it is held for. *left_out: of our recipients those that get it. */
static bool take_off(SMFICTX *ctx, const struct mail *m, const struct record *r, size_t *left_out)
{
	size_t left = 0;

	for (size_t i = 0; i < m->ours.n; i++) {
		const struct outcome *o = outcome_of(r, m->ours.v[i].address);
		left += o && transaction_leaves(o->status);
	}
	*left_out = left;
	if (left + m->foreign == 0 || left == m->ours.n)
		return true; /* nobody is left, or everybody */
	for (size_t i = 0; i < m->ours.n; i++) {
		const struct outcome *o = outcome_of(r, m->ours.v[i].address);
		if (o && transaction_leaves(o->status))
			continue;
		if (smfi_delrcpt(ctx, (char *)(uintptr_t)m->ours.v[i].as_given) != MI_SUCCESS)
			return false;
	}
	return true;
}

static bool remove_fields(SMFICTX *ctx, const struct mail *m, const struct record *r)
{
	struct edit_places places =
	    edits_removed(m->arena, r->strip.n ? transaction_bytes(m->transaction) : STR_NONE, &r->strip);

	for (size_t i = 0; i < places.n; i++)
		if (smfi_chgheader(ctx, (char *)(uintptr_t)places.v[i].name, places.v[i].nth, NULL) !=
		    MI_SUCCESS)
			return false;
	return true;
}

static bool put_on_top(SMFICTX *ctx, const struct edit_fields *fields)
{
	for (size_t i = 0; i < fields->n; i++)
		if (smfi_insheader(ctx, 0, (char *)(uintptr_t)fields->v[i].name,
				   (char *)(uintptr_t)fields->v[i].value) != MI_SUCCESS)
			return false;
	return true;
}

/* Text add-ons, subject tags, links: before anything else moves the fields. */
static bool change_text(SMFICTX *ctx, const struct session *s, const struct record *r)
{
	const struct mail *m = s->mail;
	struct str mail = transaction_bytes(m->transaction), body;
	struct edit_fields fields = edits_changed(m->arena, mail, &r->edits, s->spaced);

	for (size_t i = 0; i < fields.n; i++) {
		char *name = (char *)(uintptr_t)fields.v[i].name,
		     *value = (char *)(uintptr_t)fields.v[i].value;
		int nth = fields.v[i].nth;
		if ((nth ? smfi_chgheader(ctx, name, nth, value) : smfi_addheader(ctx, name, value)) !=
		    MI_SUCCESS)
			return false;
	}
	return !edits_body(m->arena, mail, &r->edits, &body) ||
	       smfi_replacebody(ctx, (unsigned char *)(uintptr_t)body.p, (int)body.n) == MI_SUCCESS;
}

static bool change(SMFICTX *ctx, const struct session *s, const struct record *r)
{
	const struct mail *m = s->mail;
	struct outgoing out;

	if (transaction_outgoing(m->transaction, &out))
		return false;
	struct edit_fields ours = edits_added(m->arena, out.pieces.v[0], s->spaced);
	return (!out.changed || change_text(ctx, s, r)) && remove_fields(ctx, m, r) && put_on_top(ctx, &ours);
}

/*
 * What was filed is done: a change that does not reach the mail server ends in "come again", and the sender's next try finds
 * the record.
 */
static sfsistat act(SMFICTX *ctx, const struct session *s)
{
	const struct mail *m = s->mail;
	const struct record *r = transaction_filed(m->transaction);
	size_t left;

	if (!take_off(ctx, m, r, &left))
		return SMFIS_TEMPFAIL;
	if (left + m->foreign == 0)
		return SMFIS_DISCARD;
	if (left > 0 && !change(ctx, s, r))
		return SMFIS_TEMPFAIL;
	return SMFIS_ACCEPT;
}

static sfsistat end_mail(SMFICTX *ctx, struct session *s)
{
	struct mail *m = s->mail;

	if (m->size > (uint64_t)s->milter->o.config->smtp_message_size)
		return say(ctx, 552, "5.3.4 the mail is larger than the gateway takes");
	if (m->failed) {
		struct smtp_reply reply = smtp_reply_of(m->failed, "no room to keep the mail");
		return answer(ctx, &reply);
	}
	struct str id = text_of(m->arena, smfi_getsymval(ctx, (char[]){ "i" }), ID_MAX);
	struct smtp_reply reply = transaction_end(m->transaction, id, clock_mono_ms() + LIMIT_SMTP_ANSWER_MS);
	return smtp_reply_is_ok(&reply) ? act(ctx, s) : answer(ctx, &reply);
}

static sfsistat on_end(SMFICTX *ctx)
{
	struct session *s = smfi_getpriv(ctx);

	if (!has_content(s))
		return s->mail ? SMFIS_ACCEPT : go_away(ctx);
	if (!milter_enter(s->milter))
		return go_away(ctx);
	sfsistat said = end_mail(ctx, s);
	transaction_free(&s->mail->transaction);
	milter_leave(s->milter);
	forget_mail(s);
	return said;
}

static sfsistat on_abort(SMFICTX *ctx)
{
	struct session *s = smfi_getpriv(ctx);

	if (s)
		forget_mail(s);
	return SMFIS_CONTINUE;
}

static sfsistat on_close(SMFICTX *ctx)
{
	struct session *s = smfi_getpriv(ctx);

	if (!s)
		return SMFIS_CONTINUE;
	forget_mail(s);
	smfi_setpriv(ctx, NULL);
	milter_session_ends(s->milter);
	arena_free(&s->arena);
	free(s);
	return SMFIS_CONTINUE;
}

void session_register(struct milter *m, struct smfiDesc *out)
{
	static char name[] = "Postern";

	the_milter = m;
	*out = (struct smfiDesc){
		.xxfi_name = name,
		.xxfi_version = SMFI_VERSION,
		.xxfi_flags = ACTIONS | SMFIF_SETSYMLIST,
		.xxfi_connect = on_connect,
		.xxfi_helo = on_helo,
		.xxfi_envfrom = on_from,
		.xxfi_envrcpt = on_rcpt,
		.xxfi_header = on_header,
		.xxfi_eoh = on_header_end,
		.xxfi_body = on_body,
		.xxfi_eom = on_end,
		.xxfi_abort = on_abort,
		.xxfi_close = on_close,
		.xxfi_negotiate = on_negotiate,
	};
}

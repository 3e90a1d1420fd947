/* A scripted IMAP server, what is asked of a mailbox there, and what must come of it. */
#ifndef TEST_SCENE_H
#define TEST_SCENE_H

#include "../smtp/hop.h"
#include "mailbox/mailbox.h"

#define SHORT_MS 80
#define LONG_MS 10000
#define ARENA_BYTES (1u << 20)

enum verb { OPEN, FIND, CHANGES, WAIT, FETCH, MOVE, MOVE_BACK, DELETE, RESTORE };

struct scene {
	enum verb verb;
	const char *user, *secret; /* of the master user; NULL: the owner's own */
	const char *script[40];
	int ms; /* 0 = plenty */
	enum err e;
	enum mailbox_trouble what;
	const char *text; /* in the fault, or "folder id" that came out */
};

static const struct mail_place place = { STR_INIT("INBOX"), STR_INIT("7.5") };
#define MAIL "Message-ID: <a@b>\r\n\r\nx\r\n" /* 24 bytes */
#define RECEIVED_US (INT64_C(1706929506) * 1000000)
#define RECEIVED "03-Feb-2024 03:05:06 +0000"

struct result {
	struct mail_items items;
	struct mailbox_changes changes;
	struct mail_place to;
	struct str bytes;
	struct mail_marks marks;
	bool broken;
};

static inline enum err act(struct mailbox *m, struct arena *a, enum verb verb, deadline_ms until,
			   struct result *r, struct mailbox_fault *fault)
{
	const struct mail_marks marks = { STR("\\Seen \\Recent \\Deleted $x bad{flag"), RECEIVED_US };

	switch (verb) {
	case OPEN:
		return OK;
	case FIND:
		return mailbox_find(m, a, STR("<a@b>"), until, &r->items, fault);
	case CHANGES:
		return mailbox_changes(m, a, FOLDER_INBOX, STR_NONE, 0, 10, until, &r->changes, fault);
	case WAIT:
		return mailbox_wait(m, clock_mono_ms() + SHORT_MS, fault);
	case FETCH:
		return mailbox_fetch(m, a, &place, until, &r->bytes, &r->marks, fault);
	case MOVE:
		return mailbox_move(m, a, &place, DESTINATION_JUNK, until, &r->to, fault);
	case MOVE_BACK:
		return mailbox_move_back(m, a, &place, STR("Old"), until, &r->to, fault);
	case DELETE:
		return mailbox_delete(m, a, &place, until, &r->to, fault);
	case RESTORE:
		return mailbox_restore(m, a, STR(MAIL), &marks, STR("Old"), until, &r->to, fault);
	}
	return ERR_BUG;
}

/* A server, and what is needed to open a mailbox there. */
struct stage {
	struct hop hop;
	atomic_bool ending;
	struct mailbox_tools tools;
	struct integration integration;
	struct mailbox_login own;
	struct mailbox_site site;
};

static inline void set_stage(struct stage *g, struct arena *a, const struct scene *s)
{
	*g = (struct stage){ .tools = { .allow_private = true } };
	hop_start(&g->hop, s->script, NULL);
	g->tools.ending = &g->ending;
	g->integration.provider = MAILBOX_IMAP;
	SET(&g->integration, integration, server, arena_printf(a, "127.0.0.1:%u", (unsigned)g->hop.port));
	SET(&g->integration, integration, security, MAILBOX_PLAINTEXT);
	SET(&g->integration, integration, login, s->user ? MAILBOX_MASTER : MAILBOX_OWN);
	SET(&g->integration, integration, user, str_of(s->user));
	SET(&g->own, mailbox_login, password, str_of(s->secret));
	g->site = (struct mailbox_site){ &g->tools, &g->integration, str_of(s->secret) };
}

static inline enum err open_stage(struct stage *g, const struct scene *s, deadline_ms until,
				  struct mailbox **m, struct mailbox_fault *fault)
{
	return mailbox_open(&g->site, STR("ann@a.test"), s->user ? NULL : &g->own, until, m, fault);
}

static inline enum err play(const struct scene *s, struct arena *a, struct result *r,
			    struct mailbox_fault *fault)
{
	deadline_ms until = clock_mono_ms() + (s->ms ? s->ms : LONG_MS);
	struct stage g;
	struct mailbox *m;

	set_stage(&g, a, s);
	*r = (struct result){ .broken = true };
	enum err e = open_stage(&g, s, until, &m, fault);
	if (!e) {
		e = act(m, a, s->verb, until, r, fault);
		r->broken = mailbox_is_broken(m);
	} else {
		assert_null(m);
	}
	mailbox_close(&m);
	assert_string_equal(hop_join(&g.hop), "");
	buf_free(&g.hop.content);
	return e;
}

static inline void check(const struct scene *s, struct arena *a, struct result *r)
{
	struct mailbox_fault fault;
	enum err e = play(s, a, r, &fault);

	if (e != s->e || (e && !strstr(fault.text.text, s->text)))
		print_message("# %s: %s\n", err_name(e), e ? fault.text.text : "");
	assert_int_equal(e, s->e);
	assert_int_equal(fault.what, s->what);
	assert_null(strstr(fault.text.text, "secret"));
	if (e)
		assert_non_null(strstr(fault.text.text, s->text));
	else if (s->text)
		assert_string_equal(ARENA_JOIN(a, r->to.folder, STR(" "), r->to.id).p, s->text);
}

static inline void check_all(const struct scene *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
		struct result r;
		print_message("# %zu: %s\n", i, v[i].script[1] ? v[i].script[1] : "");
		check(&v[i], a, &r);
		if (v[i].what == TROUBLE_CUT)
			assert_true(r.broken);
		arena_free(&a);
	}
}

/* ---- pieces of scripts ---- */

#define HELLO "S:* OK [CAPABILITY IMAP4rev1] hi"
#define LOGIN "C:p1 LOGIN \"ann@a.test\" \"secret\""
#define IN(offers) HELLO, LOGIN, "S:p1 OK [CAPABILITY IMAP4rev1 " offers "] in"
#define BYE "C:bye LOGOUT"

#define FULL "LITERAL+ UIDPLUS MOVE IDLE"
#define EXAMINE                   \
	"C:p2 EXAMINE \"INBOX\"", \
	    "R:* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 6] x\r\np2 OK x\r\n"
#define SELECT "C:p2 SELECT \"INBOX\"", "R:* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\np2 OK [READ-WRITE] x\r\n"
#define DESCRIBED "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
#define HEADER(uid, id)                                                                       \
	"* 1 FETCH (UID " uid " FLAGS (\\Seen) INTERNALDATE \"" RECEIVED "\" RFC822.SIZE 24 " \
	"BODY[HEADER.FIELDS (\"Message-ID\")] \"Message-ID: " id "\")\r\n"

#endif

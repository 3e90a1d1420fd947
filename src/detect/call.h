/* What a mail asks its reader to click: its links without footers, headers and files, and how they belong together. */
#ifndef DETECT_CALL_H
#define DETECT_CALL_H

#include "detect/host_kind.h"
#include "mime/content.h"

struct scan;

#define CALLS_MAX 64  /* links looked at: what is asked stands at the beginning */
#define CALLS_CODES 8 /* of them kept for QR codes, whose pictures come behind all texts */

struct call {
	const struct mime_link *link;
	struct str host;  /* folded */
	struct str owner; /* registrable, or the host where it has none */
	enum host_kind kind;
	bool plain;  /* in plain text; a code is as good as a link with a text of its own */
	bool footer; /* to unsubscribe, to read terms, to follow somebody */
	bool house;  /* of the sender's house, or of the reader's */
};

struct calls {
	struct call v[CALLS_MAX];
	size_t n;
	size_t asked;  /* that are no footer */
	size_t owners; /* of those, different */
	size_t marked; /* of those, in HTML */
	const struct call
	    *main; /* the one asked for most: most links lead to its owner, the first of these; NULL = none */
	size_t main_n;     /* how many of those asked lead to the owner of main */
	bool house_linked; /* some link leads to the sender's house */
	bool leave;        /* a link offers to leave */
	bool unsubscribe;  /* it or List-Unsubscribe does */
	/*
	 * What remains of words that lure, by where the mail leads. What speaks of an account and shows no way to act on it but by
	 * going to a site one knows, or leads to the sender's own, is as a rule what it says. Whoever has no domain of his own, wants
	 * answers elsewhere or sends on what he got, leads somewhere else: 1.
	 */
	double lure_share;
	bool
	    conversation; /* an answer, or by a discussion list; believed only where it was proved or nothing could be */
};

/* In the arena. */
const struct calls *calls_of(const struct scan *s);

/* The link stands in a text of the message itself, not in a file. */
bool call_is_of_text(const struct scan *s, const struct mime_link *l);

/* Share of all that is asked for which leads to the owner of a call. */
double call_share(const struct calls *c, const struct call *call);

struct brand;
struct finding;
struct findings;

#define PRETENCE_LEAST 0.3 /* of the score of a pretence that is told of */

/* Whether a subject, folded, speaks of what a fraud is after: an account, a payment, a parcel. */
bool call_is_urgent(struct str folded);

/* "www.example.com" as text of a link to there: as people write, and programs make links of it. */
bool call_shows_itself(const struct scan *s, const struct call *c);

/* It has the fields of an answer, and does not forward: mail programs write them there, too. */
bool call_is_answer(const struct scan *s);
/*
 * It answers what the account sent to him, and he is proved; of a file, where nobody could be asked, it has the form of an answer.
 * Who passes on what strangers wrote answers nobody, whatever fields his program writes.
 */
bool call_is_answer_to_us(const struct scan *s);

/* An answer, or by a list: what it names, it talks about. */
bool call_is_discussed(const struct scan *s);

/*
 * A letter to readers: it names a list, leads to its sender's house or through a mailing service, and is not sent from a free
 * mailbox. Elsewhere List-Unsubscribe is there for filters.
 */
bool call_is_letter(const struct scan *s);

/* Where links lead. */
struct leads {
	size_t n, theirs; /* web links that are to be followed, and those to the brand's own domains */
	struct str host;  /* of the first that leads to somebody else */
	bool own_house;   /* one leads to the sender's own domain */
};

/* b NULL: no brand is asked about. */
struct leads call_leads(const struct scan *s, const struct brand *b);

/* A telephone number, by its form: ten digits or more with little between them. */
bool call_has_phone(struct str text);

/* The mail wants something done: a link, a file or a telephone number leads to somebody else. */
bool call_wants(const struct scan *s, const struct leads *l);

/* A finding that From is not who it pretends to be. It never decides alone, and is halved for a known sender. */
struct finding *call_pretence(const struct scan *s, struct findings *out, const char *signal, double score,
			      const char *reason);

#endif

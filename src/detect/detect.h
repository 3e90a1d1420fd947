/*
 * What a detector is, what it may look at, and how it says what it found.
 *
 * A detector is one file and one line of DETECTORS (model/detector.h). It reads a const scan and appends findings, each with its
 * evidence and a sentence for people. It does no I/O; what it wants to know of the world it asks scan->asker.
 * How findings become a verdict is scan/assemble.c's.
 */
#ifndef DETECT_DETECT_H
#define DETECT_DETECT_H

#include "base/arena.h"
#include "mime/content.h"
#include "mime/tree.h"
#include "model/category.h"
#include "model/detector.h"
#include "model/message.h"
#include "scan/ask.h"
#include "scan/scan.h"

/* Independent kinds of evidence: two of them must agree before soft findings make a mail malicious. */
enum family {
	FAMILY_NONE,
	FAMILY_SENDER,     /* who it claims to be from, and whether that was proved */
	FAMILY_CONTENT,    /* what the text says */
	FAMILY_URL,        /* where links lead */
	FAMILY_ATTACHMENT, /* what is attached */
	FAMILY_BULK,       /* how it was sent to many */
	FAMILY_HEADER,     /* how the message is built */
	FAMILY_POLICY,     /* what the account decided */
};

/* A mailbox in a header field, made comparable. */
struct identity {
	struct str address;    /* as written, UTF-8; "" = absent */
	struct str name;       /* display name, decoded */
	struct str domain;     /* folded to A-labels; "" = none */
	struct str owner;      /* registrable domain, or domain where it has none */
	struct str header;     /* name of the field it stands in */
	size_t offset, length; /* of that field in the message */
};

/* Mailboxes in all From and Reply-To fields, each once: readers do not agree which of several they show. */
struct mailbox {
	struct str header; /* "From" or "Reply-To" */
	struct str address;
	struct str domain; /* folded; "" = none */
};
struct mailboxes {
	struct mailbox *v;
	size_t n;  /* at most LIMIT_MAILBOXES */
	bool more; /* there were more */
};

/* What was proved of the sender. Where nothing could be checked, checked is false and the rest means nothing. */
struct proof {
	bool checked;
	bool
	    complete; /* SPF, DKIM and DMARC all were, so that what they do not prove speaks against the sender */
	/* Identities of which DNS told nothing, folded: that these did not pass speaks against nobody. */
	struct strs unanswered;
	enum auth_result spf, dkim, dmarc;
	struct str spf_text, dkim_text, dmarc_text; /* the exact results, such as "softfail" */
	struct str spf_domain;                      /* the identity SPF was checked for */
	struct strs dkim_domains;                   /* of signatures that pass, folded */
	struct str dmarc_domain;                    /* whose DMARC result it is, folded */
	struct str dmarc_policy; /* "reject", "quarantine", "none", "" = no record or not known */
	struct str vouched_by; /* a trusted host that sealed the mail and had found From proved; "" = none */
	struct str comment;    /* what the three words leave out */
	bool envelope_proved, header_proved, any_pass; /* as policy_facts */
};

/* What the account's past says of the sender; zero where offline or never seen. */
struct past {
	struct history from, domain, pair;
	struct history wrote, wrote_domain; /* what the account itself wrote to From, and to its domain */
	struct history list;                /* the list of List-Id, where it was proved to be one */
	struct history returned; /* the message that this bounce gives back, where the account sent it */
	struct history sends;    /* what is seen of the account's own mail, of that message's domain */
	double
	    signups; /* newsletters and sign-ups to the first recipient of senders new to him, this hour and the last */
	double wave;       /* senders of the same text, this hour and the last */
	bool in_wave;      /* this one is among them */
	bool answers;      /* In-Reply-To or References name a message that the account sent */
	bool known;        /* an answer came */
	bool domain_known; /* an answer came of the domain */
};

/* What is equal in texts that differ in names and numbers: the least hashes of its runs of words. */
struct text_mark {
	struct str hex;
	struct marked_word *v; /* that it is made of, in order (fingerprint.c) */
	size_t words;
	struct own_words *own; /* the readers' own, of which no fingerprint is made */
};

/* The message that a bounce gives back. */
struct returned {
	struct str id;     /* Message-ID without its brackets; "" = it gives none back, or one without */
	struct str domain; /* of its From, folded */
	const struct mime_part *part;
};

struct calls;
struct documents;
struct forwards;
struct marked_word;
struct own_words;
struct owners;
struct sending_host; /* auth/received.h */
struct text_index;

/* Facts of one mail. */
struct scan {
	struct arena *arena;
	const struct scan_job *job;
	const struct policy *policy; /* of the account; NULL = none */
	const struct mime_tree *mail;
	const struct mime_content *content;
	/* from: where From names nobody, Sender or the envelope, as some mail servers write a From of their own. */
	struct identity from, reply_to, sender, envelope;
	struct mailboxes mailboxes;
	struct strs from_domains;       /* all that From names, each once, folded */
	struct str subject;             /* decoded */
	struct str words;               /* subject and visible text in the form text.h compares, made once */
	struct str body_words;          /* its part behind the subject */
	const struct text_index *index; /* of words (text.h) */
	struct str hidden_words;        /* text that HTML hides, likewise */
	struct text_mark text_mark;
	const struct sending_host
	    *host; /* that sent it, as far back as the account says; NULL = not looked for */
	struct proof proof;
	struct past past;
	struct returned returned;
	const struct forwards *forwards;   /* what the sender forwards by hand (forward.h); NULL = nothing */
	const struct calls *calls;         /* what the reader is asked to click (call.h) */
	const struct documents *documents; /* what hardly more than an envelope holds (documents.h) */
	struct owners *owners;             /* of hosts that were asked for (owners.h) */
	bool own_domain;                   /* From is in a protected domain, or under one */
	struct asker *asker;
};

/* Whether a domain is a protected one or lies under one; folded. */
bool sender_is_own_domain(const struct scan *s, struct str domain);
/* A sender whose name was proved now and who wrote before without harm: weighted scores are dampened. */
bool sender_is_known(const struct scan *s);
/* The account wrote to the sender first, or this proves to answer what it wrote to the sender's house. */
bool sender_is_solicited(const struct scan *s);
/* In-Reply-To or References is there: what anybody can write. */
bool sender_claims_answer(const struct scan *s);
/* It answers what the account sent; where nothing is known of the past, it claims to. */
bool sender_answers(const struct scan *s);
/* Nobody here ever heard of the sender's address, nor wrote to it. Never where nothing is known of the past. */
bool sender_is_new(const struct scan *s);
/* The mail came by a mailing list whose name in List-Id is of the owner that SPF or DKIM proves. */
bool sender_is_proved_list(const struct scan *s);
/* And the account had mail by it before that did no harm. */
bool sender_is_known_list(const struct scan *s);
/*
 * What words of advertising weigh where the mail names a list, 1 where it names none: shops and letters to readers say what they
 * sell, and may do so where they were asked to; they name the list and how to leave it. Anybody can write that field, so it
 * weighs more where nothing proves the sender. A mailbox of free mail has no list of its own, and what leads to strangers names
 * one for filters.
 */
double sender_list_share(const struct scan *s);
/* What List-Id names, folded: "Name <list.example.org>" (RFC 2919 §2), or the name alone. "" = there is none. */
struct str sender_list_domain(const struct scan *s);
/* A name below somebody else's, which nobody sends from who has one of his own: free mail, tenants of a cloud, free sites. */
bool sender_is_borrowed(const struct scan *s);
/* What says of a mail that it did not arrive, and quotes it; by whatever speaks for it, so it is no proof of being harmless. */
bool sender_is_bounce(const struct scan *s);
/* That, or what a machine sends by itself: an automatic answer, a notice. */
bool sender_is_report(const struct scan *s);
/* A report by its structure (RFC 3464, 8098, 5965), or of a mail server whose bounces would go to nobody: not by From alone. */
bool sender_is_mail_server(const struct scan *s);
/* The subject's part of s->words. */
struct str scan_subject_words(const struct scan *s);
/* The first field of the message by that name; NULL = none. */
const struct header *scan_field(const struct scan *s, const char *name);
/* Whether DNS told nothing of an identity that could have proved From. */
bool sender_is_unanswered(const struct scan *s);
/* The next address that a text shows, such as a display name; false: no more. *at begins at 0. */
bool sender_shown_address(struct str text, size_t *at, struct str *out);

/* What detect_text_words weighs of a mail. */
struct scan_text text_to_weigh(const struct scan *s);

struct findings {
	struct arena *arena;
	struct finding *v;
	size_t n;
	const struct detector *by; /* who is running; names and families come from it */
	size_t gave_up;            /* comparisons with expressions of the account that took too long */
};

/* What must be there for a detector to be called. */
enum {
	NEED_FROM = 1 << 0,
	NEED_WORDS = 1 << 1,
	NEED_LINKS = 1 << 2,
	NEED_ATTACHMENTS = 1 << 3,
	NEED_OTHERS = 1 << 4, /* what all others found: it is called behind them */
};

struct detector {
	const char *name; /* stable id, stored with each finding; files of one subject may share it */
	enum family family;
	unsigned needs;
	void (*run)(const struct scan *s, struct findings *out);
};

/* All detectors, by enum detector_id. */
extern const struct detector *const detectors[DETECTOR_COUNT];

/*
 * Runs every detector whose needs are met. What those find that the account switched off is marked so, and stays: who reads
 * why a mail is what it is must see what was not counted.
 */
void detect_run(const struct scan *s, struct findings *out);

/* One more finding; signal: the rule within the detector, NULL = it has one only. Valid until the next call. */
struct finding *finding_add(struct findings *out, const char *signal, enum disposition d, double score,
			    enum category category, const char *reason);
/* Whether a detector said it. */
bool finding_is_by(const struct finding *f, const struct detector *d);
/* Whether one said that signal of the mail, and it counts. */
bool finding_is_said(const struct findings *all, const struct detector *d, const char *signal);
/* Where it was seen. value is cut to what a finding holds. */
void finding_where(struct finding *f, const char *field, const char *portion, struct str value);
void finding_bytes(struct finding *f, size_t offset, size_t length);
/* The body of a part, unless it is none of the message's own bytes. */
void finding_part(struct finding *f, const struct mime_part *part);
/* Those bytes of the source of a text of the message; all of its part where their place is not to be found. */
void finding_text(struct finding *f, const struct scan *s, const struct mime_text *t, size_t offset,
		  size_t length);
/* Where the folded words stand in a text of the message; nothing where they are written in another way than folded. */
void finding_words(struct finding *f, const struct scan *s, struct str words);
/*
 * The link, or its tag; where its place is not to be found, the field or the part it stands in. And the attachment of s->content
 * where it is of one.
 */
void finding_link(struct finding *f, const struct scan *s, const struct mime_link *link);
/* Which attachment of s->content it is about. */
void finding_attachment(struct finding *f, const struct scan *s, const struct mime_attachment *file);
/* What exactly was seen; hosts and addresses in it are defanged. */
void finding_detail(struct findings *out, struct finding *f, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The last dot of every host name or IP address made "[dot]", as in the API's example. */
struct str defang(struct arena *a, struct str text);

#define DETECTOR_ROW_(name) extern const struct detector detect_##name;
DETECTORS(DETECTOR_ROW_)

#endif

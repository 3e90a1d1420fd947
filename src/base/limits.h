/*
 * Every ceiling of the parsers and of the work one stranger can cause, each with its reason.
 *
 * Sizes are bytes unless the name says otherwise. Going over one is never a crash: mail gets a defect and
 * parsing goes on with what fitted; protocols answer with an error.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* ---- mail ---- */
#define LIMIT_MESSAGE (64u << 20)       /* default of smtp.message_size; twice what large providers accept */
#define LIMIT_MESSAGE_MOST (256u << 20) /* its maximum: what a worker maps and the store unpacks at once */
#define LIMIT_MEMFD (1u << 20)          /* larger mail goes to a spool file: cheaper to pass (ARCHITECTURE) */
#define LIMIT_HEADER_BYTES (1u << 20)   /* all header fields of one part together */
#define LIMIT_HEADER_FIELDS 2000        /* fields of one part; list mail with many hops has under 200 */
#define LIMIT_HEADER_SAME 8             /* fields of one name of weight, kept beyond those ceilings */
#define LIMIT_HEADER_LINE 65536    /* one field kept; the rest of it is skipped, but of those of weight */
#define LIMIT_PARTS 1000           /* MIME parts looked at; more than any mail program makes */
#define LIMIT_DEPTH 40             /* nested multiparts and messages */
#define LIMIT_READINGS 100         /* other ways to read a part, all parts together */
#define LIMIT_REREAD (128u << 20)  /* bytes of the mail read again for them */
#define LIMIT_PARAMS 64            /* parameters of one header field of no known meaning */
#define LIMIT_PARAMS_KNOWN 256     /* those of known meaning; a long name comes in as many pieces */
#define LIMIT_ADDRESS 320          /* of an address: 64, "@", 255 (RFC 5321 §4.5.3.1) */
#define LIMIT_ADDRESSES 1000       /* addresses kept from one field */
#define LIMIT_TEXT (2u << 20)      /* decoded text looked at, all parts together */
#define LIMIT_DECODED (200u << 20) /* decoded bytes of all parts together */
#define LIMIT_MAILBOXES 32         /* of From and Reply-To; honest mail names a few */
#define LIMIT_LINKS 1000           /* links examined; the API shows the first LIMIT_LINKS_KEPT */
#define LIMIT_LINKS_KEPT 100
#define LIMIT_ATTACHMENTS_KEPT 200
#define LIMIT_ATTACHED_MAILS 16      /* of one report; people select a page of them at most */
#define LIMIT_STRANGERS 100          /* reports an hour to one address by those who are not proved */
#define LIMIT_UNPACKED (96u << 20)   /* out of all files of a mail; with the mail below LIMIT_SCAN_ARENA */
#define LIMIT_UNPACK_DEPTH 8         /* files in files; people wrap twice, mail programs once more */
#define LIMIT_UNPACK_RATIO 200       /* unpacked to packed: text has up to 30, tables of zeros 100 */
#define LIMIT_UNPACK_FREE (1u << 20) /* smaller members may have any ratio: blank pictures do */
#define LIMIT_MEMBERS 20000 /* members looked at; source trees have thousands. Later ones: by name only */
#define LIMIT_CODE_STEPS \
	(50u * 1000 * 1000) /* to look for QR codes: a nanosecond each; a picture of 6 million pixels */
#define LIMIT_UNLOCK_ROUNDS \
	500000 /* of digests, to try passwords: 0.5 s; office documents take 100,000 for each */
#define LIMIT_FILE_TEXT (8u << 20) /* text of attached pages: those that build files are megabytes long */
#define LIMIT_DOCUMENTS 8          /* attached documents whose text is judged: 2 ms each */
#define LIMIT_DOCUMENT_TEXT 16384  /* of each: its first pages, and what the classifier reads of a body */
#define LIMIT_DOCUMENT_UNPACKED \
	(6u << 20) /* for their text; fonts and pages of a letter take a tenth of it */
#define LIMIT_FINDINGS 200
#define LIMIT_REPORT_ROWS 20000 /* entries of one list of a report; large reporters send some thousands */
#define LIMIT_HTML_DEPTH 512    /* open elements tracked while text is taken out */

/* ---- scan worker ---- */
#define LIMIT_SCAN_ARENA (256u << 20) /* below RLIMIT_AS, so the arena speaks first */
/* RLIMIT_AS of a worker beyond what its zygote has: the arena, the mapped mail, and buffers and a compiled policy. */
#define LIMIT_SCAN_AS (LIMIT_SCAN_ARENA + LIMIT_MESSAGE_MOST + (128u << 20))
#define LIMIT_SCAN_STACK (8u << 20)
#define LIMIT_SCAN_MS 20000    /* one try, DNS included (ARCHITECTURE) */
#define LIMIT_SCAN_DNS_MS 8000 /* DNS within one try; what is open then is a temperror */
#define LIMIT_SCAN_MAILS 500   /* then the worker is replaced */
#define LIMIT_WORKERS 64
#define LIMIT_WORKERS_IDLE 4
#define LIMIT_ASK_NAMES 64          /* DNS questions of one mail */
#define LIMIT_ASK_KEYS 64           /* history keys of one mail */
#define LIMIT_ASK_LISTED 128        /* questions to block lists: 8 lists, 12 domains each, and 8 hosts */
#define LIMIT_ASK_AGES 8            /* domains of a mail whose age is asked for */
#define LIMIT_ASK_RECORD 4096       /* one DNS record passed on */
#define LIMIT_ASK_RECORDS 64        /* records of one answer */
#define LIMIT_IPC_RECORD 65536      /* one SEQPACKET record; larger payloads come in parts */
#define LIMIT_VERDICT (6u << 20)    /* a verdict in all its parts, edits included */
#define LIMIT_EDITS 4000            /* pieces of a mail that are changed */
#define LIMIT_EDIT_BYTES (1u << 20) /* what is put in their place: ten times the text of a long newsletter */
#define LIMIT_VERDICT_NODES 100000  /* JSON values in it; all its lists at their limits have half as many */

/* ---- preview ---- */
#define LIMIT_PREVIEW_AS (768u << 20)    /* all a helper has, its libraries and fonts included */
#define LIMIT_PREVIEW_DATA (256u << 20)  /* of it what is written to: the engine, the pixels, the arena */
#define LIMIT_PREVIEW_ARENA (192u << 20) /* below it */
#define LIMIT_PREVIEW_STACK (16u << 20)
/*
 * What a mail may cost is counted in the helper's own processor time, threads included, so that on a busy machine it gets
 * the same picture, later. A step that has used it up ends itself and is followed by the next.
 */
#define LIMIT_PREVIEW_FULL_CPU_S 3
#define LIMIT_PREVIEW_FLAT_CPU_S 2
#define LIMIT_PREVIEW_TEXT_CPU_S 2
#define LIMIT_PREVIEW_CPU_S 8 /* backstop over its life, which is one step; warming up is part of that */
/*
 * From asking to the answer, by the wall, the wait for a helper included: it only ends what hangs, or what gets less than this
 * share of a processor. 28 s: below http.timeout_s as it is set at first.
 */
#define LIMIT_PREVIEW_SHARE 4
#define LIMIT_PREVIEW_MS              \
	(1000 * LIMIT_PREVIEW_SHARE * \
	 (LIMIT_PREVIEW_FULL_CPU_S + LIMIT_PREVIEW_FLAT_CPU_S + LIMIT_PREVIEW_TEXT_CPU_S))
#define LIMIT_PREVIEW_QUEUE 64 /* mails waiting for a helper */

/* ---- authentication ---- */
#define LIMIT_DKIM_SIGNATURES 8 /* verified per mail; the rest are ignored (RFC 6376 §8.4 advises a limit) */
#define LIMIT_DMARC_DOMAINS 4   /* From domains judged per mail (RFC 9989 §11.5 advises a limit) */

/* ---- SMTP ---- */
#define LIMIT_SMTP_LINE 4096       /* RFC 5321 §4.5.3.1.4 wants 512, extensions add; SMTPUTF8 more */
#define LIMIT_SMTP_RECIPIENTS 1000 /* RFC 5321 §4.5.3.1.8 wants at least 100 */
#define LIMIT_SMTP_COMMANDS 1000   /* commands outside transactions in one session */
#define LIMIT_SMTP_ERRORS 20       /* errors in one session */
#define LIMIT_SMTP_HOPS 100 /* Received fields: a mail with so many goes in a circle (RFC 5321 §6.3) */
#define LIMIT_SMTP_ANSWER_MS 300000 /* our answer to the final dot comes within this (ARCHITECTURE) */

/* ---- mailboxes ---- */
#define LIMIT_IMAP_LINE (8u << 20) /* of one response without its literals: a search that finds a million */
#define LIMIT_IMAP_VALUES 100000   /* in one response; a FETCH has some twenty */
#define LIMIT_IMAP_DEPTH 8         /* lists in lists; of what we ask for at most three */
#define LIMIT_IMAP_FOLDERS 1000    /* of a mailbox; more are not looked at */
#define LIMIT_IMAP_NAME 1024       /* of a folder */
#define LIMIT_GRAPH_FOLDERS 1000   /* of a mailbox at Microsoft; more are not followed */
#define LIMIT_REST_NAME 1024  /* a provider's id of a folder, message or label; those of Graph have 150 */
#define LIMIT_REST_MARKS 1024 /* marks of a message together, as the store keeps them; more are left out */

/* ---- settings ---- */
#define LIMIT_SETTINGS (16u << 20)   /* bytes of one collection of an account: 10,000 objects of 1.6 kB */
#define LIMIT_POLICY_CODE (8u << 20) /* compiled expressions of an account, which every scan worker holds */
/* The lists of an account as they travel to a worker: patterns, addresses and names, without comments. Seldom a tenth of it. */
#define LIMIT_POLICY (2u * LIMIT_SETTINGS)

/* ---- store ---- */
#define LIMIT_TOKENS 10000 /* search tokens of one mail: enough for LIMIT_SMTP_RECIPIENTS of them */
#define LIMIT_TOKEN 120    /* bytes of one token */

/* ---- API ---- */
#define LIMIT_JSON_DEPTH 32
#define LIMIT_JSON_NODES \
	(1u << 20)           /* values in one text: 64 MB of nodes; a full policy of an account has 500,000 */
#define LIMIT_JSON_NUMBER 64 /* characters of one number */
#define LIMIT_JSON_ELEMENT 1024 /* characters of one string in a list of strings */
#define LIMIT_FAULTS 100        /* faults reported of one input */
#define LIMIT_BODY (1u << 20)
#define LIMIT_BODY_BATCH (16u << 20)
#define LIMIT_BODY_MAIL (48u << 20) /* one with a mail in base64 */
#define LIMIT_PAGE 1000

#endif

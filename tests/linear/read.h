/* The readers, each as who gets mail calls it. */
#ifndef TESTS_LINEAR_READ_H
#define TESTS_LINEAR_READ_H

#include "base/arena.h"

void read_mail(struct arena *a, struct str s); /* the tree and all it holds */
void read_scan(struct arena *a, struct str s); /* the whole scan of a mail, DNS and all */
void read_addresses(struct arena *a, struct str s);
void read_name(struct arena *a, struct str s); /* of a sender, by a registry of names */
void read_namesakes(struct arena *a,
		    struct str s); /* a registry, a name a line, that all are like one sender's */
void read_params(struct arena *a, struct str s);
void read_words(struct arena *a, struct str s);
void read_date(struct arena *a, struct str s);
void read_smime(struct arena *a, struct str s);
void read_html(struct arena *a, struct str s);
void read_clean(struct arena *a, struct str s);    /* for a picture */
void read_urls(struct arena *a, struct str s);     /* out of a text */
void read_url(struct arena *a, struct str s);      /* one, with what it is wrapped in */
void read_file(struct arena *a, struct str s);     /* of any type */
void read_document(struct arena *a, struct str s); /* what it says to its reader, as each kind */
void read_carried(struct arena *a, struct str s);  /* files in the text of a page */
void read_rtf_body(struct arena *a, struct str s);
void read_signatures(struct arena *a, struct str s); /* DKIM and ARC of a mail */
void read_results(struct arena *a, struct str s);    /* one Authentication-Results field */
void read_received(struct arena *a, struct str s);   /* a header, walked back */
void read_spf(struct arena *a, struct str s);        /* a record */
void read_dmarc_report(struct arena *a, struct str s);
void read_tls_report(struct arena *a, struct str s);
void read_feedback(struct arena *a, struct str s);
void read_edits(struct arena *a, struct str s);   /* a mail whose subject, text and links are changed */
void read_content(struct arena *a, struct str s); /* a text, searched by content policies */
void read_smtp_data(struct arena *a, struct str s);
void read_imap(struct arena *a, struct str s); /* a response; its literals are empty */

#endif

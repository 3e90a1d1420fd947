/* Writing the added header fields. Whatever came from outside is made harmless for a header here. */
#include "intake/headers.h"

#include "base/abnf.h"
#include "base/clock.h"
#include "mime/header.h"
#include "model/enums.h"

#define WORD_MAX 255 /* a host name's length; RFC 5321 §4.5.3.1.2 */

/* One word of a trace field: visible ASCII without what would begin a comment, an address or the date. */
static void put_word(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n && i < WORD_MAX; i++) {
		unsigned char c = (unsigned char)s.p[i];
		buf_add_char(b, abnf_is_vchar(c) && !strchr("()<>;\\\"", c) ? (char)c : '?');
	}
	if (s.n == 0)
		buf_add_c(b, "unknown");
}

/* A value that may be folded already: line ends only before white space, nothing else below SP. */
static void put_folded(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		bool fold = i + 2 < s.n && s.p[i] == '\r' && s.p[i + 1] == '\n' &&
			    abnf_is_wsp((unsigned char)s.p[i + 2]);
		if (fold) {
			buf_add_c(b, "\r\n");
			i++;
		} else if ((unsigned char)s.p[i] >= 32 || s.p[i] == '\t') {
			buf_add_char(b, s.p[i]);
		}
	}
}

static void put_received(struct buf *b, const struct headers_options *o, const struct record *r)
{
	char text[CLOCK_TEXT_MAX], ip[IP_TEXT_MAX];
	/* RFC 3848, RFC 6531 §4.3 */
	const char *with = !o->peer->esmtp ? "SMTP" : o->smtputf8 ? "UTF8SMTP" : "ESMTP";
	const char *secured = o->peer->esmtp && o->peer->tls ? "S" : "";

	buf_add_c(b, "Received: from ");
	put_word(b, o->peer->helo);
	buf_printf(b, " ([%s%.*s])\r\n\tby %s (Postern) with %s%s id %.*s",
		   o->peer->ip.family == 6 ? "IPv6:" : "", STR_ARG(ip_text(&o->peer->ip, ip)), o->hostname,
		   with, secured, STR_ARG(r->message->postfix_id));
	if (o->only_recipient.n) {
		buf_add_c(b, "\r\n\tfor <");
		put_word(b, o->only_recipient);
		buf_add_c(b, ">");
	}
	buf_printf(b, ";\r\n\t%.*s\r\n", STR_ARG(clock_rfc5322(o->now_us, text)));
}

/* The vendor's word for each disposition that is told; NULL: nothing is said. */
static const char *disposition_word(int disposition)
{
	switch (disposition) {
	case DISP_BEC:
	case DISP_MALICIOUS:
		return "MALICIOUS";
	case DISP_SUSPICIOUS:
		return "SUSPICIOUS";
	case DISP_SPOOF:
		return "SPOOF";
	case DISP_SPAM:
		return "UCE";
	case DISP_BULK:
		return "BULK";
	default:
		return NULL;
	}
}

/*
 * White space at the start of the content would continue our last field, so it gets a field of its own; so does the
 * line of an mbox, which ends the header for some readers only. What begins with its body gets the empty line.
 */
static void put_seam(struct buf *b, const struct headers_options *o)
{
	struct str s = o->content;
	size_t name = 0, colon;

	if (s.n > 0 && abnf_is_wsp((unsigned char)s.p[0])) {
		buf_printf(b, "%sStray:", o->prefix);
		return;
	}
	if (header_is_mbox_from(s)) {
		buf_printf(b, "%sStray: ", o->prefix);
		return;
	}
	while (name < s.n && abnf_is_ftext((unsigned char)s.p[name]))
		name++;
	for (colon = name; colon < s.n && abnf_is_wsp((unsigned char)s.p[colon]);)
		colon++;
	bool is_field = colon < s.n && s.p[colon] == ':';
	bool is_empty = str_starts(s, STR("\r\n")) || str_starts(s, STR("\n"));
	if (!is_field && !is_empty)
		buf_add_c(b, "\r\n");
}

void headers_write(struct buf *b, const struct headers_options *o, const struct record *r)
{
	const char *word = o->judged ? disposition_word(r->message->final_disposition) : NULL;

	if (o->peer)
		put_received(b, o, r);
	if (r->authentication.n) {
		buf_printf(b, "Authentication-Results: %s", o->hostname);
		put_folded(b, r->authentication);
		buf_add_c(b, "\r\n");
	}
	buf_printf(b, "%sProcessed: %.*s\r\n", o->prefix, STR_ARG(r->message->postfix_id));
	if (word)
		buf_printf(b, "%sDisposition: %s\r\n", o->prefix, word);
	for (size_t i = 0; o->judged && i < r->attributes.n; i++) {
		buf_printf(b, "%sAttribute: ", o->prefix);
		put_folded(b, r->attributes.v[i]);
		buf_add_c(b, "\r\n");
	}
	if (o->peer)
		put_seam(b, o);
}

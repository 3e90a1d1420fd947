/*
 * Writing our results as an Authentication-Results value (RFC 8601 §2.2, §2.7; RFC 6008 for header.b, RFC 8617 §10 for
 * arc, RFC 9989 §9.1 for policy.dmarc).
 *
 * What strangers chose (addresses, names, selectors) goes out as a token or as a quoted-string of printable
 * ASCII, so that no value can end the field or begin another result.
 */
#include "auth/authres.h"

#include <stdio.h>

#include "base/abnf.h"
#include "base/base64.h"
#include "base/buf.h"

#define LINE_LONG 100
#define AUTHRES_VALUE_MAX 320 /* one value: an address; the rest is cut */

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!abnf_is_alnum((unsigned char)s.p[i]) && !(s.p[i] && strchr("-._+@", s.p[i])))
			return false;
	return s.n > 0;
}

static void add_value(struct buf *b, struct str s)
{
	s = str_sub(s, 0, AUTHRES_VALUE_MAX);
	if (is_plain(s)) {
		buf_add(b, s);
		return;
	}
	buf_add_char(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == '"' || c == '\\')
			buf_add_char(b, '\\');
		buf_add_char(b, c >= 0x20 && c < 0x7f ? (char)c : '?');
	}
	buf_add_char(b, '"');
}

static void add_property(struct buf *b, const char *name, struct str value)
{
	size_t line = str_rfind_char(buf_str(b), '\n');

	if (value.n == 0)
		return;
	/* Folded early: with the longest value a line stays under 998 bytes (RFC 5322 §2.1.1). */
	buf_printf(b, "%s%s=", b->n - line > LINE_LONG ? "\r\n\t" : " ", name);
	add_value(b, value);
}

static void begin(struct buf *b, const char *method, struct str result, struct str reason)
{
	buf_printf(b, ";\r\n\t%s=%.*s", method, STR_ARG(result));
	if (!str_eq(result, STR("pass")) && reason.n > 0) {
		buf_add_c(b, " reason=");
		add_value(b, reason);
	}
}

static void add_spf(struct buf *b, const struct authres_facts *facts)
{
	begin(b, "spf", enum_text(&spf_result_names, (int)facts->spf->result), facts->spf->reason);
	if (facts->spf->by_helo)
		add_property(b, "smtp.helo", facts->helo);
	else
		add_property(b, "smtp.mailfrom", facts->mail_from);
}

static void add_dkim(struct arena *a, struct buf *b, const struct dkim *d)
{
	struct str signature = base64_encode(a, str_sub(d->signature, 0, 6)); /* its first 8 characters */

	begin(b, "dkim", enum_text(&dkim_result_names, (int)d->result), d->reason);
	add_property(b, "header.d", d->domain);
	if (d->identity.n > d->domain.n + 1) /* else it only repeats the domain */
		add_property(b, "header.i", d->identity);
	add_property(b, "header.s", d->selector);
	add_property(b, "header.a", d->algorithm);
	add_property(b, "header.b", signature);
}

static void add_arc(struct buf *b, const struct authres_facts *facts)
{
	char oldest[8], ip[IP_TEXT_MAX];

	begin(b, "arc", enum_text(&arc_result_names, (int)facts->arc->result), facts->arc->reason);
	if (facts->remote_ip.family != 0)
		add_property(b, "smtp.remote-ip", ip_text(&facts->remote_ip, ip));
	if (facts->arc->result == ARC_PASS) {
		snprintf(oldest, sizeof(oldest), "%u", facts->arc->oldest_pass);
		add_property(b, "header.oldest-pass", str_of(oldest));
	}
}

static void add_dmarc(struct buf *b, const struct dmarc *d)
{
	begin(b, "dmarc", enum_text(&dmarc_result_names, (int)d->result), d->reason);
	add_property(b, "header.from", d->domain);
	if (d->record_domain.n > 0 && d->result != DMARC_PERMERROR)
		add_property(b, "policy.dmarc", enum_text(&dmarc_policy_names, (int)d->policy));
}

struct str authres_write(struct arena *a, const struct authres_facts *facts)
{
	struct buf b, last; /* last: what must not be crowded out by signatures */
	struct str out;

	buf_init(&b, 65536);
	buf_init(&last, 65536);
	if (facts->spf)
		add_spf(&b, facts);
	if (facts->arc && facts->arc->result != ARC_NONE)
		add_arc(&last, facts);
	if (facts->dmarc)
		add_dmarc(&last, facts->dmarc);
	for (size_t i = 0; facts->dkim && i < facts->dkim->n; i++) {
		size_t fits = b.n;
		add_dkim(a, &b, &facts->dkim->v[i]);
		if (b.n + last.n > AUTHRES_MAX)
			b.n = fits;
	}
	if (facts->dkim && facts->dkim->n == 0)
		begin(&b, "dkim", STR("none"), STR(""));
	buf_add(&b, buf_str(&last));
	if (buf_str(&b).n == 0)
		buf_add_c(&b, "; none");
	ASSERT(buf_ok(&b)); /* at most 11 results of a few values each */
	out = arena_str(a, buf_str(&b));
	buf_free(&b);
	buf_free(&last);
	return out;
}

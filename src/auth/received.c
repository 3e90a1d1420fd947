/*
 * Received fields. The from-clause is "from NAME (comment) (comment) by ...": the name is what the client said, or, where
 * a comment names a HELO, what the server found by reverse DNS. The address that counts is the one the server wrote in a
 * comment, in one of these forms:
 *
 *	from helo (rdns [192.0.2.1])                    Postfix, Sendmail, Gmail, Zimbra, Mimecast, Proofpoint, SES
 *	from rdns ([192.0.2.1] helo=name)               Exim; also from [192.0.2.1] (helo=name)
 *	from rdns ([192.0.2.1]:25 "EHLO name" ...)      ZMailer
 *	from rdns (HELO name) ([192.0.2.1])             IronPort; qmail, without brackets; Yahoo with EHLO
 *	from rdns (HELO name) (user@192.0.2.1)          qmail
 *	from 192.0.2.1 (EHLO name)                      Yahoo
 *	from host (2001:db8::1) by ...                  Exchange
 *	from helo [192.0.2.1] by ...                    Lotus Domino, some gateways
 *
 * A client may write in HELO whatever its server does not refuse, but no white space: so a keyword stands behind white
 * space, and what the server adds comes after the name. The last address of the clause is the server's.
 */
#include "auth/received.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/cursor.h"

/* The address in "[IPv6:2001:db8::1]", "192.0.2.1", "[192.0.2.1]:25", "[192.0.2.1:25]" and "/192.0.2.1". */
static bool read_ip(struct str word, struct ip *out)
{
	struct ip ip;

	if (str_starts(word, STR("["))) {
		size_t end = str_find_char(word, ']', 0);
		if (end == SIZE_MAX)
			return false;
		word = str_sub(word, 1, end);
	} else if (str_starts(word, STR("/"))) {
		word = str_sub(word, 1, word.n);
	}
	if (str_starts_nocase(word, STR("IPv6:")))
		word = str_sub(word, 5, word.n);
	size_t colon = str_rfind_char(word, ':');
	if (colon != SIZE_MAX && str_find_char(word, '.', 0) < colon) /* a port behind IPv4 */
		word = str_sub(word, 0, colon);
	if (ip_parse(word, &ip))
		return false;
	*out = ip_unmap(ip);
	return true;
}

static bool ends_word(unsigned char c)
{
	return abnf_is_fws(c) || c == '(' || c == ')' || c == ';' || c == ',';
}

static bool in_word(unsigned char c)
{
	return !ends_word(c);
}

static void skip_space(struct cursor *c)
{
	while (c->at < c->end && abnf_is_fws((unsigned char)*c->at))
		c->at++;
}

static struct str next_word(struct cursor *c)
{
	struct str word = STR_NONE;

	return cursor_while(c, in_word, SIZE_MAX, &word) ? STR_NONE : word;
}

/* Without quotes at its ends. */
static struct str unquoted(struct str word)
{
	size_t from = str_starts(word, STR("\"")) ? 1 : 0, to = word.n - (str_ends(word, STR("\"")) ? 1 : 0);

	return str_sub(word, from, to);
}

/* A comment with what is nested in it; without the outer parentheses. To the end when it is never closed. */
static struct str next_comment(struct cursor *c)
{
	const char *from = ++c->at;
	int depth = 1;

	for (; c->at < c->end; c->at++) {
		if (*c->at == '\\' && c->at + 1 < c->end)
			c->at++;
		else if (*c->at == '(')
			depth++;
		else if (*c->at == ')' && --depth == 0) {
			c->at++;
			return str_from(from, (size_t)(c->at - 1 - from));
		}
	}
	return str_from(from, (size_t)(c->end - from));
}

/* What the from-clause told so far. */
struct clause {
	struct str name; /* behind "from" */
	struct str helo; /* named in a comment; "" = none was */
	struct str rdns; /* before the address in its comment */
	struct ip ip;    /* in a comment */
	struct ip bare;  /* elsewhere: outside of one, in brackets, or behind the name of a user */
};

/*
 * A comment: an address in a word of its own, a name before it, a HELO. An address right after "helo=" or "HELO" is the
 * client's own claim and is passed over.
 */
static void read_comment(struct str comment, struct clause *out)
{
	struct cursor c = cursor_of(comment);
	size_t at = str_rfind_char(comment, '@');
	struct str name = STR_NONE;
	struct ip ip;

	if (at != SIZE_MAX && comment.p[0] != '<' && str_find_char(comment, ' ', 0) == SIZE_MAX)
		(void)read_ip(str_sub(comment, at + 1, comment.n), &out->bare);
	while (!cursor_done(&c)) {
		struct str word = unquoted(next_word(&c));
		if (str_starts(word, STR("Verified["))) { /* MailMarshal: "Not Verified[192.0.2.1]" */
			word = str_sub(word, strlen("Verified"), word.n);
			name = STR_NONE;
		}
		if (word.n == 0) {
			c.at += !cursor_done(&c) && !in_word((unsigned char)*c.at);
		} else if (str_starts_nocase(word, STR("helo="))) {
			out->helo = str_sub(word, 5, word.n);
		} else if (str_eq_nocase(word, STR("HELO")) || str_eq_nocase(word, STR("EHLO"))) {
			skip_space(&c);
			out->helo = unquoted(next_word(&c));
		} else if (read_ip(word, &ip)) {
			out->ip = ip;
			out->rdns = name;
		} else if (name.n == 0 && str_find_char(word, '=', 0) == SIZE_MAX) {
			name = word;
		}
	}
}

/* A name that stands for something: not "unknown", not an address. */
static struct str real_name(struct str name)
{
	struct ip ip;

	if (str_eq_nocase(name, STR("unknown")) || str_starts(name, STR("[")) || read_ip(name, &ip))
		return STR("");
	return str_ends(name, STR(".")) ? str_sub(name, 0, name.n - 1) : name;
}

static void conclude(const struct clause *c, struct received *out)
{
	struct ip ip = { 0 };

	out->helo = c->helo.n > 0 ? c->helo : c->name;
	out->rdns = real_name(c->helo.n > 0 && c->rdns.n == 0 ? c->name : c->rdns);
	out->ip = c->ip;
	if (out->ip.family == 0)
		out->ip = c->bare;
	/* Exim and Yahoo name the address itself where they have no name; alone it would be what the client said. */
	if (out->ip.family == 0 && (str_starts(c->name, STR("[")) || c->helo.n > 0) && read_ip(c->name, &ip))
		out->ip = ip;
}

enum err received_parse(struct arena *a, struct str value, struct received *out)
{
	struct str text = header_unfold(a, value);
	struct cursor c = cursor_of(str_sub(text, 0, str_rfind_char(text, ';')));
	struct clause clause = { 0 };
	bool from = false, spaced = true; /* white space, or the beginning, is before what comes next */

	*out = (struct received){ 0 };
	while (!cursor_done(&c)) {
		bool first = spaced;
		spaced = abnf_is_fws((unsigned char)*c.at);
		if (cursor_peek(&c) == '(') {
			struct str comment = next_comment(&c);
			if (from && out->by.n == 0)
				read_comment(comment, &clause);
			spaced = false; /* what follows at once may still be HELO */
			continue;
		}
		struct str word = next_word(&c);
		if (word.n == 0) {
			c.at++;
		} else if (!from && str_eq_nocase(word, STR("from"))) {
			from = true;
			skip_space(&c);
			clause.name = next_word(&c);
		} else if (first && str_eq_nocase(word, STR("by")) && out->by.n == 0) {
			skip_space(&c);
			out->by = next_word(&c);
		} else if (first && from && out->by.n == 0 && str_starts(word, STR("["))) {
			(void)read_ip(word, &clause.bare);
		}
	}
	conclude(&clause, out);
	return out->ip.family ? OK : ERR_ABSENT;
}

static bool is_public(const struct ip *ip)
{
	struct ip_block one = { *ip, ip->family == 4 ? 32 : 128 };

	return ip->family != 0 && !ip_block_is_private(&one);
}

static void guess(struct arena *a, const struct headers *headers, struct sending_host *out)
{
	struct received r;

	for (size_t i = headers->n; i-- > 0;) {
		if (!str_eq_nocase(headers->v[i].name, STR("Received")) ||
		    received_parse(a, headers->v[i].value, &r) || !is_public(&r.ip))
			continue;
		out->ip = r.ip;
		out->helo = r.helo;
		out->rdns = r.rdns;
		return;
	}
}

void received_sending_host(struct arena *a, const struct headers *headers, int hops, const struct ip *peer,
			   struct str peer_helo, struct sending_host *out)
{
	const struct header *field = headers_first(headers, STR("Received"));
	struct received r;

	*out = (struct sending_host){ 0 };
	if (hops <= 1) {
		out->ip = ip_unmap(*peer);
		out->helo = peer_helo;
		return;
	}
	for (int i = 2; field && i < hops; i++)
		field = headers_next(headers, field);
	if (field && received_parse(a, field->value, &r) == OK) {
		*out = (struct sending_host){ .ip = r.ip, .helo = r.helo, .rdns = r.rdns };
		return;
	}
	out->is_guess = true;
	out->comment =
	    field ? arena_printf(a, "Received field %d names no sending host: SPF not checked", hops - 1)
		  : arena_printf(a, "fewer than %d Received fields: SPF not checked", hops - 1);
	guess(a, headers, out);
}

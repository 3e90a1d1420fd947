/*
 * Received fields. The from-clause is "from NAME (comment) (comment) by ...": the name is what the client
 * said, the address that counts is the one the server wrote in a comment, in one of these forms:
 *
 *	from helo (rdns [192.0.2.1])                Postfix, Sendmail, Gmail
 *	from rdns ([192.0.2.1] helo=name)           Exim; also from [192.0.2.1] (helo=name)
 *	from unknown (HELO name) (192.0.2.1)        qmail
 *	from host (2001:db8::1) by ...              Exchange
 */
#include "auth/received.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/cursor.h"

/* "[IPv6:2001:db8::1]", "192.0.2.1", "[192.0.2.1]:25" without what is around the address. */
static bool read_ip(struct str word, struct ip *out)
{
	struct ip ip;

	if (str_starts(word, STR("["))) {
		size_t end = str_find_char(word, ']', 0);
		if (end == SIZE_MAX)
			return false;
		word = str_sub(word, 1, end);
	}
	if (str_starts_nocase(word, STR("IPv6:")))
		word = str_sub(word, 5, word.n);
	if (ip_parse(word, &ip))
		return false;
	*out = ip_unmap(ip);
	return true;
}

static bool is_space(unsigned char c)
{
	return abnf_is_wsp(c) || c == '\r' || c == '\n';
}

static bool ends_word(unsigned char c)
{
	return is_space(c) || c == '(' || c == ')' || c == ';' || c == ',';
}

static bool in_word(unsigned char c)
{
	return !ends_word(c);
}

static void skip_space(struct cursor *c)
{
	while (c->at < c->end && is_space((unsigned char)*c->at))
		c->at++;
}

static struct str next_word(struct cursor *c)
{
	struct str word = STR_NONE;

	return cursor_while(c, in_word, SIZE_MAX, &word) ? STR_NONE : word;
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

/*
 * What a comment tells: an address in a word of its own, a name before it, a HELO. An address right after
 * "helo=" or "HELO" is the client's own claim and is passed over.
 */
static void read_comment(struct str comment, struct received *out)
{
	struct cursor c = cursor_of(comment);
	struct str name = STR_NONE;
	struct ip ip;

	while (!cursor_done(&c)) {
		struct str word = next_word(&c);
		if (word.n == 0) {
			c.at++;
		} else if (str_starts_nocase(word, STR("helo="))) {
			out->helo = str_sub(word, 5, word.n);
		} else if (str_eq_nocase(word, STR("HELO")) || str_eq_nocase(word, STR("EHLO"))) {
			skip_space(&c);
			out->helo = next_word(&c);
		} else if (read_ip(word, &ip)) {
			out->ip = ip;
			out->rdns = str_eq_nocase(name, STR("unknown")) ? STR("") : name;
		} else if (name.n == 0)
			name = word;
	}
}

enum err received_parse(struct arena *a, struct str value, struct received *out)
{
	struct str text = header_unfold(a, value);
	struct cursor c = cursor_of(text);
	struct str name = STR_NONE;
	bool from = false;

	*out = (struct received){ 0 };
	while (!cursor_done(&c) && cursor_peek(&c) != ';') {
		if (cursor_peek(&c) == '(') {
			struct str comment = next_comment(&c);
			if (from && out->by.n == 0)
				read_comment(comment, out);
			continue;
		}
		struct str word = next_word(&c);
		if (word.n == 0) {
			c.at++;
		} else if (!from && str_eq_nocase(word, STR("from"))) {
			from = true;
			skip_space(&c);
			out->helo = name = next_word(&c);
		} else if (str_eq_nocase(word, STR("by")) && out->by.n == 0) {
			skip_space(&c);
			out->by = next_word(&c);
		}
	}
	if (out->ip.family == 0 && str_starts(name, STR("[")))
		(void)read_ip(name, &out->ip); /* Exim names the address itself where it has no name */
	if (str_ends(out->rdns, STR(".")))
		out->rdns.n--;
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

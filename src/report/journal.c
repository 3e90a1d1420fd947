/* Lines of a name, a colon and an address; of several senders the first counts. */
#include "report/journal.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/limits.h"

/* Names of lines with a recipient. */
static const struct str recipient_names[] = {
	STR_INIT("Recipient"),
	STR_INIT("To"),
	STR_INIT("Cc"),
	STR_INIT("Bcc"),
};

/* "name <address>" or "address", up to a comma behind it. */
static struct str address_of(struct str value)
{
	size_t open = str_find_char(value, '<', 0), comma = str_find_char(value, ',', 0);

	if (open != SIZE_MAX && (comma == SIZE_MAX || open < comma)) {
		value = str_sub(value, open + 1, value.n);
		return str_trim(str_sub(value, 0, str_find_char(value, '>', 0)));
	}
	return str_trim(str_sub(value, 0, comma));
}

/* What could stand in RCPT: something before and behind an at sign, no blanks and nothing below them. */
static bool is_address(struct str s)
{
	size_t at = str_rfind_char(s, '@');

	if (s.n > LIMIT_ADDRESS || at == SIZE_MAX || at == 0 || at + 1 == s.n)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 127 || strchr("<>", s.p[i]))
			return false;
	return true;
}

static bool is_recipient(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(recipient_names); i++)
		if (str_eq_nocase(name, recipient_names[i]))
			return true;
	return false;
}

static void add_recipient(struct arena *a, struct journal_text *out, struct str address)
{
	if (out->more)
		return;
	for (size_t i = 0; i < out->recipients.n; i++)
		if (str_eq_nocase(out->recipients.v[i], address))
			return;
	if (out->recipients.n < LIMIT_SMTP_RECIPIENTS)
		ARENA_PUSH(a, &out->recipients, address);
	else
		out->more = true;
}

/* "Message-Id", also of those that are not read here. */
static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!abnf_is_ldh((unsigned char)s.p[i]))
			return false;
	return s.n > 0;
}

static void read_line(struct arena *a, struct str line, struct journal_text *out)
{
	size_t colon = str_find_char(line, ':', 0);
	struct str name = str_trim(str_sub(line, 0, colon));

	out->other |= str_trim(line).n > 0 && (colon == SIZE_MAX || !is_name(name));
	if (colon == SIZE_MAX)
		return;
	out->other |= !str_eq_nocase(name, STR("Subject")) && str_find(line, STR("://"), colon) != SIZE_MAX;
	struct str address = address_of(str_sub(line, colon + 1, line.n));
	bool good = is_address(address);
	if (str_eq_nocase(name, STR("Sender")) && !out->has_sender && (good || address.n == 0)) {
		out->has_sender = true;
		out->sender = address;
	} else if (good && is_recipient(name)) {
		add_recipient(a, out, address);
	}
}

void journal_read(struct arena *a, struct str text, struct journal_text *out)
{
	*out = (struct journal_text){ 0 };
	for (size_t at = 0, end; at < text.n; at = end + 1) {
		end = str_find_char(text, '\n', at);
		if (end == SIZE_MAX)
			end = text.n;
		read_line(a, str_sub(text, at, end), out);
	}
}

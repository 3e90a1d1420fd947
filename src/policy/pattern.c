/*
 * Patterns made comparable: literals become keys of one hash table, regular expressions PCRE2 codes.
 * A key is a letter for the kind and the value in its one comparable form, so that an
 * address, a domain and an address block never meet.
 */
#include "policy/internal.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/domain.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "mime/address.h"

struct str domain_key(struct arena *a, struct str folded)
{
	return ARENA_JOIN(a, STR("d"), folded);
}

/* Trusted domains trust nobody, so they are kept from the rules that do. */
struct str trusted_key(struct arena *a, struct str folded)
{
	return ARENA_JOIN(a, STR("t"), folded);
}

/*
 * Local parts are compared without regard to ASCII case, which RFC 5321 §2.4 allows to differ and nobody uses, and
 * without quotes that are not needed: "a"@x.example and a@x.example are one mailbox (RFC 5321 §4.1.2).
 */
struct str email_key(struct arena *a, struct str address)
{
	struct address split = address_split(a, address);

	return ARENA_JOIN(a, STR("e"), arena_lower(a, split.local), STR("@"), domain_fold(a, split.domain));
}

struct str ip_key(struct arena *a, const struct ip *ip, unsigned bits)
{
	size_t bytes = ip->family == 4 ? 4 : 16;
	unsigned char masked[16] = { 0 };

	for (size_t i = 0; i < bytes; i++) {
		unsigned left = bits > i * 8 ? bits - (unsigned)(i * 8) : 0;
		masked[i] = left >= 8 ? ip->b[i] : (unsigned char)(ip->b[i] & (0xff00u >> left));
	}
	char *key = arena_alloc(a, 3 + bytes);
	key[0] = 'i';
	key[1] = (char)ip->family;
	key[2] = (char)bits;
	memcpy(key + 3, masked, bytes);
	return str_from(key, 3 + bytes);
}

/* local@domain, the local part a dot-string of RFC 5321 §4.1.2 or UTF-8 (RFC 6531), or a quoted string. */
static bool local_part_ok(struct str local)
{
	if (local.n == 0 || local.n > 64)
		return false;
	if (local.p[0] == '"')
		return local.n > 2 && local.p[local.n - 1] == '"';
	for (size_t i = 0; i < local.n; i++) {
		unsigned char c = (unsigned char)local.p[i];
		bool dot_ok = c == '.' && i > 0 && i + 1 < local.n && local.p[i - 1] != '.';
		if (!abnf_is_atext(c) && c < 0x80 && !dot_ok)
			return false;
	}
	return true;
}

enum err literal_key(struct arena *a, struct str pattern, int type, struct str *key_out,
		     struct ip_block *block_out, struct errbuf *eb)
{
	struct str domain;

	pattern = str_trim(pattern);
	switch (type) {
	case PATTERN_IP:
		if (ip_block_parse(pattern, block_out) != OK)
			return err_set(eb, ERR_SYNTAX,
				       "not an IP address or CIDR block without bits behind its prefix");
		if (block_out->ip.family == 6 && block_out->bits >= 96 &&
		    ip_unmap(block_out->ip).family == 4) {
			block_out->ip = ip_unmap(block_out->ip);
			block_out->bits = (uint8_t)(block_out->bits - 96);
		}
		*key_out = ip_key(a, &block_out->ip, block_out->bits);
		return OK;
	case PATTERN_EMAIL:
		domain = domain_of_address(pattern);
		if (domain.n == 0 || !local_part_ok(str_sub(pattern, 0, pattern.n - domain.n - 1)))
			return err_set(eb, ERR_SYNTAX, "not an email address of the form local@domain");
		break;
	case PATTERN_DOMAIN:
		domain = pattern;
		break;
	default:
		return err_set(eb, ERR_SYNTAX, "pattern_type UNKNOWN cannot be compared");
	}
	struct str folded;
	if (str_ends(domain, STR(".")) || domain_to_ascii(a, domain, &folded) != OK || !domain_is_ldh(folded))
		return err_set(eb, ERR_SYNTAX, "not a valid domain name");
	*key_out = type == PATTERN_EMAIL ? email_key(a, pattern) : domain_key(a, folded);
	return OK;
}

uint32_t owned_hash(struct str key)
{
	static const unsigned char fixed[16] = { 'o', 'w', 'n', 'e', 'd' };

	return (uint32_t)hash_sip(fixed, key);
}

struct str policy_impersonation_address(struct str *rest)
{
	size_t comma = str_find_char(*rest, ',', 0);
	struct str one = str_trim(str_sub(*rest, 0, comma));

	*rest = comma == SIZE_MAX ? STR_NONE : str_sub(*rest, comma + 1, rest->n);
	return one;
}

/* The end of a value, without the rest of a character that was cut. */
static struct str last_bytes(struct str s, size_t max)
{
	size_t from = s.n > max ? s.n - max : 0;

	while (from > 0 && from < s.n && ((unsigned char)s.p[from] & 0xc0) == 0x80)
		from++;
	return str_sub(s, from, s.n);
}

struct subject subject_of(struct arena *a, struct str value)
{
	value = last_bytes(utf8_clean(a, value), LIMIT_ADDRESS);
	struct subject s = { .written = value };
	struct str domain = domain_of_address(value);
	size_t head = domain.n > 0 ? value.n - domain.n : 0;

	domain = domain_fold(a, head ? domain : value);
	s.folded = ARENA_JOIN(a, str_sub(value, 0, head), domain);
	if (str_eq_nocase(s.folded, value) || !utf8_is_valid(s.folded))
		s.folded = STR_NONE;
	return s;
}

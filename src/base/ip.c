/* Internet addresses. */
#include "base/ip.h"

#include <arpa/inet.h>

enum err ip_parse(struct str s, struct ip *out)
{
	char z[IP_TEXT_MAX];
	struct ip ip = { 0 };

	if (s.n == 0 || s.n >= sizeof(z) || memchr(s.p, 0, s.n))
		return ERR_SYNTAX;
	memcpy(z, s.p, s.n);
	z[s.n] = 0;
	if (inet_pton(AF_INET, z, ip.b) == 1)
		ip.family = 4;
	else if (inet_pton(AF_INET6, z, ip.b) == 1)
		ip.family = 6;
	else
		return ERR_SYNTAX;
	*out = ip;
	return OK;
}

struct str ip_text(const struct ip *ip, char out[IP_TEXT_MAX])
{
	out[0] = 0;
	if (ip->family)
		inet_ntop(ip->family == 4 ? AF_INET : AF_INET6, ip->b, out, IP_TEXT_MAX);
	return str_of(out);
}

struct ip ip_unmap(struct ip ip)
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	struct ip v4 = { .family = 4 };

	if (ip.family != 6 || memcmp(ip.b, mapped, 12) != 0)
		return ip;
	memcpy(v4.b, ip.b + 12, 4);
	return v4;
}

struct ip ip_from_sockaddr(const struct sockaddr *sa)
{
	struct ip ip = { 0 };

	if (sa->sa_family == AF_INET) {
		ip.family = 4;
		memcpy(ip.b, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, 4);
	} else if (sa->sa_family == AF_INET6) {
		ip.family = 6;
		memcpy(ip.b, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, 16);
	}
	return ip_unmap(ip);
}

socklen_t ip_to_sockaddr(const struct ip *ip, uint16_t port, struct sockaddr_storage *out)
{
	*out = (struct sockaddr_storage){ 0 };
	if (ip->family == 4) {
		struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)out;
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		memcpy(&v4->sin_addr, ip->b, 4);
		return sizeof(*v4);
	}
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)out;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	memcpy(&v6->sin6_addr, ip->b, 16);
	return sizeof(*v6);
}

static size_t ip_bytes(const struct ip *ip)
{
	return ip->family == 4 ? 4 : ip->family == 6 ? 16 : 0;
}

bool ip_eq(const struct ip *a, const struct ip *b)
{
	return a->family == b->family && memcmp(a->b, b->b, ip_bytes(a)) == 0;
}

struct ip ip_subscriber(const struct ip *ip)
{
	struct ip key = ip_unmap(*ip);

	if (key.family == 6)
		memset(key.b + 8, 0, 8);
	return key;
}

/* True when the first `bits` bits agree. */
static bool same_prefix(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

enum err ip_block_parse(struct str s, struct ip_block *out)
{
	size_t slash = str_find_char(s, '/', 0);
	struct ip_block block;
	uint64_t bits;
	enum err e = ip_parse(slash == SIZE_MAX ? s : str_sub(s, 0, slash), &block.ip);

	if (e)
		return e;
	unsigned max = (unsigned)ip_bytes(&block.ip) * 8;
	bits = max;
	struct str length = slash == SIZE_MAX ? STR_NONE : str_sub(s, slash + 1, s.n);
	if (slash != SIZE_MAX && (str_to_u64(length, max, &bits) || (length.n > 1 && length.p[0] == '0')))
		return ERR_SYNTAX;
	block.bits = (uint8_t)bits;
	for (unsigned i = block.bits; i < max; i++)
		if (block.ip.b[i / 8] >> (7 - i % 8) & 1)
			return ERR_SYNTAX;
	*out = block;
	return OK;
}

bool ip_block_has(const struct ip_block *block, const struct ip *ip)
{
	struct ip plain = ip_unmap(*ip);

	if (plain.family == block->ip.family)
		return same_prefix(block->ip.b, plain.b, block->bits);
	return ip->family == block->ip.family && same_prefix(block->ip.b, ip->b, block->bits);
}

bool ip_block_overlaps(const struct ip_block *a, const struct ip_block *b)
{
	return a->ip.family == b->ip.family &&
	       same_prefix(a->ip.b, b->ip.b, a->bits < b->bits ? a->bits : b->bits);
}

bool ip_block_is_private(const struct ip_block *block)
{
	/* RFC 1918, 1122, 3927, 4193, 4291, 919 */
	static const struct ip_block ranges[] = {
		{ { 4, { 10 } }, 8 },
		{ { 4, { 172, 16 } }, 12 },
		{ { 4, { 192, 168 } }, 16 },
		{ { 4, { 127 } }, 8 },
		{ { 4, { 169, 254 } }, 16 },
		{ { 4, { 0 } }, 32 },
		{ { 4, { 255, 255, 255, 255 } }, 32 },
		{ { 6, { 0xfc } }, 7 },
		{ { 6, { 0xfe, 0x80 } }, 10 },
		{ { 6, { [15] = 1 } }, 128 },
		{ { 6, { 0 } }, 128 },
	};

	for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
		struct ip_block mapped = { .ip = { .family = 6, .b = { [10] = 0xff, [11] = 0xff } } };
		if (ip_block_overlaps(block, &ranges[i]))
			return true;
		if (ranges[i].ip.family == 6)
			continue;
		memcpy(mapped.ip.b + 12, ranges[i].ip.b, 4);
		mapped.bits = (uint8_t)(96 + ranges[i].bits);
		if (ip_block_overlaps(block, &mapped))
			return true;
	}
	return false;
}

static bool is_in(const struct ip *ip, const struct ip_block *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ip->family == v[i].ip.family && same_prefix(ip->b, v[i].ip.b, v[i].bits))
			return true;
	return false;
}

bool ip_is_global(const struct ip *ip)
{
	/* The IANA registries of special-purpose addresses (RFC 6890), multicast, and Azure's own service. */
	static const struct ip_block special[] = {
		{ { 4, { 0 } }, 8 },
		{ { 4, { 10 } }, 8 },
		{ { 4, { 100, 64 } }, 10 },
		{ { 4, { 127 } }, 8 },
		{ { 4, { 168, 63, 129, 16 } }, 32 },
		{ { 4, { 169, 254 } }, 16 },
		{ { 4, { 172, 16 } }, 12 },
		{ { 4, { 192, 0, 0 } }, 24 },
		{ { 4, { 192, 0, 2 } }, 24 },
		{ { 4, { 192, 88, 99 } }, 24 },
		{ { 4, { 192, 168 } }, 16 },
		{ { 4, { 198, 18 } }, 15 },
		{ { 4, { 198, 51, 100 } }, 24 },
		{ { 4, { 203, 0, 113 } }, 24 },
		{ { 4, { 224 } }, 3 },
		{ { 6, { 0x20, 0x01 } }, 23 },
		{ { 6, { 0x20, 0x01, 0x0d, 0xb8 } }, 32 },
		{ { 6, { 0x20, 0x02 } }, 16 },
		{ { 6, { 0x3f, 0xff } }, 20 },
	};
	static const struct ip_block unicast = { { 6, { 0x20 } }, 3 };               /* RFC 4291 §2.4 */
	static const struct ip_block nat64 = { { 6, { 0, 0x64, 0xff, 0x9b } }, 96 }; /* RFC 6052 §2.1 */
	struct ip plain = ip_unmap(*ip);

	if (is_in(&plain, &nat64, 1)) {
		struct ip inside = { .family = 4 };
		memcpy(inside.b, plain.b + 12, 4);
		plain = inside;
	}
	if (plain.family == 6 && !is_in(&plain, &unicast, 1))
		return false;
	return plain.family != 0 && !is_in(&plain, special, ARRAY_LEN(special));
}

/* Internet addresses and address blocks, as text and as bytes. */
#ifndef BASE_IP_H
#define BASE_IP_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/str.h"

#define IP_TEXT_MAX 46

struct ip {
	uint8_t family; /* 4, 6, or 0 = none */
	uint8_t b[16];  /* network order; 4 bytes used for family 4 */
};

struct ip_block {
	struct ip ip;
	uint8_t bits; /* 0..32 or 0..128 */
};

/* Text of either family, no brackets, no zone. */
MUST_CHECK enum err ip_parse(struct str s, struct ip *out);
/* As RFC 5952 for IPv6. */
struct str ip_text(const struct ip *ip, char out[IP_TEXT_MAX]);
struct ip ip_from_sockaddr(const struct sockaddr *sa); /* IPv4-mapped becomes IPv4 */
/* The other way round, with a port; its size. */
socklen_t ip_to_sockaddr(const struct ip *ip, uint16_t port, struct sockaddr_storage *out);
bool ip_eq(const struct ip *a, const struct ip *b);
/* The address, or the /64 that one IPv6 subscriber has: what limits for an address count. */
struct ip ip_subscriber(const struct ip *ip);
/* IPv4-mapped IPv6 (::ffff:0:0/96) becomes the IPv4 address it holds; others stay. */
struct ip ip_unmap(struct ip ip);

/* "192.0.2.0/24", or an address alone (a block of one). ERR_SYNTAX also when bits right of the prefix are set. */
MUST_CHECK enum err ip_block_parse(struct str s, struct ip_block *out);
/* True when ip (unmapped first) lies in the block; families never match each other. */
bool ip_block_has(const struct ip_block *block, const struct ip *ip);
bool ip_block_overlaps(const struct ip_block *a, const struct ip_block *b);

/*
 * True when any address of the block is private, unique-local, loopback, link-local, unspecified or the
 * IPv4 broadcast address, or the IPv4-mapped form of one. Documentation ranges are not.
 */
bool ip_block_is_private(const struct ip_block *block);

/*
 * True for an address that anybody on the Internet may have: not private, shared, loopback, link-local, multicast,
 * reserved, for documentation, or one by which a cloud talks to its machines, and for IPv6 not a form of such an IPv4
 * address (mapped, NAT64). Tunnels that carry IPv4 inside (6to4, Teredo) are not global.
 */
bool ip_is_global(const struct ip *ip);

#endif
